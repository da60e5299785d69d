"""The list of drafts and notes; drafts that a command wrote; making one; from a sentence to its source."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.console import drafts, drafts_editing, drafts_merging, drafts_sources
from services.console.drafts import Filters
from services.console.drafts_making import Making, Wanted
from services.drafts.note import words
from services.drafts.store import DraftStore
from services.errors import InvalidInput, NotFound
from services.runtime.system import System
from tests.drafts.conftest import CASEY, DANA, READER
from tests.drafts.test_keeping import sign, type_in

DRAFTED = Callable[..., str]
LETTER = "REASON FOR VISIT:\nTiredness.\n\nPLAN:\n- Repeat potassium tomorrow.\n- Potassium was 9.9 mmol/L."


def command(world: System, text: str = LETTER) -> str:
    """A draft as the Command Processor writes one."""
    from services.commands.writing.documents import draft_document
    from services.commands.writing.model import AI_ASSERTED

    document = draft_document(("11506-3", "Progress note"), text, {"reference": "Patient/p1"}, {"reference": "Encounter/v1"}, None,
                              "2026-05-02T10:00:00Z")  # fmt: skip
    made = {"resourceType": "DocumentReference", "meta": {"security": [AI_ASSERTED]}, **document}
    return world.repository.create(made, author="System/commands").id


def ids(filters: Filters, who=CASEY) -> list[str]:
    return [line.id for line in drafts.listed(who, filters)[0]]


def test_filters_and_words(drafted: DRAFTED, world: System) -> None:
    mine, theirs, written = (
        drafted(),
        drafted(DANA, documentationType="discharge", encounterId="stay", clinicianInput={}),
        command(world),
    )
    assert ids(Filters()) == [written, theirs, mine]
    assert ids(Filters(mine=True)) == [mine] and ids(Filters(mine=True), DANA) == [theirs]
    assert ids(Filters(type="discharge")) == [theirs] and ids(Filters(patient="p2")) == []
    assert ids(Filters("DOE potassium tomorrow")) == [written, mine] and ids(Filters("doe discharge")) == [
        theirs
    ]
    sign(mine)
    assert ids(Filters()) == [written, theirs] and ids(Filters(state="signed")) == [mine]
    assert ids(Filters(state=""), READER) == [mine, written, theirs]
    type_in(theirs, "x", "follow_up")
    line = drafts.listed(CASEY, Filters(type="discharge"))[0][0]
    assert line.unsaved and line.encounter.startswith("01-Dec-2025") and line.age == "just now"
    assert ids(Filters(mine=True)) == [theirs]  # somebody with text of their own in it


def test_the_list_is_filled_from_what_was_there_before(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    with world.database.write() as connection:
        for table in ("draft_listing", "draft_work", "draft_aside"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM migration WHERE name='drafts'")
    assert DraftStore(world.database).listed("draft", "", "p1") == [note]


def test_a_commands_draft_opens_is_edited_and_signed(world: System) -> None:
    note = command(world)
    shown = drafts_editing.opened(CASEY, note)
    assert not shown.note.sourced
    assert [(s.title, words(s)) for s in shown.body.sections] == [
        ("REASON FOR VISIT", "Tiredness."),
        ("PLAN", "Repeat potassium tomorrow.\nPotassium was 9.9 mmol/L."),
    ]
    assert any("9.9" in n.text for n in shown.checked.severe)
    with pytest.raises(InvalidInput):
        drafts_editing.make_again(CASEY, note, shown.body.sections[1].key)
    type_in(note, "Repeat potassium tomorrow.", shown.body.sections[1].key)
    drafts_merging.save(CASEY, note)
    sign(note)
    after = drafts_editing.opened(CASEY, note)
    assert after.note.state == "signed" and "9.9" not in after.body.text()


def test_text_that_was_changed_by_another_way_is_read_anew(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    held = world.repository.read("DocumentReference", note).resource
    held["content"][0]["attachment"] = {"contentType": "text/plain", "data": "UExBTjoKUmVzdC4="}
    world.repository_for(CASEY).update(held)
    shown = drafts_editing.opened(CASEY, note)
    assert [words(s) for s in shown.body.sections] == ["Rest."] and not shown.note.sourced


def test_only_what_was_drafted_here_opens(world: System) -> None:
    for note in ("now", "nothing"):
        with pytest.raises(NotFound):
            drafts_editing.opened(CASEY, note)


def test_making_shows_the_sections_as_they_come(world: System) -> None:
    visits = drafts.encounters(CASEY, "p1")
    assert visits[0].label.startswith("02-May-2026 · Office visit") and "Tiredness" in visits[0].label
    making = Making(CASEY, Wanted("p1", "v1", "referral", specialty="Nephrology", urgency="urgent", words={"plan": "Rest."},
                                  flags=frozenset(["Vitals"]), transcript="Patient: I feel dizzy."))  # fmt: skip
    assert making.wait(30) and not making.problem
    shown = drafts_editing.opened(CASEY, making.draft)
    titles = [s.title for s in making.sections]
    assert (
        titles == [s.title for s in shown.body.sections]
        and "Medications" not in titles
        and "Vital signs" in titles
    )
    assert "Referred to: Nephrology" in words(shown.body.section("referral"))
    told = world.repository.search("AuditEvent", [("subtype", "note_drafted")]).matches
    assert len(told) == 1
    for wanted in (Wanted("p1", "", "progress"), Wanted("p1", "v1", "poem")):
        with pytest.raises(InvalidInput):
            Making(CASEY, wanted)
    other = Making(CASEY, Wanted("p1", "other", "progress"))
    assert other.wait(30) and "encounterId" in other.problem and not other.draft


def test_of_a_signed_note_only_what_people_wrote_is_quoted(drafted: DRAFTED) -> None:
    first = drafted(documentationType="consultation")
    type_in(first, "Feels better since Tuesday.", "history")
    sign(first)
    waiting = drafted(documentationType="consultation")
    type_in(waiting, "Nobody signed this.", "history")
    drafts_merging.save(CASEY, waiting)
    second = drafts_editing.opened(CASEY, drafted(asOf="2100-01-01"))
    history = words(second.body.section("interval"))
    assert history.endswith("“Feels better since Tuesday.”") and "Nobody" not in history
    assert history.count("Consult note") == 1


def test_from_a_sentence_to_its_place_in_the_source(drafted: DRAFTED) -> None:
    shown = drafts_editing.opened(CASEY, drafted(transcript="Patient: I feel dizzy when I stand up."))
    section = shown.body.section("results")
    assert section
    number, line = next((n, x) for n, x in enumerate(section.lines) if x.text.startswith("Potassium"))
    opened, same = drafts_sources.open_source(
        CASEY, "p1", shown.body, drafts_sources.address(line.sources[0]), f"results.{number}"
    )
    assert same and opened.passage and opened.marks
    assert {"Potassium", "6.0", "3.5"} <= {opened.text[a:b] for a, b, _ in opened.marks}
    heard = next(
        x
        for s in shown.body.sections
        for x in s.lines
        if x.sources and x.sources[0][0].startswith("transcript/")
    )
    where = next(f"{s.key}.{s.lines.index(heard)}" for s in shown.body.sections if heard in s.lines)
    turn, _ = drafts_sources.open_source(CASEY, "p1", shown.body, "transcript/1", where)
    assert turn.passage and turn.text[slice(*turn.passage)] == "I feel dizzy when I stand up."
    for wrong in ("transcript/9", "Observation/none", "Patient/p2", "x"):
        with pytest.raises(NotFound):
            drafts_sources.open_source(CASEY, "p1", shown.body, wrong, "results.0")
