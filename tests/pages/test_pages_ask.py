"""Ask: answers and their sources, follow-ups, values over time, verdicts, links, and what can't be asked."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from services.accounts.roles import ROLES
from services.bots.rag_pipeline.warming import warm
from services.console.conversations import forget
from services.runtime.system import System
from tests.console.world import put
from tests.pages.conftest import OPEN, PASSWORD, RECORD, said


@pytest.fixture(autouse=True)
def _nothing_asked_before(world: System) -> None:
    for role in ROLES:
        account = world.accounts.check_password(f"{role}@example.com", PASSWORD)
        for patient in ("marsh", "okonkwo", "brandt"):
            forget(account, patient)


@pytest.fixture(autouse=True, scope="module")
def warmed() -> None:
    """As a server is before its first question, which the page waits for."""
    warm()


def put_question(test: AppTest, question: str) -> str:
    """Ask, and every word on the page then."""
    test.chat_input[0].set_value(question).run()
    return said(test)


def click(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label == label).click().run()


def test_an_answer_with_its_source(open_page: OPEN) -> None:
    test = open_page("ask", patient="okonkwo")
    words = put_question(test, "latest potassium")
    assert "OKONKWO, Samuel" in words and '<h2 class="fb-question">latest potassium</h2>' in words
    assert "Potassium 6.7 mmol/L" in words
    assert "Computed from the record" in words and "Fair confidence" in words
    assert "<b>1</b> Result · 21-Nov-2026" in words and "Observation%2Fpotassium%2F_history%2F" in words
    assert "How this was computed" in words
    assert "[1] Result, 21-Nov-2026" in words.split("Copy with citations")[1]


def test_suggestions_of_this_record(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh")
    labels = {b.label for b in test.button}
    assert {"What are the active problems?", "What allergies are recorded?"} <= labels
    assert "Which latest results are out of range?" not in labels
    click(test, "What allergies are recorded?")
    assert "Codeine (reaction Vomiting" in said(test)
    assert "What are the active problems?" not in {b.label for b in test.button}


def test_a_quote_opens_where_it_stands(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh", q="any chest pain?")
    words = said(test)
    assert "Quoted from notes" in words and "Denies chest pain and palpitations." in words
    address = words.split("&quot;open&quot;: &quot;")[1].split("&quot;")[0]
    test.query_params["open"] = address
    words = said(test.run())
    assert '<span class="fb-passage">Denies chest pain and palpitations.</span>' in words
    assert '<a aria-current="true"' in words
    click(test, "Close source")
    assert "fb-passage" not in said(test) and "open" not in test.query_params


def test_a_conversation_is_kept_and_begun_anew(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh")
    put_question(test, "what allergies are recorded?")
    words = put_question(test, "and the problems?")
    assert words.count('class="fb-turn"') == 2 and "Permanent atrial fibrillation" in words
    click(test, "New conversation")
    assert "fb-turn" not in said(test)


def test_a_question_that_is_too_long_is_given_back(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh")
    words = put_question(test, "x" * 2001)
    assert "2,001 characters; at most 2,000" in words and "fb-turn" not in words
    assert test.chat_input[0].proto.value == "x" * 2001
    assert "Codeine" in put_question(test, "what allergies are recorded?")


def test_a_reload_finds_the_conversation_of_its_author_only(open_page: OPEN, world: System) -> None:
    test = open_page("ask", patient="marsh")
    put_question(test, "what allergies are recorded?")
    put_question(test, "and the problems?")
    again = open_page("ask", patient="marsh")  # another session of the browser
    words = said(again)
    assert words.count('class="fb-turn"') == 2 and "Codeine" in words and words.count("Answered ") == 2
    assert "has changed since" not in words
    assert "fb-turn" not in said(open_page("ask", patient="marsh", role="approver"))
    put(world, next({**r, "note": [{"text": "asked anew"}]} for r in RECORD if r["id"] == "codeine"))
    changed = open_page("ask", patient="marsh")
    assert said(changed).count("the record has changed since") == 2
    click(changed, "Ask again")
    words = said(changed)
    assert words.count('class="fb-turn"') == 3 and words.count("has changed since") == 2
    click(changed, "New conversation")
    assert "fb-turn" not in said(open_page("ask", patient="marsh"))


def test_what_is_shown_again_is_told_to_the_audit_trail(open_page: OPEN, world: System) -> None:
    def views() -> int:
        found = world.repository.search("AuditEvent", [("patient", "Patient/marsh"), ("_count", "1000")])
        return sum("ask" in str(event.resource.get("entity")) for event in found.matches)

    put_question(open_page("ask", patient="marsh"), "what allergies are recorded?")
    before = views()
    assert "Codeine" in said(open_page("ask", patient="marsh"))
    assert views() == before + 1


def test_each_patient_has_a_conversation_of_their_own(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh", q="what allergies are recorded?")
    assert "fb-turn" in said(test)
    test.query_params["patient"] = "okonkwo"
    words = said(test.run())
    assert "OKONKWO" in words and "fb-turn" not in words and "Codeine" not in words


def test_a_link_asks_once(open_page: OPEN) -> None:
    test = open_page("ask", patient="marsh", q="what allergies are recorded?")
    assert "q" not in test.query_params
    test.query_params["q"] = "what allergies are recorded?"
    assert said(test.run()).count('class="fb-turn"') == 1


def test_not_found_says_what_was_looked_for(open_page: OPEN) -> None:
    words = said(open_page("ask", patient="marsh", q="what is the ferritin?"))
    assert "Not in the record" in words and "no result for ferritin" in words


def test_a_verdict_is_kept(open_page: OPEN, world: System) -> None:
    test = open_page("ask", patient="marsh", q="what allergies are recorded?", role="read-only")
    click(test, "Not helpful")
    assert "Not helpful ✓" in {b.label for b in test.button}
    test.radio[0].set_value("Incomplete")
    test.text_area[0].set_value("no dates")
    click(test, "Send")
    row = world.database.connection().execute(
        "SELECT patient, verdict, reason, comment FROM feedback WHERE bot='answers' ORDER BY at DESC LIMIT 1"
    ).fetchone()  # fmt: skip
    assert tuple(row) == ("marsh", "not helpful", "Incomplete", "no dates")


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"patient": "nobody"}, "There is no such patient"),
        ({"patient": "../x"}, "There is no such patient"),
        ({"patient": "marsh", "q": "  "}, "Type a question."),
        ({"patient": "marsh", "q": "x" * 2001}, "2,001 characters; at most 2,000"),
        ({"patient": "marsh", "q": "<script>alert(1)</script> %s' OR 1=1 --"}, "&lt;script&gt;"),
        ({"patient": "marsh", "open": "Observation/potassium"}, "not part of this patient's record"),
        ({"patient": "marsh", "open": "Observation/none#3"}, "is not in the record (any more)"),
        ({"patient": "marsh", "open": "nonsense"}, "The address names no source"),
        (
            {"patient": "marsh", "open": "DocumentReference/note/_history/old#1-5"},
            "was changed after the answer was made",
        ),
        ({"q": "any chest pain?"}, "choose who it is first"),
    ],
)
def test_an_address_that_makes_no_sense_is_a_sentence(
    open_page: OPEN, params: dict[str, str], sentence: str
) -> None:
    words = said(open_page("ask", **params))
    assert sentence in words and "<script>" not in words


def test_the_record_is_escaped(open_page: OPEN) -> None:
    words = said(open_page("ask", patient="brandt", q="summary"))
    assert "<b>Walter" not in words
