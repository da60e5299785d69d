"""Mean, median, highest and lowest of a series."""

from __future__ import annotations

import statistics

from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    number,
    on,
    shown,
    words,
)
from services.bots.rag_pipeline.series import PRESSURE, numbers, pressures, result_of, source
from services.chart.chart import Chart
from services.chart.entry import Entry


def statistic(entries: list[Entry], pick: str, steps: list[str]) -> Answer:
    if PRESSURE in entries[-1].own and entries[-1].measure and entries[-1].measure.amount is None:
        return _pressure_mean(entries, steps)
    every, unit = numbers(entries)
    pairs = [(e, v) for e, v in every if not (e.measure and e.measure.comparator)]
    if not pairs:
        return absent(
            "The values are not numbers that can be averaged.", steps, list(map(source, entries[-3:]))
        )
    figures = [v for _, v in pairs]
    found = statistics.fmean(figures) if pick == "mean" else statistics.median(figures)
    found = round(found, 2)
    shown_unit = f" {pairs[-1][0].measure.unit}" if pairs[-1][0].measure and pairs[-1][0].measure.unit else ""
    steps.append(f"{pick} of {', '.join(f'{v:g}' for v in figures)}")
    text = f"The {pick} of {len(figures)} {entries[-1].name} values is {found:g}{shown_unit} ({shown(pairs[0][0].date)} to {shown(pairs[-1][0].date)})."
    return Answer(
        [Statement(text, tuple(source(e) for e, _ in pairs))],
        number(found, unit),
        steps=steps,
        series=entries,
    )


def _pressure_mean(entries: list[Entry], steps: list[str]) -> Answer:
    read = [pair for _, pair in pressures(entries)]
    if not read:
        return absent("The blood pressures are not numbers that can be averaged.", steps)
    top, bottom = statistics.fmean(a for a, _ in read), statistics.fmean(b for _, b in read)
    text = f"The mean of {len(read)} blood pressures is {top:.0f}/{bottom:.0f} mmHg ({shown(entries[0].date)} to {shown(entries[-1].date)})."
    found = words(f"{top:.0f}/{bottom:.0f} mmHg")
    return Answer([Statement(text, tuple(map(source, entries)))], found, steps=steps, series=entries)


def picked(entries: list[Entry], pick: str) -> Entry:
    """The one of them that is asked for: highest, lowest, earliest, else the latest."""
    if pick in ("highest", "lowest"):
        return extreme_of(entries, pick) or entries[-1]
    return entries[0] if pick == "earliest" else entries[-1]


def extreme_of(entries: list[Entry], pick: str) -> Entry | None:
    """The latest of the highest or lowest values; None where none is a number."""
    if PRESSURE in entries[-1].own:
        pairs = [(e, top) for e, (top, _) in pressures(entries)]
    else:
        pairs, _ = numbers(entries)
    if not pairs:
        return None
    best = (max if pick == "highest" else min)(v for _, v in pairs)
    return next(e for e, v in reversed(pairs) if v == best)


def extreme(chart: Chart, entries: list[Entry], pick: str, steps: list[str]) -> Answer:
    entry = extreme_of(entries, pick)
    if entry is None:
        return absent(
            f"The {entries[-1].name} results are not numbers.", steps, list(map(source, entries[-3:]))
        )
    steps.append(f"the {pick} of {len(entries)} values")
    text = f"The {pick} {entry.name} of {len(entries)} is {entry.measure.text if entry.measure else ''} {on(entry)}."
    return Answer([Statement(text, (source(entry),))], result_of(entry), steps=steps, series=entries)
