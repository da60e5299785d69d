"""The four roles and what each may do: the one table that pages, API and commands ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.errors import Forbidden

Role = Literal["administrator", "clinician", "approver", "read-only"]
ROLES: tuple[Role, ...] = ("administrator", "clinician", "approver", "read-only")

_PROFILE = {"user": "Practitioner", "client": "ClientApplication", "bot": "Bot", "machine": "System"}
PERMISSIONS: dict[Role, frozenset[str]] = {
    "administrator": frozenset({"read", "search", "write", "decide", "import", "evaluate", "administer"}),
    "clinician": frozenset({"read", "search", "write", "sign", "import"}),
    "approver": frozenset({"read", "search", "write", "decide", "evaluate"}),
    "read-only": frozenset({"read", "search"}),
}
"""read: see the record; search: ask it; write: change it; sign: sign notes as their author;
decide: approve AI proposals; import: load files; evaluate: see how good the AI was; administer: users, clients, bots and settings."""


def profile_of(kind: str, account_id: str) -> str:
    """The resource that stands for an account, by the account's kind and id."""
    return f"{_PROFILE[kind]}/{account_id}"


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who acts: a person or a client application that is signed in, a bot that runs, or whoever has
    this machine's command line."""

    id: str
    kind: Literal["user", "client", "bot", "machine"]
    name: str
    role: Role
    email: str | None = None

    @property
    def reference(self) -> str:
        """How the record names them as an author."""
        return profile_of(self.kind, self.id)

    def may(self, permission: str) -> bool:
        return permission in PERMISSIONS[self.role]

    def require(self, permission: str) -> None:
        """Raises Forbidden that says which role is missing."""
        if not self.may(permission):
            holders = ", ".join(r for r in ROLES if permission in PERMISSIONS[r])
            raise Forbidden(f"Your role ({self.role}) may not do this; it takes: {holders}.")
