"""HTTP to one server under a deadline, with bounded answers and failures in words for people.

Compressed answers are refused, since their size can't be known before they are unpacked.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

import httpcore
import httpx

from services.errors import LLMError, LLMTimeout
from services.llm.deadline import Deadline
from services.llm.sockets import SocketTransport


class Reply:
    """An answer whose body has not been read yet. Close it, or use it as a context manager."""

    def __init__(self, link: Link, response: httpx.Response) -> None:
        self._link, self._response = link, response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers

    def chunks(self, most: int) -> Iterator[bytes]:
        """The body in pieces as they arrive, at most `most` bytes. Raises LLMError, LLMTimeout, Cancelled."""
        if self.headers.get("content-encoding", "identity") != "identity":
            raise LLMError(f"{self._link.name} sent a compressed answer, which was not asked for.")
        size = 0
        with self._link.explained():
            for chunk in self._response.iter_raw():
                size += len(chunk)
                if size > most:
                    raise LLMError(
                        f"{self._link.name} sent more than {most // 1024} KiB; the rest was not read."
                    )
                yield chunk

    def read(self, most: int) -> bytes:
        """The whole body. Raises as `chunks` does."""
        return b"".join(self.chunks(most))

    def close(self) -> None:
        """Ends the exchange; where the body was not read to its end, the connection is closed."""
        self._response.close()

    def __enter__(self) -> Reply:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Link:
    """Requests to one server. Safe to share between threads.

    `name` is how messages call the server. `connect` and `silence`: seconds for a connection and from one
    byte to the next.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        connect: float = 5.0,
        silence: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.name = name
        self._url, self._connect = url.rstrip("/"), connect
        self._headers = {"Accept-Encoding": "identity", "User-Agent": "fabric", **(headers or {})}
        self._timeout = {"connect": connect, "read": silence, "write": silence}
        # The transport alone: cookies, redirects and the environment's proxies have no place here.
        self._transport = transport or SocketTransport()
        self._urls: dict[str, httpx.URL] = {}

    def open(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Reply:
        """The answer's status and headers; `path` is one of a few. Raises LLMError (can't be reached, broke off),
        LLMTimeout, Cancelled."""
        deadline.check()
        wait = min(self._connect, deadline.remaining())  # for a connection that others use
        with self.explained():
            request = httpx.Request(
                method,
                self._urls.get(path) or self._urls.setdefault(path, httpx.URL(self._url + path)),
                headers=self._headers
                | dict(headers or {})
                | ({"Content-Type": "application/json"} if content else {}),
                content=content,
                extensions={"deadline": deadline, "timeout": self._timeout | {"pool": wait}},
            )
            return Reply(self, self._transport.handle_request(request))

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Failures of the network in words for people."""
        try:
            yield
        except httpcore.ConnectTimeout as error:
            raise LLMError(
                f"{self.name} can't be reached: no connection within {self._connect:g} s."
            ) from error
        except httpcore.PoolTimeout as error:
            raise LLMTimeout(
                f"{self.name} is busy with too many requests of ours. Try again later."
            ) from error
        except (httpcore.TimeoutException, httpx.TimeoutException) as error:
            raise LLMTimeout(f"{self.name} did not answer in time: it fell silent.") from error
        except httpcore.ConnectError as error:
            raise LLMError(f"{self.name} can't be reached. Check its address and that it runs.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
            raise LLMError(f"{self.name} broke off the exchange, or does not speak HTTP.") from error
        except (httpcore.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise LLMError(f"{self.name} has an address that can't be used.") from error

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()
