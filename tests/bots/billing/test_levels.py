"""Visit levels by small examples of each, by decision making and by time."""

from __future__ import annotations

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.bots.billing.builder import CPT, DAY, Case, concept, diagnoses, issues, services

PLAN = "ASSESSMENT AND PLAN:\n"


@pytest.mark.parametrize(("new", "expected"), [(True, "99202"), (False, "99212")])
def test_one_minor_problem_is_straightforward(repository: SQLiteRepository, new: bool, expected: str):
    case = Case(repository, new=new)
    case.condition("Common cold", "J00", onset=DAY, rank=1)
    case.note(PLAN + "Common cold: rest and fluids.")
    assert services(case.ask()) == [expected]


@pytest.mark.parametrize(("new", "expected"), [(True, "99203"), (False, "99213")])
def test_a_stable_chronic_illness_with_a_prescription_is_low(repository: SQLiteRepository, new: bool, expected: str):
    case = Case(repository, new=new)
    case.condition("Essential hypertension", "I10", rank=1)
    case.drug("Lisinopril 20 mg tablet")
    assert services(case.ask()) == [expected]


@pytest.mark.parametrize(("new", "expected"), [(True, "99204"), (False, "99214")])
def test_two_chronic_illnesses_with_a_prescription_are_moderate(repository: SQLiteRepository, new: bool, expected: str):
    case = Case(repository, new=new)
    case.condition("Essential hypertension", "I10", rank=1)
    case.condition("Hypothyroidism", "E03.9", rank=2)
    case.drug("Levothyroxine 75 mcg tablet")
    answer = case.ask()
    assert services(answer) == [expected]
    grid = answer["visitLevel"]
    assert (grid["problems"]["level"], grid["risk"]["level"], grid["level"]) == ("moderate",) * 3
    assert grid["risk"]["evidence"][0]["reference"].startswith("MedicationRequest/")


@pytest.mark.parametrize(("new", "expected"), [(True, "99205"), (False, "99215")])
def test_a_threat_to_life_with_a_decision_to_admit_is_high(repository: SQLiteRepository, new: bool, expected: str):
    case = Case(repository, new=new)
    case.condition("Pulmonary embolism", "I26.99", onset=DAY, rank=1)
    case.note(PLAN + "Pulmonary embolism. Decision made to admit, sent to the ED by ambulance.")
    assert services(case.ask()) == [expected]


def test_two_chronic_illnesses_without_data_or_risk_stay_straightforward(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=1)
    case.condition("Hypothyroidism", "E03.9", rank=2)
    assert services(case.ask()) == ["99212"]


def test_a_worse_chronic_illness_counts_more_than_a_stable_one(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=1)
    case.note(PLAN + "Hypertension: not at goal. Increase lisinopril to 40 mg.")
    assert services(case.ask()) == ["99214"]


def test_a_denied_worsening_does_not_count(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=1)
    case.note(PLAN + "Hypertension: no worsening. Continue lisinopril 20 mg.")
    assert services(case.ask()) == ["99213"]


def test_values_of_one_panel_are_one_test(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=1)
    for name, loinc in (("Sodium", "2951-2"), ("Potassium", "2823-3"), ("Creatinine", "2160-0")):
        case.result(name, loinc, 4.0, "mmol/L")
    answer = case.ask()
    assert answer["visitLevel"]["data"]["level"] == "straightforward"
    case.result("TSH", "3016-3", 2.0, "mIU/L")
    assert case.ask()["visitLevel"]["data"]["level"] == "low"


def test_a_prescription_that_was_stopped_since_was_managed_all_the_same(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Fracture of forearm", rank=1)
    drug = case.drug("Hydrocodone 7.5 mg tablet")
    next(r for r in case.resources if f"MedicationRequest/{r['id']}" == drug or r["id"] == drug)["status"] = "stopped"
    assert case.ask()["visitLevel"]["risk"]["level"] == "moderate"


@pytest.mark.parametrize(("done", "tests"), [
    (["Upper arm X-ray", "Bone density scan (procedure)"], 2), (["CT of chest", "CT of chest"], 1),
    (["Ultrasound-guided biopsy of breast", "Coronary angiography"], 0), (["Bone immobilization"], 0),
])  # fmt: skip
def test_imaging_that_was_done_is_data(repository: SQLiteRepository, done: list[str], tests: int):
    case = Case(repository)
    case.condition("Fracture of forearm", rank=1)
    for name in done:
        case.procedure(name)
    reasons = case.ask()["visitLevel"]["data"]["reasons"]
    assert len([r for r in reasons if r.startswith("Test: ")]) == tests


def test_over_the_counter_drugs_are_of_low_risk(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Acute bronchitis", "J20.9", onset=DAY, rank=1)
    case.drug("Ibuprofen 200 mg tablet")
    assert case.ask()["visitLevel"]["risk"]["level"] == "low"


@pytest.mark.parametrize(("minutes", "expected"), [(9, "99212"), (20, "99213"), (29, "99213"), (30, "99214"), (40, "99215"), (75, "99215")])
def test_time_selects_the_level_where_it_is_higher(repository: SQLiteRepository, minutes: int, expected: str):
    case = Case(repository)
    case.condition("Common cold", "J00", onset=DAY, rank=1)
    case.note(PLAN + f"Common cold. Total time spent on the date of the encounter: {minutes} minutes.")
    answer = case.ask()
    assert services(answer) == [expected]
    assert answer["visitLevel"]["minutes"] == minutes


def test_missing_time_is_asked_for_without_leading(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=1)
    asked = issues(case.ask())
    assert "Total time" in asked
    assert "99" not in asked


@pytest.mark.parametrize(
    ("kind", "born", "what", "expected"),
    [
        ("EMER", "1960-02-03", "Emergency visit", "99283"),
        ("IMP", "1960-02-03", "Admission", "99234"),
        ("AMB", "1960-02-03", "Annual physical exam", "99397"),
        ("AMB", "1990-02-03", "Annual physical exam", "99395"),
        ("AMB", "2012-02-03", "Well child visit", "99394"),
        ("AMB", "2024-02-03", "Well child visit", "99392"),
    ],
)
def test_the_family_follows_class_type_and_age(repository: SQLiteRepository, kind: str, born: str, what: str, expected: str):
    case = Case(repository, kind=kind, born=born, what=what)
    case.condition("Acute bronchitis", "J20.9", onset=DAY, rank=1)
    case.drug("Amoxicillin 500 mg capsule")
    assert expected in services(case.ask())


def test_a_stay_has_a_first_day_and_a_discharge(repository: SQLiteRepository):
    case = Case(repository, kind="IMP", what="Admission", end="2026-05-15")
    case.condition("Pneumonia", "J18.9", onset=DAY, rank=1)
    case.note(PLAN + "Pneumonia: start ceftriaxone.", what="Admission note")
    case.note("Doing better.", date="2026-05-13")
    case.note("Discharged home. Total time spent 35 minutes.", date="2026-05-15", what="Discharge summary")
    answer = case.ask()
    codes = services(answer)
    assert codes[0].startswith("9922")
    assert "99231" in codes
    assert "99239" in codes


def test_a_nurses_note_is_no_visit_and_codes_nothing(repository: SQLiteRepository):
    case = Case(repository, kind="IMP", what="Admission", end="2026-05-15")
    case.condition("Pneumonia", "J18.9", onset=DAY, rank=1)
    case.note(PLAN + "Acute kidney injury: fluids.", date="2026-05-12", what="Nurse Note")
    case.note("Doing better.", date="2026-05-13", what="Nursing shift note")
    answer = case.ask()
    assert "99231" not in services(answer) and "N17.9" not in diagnoses(answer)
    case.note("Doing better.", date="2026-05-14", what="Nurse practitioner progress note")
    assert "99231" in services(case.ask())


def test_a_consultation_needs_a_request_and_a_report(repository: SQLiteRepository):
    case = Case(repository, what="Cardiology consultation")
    case.condition("Atrial fibrillation", "I48.91", rank=1)
    case.note(PLAN + "Atrial fibrillation: start apixaban 5 mg.")
    assert services(case.ask()) == ["99213"]
    case.encounter["basedOn"] = [{"reference": "ServiceRequest/asked"}]
    assert services(case.ask()) == ["99243"]


def test_nothing_is_suggested_for_an_encounter_without_a_problem_or_a_note(repository: SQLiteRepository):
    answer = Case(repository).ask()
    assert services(answer) == []
    assert diagnoses(answer) == []
    assert "What was evaluated or treated" in issues(answer)


def test_in_doubt_the_patient_is_established(repository: SQLiteRepository):
    case = Case(repository)
    case.resources = [r for r in case.resources if r["id"] != "e0"]
    case.condition("Common cold", "J00", onset=DAY, rank=1)
    answer = case.ask()
    assert services(answer) == ["99212"]
    assert "seen by this practice" in issues(answer)


def test_three_years_end_on_the_day(repository: SQLiteRepository):
    case = Case(repository, new=True)
    earlier = next(r for r in case.resources if r["id"] == "e0")
    earlier["participant"] = case.encounter["participant"]
    earlier["serviceProvider"] = case.encounter["serviceProvider"]
    case.condition("Common cold", "J00", onset=DAY, rank=1)
    for start, expected in (("2023-05-13", "99212"), ("2023-05-12", "99202")):
        earlier["period"] = {"start": start}
        assert services(case.ask()) == [expected]


@pytest.mark.parametrize(("problem", "code"), [((), ["Z39.2"]), (("Postpartum haemorrhage", "O72.1"), ["O72.1"])])
def test_a_postpartum_visit_is_the_reason_where_nothing_went_wrong(repository: SQLiteRepository, problem, code):
    case = Case(repository, born="1996-01-01", what="Postnatal visit")
    if problem:
        case.condition(*problem, rank=1)
    assert diagnoses(case.ask()) == code


def test_a_follow_up_is_of_a_patient_who_was_seen(repository: SQLiteRepository):
    case = Case(repository, what="Follow-up visit", new=True)
    case.condition("Essential hypertension", "I10", rank=1)
    answer = case.ask()
    assert services(answer)[0].startswith("9921")
    assert "Whether the patient is new" in issues(answer) or "seen by this practice" in issues(answer)


def test_maternity_visits_belong_to_the_package(repository: SQLiteRepository):
    case = Case(repository, born="1996-01-01", what="Prenatal visit")
    case.condition("Normal pregnancy", "72892002", "http://snomed.info/sct", onset="2026-01-01", rank=1)
    answer = case.ask()
    assert services(answer) == []
    assert any("maternity" in w for w in answer["warnings"])


def test_a_code_of_the_record_for_the_visit_is_not_taken_over(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Common cold", "J00", onset=DAY, rank=1)
    case.add("Procedure", status="completed", code=concept("Visit", CPT, "99215"), performedDateTime=DAY)
    assert services(case.ask()) == ["99212"]
