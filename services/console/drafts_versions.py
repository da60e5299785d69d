"""The versions of a note, each with who saved it and when."""

from __future__ import annotations

from dataclasses import dataclass

from services.accounts.roles import Principal
from services.bots.documentation_assistant.body import Body
from services.console.dates import show_moment
from services.console.drafts import Reader, authors, clock, find
from services.drafts.note import of_stored
from services.errors import NotFound
from services.runtime.system import system


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a note. `id` is "" for the unsaved text."""

    id: str
    told: str
    body: Body


def versions(principal: Principal, note_id: str) -> list[Version]:
    """The newest first; before them the unsaved text of this person."""
    parts = system()
    repository = parts.repository_for(principal)
    current = of_stored(find(repository, note_id))
    stored = [s for s in repository.history("DocumentReference", note_id) if s.body is not None]
    reader, zone = Reader(repository, principal), parts.settings.timezone
    found = []
    work = parts.drafts.work(note_id, principal.reference)
    if work and current.state == "draft":
        found.append(Version("", f"Your unsaved text, {clock(work.at)}", work.body))
    for number, (held, author) in enumerate(zip(stored, authors(stored), strict=True)):
        try:
            note = of_stored(held)
        except NotFound:
            continue  # from before it was a note of these
        told = f"Version {len(stored) - number}, {show_moment(held.updated, zone)}, {reader.name(author)}"
        found.append(Version(held.version, told + ("" if note.state == "draft" else f", {note.state}"), note.body))
    return found
