"""Where a clinic's own tables of knowledge lie, once `fabric knowledge import` has taken them.

`<data folder>/knowledge/<kind>/<sha256 of the content>/…` holds one import and never changes; the file `current`
beside it names the one that counts. So a loader may keep what it read for as long as the path is the same, and a
running server sees a new import with its next question.
"""

from __future__ import annotations

import functools
from pathlib import Path

from services.settings import settings

CURRENT = "current"


def root(kind: str) -> Path:
    """The folder of a kind of table, whether or not anything was imported."""
    return settings().data_dir / "knowledge" / kind


def installed(kind: str) -> Path | None:
    """The folder with the files that count for `kind`; None where the clinic has imported none.

    Asked for at every look-up, so it costs no more than a look at the file that names the import: that file is replaced
    as a whole, and another one has another inode or time.
    """
    place = _place(settings().data_dir, kind)
    try:
        found = place.stat()
        return _folder(place, found.st_ino, found.st_mtime_ns)
    except FileNotFoundError:
        return None


@functools.lru_cache(maxsize=256)
def _place(data: Path, kind: str) -> Path:
    return data / "knowledge" / kind / CURRENT


@functools.lru_cache(maxsize=256)
def _folder(place: Path, _inode: int, _time: int) -> Path:
    return place.parent / place.read_text("ascii").strip()
