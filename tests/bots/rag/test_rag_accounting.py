"""What of a question is not met by what was found makes it no answer: told beside, never as the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle
from services.runtime.system import System
from tests.bots.rag.conftest import AS_OF, CLINICIAN, RECORD
from tests.index.conftest import condition, result

MORE: list[dict] = [
    result("cd4", "CD4 count", "24467-3", 640, "/uL", "2026-05-02"),
    result("t1", "TSH", "3016-3", 6.8, "m[IU]/L", "2025-08-04"),
    result("w1", "Body weight", "29463-7", 73.1, "kg", "2025-08-04"),
    result("t2", "TSH", "3016-3", 2.4, "m[IU]/L", "2026-05-21"),
    result("w2", "Body weight", "29463-7", 72.0, "kg", "2026-05-21"),
    condition("car", "Left internal carotid artery stenosis") | {"onsetDateTime": "2025-05-27"},
    {"resourceType": "Procedure", "id": "cea", "status": "completed", "subject": {"reference": "Patient/p1"},
     "code": {"text": "Left carotid endarterectomy"}, "performedDateTime": "2025-06-15"},
    {"resourceType": "Immunization", "id": "hbv", "status": "completed", "patient": {"reference": "Patient/p1"},
     "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "43"}], "text": "Hepatitis B vaccine, adult"},
     "occurrenceDateTime": "2020-09-09"},
    {"resourceType": "Observation", "id": "smoke", "status": "final", "subject": {"reference": "Patient/p1"},
     "code": {"coding": [{"system": "http://loinc.org", "code": "72166-2"}], "text": "Tobacco smoking status"},
     "valueCodeableConcept": {"text": "Smokes tobacco daily"}, "effectiveDateTime": "2026-05-02"},
]  # fmt: skip

Asked = Callable[[str], dict]


@pytest.fixture(scope="module")
def told(stand: Callable[[list[dict]], Context]) -> Asked:
    context = stand([*RECORD, *MORE])
    return lambda question: handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()


@pytest.mark.parametrize(
    "question",
    [
        "did her sister have breast cancer?",  # the mother had
        "CD8 count",
        "was the right carotid operated on",
        "how often does she miss her metformin",
        "what was her weight when the TSH was 9.9",
        "potassium two checks ago",
        "potassium then and now?",
        "days between the last two potassiums",
        "was the potassium 30 % lower than before",
        "potassium readings at home",
        "does she need potassium?",
        "when is the next HbA1c due",
        "has the metformin dose been swapped",
        "which drug replaced warfarin?",
        "length of stay for the endarterectomy in nights",
        "how many tablets of metformin were dispensed",
        "potassium at age 12 years",
    ],
)
def test_what_is_not_met_is_no_answer(told: Asked, question: str) -> None:
    answer = told(question)
    assert not answer["answered"], answer["answer"]
    assert "result" not in answer


def test_what_the_record_has_beside_is_told_with_its_source(told: Asked) -> None:
    answer = told("potassium then and now?")
    assert "“then and now”" in answer["answer"] and "4.4" in answer["answer"]
    assert [c["source"] for c in answer["citations"]] == ["Observation/k3"]


def test_a_drug_that_is_taken_is_never_denied_for_a_word_beside_it(told: Asked) -> None:
    assert "No metformin" not in told("missed metformin doses, how often")["answer"]


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("has HbA1c ever reached 9 %", False),
        ("has the potassium ever reached 5.9", True),
        ("Was potassium above 5.5 on any occasion?", True),
        ("did she quit smoking", False),
        ("what was her weight when the TSH was 6.8", 73.1),
        ("n readings of potassium above 4", 3),
        ("was the left carotid operated on", True),
        ("hepatitis A vaccine?", False),
    ],
)
def test_what_is_met_is_answered(told: Asked, question: str, value: object) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["value"] == value, answer["answer"]


def test_a_second_part_that_points_back_is_answered_or_said_not_to_be(told: Asked) -> None:
    above = told("What was the last TSH and is it above 4?")
    assert above["result"]["value"] == 2.4 and "No: TSH 2.4" in above["answer"]
    highest = told("How many TSH values are there and what is the highest?")
    assert highest["result"]["value"] == 2 and "6.8" in highest["answer"]
    shown = told("When was the carotid endarterectomy and what did it show?")
    assert shown["result"]["value"] == "2025-06-15"
    assert "Not answered" in shown["answer"] and "show" in shown["answer"]
    assert told("What is the latest TSH and when was it measured?")["answer"].count("TSH") == 1


@pytest.mark.parametrize("question", ["Any abnormal labs?", "Which latest results are out of range?"])
def test_results_without_range_or_mark_are_not_called_normal(make: Callable[..., System], question: str) -> None:
    bare = [r for r in [*RECORD, *MORE] if r["resourceType"] != "Observation"] + [
        {k: v for k, v in r.items() if k not in ("referenceRange", "interpretation")} for r in MORE if r["resourceType"] == "Observation"
    ]
    context = make(bare).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert not answer["answered"] and "neither a reference range nor" in answer["answer"]


def test_a_named_problem_is_no_other_one(make: Callable[..., System]) -> None:
    near = condition("pre", "Prediabetes") | {"onsetDateTime": "2024-01-01"}
    bare = [r for r in RECORD if r["resourceType"] == "Patient"] + [near]
    context = make(bare).context(CLINICIAN)
    answer = handle(context, {"question": "Is the patient diabetic?", "patientId": "p1", "asOf": AS_OF}).wire()
    assert answer.get("result") != {"type": "boolean", "value": True}, answer["answer"]


@pytest.mark.parametrize(
    ("question", "recorded"),
    [("Any heart disease?", "Essential hypertension"), ("lung disease?", "Chronic sinusitis"), ("Is she pregnant?", "Miscarriage"),
     ("Has she had a stroke?", "Transient ischemic attack"), ("Any drug abuse?", "Tobacco use disorder")],
)  # fmt: skip
def test_what_only_shares_a_chapter_is_no_answer(make: Callable[..., System], question: str, recorded: str) -> None:
    bare = [r for r in RECORD if r["resourceType"] == "Patient"] + [condition("one", recorded) | {"onsetDateTime": "2024-01-01"}]
    context = make(bare).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert answer.get("result") != {"type": "boolean", "value": True}, answer["answer"]


KINDS: list[dict] = [
    result("b1", "BNP", "30934-4", 150, "pg/mL", "2026-01-01"),
    result("b2", "NT-proBNP", "33762-6", 1800, "pg/mL", "2026-03-01"),
    result("tni", "Troponin I", "10839-9", 0.03, "ng/mL", "2026-01-01"),
    result("tnt", "Troponin T", "67151-1", 22, "ng/L", "2026-03-01"),
    result("bw", "Birth weight", "8339-4", 3.1, "kg", "2026-05-30"),
]


@pytest.mark.parametrize(
    ("question", "value"),
    [("last BNP", 150), ("NT-proBNP", 1800), ("troponin I", 0.03), ("last troponin", 22), ("last weight", 72.0)],
)
def test_kinds_of_a_test_are_not_mixed(make: Callable[..., System], question: str, value: float) -> None:
    context = make([*RECORD, *MORE, *KINDS]).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert answer["result"]["value"] == value, answer["answer"]


@pytest.mark.parametrize("question", ["BNP trend", "How has troponin changed?"])
def test_no_trend_goes_from_one_test_to_another(make: Callable[..., System], question: str) -> None:
    context = make([*RECORD, *MORE, *KINDS]).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert "there is no trend" in answer["answer"], answer["answer"]
