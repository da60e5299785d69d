"""Who is at the page: sign-in, the session cookie, sign-out."""

from __future__ import annotations

from services.accounts.roles import Principal
from services.accounts.service import DEMO_ACCOUNTS, SESSION_COOKIE
from services.errors import Unauthorized
from services.runtime.system import system

COOKIE = SESSION_COOKIE


def sign_in(email: str, password: str) -> str:
    """A one-time code, which the browser trades for the session's cookie. Raises Unauthorized with words for the
    person."""
    accounts = system().accounts
    return accounts.issue_code(accounts.check_password(email, password), "", "plain")


def who(token: str | None) -> Principal | None:
    """Whose session this is, while it counts: asked at each run of a page, so that a sign-out in another tab, an
    expiry or a disabled account ends it here too."""
    if not token:
        return None
    try:
        return system().accounts.check_session(token)
    except Unauthorized:
        return None


def latest_change() -> int:
    """The number of the record's last change, by whomever; what is told to the audit trail is none."""
    row = system().database.connection().execute(
        "SELECT seq FROM change WHERE type<>'AuditEvent' ORDER BY seq DESC LIMIT 1"
    ).fetchone()  # fmt: skip
    return row[0] if row else 0


def sign_out(token: str | None) -> None:
    """From now on nobody gets in with this session, whatever a browser still holds."""
    if token:
        system().accounts.close_session(token)


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


def provider() -> str:
    """How the clinic's identity provider is called; "" where there is none."""
    parts = system()
    return parts.settings.oidc_name if parts.accounts.provider else ""
