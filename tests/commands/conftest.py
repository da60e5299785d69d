from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.world import World, open_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = open_world(tmp_path)
    yield made
    made.record.database.close()
