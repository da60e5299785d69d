"""What was measured of a patient, one series for each thing: latest value, course, reference range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.chart.chart import Chart
from services.chart.entry import Entry
from services.console.dates import show_moment
from services.console.memo import Memo
from services.console.series import Point, Series, drawn
from services.index.text import values
from services.knowledge.units import convert

VITALS, LABS, OTHERS = "Vital signs", "Laboratory", "Other findings"
_FIRST = ("blood-pressure", "systolic", "diastolic", "heart-rate", "respiratory-rate", "oxygen-saturation", "body-temperature",
          "body-weight", "body-height", "body-mass-index")  # fmt: skip
"""The order in which vital signs are read."""
_PAIR = re.compile(r"\d+(?:\.\d+)?/\d+(?:\.\d+)?(?:\s|$)")
_HIGH = frozenset({"H", "HH", "HU", "A", "AA", "POS", "DET", "RR", ">"})
_LOW = frozenset({"L", "LL", "LU", "<"})
_CRITICAL = frozenset({"HH", "LL", "AA"})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is measured. `flag`: "", "low", "high", "abnormal", "critically high" …; `series` where there are
    two values or more that can be drawn; `before` is the value before the latest."""

    key: str
    name: str
    latest: str
    date: str
    flag: str
    range: str
    before: str
    reference: str
    count: int
    series: Series | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """By group, what is out of range first, then the newest."""

    groups: tuple[tuple[str, tuple[Line, ...]], ...]

    def line(self, key: str) -> Line | None:
        return next((line for _, lines in self.groups for line in lines if line.key == key), None)


_MADE: Memo[Measured] = Memo(64)


def measured(chart: Chart, zone: str) -> Measured:
    """The same object for as long as no result of the chart changed."""
    results = chart.entries("result")
    return _MADE.of(results, zone, lambda: _measured(results, zone))


def _measured(results: list[Entry], zone: str) -> Measured:
    found: dict[tuple[str, str], list[Entry]] = {}
    pairs = {e.reference for e in results if not e.part and _is_pair(e)}
    for entry in results:
        if entry.measure is None or (entry.part and entry.reference in pairs):
            continue
        if not entry.part and entry.measure.element == "component" and entry.reference not in pairs:
            continue  # its components stand for it
        group = _group(entry)
        found.setdefault((group, _key(entry)), []).append(entry)
    lines: dict[str, list[tuple[str, Line]]] = {VITALS: [], LABS: [], OTHERS: []}
    for (group, key), entries in found.items():
        lines[group].append((entries[-1].date or "", _line(key, entries, zone)))
    ordered = []
    for group, held in lines.items():
        held.sort(key=lambda item: item[0], reverse=True)
        if group == VITALS:
            held.sort(key=lambda item: _place(item[1].key))
        held.sort(key=lambda item: (not item[1].flag.startswith("critically"), not item[1].flag))
        if held:
            ordered.append((group, tuple(line for _, line in held)))
    return Measured(tuple(ordered))


def _place(key: str) -> int:
    name = key.partition(":")[2]
    return next((place for place, first in enumerate(_FIRST) if name.startswith(first)), len(_FIRST))


def _is_pair(entry: Entry) -> bool:
    return (
        entry.measure is not None and entry.measure.amount is None and bool(_PAIR.match(entry.measure.text))
    )


def _key(entry: Entry) -> str:
    own = sorted(entry.own)
    return own[0] if own else f"name:{' '.join(entry.name.lower().split())}"


def _group(entry: Entry) -> str:
    categories = {code for _, code in values.codings(entry.resource.get("category"))}
    if "vital-signs" in categories:
        return VITALS
    if "laboratory" in categories:
        return LABS
    if categories & {"social-history", "survey", "exam", "imaging", "procedure", "therapy", "activity"}:
        return OTHERS
    prefix = _key(entry).partition(":")[0]
    return {"vital": VITALS, "lab": LABS}.get(prefix, OTHERS)


def _line(key: str, entries: list[Entry], zone: str) -> Line:
    last = entries[-1]
    measure = last.measure
    assert measure is not None
    raw = [_raw(e) for e in entries]
    points, unit = drawn(raw, _converted(raw, str(raw[-1]["unit"] or ""), key), zone)
    series = Series(last.name, unit, points, len(raw) - len(points)) if len(points) > 1 else None
    before = entries[-2] if len(entries) > 1 else None
    return Line(
        key, last.name, measure.text, show_moment(last.date, zone), _flag(last, points[-1] if points else None),
        measure.range_text, f"{before.measure.text} on {show_moment(before.date, zone)}" if before and before.measure else "",
        last.reference, len(entries), series, tuple(points),
    )  # fmt: skip


def _raw(entry: Entry) -> dict:
    measure = entry.measure
    assert measure is not None
    return {
        "date": entry.date, "value": measure.amount, "unit": measure.code or measure.unit, "text": measure.text,
        "low": measure.low, "high": measure.high, "source": entry.reference, "name": entry.name,
    }  # fmt: skip


def _converted(raw: Iterable[dict], unit: str, concept: str) -> dict[str, float]:
    """Values in other units than the latest one's, brought to it where that is possible."""
    found = {}
    for point in raw:
        if point["value"] is not None and point["unit"] and point["unit"] != unit:
            value = convert(point["value"], point["unit"], unit, concept)
            if value is not None:
                found[point["source"]] = value
    return found


def _flag(entry: Entry, point: Point | None) -> str:
    """What the laboratory says comes before what the range says."""
    marks = set(entry.measure.marks if entry.measure else ())
    critical = "critically " if marks & _CRITICAL else ""
    if marks & _LOW:
        return f"{critical}low"
    if marks & {"A", "AA", "POS", "DET", "RR"}:
        return f"{critical}abnormal"
    if marks & _HIGH:
        return f"{critical}high"
    if marks & {"N", "NEG", "ND"} or point is None or point.reference != entry.reference:
        return ""
    return {"above": "high", "below": "low"}.get(point.side, "")
