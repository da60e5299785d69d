"""The router in this process: the client's requests reach it as they would over a network, without one."""

from __future__ import annotations

import httpx

from services.llm.core import Router
from services.llm.sockets import Body


class InProcess(httpx.BaseTransport):
    """httpx to a router in memory. Deadline and wish to stop go through to the models behind it."""

    def __init__(self, router: Router) -> None:
        self._router = router

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {name.decode().lower(): value.decode() for name, value in request.headers.raw}
        answer = self._router.handle(
            request.method, request.url.path, headers, request.read(), request.extensions["deadline"]
        )
        body = httpx.ByteStream(answer.body) if isinstance(answer.body, bytes) else Body(answer.body)
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    def close(self) -> None:
        self._router.close()
