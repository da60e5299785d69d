"""What the cells of a table may hold: checks that say what is wrong and what to do, or "" where nothing is."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import partial

from services.knowledge.lexicon import lexicon
from services.knowledge.unit_names import normalise_unit

Check = Callable[[str], str]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_BARE = frozenset({"1", "[pH]", "[iU]"})


def anything(_: str) -> str:
    return ""


def text(cell: str, least: int = 1) -> str:
    """Words, of so many characters at least."""
    if len(cell) >= least:
        return ""
    return f"is shorter than {least} characters; write it out" if cell else "is empty; fill it in"


source = partial(text, least=5)
"""Whence a row is known: a publication, a label, a decision of the clinic."""


def one_of(*choices: str) -> Check:
    told = ", ".join(c or "(nothing)" for c in choices)
    return lambda cell: "" if cell in choices else f"is none of {told}; write one of them"


def number(cell: str) -> str:
    return "" if _NUMBER.fullmatch(cell) else "is no number; write digits, with a point for decimals (2.5)"


def maybe_number(cell: str) -> str:
    return number(cell) if cell else ""


def unit(cell: str) -> str:
    """A unit that values can be converted to."""
    known = cell in _BARE or normalise_unit(cell)
    return "" if known else "is no unit that is known here; write it in UCUM, such as mmol/L or 10*3/uL"


def pattern(cell: str) -> str:
    try:
        re.compile(cell)
    except re.error as error:
        return f"is no regular expression ({error}); put it right"
    return text(cell)


def each_of(*checks: tuple[str, Check]) -> Check:
    """A list with `|` between; each item is checked by what its beginning says, such as ("drug:", known)."""

    def check(cell: str) -> str:
        items = cell.split("|")
        for item in items:
            found = next((c for begin, c in checks if item.startswith(begin)), None)
            if found is None:
                return f"holds “{item}”; write ids that begin with {' or '.join(b for b, _ in checks)}, with | between"
            if wrong := found(item):
                return wrong
        return ""

    return check


def known(item: str) -> str:
    """An id of the lexicon."""
    words = lexicon()
    if item in words:
        return ""
    kind = item.partition(":")[0] + ":"
    near = difflib.get_close_matches(item, [c.id for c in words.concepts() if c.id.startswith(kind)], 1)
    return f"holds “{item}”, which is not known" + (f"; did you mean {near[0]}?" if near else "; put it right")


drugs = each_of(("drug:", known), ("drugclass:", known))


def group(item: str) -> str:
    """A group of a table beside it; that it is there shows when all is put together."""
    return "" if item != "group:" else "holds “group:” without its name"
