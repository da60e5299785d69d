"""fhirpy as a program uses it, against the started server."""

from __future__ import annotations

import uuid
from typing import Any

import httpx
import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from tests.api.conftest import Started


@pytest.fixture(scope="module")
def fhir(started: Started) -> SyncFHIRClient:
    form = {
        "grant_type": "client_credentials",
        "client_id": started.client_id,
        "client_secret": started.client_secret,
    }
    token = httpx.post(f"{started.url}/oauth2/token", data=form).json()["access_token"]
    return SyncFHIRClient(f"{started.url}/fhir/R4", authorization=f"Bearer {token}")


@pytest.fixture
def mark() -> str:
    return f"fhirpy-{uuid.uuid4()}"


def patient(fhir: SyncFHIRClient, mark: str, **more: Any) -> Any:
    return fhir.resource("Patient", identifier=[{"system": "urn:mrn", "value": mark}], **more)


def test_a_record_from_its_creation_to_its_end(fhir: SyncFHIRClient, mark: str) -> None:
    person = patient(fhir, mark, name=[{"family": mark}])
    person.create()
    first = person.meta.versionId
    person["gender"] = "female"
    person.update()
    assert person.meta.versionId != first
    read = fhir.reference("Patient", person.id).to_resource()
    assert read.gender == "female"
    history = person.execute("_history", method="get")
    assert [e.resource.meta.versionId for e in history.entry] == [person.meta.versionId, first]
    patched = fhir.execute(
        f"Patient/{person.id}", method="patch", data=[{"op": "add", "path": "/active", "value": True}]
    )
    assert patched.active is True
    person.delete()
    with pytest.raises(ResourceNotFound):
        fhir.get("Patient", person.id)


def test_search_pages_chains_and_counts(fhir: SyncFHIRClient, mark: str) -> None:
    people = [patient(fhir, f"{mark}-{n}", name=[{"family": mark}]) for n in range(5)]
    for person in people:
        person.create()
    fhir.resource(
        "Observation", status="final", code={"text": mark}, subject=people[0].to_reference(), valueString="x"
    ).create()
    named = fhir.resources("Patient").search(name=mark)
    assert len({p.id for p in named.limit(2)}) == 5
    assert named.count() == 5
    assert named.first().id in {p.id for p in people}
    assert named.search(identifier=f"urn:mrn|{mark}-2").get().id == people[2].id
    with pytest.raises(MultipleResourcesFound):
        named.get()
    chained = fhir.resources("Observation").search(subject__Patient__name=mark)
    assert [o.code.text for o in chained] == [mark]
    reverse = fhir.resources("Patient").has("Observation", "patient", code__text=mark)
    assert [p.id for p in reverse] == [people[0].id]
    included = (
        fhir.resources("Observation")
        .search(subject=people[0].to_reference().reference)
        .include("Observation", "subject")
    )
    assert {e.resource.resourceType for e in included.fetch_raw().entry} == {"Observation", "Patient"}
    ordered = [p.identifier[0].value for p in named.sort("-identifier").elements("identifier")]
    assert ordered == [f"{mark}-{n}" for n in (4, 3, 2, 1, 0)]
    with pytest.raises(OperationOutcome, match="no search parameter"):
        fhir.resources("Patient").search(nonsense=1).fetch()


def test_conditional_requests(fhir: SyncFHIRClient, mark: str) -> None:
    chosen = fhir.resources("Patient").search(identifier=f"urn:mrn|{mark}")
    person, created = chosen.get_or_create(patient(fhir, mark))
    assert created
    again, created = chosen.get_or_create(patient(fhir, mark))
    assert (again.id, created) == (person.id, False)
    updated, created = chosen.update(patient(fhir, mark, gender="male"))
    assert (updated.id, updated.gender, created) == (person.id, "male", False)
    twin = patient(fhir, mark)
    twin.create()
    for several in (chosen.delete, lambda: chosen.update(patient(fhir, mark))):
        with pytest.raises(MultipleResourcesFound):
            several()
    twin.delete()
    chosen.delete()
    assert chosen.fetch() == []
    assert chosen.delete()[1] == 200


def test_operations_and_batches(fhir: SyncFHIRClient) -> None:
    everything = fhir.reference("Patient", "p1").execute("$everything", method="get")
    assert {"Patient", "Condition"} <= {e.resource.resourceType for e in everything.entry}
    assert fhir.resource("Patient", gender="male").is_valid()
    with pytest.raises(OperationOutcome, match="birthDate"):
        fhir.resource("Patient", birthDate="never").is_valid(raise_exception=True)
    entries = [{"request": {"method": "GET", "url": f"Patient/{i}"}} for i in ("p1", "nobody")]
    bundle = fhir.resource("Bundle", type="batch", entry=entries)
    answers = fhir.execute("", method="post", data=bundle.serialize())
    assert [e.response.status for e in answers.entry] == ["200", "404"]
    assert fhir.execute("metadata", method="get").fhirVersion == "4.0.1"
