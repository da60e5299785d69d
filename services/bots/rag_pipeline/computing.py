"""From a plan to an answer: which way of computing fits, and what to try where it finds nothing."""

from __future__ import annotations

import dataclasses

from services.bots.rag_pipeline import (
    allergies,
    comparing,
    cues,
    drug_times,
    events,
    family_history,
    lengths,
    medication,
    notes,
    person,
    series,
    states,
    summary,
    values,
)
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    date,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.selecting import of_kind, window
from services.chart.chart import Chart
from services.chart.entry import Entry

_VALUE_ASKS = {
    "value": values.value, "exists": values.exists, "flag": values.flag, "range": values.reference_range, "when": values.when,
    "count": values.count, "value_on": values.value_on, "trend": comparing.trend, "compare": comparing.compare,
}  # fmt: skip
_EVENTS = (
    "procedure",
    "immunization",
    "encounter",
    "report",
    "document",
    "order",
    "appointment",
    "plan",
    "goal",
)


def compute(chart: Chart, plan: Plan) -> Answer:
    """The answer, or one that says what was looked for and not found. Never raises on account of the record."""
    if plan.ask == "advice":
        return absent(
            "The record can't answer this: it asks for advice or for what is to come. What is recorded can be asked for.",
            ["asks for advice or the future"],
        )
    if plan.ask == "demographic":
        return person.answer(chart, plan)
    if plan.ask == "summary":
        return summary.answer(chart, plan)
    if plan.ask == "interval":
        return lengths.interval(chart, plan)
    if plan.ask == "med_changes":
        return drug_times.changes(chart, plan)
    plan.target = _located(chart, plan)
    kind = plan.target.kinds[:1]
    if kind == ("result",):
        found = _results(chart, plan)
    elif kind == ("medication",):
        found = medication.answer(chart, plan)
    elif kind == ("condition",):
        found = states.conditions(chart, plan)
    elif kind == ("allergy",):
        found = allergies.allergies(chart, plan)
    elif kind == ("family",):
        found = family_history.family(chart, plan)
    elif kind and kind[0] in _EVENTS:
        found = events.answer(chart, plan)
    else:
        found = None
    if found is not None and (found.answered or not _worth_reading(plan)):
        return found
    quoted = notes.answer(chart, plan) if plan.target and _worth_reading(plan) else None
    if quoted is not None:
        return quoted
    return found or missing(chart, plan)


def _worth_reading(plan: Plan) -> bool:
    """Whether notes may say what the coded record doesn't: not where a date, dose or count was asked of it."""
    if plan.target.kinds[:1] == ("allergy",) and plan.ask != "reason":
        return False
    if (
        plan.target.kinds[:1] == ("medication",)
        and plan.ask == "reason"
        and cues.STOPPED.search(plan.question.text)
    ):
        return False
    return (
        plan.ask
        in (
            "exists",
            "list",
            "reason",
            "who",
            "where",
            "value",
            "count",
            "age_at",
            "duration",
            "status",
            "range",
            "reaction",
        )
        and not plan.bounds
    )


def missing(chart: Chart, plan: Plan) -> Answer:
    """Not in the record: what was looked for, and where."""
    label = plan.target.label or "that"
    looked = [
        f"{len(chart.entries(k))} {k} entries"
        for k in (plan.target.kinds or ("condition", "result"))
        if chart.entries(k)
    ]
    looked.append(f"{len(list(chart.entries('document')))} documents")
    return absent(f"Not found in the record: {label} (looked through {', '.join(looked)}).", looked)


def _located(chart: Chart, plan: Plan) -> Target:
    """The target at the kind where the record holds it: a colonoscopy is a Procedure here, a report there."""
    target = plan.target
    if not target.concepts and not target.words and target.kinds:
        return target
    order = target.kinds or ()
    if target.kinds in (
        ("medication",),
        ("allergy",),
        ("family",),
        ("encounter",),
        ("appointment",),
        ("order",),
        ("document",),
    ):
        return target
    others: tuple[str, ...] = ()
    prefix = target.concepts[0].partition(":")[0] if target.concepts else ""
    text = plan.question.text
    ordered = cues.ORDERED.search(text) and not cues.re.search(r"\blast\b|\bdone\b", text)
    content = cues.CONTENT.search(text)
    if prefix in ("procedure", "device"):
        others = ("procedure", "report") if content else ("procedure", "report", "order", "encounter")
        if plan.ask in ("exists", "when", "who", "where", "count", "duration") or plan.ever:
            others = ("procedure", "report")
        if ordered:
            order, others = (), ("order", "appointment", "procedure", "report")
    elif prefix in ("lab", "vital"):
        others = ("result", "report")
    elif prefix in ("problem", "symptom", "finding"):
        others = ("condition",) if not order or order == ("condition",) else ()
    elif prefix == "social":
        others = ("result", "condition")
    elif prefix in ("vaccine",):
        others = ("immunization",)
    if (
        ordered
        and not target.concepts
        and order in ((), ("appointment",), ("order",), ("result", "report"), ("result",))
    ):
        order, others = (), ("appointment", "order") if not cues.re.search(r"order", text) else ("order",)
    elif not target.concepts:
        others = (
            "result",
            "medication",
            "condition",
            "procedure",
            "report",
            "immunization",
            "allergy",
            "encounter",
            "order",
        )
        if content:
            others = ("result", "report", "procedure")
    for kind in dict.fromkeys((*order, *others)):
        if of_kind(chart, target, kind):
            return dataclasses.replace(target, kinds=(kind,))
    return target


def _results(chart: Chart, plan: Plan) -> Answer | None:
    if not plan.target.concepts and not plan.target.words:
        return _category(chart, plan)
    if plan.ask in ("reason", "who", "where"):
        return None
    if plan.ask in ("status", "list", "dose", "age_at", "duration", "reaction"):
        entries = series.series(chart, plan.target)
        if not entries:
            return None
        if plan.ask == "status":
            return _result_status(entries)
        return events.answer(chart, plan) if plan.ask == "duration" else values.value(chart, plan)
    open_world = plan.ask == "exists" and not plan.bounds and not (plan.closed and plan.target.concepts)
    if open_world and not series.series(chart, plan.target):
        return None
    return _VALUE_ASKS.get(plan.ask, values.value)(chart, plan)


def _result_status(entries: list[Entry]) -> Answer:
    entry = entries[-1]
    return Answer(
        [
            Statement(
                f"{series.said(entry)}: {entry.status or 'status not recorded'}.", (series.source(entry),)
            )
        ],
        words(entry.status),
    )


def _category(chart: Chart, plan: Plan) -> Answer | None:
    """Labs or vitals as a whole: at a draw, abnormal ones, the latest."""
    (since, until), steps, found = window(chart, plan)
    entries = [e for e in of_kind(chart, plan.target, "result") if e.measure]
    if not entries or not found:
        return None
    inside = [e for e in entries if e.within(since, until)]
    text = plan.question.text.lower()
    if plan.pick == "latest" and inside and not plan.anchors:
        day = (inside[-1].date or "")[:10]
        inside = [e for e in inside if (e.date or "")[:10] == day]
        steps.append(f"the latest, {day}")
    wanted = _wanted(text, plan)
    if wanted:
        inside = [e for e in inside if e.measure and series.range_state(e.measure) in wanted]
        steps.append(f"{len(inside)} are {' or '.join(wanted)}")
        if not since and not until and plan.pick != "latest" and "ever" not in text:
            newest: dict[str, Entry] = {}
            for entry in of_kind(chart, plan.target, "result"):
                newest[entry.name] = entry
            inside = [e for e in inside if newest.get(e.name) is e]
    if plan.ask == "count":
        return Answer(
            [Statement(f"{len(inside)} results.", tuple(map(series.source, inside)))],
            number(len(inside)),
            steps=steps,
        )
    if plan.ask == "exists":
        sources = tuple(map(series.source, inside[-8:]))
        lines = "; ".join(series.said(e) for e in inside[-8:])
        return Answer(
            [Statement(f"Yes: {lines}." if inside else "No, none.", sources)],
            truth(bool(inside)),
            steps=steps,
            certainty=0.9,
        )
    if plan.ask == "when" and inside:
        entry = inside[0] if plan.pick == "earliest" else inside[-1]
        return Answer(
            [Statement(f"{series.said(entry)}.", (series.source(entry),))], date(entry.date), steps=steps
        )
    if not inside:
        return Answer(
            [
                Statement(
                    f"None in what was asked about (the latest results are of {shown(entries[-1].date)}).",
                    (series.source(entries[-1]),),
                )
            ],
            listing([]),
            steps=steps,
        )
    if not (since or until or wanted or plan.pick):
        day = (inside[-1].date or "")[:10]
        inside = [e for e in inside if (e.date or "")[:10] == day]
    inside = list(reversed(inside))[:40]
    return Answer(
        [Statement(f"{series.said(e)}.", (series.source(e),)) for e in inside], listing(inside), steps=steps
    )


def _wanted(text: str, plan: Plan) -> tuple[str, ...]:
    if "critical" in text:
        return ("high", "low", "abnormal")
    if (
        "abnormal" in text
        or "out of range" in text
        or "flagged" in text
        or "deranged" in text
        or "outside" in text
        or " off" in text
    ):
        return ("high", "low", "abnormal")
    if "high" in plan.question.qualifiers or "elevated" in text:
        return ("high",)
    if "low" in plan.question.qualifiers:
        return ("low",)
    return ()
