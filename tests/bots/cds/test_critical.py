"""Critical results: limits from both sides, units, ages, the laboratory's mark, what can't be judged, fast changes."""

from __future__ import annotations

from typing import Any

import pytest

from services.fhir.sqlite import SQLiteRepository
from services.knowledge.lexicon import lexicon
from services.knowledge.limits import limits, plausible
from services.knowledge.units import convert
from tests.bots.cds.world import analysed, patient, result

K, NA, GLU, HB, CREA, INR = (
    ("2823-3", "Potassium"),
    ("2951-2", "Sodium"),
    ("2345-7", "Glucose"),
    ("718-7", "Hemoglobin"),
    ("2160-0", "Creatinine"),
    ("6301-6", "INR"),
)


def flags(record: SQLiteRepository, *resources: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f.rule, f.severity) for f in analysed(record, *resources, kinds=("critical",)).findings]


def test_the_tables_hold_together() -> None:
    for concept, rows in limits().items():
        assert concept in lexicon() and concept in plausible(), concept
        bounds = plausible()[concept]
        for row in rows:
            assert row.low is not None or row.high is not None
            assert row.source and row.since < row.until
            for end in (row.low, row.high):
                if end is not None:
                    value = end if row.unit == bounds.unit else convert(end, row.unit, bounds.unit, concept)
                    assert value is not None and bounds.least < value < bounds.most


@pytest.mark.parametrize(
    ("what", "value", "unit", "flagged"),
    [
        (K, 6.2, "mmol/L", True), (K, 6.1, "mmol/L", False), (K, 2.8, "mmol/L", True), (K, 2.9, "mmol/L", False),
        (K, 6.2, "meq/L", True), (NA, 120, "mmol/L", True), (NA, 121, "mmol/L", False), (NA, 158, "mmol/L", True),
        (GLU, 46, "mg/dL", True), (GLU, 27, "mmol/L", True), (GLU, 26, "mmol/L", False), (GLU, 2.5, "mmol/L", True),
        (HB, 6.6, "g/dL", True), (HB, 66, "g/L", True), (HB, 6.7, "g/dL", False), (CREA, 7.4, "mg/dL", True),
        (CREA, 660, "umol/L", True), (CREA, 600, "umol/L", False), (INR, 6.5, "1", True), (INR, 6.4, "{INR}", False), (INR, 7, "", True),
    ],
)  # fmt: skip
def test_limits_from_both_sides(
    repository: SQLiteRepository, what: tuple[str, str], value: float, unit: str, flagged: bool
) -> None:
    found = flags(repository, result(*what, value, unit))
    assert found == ([("critical-result", "critical")] if flagged else [])


def test_a_mark_of_the_laboratory_is_honoured(repository: SQLiteRepository) -> None:
    mark = {"interpretation": [{"coding": [{"code": "HH"}]}]}
    assert flags(repository, result("9999-9", "Rare analyte", 3.0, "U/L", **mark)) == [
        ("critical-result", "critical")
    ]
    usual = {"interpretation": [{"coding": [{"code": "H"}]}]}
    assert flags(repository, result("9999-9", "Rare analyte", 3.0, "U/L", **usual)) == []


@pytest.mark.parametrize(
    ("value", "unit"), [(6.8, "furlong"), (6.8, ""), (68, "mmol/L"), (0.1, "mmol/L")], ids=["unit", "none", "typing", "small"]
)  # fmt: skip
def test_what_cannot_be_judged_is_told(repository: SQLiteRepository, value: float, unit: str) -> None:
    found = analysed(repository, result(*K, value, unit), kinds=("critical",)).findings
    assert [f.rule for f in found] == ["cannot-judge"] and not found[0].judged
    assert "can't be judged" in found[0].reason


@pytest.mark.parametrize("state", ["cancelled", "entered-in-error"])
def test_withdrawn_results_do_not_flag(repository: SQLiteRepository, state: str) -> None:
    assert flags(repository, result(*K, 7.0, "mmol/L", status=state)) == []


def test_only_the_latest_counts(repository: SQLiteRepository) -> None:
    high, normal = result(*K, 7.0, "mmol/L", "2026-11-20"), result(*K, 4.2, "mmol/L", "2026-11-21")
    assert flags(repository, high, normal) == []
    again = result(*K, 6.9, "mmol/L", "2026-11-22")
    assert flags(repository, high, normal, again) == [("critical-result", "critical")]


def test_old_ones_are_told_less_loudly_and_then_not_at_all(repository: SQLiteRepository) -> None:
    assert flags(repository, result(*K, 7.0, "mmol/L", "2026-07-01")) == [("critical-result", "medium")]
    assert flags(repository, patient(), result(*K, 7.0, "mmol/L", "2025-07-01", "other")) == [
        ("critical-result", "medium")
    ]


def test_children_are_not_judged_by_limits_of_adults(repository: SQLiteRepository) -> None:
    child = patient(birthDate="2020-01-01")
    assert flags(repository, child, result(*K, 6.1, "mmol/L", identity="k")) == []
    assert flags(repository, child, result(*K, 6.2, "mmol/L", identity="k")) == [("cannot-judge", "medium")]
    marked = {"interpretation": [{"coding": [{"code": "HH"}]}]}
    assert flags(repository, child, result(*K, 6.2, "mmol/L", identity="k", **marked)) == [("critical-result", "critical")]
    assert flags(repository, child, result(*K, 4.0, "mmol/L", identity="k")) == []
    assert flags(repository, child, result("8867-4", "Heart rate", 135, "/min")) == []  # a child's heart is faster
    assert flags(repository, child, result(*HB, 7.9, "g/dL", identity="hb")) == [("critical-result", "high")]
    assert flags(repository, child, result(*HB, 8.0, "g/dL", identity="hb")) == []
    nobody_knows = patient(birthDate=None)
    assert ("critical-result", "critical") in flags(repository, nobody_knows, result(*HB, 6.5, "g/dL", identity="hb"))


def test_comparators_say_which_side(repository: SQLiteRepository) -> None:
    low = result(*K, 3.0, "mmol/L")
    low["valueQuantity"]["comparator"] = "<"
    assert flags(repository, low) == []
    high = result(*K, 6.5, "mmol/L", identity="x")
    high["valueQuantity"]["comparator"] = ">"
    assert flags(repository, patient(), high) == [("critical-result", "critical")]


def test_vital_signs_of_the_week(repository: SQLiteRepository) -> None:
    pressure = result("85354-9", "Blood pressure", None, "", component=[
        {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}], "text": "Systolic blood pressure"},
         "valueQuantity": {"value": 184, "unit": "mm[Hg]", "code": "mm[Hg]"}}])  # fmt: skip
    assert flags(repository, pressure) == [("critical-result", "high")]
    assert flags(repository, {**pressure, "effectiveDateTime": "2026-11-01"}) == []


@pytest.mark.parametrize(
    ("before", "after", "day", "found"),
    [
        (1.0, 1.3, "2026-11-20T12:00:00Z", "medium"), (1.0, 1.29, "2026-11-20T12:00:00Z", None),
        (1.0, 1.5, "2026-11-16T12:00:00Z", "medium"), (1.0, 1.49, "2026-11-16T12:00:00Z", None),
        (1.0, 2.0, "2026-11-16T12:00:00Z", "high"), (1.0, 3.0, "2026-11-16T12:00:00Z", "critical"),
        (1.0, 1.9, "2026-11-10T12:00:00Z", None), (2.0, 1.0, "2026-11-20T12:00:00Z", None),
    ],
)  # fmt: skip
def test_kidney_injury_by_kdigo(
    repository: SQLiteRepository, before: float, after: float, day: str, found: str | None
) -> None:
    told = flags(
        repository, result(*CREA, before, "mg/dL", day), result(*CREA, after, "mg/dL", "2026-11-22T11:00:00Z")
    )
    assert told == ([("creatinine-rise", found)] if found else [])


def test_a_fall_of_hemoglobin(repository: SQLiteRepository) -> None:
    first = result(*HB, 12.0, "g/dL", "2026-11-18T08:00:00Z")
    assert flags(repository, first, result(*HB, 10.0, "g/dL", "2026-11-22T08:00:00Z")) == [
        ("hemoglobin-fall", "high")
    ]
    assert flags(repository, first, result(*HB, 10.1, "g/dL", "2026-11-22T08:00:00Z")) == []
