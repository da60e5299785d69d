"""Where a clinic's own tables of knowledge lie, once `fabric knowledge import` has taken them.

`<data folder>/knowledge/<kind>/<sha256 of the content>/…` holds one import and never changes; the file `current`
beside it names the one that counts. So a loader may keep what it read for as long as the path is the same, and a
running server sees a new import with its next question.
"""

from __future__ import annotations

from pathlib import Path

from services.settings import settings

CURRENT = "current"


def root(kind: str) -> Path:
    """The folder of a kind of table, whether or not anything was imported."""
    return settings().data_dir / "knowledge" / kind


def installed(kind: str) -> Path | None:
    """The folder with the files that count for `kind`; None where the clinic has imported none."""
    folder = root(kind)
    try:
        return folder / (folder / CURRENT).read_text("ascii").strip()
    except FileNotFoundError:
        return None
