"""Doses and counts of drugs."""

from __future__ import annotations

import datetime as dt

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.courses import Course, dose_changes
from services.bots.rag_pipeline.drugs import described, during, ordered, source, state
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry

_LONG = dt.timedelta(days=366)  # longer than an order that has ended holds, where its end isn't told


_PRESCRIBED = cues.re.compile(r"\b(?:prescribed|ordered)\b", cues.re.IGNORECASE)


def _long_over(entry: Entry, since: dt.date | None) -> bool:
    ended = entry.status in ("completed", "stopped", "cancelled", "ended")
    return bool(since and ended and entry.first and (entry.last or entry.first) < since and entry.first < since - _LONG)


def dose(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    if plan.yes_no and cues.CHANGED.search(plan.question.text):
        return _changed(found, steps, since, until)
    given = sorted((e for c in found for e in c.given if e.date), key=lambda e: e.order)
    if plan.pick == "earliest" or cues.re.search(
        r"\b(?:start(?:ing|ed)?|initial\w*|initiated|begun|began|commenced|first|original)\b",
        plan.question.text,
        cues.re.IGNORECASE,
    ):
        chosen = given[:1]
    elif since and until and _PRESCRIBED.search(plan.question.text):
        chosen = [e for e in given if e.within(since, until)][-1:]  # what went on from before was not prescribed then
    elif until or (since and plan.anchors):
        chosen = [e for e in given if (e.first and (until is None or e.first <= until))][-1:]
        chosen = [e for e in chosen if not _long_over(e, since)]
    elif since:
        chosen = [e for e in given if e.within(since, until)]
    elif plan.pick == "previous" or cues.re.search(
        r"\b(?:previous|prior|old|before)\b", plan.question.text, cues.re.IGNORECASE
    ):
        chosen = given[-2:-1]
    elif plan.pick in ("highest", "lowest"):
        dosed = [e for e in given if e.extra.get("amounts")]
        chosen = (
            [(max if plan.pick == "highest" else min)(dosed, key=lambda e: e.extra["amounts"][0][0])]
            if dosed
            else []
        )
    else:
        chosen = [e for c in found for e in c.current]
        if not chosen and not cues.re.search(
            r"\b(?:current|now|present|still)", plan.question.text, cues.re.IGNORECASE
        ):
            chosen = given[-1:]
    if not chosen or not anchored:
        last = [c.entries[-1] for c in found]
        if plan.yes_no and anchored and any(c.given for c in found):
            told = joined([f"{described(e)} ({state(e)}, {ordered(e)})" for e in last])
            return Answer([Statement(f"No: no dose is recorded as given in what was asked about; the latest is {told}.", tuple(map(source, last)))], truth(False), steps=steps, certainty=0.9)
        return absent(
            f"Not found in the record: no such dose; recorded is {joined([f'{described(e)} ({state(e)}, {ordered(e)})' for e in last])}.",
            steps,
            list(map(source, last)),
        )
    how = cues.re.search(
        r"\btimes (?:a|per) day|\bdirections\b|\bschedule\b|\bhow (?:is|should|does|do|often|frequently)\b|\bsig\b|instructions?|frequency",
        plan.question.text,
        cues.re.IGNORECASE,
    )
    if cues.re.search(r"\bstrength\b", plan.question.text, cues.re.IGNORECASE) and (strength := _strength(chosen, steps)) is not None:
        return strength
    if all(not e.extra.get("dose") and not e.extra.get("amounts") for e in chosen):
        if (strength := _strength(chosen, steps)) is not None:
            return strength
        return absent(
            f"The record gives no dose for {joined([e.name for e in chosen])}.",
            steps,
            list(map(source, chosen)),
        )
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


def _changed(found: list[Course], steps: list[str], since: dt.date | None, until: dt.date | None) -> Answer:
    """Whether the dose was ever changed, or in the time asked about."""
    pairs = [(a, b) for a, b in dose_changes(found) if b.within(since, until)]
    entries = [e for pair in pairs for e in pair] or [c.entries[-1] for c in found]
    told = [f"from {described(a)} to {described(b)} ({ordered(b)})" for a, b in pairs] or [
        f"{described(e)} ({ordered(e)})" for e in entries
    ]
    return Answer(
        [Statement(f"{'Yes' if pairs else 'No'}: {joined(told)}.", tuple(map(source, entries)))],
        truth(bool(pairs)),
        steps=steps,
    )


def route(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    """How a drug is or was given: of the order asked about, else of what is current, else of the last."""
    (since, until), steps, anchored = window(chart, plan)
    given = sorted((e for c in found for e in c.given if e.within(since, until)), key=lambda e: e.order)
    if not given or not anchored:
        return absent(
            "Not found in the record: no such order.", steps, [source(c.entries[-1]) for c in found]
        )
    if plan.pick == "earliest":
        chosen = given[:1]
    elif plan.pick == "latest" or since or until:
        chosen = given[-1:]
    else:
        chosen = [e for c in found for e in c.current] or given[-1:]
    having = [e for e in chosen if e.extra.get("route")]
    if not having:
        return absent(
            f"The record gives no route for {joined([described(e) for e in chosen])}.",
            steps,
            list(map(source, chosen)),
        )
    routes = "; ".join(dict.fromkeys(e.extra["route"] for e in having))
    statements = [
        Statement(f"{e.name} ({ordered(e)}): route {e.extra['route']}.", (source(e),)) for e in having
    ]
    return Answer(statements, words(routes), steps=steps)


_STRENGTH = cues.re.compile(
    r"\d[\d.,]*(?:[-/]\d[\d.,]*)* ?(?:mg|mcg|ug|µg|g|ml|units?|iu|meq|%)(?:/(?:\d[\d.]* ?)?(?:mg|ml|actuat|hr|h|tablet|dose))?",
    cues.re.IGNORECASE,
)


def _strength(chosen: list[Entry], steps: list[str]) -> Answer | None:
    """The strength that the name of the product tells, where it is asked for or no dose is given."""
    named = [(e, m[0]) for e in chosen if (m := _STRENGTH.search(e.name))]
    if not named:
        return None
    statements = [
        Statement(f"{described(e)} ({state(e)}, {ordered(e)}): the product's strength is {s}.", (source(e),))
        for e, s in named
    ]
    return Answer(
        statements, words("; ".join(dict.fromkeys(s for _, s in named))), steps=steps, certainty=0.9
    )


def count(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, _ = window(chart, plan)
    text = plan.question.text.lower()
    single = [e for c in found for e in c.given if e.extra.get("given") and e.within(since, until)]
    ordered = cues.re.search(r"\b(?:ordered|prescribed|scripts?|prescriptions?)\b", text)
    apart = cues.re.search(r"\b(?:different|distinct|unique|which|kinds of|types of)\b", text)
    if cues.DOSES.search(text) and not ordered and not apart and any(e.extra.get("given") for c in found for e in c.given):
        listed = f", {shown(single[0].date)} to {shown(single[-1].date)}" if single else ""
        return Answer(
            [Statement(f"{len(single)} doses given{listed}.", tuple(map(source, single)))],
            number(len(single)),
            steps=steps,
        )
    orders = cues.re.search(
        r"orders?|prescriptions?|prescribed|scripts?|courses?|times|changes?|adjust", text
    )
    orders = orders and (bool(plan.target.concepts) or not cues.re.search(r"prescribed", text))
    if orders and not cues.re.search(r"drugs?|medications?|meds|medicines|different", text):
        entries = [e for c in found for e in c.given if e.within(since, until)]
        if "chang" in text or "adjust" in text:
            entries = [b for _, b in dose_changes(found) if b.within(since, until)]
        names = entries
    else:
        past = (
            plan.ever
            or since
            or until
            or cues.GIVEN.search(plan.question.text)
            or cues.re.search(
                r"distinct|separate|\b(?:total|all|ever|different|was|were|has been|been)\b", text
            )
        )
        strictly = plan.anchors and cues.re.search(r"prescrib|order|start", text)
        pool = [
            c for c in found
            if (any(e.within(since, until) if strictly else during(e, since, until) for e in c.given) if past else c.current)
        ]  # fmt: skip
        names = [(c.current or c.given)[-1] for c in pool if c.current or c.given]
    steps.append(f"counted {len(names)}")
    listed = f": {joined([e.name for e in names])}" if names else ""
    return Answer(
        [Statement(f"{len(names)}{listed}." if names else f"None: no {plan.target.label or 'medication'} is recorded for what was asked about.", tuple(map(source, names)))],
        number(len(names)),
        steps=steps,
        certainty=0.95,
    )
