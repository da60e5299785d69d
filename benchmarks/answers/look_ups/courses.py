"""Answers from two or more numbers: trends, changes, comparisons."""

from __future__ import annotations

from benchmarks.answers.gold import Gold, Oracle, Pair, Result, Trend
from benchmarks.answers.look_ups.common import any_ref, golden, groups_of, refs
from benchmarks.answers.oracle import Chart


def trend(codes: str, direction: str | None = None, since: str = "", until: str = "9999") -> Oracle:
    """First to last; the ends must be cited, every point may be."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        ends = points[0], points[-1]
        result = Result("trend", Trend(ends[0].value, ends[1].value, direction), ends[1].unit)
        return golden(c, [result], [refs([p]) for p in ends], refs(points))

    return oracle


def change(codes: str, since: str = "", until: str = "9999") -> Oracle:
    """By how much it changed: as a number (a loss may be said without its sign), a trend or a comparison."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes, since, until)
        start, end = points[0], points[-1]
        difference = round(end.value - start.value, 6)
        results = [
            Result("number", difference, end.unit),
            Result("number", abs(difference), end.unit),
            Result("trend", Trend(start.value, end.value), end.unit),
            Result("comparison", Pair(start.value, end.value), end.unit),
        ]
        return golden(c, results, [refs([start]), refs([end])], refs(points))

    return oracle


def versus(codes: str, one: str, other: str) -> Oracle:
    """Two values by the beginnings of their dates ("" is the latest)."""

    def oracle(c: Chart) -> Gold:
        pair = [[p for p in c.points(codes) if p.date.startswith(d)][-1] for d in (one, other)]
        result = Result("comparison", Pair(pair[0].value, pair[1].value), pair[1].unit)
        return golden(c, [result], [refs([p]) for p in pair], refs(c.points(codes)))

    return oracle


def around(codes: str, day: str) -> Oracle:
    """The last value up to a day, against the first after it or the latest: both are read as "after"."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes)
        before = [p for p in points if p.day <= day][-1]
        after = [p for p in points if p.day > day]
        results = [Result("comparison", Pair(before.value, p.value), p.unit) for p in (after[0], after[-1])]
        return golden(c, results, [refs([before]), refs([after[0], after[-1]])], refs(points))

    return oracle


def more_than_then(codes: str, then: str) -> Oracle:
    """Whether the latest value is higher than the one whose date begins so; a comparison of them serves too."""

    def oracle(c: Chart) -> Gold:
        points = c.points(codes)
        last, old = points[-1], [p for p in points if p.date.startswith(then)][-1]
        results = [
            Result("boolean", last.value > old.value),
            Result("comparison", Pair(last.value, old.value), last.unit),
        ]
        return golden(c, results, [refs([last]), refs([old])], refs(points))

    return oracle


def pair(one: str | float, other: str | float, *must: str, may: tuple[str, ...] = ()) -> Oracle:
    """A comparison read by hand."""
    return lambda c: golden(c, [Result("comparison", Pair(one, other))], groups_of(c, must), any_ref(c, may))
