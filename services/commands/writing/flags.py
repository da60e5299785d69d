"""FlagAbnormalResult: a Flag on the patient that points at the result (extension flag-detail)."""

from __future__ import annotations

from services.commands.schemas import FlagAbnormalResult
from services.commands.writing.model import Change, Making, made, subject

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/flag-"
_PRIORITY = {"low": ("PL", "Low priority"), "medium": ("PM", "Medium priority"), "high": ("PH", "High priority"),
             "critical": ("PH", "High priority")}  # fmt: skip


def flag(command: FlagAbnormalResult, making: Making) -> list[Change]:
    code, display = _PRIORITY[command.severity]
    priority = {
        "coding": [
            {
                "system": "http://terminology.hl7.org/CodeSystem/flag-priority-code",
                "code": code,
                "display": display,
            }
        ],
        "text": command.severity,
    }
    detail = {"reference": f"Observation/{command.observation_id}"}
    author = making.person()
    resource = made(
        command, 1, "Flag",
        extension=[
            {"url": f"{_EXTENSION}detail", "valueReference": detail},
            {"url": f"{_EXTENSION}priority", "valueCodeableConcept": priority},
        ],
        status="active",
        category=[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/flag-category", "code": "lab",
                               "display": "Lab"}]}],
        code={"text": command.interpretation},
        subject=subject(command),
        period={"start": making.at},
        author={"reference": author} if author else None,
    )  # fmt: skip
    return [Change(resource)]
