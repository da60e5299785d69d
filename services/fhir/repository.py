"""What every record offers, wherever it is kept, and the values that it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import orjson

from services.fhir.scope import Scope, SearchParams

Resource = dict[str, Any]

Outcome = Literal["created", "updated", "unchanged"]
Interaction = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource. `body` is its JSON as stored, None for a deletion."""

    type: str
    id: str
    version: str
    updated: str  # FHIR instant, UTC, milliseconds
    body: bytes | None

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"

    @property
    def resource(self) -> Resource:
        """The parsed JSON; a new dict each time."""
        return orjson.loads(self.body or b"{}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search. `total` only where `_total=accurate` (or `_summary=count`) asked for it."""

    matches: list[Stored]
    included: list[Stored] = field(default_factory=list)
    total: int | None = None
    has_next: bool = False
    count: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change, in the order of commits."""

    seq: int
    type: str
    id: str
    version: str
    interaction: Interaction
    author: str | None
    at: str


class Repository(Protocol):
    """Reads raise NotFound or Gone; writes raise InvalidInput, PreconditionFailed or StoreUnavailable."""

    @property
    def view(self) -> str:
        """Names what is shown of the record: two repositories of one record and view show the same."""
        ...

    def partial(self, resource_type: str) -> bool:
        """Whether resources of the type may be shown without some of their elements."""
        ...

    def transaction(self) -> AbstractContextManager[Any]:
        """What is written inside is stored together or not at all. Nests."""
        ...

    def read(self, resource_type: str, resource_id: str) -> Stored: ...

    def find(self, reference: str) -> Stored | None:
        """What `Type/id` (or a URL ending so) points to; None where it isn't there."""
        ...

    def vread(self, resource_type: str, resource_id: str, version: str) -> Stored: ...

    def history(self, resource_type: str, resource_id: str) -> list[Stored]:
        """All versions, newest first, deletions included."""
        ...

    def search(self, resource_type: str, params: SearchParams = (), scope: Scope | None = None) -> Page: ...

    def matches(self, reference: str, criteria: Sequence[SearchParams]) -> bool:
        """Whether the resource, as it is now, matches one of the searches."""
        ...

    def compartment(
        self, patient_id: str, types: Iterable[str] | None = None, scope: Scope | None = None
    ) -> Iterator[Stored]:
        """Everything in a patient's compartment, the Patient included; audit events, of which each look at it makes
        one, only where `types` names them."""
        ...

    def create(
        self, resource: Resource, *, resource_id: str | None = None, author: str | None = None
    ) -> Stored: ...

    def update(
        self,
        resource: Resource,
        *,
        if_match: str | None = None,
        create_missing: bool = False,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]: ...

    def patch(
        self,
        resource_type: str,
        resource_id: str,
        operations: list[dict[str, Any]],
        *,
        if_match: str | None = None,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]: ...

    def delete(self, resource_type: str, resource_id: str, *, author: str | None = None) -> None:
        """Idempotent; NotFound only for an id that never was."""
        ...

    def write_many(
        self, resources: Sequence[Resource], *, author: str | None = None
    ) -> list[tuple[Stored, Outcome]]:
        """Create or update all of them with the ids they carry, in one transaction."""
        ...

    def changes(self, after: int, limit: int = 1000) -> list[Change]:
        """The committed changes with a sequence number above `after`, in order."""
        ...
