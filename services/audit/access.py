"""Views of patients' data as AuditEvents: by the API (IHE BALP's Read and Query) and by the console's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from services.accounts.roles import Principal
from services.audit import shapes
from services.fhir.database import Database
from services.fhir.definitions import compartment_types
from services.fhir.indexing import index_rows
from services.fhir.repository import Resource, Stored

PAGE_VIEW = "page_view"
_ACTIONS = {"read": "R", "vread": "R", "history-instance": "R", "create": "C", "update": "U", "patch": "U"}
"""By FHIR's interaction; whatever else asks (search, operation, batch, transaction) is executed."""
_QUERIES = ("search-type", "operation")
MOST_QUERY = 16 * 1024


def patients_of(database: Database, found: Iterable[Stored]) -> list[str]:
    """The ids of the patients in whose charts these are: as the record's index knows it, whatever an access policy
    hides of them; of older versions as they say themselves."""
    asked = list(found)
    rows = database.connection().execute(
        "SELECT a.key, c.patient FROM json_each(?) a "
        "LEFT JOIN resource r ON r.type=json_extract(a.value,'$[0]') AND r.id=json_extract(a.value,'$[1]') "
        "AND r.version=json_extract(a.value,'$[2]') LEFT JOIN compartment c ON c.rid=r.rid",
        (orjson.dumps([(s.type, s.id, s.version) for s in asked]).decode(),),
    )
    patients: dict[str, None] = {}
    for place, patient in rows.fetchall():
        stored = asked[place]
        if patient is not None:
            patients[patient] = None
        elif stored.body is not None and stored.type in compartment_types():
            patients.update(dict.fromkeys(sorted(index_rows(stored.resource).patients)))
    return list(patients)


def rest_access(
    agent: Principal,
    interaction: str,
    patients: Sequence[str],
    references: Sequence[str],
    sent: str,
    client: str,
    server: str,
) -> Resource:
    """What the API gave out. `interaction` is a code of FHIR's restful-interaction; `sent` the request as it came, kept
    of queries; `client` the address of who asked, `server` the API's."""
    asks = interaction in _QUERIES
    reads = interaction in ("read", "vread", "history-instance")
    here, there = (shapes.FROM, shapes.TO) if reads else (shapes.TO, shapes.FROM)
    entities = [shapes.patient(p) for p in patients]
    if asks:
        entities.append(shapes.query(sent[:MOST_QUERY]))
    elif len(set(references)) == 1:
        entities.append(shapes.data(references[0]))
    else:
        entities += shapes.told(interaction, {"resources": len(references)})
    profile = None
    if reads and len(patients) == 1:
        profile = "PatientRead"
    elif interaction == "search-type":
        profile = "PatientQuery" if len(patients) == 1 else "Query"
    return shapes.event(
        shapes.REST,
        [{"system": shapes.RESTFUL, "code": interaction}],
        _ACTIONS.get(interaction, "E"),
        "0",
        [
            shapes.requestor(agent),
            shapes.machine(there, "Client", client, "2"),
            shapes.machine(here, shapes.HERE, server, "5"),
        ],
        entities,
        profile=profile,
    )


def page_view(
    agent: Principal, page: str, patients: Sequence[str], client: str | None = None, **counts: Any
) -> Resource:
    """A page of the console that shows patients, opened. `client` is the browser's address, where it is known."""
    agents = [shapes.requestor(agent)]
    if client:
        agents.append(shapes.machine(shapes.TO, "Browser", client, "2"))
    entities = [*(shapes.patient(p) for p in patients), *shapes.told(PAGE_VIEW, {"page": page, **counts})]
    kind = {"system": shapes.OURS, "code": PAGE_VIEW}
    return shapes.event(shapes.PATIENT_RECORD, [kind], "R", "0", agents, entities)
