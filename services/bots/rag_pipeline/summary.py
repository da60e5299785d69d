"""Summaries: of a patient, of a problem, of a visit. Every line is an entry of the record."""

from __future__ import annotations

from collections.abc import Sequence

from services.bots.rag_pipeline import (
    allergies,
    condition_told,
    drugs,
    event_told,
    events,
    notes,
    overview,
    series,
)
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, joined, shown
from services.bots.rag_pipeline.courses import courses
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.quotes import quoted
from services.bots.rag_pipeline.ranges import range_state
from services.bots.rag_pipeline.selecting import matching, serves, still_to_come
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.naming import family
from services.knowledge.lexicon import lexicon

LATEST_RESULTS, MEASURED, PROCEDURES = 8, 8, 6
"""How many results out of range, quantities of a problem and procedures a summary names."""


def answer(chart: Chart, plan: Plan) -> Answer:
    concepts = plan.target.concepts
    opened = any(a.relation in ("since", "after", "before", "until") for a in plan.anchors)
    if not concepts and (opened or ((plan.since or plan.until) and not plan.target.kinds and not plan.anchors and not plan.stay)):
        return overview.of_a_time(chart, plan)
    if not concepts and not plan.target.words and (part := overview.of_a_part(chart, plan)) is not None:
        return part
    if plan.anchors or plan.target.kinds == ("encounter",):
        visit = overview.of_a_visit(chart, plan)
        if visit is not None:
            return visit
    if concepts:
        return _problem(chart, plan)
    return _patient(chart, plan)


def _patient(chart: Chart, plan: Plan) -> Answer:
    statements: list[Statement] = []
    person = chart.entries("patient")[0]
    born, gender = chart.patient.resource.get("birthDate"), chart.patient.resource.get("gender")
    statements.append(
        Statement(
            f"{(gender or 'Gender not recorded').capitalize()}, born {shown(born)}.",
            (Source(person, f"{gender}, born {born}", "birthDate"),),
        )
    )
    active = [
        e
        for e in chart.entries("condition")
        if e.status != "none-known" and condition_told.is_active(e, chart)
    ]
    if active:
        statements.append(
            Statement(
                f"Active problems: {joined([e.name for e in active])}.",
                tuple(map(condition_told.source, active)),
            )
        )
    else:
        statements.append(Statement("No active problem is recorded."))
    statements.append(_allergies(chart))
    current = [e for c in courses(chart.entries("medication"), chart.as_of) for e in c.current]
    if current:
        statements.append(
            Statement(
                f"Current medication: {joined([drugs.described(e) for e in current])}.",
                tuple(map(drugs.source, current)),
            )
        )
    else:
        statements.append(Statement("No current medication is recorded."))
    statements += _results(chart, [e for e in chart.entries("result") if e.measure])
    done = {e.name: e for e in chart.entries("procedure") if events.happened(e)}
    if done:
        last = sorted(done.values(), key=lambda e: e.order)[-PROCEDURES:]
        statements.append(Statement(f"Procedures: {joined([event_told.said(e) for e in last])}.", tuple(map(event_told.source, last))))
    visits = [e for e in chart.entries("encounter") if events.happened(e)]
    if visits:
        statements.append(
            Statement(f"Last visit: {event_told.said(visits[-1])}.", (event_told.source(visits[-1]),))
        )
    ahead = still_to_come(chart, chart.entries("appointment"))
    if ahead:
        statements.append(
            Statement(f"Next appointment: {event_told.said(ahead[0])}.", (event_told.source(ahead[0]),))
        )
    return Answer(
        statements,
        {"type": "summary", "value": None},
        kind="summary",
        steps=["problems, allergies, medication, latest results, visits"],
    )


def _allergies(chart: Chart) -> Statement:
    every = [e for e in chart.entries("allergy") if e.status not in ("refuted", "resolved", "inactive")]
    if not every:
        return Statement("Allergies are not recorded.")
    return Statement(
        f"Allergies: {joined([allergies.allergy_said(e) for e in every])}.",
        tuple(map(allergies.source, every)),
    )


def _results(chart: Chart, entries: list[Entry]) -> list[Statement]:
    """The latest of each result that is out of range, newest first."""
    latest: dict[str, Entry] = {}
    for entry in entries:
        latest[entry.name] = entry
    abnormal = [
        e
        for e in latest.values()
        if e.measure and range_state(e.measure) in ("high", "low", "abnormal")
    ]
    abnormal.sort(key=lambda e: e.order, reverse=True)
    chosen = abnormal[:LATEST_RESULTS]
    if not chosen:
        return []
    return [
        Statement(
            f"Latest results out of range: {joined([series.said(e) for e in chosen])}.",
            tuple(map(series.source, chosen)),
        )
    ]


def _treated(concepts: Sequence[str]) -> list[str]:
    """The problems that drugs are for: a summary of a treatment is one of what it treats as well."""
    known = lexicon()
    return [r for c in concepts if c.startswith("drug") and c in known for r in known.related(c) if r.startswith("problem:")][:3]


def _problem(chart: Chart, plan: Plan) -> Answer:
    known = lexicon()
    asked = tuple(dict.fromkeys([*plan.target.concepts, *_treated(plan.target.concepts)]))
    found = matching(chart, Target(tuple(c for c in asked if not c.startswith("drug")), ("condition",)), ("condition",)) if any(not c.startswith("drug") for c in asked) else []
    statements = [Statement(f"{condition_told.said(e)}.", (condition_told.source(e),)) for e in found]
    related = {r for c in asked if c in known for r in known.related(c)}
    kin = {m for c in asked for m in family(c)}
    wide = set(asked) | {b for e in found for c in e.own if c in known for b in (c, *(kin & set(known.closure(c))))}
    related |= {r for c in wide if c in known for r in known.related(c)}
    taken = [
        e
        for e in chart.entries("medication")
        if serves(e, tuple(wide)) or e.own & kin or any(set(known.related(d)) & wide for d in e.own if d in known)
    ]
    current = [e for c in courses(taken, chart.as_of) for e in c.current]
    if current:
        statements.append(
            Statement(
                f"Medication for it: {joined([drugs.described(e) for e in current])}.",
                tuple(map(drugs.source, current)),
            )
        )
    stopped = [c.given[-1] for c in courses(taken, chart.as_of) if not c.current and c.given]
    if stopped:
        statements.append(
            Statement(
                f"Earlier: {joined([f'{e.name} ({drugs.state(e)})' for e in stopped])}.",
                tuple(map(drugs.source, stopped)),
            )
        )
    measured: dict[str, list[Entry]] = {}
    for entry in chart.entries("result"):
        if entry.measure and (
            entry.own & related or any(set(known.related(c)) & wide for c in entry.own if c in known)
        ):
            measured.setdefault(entry.name, []).append(entry)
    near = {r for c in asked if c in known for r in known.related(c)}

    def worth(entries: list[Entry]) -> tuple[bool, bool, int]:
        last = entries[-1]
        return (bool(last.own & near), bool(last.measure and range_state(last.measure) not in (None, "normal")), len(entries))

    for entries in sorted(measured.values(), key=worth, reverse=True)[:MEASURED]:
        first, last = entries[0], entries[-1]
        text = f"{series.said(last)}"
        if first is not last and first.measure:
            text += f" (first {first.measure.text} on {shown(first.date)}, {len(entries)} values)"
        statements.append(
            Statement(
                f"{text}.", (series.source(last), *((series.source(first),) if first is not last else ()))
            )
        )
    visited = {v.reference for v in chart.entries("encounter") if serves(v, plan.target.concepts) or set(v.extra.get("diagnoses") or ()) & {f.name for f in found}}
    spoken = [q for q in notes.by_concept(chart, plan, asked) if q.polarity in ("present", "historical")]
    beside = {m.concept for q in spoken for m in known.find(q.text, query=False) if m.concept.startswith("procedure:")}
    done = [
        e
        for e in chart.entries("procedure", "report")
        if events.happened(e) and ((e.kind == "procedure" and e.own & beside) or serves(e, tuple(wide)) or (e.own | e.named) & (wide | related) or (e.kind == "procedure" and overview.recorded_at(e) in visited))
    ]
    done = [e for e in done if e.kind == "procedure" or e.extra.get("conclusion")]
    if done:
        told = [
            f"{event_told.said(e)}{': ' + ' '.join(e.extra['conclusion'].split())[:200] if e.extra.get('conclusion') else ''}"
            for e in done[-5:]
        ]
        statements.append(Statement(f"Done: {'; '.join(told)}.", tuple(map(event_told.source, done[-5:]))))
    quotes = [q for q in spoken if q.polarity == "present"][:2]
    statements += [Statement(quoted(q), (q.source(),)) for q in quotes]
    visits = [e for e in chart.entries("encounter") if e.own | e.named and events.happened(e)]
    about = [e for e in visits if any(d in e.extra.get("diagnoses", ()) for d in (f.name for f in found))]
    if about:
        statements.append(
            Statement(f"Last visit for it: {event_told.said(about[-1])}.", (event_told.source(about[-1]),))
        )
    if not statements:
        return absent(
            f"Not found in the record: nothing on {plan.target.label}.",
            ["problems, medication and results looked through"],
        )
    return Answer(
        statements,
        {"type": "summary", "value": None},
        kind="summary",
        steps=["the problem, its drugs, results and visits"],
    )
