"""A patient's chart while it is being written: ids, dates, problems and encounters.

Every date is a number of days before `as_of`, so a story reads the same whenever the console is first
started. What is written on the day of an encounter is linked to that encounter without being told.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from services.demo import codes, staff
from services.demo.concepts import Resource, concept, hl7
from services.demo.person import Person, birth_date, person_resources

DEFAULT_AS_OF = dt.date(2026, 6, 30)
# resources are handed out in this order, so that a store which checks references can take them one by one
ORDER = (
    "Patient Coverage AllergyIntolerance Condition Encounter FamilyMemberHistory Observation DiagnosticReport "
    "MedicationRequest MedicationStatement Procedure Immunization ServiceRequest Goal CarePlan Appointment "
    "DocumentReference Claim"
)
RANK = {name: number for number, name in enumerate(ORDER.split())}


class ChartBase:
    """Collects one patient's resources. The mixins add what is measured, prescribed and written."""

    def __init__(self, person: Person, as_of: dt.date) -> None:
        self.person, self.as_of = person, as_of
        self.born = birth_date(person, as_of)
        self.patient_id = staff.ident(person.slug)
        self.subject = {
            "reference": f"Patient/{self.patient_id}",
            "display": f"{person.given} {person.family}",
        }
        self.resources: list[Resource] = []
        self.height: float | None = None
        self._counts: dict[str, int] = {}
        self._visits: dict[int, tuple[Resource, str, int]] = {}  # day: encounter reference, clinician, hour
        self._conditions: dict[str, Resource] = {}
        self._dates: dict[int, str] = {}
        died = None if person.died is None else self.at(person.died)
        self.resources.extend(person_resources(person, self.born, died))

    # -- ids and dates ---------------------------------------------------------------------------

    def ident(self, slug: str) -> str:
        return str(uuid.uuid5(staff.NAMESPACE, f"{self.person.slug}/{slug}"))

    def numbered(self, slug: str) -> str:
        """The id of the next resource of a kind: "obs/hba1c/1", "obs/hba1c/2", …"""
        count = self._counts[slug] = self._counts.get(slug, 0) + 1
        return self.ident(f"{slug}/{count}")

    def day(self, days: int) -> str:
        """ISO date, `days` before the cohort's date (a negative number lies ahead)."""
        if days not in self._dates:
            self._dates[days] = (self.as_of - dt.timedelta(days=days)).isoformat()
        return self._dates[days]

    def at(self, days: int, minutes: int = 0) -> str:
        """Date and time: on a day with an encounter, `minutes` after its start; else in the afternoon, UTC."""
        hour = self._visits[days][2] if days in self._visits else 15
        extra, minute = divmod(minutes, 60)
        return f"{self.day(days)}T{min(hour + extra, 23):02d}:{minute:02d}:00Z"

    def d(self, days: int) -> str:
        """A date as clinicians write it in a note: 05-Mar-2026."""
        return (self.as_of - dt.timedelta(days=days)).strftime("%d-%b-%Y")

    def at_age(self, months: int) -> int:
        """How many days ago the patient was `months` old."""
        return (self.as_of - self.born).days - round(months * 30.4375)

    # -- writing ---------------------------------------------------------------------------------

    def add(self, kind: str, ident: str, **fields: Any) -> Resource:
        resource = {"resourceType": kind, "id": ident}
        resource.update((name, value) for name, value in fields.items() if value not in (None, []))
        self.resources.append(resource)
        return resource

    def link(self, days: int) -> Resource | None:
        """Reference to the encounter that covers a day."""
        return self._visits[days][0] if days in self._visits else None

    def who(self, days: int, given: str | None = None) -> Resource:
        """Reference to the clinician named, or of that day's encounter, or the patient's own."""
        on_duty = self._visits[days][1] if days in self._visits else self.person.clinician
        return staff.clinician_ref(given or on_duty)

    def why(self, key: str | None) -> list[Resource]:
        """A reference to a problem by its key, for reasons and diagnoses."""
        if key is None:
            return []
        text = self._conditions[key]["code"]["text"]
        return [{"reference": f"Condition/{self.ident(f'condition/{key}')}", "display": text}]

    def finished(self) -> list[Resource]:
        """The chart in dependency order."""
        return sorted(self.resources, key=lambda resource: RANK[resource["resourceType"]])

    # -- problems and encounters -----------------------------------------------------------------

    def cond(
        self,
        key: str,
        days: int,
        text: str,
        icd: str | None = None,
        sct: str | None = None,
        *,
        status: str = "active",
        verify: str = "confirmed",
        ended: int | None = None,
        site: str | None = None,
        note: str | None = None,
    ) -> None:
        """A problem, `days` after whose onset we are. `ended` (days ago) makes it resolved."""
        wrong = verify == "entered-in-error"  # FHIR: then there is no clinical status
        state = "resolved" if ended is not None else status
        self._conditions[key] = self.add(
            "Condition",
            self.ident(f"condition/{key}"),
            clinicalStatus=None if wrong else hl7("condition-clinical", state),
            verificationStatus=hl7("condition-ver-status", verify),
            category=[hl7("condition-category", "problem-list-item", "Problem List Item")],
            code=concept(text, icd=icd, sct=sct),
            bodySite=[{"text": site}] if site else None,
            subject=self.subject,
            onsetDateTime=self.day(days),
            abatementDateTime=None if ended is None or wrong else self.day(ended),
            recordedDate=self.day(days),
            recorder=self.who(days),
            note=[{"text": note}] if note else None,
        )

    def enc(
        self,
        days: int,
        kind: str = "visit",
        reason: str = "",
        *,
        who: str | None = None,
        dx: str | list[str] = "",
        until: int | None = None,
        status: str = "finished",
        went: str | None = None,
    ) -> None:
        """An encounter. For an admission, `until` is the day of discharge and `went` where to."""
        letter, display, code, text = codes.ENCOUNTERS[kind]
        clinician = who or self.person.clinician
        inside = letter in ("IMP", "EMER")
        place = {"ed": "emergency", "admit": "ward", "surgery": "theatre"}.get(kind, "clinic-rooms")
        ident = self.numbered(f"encounter/{kind}")
        hour = 14 + int(ident[:4], 16) % 4
        link = {"reference": f"Encounter/{ident}", "display": f"{text}: {reason}" if reason else text}
        last = days if until is None else until
        for each in range(last, days + 1):
            self._visits.setdefault(each, (link, clinician, hour))
        start = f"{self.day(days)}T{hour:02d}:00:00Z"
        end = f"{self.day(last)}T{hour + (4 if inside else 0):02d}:{0 if inside else 30:02d}:00Z"
        keys = [dx] if isinstance(dx, str) and dx else list(dx)
        self.add(
            "Encounter",
            ident,
            status=status,
            **{"class": {"system": codes.HL7 + "v3-ActCode", "code": letter, "display": display}},
            type=[concept(text, sct=code)],
            serviceType={"text": staff.CLINICIANS[clinician][3]},
            subject=self.subject,
            participant=[{"individual": staff.clinician_ref(clinician)}],
            period={"start": start, "end": end},
            reasonCode=[{"text": reason}] if reason else None,
            diagnosis=[{"condition": self.why(key)[0], "rank": rank} for rank, key in enumerate(keys, 1)],
            hospitalization={"dischargeDisposition": {"text": went}} if went else None,
            location=[{"location": staff.location_ref(place)}],
            serviceProvider=staff.organisation_ref(staff.HOSPITAL if inside else staff.CLINIC),
        )
