"""What a phrase is taken for that no term of the lexicon is in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.bots.rag_pipeline import linking
from services.bots.rag_pipeline.fragments import whole
from services.knowledge.spoken import lay, sayings, spoken
from services.llm.embedded import EmbeddedModel
from tests.bots.rag.conftest import order
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]

RECORD: list[dict] = [
    patient(),
    result("g1", "eGFR (CKD-EPI 2021)", "98979-8", 61, "mL/min/{1.73_m2}", "2025-05-02"),
    result("g2", "eGFR (CKD-EPI 2021)", "98979-8", 55, "mL/min/{1.73_m2}", "2026-05-02"),
    result("na", "Sodium", "2951-2", 139, "mmol/L", "2026-05-02"),
    result("rr", "Respiratory rate", "9279-1", 22, "/min", "2026-05-02"),
    condition("ckd", "Chronic kidney disease, stage 3a") | {"onsetDateTime": "2021-07-03"},
    order("ato", "Atorvastatin 40 mg tablet", "83367", "2024-01-01"),
    {"resourceType": "Procedure", "id": "scope", "status": "completed", "subject": {"reference": "Patient/p1"},
     "code": {"text": "Colonoscopy"}, "performedDateTime": "2019-03-05"},
    {"resourceType": "Observation", "id": "odd", "status": "final", "subject": {"reference": "Patient/p1"},
     "code": {"text": "Xanthic plumbago tally"}, "effectiveDateTime": "2026-05-02", "valueQuantity": {"value": 17, "unit": "u"}},
    note("n1", "Telemetry: no atrial fibrillation.", "2026-05-02"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("how well do her kidneys filter?", 55),
        ("kidney filtering capacity in 2025", 61),
        ("how fast was she breathing on 2 May 2026?", 22),
        ("level of the kitchen salt in blood, newest", 139),
    ],
)
def test_a_phrase_is_taken_for_the_measurement_that_it_describes(
    told: Ask, question: str, value: float
) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["value"] == value, answer["answer"]


def test_what_a_phrase_was_taken_for_is_said_in_the_answer_and_its_steps(told: Ask) -> None:
    plain, linked = told("what was the respiratory rate?"), told("how fast was she breathing on 2 May 2026?")
    assert "read as" not in plain["answer"] and "read as: respiratory rate" in linked["answer"]
    assert any("read as: respiratory rate" in step for step in linked["steps"])
    assert linked["confidence"] < plain["confidence"]


@pytest.mark.parametrize(
    "question",
    [
        "what is her favourite food?",
        "what is the ferritin?",  # known, and not in the record: nothing near it will do
        "urine sodium?",
        "what is the name of her dog?",
        "which aunt has the blue car?",
    ],
)
def test_nothing_is_taken_for_what_the_record_does_not_have(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"], answer["answer"]


def test_a_no_cites_the_note_that_denies_it(told: Ask) -> None:
    answer = told("was atrial fibrillation seen on telemetry?")
    assert answer["result"]["value"] is False and answer["citations"], answer["answer"]


def test_the_stored_vectors_are_of_the_wordings_there_are() -> None:
    known = linking.stored()
    missing = [words for _, words in sayings() if linking._key(words) not in known]
    assert (
        len(missing) <= 100
    )  # a few are embedded at first use; after many changes `linking` is run to build them


def test_every_lay_word_belongs_to_a_concept_and_to_no_other() -> None:
    concepts = {c.id for c in spoken().concepts()}
    assert set(lay()) <= concepts
    assert all(said == said.strip() and said for phrases in lay().values() for said in phrases)


def test_the_weights_are_in_memory_once() -> None:
    one, other = EmbeddedModel(threads=1), EmbeddedModel(threads=2)
    assert one._load().session is other._load().session


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("retinopathy present?", "does the patient have retinopathy?"),
        ("what does she take at present", "what does she take at present"),
        ("asthma duration", "for how long has the patient had asthma?"),
        ("TSH from 08/2022 to 07/2024", "TSH from Aug 2022 to Jul 2024"),
        ("Where is his creatinine at present?", "what is his creatinine now?"),
        ("how high was the LDL", "what was the LDL"),
        ("A1c in the past 2 y", "A1c in the past 2 years"),
    ],
)
def test_a_fragment_is_made_whole(short: str, full: str) -> None:
    assert whole(short) == full
