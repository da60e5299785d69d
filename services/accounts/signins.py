"""What a sign-in gives: one-time codes with PKCE (RFC 6749, RFC 7636), signed access tokens, browser sessions."""

from __future__ import annotations

import hashlib
import secrets
import time
from typing import Any

import jwt

from services.accounts.oidc import Provider, is_foreign
from services.accounts.roles import Principal
from services.accounts.tokens import Login, login_of, proven
from services.errors import InvalidInput, Unauthorized
from services.fhir.database import Database

CODE_SECONDS = 300
MOST_PROVEN = 1_000


class SignIns:
    """All of it in the record's database, so that every process sees a disabled account at once. `provider` is the
    clinic's own identity provider."""

    def __init__(self, database: Database, provider: Provider | None) -> None:
        self._database, self.provider = database, provider
        self._proven: dict[str, dict[str, Any]] = {}

    # Codes and tokens (RFC 6749, RFC 7636)

    def issue_code(
        self, principal: Principal, challenge: str, method: str, scope: str = "openid", client: str = ""
    ) -> str:
        """A one-time code. `client` is the client application through which someone signs in, where one is named.

        Raises InvalidInput.
        """
        if method not in ("plain", "S256"):
            raise InvalidInput("codeChallengeMethod is plain or S256.")
        if len(challenge) > 256 or len(scope) > 256 or not is_text(challenge + scope + client):
            raise InvalidInput("codeChallenge and scope are text of up to 256 characters.")
        row = self._row("id", client) if client else None
        if client and (row is None or row[1] != "client" or row[6]):
            raise InvalidInput("There is no client application with this clientId.")
        code = secrets.token_urlsafe(24)
        with self._database.write(beside=True) as connection:
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
        with self._database.write(beside=True) as connection:
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
        claims = self._claims(token)
        ended = self._database.connection().execute(
            "SELECT 1 FROM ended_token WHERE jti=?", (str(claims.get("jti")),)
        )
        if ended.fetchone():
            raise Unauthorized("You signed out. Sign in again.")
        row = self._active_row(str(claims["sub"]))
        if claims.get("issued", claims.get("iat", 0)) < row[7]:
            raise Unauthorized("The password has changed. Sign in again.")
        return principal_of(row)

    def _claims(self, token: str) -> dict[str, Any]:
        """What a token of ours says. The proof of its signature holds for good; its time is looked at each time."""
        expired = Unauthorized("The access token has expired. Sign in again.")
        if (known := self._proven.get(token)) is not None:
            if known["exp"] <= time.time():
                raise expired
            return known
        try:
            claims = jwt.decode(token, self._key(), algorithms=["HS256"], options={"require": ["exp", "sub"]})
        except jwt.ExpiredSignatureError as error:
            raise expired from error
        except jwt.InvalidTokenError as error:
            raise Unauthorized("The access token is not valid.") from error
        if len(self._proven) >= MOST_PROVEN:
            self._proven.clear()
        self._proven[token] = claims
        return claims

    def known_as(self, email: str) -> Principal:
        """The account of somebody whose address the identity provider has verified. Raises Unauthorized."""
        row = self._row("login", email)
        if row is None or row[1] != "user" or row[6]:
            raise Unauthorized(f"There is no account for {email} here. Ask your administrator for one.")
        return principal_of(row)

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
        with self._database.write(beside=True) as connection:
            connection.execute("DELETE FROM ended_token WHERE expires<?", (time.time(),))
            connection.execute(
                "INSERT OR IGNORE INTO ended_token VALUES(?,?)", (str(claims.get("jti")), claims["exp"])
            )
            connection.execute("UPDATE session SET revoked=1 WHERE login=?", (str(claims.get("login_id")),))

    def _key(self) -> bytes:
        row = self._database.connection().execute("SELECT secret FROM signing_key").fetchone()
        if row is None:
            with self._database.write(beside=True) as connection:
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
        with self._database.write(beside=True) as connection:
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
        with self._database.write(beside=True) as connection:
            taken = connection.execute(
                "UPDATE session SET revoked=1 WHERE token=? AND kind=? AND revoked=0 AND expires>=? "
                "RETURNING account, scope, client, login",
                (_hashed(token), kind, time.time()),
            ).fetchone()
        if taken is None:
            raise Unauthorized("Your session has ended. Sign in again.")
        return Login(self._active(taken[0]), *taken[1:])

    def close_session(self, token: str) -> None:
        with self._database.write(beside=True) as connection:
            connection.execute("UPDATE session SET revoked=1 WHERE token=?", (_hashed(token),))

    # Accounts

    def _row(self, column: str, value: str) -> tuple | None:
        return (
            self._database.connection()
            .execute(
                f"SELECT id, kind, login, name, role, secret, disabled, tokens_from FROM account WHERE {column}=?",
                (value,),
            )
            .fetchone()
        )

    def _active_row(self, account_id: str) -> tuple:
        row = self._row("id", account_id)
        if row is None or row[6]:
            raise Unauthorized("This account is disabled.")
        return row

    def _active(self, account_id: str) -> Principal:
        return principal_of(self._active_row(account_id))


def principal_of(row: tuple) -> Principal:
    return Principal(row[0], row[1], row[3], row[4], row[2] if row[1] == "user" else None)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
