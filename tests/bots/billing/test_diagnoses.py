"""Which diagnoses are coded, how specifically, and in which order."""

from __future__ import annotations

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.bots.billing.builder import DAY, SNOMED, Case, diagnoses, issues, primary

PLAN = "ASSESSMENT AND PLAN:\n"


@pytest.mark.parametrize(
    ("text", "code", "system", "expected"),
    [
        ("Essential hypertension", "I10", "http://hl7.org/fhir/sid/icd-10-cm", "I10"),
        ("Essential hypertension", "i10", "http://hl7.org/fhir/sid/icd-10-cm", "I10"),
        ("Diabetes", "E1165", "http://hl7.org/fhir/sid/icd-10-cm", "E11.65"),
        ("Acute viral pharyngitis (disorder)", "195662009", SNOMED, "J02.8"),
        ("Streptococcal sore throat (disorder)", "43878008", SNOMED, "J02.0"),
        ("HTN", "", "", "I10"),
        ("Chronic kidney disease, stage 3a", "", "", "N18.31"),
        ("Pain in left knee", "", "", "M25.562"),
        ("Left knee pain", "", "", "M25.562"),
        ("Osteoarthritis of the right knee", "M17.9", "http://hl7.org/fhir/sid/icd-10-cm", "M17.11"),
        ("Acute on chronic systolic heart failure", "I50.9", "http://hl7.org/fhir/sid/icd-10-cm", "I50.23"),
    ],
)
def test_the_most_specific_code_that_is_documented(repository: SQLiteRepository, text: str, code: str, system: str, expected: str):
    case = Case(repository)
    case.condition(text, code, system, rank=1)
    assert diagnoses(case.ask()) == [expected]


def test_what_is_left_open_is_asked_for(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Knee pain", rank=1)
    case.condition("Heart failure", "I50.9", rank=2)
    answer = case.ask()
    assert set(diagnoses(answer)) == {"M25.569", "I50.9"}
    assert "Which side is affected, or are both?" in issues(answer)
    assert "type and acuity of heart failure" in issues(answer)


def test_an_invalid_code_is_left_out_and_named(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Something unheard of", "E11.999", rank=1)
    answer = case.ask()
    assert diagnoses(answer) == []
    assert any("E11.999" in w for w in answer["warnings"])


@pytest.mark.parametrize("status", ["provisional", "differential", "unconfirmed"])
def test_uncertain_diagnoses_of_outpatients_are_not_coded(repository: SQLiteRepository, status: str):
    case = Case(repository)
    case.condition("Pneumonia", "J18.9", verified=status, rank=1)
    answer = case.ask()
    assert diagnoses(answer) == []
    assert any("uncertain" in w for w in answer["warnings"])


def test_uncertain_diagnoses_at_discharge_are_coded_for_inpatients(repository: SQLiteRepository):
    case = Case(repository, kind="IMP", end="2026-05-15")
    made = case.condition("Pneumonia", "J18.9", verified="provisional")
    case.encounter["diagnosis"] = [{"condition": {"reference": made}, "use": {"coding": [{"code": "DD"}]}}]
    assert diagnoses(case.ask()) == ["J18.9"]


def test_refuted_future_and_unlinked_conditions_are_not_coded(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Asthma", "J45.909", verified="refuted")
    case.condition("Gout", "M10.9", onset="2026-06-20")
    case.condition("Hypothyroidism", "E03.9", linked=False)
    assert diagnoses(case.ask()) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "No pneumonia.",
        "Pneumonia ruled out.",
        "Possible pneumonia.",
        "Mother had pneumonia.",
        "Return if pneumonia develops.",
        "Pneumonia vaccine given.",
        "Screening for depression done.",
    ],
)
def test_what_a_note_does_not_assert_is_not_coded(repository: SQLiteRepository, sentence: str):
    case = Case(repository)
    case.note(PLAN + sentence)
    assert diagnoses(case.ask()) == []


def test_what_a_note_asserts_is_coded_with_its_words(repository: SQLiteRepository):
    case = Case(repository)
    case.note("HPI:\nCough for a week. Denies chest pain.\n\n" + PLAN + "1. Acute bronchitis. Fluids.")
    answer = case.ask()
    assert diagnoses(answer) == ["J20.9"]
    found = answer["icd10Codes"][0]
    assert "Acute bronchitis" in found["supportingDocumentation"]
    assert found["evidence"][0]["reference"].startswith("DocumentReference/")
    assert found["evidence"][0]["version"]


def test_a_problem_of_the_list_is_coded_where_the_assessment_names_it(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Type 2 diabetes mellitus with hyperglycemia", "E11.65", linked=False)
    case.note(PLAN + "DM2: continue metformin.")
    answer = case.ask()
    assert diagnoses(answer)[0] == "E11.65"
    assert len(answer["icd10Codes"][0]["evidence"]) == 2


def test_the_more_specific_words_of_a_note_count(repository: SQLiteRepository):
    case = Case(repository)
    case.note(PLAN + "Acute on chronic diastolic heart failure, give furosemide.")
    assert diagnoses(case.ask()) == ["I50.33"]


def test_diabetes_and_kidney_disease_are_combined(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("CKD stage 3b", "N18.32", rank=1)
    case.condition("Type 2 diabetes mellitus", "E11.9", rank=2)
    answer = case.ask()
    assert diagnoses(answer) == ["E11.22", "N18.32"]
    assert primary(answer) == ["E11.22"]


def test_they_are_not_combined_where_the_record_says_they_are_unrelated(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Chronic kidney disease stage 3b, not due to diabetes", "N18.32", rank=1)
    case.condition("Type 2 diabetes mellitus", "E11.9", rank=2)
    assert set(diagnoses(case.ask())) == {"N18.32", "E11.9"}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (["N18.4"], ["I12.9", "N18.4"]),
        (["N18.6"], ["I12.0", "N18.6"]),
        (["I50.22"], ["I11.0", "I50.22"]),
        (["I50.22", "N18.4"], ["I13.0", "I50.22", "N18.4"]),
        (["I50.22", "N18.5"], ["I13.2", "I50.22", "N18.5"]),
    ],
)
def test_hypertension_with_heart_failure_or_kidney_disease(repository: SQLiteRepository, others: list[str], expected: list[str]):
    case = Case(repository)
    case.condition("Essential hypertension", "I10", rank=9)
    for number, code in enumerate(others, 1):
        case.condition(f"Condition {number}", code, rank=number)
    answer = case.ask()
    assert diagnoses(answer) == expected
    assert primary(answer) == expected[:1]


def test_symptoms_of_a_coded_disease_are_not_coded(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Cough", "R05.9", rank=1)
    case.condition("Pneumonia", "J18.9", rank=2)
    case.condition("Rash", "R21", rank=3)
    answer = case.ask()
    assert diagnoses(answer) == ["J18.9", "R21"]
    assert primary(answer) == ["J18.9"]


def test_of_an_excludes1_pair_one_stays_and_the_other_is_told(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Type 2 diabetes mellitus", "E11.9", rank=1)
    case.condition("Type 1 diabetes mellitus", "E10.9", rank=2)
    answer = case.ask()
    assert diagnoses(answer) == ["E11.9"]
    assert any("Excludes1" in w and "E10.9" in w for w in answer["warnings"])


def test_status_codes_are_never_first(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Long-term use of anticoagulants", "Z79.01", rank=1)
    answer = case.ask()
    assert diagnoses(answer) == ["Z79.01"]
    assert primary(answer) == []
    assert any("listed first" in w for w in answer["warnings"])
    case.condition("Atrial fibrillation", "I48.91", rank=2)
    assert primary(case.ask()) == ["I48.91"]


def test_a_disease_that_is_over_is_history(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Pulmonary embolism", "I26.99", status="resolved", onset="2018-01-01", abatementDateTime="2018-09-01", rank=1)
    case.condition("Acute bronchitis", "J20.9", status="resolved", onset="2020-01-01", abatementDateTime="2020-02-01", rank=2)
    assert diagnoses(case.ask()) == ["Z86.711"]


def test_a_disease_that_ended_after_the_encounter_was_active_in_it(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Acute bronchitis", "J20.9", status="resolved", onset=DAY, abatementDateTime="2026-05-20", rank=1)
    assert diagnoses(case.ask()) == ["J20.9"]


@pytest.mark.parametrize(("onset", "expected"), [("2026-05-01", "I21.4"), ("2026-04-01", "I25.2")])
def test_an_infarction_is_old_after_four_weeks(repository: SQLiteRepository, onset: str, expected: str):
    case = Case(repository)
    case.condition("NSTEMI", "I21.4", onset=onset, rank=1)
    assert diagnoses(case.ask()) == [expected]


@pytest.mark.parametrize(
    ("kind", "onset", "expected"),
    [("EMER", DAY, "S52.91XA"), ("AMB", DAY, "S52.91XA"), ("AMB", "2026-04-20", "S52.91XD")],
)
def test_the_episode_of_an_injury(repository: SQLiteRepository, kind: str, onset: str, expected: str):
    case = Case(repository, kind=kind)
    case.condition("Fracture of right forearm", onset=onset, rank=1)
    assert diagnoses(case.ask()) == [expected]


def test_without_an_episode_there_is_a_question_and_no_code(repository: SQLiteRepository):
    case = Case(repository)
    case.note(PLAN + "Fracture of right forearm.")
    answer = case.ask()
    assert diagnoses(answer) == []
    assert "active treatment, routine care" in issues(answer)


def test_body_mass_index_goes_with_a_weight_diagnosis_only(repository: SQLiteRepository):
    case = Case(repository)
    case.result("Body mass index", "39156-5", 41.3, "kg/m2", category="vital-signs")
    case.condition("Essential hypertension", "I10", rank=1)
    assert diagnoses(case.ask()) == ["I10"]
    case.condition("Obesity", "E66.9", rank=2)
    assert diagnoses(case.ask()) == ["I10", "E66.9", "Z68.41"]


@pytest.mark.parametrize(
    ("bmi", "code"), [(19.9, "Z68.1"), (20.0, "Z68.20"), (39.99, "Z68.39"), (44.9, "Z68.41"), (45, "Z68.42"), (55, "Z68.43"), (60, "Z68.44"), (70, "Z68.45")]
)
def test_the_bounds_of_the_body_mass_index(repository: SQLiteRepository, bmi: float, code: str):
    case = Case(repository)
    case.result("Body mass index", "39156-5", bmi, "kg/m2", category="vital-signs")
    case.condition("Obesity", "E66.9", rank=1)
    assert code in diagnoses(case.ask())


def test_long_term_drugs_of_diabetes(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Type 2 diabetes mellitus", "E11.9", rank=1)
    case.drug("Insulin glargine 100 units/mL", linked=False, date="2025-01-01")
    case.drug("Metformin 1000 mg tablet", linked=False, date="2025-01-01")
    case.drug("Empagliflozin 10 mg tablet", linked=False, date="2026-06-20")
    assert diagnoses(case.ask()) == ["E11.9", "Z79.4", "Z79.84"]
    other = Case(repository)
    other.condition("Type 1 diabetes mellitus", "E10.9", rank=1)
    assert "Z79.4" not in diagnoses(other.ask())


def test_glucagon_is_no_oral_drug_of_diabetes(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Type 2 diabetes mellitus", "E11.9", rank=1)
    case.drug("Glucagon 3 mg nasal powder")
    assert diagnoses(case.ask()) == ["E11.9"]


def test_ketoacidosis_is_of_the_type_that_is_coded(repository: SQLiteRepository):
    case = Case(repository, kind="EMER")
    case.condition("Type 1 diabetes mellitus", "E10.9", rank=1)
    case.note(PLAN + "DKA, moderate. Insulin infusion. Admit to medicine.")
    answer = case.ask()
    assert diagnoses(answer) == ["E10.10"]
    assert answer["cptCodes"][0]["code"] == "99285"


def test_of_one_asthma_the_exacerbation_is_coded(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Mild persistent asthma, uncomplicated", "J45.30", rank=1)
    case.condition("Mild persistent asthma with acute exacerbation", "J45.31", rank=2)
    assert diagnoses(case.ask()) == ["J45.31"]


def test_a_stage_is_told_from_values_three_months_apart(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Chronic kidney disease", "N18.9", rank=1)
    case.result("eGFR", "33914-3", 38, "mL/min/{1.73_m2}", date="2026-05-01", linked=False)
    assert diagnoses(case.ask()) == ["N18.9"]
    case.result("eGFR", "33914-3", 40, "mL/min/{1.73_m2}", date="2026-01-10", linked=False)
    answer = case.ask()
    assert diagnoses(answer) == ["N18.32"]
    assert answer["icd10Codes"][0]["confidence"] <= 0.6
    assert "stage not documented" in issues(answer)


@pytest.mark.parametrize(
    ("text", "code", "sex", "born"),
    [("Benign prostatic hyperplasia", "N40.1", "female", "1960-01-01"), ("Normal pregnancy", "Z34.90", "male", "1990-01-01"),
     ("Pregnancy", "O26.90", "female", "1940-01-01")],
)  # fmt: skip
def test_codes_fit_sex_and_age(repository: SQLiteRepository, text: str, code: str, sex: str, born: str):
    case = Case(repository, sex=sex, born=born)
    case.condition(text, code, rank=1)
    answer = case.ask()
    assert diagnoses(answer) == []
    assert any(code in w for w in answer["warnings"])


def test_a_routine_examination_is_first(repository: SQLiteRepository):
    case = Case(repository, what="Annual physical exam")
    case.condition("Essential hypertension", "I10", rank=1)
    case.vaccine("Influenza", "140")
    answer = case.ask()
    assert diagnoses(answer) == ["Z00.00", "I10", "Z23"]
    case.condition("Breast lump", "N63.0", onset=DAY, rank=2)
    assert primary(case.ask()) == ["Z00.01"]


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("Escherichia coli urinary tract infection", "N39.0", ["N39.0", "B96.20"]),
        ("Urinary tract infection", "N39.0", ["N39.0"]),
        ("Urinary tract infection, E. coli and Klebsiella pneumoniae", "N39.0", ["N39.0", "B96.1", "B96.20"]),
        ("Cellulitis of left foot due to MRSA", "L03.116", ["L03.116", "B95.62"]),
        ("Cellulitis of left foot, not MRSA", "L03.116", ["L03.116"]),
        ("Streptococcal sore throat", "J02.0", ["J02.0"]),  # its own code names the organism
    ],
)
def test_the_organism_that_is_named_goes_beside(repository: SQLiteRepository, text: str, code: str, expected: list[str]):
    case = Case(repository)
    case.condition(text, code, rank=1)
    assert diagnoses(case.ask()) == expected


def test_an_organism_is_one_of_its_own_disease(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Escherichia coli urinary tract infection", rank=1)
    case.condition("Cellulitis of left foot", "L03.116", rank=2)
    answer = case.ask()
    assert sorted(diagnoses(answer)) == ["B96.20", "L03.116", "N39.0"]
    beside = next(c for c in answer["icd10Codes"] if c["code"] == "B96.20")
    assert {e["text"] for e in beside["evidence"]} == {"Escherichia coli urinary tract infection"}
