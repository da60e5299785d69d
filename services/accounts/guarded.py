"""The record as one person may use it: the single place where a role's right to write is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.accounts.roles import Principal
from services.fhir.repository import Change, Outcome, Page, Repository, Resource, SearchParams, Stored

ADMINISTRATIVE = frozenset(
    [
        "AccessPolicy",
        "AsyncJob",
        "Bot",
        "ClientApplication",
        "Login",
        "Project",
        "ProjectMembership",
        "Subscription",
        "User",
    ]
)
"""Types that decide who may do what and what runs: written by administrators only."""


class GuardedRepository:
    """Implements `Repository`. Writes raise Forbidden where the person's role does not allow them."""

    def __init__(self, inner: Repository, principal: Principal) -> None:
        self._inner, self._principal = inner, principal

    def _check(self, resource_type: object) -> None:
        self._principal.require("write")
        if resource_type in ADMINISTRATIVE:
            self._principal.require("administer")

    def read(self, resource_type: str, resource_id: str) -> Stored:
        return self._inner.read(resource_type, resource_id)

    def find(self, reference: str) -> Stored | None:
        return self._inner.find(reference)

    def vread(self, resource_type: str, resource_id: str, version: str) -> Stored:
        return self._inner.vread(resource_type, resource_id, version)

    def history(self, resource_type: str, resource_id: str) -> list[Stored]:
        return self._inner.history(resource_type, resource_id)

    def search(self, resource_type: str, params: SearchParams = ()) -> Page:
        return self._inner.search(resource_type, params)

    def compartment(self, patient_id: str, types: Iterable[str] | None = None) -> Iterator[Stored]:
        return self._inner.compartment(patient_id, types)

    def changes(self, after: int, limit: int = 1000) -> list[Change]:
        return self._inner.changes(after, limit)

    def create(
        self, resource: Resource, *, resource_id: str | None = None, author: str | None = None
    ) -> Stored:
        self._check(resource.get("resourceType"))
        return self._inner.create(resource, resource_id=resource_id, author=author)

    def update(
        self,
        resource: Resource,
        *,
        if_match: str | None = None,
        create_missing: bool = False,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        self._check(resource.get("resourceType"))
        return self._inner.update(resource, if_match=if_match, create_missing=create_missing, author=author)

    def patch(
        self,
        resource_type: str,
        resource_id: str,
        operations: list[dict[str, Any]],
        *,
        if_match: str | None = None,
        author: str | None = None,
    ) -> tuple[Stored, Outcome]:
        self._check(resource_type)
        return self._inner.patch(resource_type, resource_id, operations, if_match=if_match, author=author)

    def delete(self, resource_type: str, resource_id: str, *, author: str | None = None) -> None:
        self._check(resource_type)
        self._inner.delete(resource_type, resource_id, author=author)

    def write_many(
        self, resources: Sequence[Resource], *, author: str | None = None
    ) -> list[tuple[Stored, Outcome]]:
        for resource in resources:
            self._check(resource.get("resourceType"))
        return self._inner.write_many(resources, author=author)
