"""Doses and counts of drugs."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    joined,
    listing,
    number,
    words,
)
from services.bots.rag_pipeline.courses import Course
from services.bots.rag_pipeline.drugs import described, dose_changes, during, ordered, source, state
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import window
from services.chart.chart import Chart


def dose(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    given = sorted((e for c in found for e in c.given if e.date), key=lambda e: e.order)
    if plan.pick == "earliest" or cues.re.search(
        r"\b(?:start(?:ing|ed)?|initial\w*|initiated|begun|began|commenced|first|original)\b",
        plan.question.text,
        cues.re.IGNORECASE,
    ):
        chosen = given[:1]
    elif until or (since and plan.anchors):
        chosen = [e for e in given if (e.first and (until is None or e.first <= until))][-1:]
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
    if all(not e.extra.get("dose") and not e.extra.get("amounts") for e in chosen):
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


def count(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, _ = window(chart, plan)
    text = plan.question.text.lower()
    orders = cues.re.search(r"orders?|prescriptions?|times|changes?|adjust", text)
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
        pool = [c for c in found if (any(during(e, since, until) for e in c.given) if past else c.current)]
        names = [(c.current or c.given)[-1] for c in pool if c.current or c.given]
    steps.append(f"counted {len(names)}")
    listed = f": {joined([e.name for e in names])}" if names else ""
    return Answer(
        [Statement(f"{len(names)}{listed}.", tuple(map(source, names)))],
        number(len(names)),
        steps=steps,
        certainty=0.95,
    )
