"""Is the bot's output right? By the result, the citations and whether it answered at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from benchmarks.answers.gold import Gold, Pair, Question, Result, Summary, Trend
from benchmarks.answers.units import converted, same_unit

Output = dict[str, Any]
_QUOTATION = 400  # characters: a whole note holds many answers and gives none
_DURATIONS = ("d", "wk", "mo", "a")


@dataclass(frozen=True)
class Verdict:
    """`citations` is the F1 over what had to be cited; None where nothing had to or nothing was answered."""

    question: Question
    output: Output
    answered: bool
    exact: bool
    citations: float | None

    @property
    def right(self) -> bool:
        """Exact, or rightly without an answer."""
        return self.exact if self.question.gold.answerable else not self.answered

    @property
    def confidence(self) -> float:
        return float(self.output.get("confidence") or 0.0)


def judge(question: Question, output: Output) -> Verdict:
    answered = bool(output.get("answered"))
    gold = question.gold
    exact = answered and any(matches(r, output) for r in gold.results)
    cited = {c["source"].split("/_history/")[0] for c in output.get("citations") or []}
    f1 = citation_f1(gold, cited) if gold.answerable and gold.must else None
    return Verdict(question, output, answered, exact, f1)


def citation_f1(gold: Gold, cited: set[str]) -> float:
    """Precision over what was cited against must and may, recall over must."""
    if not cited:
        return 0.0
    precision = len(cited & gold.may) / len(cited)
    recall = sum(bool(group & cited) for group in gold.must) / len(gold.must)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def matches(gold: Result, output: Output) -> bool:
    """Whether the output's result is this one."""
    result = output.get("result") or {}
    if gold.kind == "summary":
        return _summary(gold.value, output.get("answer") or "")
    if gold.kind == "text":
        said = _flat(result.get("value"))
        short = result.get("type") in ("text", "list") and len(said) <= _QUOTATION
        return short and any(_in(_flat(a), said) for a in gold.value)
    if result.get("type") != gold.kind:
        return False
    value, unit = result.get("value"), result.get("unit")
    match gold.kind:
        case "number":
            return _number(gold, value, unit)
        case "date":
            return isinstance(value, str) and value.startswith(gold.value)
        case "boolean":
            return value is gold.value
        case "list":
            return _list(gold, {i.get("source", "") for i in result.get("items") or []})
        case "trend":
            return _trend(gold, value, unit)
        case "comparison":
            return _comparison(gold, value, unit)
    return False


def _flat(text: Any) -> str:
    if isinstance(text, list):
        text = "; ".join(map(str, text))
    return re.sub(r"\s+", " ", str(text)).casefold()


def _in(piece: str, text: str) -> bool:
    """Whether the text holds the piece from the beginning of a word on, and a number as a whole."""
    ends = r"(?!\.?\d)" if piece[-1:].isdigit() else ""
    return re.search(rf"(?<![\w.]){re.escape(piece)}{ends}", text) is not None


def _number(gold: Result, value: Any, unit: str | None) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if gold.unit is None:
        return math.isclose(value, gold.value, abs_tol=gold.loose + 1e-9)
    if gold.loose and gold.unit == "d" and same_unit(unit) in _DURATIONS:
        return _duration(gold, float(value), same_unit(unit))
    found = converted(float(value), unit, gold.unit)
    # a converted value was rounded for people
    near = 1e-6 if same_unit(unit) == same_unit(gold.unit) else 0.01
    return found is not None and math.isclose(found, gold.value, rel_tol=near, abs_tol=gold.loose + 1e-9)


def _duration(gold: Result, value: float, unit: str) -> bool:
    """Exact, rounded, or (from three on) completed, in whichever unit."""
    if unit == "d":
        return abs(value - gold.value) <= gold.loose
    wanted = converted(gold.value, "d", unit) or 0.0
    completed = wanted >= 3 and value == math.floor(wanted)
    return completed or value == round(wanted) or abs(value - wanted) <= max(0.06, 0.02 * wanted)


def _list(gold: Result, sources: set[str]) -> bool:
    sources = {s.split("/_history/")[0] for s in sources}
    known = gold.also.union(*gold.value)
    return sources <= known and all(group & sources for group in gold.value)


def _close(value: Any, unit: str | None, gold: Any, gold_unit: str | None) -> bool:
    if isinstance(gold, str):
        return _flat(gold) in _flat(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    found = converted(float(value), unit, gold_unit) if gold_unit and unit else float(value)
    return found is not None and math.isclose(found, gold, rel_tol=1e-6, abs_tol=1e-9)


def _trend(gold: Result, value: Any, unit: str | None) -> bool:
    wanted: Trend = gold.value
    return (
        isinstance(value, dict)
        and _close(_of(value.get("first")), unit, wanted.first, gold.unit)
        and _close(_of(value.get("last")), unit, wanted.last, gold.unit)
        and wanted.direction in (None, value.get("direction"))
    )


def _comparison(gold: Result, value: Any, unit: str | None) -> bool:
    if not isinstance(value, dict):
        return False
    wanted: Pair = gold.value
    found = [_of(value.get("first")), _of(value.get("second"))]
    return any(
        _close(a, unit, wanted.first, gold.unit) and _close(b, unit, wanted.second, gold.unit)
        for a, b in (found, found[::-1])
    )


def _of(side: Any) -> Any:
    """One side of a trend or comparison, given bare or with its date and source."""
    return side.get("value") if isinstance(side, dict) else side


def _summary(wanted: Summary, text: str) -> bool:
    def has(pattern: str) -> bool:
        return re.search(pattern, text, re.IGNORECASE) is not None

    return all(map(has, wanted.says)) and not any(map(has, wanted.never))
