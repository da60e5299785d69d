"""Questions to answers over a real record: what is computed, what is closed-world, what is never said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.bots.rag_pipeline.handler import handle
from services.errors import InvalidInput, PatientNotFound
from tests.bots.rag.conftest import AS_OF

Ask = Callable[..., dict]


@pytest.mark.parametrize(
    ("question", "value", "sources"),
    [
        ("last K?", 4.4, {"k3"}),
        ("Could you tell me her latest potassium?", 4.4, {"k3"}),
        ("What was the potassium when it was last checked?", 4.4, {"k3"}),
        ("highest potassium ever", 5.9, {"k2"}),
        ("peak K in 2024", 4.1, {"k1"}),
        ("mean potassium", 4.8, {"k1", "k2", "k3"}),
        ("potasium in may 2026", 4.4, {"k3"}),
        ("how many potassium results in 2025", 1, {"k2"}),
        ("how old is she", 66, {"p1"}),
        ("how many ED visits since 2025", 1, {"ed"}),
        ("current dose of metformin", 1000, {"met2"}),
        ("dose of Glucophage at the start", 500, {"met1"}),
        ("how long has she had diabetes", 6.0, {"dm"}),
        ("age at diagnosis of diabetes", 60, {"dm", "p1"}),
    ],
)
def test_numbers_are_computed_and_cited(ask: Ask, question: str, value: float, sources: set[str]) -> None:
    answer = ask(question)
    assert answer["answered"], answer["answer"]
    assert answer["result"]["type"] == "number" and answer["result"]["value"] == pytest.approx(value)
    assert {c["source"].split("/")[1] for c in answer["citations"]} == sources
    assert answer["modelUsed"] == "record" and answer["tokensUsed"] == 0


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("was K ever above 5.5", True),
        ("Did K+ at any time go over 6?", False),
        ("is she on metformin", True),
        ("is she on warfarin", False),
        ("was she ever on warfarin", True),
        ("taking a statin?", False),
        ("was amoxicillin ever given", False),
        ("does she have diabetes", True),
        ("does she have pneumonia", False),
        ("has she ever had pneumonia", True),
        ("is the pneumonia over", True),
        ("penicillin allergy?", True),
        ("is she allergic to penicillin", True),
        ("has the colonoscopy been done", False),
        ("flu shot in 2024?", True),
        ("has she had a flu shot since 2025", False),
        ("any history of chest pain", False),
        ("was a PE found", False),
    ],
)
def test_yes_and_no(ask: Ask, question: str, truth: bool) -> None:
    answer = ask(question)
    assert answer["answered"], answer["answer"]
    assert answer["result"] == {"type": "boolean", "value": truth}, answer["answer"]


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("when was metformin started", "2020-07-01"),
        ("since when diabetic", "2020-06-30"),
        ("when was the highest potassium", "2025-11-10"),
        ("date of last flu shot", "2024-10-03"),
        ("when did the pneumonia resolve", "2025-02-01"),
    ],
)
def test_dates(ask: Ask, question: str, day: str) -> None:
    answer = ask(question)
    assert answer["result"] == {"type": "date", "value": day}, answer["answer"]


@pytest.mark.parametrize(
    "question",
    [
        "what is her ferritin",
        "what is the patient's favourite colour",
        "is she allergic to latex",
        "does she have asthma",
        "when was warfarin stopped",
        "why was metformin stopped for good in 2026",
        "should I start insulin?",
        "Would you raise the metformin?",
        "what will her next HbA1c be",
        "when was her heart transplant",
        "does her father have diabetes",
        "result of the liver biopsy",
        "potassium in 2019",
    ],
)
def test_what_the_record_does_not_say_is_not_answered(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert not answer["answered"], answer["answer"]
    assert "result" not in answer and answer["kind"] == "absent"


def test_a_trend_cites_every_value_and_has_a_series(ask: Ask) -> None:
    answer = ask("How has her HbA1c been over the past year?")
    assert answer["questionType"] == "trend"
    value = answer["result"]["value"]
    assert (value["direction"], value["first"], value["last"]) == ("falling", 8.2, 7.1)
    assert [p["source"] for p in value["points"]] == ["Observation/a1", "Observation/a2"]
    assert [s["text"] for s in answer["series"]] == ["8.2 %", "7.1 %"]


def test_a_comparison_of_two_times(ask: Ask) -> None:
    answer = ask("compare the potassium of May 2026 with November 2025")
    value = answer["result"]["value"]
    assert answer["questionType"] == "comparison"
    assert (value["first"]["value"], value["second"]["value"]) == (4.4, 5.9)


def test_nothing_after_the_moment_is_used(ask: Ask) -> None:
    assert ask("last K", asOf="2025-12-01")["result"]["value"] == 5.9
    assert ask("last K", asOf="2025-11-10T07:59:00Z")["result"]["value"] == 4.1
    assert ask("last K", asOf="2025-11-10T08:30:00Z")["result"]["value"] == 5.9


def test_every_sentence_of_an_answer_has_its_source_at_its_version(ask: Ask) -> None:
    answer = ask("summarize this patient")
    assert answer["kind"] == "summary"
    numbers = {c["number"] for c in answer["citations"]}
    for sentence in answer["sentences"]:
        assert set(sentence["citations"]) <= numbers
        assert sentence["citations"] or sentence["text"].startswith(("No ", "Allergies are not"))
    assert all(c["version"] for c in answer["citations"])


def test_a_quotation_points_into_its_note(ask: Ask) -> None:
    answer = ask("does she live with a cat")
    cited = answer["citations"][0]
    assert cited["source"] == "DocumentReference/n1" and answer["kind"] == "quoted"
    start, stop = cited["span"]
    assert stop > start and "cat" in cited["text"]


def test_a_write_is_seen_by_the_next_question(context) -> None:
    def ask(question: str) -> dict:
        return handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()

    assert ask("last K")["result"]["value"] == 4.4
    stored = context.repository.read("Observation", "k3").resource
    stored["valueQuantity"]["value"] = 4.6
    written, _ = context.repository.update(stored)
    answer = ask("last K")
    assert answer["result"]["value"] == 4.6 and answer["citations"][0]["version"] == written.version


def test_follow_up_questions_keep_their_context(ask: Ask) -> None:
    history = [{"question": "what was her last potassium"}]
    assert ask("and before that?", history=history)["result"]["value"] == 5.9
    assert ask("and HbA1c?", history=history)["result"]["value"] == 7.1
    assert ask("in 2024?", history=history)["result"]["value"] == 4.1
    assert ask("when was that?", history=history)["result"]["value"] == "2026-05-02"


def test_citations_can_be_left_out_and_context_is_bounded(ask: Ask) -> None:
    answer = ask("all potassium results", includeCitations=False, maxContextChunks=2)
    assert "citations" not in answer and "[1]" not in answer["answer"]
    assert len(answer["contextUsed"]) == 2


def test_a_question_type_is_taken_where_it_fits(ask: Ask) -> None:
    assert ask("HbA1c", questionType="trend")["result"]["type"] == "trend"
    assert ask("diabetes", questionType="summary")["kind"] == "summary"


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ({"patientId": "p1"}, "question"),
        ({"question": "", "patientId": "p1"}, "question"),
        ({"question": "x" * 2001, "patientId": "p1"}, "question"),
        ({"question": "last K"}, "patientId"),
        ({"question": "last K", "patientId": "p1", "temperature": 3}, "temperature"),
        ({"question": "last K", "patientId": "p1", "asOf": "soon"}, "asOf"),
        ({"question": "last K", "patientId": "p1", "questionType": "guess"}, "questionType"),
    ],
)
def test_bad_input_names_its_field(context, value: dict, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        handle(context, value)
    assert field in raised.value.message


def test_an_unknown_patient(ask: Ask) -> None:
    with pytest.raises(PatientNotFound):
        ask("last K", patientId="nobody")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(min_size=1, max_size=80),
        st.lists(
            st.sampled_from(
                [
                    "last",
                    "first",
                    "highest",
                    "what",
                    "when",
                    "was",
                    "is",
                    "the",
                    "K",
                    "potassium",
                    "metformin",
                    "HbA1c",
                    "since",
                    "before",
                    "after",
                    "2025",
                    "ever",
                    "on",
                    "in",
                    "she",
                    "why",
                    "who",
                    "how",
                    "many",
                    "long",
                    "old",
                    "trend",
                    "compare",
                    "vs",
                    "and",
                    "discharge",
                    "admission",
                    "allergic",
                    "summary",
                    "not",
                    "above",
                    "5",
                    "mmol/L",
                    "?",
                    "[1]",
                    "-",
                ]
            ),
            min_size=1,
            max_size=12,
        ).map(" ".join),
    )
)
def test_any_question_gets_an_answer_with_sources_or_none(ask: Ask, question: str) -> None:
    if not question.strip():
        return
    answer = ask(question)
    assert answer["success"] and 0 <= answer["confidence"] <= 1
    own = {
        "k1",
        "k2",
        "k3",
        "a1",
        "a2",
        "dm",
        "pna",
        "met1",
        "met2",
        "war",
        "amo",
        "pen",
        "ed",
        "col",
        "flu",
        "n1",
        "p1",
    }
    assert {
        c["source"].split("/")[1] for c in answer["citations"]
    } <= own  # never another patient's, never withdrawn
    if not answer["answered"]:
        assert "result" not in answer
