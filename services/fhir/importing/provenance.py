"""Where what was imported came from."""

from __future__ import annotations

import datetime as dt

from services.fhir.importing.cda.header import resource_id
from services.fhir.repository import Resource


def provenance(document: str, made: list[str], author: str) -> Resource:
    """A Provenance of one import of a document (`Type/id`) that created or changed `made`, by `author`."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "resourceType": "Provenance",
        "id": resource_id("Provenance", document, now),
        "target": [{"reference": reference} for reference in made],
        "recorded": now,
        "activity": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-DataOperation", "code": "CREATE"}],
                     "text": "Imported from a document"},
        "agent": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                                        "code": "enterer"}]}, "who": _who(author)}],
        "entity": [{"role": "source", "what": {"reference": document}}],
    }  # fmt: skip


def _who(author: str) -> Resource:
    """The machine's own account is no resource."""
    return {"display": "Import"} if author.startswith("System/") else {"reference": author}
