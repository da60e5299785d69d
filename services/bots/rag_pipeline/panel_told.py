"""A panel by its name ("last CBC", "was the BMP normal"): all of its results at a draw, where the record holds them singly."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
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
)
from services.bots.rag_pipeline.lengths import age_at
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.ranges import holds, range_state, state_asked
from services.bots.rag_pipeline.selecting import happened, matching
from services.bots.rag_pipeline.series import said, source
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry

_DRAWN = frozenset(
    f"lab:{name}"
    for name in (
        "basic-metabolic-panel", "comprehensive-metabolic-panel", "lipid-panel", "complete-blood-count", "liver-function-tests",
        "thyroid-function-tests", "coagulation-studies", "arterial-blood-gas", "iron-studies", "urinalysis", "hepatitis-panel", "electrolytes",
    )
)  # fmt: skip
"""Taken from one draw; of the others each member has its own latest."""
_GATHERED = frozenset(f"lab:{name}" for name in ("cardiac-enzymes", "inflammatory-markers", "tumor-markers", "hormone-panel"))
_ASKS = ("value", "list", "flag", "when", "count")


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question names no panel, or the record holds no two results of it."""
    concept = plan.target.concepts[0] if len(plan.target.concepts) == 1 else ""
    if concept not in _DRAWN | _GATHERED or plan.ask not in _ASKS:
        return None
    if plan.bounds or plan.others or plan.nth > 0 or plan.pick in ("highest", "lowest", "mean", "median"):
        return None
    (since, until), steps, found = window(chart, plan)
    every = [e for e in matching(chart, plan.target, ("result",)) if e.measure and happened(e)]
    if len({e.own for e in every}) < 2 or not found or any(concept in e.own for e in every):
        return None
    inside = [e for e in every if e.within(since, until) and (not plan.hours or chart.within_hours(e, plan.hours))]
    if not inside:
        last = _draws(every, concept)[-1]
        return absent(f"Not found in the record for the time asked about; the latest are of {shown(last[-1].date)}.", steps, [source(e) for e in last])
    draws = _draws(inside, concept)
    steps = [*steps, f"{len(inside)} results of {plan.target.label}, {len(draws)} draws"]
    if plan.ask == "count" and (reported := [e for e in matching(chart, plan.target, ("report",)) if concept in e.own and happened(e) and e.within(since, until)]):
        told = f"{len(reported)}: on {joined([shown(e.date) for e in reported[-12:]])}."
        return Answer([Statement(told, tuple(Source(e, f"{e.name}, {shown(e.date)}") for e in reported))], number(len(reported)), steps=[*steps, "the panel as a report of its own"])
    if plan.ask == "count":
        told = f"{len(draws)}: on {joined([shown(d[-1].date) for d in draws[-12:]])}."
        return Answer([Statement(told, tuple(source(d[-1]) for d in draws))], number(len(draws)), steps=steps)
    chosen = draws[:1] if plan.pick == "earliest" else draws[-2:-1] or draws[-1:] if plan.pick == "previous" else draws[-1:]
    if plan.count > 1:
        chosen = draws[: plan.count] if plan.pick == "earliest" else draws[-plan.count :]
    entries = [e for draw in reversed(chosen) for e in draw]
    if plan.ask == "age_at":
        return age_at(chart, entries[0], steps)
    if plan.ask == "when":
        told = f"{plan.target.label[:1].upper()}{plan.target.label[1:]}: {joined([said(e) for e in entries])}."
        return Answer([Statement(told, tuple(map(source, entries)))], date(entries[-1].date, plan.timed), steps=steps)
    if plan.ask == "flag" or (plan.yes_no and state_asked(plan.question.text)):
        return _flag(plan, entries, steps)
    return Answer([Statement(f"{said(e)}{_range(e)}.", (source(e),)) for e in entries], listing(entries), steps=steps)


def _range(entry: Entry) -> str:
    return f"; reference range {entry.measure.range_text}" if entry.measure and entry.measure.range_text else ""


def _draws(entries: list[Entry], concept: str) -> list[list[Entry]]:
    """Oldest first, each with the last value of every member that day. A day that has less than half of what most have is
    no draw of the panel: a potassium alone is no metabolic panel."""
    if concept in _GATHERED:
        return [list({e.own: e for e in entries}.values())]
    days: dict[str, dict[frozenset[str], Entry]] = {}
    for entry in entries:
        days.setdefault((entry.date or "")[:10], {})[entry.own] = entry
    most = max(map(len, days.values()))
    return [list(day.values()) for _, day in sorted(days.items()) if 2 * len(day) >= most]


def _flag(plan: Plan, entries: list[Entry], steps: list[str]) -> Answer:
    """Whether all of it is normal, or any of it is high, low or abnormal."""
    wanted = state_asked(plan.question.text) or ("abnormal" if _OFF.search(plan.question.text) else "normal")
    known = [(e, state) for e in entries if e.measure and (state := range_state(e.measure))]
    if not known:
        return absent(f"{joined([said(e) for e in entries])}; the record gives no reference range for them.", steps, list(map(source, entries)))
    outside = [e for e, state in known if (state != "normal" if wanted == "normal" else holds(state, wanted))]
    yes = not outside if wanted == "normal" else bool(outside)
    what = "outside the reference range" if wanted in ("normal", "abnormal") else wanted
    told = f"{joined([f'{said(e)}{_range(e)}' for e in outside])}, {what}" if outside else f"none of {len(known)} results is {what}"
    rest = len(entries) - len(known)
    lead = "Yes" if yes else "No"
    text = f"{lead}: {told} ({shown(entries[-1].date)}){f'; {rest} have no reference range' if rest else ''}."
    return Answer([Statement(text, tuple(source(e) for e in outside or entries))], truth(yes), steps=steps, series=entries, certainty=0.9 if rest else 1.0)


_OFF = cues.cue(r"off|outside|out of")
