"""A note as its pages take it: read, with the sources of its sentences, and held against the record."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import orjson

from services.accounts.roles import Principal
from services.bots.documentation_assistant.body import Body, to_json
from services.console.drafts import find
from services.console.session import latest_change
from services.drafts.checks import Checked, check
from services.drafts.note import Note, of_stored
from services.drafts.sourcing import sourced
from services.drafts.store import Work
from services.errors import Gone, NotFound, PreconditionFailed
from services.fhir.repository import Repository
from services.runtime.system import system

_MOST_KEPT = 64
_lock = threading.Lock()
_kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
T = TypeVar("T")


def read_note(principal: Principal, repository: Repository, note_id: str) -> Note:
    """A note that was made elsewhere names no source of a sentence: they are looked up in the record as this person may
    see it. Raises NotFound where there is no such note, or not for this person."""
    note = of_stored(find(repository, note_id))
    if note.sourced or note.state != "draft":
        return note

    def made() -> Note:
        try:
            return sourced(system().context(principal), note)
        except (NotFound, Gone):  # a patient who is not to be seen has nothing to look up
            return note

    return _once(("note", principal.reference, note.id, note.version), made)


def checked(principal: Principal, note: Note, body: Body) -> Checked:
    """As `check`."""
    return _once(
        ("checked", principal.reference, note.id, digest(body)),
        lambda: check(system().context(principal), note, body),
    )


def _once(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """The last ones are kept while neither the text nor the record changes: opening a source runs the page."""
    whole = (id(system()), *key, latest_change(), dt.datetime.now(dt.UTC).date())
    with _lock:
        if whole in _kept:
            _kept.move_to_end(whole)
            return _kept[whole]  # type: ignore[return-value]
    found = make()
    with _lock:
        _kept[whole] = found
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found


def version_of(repository: Repository, note_id: str, version: str, otherwise: Body) -> Body:
    """The body of a version; `otherwise` where there is no such one."""
    try:
        return of_stored(repository.vread("DocumentReference", note_id, version)).body
    except NotFound:
        return otherwise


def editable(principal: Principal, note_id: str) -> tuple[Note, Work | None]:
    """A draft and this person's unsaved text of it. Raises Forbidden, NotFound, and PreconditionFailed once it is closed."""
    principal.require("write")
    parts = system()
    note = read_note(principal, parts.repository_for(principal), note_id)
    if note.state != "draft":
        raise PreconditionFailed(f"The note is {note.state}: its text stays as it is.")
    return note, parts.drafts.work(note_id, principal.reference)


def digest(body: Body) -> str:
    return hashlib.sha256(orjson.dumps(to_json(body))).hexdigest()
