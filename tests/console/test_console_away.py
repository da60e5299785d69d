"""What a page shows while the server that keeps the record is slow or away."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.console import away
from services.runtime.system import System
from tests.console.world import open_system


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    yield from open_system(tmp_path, monkeypatch)


def test_what_is_saved_shows_that_it_waits_and_what_is_looked_at_does_not(
    world: System, tmp_path: Path
) -> None:
    shown: list[str] = []

    @contextlib.contextmanager
    def spinner(words: str) -> Iterator[None]:
        shown.append(words)
        yield
        shown.append("over")

    away.show_saving(spinner)
    world.repository.create({"resourceType": "Patient"})
    assert shown == [] and away.sentence() is None, "kept here, there is nothing to wait for"
    world.database.tells(tmp_path / "turn")
    world.audit.write("semantic_search")
    assert shown == []
    with world.database.write():
        world.repository.create({"resourceType": "Patient"})
        world.repository.create({"resourceType": "Patient"})
    assert len(shown) == 2 and "What you typed stays here" in shown[0]
