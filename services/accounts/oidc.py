"""Sign-in by the clinic's own identity provider (OpenID Connect Core 1.0, code flow with PKCE), and its access tokens.

An identity provider says who somebody is, by a verified e-mail address; what they may do here stays with the account of
that address, which an administrator makes. Nobody gets an account by signing in.
"""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import urlencode

import httpx
import jwt

from services.errors import SignInUnavailable, Unauthorized

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
KNOWN_SECONDS = 3600.0
"""How long what the provider publishes of itself is taken as known."""
LEEWAY_SECONDS = 30
_SECONDS = 10.0


class Provider:
    """One identity provider. Safe between threads.

    Its methods raise Unauthorized with words for the person, and SignInUnavailable where it can't be reached.
    """

    def __init__(self, issuer: str, client_id: str, secret: str, audience: str = "") -> None:
        """`audience` is what its access tokens for the API are meant for; by default the client's id."""
        self._issuer, self._client, self._secret = issuer.rstrip("/"), client_id, secret
        self._audience = audience or client_id
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], jwt.PyJWKClient] | None = None

    def address(self, redirect: str, state: str, nonce: str, challenge: str) -> str:
        """Where the browser goes to sign in; it comes back to `redirect`."""
        asked = {
            "response_type": "code", "client_id": self._client, "redirect_uri": redirect, "scope": "openid email profile",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        endpoint = str(self._published()[0]["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def redeem(self, code: str, verifier: str, redirect: str, nonce: str) -> str:
        """The verified e-mail address of whoever came back with this code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        answer = self._ask("POST", str(self._published()[0]["token_endpoint"]), form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Unauthorized("The identity provider did not say who you are. Sign in again.")
        claims = self._claims(token, self._client)
        if claims.get("nonce") != nonce:
            raise Unauthorized("That sign-in was begun somewhere else. Sign in again.")
        return _email(claims)

    def email(self, token: str) -> str:
        """The verified e-mail address in an access token (JWT) that was issued for this console."""
        return _email(self._claims(token, self._audience))

    def _claims(self, token: str, audience: str) -> dict[str, Any]:
        _, keys = self._published()
        try:
            key = keys.get_signing_key_from_jwt(token).key
            return jwt.decode(token, key, algorithms=ALGORITHMS, audience=audience, issuer=self._issued_by(),
                              leeway=LEEWAY_SECONDS, options={"require": ["exp", "iat", "iss", "aud"]})  # fmt: skip
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("The access token has expired. Sign in again.") from error
        except jwt.PyJWKClientConnectionError as error:
            raise _away() from error
        except (jwt.InvalidTokenError, jwt.PyJWKClientError) as error:
            raise Unauthorized("The identity provider's token is not valid here.") from error

    def _issued_by(self) -> str:
        """As the provider writes itself: with or without a slash at its end."""
        return str(self._published()[0]["issuer"])

    def _published(self) -> tuple[dict[str, Any], jwt.PyJWKClient]:
        with self._lock:
            if self._known and self._known[0] > time.monotonic():
                return self._known[1:]
            found = self._ask("GET", f"{self._issuer}/.well-known/openid-configuration")
            wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if not all(isinstance(found.get(name), str) for name in wanted):
                raise SignInUnavailable("The identity provider's description is not complete. Tell your administrator.")
            if found["issuer"].rstrip("/") != self._issuer:
                raise SignInUnavailable("The identity provider calls itself otherwise than FABRIC_OIDC_ISSUER does. Tell your administrator.")
            keys = jwt.PyJWKClient(found["jwks_uri"], cache_keys=True, lifespan=KNOWN_SECONDS, timeout=_SECONDS)
            self._known = (time.monotonic() + KNOWN_SECONDS, found, keys)
            return found, keys

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> dict[str, Any]:
        secret = (self._client, self._secret) if form else None
        try:
            answer = httpx.request(method, address, data=form, auth=secret, timeout=_SECONDS, follow_redirects=False)
        except httpx.HTTPError as error:
            raise _away() from error
        if form and 400 <= answer.status_code < 500:
            raise Unauthorized("The identity provider refused the sign-in. Sign in again.")
        try:
            found = answer.json() if answer.status_code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise _away()
        return found


def is_foreign(token: str) -> bool:
    """Whether a token is signed by a pair of keys, as an identity provider's are and ours are not."""
    try:
        return jwt.get_unverified_header(token).get("alg") in ALGORITHMS
    except jwt.InvalidTokenError:
        return False


def _email(claims: dict[str, Any]) -> str:
    address = claims.get("email")  # other names of a person may be changed by them
    if not isinstance(address, str) or "@" not in address:
        raise Unauthorized("The identity provider did not tell your e-mail address. Tell your administrator.")
    if claims.get("email_verified") is False:
        raise Unauthorized("The identity provider has not verified your e-mail address.")
    return address.strip().lower()


def _away() -> SignInUnavailable:
    return SignInUnavailable("The identity provider does not answer. Try again, or sign in with a password.")
