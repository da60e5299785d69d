"""What ends the work on a draft: signed, discarded; and what can follow a signature: an addendum, a withdrawal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.commands.tasks import instant, versioned
from services.console.dates import show_moment
from services.console.drafts import Reader, find
from services.console.drafts_merging import merged_with
from services.console.drafts_reading import digest, read_note
from services.drafts.checks import check
from services.drafts.gate import reason_of, with_reason
from services.drafts.note import Note, of_stored, state_of, title_of
from services.drafts.signing import addendum, sign, signatures, verified
from services.errors import InvalidInput, PreconditionFailed
from services.fhir.repository import Resource
from services.index.text import values
from services.runtime.system import system


@dataclass(frozen=True, slots=True)
class Signed:
    """A note's signature for the page. `good`: the text is as it was signed; `told` says who, when and by which key."""

    who: str
    when: str
    good: bool
    told: str
    warnings: tuple[str, ...]


def sign_note(principal: Principal, note_id: str, shown: str) -> None:
    """Sign what was shown (`Draft.shown`). Raises Forbidden for whom may not sign, PreconditionFailed where the text is
    another one by now, somebody's newer version is not merged, or a severe warning is open."""
    parts = system()
    context = parts.context(principal)
    with parts.database.write():
        note = read_note(principal, context.repository, note_id)
        if note.state == "signed":
            raise PreconditionFailed("The note is signed already.")
        work = parts.drafts.work(note_id, principal.reference)
        body = work.body if work else note.body
        if digest(body) != shown:
            raise PreconditionFailed("The text has changed since you looked at it: read it again, then sign.")
        if work and work.base != note.version:
            merged = merged_with(principal, note_id)
            if merged.conflicts or merged.taken:
                raise PreconditionFailed(
                    "Somebody saved a newer version meanwhile: bring both together, then sign."
                )
        checked = check(context, note, body)
        if checked.severe:
            raise PreconditionFailed(
                f"Warnings that can't stay open: {len(checked.severe)}. Mend the text, or override them with a reason."
            )
        sign(
            parts.repository,
            context.repository,
            parts.signer,
            parts.audit,
            principal,
            note,
            body,
            checked.open,
        )
        parts.drafts.drop(note_id, principal.reference)


def discard(principal: Principal, note_id: str) -> None:
    """A draft that nobody will sign: status entered-in-error; its text stays in the history."""
    parts = system()
    repository = parts.repository_for(principal)
    with parts.database.write():
        note = of_stored(find(repository, note_id))
        if note.state != "draft":
            raise PreconditionFailed(f"The note is {note.state} already.")
        work = parts.drafts.work(note_id, principal.reference)
        if work:
            for section in work.body.sections:
                text = "\n".join(line.text for line in section.lines)
                if section != note.body.section(section.key):
                    parts.drafts.put_aside(
                        note_id,
                        principal.reference,
                        section.key,
                        section.title,
                        text,
                        "the draft was discarded",
                    )
        repository.update(
            {**note.resource, "status": "entered-in-error"}, if_match=note.version, author=principal.reference
        )
        parts.drafts.drop(note_id, principal.reference)
        parts.audit.write(
            "note_discarded",
            action="U",
            patient_id=note.patient,
            agent=principal,
            details={"note": note_id, "signed": False},
        )


def withdraw(principal: Principal, note_id: str, reason: str) -> None:
    """Mark a signed note as entered in error. Raises InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput("Say why the note is entered in error.")
    principal.require("sign")
    repository = system().repository_for(principal)
    held = find(repository, note_id)
    repository.update(
        with_reason(held.resource, reason.strip()), if_match=held.version, author=principal.reference
    )


def begin_addendum(principal: Principal, note_id: str) -> str:
    """A draft that appends to a signed note; its id."""
    parts = system()
    repository = parts.repository_for(principal)
    note = of_stored(find(repository, note_id))
    at = instant(dt.datetime.now(dt.UTC))
    with repository.transaction():
        stored = repository.create(addendum(note, principal, at), author=principal.reference)
        parts.audit.write(
            "note_drafted", action="C", patient_id=note.patient, agent=principal,
            details={"note": stored.id, "type": "addendum", "appends": versioned(note.stored)},
        )  # fmt: skip
    return stored.id


def signature_of(principal: Principal, note: Note) -> Signed | None:
    """None where it has no signature of this server."""
    parts = system()
    found = signatures(parts.repository, note.id)
    if not found:
        return None
    provenance = found[0].resource
    signature = values.objs(provenance.get("signature"))[0]
    who = values.obj(signature.get("who"))
    key = parts.signer.key()
    good = verified(parts.repository, found[0], key) and _untouched(note, provenance)
    told = f"checked with the key {key.name}" if good else "the signature does not match the text"
    return Signed(
        str(who.get("display") or Reader(parts.repository, principal).name(str(who.get("reference") or ""))),
        show_moment(signature.get("when"), parts.settings.timezone), good, told,
        tuple(str(r.get("text")) for r in values.objs(provenance.get("reason"))),
    )  # fmt: skip


def _untouched(note: Note, provenance: Resource) -> bool:
    """Whether the signed version is the present one, but for being marked as entered in error."""
    target = next((str(t.get("reference")) for t in values.objs(provenance.get("target"))), "")
    return versioned(note.stored) == target or note.state == "discarded"


@dataclass(frozen=True, slots=True)
class Related:
    """Another note that belongs to this one."""

    id: str
    told: str


def related(principal: Principal, note: Note) -> list[Related]:
    """What an addendum appends to, and the addenda of a note."""
    repository = system().repository_for(principal)
    reader, zone = Reader(repository, principal), system().settings.timezone
    found = [repository.find(note.appends)] if note.appends else []
    found += repository.search(
        "DocumentReference", [("relatesto", note.stored.reference), ("_sort", "date")]
    ).matches
    lines = []
    for stored in found:
        if stored is not None and state_of(stored.resource) != "discarded":
            resource = stored.resource
            title = title_of(resource) if stored.reference == note.appends else "Addendum"
            state = "signed" if state_of(resource) == "signed" else "not signed"
            told = (
                f"{title}, {reader.name(reader.author(stored))}, {show_moment(stored.updated, zone)}, {state}"
            )
            lines.append(Related(stored.id, told))
    return lines


def why_discarded(note: Note) -> str:
    return reason_of(note.resource)
