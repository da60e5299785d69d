"""Semantic search over hand-made records: language, values, negation, sides, time, and who may see what."""

from __future__ import annotations

import datetime as dt

import pytest

from services.errors import InvalidInput, PatientNotFound
from services.index.search import Filters, Found
from services.runtime.system import System
from tests.index.conftest import condition, index, note, patient, result

AS_OF = dt.date(2025, 6, 30)


@pytest.fixture
def chart(system: System) -> System:
    system.repository.write_many(
        [
            patient("p1", "Doe"),
            patient("p2", "Roe"),
            condition("htn", "Essential hypertension"),
            condition("oa-left", "Osteoarthritis of the left knee"),
            condition("oa-right", "Osteoarthritis of the right knee"),
            condition("pneumonia", "Community-acquired pneumonia", status="resolved"),
            {
                "resourceType": "MedicationRequest",
                "id": "lisinopril",
                "status": "active",
                "intent": "order",
                "subject": {"reference": "Patient/p1"},
                "medicationCodeableConcept": {"text": "Lisinopril 20 mg tablet"},
                "authoredOn": "2024-02-01",
            },
            {
                "resourceType": "MedicationRequest",
                "id": "warfarin",
                "status": "stopped",
                "intent": "order",
                "subject": {"reference": "Patient/p1"},
                "medicationCodeableConcept": {"text": "Warfarin 5 mg tablet"},
                "authoredOn": "2020-02-01",
            },
            result("k1", "Potassium", "2823-3", 4.1, "mmol/L", "2023-05-01"),
            result("k2", "Potassium", "2823-3", 2.7, "mmol/L", "2025-05-01"),
            result("a1", "Hemoglobin A1c", "4548-4", 8.9, "%", "2023-05-01"),
            result("a2", "Hemoglobin A1c", "4548-4", 7.1, "%", "2025-05-01"),
            note("visit", "SUBJECTIVE:\nDenies chest pain or palpitations. Short of breath on stairs.\n"),
            note("er", "HPI:\nCrushing chest pain for two hours, radiating to the jaw.", "2024-01-05", "p2"),
            condition("dm-other", "Type 2 diabetes mellitus", "p2"),
        ]
    )
    index(system)
    system.owner.acquire()
    system.population.open(system.model.version)
    return system


def ask(system: System, text: str, patient_id: str | None = "p1", **filters) -> Found:
    return system.retriever.search(text, system.repository, patient_id, Filters(as_of=AS_OF, **filters))


def ids(found: Found) -> list[str]:
    return [h.resource_id for h in found.hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("HTN", "htn"),
        ("high blood pressure", "htn"),
        ("Zestril", "lisinopril"),
        ("ACE inhibitor", "lisinopril"),
        ("blood thinner", "warfarin"),
        ("Coumadin", "warfarin"),
        ("SOB", "visit"),
        ("left knee", "oa-left"),
        ("right knee arthritis", "oa-right"),
        ("potassium below 3", "k2"),
        ("K > 4", "k1"),
        ("latest HbA1c", "a2"),
        ("first A1c", "a1"),
        ("A1c in 2023", "a1"),
        ("A1c above 8", "a1"),
        ("4548-4", "a2"),
        ("essential hypertension", "htn"),
        ("CAP", "pneumonia"),
    ],
)
def test_clinical_language_finds_its_entry(chart: System, query: str, first: str):
    assert ids(ask(chart, query))[0] == first


def test_a_value_out_of_the_range_asked_for_is_no_hit_and_that_is_said(chart: System):
    found = ask(chart, "potassium below 3")
    assert "k1" not in ids(found)
    assert any("do not meet" in n for n in found.notes)


def test_what_is_denied_is_not_a_hit_and_is_listed_apart(chart: System):
    found = ask(chart, "chest pain")
    assert "visit" not in ids(found)
    assert [h.resource_id for h in found.absent] == ["visit"]
    assert any("absent" in n for n in found.notes)


def test_asking_for_the_negation_finds_the_denial(chart: System):
    assert ids(ask(chart, "no chest pain"))[0] == "visit"


def test_nothing_of_another_patient_is_ever_found_within_one(chart: System):
    for query in ("diabetes", "chest pain", "jaw", "Type 2 diabetes mellitus", "crushing"):
        assert not {"dm-other", "er"} & set(ids(ask(chart, query)))


def test_the_population_is_searched_over_all_patients(chart: System):
    found = ask(chart, "chest pain", None)
    assert ids(found)[0] == "er"
    assert found.hits[0].patient_id == "p2"
    assert ids(ask(chart, "diabetes", None))[0] == "dm-other"
    assert ids(ask(chart, "potassium below 3", None))[0] == "k2"


def test_similarity_lies_between_0_and_1_in_falling_order(chart: System):
    for query in ("hypertension", "knee", "zzzz qqqq", "potassium"):
        values = [h.similarity for h in ask(chart, query).hits]
        assert values == sorted(values, reverse=True)
        assert all(0 <= v <= 1 for v in values)


def test_a_question_in_the_words_of_an_entry_is_more_similar_than_an_unrelated_one(chart: System):
    assert ask(chart, "Essential hypertension").hits[0].similarity > 0.6
    assert ask(chart, "spaceship engine manual").hits[0].similarity < 0.25


def test_filters_hold(chart: System):
    only = ask(chart, "hypertension", types=frozenset({"Observation"}))
    assert {h.resource_type for h in only.hits} <= {"Observation"}
    since = dt.datetime(2025, 1, 1, tzinfo=dt.UTC).timestamp()
    assert "k1" not in ids(ask(chart, "potassium", since=since))
    assert all(h.similarity >= 0.5 for h in ask(chart, "potassium", minimum=0.5).hits)
    assert len(ask(chart, "potassium", limit=1).hits) == 1


def test_nothing_dated_after_as_of_is_used(chart: System):
    found = chart.retriever.search("A1c", chart.repository, "p1", Filters(as_of=dt.date(2024, 1, 1)))
    assert "a2" not in ids(found)
    assert "a1" in ids(found)


def test_what_the_askers_record_does_not_show_is_not_found(chart: System):
    class Narrow:
        def find(self, reference: str):
            return None if reference == "Condition/htn" else chart.repository.find(reference)

        def partial(self, _resource_type: str) -> bool:
            return False

    found = chart.retriever.search("hypertension", Narrow(), "p1", Filters())  # type: ignore[arg-type]
    assert "htn" not in ids(found)


def test_a_write_is_found_by_the_next_question(chart: System):
    assert "gout" not in ids(ask(chart, "gout"))
    chart.repository.update(condition("gout", "Gout of the left great toe"), create_missing=True)
    index(chart)
    assert ids(ask(chart, "podagra gout"))[0] == "gout"
    chart.repository.delete("Condition", "gout")
    assert "gout" not in ids(ask(chart, "gout")), "gone from the record, gone from the results at once"


def test_a_passage_older_than_its_resource_is_marked(chart: System):
    chart.repository.update(condition("htn", "Secondary hypertension"))
    hit = next(h for h in ask(chart, "hypertension").hits if h.resource_id == "htn")
    assert hit.stale


def test_without_a_model_search_goes_by_words_and_says_so(chart: System, monkeypatch):
    from services.errors import EmbeddingError

    def down(_text):
        raise EmbeddingError("The router can't be reached.")

    monkeypatch.setattr(type(chart.model), "embed_query", lambda _self, text: down(text))
    found = ask(chart, "hypertension")
    assert ids(found)[0] == "htn"
    assert not found.embedded
    assert any("router" in n for n in found.notes)


def test_the_bot_speaks_the_contract(chart: System):
    from services.accounts.roles import Principal
    from services.bots.semantic_search.handler import handle

    context = chart.context(Principal("u", "user", "U", "clinician"))
    output = handle(
        context, {"query": "potassium", "patientId": "p1", "limit": 2, "includeSnippets": True}
    ).wire()
    assert output["success"] is True
    assert output["queryEmbeddingGenerated"] is True
    assert isinstance(output["searchDurationMs"], float)
    assert len(output["results"]) == 2
    assert {"resourceType", "resourceId", "similarity", "matchedText", "patientId"} <= set(
        output["results"][0]
    )

    def answered(value: dict) -> dict:
        return handle(context, value).wire()

    plain = answered({"query": "potassium", "patientId": "Patient/p1"})
    assert "matchedText" not in plain["results"][0]
    denied = answered({"query": "chest pain", "patientId": "p1"})
    assert denied["absent"][0]["assertion"] == "absent"
    with pytest.raises(PatientNotFound):
        answered({"query": "x", "patientId": "nobody"})
    for wrong in ({}, {"query": ""}, {"query": "x", "limit": 0}, {"query": "x", "minSimilarity": 2},
                  {"query": "x", "resourceTypes": ["Nonsense"]}, {"query": "x", "dateRange": {"start": "soon"}}):  # fmt: skip
        with pytest.raises(InvalidInput):
            answered(wrong)


@pytest.mark.parametrize("where", [None, "p1"])
def test_a_record_that_holds_nothing_yet_is_asked(system: System, where: str | None) -> None:
    """The first hour of a new installation: whatever is asked, there is nothing, and no fault."""
    system.repository.write_many([patient()])
    for query in ("potassium 4211", "K > 5.5", "left knee pain", "no chest pain", "current medications", "latest HbA1c in 2023", "E11.9", "?"):
        assert system.retriever.search(query, system.repository, where, Filters()).hits == []
    index(system)
    assert system.retriever.search("potassium above 3", system.repository, where, Filters()).hits == []
