"""The console's own sign-in at the FHIR server: OAuth 2 client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from services.fhir.remote.failures import ServerUnauthorized, words

EARLY_SECONDS = 60.0
"""A token is renewed this long before it ends, so that none ends on the way."""
Send = Callable[..., tuple[int, Any]]
"""(method, url, form) → status and the parsed body."""


class SignIn:
    """Holds one access token for all threads. Without a client id nothing is sent: an open server."""

    def __init__(self, base: str, client_id: str | None, secret: str | None, send: Send) -> None:
        self._base, self._id, self._secret, self._send = base, client_id, secret, send
        self._lock = threading.Lock()
        self._address: str | None = None
        self._token: str | None = None
        self._ends = 0.0

    def headers(self) -> dict[str, str]:
        """`Authorization`, fetched or renewed where it must be. Raises ServerUnauthorized, and as `send` does."""
        if self._id is None:
            return {}
        with self._lock:
            if self._token is None or time.monotonic() >= self._ends:
                self._fetch()
            return {"Authorization": f"Bearer {self._token}"}

    def refused(self, headers: dict[str, str]) -> bool:
        """The server did not take this token; whether another one may be worth a try."""
        with self._lock:
            if self._token is not None and headers.get("Authorization") == f"Bearer {self._token}":
                self._token = None
        return self._id is not None

    def _fetch(self) -> None:
        self._address = self._address or self._discover()
        form = {
            "grant_type": "client_credentials",
            "client_id": self._id,
            "client_secret": self._secret or "",
        }
        status, told = self._send("POST", self._address, form)
        token = told.get("access_token") if isinstance(told, dict) else None
        if status != 200 or not isinstance(token, str):
            said = words(told)
            raise ServerUnauthorized(
                f"The FHIR server refused this console's sign-in ({status}{f': {said}' if said else ''}). Check "
                "FABRIC_FHIR_CLIENT_ID and FABRIC_FHIR_CLIENT_SECRET."
            )
        lasts = told.get("expires_in")
        seconds = float(lasts) if isinstance(lasts, int | float) and not isinstance(lasts, bool) else 300.0
        self._token, self._ends = token, time.monotonic() + max(seconds - EARLY_SECONDS, seconds / 2)

    def _discover(self) -> str:
        """Where SMART's well-known document says (hl7.org/fhir/smart-app-launch), else Medplum's address. The secret goes
        there by https, or not further than to the server itself."""
        status, told = self._send("GET", f"{self._base}/.well-known/smart-configuration", None)
        named = told.get("token_endpoint") if status == 200 and isinstance(told, dict) else None
        ours, found = urlsplit(self._base), urlsplit(named if isinstance(named, str) else "")
        if found.hostname and (found.scheme == "https" or found.hostname == ours.hostname):
            return str(named)
        return urlunsplit((ours.scheme, ours.netloc, "/oauth2/token", "", ""))
