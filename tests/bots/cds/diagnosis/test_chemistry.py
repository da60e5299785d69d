"""Electrolytes, calcium, vitamins, lipids and the thyroid, with the drugs that change them."""

from __future__ import annotations

import pytest

from tests.bots.cds.diagnosis.making import cond, lab, med
from tests.bots.cds.diagnosis.practice import Practice

A, B, NOW = "2026-01-05", "2026-04-05", "2026-06-20"
TSH, FT4 = (0.4, 4.5), (0.8, 1.8)


@pytest.mark.parametrize(
    "name, value, expected",
    [
        ("na", 135, []), ("na", 134, ["hyponatraemia-mild"]), ("na", 130, ["hyponatraemia-mild"]), ("na", 129, ["hyponatraemia-moderate"]), ("na", 125, ["hyponatraemia-moderate"]),
        ("na", 124, ["hyponatraemia-profound"]), ("na", 145, []), ("na", 146, ["hypernatraemia"]),
        ("k", 5.4, []), ("k", 5.5, ["hyperkalaemia"]), ("k", 3.5, []), ("k", 3.4, ["hypokalaemia"]),
        ("ca", 10.5, []), ("ca", 10.6, ["hypercalcaemia"]), ("vitd", 20, []), ("vitd", 19.9, ["vitamin-d-deficiency"]),
        ("b12", 180, []), ("b12", 179, ["b12-deficiency"]),
    ],
)  # fmt: skip
def test_thresholds(practice: Practice, name: str, value: float, expected: list[str]) -> None:
    assert practice.rules(lab(name, NOW, value)) == expected


def test_electrolytes_tell_of_the_present(practice: Practice) -> None:
    assert practice.rules(lab("k", "2026-03-01", 6.0)) == []
    assert practice.rules(lab("k", "2026-06-01", 6.0), lab("k", NOW, 4.5)) == []
    assert practice.rules(lab("na", NOW, 124), sex=None, born=None) == ["hyponatraemia-profound"]


def test_vitamin_d_in_nanomoles(practice: Practice) -> None:
    assert practice.rules(lab("vitd", B, 49, "nmol/L")) == ["vitamin-d-deficiency"]
    assert practice.rules(lab("vitd", B, 51, "nmol/L")) == []


@pytest.mark.parametrize(
    "drug, result, expected, code",
    [
        ("lisinopril 10 mg tablet", ("k", 5.6), "hyperkalaemia-drug", "E87.5"), ("spironolactone 25 mg", ("k", 5.6), "hyperkalaemia-drug", "E87.5"),
        ("hydrochlorothiazide 25 mg", ("na", 131), "hyponatraemia-drug", "E87.1"), ("sertraline 50 mg tablet", ("na", 131), "hyponatraemia-drug", "E87.1"),
        ("metformin 500 mg tablet", ("b12", 150), "b12-metformin", "E53.8"),
    ],
)  # fmt: skip
def test_side_effects_name_the_order(
    practice: Practice, drug: str, result: tuple[str, float], expected: str, code: str
) -> None:
    found = practice.only(lab(result[0], NOW, result[1]), med(drug))
    assert (found.about, found.code) == (expected, code)
    assert any(e.reference.startswith("MedicationRequest/") and e.version for e in found.evidence)
    assert practice.rules(lab(result[0], NOW, result[1]), med(drug, "2026-06-25")) != [
        expected
    ]  # ordered after the result
    assert practice.rules(lab(result[0], NOW, result[1]), med(drug, status="stopped")) != [expected]


def test_abnormal_before_the_drug_speaks_against(practice: Practice) -> None:
    found = practice.only(
        lab("k", "2026-05-01", 5.6), lab("k", NOW, 5.7), med("lisinopril 10 mg tablet", "2026-06-01")
    )
    assert "before the drug" in found.against[0].text and found.against[0].version


def test_haemolysed_sample_and_glucose_explain(practice: Practice) -> None:
    found = practice.only(lab("k", NOW, 5.8, note=[{"text": "Specimen slightly hemolyzed"}]))
    assert "haemolysed" in found.against[0].text and found.confidence == 0.55
    found = practice.only(lab("na", NOW, 131), lab("glucose", NOW, 400))
    assert "corrected for glucose" in found.against[0].text
    assert practice.only(lab("na", NOW, 131), lab("glucose", NOW, 150)).against == ()


def test_calcium_is_corrected_for_albumin(practice: Practice) -> None:
    assert practice.rules(lab("ca", NOW, 10.0), lab("albumin", NOW, 3.0)) == ["hypercalcaemia"]
    assert practice.rules(lab("ca", NOW, 10.8), lab("albumin", NOW, 4.6)) == []
    assert practice.rules(lab("ca", NOW, 2.7, "mmol/L")) == ["hypercalcaemia"]


def test_calcium_within_a_wider_range_of_its_own(practice: Practice) -> None:
    assert practice.rules(lab("ca", NOW, 10.7, limits=(8.5, 10.8))) == []


@pytest.mark.parametrize("code, result", [("icd:E87.1", ("na", 131)), ("SIADH", ("na", 131)), ("sct:14140009", ("k", 5.8)), ("Hypokalaemia", ("k", 3.0)), ("icd:E21.0", ("ca", 11)), ("icd:D51.0", ("b12", 100)), ("icd:E55.9", ("vitd", 9))])  # fmt: skip
def test_on_the_list(practice: Practice, code: str, result: tuple[str, float]) -> None:
    assert practice.rules(lab(result[0], NOW, result[1]), cond(code)) == []


@pytest.mark.parametrize(
    "results, expected",
    [
        ([("ldl", 190)], "lipids/severe"), ([("ldl", 189)], "lipids/ldl"), ([("ldl", 160)], "lipids/ldl"), ([("ldl", 159)], None), ([("tg", 500)], "lipids/severe-triglycerides"),
        ([("tg", 499)], None), ([("ldl", 160), ("tg", 150)], "lipids/mixed"), ([("ldl", 160), ("tg", 149)], "lipids/ldl"), ([("ldl", 326)], "lipids/familial"), ([("ldl", 325)], "lipids/severe"),
    ],
)  # fmt: skip
def test_lipids(practice: Practice, results: list[tuple[str, float]], expected: str | None) -> None:
    assert practice.rules(*(lab(n, B, v) for n, v in results)) == ([expected] if expected else [])


def test_familial_with_early_coronary_disease(practice: Practice) -> None:
    results = lab("ldl", B, 260)
    assert practice.rules(results, cond("icd:I25.10", onset="2016-01-01")) == ["lipids/familial"]
    assert practice.rules(results, cond("icd:I25.10", onset="2016-01-01"), born="1940-01-01") == [
        "lipids/severe"
    ]


def test_triglycerides_twice_and_lipids_on_the_list(practice: Practice) -> None:
    assert practice.rules(lab("tg", A, 150), lab("tg", B, 150)) == ["lipids/triglycerides"]
    assert practice.rules(lab("tg", A, 150), lab("tg", B, 149)) == []
    assert practice.rules(lab("ldl", B, 5.0, "mmol/L")) == ["lipids/severe"]
    for code in ("icd:E78.5", "sct:55822004", "Hypercholesterolaemia", "Mixed hyperlipidemia"):
        assert practice.rules(lab("ldl", B, 200), cond(code)) == []


def test_statin_and_creatine_kinase(practice: Practice) -> None:
    statin = med("atorvastatin 40 mg tablet")
    assert practice.rules(lab("ck", NOW, 2001, limits=(30, 200)), statin) == ["statin-myopathy"]
    assert practice.rules(lab("ck", NOW, 2000, limits=(30, 200)), statin) == []
    assert practice.rules(lab("ck", NOW, 5000), statin) == []
    assert practice.rules(lab("ck", NOW, 5000, limits=(30, 200))) == []


@pytest.mark.parametrize(
    "tsh, ft4, expected",
    [
        (4.5, None, []), (4.6, None, ["thyroid/raised-tsh"]), (12, 0.7, ["thyroid/hypothyroidism"]), (12, 0.8, ["thyroid/raised-tsh"]),
        (0.4, None, []), (0.39, None, ["thyroid/low-tsh"]), (0.01, 1.9, ["thyroid/hyperthyroidism"]), (0.01, 1.8, ["thyroid/low-tsh"]),
    ],
)  # fmt: skip
def test_thyroid_by_its_own_range(
    practice: Practice, tsh: float, ft4: float | None, expected: list[str]
) -> None:
    results = [lab("tsh", B, tsh, limits=TSH), *([lab("ft4", B, ft4, limits=FT4)] if ft4 else [])]
    assert practice.rules(*results) == expected


def test_thyroid_without_a_range(practice: Practice) -> None:
    assert practice.rules(lab("tsh", B, 9.9)) == []
    assert practice.rules(lab("tsh", B, 10)) == ["thyroid/raised-tsh"]
    assert practice.rules(lab("tsh", B, 0.1)) == []
    assert practice.rules(lab("tsh", B, 0.1, sign="<")) == ["thyroid/low-tsh"]


def test_subclinical_needs_a_repeat(practice: Practice) -> None:
    t4 = lab("ft4", B, 1.2, limits=FT4)
    assert practice.rules(lab("tsh", A, 6, limits=TSH), lab("tsh", B, 6, limits=TSH), t4) == [
        "thyroid/subclinical-hypothyroidism"
    ]
    found = practice.only(lab("tsh", "2026-03-20", 6, limits=TSH), lab("tsh", B, 6, limits=TSH), t4)
    assert found.about == "thyroid/raised-tsh" and "free T4" in found.against[0].text


def test_amiodarone_and_thyroxine(practice: Practice) -> None:
    amiodarone = med("amiodarone 200 mg tablet")
    assert practice.rules(lab("tsh", B, 8, limits=TSH), amiodarone) == ["thyroid/amiodarone-hypothyroidism"]
    assert practice.rules(lab("tsh", B, 0.05, limits=TSH), amiodarone) == [
        "thyroid/amiodarone-thyrotoxicosis"
    ]
    found = practice.only(lab("tsh", B, 0.05, limits=TSH), med("levothyroxine 150 mcg tablet"))
    assert "lowers TSH" in found.against[0].text and found.confidence == 0.4
    for code in ("icd:E03.9", "sct:40930008", "Hashimoto's thyroiditis", "Underactive thyroid", "icd:E89.0"):
        assert practice.rules(lab("tsh", B, 12, limits=TSH), cond(code)) == []


def test_creatine_kinase_of_long_ago(practice: Practice) -> None:
    statin = med("atorvastatin 40 mg tablet")
    assert practice.rules(lab("ck", "2026-03-31", 5000, limits=(30, 200)), statin) == []
    assert practice.rules(lab("ck", "2026-04-01", 5000, limits=(30, 200)), statin) == ["statin-myopathy"]
