"""The LLM router: which model answers what, and what happens when one doesn't.

The whole router is `Router.handle`, from a request to an answer. `fabric router` serves it over HTTP, and a
console without a router's address calls it in its own process, by the same bytes.
"""

from __future__ import annotations

import os
import random
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import orjson

from services.errors import EmbeddingError, FabricError, LLMError, LLMTimeout
from services.llm import wire
from services.llm.asked import chat_request, embedding_request
from services.llm.config import EMBEDDED, RouterConfig, load
from services.llm.deadline import Deadline
from services.llm.embedded import EmbeddedModel
from services.llm.looking import look
from services.llm.upstreams import EmbeddedUpstream, Upstream
from services.llm.wire import CHAT, EMBEDDINGS, HEALTH, MODELS, TASKS, Kind, Problem
from services.settings import Settings

METHODS = {CHAT: "POST", EMBEDDINGS: "POST", MODELS: "GET", HEALTH: "GET"}
JSON = {"Content-Type": "application/json"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers, and a body at once or in pieces. Whoever takes pieces closes them."""

    status: int
    headers: dict[str, str]
    body: bytes | Iterator[bytes]


class Router:
    """Safe to call from any thread. `keys`: each client id that may call, and its key."""

    def __init__(
        self,
        config: RouterConfig,
        keys: Mapping[str, str],
        embedded: EmbeddedModel,
        chance: random.Random | None = None,
    ) -> None:
        self.config = config
        self._keys = {client: key.encode() for client, key in keys.items()}
        self._chance = chance or random.Random()
        self._upstreams: dict[str, Upstream | EmbeddedUpstream] = {
            name: Upstream(name, upstream) for name, upstream in config.upstreams.items()
        }
        self._aliases = config.table()
        if any(EMBEDDED in route for route in (*self._aliases.values(), *self._task_routes())):
            self._upstreams[EMBEDDED] = EmbeddedUpstream(embedded)

    def _task_routes(self) -> Iterator[list[str]]:
        for routes in self.config.tasks.values():
            yield from routes.values()

    @property
    def aliases(self) -> list[str]:
        """The names that models are asked for by."""
        return list(self._aliases)

    @property
    def inside_clinic(self) -> bool:
        """Whether no model behind it is outside of the clinic."""
        return all(upstream.inside_clinic for upstream in self._upstreams.values())

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> Answer:
        """Answers a request; header names are in lower case. Every failure is an answer, but for Cancelled."""
        try:
            return self._handle(method, path, headers, body, deadline)
        except Problem as problem:
            more = {}
            if problem.retry_after is not None:
                more["Retry-After"] = f"{problem.retry_after:.0f}"
            if problem.status == 405:
                more["Allow"] = METHODS[path]
            return Answer(problem.status, JSON | more, orjson.dumps(problem.body()))

    def _handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, deadline: Deadline
    ) -> Answer:
        if path not in METHODS:
            raise Problem(404, "not_found", f"There is nothing here. The router has {', '.join(METHODS)}.")
        if method != METHODS[path]:
            raise Problem(405, "method_not_allowed", f"{path} takes {METHODS[path]}.")
        if path == HEALTH and "authorization" not in headers:
            return _json({"status": "ok"})
        self._authorise(headers)
        if path == HEALTH:
            return _json(self.health())
        task = _task(headers, path)
        if path == MODELS:
            return _json({"object": "list", "data": [self._listed(alias) for alias in self._aliases]})
        request_id = headers.get("x-request-id", "")
        if not wire.header_value(request_id):
            request_id = str(uuid.uuid4())
        answer = self._chat if path == CHAT else self._embeddings
        return answer(task, body, deadline, request_id)

    def _authorise(self, headers: Mapping[str, str]) -> None:
        client = headers.get("x-client-id")
        if not client:
            raise Problem(
                400, "missing_header", "Send your client id in the header X-Client-Id.", param="X-Client-Id"
            )
        scheme, _, key = headers.get("authorization", "").partition(" ")
        expected = self._keys.get(client, b"")
        sent = key.strip().encode("utf-8", "replace")
        if scheme.lower() != "bearer" or not secrets.compare_digest(sent, expected) or not expected:
            raise Problem(401, "invalid_api_key", "The key and the client id don't belong together here.")

    def _listed(self, alias: str) -> dict[str, Any]:
        route = [self._upstreams[name] for name in self._aliases[alias]]
        entry = {"id": alias, "object": "model", "created": 0, "owned_by": "fabric", "type": route[0].kind,
                 "inside_clinic": all(upstream.inside_clinic for upstream in route)}  # fmt: skip
        if route[0].kind == "embedding":
            entry["dimensions"] = route[0].dimensions
            if route[0].version:
                entry["version"] = route[0].version
        return entry

    def _chat(self, task: str, body: bytes, deadline: Deadline, request_id: str) -> Answer:
        asked = chat_request(body)
        route = self._route(task, asked["model"], "chat")

        def sent(upstream: Upstream) -> dict[str, Any]:
            return {**asked, "model": upstream.config.model}

        if not asked.get("stream"):
            upstream, answer = self._first(route, deadline, lambda u: u.chat(sent(u), deadline, request_id))
            return _json(answer, upstream.name)

        def begun(upstream: Upstream) -> tuple[dict[str, Any], Iterator[dict[str, Any]]]:
            events = upstream.stream(sent(upstream), deadline, request_id)
            try:
                return next(events), events
            except StopIteration:
                raise LLMError(f"The upstream {upstream.name} sent no answer.") from None

        upstream, (first, rest) = self._first(route, deadline, begun)
        headers = {
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            "X-Upstream": upstream.name,
        }
        return Answer(200, headers, _events(upstream, first, rest))

    def _embeddings(self, task: str, body: bytes, deadline: Deadline, request_id: str) -> Answer:
        asked = embedding_request(body)
        route = self._route(task, asked.model, "embedding")
        if asked.dimensions not in (None, route[0].dimensions):
            message = f"{asked.model} makes {route[0].dimensions} dimensions, no others."
            raise Problem(400, "invalid_value", message, param="dimensions")
        texts = asked.texts
        upstream, (vectors, model) = self._first(
            route, deadline, lambda u: u.embed(texts, deadline, request_id)
        )
        tokens = sum(map(wire.reckoned_tokens, texts))
        rows = [
            {"object": "embedding", "index": index, "embedding": _written(vector, asked.encoding_format)}
            for index, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return _json({"object": "list", "data": rows, "model": model, "usage": usage}, upstream.name)

    def _route(self, task: str, alias: str, kind: Kind) -> list[Any]:
        """The upstreams to try, in this order: by chance and weight, then those of weight 0."""
        route = self.config.tasks.get(task, {}).get(alias) or self._aliases.get(alias)
        if route is None:
            if wire.ALIASES.get(alias) == kind == "chat":
                raise Problem(503, "no_chat_model", wire.ADVICE["no_chat_model"], param="model")
            known = ", ".join(self._aliases)
            raise Problem(
                404, "model_not_found", f"There is no model of this name. There are {known}.", param="model"
            )
        found = [self._upstreams[name] for name in route]
        if found[0].kind != kind:
            message = f"This model is not for {wire.ENDPOINTS[kind]}."
            raise Problem(400, "invalid_value", message, param="model")
        drawn = {u.name: self._chance.random() ** (1 / u.weight) if u.weight else -1.0 for u in found}
        return sorted(found, key=lambda upstream: -drawn[upstream.name])

    def _first(self, route: list[Any], deadline: Deadline, work: Callable[[Any], T]) -> tuple[Any, T]:
        """The first upstream that does the work, and what came of it. Raises Problem, or Cancelled."""
        failure: Problem | None = None
        for upstream in route:
            if not upstream.breaker.admit():
                continue
            try:
                done = work(upstream)
            except Problem as problem:
                if problem.status < 500 and problem.status != 429:
                    upstream.breaker.succeeded()  # it is well: it is the request that is not
                    raise
                failure = problem
            except (LLMError, EmbeddingError, LLMTimeout) as error:
                failure = _problem(error)
                if deadline.remaining() <= 0:
                    raise failure from error
            else:
                upstream.breaker.succeeded()
                return upstream, done
            if failure.status != 429:
                upstream.breaker.failed()
        if failure is None:
            wait = min(upstream.breaker.waits() for upstream in route)
            raise Problem(
                503, "upstream_unreachable", wire.ADVICE["upstream_unreachable"], retry_after=max(1.0, wait)
            )
        raise failure

    def health(self) -> dict[str, Any]:
        """Looks at every upstream and tells its state, within two seconds."""
        return look(list(self._upstreams.values()))

    def watch(self, stop: threading.Event) -> None:
        """Looks at the upstreams again and again, so that one that is down is passed over before it is asked."""
        while not stop.wait(self.config.health_seconds):
            self.health()

    def close(self) -> None:
        for upstream in self._upstreams.values():
            upstream.close()


def _task(headers: Mapping[str, str], path: str) -> str:
    task = headers.get("x-clinic-task")
    if not task:
        raise Problem(
            400, "missing_header", "Name the task in the header X-Clinic-Task.", param="X-Clinic-Task"
        )
    if task not in TASKS:
        message = f"There is no such task. There are {', '.join(TASKS)}."
        raise Problem(400, "unknown_task", message, param="X-Clinic-Task")
    if path not in (TASKS[task], MODELS):  # whoever may ask a model may see the list of models
        raise Problem(
            400, "wrong_endpoint", f"The task {task} is served by {TASKS[task]}.", param="X-Clinic-Task"
        )
    return task


def _json(body: dict[str, Any], upstream: str | None = None) -> Answer:
    return Answer(200, JSON | ({"X-Upstream": upstream} if upstream else {}), orjson.dumps(body))


def _written(vector: np.ndarray, form: str) -> Any:
    return wire.packed(vector) if form == "base64" else vector.tolist()


def _events(upstream: Upstream, first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """The stream as it goes to the caller. What breaks after the first word is told within it."""
    try:
        yield wire.event(first)
        for event in rest:
            yield wire.event(event)
        yield wire.event(wire.DONE)
    except (LLMError, LLMTimeout) as error:
        upstream.breaker.failed()
        yield wire.event(_problem(error).body())
    finally:
        rest.close()  # type: ignore[attr-defined]


def _problem(error: FabricError) -> Problem:
    if isinstance(error, LLMTimeout):
        return Problem(504, "upstream_timeout", error.message)
    return Problem(
        502, "upstream_malformed" if isinstance(error, EmbeddingError) else "upstream_failed", error.message
    )


def build_router(settings: Settings, config: Path | None = None) -> Router:
    """The router that the settings, or a file given instead, ask for. Nothing is loaded or called yet.

    Raises InvalidInput where the configuration has a mistake.
    """
    found = load(config or settings.llm_config)
    keys = {client: os.environ[variable] for client, variable in found.clients.items()}
    keys.setdefault(settings.llm_client_id, settings.llm_api_key.get_secret_value())
    return Router(found, keys, EmbeddedModel(settings.embedding_model_path, settings.embedding_threads))
