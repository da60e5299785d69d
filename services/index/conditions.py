"""What takes from a row's score, or rules it out: values, periods, sides, status, order."""

from __future__ import annotations

import datetime as dt
import math
import re

import numpy as np

from services.index.asked import Group, Weights
from services.index.features import SIDES, key
from services.index.question import Comparison, Question
from services.index.view import View
from services.knowledge.lexicon import lexicon
from services.knowledge.units import canonical

_NOT_DONE_WORDS = re.compile(
    r"\b(?:not (?:given|done|performed|taken)|refus\w+|declin\w+|overdue|missed|omitted|withheld)\b",
    re.IGNORECASE,
)
_ENDED = frozenset(
    [
        "stopped",
        "completed",
        "resolved",
        "inactive",
        "cancelled",
        "remission",
        "abated",
        "finished",
        "draft",
        "not-done",
        "on-hold",
    ]
)


def values(
    view: View, question: Question, total: np.ndarray, weights: Weights
) -> tuple[np.ndarray, np.ndarray]:
    """Values asked for ("potassium below 3"): rows that have them are judged by them alone."""
    unmet = np.zeros(len(view), bool)
    if not question.comparisons:
        return total, unmet
    met, judged = np.zeros(len(view), bool), np.zeros(len(view), bool)
    for comparison in question.comparisons:
        for concept in {comparison.concept, *lexicon().narrower(comparison.concept)}:
            rows, values = view.values_of(key(concept))
            judged[rows] = True
            met[rows[satisfies(comparison, values)]] = True
    unmet = judged & ~met
    other = view.has_values & ~judged  # a measurement of something else
    kept = total * np.where(other, weights.no_value / 2, weights.no_value)
    raised = np.where(met, 0.6 + 0.4 * total, np.where(unmet, 0.0, kept))
    return raised, unmet


def interval(comparison: Comparison) -> tuple[float, float] | None:
    """The canonical values that meet the comparison, both ends included; None where its unit can't be converted."""

    def bound(value: float) -> float:
        if not comparison.unit:
            return value
        converted = canonical(comparison.concept, value, comparison.unit)
        return converted[0] if converted else math.nan

    low = bound(comparison.value)
    high = bound(comparison.high) if comparison.op == "between" and comparison.high is not None else low
    if math.isnan(low) or math.isnan(high):
        return None
    slack = abs(low) * 1e-9  # a converted bound is not exact to the last bit
    return {
        ">": (math.nextafter(low + slack, math.inf), math.inf),
        ">=": (low - slack, math.inf),
        "<": (-math.inf, math.nextafter(low - slack, -math.inf)),
        "<=": (-math.inf, low + slack),
        "=": (low - slack, low + slack),
        "between": (min(low, high) - slack, max(low, high) + slack),
    }.get(comparison.op)


def satisfies(comparison: Comparison, values: np.ndarray) -> np.ndarray:
    """Which canonical values meet the comparison."""
    met = interval(comparison)
    return np.zeros(len(values), bool) if met is None else (values >= met[0]) & (values <= met[1])


def modifiers(view: View, question: Question, groups: tuple[Group, ...], weights: Weights) -> np.ndarray:
    n = len(view)
    factor = np.ones(n, np.float32)
    low, high = period_seconds(question)
    if low is not None or high is not None:
        inside = (view.times >= (low if low is not None else -np.inf)) & (
            view.times < (high if high is not None else np.inf)
        )
        factor *= np.where(np.isnan(view.times), weights.no_date, np.where(inside, 1.0, weights.off_period))
    if question.laterality in SIDES and question.laterality:
        factor *= _sides(view, question.laterality, groups, weights)
    if question.status == "current":
        factor *= np.array([weights.ended if _has_ended(s) else 1.0 for s in view.statuses], np.float32)
    elif question.status == "past":
        factor *= np.array([1.0 if _has_ended(s) else weights.ended for s in view.statuses], np.float32)
    if _NOT_DONE_WORDS.search(question.text):
        undone = np.array(["not-done" in (s or "") for s in view.statuses], bool)
        coded = np.array([t in ("Immunization", "Procedure") for t in view.types], bool)
        factor *= np.where(coded & ~undone, weights.not_done, 1.0)
    if question.resource_types:
        factor *= np.array(
            [1.0 if t in question.resource_types else weights.other_type for t in view.types], np.float32
        )
    for qualifier in question.qualifiers:
        _, rows = view.with_concept(key(f"flag:{qualifier}"))
        if qualifier in ("high", "low", "abnormal", "critical", "positive", "negative", "normal"):
            flagged = np.zeros(n, bool)
            flagged[rows] = True
            observed = np.array([t in ("Observation", "DiagnosticReport") for t in view.types], bool)
            factor *= np.where(flagged | ~observed, 1.0, weights.no_flag)
    return factor


def _sides(view: View, side: str, groups: tuple[Group, ...], weights: Weights) -> np.ndarray:
    """Rows that name the other side only, for what was asked, count less."""
    wanted = {SIDES[side], SIDES["bilateral"]}
    right, wrong = np.zeros(len(view), bool), np.zeros(len(view), bool)
    for group in groups:
        for concept, weight in group.reach.items():
            if weight < 0.4:
                continue
            records, rows = view.with_concept(concept)
            sided = records["side"] > 0
            good = np.isin(records["side"], list(wanted))
            right[rows[sided & good]] = True
            wrong[rows[sided & ~good]] = True
    return np.where(wrong & ~right, weights.other_side, 1.0).astype(np.float32)


def period_seconds(question: Question) -> tuple[float | None, float | None]:
    """The question's period as epoch seconds [from, before); the last day is included."""
    start, end = question.period

    def midnight(day: dt.date) -> float:
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()

    return (midnight(start) if start else None, midnight(end) + 86_400 if end else None)


def _has_ended(status: str | None) -> bool:
    return bool(status) and any(part in _ENDED for part in (status or "").lower().replace(",", " ").split())


def nearness(times: np.ndarray, about: np.ndarray, order: str) -> np.ndarray:
    """1 for what is of the newest (or first) day among the rows that match, less for what is further from it.

    The panel and the note of that day belong to the answer more than the values before it.
    """
    dated = about & ~np.isnan(times)
    if not dated.any():
        return np.ones(len(times), np.float32)
    sign = 1.0 if order == "latest" else -1.0
    best = (sign * times[dated]).max()
    same_day = sign * times >= best - 86_400
    rank = recency(sign * times)
    return np.where(same_day, 1.0, 0.5 + 0.3 * rank).astype(np.float32)


def recency(times: np.ndarray) -> np.ndarray:
    """0 (oldest or undated) to 1 (newest), by rank."""
    rank = np.zeros(len(times), np.float32)
    dated = np.flatnonzero(~np.isnan(times))
    if len(dated) > 1:
        _, place = np.unique(times[dated], return_inverse=True)
        rank[dated] = place / max(1, place.max())
    elif len(dated):
        rank[dated] = 1.0
    return rank
