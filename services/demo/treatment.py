"""What is prescribed, given and done, what must not be given, and what runs in the family."""

from __future__ import annotations

from typing import Any

from services.demo import codes
from services.demo.concepts import concept, hl7
from services.demo.drugs import RXNORM_INGREDIENTS
from services.demo.results import Results

RELATIVES = {
    "FTH": "father",
    "MTH": "mother",
    "SIS": "sister",
    "BRO": "brother",
    "MGRMTH": "maternal grandmother",
}
# doses whose units are things and not measures carry no UCUM code
MEASURED = {"mg": "mg", "mcg": "ug", "units": "[iU]", "g": "g", "mL": "mL"}


def _dose(amount: float, unit: str) -> dict[str, Any]:
    code = MEASURED.get(unit)
    return {"value": amount, "unit": unit} | ({"system": codes.UCUM, "code": code} if code else {})


class Treatment(Results):
    """The part of a chart that holds drugs, allergies, procedures, vaccines and relatives."""

    def _drug(self, drug: str, text: str) -> dict[str, Any]:
        code = RXNORM_INGREDIENTS.get(drug)
        coding = [{"system": codes.RXNORM, "code": code, "display": drug}] if code else None
        return {"coding": coding, "text": text} if coding else {"text": text}

    def med(
        self,
        drug: str,
        days: int,
        text: str,
        sig: str,
        dose: tuple[float, str] | None = None,
        per_day: float = 1,
        *,
        of: str | None = None,
        status: str = "active",
        stopped: str | None = None,
        who: str | None = None,
        prn: bool = False,
        repeats: int | None = None,
        reason: str | None = None,
    ) -> None:
        """A prescription. `of` names the problem it treats; `per_day` below 1 means every few days."""
        if per_day >= 1:
            repeat: dict[str, Any] = {"frequency": int(per_day), "period": 1, "periodUnit": "d"}
        else:
            repeat = {"frequency": 1, "period": round(1 / per_day), "periodUnit": "d"}
        instruction: dict[str, Any] = {"text": sig, "timing": {"repeat": repeat}, "asNeededBoolean": prn}
        if dose:
            instruction["doseAndRate"] = [{"doseQuantity": _dose(*dose)}]
        self.add(
            "MedicationRequest",
            self.numbered(f"rx/{drug.replace(' ', '-')}"),
            status="stopped" if stopped and status == "active" else status,
            statusReason={"text": stopped} if stopped else None,
            intent="order",
            category=[hl7("medicationrequest-category", "community", "Community")],
            medicationCodeableConcept=self._drug(drug, text),
            subject=self.subject,
            encounter=self.link(days),
            authoredOn=self.at(days, 25),
            requester=self.who(days, who),
            reasonReference=self.why(of),
            reasonCode=[{"text": reason}] if reason else None,
            dosageInstruction=[instruction],
            dispenseRequest={"numberOfRepeatsAllowed": repeats} if repeats is not None else None,
        )

    def otc(self, drug: str, days: int, text: str, sig: str, status: str = "active") -> None:
        """Something the patient says they take without a prescription."""
        self.add(
            "MedicationStatement",
            self.numbered(f"otc/{drug.replace(' ', '-')}"),
            status=status,
            medicationCodeableConcept=self._drug(drug, text),
            subject=self.subject,
            effectivePeriod={"start": self.day(days)},
            dateAsserted=self.at(days, 10),
            informationSource=self.subject,
            dosage=[{"text": sig}],
        )

    def allergy(
        self,
        key: str,
        days: int,
        text: str,
        reaction: str | None = None,
        severity: str | None = None,
        *,
        rx: str | None = None,
        category: str = "medication",
        criticality: str | None = None,
        kind: str = "allergy",
        verify: str = "confirmed",
        sct: str | None = None,
        note: str | None = None,
    ) -> None:
        event: dict[str, Any] = {"manifestation": [{"text": reaction}]}
        if severity:
            event["severity"] = severity
        self.add(
            "AllergyIntolerance",
            self.ident(f"allergy/{key}"),
            clinicalStatus=None
            if verify == "entered-in-error"
            else hl7("allergyintolerance-clinical", "active"),
            verificationStatus=hl7("allergyintolerance-verification", verify),
            type=kind,
            category=[category],
            criticality=criticality,
            code=concept(text, rx=rx, sct=sct),
            patient=self.subject,
            recordedDate=self.day(days),
            recorder=self.who(days),
            reaction=[event] if reaction else None,
            note=[{"text": note}] if note else None,
        )

    def no_allergies(self, days: int) -> None:
        """Asked and answered: none. A chart that never says so is "not recorded"."""
        self.add(
            "AllergyIntolerance",
            self.ident("allergy/none"),
            clinicalStatus=hl7("allergyintolerance-clinical", "active"),
            verificationStatus=hl7("allergyintolerance-verification", "confirmed"),
            code=concept("No known allergies", sct="716186003"),
            patient=self.subject,
            recordedDate=self.day(days),
            recorder=self.who(days),
        )

    def proc(
        self,
        key: str,
        days: int,
        text: str,
        sct: str | None = None,
        *,
        site: str | None = None,
        of: str | None = None,
        who: str | None = None,
        status: str = "completed",
    ) -> None:
        self.add(
            "Procedure",
            self.ident(f"procedure/{key}"),
            status=status,
            code=concept(text, sct=sct),
            subject=self.subject,
            encounter=self.link(days),
            performedDateTime=self.at(days, 40),
            performer=[{"actor": self.who(days, who)}],
            bodySite=[{"text": site}] if site else None,
            reasonReference=self.why(of),
        )

    def shots(self, code: str, *days: int, status: str = "completed", why: str | None = None) -> None:
        """A vaccine on each of the days given."""
        for each in days:
            self.add(
                "Immunization",
                self.numbered(f"vaccine/{code}"),
                status=status,
                statusReason={"text": why} if why else None,
                vaccineCode=concept(codes.VACCINES[code], cvx=code),
                patient=self.subject,
                encounter=self.link(each),
                occurrenceDateTime=self.day(each),
                primarySource=True,
                performer=[{"actor": self.who(each)}] if status == "completed" else None,
            )

    def family(
        self, relative: str, *found: tuple[str, int | None], days: int = 400, died: int | None = None
    ) -> None:
        """A relative's illnesses: (what, age at onset), …"""
        name = RELATIVES[relative]
        self.add(
            "FamilyMemberHistory",
            self.numbered(f"family/{relative.lower()}"),
            status="completed",
            patient=self.subject,
            date=self.day(days),
            relationship=hl7("v3-RoleCode", relative, name) | {"text": name},
            deceasedAge=None
            if died is None
            else {"value": died, "unit": "years", "system": codes.UCUM, "code": "a"},
            condition=[
                {"code": {"text": text}}
                | (
                    {"onsetAge": {"value": age, "unit": "years", "system": codes.UCUM, "code": "a"}}
                    if age
                    else {}
                )
                for text, age in found
            ],
        )
