"""One value for each day, month, year or stay: "the daily average", "peak creatinine each admission", "the highest daily output"."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence

from services.bots.rag_pipeline import series, sums
from services.bots.rag_pipeline.answer import Answer, Source, Statement, absent, number, shown
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.stays import Stay, stays
from services.knowledge.time_words import MONTHS

_OF = {
    "mean": r"average[ds]?|mean|avg", "highest": r"max(?:imum|imal)?|highest|peak|greatest|largest|top|worst", "lowest": r"min(?:imum|imal)?|lowest|nadir|smallest",
    "median": r"median", "sum": r"total|sum", "latest": r"last|latest|final|discharge", "earliest": r"first|initial|admission",
}  # fmt: skip
_STATISTIC = "|".join(_OF.values())
_STAY = r"(?:hospital )?(?:admissions?|stays?|hospitali[sz]ations?)"
_ASKED = re.compile(
    rf"\b(?:per|each|every|for each|by|in each|on each|of each|during each) (?P<each>day|month|year|calendar year|{_STAY})\b"
    rf"|\b(?P<adjective>daily|monthly|yearly|annual)(?= (?:(?:{_STATISTIC}|values?|amount)\b|(?:urine |fluid )?(?:outputs?|intakes?|inputs?)\b))"
    r"|\b(?:mean|peak|average|max|min|maximum|minimum|highest|lowest) (?P<after>daily|monthly|yearly|annual)\b",
    re.IGNORECASE,
)
_UNITS = {"daily": "day", "monthly": "month", "yearly": "year", "annual": "year", "calendar year": "year"}
_LENGTH = {"day": 10, "month": 7, "year": 4}
_MONTH_NAMES = {n: name for name, n in MONTHS.items() if len(name) == 3}
Pair = tuple[Entry, float]


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for no such row of values."""
    asked = _ASKED.search(plan.question.text)
    volume = sums.volumes(chart, plan)
    if asked is None or not (volume or (plan.target.kinds[:1] == ("result",) and len(plan.target.concepts) == 1)):
        return None
    inner, outer = _statistics(plan.question.text, asked, bool(volume))
    if plan.ask == "count" and not volume:
        inner = inner or "count"
    if not inner or plan.ask not in ("value", "list", "count", "trend", "compare", "dose", "status"):
        return None
    (since, until), steps, found = window(chart, plan)
    pairs, unit = (volume, "mL") if volume else series.numbers(series.series(chart, plan.target))
    if not pairs:
        return None
    pairs = [(e, v) for e, v in pairs if e.within(since, until)]
    if not found or not pairs:
        return absent("Not found in the record: no value in what was asked about.", steps)
    word = (asked["each"] or asked["adjective"] or asked["after"]).lower()
    word = "stay" if re.search(r"admi|stay|hospi", word) else _UNITS.get(word, word)
    groups = _by_stay(chart, pairs) if word == "stay" else _by_date(pairs, word)
    if not groups:
        return absent("Not found in the record: no value during any stay.", steps)
    rows = [(label, _reduced(inner, held), held) for label, held in groups]
    steps = [*steps, f"{inner} of each {word}: {len(rows)} of them"]
    if outer or len(rows) == 1:
        return _over(outer, inner, word, rows, unit, steps)
    name = pairs[-1][0].name
    unit = "" if inner == "count" else unit
    statements = [Statement(f"{label}: {value:g} {_unit(held, unit)}".strip() + (f" ({name})." if inner == "count" else f", {inner} of {len(held)} ({name})."), _sources(held, value, inner)) for label, value, held in rows]
    items = [{"text": f"{label}: {value:g} {_unit(held, unit)}".strip(), "value": value, "unit": unit or None, "source": held[-1][0].reference} for label, value, held in rows]
    return Answer(statements, {"type": "list", "value": [i["text"] for i in items], "items": items}, steps=steps, series=[e for e, _ in pairs])


def _statistics(text: str, asked: re.Match[str], volume: bool) -> tuple[str, str]:
    """(of the values of one day, over the days). Of "the highest daily average" the first is taken over the second."""
    plain = f"{text[: asked.start()]} {text[asked.end() :]}" if asked["each"] else text
    told = [(m.start(), next(n for n, p in _OF.items() if re.fullmatch(p, m[0], re.IGNORECASE))) for m in re.finditer(rf"\b(?:{_STATISTIC})\b", plain, re.IGNORECASE)]
    names = list(dict.fromkeys(name for _, name in sorted(told)))
    if volume:
        over = [n for n in names if n != "sum"]
        return "sum", (over[0] if over else "")
    if len(names) > 1:
        return names[1], names[0]
    return (names[0], "") if names else ("", "")


def _by_date(pairs: Sequence[Pair], unit: str) -> list[tuple[str, list[Pair]]]:
    groups: dict[str, list[Pair]] = {}
    for entry, value in pairs:
        if len(entry.date or "") >= _LENGTH[unit]:
            groups.setdefault((entry.date or "")[: _LENGTH[unit]], []).append((entry, value))
    return [(shown(day) if unit == "day" else f"{_MONTH_NAMES[int(day[5:7])].title()}-{day[:4]}" if unit == "month" else day, held) for day, held in sorted(groups.items())]


def _by_stay(chart: Chart, pairs: Sequence[Pair]) -> list[tuple[str, list[Pair]]]:
    found = [(f"{shown(s.start)} to {shown(s.end) if s.end else 'now'}", [(e, v) for e, v in pairs if _held(s, e)]) for s in stays(chart)]
    return [(label, held) for label, held in found if held]


def _held(stay: Stay, entry: Entry) -> bool:
    """By the encounter that the entry names, else by its day."""
    named = entry.resource.get("encounter") or entry.resource.get("context")
    return stay.holds(entry) if named else entry.within(stay.first, stay.last)


_REDUCED: dict[str, Callable[[list[float]], float]] = {
    "mean": statistics.fmean, "median": statistics.median, "highest": max, "lowest": min, "sum": sum, "count": len, "latest": lambda v: v[-1], "earliest": lambda v: v[0],
}  # fmt: skip


def _reduced(name: str, pairs: Sequence[Pair]) -> float:
    return round(_REDUCED[name]([v for _, v in pairs]), 2)


def _over(outer: str, inner: str, word: str, rows: list[tuple[str, float, list[Pair]]], unit: str, steps: list[str]) -> Answer:
    """One value of the row, or the only one."""
    if len(rows) == 1:
        label, value, held = rows[0]
        text = f"{held[-1][0].name}, {inner} of {len(held)}: {value:g} {_unit(held, unit)} ({label})."
        return Answer([Statement(text, _sources(held, value, inner))], number(value, unit or None), steps=steps, series=[e for e, _ in held])
    value = round(_REDUCED[outer]([v for _, v, _ in rows]), 2)
    row = next((r for r in reversed(rows) if r[1] == value), None) if outer in ("highest", "lowest") else None
    chosen = [row] if row else rows
    held = [p for r in chosen for p in r[2]]
    where = f", {row[0]}" if row else ""
    text = f"The {outer} of {len(rows)} values ({inner} of each {word}) is {value:g} {_unit(held, unit)}{where} ({held[-1][0].name})."
    return Answer([Statement(text, tuple(_source(e) for e, _ in held))], number(value, unit or None), steps=steps, series=[e for _, _, h in rows for e, _ in h])


def _sources(held: Sequence[Pair], value: float, inner: str) -> tuple[Source, ...]:
    exact = [e for e, v in held if v == value] if inner in ("highest", "lowest", "latest", "earliest") else []
    return tuple(map(_source, exact[-1:] or [e for e, _ in held]))


def _source(entry: Entry) -> Source:
    return series.source(entry) if entry.measure else sums.source_of(entry)


def _unit(held: Sequence[Pair], unit: str) -> str:
    measure = held[-1][0].measure
    return measure.unit if unit and measure and measure.unit and measure.code == unit else unit
