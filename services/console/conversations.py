"""What one person asked about one patient, kept so that it is there again after a reload: in the record's file, which
it is as confidential as. Only who asked sees it, and of it only what rests on sources that they may still see."""

from __future__ import annotations

import time
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.chart.building import KINDS
from services.console.dates import show_moment
from services.console.replies import Reply, packed, unpacked
from services.console.tables import Table
from services.errors import FabricError, PatientNotFound
from services.runtime.system import system

TURNS = 20
"""Answers of one conversation that are kept, the newest ones."""
PATIENTS = 50
"""Conversations that one person has kept, those that were last gone on with."""
MOST_BYTES = 200_000
"""An answer that is larger is not kept."""
_TYPES = [name for names in KINDS.values() for name in names]
_STEPS = (
    "CREATE TABLE asked_turn(member TEXT, patient TEXT, at TEXT, id TEXT, written REAL NOT NULL, body BLOB NOT NULL, "
    "PRIMARY KEY(member, patient, at, id)) WITHOUT ROWID",
)
_database = Table("conversations", _STEPS).database


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of earlier. `when` it was asked, in words; `changed`: the patient's record has changed since."""

    reply: Reply
    when: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """A conversation, oldest first. `hidden`: how many answers rest on what is gone or not this person's to see any more."""

    turns: tuple[Kept, ...] = ()
    hidden: int = 0


def keep(principal: Principal, patient_id: str, reply: Reply, at: str) -> None:
    """`at` is the moment of the record that it was answered from. Raises StoreUnavailable."""
    body = packed(reply)
    if len(body) > MOST_BYTES:
        return
    whose = (principal.reference, patient_id)
    with _database().write(waits=False, beside=True) as connection:
        connection.execute("INSERT OR REPLACE INTO asked_turn VALUES(?,?,?,?,?,?)", (*whose, at, reply.id, time.time(), body))
        connection.execute(
            "DELETE FROM asked_turn WHERE member=? AND patient=? AND id NOT IN "
            "(SELECT id FROM asked_turn WHERE member=? AND patient=? ORDER BY at DESC LIMIT ?)", (*whose, *whose, TURNS),
        )  # fmt: skip
        connection.execute(
            "DELETE FROM asked_turn WHERE member=? AND patient NOT IN "
            "(SELECT patient FROM asked_turn WHERE member=? GROUP BY patient ORDER BY MAX(written) DESC LIMIT ?)",
            (principal.reference, principal.reference, PATIENTS),
        )


def earlier(principal: Principal, patient_id: str) -> Earlier:
    """Raises PatientNotFound where the patient is not this person's to see (any more), Unauthorized."""
    principal.require("search")
    repository = system().repository_for(principal)
    try:
        repository.read("Patient", patient_id)
    except FabricError as error:
        raise PatientNotFound("There is no such patient, or you may not see them.") from error
    rows = _database().connection().execute(
        "SELECT at, body FROM asked_turn WHERE member=? AND patient=? ORDER BY at, id", (principal.reference, patient_id)
    ).fetchall()  # fmt: skip
    if not rows:
        return Earlier()
    latest = max((stored.updated for stored in repository.compartment(patient_id, _TYPES)), default="")
    zone, turns = system().settings.timezone, []
    for at, body in rows:
        reply = unpacked(body)
        if reply and all(repository.find(reference) for reference in reply.sources()):
            turns.append(Kept(reply, show_moment(at, zone), latest >= at))
    return Earlier(tuple(turns), len(rows) - len(turns))


def forget(principal: Principal, patient_id: str) -> None:
    """Raises StoreUnavailable."""
    with _database().write(beside=True) as connection:
        connection.execute("DELETE FROM asked_turn WHERE member=? AND patient=?", (principal.reference, patient_id))
