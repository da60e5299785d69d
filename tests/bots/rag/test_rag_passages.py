"""What only a note tells: the sentence that meets every word of the question, and none that meets a part of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.bots.rag_pipeline.handler import handle
from tests.bots.rag.conftest import AS_OF, CLINICIAN, order
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]
RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02"},
    condition("con", "Concussion with no loss of consciousness") | {"onsetDateTime": "2024-05-29"},
    result("fev", "FEV1", "20150-9", 1.4, "L", "2025-06-01"),
    note("n1", "HISTORY OF PRESENT ILLNESS:\nFocal epilepsy, seizure-free 14 months, then a seizure at home 3 days ago, bit the left side of his tongue. "
               "Denies alcohol. Mother started dialysis at 63.\n\nHF CLINIC:\nNYHA III. Walks with a stick.\n\n"
               "ASSESSMENT AND PLAN:\n1. Mild decompensation precipitated by ibuprofen.\n2. Genetic testing discussed, not yet done.", "2026-05-02"),
    note("n2", "OPERATIVE NOTE: left mastectomy.\nBlood loss 80 mL. Drain left in place.\nNo naloxone at home.", "2025-03-01"),
    {"resourceType": "DiagnosticReport", "id": "ct", "status": "final", "subject": {"reference": "Patient/p1"}, "code": {"text": "Chest CT"},
     "effectiveDateTime": "2026-04-01", "conclusion": "Spiculated mass of 31 mm in the right upper lobe. No pleural effusion."},
    {"resourceType": "DiagnosticReport", "id": "ecg", "status": "final", "subject": {"reference": "Patient/p1"}, "code": {"text": "12-lead ECG"},
     "effectiveDateTime": "2026-04-01", "conclusion": "Sinus rhythm, left bundle branch block."},
    {"resourceType": "DiagnosticReport", "id": "spi", "status": "final", "subject": {"reference": "Patient/p1"}, "code": {"text": "Spirometry"},
     "effectiveDateTime": "2025-06-01", "conclusion": "Severe obstruction: FEV1 1.4 L (44 % of predicted)."},
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind", "said"),
    [
        ("which side of the tongue was bitten", "text", "left side of his tongue"),
        ("nyha class at the clinic in May 2026", "text", "NYHA III"),
        ("LBBB on the ECG?", "boolean", "Yes"),
        ("any pleural effusion on the chest CT?", "boolean", "No"),
        ("what set off the decompensation?", "text", "precipitated by ibuprofen"),
        ("does she have naloxone in the house", "boolean", "No"),
    ],
)
def test_the_sentence_that_meets_every_word(told: Ask, question: str, kind: str, said: str) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["type"] == kind and said in answer["answer"], answer["answer"]
    assert answer["citations"]


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("FEV1 % predicted", 44, "%"), ("size of the mass on chest CT", 31, "mm"), ("blood loss at the mastectomy", 80, "mL"),
        ("mum started dialysis at what age", 63, "a"),
    ],
)  # fmt: skip
def test_a_number_of_a_note_is_told_as_one(told: Ask, question: str, value: float, unit: str) -> None:
    answer = told(question)
    assert (answer["result"]["value"], answer["result"]["unit"]) == (value, unit), answer["answer"]


@pytest.mark.parametrize(
    "question",
    [
        "genetic test result", "which side of the ear was bitten", "blood loss at the hysterectomy", "size of the nodule on the brain MRI",
        "what set off the pneumonia?", "is there anything drainable on the chest CT", "concussion - left or right?", "left lower lobe on the chest CT", "how old was the father when he started dialysis", "which toe is numb", "nyha class in 2019",
    ],
)  # fmt: skip
def test_a_sentence_that_meets_a_part_is_no_answer(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"], answer["answer"]


def test_refills_are_those_of_the_newest_order_that_tells(make: Callable) -> None:
    orders = [order(f"l{n}", "Losartan 100 mg tablet", "52175", f"202{n}-02-01", "active") | {"dispenseRequest": {"numberOfRepeatsAllowed": n}} for n in (2, 5)]
    context = make([patient(), *orders]).context(CLINICIAN)
    answer = handle(context, {"question": "how many refills does the losartan script allow", "patientId": "p1", "asOf": AS_OF}).wire()
    assert answer["result"]["value"] == 5 and "MedicationRequest/l5" in str(answer["citations"])


def test_what_a_problems_name_denies_is_not_there(told: Ask) -> None:
    assert told("did she black out with the concussion?")["result"]["value"] is False
    assert told("any concussion?")["result"]["value"] is True


@pytest.mark.parametrize(
    "question", ["which drugs can she not take", "what meds cant he have", "which drugs must not be given", "can't take which drugs?", "drugs to avoid"]
)
def test_what_must_not_be_given_is_never_the_drugs_that_are(make: Callable, question: str) -> None:
    allergy = {"resourceType": "AllergyIntolerance", "id": "pen", "patient": {"reference": "Patient/p1"}, "code": {"text": "Penicillin"}}
    context = make([patient(), order("war", "Warfarin 5 mg tablet", "11289", "2025-01-01"), allergy]).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert "Penicillin" in answer["answer"] and "Warfarin" not in answer["answer"]
