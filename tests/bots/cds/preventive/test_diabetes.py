"""Glycaemic status, eyes and kidneys in diabetes; screening for prediabetes."""

from __future__ import annotations

import pytest

from tests.bots.cds.preventive.builder import (
    OFFICE,
    RACE,
    Clinic,
    bp,
    category,
    cond,
    declined,
    obs,
    person,
    proc,
    report,
    visit,
)

DM = cond("icd:E11.9", "2015-01-01", kind="diagnosis")
A1C = "loinc:4548-4"


def a1c(when: str, value: float | None, unit: str | None = "%", **more) -> dict:
    return obs(A1C, when, value, unit, **more)


@pytest.mark.parametrize(("given", "status"), [
    ([a1c("2026-03-01", 9.0)], "satisfied"),
    ([a1c("2026-03-01", 9.1)], "due"),
    ([a1c("2025-12-31", 7.0)], "due"),
    ([a1c("2026-01-01", 7.0)], "satisfied"),
    ([a1c("2026-02-01", 7.0), a1c("2026-05-01", 9.5)], "due"),  # the older good one does not rescue
    ([a1c("2026-05-01", 9.5), a1c("2026-05-01", 8.0)], "satisfied"),  # the lowest of the last day
    ([a1c("2026-02-01", 7.0), a1c("2026-05-01", None)], "due"),  # the last has no value
    ([obs("loinc:97506-0", "2026-05-01", 8.9, "%")], "satisfied"),
    ([a1c("2026-02-01", 7.0), a1c("2026-05-01", 12.0, status="cancelled")], "satisfied"),
    ([a1c("2026-02-01", 7.0), a1c("2026-05-01", 12.0, status="entered-in-error")], "satisfied"),
    ([a1c("2026-02-01", 7.0), a1c("2026-05-01", 12.0, status="preliminary")], "satisfied"),
    ([], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_glycaemic_status(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert (
        clinic.judge("CMS122", DM, OFFICE, *given, strict=strict).status.replace("overdue", "due") == status
    )


@pytest.mark.parametrize(("result", "strict", "status"), [
    (a1c("2026-05-01", 60, "mmol/mol"), True, "cannot-judge"),
    (a1c("2026-05-01", 60, "mmol/mol"), False, "satisfied"),  # 7.6 %
    (a1c("2026-05-01", 80, "mmol/mol"), False, "due"),  # 9.5 %
    (a1c("2026-05-01", 0.091, "1"), True, "cannot-judge"),
    (a1c("2026-05-01", 7.0, None), True, "cannot-judge"),
    (a1c("2026-05-01", 7.0, None), False, "cannot-judge"),
    (obs(A1C, "2026-05-01", "seven"), False, "cannot-judge"),
])  # fmt: skip
def test_units_of_hba1c(clinic: Clinic, result: dict, strict: bool, status: str) -> None:
    assert clinic.judge("CMS122", DM, OFFICE, result, strict=strict).status == status


def test_a_valueless_result_hides_a_good_one_of_its_day_only_to_the_letter(clinic: Clinic) -> None:
    given = [DM, OFFICE, a1c("2026-05-01", 7.0), a1c("2026-05-01", None)]
    assert clinic.judge("CMS122", *given, strict=True).status == "due"
    assert clinic.judge("CMS122", *given).status == "satisfied"


@pytest.mark.parametrize(("condition", "strict", "status"), [
    (DM, True, "due"),
    (cond("icd:E11.9", "2015-01-01", kind="problem"), True, "not-eligible"),  # problem list only
    (cond("icd:E11.9", "2015-01-01", kind="problem"), False, "due"),
    (cond("icd:E10.65", "2026-06-01", kind="diagnosis"), True, "due"),
    (cond("icd:O24.4", "2026-01-01", kind="diagnosis"), False, "not-eligible"),
    (cond("icd:E11.9", "2015-01-01", "2025-12-31", "resolved", kind="diagnosis"), False, "not-eligible"),
    (cond("icd:E11.9", "2015-01-01", "2026-01-01", "resolved", kind="diagnosis"), True, "due"),
    (cond("icd:E11.9", "2015-01-01", None, "resolved", kind="diagnosis"), True, "cannot-judge"),  # unknown end
    (cond("icd:E11.9", None, kind="diagnosis", recordedDate="2020-01-01"), True, "cannot-judge"),
    (cond("icd:E11.9", None, kind="diagnosis", recordedDate="2020-01-01"), False, "due"),
    (cond("icd:E11.9", None, state=None), False, "due"),
    (cond("Type 2 diabetes mellitus", "2015-01-01"), False, "due"),
    (cond("Gestational diabetes", "2026-01-01"), False, "not-eligible"),
    (cond("Risk of diabetes", "2026-01-01"), False, "not-eligible"),
    (cond("icd:E11.9", "2015-01-01", verificationStatus=category("condition-ver-status", "provisional")), False, "due"),
    (cond("icd:E11.9", "2015-01-01", verificationStatus=category("condition-ver-status", "entered-in-error")), False, "not-eligible"),
])  # fmt: skip
def test_who_is_diabetic(clinic: Clinic, condition: dict, strict: bool, status: str) -> None:
    assert clinic.judge("CMS122", condition, OFFICE, strict=strict).status == status


@pytest.mark.parametrize(("born", "status"), [
    ("2009-01-01", "not-eligible"), ("2008-12-31", "due"), ("1951-01-01", "due"), ("1950-12-31", "not-eligible"),
])  # fmt: skip
@pytest.mark.parametrize("rule", ["CMS122", "CMS131"])
def test_ages_in_diabetes_are_taken_on_31_december(clinic: Clinic, rule: str, born: str, status: str) -> None:
    assert clinic.judge(rule, DM, patient=person(born)).status == status


RETINOPATHY = cond("icd:E11.329", "2019-01-01")


def exam(when: str, **more) -> dict:
    return obs("sct:722161008", when, category=[category("observation-category", "exam")], **more)


def eye(side: str, when: str, answer: str) -> dict:
    return obs({"left": "loinc:71490-7", "right": "loinc:71491-5"}[side], when, answer)


NONE, MILD = "loinc:LA18643-9", "loinc:LA18644-7"


@pytest.mark.parametrize(("given", "status"), [
    ([exam("2026-01-01")], "satisfied"),
    ([exam("2025-01-01")], "satisfied"),
    ([exam("2024-12-31")], "due"),
    ([RETINOPATHY, exam("2025-12-31")], "due"),
    ([RETINOPATHY, exam("2026-01-01")], "satisfied"),
    ([cond("icd:E11.329", "2019-01-01", "2025-06-01", "resolved"), exam("2025-12-31")], "satisfied"),
    ([obs("loinc:105914-6", "2026-02-01", "loinc:LA34398-0")], "satisfied"),
    ([obs("loinc:105914-6", "2026-02-01", "loinc:LA9-2")], "due"),
    ([obs("loinc:105914-6", "2025-12-31", "loinc:LA34398-0")], "due"),
    ([eye("left", "2026-02-01", MILD), eye("right", "2026-02-01", NONE)], "satisfied"),
    ([eye("left", "2026-02-01", MILD)], "due"),
    ([eye("left", "2026-02-01", MILD), eye("right", "2025-02-01", NONE)], "satisfied"),
    ([eye("left", "2026-02-01", MILD), eye("right", "2025-02-01", MILD)], "due"),
    ([eye("right", "2026-02-01", MILD), eye("left", "2025-02-01", NONE)], "satisfied"),
    ([eye("left", "2025-02-01", NONE), eye("right", "2025-12-31", NONE)], "satisfied"),
    ([eye("left", "2024-12-31", NONE), eye("right", "2025-12-31", NONE)], "due"),
    ([cond("sct:15665641000119103", "2010-01-01")], "excluded"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_eye_examinations(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge("CMS131", DM, OFFICE, *given, strict=strict)
    assert found.status.replace("overdue", "due") == status


@pytest.mark.parametrize("resource", [
    proc("sct:722161008", "2026-02-01"), report("Dilated retinal examination", "2026-02-01"), obs("sct:722161008", "2026-02-01"),
])  # fmt: skip
def test_eye_examinations_elsewhere_count_unless_strict(clinic: Clinic, resource: dict) -> None:
    assert clinic.judge("CMS131", DM, OFFICE, resource).status == "satisfied"
    assert clinic.judge("CMS131", DM, OFFICE, resource, strict=True).status == "due"


def test_an_eye_examination_without_retinopathy_counts_to_the_end_of_next_year(clinic: Clinic) -> None:
    assert str(clinic.judge("CMS131", DM, exam("2026-03-01")).reopens) == "2028-01-01"
    assert str(clinic.judge("CMS131", DM, RETINOPATHY, exam("2026-03-01")).reopens) == "2027-01-01"


EGFR = obs("loinc:98979-8", "2026-02-01", 80, "mL/min/{1.73_m2}")
UACR = obs("loinc:9318-7", "2026-02-01", 12, "mg/g")


def urine(code: str, when: str) -> dict:
    return obs(f"loinc:{code}", when, 5, "mg/dL")


@pytest.mark.parametrize(("given", "status"), [
    ([EGFR, UACR], "satisfied"),
    ([EGFR], "due"), ([UACR], "due"),
    ([EGFR | {"effectiveDateTime": "2025-12-31"}, UACR], "due"),
    ([EGFR, obs("loinc:9318-7", "2026-02-01", "sct:260415000")], "satisfied"),  # undetectable
    ([EGFR, obs("loinc:9318-7", "2026-02-01", "12 mg/g")], "due"),  # a string
    ([EGFR, urine("1754-1", "2026-02-01"), urine("2161-8", "2026-02-05")], "satisfied"),
    ([EGFR, urine("1754-1", "2026-02-01"), urine("2161-8", "2026-02-06")], "due"),
    ([EGFR, urine("1754-1", "2026-02-01T08:00:00Z"), urine("2161-8", "2026-02-05T08:00:00Z")], "satisfied"),
    ([EGFR, urine("1754-1", "2026-02-01T08:00:00Z"), urine("2161-8", "2026-02-05T08:00:01Z")], "due"),  # by the clock
    ([EGFR, urine("1754-1", "2025-12-31"), urine("2161-8", "2026-01-01")], "due"),
    ([cond("icd:N18.6", "2020-01-01")], "excluded"),
    ([cond("icd:N18.5", "2020-01-01", "2025-12-31", "resolved")], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_kidney_evaluation(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge("CMS951", DM, OFFICE, *given, strict=strict)
    assert found.status.replace("overdue", "due") == status


@pytest.mark.parametrize(("condition", "born", "status"), [
    (DM, "2008-01-01", "due"), (DM, "2008-01-02", "not-eligible"), (DM, "1940-01-02", "due"), (DM, "1940-01-01", "not-eligible"),
    (cond("icd:E11.9", "2025-12-31"), "1970-01-01", "due"),
    (cond("icd:E11.9", "2026-01-01"), "1970-01-01", "not-eligible"),  # new in the year
])  # fmt: skip
def test_kidney_population(clinic: Clinic, condition: dict, born: str, status: str) -> None:
    assert clinic.judge("CMS951", condition, patient=person(born)).status == status


def bmi(value: float | None, when: str = "2024-01-01", unit: str | None = "kg/m2") -> dict:
    return obs("loinc:39156-5", when, value, unit)


ASIAN = [{"url": RACE, "extension": [{"url": "ombCategory", "valueCoding": {"code": "2028-9"}}]}]


@pytest.mark.parametrize(("patient", "given", "status"), [
    (person("1991-01-01"), [bmi(25.0)], "due"), (person("1991-01-02"), [bmi(25.0)], "not-eligible"),
    (person("1955-01-02"), [bmi(25.0)], "due"), (person("1955-01-01"), [bmi(25.0)], "not-eligible"),
    (person(), [bmi(24.9)], "not-eligible"), (person(), [], "not-eligible"),
    (person(extension=ASIAN), [bmi(23.0)], "due"), (person(extension=ASIAN), [bmi(22.9)], "not-eligible"),
    (person(), [bmi(30, "2010-01-01")], "due"),  # of any time
    (person(), [bmi(30, "2010-01-01"), bmi(22)], "not-eligible"),  # the latest
    (person(), [bmi(30, unit=None)], "cannot-judge"),
    (person(), [bmi(30), obs(A1C, "2026-01-01")], "satisfied"),  # no value needed
    (person(), [bmi(30), obs("loinc:2345-7", "2026-01-01", 90, "mg/dL")], "satisfied"),
    (person(), [bmi(30), obs(A1C, "2025-12-31", 5.5, "%")], "excluded"),
    (person(), [bmi(30), obs(A1C, "2024-01-01", 5.5, "%")], "excluded"),
    (person(), [bmi(30), obs(A1C, "2023-12-31", 5.5, "%")], "due"),
    (person(), [bmi(30), cond("icd:R73.03", "2020-01-01")], "excluded"),
    (person(), [bmi(30), cond("icd:E11.9", "2020-01-01", "2023-12-31", "resolved")], "due"),
    (person(), [bmi(30), cond("icd:Z33.1", "2026-02-01")], "excluded"),
    (person(), [bmi(30), obs("loinc:82810-3", "2026-02-01", "sct:77386006")], "excluded"),
    (person(), [bmi(30), cond("sct:300936002", "2020-01-01")], "excluded"),
    (person(), [bmi(30), cond("sct:42343007", "2001-01-01")], "excluded"),
])  # fmt: skip
def test_prediabetes_screening(clinic: Clinic, patient: dict, given: list[dict], status: str) -> None:
    found = clinic.judge("CMS1154", *given, patient=patient)
    assert found.status.replace("overdue", "due") == status


def test_strict_prediabetes_asks_for_a_preventive_or_two_other_visits(clinic: Clinic) -> None:
    second = visit("sct:439740005", "2026-04-01")
    assert clinic.judge("CMS1154", bmi(30), OFFICE, strict=True).status == "not-eligible"
    assert clinic.judge("CMS1154", bmi(30), OFFICE, second, strict=True).status == "due"
    new = cond("icd:E11.9", "2026-02-01")
    assert (
        clinic.judge("CMS1154", bmi(30), OFFICE, second, new, strict=True).status == "due"
    )  # the look-back alone
    assert clinic.judge("CMS1154", bmi(30), new).status == "excluded"


def test_a_refused_test_is_told(clinic: Clinic) -> None:
    found = clinic.judge("CMS122", DM, declined(obs(A1C, "2026-05-01")))
    assert found.status == "due" and "declined on 01-May-2026" in found.reason


def test_a_reading_of_another_kind_is_no_evidence(clinic: Clinic) -> None:
    assert clinic.judge("CMS122", DM, bp("2026-05-01", 120, 70)).evidence == ()
