"""Questions in other people's words: learners' order, two in one, negations, slips, and what must not be answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.bots.rag_pipeline.clauses import in_order, parts
from services.bots.rag_pipeline.intents import intent
from services.bots.rag_pipeline.spelling import corrected
from tests.bots.rag.conftest import order
from tests.index.conftest import condition, patient, result

Ask = Callable[..., dict]


def _procedure(key: str, name: str, day: str, **more: object) -> dict:
    return {
        "resourceType": "Procedure", "id": key, "status": "completed", "subject": {"reference": "Patient/p1"},
        "code": {"text": name}, "performedDateTime": day, **more,
    }  # fmt: skip


RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02"},
    *(
        result(f"s{n}", "Oxygen saturation", "59408-5", value, "%", day)
        for n, (value, day) in enumerate([(96, "2024-02-01"), (88, "2025-02-01"), (94, "2026-02-01")])
    ),
    *(
        result(f"h{n}", "Hemoglobin A1c", "4548-4", value, "%", day)
        for n, (value, day) in enumerate([(9.1, "1994-05-01"), (8.0, "2025-07-01"), (6.8, "2026-03-01")])
    ),
    condition("hip", "Closed fracture of hip", status="resolved")
    | {"onsetDateTime": "2020-05-05", "abatementDateTime": "2020-07-04"},
    condition("ckd3", "Chronic kidney disease, stage 3b", status="resolved") | {"onsetDateTime": "2022-12-08"},
    condition("ckd4", "Chronic kidney disease, stage 4") | {"onsetDateTime": "2025-09-03"},
    order("sim1", "Simvastatin 10 mg tablet", "36567", "1993-01-01", "stopped"),
    order("sim2", "Simvastatin 10 mg tablet", "36567", "2024-01-01"),
    order("b12", "Vitamin B 12 5 MG/ML Injectable Solution", "0", "2024-01-01"),
    _procedure("eeg", "Routine EEG", "2022-06-11"),
    _procedure("col1", "Colonoscopy", "2012-01-16"),
    _procedure("col2", "Colonoscopy", "2017-01-14"),
    _procedure("birth", "Childbirth", "1990-09-12"),
    _procedure("tb", "Skin test for tuberculosis", "2019-03-02"),
    {"resourceType": "ServiceRequest", "id": "veeg", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
     "code": {"text": "Video-EEG monitoring"}, "authoredOn": "2026-06-01"},
    {"resourceType": "AllergyIntolerance", "id": "shell", "patient": {"reference": "Patient/p1"}, "code": {"text": "Shellfish"},
     "clinicalStatus": {"coding": [{"code": "active"}]}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("Worst oxygen saturation?", "number", 88),
        ("best A1c she has had", "number", 6.8),
        ("What was her A1c when we last looked at it?", "number", 6.8),
        ("A1c when fell below 8", "date", "2026-03-01"),
        ("Number of simvastatin prescriptions in the 1990s?", "number", 1),
        ("She has how many years?", "number", 66),
        ("When did she break her hip?", "date", "2020-05-05"),
        ("when was my baby born", "date", "1990-09-12"),
        ("When did stage 4 kidney disease get diagnosed?", "date", "2025-09-03"),
        ("when was she tested for tuberculosis", "date", "2019-03-02"),
        ("She made colonoscopy how many times?", "number", 2),
        ("No colonoscopy in 2017 then?", "boolean", True),
        ("Was the EEG repeated?", "boolean", False),
        ("How many B12 injections have been ordered?", "number", 1),
        ("Is there anything on file about a penicillin allergy?", "boolean", False),
        ("was I ever told I have diabetes?", "boolean", False),
        ("lates hemoglobn a1c resutl", "number", 6.8),
    ],
)
def test_the_same_question_in_other_words(told: Ask, question: str, kind: str, value: object) -> None:
    answer = told(question)
    result = answer.get("result") or {}
    assert (result.get("type"), result.get("value")) == (kind, value), answer["answer"]


def test_the_time_between_two_of_a_kind(told: Ask) -> None:
    answer = told("How long was the interval between the 2012 and the 2017 colonoscopy?")
    assert answer["result"]["days"] == 1825, answer["answer"]


@pytest.mark.parametrize(
    "question", ["Is the A1c plateauing over the months?", "Describe the drift in the A1c"]
)
def test_words_that_no_cue_knows_are_read_by_their_meaning(told: Ask, question: str) -> None:
    answer = told(question)
    assert answer["result"]["type"] == "trend", answer["answer"]
    assert answer["result"]["value"]["last"] == 6.8
    assert any("read as" in step for step in answer["steps"])


def test_two_questions_in_one_are_both_answered(told: Ask) -> None:
    answer = told("When did she break her hip, and what is her latest A1c?")
    assert "05-May-2020" in answer["answer"] and "6.8" in answer["answer"]
    assert {c["source"] for c in answer["citations"]} == {"Condition/hip", "Observation/h2"}


def test_a_part_without_an_answer_is_said_to_be_missing(told: Ask) -> None:
    answer = told("What is her ferritin? What is her latest A1c?")
    assert answer["result"]["value"] == 6.8 and "ferritin" in answer["answer"]


def test_another_kind_of_the_thing_is_not_taken_for_it(told: Ask) -> None:
    answer = told("Has the video EEG been done?")
    assert answer["result"] == {"type": "boolean", "value": False}, answer["answer"]
    assert "ServiceRequest/veeg" in {c["source"] for c in answer["citations"]}


@pytest.mark.parametrize(
    "question",
    [
        "When is her next colonoscopy due?",
        "Would simvastatin help her?",
        "Is she going to need surgery for the hip?",
        "contrast ok? any reaction noted",
        "The brightest she has ever been?",
        "What is the name of the patient's GP's wife?",
        "Could you give me her thyroid hormone result?",
    ],
)
def test_what_only_looks_answerable_is_not_answered(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"], answer["answer"]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Am I overweight? What's my BMI", ["Am I overweight?", "What's my BMI"]),
        ("What is her LDL and is she on a statin?", ["What is her LDL?", "is she on a statin?"]),
        (
            "How long between the fall and when she walked?",
            ["How long between the fall and when she walked?"],
        ),
        ("Is an intolerance (i.e. a cough) recorded?", ["Is an intolerance (i.e. a cough) recorded?"]),
        ("", [""]),
    ],
)
def test_parts(text: str, split: list[str]) -> None:
    assert parts(text) == split


@pytest.mark.parametrize(
    ("text", "put"),
    [
        ("PFTs when", "when PFTs?"),
        ("BP when admitted", "BP when admitted"),
        ("T2DM since?", "since when T2DM?"),
        ("Neither asthma nor eczema on the list?", "is there any asthma or eczema on the list?"),
        ("The pressure is more high?", "The pressure is higher?"),
    ],
)
def test_word_order(text: str, put: str) -> None:
    assert in_order(text) == put


def test_slips_are_put_right_and_words_are_left_alone() -> None:
    assert corrected("which medicatiion and coloonoscopy")[0] == "which medication and colonoscopy"
    for text in ("is the lactate clearing", "still dropping weight", "what must she avoid", "the lay person"):
        assert corrected(text) == (text, [])


def test_meaning_is_only_taken_where_it_is_clear() -> None:
    assert intent("is the value plateauing over the months") == "trend"
    assert intent("value please") == "" and intent("") == ""
