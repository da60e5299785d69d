"""A record to talk to, and one way to run a bot in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.runtime import sandbox
from services.runtime.sandbox import Limits, OutcomeError, Place, Ran, Request, outcome_of

NOT_FOUND = outcome_of("Not found", "not-found")
HL7 = "MSH|^~\\&|LAB|A|EHR|B|20260102030405||ADT^A01|77|P|2.5\rPID|1||555^^^X~666^^^Y||Doe^Jane&J\rNK1|1\rNK1|2\r"


@dataclass
class Record:
    """Answers requests from a dictionary of paths, and remembers what it was asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Any:
        self.requests.append(request)
        if request.method in ("POST", "PUT", "PATCH"):
            return request.body
        if request.path not in self.answers:
            raise OutcomeError(NOT_FOUND)
        return self.answers[request.path]


@pytest.fixture
def record() -> Record:
    page = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "1"}}]}
    more = {**page, "link": [{"relation": "next", "url": "http://localhost:8103/fhir/R4/Patient?_offset=1"}]}
    return Record(
        {
            "Patient/1": {"resourceType": "Patient", "id": "1", "birthDate": "1980-02-03"},
            "Patient?name=x%20y": page,
            "Patient?_count=1": page,
            "Patient?many=1": more,
            "Patient?_offset=1": page,
            "Binary/b": b"\x00\xff",
        }
    )


Run = Callable[..., Ran]


@pytest.fixture
def run(record: Record) -> Run:
    def go(code: str, filename: str = "bot.js", event: dict[str, Any] | None = None, **limits: Any) -> Ran:
        place = Place(
            profile={"resourceType": "Bot", "id": "me"}, project={"resourceType": "Project", "id": "p"}
        )
        return sandbox.run(code, filename, event or {"input": None}, record, Limits(**limits), place)

    return go


@pytest.fixture(scope="session", autouse=True)
def ended() -> Iterator[None]:
    yield
    sandbox.stop()
