"""What is printed of a note, whatever the form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A section: its title, the SOAP part that it stands in ("" for none), its lines with the numbers of their sources."""

    title: str
    part: str
    lines: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`identity` stands on every page, and `mark` where it is not ""; `sources` are numbered from 1."""

    title: str
    identity: str
    allergies: str
    about: tuple[str, ...]
    sections: tuple[Page, ...]
    sources: tuple[str, ...]
    mark: str
    signature: str
