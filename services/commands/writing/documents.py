"""Notes, summaries and referral letters: DocumentReferences that stay preliminary until somebody signs them."""

from __future__ import annotations

import base64
import hashlib

from services.commands.schemas import (
    AICommand,
    CreateEncounterNoteDraft,
    QueueReferralLetter,
    SummarizePatientHistory,
)
from services.commands.writing.model import Change, Making, encounter_of, made, subject
from services.fhir.repository import Resource

LOINC = "http://loinc.org"
_NOTES = {
    "progress": ("11506-3", "Progress note"),
    "discharge": ("18842-5", "Discharge summary"),
    "consultation": ("11488-4", "Consult note"),
}
_SUMMARY = ("34133-9", "Summary of episode note")
_REFERRAL = ("57133-1", "Referral note")


def note(command: CreateEncounterNoteDraft, making: Making) -> list[Change]:
    return [Change(_document(command, making, 1, _NOTES[command.note_type], command.content))]


def summary(command: SummarizePatientHistory, making: Making) -> list[Change]:
    return [Change(_document(command, making, 1, _SUMMARY, command.summary))]


def referral(command: QueueReferralLetter, making: Making) -> list[Change]:
    """The order, and the letter that goes with it."""
    letter = _document(command, making, 2, _REFERRAL, command.content)
    person = making.person()
    order = made(
        command, 1, "ServiceRequest",
        status="active",
        intent="order",
        category=[{"coding": [{"system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral"}]}],
        priority=command.urgency,
        code={"text": f"Referral to {command.specialty}"},
        performerType={"text": command.specialty},
        performer=[{"reference": command.recipient}] if command.recipient else None,
        subject=subject(command),
        encounter=encounter_of(command),
        authoredOn=making.at,
        requester={"reference": person} if person else None,
        reasonCode=[{"text": command.reason}],
        supportingInfo=[{"reference": f"DocumentReference/{letter['id']}"}],
    )  # fmt: skip
    letter["context"] = {
        **letter.get("context", {}),
        "related": [{"reference": f"ServiceRequest/{order['id']}"}],
    }
    return [Change(order), Change(letter)]


def _document(command: AICommand, making: Making, number: int, kind: tuple[str, str], text: str) -> Resource:
    return made(
        command, number, "DocumentReference",
        **draft_document(kind, text, subject(command), encounter_of(command), making.person(), making.at),
    )  # fmt: skip


def draft_document(
    kind: tuple[str, str],
    text: str,
    patient: Resource,
    encounter: Resource | None,
    author: str | None,
    at: str,
) -> Resource:
    """The elements of a draft as a DocumentReference, without type, id and meta. `kind` is a LOINC code and its display;
    `patient` and `encounter` are References; `author` is the reference of a Practitioner; `at` a FHIR instant."""
    content = text.encode()
    code, display = kind
    return {
        "status": "current",
        "docStatus": "preliminary",
        "type": {"coding": [{"system": LOINC, "code": code, "display": display}], "text": display},
        "category": [{"coding": [{"system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
                                  "code": "clinical-note", "display": "Clinical Note"}]}],
        "subject": patient,
        "date": at,
        **({"author": [{"reference": author}]} if author else {}),
        "description": f"{display}, draft",
        "content": [{"attachment": {
            "contentType": "text/plain; charset=utf-8",
            "data": base64.b64encode(content).decode(),
            "size": len(content),
            "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),  # FHIR asks for SHA-1
            "title": display,
            "creation": at,
        }}],
        **({"context": {"encounter": [encounter]}} if encounter else {}),
    }  # fmt: skip
