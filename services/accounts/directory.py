"""Project, members and their profiles as resources (Medplum's Project, ProjectMembership, ClientApplication, Bot).

Accounts hold who may sign in and with which role; these resources tell the record, and hold the access policies.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from services.accounts.policy import grants_of
from services.accounts.roles import Principal
from services.fhir.repository import Repository, Resource, Stored

_SPACE = uuid.UUID("6f3c2b1e-5d0a-4c7e-9a53-1c9a6f0e2b77")
PROJECT_ID = str(uuid.uuid5(_SPACE, "project"))
AUTHOR = "System/accounts"


class Directory:
    """Works on the unguarded record. Everything it writes has an id made of what it stands for."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def project(self) -> Stored:
        """The project that everybody is a member of."""
        found = self._repository.find(f"Project/{PROJECT_ID}")
        return found or self._write(
            {"resourceType": "Project", "id": PROJECT_ID, "name": "Fabric clinician console"}
        )

    def membership(self, profile: str) -> Stored | None:
        found = self._repository.search("ProjectMembership", [("profile", profile), ("_count", "1")]).matches
        return found[0] if found else None

    def policy(self, membership: Stored) -> Resource | None:
        """The access policies that a membership names, as one; None where it names none."""
        found = [self._repository.find(reference) for reference, _ in grants_of(membership.resource)]
        policies = [stored.resource for stored in found if stored and stored.type == "AccessPolicy"]
        if len(policies) < 2:
            return policies[0] if policies else None
        entries = [entry for policy in policies for entry in policy.get("resource") or ()]
        return {"resourceType": "AccessPolicy", "resource": entries}

    def enrol(self, who: Principal) -> Stored:
        """A person or program as a member, with profile. Does nothing where it is one already."""
        known = self.membership(who.reference)
        if known is not None:
            return known
        if self._repository.find(who.reference) is None:
            kind = who.reference.partition("/")[0]
            profile: Resource = {"resourceType": kind, "id": who.id}
            profile["name"] = [{"text": who.name}] if kind == "Practitioner" else who.name
            if who.email:
                profile["telecom"] = [{"system": "email", "value": who.email}]
            if kind == "ClientApplication":
                profile["status"] = "active"
            self._write(profile)
        user = who.reference
        if who.kind == "user":
            user = f"User/{who.id}"
            if self._repository.find(user) is None:
                self._write(
                    {
                        "resourceType": "User",
                        "id": who.id,
                        "email": who.email,
                        "firstName": who.name,
                        "lastName": "",
                    }
                )
        return self.join(who.reference, user, who.name, admin=who.role == "administrator")

    def join(
        self, profile: str, user: str, name: str, *, admin: bool = False, policy: str | None = None
    ) -> Stored:
        """The membership of a profile; its access policy by reference."""
        membership: Resource = {
            "resourceType": "ProjectMembership",
            "id": str(uuid.uuid5(_SPACE, f"member:{profile}")),
            "project": {"reference": self.project().reference},
            "user": {"reference": user, "display": name},
            "profile": {"reference": profile, "display": name},
            "admin": admin,
        }
        if policy:
            membership["accessPolicy"] = {"reference": policy}
        return self._write(membership)

    def enrol_all(self, people: Iterable[Principal]) -> None:
        """At the start: whoever came before there were memberships."""
        self.project()
        for who in people:
            self.enrol(who)

    def _write(self, resource: Resource) -> Stored:
        return self._repository.update(resource, create_missing=True, author=AUTHOR)[0]
