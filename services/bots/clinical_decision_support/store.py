"""Findings as they were last computed, and what people said about them. A dismissed one stays dismissed until its
evidence changes; a snoozed one until its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import orjson

from services.bots.clinical_decision_support.model import Basis, Finding
from services.fhir.database import Database

Decision = Literal["", "accepted", "dismissed", "snoozed"]
REASONS = {
    "known": "Known, and dealt with",
    "not-relevant": "Not relevant for this patient",
    "incorrect": "Incorrect",
    "benefit": "The benefit outweighs the risk",
    "monitored": "Will be monitored",
    "preference": "The patient's wish",
    "other": "Other",
}
STEPS = [
    """
    CREATE TABLE finding(
        patient TEXT NOT NULL,
        key TEXT NOT NULL,
        state TEXT NOT NULL,
        rule TEXT NOT NULL,
        kind TEXT NOT NULL,
        severity TEXT NOT NULL,
        body BLOB NOT NULL,
        since REAL NOT NULL,
        decision TEXT NOT NULL DEFAULT '',
        decided_state TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        until TEXT NOT NULL DEFAULT '',
        who TEXT NOT NULL DEFAULT '',
        PRIMARY KEY(patient, key)
    ) WITHOUT ROWID;
    CREATE INDEX finding_rank ON finding(severity, since);
    CREATE TABLE finding_decision(rule TEXT NOT NULL, decision TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX finding_decision_rule ON finding_decision(rule, decision);
    CREATE TABLE finding_card(card TEXT PRIMARY KEY, rule TEXT NOT NULL, at REAL NOT NULL);
    CREATE TABLE finding_cursor(id INTEGER PRIMARY KEY CHECK(id=1), seq INTEGER NOT NULL)
    """,
]


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding of a patient and where it stands. `decision` is "" where it is open, also again."""

    patient: str
    finding: Finding
    since: float
    decision: Decision
    reason: str
    until: str
    who: str


_OPEN = (
    "NOT (decision IN ('dismissed', 'accepted') AND decided_state=state) AND NOT (decision='snoozed' AND until>?)"
)


class FindingStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("findings", list(STEPS))

    def keep(self, patient: str, findings: Sequence[Finding], now: float) -> None:
        """What was found takes the place of what was found before; decisions stay with findings that are still there."""
        with self._database.write(beside=True) as connection:
            keys = orjson.dumps([f.key for f in findings]).decode()
            connection.execute(
                "DELETE FROM finding WHERE patient=? AND key NOT IN (SELECT value FROM json_each(?))",
                (patient, keys),
            )
            connection.executemany(
                "INSERT INTO finding(patient, key, state, rule, kind, severity, body, since) VALUES(?,?,?,?,?,?,?,?) "
                "ON CONFLICT(patient, key) DO UPDATE SET state=excluded.state, severity=excluded.severity, "
                "body=excluded.body, since=CASE WHEN state=excluded.state THEN since ELSE excluded.since END",
                [
                    (patient, f.key, f.state, f.rule, f.kind, f.severity, orjson.dumps(asdict(f)), now)
                    for f in findings
                ],
            )

    def of(self, patient: str, today: dt.date) -> list[Kept]:
        return list(self._read("WHERE patient=?", (patient,), today))

    def worklist(
        self, today: dt.date, kinds: Sequence[str], severities: Sequence[str], limit: int
    ) -> list[Kept]:
        """Open ones of all patients, the gravest and newest first."""
        marks = ",".join("?" * len(kinds)), ",".join("?" * len(severities))
        order = "CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"
        rows = self._read(
            f"WHERE kind IN ({marks[0]}) AND severity IN ({marks[1]}) AND {_OPEN} ORDER BY {order}, since DESC LIMIT ?",
            (*kinds, *severities, today.isoformat(), limit), today,
        )  # fmt: skip
        return list(rows)

    def open_counts(self, today: dt.date, severities: Sequence[str]) -> dict[str, int]:
        """How many open ones of all patients there are, by severity."""
        rows = self._database.connection().execute(
            f"SELECT severity, COUNT(*) FROM finding WHERE severity IN ({','.join('?' * len(severities))}) AND {_OPEN} "
            "GROUP BY severity", (*severities, today.isoformat()),
        )  # fmt: skip
        return dict(rows.fetchall())

    def decide(
        self,
        patient: str,
        key: str,
        state: str,
        decision: Decision,
        reason: str,
        until: str,
        who: str,
        now: float,
    ) -> bool:
        """False where the finding is not there any more, or rests on other evidence by now."""
        with self._database.write() as connection:
            done = connection.execute(
                "UPDATE finding SET decision=?, decided_state=state, reason=?, until=?, who=? WHERE patient=? AND key=? "
                "AND state=?",
                (decision, reason, until, who, patient, key, state),
            ).rowcount
            if done and decision:
                connection.execute(
                    "INSERT INTO finding_decision SELECT rule, ?, ? FROM finding WHERE patient=? AND key=?",
                    (decision, now, patient, key),
                )
            return bool(done)

    def shown(self, cards: Sequence[tuple[str, str]], now: float) -> None:
        """(id of a card, rule) of what was shown elsewhere, so that what is said of it can be told."""
        with self._database.write() as connection:
            connection.executemany("INSERT INTO finding_card VALUES(?,?,?)", [(c, r, now) for c, r in cards])

    def answered(self, card: str, accepted: bool, now: float) -> bool:
        """What somebody did about a card; False where it is none of ours, or was answered before."""
        with self._database.write() as connection:
            row = connection.execute(
                "DELETE FROM finding_card WHERE card=? RETURNING rule", (card,)
            ).fetchone()
            if row is None:
                return False
            decision = "accepted" if accepted else "dismissed"
            connection.execute("INSERT INTO finding_decision VALUES(?,?,?)", (row[0], decision, now))
            return True

    def overrides(self) -> dict[str, tuple[int, int]]:
        """Rule → (dismissed, decided)."""
        rows = self._database.connection().execute(
            "SELECT rule, SUM(decision='dismissed'), COUNT(*) FROM finding_decision WHERE decision<>'snoozed' GROUP BY rule"
        )
        return {rule: (dismissed, count) for rule, dismissed, count in rows}

    def counts(self) -> dict[str, int]:
        rows = self._database.connection().execute("SELECT severity, COUNT(*) FROM finding GROUP BY severity")
        return dict(rows.fetchall())

    def cursor(self) -> int:
        row = self._database.connection().execute("SELECT seq FROM finding_cursor").fetchone()
        return row[0] if row else 0

    def move_cursor(self, seq: int, after: int | None = None) -> None:
        """`after`: where it stood when the work began; where somebody has moved it since, it stays."""
        with self._database.write(beside=True) as connection:
            if after is not None and after != self.cursor():
                return
            connection.execute(
                "INSERT INTO finding_cursor VALUES(1,?) ON CONFLICT(id) DO UPDATE SET seq=excluded.seq",
                (seq,),
            )

    def _read(self, where: str, args: Sequence[Any], today: dt.date) -> Iterable[Kept]:
        rows = self._database.connection().execute(
            f"SELECT patient, body, state, since, decision, decided_state, reason, until, who FROM finding {where}", tuple(args)
        ).fetchall()  # fmt: skip
        for patient, body, state, since, decision, decided, reason, until, who in rows:
            holds = (
                decision and decided == state and not (decision == "snoozed" and until <= today.isoformat())
            )
            yield Kept(
                patient, _finding(orjson.loads(body)), since, decision if holds else "", reason if holds else "",
                until if holds else "", who if holds else "",
            )  # fmt: skip


def _finding(body: dict[str, Any]) -> Finding:
    for field in ("evidence", "against"):
        body[field] = tuple(Basis(**b) for b in body[field])
    body["medications"] = tuple(body["medications"])
    return Finding(**body)
