"""National Drug Codes, by the table that FDA publishes (NDC Directory, product file), once a clinic has imported it.

A code is a labeler, a product and a package; which medicine it is hangs on the first two. Written with hyphens it is 4-4-2,
5-3-2 or 5-4-1, in claims eleven digits (5-4-2); ten digits without hyphens may be any of three (21 CFR 207.33).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.errors import InvalidInput
from services.knowledge.columns import files, rows
from services.knowledge.installed import installed
from services.knowledge.lexicon import system_name

COLUMNS = ("ndc", "name", "substance", "route")
_NAMES = {
    **dict.fromkeys(("productndc", "product ndc", "product_ndc"), "ndc"),
    **dict.fromkeys(("nonproprietaryname", "generic name", "generic_name"), "name"),
    **dict.fromkeys(("substancename", "active ingredients"), "substance"),
    "routename": "route",
}
_PRODUCT = re.compile(r"(\d{4,5})-(\d{3,4})(?:-(\d{1,2}))?")
_OID = "urn:oid:2.16.840.1.113883.6.69"


def products(code: str) -> tuple[str, ...]:
    """The products that a code may name, each as nine digits (5-4); none where it is no code."""
    told = code.strip()
    if parts := _PRODUCT.fullmatch(told):
        return (f"{parts[1]:0>5}{parts[2]:0>4}",)
    if not told.isascii() or not told.isdigit():
        return ()
    if len(told) == 11:
        return (told[:9],)
    if len(told) == 10:
        return (f"0{told[:8]}", f"{told[:5]}0{told[5:8]}", told[:9])
    return ()


def names(codings: Iterable[tuple[str, str]], folder: Path | None) -> list[str]:
    """What the codings' NDCs are called, with the route. A code of ten digits counts where only one medicine fits."""
    found: dict[str, None] = {}
    for system, code in codings:
        if folder and (system_name(system) == "ndc" or system == _OID):
            fitting = {told for p in products(code) if (told := load(folder).get(p))}
            if len(fitting) == 1:
                found |= dict.fromkeys(fitting)
    return list(found)


def imported() -> Path | None:
    return installed("ndc")


@functools.lru_cache(maxsize=2)
def load(folder: Path) -> Mapping[str, str]:
    """Product as nine digits → its substances' names and its route, in words. Raises InvalidInput with file and line."""
    found: dict[str, str] = {}
    for path in files(folder, "products"):
        for row in rows(path, COLUMNS, _NAMES, _PRODUCT):
            keys = products(row.cells.get("ndc", ""))
            if len(keys) != 1:
                raise row.wrong("ndc", "is not a product's code such as 0093-7214")
            name = row.cells.get("substance") or row.cells.get("name", "")
            if not name:
                raise row.wrong("name", "is empty")
            route = row.cells.get("route", "").partition(";")[0]
            found[keys[0]] = " ".join(f"{name.replace(';', ' /')} {route}".lower().split())
    if not found:
        raise InvalidInput(f"{folder.name}: holds no product.")
    return found


def check(folder: Path) -> str:
    """What a folder holds, in a line. Raises InvalidInput."""
    return f"{len(load.__wrapped__(folder)):,} products"
