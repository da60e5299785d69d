"""A look at the models behind the router, which also tells their breakers."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from services.errors import EmbeddingError, LLMError, LLMTimeout
from services.llm.deadline import Deadline
from services.llm.upstreams import EmbeddedUpstream, Upstream
from services.llm.wire import Problem

SECONDS = 1.5
UP = "up"


def look(upstreams: Sequence[Upstream | EmbeddedUpstream]) -> dict[str, Any]:
    """`status` ("ok" or "degraded"), whether a model for `chat` and for `embeddings` answers, and `upstreams`:
    name → `state` ("up", or what is wrong), `type` and `inside_clinic`."""
    states: list[str] = []
    if upstreams:
        with ThreadPoolExecutor(len(upstreams), thread_name_prefix="fabric-look") as pool:
            states = list(pool.map(_state, upstreams))
    answering = {upstream.kind for upstream, state in zip(upstreams, states, strict=True) if state == UP}
    return {
        "status": "ok" if all(state == UP for state in states) else "degraded",
        "chat": "chat" in answering,
        "embeddings": "embedding" in answering,
        "upstreams": {
            upstream.name: {"state": state, "type": upstream.kind, "inside_clinic": upstream.inside_clinic}
            for upstream, state in zip(upstreams, states, strict=True)
        },
    }


def _state(upstream: Upstream | EmbeddedUpstream) -> str:
    try:
        upstream.probe(Deadline(SECONDS))
    except (LLMError, LLMTimeout) as error:
        upstream.breaker.trip()
        return error.message
    except (EmbeddingError, Problem) as error:  # it is there: what it says to a request tells more
        return error.message
    upstream.breaker.succeeded()
    return UP
