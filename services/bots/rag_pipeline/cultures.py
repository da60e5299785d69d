"""Cultures as the record holds them: what was sent, what grew in it, and what that was tested against.

A test, the organisms that grew and the drugs these were tested against are Observations of their own, held together by
hasMember or derivedFrom; the specimen is a resource beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from services.bots.rag_pipeline.selecting import happened
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.features import stems
from services.index.text import values

_TEST = re.compile(
    r"cultur|gram stain|\bsmear|\bafb\b|\bmrsa\b|\bvre\b|screen\b|antigen|\bo&p\b|parasite", re.IGNORECASE
)
_NOTHING = re.compile(
    r"\bno (?:growth|organisms?)|\bnegative\b|\bnot (?:grown|isolated|detected)|\bsterile\b", re.IGNORECASE
)
_SPECIMENS = {
    "respiratori": ("sputum", "bal", "tracheal"), "sputum": ("respiratori",), "ascit": ("periton",), "periton": ("ascit",),
    "csf": ("cerebrospin", "spinal"), "wound": ("tissu", "abscess"), "stool": ("fecal", "feces"),
}  # fmt: skip


@dataclass(slots=True)
class Test:
    """A culture, with what grew in it; `specimen` in words."""

    entry: Entry
    specimen: str
    organisms: list[Entry] = field(default_factory=list)
    drugs: list[tuple[Entry, Entry]] = field(default_factory=list)  # (organism, result of a drug)

    @property
    def stems(self) -> frozenset[str]:
        own = set(stems(f"{self.entry.name} {self.specimen}".replace("/", " ")))
        return frozenset(own | {w for s in own for w in _SPECIMENS.get(s, ())})


def tests(chart: Chart) -> list[Test]:
    """Every culture of the record, oldest first."""
    results = [e for e in chart.entries("result") if not e.part and happened(e)]
    by_reference = {e.reference: e for e in results}
    children: dict[str, list[Entry]] = {}
    for entry in results:
        for member in values.objs(entry.resource.get("hasMember")):
            if child := by_reference.get(values.string(member.get("reference"))):
                children.setdefault(entry.reference, []).append(child)
        for parent in values.objs(entry.resource.get("derivedFrom")):
            children.setdefault(values.string(parent.get("reference")), []).append(entry)
    below = {c.reference for found in children.values() for c in found}
    made = []
    for entry in results:
        systems = " ".join(s for s, _ in values.codings(entry.resource.get("code")))
        if entry.reference in below or not (_TEST.search(entry.name) or "microbiology-test" in systems):
            continue
        found = chart.resolve(values.string(values.obj(entry.resource.get("specimen")).get("reference")))
        test = Test(entry, values.concept(found.get("type")) if found else "")
        for organism in children.get(entry.reference, []):
            test.organisms.append(organism)
            test.drugs += [(organism, drug) for drug in children.get(organism.reference, [])]
        made.append(test)
    return made


def grew(test: Test) -> list[str]:
    """The organisms, as named; none where nothing grew."""
    names = [value(o) or o.name for o in test.organisms]
    own = value(test.entry)
    if (
        not names
        and own
        and not _NOTHING.search(own)
        and not re.search(r"pending|preliminary", own, re.IGNORECASE)
    ):
        names = [own]
    return [n for n in names if not _NOTHING.search(n)]


def value(entry: Entry) -> str:
    """What was found, in words; "" where nothing is told."""
    return entry.measure.text if entry.measure else ""
