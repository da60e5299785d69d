"""Questions about what a patient has: problems, allergies, family, habits."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, date, joined, listing, number, on, shown, truth, words
from services.bots.rag_pipeline.events import asked_unit, span
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import exactly, matching, split_stems, window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import closeness, concepts_of
from services.index.text import values as fhir

ACTIVE = ("active", "recurrence", "relapse", "")
_UNSURE = ("unconfirmed", "provisional", "differential")


def is_active(entry: Entry, chart: Chart) -> bool:
    end = days(entry.end)
    return entry.status in ACTIVE and not (end and end[1] < chart.as_of)


def said(entry: Entry) -> str:
    """ "Asthma (active, since 12-Mar-2025)"."""
    parts = [entry.status or "status not recorded"]
    if entry.extra.get("severity"):
        parts.append(entry.extra["severity"].lower())
    if entry.extra.get("onset_text"):
        parts.append(f"onset {entry.extra['onset_text']}")
    elif entry.date:
        parts.append(f"recorded {shown(entry.date)}")
    if entry.end:
        parts.append(f"ended {shown(entry.end)}")
    return f"{entry.name} ({', '.join(parts)})"


def source(entry: Entry) -> Source:
    return Source(entry, said(entry) if entry.kind == "condition" else allergy_said(entry), "code")


def conditions(chart: Chart, plan: Plan) -> Answer | None:
    """None where the problem list says nothing of it, so that notes may be asked."""
    every = [e for e in chart.entries("condition") if e.status != "none-known"]
    named = bool(plan.target.concepts or plan.target.words)
    found = [e for e in matching(chart, plan.target, ("condition",)) if e.status != "none-known"]
    found = found or _worded(chart, plan)
    (since, until), steps, anchored = window(chart, plan)
    if not anchored:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    steps = [f"{len(every)} conditions looked through", *steps]
    if not named:
        return _problem_list(chart, plan, found, since, until, steps)
    if not found:
        if plan.ask == "exists" and cues.re.search(r"\bdiagnos|\brecorded\b|\bon record\b|\brecord of\b|\bdocumented\b|\bproblem list\b|\blisted\b|\bcoded\b", plan.question.text, cues.re.IGNORECASE) and every:
            return Answer([Statement(f"No {plan.target.label} is among the {len(every)} conditions recorded.")], truth(False), steps=steps, certainty=0.85)
        return None
    return _ASKS.get(plan.ask, _listed)(chart, plan, found, steps)


def _worded(chart: Chart, plan: Plan) -> list[Entry]:
    """Conditions that are named by the words asked with, where the lexicon reads them as another thing."""
    wanted = {*split_stems(plan.target.label), *plan.target.words}
    return [e for e in chart.entries("condition") if wanted and wanted <= set(split_stems(e.name)) and e.status != "none-known"]


def _problem_list(chart: Chart, plan: Plan, found: list[Entry], since, until, steps: list[str]) -> Answer | None:
    text = plan.question.text
    resolved = cues.re.search(r"\b(?:resolved|inactive|past|previous|old|remission)\b", text, cues.re.IGNORECASE)
    if plan.ask == "age_at" or not found:
        return absent("Not found in the record: no problem is recorded." if not found else "Which diagnosis is meant? The question names none.", steps)
    if since or until:
        chosen = [e for e in found if e.within(since, until) and e.status not in ("refuted", *_UNSURE)]
    elif resolved and "medical history" not in text.lower():
        chosen = [e for e in found if not is_active(e, chart) and e.status not in ("refuted", *_UNSURE)]
    elif cues.re.search(r"\b(?:all|ever|history|pmh\w?)\b", text, cues.re.IGNORECASE):
        chosen = [e for e in found if e.status not in ("refuted", *_UNSURE)]
    else:
        chosen = [e for e in found if is_active(e, chart)]
    unique = {}
    for entry in chosen:
        unique.setdefault(entry.name.casefold(), entry)
    chosen = list(unique.values()) if plan.ask == "count" else chosen
    if plan.pick == "latest" and cues.re.search(r"\b(?:latest|newest|most recent|last)\b", text, cues.re.IGNORECASE):
        chosen = sorted(chosen, key=lambda e: e.order)[-1:]
    steps.append(f"{len(chosen)} of {len(found)} chosen by status and period")
    if plan.ask == "count":
        return Answer([Statement(f"{len(chosen)}: {joined([e.name for e in chosen])}.", tuple(map(source, chosen)))], number(len(chosen)), steps=steps)
    if plan.ask == "when" and chosen:
        entry = chosen[-1]
        return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.date), steps=steps)
    if not chosen:
        return Answer([Statement("No such problem is recorded.", tuple(map(source, found[-3:])))], listing([]), steps=steps, certainty=0.9)
    return Answer([Statement(f"{said(e)}.", (source(e),)) for e in chosen], listing(chosen), steps=steps)


def _exists(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    active = [e for e in found if is_active(e, chart)]
    refuted = [e for e in found if e.status == "refuted"]
    unsure = [e for e in found if e.status in _UNSURE]
    past = [e for e in found if e not in active and e not in refuted and e not in unsure]
    (since, until), _, _ = window(chart, plan)
    if cues.OVER.search(plan.question.text) and not plan.ever and (active or past):
        shown_entries = active or past
        return Answer([Statement(f"{'No' if active else 'Yes'}: {joined([said(e) for e in shown_entries])}.", tuple(map(source, shown_entries)))], truth(not active), steps=steps)
    if since or until:
        active, past = [e for e in active if e.within(since, until) or not plan.closed], [e for e in past if e.within(since, until)]
    if active:
        return Answer([Statement(f"Yes: {joined([said(e) for e in active])}.", tuple(map(source, active)))], truth(True), steps=steps)
    if past and (plan.ever or plan.closed or plan.question.status == "past" or since or until):
        return Answer([Statement(f"Yes, in the past: {joined([said(e) for e in past])}.", tuple(map(source, past)))], truth(True), steps=steps)
    if past:
        return Answer([Statement(f"No longer: {joined([said(e) for e in past])}.", tuple(map(source, past)))], truth(False), steps=steps)
    if unsure:
        return Answer([Statement(f"Not confirmed: {joined([said(e) for e in unsure])}.", tuple(map(source, unsure)))], words(unsure[-1].status), steps=steps, certainty=0.8)
    if refuted:
        return Answer([Statement(f"No, it was ruled out: {joined([said(e) for e in refuted])}.", tuple(map(source, refuted)))], truth(False), steps=steps)
    return Answer([Statement(f"No, not in the period asked about: {joined([said(e) for e in found])}.", tuple(map(source, found)))], truth(False), steps=steps)


def _start(found: list[Entry], chart: Chart) -> list[Entry]:
    """The entries that tell when it began: those that hold, the earliest of them first."""
    real = [e for e in found if e.status not in ("refuted", *_UNSURE)] or found
    dated = [e for e in real if e.date]
    return sorted(dated, key=lambda e: e.order)


def _when(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    text = plan.question.text.lower()
    if cues.re.search(r"\b(?:resolv\w+|ended?|abat\w+|clear\w*|cured|go away|went away|remission)\b", text):
        ended = [e for e in found if e.end]
        if not ended:
            return absent(f"The record gives no date of an end: {joined([said(e) for e in found])}.", steps, list(map(source, found)))
        return Answer([Statement(f"{said(ended[-1])}.", (source(ended[-1]),))], date(ended[-1].end), steps=steps)
    dated = _start(exactly(found, plan.target.concepts), chart)
    if not dated:
        return absent(f"The record gives no date for {joined([e.name for e in found])}.", steps, list(map(source, found)))
    entry = dated[-1] if plan.pick == "latest" and cues.re.search(r"\b(?:last|latest|most recent)\b", text) else dated[0]
    when = entry.extra.get("recorded") if "recorded" in text and entry.extra.get("recorded") else entry.date
    return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(when), steps=steps)


def _duration(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    dated = [e for e in _start(exactly(found, plan.target.concepts), chart) if e.first]
    if not dated:
        return absent(f"The record gives no onset for {joined([e.name for e in found])}.", steps, list(map(source, found)))
    entry = dated[0]
    end = days(entry.end)
    last = end[1] if end and not is_active(entry, chart) else chart.as_of
    assert entry.first
    text, result = span(entry.first, last)
    return Answer([Statement(f"{text}: {said(entry)}.", (source(entry),))], asked_unit(plan, result), steps=[*steps, f"from {entry.first} to {last}"])


def _age_at(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    born = days(chart.patient.resource.get("birthDate"))
    dated = [e for e in _start(exactly(found, plan.target.concepts), chart) if e.first]
    if not born or not dated or len(chart.patient.resource.get("birthDate") or "") < 10:
        return absent("Not found in the record: the birth date or the date of the diagnosis.", steps, list(map(source, found)))
    day = dated[0].first
    assert day
    years = day.year - born[0].year - ((day.month, day.day) < (born[0].month, born[0].day))
    person = chart.entries("patient")[0]
    sources = (source(dated[0]), Source(person, f"born {shown(person.resource.get('birthDate'))}", "birthDate"))
    return Answer([Statement(f"{years} years old: {said(dated[0])}.", sources)], number(years, "a"), steps=steps)


def _listed(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    if plan.ask == "status":
        return Answer([Statement(f"{said(e)}.", (source(e),)) for e in found], words("; ".join(e.status for e in found)), steps=steps)
    detail = {"who": "who", "reaction": "severity", "reason": ""}.get(plan.ask)
    if detail is not None:
        having = [e for e in found if detail and e.extra.get(detail)]
        if not having:
            return absent(f"The record does not say: {joined([said(e) for e in found])}.", steps, list(map(source, found)))
        entry = having[-1]
        return Answer([Statement(f"{said(entry)}: {entry.extra[detail]}.", (source(entry),))], words(entry.extra[detail]), steps=steps)
    if plan.ask == "count":
        return Answer([Statement(f"{len(found)}: {joined([said(e) for e in found])}.", tuple(map(source, found)))], number(len(found)), steps=steps)
    stage = cues.re.search(r"\b(?:stage|grade|class)\b", plan.question.text, cues.re.IGNORECASE)
    staged = [e for e in found if e.extra.get("stage")]
    if stage and staged:
        entry = staged[-1]
        return Answer([Statement(f"{said(entry)}: {entry.extra['stage']}.", (source(entry),))], words(entry.extra["stage"]), steps=steps)
    return Answer([Statement(f"{said(e)}.", (source(e),)) for e in found], listing(found), steps=steps)


_ASKS = {"exists": _exists, "when": _when, "duration": _duration, "age_at": _age_at}


# Allergies


def allergy_said(entry: Entry) -> str:
    reaction, severity = entry.extra.get("reaction"), entry.extra.get("severity")
    parts = [f"reaction {reaction}" if reaction else "", severity or "", entry.extra.get("verified") if entry.extra.get("verified") in (*_UNSURE, "refuted") else ""]
    parts.append("criticality high" if entry.extra.get("criticality") == "high" else "")
    parts.append(entry.status if entry.status not in ("active", "none-known") else "")
    detail = ", ".join(filter(None, parts))
    return f"{entry.name}{f' ({detail})' if detail else ''}"


def allergies(chart: Chart, plan: Plan) -> Answer | None:
    every = chart.entries("allergy")
    steps = [f"{len(every)} allergy entries looked through"]
    known = [e for e in every if e.status not in ("none-known", "refuted")]
    none = [e for e in every if e.status == "none-known"]
    active = [e for e in known if e.status in ("active", "unconfirmed", "")]
    text = plan.question.text
    if plan.target.concepts or plan.target.words:
        found = [e for e in matching(chart, plan.target, ("allergy",)) if e.status != "none-known"]
        found = found or _by_class(plan, known)
        if not found:
            if none and not known:
                return Answer([Statement(f"No: {none[-1].name} (recorded {shown(none[-1].date)}).", (source(none[-1]),))], truth(False), steps=steps)
            return None
        live = [e for e in found if e.status not in ("refuted", "resolved", "inactive")]
        if plan.ask == "exists" or (plan.ask == "list" and plan.yes_no):
            chosen = live or found
            return Answer([Statement(f"{'Yes' if live else 'No'}: {joined([allergy_said(e) for e in chosen])}.", tuple(map(source, chosen)))], truth(bool(live)), steps=steps)
        return _allergy_detail(plan, live or found, steps)
    if plan.ask in ("count",):
        return Answer([Statement(f"{len(active)}{f': {joined([allergy_said(e) for e in active])}' if active else ''}.", tuple(map(source, active or none)))], number(len(active)), steps=steps) if every else absent("Allergies are not recorded.", steps)
    if not every or (not known and not none):
        return absent("Allergies are not recorded.", steps)
    if cues.re.search(r"\b(?:drug|medication|medicine|med)\b", text, cues.re.IGNORECASE) and known:
        drug = [e for e in active if "medication" in (e.extra.get("category") or "") or any(c.startswith("drug") for c in e.own | e.named)]
        active = drug
    elif cues.re.search(r"\bfood\b", text, cues.re.IGNORECASE) and known:
        active = [e for e in active if "food" in (e.extra.get("category") or "")]
    if plan.ask in ("reaction", "when", "who", "reason") and active:
        return _allergy_detail(plan, active, steps)
    if plan.ask == "exists":
        chosen = active or none
        lead = "Yes" if active else "No"
        if not chosen:
            return Answer([Statement(f"No: none of that kind among {joined([allergy_said(e) for e in known])}.", tuple(map(source, known)))], truth(False), steps=steps)
        return Answer([Statement(f"{lead}: {joined([allergy_said(e) for e in chosen])}.", tuple(map(source, chosen)))], truth(bool(active)), steps=steps)
    if not active:
        return Answer([Statement(f"{e.name} (recorded {shown(e.date)}).", (source(e),)) for e in none or known], listing([]), steps=steps)
    return Answer([Statement(f"{allergy_said(e)}.", (source(e),)) for e in active], listing(active), steps=steps)


def _by_class(plan: Plan, known: list[Entry]) -> list[Entry]:
    """An allergy to a class answers for its members: asked of amoxicillin, recorded is penicillins."""
    from services.knowledge.lexicon import lexicon

    found = []
    for entry in known:
        for concept in plan.target.concepts:
            if concept.startswith("drug") and (entry.own | entry.named) & set(lexicon().closure(concept)):
                found.append(entry)
                break
    return found


def _allergy_detail(plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    text = plan.question.text.lower()
    if plan.ask == "when":
        dated = [e for e in found if e.date]
        if dated:
            return Answer([Statement(f"{allergy_said(dated[-1])}, recorded {shown(dated[-1].date)}.", (source(dated[-1]),))], date(dated[-1].date), steps=steps)
    field = "severity" if cues.re.search(r"\b(?:sever\w+|serious|how bad)\b", text) else "criticality" if "critical" in text else "reaction"
    if plan.ask in ("reaction", "reason") or cues.re.search(r"\breaction|react|sever|serious", text):
        having = [e for e in found if e.extra.get(field)]
        if not having:
            return absent(f"The record gives no {field} for {joined([e.name for e in found])}.", steps, list(map(source, found)))
        return Answer([Statement(f"{allergy_said(e)}.", (source(e),)) for e in having], words("; ".join(e.extra[field] for e in having)), steps=steps)
    return Answer([Statement(f"{allergy_said(e)}.", (source(e),)) for e in found], listing(found), steps=steps)


# Family


def _death(pool: list[Entry], text: str) -> Answer | None:
    for entry in pool:
        kind, value = fhir.choice(entry.resource, "deceased")
        age = fhir.amount(fhir.obj(value).get("value")) if kind in ("Age", "Range") else None
        line = f"{entry.name}: died{f' at {age:g} years' if age is not None else ''}"
        if age is not None:
            return Answer([Statement(f"{line}.", (Source(entry, line, "deceasedAge"),))], number(age, "a"))
        if kind == "Boolean" and value is True:
            return Answer([Statement(f"{line}.", (Source(entry, line, "deceasedBoolean"),))], truth(True))
    return None


_RELATIVES = ("mother", "father", "sister", "brother", "son", "daughter", "grandmother", "grandfather", "aunt", "uncle", "cousin", "sibling", "parent")


def family(chart: Chart, plan: Plan) -> Answer | None:
    every = chart.entries("family")
    steps = [f"{len(every)} family history entries looked through"]
    if not every:
        return None
    text = plan.question.text.lower().replace("mum", "mother").replace("mom", "mother").replace("dad", "father")
    relatives = [r for r in _RELATIVES if cues.re.search(rf"\b{r}s?\b", text)]
    pool = every
    if relatives:
        wanted = {"sibling": ("sister", "brother"), "parent": ("mother", "father")}
        names = {n for r in relatives for n in wanted.get(r, (r,))}
        pool = [e for e in every if any(n in e.name.lower() for n in names) and not ("grand" in e.name.lower() and not any("grand" in n for n in names))]
    concepts = [c for c in plan.target.concepts]
    died = _death(pool, text) if cues.re.search(r"\b(?:died?|dead|death|passed away|deceased)\b", text) and relatives else None
    if died is not None:
        return died
    matched: list[tuple[Entry, str, str]] = []
    for entry in pool:
        for name, onset in entry.extra["found"]:
            own, named = concepts_of("condition", (), name)
            if not concepts and not plan.target.words or any(closeness(own, named, c) for c in concepts):
                matched.append((entry, name, onset))
    if not matched:
        return None
    def text_of(entry: Entry, name: str, onset: str) -> str:
        return f"{entry.name}: {name}{f' ({onset})' if onset else ''}"

    lines = [text_of(*m) for m in matched]
    sources = tuple(Source(e, text_of(e, n, o), "condition") for e, n, o in matched)
    if cues.re.search(r"\b(?:age|old)\b", text) and matched[0][2]:
        entry, name, onset = matched[0]
        figure = next((float(w) for w in onset.split() if w.replace(".", "").isdigit()), None)
        if figure is not None:
            return Answer([Statement(f"{text_of(entry, name, onset)}.", sources[:1])], number(figure, "a"), steps=steps)
    if plan.yes_no or (concepts and plan.ask == "exists"):
        return Answer([Statement(f"Yes: {joined(lines)}.", sources)], truth(True), steps=steps)
    entries = list({m[0].reference: m[0] for m in matched}.values())
    result = listing(entries, lambda e: "; ".join(text_of(*m) for m in matched if m[0] is e))
    if plan.ask == "who":
        result = words(joined([m[0].name for m in matched]))
    return Answer([Statement(f"{line}.", (s,)) for line, s in zip(lines, sources, strict=True)], result, steps=steps)
