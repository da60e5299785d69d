"""The patients whose records somebody opened last, for the way back to them."""

from __future__ import annotations

import time

from services.accounts.roles import Principal
from services.console.patients import PatientLine, patient_line
from services.console.tables import Table
from services.runtime.system import system

KEPT = 20
_STEPS = (
    "CREATE TABLE seen_patient(member TEXT, patient TEXT, at REAL NOT NULL, PRIMARY KEY(member, patient)) WITHOUT ROWID",
)


_SEEN = Table("seen_patient", _STEPS)


def opened(principal: Principal, patient_id: str) -> None:
    """Remember that this member opened this patient's record. Raises StoreUnavailable."""
    with _SEEN.database().write(waits=False, beside=True) as connection:
        connection.execute(
            "INSERT OR REPLACE INTO seen_patient VALUES(?,?,?)",
            (principal.reference, patient_id, time.time()),
        )
        connection.execute(
            "DELETE FROM seen_patient WHERE member=? AND patient NOT IN "
            "(SELECT patient FROM seen_patient WHERE member=? ORDER BY at DESC LIMIT ?)",
            (principal.reference, principal.reference, KEPT),
        )


def recent_patients(principal: Principal, limit: int = 8) -> list[PatientLine]:
    """The last ones first; only whom the member may see."""
    principal.require("read")
    parts = system()
    rows = _SEEN.database().connection().execute(
        "SELECT patient FROM seen_patient WHERE member=? ORDER BY at DESC LIMIT ?",
        (principal.reference, KEPT),
    )
    repository = parts.repository_for(principal)
    found = (repository.find(f"Patient/{patient}") for (patient,) in rows.fetchall())
    return [patient_line(stored.resource) for stored in found if stored is not None][:limit]
