"""Stays in hospital: the encounters that belong together, from the emergency department to the discharge."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.index.text import values

INPATIENT = ("IMP", "ACUTE", "NONAC", "OBSENC", "SS")
INTENSIVE = re.compile(r"\bintensive care|\b[a-z]*icu\b|\bcritical care|\bcvicu\b|\bccu\b", re.IGNORECASE)
_HAPPENED = (
    "finished",
    "in-progress",
    "onleave",
    "arrived",
    "triaged",
    "discharged",
    "completed",
    "unknown",
    "",
)


@dataclass(frozen=True, slots=True)
class Stay:
    """`main` is the inpatient encounter; `start` and `end` are ISO as recorded, `end` None while it lasts."""

    main: Entry
    parts: tuple[Entry, ...]
    start: str | None
    end: str | None

    @property
    def first(self) -> dt.date | None:
        covered = days(self.start)
        return covered[0] if covered else None

    @property
    def last(self) -> dt.date | None:
        covered = days(self.end)
        return covered[1] if covered else None

    def holds(self, entry: Entry) -> bool:
        """Whether the entry was recorded at one of the stay's encounters."""
        told = values.obj(entry.resource.get("encounter") or entry.resource.get("context")).get("reference")
        return isinstance(told, str) and any(told.endswith(p.reference) for p in self.parts)


def stays(chart: Chart) -> list[Stay]:
    """Every stay in hospital, oldest first.

    An emergency visit that ends within a day of an admission belongs to it, and so does an encounter that is part of
    it or lies within its time. A record that marks no encounter as inpatient has none.
    """
    every = [e for e in chart.entries("encounter") if e.date and e.status in _HAPPENED]
    inside = [e for e in every if is_inpatient(e)]
    mains = [e for e in inside if not any(o is not e and _part_of(e, o, inside) for o in inside)]
    found = []
    for main in mains:
        parts = [e for e in every if e is main or _part_of(e, main, inside) or _led_to(e, main, inside)]
        start = min((p.date for p in parts if p.date), default=main.date)
        found.append(Stay(main, tuple(parts), start, main.end))
    return found


def intensive_stays(chart: Chart) -> list[Stay]:
    """Stays in an intensive care unit: encounters of their own, else the times in such a unit of a hospital stay."""
    own = [
        e for e in chart.entries("encounter")
        if e.date and e.status in _HAPPENED and ("encounter:intensive-care" in e.own | e.named or INTENSIVE.search(e.name))
    ]  # fmt: skip
    if own:
        return [Stay(e, (e,), e.date, e.end) for e in own]
    found = []
    for entry in chart.entries("encounter"):
        for name, start, end in units(chart, entry):
            if INTENSIVE.search(name) and start:
                found.append(Stay(entry, (entry,), start, end))
    return found


def units(chart: Chart, entry: Entry) -> list[tuple[str, str | None, str | None]]:
    """Where an encounter took place, in order: (name, from, to)."""
    found = []
    for item in values.objs(entry.resource.get("location")):
        linked = values.obj(item.get("location"))
        place = chart.resolve(values.string(linked.get("reference"))) if linked.get("reference") else None
        name = values.string(linked.get("display")) or (values.string(place.get("name")) if place else "")
        period = values.obj(item.get("period"))
        if name:
            found.append((name, values.iso(period.get("start")), values.iso(period.get("end"))))
    return sorted(found, key=lambda u: u[1] or "")


def is_inpatient(entry: Entry) -> bool:
    if entry.extra.get("class") == "EMER":
        # Some systems keep the class of the door that the patient came in by.
        ended = days(entry.end)
        return bool(entry.first and ended and (ended[1] - entry.first).days > 1)
    if entry.extra.get("class"):
        return entry.extra["class"] in INPATIENT
    return bool(
        (entry.own | entry.named) & {"encounter:hospital-admission", "encounter:intensive-care"}
    )  # foreign records often say it in the type only


def _after(entry: Entry, main: Entry) -> bool:
    """Whether it began on a later day than the other ended: some systems call a return a part of the stay before."""
    ended = days(main.end)
    return bool(entry.first and ended and entry.first > ended[1])


def _part_of(entry: Entry, main: Entry, inside: Sequence[Entry]) -> bool:
    if entry is main or main not in inside:
        return False
    if entry.extra.get("part_of", "").endswith(main.reference) and not _after(entry, main):
        return True
    longer = (entry.date or "") > (main.date or "") or (entry.end or "9") < (main.end or "9")
    within = (entry.date or "") >= (main.date or "") and (entry.end or "9") <= (main.end or "9")
    return entry.extra.get("class") != "AMB" and longer and within


def _led_to(entry: Entry, main: Entry, inside: Sequence[Entry]) -> bool:
    if entry.extra.get("class") != "EMER" or entry in inside or entry.first is None or main.first is None:
        return False
    ended = days(entry.end)
    gap = (main.first - (ended[1] if ended else entry.first)).days
    return 0 <= gap <= 1 and entry.first <= main.first
