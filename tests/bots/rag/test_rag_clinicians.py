"""What a clinician asks between two patients: what is taken and how, what came back, what was agreed, what grew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle
from services.bots.rag_pipeline.ranges import state_asked
from services.bots.rag_pipeline.stated_now import stated_now
from tests.bots.rag.conftest import AS_OF, order
from tests.bots.rag.test_rag_evaluators import P, report, stay
from tests.bots.rag.test_rag_readers import output
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]


def taken(order_id: str, text: str, day: str, dose: str, amount: float, unit: str, times: int, period: str = "d", **more: Any) -> dict:
    timing = {"repeat": {"frequency": times, "period": 1, "periodUnit": period}}
    return order(order_id, text, "0", day, **more) | {
        "dosageInstruction": [{"text": dose, "timing": timing, "doseAndRate": [{"doseQuantity": {"value": amount, "unit": unit}}]}]
    }


def potassium(number: int, amount: float, day: str) -> dict:
    ranged = {"referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}]}
    return result(f"k{number}", "Potassium", "2823-3", amount, "mmol/L", day) | ranged


def claim(claim_id: str, amount: float, day: str, line: str) -> dict:
    return {"resourceType": "Claim", "id": claim_id, "status": "active", "use": "claim", "patient": P, "created": day, "billablePeriod": {"start": day},
            "item": [{"sequence": 1, "productOrService": {"text": line}}], "total": {"value": amount, "currency": "USD"}}  # fmt: skip


def goal(goal_id: str, text: str) -> dict:
    return {"resourceType": "Goal", "id": goal_id, "lifecycleStatus": "active", "description": {"text": text}, "subject": P, "startDate": "2026-01-01"}


RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02", "gender": "female", "generalPractitioner": [{"display": "Daniela Rivera, MD"}]},
    stay("one", "2025-05-01T08:00:00Z", "2025-05-06T12:00:00Z", "Pneumonia"),
    stay("two", "2025-05-30T08:00:00Z", "2025-06-04T12:00:00Z", "Heart failure"),
    {"resourceType": "Encounter", "id": "last", "status": "finished", "class": {"code": "AMB"}, "subject": P,
     "type": [{"text": "Follow-up visit"}], "period": {"start": "2026-06-14", "end": "2026-06-14"}},
    {"resourceType": "Appointment", "id": "next", "status": "booked", "start": "2026-09-23T09:00:00Z", "description": "Diabetes follow-up",
     "participant": [{"actor": P, "status": "accepted"}]},
    taken("fur", "Furosemide 40 mg tablet", "2026-01-01", "Take 1 tablet twice daily", 1, "tablet", 2),
    taken("ins", "Insulin glargine 100 units/mL pen", "2026-01-01", "Inject 18 units at bedtime", 18, "units", 1),
    taken("flo", "Fluticasone 110 mcg inhaler", "2025-08-01", "Inhale 2 puffs twice daily", 2, "puff", 2),
    taken("pre", "Prednisone 20 mg tablet", "2025-08-04", "Take 2 tablets daily for 5 days", 2, "tablet", 1, status="completed"),
    order("lis", "Lisinopril 5 mg tablet", "29046", "2025-01-01", "stopped", statusReason=[{"text": "Cough; changed to losartan"}]),
    order("amo", "Amoxicillin 1 g tablet", "723", "2025-05-06", "completed", dosageInstruction=[{"text": "1 g three times daily for 5 days"}]),
    order("cef", "Ceftriaxone 1 g IV", "2193", "2025-05-01", "completed", dosageInstruction=[{"text": "1 g every 24 hours", "timing":
          {"repeat": {"boundsPeriod": {"start": "2025-05-01", "end": "2025-05-05"}}}}]),
    {"resourceType": "MedicationStatement", "id": "cal", "status": "active", "subject": P, "dateAsserted": "2026-06-14",
     "medicationCodeableConcept": {"text": "Calcium carbonate 600 mg"}, "dosage": [{"text": "In the evening"}]},
    order("lac", "Lactulose", "6218", "2025-05-02", "completed"),
    {"resourceType": "AllergyIntolerance", "id": "pen", "patient": P, "code": {"text": "Penicillin"}, "clinicalStatus": {"coding": [{"code": "active"}]}},
    report("bc", "Blood culture", "2025-05-01", "No growth after 5 days, two sets."),
    *(potassium(n, v, day) for n, (v, day) in enumerate(((3.1, "2025-05-02"), (4.4, "2025-05-06"), (4.9, "2026-05-01")))),
    result("ca", "Calcium", "17861-6", 9.4, "mg/dL", "2026-06-14"),
    result("sat", "Oxygen saturation", "59408-5", 97, "%", "2026-06-14"),
    result("a1", "Hemoglobin A1c", "4548-4", 7.3, "%", "2026-06-14"),
    result("t1", "Total hip bone density T-score", "80948-5", -1.9, "{score}", "2024-02-11"),
    result("t2", "Total hip bone density T-score", "80948-5", -2.2, "{score}", "2026-02-25"),
    goal("a1c", "HbA1c below 7.0 % without hypoglycemia"),
    output("f1", 110, "2025-05-02T03:00:00Z"),
    output("f2", 90, "2025-05-02T15:00:00Z"),
    claim("c1", 125.5, "2025-05-06", "Hospital admission"),
    claim("c2", 80.0, "2026-06-14", "Office visit"),
    condition("epi", "Focal epilepsy") | {"onsetDateTime": "2022-05-22"},
    note("n1", "Short of breath on the stairs.", "2025-05-01"),
    note("n2", "ASSESSMENT AND PLAN:\n1. Tremor of both hands: neurology opinion.\n2. Lipids next visit. Return in 4 weeks.\n", "2026-06-14"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("does she take calcium?", True),
        ("Is she on calcium?", True),
        ("Is she on iron?", False),
        ("how many tablets of furosemide a day?", 2),
        ("What is the total daily dose of furosemide?", 80),
        ("How many units of insulin a day?", 18),
        ("Which oral steroids has she had?", ["Prednisone 20 mg tablet"]),
        ("Was she on lactulose?", True),
        ("what replaced lisinopril?", "Cough; changed to losartan"),
        ("What antibiotics was she discharged on in May 2025?", ["Amoxicillin 1 g tablet"]),
        ("was she readmitted within 30 days?", True),
        ("was she readmitted within 10 days?", False),
        ("How many readmissions?", 1),
        ("When should she come back?", "2026-09-23"),
        ("Which tests are we planning for her next visit?", "2. Lipids next visit."),
        ("is she allergic to amoxicillin?", True),
        ("did the blood cultures grow anything?", False),
        ("How often was her potassium low?", 1),
        ("when was her potassium last low?", "2025-05-02"),
        ("how many high potassium results?", 0),
        ("Is her A1c at goal?", False),
        ("What HbA1c are we aiming for?", "HbA1c below 7.0 % without hypoglycemia"),
        ("What was the urine output on 2 May 2025?", 200),
        ("What was the total of the claims in 2026?", 80),
        ("How much was the claim for the hospital admission?", 125.5),
        ("Who is her doctor?", "Daniela Rivera, MD"),
        ("How much furosemide does she take per day?", 80),
        ("What is the average length of stay?", 5),
    ],
)
def test_what_is_asked_is_answered(told: Ask, question: str, value: Any) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["value"] == value, answer["answer"]


@pytest.mark.parametrize(
    "question",
    ["is she on oxygen?", "when did she improve?", "when was it last done?", "when was her last seizure?", "how many seizures since 2023?",
     "is her tremor better?", "is she short of breath?", "Is she allergic to cephalexin?", "what vaccines is she missing?", "was calcium given in 2020?"],
)  # fmt: skip
def test_what_only_looks_like_an_answer_is_none(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"] or answer["result"]["value"] is False, answer["answer"]


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        ("Summarize 2025", "Visits: ", "Follow-up visit"),
        ("what happened since the discharge?", "Follow-up visit", "Pneumonia"),
        ("overview of her medications", "Current: ", "Potassium"),
        ("Summarize the first admission", "for Pneumonia", "for Heart failure"),
    ],
)
def test_a_summary_is_of_what_is_asked_about(told: Ask, question: str, said: str, not_said: str) -> None:
    answer = told(question)
    assert answer["kind"] == "summary" and said in answer["answer"] and not_said not in answer["answer"], answer["answer"]


def test_what_may_cross_react_is_said_beside(told: Ask) -> None:
    assert "Penicillin" in told("Is she allergic to cephalexin?")["answer"]


def test_a_difference_of_values_below_zero_is_told(told: Ask) -> None:
    assert "fell by 0.3" in told("By how much did the hip T-score fall between the two scans?")["answer"]


def test_a_drug_that_an_allergy_speaks_against_is_never_a_yes(told: Ask) -> None:
    assert not told("Can she have amoxicillin?")["answer"].startswith("Yes")


@pytest.mark.parametrize(
    ("question", "rest", "day"),
    [
        ("It's 2023-11-13T10:15:00+00:00 now. What is the last magnesium?", "What is the last magnesium?", "2023-11-13T10:15:00+00:00"),
        ("Today is June 24, 2026, what is the last magnesium?", "what is the last magnesium?", "2026-06-24"),
        ("It is 2172-08-25T17:00. How old is the patient?", "How old is the patient?", "2172-08-25"),
        ("It is June 44, 2026. How old is the patient?", "It is June 44, 2026. How old is the patient?", None),
        ("It is her last potassium that I need", "It is her last potassium that I need", None),
    ],
)
def test_the_day_that_a_question_says_it_is(question: str, rest: str, day: str | None) -> None:
    assert stated_now(question) == (rest, day)


def test_what_came_after_the_day_of_the_question_is_not_used(stand: Callable[[list[dict]], Context]) -> None:
    context = stand(RECORD)
    asked = {"question": "It's 2025-05-03 now. What was the last potassium?", "patientId": "p1", "asOf": AS_OF}
    assert handle(context, asked).wire()["result"]["value"] == 3.1


@pytest.mark.parametrize(
    ("text", "label", "state"),
    [
        ("how often was it low", "", "low"),
        ("list the elevated ones", "", "high"),
        ("abnormal high-sensitivity troponin", "high-sensitivity troponin", "abnormal"),
        ("how high did it go", "", ""),
        ("when did it return to normal", "", ""),
    ],
)
def test_the_state_that_words_ask_for(text: str, label: str, state: str) -> None:
    assert state_asked(text, label) == state
