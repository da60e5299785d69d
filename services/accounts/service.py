"""Accounts: people and programs, their roles and passwords (Argon2id)."""

from __future__ import annotations

import re
import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any, cast

import argon2

from services.accounts.oidc import Provider
from services.accounts.roles import ROLES, Principal, Role
from services.accounts.schema import STEPS
from services.accounts.signins import SignIns, is_text, principal_of
from services.errors import InvalidInput, NotFound, Unauthorized
from services.fhir.database import Database

SESSION_COOKIE = "fabric_session"
ATTEMPTS, ATTEMPT_SECONDS = 10, 300.0
MIN_PASSWORD, MAX_PASSWORD, MAX_LOGIN = 10, 1024, 254
DEMO_ACCOUNTS: tuple[tuple[str, str, Role, str], ...] = (
    ("admin@example.com", "medplum", "administrator", "Demo Administrator"),
    ("clinician@example.com", "medplum", "clinician", "Dr Demo Clinician"),
    ("approver@example.com", "medplum", "approver", "Dr Demo Approver"),
    ("readonly@example.com", "medplum", "read-only", "Demo Observer"),
)
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\Z")
_WRONG = "The e-mail address or the password is wrong."


class Accounts(SignIns):
    """The people and programs that may sign in, and their passwords."""

    def __init__(
        self, database: Database, added: Callable[[Principal], object] | None = None, provider: Provider | None = None
    ) -> None:
        """`added` is told of each new account, inside the transaction that makes it."""
        super().__init__(database, provider)
        self._added = added
        database.migrate("accounts", list(STEPS))
        self._hasher = argon2.PasswordHasher()
        self._decoy: str | None = None

    # People and clients

    def add_user(
        self, email: str, password: str, role: str, name: str = "", *, demo: bool = False
    ) -> Principal:
        """Raises InvalidInput for an e-mail that is taken, an unknown role or a short password."""
        email = email.strip().lower()
        if not _EMAIL.match(email) or len(email) > MAX_LOGIN:
            raise InvalidInput(f"'{email[:MAX_LOGIN]}' is not an e-mail address.")
        _good_password(password, 1 if demo else MIN_PASSWORD)
        return self._add("user", email, name or email.partition("@")[0], role, password, demo)

    def add_client(self, name: str, role: str) -> tuple[Principal, str]:
        """A client application and its secret, which is shown this once and kept as a hash."""
        secret = secrets.token_urlsafe(32)
        principal = self._add("client", f"client:{uuid.uuid4()}", name, role, secret, demo=False)
        return principal, secret

    def _add(self, kind: str, login: str, name: str, role: str, secret: str, demo: bool) -> Principal:
        if role not in ROLES:
            raise InvalidInput(f"'{role}' is no role; roles are {', '.join(ROLES)}.")
        account_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"fabric-demo:{login}") if demo else uuid.uuid4())
        hashed = self._hasher.hash(secret)
        with self._database.write() as connection:
            if connection.execute("SELECT 1 FROM account WHERE login=?", (login,)).fetchone():
                raise InvalidInput(f"There is an account for {login} already.")
            connection.execute(
                "INSERT INTO account(id, kind, login, name, role, secret, demo, created) VALUES(?,?,?,?,?,?,?,?)",
                (account_id, kind, login, name, role, hashed, int(demo), time.time()),
            )
            who = Principal(
                account_id, cast(Any, kind), name, cast(Role, role), login if kind == "user" else None
            )
            if self._added:
                self._added(who)
        return who

    def list(self, kind: str = "user") -> list[dict[str, Any]]:
        rows = self._database.connection().execute(
            "SELECT id, login, name, role, disabled, demo FROM account WHERE kind=? ORDER BY login", (kind,)
        )
        names = ("id", "login", "name", "role", "disabled", "demo")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def members(self) -> list[Principal]:
        """Everybody who has an account, disabled ones too."""
        rows = self._database.connection().execute("SELECT id, kind, login, name, role FROM account")
        return [principal_of(row) for row in rows]

    def member(self, reference: str) -> Principal | None:
        """Who a profile's reference stands for; None where nobody of that name may sign in."""
        row = self._row("id", reference.rpartition("/")[2])
        who = principal_of(row) if row and not row[6] else None
        return who if who and who.reference == reference else None

    def disable(self, login_or_id: str) -> None:
        """From now on every sign-in, session and token of the account is refused."""
        self._change(login_or_id, "disabled=1")

    def enable(self, login_or_id: str) -> None:
        """The account may sign in again; sessions and tokens of before stay ended."""
        with self._database.write() as connection:
            self._change(login_or_id, "disabled=0, tokens_from=?", time.time())
            connection.execute(
                "UPDATE session SET revoked=1 WHERE account IN (SELECT id FROM account WHERE login=? OR id=?)",
                (login_or_id.strip().lower(), login_or_id),
            )

    def set_password(self, email: str, password: str) -> None:
        """Every session, token and code of the account ends with its old password."""
        row = self._row("login", email.strip().lower())
        if row is None or row[1] != "user":
            raise NotFound(f"There is no account '{email[:MAX_LOGIN]}'.")
        _good_password(password)
        with self._database.write() as connection:
            self._change(row[0], "secret=?, tokens_from=?", self._hasher.hash(password), time.time())
            connection.execute("UPDATE session SET revoked=1 WHERE account=?", (row[0],))
            connection.execute("UPDATE login_code SET used=1 WHERE account=?", (row[0],))

    def _change(self, login_or_id: str, assignment: str, *values: str | float) -> None:
        with self._database.write() as connection:
            changed = connection.execute(
                f"UPDATE account SET {assignment} WHERE login=? OR id=?",
                (*values, login_or_id.strip().lower(), login_or_id),
            ).rowcount
        if not changed:
            raise NotFound(f"There is no account '{login_or_id}'.")

    def add_demo_accounts(self) -> None:
        present = {a["login"] for a in self.list()}
        for email, password, role, name in DEMO_ACCOUNTS:
            if email not in present:
                self.add_user(email, password, role, name, demo=True)

    def has_demo_accounts(self) -> bool:
        return any(a["demo"] and not a["disabled"] for a in self.list())

    # Passwords

    def check_password(self, login: str, password: str) -> Principal:
        """Raises Unauthorized, in the same words and time whether the account exists or not."""
        login = login.strip().lower()
        if len(login) > MAX_LOGIN or len(password) > MAX_PASSWORD:  # nobody's: neither hashed nor noted
            raise Unauthorized(_WRONG)
        row = self._row("login", login)
        return self._verify(login, row if row and row[1] == "user" else None, password)

    def _verify(self, login: str, row: tuple | None, password: str) -> Principal:
        self._note_attempt(login)
        if row is None:
            self._decoy = self._decoy or self._hasher.hash("decoy")
        try:
            self._hasher.verify(row[5] if row else cast(str, self._decoy), password)
            good = row is not None and not row[6]
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError, UnicodeError):
            good = False
        if not good or row is None:
            raise Unauthorized(_WRONG)
        with self._database.write(beside=True) as connection:
            connection.execute("DELETE FROM login_attempt WHERE login=?", (login,))
        return principal_of(row)

    def check_client(self, client_id: str, secret: str) -> Principal:
        row = self._row("id", client_id)
        if row is None or row[1] != "client" or len(secret) > MAX_PASSWORD:
            raise Unauthorized("The client id or secret is wrong.")
        try:
            return self._verify(row[2], row, secret)
        except Unauthorized as error:
            message = error.message if error.message != _WRONG else "The client id or secret is wrong."
            raise Unauthorized(message) from error

    def _note_attempt(self, login: str) -> None:
        """Counted before the password is looked at, so that tries side by side can't pass the limit together."""
        now = time.time()
        with self._database.write(beside=True) as connection:
            connection.execute("DELETE FROM login_attempt WHERE at<=?", (now - ATTEMPT_SECONDS,))
            found = connection.execute(
                "SELECT COUNT(*) FROM login_attempt WHERE login=?", (login,)
            ).fetchone()
            if found[0] >= ATTEMPTS:
                raise Unauthorized("Too many failed tries for this account. Wait five minutes and try again.")
            connection.execute("INSERT INTO login_attempt VALUES(?,?)", (login, now))


def _good_password(password: str, least: int = MIN_PASSWORD) -> None:
    if len(password) < least:
        raise InvalidInput(f"A password needs at least {least} characters.")
    if len(password) > MAX_PASSWORD or not is_text(password):
        raise InvalidInput(f"A password is text of up to {MAX_PASSWORD} characters.")
