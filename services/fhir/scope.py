"""What of the record a search may find: conditions that are added wherever a search looks at a type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

SearchParams = Sequence[tuple[str, str]]


class Scope(Protocol):
    """The part of the record that somebody may see."""

    def criteria(self, resource_type: str) -> Sequence[SearchParams] | None:
        """Searches of which a resource has to match one; None for every resource, empty for none."""
        ...

    def hidden(self, resource_type: str) -> frozenset[str]:
        """Top-level elements that may be hidden in a resource of the type: they can't be searched by."""
        ...
