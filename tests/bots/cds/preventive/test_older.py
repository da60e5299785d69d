"""Falls, cognition, risky medicines; frailty, hospice and palliative care."""

from __future__ import annotations

import pytest

from tests.bots.cds.preventive.builder import (
    OFFICE,
    Clinic,
    concept,
    cond,
    declined,
    made,
    med,
    obs,
    order,
    person,
    proc,
    visit,
)

OLD = person("1950-01-01")


@pytest.mark.parametrize(("given", "status"), [
    ([obs("loinc:73830-2", "2026-01-01")], "satisfied"),  # no value needed
    ([obs("loinc:73830-2", "2025-12-31")], "due"), ([obs("loinc:73830-2", "2025-12-31/2026-01-02")], "due"),
    ([obs("loinc:73830-2", "2026-02-01", status="cancelled")], "due"), ([], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_falls(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert (
        clinic.judge("CMS139", OFFICE, *given, patient=OLD, strict=strict).status.replace("overdue", "due")
        == status
    )


def test_falls_from_65_on_1_january(clinic: Clinic) -> None:
    assert clinic.judge("CMS139", patient=person("1961-01-01")).status == "due"
    assert clinic.judge("CMS139", patient=person("1961-01-02")).status == "not-eligible"


DEMENTIA = cond("icd:G30.9", "2024-01-01")
TWO = [OFFICE, visit("sct:185460008", "2026-05-10")]
MOCA = "loinc:72172-0"


@pytest.mark.parametrize(("given", "status"), [
    ([obs(MOCA, "2026-05-10", 20)], "satisfied"),
    ([obs(MOCA, "2025-03-01", 20)], "satisfied"),  # 12 months before the first visit
    ([obs(MOCA, "2025-02-28", 20)], "due"),
    ([obs(MOCA, "2026-05-11", 20)], "due"),  # after the last visit
    ([obs(MOCA, "2026-03-01")], "due"),  # no value
    ([declined(obs(MOCA, None) | {"issued": "2026-05-10T10:00:00Z", "effectiveDateTime": "2026-05-10"})], "excluded"),
    ([declined(obs(MOCA, "2026-04-01"))], "due"),  # not at a visit
])  # fmt: skip
def test_cognition_to_the_letter(clinic: Clinic, given: list[dict], status: str) -> None:
    found = clinic.judge("CMS149", DEMENTIA, *TWO, *given, patient=OLD, strict=True)
    assert found.status.replace("overdue", "due") == status


def test_cognition_by_patient(clinic: Clinic) -> None:
    for given, status in (
        ([], "due"), ([obs(MOCA, "2025-06-30", 20)], "satisfied"), ([obs(MOCA, "2025-06-29", 20)], "overdue"),
        ([declined(obs(MOCA, "2026-04-01"))], "excluded"),
    ):  # fmt: skip
        assert clinic.judge("CMS149", DEMENTIA, *given, patient=OLD).status == status
    ended = cond("icd:G30.9", "2024-01-01", "2026-02-01", "resolved")
    assert clinic.judge("CMS149", ended, patient=OLD).status == "not-eligible"
    assert clinic.judge("CMS149", patient=OLD).status == "not-eligible"
    assert (
        clinic.judge("CMS149", DEMENTIA, OFFICE, patient=OLD, strict=True).status == "not-eligible"
    )  # one visit


def twice(name: str, **more) -> list[dict]:
    return [med(name, "2026-02-01", **more), med(name, "2026-04-01", **more)]


@pytest.mark.parametrize(("rule", "given", "status"), [
    ("CMS156.1", [], "satisfied"),
    ("CMS156.1", [med("diphenhydramine 25 mg", "2026-02-01")], "satisfied"),  # once
    ("CMS156.1", [med("diphenhydramine 25 mg", "2026-02-01", refills=1)], "due"),
    ("CMS156.1", [med("diphenhydramine 25 mg", "2026-02-01", refills=0)], "satisfied"),
    ("CMS156.1", twice("diphenhydramine 25 mg"), "due"),
    ("CMS156.1", [med("diphenhydramine 25 mg", "2025-12-31"), med("diphenhydramine 25 mg", "2026-01-01")], "satisfied"),
    ("CMS156.1", [med("diphenhydramine 25 mg", "2026-02-01"), med("hydroxyzine 25 mg", "2026-04-01")], "due"),  # one class
    ("CMS156.1", [med("diphenhydramine 25 mg", "2026-02-01"), med("zolpidem 5 mg", "2026-04-01")], "satisfied"),  # two
    ("CMS156.1", [med("zolpidem 5 mg", "2026-02-01"), med("zolpidem 5 mg", "2026-02-01")], "satisfied"),  # one day, one start
    ("CMS156.1", [med("zolpidem 5 mg", "2026-02-01"), med("zolpidem 5 mg", "2026-02-01", dosageInstruction=[
        {"timing": {"repeat": {"boundsPeriod": {"start": "2026-03-01"}}}}])], "due"),
    ("CMS156.1", twice("zolpidem 5 mg", status="draft"), "satisfied"), ("CMS156.1", twice("zolpidem 5 mg", intent="plan"), "satisfied"),
    ("CMS156.1", [declined(m) for m in twice("zolpidem 5 mg")], "satisfied"),
    ("CMS156.1", twice("nifedipine 10 mg capsule"), "due"), ("CMS156.1", twice("nifedipine ER 30 mg tablet"), "satisfied"),
    ("CMS156.1", twice("estradiol 1 mg tablet"), "due"), ("CMS156.1", twice("estradiol vaginal cream"), "satisfied"),
    ("CMS156.1", [med("nitrofurantoin 100 mg", "2026-02-01", days=90)], "satisfied"),
    ("CMS156.1", [med("nitrofurantoin 100 mg", "2026-02-01", days=91)], "due"),
    ("CMS156.1", [med("nitrofurantoin 100 mg", "2026-02-01", days=46), med("nitrofurantoin 100 mg", "2026-04-01", days=45)], "due"),
    ("CMS156.1", [med("digoxin 0.125 mg tablet", "2026-02-01", days=30, quantity=30)], "satisfied"),
    ("CMS156.1", [med("digoxin 0.25 mg tablet", "2026-02-01", days=30, quantity=30)], "due"),
    ("CMS156.1", [med("digoxin 0.25 mg tablet", "2026-02-01")], "satisfied"),  # no supply told
    ("CMS156.1", [med("doxepin 6 mg tablet", "2026-02-01", days=30, quantity=30)], "satisfied"),
    ("CMS156.1", [med("doxepin 10 mg capsule", "2026-02-01", days=30, quantity=30)], "due"),
    ("CMS156.2", twice("quetiapine 25 mg"), "due"),
    ("CMS156.2", [*twice("quetiapine 25 mg"), cond("icd:F20.9", "2010-01-01")], "satisfied"),
    ("CMS156.2", [*twice("quetiapine 25 mg"), cond("icd:F20.9", "2026-02-02")], "due"),  # after the first order
    ("CMS156.2", [*twice("quetiapine 25 mg"), cond("icd:F20.9", "2010-01-01", "2024-12-31", "resolved")], "due"),
    ("CMS156.2", [*twice("quetiapine 25 mg"), cond("icd:F20.9", "2010-01-01", "2025-01-01", "resolved")], "satisfied"),
    ("CMS156.2", twice("lorazepam 1 mg"), "due"),
    ("CMS156.2", [*twice("lorazepam 1 mg"), cond("icd:F41.1", "2010-01-01")], "satisfied"),
    ("CMS156.3", twice("lorazepam 1 mg"), "due"), ("CMS156.3", twice("zolpidem 5 mg"), "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_risky_medicines(clinic: Clinic, rule: str, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge(rule, OFFICE, *given, patient=OLD, strict=strict)
    assert found.status == status
    assert found.evidence


def test_risky_medicines_from_65_on_31_december(clinic: Clinic) -> None:
    assert clinic.judge("CMS156.1", patient=person("1961-12-31")).status == "satisfied"
    assert clinic.judge("CMS156.1", patient=person("1962-01-01")).status == "not-eligible"


# Shared exclusions, by colorectal screening (rule A) and blood pressure control (rule B)

WHEELCHAIR = made(
    "DeviceRequest",
    status="active",
    intent="order",
    codeCodeableConcept=concept("sct:58938008"),
    authoredOn="2026-02-01",
)
HEART_FAILURE = cond("sct:42343007", "2025-01-01")


@pytest.mark.parametrize(("given", "status"), [
    ([cond("sct:170935008", "2026-01-01")], "excluded"),
    ([cond("sct:170935008", "2024-01-01", "2025-12-31", "resolved")], "due"),
    ([order("sct:385763009", "2026-01-01")], "excluded"), ([order("sct:385763009", "2025-12-31")], "due"),
    ([declined(order("sct:385763009", "2026-01-01"))], "due"),
    ([proc("sct:385763009", "2025-12-01/2026-01-01")], "excluded"),
    ([visit("sct:385765002", "2026-02-01")], "excluded"), ([visit("sct:385765002", "2026-02-01", "cancelled")], "due"),
    ([obs("loinc:45755-6", "2026-02-01", "sct:373066001")], "excluded"), ([obs("loinc:45755-6", "2026-02-01", "sct:373067005")], "due"),
    ([visit("sct:183452005", "2025-12-20/2026-01-02", hospitalization={"dischargeDisposition": concept("sct:428361000124107")})], "excluded"),
    ([visit("sct:183452005", "2025-12-20/2025-12-31", hospitalization={"dischargeDisposition": concept("sct:428361000124107")})], "due"),
    ([obs("loinc:71007-9", "2026-02-01")], "excluded"), ([cond("icd:Z51.5", "2026-02-01")], "excluded"),
    ([proc("sct:103735009", "2026-02-01")], "excluded"), ([proc("sct:103735009", "2025-02-01")], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_hospice_and_palliative_care(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS130", OFFICE, *given, strict=strict).status == status


@pytest.mark.parametrize(("born", "given", "status"), [
    ("1960-12-31", [WHEELCHAIR, HEART_FAILURE], "excluded"), ("1961-01-01", [WHEELCHAIR, HEART_FAILURE], "due"),
    ("1958-01-01", [WHEELCHAIR], "due"), ("1958-01-01", [HEART_FAILURE], "due"),
    ("1958-01-01", [WHEELCHAIR, cond("sct:42343007", "2024-12-31")], "due"),  # older onset
    ("1958-01-01", [WHEELCHAIR | {"authoredOn": "2025-12-31"}, HEART_FAILURE], "due"),
    ("1958-01-01", [obs("loinc:98181-1", "2026-02-01", "sct:266731002"), HEART_FAILURE], "excluded"),
    ("1958-01-01", [obs("loinc:98181-1", "2026-02-01", "sct:123"), HEART_FAILURE], "due"),
    ("1958-01-01", [cond("icd:Z99.3", "2020-01-01"), HEART_FAILURE], "excluded"),
    ("1958-01-01", [obs("sct:248279007", "2026-02-01", status="preliminary"), HEART_FAILURE], "excluded"),
    ("1958-01-01", [WHEELCHAIR, med("donepezil 10 mg", "2025-03-01", days=30)], "excluded"),
    ("1958-01-01", [WHEELCHAIR, med("donepezil 10 mg", "2024-11-01", days=30)], "due"),
    ("1958-01-01", [WHEELCHAIR, med("donepezil 10 mg", "2025-03-01", "stopped", days=30)], "due"),
    ("1958-01-01", [obs("loinc:71802-3", "2010-02-01", "sct:160734000")], "excluded"),
    ("1958-01-01", [obs("loinc:71802-3", "2010-02-01", "sct:160734000"), obs("loinc:71802-3", "2011-02-01", "sct:1")], "due"),
    ("1961-01-01", [obs("loinc:71802-3", "2010-02-01", "sct:160734000")], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_frailty_from_66(clinic: Clinic, born: str, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS130", OFFICE, *given, patient=person(born), strict=strict).status == status


def test_frailty_alone_excludes_from_81_in_blood_pressure_control(clinic: Clinic) -> None:
    high = cond("icd:I10", "2010-01-01")
    for born, given, status in (
        ("1945-12-31", [WHEELCHAIR], "excluded"), ("1946-01-01", [WHEELCHAIR], "due"),
        ("1946-01-01", [WHEELCHAIR, HEART_FAILURE], "excluded"),
    ):  # fmt: skip
        assert clinic.judge("CMS165", high, *given, patient=person(born)).status == status


def test_a_bare_prescription_covers_no_day_to_the_letter(clinic: Clinic) -> None:
    given = [WHEELCHAIR, med("donepezil 10 mg", "2025-03-01")]
    old = person("1958-01-01")
    assert clinic.judge("CMS130", OFFICE, *given, patient=old).status == "excluded"
    assert clinic.judge("CMS130", OFFICE, *given, patient=old, strict=True).status == "due"
