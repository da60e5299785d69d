"""Fixtures of the import's tests: files to load, and loading them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.fhir.importing.importer import Importer, Report
from services.fhir.sqlite import SQLiteRepository
from tests.fhir.loading import Load


@pytest.fixture
def load(repository: SQLiteRepository, tmp_path: Path) -> Load:
    def run(*paths: Path, progress: Any = None) -> Report:
        return Importer(repository, repository.database).run(paths or [tmp_path / "in"], progress)

    (tmp_path / "in").mkdir()
    return run


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, Any], Path]:
    def write(name: str, content: Any) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write
