"""What goes into a run of a bot and what comes out of it; the same for both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from services.errors import FabricError

MEBIBYTE = 1024 * 1024
HL7_TYPE = "x-application/hl7-v2+er7"


@dataclass(frozen=True)
class Limits:
    """What one run may use. `seconds` is wall time from the hand-over of the event to the result, the bot's
    requests included. `memory_bytes` is what the bot may add to an idle engine. `calls` counts requests to the
    record. `message_bytes` bounds each request, each answer and the result, as JSON."""

    seconds: float = 10.0
    memory_bytes: int = 256 * MEBIBYTE
    log_bytes: int = 10 * 1024
    calls: int = 1000
    message_bytes: int = 20 * MEBIBYTE


@dataclass(frozen=True)
class Place:
    """What a bot sees of where it runs: the server's address (ends with a slash), whom it runs as, its project."""

    base_url: str = "http://localhost:8103/"
    profile: dict[str, Any] | None = None
    project: dict[str, Any] | None = None


@dataclass(frozen=True)
class Request:
    """One request to the FHIR API. `path` is relative to the FHIR base ("Patient/1", "Patient?name=x", "" for a
    batch); `body` is a JSON value, or text or bytes where `content_type` is no JSON."""

    method: str
    path: str
    body: Any = None
    content_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Caller(Protocol):
    """The host's side of `medplum`: carries out one request under the bot's access policy. Gives the answer as a
    JSON value, or as str or bytes where it is no JSON. A refusal is an OutcomeError."""

    def __call__(self, request: Request) -> Any: ...


class OutcomeError(Exception):
    """A request that failed with an OperationOutcome."""

    def __init__(self, outcome: dict[str, Any]) -> None:
        super().__init__(outcome_text(outcome))
        self.outcome = outcome


@dataclass(frozen=True)
class Thrown:
    """Why a run failed. `outcome` where the bot threw, or let pass, an OperationOutcome; `stack` names only the
    bot's own file."""

    message: str
    stack: str = ""
    outcome: dict[str, Any] | None = None


@dataclass(frozen=True)
class Ran:
    """One finished run. `returned` is false where the bot gave nothing back (JavaScript's null is something).
    `log` is the end of what was printed, with the error and its stack at its close."""

    value: Any
    returned: bool
    log: str
    error: Thrown | None
    milliseconds: float


class Stopped(Exception):
    """The run was ended from outside: out of time, memory or calls, or it broke the rules of the channel."""


class SandboxMissing(FabricError):
    """The engine for this language is not installed."""

    code, status = "SANDBOX_MISSING", 501


def outcome_of(text: str, code: str = "invalid") -> dict[str, Any]:
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "details": {"text": text}}],
    }


def outcome_text(outcome: dict[str, Any]) -> str:
    """The outcome's issues as one line."""
    issues = outcome.get("issue")
    parts = []
    for issue in issues if isinstance(issues, list) else []:
        if not isinstance(issue, dict):
            continue
        details = issue.get("details")
        text = details.get("text") if isinstance(details, dict) else None
        text = text or issue.get("diagnostics") or issue.get("code") or "Unknown error"
        where = issue.get("expression")
        parts.append(
            f"{text} ({', '.join(map(str, where))})" if isinstance(where, list) and where else str(text)
        )
    return "; ".join(parts) or "Unknown error"


def timed_out(limits: Limits) -> Stopped:
    return Stopped(f"Script execution timed out after {round(limits.seconds * 1000)}ms")


def out_of_memory(limits: Limits) -> Stopped:
    return Stopped(f"The bot used more than its {limits.memory_bytes // MEBIBYTE} MiB of memory")


def too_large(what: str, limits: Limits) -> str:
    return f"{what} is larger than {limits.message_bytes / MEBIBYTE:.3g} MiB"
