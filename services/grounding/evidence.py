"""A numbered piece of the record that a text may cite."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a citation stands for: a resource at one version, or a span of its text."""

    number: int
    """How a text cites it: 3 for "[3]"."""
    reference: str
    """The resource: "Observation/abc"."""
    version: str
    date: str | None
    """The clinical date, ISO, with the precision given."""
    text: str
    """The readable rendering, or a quoted span of it."""
    field: str | None = None
    """The element that it is from: "valueQuantity", "dosageInstruction[0]"."""
    span: tuple[int, int] | None = None
    """Where a quoted text stands in the document's text."""
    title: str = ""

    @property
    def resource_type(self) -> str:
        return self.reference.partition("/")[0]
