"""What all of them share: a gold answer from results and selectors."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.oracle import Chart, Group, Point


def golden(
    chart: Chart, results: Iterable[Result], must: Iterable[Group] = (), may: Iterable[str] = ()
) -> Gold:
    must = tuple(must)
    cited = {ref for group in must for ref in group}
    return Gold(tuple(results), must, frozenset(may) | cited | chart.reports_of(cited | set(may)))


def refs(points: Iterable[Point]) -> Group:
    return frozenset(p.ref for p in points)


def groups_of(chart: Chart, selectors: Iterable[str]) -> list[Group]:
    return [chart.group(s) for s in selectors]


def any_ref(chart: Chart, selectors: Iterable[str]) -> set[str]:
    return {ref for s in selectors for ref in chart.group(s)}


def number(point: Point) -> Result:
    return Result("number", point.value, point.unit)
