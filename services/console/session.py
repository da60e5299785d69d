"""Who is at the page: sign-in, the session cookie, sign-out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.accounts.roles import Principal
from services.accounts.service import DEMO_ACCOUNTS
from services.errors import Unauthorized
from services.runtime.system import system

COOKIE = "fabric_session"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A successful sign-in: `code` is traded once by the browser for the session's cookie."""

    principal: Principal
    code: str


def sign_in(email: str, password: str) -> SignedIn:
    """Raises Unauthorized with words for the person."""
    accounts = system().accounts
    principal = accounts.check_password(email, password)
    return SignedIn(principal, accounts.issue_code(principal, "", "plain"))


def from_cookies(cookies: Mapping[str, str]) -> Principal | None:
    """Whose session the browser holds, if it still counts."""
    token = cookies.get(COOKIE)
    if not token:
        return None
    try:
        return system().accounts.check_session(token)
    except Unauthorized:
        return None


def still_active(principal: Principal) -> bool:
    """False once the account was disabled or its role changed: asked at each run of a page."""
    return any(
        a["id"] == principal.id and not a["disabled"] and a["role"] == principal.role
        for a in system().accounts.list("user")
    )


def demo_accounts() -> list[tuple[str, str, str, str]]:
    """(e-mail, password, role, name) to show on the sign-in page in demo mode; else nothing."""
    parts = system()
    if not parts.settings.demo or not parts.accounts.has_demo_accounts():
        return []
    return [(email, password, role, name) for email, password, role, name in DEMO_ACCOUNTS]


def is_demo() -> bool:
    return bool(demo_accounts())


def needs_first_administrator() -> bool:
    return not system().accounts.list("user")
