"""What is said on the wire between the console, the router and the models: the OpenAI API with the clinic's headers.

Tasks, aliases and headers are the contract's. Everything here is shared by the client and the router.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import numpy as np
import orjson

from services.errors import LLMError

Kind = Literal["chat", "embedding"]

CHAT, EMBEDDINGS, MODELS, HEALTH = "/v1/chat/completions", "/v1/embeddings", "/v1/models", "/health"
TASKS: dict[str, str] = {
    "embedding": EMBEDDINGS,
    "semantic_search": EMBEDDINGS,
    "rag_query": EMBEDDINGS,
    "clinical_decision": CHAT,
    "documentation": CHAT,
    "billing_codes": CHAT,
    "health_check": MODELS,
}
ALIASES: dict[str, Kind] = {
    "clinical-model": "chat",
    "fast-model": "chat",
    "embedding-model": "embedding",
    "nomic-embed-text": "embedding",
}
ENDPOINTS: dict[Kind, str] = {"chat": CHAT, "embedding": EMBEDDINGS}

MAX_LINE = 1 << 20  # bytes of one server-sent event
DONE = b"[DONE]"
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?")

# What the router's own error codes mean for the person who runs the console.
ADVICE = {
    "no_chat_model": "No chat model is configured. Name one in the file that FABRIC_LLM_CONFIG points to, or set "
    "FABRIC_LLM_ROUTER_URL to a router that has one.",
    "model_not_found": "It does not know the model that was asked for.",
    "upstream_unreachable": "No model behind it can be reached.",
    "upstream_failed": "Every model behind it failed.",
    "upstream_refused": "The model refused the request.",
    "upstream_unauthorized": "A model behind it refused the router's key: check that upstream's key_env.",
    "upstream_malformed": "The model's answer can't be read.",
    "context_length_exceeded": "The text is too long for the model.",
    "exceed_context_size_error": "The text is too long for the model.",
}


class Problem(Exception):
    """An answer of the router that is an error: HTTP status, stable code, and words for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.param = status, code, message, param
        self.retry_after = retry_after  # seconds

    def body(self) -> dict[str, Any]:
        """The OpenAI API's error object."""
        kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
        kind = kinds.get(self.status, "invalid_request_error" if self.status < 500 else "server_error")
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}


def header_value(text: str) -> bool:
    """Whether a text may be sent as the value of a header: printable ASCII, at most 256 characters."""
    return _HEADER_VALUE.fullmatch(text) is not None


def seconds_to_wait(retry_after: str | None) -> float | None:
    """Retry-After in seconds; None where it is absent, a date, or not to be used."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def error_code(error: object) -> str | None:
    """The code of an error object, or its type; never its message, which may repeat what was asked."""
    if not isinstance(error, dict):
        return None
    found = error.get("code") or error.get("type")
    return found if isinstance(found, str) and re.fullmatch(r"[A-Za-z_]{1,64}", found) else None


def plain_name(value: Any, otherwise: str) -> str:
    """A model's name as it may be shown and logged: printable, at most 200 characters."""
    return value[:200] if isinstance(value, str) and value and value.isprintable() else otherwise


def reckoned_tokens(text: str) -> int:
    """About how many tokens a text has, where nobody counted: English has some four characters a token."""
    return len(text) // 4 + 1


def event(data: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + (data if isinstance(data, bytes) else orjson.dumps(data)) + b"\n\n"


def events(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The data of each server-sent event. Raises LLMError where a line grows without end."""
    held, data = bytearray(), []
    for chunk in chunks:
        held += chunk
        if len(held) > MAX_LINE:
            raise LLMError(f"{name} sent an event of more than {MAX_LINE // 1024} KiB.")
        if b"\n" not in chunk:
            continue
        *lines, rest = bytes(held).split(b"\n")
        held = bytearray(rest)
        for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].strip())
            elif not line.strip() and data:
                yield b"\n".join(data)
                data = []
    if held.startswith(b"data:"):
        data.append(held[5:].strip())
    if data:  # some servers leave out the last blank line
        yield b"\n".join(data)


def json_object(data: bytes) -> dict[str, Any] | None:
    """A JSON object, or None where it is something else. Takes NaN and huge numbers, which some servers write."""
    try:
        found = orjson.loads(data)
    except ValueError:
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return None
    return found if isinstance(found, dict) else None


def packed(vector: np.ndarray) -> str:
    """float32 numbers as base64 (little-endian), which keeps each bit."""
    return base64.b64encode(np.ascontiguousarray(vector, dtype="<f4").data).decode()
