"""The client of the LLM router: everything that the console asks of a model goes through here.

It speaks the contract's OpenAI-compatible API to `FABRIC_LLM_ROUTER_URL`, or to the router in this process.
A request has one deadline for all its tries; what failed before its first word is tried again, what began
to answer never is. Nothing that is sent or answered is logged or told to `on_event`, which hears counts.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from services.errors import FabricError, InvalidInput, LLMError
from services.llm import answers, wire
from services.llm.answers import ChatAnswer, EmbeddingsAnswer, ModelInfo
from services.llm.asked import chat_body, embedding_body
from services.llm.breaker import Breaker
from services.llm.core import build_router
from services.llm.deadline import Deadline
from services.llm.exchange import Call, Exchange, OnEvent
from services.llm.inprocess import InProcess
from services.llm.link import Link, Reply
from services.llm.quotas import Quotas
from services.llm.retrying import Retrying, refusal
from services.llm.streaming import ChatStream
from services.llm.upstreams import MAX_CHAT, MAX_STREAM, most_embeddings
from services.settings import Settings

__all__ = [
    "Call",
    "ChatAnswer",
    "ChatStream",
    "EmbeddingsAnswer",
    "ModelInfo",
    "RouterClient",
    "router_client",
]

HEALTH_SECONDS = 2.0
LIST_SECONDS = 5.0
AVAILABLE_SECONDS = 5.0  # how long an answer of `chat_available` is kept
FIRST_LOOK_SECONDS = 1.0  # how long the first one is waited for
MAX_LIST = 1 << 20  # bytes
BACKOFF = 0.5


class _Begun(NamedTuple):
    reply: Reply
    first: bytes
    rest: Iterator[bytes]


class RouterClient:
    """Safe to share between threads. `inside_clinic`: text that is sent does not leave the clinic.

    What its methods raise: InvalidInput for a request that makes no sense; LLMError where the router can't be
    reached or its answer can't be read; LLMRouterError where it answers with an error (RouterUnauthorized and
    RateLimited among them); LLMTimeout; Cancelled. All but the first and the last are LLMRouterErrors.
    """

    def __init__(
        self,
        link: Link,
        *,
        address: str | None,
        inside_clinic: bool,
        quotas: Quotas | None = None,
        timeout: float = 120.0,
        tries: int = 3,
        backoff: float = BACKOFF,
        on_event: OnEvent | None = None,
    ) -> None:
        """`address`: of a router elsewhere; None for the one in this process. `timeout`, `backoff`: seconds."""
        self.address, self.inside_clinic = address, inside_clinic
        self._link, self._timeout, self._on_event = link, timeout, on_event
        self._key = secrets.token_bytes(32)
        self._quotas = quotas or Quotas()
        # The router in this process has a breaker for each of its models; one for all would mix them up.
        self._retrying = {
            path: Retrying(tries, backoff, Breaker() if address else None)
            for path in (wire.CHAT, wire.EMBEDDINGS)
        }
        self._lock = threading.Lock()
        self._available: bool | None = None
        self._looked = 0.0
        self._looking: threading.Thread | None = None

    def chat(
        self,
        messages: list[dict[str, Any]],
        *,
        task: str,
        model: str = "clinical-model",
        temperature: float = 0.3,
        max_tokens: int | None = None,
        call: Call | None = None,
    ) -> ChatAnswer:
        """A whole answer; `messages` as in the OpenAI API."""
        asked, content = chat_body(messages, task, model, temperature, max_tokens, stream=False)

        def send() -> bytes:
            with self._open(wire.CHAT, exchange, content) as reply:
                return reply.read(MAX_CHAT)

        with self._exchange(call, task, model, _tokens(asked, max_tokens)) as exchange:
            data = self._retrying[wire.CHAT].run(exchange.deadline, send)
            answer = answers.chat_answer(wire.json_object(data), asked, model, exchange.request_id)
            exchange.answer, exchange.tokens = answer, answer.total_tokens
        return answer

    def stream(
        self,
        messages: list[dict[str, Any]],
        *,
        task: str,
        model: str = "clinical-model",
        temperature: float = 0.3,
        max_tokens: int | None = None,
        call: Call | None = None,
    ) -> ChatStream:
        """The answer as it is being made. Returns, or raises, once the model begins to answer."""
        asked, content = chat_body(messages, task, model, temperature, max_tokens, stream=True)
        exchange = self._exchange(call, task, model, _tokens(asked, max_tokens))

        def begin() -> _Begun:
            reply = self._open(wire.CHAT, exchange, content)
            try:
                if not reply.headers.get("content-type", "").startswith("text/event-stream"):
                    raise LLMError("The LLM router answered with something else than a stream of events.")
                rest = wire.events(reply.chunks(MAX_STREAM), self._link.name)
                first = next(rest, None)
                if first is None:
                    raise LLMError("The LLM router broke off before it answered.")
            except BaseException:
                reply.close()
                raise
            return _Begun(reply, first, rest)

        exchange.__enter__()
        try:
            begun = self._retrying[wire.CHAT].run(exchange.deadline, begin)
        except BaseException as error:
            exchange.__exit__(type(error), error, error.__traceback__)
            raise
        return ChatStream(exchange, *begun, asked=asked, alias=model, ours=self.address is None)

    def embed(
        self,
        texts: Sequence[str],
        *,
        model: str = "embedding-model",
        task: str = "embedding",
        call: Call | None = None,
    ) -> EmbeddingsAnswer:
        """Vectors of all texts by one request. Raises EmbeddingError too, where they can't be used."""
        content = embedding_body(texts, task, model)

        def send() -> bytes:
            with self._open(wire.EMBEDDINGS, exchange, content) as reply:
                return reply.read(most_embeddings(len(texts)))

        estimate = sum(map(wire.reckoned_tokens, texts))
        with self._exchange(call, task, model, estimate) as exchange:
            answer = wire.json_object(self._retrying[wire.EMBEDDINGS].run(exchange.deadline, send))
            vectors = answers.vectors(answer, len(texts))
            used = answers.usage(answer or {})
            exchange.tokens = used.total if used and used.total else estimate
        return EmbeddingsAnswer(vectors, wire.plain_name((answer or {}).get("model"), model))

    def models(self) -> list[ModelInfo]:
        """What the router lists."""
        answer = self._get(wire.MODELS, LIST_SECONDS)
        rows = (answer or {}).get("data")
        if not isinstance(rows, list) or not all(
            isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows
        ):
            raise LLMError("The LLM router's list of models can't be read.")
        texts = [{key: row.get(key) if isinstance(row.get(key), str) else None for key in ("id", "type", "version")} for row in rows]  # fmt: skip
        return [ModelInfo(row["id"] or "", row["type"] or "", row["version"]) for row in texts]

    def health(self) -> dict[str, Any]:
        """The router's state within two seconds; raises nothing. `ok`, `router`, `message`, and where it tells:
        `chat` and `embeddings` (is there a model that answers) and `upstreams` (name → state, type)."""
        state: dict[str, Any] = {"ok": False, "router": self.address or "in this process"}
        try:
            told = self._get(wire.HEALTH, HEALTH_SECONDS)
        except FabricError as error:
            return state | {"message": error.message}
        told = told or {}
        state |= {kind: told[kind] for kind in ("chat", "embeddings") if isinstance(told.get(kind), bool)}
        upstreams = told.get("upstreams")
        if isinstance(upstreams, dict):
            state["upstreams"] = {
                str(name): {key: wire.plain_name(one.get(key), "") for key in ("state", "type")}
                for name, one in upstreams.items()
                if isinstance(one, dict)
            }
        down = [
            f"{name}: {one['state']}"
            for name, one in state.get("upstreams", {}).items()
            if one["state"] != "up"
        ]
        return state | {"ok": not down, "message": "; ".join(down) or "ready"}

    def chat_available(self) -> bool:
        """Whether a chat model is there. Looked up in the background and kept some seconds, so that a page may ask
        at each view; the first look is waited for, at most a second."""
        with self._lock:
            fresh = time.monotonic() - self._looked < AVAILABLE_SECONDS
            idle = self._looking is None or not self._looking.is_alive()
            if idle and (self._available is None or not fresh):
                self._looking = threading.Thread(target=self._look, name="fabric-llm-look", daemon=True)
                self._looking.start()
            looking, known = self._looking, self._available
        if known is None and looking is not None:
            looking.join(FIRST_LOOK_SECONDS)
        return bool(self._available)

    def close(self) -> None:
        """Closes the connections."""
        self._link.close()

    def _look(self) -> None:
        try:
            state = self.health()
            found = state.get("chat")
            if found is None and state["ok"]:  # a router that does not tell: does it list a model?
                found = any(model.type in ("chat", "") for model in self.models())
        except FabricError:
            found = False
        with self._lock:
            self._available, self._looked = bool(found), time.monotonic()

    def _exchange(self, call: Call | None, task: str, model: str, tokens: int) -> Exchange:
        mark = None if self.inside_clinic else self._patient_mark
        return Exchange(
            call or Call(), task, model, tokens, self._quotas, self._timeout, self._on_event, mark
        )

    def _patient_mark(self, patient_id: str) -> str:
        """What a router outside the clinic may know a patient by: requests about one patient belong together as long
        as this client lives, and nobody without its key can tell whose they are."""
        return hmac.new(self._key, patient_id.encode(), "sha256").hexdigest()[:32]

    def _open(self, path: str, exchange: Exchange, content: bytes) -> Reply:
        return self._accepted(
            self._link.open("POST", path, exchange.deadline, headers=exchange.headers, content=content)
        )

    def _get(self, path: str, seconds: float) -> dict[str, Any] | None:
        with self._accepted(
            self._link.open("GET", path, Deadline(seconds), headers={"X-Clinic-Task": "health_check"})
        ) as reply:
            return wire.json_object(reply.read(MAX_LIST))

    def _accepted(self, reply: Reply) -> Reply:
        if reply.status == 200:
            return reply
        with reply:
            raise refusal(reply, ours=self.address is None)


def _tokens(asked: str, max_tokens: int | None) -> int:
    return wire.reckoned_tokens(asked) + (max_tokens or 0)


def router_client(
    settings: Settings, on_event: OnEvent | None = None, backoff: float = BACKOFF
) -> RouterClient:
    """The client that the settings ask for. Nothing is loaded or called before the first request.

    Raises InvalidInput where the router's configuration has a mistake.
    """
    key, client_id = settings.llm_api_key.get_secret_value(), settings.llm_client_id
    if not wire.header_value(key) or not wire.header_value(client_id):
        raise InvalidInput("FABRIC_LLM_API_KEY and FABRIC_LLM_CLIENT_ID must be printable ASCII.")
    url = settings.llm_router_url
    router = None if url else build_router(settings)
    link = Link(
        "The LLM router",
        url.rstrip("/").removesuffix("/v1") if url else "http://in-process",
        headers={"Authorization": f"Bearer {key}", "X-Client-Id": client_id},
        connect=settings.llm_connect_seconds,
        silence=settings.llm_silence_seconds,
        transport=InProcess(router) if router else None,
    )
    return RouterClient(
        link,
        address=url or None,
        inside_clinic=router.inside_clinic if router else settings.llm_inside_clinic,
        quotas=Quotas(
            user_requests=settings.llm_user_requests_per_minute,
            bot_requests=settings.llm_bot_requests_per_minute,
            user_tokens=settings.llm_user_tokens_per_day,
            bot_tokens=settings.llm_bot_tokens_per_day,
        ),
        timeout=settings.llm_timeout_seconds,
        tries=1 + settings.llm_retries,
        backoff=backoff,
        on_event=on_event,
    )
