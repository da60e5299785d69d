"""What can go wrong with the FHIR server, told apart by what it means for what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from services.errors import (
    FabricError,
    Forbidden,
    Gone,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    StoreUnavailable,
)

LONGEST_WORDS = 600


class Unreached(StoreUnavailable):
    """Nothing of the request was carried out: no connection, or the server had no time for it."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Unclear(StoreUnavailable):
    """The request was sent and no answer came that says what became of it."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class ServerUnauthorized(StoreUnavailable):
    """The server refused this console's client. Not a matter of who is signed in, hence no 401."""

    code = "UNAUTHORIZED"


def refusal(status: int, body: Any, what: str) -> FabricError:
    """The error that a status of 4xx stands for; `what` names the request, without a search's values."""
    said = words(body)
    behind = f": {said}" if said else "."
    match status:
        case 401:
            return ServerUnauthorized(
                "The FHIR server does not accept this console's sign-in. Check FABRIC_FHIR_CLIENT_ID and "
                "FABRIC_FHIR_CLIENT_SECRET."
            )
        case 403:
            return Forbidden(f"The FHIR server does not let this console do {what}{behind}")
        case 404:
            return NotFound(f"The FHIR server does not have what was asked for: {what}{behind}")
        case 410:
            return Gone(f"It was deleted on the FHIR server: {what}.")
        case 409 | 412:
            return PreconditionFailed("It was changed by someone else in the meantime; read it again.")
        case _:
            return InvalidInput(f"The FHIR server refused {what} ({status}){behind}")


def words(body: Any) -> str:
    """What an OperationOutcome (or OAuth's error) says."""
    if not isinstance(body, dict):
        return ""
    said = []
    issues = body.get("issue")
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, dict):
            details = issue.get("details")
            text = (details.get("text") if isinstance(details, dict) else None) or issue.get("diagnostics")
            places = issue.get("expression")
            where = f" ({', '.join(map(str, places[:3]))})" if isinstance(places, list) and places else ""
            said.append(f"{text or issue.get('code')}{where}")
    said = (
        said
        or [str(body[key]) for key in ("error_description", "error") if isinstance(body.get(key), str)][:1]
    )
    return " ".join("; ".join(said).split())[:LONGEST_WORDS]


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After`, which is seconds or a date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def clock_ahead(headers: Mapping[str, str], now: float) -> float | None:
    """By how many seconds `Date` is ahead of `now`."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp() - now
    except ValueError:
        return None
