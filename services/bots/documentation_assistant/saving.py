"""Saves a note as a draft: a DocumentReference that nobody has signed, and the Provenance of what it was made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.bots.context import Context
from services.bots.documentation_assistant.body import to_extension
from services.bots.documentation_assistant.kinds import NAME
from services.bots.documentation_assistant.making import Made
from services.bots.documentation_assistant.model import Ref
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.commands.tasks import EXTENSION, instant, versioned
from services.commands.writing.documents import draft_document
from services.commands.writing.model import AI_ASSERTED
from services.fhir.repository import Resource, Stored

_BOT = {"system": "https://fabric.example/bots", "value": NAME}
_TYPES = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_OPERATION = "http://terminology.hl7.org/CodeSystem/v3-DataOperation"


def save(context: Context, made: Made, asked: DocAssistantInput, text: str, sources: Sequence[Ref]) -> str:
    """The DocumentReference's id. Both are written or neither. Raises Forbidden where the caller may not write."""
    at = instant(dt.datetime.now(dt.UTC))
    caller = context.principal.reference
    author = caller if caller.startswith("Practitioner/") else None
    document: Resource = {
        "resourceType": "DocumentReference",
        "meta": {"security": [AI_ASSERTED]},
        "extension": [to_extension(made.body(asked), text)],
        **draft_document(
            (made.kind.loinc, made.kind.display), text, {"reference": f"Patient/{made.visit.chart.patient_id}"},
            {"reference": made.visit.entry.reference}, author, at,
        ),
    }  # fmt: skip
    with context.repository.transaction():
        stored = context.repository.create(document, author=caller)
        context.repository.create(
            _provenance(stored, sources, caller, context.principal.name, made.model, at), author=caller
        )
    return stored.id


def _provenance(
    stored: Stored, sources: Sequence[Ref], caller: str, name: str, model: str, at: str
) -> Resource:
    entities = [{"role": "source", "what": {"reference": f"{r}/_history/{v}"}} for r, v in sources if v]
    return {
        "resourceType": "Provenance",
        "extension": [{"url": f"{EXTENSION}ai-model", "valueString": model}],
        "target": [{"reference": versioned(stored)}],
        "recorded": at,
        "activity": {
            "coding": [{"system": _OPERATION, "code": "CREATE"}],
            "text": "Drafted from the record, not signed",
        },
        "agent": [
            {"type": _agent("assembler"), "who": {"identifier": _BOT, "display": NAME}},
            {"type": _agent("enterer"), "who": {"reference": caller, "display": name}},
        ],
        **({"entity": entities} if entities else {}),
    }


def _agent(code: str) -> Resource:
    return {"coding": [{"system": _TYPES, "code": code}]}
