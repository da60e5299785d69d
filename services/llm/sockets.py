"""httpx over sockets that obey a deadline: nothing hangs past it, whatever the other side does.

The usual time limits of an HTTP library count from byte to byte, so a server that sends one byte a second
is waited for without end. Here every read and write of the socket is cut into steps that look at the
caller's deadline and at its wish to stop.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import queue
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

from services.llm.deadline import Deadline

_NO_LIMIT = Deadline()
_current: contextvars.ContextVar[Deadline] = contextvars.ContextVar("deadline", default=_NO_LIMIT)


@contextlib.contextmanager
def _governed_by(deadline: Deadline) -> Iterator[None]:
    token = _current.set(deadline)
    try:
        yield
    finally:
        _current.reset(token)


class _Stream(httpcore.NetworkStream):
    """A socket whose waits obey the deadline of the request that is using it."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        deadline, silent_until = _current.get(), _later(timeout)
        while True:
            deadline.check()
            try:
                return self._inner.read(max_bytes, deadline.step(silent_until - time.monotonic()))
            except httpcore.ReadTimeout:
                if time.monotonic() >= silent_until:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        deadline, silent_until = _current.get(), _later(timeout)
        socket = self._inner.get_extra_info("socket")
        left = memoryview(buffer)
        while left:
            deadline.check()
            try:
                socket.settimeout(deadline.step(silent_until - time.monotonic()))
                left = left[socket.send(left) :]
                silent_until = _later(timeout)
            except TimeoutError as error:
                if time.monotonic() >= silent_until:
                    raise httpcore.WriteTimeout from error
            except OSError as error:
                raise httpcore.WriteError from error

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        deadline = _current.get()
        most = deadline.remaining() if timeout is None else min(timeout, deadline.remaining())
        try:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, most))
        except httpcore.ConnectTimeout:
            deadline.check()
            raise

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects in a thread of its own, since the look-up of a name can't be given a time limit."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        deadline, give_up = _current.get(), _later(timeout)
        done: queue.SimpleQueue[httpcore.NetworkStream | Exception] = queue.SimpleQueue()
        lock, waiting = threading.Lock(), True

        def connect() -> None:
            found: httpcore.NetworkStream | Exception
            try:
                found = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
            except Exception as error:  # handed over to the thread that waits
                found = error
            with lock:
                if waiting:
                    done.put(found)
                    return
            if isinstance(found, httpcore.NetworkStream):
                found.close()

        threading.Thread(target=connect, name="fabric-connect", daemon=True).start()
        try:
            while True:
                deadline.check()
                with contextlib.suppress(queue.Empty):
                    found = done.get(timeout=deadline.step(give_up - time.monotonic()))
                    break
                if time.monotonic() >= give_up:
                    raise httpcore.ConnectTimeout
        except BaseException:
            with lock:
                waiting = False
            with contextlib.suppress(queue.Empty):
                late = done.get_nowait()
                if isinstance(late, httpcore.NetworkStream):
                    late.close()
            raise
        if isinstance(found, Exception):
            raise found
        return _Stream(found)


def _later(seconds: float | None) -> float:
    return time.monotonic() + (86_400 if seconds is None else seconds)


class Body(httpx.SyncByteStream):
    """The bytes of an answer, each of which is waited for under the deadline of its request."""

    def __init__(self, chunks: Any, deadline: Deadline = _NO_LIMIT) -> None:
        self._chunks, self._deadline = chunks, deadline

    def __iter__(self) -> Iterator[bytes]:
        chunks = iter(self._chunks)
        while True:
            with _governed_by(self._deadline):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    def close(self) -> None:
        if hasattr(self._chunks, "close"):
            self._chunks.close()


@functools.cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificate authorities takes some time: once for all links."""
    return httpx.create_ssl_context()


class SocketTransport(httpx.BaseTransport):
    """httpx over sockets that obey `request.extensions["deadline"]`. Proxies of the environment are not used."""

    def __init__(self) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(),
            max_connections=100,
            keepalive_expiry=15,
            network_backend=_Backend(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline: Deadline = request.extensions["deadline"]
        to = request.url
        url = httpcore.URL(scheme=to.raw_scheme, host=to.raw_host, port=to.port, target=to.raw_path)
        asked = httpcore.Request(
            request.method,
            url,
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": request.extensions["timeout"]},
        )
        with _governed_by(deadline):
            answer = self._pool.handle_request(asked)
        return httpx.Response(answer.status, headers=answer.headers, stream=Body(answer.stream, deadline))

    def close(self) -> None:
        self._pool.close()
