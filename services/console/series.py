"""Values over time as a chart and as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.bots.rag_pipeline.schemas import RAGPipelineOutput
from services.console.dates import show_moment

_PAIR = re.compile(r"(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time. `second` is the diastolic pressure; `low` and `high` are the reference range in the unit of
    `value`; `side` is "above" or "below" where the value is out of it."""

    moment: str
    date: str
    value: float
    second: float | None
    text: str
    low: float | None
    high: float | None
    side: str
    reference: str

    @property
    def range(self) -> str:
        """3.5–5.1, ≥60, or nothing."""
        if self.low is not None and self.high is not None:
            return f"{self.low:g}–{self.high:g}"
        return (
            f"≥{self.low:g}" if self.low is not None else f"≤{self.high:g}" if self.high is not None else ""
        )


@dataclass(frozen=True, slots=True)
class Series:
    """`unit` as it is shown; `left_out` counts values that have no number in that unit or no date."""

    name: str
    unit: str
    points: list[Point]
    left_out: int

    @property
    def told(self) -> str:
        """What the chart shows, in words."""
        first, last = self.points[0], self.points[-1]
        unit = f" in {self.unit}" if self.unit and self.unit != self.name else ""
        out = sum(bool(p.side) for p in self.points)
        ranged = any(p.low is not None or p.high is not None for p in self.points)
        outside = f"; {out} outside the reference range" if ranged else ""
        return (
            f"{self.name}{unit}: {len(self.points)} values from {first.date} ({first.text}) "
            f"to {last.date} ({last.text}){outside}."
        )


def series_of(output: RAGPipelineOutput, zone: str) -> Series | None:
    """The series of an answer where it has two values or more that can be drawn on one axis."""
    raw = output.series or []
    points, unit = drawn(raw, _converted(output.result), zone)
    if len(points) < 2:
        return None
    return Series(str(raw[-1].get("name") or "Value"), unit, points, len(raw) - len(points))


def drawn(raw: Sequence[dict[str, Any]], converted: dict[str, float], zone: str) -> tuple[list[Point], str]:
    """The values that can stand on one axis, oldest first, and the unit of the axis: the latest value's. Each of `raw`
    has date, value, unit, text, low, high, source; `converted` values in the axis's unit by source."""
    units = [p["unit"] for p in raw if p.get("unit")]
    unit = units[-1] if units else "mmHg" if any("mmHg" in (p.get("text") or "") for p in raw) else ""
    points = [q for p in raw if (q := _point(p, unit, converted, zone))]
    return sorted(points, key=lambda p: p.moment), unit


def _converted(result: dict[str, Any] | None) -> dict[str, float]:
    """Values that the answer brought to one unit, by source."""
    value = (result or {}).get("value")
    points = value.get("points") if isinstance(value, dict) else None
    return {p["source"]: p["value"] for p in points or [] if isinstance(p.get("value"), int | float)}


def _point(raw: dict[str, Any], unit: str, converted: dict[str, float], zone: str) -> Point | None:
    text, low, high = str(raw.get("text") or ""), raw.get("low"), raw.get("high")
    value, second = raw.get("value"), None
    if value is None and (pair := _PAIR.match(text)):
        value, second = float(pair[1]), float(pair[2])
    elif value is not None and raw.get("unit") not in (None, unit):
        value, low, high = converted.get(raw["source"]), None, None  # the range is in the other unit
    moment = raw.get("date")
    if value is None or not moment or len(moment) < 7:
        return None
    side = (
        "above" if high is not None and value > high else "below" if low is not None and value < low else ""
    )
    return Point(moment, show_moment(moment, zone), value, second, text, low, high, side, raw["source"])
