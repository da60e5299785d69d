"""What the server tells of a resource beside its content: who wrote it, and whose chart it belongs to.

It is worked out when a client asks for it, and taken off what a client sends back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from services.fhir.database import Database
from services.fhir.repository import Resource, Stored

_META = ("author", "project", "compartment")
Version = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """`author` is the reference of who wrote this version, `patients` the ids of those in whose charts it is."""

    author: str | None = None
    patients: tuple[str, ...] = ()


def origins(database: Database, versions: Iterable[Stored]) -> dict[Version, Origin]:
    """By type, id and version. Patients are those of the current version."""
    asked = orjson.dumps([(s.type, s.id, s.version) for s in versions]).decode()
    rows = database.connection().execute(
        "WITH asked AS (SELECT json_extract(value,'$[0]') AS type, json_extract(value,'$[1]') AS id, "
        "json_extract(value,'$[2]') AS version FROM json_each(?)) "
        "SELECT a.type, a.id, a.version, CASE WHEN r.version=a.version THEN r.author ELSE (SELECT s.author "
        "FROM superseded s WHERE s.rid=r.rid AND s.version=a.version) END, "
        "(SELECT json_group_array(c.patient) FROM compartment c WHERE c.rid=r.rid) "
        "FROM asked a JOIN resource r ON r.type=a.type AND r.id=a.id",
        (asked,),
    )
    return {(t, i, v): Origin(author, tuple(orjson.loads(patients))) for t, i, v, author, patients in rows}


def content_of(resource: Resource) -> Resource:
    """The resource without what only the server tells; itself where there is nothing of it."""
    meta = resource.get("meta")
    if isinstance(meta, dict) and any(key in meta for key in _META):
        meta = {key: value for key, value in meta.items() if key not in _META}
        resource = {**resource, "meta": meta} if meta else {k: v for k, v in resource.items() if k != "meta"}
    if resource.get("resourceType") == "Binary" and "url" in resource:
        resource = {key: value for key, value in resource.items() if key != "url"}
    return resource
