"""Abbreviations, symbols and dose designations that are misread (`data/ismp.tsv`): found in a text, or written out."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from services.knowledge.tables import DATA, lines

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Rule:
    """`replacement` is None where only the writer knows what was meant."""

    id: str
    pattern: re.Pattern[str]
    instead: str
    replacement: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """One error-prone expression and where it stands in the text."""

    rule: str
    said: str
    start: int
    end: int
    instead: str
    why: str


@functools.cache
def rules() -> tuple[Rule, ...]:
    found = []
    for name, pattern, case, instead, replacement, why in lines(DATA / "ismp.tsv"):
        flags = re.IGNORECASE if case == "i" else 0
        found.append(Rule(name, re.compile(pattern, flags), instead, replacement or None, why))
    return tuple(found)


def error_prone(text: str, *, written: bool = False) -> list[Found]:
    """Every error-prone expression in the text, in order. `written`: the text was written out, so that only what is
    ambiguous can be left."""
    if written and not _ambiguous(_DIGIT.sub("0", text)):
        return []
    found = [
        Found(rule.id, match.group().strip(), match.start(), match.end(), rule.instead, rule.why)
        for rule in rules()
        for match in rule.pattern.finditer(text)
    ]
    return sorted(found, key=lambda f: (f.start, f.end))


@functools.lru_cache(maxsize=20_000)
def _ambiguous(shape: str) -> bool:
    """Whether a rule without a replacement applies; which digits stand in the text makes no difference to those."""
    return any(rule.pattern.search(shape) for rule in rules() if rule.replacement is None)


@functools.lru_cache(maxsize=20_000)
def written_out(text: str) -> str:
    """The text with what can be told in one way only written out; what is ambiguous stays as it is."""
    for rule in rules():
        if rule.replacement == "COMMAS":
            text = rule.pattern.sub(lambda m: f"{int(m.group()):,}", text)
        elif rule.replacement is not None:
            text = rule.pattern.sub(rule.replacement, text)
    return text
