"""Which services aren't paid together: built-in rules, and CMS's National Correct Coding Initiative (NCCI) files.

A folder may hold CMS's published files as CSV: procedure-to-procedure edits (column 1, column 2, …, effective date,
deletion date, modifier indicator) and Medically Unlikely Edits (code, units, …). They are told apart by their rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.errors import InvalidInput
from services.knowledge.billing.tables import FOLDER
from services.knowledge.installed import installed
from services.knowledge.tables import lines
from services.settings import settings

_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_DAY = re.compile(r"\d{8}")
BUILT_IN = "NCCI Policy Manual"


@dataclass(frozen=True, slots=True)
class Pair:
    """`included` isn't paid beside `includes`. `indicator`: "0" never, "1" with a modifier; days are YYYYMMDD."""

    includes: str
    included: str
    indicator: str
    why: str
    source: str
    since: str = ""
    until: str = ""

    def holds_on(self, day: dt.date) -> bool:
        at = day.strftime("%Y%m%d")
        return (not self.since or self.since <= at) and (not self.until or at <= self.until)


@dataclass(frozen=True, slots=True)
class Edits:
    pairs: dict[tuple[str, str], Pair]
    units: dict[str, int]  # most units of a code on one day

    def of(self, codes: Iterable[str], day: dt.date) -> Iterator[Pair]:
        """The edits that two of the codes break on the day."""
        listed = list(dict.fromkeys(codes))
        for one in listed:
            for other in listed:
                pair = self.pairs.get((one, other))
                if pair and pair.indicator != "9" and pair.holds_on(day):
                    yield pair


@functools.cache
def built_in() -> Edits:
    pairs = {}
    for wide, narrow, indicator, why in lines(FOLDER / "bundles.tsv"):
        for one in wide.split("|"):
            for other in narrow.split("|"):
                pairs[one, other] = Pair(one, other, indicator, why, BUILT_IN)
    return Edits(pairs, {})


def current() -> Edits:
    """What counts here: the built-in rules, the clinic's imported files, and those of FABRIC_NCCI_DIR."""
    return edits(*(folder for folder in (installed("ncci"), settings().ncci_dir) if folder))


@functools.lru_cache(maxsize=4)
def edits(*folders: Path) -> Edits:
    """The built-in rules, and those of the folders' CSV files over them. Raises InvalidInput that names the file."""
    return _read(*folders)


def _read(*folders: Path) -> Edits:
    known = built_in()
    pairs, units = dict(known.pairs), dict(known.units)
    for folder in folders:
        if not folder.is_dir():
            raise InvalidInput(f"There is no folder {folder} with NCCI files.")
        for path in sorted(folder.glob("*.csv")):
            found = 0
            for row in _rows(path):
                if pair := _pair(row, path.name):
                    pairs[pair.includes, pair.included] = pair
                    found += 1
                elif most := _unit(row):
                    units[most[0]] = most[1]
                    found += 1
            if not found:
                raise InvalidInput(
                    f"{path.name}: no row of it is an NCCI edit (two codes and dates, or a code and units)."
                )
    return Edits(pairs, units)


def check(folder: Path) -> str:
    """What a folder holds, in a line. Raises InvalidInput."""
    known, found = built_in(), _read(folder)
    if not any(folder.glob("*.csv")):
        raise InvalidInput(f"{folder.name}: no CSV file of CMS's NCCI edits is there.")
    own = sum(1 for key, pair in found.pairs.items() if known.pairs.get(key) is not pair)
    return f"{own:,} procedure-to-procedure edits, units of {len(found.units):,} codes"


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                yield [cell.strip() for cell in row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInput(f"{path.name}: can't be read as CSV in UTF-8.") from error


def _pair(row: Sequence[str], source: str) -> Pair | None:
    """CMS's columns: 1, 2, in existence before 1996, effective, deletion ("*": none), modifier, rationale."""
    if len(row) < 6 or not (_CODE.fullmatch(row[0]) and _CODE.fullmatch(row[1]) and _DAY.fullmatch(row[3])):
        return None
    until = row[4] if _DAY.fullmatch(row[4]) else ""
    why = row[6] if len(row) > 6 and row[6] else "CMS procedure-to-procedure edit"
    return Pair(row[0], row[1], row[5][:1], why, source, row[3], until)


def _unit(row: Sequence[str]) -> tuple[str, int] | None:
    """CMS's columns: code, most units on a day, adjudication indicator, rationale."""
    if len(row) >= 2 and _CODE.fullmatch(row[0]) and row[1].isdigit() and len(row[1]) < 6:
        return row[0], int(row[1])
    return None
