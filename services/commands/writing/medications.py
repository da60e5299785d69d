"""SuggestMedicationChange: a MedicationRequest with the intent proposal. It orders nothing: a prescriber does."""

from __future__ import annotations

from services.commands.schemas import Dose, SuggestMedicationChange
from services.commands.writing.model import Change, Making, encounter_of, made, subject

UCUM = "http://unitsofmeasure.org"


def medication_request(command: SuggestMedicationChange, making: Making) -> list[Change]:
    person = making.person()
    held = command.medication_request_id
    said = command.reasoning or f"Suggested: {command.action} {command.medication.display}"
    resource = made(
        command, 1, "MedicationRequest",
        status="draft",
        intent="proposal",
        doNotPerform=True if command.action == "stop" else None,
        medicationCodeableConcept={
            **({"coding": command.medication.codings()} if command.medication.code else {}),
            "text": command.medication.display,
        },
        subject=subject(command),
        encounter=encounter_of(command),
        authoredOn=making.at,
        requester={"reference": person} if person else None,
        reasonCode=[{"text": said}],
        note=[{"time": making.at, "text": f"Proposal: {command.action}."}],
        dosageInstruction=[_dosage(command)] if command.dose or command.dosage or command.route else None,
        priorPrescription={"reference": f"MedicationRequest/{held}"} if held else None,
    )  # fmt: skip
    return [Change(resource)]


def _dosage(command: SuggestMedicationChange) -> dict[str, object]:
    found: dict[str, object] = {}
    if command.dosage:
        found["text"] = command.dosage
    if command.route:
        found["route"] = {"text": command.route}
    if command.dose:
        found["doseAndRate"] = [{"doseQuantity": _quantity(command.dose)}]
        if command.dose.times_per_day:
            found["timing"] = {"repeat": _repeat(command.dose.times_per_day)}
    return found


def _quantity(dose: Dose) -> dict[str, object]:
    return {"value": dose.value, "unit": dose.unit, "system": UCUM, "code": dose.unit}


def _repeat(times: float) -> dict[str, object]:
    """As often in a day; less than once a day as once in so many days."""
    if times == int(times):
        return {"frequency": int(times), "period": 1, "periodUnit": "d"}
    return {"frequency": 1, "period": round(1 / times, 3), "periodUnit": "d"}
