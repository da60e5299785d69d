"""What the findings page shows: of one patient, and of all of them as a work list; and what people say about them."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.accounts.roles import Principal
from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.critical.evaluate import by_concept
from services.bots.clinical_decision_support.model import KINDS, SEVERITIES, Basis, Finding
from services.bots.clinical_decision_support.model_part import Proposed, Said, Told, ask
from services.bots.clinical_decision_support.preventive.model import Evaluated
from services.bots.clinical_decision_support.proposing import commands
from services.bots.clinical_decision_support.store import REASONS, Decision, Kept
from services.commands.processor import process
from services.commands.schemas import (
    AICommand,
    FlagAbnormalResult,
    ProposeProblemListUpdate,
    SuggestMedicationChange,
    read_command,
)
from services.commands.tasks import SYSTEM, command_of
from services.console.dates import show_date
from services.console.patients import PatientLine, patient_line
from services.errors import Forbidden, InvalidInput, PreconditionFailed
from services.fhir.repository import Repository
from services.index.text import values
from services.runtime.analyst import TYPES
from services.runtime.system import system

TITLES = {
    "critical": "Critical results",
    "interactions": "Medicines",
    "diagnosis": "Diagnoses to consider",
    "preventive": "Preventive care",
}
SNOOZES = {7: "1 week", 30: "1 month", 90: "3 months", 180: "6 months"}
MOST = 300
_CHANGED = "This finding has changed meanwhile. Look at it again."
NOISY = 5  # decisions from which on a rule's override rate is told

__all__ = [
    "KINDS",
    "REASONS",
    "SEVERITIES",
    "SNOOZES",
    "TITLES",
    "Evaluated",
    "Kept",
    "Proposed",
    "Said",
    "Told",
]


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as it is listed. `overridden`: how often its rule was dismissed, in words; `trend`: earlier values of the
    result it rests on, oldest first; `proposable`: accepting it sends a command to the queue."""

    kept: Kept
    overridden: str
    since: str
    proposable: bool
    trend: tuple[float, ...] = ()
    band: tuple[float | None, float | None] = (None, None)
    patient: PatientLine | None = None

    @property
    def finding(self) -> Finding:
        return self.kept.finding


@dataclass(frozen=True, slots=True)
class Findings:
    open: tuple[Line, ...]
    decided: tuple[Line, ...]
    rules: tuple[Evaluated, ...]


def of_patient(principal: Principal, patient_id: str) -> Findings:
    """Analysed now, by the record as it is. Raises PatientNotFound; Forbidden where parts of it may not be seen."""
    parts = system()
    repository = parts.repository_for(principal)
    if repository.view:
        raise Forbidden(
            "Findings rest on the whole record, of which your access policy shows you a part only."
        )
    found = analyse(repository, parts.charts, patient_id)
    parts.findings.keep(patient_id, found.findings, time.time())
    order = {f.key: n for n, f in enumerate(found.findings)}
    kept = sorted(parts.findings.of(patient_id, _today()), key=lambda k: order.get(k.finding.key, len(order)))
    overrides = parts.findings.overrides()
    chart = parts.charts.open(repository, patient_id, _today())
    series = by_concept(chart)
    lines = []
    for item in kept:
        entries = next(
            (
                e
                for e in series.values()
                if item.finding.evidence and e[-1].reference == item.finding.evidence[0].reference
            ),
            [],
        )
        measures = [
            e.measure
            for e in entries
            if e.measure and e.measure.amount is not None and not e.measure.comparator
        ]
        same = [m for m in measures if m.unit == measures[-1].unit] if measures else []
        band = (same[-1].low, same[-1].high) if same else (None, None)
        lines.append(_line(item, overrides, patient_id, tuple(m.amount or 0.0 for m in same[-12:]), band))
    return Findings(
        tuple(line for line in lines if not line.kept.decision),
        tuple(line for line in lines if line.kept.decision),
        found.rules,
    )


def model_there() -> bool:
    """Whether a chat model could be asked to comment."""
    return system().router.chat_available()


def comment(principal: Principal, patient_id: str, found: Findings) -> Told:
    """What a model says of the open findings; the findings stay as they are. May take some seconds."""
    context = system().context(principal)
    chart = context.charts.open(context.repository, patient_id, _today())
    return ask(context, chart, [line.finding for line in found.open])


def arranged(lines: Sequence[Line], told: Told | None) -> list[Line]:
    """The gravest first; among equally grave ones those first that a model would see to first, where it was asked."""
    place = {key: n for n, key in enumerate(told.order if told else ())}
    return sorted(
        lines, key=lambda x: (SEVERITIES.index(x.finding.severity), place.get(x.finding.key, len(place)))
    )


def worklist(
    principal: Principal, kinds: tuple[str, ...], severities: tuple[str, ...], most: int = MOST
) -> list[Line]:
    """Open findings of all patients, the gravest first, as they were last computed: `most` at most."""
    parts = system()
    repository = parts.repository_for(principal)
    if repository.view:
        raise Forbidden(
            "Findings rest on the whole record, of which your access policy shows you a part only."
        )
    overrides, people, lines = parts.findings.overrides(), {}, []
    for item in parts.findings.worklist(_today(), kinds, severities, most):
        if item.patient not in people:
            stored = repository.find(f"Patient/{item.patient}")
            people[item.patient] = patient_line(stored.resource) if stored else None
        if people[item.patient]:
            lines.append(_line(item, overrides, item.patient, patient=people[item.patient]))
    return lines


def open_counts(principal: Principal, severities: tuple[str, ...]) -> dict[str, int]:
    """How many open findings of all patients there are, by severity."""
    parts = system()
    if parts.repository_for(principal).view:
        raise Forbidden(
            "Findings rest on the whole record, of which your access policy shows you a part only."
        )
    return parts.findings.open_counts(_today(), severities)


def behind() -> bool:
    """Whether changes wait to be analysed."""
    parts = system()
    return any(c.type in TYPES for c in parts.repository.changes(parts.findings.cursor()))


def _line(
    kept: Kept,
    overrides: dict[str, tuple[int, int]],
    patient_id: str,
    trend: tuple[float, ...] = (),
    band: tuple[float | None, float | None] = (None, None),
    patient: PatientLine | None = None,
) -> Line:
    dismissed, decided = overrides.get(kept.finding.rule, (0, 0))
    told = f"dismissed {dismissed} of {decided} times" if decided >= NOISY else ""
    since = show_date(dt.datetime.fromtimestamp(kept.since, dt.UTC).date().isoformat())
    return Line(kept, told, since, bool(list(commands([kept.finding], patient_id))), trend, band, patient)


class Waiting(PreconditionFailed):
    """The same is proposed already, by whomever; `task` is the id of that proposal."""

    def __init__(self, task: str) -> None:
        super().__init__("The same is proposed already and waits for a decision. Nothing further was sent.")
        self.task = task


def _waiting(repository: Repository, patient_id: str, command: dict[str, Any]) -> str:
    """The id of a proposal that waits and is about the same result, problem or order; "" where there is none."""
    wanted = read_command(command)
    asked = [("code", f"{SYSTEM}|{command['command']}"), ("status", "requested"), ("patient", f"Patient/{patient_id}"),
             ("_count", "1000")]  # fmt: skip
    for task in repository.search("Task", asked).matches:
        with contextlib.suppress(InvalidInput):
            if (held := command_of(task.resource)).command_id != wanted.command_id and _about(held) == _about(
                wanted
            ):
                return task.id
    return ""


def _about(command: AICommand) -> tuple[object, ...]:
    """What two proposals have in common that would write the same."""
    if isinstance(command, FlagAbnormalResult):
        return ("flag", command.observation_id)
    if isinstance(command, ProposeProblemListUpdate):
        return ("problem", command.action, command.condition.system, command.condition.code)
    if isinstance(command, SuggestMedicationChange) and command.medication_request_id:
        return ("order", command.action, command.medication_request_id)
    return ("itself", command.command_id)


def accept(principal: Principal, patient_id: str, finding: Finding) -> str:
    """Act on it: what it proposes goes through the Command Processor; what came of that, in words.

    Raises what `process` raises, Waiting where the queue holds the same already, and PreconditionFailed where the finding
    has changed.
    """
    parts = system()
    said = "Noted: it is in hand."
    kept = parts.findings.of(patient_id, _today())
    if not any((k.finding.key, k.finding.state) == (finding.key, finding.state) for k in kept):
        raise PreconditionFailed(_CHANGED)
    for command in commands(
        [finding], patient_id
    ):  # a block is kept and told, so this is no part of the decision
        if task := _waiting(parts.repository_for(principal), patient_id, command):
            raise Waiting(task)
        sent = {**command, "requiresApproval": True}
        answer = process(parts.desk, sent, principal, parts.repository_for(principal))
        if answer["action"] == "blocked":
            raise InvalidInput(f"It can't be proposed: {answer['blockReason']}")
        said = "It waits in the approval queue." if answer["action"] == "queued" else "It is written already."
    _decide(principal, patient_id, finding, "accepted", "", "")
    return said


def dismiss(principal: Principal, patient_id: str, finding: Finding, code: str, words: str) -> None:
    """It stays dismissed until what it rests on changes. Raises InvalidInput without a reason."""
    if code not in REASONS:
        raise InvalidInput("Choose why it is dismissed.")
    reason = REASONS[code] + (f": {words.strip()}" if words.strip() else "")
    _decide(principal, patient_id, finding, "dismissed", reason, "")


def snooze(principal: Principal, patient_id: str, finding: Finding, days: int) -> None:
    until = _today() + dt.timedelta(days=days)
    _decide(principal, patient_id, finding, "snoozed", "", until.isoformat())


def reopen(principal: Principal, patient_id: str, finding: Finding) -> None:
    _decide(principal, patient_id, finding, "", "", "")


def standing(principal: Principal, patient_id: str, finding: Finding) -> Kept | None:
    """Where a finding stands that somebody decided just now; None where it is open or gone."""
    principal.require("search")
    kept = system().findings.of(patient_id, _today())
    return next((k for k in kept if k.finding.key == finding.key and k.decision), None)


def _decide(
    principal: Principal, patient_id: str, finding: Finding, decision: Decision, reason: str, until: str
) -> None:
    principal.require("write")
    parts = system()
    with parts.database.write():
        done = parts.findings.decide(
            patient_id, finding.key, finding.state, decision, reason, until, principal.name, time.time()
        )
        if not done:
            raise PreconditionFailed(_CHANGED)
        parts.audit.write(
            "command_received", action="U", patient_id=patient_id, agent=principal,
            details={"finding": finding.rule, "decision": decision or "reopened"},
        )  # fmt: skip


def evidence_line(item: Basis) -> str:
    """One line of evidence."""
    return f"{values.string(item.text)}{f' ({show_date(item.date)})' if item.date else ''}"


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
