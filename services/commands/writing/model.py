"""What the writers share: who and when, and the marks that everything written for the AI carries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from services.chart.chart import Chart
from services.commands.schemas import AICommand
from services.fhir.repository import Resource

_NAMESPACE = uuid.UUID("5c1f3b1e-6f0f-5d2b-9a53-0d1a3f2b7c44")
AI_ASSERTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}
COMMAND = "https://fabric.example/ai-command"


@dataclass(frozen=True, slots=True)
class Making:
    """For whom it is written: the chart as it is now, who asked, who approved (Practitioner references where they are
    people), and when (FHIR instant)."""

    chart: Chart
    requester: str
    approver: str | None
    at: str

    def person(self) -> str | None:
        """The clinician behind it: who approved it, else who asked for it."""
        for reference in (self.approver, self.requester):
            if reference and reference.startswith("Practitioner/"):
                return reference
        return None


@dataclass(frozen=True, slots=True)
class Change:
    """A resource to create, or to put in the place of the version `replaces`."""

    resource: Resource
    replaces: str | None = None


def made(command: AICommand, number: int, resource_type: str, **content: object) -> Resource:
    """A new resource with the id that this command's resource has whenever it is made, marked as the AI's."""
    return {
        "resourceType": resource_type,
        "id": str(uuid.uuid5(_NAMESPACE, f"{command.command_id}/{number}")),
        "meta": {"security": [AI_ASSERTED], "tag": [{"system": COMMAND, "code": command.kind}]},
        **{k: v for k, v in content.items() if v is not None},
    }


def subject(command: AICommand) -> dict[str, str]:
    return {"reference": f"Patient/{command.patient_id}"}


def encounter_of(command: AICommand) -> dict[str, str] | None:
    encounter = getattr(command, "encounter_id", None)
    return {"reference": f"Encounter/{encounter}"} if encounter else None
