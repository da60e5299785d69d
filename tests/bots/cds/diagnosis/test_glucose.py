"""Diabetes and prediabetes: thresholds, confirmation, what cancels, what speaks against."""

from __future__ import annotations

import pytest

from tests.bots.cds.diagnosis.making import at, bp, cond, lab, med, proc, visit
from tests.bots.cds.diagnosis.practice import Practice

A, B = "2026-01-05", "2026-04-05"


def test_two_results_define_diabetes(practice: Practice) -> None:
    found = practice.only(lab("a1c", A, 6.5), lab("a1c", B, 7.0))
    assert (found.rule, found.code, found.confidence) == ("diagnosis/diabetes", "E11.9", 0.8)
    assert found.display == "Type 2 diabetes mellitus without complications"
    assert "6.5 %" in found.reason and "05-Apr-2026" in found.reason
    assert len(found.evidence) == 2
    assert all(e.reference.startswith("Observation/") and e.version for e in found.evidence)


@pytest.mark.parametrize(
    "name, value, expected",
    [
        ("a1c", 5.69, []), ("a1c", 5.7, ["prediabetes"]), ("a1c", 6.4, ["prediabetes"]), ("a1c", 6.5, ["diabetes-unconfirmed"]),
        ("fasting", 99, []), ("fasting", 100, ["prediabetes"]), ("fasting", 125, ["prediabetes"]), ("fasting", 126, ["diabetes-unconfirmed"]),
        ("ogtt", 139, []), ("ogtt", 140, ["prediabetes"]), ("ogtt", 199, ["prediabetes"]), ("ogtt", 200, ["diabetes-unconfirmed"]),
        ("glucose", 210, []),
    ],
)  # fmt: skip
def test_one_result(practice: Practice, name: str, value: float, expected: list[str]) -> None:
    assert practice.rules(lab(name, B, value)) == expected


def test_different_tests_of_one_day_confirm_each_other(practice: Practice) -> None:
    assert practice.rules(lab("a1c", B, 6.6), lab("fasting", B, 130)) == ["diabetes"]


def test_the_same_test_twice_on_one_day_does_not(practice: Practice) -> None:
    assert practice.rules(lab("a1c", f"{B}T08:00:00Z", 6.6), lab("a1c", f"{B}T09:00:00Z", 6.6)) == [
        "diabetes-unconfirmed"
    ]


def test_results_of_long_ago_confirm_and_normal_ones_speak_against(practice: Practice) -> None:
    found = practice.only(lab("a1c", "2015-01-01", 6.8), lab("a1c", "2016-01-01", 6.9), lab("a1c", B, 5.5))
    assert found.about == "diabetes" and found.confidence == 0.6
    assert "5.5" in found.against[0].text


def test_a_single_old_result_does_not_count(practice: Practice) -> None:
    assert practice.rules(lab("a1c", "2024-06-29", 6.8)) == []
    assert practice.rules(lab("a1c", "2024-07-02", 6.8)) == ["diabetes-unconfirmed"]


def test_a_later_normal_result_cancels_a_single_one(practice: Practice) -> None:
    assert practice.rules(lab("a1c", A, 6.6), lab("a1c", B, 5.4)) == []


def test_a_later_normal_result_of_another_test_speaks_against(practice: Practice) -> None:
    found = practice.only(lab("a1c", A, 6.6), lab("fasting", B, 88))
    assert (
        found.about == "diabetes-unconfirmed" and "88" in found.against[0].text and found.confidence == 0.55
    )


@pytest.mark.parametrize(
    "value, unit, expected",
    [
        (47, "mmol/mol", ["prediabetes"]),
        (48, "mmol/mol", ["diabetes-unconfirmed"]),
        (7.0, "furlong", []),
        (7.0, "", []),
    ],
)
def test_units_of_hba1c(practice: Practice, value: float, unit: str, expected: list[str]) -> None:
    assert practice.rules(lab("a1c", B, value, unit)) == expected


def test_glucose_in_millimoles(practice: Practice) -> None:
    assert practice.rules(lab("fasting", A, 7.1, "mmol/L"), lab("fasting", B, 7.2, "mmol/L")) == ["diabetes"]
    assert practice.rules(lab("fasting", B, 5.4, "mmol/L")) == []


@pytest.mark.parametrize(
    "sign, value, expected",
    [
        (">", 14.0, ["diabetes-unconfirmed"]),
        ("<", 14.0, []),
        ("<", 5.7, []),
        (">=", 6.5, ["diabetes-unconfirmed"]),
        (">", 6.0, []),
    ],
)
def test_comparators(practice: Practice, sign: str, value: float, expected: list[str]) -> None:
    assert practice.rules(lab("a1c", B, value, sign=sign)) == expected


def test_random_glucose_needs_symptoms(practice: Practice) -> None:
    found = practice.only(lab("glucose", "2026-06-20", 200), cond("sct:17173007", onset="2026-06-01"))
    assert (found.about, found.severity, found.confidence) == ("diabetes-symptoms", "high", 0.65)
    assert practice.rules(lab("glucose", "2026-06-20", 199), cond("sct:17173007", onset="2026-06-01")) == []


def test_not_in_pregnancy_nor_from_an_earlier_one(practice: Practice) -> None:
    results = lab("fasting", A, 130), lab("fasting", B, 131)
    assert practice.rules(*results, cond("sct:77386006", onset="2025-12-01")) == []
    assert practice.rules(*results, cond("sct:77386006", "resolved", "2025-10-01", "2026-06-01")) == []
    assert practice.rules(*results, cond("sct:77386006", "resolved", "2020-10-01", "2021-06-01")) == [
        "diabetes"
    ]
    assert practice.rules(*results, cond("sct:77386006", onset="2020-10-01")) == ["diabetes"]  # never closed


def test_what_makes_the_test_unreliable(practice: Practice) -> None:
    results = lab("a1c", A, 6.6), lab("a1c", B, 6.7)
    against = practice.only(*results, proc("sct:116859006", "2026-03-01")).against
    assert "transfusion" in against[0].text
    found = practice.only(*results, cond("icd:D57.1"), med("prednisone 20 mg tablet"))
    assert len(found.against) == 2 and found.confidence == 0.6
    assert practice.only(*results, proc("sct:116859006", "2025-01-01")).against == ()


def test_a_stay_speaks_against(practice: Practice) -> None:
    found = practice.only(lab("fasting", B, 140, **at("stay1")), visit("stay1", "IMP", B))
    assert "inpatient" in found.against[0].text


@pytest.mark.parametrize(
    "code, state",
    [
        ("icd:E11.65", "active"), ("icd:E10.9", "active"), ("icd:E13.9", "active"), ("sct:44054006", "active"), ("sct:73211009", "active"),
        ("Type II diabetes mellitus", "active"), ("DM type 2 with neuropathy", "active"), ("sct:44054006", "resolved"), ("Diabetes mellitus", "inactive"),
    ],
)  # fmt: skip
def test_diabetes_is_on_the_list(practice: Practice, code: str, state: str) -> None:
    assert practice.rules(lab("a1c", A, 7.5), lab("a1c", B, 7.6), cond(code, state)) == []


@pytest.mark.parametrize(
    "code",
    [
        "Screening for diabetes",
        "Family history of diabetes",
        "icd:O24.410",
        "At risk of diabetes",
        "icd:R73.03",
        "Hypertension",
    ],
)
def test_what_is_no_diabetes(practice: Practice, code: str) -> None:
    ended = cond(code, "resolved", "2010-01-01", "2011-01-01")
    assert practice.rules(lab("a1c", A, 7.5), lab("a1c", B, 7.6), ended) == ["diabetes"]


def test_unconfirmed_counts_and_refuted_speaks_against(practice: Practice) -> None:
    results = lab("a1c", A, 7.5), lab("a1c", B, 7.6)
    assert practice.rules(*results, cond("icd:E11.9", verified="provisional")) == []
    found = practice.only(*results, cond("icd:E11.9", verified="refuted"))
    assert "refuted" in found.against[0].text and found.confidence == 0.7


def test_prediabetes_on_the_list_does_not_hide_diabetes(practice: Practice) -> None:
    assert practice.rules(lab("a1c", B, 6.0), cond("icd:R73.03")) == []
    assert practice.rules(lab("a1c", B, 6.0), cond("sct:44054006")) == []


def test_children(practice: Practice) -> None:
    assert practice.rules(lab("a1c", B, 6.0), born="2014-01-01") == []
    assert practice.rules(lab("a1c", A, 9.0), lab("a1c", B, 9.1), born="2014-01-01") == ["diabetes"]


def test_nothing_after_the_day_and_nothing_for_the_dead(practice: Practice) -> None:
    results = lab("a1c", A, 7.5), lab("a1c", B, 7.6), bp(A, 160, 100), bp(B, 160, 100)
    assert practice.rules(*results, as_of="2026-03-01") == ["diabetes-unconfirmed"]
    assert practice.rules(*results, deceasedBoolean=True) == []


def test_preliminary_and_undated_results_are_left_out(practice: Practice) -> None:
    assert practice.rules(lab("a1c", B, 9, status="preliminary"), lab("a1c", None, 9)) == []
    assert practice.rules(lab("a1c", B, 9, status="entered-in-error")) == []
