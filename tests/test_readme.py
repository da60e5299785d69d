"""The README stays true: every setting and command stands there, and everything that it links to exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from services.cli import app
from services.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_each_setting_is_documented_with_its_default(name: str):
    row = next((line for line in README.splitlines() if line.startswith(f"| `FABRIC_{name.upper()}`")), None)
    assert row, f"FABRIC_{name.upper()} is not in the README's table"
    default = Settings.model_fields[name].default
    shown = {True: "`1`", False: "`0`", None: "–"}.get(default) if isinstance(default, bool | None) else f"`{default}`"
    if name != "llm_api_key":  # a secret's default is not printed by its type
        assert f"| {shown} |" in row


def test_each_setting_has_a_meaning():
    assert all(field.description for field in Settings.model_fields.values())


def test_each_command_is_documented():
    group = typer.main.get_command(app)
    names = set(group.commands)  # type: ignore[attr-defined]
    assert names
    for name in names:
        assert f"fabric {name}" in README, f"fabric {name} is not in the README"


def test_everything_linked_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_no_lock_file_records_download_addresses():
    assert not (ROOT / "uv.lock").exists()
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
