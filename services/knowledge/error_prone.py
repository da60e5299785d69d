"""Abbreviations, symbols and dose designations that are misread: found in a text, or written out (table `ismp`)."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from services.knowledge.entries import entries
from services.knowledge.installed import installed

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


def rules() -> tuple[Rule, ...]:
    """Those of the table that counts."""
    return rules_of(installed("ismp"))


@functools.lru_cache(maxsize=4)
def rules_of(own: Path | None) -> tuple[Rule, ...]:
    """The shipped rules, with those of a clinic's import."""
    found = []
    for name, pattern, case, instead, replacement, why in (e.cells for e in entries("ismp", own)):
        flags = re.IGNORECASE if case == "i" else 0
        found.append(Rule(name, re.compile(pattern, flags), instead, replacement or None, why))
    return tuple(found)


def error_prone(text: str, *, written: bool = False) -> list[Found]:
    """Every error-prone expression in the text, in order. `written`: the text was written out, so that only what is
    ambiguous can be left."""
    own = installed("ismp")
    if written and not _ambiguous(_DIGIT.sub("0", text), own):
        return []
    found = [
        Found(rule.id, match.group().strip(), match.start(), match.end(), rule.instead, rule.why)
        for rule in rules_of(own)
        for match in rule.pattern.finditer(text)
    ]
    return sorted(found, key=lambda f: (f.start, f.end))


@functools.lru_cache(maxsize=20_000)
def _ambiguous(shape: str, own: Path | None) -> bool:
    """Whether a rule without a replacement applies; which digits stand in the text makes no difference to those."""
    return any(rule.pattern.search(shape) for rule in rules_of(own) if rule.replacement is None)


def written_out(text: str) -> str:
    """The text with what can be told in one way only written out; what is ambiguous stays as it is."""
    return _written_out(text, installed("ismp"))


@functools.lru_cache(maxsize=20_000)
def _written_out(text: str, own: Path | None) -> str:
    for rule in rules_of(own):
        if rule.replacement == "COMMAS":
            text = rule.pattern.sub(lambda m: f"{int(m.group()):,}", text)
        elif rule.replacement is not None:
            text = rule.pattern.sub(rule.replacement, text)
    return text
