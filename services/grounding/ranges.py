"""Where a value lies: flags and reference ranges of the evidence, and which way is better.

`BETTER` holds only measurements of which published guidance says which way is worse, and is used only where
the evidence gives no reference range:
HbA1c: ADA Standards of Care 2024, section 6. Blood pressure: ACC/AHA 2017. LDL: AHA/ACC 2018. eGFR, creatinine and
albumin/creatinine ratio: KDIGO 2024. BNP and ejection fraction: AHA/ACC/HFSA 2022. PHQ-9: Kroenke 2001.
GAD-7: Spitzer 2006. MoCA: Nasreddine 2005. CRP and ESR in arthritis: Smolen, Lancet 2016. Oxygen saturation: BTS 2017.
Arterial oxygen: Berlin definition of ARDS, JAMA 2012. FEV1: GOLD 2024. Peak flow: GINA 2024. T-score: WHO Technical
Report 843, 1994.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.grounding.sources import Value, values_of

BETTER = {
    "lab:hemoglobin-a1c": -1,
    "vital:blood-pressure": -1,
    "vital:systolic-blood-pressure": -1,
    "vital:diastolic-blood-pressure": -1,
    "lab:ldl-cholesterol": -1,
    "lab:creatinine": -1,
    "lab:estimated-glomerular-filtration-rate": 1,
    "lab:albumin-creatinine-ratio": -1,
    "lab:b-type-natriuretic-peptide": -1,
    "lab:nt-probnp": -1,
    "vital:ejection-fraction": 1,
    "vital:phq-9": -1,
    "vital:gad-7": -1,
    "vital:cognitive-screening": 1,
    "lab:c-reactive-protein": -1,
    "lab:erythrocyte-sedimentation-rate": -1,
    "vital:oxygen-saturation": 1,
    "lab:arterial-oxygen": 1,
    "vital:forced-expiratory-volume": 1,
    "vital:peak-flow": 1,
    "vital:t-score": 1,
}
_FLAG = re.compile(r"\((?P<flag>[^()\n]{0,60})\)")
_LEVELS = {
    "high": "high",
    "low": "low",
    "normal": "normal",
    "abnormal": "abnormal",
    "above": "high",
    "below": "low",
}
# ACC/AHA 2017: elevated from 120 mmHg systolic; high from 130 systolic or 80 diastolic; normal below 120 and 80.
_PRESSURES = {"vital:systolic-blood-pressure": (120.0, 130.0), "vital:diastolic-blood-pressure": (80.0, 80.0)}


def levels(value: Value) -> frozenset[str]:
    """high, low, normal, abnormal, critical: what the evidence, or its reference range, says of a value."""
    text = value.source.reading.text
    line = text[value.figure.end :].partition("\n")[0]
    found: set[str] = set()
    match = _FLAG.match(line.lstrip()) or re.match(r"[^,;(]{0,24}\((?P<flag>[^()]{0,60})\)", line)
    if match:
        words = re.findall(r"[a-z]+", match["flag"].lower())
        found |= {_LEVELS[w] for w in words if w in _LEVELS}
        found |= {"critical"} if "critically" in words or "critical" in words else set()
    if not found & {"high", "low", "normal"} and (place := distance(value)) is not None:
        found.add("high" if place > 0 else "low" if place < 0 else "normal")
    if not found:
        for topic in value.topics & _PRESSURES.keys():
            elevated, high = _PRESSURES[topic]
            found |= {"high"} if value.figure.value >= elevated else set()
            found |= {"normal"} if value.figure.value < min(elevated, high) else set()
    if found & {"high", "low"}:
        found.add("abnormal")
    return frozenset(found)


def distance(value: Value) -> float | None:
    """How far a value lies above (+) or below (-) the reference range that its evidence gives; None without one."""
    ends = _ends(value)
    if not ends:
        return None
    number = value.figure.value
    low, high = ends
    if high is not None and number > high:
        return number - high
    if low is not None and number < low:
        return number - low
    return 0.0


def _ends(value: Value) -> tuple[float | None, float | None] | None:
    limits = [v.figure for v in values_of(value.source) if v.figure.limit and v.topics == value.topics]
    plain = [
        v.figure
        for v in values_of(value.source)
        if v.figure.limit and v.topics == value.topics and not _goal(v)
    ]
    limits = plain or (limits if len(limits) == 2 else [])
    if not limits or any(f.unit and value.figure.unit and f.unit != value.figure.unit for f in limits):
        return None
    if len(limits) == 1 and limits[0].op:
        bound = limits[0]
        return (bound.value, None) if bound.op.startswith(">") else (None, bound.value)
    return (min(f.value for f in limits), max(f.value for f in limits)) if len(limits) == 2 else None


def _goal(value: Value) -> bool:
    before = value.source.reading.text[max(0, value.figure.start - 40) : value.figure.start]
    return bool(
        re.search(r"\b(?:goal|target|cut-?off|threshold)\b", before.rpartition("\n")[2], re.IGNORECASE)
    )


def better(first: Value, last: Value, topics: Iterable[str]) -> int | None:
    """1 where the last value is better than the first, -1 where worse, 0 where equal, None where it can't be told."""
    a, b = distance(first), distance(last)
    if a is not None and b is not None and (a or b):
        return (abs(b) < abs(a)) - (abs(b) > abs(a))
    sign = next((BETTER[t] for t in topics if t in BETTER), None)
    if sign is None:
        return None
    change = last.figure.value - first.figure.value
    return sign * ((change > 0) - (change < 0))
