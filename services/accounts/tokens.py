"""What a sign-in leads to: its access token's claims (RFC 7519), and the proof that a code came from who asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from services.accounts.roles import Principal

TOKEN_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Login:
    """One sign-in: who, with which scope, through which client application ("" for none named)."""

    who: Principal
    scope: str = "openid"
    client: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def claims(self) -> dict[str, Any]:
        """Medplum's clients tell by `login_id` that the server is one of theirs, and refuse a token whose
        `client_id` is not their own."""
        moment = time.time()
        now = int(moment)
        claims: dict[str, Any] = {
            "sub": self.who.id,
            "username": self.who.id,
            "login_id": self.id,
            "profile": self.who.reference,
            "scope": self.scope,
            "iat": now,
            "issued": moment,  # exactly: a new password ends what was issued before it, within the same second too
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_hex(8),
        }
        return {**claims, "client_id": self.client} if self.client else claims


def login_of(code: str) -> str:
    """The id of the sign-in that a one-time code belongs to; the code can't be told from it."""
    return str(
        uuid.UUID(bytes=hashlib.sha256(f"login:{code}".encode("utf-8", "surrogatepass")).digest()[:16])
    )


def proven(challenge: str, method: str, verifier: str | None) -> bool:
    """Whether the verifier fits the challenge (RFC 7636); without a challenge nothing is asked."""
    if not challenge:
        return True
    given = (verifier or "").encode("utf-8", "surrogatepass")
    if method == "S256":
        given = base64.urlsafe_b64encode(hashlib.sha256(given).digest()).rstrip(b"=")
    return hmac.compare_digest(given, challenge.encode("utf-8", "surrogatepass"))
