"""The billing work list as a file: CSV for a spreadsheet, or FHIR Claims."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import orjson

from services.accounts.roles import Principal
from services.commands.schemas import read_command
from services.commands.writing import Making
from services.commands.writing.billing import claim
from services.console.audit import tell_view
from services.console.billing import Filters, Found, Row, matching, rows_of
from services.console.billing_codes import Codes, draft, opened
from services.console.billing_held import whole
from services.errors import FabricError
from services.fhir.repository import Resource

COLUMNS = (
    "encounter", "date", "type", "class", "patient", "name", "born", "record number", "clinician", "state", "held as",
    "diagnoses", "services", "visit level", "gaps", "remarks",
)  # fmt: skip
UNAPPROVED = {"system": "https://fabric.example/claim-state", "code": "not-approved", "display": "Not approved by anybody"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table(principal: Principal, filters: Filters) -> bytes:
    """CSV in UTF-8, one row for each encounter of the state and filters; the person's own set where there is one."""
    wanted = _wanted(principal, filters)
    rows = rows_of(principal, wanted)
    _tell(principal, {row.patient.id for row in rows})
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(c) for c in _cells(principal, filters.state, row)])
    return file.getvalue().encode("utf-8-sig")


def _cells(principal: Principal, state: str, row: Row) -> Iterator[str]:
    person = row.patient
    yield from (row.encounter, row.date, row.what, row.kind, person.id, person.name, person.born, person.identifier,
                row.clinician, state, row.held)  # fmt: skip
    codes = _codes(principal, row)
    if codes is None:
        yield from ("", "", "", "", row.problem)
        return
    yield "; ".join(codes.chosen.diagnoses)
    yield "; ".join(
        f"{'-'.join((s.code, *s.modifiers))} x{s.units} ({' '.join(s.diagnoses)})" for s in codes.chosen.services
    )
    yield row.level
    yield str(row.gaps)
    yield " | ".join(r.message for r in codes.remarks)


def claims(principal: Principal, filters: Filters) -> bytes:
    """FHIR Claims, one JSON object a line: those of the record where it has them; else drafts of the codes as they stand,
    marked as approved by nobody."""
    repository = whole(principal)
    wanted = _wanted(principal, filters)
    found: list[Resource] = []
    if filters.state == "coded":
        for reference in dict.fromkeys(f.held for f in wanted):
            stored = repository.find(reference)
            found += [stored.resource] if stored else []
    else:
        for row in rows_of(principal, wanted):
            codes = _codes(principal, row)
            if codes and not codes.stopped:
                found.append(_drafted(principal, codes))
    _tell(principal, {str(c.get("patient", {}).get("reference", "")).partition("/")[2] for c in found})
    return b"".join(orjson.dumps(resource) + b"\n" for resource in found)


def _wanted(principal: Principal, filters: Filters) -> list[Found]:
    return [f for f in matching(principal, filters)[0] if f.state == filters.state]


def _codes(principal: Principal, row: Row) -> Codes | None:
    try:
        return opened(principal, row.patient.id, row.encounter)
    except FabricError:
        return None


def _drafted(principal: Principal, codes: Codes) -> Resource:
    command = draft(codes)
    made = claim(
        read_command(command),  # pyright: ignore[reportArgumentType]
        Making(codes.found.visit.chart, principal.reference, None, command["createdAt"]),
    )[0].resource
    meta = made["meta"]
    return {**made, "meta": {**meta, "tag": [*meta["tag"], UNAPPROVED]}}


def _cell(text: str) -> str:
    """Text that a spreadsheet doesn't take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _tell(principal: Principal, patients: set[str]) -> None:
    """The audit trail, before anything leaves: whose codes were exported. Raises StoreUnavailable."""
    if patients:
        tell_view(principal, "billing-export", sorted(filter(None, patients)), None)
