"""`$everything`, `$summary`, `$validate`, and what is said of operations that are not there."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from services.fhir.validation import validate
from services.runtime.system import System
from tests.conftest import condition, observation, patient

BASE = "/fhir/R4"
Headers = dict[str, str]
SECTIONS = ["11450-4", "48765-2", "10160-0", "11369-6", "30954-2", "47519-4", "8716-3", "11348-0"]


def concept(code: str, text: str = "", system: str = "http://loinc.org") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], **({"text": text} if text else {})}


def vital(resource_id: str, value: float, day: str, **more: Any) -> dict[str, Any]:
    return observation(
        resource_id, "sum-1", code=concept("8867-4", "Heart rate"), category=[concept("vital-signs")],
        effectiveDateTime=day, valueQuantity={"value": value, "unit": "/min"}, **more,
    )  # fmt: skip


def of_sum(kind: str, resource_id: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": resource_id, "subject": {"reference": "Patient/sum-1"}, **more}


@pytest.fixture(scope="module")
def chart(system: System) -> None:
    verified = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
    drug = {"medicationReference": {"reference": "Medication/sum-drug"}, "intent": "order"}
    system.repository.write_many([
        patient("sum-1", name=[{"family": "Summers"}]), patient("sum-2"),
        condition("sum-now", "sum-1", "Asthma <mild> & stable", "J45.909"),
        {**condition("sum-past", "sum-1", "Appendicitis", "K35.80"), "clinicalStatus": concept("resolved")},
        {**condition("sum-not", "sum-1", "Gout", "M10.9"), "verificationStatus": concept("refuted", system=verified)},
        {"resourceType": "Medication", "id": "sum-drug", "code": {"text": "Salbutamol"}},
        of_sum("MedicationRequest", "sum-taken", status="active", **drug),
        of_sum("MedicationRequest", "sum-stopped", status="stopped", **drug),
        vital("sum-v1", 71, "2024-01-01"), vital("sum-v2", 64, "2024-06-01"),
        vital("sum-v3", 500, "2024-07-01", status="entered-in-error"),
        observation("sum-lab", "sum-1", category=[concept("laboratory")], effectiveDateTime="2024-01-01"),
        observation("sum-smoke", "sum-1", code=concept("72166-2"), category=[concept("social-history")]),
        {"resourceType": "Immunization", "id": "sum-i1", "status": "completed", "patient": {"reference": "Patient/sum-1"},
         "vaccineCode": concept("140", "Influenza"), "occurrenceDateTime": "2023-10-01"},
        {"resourceType": "Immunization", "id": "sum-i2", "status": "not-done", "patient": {"reference": "Patient/sum-1"},
         "vaccineCode": concept("33"), "occurrenceDateTime": "2023-10-01"},
    ])  # fmt: skip


@pytest.fixture
def summary(api: TestClient, admin: Headers, chart: None) -> dict[str, Any]:
    answer = api.get(f"{BASE}/Patient/sum-1/$summary", headers=admin)
    assert answer.status_code == 200
    return answer.json()


def sections(bundle: dict[str, Any]) -> dict[str, Any]:
    return {s["code"]["coding"][0]["code"]: s for s in bundle["entry"][0]["resource"]["section"]}


def test_the_summary_is_a_valid_document_whose_entries_are_all_there(summary: dict[str, Any]) -> None:
    validate(summary)
    first, *others = (e["resource"] for e in summary["entry"])
    assert (summary["type"], first["resourceType"]) == ("document", "Composition")
    assert summary["identifier"]["value"].startswith("urn:uuid:")
    assert first["subject"] == {"reference": "Patient/sum-1"}
    assert list(sections(summary)) == SECTIONS
    held = {f"{r['resourceType']}/{r['id']}" for r in others}
    named = {e["reference"] for s in first["section"] for e in s.get("entry", [])}
    assert held == named | {"Patient/sum-1", "Medication/sum-drug"}


def test_sections_hold_what_is_true_now_and_the_latest_of_each_measurement(summary: dict[str, Any]) -> None:
    held = {
        code: [e["reference"].partition("/")[2] for e in s.get("entry", [])]
        for code, s in sections(summary).items()
    }
    assert held == {
        "11450-4": ["sum-now"], "48765-2": [], "10160-0": ["sum-taken"], "11369-6": ["sum-i1"],
        "30954-2": ["sum-lab"], "47519-4": [], "8716-3": ["sum-v2"], "11348-0": ["sum-past"],
    }  # fmt: skip


def test_sections_are_told_in_words_and_empty_ones_say_so(summary: dict[str, Any]) -> None:
    found = sections(summary)
    assert "<li>Asthma &lt;mild&gt; &amp; stable (2021-04-02)</li>" in found["11450-4"]["text"]["div"]
    assert "Heart rate: 64 /min (2024-06-01)" in found["8716-3"]["text"]["div"]
    for code in ("48765-2", "47519-4"):
        assert "Nothing is recorded." in found[code]["text"]["div"]
        assert found[code]["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "entry" not in found[code]


def test_the_summary_of_an_empty_chart_is_valid_too(api: TestClient, admin: Headers, chart: None) -> None:
    bundle = api.post(f"{BASE}/Patient/sum-2/$summary", headers=admin).json()
    validate(bundle)
    assert [e["resource"]["resourceType"] for e in bundle["entry"]] == ["Composition", "Patient"]


def test_everything_is_narrowed_by_type_and_time_and_paged(
    api: TestClient, admin: Headers, chart: None
) -> None:
    def ids(query: str) -> list[str]:
        found = api.get(f"{BASE}/Patient/sum-1/$everything?{query}", headers=admin).json()
        return [e["resource"]["id"] for e in found["entry"]]

    assert ids("")[0] == "sum-1"
    assert ids("_type=Immunization") == ["sum-i1", "sum-i2"]
    assert ids("_type=Immunization,MedicationRequest") == ["sum-i1", "sum-i2", "sum-stopped", "sum-taken"]
    assert ids("_since=2999-01-01") == []
    assert ids("_since=2000-01-01") == ids("")
    seen: list[str] = []
    address = f"{BASE}/Patient/sum-1/$everything?_count=4"
    while address:
        page = api.get(address, headers=admin).json()
        seen += [e["resource"]["id"] for e in page["entry"]]
        assert page["total"] == len(ids(""))
        address = next((link["url"] for link in page.get("link", []) if link["relation"] == "next"), "")
    assert seen == ids("")
    sent = {"resourceType": "Parameters", "parameter": [{"name": "_type", "valueString": "Immunization"}]}
    posted = api.post(f"{BASE}/Patient/sum-1/$everything", json=sent, headers=admin).json()
    assert [e["resource"]["id"] for e in posted["entry"]] == ["sum-i1", "sum-i2"]
    for wrong in ("_type=Nonsense", "_since=soon", "_count=-1", "name=x"):
        assert api.get(f"{BASE}/Patient/sum-1/$everything?{wrong}", headers=admin).status_code == 400


def test_validation_names_each_wrong_element_and_stores_nothing(
    api: TestClient, admin: Headers, system: System
) -> None:
    before = len(system.repository.changes(0, 100_000))
    good = {"resourceType": "Patient", "gender": "male"}
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": good}]}
    for sent in (good, wrapped):
        answer = api.post(f"{BASE}/Patient/$validate", json=sent, headers=admin)
        assert (answer.status_code, answer.json()["id"]) == (200, "ok")
    wrong = {"resourceType": "Patient", "birthDate": "never", "marmalade": 1, "active": "true"}
    answer = api.post(f"{BASE}/Patient/$validate", json=wrong, headers=admin)
    assert answer.status_code == 400
    named = {issue["expression"][0] for issue in answer.json()["issue"]}
    assert {"Patient.birthDate", "Patient.marmalade"} <= named
    assert "never" not in answer.text
    assert api.get(f"{BASE}/Patient/p1/$validate", headers=admin).status_code == 200
    other = api.post(f"{BASE}/Patient/p1/$validate", json={**good, "id": "p2"}, headers=admin)
    assert other.status_code == 400
    assert api.post(f"{BASE}/Observation/$validate", json=good, headers=admin).status_code == 400
    policy = {"resourceType": "AccessPolicy", "resource": [{"resourceType": "Nonsense"}]}
    assert api.post(f"{BASE}/AccessPolicy/$validate", json=policy, headers=admin).status_code == 400
    assert len(system.repository.changes(0, 100_000)) == before


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("$graphql", "GraphQL"),
        ("Patient/$graphql", "GraphQL"),
        ("Patient/p1/$nonsense", "$nonsense"),
        ("$export", "$export"),
        ("Group/1/$export", "$export"),
    ],
)
def test_operations_that_are_not_there_say_that_they_are_not_supported(
    api: TestClient, admin: Headers, address: str, words: str
) -> None:
    for method in ("GET", "POST"):
        answer = api.request(method, f"{BASE}/{address}", headers=admin)
        issue = answer.json()["issue"][0]
        assert (answer.status_code, issue["code"]) == (404, "not-supported")
        assert words in issue["details"]["text"]
    assert api.put(f"{BASE}/Patient/p1/$everything", json={}, headers=admin).status_code == 405


def test_metadata_names_the_operations(api: TestClient) -> None:
    statement = api.get(f"{BASE}/metadata").json()
    validate(statement)
    told = {r["type"]: {o["name"] for o in r["operation"]} for r in statement["rest"][0]["resource"]}
    assert told["Patient"] == {"everything", "summary", "validate"}
    assert told["Bot"] == {"execute", "deploy", "validate"}
    assert told["Observation"] == {"validate"}
