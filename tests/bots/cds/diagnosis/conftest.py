"""One record for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from tests.bots.cds.diagnosis.practice import Practice


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    database = Database(tmp_path_factory.mktemp("practice") / "record.sqlite")
    yield Practice(SQLiteRepository(database))
    database.close()
