"""One transaction brought to the server: sent, and where the exchange breaks off, looked for."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from services.errors import FabricError, InvalidInput, NotFound, PreconditionFailed
from services.fhir.conditional import version_of
from services.fhir.remote import copies
from services.fhir.remote.client import FhirClient, Found, entries_of, status_of
from services.fhir.remote.exchange import is_resource
from services.fhir.remote.failures import Unclear, Unreached, refusal
from services.fhir.remote.intents import Change
from services.fhir.repository import Resource


def deliver(client: FhirClient, changes: list[Change]) -> list[Found | None]:
    """Bring the changes to the server, all or none; of each what the server holds then, None for a deletion.

    Where an exchange breaks off, the server is asked what it has, and is sent again what it does not, for as long as the
    client is given (`within`). Raises PreconditionFailed, InvalidInput, Forbidden; Unreached where certainly nothing was
    stored, Unclear where nobody knows.
    """
    doubt, attempt = False, 0
    done: dict[str, Found | None] = {}
    left = changes
    while left:
        attempt += 1
        try:
            if doubt:
                told = looked(client, left)
                done |= told
                left = [c for c in left if c.reference not in told]
                doubt = False
                continue
            for change, found in zip(left, _send(client, left), strict=True):
                done[change.reference] = found
            left = []
        except NotFound as error:
            raise _no_place(left, error) from error
        except PreconditionFailed:
            if attempt == 1:
                raise
            told = looked(client, left)  # it may be what we sent ourselves; raises where it isn't
            if not told:
                raise
            done |= told
            left = [c for c in left if c.reference not in told]
        except (Unclear, Unreached) as error:
            doubt = doubt or isinstance(error, Unclear)
            if not doubt:
                raise  # the client has tried often enough
            pause = (
                error.after
                if error.after is not None
                else client.backoff * 2 ** min(attempt, 5) * random.uniform(0.5, 1)
            )
            if pause >= client.left():
                raise Unclear(error.message) from error
            time.sleep(pause)
    return [done[c.reference] for c in changes]


def _no_place(changes: list[Change], error: FabricError) -> FabricError:
    """What it means that the server does not know what is to be written."""
    if all(change.base for change in changes):
        return PreconditionFailed("It was deleted by someone else in the meantime; read it again.")
    return InvalidInput(
        "The FHIR server does not take what is new under an id of this console's, or not under this one: Medplum takes UUIDs "
        f"alone, of a super administrator's client. {error.message}"
    )


def _send(client: FhirClient, changes: list[Change]) -> list[Found | None]:
    unknown = [c for c in changes if c.after is not None and c.base is None and not _random(c.id)]
    # An id that was not drawn by chance may be there already, and a PUT would write over it.
    there = (
        client.reads([c.reference for c in unknown])
        if len(unknown) > 1
        else [client.read(c.type, c.id) for c in unknown]
    )
    for change, found in zip(unknown, there, strict=True):
        if found is not None and not _is(found, change):
            raise PreconditionFailed(f"{change.reference} exists already on the server; it was read anew.")
    if len(changes) == 1 or any(c.type == "Binary" for c in changes):
        return [_one(client, c) for c in changes]
    answer = client.bundle("transaction", [_entry(c) for c in changes])
    entries = entries_of(answer)
    if len(entries) != len(changes):
        raise Unclear(f"The FHIR server {client.host} did not say what became of each change.")
    for change, entry in zip(changes, entries, strict=True):
        status = status_of(entry)
        if status >= 500 or status == 429:
            raise Unclear(f"The FHIR server {client.host} failed ({status}).")
        if status >= 400 and not (change.after is None and status in (404, 410)):
            outcome = entry["response"].get("outcome") or entry.get("resource")
            raise refusal(status, outcome, f"a change of {change.type}")
    return [_answered(client, c, e) for c, e in zip(changes, entries, strict=True)]


def _one(client: FhirClient, change: Change) -> Found | None:
    if change.after is None:
        client.delete(change.type, change.id)
        return None
    return client.put(change.after, change.base)


def _entry(change: Change) -> Resource:
    if change.after is None:
        return {"request": {"method": "DELETE", "url": change.reference}}
    request = {"method": "PUT", "url": change.reference}
    if change.base:
        request["ifMatch"] = f'W/"{change.base}"'
    return {"resource": change.after, "request": request}


def _answered(client: FhirClient, change: Change, entry: Resource) -> Found | None:
    if change.after is None:
        return None
    resource = entry.get("resource")
    if is_resource(resource, change.type, change.id):
        return Found.of(resource)
    told = entry.get("response") or {}
    version = version_of(told.get("etag"))
    if version is not None:
        return Found(version, str(told.get("lastModified") or ""), change.after)
    return client.read(change.type, change.id)


def looked(client: FhirClient, changes: list[Change]) -> dict[str, Found | None]:
    """Which of the changes the server has. Raises PreconditionFailed where it has somebody else's."""
    done: dict[str, Found | None] = {}
    others: list[Change] = []
    for change in changes:
        found = client.read(change.type, change.id)
        if _is(found, change):
            done[change.reference] = found
        elif (found.version if found else None) != change.base:
            others.append(change)
    for change in others:  # ours, and changed again since?
        ours = next(_written_before(client, change), None)
        if ours is None:
            raise PreconditionFailed("It was changed by someone else in the meantime; read it again.")
        done[change.reference] = ours
    return done


def _written_before(client: FhirClient, change: Change) -> Iterator[Found]:
    for found in client.versions(change.type, change.id):
        if found.version == change.base:
            return
        if _is(found, change):
            yield found


def _is(found: Found | None, change: Change) -> bool:
    if found is None or change.after is None:
        return found is None and change.after is None
    return copies.canonical(found.resource) == copies.canonical(change.after)


def _random(resource_id: str) -> bool:
    """A UUID of version 4, which nobody else draws (RFC 9562)."""
    return len(resource_id) == 36 and resource_id[14] == "4" and resource_id[8] == "-"
