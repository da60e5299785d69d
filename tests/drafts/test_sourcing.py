"""Drafts that a command wrote: their sentences get sources from the record, and the warnings that the assistant's get."""

from __future__ import annotations

import datetime as dt

from services.accounts.roles import Principal
from services.commands.schemas import CreateEncounterNoteDraft
from services.commands.writing.documents import note as note_of_command
from services.commands.writing.model import Making
from services.console import drafts_acting, drafts_editing, drafts_merging, drafts_sources
from services.console.drafts_editing import keep, opened
from services.console.drafts_merging import save
from services.drafts.note import of_stored, words
from services.runtime.system import System
from tests.drafts.conftest import CASEY, DANA

CONTENT = (
    "SUBJECTIVE:\nThe patient denies chest pain. Feels on top of the world.\n\n"
    "OBJECTIVE:\nPotassium was 6.0 mmol/L on 2 May 2026. Potassium was 4.9 mmol/L.\n\n"
    "PLAN:\nRepeat the potassium tomorrow."
)


def commanded(world: System, content: str = CONTENT, who: Principal = CASEY) -> str:
    """The id of the document that the command writes."""
    command = CreateEncounterNoteDraft.model_validate({
        "command": "CreateEncounterNoteDraft", "patientId": "p1", "confidence": 0.9, "requiresApproval": True, "aiModel": "m",
        "encounterId": "v1", "noteType": "progress", "content": content,
    })  # fmt: skip
    context = world.context(who)
    chart = context.charts.open(context.repository, "p1", dt.date(2026, 6, 30))
    (change,) = note_of_command(command, Making(chart, who.reference, None, "2026-06-30T10:00:00Z"))
    world.repository.update(change.resource, create_missing=True, author=who.reference)
    return str(change.resource["id"])


def sources(note_id: str, who: Principal = CASEY) -> dict[str, list[str]]:
    """References by sentence."""
    return {x.text: [r for r, _ in x.sources] for s in opened(who, note_id).body.sections for x in s.lines}


def test_each_sentence_names_what_bears_it_out(world: System) -> None:
    found = sources(commanded(world))
    assert found["Potassium was 6.0 mmol/L on 2 May 2026."] == ["Observation/k1"]
    assert found["The patient denies chest pain."] == ["DocumentReference/now"]
    assert found["Feels on top of the world."] == []
    assert found["Potassium was 4.9 mmol/L."] == []
    assert found["Repeat the potassium tomorrow."] == []


def test_what_the_record_does_not_bear_out_is_a_warning(world: System) -> None:
    checked = opened(CASEY, commanded(world)).checked
    told = [n.text for n in checked.severe if n.kind == "unsupported"]
    assert any("4.9" in text for text in told) and not any("6.0" in text for text in told)


def test_the_visit_gives_the_warnings_of_the_assistants_own_drafts(world: System) -> None:
    note = commanded(world, "ASSESSMENT:\nGout, as before.\n\nPLAN:\nAmoxicillin 500 mg three times daily.")
    kinds = {n.kind for n in opened(CASEY, note).checked.open}
    assert {"allergy", "abnormal"} <= kinds and "missing" not in kinds


def test_a_note_is_no_source_of_itself_nor_another_draft(world: System) -> None:
    first = commanded(world, "PLAN:\nStop the lisinopril because of cough.")
    second = commanded(world, "PLAN:\nStop the lisinopril because of cough.")
    assert first != second and sources(first) == sources(second) == {
        "Stop the lisinopril because of cough.": []
    }


def test_the_sources_are_kept_with_a_version_and_open_on_the_page(world: System) -> None:
    note = commanded(world)
    shown = opened(CASEY, note)
    (ref,) = next(x.sources for s in shown.body.sections for x in s.lines if "6.0" in x.text)
    source, same = drafts_sources.open_source(CASEY, "p1", shown.body, drafts_sources.address(ref), "s2.0")
    assert source.reference.startswith("Observation/k1") and same
    keep(CASEY, note, shown.base, 0, "x", {"s3": "Rest."})
    assert words(opened(CASEY, note).body.section("s3")) == "Rest."
    save(CASEY, note)
    held = of_stored(world.repository.read("DocumentReference", note))
    assert held.sourced
    kept = {x.text: [r for r, _ in x.sources] for s in held.body.sections for x in s.lines}
    assert kept["Potassium was 6.0 mmol/L on 2 May 2026."] == ["Observation/k1"] and kept["Rest."] == []


def test_it_is_signed_as_it_was_shown(world: System) -> None:
    note = commanded(world, "OBJECTIVE:\nPotassium was 6.0 mmol/L on 2 May 2026.")
    for notice in opened(CASEY, note).checked.severe:
        drafts_editing.override(CASEY, note, notice.text, "known", "")
    drafts_acting.sign_note(CASEY, note, opened(CASEY, note).shown)
    held = of_stored(world.repository.read("DocumentReference", note))
    assert held.state == "signed" and held.body.sections[0].lines[0].sources[0][0] == "Observation/k1"


def test_two_people_change_a_commands_draft_by_sections(world: System) -> None:
    note = commanded(world)
    for who, key in ((CASEY, "s1"), (DANA, "s3")):
        shown = opened(who, note)
        keep(who, note, shown.base, 0, "x", {key: f"{who.name}'s words."})
    save(CASEY, note)
    assert drafts_merging.follow(DANA, note)
    body = opened(DANA, note).body
    assert (
        words(body.section("s1")) == "Casey Clinician's words."
        and words(body.section("s3")) == "Dana Doctor's words."
    )
