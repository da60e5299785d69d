"""A real system on a folder of its own, for tests of the console and its pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts.roles import Principal
from services.fhir.repository import Resource
from services.runtime.system import System, system
from services.settings import settings

ADMIN = Principal("admin", "user", "Ann Admin", "administrator", "ann@example.com")


def open_system(folder: Path, monkeypatch: pytest.MonkeyPatch, demo: str = "0") -> Iterator[System]:
    """This process's system, in an empty folder; the caches are cleared before and after."""
    monkeypatch.setenv("FABRIC_DATA_DIR", str(folder))
    monkeypatch.setenv("FABRIC_DEMO", demo)
    settings.cache_clear()
    system.cache_clear()
    try:
        yield system()
    finally:
        system().stop()
        system.cache_clear()
        settings.cache_clear()


def put(world: System, *resources: Resource, index: bool = False) -> None:
    for resource in resources:
        world.repository.update(resource, create_missing=True, author="System/test")
    while index and world.pipeline.step() is not None:
        pass
