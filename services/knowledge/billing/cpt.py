"""A clinic's licensed CPT (and HCPCS) table: code and descriptor, with the dates from and until which a code is valid.

The descriptors are the AMA's. None are shipped; what is read here comes from the clinic's own licensed file: CSV or
TSV, with column names or in the order code, descriptor, valid from, valid until.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.errors import InvalidInput
from services.knowledge.columns import files, rows
from services.knowledge.installed import installed

COLUMNS = ("code", "descriptor", "valid-from", "valid-until")
_NAMES = {
    **dict.fromkeys(("cpt", "cpt code", "cpt_code", "hcpcs", "hcpcs code", "hcpc"), "code"),
    **dict.fromkeys(("description", "long", "long descriptor", "long description", "medium", "short", "display", "consumer descriptor", "clinician descriptor"), "descriptor"),
    **dict.fromkeys(("valid from", "valid_from", "from", "effective date", "effective"), "valid-from"),
    **dict.fromkeys(("valid until", "valid_until", "until", "termination date", "deleted"), "valid-until"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A code as the clinic's table has it; empty dates are open."""

    descriptor: str
    since: dt.date | None = None
    until: dt.date | None = None

    def valid_on(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@functools.lru_cache(maxsize=2)
def load(folder: Path) -> Mapping[str, Listed]:
    """By code. Raises InvalidInput that names file, line and column."""
    return _read(folder)


def _read(folder: Path) -> Mapping[str, Listed]:
    found: dict[str, Listed] = {}
    for path in files(folder, "CPT codes"):
        for row in rows(path, COLUMNS, _NAMES):
            code, descriptor = row.code(), row.cells.get("descriptor", "")
            if not descriptor:
                raise row.wrong("descriptor", "is empty")
            since, until = row.day("valid-from"), row.day("valid-until")
            if since and until and until < since:
                raise row.wrong("valid-until", "is before valid-from")
            found[code] = Listed(descriptor, since, until)
    if not found:
        raise InvalidInput(f"{folder.name}: holds no CPT code.")
    return found


def check(folder: Path) -> str:
    """What a folder holds, in a line. Raises InvalidInput."""
    return f"{len(_read(folder)):,} codes"


def current() -> Mapping[str, Listed]:
    """The clinic's table; empty where none was imported."""
    folder = installed("cpt")
    return load(folder) if folder else {}
