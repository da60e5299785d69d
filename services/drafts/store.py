"""What is kept of drafts beside the record: unsaved text of each person, texts that were replaced, and a list to search.

A working copy is on the disk when `keep` returns. Whatever takes the place of a text puts that aside, so that it can
be got back.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from services.bots.documentation_assistant.body import Body, of_json, text_of, to_json
from services.drafts.note import is_ours, state_of
from services.fhir.database import Database
from services.fhir.indexing import fold
from services.fhir.repository import Resource
from services.fhir.sqlite import Written
from services.index.text import values

ASIDES = 20
"""Replaced texts kept of a section for each person."""


def _fill(connection: sqlite3.Connection) -> None:
    rows = connection.execute(
        "SELECT id, updated, body FROM resource WHERE type='DocumentReference' AND body IS NOT NULL"
    )
    for note_id, updated, body in rows.fetchall():
        _list(connection, note_id, updated, orjson.loads(body))


STEPS = [
    """
    CREATE TABLE draft_work(
        draft TEXT NOT NULL, who TEXT NOT NULL, base TEXT NOT NULL, rev INTEGER NOT NULL, tab TEXT NOT NULL,
        epoch INTEGER NOT NULL, body BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY(draft, who)
    ) WITHOUT ROWID;
    CREATE TABLE draft_aside(
        id INTEGER PRIMARY KEY, draft TEXT NOT NULL, who TEXT NOT NULL, section TEXT NOT NULL, title TEXT NOT NULL,
        text TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE INDEX draft_aside_draft ON draft_aside(draft, who);
    CREATE TABLE draft_listing(
        id TEXT PRIMARY KEY, patient TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL,
        words TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX draft_listing_at ON draft_listing(at)
    """,
    _fill,
]


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has written and not saved as a version. `base` is the version it began with, `rev` counts its
    changes, `epoch` those that the server made; `tab` is the browser window that sent the last one."""

    base: str
    rev: int
    tab: str
    epoch: int
    body: Body
    at: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A text that was replaced: of which section, and by what."""

    id: int
    section: str
    title: str
    text: str
    why: str
    at: str


class DraftStore:
    def __init__(self, database: Database) -> None:
        self.database = database
        database.migrate("drafts", list(STEPS))

    def follow(self, connection: sqlite3.Connection, written: Written) -> None:
        """A listener of the record: keeps the list up to date within the change's own transaction."""
        stored = written.stored
        if stored.type == "DocumentReference":
            resource = stored.resource if stored.body is not None else {}
            _list(connection, stored.id, stored.updated, resource)

    def listed(self, state: str, kind: str, patient: str) -> list[str]:
        """Ids of notes, the newest first; "" asks for any."""
        rows = self.database.connection().execute(
            "SELECT id FROM draft_listing WHERE (?1='' OR state=?1) AND (?2='' OR kind=?2) AND (?3='' OR patient=?3) "
            "ORDER BY at DESC, id",
            (state, kind, patient),
        )
        return [row[0] for row in rows]

    def words(self, note_id: str) -> str:
        """The note's text, folded."""
        row = self.database.connection().execute("SELECT words FROM draft_listing WHERE id=?", (note_id,)).fetchone()
        return row[0] if row else ""

    def work(self, draft: str, who: str) -> Work | None:
        row = self.database.connection().execute(
            "SELECT base, rev, tab, epoch, body, at FROM draft_work WHERE draft=? AND who=?", (draft, who)
        ).fetchone()  # fmt: skip
        return Work(row[0], row[1], row[2], row[3], of_json(orjson.loads(row[4])), row[5]) if row else None

    def others(self, draft: str, who: str) -> list[tuple[str, str]]:
        """(who, when) of other people's unsaved text."""
        return self.database.connection().execute(
            "SELECT who, at FROM draft_work WHERE draft=? AND who<>? ORDER BY at DESC", (draft, who)
        ).fetchall()  # fmt: skip

    def working(self, who: str) -> set[str]:
        """The drafts of which somebody has unsaved text."""
        rows = self.database.connection().execute("SELECT draft FROM draft_work WHERE who=?", (who,))
        return {row[0] for row in rows}

    def keep(self, draft: str, who: str, base: str, body: Body, tab: str, *, ours: bool = False) -> Work:
        """`ours`: the change is the server's (a section made again, a conflict decided), which the browser has to show."""
        with self.database.write() as connection:
            held = self.work(draft, who)
            work = Work(base, held.rev + 1 if held else 1, tab, (held.epoch if held else 0) + ours, body, _now())
            connection.execute(
                "INSERT OR REPLACE INTO draft_work VALUES(?,?,?,?,?,?,?,?)",
                (draft, who, work.base, work.rev, work.tab, work.epoch, orjson.dumps(to_json(body)), work.at),
            )
            return work

    def drop(self, draft: str, who: str) -> None:
        with self.database.write() as connection:
            connection.execute("DELETE FROM draft_work WHERE draft=? AND who=?", (draft, who))

    def put_aside(self, draft: str, who: str, section: str, title: str, text: str, why: str) -> None:
        if not text.strip():
            return
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO draft_aside(draft, who, section, title, text, why, at) VALUES(?,?,?,?,?,?,?)",
                (draft, who, section, title, text, why, _now()),
            )
            connection.execute(
                "DELETE FROM draft_aside WHERE draft=?1 AND who=?2 AND section=?3 AND id NOT IN (SELECT id FROM "
                "draft_aside WHERE draft=?1 AND who=?2 AND section=?3 ORDER BY id DESC LIMIT ?4)",
                (draft, who, section, ASIDES),
            )

    def asides(self, draft: str, who: str) -> Sequence[Aside]:
        """The newest first."""
        rows = self.database.connection().execute(
            "SELECT id, section, title, text, why, at FROM draft_aside WHERE draft=? AND who=? ORDER BY id DESC",
            (draft, who),
        )
        return [Aside(*row) for row in rows]


def _list(connection: sqlite3.Connection, note_id: str, updated: str, resource: Resource) -> None:
    if not resource or not is_ours(resource):
        connection.execute("DELETE FROM draft_listing WHERE id=?", (note_id,))
        return
    subject = str(values.obj(resource.get("subject")).get("reference") or "")
    kind = next((code for _, code in values.codings(resource.get("type"))), "")
    connection.execute(
        "INSERT OR REPLACE INTO draft_listing VALUES(?,?,?,?,?,?)",
        (note_id, subject.rpartition("/")[2], kind, state_of(resource), updated, fold(text_of(resource))),
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
