"""Look-ups over raw FHIR JSON by code, word, date and status: what the gold answers are computed with.

Deliberately plain, and ignorant of the lexicon, the index and the bot: whoever writes a question says exactly
which codes and words are meant.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Resource = dict[str, Any]
Group = frozenset[str]
"""References any one of which is enough."""

_DATES = (
    "effectiveDateTime", "authoredOn", "occurrenceDateTime", "performedDateTime", "onsetDateTime", "dateAsserted",
    "recordedDate", "date", "start", "startDate", "created", "birthDate",
)  # fmt: skip
_NAMES = ("code", "medicationCodeableConcept", "vaccineCode", "type", "relationship", "reasonCode")
_WRONG = {"entered-in-error", "cancelled"}


def reference(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def when(resource: Resource) -> str:
    """The clinical date as recorded, "" where there is none."""
    found = next((resource[k] for k in _DATES if isinstance(resource.get(k), str)), None)
    return found or next(
        (
            resource[k].get("start", "")
            for k in ("period", "effectivePeriod", "performedPeriod")
            if k in resource
        ),
        "",
    )


def status(resource: Resource) -> str:
    for key in ("verificationStatus", "clinicalStatus"):
        code = resource.get(key, {}).get("coding", [{}])[0].get("code")
        if code in ("entered-in-error", "refuted") or (key == "clinicalStatus" and code):
            return code
    return resource.get("status") or resource.get("lifecycleStatus") or ""


def label(resource: Resource) -> str:
    """Names and codes of what the resource is, lower-case."""

    def parts() -> Iterator[str]:
        for key in _NAMES:
            concepts = resource.get(key, [])
            for each in concepts if isinstance(concepts, list) else [concepts]:
                if isinstance(each, str):  # an allergy's type
                    continue
                yield each.get("text", "")
                for coding in each.get("coding") or []:
                    yield from (coding.get("code", ""), coding.get("display", ""))
        for key in ("description", "title"):
            value = resource.get(key)
            yield value.get("text", "") if isinstance(value, dict) else value or ""
        kind = resource.get("class")
        yield f"class={kind['code']}" if isinstance(kind, dict) else ""

    return " | ".join(parts()).lower()


@dataclass(frozen=True)
class Point:
    """One measured number. `date` is as recorded; `low` and `high` are the limits given with it."""

    date: str
    value: float
    unit: str
    ref: str
    low: float | None = None
    high: float | None = None

    @property
    def day(self) -> str:
        return self.date[:10]

    @property
    def abnormal(self) -> bool:
        return (self.low is not None and self.value < self.low) or (
            self.high is not None and self.value > self.high
        )


class Chart:
    """One patient's resources as of a day: nothing dated later is there."""

    def __init__(
        self, slug: str, patient_id: str, resources: list[Resource], as_of: str = "2026-06-30"
    ) -> None:
        self.slug, self.id, self.as_of = slug, patient_id, as_of
        self._given = resources
        self.resources = [r for r in resources if self._mine(r)]

    def at(self, as_of: str) -> Chart:
        return Chart(self.slug, self.id, self._given, as_of)

    def _mine(self, resource: Resource) -> bool:
        if resource["resourceType"] == "Patient":
            return resource["id"] == self.id
        owner = f"Patient/{self.id}"
        about = [resource.get(k, {}).get("reference") for k in ("subject", "patient", "beneficiary")]
        about += [p["actor"].get("reference") for p in resource.get("participant", []) if "actor" in p]
        planned = resource["resourceType"] == "Appointment"
        return owner in about and (
            planned or not when(resource)[:10] > self.as_of[: len(when(resource)[:10])]
        )

    # -- selecting -------------------------------------------------------------------------------

    def select(self, selector: str) -> list[Resource]:
        """Resources by "Type:words@date!status": words in the label, the date's beginning, a status; each optional.

        >>> chart.select("MedicationRequest:metformin@2022!stopped")  # doctest: +SKIP
        """
        matched = re.fullmatch(r"(\w+)(?::([^@!]*))?(?:@([\dT:-]*))?(?:!([\w-]+))?", selector)
        if not matched:
            raise ValueError(f"not a selector: {selector}")
        kind, words, date, state = matched.groups()
        return sorted(
            (
                r
                for r in self.resources
                if r["resourceType"] == kind
                and (words or "").lower() in label(r)
                and when(r).startswith(date or "")
                and (status(r) == state if state else status(r) not in _WRONG)
            ),
            key=when,
        )

    def one(self, selector: str) -> Resource:
        """The only resource that matches; a mistake in the question otherwise."""
        found = self.select(selector)
        if len(found) != 1:
            raise LookupError(f"{self.slug}: {len(found)} resources match {selector}")
        return found[0]

    def group(self, selector: str) -> Group:
        """References of all that match, of which one is enough; several selectors are joined by " | "."""
        found = [r for each in selector.split(" | ") for r in self.select(each)]
        if not found:
            raise LookupError(f"{self.slug}: nothing matches {selector}")
        return frozenset(reference(r) for r in found)

    # -- measurements ----------------------------------------------------------------------------

    def points(self, codes: str, since: str = "", until: str = "9999") -> list[Point]:
        """Numbers with any of these codes (LOINC, or the exact name), oldest first; both ends inclusive."""
        wanted = set(codes.split("|"))
        found = [
            point
            for r in self.resources
            if r["resourceType"] == "Observation" and status(r) not in _WRONG
            for point in _points(r, wanted)
        ]
        return sorted(
            (p for p in found if since <= p.date and p.date[: len(until)] <= until), key=lambda p: p.date
        )

    def reports_of(self, refs: set[str]) -> set[str]:
        """Reports that hold these results: citing one beside or instead is no mistake."""
        return {
            reference(r)
            for r in self.resources
            if r["resourceType"] == "DiagnosticReport"
            and refs & {each["reference"] for each in r.get("result", [])}
        }

    # -- the person ------------------------------------------------------------------------------

    @property
    def patient(self) -> Resource:
        return next(r for r in self.resources if r["resourceType"] == "Patient")

    @property
    def born(self) -> dt.date:
        return dt.date.fromisoformat(self.patient["birthDate"])


def _points(resource: Resource, wanted: set[str]) -> Iterator[Point]:
    for item in [resource, *resource.get("component", [])]:
        quantity = item.get("valueQuantity", {})
        concept = item["code"]
        names = {c.get("code") for c in concept.get("coding") or []} | {concept.get("text")}
        if "value" in quantity and names & wanted:
            limits = (item.get("referenceRange") or [{}])[0]
            yield Point(
                when(resource),
                float(quantity["value"]),
                quantity.get("code") or quantity.get("unit", ""),
                reference(resource),
                limits.get("low", {}).get("value"),
                limits.get("high", {}).get("value"),
            )


def years(start: dt.date, end: dt.date) -> int:
    """Completed years."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def first_day(date: str) -> dt.date:
    """The first day that a date of any precision may mean."""
    return dt.date.fromisoformat((date[:10] + "-01-01")[:10] if len(date) < 10 else date[:10])
