"""medplum's methods as requests, whatever a bot gives them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.sandbox import Limits, OutcomeError, Place, Request, Thrown
from services.runtime.sandbox.client import METHODS, Client
from services.runtime.sandbox.log import Log

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


class Listener:
    def __init__(self) -> None:
        self.heard: list[Request] = []

    def __call__(self, request: Request) -> Any:
        self.heard.append(request)
        return {"resourceType": "Bundle"}


def client(listener: Listener) -> Client:
    return Client(listener, Place(), Limits())


def sent(method: str, *arguments: Any) -> Request:
    listener = Listener()
    client(listener).call(method, list(arguments))
    return listener.heard[0]


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("readHistory", ["Patient", "1"], ("GET", "Patient/1/_history")),
        ("readVersion", ["Patient", "1", "2"], ("GET", "Patient/1/_history/2")),
        ("readPatientEverything", ["1"], ("GET", "Patient/1/$everything")),
        ("readReference", [{"reference": "Patient/1/_history/2"}], ("GET", "Patient/1/_history/2")),
        ("search", ["Patient", "?name=a b&_count=2"], ("GET", "Patient?name=a%20b&_count=2")),
        (
            "search",
            ["Patient", {"name": ["a", "b"], "x": None, "y": True}],
            ("GET", "Patient?name=a&name=b&y=true"),
        ),
        ("searchOne", ["Patient", "name=a&_count=5"], ("GET", "Patient?name=a&_count=1")),
        ("deleteResource", ["Patient", "a/b?c"], ("DELETE", "Patient/a%2Fb%3Fc")),
        ("validateResource", [{"resourceType": "Patient"}], ("POST", "Patient/$validate")),
        ("executeBot", [{"system": "s", "value": "v"}, {}], ("POST", "Bot/$execute?identifier=s%7Cv")),
        ("get", ["http://localhost:8103/fhir/R4/Patient/1#x"], ("GET", "Patient/1")),
        ("get", ["fhir/R4/Patient"], ("GET", "Patient")),
        ("get", ["Patient/1"], ("GET", "Patient/1")),
        ("createComment", [{"resourceType": "Patient", "id": "1"}, "x"], ("POST", "Communication")),
    ],
)
def test_a_method_is_a_request(method: str, arguments: list[Any], expected: tuple[str, str]) -> None:
    request = sent(method, *arguments)
    assert (request.method, request.path) == expected


@given(st.sampled_from(sorted(METHODS)), st.lists(JSON, max_size=4))
def test_any_call_is_a_request_below_the_base_or_refused(method: str, arguments: list[Any]) -> None:
    listener = Listener()
    try:
        client(listener).call(method, arguments)
    except OutcomeError as error:
        assert error.outcome["issue"][0]["details"]["text"]
    for request in listener.heard:
        assert ".." not in unquote(request.path.split("?")[0]).split("/")
        base = "http://localhost:8103/fhir/R4/"
        assert urljoin(base, request.path).startswith(base)


@given(st.text(min_size=1))
def test_an_id_is_one_segment(id: str) -> None:
    try:
        path = sent("readResource", "Patient", id).path
    except OutcomeError:
        assert id in (".", "..")
    else:
        kind, last = path.split("/")
        assert (kind, unquote(last, errors="strict")) == ("Patient", id)


@given(st.dictionaries(st.text(min_size=1), st.text(min_size=1)))
def test_a_query_arrives_as_it_was_given(query: dict[str, str]) -> None:
    path = sent("search", "Patient", query).path
    assert dict(parse_qsl(path.partition("?")[2], keep_blank_values=True)) == query


@pytest.mark.parametrize(
    "address",
    [
        "http://elsewhere/fhir/R4/Patient",
        "//elsewhere/x",
        "/admin/projects",
        "fhir/R4/../../admin",
        "fhir/R4x",
        "x:y",
        "http://localhost:8103@elsewhere/fhir/R4/",
        "Patient/..%2f..%2fadmin",
        "Patient/%2e%2e/%2e%2e/admin",
        "",
    ],
)
def test_addresses_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(OutcomeError):
        sent("get", address)


def test_an_unknown_method_is_refused() -> None:
    for method in ("call", "_send", "seen", "__init__", "createPdf"):
        with pytest.raises(OutcomeError, match="not available here"):
            sent(method)


@given(st.lists(st.text()), st.integers(min_value=8, max_value=64))
def test_the_log_is_the_end_of_what_was_said(pieces: list[str], limit: int) -> None:
    log = Log(limit)
    for piece in pieces:
        log.add(piece)
    whole = "".join(pieces).encode("utf-8", "replace")
    kept = log.finish()
    assert len(kept.encode()) <= limit
    assert kept == whole[-limit:].decode("utf-8", "ignore").removesuffix("\n")


def test_an_error_is_told_once() -> None:
    for error, expected in (
        (Thrown("no", "Error: no\n    at x"), "said\nError: no\n    at x"),
        (Thrown("no"), "said\nno"),
        (Thrown("no", "    at x"), "said\nno\n    at x"),
    ):
        log = Log(100)
        log.add("said")
        assert log.finish(error) == expected
