"""Was it ever measured, or ever in a range: yes or no of results."""

from __future__ import annotations

import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, joined, on, truth
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.ranges import in_state, state_asked
from services.bots.rag_pipeline.selecting import meets, pressure
from services.bots.rag_pipeline.series import inside, nothing, said, series, source
from services.bots.rag_pipeline.statistic import extreme_of
from services.chart.chart import Chart
from services.chart.entry import Entry


def exists(chart: Chart, plan: Plan) -> Answer:
    """Was it ever measured, or ever in the range asked for?"""
    entries, steps, anchored = inside(chart, plan)
    label = plan.target.label or "such result"
    if not entries or not anchored:
        if plan.bounds or not plan.closed or not anchored:
            return nothing(chart, plan, steps)
        everything = series(chart, plan.target)
        return never(chart, label, "result", everything, steps)
    if plan.bounds:
        chosen = (
            entries
            if plan.ever or plan.since or plan.until or plan.anchors or plan.count or _any(plan)
            else entries[-1:]
        )
        if not any(e.measure and (e.measure.amount is not None or pressure(e.measure.text)) for e in chosen):
            # Words: neither above nor below one.
            return absent(
                f"Not answered: {said(chosen[-1])} is no single number to compare.",
                steps,
                [source(chosen[-1])],
            )
        if every := _EVERY.search(plan.question.text):
            return _every_one(plan, entries, every[0], steps)
        kept = [e for e in chosen if meets(e, plan)]
        steps.append(f"{len(kept)} of {len(chosen)} are in the range asked for")
        if kept:
            text = f"Yes: {joined([said(e) for e in kept[-5:]])}."
            if len(kept) > 5:
                text = f"Yes, {len(kept)} times, most recently {said(kept[-1])}."
            return Answer(
                [Statement(text, tuple(map(source, kept)))], truth(True), steps=steps, series=entries
            )
        top = extreme_of(chosen, "highest" if plan.bounds[0].op in (">", ">=") else "lowest") or chosen[-1]
        text = f"No: of {len(chosen)} {top.name} results none is; the {'highest' if plan.bounds[0].op in ('>', '>=') else 'lowest'} is {said(top)}."
        if len(chosen) == 1:
            text = f"No: {said(top)}."
        return Answer([Statement(text, (source(top),))], truth(False), steps=steps, series=entries)
    if cues.AGAIN.search(plan.question.text):
        again = len({e.date for e in entries}) > 1
        lead = f"{'Yes' if again else 'No, there is one'}: {joined([said(e) for e in entries[-5:]])}."
        return Answer(
            [Statement(lead, tuple(map(source, entries)))], truth(again), steps=steps, series=entries
        )
    if plan.ever and (wanted := state_asked(plan.question.text, plan.target.label)):
        return _ever(entries, wanted, steps)
    entry = entries[-1]
    positive = _positive(entry)
    habit = any(c.startswith("social:") for c in plan.target.concepts)
    if habit and entry.measure and _QUIT.search(plan.question.text):
        gone = bool(FORMER.match(entry.measure.text))
        said_so = f"{'Yes' if gone else 'No'}: {said(entry)}."
        return Answer([Statement(said_so, (source(entry),))], truth(gone), steps=steps, series=entries)
    if not plan.ever and not plan.closed and entry.measure and FORMER.match(entry.measure.text):
        positive = False  # asked of now
    if positive is not None and not plan.closed:
        return Answer(
            [Statement(f"{'Yes' if positive else 'No'}: {said(entry)}.", (source(entry),))],
            truth(positive),
            steps=steps,
        )
    return Answer(
        [Statement(f"Yes: {said(entry)}.", (source(entry),))], truth(True), steps=steps, series=entries
    )


_EVERY = re.compile(
    r"\b(?:every|each|always|consistently|invariably|throughout|all along|at all times|stay(?:ed|s)?|remain(?:ed|s)?|kept|all (?:of )?(?:the |her |his |their )?(?:[\w-]+ ){0,3}?(?:values?|readings?|results?|measurements?|checks?|levels?|tests?))\b",
    re.IGNORECASE,
)


def _every_one(plan: Plan, entries: list[Entry], said_so: str, steps: list[str]) -> Answer:
    """Whether all values are in the range asked for: one that is not makes it a no."""
    outside = [e for e in entries if not meets(e, plan)]
    steps.append(f"{len(entries) - len(outside)} of {len(entries)} are in the range asked for ({said_so})")
    if not outside:
        return Answer([Statement(f"Yes: all {len(entries)} are, the latest {said(entries[-1])}.", tuple(map(source, entries)))], truth(True), steps=steps, series=entries)
    told = joined([said(e) for e in outside[-4:]])
    more = "" if len(outside) <= 4 else f", most recently of {len(outside)}"
    return Answer([Statement(f"No: {len(outside)} of {len(entries)} {'is' if len(outside) == 1 else 'are'} not{more}: {told}.", tuple(map(source, outside)))], truth(False), steps=steps, series=entries)


def _ever(entries: list[Entry], wanted: str, steps: list[str]) -> Answer:
    """Was it ever low, high, abnormal: by each result's own interpretation or range, not by there being one."""
    met, told = in_state(entries, wanted)
    if not told:
        text = f"The record gives neither a range nor an interpretation for {said(entries[-1])}."
        return absent(text, steps, [source(entries[-1])])
    steps.append(f"{len(met)} of {told} are {wanted}")
    if met:
        more = f", {len(met)} times, most recently" if len(met) > 1 else ""
        return Answer([Statement(f"Yes{more}: {said(met[-1])}.", tuple(map(source, met)))], truth(True), steps=steps, series=entries)
    text = f"No: of {told} {entries[-1].name} results none is {wanted}; the latest is {said(entries[-1])}."
    return Answer([Statement(text, (source(entries[-1]),))], truth(False), steps=steps, series=entries)


_QUIT = re.compile(
    r"\b(?:quit\w*|giv(?:e|en|ing) up|gave up|stop(?:ped|s)?|ceased|cessation|no longer|former\w*|ex)\b",
    re.IGNORECASE,
)
FORMER = re.compile(r"\s*(?:ex\b|ex-|former|quit|stopped|past|previous)", re.IGNORECASE)


_OF_NOW = re.compile(r"\W*(?:is|are|isn't|aren't|does|do|was|were|still)\b|.*\b(?:now|current(?:ly)?|latest|last|today|at present)\b", re.IGNORECASE)


def _any(plan: Plan) -> bool:
    """Whether any value at all may meet the bound: "systolic above 140", said without a verb, asks of every one."""
    return not _OF_NOW.match(plan.question.text) or plan.question.text.lower().startswith(
        ("any", "has", "have", "did", "were", "was there", "were there", "is there any", "are there")
    )


def _positive(entry: Entry) -> bool | None:
    """What a coded result says to a yes or no: None where it is neither."""
    measure = entry.measure
    if measure is None or measure.amount is not None:
        return None
    text = measure.text.casefold()
    if set(measure.marks) & {"POS", "DET", "RR"} or text.startswith(
        ("positive", "detected", "reactive", "yes", "present")
    ):
        return True
    if (
        set(measure.marks) & {"NEG", "ND", "NR"}
        or text.startswith(
            ("negative", "not detected", "non-reactive", "nonreactive", "no ", "absent", "never")
        )
        or text == "no"
    ):
        return False
    return None


def never(chart: Chart, label: str, kind: str, others: list[Entry], steps: list[str]) -> Answer:
    """Closed-world: the record keeps such events and has none of these."""
    looked = len(chart.entries(kind))
    if others:
        last = others[-1]
        text = f"None in the period asked about; the latest recorded is {last.name} {on(last)}."
        return Answer([Statement(text, (Source(last, last.name),))], truth(False), steps=steps)
    return Answer(
        [Statement(f"No {label} is recorded ({looked} {kind} entries were looked through).")],
        truth(False),
        steps=steps,
        certainty=0.9,
    )
