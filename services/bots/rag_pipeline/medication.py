"""Questions about drugs: what is taken, since when, how much, why, what changed."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, date, joined, listing, number, on, shown, truth, words
from services.bots.rag_pipeline.courses import Course, courses, is_current
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import matching, window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import family
from services.knowledge.lexicon import lexicon

_STATES = {"on-hold": "on hold", "stopped": "stopped", "completed": "completed", "cancelled": "cancelled, never given",
           "proposed": "proposed, not ordered", "draft": "draft, not ordered", "do-not-give": "must not be given", "not-taken": "not taken"}  # fmt: skip


def source(entry: Entry) -> Source:
    text = f"{entry.name}: {entry.extra.get('dose') or 'no dose recorded'} ({state(entry)})"
    return Source(entry, text, "dosageInstruction" if entry.type == "MedicationRequest" else "dosage")


def state(entry: Entry) -> str:
    word = _STATES.get(entry.status, entry.status or "status not recorded")
    why = entry.extra.get("why_status")
    return f"{word}: {why}" if why and entry.status != "active" else word


def described(entry: Entry) -> str:
    dose = entry.extra.get("dose")
    return f"{entry.name}{f', {dose[0].lower() + dose[1:]}' if dose else ''}"


def ordered(entry: Entry) -> str:
    return f"{'stated' if entry.extra.get('statement') else 'ordered'} {on(entry)}"


def answer(chart: Chart, plan: Plan) -> Answer:
    """Dispatch by what is asked of the drugs."""
    every = chart.entries("medication")
    found = _kind_of_entry(plan, matching(chart, plan.target, ("medication",)))
    if not found and plan.target.purpose:
        found = _related(chart, plan)
    label = plan.target.label or "medication"
    if not found:
        return _none(chart, plan, every, label)
    return _ASKS.get(plan.ask, _list)(chart, plan, courses(found, chart.as_of))


def _kind_of_entry(plan: Plan, entries: list[Entry]) -> list[Entry]:
    """Orders only, or statements only, where the question says so."""
    text = plan.question.text.lower()
    if cues.re.search(r"\bprescriptions?\b|\bprescribed\b|\borders?\b", text):
        return [e for e in entries if not e.extra.get("statement")] or entries
    if cues.re.search(r"\botc\b|over[- ]the[- ]counter|without (?:a )?prescription|supplements?|herbals?|non-?prescription", text):
        return [e for e in entries if e.extra.get("statement")]
    return entries


def _related(chart: Chart, plan: Plan) -> list[Entry]:
    """Drugs that are used for what was asked about, where no order names its reason."""
    known = lexicon()
    wide = {m for c in plan.target.purpose for m in (c, *family(c))}
    return [e for e in chart.entries("medication") if any(set(known.related(d)) & wide for d in e.own if d in known)]


def _none(chart: Chart, plan: Plan, every: list[Entry], label: str) -> Answer:
    steps = [f"{len(every)} orders and statements looked through for {label}"]
    named = bool(plan.target.concepts or plan.target.words or plan.target.purpose)
    if not every or not named:
        return absent("Not found in the record: no medication is recorded.", steps)
    if plan.target.words and not plan.target.concepts:
        return absent(f"Not found in the record: no medication named {label} ({len(every)} entries were looked through).", steps)
    text = f"No {label} is among the {len(every)} medication entries of the record."
    if plan.ask == "exists":
        return Answer([Statement(text)], truth(False), steps=steps, certainty=0.9)
    if plan.ask == "count":
        return Answer([Statement(text)], number(0), steps=steps, certainty=0.9)
    if plan.ask == "list" and plan.target.purpose:
        return Answer([Statement(f"No medication is recorded as given for {label} ({len(every)} entries were looked through).")], listing([]), steps=steps, certainty=0.8)
    return absent(f"Not found in the record: {text[0].lower()}{text[1:]}", steps)


def _exists(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    text = plan.question.text
    now = cues.re.search(r"\b(?:now|currently|being|at present|still|today|these days|at the moment|presently)\b", text, cues.re.IGNORECASE)
    past = not now and (plan.ever or plan.closed or since or until or cues.STARTED.search(text) or cues.GIVEN.search(text))
    asks_stop = bool(cues.STOPPED.search(text)) and "still" not in text.lower()
    current = [e for c in found for e in c.current]
    if asks_stop and not plan.ever and not since:
        stopped = [c for c in found if not c.current and c.given]
        if stopped:
            last = stopped[-1].given[-1]
            return Answer([Statement(f"Yes: {last.name} is {state(last)} ({ordered(last)}).", (source(last),))], truth(True), steps=steps)
        return Answer([Statement(f"No: {joined([described(e) for e in current])}.", tuple(map(source, current)))], truth(False), steps=steps)
    if past and not (cues.CURRENT.search(text) and "still" in text.lower()):
        given = [e for c in found for e in c.given if _during(e, since, until)]
        if given and anchored:
            return Answer([Statement(f"Yes: {joined([f'{e.name}, {ordered(e)} ({state(e)})' for e in given[-4:]])}.", tuple(map(source, given)))], truth(True), steps=steps)
        rest = [e for c in found for e in c.entries]
        return Answer([Statement(f"No, not in what was asked about; recorded is {joined([f'{e.name}, {ordered(e)} ({state(e)})' for e in rest[-3:]])}.", tuple(map(source, rest[-3:])))], truth(False), steps=steps)
    held = [e for c in found for e in c.held]
    if current or held:
        if held and not current:
            return Answer([Statement(f"No, on hold at present: {joined([described(e) for e in held])}.", tuple(map(source, held)))], truth(False), steps=steps)
        return Answer([Statement(f"Yes: {joined([f'{described(e)} ({ordered(e)})' for e in current])}.", tuple(map(source, current)))], truth(True), steps=steps)
    rest = [e for c in found for e in c.entries]
    return Answer([Statement(f"No: {joined([f'{e.name}, {ordered(e)}, is {state(e)}' for e in rest[-3:]])}.", tuple(map(source, rest[-3:])))], truth(False), steps=steps)


def _status(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    entries = [(c.current or c.entries)[-1] for c in found]
    return Answer([Statement(f"{e.name}: {state(e)} ({ordered(e)}).", (source(e),)) for e in entries], words("; ".join(state(e) for e in entries)))


def _during(entry: Entry, since, until) -> bool:
    """Whether a drug was taken in the period, as far as the record tells."""
    if since is None and until is None:
        return True
    first = entry.first
    if first is None or (until and first > until):
        return False
    end = days(entry.end)
    if entry.within(since, until):
        return True
    return is_current(entry, until or entry.first) if not end else not (since and end[1] < since)


def _when(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    text = plan.question.text
    if cues.STOPPED.search(text) and not cues.STARTED.search(text):
        course = found[-1]
        if course.current:
            entry = course.current[-1]
            return absent(f"{entry.name} is not recorded as stopped: {described(entry)}, {ordered(entry)}.", ["no end is recorded"], [source(entry)])
        if course.ended_day and course.given:
            entry = course.given[-1]
            return Answer([Statement(f"{entry.name} ended {shown(course.ended_day.isoformat())} ({state(entry)}).", (source(entry),))], date(course.ended_day.isoformat()))
        entry = course.entries[-1]
        return absent(f"{entry.name} is recorded as {state(entry)}, but not when it ended (it was {ordered(entry)}).", ["the entry has no end date"], [source(entry)])
    changes = _changes(found)
    if (cues.CHANGED.search(text) or cues.re.search(r"\b(?:raised|lowered|doubled|halved)\b|\bto \d", text, cues.re.IGNORECASE)) and changes:
        to = cues.re.search(r"\bto (\d+(?:\.\d+)?)", text.replace(",", ""))
        matched = [c for c in changes if to and any(abs(a - float(to[1])) < 1e-9 for a, _ in c[1].extra.get("amounts") or ())] if to else []
        before, after = (matched or changes)[0 if plan.pick == "earliest" else -1]
        return Answer([Statement(f"The dose was changed {on(after)}: from {described(before)} to {described(after)}.", (source(before), source(after)))], date(after.date))
    given = [e for c in found for e in c.given if e.date]
    (since, until), steps, _ = window(chart, plan)
    given = [e for e in given if e.within(since, until)] or ([] if since or until else given)
    if not given:
        return absent("Not found in the record: no start date.", steps, [source(e) for c in found for e in c.entries[-1:]])
    given.sort(key=lambda e: e.order)
    latest = plan.pick == "latest" and not cues.STARTED.search(text)
    if plan.pick == "latest" and ("last" in text.lower() or "recent" in text.lower()) and not re_first(text):
        latest = True
    entry = given[-1] if latest else given[0]
    verb = "last" if latest else "first"
    later = [e for e in given if e is not entry]
    tail = f"; {len(later)} {'further' if not latest else 'earlier'} {'entry' if len(later) == 1 else 'entries'}" if later else ""
    return Answer([Statement(f"{described(entry)} was {verb} {ordered(entry)}{tail}.", (source(entry),))], date(entry.date), steps=steps)


def re_first(text: str) -> bool:
    return "first" in text.lower() or "initially" in text.lower()


def _changes(found: list[Course]) -> list[tuple[Entry, Entry]]:
    """Consecutive orders of one drug whose dose differs."""
    pairs = []
    for course in found:
        given = [e for e in course.given if e.date]
        for before, after in zip(given, given[1:], strict=False):
            if before.extra.get("amounts") != after.extra.get("amounts") or before.extra.get("dose") != after.extra.get("dose"):
                pairs.append((before, after))
    return sorted(pairs, key=lambda p: p[1].order)


def _dose(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    given = sorted((e for c in found for e in c.given if e.date), key=lambda e: e.order)
    if plan.pick == "earliest" or cues.re.search(r"\b(?:start(?:ing|ed)?|initial\w*|initiated|begun|began|commenced|first|original)\b", plan.question.text, cues.re.IGNORECASE):
        chosen = given[:1]
    elif until or (since and plan.anchors):
        chosen = [e for e in given if (e.first and (until is None or e.first <= until))][-1:]
    elif since:
        chosen = [e for e in given if e.within(since, until)]
    elif plan.pick == "previous" or cues.re.search(r"\b(?:previous|prior|old|before)\b", plan.question.text, cues.re.IGNORECASE):
        chosen = given[-2:-1]
    elif plan.pick in ("highest", "lowest"):
        dosed = [e for e in given if e.extra.get("amounts")]
        chosen = [(max if plan.pick == "highest" else min)(dosed, key=lambda e: e.extra["amounts"][0][0])] if dosed else []
    else:
        chosen = [e for c in found for e in c.current]
        if not chosen and not cues.re.search(r"\b(?:current|now|present|still)", plan.question.text, cues.re.IGNORECASE):
            chosen = given[-1:]
    if not chosen or not anchored:
        last = [c.entries[-1] for c in found]
        return absent(f"Not found in the record: no such dose; recorded is {joined([f'{described(e)} ({state(e)}, {ordered(e)})' for e in last])}.", steps, list(map(source, last)))
    how = cues.re.search(r"\btimes (?:a|per) day|\bdirections\b|\bschedule\b|\bhow (?:is|should|does|do|often|frequently)\b|\bsig\b|instructions?|frequency", plan.question.text, cues.re.IGNORECASE)
    if all(not e.extra.get("dose") and not e.extra.get("amounts") for e in chosen):
        return absent(f"The record gives no dose for {joined([e.name for e in chosen])}.", steps, list(map(source, chosen)))
    statements = [Statement(f"{described(e)} ({state(e)}, {ordered(e)}).", (source(e),)) for e in chosen]
    first = chosen[-1]
    result = words(first.extra.get("dose") or "")
    if how:
        result = words("; ".join(e.extra.get("dose") or "" for e in chosen))
    elif len(chosen) == 1 and first.extra.get("amounts"):
        result = number(*first.extra["amounts"][0]) | {"text": f"{first.name}: {first.extra.get('dose')}"}
    elif len(chosen) > 1:
        result = listing(chosen, described)
    return Answer(statements, result, steps=steps)


def _dose_history(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    given = [e for c in found for e in c.given]
    if not given:
        return _list(chart, plan, found)
    statements = [Statement(f"{described(e)}: {ordered(e)} ({state(e)}).", (source(e),)) for e in given]
    return Answer(statements, listing(given, described), steps=[f"{len(given)} orders in order of date"])


def _attribute(name: str, label: str):
    def ask(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
        entries = [e for c in found for e in (c.current or c.entries[-1:])]
        stopping = name == "reason" and bool(cues.STOPPED.search(plan.question.text) or cues.re.search(r"\bon hold\b|\bheld\b|cancel|avoid|not (?:given|taken|started)", plan.question.text, cues.re.IGNORECASE))
        field = "why_status" if stopping else name
        if stopping:
            entries = [e for c in found if not c.current for e in c.entries]
            if not entries:
                held = [c.current[-1] for c in found if c.current]
                return absent(f"{joined([e.name for e in held]) or 'It'} is not recorded as stopped.", ["no stopped entry"], list(map(source, held)))
        elif cues.CHANGED.search(plan.question.text) and name == "reason":
            field, entries = "why_status", [e for c in found for e in c.entries]
        elif cues.STARTED.search(plan.question.text) and name == "who":
            entries = [c.given[0] for c in found if c.given] if "first" in plan.question.text.lower() or "start" in plan.question.text.lower() else entries
        having = [e for e in entries if e.extra.get(field)]
        if not having:
            return absent(f"The record gives no {label} for {joined(list(dict.fromkeys(e.name for e in entries)))}.", [f"looked at {field}"], list(map(source, entries[-3:])))
        chosen = having if len(found) > 1 and not stopping else having[-1:]
        texts = [f"{e.name} ({state(e)}, {ordered(e)}): {label} {e.extra[field]}" for e in chosen]
        return Answer([Statement(f"{t}.", (source(e),)) for t, e in zip(texts, chosen, strict=True)], words("; ".join(dict.fromkeys(e.extra[field] for e in chosen))))

    return ask


def _duration(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    from services.bots.rag_pipeline.events import span

    course = found[-1]
    given = [e for e in course.given if e.date]
    if not given:
        return absent("Not found in the record: no start date.", [], [source(course.entries[-1])])
    last = course.ended_day or (chart.as_of if course.current else None)
    if last is None:
        entry = course.entries[-1]
        return absent(f"{entry.name} is {state(entry)}; it began {on(given[0])}, but the record does not say when it ended.", [], [source(entry), source(given[0])])
    first = given[0].first
    assert first
    text, result = span(first, last)
    until = "and continues" if course.current else f"until {shown(last.isoformat())}"
    return Answer([Statement(f"{given[0].name} for {text}: first {ordered(given[0])} {until}.", (source(given[0]), *([source(given[-1])] if len(given) > 1 else [])))], result)


def _count(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, _ = window(chart, plan)
    text = plan.question.text.lower()
    orders = cues.re.search(r"orders?|prescriptions?|times|changes?|adjust", text)
    if orders and not cues.re.search(r"drugs?|medications?|meds|medicines|different", text):
        entries = [e for c in found for e in c.given if e.within(since, until)]
        if "chang" in text or "adjust" in text:
            entries = [b for _, b in _changes(found) if b.within(since, until)]
        names = entries
    else:
        past = plan.ever or since or until or cues.GIVEN.search(plan.question.text) or cues.re.search(r"distinct|separate|\b(?:total|all|ever|different|was|were|has been|been)\b", text)
        pool = [c for c in found if (any(_during(e, since, until) for e in c.given) if past else c.current)]
        names = [(c.current or c.given)[-1] for c in pool if c.current or c.given]
    steps.append(f"counted {len(names)}")
    listed = f": {joined([e.name for e in names])}" if names else ""
    return Answer([Statement(f"{len(names)}{listed}.", tuple(map(source, names)))], number(len(names)), steps=steps, certainty=0.95)


def _list(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    text = plan.question.text
    if not anchored:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    stopped = bool(cues.STOPPED.search(text))
    started = bool(cues.STARTED.search(text)) and not cues.re.search(r"\b(?:prescribed|ordered|on)\b", text, cues.re.IGNORECASE)
    if stopped:
        return _stopped(plan, found, since, until, steps)
    if started or since or until:
        entries = []
        for course in found:
            given = course.given
            firsts = given[:1] if started else given
            entries += [e for e in firsts if e.within(since, until)]
            if not started and not plan.anchors:
                entries += [e for e in given if e not in entries and _during(e, since, until)]
        entries.sort(key=lambda e: e.order)
        steps.append("started" if started else "ordered or taken in the period")
        if not entries:
            return Answer([Statement("No medication is recorded for what was asked about.")], listing([]), steps=steps, certainty=0.85)
        return Answer([Statement(f"{described(e)} ({state(e)}, {ordered(e)}).", (source(e),)) for e in entries], listing(entries), steps=steps)
    if plan.pick in ("earliest",) or (plan.pick == "latest" and cues.re.search(r"\blast|most recent|latest|newest\b", text, cues.re.IGNORECASE) and not cues.re.search(r"medications|meds|drugs\b", text, cues.re.IGNORECASE)):
        given = sorted((e for c in found for e in c.given if e.date), key=lambda e: e.order)
        if given:
            entry = given[0] if plan.pick == "earliest" else given[-1]
            return Answer([Statement(f"{described(entry)} ({state(entry)}, {ordered(entry)}).", (source(entry),))], listing([entry]), steps=steps)
    if plan.ever or cues.GIVEN.search(text) or cues.re.search(r"\b(?:all|ever|history)\b", text, cues.re.IGNORECASE):
        entries = [e for c in found for e in c.given]
    else:
        entries = [e for c in found for e in c.current]
    held = [e for c in found for e in c.held]
    steps.append(f"{len(entries)} of {sum(len(c.entries) for c in found)} entries are active on {chart.as_of.isoformat()}")
    if not entries:
        rest = [c.entries[-1] for c in found]
        return Answer([Statement(f"None is active; recorded are {joined([f'{e.name} ({state(e)})' for e in rest])}.", tuple(map(source, rest)))], listing([]), steps=steps)
    statements = [Statement(f"{described(e)} ({ordered(e)}).", (source(e),)) for e in entries]
    if held and not plan.ever:
        statements.append(Statement(f"On hold, not to be taken: {joined([described(e) for e in held])}.", tuple(map(source, held))))
    return Answer(statements, listing(entries), steps=steps)


def _stopped(plan: Plan, found: list[Course], since, until, steps: list[str]) -> Answer:
    ended, unknown = [], []
    for course in found:
        if course.current or not course.given:
            continue
        entry = course.given[-1]
        if entry.status not in ("stopped", "completed", "ended") and not course.ended_day:
            continue
        if "stop" in plan.question.text.lower() and entry.status == "completed":
            continue
        day = course.ended_day
        if since is None and until is None:
            ended.append(entry)
        elif day:
            if not (since and day < since) and not (until and day > until):
                ended.append(entry)
        elif entry.first and since and entry.first >= since and not (until and until < entry.first):
            ended.append(entry)
        else:
            unknown.append(entry)
    statements = [Statement(f"{entry.name}: {state(entry)} ({ordered(entry)}).", (source(entry),)) for entry in ended]
    if unknown:
        text = f"Also stopped, but the record does not say when: {joined([e.name for e in unknown])}."
        statements.append(Statement(text, tuple(map(source, unknown))))
    if not statements:
        return Answer([Statement("No medication is recorded as stopped in what was asked about.")], listing([]), steps=steps, certainty=0.85)
    steps.append(f"{len(ended)} ended; {len(unknown)} without a date of their end")
    return Answer(statements, listing(ended), steps=steps, certainty=0.9 if unknown else 1.0)


def changes(chart: Chart, plan: Plan) -> Answer:
    """What was started, changed or stopped in a period, or at a visit."""
    (since, until), steps, anchored = window(chart, plan)
    every = courses(chart.entries("medication"), chart.as_of)
    if not anchored or not every:
        return absent("Not found in the record: no such visit, or no medication.", steps)
    if not since and not until:
        visits = [e for e in chart.entries("encounter") if e.first]
        if visits and "visit" in plan.question.text.lower():
            since = until = visits[-1].first
    statements, entries = [], []
    pairs = {b.reference: a for a, b in _changes(every)}
    for course in every:
        for place, entry in enumerate(course.given):
            if not entry.within(since, until) or entry.extra.get("statement"):
                continue
            before = pairs.get(entry.reference)
            if before:
                text = f"{entry.name}: changed from {before.extra.get('dose') or before.name} ({before.name}) to {entry.extra.get('dose') or 'no dose'} {on(entry)}."
                statements.append(Statement(text, (source(before), source(entry))))
            elif place == 0:
                statements.append(Statement(f"{described(entry)}: started {on(entry)}.", (source(entry),)))
            else:
                statements.append(Statement(f"{described(entry)}: ordered again {on(entry)}.", (source(entry),)))
            entries.append(entry)
        end = course.ended_day
        if end and not (since and end < since) and not (until and end > until) and course.given:
            statements.append(Statement(f"{course.name}: ended {shown(end.isoformat())} ({state(course.given[-1])}).", (source(course.given[-1]),)))
            entries.append(course.given[-1])
    if not statements:
        return Answer([Statement("No medication change is recorded in what was asked about.")], listing([]), steps=steps, certainty=0.85)
    return Answer(statements, listing(entries), steps=steps)


_ASKS = {
    "exists": _exists, "status": _status, "when": _when, "dose": _dose, "dose_history": _dose_history, "duration": _duration, "count": _count,
    "reason": _attribute("reason", "reason"), "who": _attribute("who", "by"), "list": _list,
}  # fmt: skip
