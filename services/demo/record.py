"""The paperwork of a chart: orders, plans, appointments, notes and claims."""

from __future__ import annotations

import base64

from services.demo import codes, staff
from services.demo.concepts import concept, hl7
from services.demo.documents import FORMATS, reflow
from services.demo.treatment import Treatment

US_CORE_DOC = "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category"


class Chart(Treatment):
    """A whole chart: what the stories write into."""

    def order(
        self,
        key: str,
        days: int,
        text: str,
        status: str = "active",
        *,
        of: str | None = None,
        due: int | None = None,
    ) -> None:
        """A referral or test asked for; `due` is in days ahead."""
        self.add(
            "ServiceRequest",
            self.ident(f"order/{key}"),
            status=status,
            intent="order",
            code={"text": text},
            subject=self.subject,
            encounter=self.link(days),
            occurrenceDateTime=None if due is None else self.day(-due),
            authoredOn=self.at(days, 28),
            requester=self.who(days),
            reasonReference=self.why(of),
        )

    def plan(
        self, key: str, days: int, title: str, *steps: str, of: str | None = None, goal: str = ""
    ) -> None:
        """A care plan with its steps, and the goal it serves."""
        goals = []
        if goal:
            ident = self.ident(f"goal/{key}")
            goals = [{"reference": f"Goal/{ident}", "display": goal}]
            self.add(
                "Goal",
                ident,
                lifecycleStatus="active",
                description={"text": goal},
                subject=self.subject,
                startDate=self.day(days),
                addresses=self.why(of),
            )
        self.add(
            "CarePlan",
            self.ident(f"plan/{key}"),
            status="active",
            intent="plan",
            title=title,
            subject=self.subject,
            encounter=self.link(days),
            period={"start": self.day(days)},
            created=self.at(days, 28),
            author=self.who(days),
            addresses=self.why(of),
            goal=goals,
            activity=[
                {"detail": {"status": "in-progress", "description": step, "code": {"text": step}}}
                for step in steps
            ],
        )

    def appointment(self, ahead: int, text: str, who: str | None = None) -> None:
        """Something booked, `ahead` days after the cohort's date."""
        day = self.day(-ahead)
        self.add(
            "Appointment",
            self.numbered("appointment"),
            status="booked",
            description=text,
            start=f"{day}T15:00:00Z",
            end=f"{day}T15:30:00Z",
            participant=[
                {"actor": self.subject, "status": "accepted"},
                {"actor": staff.clinician_ref(who or self.person.clinician), "status": "accepted"},
            ],
        )

    def note(
        self,
        kind: str,
        days: int,
        text: str,
        *,
        who: str | None = None,
        fmt: str = "txt",
        title: str | None = None,
        status: str = "current",
    ) -> None:
        """A clinician's note, its text joined into paragraphs and stored in the format asked for."""
        loinc, wording = codes.NOTES[kind]
        mime, encode = FORMATS[fmt]
        data = encode(reflow(text))
        self.add(
            "DocumentReference",
            self.numbered(f"note/{kind}"),
            status=status,
            docStatus="entered-in-error" if status == "entered-in-error" else "final",
            type=concept(wording, loinc=loinc),
            category=[
                {"coding": [{"system": US_CORE_DOC, "code": "clinical-note", "display": "Clinical Note"}]}
            ],
            subject=self.subject,
            date=self.at(days, 100),
            author=[self.who(days, who)],
            custodian=staff.organisation_ref(staff.CLINIC),
            description=title or wording,
            content=[
                {
                    "attachment": {
                        "contentType": mime,
                        "data": base64.b64encode(data).decode(),
                        "size": len(data),
                        "title": title or wording,
                        "creation": self.at(days, 100),
                    }
                }
            ],
            context={"encounter": [link]} if (link := self.link(days)) else None,
        )

    def claim(self, days: int, *lines: tuple[str, float], dx: str | list[str]) -> None:
        """The bill for a past encounter: bare procedure codes with charges, and the problems they served."""
        keys = [dx] if isinstance(dx, str) else dx
        self.add(
            "Claim",
            self.numbered("claim"),
            status="active",
            type=hl7("claim-type", "professional", "Professional"),
            use="claim",
            patient=self.subject,
            created=self.day(days),
            provider=self.who(days),
            insurer=staff.organisation_ref(staff.PAYER),
            priority=hl7("processpriority", "normal"),
            diagnosis=[
                {"sequence": number, "diagnosisCodeableConcept": self._conditions[key]["code"]}
                for number, key in enumerate(keys, 1)
            ],
            insurance=[
                {
                    "sequence": 1,
                    "focal": True,
                    "coverage": {"reference": f"Coverage/{self.ident('coverage')}"},
                }
            ],
            item=[
                {
                    "sequence": number,
                    "diagnosisSequence": list(range(1, len(keys) + 1)),
                    "productOrService": {"coding": [{"system": codes.CPT, "code": code}]},
                    "servicedDate": self.day(days),
                    "unitPrice": {"value": price, "currency": "USD"},
                    "net": {"value": price, "currency": "USD"},
                }
                | ({"encounter": [self.link(days)]} if self.link(days) else {})
                for number, (code, price) in enumerate(lines, 1)
            ],
            total={"value": sum(price for _code, price in lines), "currency": "USD"},
        )
