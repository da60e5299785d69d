"""Blood pressure, body mass and kidney."""

from __future__ import annotations

import pytest

from tests.bots.cds.diagnosis.making import at, bp, cond, lab, med, visit
from tests.bots.cds.diagnosis.practice import Practice

A, B, C = "2026-01-05", "2026-04-05", "2026-06-05"


@pytest.mark.parametrize(
    "high, low, expected",
    [
        (129, 79, []), (130, 79, ["hypertension-stage-1"]), (129, 80, ["hypertension-stage-1"]), (139, 89, ["hypertension-stage-1"]),
        (140, 70, ["hypertension-stage-2"]), (120, 90, ["hypertension-stage-2"]),
    ],
)  # fmt: skip
def test_pressure(practice: Practice, high: float, low: float, expected: list[str]) -> None:
    assert practice.rules(bp(A, high, low), bp(B, high, low)) == expected


def test_the_mean_of_occasions_counts(practice: Practice) -> None:
    assert practice.rules(bp(A, 150, 70), bp(B, 109, 70)) == []
    found = practice.only(bp(A, 150, 70), bp(B, 112, 70))
    assert "131/70" in found.reason and "112/70" in found.against[0].text
    assert practice.rules(bp(A, 170, 100)) == []
    assert practice.rules(bp(f"{B}T08:00:00Z", 170, 100), bp(f"{B}T09:00:00Z", 170, 100)) == []


def test_pressure_of_stays_and_of_long_ago_is_left_out(practice: Practice) -> None:
    stay = visit("er1", "EMER", B)
    assert practice.rules(bp(A, 150, 95), bp(B, 170, 100, **at("er1")), stay) == []
    assert practice.rules(bp("2025-06-01", 150, 95), bp("2025-06-20", 150, 95)) == []


@pytest.mark.parametrize(
    "code",
    ["icd:I10", "sct:38341003", "sct:59621000", "High blood pressure", "icd:I12.9", "Resistant hypertension"],
)
def test_hypertension_is_on_the_list(practice: Practice, code: str) -> None:
    assert practice.rules(bp(A, 150, 95), bp(B, 150, 95), cond(code)) == []


def test_white_coat_speaks_against(practice: Practice) -> None:
    found = practice.only(bp(A, 150, 95), bp(B, 150, 95), cond("icd:R03.0"))
    assert "office" in found.against[0].text


def test_children_and_unknown_age_have_other_limits(practice: Practice) -> None:
    readings = bp(A, 150, 95), bp(B, 150, 95)
    assert practice.rules(*readings, born="2008-07-01") == []
    assert practice.rules(*readings, born="2008-06-30") == ["hypertension-stage-2"]
    assert practice.rules(*readings, born=None) == []


@pytest.mark.parametrize(
    "value, expected, code",
    [
        (18.4, "weight/underweight", "R63.6"), (18.5, None, ""), (24.9, None, ""), (25, "weight/overweight", "E66.3"), (30, "weight/obesity-class-1", "E66.811"),
        (35, "weight/obesity-class-2", "E66.812"), (40, "weight/obesity-class-3", "E66.813"),
    ],
)  # fmt: skip
def test_body_mass(practice: Practice, value: float, expected: str | None, code: str) -> None:
    found = practice.findings(lab("bmi", B, value))
    assert [(f.about, f.code) for f in found] == ([(expected, code)] if expected else [])


@pytest.mark.parametrize(
    "code", ["icd:E66.9", "icd:Z68.35", "sct:162864005", "Morbid obesity", "icd:E66.812"]
)
def test_obesity_is_on_the_list(practice: Practice, code: str) -> None:
    assert practice.rules(lab("bmi", B, 33), cond(code)) == []


def test_overweight_on_the_list_does_not_hide_obesity(practice: Practice) -> None:
    assert practice.rules(lab("bmi", B, 33), cond("icd:E66.3")) == ["weight/obesity-class-1"]
    assert practice.rules(lab("bmi", A, 33), lab("bmi", B, 24)) == []


@pytest.mark.parametrize(
    "value, code",
    [
        (14.9, "N18.5"),
        (15, "N18.4"),
        (29, "N18.4"),
        (30, "N18.32"),
        (44, "N18.32"),
        (45, "N18.31"),
        (59, "N18.31"),
        (60, None),
    ],
)
def test_stage_by_filtration(practice: Practice, value: float, code: str | None) -> None:
    found = practice.findings(lab("egfr", A, value), lab("egfr", B, value))
    assert [f.code for f in found] == ([code] if code else [])


def test_three_months_and_none_better(practice: Practice) -> None:
    assert practice.rules(lab("egfr", "2026-01-06", 50), lab("egfr", B, 50)) == []  # 89 days
    assert practice.rules(lab("egfr", "2026-01-05", 50), lab("egfr", B, 50)) == ["ckd-g3a"]  # 90 days
    assert practice.rules(lab("egfr", A, 50), lab("egfr", "2026-03-01", 65), lab("egfr", B, 50)) == []
    assert practice.rules(lab("egfr", A, 50), lab("egfr", B, 50), lab("egfr", C, 60, sign=">")) == []
    assert practice.rules(lab("egfr", A, 50, "mL/min"), lab("egfr", B, 50, "mL/min")) == ["ckd-g3a"]


@pytest.mark.parametrize(
    "ratio, unit, expected",
    [(29, "mg/g", []), (30, "mg/g", ["ckd-g2"]), (3.3, "mg/mmol", []), (3.5, "mg/mmol", ["ckd-g2"])],
)
def test_albuminuria_with_kept_filtration(
    practice: Practice, ratio: float, unit: str, expected: list[str]
) -> None:
    results = lab("uacr", A, ratio, unit), lab("uacr", B, ratio, unit), lab("egfr", B, 75)
    assert practice.rules(*results) == expected


def test_stage_1_and_the_category_of_albuminuria(practice: Practice) -> None:
    found = practice.only(lab("uacr", A, 400), lab("uacr", B, 350), lab("egfr", B, 95))
    assert found.code == "N18.1" and "A3" in found.reason


def test_albuminuria_without_a_stage(practice: Practice) -> None:
    twice = lab("uacr", A, 60), lab("uacr", B, 60)
    assert practice.only(*twice).code == "N18.9"
    assert practice.only(*twice, lab("egfr", B, 60, sign=">")).code == "N18.9"
    assert practice.only(*twice, lab("egfr", B, 90, sign=">")).code == "N18.1"
    assert practice.rules(lab("uacr", A, 60), lab("uacr", "2026-03-01", 20), lab("uacr", B, 60)) == []


def test_filtration_from_creatinine(practice: Practice) -> None:
    # CKD-EPI 2021, a woman of 50 with 1.5 mg/dL: 42 mL/min/1.73 m².
    found = practice.only(lab("creatinine", A, 1.5), lab("creatinine", B, 1.5))
    assert found.code == "N18.32" and "CKD-EPI 2021" in found.reason and "42.2" in found.reason
    assert practice.rules(lab("creatinine", A, 132.6, "umol/L"), lab("creatinine", B, 132.6, "umol/L")) == [
        "ckd-g3b"
    ]
    assert practice.rules(lab("creatinine", A, 1.5), lab("creatinine", B, 1.5), sex=None) == []


@pytest.mark.parametrize(
    "code",
    [
        "icd:N18.30",
        "sct:433144002",
        "CKD 3a",
        "icd:E11.22",
        "Diabetic kidney disease",
        "icd:I12.9",
        "Kidney transplant",
    ],
)
def test_kidney_disease_is_on_the_list(practice: Practice, code: str) -> None:
    assert practice.rules(lab("egfr", A, 50), lab("egfr", B, 50), cond(code)) == []


def test_the_rate_without_a_factor_of_race_counts(practice: Practice) -> None:
    def pair(when: str) -> list[dict]:
        name = "Glomerular filtration rate/1.73 sq M predicted among "
        return [
            lab(
                "egfr",
                when,
                55,
                code={
                    "coding": [
                        {"system": "http://loinc.org", "code": "48642-3", "display": name + "non-blacks"}
                    ]
                },
            ),
            lab(
                "egfr",
                when,
                64,
                code={
                    "coding": [{"system": "http://loinc.org", "code": "48643-1", "display": name + "blacks"}]
                },
            ),
        ]

    assert practice.rules(*pair(A), *pair(B)) == ["ckd-g3a"]


def test_fall_under_an_nsaid_names_the_order(practice: Practice) -> None:
    found = practice.only(
        lab("egfr", A, 70), lab("egfr", B, 55), med("ibuprofen 600 mg tablet", "2026-02-01")
    )
    assert found.about == "nsaid-egfr-fall" and any(
        e.reference.startswith("MedicationRequest/") for e in found.evidence
    )
    assert (
        practice.rules(lab("egfr", A, 70), lab("egfr", B, 57), med("ibuprofen 600 mg tablet", "2026-02-01"))
        == []
    )
    assert (
        practice.rules(lab("egfr", A, 70), lab("egfr", B, 55), med("ibuprofen 600 mg tablet", "2026-05-01"))
        == []
    )
    assert (
        practice.rules(
            lab("egfr", A, 70), lab("egfr", B, 55), med("ibuprofen 600 mg", "2026-02-01", "stopped")
        )
        == []
    )
    assert (
        practice.rules(
            lab("egfr", A, 70), lab("egfr", B, 55), med("diclofenac 1 % topical gel", "2026-02-01")
        )
        == []
    )


def test_a_fall_from_long_ago_is_none(practice: Practice) -> None:
    drug = med("ibuprofen 600 mg tablet", "2025-09-01")
    assert practice.rules(lab("egfr", "2025-10-06", 70), lab("egfr", B, 55), drug) == []  # 181 days
    assert practice.rules(lab("egfr", "2025-10-07", 70), lab("egfr", B, 55), drug) == ["nsaid-egfr-fall"]
