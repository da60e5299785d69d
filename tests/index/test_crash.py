"""Kill -9 of real processes; benchmarks/crash.py does the same ten times each."""

from __future__ import annotations

import random

import pytest

from benchmarks import crash


@pytest.mark.process
@pytest.mark.parametrize("phase", [crash.import_phase, crash.embed_phase, crash.chroma_phase, crash.subscriptions_phase])
def test_nothing_acknowledged_is_lost(phase, monkeypatch):
    monkeypatch.setattr(crash, "PATIENTS", 15)
    monkeypatch.setattr(crash, "EMBED_PATIENTS", 2)
    checked, lost, _ = phase(1, random.Random(20))
    assert checked > 0
    assert lost == 0
