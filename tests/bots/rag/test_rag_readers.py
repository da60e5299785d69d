"""What a reader of charts asks: what a study or a note said of one thing, the value before the last, hours, what came next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.bots.rag.conftest import order
from tests.bots.rag.test_rag_evaluators import P, flu, procedure, report, stay
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]


def output(name: str, amount: float, when: str) -> dict:
    return result(name, "Foley", "9187-6", amount, "mL", when) | {"category": [{"coding": [{"code": "Output"}]}]}


def went(stay_id: str, start: str, end: str, to: str) -> dict:
    return stay(stay_id, start, end, "Heart failure") | {"hospitalization": {"dischargeDisposition": {"text": to}}}


def pressure(pressure_id: str, top: float, bottom: float, day: str) -> dict:
    parts = ((top, "8480-6", "Systolic blood pressure"), (bottom, "8462-4", "Diastolic blood pressure"))
    measured = result(pressure_id, "Blood pressure", "85354-9", 0, "", day, component=[
        {"code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": name}, "valueQuantity": {"value": value, "unit": "mmHg", "code": "mm[Hg]"}}
        for value, code, name in parts])  # fmt: skip
    del measured["valueQuantity"]
    return measured


RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02", "gender": "female"},
    went("one", "2024-05-21T08:00:00Z", "2024-06-02T12:00:00Z", "Skilled nursing facility"),
    went("two", "2025-08-03T08:00:00Z", "2025-08-08T12:00:00Z", "Home"),
    went("three", "2026-03-07T08:00:00Z", "2026-03-09T12:00:00Z", "Home"),
    {"resourceType": "Encounter", "id": "ed", "status": "finished", "class": {"code": "EMER"}, "subject": P,
     "type": [{"text": "Emergency department visit"}], "period": {"start": "2026-03-02T09:00:00Z", "end": "2026-03-02T17:00:00Z"}},
    {"resourceType": "Encounter", "id": "post", "status": "finished", "class": {"code": "AMB"}, "subject": P,
     "type": [{"text": "Postnatal visit"}], "period": {"start": "2020-10-24T09:00:00Z", "end": "2020-10-24T09:15:00Z"}},
    procedure("birth", "Childbirth", "2020-09-12"),
    condition("preg", "Normal pregnancy", status="resolved") | {"onsetDateTime": "2020-02-08", "abatementDateTime": "2020-09-12"},
    result("a1", "Hemoglobin A1c", "4548-4", 8.0, "%", "2025-11-21"),
    result("a2", "Hemoglobin A1c", "4548-4", 6.6, "%", "2026-06-25") | {"interpretation": [{"coding": [{"code": "H"}]}]},
    result("w1", "Body weight", "29463-7", 81.3, "kg", "2023-10-10"),
    result("w2", "Body weight", "29463-7", 79.9, "kg", "2025-10-10"),
    result("w3", "Body weight", "29463-7", 78.6, "kg", "2026-06-14"),
    result("c1", "Creatinine", "2160-0", 2.4, "mg/dL", "2026-04-02T06:00:00Z"),
    result("c2", "Creatinine", "2160-0", 2.1, "mg/dL", "2026-04-02T18:00:00Z"),
    result("c3", "Creatinine", "2160-0", 1.7, "mg/dL", "2026-04-04T06:00:00Z"),
    result("b1", "Total bilirubin", "1975-2", 3.2, "mg/dL", "2024-06-01T06:00:00Z"),
    result("b2", "Total bilirubin", "1975-2", 5.2, "mg/dL", "2025-08-03T09:00:00Z"),
    result("b3", "Total bilirubin", "1975-2", 4.4, "mg/dL", "2025-08-07T09:00:00Z"),
    output("f1", 100, "2026-06-29T08:00:00Z"),
    output("f2", 60, "2026-06-30T02:00:00Z"),
    output("f3", 70, "2026-06-30T06:00:00Z"),
    report("eye", "Dilated retinal examination", "2025-05-06", "Mild nonproliferative retinopathy. No macular edema on OCT."),
    order("fur", "Furosemide 40 mg tablet", "4603", "2026-01-01", dose=("1 tablet daily", 40), reasonCode=[{"text": "Heart failure"}],
          requester={"display": "Giulia Castellano"}),
    order("par", "Acetaminophen 500 mg tablet", "161", "2026-01-01", dosageInstruction=[{"text": "2 tablets up to three times daily"}]),
    {"resourceType": "AllergyIntolerance", "id": "ibu", "patient": P, "code": {"text": "Ibuprofen"}, "clinicalStatus": {"coding": [{"code": "active"}]},
     "reaction": [{"manifestation": [{"text": "Gastric bleeding"}]}]},
    flu("2026-05-16") | {"status": "not-done", "statusReason": {"text": "Patient declined"}},
    pressure("bp1", 148, 92, "2025-07-01"),
    pressure("bp2", 136, 94, "2025-09-29"),
    pressure("bp3", 126, 76, "2026-06-18"),
    *(result(f"k{n}", "Potassium", "2823-3", v, "mmol/L", day) | {"referenceRange": [{"low": {"value": 3.5}, "high": {"value": 5.1}}]}
      for n, (v, day) in enumerate(((4.4, "2025-03-01"), (4.9, "2026-05-01")))),
    {"resourceType": "Encounter", "id": "last", "status": "finished", "class": {"code": "AMB"}, "subject": P,
     "type": [{"text": "Follow-up visit"}], "reasonCode": [{"text": "Wound check"}], "period": {"start": "2026-06-14", "end": "2026-06-14"}},
    note("n0", "Right great toe: early neuropathy?", "2025-11-01"),
    note("n3", "SUBJECTIVE:\nTakes St John's wort and omeprazole from the chemist.\n\nASSESSMENT AND PLAN:\n1. HFrEF, stable. Continue furosemide,\n   weigh daily.\n"
         "2. Wound healing well. Dressing every other day.\n", "2026-06-14"),
    note("n1", "Reports chest pain on the stairs.", "2026-02-01"),
    note("n2", "Denies chest pain and dyspnea. No pneumonia.", "2026-06-25"),
    {"resourceType": "Observation", "id": "smoke", "status": "final", "subject": P, "effectiveDateTime": "2026-01-01",
     "code": {"coding": [{"system": "http://loinc.org", "code": "72166-2"}], "text": "Tobacco smoking status"}, "valueString": "Smokes tobacco daily"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Did the retinal examination of May 2025 find macular edema?", False),
        ("Did the eye exam show retinopathy?", True),
        ("According to the last progress note, does the patient have chest pain?", False),
        ("In the latest progress note, is dyspnea denied?", True),
        ("What was the HbA1c value before the latest one?", 8.0),
        ("What was the previous HbA1c value?", 8.0),
        ("On what date did her most recent pregnancy end?", "2020-09-12"),
        ("How long after the delivery did the postnatal visit take place?", 42),
        ("How many hours did the patient spend in the emergency department on March 2, 2026?", 8),
        ("How long was the ED visit?", 8),
        ("How many days elapsed between the discharge in June 2024 and the following admission?", 427),
        ("How many days after the June 2024 discharge was the next admission?", 427),
        ("Where was the patient discharged to after the admission that began in May 2024?", "Skilled nursing facility"),
        ("To what kind of place was the patient discharged in June 2024?", "Skilled nursing facility"),
        ("For which condition does she take furosemide?", "Heart failure"),
        ("Which colleague put the patient on furosemide?", "Giulia Castellano"),
        ("Up to how many times a day may the patient take acetaminophen?", "2 tablets up to three times daily"),
        ("What happened to the patient on ibuprofen?", "Gastric bleeding"),
        ("Did she receive a flu shot at the visit of May 2026?", False),
        ("What was the last bilirubin before the discharge of June 2, 2024?", 3.2),
        ("How many days after the last discharge was the first follow-up visit?", 97),
        ("How many blood pressure readings were above 140/90?", 2),
        ("Is her blood pressure below 140/90?", True),
        ("When was her BP last above 140/90?", "2025-09-29"),
        ("Was her potassium ever low?", False),
        ("Has her HbA1c ever been high?", True),
        ("Can she take ibuprofen?", "Gastric bleeding"),
        ("Does she have neuropathy?", "possible"),
        ("How old was she at her last visit?", 66),
        ("What brought her in last time?", "Wound check"),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered(told: Ask, question: str, value: Any) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["value"] == value, answer["answer"]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("How much weight has she lost between the first visit on record and the latest?", 81.3, 78.6),
        ("How much has she put on since the visit on 10 October 2025?", 79.9, 78.6),
        ("By how much did her creatinine fall between April 2 and April 4, 2026?", 2.4, 1.7),
        ("How much did total bilirubin change between the first and last measurement of the stay that started in August 2025?", 5.2, 4.4),
        ("change in bilirubin between the last value of the May 2024 stay and the first of the August 2025 stay", 3.2, 5.2),
    ],
)
def test_two_values(told: Ask, question: str, first: float, second: float) -> None:
    answer = told(question)
    assert answer["answered"], answer["answer"]
    assert [answer["result"]["value"][side]["value"] for side in ("first", "second")] == [first, second], answer["answer"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Did her weight go up?", "No: Body weight fell"),
        ("Did her potassium rise between the last two visits?", "Yes: Potassium rose by 0.5"),
        ("Is her latest HbA1c higher than the one before?", "No: Hemoglobin A1c fell by 1.4"),
        ("Is her blood pressure better than last time?", "136/94 mmHg on 29-Sep-2025, 126/76 mmHg on 18-Jun-2026"),
    ],
)
def test_whether_it_rose_is_told_by_its_values(told: Ask, question: str, said: str) -> None:
    assert said in told(question)["answer"]


@pytest.mark.parametrize(
    ("question", "said", "not_said"),
    [
        ("What is the plan for her heart failure?", "Continue furosemide, weigh daily.", "Dressing"),
        ("What was decided at the last visit?", "Dressing every other day.", "chemist"),
        ("Is she on omeprazole?", "But: ", "Yes:"),
    ],
)
def test_the_plan_is_quoted_and_what_only_a_note_has_is_said(told: Ask, question: str, said: str, not_said: str) -> None:
    answer = told(question)["answer"]
    assert said in answer and not_said not in answer


@pytest.mark.parametrize("question", ["Any side effects from medications?", "When did she stop smoking?", "Is she up to date with her vaccinations?", "Any infection?"])
def test_what_is_not_recorded_is_no_answer(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"], answer["answer"]


def test_of_the_last_hours_only_they_are_summed(told: Ask) -> None:
    answer = told("What is the total Foley output over the last 24 hours?")
    assert answer["answered"] and answer["result"]["value"] in (130, 230), answer["answer"]


def test_what_a_note_does_not_speak_of_is_no_answer(told: Ask) -> None:
    answer = told("Was any fever reported in the last progress note?")
    assert not answer["answered"] and "does not speak of fever" in answer["answer"]
