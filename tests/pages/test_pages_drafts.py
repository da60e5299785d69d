"""Drafts: the list, a new one, the editor with its warnings, signing, versions, two people's texts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages import _drafts_browser, _drafts_editor
from services.bots.documentation_assistant.handler import handle
from services.commands.schemas import CreateEncounterNoteDraft
from services.commands.writing.documents import note as note_of_command
from services.commands.writing.model import Making
from services.console import drafts_editing, drafts_merging
from services.runtime.system import System
from tests.pages.conftest import OPEN, said

VISIT = {
    "resourceType": "Encounter", "id": "visit", "status": "finished", "class": {"code": "AMB"}, "type": [{"text": "Office visit"}],
    "subject": {"reference": "Patient/marsh"}, "period": {"start": "2026-07-05T17:00:00Z", "end": "2026-07-05T18:00:00Z"},
    "reasonCode": [{"text": "Knee <b>pain</b>"}],
}  # fmt: skip


@pytest.fixture
def person(world: System):
    """The clinician as the pages' accounts have them."""
    world.repository.update(VISIT, create_missing=True)
    return world.accounts.check_session(
        world.accounts.open_session(
            world.accounts.check_password("clinician@example.com", "correct horse battery"), 600
        )
    )


@pytest.fixture
def note(world: System, person) -> Iterator[str]:
    asked = {"patientId": "marsh", "encounterId": "visit", "documentationType": "progress", "saveDraft": True,
             "clinicianInput": {"assessment": "Left knee osteoarthritis.", "plan": "Physiotherapy."}}  # fmt: skip
    made = str(handle(world.context(person), asked).draft_id)
    yield made
    world.repository.delete("DocumentReference", made)


def press(test: AppTest, label: str) -> AppTest:
    return next(b for b in test.button if b.label == label).click().run()


def test_the_list_and_its_filters(open_page: OPEN, note: str) -> None:
    shown = said(open_page("drafts"))
    assert "Progress note" in shown and "MARSH, Eleanor" in shown and "Not signed" in shown
    assert "Knee &lt;b&gt;pain" in shown and "<b>pain" not in shown
    assert "No note is like this" in said(open_page("drafts", q="appendix"))
    assert "MARSH" in said(
        open_page("drafts", q="physiotherapy marsh", mine="1", type="progress", state="odd")
    )
    assert "No note is like this" in said(open_page("drafts", state="signed"))
    one = open_page("drafts", patient="marsh")
    assert "Drafts of this patient" in said(one) and [b.label for b in one.button if b.label == "New draft"]
    reader = open_page("drafts", "read-only", patient="marsh")
    assert "MARSH" in said(reader) and not [b for b in reader.button if b.label == "New draft"]
    assert "There is no such patient" in said(open_page("drafts", patient="nobody"))


def test_a_new_draft_is_made_and_opened(open_page: OPEN, world: System, person) -> None:
    test = open_page("drafts", patient="marsh", new="1")
    assert list(test.selectbox(key="n-encounter").options) == [
        "05-Jul-2026 · Office visit · Knee <b>pain</b>"
    ]
    test.text_area(key="n-plan").set_value("Rest.")
    press(test, "Make the draft")
    for _ in range(50):
        if "draft" in test.query_params:
            break
        test.session_state["making"].wait(1)
        test.run()
    assert test.query_params["draft"] and "To look at" in said(test)
    made = "".join(test.query_params["draft"])
    assert world.repository.read("DocumentReference", made).resource["docStatus"] == "preliminary"
    world.repository.delete("DocumentReference", made)
    assert "may not do this" in said(open_page("drafts", "read-only", patient="marsh", new="1"))
    assert "No encounter is recorded" in said(open_page("drafts", patient="okonkwo", new="1"))


def test_warnings_are_overridden_and_the_note_is_signed(
    open_page: OPEN, world: System, person, note: str
) -> None:
    shown = drafts_editing.opened(person, note)
    drafts_editing.keep(person, note, shown.base, 0, "x", {"plan": "Physiotherapy. Warfarin 7.5 mg."})
    test = open_page("drafts", draft=note)
    assert "7.5 mg" in said(test) and "Before signing" in said(test)
    press(test, "Sign …")
    assert "can't be signed yet" in said(test)
    assert next(b for b in test.button if b.label.startswith("Sign as")).disabled
    press(test, "Not yet")
    test.session_state["override"] = True  # opened
    test.run()
    for notice in drafts_editing.opened(person, note).checked.open:
        for which in test.radio:
            which.set_value(notice.text).run()
        key = _drafts_editor.key_of(notice.text)
        test.selectbox(key=f"why-{key}").set_value("known").run()
        next(b for b in test.button if b.key == f"overridden-{key}").click().run()
    assert "Overridden" in {e.label.partition(" (")[0] for e in test.expander}
    press(test, "Sign …")
    press(test, "Sign as The clinician")
    assert "Signed by The clinician" in said(test) and "Signed" in said(test)
    assert world.repository.read("DocumentReference", note).resource["docStatus"] == "final"
    again = open_page("drafts", draft=note)
    assert not [b for b in again.button if b.label in ("Sign …", "Save version")]
    press(again, "Addendum")
    assert "Addendum to progress note" in said(again) and "".join(again.query_params["draft"]) != note
    reader = open_page("drafts", "read-only", draft=note)
    assert not [b for b in reader.button if b.label == "Addendum"]


def test_versions_are_compared(open_page: OPEN, person, note: str) -> None:
    assert "one version only" in said(open_page("drafts", draft=note, view="versions"))
    shown = drafts_editing.opened(person, note)
    drafts_editing.keep(person, note, shown.base, 0, "x", {"plan": "Physiotherapy and rest."})
    drafts_merging.save(person, note)
    compared = said(open_page("drafts", draft=note, view="versions"))
    assert "<ins>" in compared and "rest" in compared and "The same in both" in compared


def test_two_peoples_texts_are_brought_together(open_page: OPEN, world: System, person, note: str) -> None:
    other = world.accounts.check_session(
        world.accounts.open_session(
            world.accounts.check_password("approver@example.com", "correct horse battery"), 600
        )
    )
    for who, text in ((person, "Mine."), (other, "Theirs.")):
        shown = drafts_editing.opened(who, note)
        drafts_editing.keep(who, note, shown.base, 0, "x", {"plan": text})
    drafts_merging.save(other, note)
    test = open_page("drafts", draft=note)
    assert "The approver saved a newer version" in said(test)
    press(test, "Save version")
    shown = said(test)
    assert "Bring both together" in shown and "Mine." in shown and "Theirs." in shown
    button = next(b for b in test.button if b.label == "Save both together")
    assert button.disabled
    test.radio[0].set_value("edit").run()
    test.text_area[0].set_value("Mine. Theirs.").run()
    press(test, "Save both together")
    assert "Saved with both people" in said(test)
    held = drafts_editing.opened(person, note).body.section("plan")
    assert held and [x.text for x in held.lines] == ["Mine. Theirs."]


def test_what_the_browser_sends_is_read_with_distrust() -> None:
    good = {"draft": "d", "base": "1", "rev": 0, "seq": 5, "tab": "t", "texts": {"plan": "x", "odd": 3}}
    assert _drafts_browser.read(json.dumps(good)) == {**good, "texts": {"plan": "x"}}
    for bad in (
        None,
        "",
        "[]",
        "{",
        json.dumps({**good, "texts": []}),
        json.dumps({**good, "rev": "1"}),
        "x" * 500_000,
    ):
        assert _drafts_browser.read(bad) is None


def test_a_note_that_is_not_there(open_page: OPEN) -> None:
    assert "no such draft" in said(open_page("drafts", draft="nothing"))
    assert "was not drafted here" in said(open_page("drafts", draft="note"))
    assert "no such draft" in said(open_page("drafts", draft="nothing", view="merge"))


def approver(world: System):
    return world.accounts.check_session(
        world.accounts.open_session(
            world.accounts.check_password("approver@example.com", "correct horse battery"), 600
        )
    )


def test_changes_of_other_sections_come_in_by_themselves(
    open_page: OPEN, world: System, person, note: str
) -> None:
    other = approver(world)
    for who, key in ((person, "plan"), (other, "exam")):
        shown = drafts_editing.opened(who, note)
        drafts_editing.keep(who, note, shown.base, 0, "x", {key: f"Words of {who.name}."})
    drafts_merging.save(other, note)
    shown = said(open_page("drafts", draft=note))
    assert "The approver saved a newer version" in shown and "What it changed is in your text" in shown
    assert "Bring both together" not in shown
    body = drafts_editing.opened(person, note).body
    told = {k: [x.text for x in s.lines] for k in ("plan", "exam") if (s := body.section(k))}
    assert told == {"plan": ["Words of The clinician."], "exam": ["Words of The approver."]}


def test_both_changes_of_one_section_are_offered_together(
    open_page: OPEN, world: System, person, note: str
) -> None:
    other = approver(world)
    before = drafts_editing.section_words(drafts_editing.opened(person, note).body.section("plan"))
    for who, more in ((person, "Mine."), (other, "Theirs.")):
        shown = drafts_editing.opened(who, note)
        drafts_editing.keep(who, note, shown.base, 0, "x", {"plan": f"{before}\n{more}"})
    drafts_merging.save(other, note)
    test = open_page("drafts", draft=note, view="merge")
    assert test.radio[0].options == ["Mine", "Theirs", "Both", "Edit by hand"]
    test.radio[0].set_value("both").run()
    assert "Both, against what it was" in said(test)
    press(test, "Save both together")
    held = drafts_editing.opened(person, note).body.section("plan")
    assert held and [x.text for x in held.lines][-2:] == ["Mine.", "Theirs."]


def test_a_commands_draft_names_its_sources(open_page: OPEN, world: System, person) -> None:
    made = note_of_command(
        CreateEncounterNoteDraft.model_validate({
            "command": "CreateEncounterNoteDraft", "patientId": "marsh", "confidence": 0.9, "requiresApproval": True,
            "aiModel": "m", "encounterId": "visit", "noteType": "progress",
            "content": "SUBJECTIVE:\nDenies palpitations. Sodium was 99 mmol/L.",
        }),
        Making(world.context(person).charts.open(world.repository, "marsh", dt.date(2026, 7, 6)), person.reference, None, "2026-07-06T10:00:00Z"),
    )[0].resource  # fmt: skip
    world.repository.update(made, create_missing=True)
    try:
        test = open_page("drafts", draft=made["id"])
        assert "its sentences were looked up in the record" in said(test)
        assert "99 mmol/L" in said(test)  # a warning beside the text
        (first, second) = drafts_editing.opened(person, made["id"]).body.sections[0].lines
        assert [r for r, _ in first.sources] == ["DocumentReference/note"] and not second.sources
    finally:
        world.repository.delete("DocumentReference", made["id"])
