"""People and programs that may sign in, and what bounds them, as the page shows them. Administrators only."""

from __future__ import annotations

from dataclasses import dataclass

from services.accounts.roles import ROLES as ROLES
from services.accounts.roles import Principal, profile_of
from services.errors import InvalidInput
from services.runtime.system import system


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One account. `state` is Active, Disabled or Demo; `policy` names its access policy by reference, "" for none."""

    id: str
    kind: str
    name: str
    login: str
    role: str
    state: str
    policy: str
    policy_name: str


def members(principal: Principal, kind: str) -> list[MemberLine]:
    """The accounts of a kind (user or client), by name."""
    principal.require("administer")
    parts, names = system(), policies(principal)
    lines = []
    for account in parts.accounts.list(kind):
        profile = profile_of(kind, account["id"])
        membership = parts.directory.membership(profile)
        policy = (membership.resource.get("accessPolicy") or {}).get("reference", "") if membership else ""
        state = "Disabled" if account["disabled"] else "Demo" if account["demo"] else "Active"
        lines.append(
            MemberLine(
                account["id"], kind, account["name"], account["login"], account["role"], state, policy,
                names.get(policy, policy) or "None",
            )
        )  # fmt: skip
    return sorted(lines, key=lambda line: (line.state == "Disabled", line.name.casefold(), line.id))


def policies(principal: Principal) -> dict[str, str]:
    """The access policies: name by reference."""
    principal.require("administer")
    found = system().repository_for(principal).search("AccessPolicy", [("_count", "1000")]).matches
    return {stored.reference: str(stored.resource.get("name") or stored.id) for stored in found}


def add_person(principal: Principal, email: str, password: str, role: str, name: str) -> None:
    """Raises InvalidInput for what can't be an account."""
    principal.require("administer")
    if not email.strip():
        raise InvalidInput("An account needs an e-mail address.")
    system().accounts.add_user(email, password, role, name.strip())


def add_program(principal: Principal, name: str, role: str) -> tuple[str, str]:
    """The id and the secret of a new client application; the secret is never shown again."""
    principal.require("administer")
    if not name.strip():
        raise InvalidInput("A program needs a name.")
    who, secret = system().accounts.add_client(name.strip(), role)
    return who.id, secret


def turn(principal: Principal, line: MemberLine, on: bool) -> None:
    """Let an account sign in, or end its access at once. Nobody can shut themselves out."""
    principal.require("administer")
    if line.id == principal.id and not on:
        raise InvalidInput("This is your own account. Another administrator can disable it.")
    (system().accounts.enable if on else system().accounts.disable)(line.id)


def set_password(principal: Principal, line: MemberLine, password: str) -> None:
    """A new password; browser sessions with the old one end."""
    principal.require("administer")
    system().accounts.set_password(line.login, password)


def set_policy(principal: Principal, line: MemberLine, policy: str) -> None:
    """What bounds the member from its next request on; "" takes the policy away."""
    principal.require("administer")
    profile = profile_of(line.kind, line.id)
    parts = system()
    membership = parts.directory.membership(profile)
    if membership is None or (policy and policy not in policies(principal)):
        raise InvalidInput("There is no such member or access policy any more. Load the page again.")
    changed = {k: v for k, v in membership.resource.items() if k != "accessPolicy"}
    if policy:
        changed["accessPolicy"] = {"reference": policy}
    parts.repository_for(principal).update(changed, author=principal.reference)
