"""Controlled substances named in text or by code, under whatever disguise.

Disguises are undone in steps: hidden and look-alike characters (`folding`), letters apart or broken by lines and
hyphens (a walk over the names' beginnings), digits for letters, slips of the pen (`spelled`). A name that is also
an ordinary word counts only where its surroundings speak of a drug.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.knowledge.lexicon import lexicon, system_name
from services.knowledge.medicines.folding import folded
from services.knowledge.medicines.schedules import SCHEDULES, WORD, How, Name, Schedule, names
from services.knowledge.medicines.surroundings import fits
from services.knowledge.medicines.tables import choice, rows


@dataclass(frozen=True, slots=True)
class Controlled:
    """A controlled substance or class, where it stands and under what guise."""

    substance: str
    schedule: Schedule
    surface: str
    start: int
    end: int
    how: How


_HYPHENED = re.compile(r"[-\u2010]\s*\n\s*")
_GAP = 4  # characters between the pieces of a broken name
_RUN = 24  # letters of a name written apart, with slips
_MASKED = re.compile(r"(?<![^\W_])[^\W_]*(?:[@$!|*+(][^\W_]+)+")
_LEAD = re.compile(r"([^\W\d_]{5,})\d+(?:mg|mcg|ml|g)?$")
_DIGITS = [
    str.maketrans("013457892@$!|(+", "oieastbgz" + "asiict"),
    str.maketrans("013457892@$!|(+", "oleastbgz" + "asllct"),
]
_LINK = r"(?:[\s\d./,+&#()-]|\b(?:mg|mcg|ml|and|with|w|hcl|hydrochloride|sulfate|phosphate|ac|vc|plain|oral|tablets?)\b)*"
_PARTNERS: tuple[tuple[str, Schedule, str], ...] = (
    (
        "codeine",
        "III",
        r"acetaminophen|apap|paracetamol|tylenol|aspirin|ibuprofen|butalbital|carisoprodol|caffeine",
    ),
    (
        "codeine",
        "V",
        r"guaifenesin|promethazine|phenergan|chlorpheniramine|pseudoephedrine|robitussin|cough syrup",
    ),
    ("dihydrocodeine", "III", r"acetaminophen|apap|aspirin|caffeine"),
)


def controlled_in(text: str) -> list[Controlled]:
    """Every mention of a controlled substance or class, in the order of the text, without overlaps."""
    plain, places = folded(text)
    found: list[Controlled] = []
    for start, end, name, how in _mentions(plain):
        name = _product(plain, start, end, name)
        a, b = (start, end) if places is None else (places[start], places[end - 1] + 1)
        surface = text[a:b]
        if (
            places is not None
            and how not in ("slang", "misspelling", "spaced")
            and _unaccented(surface) != plain[start:end]
        ):
            how = "look-alike"
        found.append(Controlled(name.substance, name.schedule, surface, a, b, how))
    return found


def _unaccented(surface: str) -> str:
    """In lower case without the accents that other languages write ("diazépam"), which disguise nothing."""
    if surface.isascii():
        return surface.lower()
    return "".join(unicodedata.normalize("NFD", c)[0] for c in surface.lower())


def _mentions(plain: str) -> Iterator[tuple[int, int, Name, How]]:
    spans = [m.span() for m in WORD.finditer(plain)]
    words = [plain[a:b] for a, b in spans]
    masked = {m.start(): m for m in _MASKED.finditer(plain)} if re.search(r"[@$!|*+(]", plain) else {}
    beginnings = names().beginnings
    at = 0
    while at < len(words):
        hit = None
        if words[at] in beginnings or words[at][0] in "0123456789" or (words[at][:-1] in beginnings):
            hit = _walk(plain, spans, words, at)
        if hit is None:
            hit = _alone(plain, spans, words, at, masked)
        if hit is None:
            at += 1
            continue
        last, name, how = hit
        start, end = spans[at][0], spans[last][1]
        if start in masked and masked[start].end() > end and how == "look-alike":
            end = masked[start].end()
        if fits(plain, start, end, name):
            yield start, end, name, how
            at = last + 1
        else:
            at += 1


def _walk(
    plain: str, spans: list[tuple[int, int]], words: list[str], at: int
) -> tuple[int, Name, How] | None:
    """The longest name that the words from `at` on spell, joined."""
    known = names()
    letters, best = "", None
    for last in range(at, len(words)):
        if last > at and spans[last][0] - spans[last - 1][1] > _GAP:
            break
        letters += words[last]
        name = known.by_letters.get(letters)
        if name is None and letters[-1] == "s" and len(letters) > 4 and letters not in known.beginnings:
            name = known.by_letters.get(letters[:-1])
        if name is not None:
            pieces = tuple(words[at : last + 1])
            if len(pieces) == 1 or _same(pieces, name.words):
                best = (last, name, name.how)
            elif _broken(plain, spans, at, last, pieces, name):
                best = (last, name, "spaced")
        if letters not in known.beginnings:
            break
    return best


def _same(pieces: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return pieces == words or (pieces[:-1] == words[:-1] and pieces[-1] == words[-1] + "s")


def _broken(
    plain: str, spans: list[tuple[int, int]], at: int, last: int, pieces: tuple[str, ...], name: Name
) -> bool:
    """Whether pieces of text are one name broken apart, rather than words that happen to stand together."""
    letters = "".join(pieces)
    if name.how not in ("name", "salt", "brand"):
        return False
    if all(len(p) == 1 for p in pieces):
        return len(letters) >= 4
    if name.exact:
        return False
    if len(letters) == 5 and all(_HYPHENED.fullmatch(plain[spans[n][1] : spans[n + 1][0]]) for n in range(at, last)):
        return not name.context
    if len(letters) < 6 or name.context or (len(name.words) > 1 and pieces[0] in name.words):
        return len(name.words) > 1 and not name.context and "".join(name.words) == letters
    gaps = [plain[spans[n][1] : spans[n + 1][0]] for n in range(at, last)]
    return not any(g.strip() and g != g.strip() and "\n" not in g and g.strip() in ".!?;:," for g in gaps)


def _alone(
    plain: str, spans: list[tuple[int, int]], words: list[str], at: int, masked: Mapping[int, re.Match[str]]
) -> tuple[int, Name, How] | None:
    """A single word that means a name: digits for letters, slips, words run together; or letters apart with a slip."""
    by_letters = names().by_letters
    word, (start, end) = words[at], spans[at]
    if match := masked.get(start):
        for table in _DIGITS:
            if (name := _slip(match.group().translate(table).replace("*", ""))) is not None:
                last = at
                while last + 1 < len(spans) and spans[last + 1][1] <= match.end():
                    last += 1
                return last, by_letters[name], "look-alike"
    if len(word) == 1:
        run = at
        while (
            run - at < _RUN
            and run + 1 < len(words)
            and len(words[run + 1]) == 1
            and spans[run + 1][0] - spans[run][1] <= _GAP
        ):
            run += 1
        name = _slip("".join(words[at : run + 1])) if 5 <= run - at < _RUN else None
        return (run, by_letters[name], "spaced") if name else None
    if len(word) < 4:
        return None
    if not word.isalpha():
        if (lead := _LEAD.match(word)) and (name := by_letters.get(lead[1])):
            return at, name, name.how
        for table in _DIGITS:
            letters, meant = sum(map(str.isalpha, word)), word.translate(table)
            name = _slip(meant) if 2 * letters > len(word) or (letters >= 2 and meant in by_letters) else None
            if name and len(meant) >= 5:
                return at, by_letters[name], "look-alike"
        return None
    if name := _slip(word):
        return at, by_letters[name], "misspelling"
    if 11 <= len(word) <= 80 and (name := _inside(word)):
        return at, by_letters[name], "spaced"
    if (
        at + 1 < len(words)
        and spans[at + 1][0] - end == 1
        and plain[end] in "-./_'"
        and len(words[at + 1]) >= 2
    ):
        joined = word + words[at + 1]
        name = _slip(joined) if len(joined) >= 8 and joined.isalpha() else None
        if name and by_letters[name].how == "name":
            return at + 1, by_letters[name], "spaced"
    return None


@functools.lru_cache(maxsize=65536)
def _slip(word: str) -> str | None:
    known = names()
    if word in known.by_letters and not known.by_letters[word].context and len(word) >= 4:
        return word
    return known.slips.meant(word) if word.isalpha() else None


@functools.lru_cache(maxsize=16384)
def _inside(word: str) -> str | None:
    """A name of eight letters or more within a longer word that nobody knows ("startoxycodone")."""
    known = names()
    if known.slips.stands(word) or known.slips.near_another(word):
        return None
    for start in range(len(word) - 7):
        for end in range(min(len(word), start + _RUN), start + 7, -1):
            name = known.by_letters.get(word[start:end])
            if name is not None and not name.context and not name.exact and name.how != "class":
                return word[start:end]
    return None


def _product(plain: str, start: int, end: int, name: Name) -> Name:
    """The name with the schedule of the product, where a second ingredient beside it tells that."""
    for substance, schedule, partners in _PARTNERS:
        if name.substance == substance and name.schedule == "II":
            before = re.search(rf"\b(?:{partners}){_LINK}$", plain[max(0, start - 60) : start])
            if before or re.match(rf"{_LINK}\b(?:{partners})\b", plain[end : end + 60]):
                return replace(name, schedule=schedule)
    return name


@functools.cache
def _codes() -> dict[str, tuple[str, Schedule]]:
    """RxNorm codes: the products of the table, and the lexicon's ingredients that are controlled by themselves."""
    known = names()
    codes: dict[str, tuple[str, Schedule]] = {}
    for code, substance, cell, _ in rows("controlled-products", 4):
        schedule: Schedule = choice(cell, SCHEDULES, f"controlled-products.tsv: {code}")
        codes[code] = (substance, schedule)
    for concept in lexicon().concepts():
        for code in concept.codes.get("rxnorm", ()):
            if own := known.substances.get(concept.name.lower()):
                codes.setdefault(code, (concept.name, own))
    return codes


def controlled_code(system: str, code: str) -> Controlled | None:
    """The controlled substance of an RxNorm code; None for other systems and for what is not known."""
    hit = _codes().get(code.strip()) if system_name(system) == "rxnorm" else None
    return Controlled(hit[0], hit[1], code, 0, len(code), "code") if hit else None


def controlled_identified(codings: Sequence[Mapping[str, Any]], text: str) -> list[Controlled]:
    """The controlled substances of a medication: by its codes, their displays, and its text; each substance once."""
    found: dict[str, Controlled] = {}
    for hit in controlled_in(text):
        found.setdefault(hit.substance, hit)
    for coding in codings:
        display = coding.get("display")
        for hit in controlled_in(display) if isinstance(display, str) else ():
            found.setdefault(hit.substance, hit)
        system, code = coding.get("system"), coding.get("code")
        if isinstance(system, str) and isinstance(code, str) and (hit := controlled_code(system, code)):
            found.setdefault(hit.substance, hit)
    return list(found.values())
