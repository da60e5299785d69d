"""Depression, tobacco, weight."""

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

SEEN = visit("sct:108220007", "2026-03-15T09:00:00Z/2026-03-15T10:00:00Z")
NEGATIVE, POSITIVE = "sct:428171000124102", "sct:428181000124104"


def screen(when: str, answer: str | None, code: str = "73832-8", **more) -> dict:
    return obs(f"loinc:{code}", when, answer, **more)


BAD = screen("2026-03-15", POSITIVE)


@pytest.mark.parametrize(("given", "status"), [
    ([screen("2026-03-15", NEGATIVE)], "satisfied"),
    ([screen("2026-03-01", NEGATIVE)], "satisfied"),  # 14 days before
    ([screen("2026-02-28", NEGATIVE)], "due"),
    ([screen("2026-03-16", NEGATIVE)], "due"),
    ([screen("2026-03-15", None)], "due"),
    ([screen("2026-03-15", NEGATIVE, status="preliminary")], "due"),
    ([BAD], "due"),
    ([BAD, proc("sct:18512000", "2026-03-15T09:30:00Z")], "satisfied"),
    ([BAD, proc("sct:18512000", "2026-03-15T10:00:01Z")], "due"),  # after the visit by the clock
    ([BAD, order("sct:183524004", "2026-03-15")], "satisfied"),
    ([BAD, order("sct:183524004", "2026-03-17", intent="order")], "satisfied"),
    ([BAD, order("sct:183524004", "2026-03-18")], "due"),
    ([BAD, med("rx:312941", "2026-03-16", days=30)], "satisfied"),
    ([BAD, med("rx:312941", "2026-03-16")], "due"),  # no period
    ([BAD, med("rx:312941", "2026-03-15", days=1)], "due"),  # over on the day of the visit
    ([BAD, med("rx:312941", "2026-03-15", days=2)], "satisfied"),
    ([BAD, med("rx:312941", "2026-03-16", "stopped", days=30)], "due"),
    ([BAD, screen("2026-03-15T23:00:00Z", NEGATIVE)], "satisfied"),  # a later negative replaces it
    ([obs("loinc:44261-6", "2026-03-15", 3, "{score}")], "due"),  # a raw score isn't read
    ([declined(screen("2026-03-15", None))], "due"),  # no exception
])  # fmt: skip
def test_depression_to_the_letter(clinic: Clinic, given: list[dict], status: str) -> None:
    assert clinic.judge("CMS2", SEEN, *given, strict=True).status == status


@pytest.mark.parametrize(("born", "code", "status"), [
    ("2014-01-01", "73831-0", "satisfied"), ("2014-01-02", "73831-0", "not-eligible"), ("2014-01-01", "73832-8", "due"),
    ("2009-01-02", "73831-0", "satisfied"), ("2009-01-02", "73832-8", "due"),  # 16
    ("2009-01-01", "73831-0", "satisfied"), ("2009-01-01", "73832-8", "satisfied"),  # 17
    ("2008-01-01", "73831-0", "due"), ("2008-01-01", "73832-8", "satisfied"),  # 18
])  # fmt: skip
def test_the_screen_fits_the_age(clinic: Clinic, born: str, code: str, status: str) -> None:
    given = [SEEN, screen("2026-03-15", NEGATIVE, code)]
    assert clinic.judge("CMS2", *given, patient=person(born), strict=True).status == status


@pytest.mark.parametrize(("given", "status"), [
    ([obs("loinc:44261-6", "2026-01-02", 9, "{score}")], "satisfied"),
    ([obs("loinc:44261-6", "2026-01-02", 10, "{score}")], "due"),
    ([obs("loinc:55758-7", "2026-01-02", 2)], "satisfied"), ([obs("loinc:55758-7", "2026-01-02", 3)], "due"),
    ([obs("loinc:71354-5", "2026-01-02", 12)], "satisfied"), ([obs("loinc:71354-5", "2026-01-02", 13)], "due"),
    ([obs("loinc:44261-6", "2025-12-31", 4)], "due"),
    ([obs("loinc:44261-6", "2026-01-02", 15), med("sertraline 50 mg", "2026-02-01")], "satisfied"),
    ([obs("loinc:44261-6", "2026-01-02", 15), med("sertraline 50 mg", "2026-02-02")], "due"),
    ([obs("loinc:44261-6", "2026-01-02", 15), med("sertraline 50 mg", "2024-02-02")], "satisfied"),  # in use
    ([obs("loinc:44261-6", "2026-01-02", 15), proc("sct:75516001", "2026-01-20")], "satisfied"),
    ([proc("sct:171207006", "2026-01-20")], "cannot-judge"),
    ([cond("icd:F31.9", "2010-01-01")], "excluded"),
])  # fmt: skip
def test_depression_by_patient(clinic: Clinic, given: list[dict], status: str) -> None:
    assert clinic.judge("CMS2", *given).status.replace("overdue", "due") == status


def test_bipolar_disorder_excludes_to_the_letter_from_the_problem_list_alone(clinic: Clinic) -> None:
    for onset, kind, status in (
        ("2026-03-14", "problem", "excluded"), ("2026-03-15", "problem", "due"), ("2020-01-01", "diagnosis", "due"),
    ):  # fmt: skip
        assert clinic.judge("CMS2", SEEN, cond("icd:F31.9", onset, kind=kind), strict=True).status == status


# Tobacco

USER, NEVER, UNKNOWN = "sct:449868002", "sct:266919005", "sct:266927001"


def smoking(when: str, answer: str, **more) -> dict:
    return obs("loinc:72166-2", when, answer, **more)


@pytest.mark.parametrize(("given", "strict", "status"), [
    ([smoking("2026-01-01", NEVER)], True, "satisfied"), ([smoking("2026-01-01", USER)], True, "satisfied"),
    ([smoking("2025-12-31", NEVER)], True, "due"),
    ([smoking("2026-01-01", NEVER, status="amended")], True, "due"), ([smoking("2026-01-01", NEVER, status="amended")], False, "satisfied"),
    ([smoking("2026-01-01", NEVER), smoking("2026-02-01", UNKNOWN)], True, "due"),
    ([smoking("2026-01-01", NEVER), smoking("2026-02-01", UNKNOWN)], False, "satisfied"),
    ([smoking("2026-01-01", "loinc:LA18978-9")], False, "satisfied"), ([smoking("2026-01-01", "loinc:LA18978-9")], True, "due"),
    ([smoking("2026-01-01", "Former smoker")], False, "satisfied"),
])  # fmt: skip
def test_tobacco_screening(clinic: Clinic, given: list[dict], strict: bool, status: str) -> None:
    found = clinic.judge(
        "CMS138.1", OFFICE, OFFICE | {"period": {"start": "2026-04-01"}}, *given, strict=strict
    )
    assert found.status.replace("overdue", "due") == status


def test_tobacco_visits_and_age(clinic: Clinic) -> None:
    assert clinic.judge("CMS138.1", OFFICE, strict=True).status == "not-eligible"  # one is too few
    assert clinic.judge("CMS138.1", visit("sct:86013001", "2026-02-02"), strict=True).status == "due"
    assert clinic.judge("CMS138.1", patient=person("2014-01-01")).status == "due"
    assert clinic.judge("CMS138.1", patient=person("2014-01-02")).status == "not-eligible"


NICOTINE = med("nicotine patch", "2026-02-01")


@pytest.mark.parametrize(("given", "status"), [
    ([], "due"),
    ([proc("sct:225323000", "2025-07-01")], "satisfied"), ([proc("sct:225323000", "2025-06-30")], "due"),
    ([proc("sct:225323000", "2026-02-01", "not-done")], "due"),
    ([cond("icd:Z71.6", "2025-07-01")], "satisfied"), ([cond("icd:Z71.6", "2025-06-30")], "due"),
    ([NICOTINE], "satisfied"), ([NICOTINE | {"authoredOn": "2025-06-30", "status": "completed"}], "due"),
    ([NICOTINE | {"intent": "proposal"}], "due"), ([declined(NICOTINE)], "due"),
    ([med("bupropion 150 mg", "2025-07-01", "completed")], "satisfied"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_help_to_stop_tobacco(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    two = [OFFICE, OFFICE | {"period": {"start": "2026-04-01"}}]
    found = clinic.judge("CMS138.2", *two, smoking("2026-01-02", USER), *given, strict=strict)
    assert found.status.replace("overdue", "due") == status
    assert (
        clinic.judge("CMS138.3", *two, smoking("2026-01-02", USER), *given, strict=strict).status.replace(
            "overdue", "due"
        )
        == status
    )


def test_only_users_need_help_to_stop(clinic: Clinic) -> None:
    assert clinic.judge("CMS138.2", smoking("2026-01-02", NEVER)).status == "not-eligible"
    assert clinic.judge("CMS138.3", smoking("2026-01-02", NEVER)).status == "satisfied"


def test_a_rejected_order_is_no_treatment(clinic: Clinic) -> None:
    task = made(
        "Task",
        status="rejected",
        intent="order",
        code=concept("hl7:x") | {"coding": [{"code": "fulfill"}]},
        focus={"reference": "MedicationRequest/tobacco-1"},
    )
    given = [smoking("2026-01-02", USER), NICOTINE | {"id": "tobacco-1"}]
    assert clinic.judge("CMS138.2", *given, task).status == "due"


# Weight


def bmi(value: float | None, when: str = "2026-03-01", unit: str | None = "kg/m2", **more) -> dict:
    return obs("loinc:39156-5", when, value, unit, **more)


OBESE, THIN = concept("icd:E66.9"), concept("icd:R63.6")
PLAN = order("sct:304549008", "2026-05-01", reasonCode=[OBESE])


@pytest.mark.parametrize(("given", "status"), [
    ([bmi(18.5)], "satisfied"), ([bmi(24.9)], "satisfied"), ([bmi(25.0)], "due"), ([bmi(18.4)], "due"),
    ([bmi(22, "2025-12-31")], "due"), ([bmi(22, unit=None)], "cannot-judge"), ([bmi(22, status="cancelled")], "due"),
    ([bmi(30, "2026-02-01"), bmi(24)], "due"),  # any abnormal one asks for a plan
    ([bmi(30), PLAN], "satisfied"), ([bmi(17), PLAN], "due"),
    ([bmi(17), order("sct:304549008", "2026-05-01", reasonCode=[THIN])], "satisfied"),
    ([bmi(30), PLAN | {"authoredOn": "2025-12-31"}], "due"),
    ([bmi(30), PLAN | {"authoredOn": "2026-01-01"}], "satisfied"),  # before the BMI
    ([bmi(30), order("sct:304549008", "2026-05-01", reasonCode=[concept("icd:I10")])], "due"),
    ([bmi(30), cond("icd:E66.9", "2026-05-01"), order("sct:304549008", "2026-05-01", reasonCode=[concept("icd:I10")])], "satisfied"),
    ([bmi(30), proc("sct:410177006", "2026-05-01", reasonCode=[OBESE])], "satisfied"),
    ([cond("icd:Z33.1", "2026-02-01")], "excluded"),
    ([bmi(30), declined(order("sct:304549008", "2026-03-01", "completed"), "sct:183932001")], "excluded"),
    ([bmi(30), declined(order("sct:304549008", "2026-03-01", "completed"))], "due"),  # the patient's reason isn't one
    ([declined(bmi(None))], "excluded"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_adult_weight(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS69", OFFICE, *given, strict=strict).status.replace("overdue", "due") == status


def test_a_plan_without_any_reason_counts_unless_strict(clinic: Clinic) -> None:
    plan = order("sct:304549008", "2026-05-01")
    assert clinic.judge("CMS69", OFFICE, bmi(30), plan).status == "satisfied"
    assert clinic.judge("CMS69", OFFICE, bmi(30), plan, strict=True).status == "due"


def test_adult_weight_asks_to_the_letter_for_a_visit_in_person_at_18(clinic: Clinic) -> None:
    video = OFFICE | {"class": {"code": "VR"}}
    assert clinic.judge("CMS69", video, bmi(22), strict=True).status == "not-eligible"
    for born, status in (("2008-03-01", "satisfied"), ("2008-03-02", "not-eligible")):
        assert clinic.judge("CMS69", OFFICE, bmi(22), patient=person(born), strict=True).status == status


def child(born: str = "2015-05-05") -> dict:
    return person(born)


GROWTH = [
    obs("loinc:59576-9", "2026-02-01", 60, "%"),
    obs("loinc:8302-2", "2026-02-03", 130, "cm"),
    obs("loinc:29463-7", "2026-05-01", 30, "kg"),
]


@pytest.mark.parametrize(("rule", "given", "status"), [
    ("CMS155.1", GROWTH, "satisfied"), ("CMS155.1", GROWTH[1:], "due"), ("CMS155.1", GROWTH[:2], "due"),
    ("CMS155.1", [obs("loinc:39156-5", "2026-02-01", 17, "kg/m2"), *GROWTH[1:]], "due"),  # not the percentile
    ("CMS155.2", [proc("sct:11816003", "2026-01-01")], "satisfied"), ("CMS155.2", [proc("sct:11816003", "2025-12-31")], "due"),
    ("CMS155.2", [cond("icd:Z71.3", "2026-02-01")], "due"),
    ("CMS155.3", [proc("sct:281090004", "2026-01-01")], "satisfied"), ("CMS155.3", [proc("sct:11816003", "2026-01-01")], "due"),
    ("CMS155.3", [cond("icd:Z33.1", "2026-02-01")], "excluded"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_child_weight(clinic: Clinic, rule: str, given: list[dict], status: str, strict: bool) -> None:
    assert (
        clinic.judge(rule, OFFICE, *given, patient=child(), strict=strict).status.replace("overdue", "due")
        == status
    )


@pytest.mark.parametrize(("born", "status"), [
    ("2024-01-01", "not-eligible"), ("2023-12-31", "due"), ("2009-01-01", "due"), ("2008-12-31", "not-eligible"),
])  # fmt: skip
def test_child_weight_ages(clinic: Clinic, born: str, status: str) -> None:
    assert clinic.judge("CMS155.2", patient=child(born)).status == status
