"""From codes and names to the lexicon's concepts."""

from __future__ import annotations

import functools
import re

from services.knowledge.lexicon import lexicon

Codings = tuple[tuple[str, str], ...]

# What kind of concept an entry of a kind can be about.
_KINDS = {
    "result": ("drug", "lab", "vital", "social", "symptom", "problem", "finding", "procedure", "document"),
    "report": ("lab", "procedure", "document", "vital"),
    "medication": ("drug", "drugclass"),
    "procedure": ("procedure", "vaccine", "problem", "device", "finding"),
    "immunization": ("vaccine",),
}
# A specimen in a name makes it another quantity than the one named without it.
_SPECIMENS = re.compile(
    r"\b(?:urine|urinary|ur|csf|cerebral spinal fluid|cerebrospinal|stool|feces|saliva|sweat|pleural|peritoneal|synovial"
    r"|amniotic|dialysis|body fluid|cord|capillary|24 ?h(?:our|r)?)\b",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=50_000)
def concepts_of(kind: str, codings: Codings, name: str) -> tuple[frozenset[str], frozenset[str]]:
    """(own, named) concepts of an entry: by code first; by its name where no code is known."""
    known = lexicon()
    coded = frozenset(c for system, code in codings for c in known.by_code(system, code))
    mentioned = known.find(name, query=False)
    if kind in _KINDS and kind != "condition":
        wanted = _KINDS[kind]
        mentioned = [m for m in mentioned if m.concept.partition(":")[0] in wanted]
    if kind == "result":
        if coded:
            return coded, frozenset()
        specimen = _SPECIMENS.search(name)
        if specimen and not any(m.start <= specimen.start() and specimen.end() <= m.end for m in mentioned):
            return frozenset(), frozenset()
        # "Hemoglobin A1c/Hemoglobin.total in Blood": what comes first is what was measured.
        first = min((m.start for m in mentioned), default=0)
        return frozenset(m.concept for m in mentioned if m.start == first), frozenset()
    named = frozenset(m.concept for m in mentioned)
    if coded:
        return coded, named - coded
    return named, frozenset()


@functools.lru_cache(maxsize=4_096)
def family(concept: str) -> frozenset[str]:
    """The concept and all narrower ones."""
    return frozenset((concept, *lexicon().narrower(concept)))


def closeness(own: frozenset[str], named: frozenset[str], concept: str) -> int:
    """How well an entry fits a concept: 3 it is, 2 it is a kind of it, 1 its name mentions it, 0 not at all."""
    if concept in own:
        return 3
    wide = family(concept)
    if own & wide:
        return 2
    return 1 if named & wide else 0
