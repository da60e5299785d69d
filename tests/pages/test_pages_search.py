"""Search: results, scope, filters, what is absent, the opened source, and addresses that make no sense."""

from collections.abc import Iterator

import pytest

from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, RECORD, said


@pytest.fixture(autouse=True)
def indexed(world: System) -> None:
    """What other tests wrote doesn't wait: else nothing is said not to be there."""
    while world.pipeline.step():
        pass


def test_population_search(open_page: OPEN) -> None:
    words = said(open_page("search", q="potassium above 6"))
    assert "Search all patients" in words
    assert "<mark>Potassium</mark> 6.7 mmol/L" in words and "(critically high)" in words
    assert "Range 3.5–5.1 mmol/L" in words and "21-Nov-2026 15:30" in words
    assert "OKONKWO, Samuel" in words and "Go to patient" in words
    assert "Category" not in words and "Status: final" not in words
    assert "understood as potassium" in words


def test_patient_search_stays_with_the_patient(open_page: OPEN) -> None:
    words = said(open_page("search", q="potassium above 6", patient="marsh"))
    assert "MARSH, Eleanor" in words and "Known allergies" in words and "Codeine: Vomiting" in words
    assert "Not found in the record" in words
    assert "6.7" not in words and "OKONKWO" not in words


def test_while_changes_wait_for_the_index_nothing_is_said_not_to_be_there(open_page: OPEN, world: System) -> None:
    weighed = {"resourceType": "Observation", "id": "waits", "status": "final", "subject": {"reference": "Patient/waiting"}, "code": {"text": "Body weight"}}
    put(world, {"resourceType": "Patient", "id": "waiting", "name": [{"family": "Late"}]}, weighed)
    words = said(open_page("search", q="potassium above 6", patient="waiting"))
    assert "in what is indexed so far" in words and "Not found in the record" not in words
    for kind, name in (("Observation", "waits"), ("Patient", "waiting")):
        world.repository.delete(kind, name)


@pytest.fixture
def denies(world: System) -> Iterator[str]:
    """A patient of whom no other test writes anything: what is not found is then not found."""
    records = [dict(r, id=f"{r['id']}-alone", subject={"reference": "Patient/alone"}) for r in RECORD if r["id"] == "note"]
    put(world, {"resourceType": "Patient", "id": "alone", "name": [{"family": "Alone"}]}, *records, index=True)
    yield "alone"
    for kind, name in (("DocumentReference", "note-alone"), ("Patient", "alone")):
        world.repository.delete(kind, name)


def test_what_is_denied_is_listed_apart(open_page: OPEN, denies: str) -> None:
    test = open_page("search", q="chest pain", patient=denies)
    words = said(test)
    assert "Not found in the record. What says so explicitly is listed below." in words
    assert [e.label for e in test.expander] == ["Recorded as absent (1)"]
    assert 'fb-absent">chest pain<span class="fb-sr"> (said to be absent)' in words


def test_filters_are_in_the_address(open_page: OPEN, denies: str) -> None:
    assert "<mark>warfarin</mark>" in said(open_page("search", q="warfarin", patient=denies)).lower()
    none = open_page("search", q="warfarin", patient=denies, types=["Results and vitals"])
    assert "Not found in the record" in said(none)
    assert "Not found" in said(open_page("search", q="warfarin", patient=denies, since="2026-08-01"))
    assert "fb-card" in said(open_page("search", q="warfarin", patient=denies, until="2026-08-01"))
    assert "“From” is after “To”." in said(
        open_page("search", q="warfarin", patient=denies, since="2026-08-01", until="2026-07-01")
    )


def test_all_patients_keeps_the_query(open_page: OPEN) -> None:
    test = open_page("search", q="potassium above 6", patient="marsh", open="Condition/af")
    next(b for b in test.button if b.label == "All patients").click().run()
    assert dict(test.query_params) == {"q": "potassium above 6"}
    assert "OKONKWO, Samuel" in said(test)


def test_opened_source_by_its_address(open_page: OPEN) -> None:
    test = open_page("search", q="warfarin", patient="marsh", open="DocumentReference/note")
    words = said(test)
    assert 'class="fb-passage"' in words and 'data-source="DocumentReference/note"' in words
    assert "<h3>SUBJECTIVE:</h3>" in words
    assert not test.code  # not made before somebody opens it
    test.session_state["source-json"] = True
    assert '"resourceType": "DocumentReference"' in test.run().code[0].value
    next(b for b in test.button if b.label == "Close source").click().run()
    assert "open" not in test.query_params and "fb-passage" not in said(test)


def test_a_source_of_another_patient_is_not_shown(open_page: OPEN) -> None:
    words = said(open_page("search", patient="okonkwo", open="DocumentReference/note"))
    assert "not part of this patient's record" in words and "physiotherapy" not in words


def test_over_all_patients_the_source_says_whose_it_is(open_page: OPEN) -> None:
    assert '<span class="fb-name">MARSH, Eleanor</span>' in said(
        open_page("search", open="DocumentReference/note")
    )


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"patient": "nobody"}, "There is no such patient"),
        ({"patient": "../x"}, "There is no such patient"),
        ({"open": "Observation/none"}, "is not in the record (any more)"),
        ({"open": "<script>alert(1)</script>"}, "The address names no source"),
        ({"types": ["Nonsense"]}, "Kinds “Nonsense”"),
        ({"types": ["Observation"]}, "Kinds “Observation”"),
        ({"since": "abc"}, "From “abc”"),
        ({"until": "2026-13-40"}, "To “2026\\-13\\-40”"),
        ({"min": "7"}, "Least similarity “7”"),
        ({"min": "nan"}, "Least similarity “nan”"),
        ({"q": "   "}, "Search all patients"),
        ({"q": "%s' OR 1=1 -- \x00 <b>"}, "Search all patients"),
        ({"q": "x" * 2000}, "That has 2,000 characters; at most 1,000 can be looked for."),
    ],
)
def test_an_address_that_makes_no_sense_is_a_sentence(
    open_page: OPEN, params: dict[str, str], sentence: str
) -> None:
    words = said(open_page("search", **{"q": "potassium", **params}))
    assert sentence in words
    assert "<script>" not in words


def test_the_record_is_escaped(open_page: OPEN) -> None:
    words = said(open_page("patients"))
    assert "&lt;b&gt;Walter&lt;/b&gt;" in words and "<b>Walter" not in words
    assert "&lt;b&gt;Walter" in said(open_page("search", patient="brandt"))


def test_the_start_shows_the_newest_of_the_record(open_page: OPEN) -> None:
    words = said(open_page("search", patient="marsh"))
    assert "Newest in the record" in words and "05-Jul-2026" in words and "Progress note" in words
