"""What programs were answered by `$execute` is kept behind the call, opened, and computed again."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.console import replaying, replaying_executed
from services.console.replaying_executed import Keeper, listed
from services.errors import FabricError, NotFound
from services.runtime.execution import Call, execute
from services.runtime.registry import BUILT_IN
from services.runtime.system import System
from tests.conftest import condition, patient
from tests.console.test_replaying import potassium
from tests.console.world import ADMIN, open_system, put

BOTS = {bot.name: bot.id for bot in BUILT_IN.values()}
EVER = ("2000", "2100")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    for held in open_system(tmp_path, monkeypatch):
        put(held, patient("p1", name=[{"family": "Marsh"}], birthDate="1950-01-01", gender="female"),
            potassium("k1", 4.2, "2025-01-10"), potassium("k2", 6.8, "2026-01-10"),
            condition("c1", "p1", "Type 2 diabetes mellitus", "E11.9"))  # fmt: skip
        yield held


def run(world: System, bot: str, **asked: object) -> None:
    """By a program, and all of it kept."""
    keeper = Keeper(world)
    try:
        execute(world, world.repository.read("Bot", BOTS[bot]), Call(asked), ADMIN, ADMIN.reference)
    finally:
        keeper.stop()
        world.executed.clear()


def test_an_answer_is_kept_and_computed_again(world: System) -> None:
    run(world, "rag-pipeline-bot", question="latest potassium", patientId="p1")
    [held] = listed(*EVER)
    shown = replaying.opened(ADMIN, held.id)
    assert (shown.output.bot, shown.asked, shown.output.words) == ("answers", "latest potassium", None)
    assert shown.output.version == world.repository.read("Bot", BOTS["rag-pipeline-bot"]).version and shown.output.millis > 0
    assert [e.reference for e in shown.evidence] == ["Observation/k2"]
    put(world, potassium("k3", 5.0, "2026-03-01"))
    assert replaying.again(ADMIN, held.id).equal
    assert "6.8" not in " ".join(map(str, world.database.connection().execute("SELECT * FROM ai_executed").fetchone()))


@pytest.mark.parametrize("kinds", [["all"], ["critical"], ["preventive", "interactions"]])
def test_findings_of_the_kinds_that_were_asked_for(world: System, kinds: list[str]) -> None:
    run(world, "clinical-decision-support-bot", patientId="Patient/p1" if kinds == ["all"] else "p1", analysisTypes=kinds)
    [held] = listed(*EVER)
    assert held.patient == "p1" and held.hashes and (held.evidence or kinds != ["critical"])
    put(world, potassium("k2", 4.0, "2026-01-10"))
    assert replaying.again(ADMIN, held.id).equal
    run(world, "clinical-decision-support-bot", patientId="p1", analysisTypes=kinds)
    assert (listed(*EVER)[0].hashes == held.hashes) == ("critical" not in kinds and "all" not in kinds)


def test_what_is_no_statement_about_a_patient_is_not_kept(world: System) -> None:
    run(world, "semantic-search-bot", query="potassium")
    with pytest.raises(FabricError):
        run(world, "rag-pipeline-bot", question="latest potassium", patientId="nobody")
    assert listed(*EVER) == []
    with pytest.raises(NotFound):
        replaying.opened(ADMIN, "x")


def test_the_newest_are_kept_and_what_is_too_large_is_not(world: System, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying_executed, "MOST", 2)
    for question in ("latest potassium", "problems?", "how old is she?"):
        run(world, "rag-pipeline-bot", question=question, patientId="p1")
    assert [o.input["question"] for o in listed(*EVER)] == ["how old is she?", "problems?"]
    monkeypatch.setattr(replaying_executed, "MOST_BYTES", 10)
    run(world, "rag-pipeline-bot", question="latest potassium", patientId="p1")
    assert len(listed(*EVER)) == 2


def test_a_call_does_not_wait_for_what_is_full(world: System, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying_executed, "WAITING", 1)
    monkeypatch.setattr(Keeper, "_run", lambda _: None)
    keeper = Keeper(world)
    bot = world.repository.read("Bot", BOTS["rag-pipeline-bot"])
    for _ in range(2):
        execute(world, bot, Call({"question": "latest potassium", "patientId": "p1"}), ADMIN, ADMIN.reference)
    assert [r.levelno for r in caplog.records if "can be kept" in r.message] == [logging.WARNING] and keeper
