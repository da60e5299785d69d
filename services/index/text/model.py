"""What rendering a resource gives: `Rendered`, its chunks and its facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Resolve = Callable[[str], dict | None]
"""A reference as written ("Medication/123", "Binary/1", "urn:uuid:…") to its resource, or None."""

Codings = tuple[tuple[str, str], ...]
"""(system, code) pairs; the system is "" where none is given."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of text that is embedded, shown and cited."""

    ordinal: int
    text: str
    header: str
    """What the text belongs to ("Progress note, 12-Mar-2025, PLAN"): a caption, and prepended for embedding."""
    content_type: str
    section: str | None = None
    start: int | None = None
    """Where the text is in `document_text`: document_text[start:end] == text. None where it isn't from there."""
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A coded number, for searching by value."""

    codings: Codings
    name: str
    value: float
    unit: str | None
    """The UCUM code where there is one, else the unit as written."""
    interpretation: str | None = None
    """H, L, HH, LL, A, N, POS, NEG, …"""
    comparator: str | None = None
    """"<", "<=", ">=", ">" where the value is a bound only: a value of "<5" is not known to be above 4."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A resource as text."""

    resource_type: str
    resource_id: str
    patient_id: str | None
    title: str
    date: str | None
    """The clinical date as ISO, with the precision given."""
    status: str | None
    codings: Codings
    facts: tuple[Fact, ...]
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a renderer of one type makes: the resource in lines, before chunking."""

    title: str
    lines: list[str]
    content_type: str
    label: str
    """The kind of entry for the header: "Condition", "Laboratory result"."""
    date: str | None = None
    status: str | None = None
    codings: Codings = ()
    facts: tuple[Fact, ...] = ()
    says_something: bool = True
