"""What built-in bots answered to programs by `$execute`, kept as the pages' outputs are, so that it can be opened and computed
again. Written by a thread of its own: the call does not wait for it, and where too much comes at once the rest is left out."""

from __future__ import annotations

import logging
import queue
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import orjson

from services.bots.billing_code_suggester.schemas import BillingOutput
from services.bots.clinical_decision_support.schemas import CDSOutput
from services.bots.rag_pipeline import generation
from services.bots.rag_pipeline.schemas import RAGPipelineOutput
from services.console.replaying_kept import RECORD, Evidence, Output, digest
from services.console.tables import Table
from services.errors import FabricError
from services.runtime.execution import Executed
from services.runtime.system import System

log = logging.getLogger("fabric")
MOST = 20_000
"""Outputs that are kept, the newest ones."""
WAITING = 1_000
BATCH = 100
PAUSE = 0.5  # seconds in which what comes is written together
MOST_BYTES = 100_000
"""What was asked, or the words of a model, that is larger is not kept."""
_STEPS = [
    """
    CREATE TABLE ai_executed(
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, bot TEXT NOT NULL, version TEXT NOT NULL, at TEXT NOT NULL,
        member TEXT NOT NULL, patient TEXT NOT NULL, input TEXT NOT NULL, evidence TEXT NOT NULL, model TEXT NOT NULL,
        prompt_hash TEXT NOT NULL, hashes TEXT NOT NULL, words TEXT, found INTEGER NOT NULL, trouble TEXT NOT NULL,
        millis REAL NOT NULL
    );
    CREATE INDEX ai_executed_at ON ai_executed(at)
    """
]
_COLUMNS = "id, bot, at, member, patient, input, evidence, model, prompt_hash, hashes, words, found, trouble, millis, version"
_database = Table("ai_executed", _STEPS).database


def output_of(told: Executed) -> Output | None:
    """None for what is no statement about one patient: searches, commands, embeddings; and drafts, which stand in the
    record."""
    asked, made = told.input, told.output
    patient = asked.get("patientId") if isinstance(asked, dict) else None
    if not isinstance(patient, str) or "resourceType" in asked or told.caller is None:
        return None
    model, prompt, trouble, evidence = RECORD, "", "", []
    if isinstance(made, RAGPipelineOutput):
        bot, found, trouble = "answers", made.answered, made.message or ""
        lines = [s.text for s in made.sentences]
        evidence = [(c.source, c.version) for c in made.citations or ()]
        if made.model_used != RECORD:
            model, prompt = made.model_used, generation.INSTRUCTIONS
    elif isinstance(made, CDSOutput):
        bot, lines = "findings", findings_lines(made)
        found, evidence = bool(lines), _evidence(made)
        if made.model:
            model, trouble = made.model.used or RECORD, made.model.trouble or ""
    elif isinstance(made, BillingOutput):
        bot, lines = "billing", [f"{c.code} {c.display}" for c in (*made.icd10_codes, *made.cpt_codes)]
        found = bool(lines)
    else:
        return None
    return Output(
        uuid.uuid4().hex, bot, told.at, told.caller.reference, patient.removeprefix("Patient/"), asked,
        tuple(dict.fromkeys(evidence)), model, digest(prompt) if prompt else "", tuple(map(digest, lines)),
        tuple(lines) if model != RECORD else None, found, trouble, told.millis, told.version,
    )  # fmt: skip


def findings_lines(made: CDSOutput) -> list[str]:
    """Each finding in a line, as it was computed; what a model says of it is not among them."""
    lines = [f"{f.severity.capitalize()}: {f.finding}. {f.recommendation}" for f in made.critical_flags or ()]
    lines += [f"{f.severity.capitalize()}: {' with '.join(f.medications)}. {f.description} {f.recommendation}" for f in made.medication_interactions or ()]
    lines += [f"{f.condition.display}. {f.reasoning} {f.recommendation}" for f in made.diagnosis_suggestions or ()]
    lines += [f"{r.title}: {r.status}. {r.reason}" for r in made.preventive_rules or ()]
    return sorted(lines)


def _evidence(made: CDSOutput) -> list[Evidence]:
    found = (made.critical_flags, made.medication_interactions, made.diagnosis_suggestions, made.preventive_rules)
    return [(c.reference, c.version) for group in found for f in group or () for c in f.evidence]


class Keeper:
    """Follows executions of a system. Those that wait are kept at its stop."""

    def __init__(self, system: System) -> None:
        self._waiting: queue.Queue[Executed | None] = queue.Queue(WAITING)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="fabric-executed", daemon=True)
        self._thread.start()
        system.executed.append(self.follow)

    def follow(self, told: Executed) -> None:
        try:
            self._waiting.put_nowait(told)
        except queue.Full:
            log.warning("more is executed than can be kept for running again")

    def stop(self) -> None:
        self._ended.set()
        self._waiting.put(None)
        self._thread.join(10)

    def _run(self) -> None:
        while True:
            held: list[Executed | None] = [self._waiting.get()]
            self._ended.wait(PAUSE)
            while len(held) < BATCH and held[-1] is not None and not self._waiting.empty():
                held.append(self._waiting.get())
            try:
                keep([o for told in held if told and (o := output_of(told))])
            except FabricError as error:
                log.warning("executions were not kept for running again: %s", type(error).__name__)
            except Exception as error:
                log.error("executions could not be kept: %s", type(error).__name__)  # its text may be a patient's
            if held[-1] is None:
                return


def keep(outputs: Sequence[Output]) -> None:
    """Raises StoreUnavailable."""
    rows = [row for output in outputs if (row := _row(output))]
    if not rows:
        return
    with _database().write(waits=False, beside=True) as connection:
        connection.executemany(f"INSERT INTO ai_executed({_COLUMNS}) VALUES({','.join('?' * 15)})", rows)
        connection.execute("DELETE FROM ai_executed WHERE seq <= (SELECT MAX(seq) FROM ai_executed) - ?", (MOST,))


def _row(o: Output) -> tuple[Any, ...] | None:
    asked = orjson.dumps(o.input)
    words = orjson.dumps(o.words) if o.words is not None else b""
    if len(asked) + len(words) > MOST_BYTES:
        return None
    return (o.id, o.bot, o.at, o.member, o.patient, asked.decode(), orjson.dumps(o.evidence).decode(), o.model, o.prompt_hash,
            orjson.dumps(o.hashes).decode(), words.decode() or None, int(o.found), o.trouble, o.millis, o.version)  # fmt: skip


def find(output_id: str) -> Output | None:
    row = _database().connection().execute(f"SELECT {_COLUMNS} FROM ai_executed WHERE id=?", (output_id,)).fetchone()
    return _output(row) if row else None


def listed(since: str, until: str, limit: int = 200) -> list[Output]:
    """The newest first."""
    rows = _database().connection().execute(
        f"SELECT {_COLUMNS} FROM ai_executed WHERE at>=? AND at<? ORDER BY at DESC, seq DESC LIMIT ?", (since, until, limit)
    )
    return [_output(row) for row in rows]


def _output(row: tuple) -> Output:
    return Output(
        *row[:5], input=orjson.loads(row[5]), evidence=tuple((r, v) for r, v in orjson.loads(row[6])), model=row[7],
        prompt_hash=row[8], hashes=tuple(orjson.loads(row[9])), words=tuple(orjson.loads(row[10])) if row[10] else None,
        found=bool(row[11]), trouble=row[12], millis=row[13], version=row[14],
    )  # fmt: skip
