"""The titles of the ICD-10-CM codes that suggested diagnoses carry."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from services.knowledge.entries import entries
from services.knowledge.installed import installed


def titles() -> Mapping[str, str]:
    """By code."""
    return titles_of(installed("diagnosis-codes"))


@functools.lru_cache(maxsize=4)
def titles_of(own: Path | None) -> Mapping[str, str]:
    """The shipped titles, with those of a clinic's import."""
    return {code: title for code, title, _ in (e.cells for e in entries("diagnosis-codes", own))}
