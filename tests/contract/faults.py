"""A proxy between a client and a FHIR server that does what networks do: seeded, so that a failing run can be repeated."""

from __future__ import annotations

import contextlib
import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FAULTS = ("slow", "reset before", "reset after", "429", "503 before", "503 after", "half")


class Proxy:
    """`share` of the exchanges go wrong. `plan` names what befalls the next ones, whatever `share` says."""

    def __init__(self, port: int, seed: int, share: float) -> None:
        self.share, self.plan, self.happened = share, list[str](), Counter[str]()
        self.only: str | None = None
        """What goes wrong, where it is always the same."""
        self.held, self.goes_on = threading.Event(), threading.Event()
        """Whether an exchange is "held", and what it waits for."""
        self.delay = 0.02
        """Seconds that what is slow waits."""
        self.instead: bytes | None = None
        """What stands in place of the body of each answer, but to sign-ins; the server has done its work."""
        self.lost = False
        """Whether it answers as a gateway does that has no server behind it."""
        self.piecemeal = False
        """Whether transactions are made batches on the way, as some servers take them."""
        self._chance, self._lock, self._to = random.Random(seed), threading.Lock(), port
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                proxy.serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any

            def log_message(self, format: str, *args: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request: object, client_address: object) -> None:
                return  # connections are torn down here on purpose

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def fault(self, method: str, path: str) -> str:
        with self._lock:
            if self.plan and method != "GET" and "oauth2" not in path:
                chosen = self.plan.pop(0)
            elif self._chance.random() < self.share:
                chosen = self.only or self._chance.choice(FAULTS)
            else:
                chosen = "none"
            self.happened[chosen] += 1
            return chosen

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        fault = self.fault(handler.command, handler.path)
        if self.lost:
            _answer(handler, 404, {"Content-Type": "text/html"}, b"<h1>404</h1>")
            return
        if self.piecemeal:
            body = body.replace(b'"type":"transaction"', b'"type":"batch"')
            del handler.headers["Content-Length"]
        if fault == "reset before":
            _reset(handler)
            return
        if fault in ("429", "503 before"):
            _answer(handler, int(fault[:3]), {"Retry-After": "0"}, b"")
            return
        if fault == "held":
            self.held.set()
            self.goes_on.wait(60)
        if fault == "slow":
            time.sleep(self.delay)
        status, headers, content = self._forward(handler, body)
        if self.instead is not None and "oauth2" not in handler.path:
            status, content = 200, self.instead
        if fault == "reset after":
            _reset(handler)
        elif fault == "503 after":
            _answer(handler, 503, {}, b"")
        elif fault == "half":
            _answer(handler, status, headers, content[: len(content) // 2], len(content) + 1)
            _reset(handler)
        else:
            _answer(handler, status, headers, content)

    def _forward(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._to, timeout=30)
        try:
            headers = {
                k: v for k, v in handler.headers.items() if k.lower() not in ("connection", "accept-encoding")
            }
            connection.connect()
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.request(handler.command, handler.path, body or None, headers)
            response = connection.getresponse()
            kept = {
                k: v
                for k, v in response.getheaders()
                if k.lower() in ("content-type", "etag", "last-modified", "date")
            }
            return response.status, kept, response.read()
        finally:
            connection.close()


@contextlib.contextmanager
def between(port: int, seed: int = 1, share: float = 0.0) -> Iterator[Proxy]:
    proxy = Proxy(port, seed, share)
    try:
        yield proxy
    finally:
        proxy.close()


def _answer(
    handler: BaseHTTPRequestHandler,
    status: int,
    headers: dict[str, str],
    content: bytes,
    length: int | None = None,
) -> None:
    lines = [f"HTTP/1.1 {status} -", *(f"{name}: {value}" for name, value in headers.items())]
    lines.append(f"Content-Length: {len(content) if length is None else length}\r\n\r\n")
    handler.wfile.write(
        "\r\n".join(lines).encode() + content
    )  # at once: two small packets wait for one another


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """As a machine that goes away: the connection is refused from here on, unsent bytes included."""
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
