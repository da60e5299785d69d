"""Evidence from the demo cohort, as the console would number it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from services.demo import cohort, patients
from services.grounding import Evidence
from services.index.text import Chunk, Rendered, render

_TYPES = {
    "D": ("DocumentReference",),
    "M": ("MedicationRequest",),
    "S": ("MedicationStatement",),
    "C": ("Condition",),
    "A": ("AllergyIntolerance",),
    "P": ("Procedure",),
    "R": ("DiagnosticReport",),
    "I": ("Immunization",),
    "O": ("Observation",),
    "CP": ("CarePlan",),
    "E": ("Encounter",),
}


@dataclass(frozen=True)
class Entry:
    """One resource of the demo record as text."""

    slug: str
    rendered: Rendered
    resource: dict[str, Any]

    @property
    def title(self) -> str:
        return self.rendered.title

    @property
    def date(self) -> str:
        return (self.rendered.date or "")[:10]

    def evidence(self, number: int, chunk: Chunk | None = None) -> Evidence:
        """The entry, or one passage of it, under a number."""
        texts = [chunk.text] if chunk else [c.text for c in self.rendered.chunks]
        return Evidence(
            number=number,
            reference=f"{self.rendered.resource_type}/{self.rendered.resource_id}",
            version="1",
            date=self.rendered.date,
            text="\n".join(texts),
            title=self.rendered.title,
        )


@functools.cache
def entries() -> tuple[Entry, ...]:
    """The whole demo record as text, in its order."""
    resources = cohort()
    by_reference = {f"{r['resourceType']}/{r['id']}": r for r in resources}
    slugs = {p.id: p.slug for p in patients()}
    found = ((render(r, by_reference.get), r) for r in resources)
    return tuple(Entry(slugs.get(x.patient_id or "", ""), x, r) for x, r in found if x)


@functools.cache
def of(slug: str, kind: str) -> tuple[Entry, ...]:
    """The entries of one kind of one patient."""
    return tuple(e for e in entries() if e.slug == slug and e.rendered.resource_type in _TYPES[kind])


def slugs() -> list[str]:
    """The patients."""
    return list(dict.fromkeys(e.slug for e in entries() if e.slug))


@functools.cache
def notes() -> dict[str, Evidence]:
    """The evidence of people who are not in the demo record, by its key."""
    found: dict[str, Evidence] = {}
    for file in ("outside_notes.txt", "model_notes.txt"):
        whole = (Path(__file__).parent / file).read_text(encoding="utf-8")
        for block in re.split(r"^@ ", whole, flags=re.MULTILINE)[1:]:
            head, _, text = block.partition("\n")
            key, reference, date, title = head.split("|")
            found[key] = Evidence(
                number=1, reference=reference, version="1", date=date, text=text.strip(), title=title
            )
    return found


def pick(slug: str, selector: str, number: int) -> Evidence:
    """The evidence that a written case names; ValueError where there is none."""
    kind, _, rest = selector.strip().partition(":")
    if kind == "N":
        return replace(notes()[rest], number=number)
    if kind == "D":
        date, _, section = rest.partition(":")
        for entry in of(slug, "D"):
            if entry.date == date:
                for chunk in entry.rendered.chunks:
                    if chunk.start is not None and section.lower() in (chunk.section or "").lower():
                        return entry.evidence(number, chunk)
    title, _, date = rest.partition("@")
    for entry in of(slug, kind):
        if kind != "D" and title.lower() in entry.title.lower() and date in entry.date:
            return entry.evidence(number)
    raise ValueError(f"{slug} has no {selector}")
