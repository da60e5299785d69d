"""What people say for a concept: its names, and besides them lay words and short explanations (`data/lay.tsv`)."""

from __future__ import annotations

import dataclasses
import functools

from services.knowledge.lexicon import Lexicon
from services.knowledge.tables import DATA, lines, load_ambiguous, load_rows

KINDS = ("lab", "vital", "procedure", "vaccine", "drugclass", "problem", "symptom", "social", "device")
"""Of the concepts whose names are told with the lay words; drugs are known by their spelling."""


@functools.cache
def lay() -> dict[str, tuple[str, ...]]:
    """Lay words by concept."""
    return {concept: tuple(phrases.split("|")) for concept, phrases in lines(DATA / "lay.tsv")}


@functools.cache
def spoken() -> Lexicon:
    """The lexicon with the lay words as further names: for reading questions, never for reading records."""
    told = lay()
    rows = (dataclasses.replace(r, synonyms=(*r.synonyms, *told.get(r.id, ()))) for r in load_rows())
    return Lexicon(rows, load_ambiguous())


@functools.cache
def sayings() -> tuple[tuple[str, str], ...]:
    """(concept, one way of saying it), each once, in the order of the tables."""
    return tuple(
        dict.fromkeys(
            (concept.id, said)
            for concept in spoken().concepts()
            if concept.kind in KINDS
            for said in (concept.name, *concept.synonyms)
        )
    )
