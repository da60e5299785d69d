"""The router over HTTP, for `fabric router`: the core in threads, behind an ASGI server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import orjson
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from services.errors import Cancelled, InvalidInput
from services.llm.config import is_loopback
from services.llm.core import Answer, Router
from services.llm.deadline import Deadline
from services.llm.wire import Problem

MAX_BODY = 32 << 20  # bytes
BODY_SECONDS = 30.0
_END = object()


class Served:
    """The ASGI application. A caller that goes away sets the wish to stop, which ends what runs for it upstream."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # uvicorn is told that there is no lifespan; web sockets are refused
            return
        gone = threading.Event()
        try:
            body = await asyncio.wait_for(_body(Request(scope, receive)), BODY_SECONDS)
        except Problem as problem:
            await _send(Answer(problem.status, _CLOSING, orjson.dumps(problem.body())), send)
            return
        except (ClientDisconnect, TimeoutError):
            return
        watching = asyncio.create_task(_watch(receive, gone))
        try:
            answer = await run_in_threadpool(self._handle, scope, body, gone)
            await _send(answer, send)
        except Cancelled:  # nobody is there to hear it
            pass
        finally:
            gone.set()
            watching.cancel()

    def _handle(self, scope: Scope, body: bytes, gone: threading.Event) -> Answer:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        return self._router.handle(scope["method"], scope["path"], headers, body, Deadline(cancel=gone))


_CLOSING = {"Content-Type": "application/json", "Connection": "close"}


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Problem(413, "too_large", f"The body is larger than {MAX_BODY >> 20} MiB.")
    return bytes(body)


async def _watch(receive: Receive, gone: threading.Event) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    gone.set()


async def _send(answer: Answer, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    start: dict[str, Any] = {"type": "http.response.start", "status": answer.status, "headers": headers}
    if isinstance(answer.body, bytes):
        headers.append((b"content-length", str(len(answer.body)).encode()))
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})
        return
    pieces = answer.body
    try:
        await send(start)
        while (piece := await run_in_threadpool(next, pieces, _END)) is not _END:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        await run_in_threadpool(_close, pieces)


def _close(pieces: Iterator[bytes]) -> None:
    with contextlib.suppress(Cancelled):
        pieces.close()  # type: ignore[attr-defined]


def bound(host: str, port: int, *, allow_remote: bool) -> socket.socket:
    """A socket that listens there. Raises InvalidInput where the address is not this machine's own loopback and that
    was not asked for, or where it can't be had."""
    if not allow_remote and not is_loopback(host):
        raise InvalidInput(
            f"{host} can be reached from other machines, and the router speaks plain HTTP. Put it behind a proxy "
            "with TLS, or say --allow-remote."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise InvalidInput(f"{host}:{port} can't be listened on ({error.strerror}).") from error
    return listening


class RouterServer:
    """The router behind a socket. `run` blocks until it is told to stop by a signal, or by `stop`."""

    def __init__(self, router: Router, listening: socket.socket) -> None:
        self._router, self._listening = router, listening
        # No log of requests: their headers name patients.
        self._server = uvicorn.Server(
            uvicorn.Config(
                Served(router),
                lifespan="off",
                ws="none",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=3,
            )
        )

    def run(self) -> None:
        """Serves, and looks after the upstreams meanwhile."""
        stop = threading.Event()
        watching = threading.Thread(target=self._router.watch, args=(stop,), name="fabric-watch", daemon=True)
        watching.start()
        try:
            self._server.run(sockets=[self._listening])
        finally:
            stop.set()
            watching.join(5)
            self._listening.close()
            self._router.close()

    def stop(self) -> None:
        self._server.should_exit = True
