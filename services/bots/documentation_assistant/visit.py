"""The visit that a note is about: its time, and which entries of the chart belong to it."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from services.bots.documentation_assistant.result_kinds import category, test_of
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.stays import is_inpatient, stays
from services.errors import InvalidInput
from services.index.text import values

_READ = (
    "patient", "encounter", "condition", "medication", "allergy", "result", "report", "document", "procedure", "immunization",
    "family", "order", "plan", "appointment",
)  # fmt: skip
"""The kinds of entries that notes are made of."""
_LINKS = ("encounter", "context")


@dataclass(frozen=True)
class Visit:
    """`encounters`: the encounter, what is part of it, and the emergency visit that led to the admission. `day` is the
    last day of it, or the day of asking where it goes on: what holds is told as of then."""

    chart: Chart
    entry: Entry
    encounters: tuple[Entry, ...]

    @functools.cached_property
    def inpatient(self) -> bool:
        return is_inpatient(self.entry)

    @functools.cached_property
    def first(self) -> dt.date | None:
        return min((e.first for e in self.encounters if e.first), default=None)

    @functools.cached_property
    def day(self) -> dt.date:
        ended = days(self.entry.end)
        if ended:
            return min(ended[1], self.chart.as_of)
        over = self.entry.status not in ("in-progress", "arrived", "triaged", "onleave")
        if over and self.entry.last and not self.inpatient:
            return min(self.entry.last, self.chart.as_of)
        return self.chart.as_of

    @functools.cached_property
    def tested(self) -> tuple[tuple[str, tuple, Entry], ...]:
        """The chart's results, each with its category and its test, oldest first."""
        return tuple((category(e), test_of(e), e) for e in self.chart.entries("result"))

    @functools.cached_property
    def _references(self) -> frozenset[str]:
        return frozenset(e.reference for e in self.encounters)

    @functools.cached_property
    def _reported(self) -> frozenset[str]:
        """Results that a report of this visit names: many systems link only the report to the visit."""
        return frozenset(
            str(r)
            for e in self.chart.entries("report")
            if self._linked(e)
            for r in e.extra.get("results") or ()
        )

    @functools.cached_property
    def _held(self) -> dict[str, bool]:
        return {}

    def holds(self, entry: Entry) -> bool:
        """Whether the entry is of this visit: linked to it; or linked to none, and dated within it."""
        reference = entry.reference
        held = self._held.get(reference)
        if held is None:
            held = self._held[reference] = self._is_of(entry)
        return held

    def _is_of(self, entry: Entry) -> bool:
        linked = self._linked(entry)
        if linked is not None:
            return linked
        if entry.reference in self._reported:
            return True
        return self.during(entry.date)

    def during(self, date: str | None) -> bool:
        """Whether a date is within the visit: by the clock where both tell it, else by the day."""
        covered = days(date)
        if covered is None or self.first is None or covered[1] != covered[0]:
            return False
        if not self.first <= covered[0] <= self.day:
            return False
        start, end = min((e.date or "" for e in self.encounters if e.date), default=""), self.entry.end or ""
        if date and "T" in date and date[-1:] == "Z":
            if "T" in start and start[-1:] == "Z" and date[:16] < start[:16]:
                return False
            if "T" in end and end[-1:] == "Z" and date[:16] > end[:16]:
                return False
        return True

    def _linked(self, entry: Entry) -> bool | None:
        """Whether it is linked to this visit; None where it is linked to none."""
        references = _references(entry.resource)
        return (
            any(r.partition("/_history")[0] in self._references for r in references) if references else None
        )

    def of(self, *kinds: str) -> list[Entry]:
        """The entries of the kinds that belong to the visit, oldest first."""
        return [e for e in self.chart.entries(*kinds) if self.holds(e)]

    def before(self, entry: Entry) -> bool:
        """Whether the entry is of the time before the visit."""
        return not self.holds(entry) and bool(entry.first and self.first and entry.first <= self.first)


def open_visit(chart: Chart, encounter_id: str, whole_stay: bool) -> Visit:
    """Raises InvalidInput where the encounter isn't there, or is another patient's (which is not told)."""
    chart.read(*_READ)
    entry = chart.entry(f"Encounter/{encounter_id}")
    if entry is None:
        raise InvalidInput(
            f"encounterId: patient {chart.patient_id} has no encounter with the id {encounter_id}.",
            details=[{"field": "encounterId", "problem": "not an encounter of this patient"}],
        )
    parts = [e for e in chart.entries("encounter") if e.extra.get("part_of", "").endswith(entry.reference)]
    if whole_stay:
        for stay in stays(chart):
            if stay.main.reference == entry.reference:
                parts = [*parts, *stay.parts]
    every = {e.reference: e for e in (entry, *parts)}
    return Visit(chart, entry, tuple(every.values()))


def _references(resource: dict) -> list[str]:
    """References to encounters, as "Encounter/id"."""
    plain = resource.get("encounter")
    if isinstance(plain, dict) and "context" not in resource and "encounter" not in plain:  # nearly always
        reference = plain.get("reference")
        if isinstance(reference, str) and reference.startswith("Encounter/"):
            return [reference]
    found = []
    for key in _LINKS:
        held = resource.get(key)
        for item in values.objs(held) if held else ():
            for linked in (item, *values.objs(item.get("encounter"))):
                reference = linked.get("reference")
                if isinstance(reference, str) and "Encounter/" in reference:
                    found.append(reference[reference.index("Encounter/") :])
                elif isinstance(reference, str) and reference.startswith("urn:uuid:"):
                    found.append(f"Encounter/{reference[9:]}")
    return found
