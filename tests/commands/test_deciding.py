"""Real processes that race for decisions, and are killed amid them; benchmarks/commands/deciding.py does more of it."""

from __future__ import annotations

import pytest

from benchmarks.commands import deciding


@pytest.mark.process
def test_two_processes_decide_each_task_once() -> None:
    assert deciding.race(200, 3)


@pytest.mark.process
def test_kill_9_neither_loses_nor_repeats_an_approval() -> None:
    assert deciding.crash(15, 3)
