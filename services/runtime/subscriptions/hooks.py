"""Rest-hooks to other servers: the resource by POST, signed where the subscription has a secret."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from services.fhir.repository import Resource
from services.runtime.subscriptions.matching import EXTENSION, extension_of

SECRET = f"{EXTENSION}subscription-secret"
SECONDS = 10.0
_OURS = frozenset(
    ["x-medplum-subscription", "x-medplum-interaction", "x-signature", "x-trace-id", "host", "content-length"]
)


@dataclass(frozen=True, slots=True)
class Answered:
    """`status` is 0 where nobody answered; `text` says what came of it."""

    status: int
    text: str

    @property
    def good(self) -> bool:
        return 200 <= self.status < 400 or self.status == 404


def may_be_called(endpoint: str) -> str | None:
    """Why an endpoint can't be called; None where it can."""
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "the endpoint is neither an http(s) address nor Bot/<id>"
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return "patients' data leave this machine by https only"
    return None


def send(
    subscription: Resource,
    subscription_id: str,
    endpoint: str,
    body: bytes,
    interaction: str,
    trace: str,
    deleted: str | None,
) -> Answered:
    """One attempt. Redirects are not followed: they would carry the record to somewhere nobody named."""
    refused = may_be_called(endpoint)
    if refused:
        return Answered(0, f"not sent: {refused}")
    headers = {"Content-Type": "application/fhir+json"}
    channel = subscription.get("channel")
    for line in (channel.get("header") if isinstance(channel, dict) else None) or ():
        name, colon, value = str(line).partition(":")
        if (
            colon
            and name.strip().lower() not in _OURS
            and (name + value).isascii()
            and (name + value).isprintable()
        ):
            headers[name.strip()] = value.strip()
    headers |= {
        "X-Medplum-Subscription": subscription_id,
        "X-Medplum-Interaction": interaction,
        "x-trace-id": trace,
    }
    if deleted:
        headers["X-Medplum-Deleted-Resource"] = deleted
    secret = extension_of(subscription, SECRET, "valueString")
    if secret:
        headers["X-Signature"] = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
            status = client.post(endpoint, content=body, headers=headers).status_code
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Answered(0, f"no answer ({type(error).__name__})")
    return Answered(status, f"received status {status}")
