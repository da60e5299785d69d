"""What happened in a time or at a visit, and one part of the record at a glance: its drugs, its results, its problems."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.bots.rag_pipeline import condition_told, drugs, event_told, notes, series
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, joined, shown
from services.bots.rag_pipeline.courses import courses
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import quoted
from services.bots.rag_pipeline.ranges import holds, range_state
from services.bots.rag_pipeline.selecting import happened, matching, of_kind
from services.bots.rag_pipeline.windows import stay_of, window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.index.text import values

MOST = 20
"""Entries of one kind that an overview names; of more it says how many there are."""
Say = Callable[[Entry], str]


def of_a_time(chart: Chart, plan: Plan) -> Answer:
    """Visits, problems that began, drugs started and ended, results out of range, and what was done."""
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)

    def inside(*kinds: str) -> list[Entry]:
        return [e for e in chart.entries(*kinds) if e.within(since, until) and happened(e)]

    taken = courses(chart.entries("medication"), chart.as_of)
    started = [c.given[0] for c in taken if c.given and c.given[0].within(since, until)]
    ended = [c.given[-1] for c in taken if c.given and c.ended_day and not (since and c.ended_day < since) and not (until and c.ended_day > until)]
    problems = [e for e in inside("condition") if e.status != "none-known"]
    over = [e for e in chart.entries("condition") if (end := days(e.end)) and not (since and end[1] < since) and not (until and end[0] > until)]
    statements = [
        *_told("Visits", inside("encounter"), event_told.said, event_told.source),
        *_told("Problems that began", problems, condition_told.said, condition_told.source),
        *_told("Problems that ended", [e for e in over if e not in problems], condition_told.said, condition_told.source),
        *_told("Drugs started", started, drugs.described, drugs.source),
        *_told("Drugs ended", ended, lambda e: f"{e.name} ({drugs.state(e)})", drugs.source),
        *_told("Results out of range", _out_of_range(inside("result")), series.said, series.source),
        *_told("Done", inside("procedure", "immunization", "report"), event_told.said, event_told.source),
    ]
    if not statements:
        return absent("Not found in the record: nothing is recorded in what was asked about.", steps)
    return Answer(statements, {"type": "summary", "value": None}, kind="summary", steps=[*steps, f"what is recorded from {since or 'the beginning'} to {until or chart.as_of}"])


def of_a_part(chart: Chart, plan: Plan) -> Answer | None:
    """One kind of entries at a glance; None for kinds that have no such overview."""
    kind = plan.target.kinds[:1]
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    if kind == ("medication",) and not (since or until):
        taken = courses(chart.entries("medication"), chart.as_of)
        statements = [
            *_told("Current", [e for c in taken for e in c.current], drugs.described, drugs.source),
            *_told("On hold", [e for c in taken for e in c.held], drugs.described, drugs.source),
            *_told("Earlier", [c.given[-1] for c in taken if not c.current and c.given], lambda e: f"{e.name} ({drugs.state(e)})", drugs.source),
        ]
    elif kind == ("result",):
        entries = [e for e in of_kind(chart, plan.target, "result") if e.within(since, until) and happened(e) and e.measure and not e.part]
        latest = list({e.name: e for e in entries}.values())
        abnormal = _out_of_range(latest)
        statements = [*_told("Out of range", abnormal, series.said, series.source),
                      *_told("Others", [e for e in latest if e not in abnormal], series.said, series.source)]  # fmt: skip
    elif kind == ("condition",):
        every = [e for e in chart.entries("condition") if e.status != "none-known" and e.within(since, until)]
        active = [e for e in every if condition_told.is_active(e, chart)]
        statements = [*_told("Active", active, condition_told.said, condition_told.source),
                      *_told("Past", [e for e in every if e not in active], condition_told.said, condition_told.source)]  # fmt: skip
    else:
        return None
    if not statements:
        return absent(f"Not found in the record: no {kind[0]} in what was asked about.", steps)
    return Answer(statements, {"type": "summary", "value": None}, kind="summary", steps=[*steps, f"the {kind[0]} entries of the record"])


def of_a_visit(chart: Chart, plan: Plan) -> Answer | None:
    """Everything of one visit or stay; None where the question is about no visit."""
    target = plan.anchors[0].target if plan.anchors else plan.target
    if target.kinds != ("encounter",):
        return None
    (since, until), _, found = window(chart, plan)
    stay = stay_of(chart, plan.stay) if plan.stay else None
    visits = [
        e
        for e in matching(chart, target)
        if happened(e) and (not (since or until) or e.within(since, until))
    ]
    if plan.stay:  # "the second admission": that one, with all of its parts
        visits = [stay.main] if stay else []
    if not visits or not found:
        return absent("Not found in the record: no such visit.", ["visits looked through"])
    visit = visits[0] if plan.pick == "earliest" else visits[-1]
    statements = [Statement(f"{event_told.said(visit)}.", (event_told.source(visit),))]
    if visit.extra.get("diagnoses"):
        statements.append(
            Statement(f"Diagnoses: {joined(visit.extra['diagnoses'])}.", (event_told.source(visit),))
        )

    def belongs(entry: Entry) -> bool:
        if stay:
            return stay.holds(entry)
        return recorded_at(entry) == visit.reference

    orders = [e for e in chart.entries("medication") if belongs(e)]
    if orders:
        statements.append(
            Statement(
                f"Medication ordered: {joined([f'{drugs.described(e)}' for e in orders])}.",
                tuple(map(drugs.source, orders)),
            )
        )
    results = [
        e
        for e in chart.entries("result")
        if belongs(e) and e.measure and range_state(e.measure) not in (None, "normal")
    ]
    vitals = [
        e
        for e in chart.entries("result")
        if belongs(e) and e.measure and range_state(e.measure) is None and not e.part
    ]
    if results:
        statements.append(
            Statement(
                f"Results out of range: {joined([series.said(e) for e in results])}.",
                tuple(map(series.source, results)),
            )
        )
    if vitals:
        statements.append(
            Statement(
                f"Measured: {joined([series.said(e) for e in vitals[:6]])}.",
                tuple(map(series.source, vitals[:6])),
            )
        )
    done = [e for e in chart.entries("procedure", "immunization") if belongs(e) and happened(e)]
    if done:
        statements.append(
            Statement(
                f"Done: {joined([event_told.said(e) for e in done])}.", tuple(map(event_told.source, done))
            )
        )
    days_of = {(visit.date or "")[:10], (visit.end or visit.date or "")[:10]}
    for document in [e for e in chart.entries("document") if belongs(e) or (e.date or "")[:10] in days_of][
        -2:
    ]:
        statements += [Statement(quoted(q), (q.source(),)) for q in notes.gist(chart, document)]
    return Answer(
        statements,
        {"type": "summary", "value": None},
        kind="summary",
        steps=[f"everything of {visit.reference}"],
    )


def recorded_at(entry: Entry) -> str:
    """The encounter that the entry was recorded at."""
    return values.string(values.obj(entry.resource.get("encounter")).get("reference"))


def _told(label: str, entries: Sequence[Entry], say: Say, cite: Callable[[Entry], Source]) -> list[Statement]:
    if not entries:
        return []
    kept = sorted(entries, key=lambda e: e.order)[-MOST:]
    more = f" (the last {MOST} of {len(entries)}, {shown(min((e.date for e in entries if e.date), default=None))} on)" if len(entries) > MOST else ""
    return [Statement(f"{label}{more}: {joined([say(e) for e in kept])}.", tuple(map(cite, kept)))]


def _out_of_range(entries: Sequence[Entry]) -> list[Entry]:
    return [e for e in entries if e.measure and not e.part and holds(range_state(e.measure), "abnormal")]
