"""What is typed stays: through a restart, beside another window, after a signature; sections made again; overrides."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services.console import drafts_acting, drafts_editing, drafts_merging
from services.console.drafts_editing import keep, opened
from services.console.drafts_merging import save
from services.console.drafts_versions import versions
from services.drafts.note import words
from services.errors import Forbidden, InvalidInput, NotFound, PreconditionFailed
from services.runtime.system import System, system
from services.settings import settings
from tests.drafts.conftest import APPROVER, CASEY, DANA, READER

DRAFTED = Callable[..., str]


def text(note_id: str, key: str = "plan", who=CASEY) -> str:
    return words(opened(who, note_id).body.section(key))


def type_in(note_id: str, said: str, key: str = "plan", who=CASEY, tab: str = "one") -> None:
    shown = opened(who, note_id)
    keep(who, note_id, shown.base, shown.rev, tab, {key: said})


def test_typed_text_is_there_after_a_restart(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    type_in(note, "Rest.\nDrink.")
    world.stop()
    system.cache_clear()
    settings.cache_clear()
    assert text(note) == "Rest.\nDrink."
    shown = opened(CASEY, note)
    assert shown.saved and "Rest." not in text(note, who=DANA)  # no version yet
    assert opened(DANA, note).others and not shown.others
    assert save(CASEY, note).startswith("Saved as a version")
    assert text(note, who=DANA) == "Rest.\nDrink." and not opened(CASEY, note).saved
    told = [v.told for v in versions(CASEY, note)]
    assert [t.split(",")[0] for t in told] == ["Version 2", "Version 1"]
    assert save(CASEY, note) == "There is nothing new to save."


def test_edited_sentences_are_ones_own_and_checked_again(drafted: DRAFTED) -> None:
    note = drafted()
    before = opened(CASEY, note).body.section("results")
    assert before and all(line.sources for line in before.lines)
    type_in(note, words(before).replace("6 mmol/L (", "9.9 mmol/L ("), "results")
    section = opened(CASEY, note).body.section("results")
    assert section
    changed = [line for line in section.lines if line.own]
    assert len(changed) == 1 and changed[0].by == CASEY.reference and not changed[0].sources
    assert any("9.9" in doubt for doubt in changed[0].unsupported)
    assert any(n.kind == "unsupported" and "9.9" in n.text for n in opened(CASEY, note).checked.severe)
    type_in(note, words(before), "results")
    assert opened(CASEY, note).body.section("results") == before


def test_another_window_puts_aside_what_gives_way(drafted: DRAFTED) -> None:
    note = drafted()
    shown = opened(CASEY, note)
    keep(CASEY, note, shown.base, shown.rev, "one", {"plan": "From the first window."})
    keep(CASEY, note, shown.base, shown.rev, "two", {"plan": "From the second window."})
    assert text(note) == "From the second window."
    assert [a.text for a in opened(CASEY, note).asides] == ["From the first window."]
    keep(
        CASEY, note, shown.base, shown.rev, "two", {"plan": "From the second window, on."}
    )  # its own answer is on the way
    assert len(opened(CASEY, note).asides) == 1


def test_text_that_comes_after_a_signature_is_put_aside(drafted: DRAFTED) -> None:
    note = drafted()
    shown = opened(DANA, note)
    sign(note)
    keep(DANA, note, shown.base, shown.rev, "one", {"plan": "Too late."})
    after = opened(DANA, note)
    assert [a.text for a in drafts_editing.left_out(after)] == ["Too late."] and not after.editable


def sign(note: str, who=CASEY) -> None:
    for notice in opened(who, note).checked.severe:
        drafts_editing.override(who, note, notice.text, "known", "")
    drafts_acting.sign_note(who, note, opened(who, note).shown)


def test_a_section_is_made_again_and_the_others_stay(drafted: DRAFTED) -> None:
    note = drafted()
    type_in(note, "My plan.")
    type_in(note, "My vital signs.", "vitals")
    drafts_editing.make_again(CASEY, note, "plan")
    assert "Repeat potassium tomorrow." in text(note) and "My plan." not in text(note)
    assert text(note, "vitals") == "My vital signs."
    shown = opened(CASEY, note)
    assert shown.asides[0].text == "My plan."
    drafts_editing.put_back(CASEY, note, shown.asides[0].id)
    assert text(note) == "My plan." and opened(CASEY, note).epoch != shown.epoch
    with pytest.raises(NotFound):
        drafts_editing.put_back(CASEY, note, 10_000)


def test_a_warning_is_overridden_with_a_reason_and_opened_again(drafted: DRAFTED) -> None:
    note = drafted(clinicianInput={"assessment": "Potassium 9.9 mmol/L.", "plan": "Rest."})
    warning = opened(CASEY, note).checked.severe[0]
    with pytest.raises(InvalidInput):
        drafts_editing.override(CASEY, note, warning.text, "other", " ")
    drafts_editing.override(CASEY, note, warning.text, "other", "Told by phone")
    shown = opened(CASEY, note)
    assert warning not in shown.checked.open and warning in shown.checked.settled
    assert [(s.reason, s.name) for s in shown.body.settled] == [("Other: Told by phone", "Casey Clinician")]
    drafts_editing.reopen(CASEY, note, warning.text)
    assert warning in opened(CASEY, note).checked.open


def test_who_may_not_write_changes_nothing(drafted: DRAFTED) -> None:
    note = drafted()
    for work in (
        lambda: type_in(note, "x", who=READER),
        lambda: save(READER, note),
        lambda: drafts_acting.discard(READER, note),
    ):
        with pytest.raises(Forbidden):
            work()
    assert opened(READER, note).editable is False
    assert opened(APPROVER, note).editable and not opened(APPROVER, note).signing


def test_two_people_at_once_lose_nothing(drafted: DRAFTED) -> None:
    note = drafted()
    first, second = opened(CASEY, note), opened(DANA, note)
    keep(CASEY, note, first.base, 0, "a", {"plan": "Casey's plan.", "exam": "Casey's exam."})
    keep(DANA, note, second.base, 0, "b", {"plan": "Dana's plan.", "vitals": "Dana's vital signs."})
    save(CASEY, note)
    shown = opened(DANA, note)
    assert (
        shown.newer.startswith("Not Known saved a newer version") and text(note, who=DANA) == "Dana's plan."
    )
    with pytest.raises(PreconditionFailed, match="decide which hold"):
        save(DANA, note)
    with pytest.raises(PreconditionFailed):
        drafts_acting.sign_note(DANA, note, shown.shown)
    merged = drafts_merging.merged_with(DANA, note)
    assert [(c.key, c.mine, c.theirs) for c in merged.conflicts] == [
        ("plan", "Dana's plan.", "Casey's plan.")
    ]
    with pytest.raises(InvalidInput):
        drafts_merging.resolve(DANA, note, shown.note.version, {})
    drafts_merging.resolve(DANA, note, shown.note.version, {"plan": "Both plans."})
    for key, said in (("plan", "Both plans."), ("exam", "Casey's exam."), ("vitals", "Dana's vital signs.")):
        assert text(note, key, CASEY) == said
    assert {a.text for a in opened(DANA, note).asides} == {"Dana's plan.", "Casey's plan."}
    with pytest.raises(PreconditionFailed):
        drafts_merging.resolve(DANA, note, shown.note.version, {"plan": "Again."})


def test_changes_of_different_sections_go_together_by_themselves(drafted: DRAFTED) -> None:
    note = drafted()
    for who, key in ((CASEY, "plan"), (DANA, "exam")):
        shown = opened(who, note)
        keep(who, note, shown.base, 0, "x", {key: f"{who.name}'s words."})
    save(CASEY, note)
    assert "Plan is in it" in save(DANA, note)
    assert text(note, "plan") == "Casey Clinician's words." and text(note, "exam") == "Dana Doctor's words."


def test_a_newer_version_is_taken_by_itself_where_other_sections_changed(drafted: DRAFTED) -> None:
    note = drafted()
    for who, key in ((CASEY, "plan"), (DANA, "exam")):
        type_in(note, f"{who.name}'s words.", key, who)
    save(CASEY, note)
    assert opened(DANA, note).newer
    told = drafts_merging.follow(DANA, note)
    assert "Plan" in told and "saved a newer version" in told
    shown = opened(DANA, note)
    assert not shown.newer and shown.base == shown.note.version and shown.saved
    assert (
        text(note, "plan", DANA) == "Casey Clinician's words."
        and text(note, "exam", DANA) == "Dana Doctor's words."
    )
    assert drafts_merging.follow(DANA, note) == "" == drafts_merging.follow(READER, note)
    save(DANA, note)
    assert (
        text(note, "plan", CASEY) == "Casey Clinician's words."
        and text(note, "exam", CASEY) == "Dana Doctor's words."
    )


def test_a_section_that_both_changed_is_not_taken_by_itself(drafted: DRAFTED) -> None:
    note = drafted()
    for who in (CASEY, DANA):
        type_in(note, f"{who.name}'s words.", "plan", who)
    save(CASEY, note)
    assert drafts_merging.follow(DANA, note) == "" and text(note, "plan", DANA) == "Dana Doctor's words."


def test_what_was_typed_on_the_older_version_meanwhile_is_asked_about(drafted: DRAFTED) -> None:
    note = drafted()
    before = opened(DANA, note)
    keep(DANA, note, before.base, 0, "one", {"exam": "Dana's exam."})
    type_in(note, "Casey's plan.")
    save(CASEY, note)
    drafts_merging.follow(DANA, note)
    # Dana's browser had a plan on the way, begun before it knew of Casey's.
    keep(DANA, note, before.base, 1, "one", {"plan": "Dana's plan."})
    assert opened(DANA, note).newer and drafts_merging.follow(DANA, note) == ""
    merged = drafts_merging.merged_with(DANA, note)
    assert [(c.mine, c.theirs) for c in merged.conflicts] == [("Dana's plan.", "Casey's plan.")]
    with pytest.raises(PreconditionFailed):
        save(DANA, note)


def test_what_was_typed_in_another_section_meanwhile_is_taken_with_the_rest(drafted: DRAFTED) -> None:
    note = drafted()
    before = opened(DANA, note)
    keep(DANA, note, before.base, 0, "one", {"exam": "Dana's exam."})
    type_in(note, "Casey's plan.")
    save(CASEY, note)
    drafts_merging.follow(DANA, note)
    keep(DANA, note, before.base, 1, "one", {"exam": "Dana's exam, on."})
    assert drafts_merging.follow(DANA, note)
    assert text(note, "plan", DANA) == "Casey's plan." and text(note, "exam", DANA) == "Dana's exam, on."
    assert not opened(DANA, note).asides
