"""One record for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from tests.bots.cds.preventive.builder import Clinic


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    database = Database(folder / "record.sqlite")
    yield Clinic(SQLiteRepository(database))
    database.close()
