"""Answers from numbers: the last, the highest, how many, above a limit."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from statistics import fmean

from benchmarks.answers.gold import Gold, Oracle, Result, Trend
from benchmarks.answers.look_ups.common import golden, number, refs
from benchmarks.answers.oracle import Chart

OPERATORS: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip


def latest(codes: str, since: str = "", until: str = "9999") -> Oracle:
    def oracle(c: Chart) -> Gold:
        last = c.points(codes, since, until)[-1]
        return golden(c, [number(last)], [refs([last])])

    return oracle


def first(codes: str, since: str = "") -> Oracle:
    def oracle(c: Chart) -> Gold:
        point = c.points(codes, since)[0]
        return golden(c, [number(point)], [refs([point])])

    return oracle


def latest_day(codes: str) -> Oracle:
    def oracle(c: Chart) -> Gold:
        last = c.points(codes)[-1]
        return golden(c, [Result("date", last.day)], [refs([last])])

    return oracle


def extreme(codes: str, which: Callable[..., float], since: str = "", until: str = "9999") -> Oracle:
    """The highest (`max`) or lowest (`min`) value; any of equal ones may be cited."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        value = which(p.value for p in points)
        best = [p for p in points if p.value == value]
        return golden(c, [number(best[-1])], [refs(best)])

    return oracle


def extreme_day(codes: str, which: Callable[..., float], since: str = "", until: str = "9999") -> Oracle:
    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        value = which(p.value for p in points)
        best = [p for p in points if p.value == value]
        return golden(c, [Result("date", p.day) for p in best], [refs(best)])

    return oracle


def mean(codes: str, *, last: int = 0, since: str = "", until: str = "9999") -> Oracle:
    """Of the last so many readings or of a period; as near as people round it."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)[-last:]
        value = fmean(p.value for p in points)
        return golden(
            c,
            [Result("number", value, points[-1].unit, 0.5 if value >= 20 else 0.05)],
            [refs([p]) for p in points],
        )

    return oracle


def ever(codes: str, op: str, limit: float, since: str = "", until: str = "9999") -> Oracle:
    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        found = [p for p in points if OPERATORS[op](p.value, limit)]
        return golden(c, [Result("boolean", bool(found))], [refs(found)] if found else [], refs(points))

    return oracle


def last_is(codes: str, op: str, limit: float) -> Oracle:
    """Whether the latest value lies so."""

    def oracle(c: Chart) -> Gold:
        last = c.points(codes)[-1]
        return golden(c, [Result("boolean", OPERATORS[op](last.value, limit))], [refs([last])])

    return oracle


def out_of_range(codes: str, side: str = "either") -> Oracle:
    """Whether the latest value lies outside the limits reported with it: on the "low" or "high" side, or either."""

    def oracle(c: Chart) -> Gold:
        p = c.points(codes)[-1]
        sides = {
            "low": p.low is not None and p.value < p.low,
            "high": p.high is not None and p.value > p.high,
            "either": p.abnormal,
        }
        return golden(c, [Result("boolean", sides[side])], [refs([p])])

    return oracle


def how_often(codes: str, op: str, limit: float, since: str = "", until: str = "9999") -> Oracle:
    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        found = [p for p in points if OPERATORS[op](p.value, limit)]
        return golden(c, [Result("number", float(len(found)))], [refs([p]) for p in found], refs(points))

    return oracle


def measured(codes: str, since: str = "", until: str = "9999") -> Oracle:
    """How many times."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        return golden(c, [Result("number", float(len(points)))], [refs([p]) for p in points])

    return oracle


def listed(codes: str, since: str = "", until: str = "9999") -> Oracle:
    """Every value of a period, as a list or as a trend."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        values = Result("list", tuple(refs([p]) for p in points))
        series = Result("trend", Trend(points[0].value, points[-1].value))
        return golden(c, [values, series], [refs([p]) for p in points])

    return oracle


def beside(codes: str, other: str, which: Callable[..., float]) -> Oracle:
    """The value on the day when another was highest or lowest."""

    def oracle(c: Chart) -> Gold:
        others = c.points(other)
        peak = next(p for p in others if p.value == which(o.value for o in others))
        point = c.points(codes, peak.day, peak.day)[-1]
        return golden(c, [number(point)], [refs([point])], {peak.ref})

    return oracle


def abnormal_on(day: str, names: Iterable[str] = ()) -> Oracle:
    """Laboratory results of a day outside their limits. An eGFR or other result without limits can't be."""

    def oracle(c: Chart) -> Gold:
        codes = {
            name
            for r in c.select(f"Observation@{day}")
            for name in [r["code"]["text"]]
            if not names or name in names
        }
        found = [p for name in sorted(codes) for p in c.points(name, day, day) if p.abnormal]
        groups = [refs([p]) for p in found]
        return golden(c, [Result("list", tuple(groups))], groups)

    return oracle
