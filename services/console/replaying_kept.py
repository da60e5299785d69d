"""What the AI showed to people: when, to whom, on which evidence, by which model. One table; its rows are never changed.

The words themselves are kept only where they can't be computed again (a model had a part in them). Of all others the
hash of each line is kept, by which a later run tells what is the same and what isn't.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from services.accounts.roles import Principal
from services.console.tables import Table

BOTS = {"answers": "Answers", "findings": "Findings", "billing": "Billing codes", "drafts": "Drafts"}
"""Which bot an output is of → its name on the page. "commands" are proposals, which the queue counts."""
RECORD = "record"
"""The model of what no model had a part in."""
_STEPS = [
    """
    CREATE TABLE ai_output(
        id TEXT PRIMARY KEY, bot TEXT NOT NULL, at TEXT NOT NULL, member TEXT NOT NULL, patient TEXT NOT NULL,
        input TEXT NOT NULL, evidence TEXT NOT NULL, model TEXT NOT NULL, prompt_hash TEXT NOT NULL,
        result_hash TEXT NOT NULL, hashes TEXT NOT NULL, words TEXT, found INTEGER NOT NULL, trouble TEXT NOT NULL,
        millis REAL NOT NULL
    );
    CREATE INDEX ai_output_at ON ai_output(at, bot, found, trouble, millis);
    CREATE INDEX ai_output_last ON ai_output(bot, patient, at);
    CREATE TABLE ai_edit(
        at TEXT NOT NULL, bot TEXT NOT NULL, output TEXT NOT NULL, kept INTEGER NOT NULL, dropped INTEGER NOT NULL,
        added INTEGER NOT NULL
    );
    CREATE INDEX ai_edit_at ON ai_edit(at, bot);
    CREATE TABLE ai_override(
        at TEXT NOT NULL, bot TEXT NOT NULL, rule TEXT NOT NULL, decision TEXT NOT NULL, reason TEXT NOT NULL
    );
    CREATE INDEX ai_override_at ON ai_override(at, bot)
    """
]
Evidence = tuple[str, str]
"""Reference and version."""


@dataclass(frozen=True, slots=True)
class Output:
    """One output. `hashes` are of its lines, in their order; `words` the lines where a model had a part, else None;
    `found`: it said something (an answer that was found); `trouble`: why a model had no part, "" for none; `version`: that
    of the bot that a program called, "" for what a page showed."""

    id: str
    bot: str
    at: str
    member: str
    patient: str
    input: dict[str, Any]
    evidence: tuple[Evidence, ...]
    model: str
    prompt_hash: str
    hashes: tuple[str, ...]
    words: tuple[str, ...] | None
    found: bool
    trouble: str
    millis: float
    version: str = ""


database = Table("ai_outputs", _STEPS).database
"""The record's, with the tables of this module."""


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def keep(
    principal: Principal,
    bot: str,
    patient: str,
    asked: dict[str, Any],
    lines: Sequence[str],
    evidence: Iterable[Evidence],
    *,
    at: str,
    output_id: str = "",
    model: str = RECORD,
    prompt: str = "",
    found: bool = True,
    trouble: str = "",
    millis: float = 0.0,
    once: bool = False,
) -> str:
    """The output's id. `at` is the moment of the record that it was computed from; `prompt` what a model was told to
    do, of which the hash is kept. With `once`, the same result shown again is not a further output.

    Raises StoreUnavailable.
    """
    hashes = [digest(line) for line in lines]
    result = digest("\n".join(hashes))
    held = database()
    if once:
        row = held.connection().execute(
            "SELECT id, result_hash FROM ai_output WHERE bot=? AND patient=? ORDER BY at DESC LIMIT 1", (bot, patient)
        ).fetchone()  # fmt: skip
        if row and row[1] == result:
            return row[0]
    made = output_id or uuid.uuid4().hex
    words = orjson.dumps(list(lines)).decode() if model != RECORD else None
    with held.write(waits=False, beside=True) as connection:
        connection.execute(
            "INSERT OR IGNORE INTO ai_output VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (made, bot, at, principal.reference, patient, orjson.dumps(asked).decode(),
             orjson.dumps(list(dict.fromkeys(evidence))).decode(), model, digest(prompt) if prompt else "", result,
             orjson.dumps(hashes).decode(), words, int(found), trouble, millis),
        )  # fmt: skip
    return made


def find(output_id: str) -> Output | None:
    row = database().connection().execute(
        "SELECT id, bot, at, member, patient, input, evidence, model, prompt_hash, hashes, words, found, trouble, millis "
        "FROM ai_output WHERE id=?", (output_id,)
    ).fetchone()  # fmt: skip
    return _output(row) if row else None


def listed(since: str, until: str, bot: str = "", *, missed: bool = False, troubled: bool = False, limit: int = 200) -> list[Output]:
    """The newest first; only answers that were not found (`missed`), or those where a model failed (`troubled`)."""
    wanted = "at>=? AND at<?" + (" AND bot=?" if bot else "") + (" AND found=0" if missed else "")
    wanted += " AND trouble<>''" if troubled else ""
    rows = database().connection().execute(
        "SELECT id, bot, at, member, patient, input, evidence, model, prompt_hash, hashes, words, found, trouble, millis "
        f"FROM ai_output WHERE {wanted} ORDER BY at DESC LIMIT ?", (since, until, *([bot] if bot else []), limit)
    )  # fmt: skip
    return [_output(row) for row in rows]


def _output(row: tuple) -> Output:
    return Output(
        *row[:5], input=orjson.loads(row[5]), evidence=tuple((r, v) for r, v in orjson.loads(row[6])), model=row[7],
        prompt_hash=row[8], hashes=tuple(orjson.loads(row[9])), words=tuple(orjson.loads(row[10])) if row[10] else None,
        found=bool(row[11]), trouble=row[12], millis=row[13],
    )  # fmt: skip


def keep_edit(bot: str, output: str, suggested: Iterable[str], chosen: Iterable[str]) -> None:
    """What a person made of a suggestion: how many of its parts stayed, went, and came."""
    before, after = set(suggested), set(chosen)
    with database().write(waits=False, beside=True) as connection:
        connection.execute(
            "INSERT INTO ai_edit VALUES(?,?,?,?,?,?)",
            (now(), bot, output, len(before & after), len(before - after), len(after - before)),
        )


def keep_override(bot: str, rule: str, decision: str, reason: str) -> None:
    """What a person decided about a finding, and why: a code of its reasons, never their words."""
    with database().write(waits=False, beside=True) as connection:
        connection.execute("INSERT INTO ai_override VALUES(?,?,?,?,?)", (now(), bot, rule, decision, reason))
