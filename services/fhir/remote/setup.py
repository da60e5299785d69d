"""What a FHIR server has to be able to do, asked of the server itself; and what is put there for a console."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.errors import FabricError, InvalidInput, PreconditionFailed, StoreUnavailable
from services.fhir.remote.client import FhirClient, entries_of, status_of
from services.fhir.remote.following import USUAL
from services.fhir.repository import Resource

HOOK_PATH = "/fhir-hooks/record"
_MEDPLUM = "https://medplum.com/fhir/StructureDefinition/"
_SPACE = uuid.UUID("9a0f2f0e-5b1c-4c39-8a54-6f8d5c1b7e02")
_NOBODYS = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, what was found, and whether the record can be kept there like this."""

    name: str
    found: str
    good: bool


def checks(client: FhirClient) -> Iterator[Checked]:
    """In the order in which they depend on each other; ends behind the first that fails."""
    for name, work in (
        ("server", _version), ("sign-in", _signed_in), ("ids", _chosen_ids), ("transactions", _whole_transactions)
    ):  # fmt: skip
        try:
            found = work(client)
        except FabricError as error:
            yield Checked(name, error.message, False)
            return
        yield Checked(name, found, True)


def _version(client: FhirClient) -> str:
    statement = client.metadata()
    version = str(statement.get("fhirVersion"))
    if not version.startswith("4.0"):
        raise InvalidInput(f"{client.base} speaks FHIR {version}; FHIR R4 (4.0) is needed.")
    software = statement.get("software")
    name = software.get("name") if isinstance(software, dict) else None
    return f"{name or 'a FHIR server'}, FHIR {version}"


def _signed_in(client: FhirClient) -> str:
    client.search("Patient", [("_count", "1")])
    return "accepted"


def _chosen_ids(client: FhirClient) -> str:
    probe = _probe(str(uuid.uuid4()))
    try:
        stored = client.put(probe)
    except StoreUnavailable:
        raise
    except FabricError as error:
        raise InvalidInput(
            "The server does not let this client choose ids, and without that a write that broke off could not be told from "
            "one that never came. On Medplum the client has to be in the super administrators' project; on other servers "
            f"look for 'update as create'. It said: {error.message}"
        ) from error
    client.delete("Basic", stored.resource["id"])
    if stored.resource["id"] != probe["id"]:
        raise InvalidInput("The server stored a resource under another id than the one it was sent with.")
    return "may be chosen"


def _whole_transactions(client: FhirClient) -> str:
    """Send one that must fail, and look whether a part of it stayed."""
    held, other = _probe(str(uuid.uuid4())), _probe(str(uuid.uuid4()))
    client.put(held)
    try:
        refused = False
        try:
            answer = client.bundle("transaction", [
                {"resource": other, "request": {"method": "PUT", "url": f"Basic/{other['id']}"}},
                {"resource": {**held, "code": {"text": "changed"}},
                 "request": {"method": "PUT", "url": f"Basic/{held['id']}", "ifMatch": f'W/"{_NOBODYS}"'}},
            ])  # fmt: skip
            refused = any(status_of(entry) >= 400 for entry in entries_of(answer))
        except PreconditionFailed:
            refused = True
        if not refused:
            raise InvalidInput(
                "The server takes a change though it was made from a version that never was (If-Match). Two people could "
                "decide on one proposal."
            )
        if client.read("Basic", other["id"]) is not None:
            client.delete("Basic", other["id"])
            raise InvalidInput(
                "The server stores a part of a transaction whose other part fails. On Medplum, switch the project's feature "
                "'transaction-bundles' on."
            )
    finally:
        client.delete("Basic", held["id"])
    return "whole or not at all, and by version"


def _probe(resource_id: str) -> Resource:
    return {"resourceType": "Basic", "id": resource_id, "code": {"text": "Probe of a console's set-up"}}


def subscriptions(
    installation: str, console: str, secret: str, types: Iterable[str] = USUAL
) -> list[Resource]:
    """Rest-hooks to this console, two of a type: for what is written and for what is deleted. Their ids are made of the
    installation and of what they tell, so that setting up again changes them and adds none."""
    endpoint = f"{console.rstrip('/')}{HOOK_PATH}"
    return [
        _subscription(installation, endpoint, secret, name, gone)
        for name in sorted(set(types))
        for gone in (False, True)
    ]


def _subscription(installation: str, endpoint: str, secret: str, criteria: str, gone: bool) -> Resource:
    extension: list[dict[str, Any]] = [{"url": f"{_MEDPLUM}subscription-secret", "valueString": secret}]
    if gone:
        extension.append({"url": f"{_MEDPLUM}subscription-supported-interaction", "valueCode": "delete"})
    return {
        "resourceType": "Subscription",
        "id": str(uuid.uuid5(_SPACE, f"{installation} {criteria} {'delete' if gone else 'write'}")),
        "extension": extension,
        "status": "active",
        "reason": "A clinician console follows the record.",
        "criteria": criteria,
        "channel": {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json"},
    }
