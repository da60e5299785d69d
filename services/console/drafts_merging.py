"""Unsaved text becomes a version of the note, together with what others saved meanwhile."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from services.accounts.roles import Principal
from services.bots.documentation_assistant.body import Body
from services.commands.tasks import instant
from services.console.drafts import Reader, authors, clock
from services.console.drafts_reading import editable, read_note, version_of
from services.drafts.editing import edited
from services.drafts.merging import Merged, merge
from services.drafts.note import Note, words, written
from services.errors import InvalidInput, NotFound, PreconditionFailed
from services.runtime.system import system


def follow(principal: Principal, note_id: str) -> str:
    """Bring this person's unsaved text onto a newer version by itself, where the two changed different sections; which of
    the other's it takes, in words. "" where there is nothing new, or where both changed a section."""
    parts = system()
    if not principal.may("write"):
        return ""
    with parts.database.write():
        repository = parts.repository_for(principal)
        note = read_note(principal, repository, note_id)
        work = parts.drafts.work(note_id, principal.reference)
        if note.state != "draft" or work is None or work.base == note.version:
            return ""
        merged = merged_with(principal, note_id)
        if merged.conflicts:
            return ""
        parts.drafts.keep(note_id, principal.reference, note.version, merged.body, work.tab, ours=True)
    who = Reader(repository, principal).name(authors([note.stored])[0])
    what = f" What it changed is in your text: {', '.join(merged.taken)}." if merged.taken else ""
    return f"{who} saved a newer version {clock(note.stored.updated)}.{what} Nothing of yours gave way."


def save(principal: Principal, note_id: str) -> str:
    """The unsaved text as a version of the note; what came of it, in words.

    Raises PreconditionFailed where somebody saved a newer version of the same sections: see `merged_with`.
    """
    note, work = editable(principal, note_id)
    if work is None:
        return "There is nothing new to save."
    body, taken = work.body, ()
    if work.base != note.version:
        merged = merged_with(principal, note_id)
        if merged.conflicts:
            raise PreconditionFailed(
                "Somebody saved other words for the same section meanwhile: decide which hold."
            )
        body, taken = merged.body, merged.taken
    write_version(principal, note, body)
    told = (
        f" The other version's {', '.join(taken)} {'is' if len(taken) == 1 else 'are'} in it."
        if taken
        else ""
    )
    return f"Saved as a version {clock(instant(dt.datetime.now(dt.UTC)))}.{told}"


def merged_with(principal: Principal, note_id: str) -> Merged:
    """This person's unsaved text with the newest version. Raises NotFound where there is none."""
    parts = system()
    note, work = editable(principal, note_id)
    if work is None:
        raise NotFound("There is nothing unsaved.")
    base = version_of(parts.repository_for(principal), note_id, work.base, note.body)
    return merge(base, work.body, note.body)


def resolve(principal: Principal, note_id: str, version: str, chosen: Mapping[str, str]) -> str:
    """Save with the conflicting sections as chosen; what gives way is put aside. `version` is the one that was shown.

    Raises PreconditionFailed where a newer one is there by now.
    """
    parts = system()
    with parts.database.write():
        note, work = editable(principal, note_id)
        if work is None or note.version != version:
            raise PreconditionFailed("A newer version was saved meanwhile: look at it first.")
        merged = merged_with(principal, note_id)
        if {c.key for c in merged.conflicts} - chosen.keys():
            raise InvalidInput("Choose for every section that both changed.")
        body = edited(merged.body, chosen, (work.body, note.body), principal.reference)
        for found in merged.conflicts:
            now = words(body.section(found.key))
            for text, why in (
                (found.mine, "your text before it was merged"),
                (found.theirs, "the other version's text"),
            ):
                if text != now:
                    parts.drafts.put_aside(note_id, principal.reference, found.key, found.title, text, why)
        write_version(principal, note, body)
    return "Saved with both people's changes. What gave way is under Earlier text."


def write_version(principal: Principal, note: Note, body: Body) -> None:
    parts = system()
    at = instant(dt.datetime.now(dt.UTC))
    repository = parts.repository_for(principal)
    with repository.transaction():
        stored, _ = repository.update(
            written(note.resource, body, body.text(), at), if_match=note.version, author=principal.reference
        )
        parts.drafts.drop(note.id, principal.reference)
        parts.audit.write(
            "note_edited", action="U", patient_id=note.patient, agent=principal,
            details={"note": note.id, "version": stored.version},
        )  # fmt: skip
