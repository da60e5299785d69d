"""What stands before the writing of resources that have rules of their own: proposals, signed notes."""

from __future__ import annotations

from typing import Protocol

from services.accounts.roles import Principal
from services.fhir.repository import Outcome, Repository, Resource, Stored


class Gate(Protocol):
    """What stands before the writing of resources that have rules of their own, by whichever way they come."""

    @property
    def types(self) -> frozenset[str]:
        """The types that it may concern."""
        ...

    def concerns(self, before: Resource | None, after: Resource | None) -> bool:
        """Whether a change (None: not there before, or not after it) is the gate's."""
        ...

    def create(self, repository: Repository, who: Principal, resource: Resource) -> Stored:
        """Take a new one, in the form that it has here. Raises what forbids it."""
        ...

    def write(
        self, repository: Repository, who: Principal, before: Stored, after: Resource, if_match: str | None
    ) -> tuple[Stored, Outcome]:
        """Make the change, with all that follows from it. Raises what forbids it."""
        ...

    def refusal(self, before: Resource | None, after: Resource | None) -> str:
        """Why a change that concerns it is refused where it can't be made by `create` or `write`, for a person."""
        ...


class Gates:
    """Implements `Gate`: several, of which the first that a change concerns takes it."""

    def __init__(self, *gates: Gate) -> None:
        self._gates = gates

    @property
    def types(self) -> frozenset[str]:
        return frozenset[str]().union(*(g.types for g in self._gates))

    def concerns(self, before: Resource | None, after: Resource | None) -> bool:
        return any(g.concerns(before, after) for g in self._gates)

    def create(self, repository: Repository, who: Principal, resource: Resource) -> Stored:
        return self._of(None, resource).create(repository, who, resource)

    def write(
        self, repository: Repository, who: Principal, before: Stored, after: Resource, if_match: str | None
    ) -> tuple[Stored, Outcome]:
        return self._of(before.resource, after).write(repository, who, before, after, if_match)

    def refusal(self, before: Resource | None, after: Resource | None) -> str:
        return self._of(before, after).refusal(before, after)

    def _of(self, before: Resource | None, after: Resource | None) -> Gate:
        return next(g for g in self._gates if g.concerns(before, after))
