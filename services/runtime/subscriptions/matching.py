"""Which subscriptions a change concerns (platform behaviour of Medplum: active rest-hooks, criteria, FHIRPath,
supported interaction). Asked inside the transaction of the change."""

from __future__ import annotations

import contextvars
import logging
import time
from sqlite3 import Connection
from urllib.parse import parse_qsl

from services.errors import FabricError
from services.fhir.criteria import any_of
from services.fhir.fhirpath import holds
from services.fhir.repository import Resource
from services.fhir.sqlite import Written

log = logging.getLogger("fabric.subscriptions")

EXTENSION = "https://medplum.com/fhir/StructureDefinition/"
INTERACTION = f"{EXTENSION}subscription-supported-interaction"
FHIRPATH = f"{EXTENSION}fhir-path-criteria-expression"
NEVER = frozenset(["AuditEvent", "AsyncJob", "Login"])
"""Types whose writing triggers nothing: they tell of what was triggered."""
MOST_DEEP = 8
"""How many subscriptions may follow from one another before it is taken for a loop."""

depth: contextvars.ContextVar[int] = contextvars.ContextVar("subscription_depth", default=0)
"""How many subscriptions led to what is written in this context."""


def queue_matches(connection: Connection, written: Written) -> list[str]:
    """Queue each subscription that the change concerns; those that would go too deep are returned instead."""
    stored = written.stored
    if stored.type == "Subscription":
        _keep(connection, stored.id, stored.resource if stored.body is not None else None)
    if stored.type in NEVER:
        return []
    rows = connection.execute(
        "SELECT id, criteria, interaction, fhirpath FROM subscription WHERE type=?", (stored.type,)
    ).fetchall()
    too_deep = []
    for subscription, criteria, interaction, fhirpath in rows:
        wanted = interaction or ("create" if written.interaction == "create" else "update")
        if written.interaction != wanted or not _matches(connection, written, criteria, fhirpath):
            continue
        if depth.get() >= MOST_DEEP:
            too_deep.append(subscription)
            continue
        now = time.time()
        connection.execute(
            "INSERT INTO work(lane, subscription, reference, version, interaction, author, depth, queued, due) "
            "VALUES(?,?,?,?,?,?,?,?,?)",
            (f"{subscription} {stored.reference}", subscription, stored.reference, stored.version,
             written.interaction, written.author, depth.get() + 1, now, now),
        )  # fmt: skip
    return too_deep


def _keep(connection: Connection, subscription_id: str, resource: Resource | None) -> None:
    """Note what an active subscription listens to; forget it where it is none any more."""
    connection.execute("DELETE FROM subscription WHERE id=?", (subscription_id,))
    channel = resource.get("channel") if resource else None
    if not resource or not isinstance(channel, dict) or resource.get("status") != "active":
        return
    if channel.get("type") != "rest-hook" or not isinstance(channel.get("endpoint"), str):
        return
    criteria = str(resource.get("criteria") or "")
    connection.execute(
        "INSERT INTO subscription VALUES(?,?,?,?,?)",
        (subscription_id, criteria.partition("?")[0], criteria,
         extension_of(resource, INTERACTION, "valueCode"), extension_of(resource, FHIRPATH, "valueString")),
    )  # fmt: skip


def extension_of(resource: Resource, url: str, key: str) -> str:
    """The value of the first extension with the url, or ""."""
    extensions = resource.get("extension")
    for extension in extensions if isinstance(extensions, list) else ():
        if (
            isinstance(extension, dict)
            and extension.get("url") == url
            and isinstance(extension.get(key), str)
        ):
            return extension[key]
    return ""


def _matches(connection: Connection, written: Written, criteria: str, fhirpath: str) -> bool:
    params = parse_qsl(criteria.partition("?")[2], keep_blank_values=True)
    try:
        if params:
            condition = any_of(written.stored.type, [params])
            found = connection.execute(
                f"SELECT 1 FROM resource r WHERE r.rid=? AND {condition.sql}", (written.rid, *condition.args)
            ).fetchone()
            if found is None:
                return False
        if not fhirpath:
            return True
        previous = written.previous.resource if written.previous and written.previous.body else []
        current = written.stored.resource if written.stored.body else []
        variables = {"current": current, "previous": previous}
        return holds(fhirpath, current or previous or {}, variables)  # pyright: ignore[reportArgumentType]
    except FabricError as error:  # accepted when it was written; it must not stop others from writing
        log.warning("a subscription's criteria can't be applied: %s", error.code)
        return False
