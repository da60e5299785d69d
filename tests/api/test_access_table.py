"""Every route as every role, without a token and under an access policy: what they get is what the table says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.api.routes import ROUTES
from tests.api.access_table import ACTORS, TABLE, Row, Trial
from tests.conftest import ROOT

SAMPLE = """
import json, pathlib, sys
from tests.api.access_table import ACTORS, TABLE, Trial
trial = Trial(pathlib.Path(sys.argv[1]))
rows = [r for r in TABLE if r.method == "GET"][::4]
told = [(str(r), [trial.ask(r, a).status_code for a in ACTORS], list(r.statuses)) for r in rows]
trial.system.stop()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    made = Trial(tmp_path_factory.mktemp("table"))
    yield made
    made.system.stop()


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_everybody_gets_what_the_table_says(trial: Trial, row: Row) -> None:
    answers = [trial.ask(row, actor) for actor in ACTORS]
    assert [a.status_code for a in answers] == list(row.statuses), [a.text[:200] for a in answers]


def test_every_route_has_a_row() -> None:
    served = {(m, route.path) for route in ROUTES for m in (route.methods or ()) if m != "HEAD"}
    assert {(row.method, row.path) for row in TABLE} == served


def test_rows_reach_the_route_that_they_name(trial: Trial) -> None:
    from starlette.routing import Match

    for row in TABLE:
        path = row.address.format(**trial.names, actor="x").partition("?")[0]
        scope = {"type": "http", "method": row.method, "path": path}
        first = next(route for route in ROUTES if route.matches(scope)[0] is Match.FULL)
        assert first.path == row.path, row


def test_a_process_that_just_began_answers_the_same(tmp_path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SAMPLE, str(tmp_path)], cwd=ROOT, text=True, capture_output=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert len(told) >= 6
    assert [(name, got) for name, got, wanted in told if got != wanted] == []
