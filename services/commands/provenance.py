"""Provenance of what was written or decided: the bot, the model and its prompt, the evidence, and the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from services.commands.schemas import AICommand
from services.commands.tasks import EXTENSION, versioned
from services.fhir.repository import Resource, Stored

_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_ROLE = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"
PROCESSOR = {"system": "https://fabric.example/bots", "value": "command-processor-bot"}
ACTIVITIES = {
    "execute": ("CREATE", "Written without a person, as the policy allows"),
    "approve": ("CREATE", "Approved and written"),
    "reject": ("NULLIFY", "Rejected"),
    "expire": ("ABORT", "Expired before anybody decided"),
}


def provenance(
    activity: Literal["execute", "approve", "reject", "expire"],
    command: AICommand,
    targets: Sequence[Stored],
    evidence: Sequence[Stored],
    *,
    policy: str,
    requester: dict[str, str],
    decider: dict[str, str] | None,
    at: str,
    task: Stored | None = None,
    replaced: Sequence[str] = (),
    reason: str = "",
) -> Resource:
    """`targets` and `evidence` are named with their versions; `replaced` are versioned references to what was there
    before; `task` is the proposal as it was decided on: it holds what was proposed, and its next version what was
    written where that was edited."""
    code, text = ACTIVITIES[activity]
    agents: list[Resource] = [
        {"type": _agent("assembler"), "who": {"identifier": PROCESSOR, "display": command.ai_model}},
        {"type": _agent("enterer"), "who": requester},
    ]
    if decider:
        agents.append({"type": _agent("verifier"), "who": decider})
    entities = [{"role": "source", "what": {"reference": versioned(e)}} for e in evidence]
    entities += [{"role": "revision", "what": {"reference": r}} for r in replaced]
    if task is not None:
        entities.append({"role": "derivation", "what": {"reference": versioned(task)}})
    facts = {
        "ai-model": command.ai_model,
        "ai-prompt-hash": command.prompt_hash,
        "ai-content-hash": command.content_hash(),
        "ai-command-id": command.command_id,
        "ai-policy": policy,
    }
    return {
        "resourceType": "Provenance",
        "extension": [{"url": f"{EXTENSION}{k}", "valueString": v} for k, v in facts.items() if v],
        "target": [{"reference": versioned(t)} for t in targets],
        "recorded": at,
        "activity": {"coding": [{"system": _ROLE, "code": code}], "text": text},
        **({"reason": [{"text": reason}]} if reason else {}),
        "agent": agents,
        **({"entity": entities} if entities else {}),
    }


def _agent(code: str) -> Resource:
    return {"coding": [{"system": _TYPES, "code": code}]}
