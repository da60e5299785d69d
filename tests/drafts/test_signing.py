"""Signing, and what holds after it."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from services.accounts.guarded import GuardedRepository
from services.accounts.policy import Policy, Rule
from services.accounts.roles import Principal
from services.console import drafts_acting, drafts_merging
from services.console.drafts_editing import opened
from services.drafts.gate import REASON, with_reason
from services.drafts.note import read
from services.drafts.signing import sign, signatures, verified
from services.errors import Forbidden, InvalidInput, PreconditionFailed
from services.fhir.validation import validate
from services.runtime.system import System
from tests.drafts.conftest import APPROVER, CASEY, DANA
from tests.drafts.test_keeping import sign as sign_it
from tests.drafts.test_keeping import type_in

DRAFTED = Callable[..., str]
ADMIN = Principal("root", "user", "Root", "administrator")


def test_a_signed_note_is_final_and_its_signature_holds(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    type_in(note, "Repeat potassium tomorrow.\nCall the patient.")
    sign_it(note)
    held = world.repository.read("DocumentReference", note)
    found = held.resource
    assert (found["docStatus"], found["status"], found["authenticator"]["reference"]) == (
        "final",
        "current",
        CASEY.reference,
    )
    text = base64.b64decode(found["content"][0]["attachment"]["data"]).decode()
    assert "Call the patient." in text and "draft" not in text
    provenance = signatures(world.repository, note)[0]
    signature = provenance.resource["signature"][0]
    assert (
        signature["type"][0]["code"] == "1.2.840.10065.1.12.1.1"
        and signature["who"]["reference"] == CASEY.reference
    )
    assert (
        provenance.resource["target"][0]["reference"] == f"DocumentReference/{note}/_history/{held.version}"
    )
    assert not validate(found) and not validate(provenance.resource)
    assert verified(world.repository, provenance, world.signer.key())
    shown = drafts_acting.signature_of(CASEY, read(world.repository, note))
    assert shown and shown.good and shown.who == "Casey Clinician"
    assert any("Overridden" in w for w in shown.warnings)
    with pytest.raises(PreconditionFailed):
        drafts_acting.sign_note(CASEY, note, opened(CASEY, note).shown)


def test_a_severe_warning_hinders_and_so_does_other_text(drafted: DRAFTED) -> None:
    note = drafted(clinicianInput={"assessment": "Potassium 9.9 mmol/L.", "plan": "Rest."})
    shown = opened(CASEY, note)
    assert shown.checked.severe
    with pytest.raises(PreconditionFailed, match="can't stay open"):
        drafts_acting.sign_note(CASEY, note, shown.shown)
    type_in(note, "Hyperkalemia.", "assessment")
    with pytest.raises(PreconditionFailed, match="has changed since"):
        drafts_acting.sign_note(CASEY, note, shown.shown)


def test_only_a_clinician_signs_in_person(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    held = read(world.repository, note)
    for who in (
        APPROVER,
        ADMIN,
        Principal("b", "bot", "Bot", "clinician"),
        Principal("k", "client", "App", "clinician"),
    ):
        with pytest.raises(Forbidden):
            sign(
                world.repository,
                world.repository_for(who),
                world.signer,
                world.audit,
                who,
                held,
                held.body,
                (),
            )
    assert read(world.repository, note).state == "draft"


def changes(world: System, who: Principal, note: str) -> list[Callable[[], object]]:
    """Each way to change a note's text."""
    repository = world.repository_for(who)
    held = world.repository.read("DocumentReference", note).resource
    bounded = GuardedRepository(
        world.repository, who, Policy((Rule("DocumentReference"), Rule("Provenance"))), world.gate
    )
    new = {**held, "content": [{"attachment": {"contentType": "text/plain", "data": "eA=="}}]}
    patch = [{"op": "replace", "path": "/description", "value": "x"}]
    return [
        lambda: repository.update(new), lambda: bounded.update(new), lambda: repository.write_many([new]),
        lambda: bounded.write_many([new]), lambda: repository.patch("DocumentReference", note, patch),
        lambda: bounded.patch("DocumentReference", note, patch), lambda: repository.delete("DocumentReference", note),
        lambda: repository.update({**held, "docStatus": "preliminary"}), lambda: repository.update({**held, "status": "superseded"}),
        lambda: repository.update({**held, "extension": []}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "who", [CASEY, ADMIN, Principal("b", "bot", "Bot", "administrator")], ids=lambda p: p.kind + p.role
)
def test_a_signed_note_is_not_changed_by_any_way(drafted: DRAFTED, world: System, who: Principal) -> None:
    note = drafted()
    sign_it(note)
    before = world.repository.read("DocumentReference", note)
    provenance = signatures(world.repository, note)[0]
    guarded = world.repository_for(who)
    more: list[Callable[[], object]] = [
        lambda: guarded.delete("Provenance", provenance.id),
        lambda: guarded.update({**provenance.resource, "signature": []}),
        lambda: guarded.create({**provenance.resource, "id": "copied"}),
        lambda: guarded.write_many([{**provenance.resource, "id": "copied"}]),
    ]
    for change in [*changes(world, who, note), *more]:
        with pytest.raises(Forbidden):
            change()
    assert world.repository.read("DocumentReference", note) == before
    assert guarded.update(before.resource)[1] == "unchanged"  # what is the same is no change
    with pytest.raises(PreconditionFailed):
        type_in(note, "x")
        drafts_merging.save(who, note)
    world.repository.update(
        {**before.resource, "description": "imported"}
    )  # the trusted way stays open, and is seen
    shown = drafts_acting.signature_of(CASEY, read(world.repository, note))
    assert shown and not shown.good


def test_a_draft_does_not_become_final_by_hand(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    held = world.repository.read("DocumentReference", note).resource
    with pytest.raises(Forbidden, match="by being signed"):
        world.repository_for(CASEY).update({**held, "docStatus": "final"})
    world.repository_for(CASEY).update(
        {**held, "description": "Another title"}
    )  # a draft is anybody's to change
    world.repository_for(CASEY).create({"resourceType": "DocumentReference", "status": "current", "docStatus": "final",
                                        "content": [{"attachment": {"contentType": "text/plain"}}]})  # fmt: skip


def test_a_signed_note_is_withdrawn_with_a_reason_only(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    sign_it(note)
    held = world.repository.read("DocumentReference", note).resource
    with pytest.raises(InvalidInput):
        world.repository_for(CASEY).update({**held, "status": "entered-in-error"})
    with pytest.raises(InvalidInput):
        drafts_acting.withdraw(CASEY, note, " ")
    drafts_acting.withdraw(CASEY, note, "Wrong patient")
    after = read(world.repository, note)
    assert after.state == "discarded" and drafts_acting.why_discarded(after) == "Wrong patient"
    shown = drafts_acting.signature_of(CASEY, after)
    assert shown and shown.good
    with pytest.raises(Forbidden):  # and not back again
        world.repository_for(CASEY).update({**after.resource, "status": "current"})
    assert [
        e["valueString"] for e in with_reason(after.resource, "x")["extension"] if e["url"] == REASON
    ] == ["x"]


def test_an_addendum_is_a_note_of_its_own(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    with pytest.raises(PreconditionFailed):
        drafts_acting.begin_addendum(DANA, note)
    sign_it(note)
    added = drafts_acting.begin_addendum(DANA, note)
    shown = opened(DANA, added)
    assert [n.text for n in shown.checked.severe] == ["Nothing is written yet."]
    type_in(added, "Potassium 9.9 mmol/L.", "addendum", DANA)
    assert any("9.9" in n.text for n in opened(DANA, added).checked.severe)
    type_in(added, "The patient was called.", "addendum", DANA)
    sign_it(added, DANA)
    resource = world.repository.read("DocumentReference", added).resource
    assert resource["relatesTo"] == [
        {"code": "appends", "target": {"reference": f"DocumentReference/{note}"}}
    ]
    assert resource["docStatus"] == "final" and not validate(resource)
    assert [r.id for r in drafts_acting.related(CASEY, read(world.repository, note))] == [added]
    assert [r.id for r in drafts_acting.related(CASEY, read(world.repository, added))] == [note]


def test_discarding_ends_it(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    type_in(note, "Mine.")
    drafts_acting.discard(CASEY, note)
    after = opened(CASEY, note)
    assert after.note.state == "discarded" and [a.text for a in after.asides] == ["Mine."]
    with pytest.raises(PreconditionFailed):
        drafts_acting.discard(CASEY, note)
    told = [
        e.resource for e in world.repository.search("AuditEvent", [("subtype", "note_discarded")]).matches
    ]
    assert len(told) == 1
