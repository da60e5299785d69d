"""A misbehaving server, and clients and routers in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.llm.client import RouterClient, router_client
from services.settings import Settings
from tests.llm.faults import Faults

QUESTION = [{"role": "user", "content": "Is the potassium high?"}]


@pytest.fixture
def faults() -> Iterator[Faults]:
    server = Faults()
    yield server
    server.stop()


@pytest.fixture
def another() -> Iterator[Faults]:
    server = Faults()
    yield server
    server.stop()


@pytest.fixture
def client_of(request: pytest.FixtureRequest) -> Callable[..., RouterClient]:
    """A client of a router at this address, with small limits; more settings by name."""

    def make(url: str | None, on_event: Any = None, **more: Any) -> RouterClient:
        settings = Settings(
            **{
                "llm_router_url": url,
                "llm_timeout_seconds": 5,
                "llm_connect_seconds": 2,
                "llm_api_key": "k",
                **more,
            }
        )
        client = router_client(settings, on_event, backoff=0.001)
        request.addfinalizer(client.close)
        return client

    return make
