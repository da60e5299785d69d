"""All of one patient's chart, or the part of it that was asked for (hl7.org/fhir/R4/operation-patient-everything.html)."""

from __future__ import annotations

from services.errors import InvalidInput
from services.fhir.definitions import resource_types
from services.fhir.indexing import date_range
from services.fhir.query import whole
from services.fhir.repository import Page, Repository, SearchParams


def everything(repository: Repository, patient_id: str, params: SearchParams = ()) -> Page:
    """One page of the patient's compartment, the patient first; all of it where no `_count` is given.

    `_type` names types, `_since` an instant of the last change, `_offset` where to begin. Other parameters are
    refused. Raises InvalidInput, NotFound, Gone, Forbidden.
    """
    types: set[str] | None = None
    since, count, offset = float("-inf"), None, 0
    for name, value in params:
        if name == "_type":
            types = (types or set()) | {v.strip() for v in value.split(",") if v.strip()}
        elif name == "_since":
            since = _instant(value)
        elif name == "_count":
            count = whole(name, value)
        elif name == "_offset":
            offset = whole(name, value)
        elif name != "_format":
            raise InvalidInput(f"$everything has no parameter '{name}'.", details={"parameter": name})
    unknown = sorted((types or set()) - resource_types())
    if unknown:
        raise InvalidInput(f"'{unknown[0]}' is not a FHIR R4 resource type.", details={"parameter": "_type"})
    repository.read("Patient", patient_id)
    found = [s for s in repository.compartment(patient_id, types) if _instant(s.updated) >= since]
    found.sort(key=lambda s: (s.reference != f"Patient/{patient_id}", s.type, s.id))
    part = found[offset:] if count is None else found[offset : offset + count]
    more = count is not None and 0 < count < len(found) - offset
    return Page(part, total=len(found), has_next=more, count=count or 0, offset=offset)


def _instant(value: str) -> float:
    covered = date_range(value.replace(" ", "+"))
    if covered is None:
        raise InvalidInput(f"'{value}' is not a FHIR instant.", details={"parameter": "_since"})
    return covered[0]
