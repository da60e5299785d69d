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
from services.bots.rag_pipeline.series import PRESSURE, amount, result_of, source
from services.chart.chart import Chart
from services.chart.entry import Entry


def _numbers(entries: list[Entry]) -> tuple[list[tuple[Entry, float]], str]:
    unit = next((e.measure.code for e in reversed(entries) if e.measure and e.measure.amount is not None), "")
    pairs = [
        (e, v)
        for e in entries
        if (v := amount(e, unit)) is not None and not (e.measure and e.measure.comparator)
    ]
    return pairs, unit


def statistic(entries: list[Entry], pick: str, steps: list[str]) -> Answer:
    if PRESSURE in entries[-1].own and entries[-1].measure and entries[-1].measure.amount is None:
        return _pressure_mean(entries, steps)
    pairs, unit = _numbers(entries)
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
    read = [p for e in entries if e.measure and (p := _pair(e.measure.text))]
    if not read:
        return absent("The blood pressures are not numbers that can be averaged.", steps)
    top, bottom = statistics.fmean(a for a, _ in read), statistics.fmean(b for _, b in read)
    text = f"The mean of {len(read)} blood pressures is {top:.0f}/{bottom:.0f} mmHg ({shown(entries[0].date)} to {shown(entries[-1].date)})."
    found = words(f"{top:.0f}/{bottom:.0f} mmHg")
    return Answer([Statement(text, tuple(map(source, entries)))], found, steps=steps, series=entries)


def _pair(text: str) -> tuple[float, float] | None:
    head = text.split()[0] if text else ""
    top, slash, bottom = head.partition("/")
    try:
        return (float(top), float(bottom)) if slash else None
    except ValueError:
        return None


def extreme_of(entries: list[Entry], pick: str) -> Entry | None:
    if PRESSURE in entries[-1].own:
        pairs = [(e, p[0]) for e in entries if e.measure and (p := _pair(e.measure.text))]
    else:
        unit = next(
            (e.measure.code for e in reversed(entries) if e.measure and e.measure.amount is not None), ""
        )
        pairs = [(e, v) for e in entries if (v := amount(e, unit)) is not None]
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
