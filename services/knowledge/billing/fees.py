"""A clinic's own fee table: what it charges for a code, in one currency; and relative value units where it lists them.

CSV or TSV with the columns code, amount, currency and, where wanted, rvu. Without it nothing is said about money.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from services.errors import InvalidInput
from services.knowledge.columns import Row, files, rows
from services.knowledge.installed import installed

COLUMNS = ("code", "amount", "currency", "rvu")
_NAMES = {
    **dict.fromkeys(("cpt", "cpt code", "hcpcs", "hcpcs code"), "code"),
    **dict.fromkeys(("fee", "charge", "price"), "amount"),
    **dict.fromkeys(("total rvu", "total_rvu", "rvus"), "rvu"),
}
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Fee:
    """`currency`: ISO 4217. `rvu`: relative value units of one unit, where the table has them."""

    amount: Decimal
    currency: str
    rvu: Decimal | None = None


@functools.lru_cache(maxsize=2)
def load(folder: Path) -> Mapping[str, Fee]:
    """By code. Raises InvalidInput that names file, line and column."""
    return _read(folder)


def _read(folder: Path) -> Mapping[str, Fee]:
    found: dict[str, Fee] = {}
    currency = ""
    for path in files(folder, "fees"):
        for row in rows(path, COLUMNS, _NAMES):
            code, amount = row.code(), _number(row, "amount")
            if amount is None:
                raise row.wrong("amount", "is empty")
            named = row.cells.get("currency", "").upper()
            if not _CURRENCY.fullmatch(named):
                raise row.wrong("currency", "is not a currency such as USD")
            if currency and named != currency:
                raise row.wrong("currency", f"is another than {currency}; sums need one")
            currency = named
            found[code] = Fee(amount, named, _number(row, "rvu"))
    if not found:
        raise InvalidInput(f"{folder.name}: holds no fee.")
    return found


def _number(row: Row, column: str) -> Decimal | None:
    text = row.cells.get(column, "").replace(",", "").removeprefix("$")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise row.wrong(column, "is not a number") from None
    if not value.is_finite() or not 0 <= value < 10_000_000:
        raise row.wrong(column, "is not an amount")
    return value


def check(folder: Path) -> str:
    """What a folder holds, in a line. Raises InvalidInput."""
    known = _read(folder)
    return f"{len(known):,} fees in {next(iter(known.values())).currency}"


def current() -> Mapping[str, Fee]:
    """The clinic's fees; empty where none were imported."""
    folder = installed("fees")
    return load(folder) if folder else {}
