"""Addresses, queries and references as bots give them, checked and made into paths below the FHIR base."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import quote

from services.runtime.sandbox.model import OutcomeError, outcome_of

# What a query given as text may hold as it stands: RFC 3986's reserved characters but # and &, and % itself.
ENCODED = "%=:/?@[]!$'()*+,;|"


def refused(text: str, code: str = "invalid") -> OutcomeError:
    return OutcomeError(outcome_of(text, code))


def typed(resource_type: Any) -> str:
    if not isinstance(resource_type, str) or not re.fullmatch(r"[A-Z][A-Za-z]{0,63}", resource_type):
        raise refused("A resource type is missing, or is not the name of one")
    return resource_type


def segment(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise refused(f"The {name} is missing")
    if value in (".", ".."):
        raise refused(f"The {name} is not one")
    return quote(value, safe="")


def at(resource_type: Any, id: Any) -> str:
    return f"{typed(resource_type)}/{segment(id, 'id')}"


def kind(resource: Any) -> Any:
    if not isinstance(resource, dict):
        raise refused("A resource must be an object with a resourceType")
    return resource.get("resourceType")


def target(reference: Any) -> str:
    literal = reference.get("reference") if isinstance(reference, dict) else reference
    if not isinstance(literal, str):
        raise refused("The reference has no `reference` to follow")
    parts = literal.split("/")
    if len(parts) == 4 and parts[2] == "_history":
        return f"{at(parts[0], parts[1])}/_history/{segment(parts[3], 'version id')}"
    if len(parts) != 2:
        raise refused("Only a reference like Patient/123 can be followed")
    return at(*parts)


def listed(query: Any) -> list[list[str]]:
    """A query as encoded pairs. Takes a string, an object (a list as value repeats the parameter) or pairs."""
    if query is None:
        return []
    if isinstance(query, str):
        return [
            quote(part, safe=ENCODED).split("=", 1) for part in query.removeprefix("?").split("&") if part
        ]
    pairs = list(query.items()) if isinstance(query, dict) else query
    if not isinstance(pairs, list) or any(
        not isinstance(pair, list | tuple) or len(pair) != 2 for pair in pairs
    ):
        raise refused("A query is a string, an object or a list of pairs")
    flat = [(name, one) for name, value in pairs for one in (value if isinstance(value, list) else [value])]
    return [
        [quote(str(name), safe=""), quote(said(value), safe="")] for name, value in flat if value is not None
    ]


def said(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def asked(query: Any, before: str = "") -> str:
    text = "&".join("=".join(pair) for pair in listed(query))
    return before + text if text else ""


def resources(bundle: Any) -> list[Any]:
    """The resources found, without those included beside an OperationOutcome's notes."""
    entries = bundle.get("entry") if isinstance(bundle, dict) else None
    return [entry["resource"] for entry in entries or [] if "resource" in entry]


def following(bundle: Any) -> str | None:
    links = bundle.get("link") if isinstance(bundle, dict) else None
    return next((link.get("url") for link in links or [] if link.get("relation") == "next"), None)


def payload(data: Any) -> Any:
    """A body as the bot gave it; `{"base64": …}` stands for bytes."""
    if isinstance(data, dict) and data.keys() == {"base64"}:
        try:
            return base64.b64decode(data["base64"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise refused("The data is not valid base64") from None
    return data
