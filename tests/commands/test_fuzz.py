"""A sample of the generated commands; benchmarks/commands/fuzz.py sends many more."""

from __future__ import annotations

from pathlib import Path

from benchmarks.commands import fuzz


def test_no_unsafe_command_passes_and_no_benign_one_is_blocked(tmp_path: Path) -> None:
    found, refused = fuzz.run(700, 11, 0, tmp_path)
    passed = {
        (way, action): count
        for way, actions in found.items()
        for action, count in actions.items()
        if way != "benign" and action not in ("blocked", "invalid")
    }
    assert passed == {} and refused <= 0.02
    assert len(found) == len(set(fuzz.UNSAFE)) + 1  # every way was taken
