"""A server that answers as it is told to: well, late, never, half, or wrongly."""

from __future__ import annotations

import json
import select
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """A request that arrived; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] | None


@dataclass
class Faults:
    """`script`: what each request meets in turn; the last goes for all that follow. `left` is set when a client goes
    away while it was being answered."""

    script: list[Callable[[Talk], None]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        faults = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    faults.left.set()
                    self.close_connection = True

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                headers = {name.lower(): value for name, value in self.headers.items()}
                faults.asked.append(Asked(self.command, self.path, headers, body))
                faults.arrived.set()
                behave = faults.script.pop(0) if len(faults.script) > 1 else faults.script[0]
                behave(Talk(self, faults))

            do_GET = do_POST = answer

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()


class Talk:
    """One exchange, from the server's side."""

    def __init__(self, handler: BaseHTTPRequestHandler, faults: Faults) -> None:
        self._handler, self._faults = handler, faults

    @property
    def over(self) -> bool:
        return self._faults.stopping.is_set()

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def close(self) -> None:
        self._handler.close_connection = True

    def head(self, status: int = 200, **headers: str) -> None:
        """Status and headers of a body that ends with the connection."""
        self._handler.send_response(status)
        for name, value in {"Connection": "close", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.flush()
        self.close()

    def pause(self, seconds: float) -> None:
        """Wait, unless the client goes away."""
        self._gone(seconds)

    def hold(self) -> None:
        """Say nothing until the client goes away."""
        while not self.over and not self._gone(0.02):
            pass

    def _gone(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._handler.connection], [], [], seconds)
        if ready and not self._handler.connection.recv(1):
            self._faults.left.set()
            return True
        return False


Behaviour = Callable[[Talk], None]


def answers(value: Any, status: int = 200, **headers: str) -> Behaviour:
    """A whole JSON answer."""

    def behave(talk: Talk) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        talk.head(status, **{"Content-Type": "application/json", "Content-Length": str(len(data)), **headers})
        talk.raw(data)

    return behave


def chat(text: str = "Potassium is 5.9.", **more: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "tiny",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
        **more,
    }


def piece(text: str, reason: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "tiny",
        "choices": [choice],
        **more,
    }


def sse(event: Any) -> bytes:
    return b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n"


USAGE = {
    **piece(""),
    "choices": [],
    "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
}
STREAM = [piece("Potassium "), piece("is 5.9."), piece("", "stop"), USAGE, b"[DONE]"]


def streams(events: Iterable[Any] = tuple(STREAM), *, then: Behaviour | None = None) -> Behaviour:
    """Server-sent events; `then` comes before the connection ends."""

    def behave(talk: Talk) -> None:
        talk.head(Content_Type="text/event-stream")
        for event in events:
            talk.raw(sse(event))
        if then:
            then(talk)

    return behave


def holds(talk: Talk) -> None:
    """Never answers."""
    talk.hold()


def drips(data: bytes) -> Behaviour:
    """One byte at a time, each within any limit of silence, without end."""

    def behave(talk: Talk) -> None:
        while not talk.over:
            for place in range(len(data)):
                talk.raw(data[place : place + 1])
                talk.pause(0.01)

    return behave


def cuts(data: bytes) -> Behaviour:
    """Sends this and hangs up."""

    def behave(talk: Talk) -> None:
        talk.raw(data)
        talk.close()

    return behave


def embeddings(*vectors: list[float]) -> dict[str, Any]:
    rows = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
    return {
        "object": "list",
        "model": "tiny-embed",
        "data": rows,
        "usage": {"prompt_tokens": 3, "total_tokens": 3},
    }
