"""An earlier output of the AI: what it stood on, and the same computed anew from the record as it was then."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from services.accounts.roles import Principal
from services.bots.billing_code_suggester.handler import suggested, told
from services.bots.billing_code_suggester.schemas import BillingInput, BillingOutput
from services.bots.clinical_decision_support import handler as clinical_decision_support
from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.model import Finding
from services.bots.context import Context, read_input
from services.bots.documentation_assistant.making import make
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.bots.rag_pipeline import generation
from services.bots.rag_pipeline import handler as answers
from services.chart.chart import Charts
from services.console import replaying_executed
from services.console.dates import show_moment
from services.console.replaying_executed import findings_lines
from services.console.replaying_kept import BOTS, RECORD, Output, digest, find, keep, keep_edit, now
from services.console.replaying_past import Past
from services.console.replaying_recorded import lines_of, recorded
from services.errors import FabricError, Forbidden, InvalidInput, NotFound
from services.fhir.repository import Repository, Stored
from services.index.text import render
from services.runtime.system import system

if TYPE_CHECKING:
    from services.bots.rag_pipeline.schemas import RAGPipelineOutput
    from services.console.billing_codes import Codes
    from services.console.findings import Findings

__all__ = ["BOTS", "RECORD", "Again", "Change", "Output", "Shown", "again", "keep_answer", "keep_billing", "keep_findings",
           "keep_sent", "opened"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that an output stood on: what it is called, its version then, and what became of it since: "" for
    nothing, "changed" or "deleted"."""

    reference: str
    version: str
    since: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An output as it is opened: in words what was asked, by whom and when, and on what it stood."""

    output: Output
    asked: str
    when: str
    who: str
    evidence: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """The same computed anew. `lines` are (text, mark): "same", "new" (not said then) or "gone" (said then and not now; the
    words only where they were kept). `equal`: nothing is new or gone."""

    lines: tuple[tuple[str, str], ...]
    equal: bool
    model: str
    note: str = ""


# Keeping


def keep_answer(principal: Principal, value: dict[str, Any], output: RAGPipelineOutput, output_id: str, at: str) -> None:
    """An answer of the Ask page. `value` is what was asked of the bot, `at` when."""
    by_model = output.model_used != answers.RECORD
    keep(
        principal, "answers", value["patientId"], {**value, "asOf": at[:10]}, [s.text for s in output.sentences],
        [(c.source, c.version) for c in output.citations or ()], at=at, output_id=output_id,
        model=output.model_used if by_model else RECORD, prompt=generation.INSTRUCTIONS if by_model else "",
        found=output.answered, trouble=output.message or "", millis=output.total_time_ms,
    )  # fmt: skip


def keep_findings(principal: Principal, patient_id: str, found: Findings, millis: float = 0.0) -> str:
    """The open and decided findings of a patient as the page shows them; the output's id."""
    every = [line.finding for line in (*found.open, *found.decided)]
    evidence = [(b.reference, b.version) for f in every for b in (*f.evidence, *f.against)]
    return keep(principal, "findings", patient_id, {"patientId": patient_id}, sorted(map(_finding, every)), evidence,
                at=now(), found=bool(every), millis=millis, once=True)  # fmt: skip


def keep_billing(principal: Principal, codes: Codes, millis: float = 0.0) -> str:
    """The codes that are suggested of an encounter; the output's id."""
    asked = {"patientId": codes.patient, "encounterId": codes.encounter, "includeHistoricalAnalysis": True}
    visit = codes.found.visit.entry
    lines = _codes(codes.output)
    return keep(principal, "billing", codes.patient, asked, lines, [(visit.reference, visit.version)], at=now(),
                found=bool(lines), millis=millis, once=True)  # fmt: skip


def keep_sent(output_id: str, codes: Codes) -> None:
    """What of the suggested codes was sent for approval."""
    chosen = [*codes.chosen.diagnoses, *(line.code for line in codes.chosen.services)]
    keep_edit("billing", output_id, [line.partition(" ")[0] for line in _codes(codes.output)], chosen)


def _finding(found: Finding) -> str:
    return f"{found.severity.capitalize()}: {found.title}. {found.reason} {found.recommendation}"


def _codes(output: BillingOutput) -> list[str]:
    return [f"{c.code} {c.display}" for c in (*output.icd10_codes, *output.cpt_codes)]


# Opening


def opened(principal: Principal, output_id: str) -> Shown:
    """Raises NotFound where there is no such output or the patient isn't this person's to see, Forbidden for a role that
    may not."""
    principal.require("evaluate")
    repository = system().repository_for(principal)
    output = find(output_id) or replaying_executed.find(output_id) or recorded(repository, system().repository, output_id)
    if output is None or repository.find(f"Patient/{output.patient}") is None:
        raise NotFound("There is no such output of the AI, or you may not see it.")
    return Shown(
        output, _asked(output), show_moment(output.at, system().settings.timezone), _who(repository, output.member),
        tuple(_change(repository, r, v) for r, v in output.evidence),
    )  # fmt: skip


def _asked(output: Output) -> str:
    if output.bot == "answers":
        return str(output.input.get("question", ""))
    if output.bot == "drafts":
        return f"A note: {output.input.get('documentationType', '')}"
    return {"findings": "All findings of the patient", "billing": "The codes of an encounter"}.get(output.bot, "A proposal")


def _who(repository: Repository, member: str) -> str:
    account = next((m for m in system().accounts.members() if m.reference == member), None)
    return account.name if account else member


def _change(repository: Repository, reference: str, version: str) -> Change:
    stored = repository.find(reference)
    then = stored if stored and stored.version == version else _then(repository, reference, version)
    rendered = render(then.resource, lambda _: None) if then and then.body else None
    since = "deleted" if stored is None else "" if stored.version == version else "changed"
    return Change(reference, version, since, rendered.title if rendered else "")


def _then(repository: Repository, reference: str, version: str) -> Stored | None:
    kind, _, name = reference.partition("/")
    try:
        return repository.vread(kind, name, version)
    except FabricError:
        return None


# Again


def again(principal: Principal, output_id: str) -> Again:
    """Computes an output anew from the versions of the record that were current then.

    Raises what `opened` and the bot raise; Forbidden for whoever may see a part of the record only.
    """
    output = opened(principal, output_id).output
    parts = system()
    if parts.repository_for(principal).view:
        raise Forbidden("It rests on the whole record, of which your access policy shows you a part only.")
    if output.bot not in _RUN:
        raise InvalidInput("A proposal is made of another output of the AI and isn't computed by itself.")
    past = cast(Repository, Past(parts.repository, output.at))
    context = dataclasses.replace(parts.context(principal), repository=past, charts=Charts())
    lines, model = _RUN[output.bot](context, output)
    return _compared(output, lines, model)


def _answers(context: Context, output: Output) -> tuple[list[str], str]:
    asked = {**output.input, "asOf": output.input.get("asOf") or output.at[:10], "generate": output.model != RECORD}
    made = answers.handle(context, asked)
    return [s.text for s in made.sentences], RECORD if made.model_used == answers.RECORD else made.model_used


def _findings(context: Context, output: Output) -> tuple[list[str], str]:
    if output.version:  # a program asked for some of them
        asked = {**output.input, "asOf": output.input.get("asOf") or output.at, "generate": False, "generateCommands": False}
        return findings_lines(clinical_decision_support.handle(context, asked)), RECORD
    moment = dt.datetime.fromisoformat(output.at)
    return sorted(map(_finding, analyse(context.repository, context.charts, output.patient, at=moment).findings)), RECORD


def _billing(context: Context, output: Output) -> tuple[list[str], str]:
    asked = read_input(BillingInput, {**output.input, "asOf": output.input.get("asOf") or output.at[:10]})
    return _codes(told(suggested(context, asked), asked)), RECORD


def _draft(context: Context, output: Output) -> tuple[list[str], str]:
    asked = read_input(DocAssistantInput, {**output.input, "asOf": output.input.get("asOf") or output.at[:10], "saveDraft": False})
    made = make(context, asked)
    return lines_of(made.body(asked)), made.model


_RUN = {"answers": _answers, "findings": _findings, "billing": _billing, "drafts": _draft}


def _compared(output: Output, lines: Sequence[str], model: str) -> Again:
    """By the hashes of the lines, in the order of the new ones."""
    left = list(output.hashes)
    words = dict(zip(output.hashes, output.words or (), strict=False))
    told_: list[tuple[str, str]] = []
    for line in lines:
        key = digest(line)
        same = key in left
        if same:
            left.remove(key)
        told_.append((line, "same" if same else "new"))
    told_ += [(words.get(key, "A line whose words were not kept"), "gone") for key in left]
    note = ""
    if output.model != RECORD:
        note = "A model had a part in it; a model may word the same evidence otherwise."
        if model == RECORD:
            note = "No model had a part this time: what follows is the record's own answer."
    return Again(tuple(told_), all(mark == "same" for _, mark in told_), model, note)
