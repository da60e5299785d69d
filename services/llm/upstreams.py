"""The models behind the router: an OpenAI-compatible server each, or the embedded embedding model."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson

from services.errors import EmbeddingError, LLMError
from services.llm import answers, wire
from services.llm.breaker import Breaker
from services.llm.config import EMBEDDED, UpstreamConfig
from services.llm.deadline import Deadline
from services.llm.embedded import EmbeddedModel
from services.llm.link import Link, Reply
from services.llm.wire import Kind, Problem

MAX_CHAT = 4 << 20  # bytes of one answer
MAX_STREAM = 16 << 20  # its events say every word with some 200 bytes of frame
MAX_REFUSAL = 64 << 10


def most_embeddings(count: int) -> int:
    """Bytes that an answer of `count` embeddings may have: 4,096 numbers in decimals each."""
    return (1 << 20) + count * (100 << 10)


class EmbeddedUpstream:
    """The embedding model that needs no server."""

    name, kind, inside_clinic, weight = EMBEDDED, "embedding", True, 1
    dimensions = EmbeddedModel.dimensions

    def __init__(self, model: EmbeddedModel) -> None:
        self.model = model
        self.breaker = Breaker()

    @property
    def version(self) -> str | None:
        try:
            return self.model.version
        except EmbeddingError:  # the embedding itself says what is wrong
            return None

    def embed(self, texts: Sequence[str], _deadline: Deadline, _request_id: str) -> tuple[np.ndarray, str]:
        """(n, 768) float32 and the model's version. Raises Problem."""
        try:
            return self.model.embed(texts), self.model.version
        except EmbeddingError as error:
            raise Problem(503, "embedding_failed", error.message) from error

    def probe(self, _deadline: Deadline) -> None:
        """Whether the model's file is there. Raises EmbeddingError."""
        _ = self.model.version

    def close(self) -> None:
        """Nothing to close."""


class Upstream:
    """One server. What it raises: Problem for what it answers, LLMError, LLMTimeout, Cancelled for the exchange."""

    version = None

    def __init__(self, name: str, config: UpstreamConfig) -> None:
        self.name, self.config = name, config
        self.kind: Kind = config.kind
        self.inside_clinic, self.weight, self.dimensions = (
            config.inside_clinic,
            config.weight,
            config.dimensions,
        )
        self.breaker = Breaker()
        key = config.key()
        self._link = Link(
            f"The upstream {name}",
            config.url,
            headers={"Authorization": f"Bearer {key}"} if key else None,
            connect=config.connect_seconds,
            silence=config.silence_seconds,
        )

    def chat(self, body: dict[str, Any], deadline: Deadline, request_id: str) -> dict[str, Any]:
        """A whole answer that holds a choice."""
        with self._post("/chat/completions", body, deadline, request_id) as reply:
            return answers.checked(wire.json_object(reply.read(MAX_CHAT)))[0]

    def stream(self, body: dict[str, Any], deadline: Deadline, request_id: str) -> Iterator[dict[str, Any]]:
        """The events of an answer. Ends only where the model ended: an answer that breaks off raises LLMError."""
        with self._post("/chat/completions", body, deadline, request_id) as reply:
            if not reply.headers.get("content-type", "").startswith("text/event-stream"):
                raise LLMError(
                    f"The upstream {self.name} answered with something else than a stream of events."
                )
            ended = False
            for data in wire.events(reply.chunks(MAX_STREAM), f"The upstream {self.name}"):
                if data == wire.DONE:
                    return
                event = wire.json_object(data)
                if event is None:
                    raise LLMError(f"The upstream {self.name} sent an event that is not JSON.")
                if event.get("error") is not None:
                    raise LLMError(f"The upstream {self.name} reported an error within its answer.")
                ended = ended or answers.delta(event)[1] is not None
                yield event
        if not ended:
            raise LLMError(f"The upstream {self.name} broke off its answer.")

    def embed(self, texts: Sequence[str], deadline: Deadline, request_id: str) -> tuple[np.ndarray, str]:
        """(n, dimensions) float32 and the name of the model that made them."""
        made, model = np.empty((len(texts), self.dimensions), dtype=np.float32), self.config.model
        for start in range(0, len(texts), self.config.batch):
            batch = texts[start : start + self.config.batch]
            # An empty text is refused by many servers; a space is not.
            body = {
                "model": self.config.model,
                "input": [text or " " for text in batch],
                "encoding_format": "base64",
            }
            with self._post("/embeddings", body, deadline, request_id) as reply:
                answer = wire.json_object(reply.read(most_embeddings(len(batch))))
            found = answers.vectors(answer, len(batch))
            if found.shape[1] != self.dimensions:
                raise EmbeddingError(
                    f"The upstream {self.name} made {found.shape[1]} dimensions; its setting says {self.dimensions}."
                )
            made[start : start + len(batch)] = found
            model = wire.plain_name((answer or {}).get("model"), self.config.model)
        return made, model

    def probe(self, deadline: Deadline) -> None:
        """Asks for its models, which costs it nothing. Raises where it can't answer a request."""
        with self._link.open("GET", "/models", deadline) as reply:
            # A server without the list of models is there all the same.
            if reply.status >= 400 and reply.status not in (404, 405):
                raise self._refusal(reply)

    def _post(self, path: str, body: dict[str, Any], deadline: Deadline, request_id: str) -> Reply:
        reply = self._link.open(
            "POST",
            path,
            deadline.within(self.config.timeout_seconds),
            headers={"X-Request-Id": request_id},
            content=orjson.dumps(body),
        )
        if reply.status == 200:
            return reply
        with reply:
            raise self._refusal(reply)

    def _refusal(self, reply: Reply) -> Problem:
        """Its error in our words: its own message may repeat what was asked."""
        status, code = reply.status, None
        with contextlib.suppress(LLMError):  # the status says enough
            code = wire.error_code((wire.json_object(reply.read(MAX_REFUSAL)) or {}).get("error"))
        said = f"The upstream {self.name} answered {status}{f' ({code})' if code else ''}"
        if status in (400, 413, 422):
            return Problem(400, code or "upstream_refused", f"{said}.")
        if status in (401, 403):
            key = (
                f"its key in {self.config.key_env}"
                if self.config.key_env
                else "a request without a key: set key_env"
            )
            return Problem(
                502, "upstream_unauthorized", f"The upstream {self.name} refused {key} ({status})."
            )
        if status == 429:
            wait = wire.seconds_to_wait(reply.headers.get("retry-after"))
            return Problem(429, "rate_limited", f"{said}: too many requests.", retry_after=wait)
        if status == 404:
            return Problem(502, "upstream_failed", f"{said}: check its url and model.")
        return Problem(502, "upstream_failed", f"{said}.")

    def close(self) -> None:
        self._link.close()
