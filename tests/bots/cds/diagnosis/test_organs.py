"""Heart, liver, bone, lung, screens of mood and alcohol, sepsis and viruses."""

from __future__ import annotations

import pytest

from tests.bots.cds.diagnosis.making import bp, concept, cond, lab, med, said
from tests.bots.cds.diagnosis.practice import Practice

A, B, NOW = "2026-01-05", "2026-04-05", "2026-06-20"


@pytest.mark.parametrize(
    "ejection, peptide, expected",
    [
        (40, ("bnp", 35), True), (41, ("bnp", 500), False), (40, ("bnp", 34), False), (35, ("ntprobnp", 125), True), (35, ("ntprobnp", 124), False), (35, None, False),
    ],
)  # fmt: skip
def test_heart_failure(
    practice: Practice, ejection: float, peptide: tuple[str, float] | None, expected: bool
) -> None:
    results = [lab("lvef", B, ejection), *([lab(peptide[0], B, peptide[1])] if peptide else [])]
    assert practice.rules(*results) == (["hfref"] if expected else [])


def test_peptides_by_name(practice: Practice) -> None:
    def named(name: str, value: float) -> dict:
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": {"text": name},
            "effectiveDateTime": B,
            "valueQuantity": {"value": value, "unit": "pg/mL"},
        }

    weak = lab("lvef", B, 30)
    assert practice.rules(weak, named("NT-proBNP", 100)) == []
    assert practice.rules(weak, named("NT-proBNP", 130)) == ["hfref"]
    assert practice.rules(weak, named("BNP", 100)) == ["hfref"]


def test_recovered_or_listed_heart_failure(practice: Practice) -> None:
    assert practice.rules(lab("lvef", A, 30), lab("lvef", B, 55), lab("bnp", B, 300)) == []
    for code in ("icd:I50.22", "sct:84114007", "CHF"):
        assert practice.rules(lab("lvef", B, 30), lab("bnp", B, 300), cond(code)) == []


def liver(ast: float, alt: float, platelets: float) -> list[dict]:
    return [lab("ast", B, ast), lab("alt", B, alt), lab("platelets", B, platelets)]


def test_fibrosis_index(practice: Practice) -> None:
    at_risk = cond("icd:E11.9")
    # Age 50: 50 × 64 / (200 × √36) = 2.67; a little more is above it.
    assert practice.rules(*liver(64, 36, 200), at_risk) == ["liver/indeterminate-fibrosis"]
    found = practice.only(*liver(65, 36, 200), at_risk)
    assert found.about == "liver/advanced-fibrosis" and "FIB-4 2.71" in found.reason
    assert practice.rules(*liver(65, 36, 200)) == []
    assert practice.rules(*liver(31, 36, 200), at_risk) == []  # 1.29
    assert practice.rules(*liver(28, 36, 200), at_risk, born="1956-01-01") == []  # 1.63, under 2.0 from 65 on
    assert practice.rules(*liver(65, 36, 120), at_risk, born="1996-01-01") == []
    assert practice.rules(*liver(65, 36, 200), at_risk, cond("icd:K74.60")) == []
    stay = {"resourceType": "Encounter", "id": "stay", "status": "finished", "class": {"code": "IMP"}, "period": {"start": B, "end": B}}
    ill = [{**r, "encounter": {"reference": "Encounter/stay"}} for r in liver(65, 36, 200)]
    assert practice.rules(*ill, at_risk, stay) == []  # enzymes of an acute illness come from elsewhere


@pytest.mark.parametrize(
    "score, expected", [(-2.5, ["osteoporosis"]), (-2.4, ["osteopenia"]), (-1.1, ["osteopenia"]), (-1.0, [])]
)
def test_bone(practice: Practice, score: float, expected: list[str]) -> None:
    assert practice.rules(lab("tscore", B, score), born="1956-01-01") == expected
    assert practice.rules(lab("tscore", B, score), born="1986-01-01") == []
    assert practice.rules(lab("tscore", B, score), cond("icd:M81.0"), born="1956-01-01") == []


@pytest.mark.parametrize(
    "value, unit, expected",
    [(69, "%", ["copd"]), (70, "%", []), (0.69, "{ratio}", ["copd"]), (0.7, "1", []), (0.69, "L", [])],
)
def test_obstruction(practice: Practice, value: float, unit: str, expected: list[str]) -> None:
    assert practice.rules(lab("ratio", B, value, unit)) == expected
    assert practice.rules(lab("ratio", B, value, unit), cond("Emphysema")) == []


def ecg(text: str, when: str = B) -> dict:
    return {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "code": concept("loinc:11524-6"),
        "effectiveDateTime": when,
        "conclusion": text,
    }


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Atrial fibrillation with rapid ventricular response.", True), ("Sinus rhythm. No atrial fibrillation.", False), ("Possible atrial fibrillation.", False),
        ("History of atrial fibrillation, now sinus rhythm.", False), ("Normal sinus rhythm.", False),
    ],
)  # fmt: skip
def test_rhythm(practice: Practice, text: str, expected: bool) -> None:
    assert practice.rules(ecg(text)) == (["atrial-fibrillation"] if expected else [])


def test_the_latest_tracing_decides(practice: Practice) -> None:
    assert practice.rules(ecg("Atrial fibrillation.", A), ecg("Sinus rhythm.", B)) == []
    assert practice.rules(ecg("Atrial fibrillation."), cond("icd:I48.0")) == []


@pytest.mark.parametrize(
    "name, value, sex, expected",
    [
        ("phq9", 9, "male", []), ("phq9", 10, "male", ["depression-screen"]), ("phq9", 28, "male", []), ("gad7", 9, "male", []), ("gad7", 10, "male", ["anxiety-screen"]),
        ("auditc", 3, "male", []), ("auditc", 4, "male", ["alcohol-screen"]), ("auditc", 2, "female", []), ("auditc", 3, "female", ["alcohol-screen"]), ("auditc", 3, None, []),
    ],
)  # fmt: skip
def test_screens(practice: Practice, name: str, value: float, sex: str | None, expected: list[str]) -> None:
    assert practice.rules(lab(name, B, value), sex=sex) == expected
    assert practice.rules(lab(name, "2025-01-01", value), sex=sex) == []


def test_screens_and_the_list(practice: Practice) -> None:
    assert practice.rules(lab("phq9", A, 15), lab("phq9", B, 4)) == []
    assert practice.rules(lab("phq9", B, 15), cond("sct:370143000")) == []
    assert practice.rules(lab("phq9", B, 15), cond("icd:F33.1", "resolved", "2010-01-01", "2011-01-01")) == [
        "depression-screen"
    ]
    assert practice.rules(lab("auditc", B, 9), cond("Alcohol dependence")) == []


SIGNS = (lab("temp", "2026-06-30T08:00:00Z", 38.5), lab("pulse", "2026-06-30T08:00:00Z", 110))


def test_sepsis_screen(practice: Practice) -> None:
    moment = "2026-06-30T12:00:00+00:00"
    pneumonia = cond("icd:J18.9", onset="2026-06-28")
    found = practice.only(*SIGNS, pneumonia, as_of=moment)
    assert (found.about, found.severity) == ("sepsis-screen", "high")
    assert any(e.reference.startswith("Condition/") for e in found.evidence)
    assert practice.rules(*SIGNS, med("amoxicillin 500 mg capsule", "2026-06-29"), as_of=moment) == [
        "sepsis-screen"
    ]
    assert practice.rules(*SIGNS, med("erythromycin ophthalmic ointment", "2026-06-29"), as_of=moment) == []
    assert practice.rules(*SIGNS, as_of=moment) == []
    assert practice.rules(*SIGNS, cond("icd:J18.9", onset="2026-01-01"), as_of=moment) == []
    assert practice.rules(SIGNS[0], pneumonia, as_of=moment) == []
    assert practice.rules(*SIGNS, pneumonia, cond("icd:A41.9"), as_of=moment) == []
    assert practice.rules(*SIGNS, pneumonia, as_of="2026-07-01T12:00:00+00:00") == []
    low = bp("2026-06-30T08:00:00Z", 100, 60), lab("breathing", "2026-06-30T08:00:00Z", 22)
    assert practice.rules(*low, pneumonia, as_of=moment) == ["sepsis-screen"]


@pytest.mark.parametrize("text, expected", [("Detected", True), ("DETECTED, 1.2 million IU/mL", True), ("Not detected", False), ("Negative", False), ("Undetectable", False), ("Indeterminate", False), ("non-reactive", False)])  # fmt: skip
def test_hepatitis_c_by_its_rna(practice: Practice, text: str, expected: bool) -> None:
    assert practice.rules(said("loinc:11259-9", B, text)) == (["hepatitis-c"] if expected else [])
    assert practice.rules(said("loinc:11259-9", B, text), cond("Chronic hepatitis C")) == []


def test_antibodies_alone_are_no_infection(practice: Practice) -> None:
    assert practice.rules(said("loinc:16128-1", B, "Reactive"), said("loinc:56888-1", B, "Reactive")) == []


def test_viral_load(practice: Practice) -> None:
    def load(when: str, value: float, sign: str | None = None) -> dict:
        quantity = {"value": value, "unit": "copies/mL"} | ({"comparator": sign} if sign else {})
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": concept("loinc:20447-9"),
            "effectiveDateTime": when,
            "valueQuantity": quantity,
        }

    assert practice.only(load(B, 35000)).code == "Z21"
    assert practice.rules(load(B, 20, "<")) == []
    assert practice.rules(load(A, 35000), load(B, 20, "<")) == []
    assert practice.rules(load(B, 35000), cond("sct:86406008")) == []


@pytest.mark.parametrize(
    "signs, expected",
    [
        ({"temp": 38.1, "pulse": 91}, True),
        ({"temp": 38.0, "pulse": 91}, False),
        ({"temp": 38.1, "pulse": 90}, False),
        ({"temp": 35.9, "breathing": 21}, True),
        ({"temp": 36.0, "breathing": 21}, False),
        ({"temp": 38.1, "breathing": 20}, False),
        ({"wbc": 12.1, "pulse": 91}, True),
        ({"wbc": 12.0, "pulse": 91}, False),
        ({"wbc": 3.9, "pulse": 91}, True),
        ({"wbc": 4.0, "pulse": 91}, False),
    ],
)
def test_signs_of_inflammation(practice: Practice, signs: dict[str, float], expected: bool) -> None:
    values = [lab(name, "2026-06-30T08:00:00Z", value) for name, value in signs.items()]
    pneumonia = cond("icd:J18.9", onset="2026-06-28")
    assert (
        "sepsis-screen" in practice.rules(*values, pneumonia, as_of="2026-06-30T12:00:00+00:00")
    ) == expected


def test_ages_of_scores(practice: Practice) -> None:
    at_risk = cond("icd:E11.9")
    assert practice.rules(*liver(150, 36, 160), at_risk, born="1991-04-06") == []  # 34 when it was measured
    assert practice.rules(*liver(150, 36, 160), at_risk, born="1991-04-05") == ["liver/advanced-fibrosis"]
    assert practice.rules(lab("phq9", B, 15), born="2014-06-30") == ["depression-screen"]
    assert practice.rules(lab("phq9", B, 15), born="2014-07-01") == []
