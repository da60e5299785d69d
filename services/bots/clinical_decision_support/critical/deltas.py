"""Fast changes: a rise of creatinine (acute kidney injury), a fall of haemoglobin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.bots.clinical_decision_support.model import Finding, Severity, basis
from services.chart.entry import Entry
from services.knowledge.units import convert

RECENT = dt.timedelta(days=14)
"""A change that ended longer ago than this is history, not a flag."""
_LONGEST = dt.timedelta(days=8)  # seven days by the clock reach into an eighth
_KDIGO = "KDIGO Clinical Practice Guideline for Acute Kidney Injury, 2012, section 2.1"
_ISTH = "ISTH definition of major bleeding (Schulman 2005): a fall of 2 g/dL or more"


@dataclass(frozen=True, slots=True)
class _Point:
    entry: Entry
    day: dt.datetime
    value: float


def deltas(series: Mapping[str, Sequence[Entry]], today: dt.date) -> Iterator[Finding]:
    yield from _kidney(_points(series.get("lab:creatinine", ()), "mg/dL", "lab:creatinine", today), today)
    yield from _bleeding(_points(series.get("lab:hemoglobin", ()), "g/dL", "lab:hemoglobin", today), today)


def _points(entries: Sequence[Entry], unit: str, concept: str, today: dt.date) -> list[_Point]:
    """Values of the days that a rule looks at, oldest first."""
    found = []
    for entry in entries:
        if entry.first is None or not dt.timedelta(0) <= today - entry.first <= RECENT + _LONGEST:
            continue
        measure = entry.measure
        if not measure or measure.amount is None or measure.comparator:
            continue
        value = convert(measure.amount, measure.code or measure.unit, unit, concept)
        if value is not None and value > 0:
            found.append(_Point(entry, _moment(entry), value))
    return sorted(found, key=lambda p: p.day)


def _moment(entry: Entry) -> dt.datetime:
    """When it was measured; a mere day counts from its noon, half a day off at most."""
    try:
        found = dt.datetime.fromisoformat((entry.date or "").replace("Z", "+00:00"))
        if "T" in (entry.date or ""):
            return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    day = entry.first or dt.date.min
    return dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)


def _kidney(points: list[_Point], today: dt.date) -> Iterator[Finding]:
    """KDIGO: a rise of 0.3 mg/dL within 48 hours, or to 1.5 times the least within 7 days; the stage by the ratio."""
    if not points or today - points[-1].day.date() > RECENT:
        return
    last = points[-1]
    within = [p for p in points[:-1] if last.day - p.day <= dt.timedelta(days=7)]
    two_days = [p for p in within if last.day - p.day <= dt.timedelta(hours=48)]
    least = min(within, key=lambda p: p.value, default=None)
    ratio = last.value / least.value if least else 0.0
    rise = last.value - min((p.value for p in two_days), default=last.value)
    if least is None or (round(ratio, 6) < 1.5 and round(rise, 6) < 0.3):
        return
    stage = 3 if ratio >= 3 or last.value >= 4 else 2 if ratio >= 2 else 1
    severity: Severity = "critical" if stage == 3 else "high" if stage == 2 else "medium"
    yield Finding(
        "critical", "creatinine-rise", "creatinine", severity, f"Acute kidney injury, KDIGO stage {stage}",
        f"Creatinine rose from {_text(least)} to {_text(last)} within {_days(least, last)}.",
        "Look for the cause, stop or adapt what harms the kidney or is cleared by it, and repeat creatinine and potassium.",
        (basis(last.entry), basis(least.entry)), _KDIGO,
    )  # fmt: skip


def _bleeding(points: list[_Point], today: dt.date) -> Iterator[Finding]:
    if not points or today - points[-1].day.date() > RECENT:
        return
    last = points[-1]
    before = [p for p in points[:-1] if last.day - p.day <= dt.timedelta(days=7)]
    most = max(before, key=lambda p: p.value, default=None)
    if most is None or round(most.value - last.value, 6) < 2:
        return
    yield Finding(
        "critical", "hemoglobin-fall", "hemoglobin", "high", "Fast fall of hemoglobin",
        f"Hemoglobin fell from {_text(most)} to {_text(last)} within {_days(most, last)}.",
        "Look for bleeding or haemolysis, and repeat the blood count.",
        (basis(last.entry), basis(most.entry)), _ISTH,
    )  # fmt: skip


def _text(point: _Point) -> str:
    return point.entry.measure.text if point.entry.measure else ""


def _days(one: _Point, other: _Point) -> str:
    hours = (other.day - one.day).total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{hours / 24:.0f} days"
