"""Totals over a time: what was drained, drunk or infused, and how much of a drug was given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline import drugs, series
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    clock,
    date,
    number,
    on,
    shown,
)
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import happened, of_kind
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.features import stems
from services.index.text import values
from services.knowledge.units import convert

_OUT = re.compile(
    r"\boutputs?\b|\burine\b|\bvoid\w*|\bfoley\b|\bdrain\w*|\bstool\b|\bemesis\b|\bput out\b|\blosses\b",
    re.IGNORECASE,
)
_IN = re.compile(
    r"\bintakes?\b|\bfluids?\b|\binputs?\b|\btake in\b|\btook in\b|\btaken in\b|\binfused\b", re.IGNORECASE
)
_URINE = re.compile(r"\burine|\bfoley|\bvoid|\bcath|nephrostomy|\bcondom|\burin", re.IGNORECASE)
_WORDS = frozenset(
    stems("total volume output outputs urine amount fluid intake input daily sum hour hours of in")
)
_MILLILITRE = "mL"


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question is of no sum that the record could hold."""
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    if plan.target.kinds[:1] == ("procedure",) and plan.target.concepts and not any(c.startswith("device:") for c in plan.target.concepts):
        return None  # what a thoracentesis drained is no urine
    text = plan.question.text
    named = plan.target.kinds[:1] == ("medication",) or (not plan.target.kinds and plan.target.words)
    entries = drugs.doses(of_kind(chart, plan.target, "medication")) if named else []
    if entries or plan.target.kinds[:1] == ("medication",):
        return _dosed([e for e in entries if e.within(since, until)], plan, steps)
    if _OUT.search(text):
        entries = _outputs(chart, text)
    elif _IN.search(text):
        entries = _intakes(chart, since, until)
    elif plan.target.kinds[:1] == ("result",) and plan.target.concepts:
        entries = series.series(chart, plan.target)
    else:
        return None
    inside = [e for e in entries if e.within(since, until) and (not plan.hours or chart.within_hours(e, plan.hours))]
    if not inside:
        if not entries:
            return None
        return absent(
            f"Not found in the record: nothing of that kind in what was asked about; the latest is of {shown(entries[-1].date)}.",
            steps,
            [source_of(entries[-1])],
        )
    if plan.ask == "when" or re.match(r"\W*when\b", text, re.IGNORECASE):
        entry = inside[0] if plan.pick == "earliest" else inside[-1]
        return Answer([Statement(f"{series.said(entry) if entry.measure else drugs.described(entry)}{clock(entry)}.", (source_of(entry),))], date(entry.date, plan.timed), steps=steps)
    return _summed([(e, v) for e in inside if (v := _volume(e)) is not None], _MILLILITRE, plan, steps)


def volumes(chart: Chart, plan: Plan) -> list[tuple[Entry, float]]:
    """What went out or in, each in mL, where the question asks of that; else none."""
    text = plan.question.text
    entries = _outputs(chart, text) if _OUT.search(text) else _intakes(chart, plan.since, plan.until) if _IN.search(text) else []
    return [(e, v) for e in entries if (v := _volume(e)) is not None]


_BALANCE = re.compile(r"\b(?:differen\w+|balance|net)\b", re.IGNORECASE)


def balance(chart: Chart, plan: Plan) -> Answer | None:
    """What went in less what came out, in a time; None where the question asks for no such difference."""
    text = plan.question.text
    if not _BALANCE.search(text) or not ((_IN.search(text) and _OUT.search(text)) or re.search(r"\bfluid balance\b", text, re.IGNORECASE)):
        return None
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    taken, lost = (
        [(e, v) for e in entries if e.within(since, until) and (not plan.hours or chart.within_hours(e, plan.hours)) and (v := _volume(e)) is not None]
        for entries in (_intakes(chart, since, until), _outputs(chart, "output"))
    )
    if not taken or not lost:
        which = "intake" if not taken else "output"
        return absent(f"Not found in the record: no {which} with a volume in what was asked about.", steps)
    into, out = (round(sum(v for _, v in pairs), 4) for pairs in (taken, lost))
    net = round(into - out, 4)
    text = f"{net:+g} {_MILLILITRE}: {into:g} {_MILLILITRE} in ({len(taken)} entries), {out:g} {_MILLILITRE} out ({len(lost)} entries)."
    return Answer([Statement(text, tuple(source_of(e) for e, _ in (*taken, *lost)))], number(net, _MILLILITRE), steps=steps)


def _outputs(chart: Chart, text: str) -> list[Entry]:
    every = [e for e in chart.entries("result") if e.measure and happened(e) and _is_output(e)]
    # A total of the day is the sum already: it would count everything twice.
    parts = [e for e in every if not re.search(r"\btotal\b|24 ?h", e.name, re.IGNORECASE)] or every
    wanted = set(stems(text))
    named = {s for e in parts for s in stems(e.name)} - _WORDS
    if wanted & named:
        return [e for e in parts if wanted & set(stems(e.name))]
    return [e for e in parts if _URINE.search(e.name)] if re.search(r"urin", text, re.IGNORECASE) else parts


def _is_output(entry: Entry) -> bool:
    category = " ".join(values.code(c).lower() for c in values.many(entry.resource.get("category")))
    return (
        category == "output"
        or "vital:urine-output" in entry.own
        or bool(re.search(r"\boutput\b", entry.name, re.IGNORECASE))
    )


def _intakes(chart: Chart, since, until) -> list[Entry]:
    measured = [
        e
        for e in chart.entries("result")
        if e.measure and happened(e) and re.search(r"\bintake\b", e.name, re.IGNORECASE)
    ]
    if any(e.within(since, until) for e in measured):
        return measured
    return [e for e in drugs.doses(chart.entries("medication")) if _volume(e) is not None] or measured


def _volume(entry: Entry) -> float | None:
    """In mL; None where the amount is no volume."""
    if entry.kind == "medication":
        amounts = entry.extra.get("amounts") or ()
        return convert(amounts[0][0], amounts[0][1], _MILLILITRE, None) if amounts else None
    return series.amount(entry, _MILLILITRE) if entry.measure and entry.measure.code else None


def _dosed(entries: list[Entry], plan: Plan, steps: list[str]) -> Answer:
    dosed = [(e, e.extra["amounts"][0]) for e in entries if e.extra.get("amounts")]
    if not dosed:
        return absent(
            "Not found in the record: no dose that was given in what was asked about.",
            steps,
            [drugs.source(e) for e in entries[-2:]],
        )
    unit = dosed[-1][1][1]
    pairs = [(e, v if u == unit else convert(v, u, unit, None)) for e, (v, u) in dosed]
    return _summed([(e, v) for e, v in pairs if v is not None], unit, plan, steps)


def _summed(pairs: Sequence[tuple[Entry, float]], unit: str, plan: Plan, steps: list[str]) -> Answer:
    if not pairs:
        return absent("Not found in the record: the amounts can't be added up.", steps)
    total = round(sum(v for _, v in pairs), 4)
    entries = [e for e, _ in pairs]
    steps.append(f"the sum of {', '.join(f'{v:g}' for _, v in pairs)}")
    names = ", ".join(dict.fromkeys(e.name for e in entries))
    text = f"{total:g} {unit} in all: {len(pairs)} entries of {names}, {shown(entries[0].date)} to {shown(entries[-1].date)}."
    return Answer([Statement(text, tuple(map(source_of, entries)))], number(total, unit), steps=steps)


def source_of(entry: Entry) -> Source:
    if entry.kind == "medication":
        return drugs.source(entry)
    return series.source(entry) if entry.measure else Source(entry, f"{entry.name} {on(entry)}")
