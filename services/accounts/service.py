"""Accounts: passwords (Argon2id), one-time codes with PKCE, signed access tokens, browser sessions."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any, cast

import argon2
import jwt

from services.accounts.oidc import Provider, is_foreign
from services.accounts.roles import ROLES, Principal, Role
from services.accounts.schema import STEPS
from services.accounts.tokens import Login, login_of, proven
from services.errors import InvalidInput, NotFound, Unauthorized
from services.fhir.database import Database

SESSION_COOKIE = "fabric_session"
CODE_SECONDS = 300
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


class Accounts:
    """All sign-in state, in the record's database, so that every process sees a disabled account at once."""

    def __init__(
        self, database: Database, added: Callable[[Principal], object] | None = None, provider: Provider | None = None
    ) -> None:
        """`added` is told of each new account, inside the transaction that makes it. `provider` is the clinic's own
        identity provider."""
        self._database, self._added, self.provider = database, added, provider
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
                "INSERT INTO account VALUES(?,?,?,?,?,?,?,0,?)",
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
        return [_principal(row) for row in rows]

    def member(self, reference: str) -> Principal | None:
        """Who a profile's reference stands for; None where nobody of that name may sign in."""
        row = self._row("id", reference.rpartition("/")[2])
        who = _principal(row) if row and not row[6] else None
        return who if who and who.reference == reference else None

    def disable(self, login_or_id: str) -> None:
        """From now on every sign-in, session and token of the account is refused."""
        self._change(login_or_id, "disabled=1")

    def enable(self, login_or_id: str) -> None:
        """The account may sign in again; browser sessions of before stay ended."""
        with self._database.write() as connection:
            self._change(login_or_id, "disabled=0")
            connection.execute(
                "UPDATE session SET revoked=1 WHERE account IN (SELECT id FROM account WHERE login=? OR id=?)",
                (login_or_id.strip().lower(), login_or_id),
            )

    def set_password(self, email: str, password: str) -> None:
        """Every browser session of the account ends with its old password."""
        row = self._row("login", email.strip().lower())
        if row is None or row[1] != "user":
            raise NotFound(f"There is no account '{email[:MAX_LOGIN]}'.")
        _good_password(password)
        with self._database.write() as connection:
            self._change(row[0], "secret=?", self._hasher.hash(password))
            connection.execute("UPDATE session SET revoked=1 WHERE account=?", (row[0],))

    def _change(self, login_or_id: str, assignment: str, *values: str) -> None:
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
        with self._database.write() as connection:
            connection.execute("DELETE FROM login_attempt WHERE login=?", (login,))
        return _principal(row)

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
        with self._database.write() as connection:
            connection.execute("DELETE FROM login_attempt WHERE at<=?", (now - ATTEMPT_SECONDS,))
            found = connection.execute(
                "SELECT COUNT(*) FROM login_attempt WHERE login=?", (login,)
            ).fetchone()
            if found[0] >= ATTEMPTS:
                raise Unauthorized("Too many failed tries for this account. Wait five minutes and try again.")
            connection.execute("INSERT INTO login_attempt VALUES(?,?)", (login, now))

    # Codes and tokens (RFC 6749, RFC 7636)

    def issue_code(
        self, principal: Principal, challenge: str, method: str, scope: str = "openid", client: str = ""
    ) -> str:
        """A one-time code. `client` is the client application through which someone signs in, where one is named.

        Raises InvalidInput.
        """
        if method not in ("plain", "S256"):
            raise InvalidInput("codeChallengeMethod is plain or S256.")
        if len(challenge) > 256 or len(scope) > 256 or not _is_text(challenge + scope + client):
            raise InvalidInput("codeChallenge and scope are text of up to 256 characters.")
        row = self._row("id", client) if client else None
        if client and (row is None or row[1] != "client" or row[6]):
            raise InvalidInput("There is no client application with this clientId.")
        code = secrets.token_urlsafe(24)
        with self._database.write() as connection:
            connection.execute("DELETE FROM login_code WHERE expires<?", (time.time(),))
            connection.execute(
                "INSERT INTO login_code(code, account, challenge, method, scope, expires, client) VALUES(?,?,?,?,?,?,?)",
                (_hashed(code), principal.id, challenge, method, scope, time.time() + CODE_SECONDS, client),
            )
        return code

    def redeem_code(self, code: str, verifier: str | None, client: str = "") -> Login:
        """The sign-in that the code stands for; each code once.

        Raises Unauthorized where it is unknown, used, late, another client's, or the verifier doesn't fit.
        """
        refused = Unauthorized("The code is not valid (any more). Sign in again.")
        with self._database.write() as connection:
            row = connection.execute(
                "SELECT account, challenge, method, scope, client FROM login_code WHERE code=? AND used=0 AND expires>=?",
                (_hashed(code), time.time()),
            ).fetchone()
            if row is None:
                raise refused
            connection.execute("UPDATE login_code SET used=1 WHERE code=?", (_hashed(code),))
        account, challenge, method, scope, asked_by = row
        if not proven(challenge, method, verifier) or (client and client != asked_by):
            raise refused
        return Login(self._active(account), scope, asked_by, login_of(code))

    def access_token(self, login: Login | Principal) -> str:
        login = login if isinstance(login, Login) else Login(login)
        return jwt.encode(login.claims(), self._key(), algorithm="HS256")

    def check_token(self, token: str) -> Principal:
        if self.provider and is_foreign(token):
            return self.known_as(self.provider.email(token))
        try:
            claims = jwt.decode(token, self._key(), algorithms=["HS256"], options={"require": ["exp", "sub"]})
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("The access token has expired. Sign in again.") from error
        except jwt.InvalidTokenError as error:
            raise Unauthorized("The access token is not valid.") from error
        ended = self._database.connection().execute(
            "SELECT 1 FROM ended_token WHERE jti=?", (str(claims.get("jti")),)
        )
        if ended.fetchone():
            raise Unauthorized("You signed out. Sign in again.")
        return self._active(str(claims["sub"]))

    def known_as(self, email: str) -> Principal:
        """The account of somebody whose address the identity provider has verified. Raises Unauthorized."""
        row = self._row("login", email)
        if row is None or row[1] != "user" or row[6]:
            raise Unauthorized(f"There is no account for {email} here. Ask your administrator for one.")
        return _principal(row)

    def sealed(self, held: dict[str, Any], seconds: float) -> str:
        """What a browser keeps for us meanwhile: it can read it, and not change it."""
        return jwt.encode({**held, "exp": time.time() + seconds, "aud": "kept"}, self._key(), algorithm="HS256")

    def unsealed(self, sealed: str) -> dict[str, Any]:
        """Raises Unauthorized where it is not ours, changed or too old."""
        try:
            return jwt.decode(sealed, self._key(), algorithms=["HS256"], audience="kept")
        except jwt.InvalidTokenError as error:
            raise Unauthorized("That sign-in was begun too long ago. Sign in again.") from error

    def end_token(self, token: str) -> None:
        """Sign out: this access token is refused from now on, and so is what would renew it. An identity provider's
        own ends there."""
        if self.provider and is_foreign(token):
            return
        claims = jwt.decode(token, self._key(), algorithms=["HS256"], options={"verify_exp": False})
        with self._database.write() as connection:
            connection.execute("DELETE FROM ended_token WHERE expires<?", (time.time(),))
            connection.execute(
                "INSERT OR IGNORE INTO ended_token VALUES(?,?)", (str(claims.get("jti")), claims["exp"])
            )
            connection.execute("UPDATE session SET revoked=1 WHERE login=?", (str(claims.get("login_id")),))

    def _key(self) -> bytes:
        row = self._database.connection().execute("SELECT secret FROM signing_key").fetchone()
        if row is None:
            with self._database.write() as connection:
                connection.execute(
                    "INSERT OR IGNORE INTO signing_key VALUES(1,?)", (secrets.token_bytes(32),)
                )
            row = self._database.connection().execute("SELECT secret FROM signing_key").fetchone()
        return row[0]

    # Browser sessions

    def open_session(self, login: Login | Principal, seconds: float, kind: str = "browser") -> str:
        login = login if isinstance(login, Login) else Login(login)
        token = secrets.token_urlsafe(32)
        now = time.time()
        with self._database.write() as connection:
            connection.execute("DELETE FROM session WHERE expires<?", (now,))
            connection.execute(
                "INSERT INTO session(token, account, kind, created, expires, client, login, scope) "
                "VALUES(?,?,?,?,?,?,?,?)",
                (_hashed(token), login.who.id, kind, now, now + seconds, login.client, login.id, login.scope),
            )
        return token

    def check_session(self, token: str, kind: str = "browser") -> Principal:
        row = (
            self._database.connection()
            .execute(
                "SELECT account, expires, revoked FROM session WHERE token=? AND kind=?",
                (_hashed(token), kind),
            )
            .fetchone()
        )
        if row is None or row[2] or row[1] < time.time():
            raise Unauthorized("Your session has ended. Sign in again.")
        return self._active(row[0])

    def take_session(self, token: str, kind: str) -> Login:
        """Use a session up: of two who bring the same refresh token, one gets a new one."""
        with self._database.write() as connection:
            taken = connection.execute(
                "UPDATE session SET revoked=1 WHERE token=? AND kind=? AND revoked=0 AND expires>=? "
                "RETURNING account, scope, client, login",
                (_hashed(token), kind, time.time()),
            ).fetchone()
        if taken is None:
            raise Unauthorized("Your session has ended. Sign in again.")
        return Login(self._active(taken[0]), *taken[1:])

    def close_session(self, token: str) -> None:
        with self._database.write() as connection:
            connection.execute("UPDATE session SET revoked=1 WHERE token=?", (_hashed(token),))

    # Details

    def _row(self, column: str, value: str) -> tuple | None:
        return (
            self._database.connection()
            .execute(
                f"SELECT id, kind, login, name, role, secret, disabled FROM account WHERE {column}=?",
                (value,),
            )
            .fetchone()
        )

    def _active(self, account_id: str) -> Principal:
        row = self._row("id", account_id)
        if row is None or row[6]:
            raise Unauthorized("This account is disabled.")
        return _principal(row)


def _good_password(password: str, least: int = MIN_PASSWORD) -> None:
    if len(password) < least:
        raise InvalidInput(f"A password needs at least {least} characters.")
    if len(password) > MAX_PASSWORD or not _is_text(password):
        raise InvalidInput(f"A password is text of up to {MAX_PASSWORD} characters.")


def _principal(row: tuple) -> Principal:
    return Principal(row[0], row[1], row[3], row[4], row[2] if row[1] == "user" else None)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
