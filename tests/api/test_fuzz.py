"""Anything sent to any route is answered: never a 500, never a traceback, never the record's content in an error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from services.api.routes import ROUTES
from services.errors import FabricError
from services.fhir.definitions import search_parameters
from services.runtime.bots import create_bot, deploy
from services.runtime.registry import BUILT_IN
from services.runtime.system import System
from tests.conftest import PASSWORD, observation, patient, small_chart

SECRET = "Zyxwvut"
TYPES = ["Patient", "Observation", "Condition", "Binary", "Bundle", "Bot", "Nonsense", "MedicinalProduct"]
NAMES = ["_id", "_lastUpdated", "_sort", "_count", "_offset", "_total", "_include", "_revinclude", "_has:Observation:patient:code",
         "_has", "_compartment", "_summary", "_elements", "_format", "subject:Patient.name", "patient.general-practitioner.name",
         *search_parameters("Observation"), *search_parameters("Patient")]  # fmt: skip
VALUES = ["", "1", "-1", "p1", "Patient/p1", "http://loinc.org|4548-4", "|", "||", "gt2024", "eq", "5.4|http://x|mg", "2024-02-30",
          "a,b,\\,c", "%", "'; DROP TABLE resource;--", "*", "Observation:patient", "Observation:nonsense", "true", "x" * 600, "\x00", "9" * 40]  # fmt: skip

text = st.text(max_size=20) | st.sampled_from(VALUES)
scalar = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | text
)
keys = st.sampled_from(
    [
        "id",
        "code",
        "subject",
        "reference",
        "name",
        "meta",
        "value",
        "entry",
        "request",
        "resource",
        "type",
        "status",
        "text",
    ]
)
anything = st.recursive(
    scalar,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | text, inner, max_size=4),
    max_leaves=8,
)
resource = st.builds(
    lambda kind, base, more: {**base, **more, "resourceType": kind},
    st.sampled_from(TYPES) | text,
    st.sampled_from([{}, patient("p1"), observation("o1")]),
    st.dictionaries(keys, anything, max_size=3),
)
request = st.fixed_dictionaries({"method": st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "X"]),
                                 "url": st.sampled_from(["Patient", "Patient/p9", "Patient?name=x", "", "/", "Patient/p9/_history/1", "urn:x"]) | text},
                                optional={"ifNoneExist": text, "ifMatch": text})  # fmt: skip
entry = st.fixed_dictionaries(
    {"request": request | anything}, optional={"resource": resource | anything, "fullUrl": text}
)
bundle = st.fixed_dictionaries({"resourceType": st.just("Bundle"), "type": st.sampled_from(["batch", "transaction", "x"]),
                                "entry": st.lists(entry, max_size=4) | anything})  # fmt: skip
patch = st.lists(st.fixed_dictionaries({}, optional={"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "x"]),
                                                     "path": st.sampled_from(["", "/", "/name/0", "/name/-", "/id", "x"]) | text,
                                                     "from": text, "value": anything}), max_size=3)  # fmt: skip
segment = (
    st.sampled_from(
        [
            *TYPES,
            "p1",
            "o1",
            "_history",
            "_search",
            "$everything",
            "$execute",
            "$validate",
            "$summary",
            "$deploy",
            "$graphql",
            "metadata",
            *BUILT_IN,
            "..",
            ".",
        ]
    )
    | text
)
path = st.lists(segment, max_size=4).map(
    lambda parts: "/fhir/R4/" + "/".join(quote(p, safe="$") for p in parts)
)
query = st.lists(st.tuples(st.sampled_from(NAMES) | text, st.sampled_from(VALUES) | text), max_size=3)
known = [
    *("/auth/login", "/auth/me", "/auth/session", "/oauth2/token", "/oauth2/userinfo", "/healthcheck", "/metrics", "/fhir/R4"),
    *("/fhir/R4/Patient", "/fhir/R4/Patient/p9", "/fhir/R4/Observation", "/fhir/R4/Observation/_search", "/fhir/R4/Patient/p9/_history"),
    *(f"/fhir/R4/Bot/{bot}/$execute" for bot in BUILT_IN),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def secret_patient(system: System) -> Iterator[None]:
    """Here while anything is sent; afterwards the shared chart is as it was, whatever was deleted."""
    system.repository.update(
        patient("p9", name=[{"family": SECRET}], birthDate="1933-03-03"), create_missing=True
    )
    yield
    for resource in small_chart():
        system.repository.update(resource, create_missing=True)
    while system.pipeline.step() is not None:
        pass


def check(answer: Any) -> None:
    assert answer.status_code < 500, (
        answer.request.method,
        answer.request.url,
        answer.request.content,
        answer.text,
    )
    assert "Traceback" not in answer.text
    if answer.status_code >= 400:
        assert SECRET not in answer.text
        assert "1933" not in answer.text
        body = answer.json()
        assert (
            body.get("resourceType") == "OperationOutcome" or body.get("success") is False or "error" in body
        )


steady = settings(
    max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@steady
@given(st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]), path, query, anything | resource)
def test_any_address_is_answered(
    api: TestClient, admin: Any, method: str, path: str, query: Any, body: Any
) -> None:
    answer = api.request(method, f"{path}?{urlencode(query)}", json=body, headers=admin)
    if method != "HEAD" and answer.request.url.path.startswith("/fhir"):  # ".." leads out of the API
        check(answer)
    assert answer.status_code < 500


@pytest.mark.parametrize("root", ["/fhir", "/fhir/R4", "/admin", "/auth", "/oauth2", "/email", "/keyvalue"])
@pytest.mark.parametrize(
    "rest", ["", "/", "/nothing", "/%0A", "/a/b%2Fc", "/%00/%ff", "//", "/$nothing", "/Patient/..%2f.."]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_an_address_that_leads_nowhere_is_told_in_json(
    api: TestClient, admin: Any, root: str, rest: str, method: str
) -> None:
    answer = api.request(method, root + rest, json={}, headers=admin)
    check(answer)
    assert answer.status_code in (400, 404, 405)


@steady
@given(st.sampled_from(["Observation", "Patient"]), query)
def test_any_search_is_answered_or_refused(api: TestClient, admin: Any, kind: str, query: Any) -> None:
    answer = api.get(f"/fhir/R4/{kind}?{urlencode(query)}", headers=admin)
    check(answer)
    assert answer.status_code in (200, 400)


@steady
@given(bundle)
def test_any_bundle_is_run_or_refused(api: TestClient, admin: Any, bundle: Any) -> None:
    check(api.post("/fhir/R4", json=bundle, headers=admin))


@steady
@given(st.sampled_from(["Patient/p9", "Observation/o1"]), patch)
def test_any_patch_is_applied_or_refused(api: TestClient, admin: Any, target: str, patch: Any) -> None:
    check(api.patch(f"/fhir/R4/{target}", json=patch, headers=admin))


@steady
@given(st.sampled_from(sorted(BUILT_IN)), st.dictionaries(
    st.sampled_from(["query", "limit", "patientId", "resourceTypes", "dateRange", "minSimilarity", "asOf", "resourceType", "id", "code"]),
    anything, max_size=4) | resource | anything)  # fmt: skip
def test_any_input_of_a_bot_is_answered(api: TestClient, admin: Any, bot: str, value: Any) -> None:
    check(api.post(f"/fhir/R4/Bot/{bot}/$execute", json=value, headers=admin))


media = st.sampled_from(["application/json", "application/fhir+json", "text/plain", "x-application/hl7-v2+er7", "image/png",
                         "application/x-www-form-urlencoded", "", "x", "application/json; charset=\"", "a/b;c=d"])  # fmt: skip
content = st.binary(max_size=60) | text.map(lambda t: t.encode("utf-8", "surrogatepass")) | st.sampled_from(
    [b"{}", b"[]", b"null", b"MSH|^~\\&|A", b"MSH|", b'{"code": "x"}', b'{"code": "def handler(medplum, event): return 1", "filename": "x.py"}']
)  # fmt: skip
prefer = st.sampled_from(
    [{}, {"Prefer": "respond-async"}, {"X-Medplum": "extended"}, {"X-Security-Context": "Patient/p1"}]
)


@pytest.fixture(scope="module")
def echo(system: System) -> str:
    """A bot in Python that returns what it gets; it runs in this process, so that many examples cost little."""
    who = system.accounts.check_password("administrator@clinic.test", PASSWORD)
    bot = create_bot(system, who, "echo")
    deploy(system, who, bot.id, "def handler(medplum, event):\n    return event.input", "echo.py")
    return bot.id


@pytest.fixture(scope="module")
def deployed(system: System) -> str:
    """A bot that only gets code."""
    who = system.accounts.check_password("administrator@clinic.test", PASSWORD)
    return create_bot(
        system, who, "deployed", filename="x.py", code="def handler(medplum, event): return 1"
    ).id


@settings(steady, max_examples=60)
@given(content, media, prefer)
def test_any_content_reaches_a_bot_or_is_refused(
    api: TestClient, admin: Any, echo: str, content: bytes, kind: str, headers: dict[str, str]
) -> None:
    address = f"/fhir/R4/Bot/{echo}/$execute"
    check(api.post(address, content=content, headers={**admin, **headers, "Content-Type": kind}))


@settings(steady, max_examples=40)
@given(content, media)
def test_any_code_is_deployed_or_changes_nothing(
    api: TestClient, admin: Any, system: System, deployed: str, content: bytes, kind: str
) -> None:
    before = len(system.repository.changes(0, 100_000))
    answer = api.post(
        f"/fhir/R4/Bot/{deployed}/$deploy", content=content, headers={**admin, "Content-Type": kind}
    )
    check(answer)
    changes = system.repository.changes(0, 100_000)[before:]
    assert [c.type for c in changes] == (["Binary", "Bot"] if answer.status_code == 200 else [])


@steady
@given(
    content,
    media,
    st.sampled_from(["$deploy", "$execute", "$execute/further", "$validate"]),
    st.sampled_from(["nobody", "p1", *BUILT_IN]),
)
def test_any_content_of_a_bots_operations_is_answered(
    api: TestClient, admin: Any, content: bytes, kind: str, operation: str, bot: str
) -> None:
    check(
        api.post(f"/fhir/R4/Bot/{bot}/{operation}", content=content, headers={**admin, "Content-Type": kind})
    )


@steady
@given(st.sampled_from(["mine", "other"]), st.dictionaries(
    st.sampled_from(["name", "description", "accessPolicy", "runtimeVersion"]),
    anything | st.sampled_from(["x", "vmcontext", {"reference": "AccessPolicy/none"}]), max_size=4) | anything)  # fmt: skip
def test_any_bot_is_made_whole_or_not_at_all(
    api: TestClient, admin: Any, system: System, project: str, sent: Any
) -> None:
    project = system.directory.project().id if project == "mine" else project
    before = len(system.repository.changes(0, 100_000))
    answer = api.post(f"/admin/projects/{project}/bot", json=sent, headers=admin)
    check(answer)
    changes = system.repository.changes(0, 100_000)[before:]
    if answer.status_code == 201:
        assert [c.type for c in changes] == ["Binary", "Bot", "ProjectMembership"]
    else:
        assert changes == []


@steady
@given(st.sampled_from(["Patient", "Observation", "Bundle", "Binary", "AccessPolicy"]), st.sampled_from(["", "/p1", "/nobody"]),
       resource | anything | st.builds(lambda r: {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": r}]}, resource))  # fmt: skip
def test_any_resource_is_judged_and_nothing_is_stored(
    api: TestClient, admin: Any, system: System, kind: str, target: str, sent: Any
) -> None:
    before = len(system.repository.changes(0, 100_000))
    answer = api.post(f"/fhir/R4/{kind}{target}/$validate", json=sent, headers=admin)
    check(answer)
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert len(system.repository.changes(0, 100_000)) == before


odd = st.sampled_from([
    "x", 5, True, ["x"], [None], {}, {"coding": "x"}, {"coding": [None]}, {"coding": [{"system": [1], "code": {}}]}, {"text": [1]},
    {"reference": 7}, {"reference": "Medication/none"}, {"value": {}, "unit": []}, {"start": 5},
])  # fmt: skip
expected = st.sampled_from(
    [{"coding": [{"system": "x", "code": "vital-signs"}]}, {"text": "<b>&"}, "active", "2024-01-01"]
)
elements = ["code", "category", "clinicalStatus", "verificationStatus", "medicationReference", "medicationCodeableConcept",
            "vaccineCode", "valueQuantity", "valueString", "valueCodeableConcept", "effectiveDateTime", "effectivePeriod", "issued"]  # fmt: skip
chart = st.builds(
    lambda kind, more: {**more, "resourceType": kind},
    st.sampled_from(["Condition", "Observation", "MedicationRequest", "MedicationStatement", "Procedure", "Immunization",
                     "AllergyIntolerance", "DiagnosticReport"]),
    st.dictionaries(st.sampled_from(elements), odd | expected | st.lists(odd | expected, max_size=2), min_size=2, max_size=8),
)  # fmt: skip


@steady
@given(st.lists(chart, min_size=1, max_size=3), st.sampled_from(["$summary", "$everything"]), query)
def test_any_chart_that_was_stored_can_be_summed_up(
    api: TestClient, admin: Any, system: System, stored: list[Any], operation: str, query: Any
) -> None:
    for number, one in enumerate(stored):  # as an import may have brought it, unchecked
        with contextlib.suppress(FabricError):
            kept = {**one, "id": f"any-{number}", "subject": {"reference": "Patient/p9"}}
            system.repository.update(kept, create_missing=True)
    check(api.get(f"/fhir/R4/Patient/p9/{operation}?{urlencode(query)}", headers=admin))


@steady
@given(content, media, prefer, st.sampled_from(["POST", "PUT"]))
def test_any_content_is_a_binary(
    api: TestClient, admin: Any, content: bytes, kind: str, headers: dict[str, str], method: str
) -> None:
    address = "/fhir/R4/Binary" if method == "POST" else "/fhir/R4/Binary/any"
    stored = api.request(method, address, content=content, headers={**admin, **headers, "Content-Type": kind})
    check(stored)
    if stored.status_code < 300:
        read = api.get(f"/fhir/R4/{stored.json()['url']}", headers=admin)
        assert read.content == content


@steady
@given(st.sampled_from(known), st.sampled_from(["GET", "POST", "PUT", "DELETE"]), st.binary(max_size=60) | st.just(b"{}"),
       st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", "image/png", "x"]),
       st.sampled_from([{}, {"Authorization": "Basic w6k6"}, {"Authorization": "Bearer x"}, {"If-None-Exist": "a=b"}, {"Host": "evil\"<"}]))  # fmt: skip
def test_any_bytes_without_a_token_are_answered(
    api: TestClient, path: str, method: str, content: bytes, kind: str, headers: dict[str, str]
) -> None:
    answer = api.request(method, path, content=content, headers={"Content-Type": kind, **headers})
    assert answer.status_code < 500 and "Traceback" not in answer.text
    assert SECRET not in answer.text


def test_every_route_was_named_here() -> None:
    shapes = {getattr(route, "path", "") for route in ROUTES}
    assert {p for p in known if p.startswith(("/auth", "/oauth2", "/health", "/metrics"))} <= shapes


def test_the_record_is_whole_after_all_of_it(api: TestClient, admin: Any, system: System) -> None:
    assert system.database.connection().execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert not system.database.connection().in_transaction
    for stored in system.repository.everything():
        assert stored.resource["id"] == stored.id
