"""The patient page: everything that holds, each with its source, and nothing of anybody else."""

from __future__ import annotations

import pytest

from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, said


def test_what_holds_with_its_source(open_page: OPEN) -> None:
    words = said(open_page("patient", patient="marsh"))
    assert all(
        w in words
        for w in ("Permanent atrial fibrillation", "13-Nov-2020", "Codeine", "Vomiting", "Progress note")
    )
    assert "open=Condition%2Faf" in words and "open=DocumentReference%2Fnote" in words
    assert "No current medicine is recorded." in words and "6.7" not in words


def test_a_result_out_of_range_says_so_in_words(open_page: OPEN) -> None:
    words = said(open_page("patient", patient="okonkwo"))
    assert "6.7 mmol/L" in words and "▲ critically high" in words and "range 3.5–5.1 mmol/L" in words


def test_the_course_of_a_result(open_page: OPEN, world: System) -> None:
    before = {**world.repository.read("Observation", "potassium").resource, "id": "potassium-before",
              "effectiveDateTime": "2025-01-02", "interpretation": [],
              "valueQuantity": {"value": 4.2, "unit": "mmol/L", "code": "mmol/L"}}  # fmt: skip
    put(world, before)
    try:
        words = said(open_page("patient", patient="okonkwo", series="lab:potassium"))
        assert (
            "above the range" in words
            and "4.2 mmol/L" in words
            and "open=Observation%2Fpotassium-before" in words
        )
        assert "data:image/svg+xml" in words
        assert "6.7 mmol/L" in said(open_page("patient", patient="okonkwo", series="no such thing"))
    finally:
        world.repository.delete("Observation", "potassium-before")


def test_a_source_is_opened_beside(open_page: OPEN) -> None:
    words = said(open_page("patient", patient="marsh", open="Condition/af"))
    assert "Text of the source" in words and "Condition/af" in words


def test_what_is_not_this_patients_is_not_shown(open_page: OPEN) -> None:
    words = said(open_page("patient", patient="marsh", open="Observation/potassium"))
    assert "not part of this patient" in words and "6.7" not in words
    assert "There is no such patient" in said(open_page("patient", patient="nobody"))
    assert "Choose whose record to see" in said(open_page("patient"))


def test_who_approved_it_is_said(open_page: OPEN, world: System) -> None:
    put(world, {
        "resourceType": "Provenance", "id": "made", "target": [{"reference": "Condition/af"}],
        "recorded": "2026-07-05T17:40:00Z", "activity": {"text": "Approved and written"},
        "agent": [{"who": {"display": "Dr Ada Okafor"}}],
        "entity": [{"role": "source", "what": {"reference": "DocumentReference/note"}}],
    })  # fmt: skip
    words = said(open_page("patient", patient="marsh", open="Condition/af"))
    assert (
        "05-Jul-2026 17:40 · Approved and written · Dr Ada Okafor" in words
        and "From DocumentReference/note" in words
    )


def test_the_patients_opened_last_are_found_again(open_page: OPEN) -> None:
    open_page("patient", patient="okonkwo")
    open_page("patient", patient="marsh")
    page = open_page("search")
    page.button(key="find-patient").click().run()
    words = said(page)
    assert words.index("MARSH") < words.index("OKONKWO") and "Opened last" in words


@pytest.mark.parametrize(("typed", "told"), [
    ("okon", "1 found; Enter opens"), ("samuel OKONKWO", "1 found; Enter opens"), ("4245064", "1 found; Enter opens"),
    ("okonkvo", "1 found; Enter goes to the first"),  # a name that is only like it is not opened unseen
])  # fmt: skip
def test_enter_opens_whoever_surely_was_meant(open_page: OPEN, typed: str, told: str) -> None:
    page = open_page("search")
    page.button(key="find-patient").click().run()
    page.text_input(key="finder").set_value(typed).run()
    assert told in said(page)
