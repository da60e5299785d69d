"""Anaemia and its kinds, platelets, white cells."""

from __future__ import annotations

import pytest

from tests.bots.cds.diagnosis.making import cond, lab, med
from tests.bots.cds.diagnosis.practice import Practice

A, B = "2026-01-05", "2026-04-05"


@pytest.mark.parametrize(
    "value, born, sex, expected",
    [
        (11.9, "1976-01-01", "female", 1), (12.0, "1976-01-01", "female", 0), (12.9, "1976-01-01", "male", 1), (13.0, "1976-01-01", "male", 0),
        (11.9, "2013-01-01", "male", 1), (12.0, "2013-01-01", "male", 0), (11.4, "2018-01-01", "female", 1), (11.5, "2018-01-01", "female", 0),
        (10.9, "2023-01-01", "male", 1), (11.0, "2023-01-01", "male", 0), (11.0, "1976-01-01", None, 0),
    ],
)  # fmt: skip
def test_cutoffs_by_age_and_sex(
    practice: Practice, value: float, born: str, sex: str | None, expected: int
) -> None:
    assert practice.rules(lab("hb", B, value), born=born, sex=sex) == ["anaemia/unspecified"] * expected


def test_grams_per_litre_and_later_normal(practice: Practice) -> None:
    assert practice.rules(lab("hb", B, 115, "g/L")) == ["anaemia/unspecified"]
    assert practice.rules(lab("hb", A, 10), lab("hb", B, 12.5)) == []
    assert practice.rules(lab("hb", "2025-06-01", 10)) == []


@pytest.mark.parametrize(
    "name, value, unit, code",
    [
        ("ferritin", 29, "ng/mL", "D50.9"), ("ferritin", 30, "ng/mL", "D64.9"), ("ferritin", 29, "ug/L", "D50.9"), ("ferritin", 10, "zorkmid", "D64.9"),
        ("b12", 179, "pg/mL", "D51.9"), ("b12", 180, "pg/mL", None), ("b12", 132, "pmol/L", "D51.9"), ("folate", 2.9, "ng/mL", "D52.9"), ("folate", 3, "ng/mL", "D64.9"),
    ],
)  # fmt: skip
def test_kind_of_anaemia(practice: Practice, name: str, value: float, unit: str, code: str | None) -> None:
    found = [
        f
        for f in practice.findings(lab("hb", B, 10.5), lab("mcv", B, 88), lab(name, B, value, unit))
        if f.about.startswith("anaemia")
    ]
    assert [f.code for f in found] == [code or "D64.9"]
    assert "MCV 88" in found[0].reason


def test_only_tests_near_the_haemoglobin_tell_the_kind(practice: Practice) -> None:
    assert practice.rules(lab("ferritin", "2025-09-01", 12), lab("hb", B, 10.5)) == ["anaemia/unspecified"]


def test_iron_deficiency_in_chronic_disease(practice: Practice) -> None:
    low = lab("hb", B, 10.5), lab("ferritin", B, 99)
    for problem in ("icd:N18.4", "icd:I50.22"):
        found = practice.only(*low, lab("tsat", B, 19), cond(problem))
        assert found.about == "anaemia/iron-deficiency-in-disease" and "saturation 19" in found.reason
    assert practice.rules(*low, lab("tsat", B, 20), cond("icd:I50.22")) == ["anaemia/unspecified"]
    assert practice.rules(*low, lab("tsat", B, 19)) == ["anaemia/unspecified"]


def test_anaemia_of_kidney_disease(practice: Practice) -> None:
    found = practice.only(lab("hb", B, 10.5), cond("icd:N18.4"))
    assert found.code == "D63.1" and any(e.reference.startswith("Condition/") for e in found.evidence)
    assert "anaemia/kidney-disease" in practice.rules(
        lab("hb", B, 10.5), lab("egfr", A, 40), lab("egfr", B, 40)
    )
    assert practice.rules(lab("hb", B, 10.5), cond("icd:N18.2")) == ["anaemia/unspecified"]


@pytest.mark.parametrize(
    "code",
    [
        "icd:D64.9",
        "icd:D50.0",
        "sct:271737000",
        "sct:87522002",
        "Anaemia",
        "Iron deficiency",
        "icd:D57.1",
        "icd:D46.9",
    ],
)
def test_anaemia_is_on_the_list(practice: Practice, code: str) -> None:
    results = lab("hb", B, 10.5), lab("ferritin", B, 8)
    assert practice.rules(*results, cond(code)) == []
    assert practice.rules(*results, cond(code, "resolved", "2010-01-01", "2011-01-01")) == [
        "anaemia/iron-deficiency"
    ]


@pytest.mark.parametrize(
    "weeks, value, expected",
    [(10, 10.9, "anaemia/pregnancy-1"), (10, 11.0, None), (20, 10.4, "anaemia/pregnancy-2"), (20, 10.9, None), (30, 10.9, "anaemia/pregnancy-3"), (None, 10.9, None), (None, 10.4, "anaemia/pregnancy")],
)  # fmt: skip
def test_pregnancy(practice: Practice, weeks: int | None, value: float, expected: str | None) -> None:
    told = [lab("gestation", "2026-06-01", weeks)] if weeks else []
    found = practice.rules(
        lab("hb", "2026-06-01", value), *told, cond("sct:77386006", onset="2026-01-10"), born="1996-01-01"
    )
    assert found == ([expected] if expected else [])


def test_trimester_by_the_name(practice: Practice) -> None:
    assert (
        practice.rules(
            lab("hb", "2026-06-01", 10.9),
            cond("Pregnancy, second trimester", onset="2026-01-10"),
            born="1996-01-01",
        )
        == []
    )


def test_platelets(practice: Practice) -> None:
    assert practice.rules(lab("platelets", A, 149), lab("platelets", B, 149)) == ["thrombocytopenia"]
    assert practice.rules(lab("platelets", A, 150), lab("platelets", B, 149)) == []
    assert practice.rules(lab("platelets", B, 99)) == ["thrombocytopenia-once"]
    assert practice.rules(lab("platelets", B, 100)) == []
    assert practice.rules(lab("platelets", B, 90000, "/uL")) == ["thrombocytopenia-once"]
    assert practice.rules(lab("platelets", B, 80), cond("icd:D69.3")) == []


def test_fall_after_heparin(practice: Practice) -> None:
    heparin = med("heparin 5000 units injection", "2026-06-10", "completed")
    found = practice.only(lab("platelets", "2026-06-10", 240), lab("platelets", "2026-06-17", 119), heparin)
    assert (found.code, found.severity) == ("D75.829", "high") and "day 7" in found.reason
    assert (
        practice.rules(lab("platelets", "2026-06-10", 320), lab("platelets", "2026-06-17", 160), heparin)
        == []
    )
    assert (
        practice.rules(lab("platelets", "2026-06-10", 400), lab("platelets", "2026-06-13", 160), heparin)
        == []
    )
    assert (
        practice.rules(
            lab("platelets", "2026-06-10", 400),
            lab("platelets", "2026-06-17", 160),
            med("heparin lock flush", "2026-06-10"),
        )
        == []
    )


@pytest.mark.parametrize(
    "value, expected",
    [(1.5, []), (1.49, ["neutropenia-mild"]), (1.0, ["neutropenia-mild"]), (0.99, ["neutropenia-moderate"]), (0.5, ["neutropenia-moderate"]), (0.49, ["neutropenia-severe"])],
)  # fmt: skip
def test_neutrophils(practice: Practice, value: float, expected: list[str]) -> None:
    assert practice.rules(lab("neutrophils", B, value)) == expected


def test_white_cells_and_clozapine(practice: Practice) -> None:
    assert practice.rules(lab("wbc", A, 3.9), lab("wbc", B, 3.9)) == ["leukopenia"]
    assert practice.rules(lab("wbc", A, 4.0), lab("wbc", B, 3.9)) == []
    found = practice.only(lab("neutrophils", "2026-06-01", 1.2), med("clozapine 100 mg tablet"))
    assert (found.about, found.severity) == ("clozapine-neutropenia", "high")
    assert practice.only(lab("neutrophils", B, 1.2), med("methotrexate 2.5 mg tablet")).against


def test_ferritin_of_a_hundred_is_enough(practice: Practice) -> None:
    results = lab("hb", B, 10.5), lab("ferritin", B, 100), lab("tsat", B, 19)
    assert practice.rules(*results, cond("icd:I50.22")) == ["anaemia/unspecified"]


def test_cutoffs_change_on_birthdays(practice: Practice) -> None:
    assert practice.rules(lab("hb", B, 11.2), born="2021-04-05", sex="male") == [
        "anaemia/unspecified"
    ]  # five
    assert practice.rules(lab("hb", B, 11.2), born="2021-04-06", sex="male") == []  # four
    assert practice.rules(lab("hb", B, 12.5), born="2011-04-05", sex="male") == [
        "anaemia/unspecified"
    ]  # fifteen
    assert practice.rules(lab("hb", B, 12.5), born="2011-04-06", sex="male") == []


def test_platelets_that_recover_speak_against_heparin(practice: Practice) -> None:
    counts = [
        lab("platelets", day, n) for day, n in (("2026-06-10", 320), ("2026-06-16", 140), ("2026-06-22", 200))
    ]
    found = practice.only(*counts, med("heparin 5000 units injection", "2026-06-10", "completed"))
    assert "200" in found.against[0].text and found.confidence == 0.4
