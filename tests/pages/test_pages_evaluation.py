"""The evaluation page: figures without patients, the lists behind them, an output opened and computed again."""

import pytest

from services.console import feedback, replaying
from services.console.asking import ask
from services.console.replies import Reply
from services.runtime.system import System
from tests.console.world import ADMIN
from tests.pages.conftest import OPEN, said

SECRETS = ("Marsh", "MARSH", "marsh", "Okonkwo", "OKONKWO", "Codeine", "ferritin")


@pytest.fixture(scope="module")
def shown(world: System) -> tuple[Reply, Reply]:
    """An answer with a verdict, and one that was not found."""
    found, missed = (
        next(e.reply for e in ask(ADMIN, "marsh", q) if e.reply) for q in ("what allergies are recorded?", "what is MARSH's ferritin?")
    )
    feedback.give(ADMIN, feedback.item_of(found, "marsh"), "not helpful", "Wrong", "Mrs Marsh has none")
    return found, missed


@pytest.mark.parametrize("role", ["administrator", "approver"])
def test_figures_with_their_counts(open_page: OPEN, shown: tuple[Reply, Reply], role: str) -> None:
    words = said(open_page("evaluation", role))
    for expected in ("Proposals accepted", "Not found", "By bot", "list=missed", "list=unhelpful", "Wrong: "):
        assert expected in words
    assert not any(secret in words for secret in SECRETS)


@pytest.mark.parametrize("which", ["outputs", "missed", "troubled", "feedback", "unhelpful"])
def test_the_lists_name_no_patient(open_page: OPEN, shown: tuple[Reply, Reply], which: str) -> None:
    words = said(open_page("evaluation", "approver", list=which, bot="answers"))
    assert "Evaluation" in words and not any(secret in words for secret in SECRETS)
    expected = {"outputs": shown[0].id, "missed": shown[1].id, "unhelpful": shown[0].id, "feedback": shown[0].id, "troubled": "There is none"}
    assert expected[which] in words


def test_an_output_is_opened_and_computed_again(open_page: OPEN, shown: tuple[Reply, Reply]) -> None:
    test = open_page("evaluation", "approver", output=shown[0].id)
    words = said(test)
    assert "what allergies are recorded?" in words and "AllergyIntolerance/codeine" in words and "Mrs Marsh has none" in words
    next(b for b in test.button if b.label.startswith("Run again")).click().run()
    assert "Equal: every line is the same" in said(test)
    assert replaying.again(ADMIN, shown[0].id).equal


@pytest.mark.parametrize(
    ("role", "params", "sentence"),
    [
        ("clinician", {}, "Your role (clinician) may not use this page."),
        ("read-only", {"output": "x"}, "may not use this page"),
        ("approver", {"output": "<b>no</b>"}, "There is no such output"),
        ("approver", {"days": "-1", "bot": "nobody", "list": "nothing"}, "Proposals accepted"),
    ],
)
def test_addresses_that_make_no_sense(open_page: OPEN, role: str, params: dict[str, str], sentence: str) -> None:
    words = said(open_page("evaluation", role, **params))
    assert sentence in words and "<b>no</b>" not in words


def test_thumbs_on_findings_and_why(open_page: OPEN, world: System) -> None:
    test = open_page("findings", "clinician", patient="okonkwo")
    said(test)
    next(b for b in test.button if b.label == "Not helpful").click().run()
    assert any(b.label == "Not helpful ✓" for b in test.button)
    test.radio[0].set_value("Not relevant")
    next(b for b in test.button if b.label == "Send").click().run()
    row = world.database.connection().execute("SELECT patient, verdict, reason, item FROM feedback WHERE bot='findings'").fetchone()
    assert row[:3] == ("okonkwo", "not helpful", "Not relevant") and row[3]
