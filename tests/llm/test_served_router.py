"""`fabric router` over real HTTP, with the official client of the API and with our own."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import openai
import pytest

from services.errors import Cancelled, InvalidInput, LLMTimeout
from services.llm.client import Call, RouterClient
from services.llm.config import parse
from services.llm.core import Router
from services.llm.embedded import EmbeddedModel
from services.llm.embeddings import RouterModel
from services.llm.serve import MAX_BODY, RouterServer, bound
from tests.llm import faults as say
from tests.llm.conftest import QUESTION
from tests.llm.faults import Faults

Make = Callable[..., RouterClient]
EMBEDDER = EmbeddedModel(threads=1)


@pytest.fixture
def served(faults: Faults) -> Iterator[str]:
    """The address of a router with one chat model and the embedded model behind it."""
    config = parse({"upstreams": {"ward": {"url": faults.url, "model": "tiny"}}}, "here")
    listening = bound("127.0.0.1", 0, allow_remote=False)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = RouterServer(Router(config, {"fabric-emr": "k"}, EMBEDDER), listening)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield address
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def official(served: str) -> Iterator[Callable[..., openai.OpenAI]]:
    made: list[openai.OpenAI] = []

    def make(key: str = "k", **headers: str) -> openai.OpenAI:
        headers = {"X-Client-Id": "fabric-emr", "X-Clinic-Task": "clinical_decision"} | headers
        made.append(
            openai.OpenAI(
                base_url=f"{served}/v1", api_key=key, default_headers=headers, max_retries=0, timeout=10
            )
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


def test_the_official_client_chats(official: Any, faults: Faults) -> None:
    faults.script = [say.answers(say.chat())]
    answer = official().chat.completions.create(model="clinical-model", messages=QUESTION)
    assert answer.choices[0].message.content == "Potassium is 5.9."
    assert answer.usage.total_tokens == 12


def test_the_official_client_streams(official: Any, faults: Faults) -> None:
    faults.script = [say.streams()]
    events = list(
        official().chat.completions.create(
            model="fast-model", messages=QUESTION, stream=True, stream_options={"include_usage": True}
        )
    )
    assert "".join(e.choices[0].delta.content or "" for e in events if e.choices) == "Potassium is 5.9."
    assert events[-1].usage.total_tokens == 12
    assert faults.asked[0].body and faults.asked[0].body["stream_options"] == {"include_usage": True}


def test_the_official_client_embeds(official: Any) -> None:
    client = official(**{"X-Clinic-Task": "embedding"})
    texts = ["Type 2 diabetes mellitus", "Broken wrist"]
    expected = EMBEDDER.embed(texts)
    usual = client.embeddings.create(model="embedding-model", input=texts)  # asks for base64 and unpacks it
    assert np.array_equal(np.array([row.embedding for row in usual.data], dtype=np.float32), expected)
    numbers = client.embeddings.create(model="embedding-model", input=texts[0], encoding_format="float")
    assert np.array_equal(np.array(numbers.data[0].embedding, dtype=np.float32), expected[0])
    packed = client.embeddings.create(model="nomic-embed-text", input=texts[1], encoding_format="base64")
    assert np.array_equal(np.frombuffer(base64.b64decode(packed.data[0].embedding), "<f4"), expected[1])


def test_the_official_client_lists_models(official: Any) -> None:
    names = {model.id for model in official().models.list()}
    assert names == {"clinical-model", "fast-model", "embedding-model", "nomic-embed-text"}


def test_the_official_client_understands_the_errors(official: Any, faults: Faults) -> None:
    with pytest.raises(openai.AuthenticationError) as refused:
        official(key="wrong").models.list()
    assert refused.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError) as unknown:
        official().chat.completions.create(model="gpt", messages=QUESTION)
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as tokens:
        official(**{"X-Clinic-Task": "embedding"}).embeddings.create(model="embedding-model", input=[1, 2, 3])
    assert tokens.value.param == "input"
    faults.script = [
        say.answers(b"", 429, Retry_After="2"),
        say.answers(b"", 500),
        say.streams([say.STREAM[0]]),
    ]
    with pytest.raises(openai.RateLimitError) as busy:
        official().chat.completions.create(model="clinical-model", messages=QUESTION)
    assert busy.value.response.headers["retry-after"] == "2"
    with pytest.raises(openai.InternalServerError):
        official().chat.completions.create(model="clinical-model", messages=QUESTION)
    with pytest.raises(openai.APIError, match="broke off"):
        list(official().chat.completions.create(model="clinical-model", messages=QUESTION, stream=True))


def test_our_client_over_the_network_is_our_client_in_process(
    served: str, faults: Faults, client_of: Make
) -> None:
    faults.script = [say.streams(), say.answers(say.chat())]
    client = client_of(served)
    with client.stream(QUESTION, task="documentation") as stream:
        assert "".join(stream) == "Potassium is 5.9."
    assert client.chat(QUESTION, task="documentation").total_tokens == 12
    state = client.health()
    assert (state["ok"], state["chat"], state["embeddings"]) == (True, True, True)
    model = RouterModel(client, "embedding-model")
    assert np.array_equal(model.embed(["chest pain", ""]), EMBEDDER.embed(["chest pain", ""]))
    assert model.version == EMBEDDER.version, "vectors of the embedded model stay valid wherever it runs"


@pytest.mark.parametrize(
    "behave", [say.streams([say.STREAM[0]], then=say.holds), say.streams([], then=say.holds)]
)
def test_whoever_leaves_a_stream_frees_the_model(
    behave: Any, served: str, faults: Faults, client_of: Make
) -> None:
    faults.script = [behave]
    cancel = threading.Event()
    client = client_of(served)

    def leave() -> None:
        assert faults.arrived.wait(5)
        cancel.set()

    other = threading.Thread(target=leave)
    other.start()
    with pytest.raises(Cancelled):
        list(client.stream(QUESTION, task="documentation", call=Call(cancel=cancel)))
    other.join()
    assert faults.left.wait(5)


def test_whoever_leaves_an_answer_frees_the_model(served: str, faults: Faults, client_of: Make) -> None:
    faults.script = [say.holds]
    with pytest.raises(LLMTimeout):
        client_of(served).chat(QUESTION, task="documentation", call=Call(timeout=0.2))
    assert faults.left.wait(5)


def test_many_at_once(served: str, faults: Faults, client_of: Make) -> None:
    together = threading.Barrier(12, timeout=10)
    faults.script = [
        say.streams([say.STREAM[0]], then=lambda talk: (together.wait(), say.streams(say.STREAM[1:])(talk)))
    ]  # type: ignore[arg-type,func-returns-value]
    client = client_of(served)
    found: list[str] = []

    def work() -> None:
        with client.stream(QUESTION, task="documentation") as stream:
            found.append("".join(stream))

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12


def exchange(address: str, data: bytes) -> bytes:
    """What the server sends back to these bytes, until it closes."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    return answer


def test_bodies_are_bounded(served: str) -> None:
    head = b"POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"%x\r\n%s\r\n" % (1 << 20, b" " * (1 << 20))
    answer = exchange(served, head + chunk * (MAX_BODY // (1 << 20)) + b"1\r\n \r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"too_large" in answer


def test_what_is_not_the_api(served: str) -> None:
    assert exchange(served, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(
        b"HTTP/1.1 404"
    )
    assert exchange(served, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert (
        b"server:"
        not in exchange(served, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").lower()
    )


def test_other_machines_are_not_let_in_by_accident() -> None:
    with pytest.raises(InvalidInput, match="--allow-remote"):
        bound("0.0.0.0", 0, allow_remote=False)
    bound("0.0.0.0", 0, allow_remote=True).close()
    with (
        bound("127.0.0.1", 0, allow_remote=False) as taken,
        pytest.raises(InvalidInput, match="can't be listened on"),
    ):
        bound("127.0.0.1", taken.getsockname()[1], allow_remote=False)
