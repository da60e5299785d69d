"""pymedplum as a program uses it, against the started server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pymedplum import MedplumClient
from pymedplum.exceptions import (
    AuthorizationError,
    BadRequestError,
    GoneError,
    MedplumError,
    NotFoundError,
    PreconditionFailedError,
)

from tests.api.conftest import Started

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module")
def medplum(started: Started) -> Iterator[MedplumClient]:
    with MedplumClient(
        base_url=started.url, client_id=started.client_id, client_secret=started.client_secret
    ) as client:
        yield client


@pytest.fixture
def mark() -> str:
    return f"py-{uuid.uuid4()}"


def made(medplum: MedplumClient, mark: str, **more: Any) -> dict[str, Any]:
    identifier = [{"system": "urn:mrn", "value": mark}]
    return medplum.create_resource({"resourceType": "Patient", "identifier": identifier, **more})


def test_wrong_credentials_give_no_token(started: Started) -> None:
    with (
        MedplumClient(base_url=started.url, client_id=started.client_id, client_secret="no") as client,
        pytest.raises(MedplumError, match="Token refresh failed"),
    ):
        client.read_resource("Patient", "p1")


def test_a_record_from_its_creation_to_its_end(medplum: MedplumClient, mark: str, started: Started) -> None:
    patient = made(medplum, mark, name=[{"family": "Ek"}])
    assert patient["meta"]["author"] == {"reference": f"ClientApplication/{started.client_id}"}
    assert medplum.read_resource("Patient", patient["id"]) == patient
    changed = medplum.update_resource({**patient, "gender": "female"})
    assert changed["gender"] == "female"
    with pytest.raises(PreconditionFailedError):
        medplum.update_resource({**patient, "gender": "male"})  # with the version that was read first
    patched = medplum.patch_resource(
        "Patient", patient["id"], [{"op": "add", "path": "/active", "value": True}]
    )
    assert patched["active"] is True
    old = medplum.vread_resource("Patient", patient["id"], patient["meta"]["versionId"])
    assert "gender" not in old
    medplum.delete_resource("Patient", patient["id"])
    with pytest.raises(GoneError):
        medplum.read_resource("Patient", patient["id"])
    with pytest.raises(NotFoundError):
        medplum.read_resource("Patient", NOBODY)


def test_an_update_is_tried_again_on_what_somebody_else_wrote(medplum: MedplumClient, mark: str) -> None:
    patient = made(medplum, mark)
    done = medplum.update_with_retry("Patient", patient["id"], lambda p: {**p, "gender": "other"})
    assert (done.wrote, done.resource["gender"]) == (True, "other")


def test_conditional_creation_alone_and_in_a_batch(medplum: MedplumClient, mark: str) -> None:
    patient = made(medplum, mark)
    sent = {"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": mark}]}
    again = medplum.create_resource_if_none_exist(sent, f"identifier=urn:mrn|{mark}")
    assert again["id"] == patient["id"]
    new = {"resourceType": "Patient", "identifier": [{"system": "urn:mrn", "value": f"{mark}-2"}]}
    result = medplum.conditional_create_batch(
        [(sent, f"identifier=urn:mrn|{mark}"), (new, f"identifier=urn:mrn|{mark}-2")]
    )
    assert (len(result.created), len(result.existed), len(result.failed)) == (1, 1, 0)


def test_search_and_its_pages(medplum: MedplumClient, mark: str) -> None:
    for number in range(5):
        made(medplum, f"{mark}-{number}", name=[{"family": mark}])
    pages = list(medplum.search_resource_pages("Patient", {"name": mark, "_count": "2"}))
    ids = [p["id"] for p in pages]
    assert len(set(ids)) == len(ids) == 5
    one = medplum.search_one("Patient", {"identifier": f"urn:mrn|{mark}-3"})
    assert one is not None and one["id"] in ids
    found = medplum.search_with_options(
        "Patient", {"name": mark}, total="accurate", count=1, elements=["name"]
    )
    assert found["total"] == 5
    assert "identifier" not in found["entry"][0]["resource"]
    with pytest.raises(BadRequestError):
        medplum.search_resources("Patient", {"nonsense": "1"})


def test_batch_and_transaction(medplum: MedplumClient, mark: str) -> None:
    urn = f"urn:uuid:{uuid.uuid4()}"
    entries = [
        {"fullUrl": urn, "request": {"method": "POST", "url": "Patient"}, "resource": {"resourceType": "Patient"}},
        {"request": {"method": "POST", "url": "Condition"},
         "resource": {"resourceType": "Condition", "subject": {"reference": urn}, "code": {"text": mark}}},
    ]  # fmt: skip
    done = medplum.execute_transaction({"resourceType": "Bundle", "type": "transaction", "entry": entries})
    patient, condition = (e["resource"] for e in done["entry"])
    assert condition["subject"]["reference"] == f"Patient/{patient['id']}"
    broken = [*entries, {"request": {"method": "POST", "url": "Patient"},
                         "resource": {"resourceType": "Patient", "birthDate": "never"}}]  # fmt: skip
    with pytest.raises(BadRequestError):
        medplum.execute_transaction({"resourceType": "Bundle", "type": "transaction", "entry": broken})
    reads = [{"request": {"method": "GET", "url": f"Patient/{i}"}} for i in (patient["id"], NOBODY)]
    mixed = medplum.execute_batch({"resourceType": "Bundle", "type": "batch", "entry": reads})
    assert [e["response"]["status"] for e in mixed["entry"]] == ["200", "404"]


def test_operations_on_a_patient(medplum: MedplumClient) -> None:
    everything = medplum.execute_operation("Patient", "everything", resource_id="p1", method="GET")
    assert {"Patient", "Condition"} <= {e["resource"]["resourceType"] for e in everything["entry"]}
    summary = medplum.execute_operation("Patient", "summary", resource_id="p1", method="GET")
    assert summary["type"] == "document"
    good = medplum.execute_operation("Patient", "validate", params={"resourceType": "Patient"})
    assert good["id"] == "ok"
    with pytest.raises(BadRequestError):
        medplum.execute_operation("Patient", "validate", params={"resourceType": "Patient", "birthDate": 1})


def test_files(medplum: MedplumClient) -> None:
    content = bytes(range(256))
    binary = medplum.upload_binary(content, "application/pdf")
    assert medplum.download_binary(binary["id"]) == content
    document = medplum.create_document_reference("p1", content, "application/pdf", "A scan")
    assert document["content"][0]["attachment"]["contentType"] == "application/pdf"


def test_a_bot_that_is_made_deployed_and_run(medplum: MedplumClient, mark: str, started: Started) -> None:
    plain = medplum.create_bot(mark, runtime_version="vmcontext")
    with pytest.raises(BadRequestError):  # made without a membership
        medplum.execute_bot(plain["id"], {})
    project = started.system.directory.project().id
    bot = medplum.post(f"admin/projects/{project}/bot", {"name": mark})
    code = "export async function handler(medplum, event) { return { got: event.input }; }"
    saved, deployed = medplum.save_and_deploy_bot(bot["id"], code, code)
    assert (saved["code"], deployed["id"]) == (code, "ok")
    assert medplum.execute_bot(bot["id"], {"a": [1]}) == {"got": {"a": [1]}}
    accepted = medplum.execute_operation(
        "Bot", "execute", resource_id=bot["id"], params={"a": 2}, headers={"Prefer": "respond-async"}
    )
    job = medplum.wait_for_async_job(accepted, poll_interval=0.02, timeout=60)
    assert job["status"] == "completed"
    assert medplum.list_bots(name=mark)["entry"]
    medplum.delete_bot(bot["id"])
    with pytest.raises(GoneError):
        medplum.execute_bot(bot["id"], {})


def test_what_is_not_there_says_so(medplum: MedplumClient) -> None:
    with pytest.raises(NotFoundError) as refused:
        medplum.execute_graphql("{ PatientList { id } }")
    assert "GraphQL is not supported" in str(refused.value.response_data)


def test_a_reader_is_refused_what_changes_the_record(started: Started) -> None:
    reader, secret = started.system.accounts.add_client("reader", "read-only")
    with MedplumClient(base_url=started.url, client_id=reader.id, client_secret=secret) as client:
        assert client.read_resource("Patient", "p1")["id"] == "p1"
        with pytest.raises(AuthorizationError):
            client.create_resource({"resourceType": "Patient"})
