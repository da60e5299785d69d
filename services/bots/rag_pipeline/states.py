"""Questions about what a patient has: problems, allergies, family, habits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.bots.rag_pipeline import cues, visited_for
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.condition_told import UNSURE, is_active, said, source
from services.bots.rag_pipeline.lengths import asked_unit, span
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.problem_list import problem_list, worded
from services.bots.rag_pipeline.selecting import exactly, matching, split_stems
from services.bots.rag_pipeline.windows import entry_end, window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.naming import denied
from services.knowledge.lexicon import lexicon


def conditions(chart: Chart, plan: Plan) -> Answer | None:
    """None where the problem list says nothing of it, so that notes may be asked."""
    every = [e for e in chart.entries("condition") if e.status != "none-known"]
    named = bool(plan.target.concepts or plan.target.words)
    found = [e for e in matching(chart, plan.target, ("condition",)) if e.status != "none-known"]
    denying = [e for e in every if denied(e.name) & set(plan.target.concepts)]
    found = found or [e for e in worded(chart, plan) if e not in denying]
    (since, until), steps, anchored = window(chart, plan)
    if not anchored:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    steps = [f"{len(every)} conditions looked through", *steps]
    if not named:
        return problem_list(chart, plan, found, since, until, steps)
    if found and (plan.ask == "count" or (plan.ask in ("when", "duration", "list") and plan.pick == "latest")) and (episode := _EPISODES.search(plan.question.text)):
        # "The last seizure" is one of them: epilepsy's onset is none, and its being listed counts none.
        found = [e for e in found if episode[1].lower()[:5] in e.name.lower()]
        if not found:
            return None
    if not found:
        if plan.ask == "exists" and denying:
            return Answer([Statement(f"No: {said(denying[-1])}.", (source(denying[-1]),))], truth(False), steps=steps)
        if (told := visited_for.answer(chart, plan)) is not None:
            return told
        text = plan.question.text
        of_record = cues.OF_RECORD.search(text) or (
            _DIAGNOSED.search(text) and _another_kind(every, plan.target.concepts)
        )
        if plan.ask == "exists" and of_record and every:
            return Answer(
                [Statement(f"No {plan.target.label} is among the {len(every)} conditions recorded.")],
                truth(False),
                steps=steps,
                certainty=0.85,
            )
        return None
    return _ASKS.get(plan.ask, _listed)(chart, plan, found, steps)


_EPISODES = cues.re.compile(r"\b(seizure|attack|fall|migraine|headache|exacerbation|cris[ie]s|faint|spell|bleed|relapse|flare)\w*\b", cues.re.IGNORECASE)
_FEW = 8  # kinds of one thing, such as stages; more make it a field of medicine
_DIAGNOSED = cues.re.compile(r"\bdiagnos", cues.re.IGNORECASE)


def _another_kind(every: list[Entry], concepts: Sequence[str]) -> bool:
    """Whether another kind of the same thing is recorded: stage 3 where stage 4 is asked about."""
    known = lexicon()
    wider = {
        b for c in concepts if c in known for b in known.get(c).broader if len(known.narrower(b)) <= _FEW
    }
    return any(wider & {b for c in e.own if c in known for b in known.get(c).broader} for e in every)


_SEVERITY = cues.re.compile(r"\b(?:mild|moderate|severe)\b", cues.re.IGNORECASE)


_SIGNS = cues.re.compile(r"\b(?:signs?|evidence|hints?|suggestion|indication|symptoms?|trace) of\b", cues.re.IGNORECASE)


_BEGAN = cues.re.compile(r"\b(?:diagnos\w*|develop\w*|new(?:ly)?|beg[iau]n|start(?:ed)?|got|gets?|onset|occurr\w*|happen\w*|suffer\w*|contract\w*|found|recorded|documented)\b", cues.re.IGNORECASE)
_EVENT = cues.re.compile(
    r"\b(?:acute|stroke|infarct\w*|attack|embol\w*|fractur\w*|infection|pneumonia|sepsis|septic|injur\w*|bleed\w*|h[a]?emorrhage|exacerbation|syncope|fall|sprain|laceration|concussion|miscarriage|rupture|perforation|seizure|cris[ie]s|sinusitis|bronchitis|pharyngitis|otitis|covid\w*|influenza|burn|poisoning|overdose)\b",
    cues.re.IGNORECASE,
)
"""What happens on a day, and is not had from then on."""


def _at_the_time(entry: Entry, plan: Plan, since: dt.date | None, until: dt.date | None) -> bool:
    """Whether it began in that time, or, of what is had for long where no beginning is asked for, was there then."""
    if entry.within(since, until):
        return True
    begun = plan.closed and (_BEGAN.search(plan.question.text) or _EVENT.search(entry.name))
    if begun or not entry.first or (until and entry.first > until):
        return False
    end = entry_end(entry)
    return not (since and end and end < since)


def _exists(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer | None:
    if (plan.since or plan.until or plan.anchors) and _SIGNS.search(plan.question.text):
        return None  # what was seen then is told by what was written then, not by the problem's being listed
    severity = _SEVERITY.search(plan.question.text)
    graded = [e for e in found if e.extra.get("severity")]
    if severity and graded:
        entry = graded[-1]
        yes = severity[0].lower() in entry.extra["severity"].lower()
        return Answer(
            [Statement(f"{'Yes' if yes else 'No'}: {said(entry)}.", (source(entry),))],
            truth(yes),
            steps=steps,
        )
    active = [e for e in found if is_active(e, chart)]
    refuted = [e for e in found if e.status == "refuted"]
    unsure = [e for e in found if e.status in UNSURE]
    past = [e for e in found if e not in active and e not in refuted and e not in unsure]
    (since, until), _, _ = window(chart, plan)
    if cues.OVER.search(plan.question.text) and not plan.ever and (active or past):
        shown_entries = active or past
        return Answer(
            [
                Statement(
                    f"{'No' if active else 'Yes'}: {joined([said(e) for e in shown_entries])}.",
                    tuple(map(source, shown_entries)),
                )
            ],
            truth(not active),
            steps=steps,
        )
    if since or until:
        active, past = (
            [e for e in active if _at_the_time(e, plan, since, until)],
            [e for e in past if _at_the_time(e, plan, since, until)],
        )
    if active and _WHICH_OF_TWO.search(plan.question.text):
        return Answer([Statement(f"{joined([said(e) for e in active])}.", tuple(map(source, active)))], words(joined([e.name for e in active])), steps=steps)
    if active:
        return Answer(
            [Statement(f"Yes: {joined([said(e) for e in active])}.", tuple(map(source, active)))],
            truth(True),
            steps=steps,
        )
    if past and (plan.ever or plan.closed or plan.question.status == "past" or since or until):
        return Answer(
            [Statement(f"Yes, in the past: {joined([said(e) for e in past])}.", tuple(map(source, past)))],
            truth(True),
            steps=steps,
        )
    if past:
        return Answer(
            [Statement(f"No longer: {joined([said(e) for e in past])}.", tuple(map(source, past)))],
            truth(False),
            steps=steps,
        )
    if unsure:
        return Answer(
            [Statement(f"Not confirmed: {joined([said(e) for e in unsure])}.", tuple(map(source, unsure)))],
            words(unsure[-1].status),
            steps=steps,
            certainty=0.8,
        )
    if refuted:
        return Answer(
            [
                Statement(
                    f"No, it was ruled out: {joined([said(e) for e in refuted])}.",
                    tuple(map(source, refuted)),
                )
            ],
            truth(False),
            steps=steps,
        )
    return Answer(
        [
            Statement(
                f"No, not in the period asked about: {joined([said(e) for e in found])}.",
                tuple(map(source, found)),
            )
        ],
        truth(False),
        steps=steps,
    )


_WHICH_OF_TWO = cues.re.compile(r"\bor (?:just|only|simply|merely|rather|is it)\b|\bis it\b.* or |\btype (?:1|i|one) or (?:type )?(?:2|ii|two)\b", cues.re.IGNORECASE)


def _start(found: list[Entry], chart: Chart) -> list[Entry]:
    """The entries that tell when it began: those that hold, the earliest of them first."""
    real = [e for e in found if e.status not in ("refuted", *UNSURE)] or found
    dated = [e for e in real if e.date]
    return sorted(dated, key=lambda e: e.order)


def _when(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    text = plan.question.text.lower()
    if cues.re.search(
        r"\b(?:until when|till when|resolv\w+|end(?:ed|s)?|abat\w+|clear\w*|cured|go away|went away|remission)\b",
        text,
    ):
        ended = [e for e in found if e.end]
        if not ended:
            return absent(
                f"The record gives no date of an end: {joined([said(e) for e in found])}.",
                steps,
                list(map(source, found)),
            )
        return Answer(
            [Statement(f"{said(ended[-1])}.", (source(ended[-1]),))], date(ended[-1].end), steps=steps
        )
    dated = _start(exactly(found, plan.target.concepts), chart)
    if not dated:
        return absent(
            f"The record gives no date for {joined([e.name for e in found])}.",
            steps,
            list(map(source, found)),
        )
    entry = (
        dated[-1]
        if plan.pick == "latest" and cues.re.search(r"\b(?:last|latest|most recent)\b", text)
        else dated[0]
    )
    when = entry.extra.get("recorded") if "recorded" in text and entry.extra.get("recorded") else entry.date
    return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(when), steps=steps)


def _duration(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    dated = [e for e in _start(exactly(found, plan.target.concepts), chart) if e.first]
    if plan.since and plan.until:  # "the sinus infection of February 2012": the one that began then
        dated = [e for e in dated if e.within(plan.since, plan.until)] or [e for e in found if e.date and e.within(plan.since, plan.until)] or dated
    if not dated:
        return absent(
            f"The record gives no onset for {joined([e.name for e in found])}.",
            steps,
            list(map(source, found)),
        )
    again = plan.pick == "latest" and _DIAGNOSED.search(plan.question.text)  # "since the last time it was diagnosed"
    entry = dated[-1 if again else 0]
    end = days(entry.end)
    last = chart.as_of if again else end[1] if end and not is_active(entry, chart) else chart.as_of
    assert entry.first
    text, result = span(entry.first, last)
    return Answer(
        [Statement(f"{text}: {said(entry)}.", (source(entry),))],
        asked_unit(plan, result),
        steps=[*steps, f"from {entry.first} to {last}"],
    )


def _age_at(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    born = days(chart.patient.resource.get("birthDate"))
    dated = [e for e in _start(exactly(found, plan.target.concepts), chart) if e.first]
    if not born or not dated or len(chart.patient.resource.get("birthDate") or "") < 10:
        return absent(
            "Not found in the record: the birth date or the date of the diagnosis.",
            steps,
            list(map(source, found)),
        )
    day = dated[0].first
    assert day
    years = day.year - born[0].year - ((day.month, day.day) < (born[0].month, born[0].day))
    person = chart.entries("patient")[0]
    sources = (
        source(dated[0]),
        Source(person, f"born {shown(person.resource.get('birthDate'))}", "birthDate"),
    )
    return Answer(
        [Statement(f"{years} years old: {said(dated[0])}.", sources)], number(years, "a"), steps=steps
    )


def _listed(chart: Chart, plan: Plan, found: list[Entry], steps: list[str]) -> Answer:
    if plan.ask == "status":
        return Answer(
            [Statement(f"{said(e)}.", (source(e),)) for e in found],
            words("; ".join(e.status for e in found)),
            steps=steps,
        )
    detail = {"who": "who", "reaction": "severity", "reason": ""}.get(plan.ask)
    if detail is not None:
        having = [e for e in found if detail and e.extra.get(detail)]
        if not having:
            return absent(
                f"The record does not say: {joined([said(e) for e in found])}.",
                steps,
                list(map(source, found)),
            )
        entry = min(reversed(exactly(having, plan.target.concepts)), key=lambda e: len(split_stems(e.name)))  # of diabetes, not of what it did to the eyes
        lead = "recorded by " if detail == "who" else ""
        return Answer(
            [Statement(f"{said(entry)}: {lead}{entry.extra[detail]}.", (source(entry),))],
            words(entry.extra[detail]),
            steps=steps,
        )
    if plan.ask == "count":
        return Answer(
            [Statement(f"{len(found)}: {joined([said(e) for e in found])}.", tuple(map(source, found)))],
            number(len(found)),
            steps=steps,
        )
    stage = cues.re.search(r"\b(?:stage|grade|class)\b", plan.question.text, cues.re.IGNORECASE)
    staged = [e for e in found if e.extra.get("stage")]
    if stage and staged:
        entry = staged[-1]
        return Answer(
            [Statement(f"{said(entry)}: {entry.extra['stage']}.", (source(entry),))],
            words(entry.extra["stage"]),
            steps=steps,
        )
    return Answer([Statement(f"{said(e)}.", (source(e),)) for e in found], listing(found), steps=steps)


_ASKS = {"exists": _exists, "when": _when, "duration": _duration, "age_at": _age_at}
