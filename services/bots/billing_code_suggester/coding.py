"""From a condition of the record to the most specific ICD-10-CM code that it supports."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from services.bots.billing_code_suggester import model
from services.bots.billing_code_suggester.model import Findings
from services.knowledge.assertion import laterality
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import RELEASE, icd10, under, words
from services.knowledge.lexicon import Mention, lexicon, system_name

_TAG = re.compile(r"\s*\((?:disorder|finding|situation|morphologic abnormality)\)\s*$", re.IGNORECASE)
_STAGE_3 = re.compile(r"\b(?:3|iii)\s?-?([ab])\b", re.IGNORECASE)
VAGUE = ("T14", "B99", "R69", "C80", "R68.89", "R52")
"""What says of a disease no more than that there is one: not read from words."""
_OPEN_WOUND = re.compile(r"\bopen\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Read:
    """A code, how sure it is, and whether it was written as such in the record."""

    code: str
    confidence: float


def read(
    codings: tuple[tuple[str, str], ...], text: str, own: frozenset[str], found: Findings
) -> Read | None:
    """The code of a condition before it is made specific; None where nothing certain stands for it."""
    table = icd10()
    text = _TAG.sub("", text)
    named = by_text(text)
    for system, symbol in codings:
        if system_name(system) != "icd10cm":
            continue
        code = table.written(symbol)
        if code is None:
            found.warn(f"{symbol} isn't a code of ICD-10-CM ({RELEASE}); it was left out.")
            own = frozenset()  # what it seems to be near isn't what it is
        elif named and named.code.startswith(code[:3]) and table.open(code) and not table.open(named.code):
            return Read(named.code, model.NAMED)  # the words say more than the code
        else:
            return Read(code, model.CODED)
    for system, symbol in codings:
        if system_name(system) == "snomed" and (code := tables.snomed_codes().get(symbol)):
            return Read(code, model.MAPPED)
    if named:
        return named
    known = [tables.concept_codes()[c] for c in sorted(own) if c in tables.concept_codes()]
    if len(own) == 1 and known:
        return Read(known[0], model.CONCEPT)
    return None


def staged(code: str, text: str) -> str:
    """Stage 3 of chronic kidney disease with its letter, where the words have it."""
    letter = _STAGE_3.search(text) if code == "N18.30" else None
    return f"N18.3{'12'[letter[1].lower() == 'b']}" if letter else code


@functools.lru_cache(maxsize=4_096)
def by_text(text: str) -> Read | None:
    """A code by a name: that of a concept in full, or a title of the classification, the side left open or said."""
    if not text.strip():
        return None
    table = icd10()
    mentions = lexicon().find(text, query=False)
    for mention in mentions:
        bare = words(text) - words(mention.surface) - frozenset(["left", "right", "bilateral"])
        code = tables.concept_codes().get(mention.concept)
        if code and not bare:
            exact = table.named(text)
            fits = exact and exact[:3] == code[:3] and table.billable(exact) and (table.open(code) or not table.open(exact))
            return Read(exact, model.NAMED) if exact and fits else Read(staged(code, text), model.CONCEPT)
    code = table.named(text)
    if code is None:
        side = side_of(text)
        code = table.with_words(words(text) - {side, "both"}) if side else None
    return Read(code, model.NAMED) if code and code[0] not in "VWXY" and not under(code, VAGUE) else None


@functools.lru_cache(maxsize=4_096)
def side_of(text: str) -> str:
    """left, right or bilateral, where a name says so."""
    mentions = lexicon().find(text, query=False)
    whole = mentions[0] if mentions else Mention("", 0, len(text), text)
    return laterality(text, whole) or laterality(text, Mention("", 0, len(text), text)) or ""


def specific(code: str, side: str, episode: str, text: str, found: Findings) -> str | None:
    """The billable code: its side, and its 7th character by the episode ("A", "D" or ""); None where one can't be told.

    Whatever stays open is told as a gap.
    """
    table = icd10()
    base = code
    if side and not _says_side(base):
        base = tables.sided().get((base, side)) or table.sided(base, side) or base
    if not table.sevenths(base) and not table.billable(base):
        chosen = _leaf(base)
        if chosen is None:
            ask(base, found, f"{base} is a category; which of its codes applies isn't documented")
            return None
        base = tables.sided().get((chosen, side)) or (table.sided(chosen, side) if side else None) or chosen
    sevenths = table.sevenths(base)
    if sevenths:
        wanted = _seventh(base, set(sevenths.values()), episode, text)
        chosen = next((c for c, letter in sevenths.items() if letter == wanted), None)
        if chosen is None:
            found.gap(
                f"{table.display(base)}: the episode of care isn't documented", base,
                "Was this active treatment, routine care while it heals, or care for a late effect?",
            )  # fmt: skip
            return None
        base = chosen
    if not table.billable(base):
        return None
    if table.open(base):
        ask(base, found)
    return base


def ask(code: str, found: Findings, issue: str = "") -> None:
    """A question about what a code leaves open."""
    table = icd10()
    if not side_known(code):
        found.gap(f"{table.display(code)}: side not documented", code, "Which side is affected, or are both?")
    elif known := tables.question(code):
        found.gap(f"{table.display(code)}: {known[0]} not documented", code, known[1])
    elif issue or table.open(code):
        found.gap(issue or f"{table.display(code)}: documentation leaves it unspecified", code,
                  "Is more known of its site, type, cause or stage?")  # fmt: skip


def side_known(code: str) -> bool:
    """Whether a code says its side, or has none to say."""
    table = icd10()
    return _says_side(code) or not (table.has_sides(code) or (code, "left") in tables.sided())


def _says_side(code: str) -> bool:
    return bool(words(icd10().display(code)) & {"left", "right", "bilateral"})


def _leaf(code: str) -> str | None:
    """The billable code that says no more than the category does."""
    table = icd10()
    only = list(dict.fromkeys(_bases(code)))
    if len(only) == 1:
        return only[0]
    rest = f"{code}.9" if len(code) == 3 else f"{code}9"
    if rest in only:
        return rest  # by the classification's own convention: not further specified
    same = [c for c in only if words(table.display(c)) <= words(table.display(code))]
    plain = same or [
        c for c in only if table.open(c) and (words(table.display(c)) & words(table.display(code)))
    ]
    return (
        min(plain, key=lambda c: (-table.display(c).lower().count("unspecified"), len(c), c))
        if plain
        else None
    )


def _bases(code: str) -> list[str]:
    """What of a category is complete but for a 7th character."""
    table = icd10()
    found = []
    for leaf in table.leaves(code):
        base = leaf[:-1].rstrip("X").rstrip(".") if len(leaf) == 8 else leaf
        found.append(base if table.written(base) and table.sevenths(base) else leaf)
    return found


def _seventh(code: str, letters: set[str], episode: str, text: str) -> str:
    """A fracture that isn't said to be open is closed; healing isn't said to be delayed is routine (Guidelines I.C.19.c)."""
    if {"A", "D"} <= letters and under(code, ("S", "T", "M80", "M84")):
        return "" if _OPEN_WOUND.search(text) and "B" in letters else episode
    return "0" if "0" in letters and code.startswith("O") else ""
