"""What the API gives out of a chart is in the trail before it is answered: one event a request."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fhir.resources.R4B.auditevent import AuditEvent
from starlette.testclient import TestClient

from services.audit.verifying import verify
from services.errors import StoreUnavailable
from services.runtime.system import System
from tests.conftest import condition, patient

R4 = "/fhir/R4"
Headers = dict[str, str]


@pytest.fixture
def told(system: System) -> Callable[[], list[dict[str, Any]]]:
    """The events since the last call."""
    place = [system.ledger.size()]

    def since() -> list[dict[str, Any]]:
        found = [json.loads(body) for body in list(system.ledger.events())[place[0] :]]
        place[0] = system.ledger.size()
        return found

    return since


def patients(event: dict[str, Any]) -> list[str]:
    return [e["what"]["reference"] for e in event["entity"] if e.get("role", {}).get("code") == "1"]


def query(event: dict[str, Any]) -> str:
    sent = next(e["query"] for e in event["entity"] if "query" in e)
    return base64.b64decode(sent).decode()


def sole(events: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(events) == 1, events
    return events[0]


def test_a_read_follows_the_pattern(api: TestClient, admin: Headers, told: Any, system: System) -> None:
    assert api.get(f"{R4}/Observation/o1", headers=admin).status_code == 200
    event = sole(told())
    AuditEvent.model_validate(event)
    assert event["meta"]["profile"] == [
        "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead"
    ]
    assert (event["subtype"][0]["code"], event["action"], event["outcome"]) == ("read", "R", "0")
    assert patients(event) == ["Patient/p1"]
    who, client, server = event["agent"]
    caller = system.accounts.check_password("administrator@clinic.test", "correct horse battery")
    assert (who["who"]["reference"], who["requestor"], who["role"]) == (
        caller.reference,
        True,
        [{"text": "administrator"}],
    )
    assert [a["type"]["coding"][0]["code"] for a in (client, server)] == ["110152", "110153"]
    assert client["network"] == {"address": "testclient", "type": "2"}
    assert event["entity"][1]["what"] == {"reference": "Observation/o1"}


@pytest.mark.parametrize(
    ("path", "code", "about"),
    [
        ("Patient/p1", "read", ["Patient/p1"]),
        ("Condition/c1/_history", "history-instance", ["Patient/p1"]),
        ("Patient/p1/$everything", "operation", ["Patient/p1"]),
        ("Patient/p1/$everything?_type=Condition", "operation", ["Patient/p1"]),
        ("Patient/p1/$summary", "operation", ["Patient/p1"]),
        ("Condition?code=E11.9", "search-type", ["Patient/p1"]),
        ("Condition?_id=c1,c2", "search-type", ["Patient/p1", "Patient/p2"]),
        ("Condition?_id=c2&_include=Condition:subject&_elements=id", "search-type", ["Patient/p2"]),
        ("Patient?_id=p2", "search-type", ["Patient/p2"]),
    ],
)
def test_each_way_of_reading(
    api: TestClient, admin: Headers, told: Any, path: str, code: str, about: list[str]
) -> None:
    assert api.get(f"{R4}/{path}", headers=admin).status_code == 200
    event = sole(told())
    AuditEvent.model_validate(event)
    assert (event["subtype"][0]["code"], sorted(patients(event))) == (code, about)
    if code in ("search-type", "operation"):
        assert query(event) == f"GET {R4}/{path}"


def test_a_version_that_is_read(api: TestClient, admin: Headers, told: Any, system: System) -> None:
    system.repository.update(condition("moved", "p1", "Gout", "M10.9"), create_missing=True)
    first = system.repository.read("Condition", "moved").version
    system.repository.update(condition("moved", "p2", "Gout", "M10.9"))
    assert api.get(f"{R4}/Condition/moved/_history/{first}", headers=admin).status_code == 200
    event = sole(told())
    assert (event["subtype"][0]["code"], patients(event)) == ("vread", ["Patient/p1"])  # whose it was then
    system.repository.delete("Condition", "moved")
    api.get(f"{R4}/Condition/moved/_history", headers=admin)
    assert sorted(patients(sole(told()))) == ["Patient/p1", "Patient/p2"]


def test_a_search_by_post_keeps_what_was_sent(api: TestClient, admin: Headers, told: Any) -> None:
    sent = {"subject": "Patient/p1", "code": "E11.9"}
    assert api.post(f"{R4}/Condition/_search", data=sent, headers=admin).status_code == 200
    event = sole(told())
    assert query(event) == f"POST {R4}/Condition/_search\n\nsubject=Patient%2Fp1&code=E11.9"
    assert patients(event) == ["Patient/p1"]
    assert admin["Authorization"].split()[1] not in json.dumps(event)


def test_a_batch_names_all_whom_it_showed(api: TestClient, admin: Headers, told: Any) -> None:
    entries = [
        {"request": {"method": "GET", "url": url}}
        for url in ("Patient/p1", "Condition?_id=c2", "Patient/none")
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    assert api.post(R4, json=bundle, headers=admin).status_code == 200
    event = sole(told())
    assert event["subtype"][0]["code"] == "batch"
    assert sorted(patients(event)) == ["Patient/p1", "Patient/p2"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "Patient/none"), ("GET", "Condition?code=none"), ("HEAD", "Patient/p1"), ("GET", "metadata"),
     ("GET", "Practitioner?name=nobody"), ("GET", "Patient/p1/$validate"), ("GET", "Nothing/x")],
)  # fmt: skip
def test_where_nothing_was_shown_nothing_is_told(
    api: TestClient, admin: Headers, told: Any, method: str, path: str
) -> None:
    api.request(method, f"{R4}/{path}", headers=admin)
    assert told() == []


def test_what_was_not_sent_again_is_not_told(api: TestClient, admin: Headers, told: Any) -> None:
    tag = api.get(f"{R4}/Patient/p1", headers=admin).headers["etag"]
    told()
    assert api.get(f"{R4}/Patient/p1", headers={**admin, "If-None-Match": tag}).status_code == 304
    assert told() == []


def test_a_hidden_patient_is_named_all_the_same(api: TestClient, told: Any, system: System) -> None:
    """A policy that leaves out who it is about must not leave it out of the trail."""
    who = system.accounts.add_user("hidden@clinic.test", "a long password", "clinician")
    policy = {"resourceType": "AccessPolicy", "id": "hides", "resource": [
        {"resourceType": "Condition", "hiddenFields": ["subject"]}]}  # fmt: skip
    system.repository.write_many([policy])
    membership = system.directory.membership(who.reference)
    assert membership is not None
    system.repository.update({**membership.resource, "accessPolicy": {"reference": "AccessPolicy/hides"}})
    token = system.accounts.access_token(
        system.accounts.check_password("hidden@clinic.test", "a long password")
    )
    shown = api.get(f"{R4}/Condition/c1", headers={"Authorization": f"Bearer {token}"})
    assert shown.status_code == 200 and "subject" not in shown.json()
    assert patients(sole(told())) == ["Patient/p1"]


def test_files_and_embeddings_belong_to_a_chart(
    api: TestClient, admin: Headers, told: Any, system: System
) -> None:
    system.repository.write_many([{"resourceType": "Binary", "id": "scan", "contentType": "text/plain", "data": "eA==",
                                   "securityContext": {"reference": "Patient/p2"}}])  # fmt: skip
    assert api.get(f"{R4}/Binary/scan", headers=admin).content == b"x"
    assert patients(sole(told())) == ["Patient/p2"]
    embedding = system.store.binaries_of("Condition", "c1")[0]
    assert api.get(f"{R4}/Binary/{embedding}", headers=admin).status_code == 200
    assert patients(sole(told())) == ["Patient/p1"]


def test_search_and_answer_bots(api: TestClient, admin: Headers, told: Any) -> None:
    for bot, kind, sent in (
        ("e8d04e1d-7309-463b-ba7b-86dda61e3bbe", "semantic_search", {"query": "diabetes"}),
        (
            "d7f9a8c7-5da6-49a2-9a8e-7ebfb3987f52",
            "rag_query",
            {"question": "Which problems?", "patientId": "p1"},
        ),
    ):
        assert api.post(f"{R4}/Bot/{bot}/$execute", json=sent, headers=admin).status_code == 200
        events = {e["subtype"][0]["code"] if "subtype" in e else e["type"]["code"]: e for e in told()}
        assert set(events) == {kind, "execute"} and "Patient/p1" in patients(events[kind])
        assert "diabetes" not in json.dumps(events)


def test_nothing_is_answered_that_cannot_be_told(
    api: TestClient, admin: Headers, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreUnavailable("The audit trail can't be written just now. Try again.")

    monkeypatch.setattr(system.audit._commit, "write", full)
    for path in ("Patient/p1", "Condition", "Patient/p1/$everything", "Patient/p1/$summary"):
        answer = api.get(f"{R4}/{path}", headers=admin)
        assert answer.status_code == 503 and "Lindqvist" not in answer.text and "diabetes" not in answer.text


@pytest.fixture
def kept(api: TestClient, admin: Headers, system: System) -> Iterator[str]:
    made = system.audit.write("error", patient_id="p1")
    yield made
    assert api.get(f"{R4}/AuditEvent/{made}", headers=admin).json()["outcome"] == "0"
    assert verify(system.database).finding is None


def test_nobody_changes_or_deletes_an_event(api: TestClient, bearer: Any, system: System, kept: str) -> None:
    held = system.repository.read("AuditEvent", kept).resource
    changed, address = {**held, "outcome": "8"}, f"{R4}/AuditEvent/{kept}"
    entry = {"resource": changed, "request": {"method": "PUT", "url": f"AuditEvent/{kept}"}}
    for role in ("administrator", "clinician", "approver", "read-only"):
        headers = bearer(role)
        assert api.put(address, json=changed, headers=headers).status_code == 403
        assert api.put(address, json=held, headers=headers).status_code == 403
        assert (
            api.patch(
                address, json=[{"op": "replace", "path": "/outcome", "value": "8"}], headers=headers
            ).status_code
            == 403
        )
        assert api.delete(address, headers=headers).status_code == 403
        assert api.delete(f"{R4}/AuditEvent?_id={kept}", headers=headers).status_code == 403
        for kind in ("batch", "transaction"):
            answer = api.post(
                R4, json={"resourceType": "Bundle", "type": kind, "entry": [entry]}, headers=headers
            )
            assert answer.status_code == 403 or answer.json()["entry"][0]["response"]["status"] == "403"


def test_events_stay_out_of_the_chart_unless_asked_for(
    api: TestClient, admin: Headers, system: System, kept: str
) -> None:
    def types(path: str) -> set[str]:
        return {e["resource"]["resourceType"] for e in api.get(f"{R4}/{path}", headers=admin).json()["entry"]}

    assert "AuditEvent" not in types("Patient/p1/$everything")
    assert types("Patient/p1/$everything?_type=AuditEvent") == {"AuditEvent"}


def test_a_foreign_event_is_taken_in(api: TestClient, admin: Headers, system: System) -> None:
    foreign = {"resourceType": "AuditEvent", "id": "foreign", "recorded": "2020-01-01T00:00:00Z",
               "type": {"code": "rest"}, "agent": [{"requestor": True}], "source": {"observer": {"display": "x"}}}  # fmt: skip
    system.repository.write_many([patient("p1", name=[{"family": "Lindqvist", "given": ["Åsa"]}], birthDate="1960-02-03",
                                          gender="female"), foreign])  # fmt: skip
    assert system.ledger.entry_of("foreign") is not None
    assert verify(system.database).finding is None
