"""Gold from numbers of a foreign chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from statistics import fmean

from benchmarks.answers.foreign.record import Record, Window, local
from benchmarks.answers.gold import Gold, Pair, Result, Trend
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.look_ups.measured import OPERATORS
from benchmarks.answers.oracle import Point

Oracle = Callable[[Record], Gold]
NOTHING = Gold(())

# How the same unit is written elsewhere; ions of one charge have as many mEq as mmol. None: any or none.
_ALSO = {
    "mEq/L": ("mmol/L",), "IU/L": ("U/L",), "mm Hg": ("mm[Hg]",), "insp/min": ("/min",), "units": (None,), "": (None,),
    "{score}": (None,), "mg/g": (None,), "mL": ("ml",), "1": (None,),
}  # fmt: skip


def rounding(value: float) -> float:
    """How far off a number may be where the record has more decimals than anybody says aloud."""
    if round(value, 3) == value:
        return 0.0
    return 0.51 if abs(value) >= 100 else 0.051


def amounts(value: float, unit: str, loose: float | None = None) -> list[Result]:
    loose = rounding(value) if loose is None else loose
    return [Result("number", value, u, loose) for u in (unit, *_ALSO.get(unit, ()))]


def _one(r: Record, point: Point, may: Iterable[Point] = ()) -> Gold:
    return golden(r, amounts(point.value, point.unit), [refs([point])], refs(may))


def value(codes: str, which: int = -1, window: Window | None = None) -> Oracle:
    """The last (or `which`) value; without one there is no answer."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not -len(points) <= which < len(points):
            return NOTHING
        point = points[which]
        same = [p for p in points if p.date == point.date and p.value == point.value]
        return golden(r, amounts(point.value, point.unit), [refs(same)], refs(same))

    return oracle


def peak(codes: str, which: Callable[..., float], window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        best = which(p.value for p in points)
        at = [p for p in points if p.value == best]
        return golden(r, amounts(best, at[0].unit), [refs(at)])

    return oracle


def peak_day(codes: str, which: Callable[..., float], window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        best = which(p.value for p in points)
        at = [p for p in points if p.value == best]
        return golden(r, [Result("date", p.date[:10]) for p in at], [refs(at)])

    return oracle


def average(codes: str, window: Window | None = None, last: int = 0) -> Oracle:
    """As near as people round it; no answer where there is nothing to average."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)[-last:]
        if not points:
            return NOTHING
        mean = fmean(p.value for p in points)
        return golden(
            r, amounts(mean, points[-1].unit, 0.5 if mean >= 20 else 0.05), [refs([p]) for p in points]
        )

    return oracle


def total(codes: str, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not points:
            return NOTHING
        return golden(r, amounts(sum(p.value for p in points), points[-1].unit), [refs([p]) for p in points])

    return oracle


def how_often(
    codes: str, window: Window | None = None, op: str = ">", limit: float = float("-inf")
) -> Oracle:
    """How many values there are, of those beyond a limit."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        found = [p for p in points if OPERATORS[op](p.value, limit)]
        return golden(r, [Result("number", float(len(found)))], [refs([p]) for p in found], refs(points))

    return oracle


def ever(codes: str, op: str, limit: float, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        found = [p for p in points if OPERATORS[op](p.value, limit)]
        return golden(r, [Result("boolean", bool(found))], [refs(found)] if found else [], refs(points))

    return oracle


def measured(codes: str, window: Window | None = None) -> Oracle:
    """Whether there is a value at all."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        return golden(r, [Result("boolean", bool(points))], [refs(points)] if points else [])

    return oracle


def day(codes: str, which: int = -1, window: Window | None = None) -> Oracle:
    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not points:
            return NOTHING
        at = points[which].date[:10]
        return golden(r, [Result("date", at)], [refs(p for p in points if p.date[:10] == at)])

    return oracle


def minute(codes: str, which: int = -1, window: Window | None = None) -> Oracle:
    """The time to the minute, as it is written."""

    def oracle(r: Record) -> Gold:
        point = r.series(codes, window)[which]
        return golden(r, [Result("date", local(point.date))], [refs([point])])

    return oracle


def passing(codes: str, op: str, limit: float, which: int = 0, window: Window | None = None) -> Oracle:
    """The day of the first (or `which`) value beyond a limit."""

    def oracle(r: Record) -> Gold:
        points = [p for p in r.series(codes, window) if OPERATORS[op](p.value, limit)]
        at = points[which].date[:10]
        return golden(r, [Result("date", at)], [refs(p for p in points if p.date[:10] == at)])

    return oracle


def difference(codes: str, late: int, early: int, window: Window | None = None) -> Oracle:
    """Between two values of a series by position: as a number (its sign may be left out), both values, or a trend."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not (-len(points) <= min(late, early) and max(late, early) < len(points)):
            return NOTHING
        a, b = points[late], points[early]
        gap = round(a.value - b.value, 9)
        loose = 2 * max(rounding(a.value), rounding(b.value))
        results = [
            *amounts(gap, a.unit, loose),
            *amounts(abs(gap), a.unit, loose),
            Result("comparison", Pair(a.value, b.value)),
            Result("trend", Trend(b.value, a.value)),
        ]
        return golden(r, results, [refs([a]), refs([b])], refs(points))

    return oracle


def greater(codes: str, late: int, early: int, window: Window | None = None) -> Oracle:
    """Whether the later of two values is the greater one; a comparison or trend of both serves too."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        a, b = points[late], points[early]
        results = [
            Result("boolean", a.value > b.value),
            Result("comparison", Pair(a.value, b.value)),
            Result("trend", Trend(b.value, a.value)),
        ]
        return golden(r, results, [refs([a]), refs([b])], refs(points))

    return oracle


def compare(codes: str, one: Window, other: Window) -> Oracle:
    """The last value of one period beside the last of another."""

    def oracle(r: Record) -> Gold:
        a, b = r.series(codes, one)[-1], r.series(codes, other)[-1]
        gap = a.value - b.value
        results = [
            Result("comparison", Pair(a.value, b.value)),
            Result("trend", Trend(b.value, a.value)),
            *amounts(gap, a.unit, 2 * rounding(a.value)),
            *amounts(abs(gap), a.unit, 2 * rounding(a.value)),
        ]
        return golden(r, results, [refs([a]), refs([b])], refs(r.series(codes)))

    return oracle


def course(codes: str, direction: str | None = None, window: Window | None = None) -> Oracle:
    """First to last; `direction` only where nobody would argue. Every value may be cited, the ends must be."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        first, last = points[0], points[-1]
        results = [Result("trend", Trend(first.value, last.value, direction))]
        return golden(r, results, [refs([first]), refs([last])], refs(points))

    return oracle


def values(codes: str, window: Window | None = None, last: int = 0) -> Oracle:
    """Every value of a period, or the last so many: as a list, or (two or more) as a trend."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)[-last:]
        results = [Result("list", tuple(refs([p]) for p in points))]
        if len(points) > 1:
            results.append(Result("trend", Trend(points[0].value, points[-1].value)))
        return golden(r, results, [refs([p]) for p in points])

    return oracle


def days_since(codes: str, which: int = -1) -> Oracle:
    def oracle(r: Record) -> Gold:
        point = r.series(codes)[which]
        days = (r.today - dt.date.fromisoformat(point.date[:10])).days
        return golden(r, [Result("number", float(days), "d", 1)], [refs([point])])

    return oracle


def pressure(
    which: int = -1, window: Window | None = None, top: str = "8480-6", low: str = "8462-4"
) -> Oracle:
    """Both numbers of one reading: in words "128/76", as a list of the readings, or as a pair."""

    def oracle(r: Record) -> Gold:
        tops, lows = r.series(top, window), r.series(low, window)
        if not tops or not lows:
            return NOTHING
        a, b = tops[which], next(p for p in lows if p.date == tops[which].date)
        both = refs([a, b])
        results = [
            Result("text", (f"{a.value:g}/{b.value:g}", f"{a.value:g} / {b.value:g}")),
            Result("list", (both,) if a.ref == b.ref else (refs([a]), refs([b]))),
            Result("comparison", Pair(a.value, b.value)),
        ]
        return golden(r, results, [both])

    return oracle


def last_with_day(codes: str, window: Window | None = None) -> Oracle:
    """For "most recent … and when": the value or its day; an item of a list gives both."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not points:
            return NOTHING
        point = points[-1]
        results = [
            *amounts(point.value, point.unit),
            Result("date", point.date[:10]),
            Result("list", (refs([point]),)),
        ]
        return golden(r, results, [refs([point])])

    return oracle


def among(*oracles: Oracle) -> Oracle:
    """A question that may be read in several ways; what must be cited is the first reading's."""

    def oracle(r: Record) -> Gold:
        golds = [reading(r) for reading in oracles]
        results = tuple(x for g in golds for x in g.results)
        return Gold(results, golds[0].must, frozenset().union(*(g.may for g in golds)))

    return oracle
