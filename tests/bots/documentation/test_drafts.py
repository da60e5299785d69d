"""A saved draft: what is written, by whom, from what, and that it is both resources or none."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable

import pytest

from services.accounts.roles import Principal
from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.bots.documentation_assistant.kinds import KINDS
from services.errors import StoreUnavailable
from services.fhir.validation import validate
from services.runtime.system import System
from tests.bots.documentation.conftest import AS_OF, resources, said

ASKED = {
    "patientId": "p1",
    "encounterId": "v1",
    "documentationType": "progress",
    "asOf": AS_OF,
    "saveDraft": True,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_is_a_preliminary_document_with_its_provenance(context: Context, kind: str) -> None:
    note = handle(context, {**ASKED, "documentationType": kind}).wire()
    record = context.repository
    document = record.read("DocumentReference", note["draftId"])
    resource = document.resource
    validate(resource)
    assert (
        resource["docStatus"] == "preliminary" and resource["type"]["coding"][0]["code"] == KINDS[kind].loinc
    )
    assert resource["context"]["encounter"] == [{"reference": "Encounter/v1"}]
    assert resource["author"] == [{"reference": "Practitioner/c1"}]
    assert resource["meta"]["security"][0]["code"] == "AIAST"
    assert base64.b64decode(resource["content"][0]["attachment"]["data"]).decode() == note["content"]
    [provenance] = [s.resource for s in record.search("Provenance").matches]
    validate(provenance)
    assert provenance["target"] == [
        {"reference": f"DocumentReference/{document.id}/_history/{document.version}"}
    ]
    sources = {e["what"]["reference"] for e in provenance["entity"]}
    assert sources == {f"{r}/_history/{record.find(r).version}" for r in note["contextSourcesUsed"]}  # pyright: ignore[reportOptionalMemberAccess]


def test_both_are_written_or_neither(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    create = type(context.repository).create

    def fails(self: object, resource: dict, **more: object) -> object:
        if resource["resourceType"] == "Provenance":
            raise StoreUnavailable("The disk is full.")
        return create(self, resource, **more)  # pyright: ignore

    before = len(context.repository.search("DocumentReference").matches)
    monkeypatch.setattr(type(context.repository), "create", fails)
    with pytest.raises(StoreUnavailable):
        handle(context, ASKED)
    assert len(context.repository.search("DocumentReference").matches) == before


def test_without_save_draft_nothing_is_written(context: Context) -> None:
    before = len(context.repository.search("DocumentReference").matches)
    assert handle(context, {**ASKED, "saveDraft": False}).draft_id is None
    assert len(context.repository.search("DocumentReference").matches) == before
    assert context.repository.search("Provenance").matches == []


def test_a_program_is_no_author_of_a_note(make: Callable[..., System]) -> None:
    caller = Principal("app", "client", "Portal", "clinician")
    context = make().context(caller)
    draft = handle(context, ASKED).draft_id
    assert draft and "author" not in context.repository.read("DocumentReference", draft).resource


def test_an_unsigned_draft_is_no_source_of_the_next_one(context: Context) -> None:
    first = handle(
        context,
        {**ASKED, "clinicianInput": {"assessment": "Spoken of nowhere else, and not signed by anybody."}},
    )
    second = handle(context, {**ASKED, "documentationType": "discharge"}).wire()
    assert f"DocumentReference/{first.draft_id}" not in second["contextSourcesUsed"]
    assert "Spoken of nowhere else" not in second["content"]


def test_what_the_caller_may_not_see_is_not_told(make: Callable[..., System]) -> None:
    system = make(resources())
    context = system.context(Principal("c1", "user", "Casey Clinician", "clinician"))

    class Narrow:
        """The record without its medicines, as an access policy may show it."""

        view = "narrow"

        def __getattr__(self, name: str) -> object:
            return getattr(context.repository, name)

        def compartment(self, patient_id: str, types: object = None, scope: object = None) -> object:
            return (
                s
                for s in context.repository.compartment(patient_id, types, scope)
                if not s.type.startswith("Medication")
            )  # pyright: ignore

    narrow = dataclasses.replace(context, repository=Narrow())  # pyright: ignore
    assert said(handle(narrow, {**ASKED, "saveDraft": False}).wire(), "medications") == [
        "No medication is recorded."
    ]
