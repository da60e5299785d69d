"""A foreign chart as raw JSON: what is known at an instant, stays, series, periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.answers.oracle import Chart, Point, Resource, label, reference, status, when

Window = Callable[["Record"], tuple[str, str]]
"""Beginning and end of a period as local times, both inclusive; cut to each other's precision when compared."""


class Record(Chart):
    """One person's resources as of an instant. Times are compared as they are written, in the record's own zone."""

    def __init__(self, slug: str, patient_id: str, resources: list[Resource], as_of: str) -> None:
        super().__init__(slug, patient_id, resources, as_of)
        self._by_reference = {reference(r): r for r in resources}

    def at(self, as_of: str) -> Record:
        return Record(self.slug, self.id, self._given, as_of)

    def _mine(self, resource: Resource) -> bool:
        if resource["resourceType"] in ("Patient", "Medication", "Location"):
            return resource["resourceType"] != "Patient" or resource["id"] == self.id
        owner = f"Patient/{self.id}"
        about = [resource.get(k, {}).get("reference") for k in ("subject", "patient", "beneficiary")]
        date, now = when(resource)[:16], self.as_of[:16]
        return owner in about and not date[: len(now)] > now[: len(date)]

    def follow(self, link: Resource | None) -> Resource:
        """What a reference points to; empty where it is not in this chart."""
        return self._by_reference.get((link or {}).get("reference", ""), {})

    @property
    def today(self) -> dt.date:
        return dt.date.fromisoformat(self.as_of[:10])

    def dated(self, resource: Resource) -> str:
        """A resource's own date, else the one at which its encounter began."""
        own = when(resource)
        return own or when(self.follow(resource.get("encounter")))

    def named(self, resource: Resource) -> str:
        """All names and codes of what the resource is, lower-case; of a drug also those behind its reference."""
        held = self.follow(resource.get("medicationReference"))
        known = [i.get("value", "") for i in held.get("identifier", [])]
        plan = (
            [c.get("text", "") for c in resource.get("category", [])]
            if resource["resourceType"] == "CarePlan"
            else []
        )
        return " | ".join([label(resource), label(held) if held else "", *known, *plan]).lower()

    # -- stays -----------------------------------------------------------------------------------

    @property
    def stays(self) -> list[Resource]:
        """Hospital stays, oldest first: what was admitted to somewhere; ED visits and practice visits are none."""
        found = [
            r
            for r in self.resources
            if r["resourceType"] == "Encounter" and (_class(r) == "IMP" or _admitted_in_emergency(r))
        ]
        return sorted(found, key=when)

    def encounters(self, kind: str) -> list[Resource]:
        """All of an act class: AMB, EMER (those of the emergency department), IMP."""
        found = [
            r
            for r in self.resources
            if r["resourceType"] == "Encounter" and _class(r) == kind and not _admitted_in_emergency(r)
        ]
        return sorted(found, key=when)

    # -- selecting -------------------------------------------------------------------------------

    def pick(
        self, kinds: str, words: str = "", window: Window | None = None, *, state: str = ""
    ) -> list[Resource]:
        """Resources of any of the kinds ("Procedure MedicationRequest") that have one of the words ("a|b"), lie in
        the window and have the state, oldest first; what is wrong, cancelled or not done is left out."""
        start, end = window(self) if window else ("", "9999")
        alternatives = words.lower().split("|")
        wrong = {"entered-in-error", "cancelled", "not-done"} - {state}
        found = [
            r
            for r in self.resources
            if r["resourceType"] in kinds.split()
            and (not words or any(w in self.named(r) for w in alternatives))
            and within(self.dated(r), start, end)
            and (status(r) == state if state else status(r) not in wrong)
        ]
        return sorted(found, key=self.dated)

    def series(self, codes: str, window: Window | None = None) -> list[Point]:
        """Numbers with any of the codes ("50912|2160-0") in the window, oldest first."""
        start, end = window(self) if window else ("", "9999")
        return [p for p in self.points(codes) if within(p.date, start, end)]


def _class(encounter: Resource) -> str:
    return encounter.get("class", {}).get("code", "")


def _admitted_in_emergency(encounter: Resource) -> bool:
    """MIMIC classes an emergency admission EMER too; only hospital stays name a service there."""
    services = encounter.get("serviceType", {}).get("coding", [{}])[0].get("system", "")
    return _class(encounter) == "EMER" and services.endswith("mimic-services")


def local(date: str) -> str:
    """Date and clock time as written, without seconds and zone."""
    return date[:16]


def within(date: str, start: str, end: str) -> bool:
    date = local(date)
    return start[: len(date)] <= date and date[: len(end)] <= end


# -- windows -------------------------------------------------------------------------------------


def stay(which: int) -> Window:
    """The time of a hospital stay; an open one lasts until now."""

    def window(r: Record) -> tuple[str, str]:
        period = r.stays[which]["period"]
        return local(period["start"]), local(period.get("end", "9999"))

    return window


def visit(kind: str, which: int) -> Window:
    def window(r: Record) -> tuple[str, str]:
        period = r.encounters(kind)[which]["period"]
        return local(period["start"]), local(period.get("end", "9999"))

    return window


def on(prefix: str) -> Window:
    """A day, month or year by the beginning of its dates."""
    return lambda _r: (prefix, prefix)


def since(start: str) -> Window:
    return lambda _r: (start, "9999")


def before(end: str) -> Window:
    """Up to and with that day, month or year."""
    return lambda _r: ("", end)


def between(start: str, end: str) -> Window:
    return lambda _r: (start, end)


def ago(days: int) -> Window:
    """The day so many days before the question."""

    def window(r: Record) -> tuple[str, str]:
        day = str(r.today - dt.timedelta(days=days))
        return day, day

    return window


def last_days(days: int) -> Window:
    return lambda r: (str(r.today - dt.timedelta(days=days)), "9999")


def last_hours(hours: int) -> Window:
    def window(r: Record) -> tuple[str, str]:
        now = dt.datetime.fromisoformat(r.as_of[:16])
        return (now - dt.timedelta(hours=hours)).isoformat()[:16], "9999"

    return window


def this_month(r: Record) -> tuple[str, str]:
    return r.as_of[:7], r.as_of[:7]


def this_year(r: Record) -> tuple[str, str]:
    return r.as_of[:4], r.as_of[:4]


def last_month(r: Record) -> tuple[str, str]:
    month = (r.today.replace(day=1) - dt.timedelta(days=1)).isoformat()[:7]
    return month, month


def last_year(r: Record) -> tuple[str, str]:
    return str(r.today.year - 1), str(r.today.year - 1)


def names(resource: Resource, record: Record) -> Iterator[str]:
    """What a person would call the thing, best first."""
    held: dict[str, Any] = record.follow(resource.get("medicationReference"))
    for key in ("code", "medicationCodeableConcept", "vaccineCode", "type"):
        for source in (resource, held):
            concepts = source.get(key) or []
            for each in concepts if isinstance(concepts, list) else [concepts]:
                if isinstance(each, str):
                    continue
                for text in (
                    each.get("text"),
                    *(c.get("display") or c.get("code") for c in each.get("coding", [])),
                ):
                    if text:
                        yield text
    for each in resource.get("category", []) if resource["resourceType"] == "CarePlan" else []:
        yield each["text"]
