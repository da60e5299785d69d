"""Which medicine a code or a name means: ingredients, concepts of the lexicon, and the route told by the name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.knowledge.lexicon import Concept, lexicon
from services.knowledge.medicines import ndc
from services.knowledge.medicines.controlled import controlled_code, controlled_in
from services.knowledge.medicines.folding import folded
from services.knowledge.medicines.schedules import WORD
from services.knowledge.medicines.spelled import Slips
from services.knowledge.medicines.tables import items, rows
from services.knowledge.terms import CACHE, TOKEN, key


@dataclass(frozen=True, slots=True)
class Identified:
    """A medicine as far as it is known."""

    ingredients: tuple[str, ...]
    concepts: tuple[str, ...]
    certain: bool
    route: str
    name: str = ""
    """The name as it was given, for people to read."""


_NO_NAME = frozenset({"drugclass:topical-agent", "drugclass:glaucoma-agent", "drugclass:inhaler"})
"""Classes whose words ("cream", "eye drops") tell a form and no medicine."""

_ROUTES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (route, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for route, words in (
        ("oral", r"\w*mucosal|\w*lingual\w*|buccal"),
        ("ophthalmic", r"ophth\w*|eye|eyes|intraocular|intravitreal"),
        ("otic", r"otic|ear drops?|ears?"),
        ("vaginal", r"vaginal\w*|intravaginal\w*|nuvaring"),
        ("intrauterine", r"intrauterine|iud"),
        ("rectal", r"rectal\w*|suppositor\w+|enema"),
        ("nasal", r"nasal\w*|intranasal\w*|nose|nostril"),
        ("transdermal", r"transdermal|patch|patches|td"),
        (
            "inhaled",
            r"inhal\w*|nebuli\w+|neb|hfa|diskus|respimat|ellipta|handihaler|mdi|metered dose|actuat|puffs?",
        ),
        ("topical", r"topical\w*|cream|ointment|lotion|shampoo|foam|paste|cutaneous|to (?:the )?skin"),
        (
            "parenteral",
            r"inj\w*|iv|im|intravenous\w*|intramuscular\w*|subcut\w*|subq|sc|sq|infusion|auto-?injector|"
            r"syringe|vial|pen|drip|implant|depot|parenteral",
        ),
        (
            "oral",
            r"oral\w*|po|by mouth|tab|tabs|tablets?|cap|caps|capsules?|syrup|elixir|chewable|"
            r"lozenge|dissolving|caplets?|pills?|softgels?",
        ),
        ("topical", r"gel|swab|pads?"),
    )
)
_THROUGH_SKIN = frozenset(
    {"testosterone", "estradiol", "nitroglycerin", "scopolamine", "fentanyl", "oxybutynin"}
)
"""Ingredients whose gels and ointments are meant to reach the blood (FDA labelling)."""

_PLAIN = re.compile(
    r"\b(?:oral|tablets?|tabs?|capsules?|caps?|solution|suspension|extended|release|delayed|injection|injectable|cream|"
    r"ointment|patch|daily|hour|units?|twice|once|with|without|syrup|drops|spray|inhaler|powder|acid|sodium|potassium|"
    r"hydrochloride|sulfate|phosphate|tartrate|maleate|succinate|acetate|citrate|chloride|bitartrate|mesylate|besylate|"
    r"calcium|magnesium|abuse|deterrent|pack|mucosal|auto|injector|metered|dose|actuat|chewable|disintegrating|"
    r"needed|before|after|meals|bedtime|morning|evening|every|hours|weeks|days|medication|medicine|prescription)\b"
)
_SEGMENT = re.compile(r"\s+/\s+|\s+\+\s+")
_STRENGTH = re.compile(r"\s\d[\d.,]*\s?(?:mg|mcg|ug|g|ml|meq|unt|units?|%|actuat|hr)\b.*$", re.IGNORECASE)
_SALT = re.compile(
    r"\s+(?:hydrochloride|hcl|sulfate|phosphate|tartrate|maleate|succinate|acetate|citrate|bitartrate|mesylate|besylate|"
    r"hydrobromide|sodium|potassium|fumarate|monohydrate|dihydrate|trihydrate|calcium)\b.*$",
    re.IGNORECASE,
)


def identify(codings: Sequence[Mapping[str, Any]], text: str) -> Identified:
    """The medicine of a CodeableConcept: what its codes, their displays and its text name, taken together.

    A brand or a combination gives all its ingredients. Where code and text tell different medicines, both are given.
    """
    texts = [text, *(d for c in codings if isinstance(d := c.get("display"), str))]
    codes = [(c.get("system"), c.get("code")) for c in codings]
    known = tuple((s, c) for s, c in codes if isinstance(s, str) and isinstance(c, str))
    texts += ndc.names(known, ndc.imported()) if any("ndc" in s.lower() or s.endswith(".6.69") for s, _ in known) else ()
    return _identified(known, tuple(dict.fromkeys(t for t in texts if t and t.strip())))


@functools.lru_cache(maxsize=8192)
def _identified(codes: tuple[tuple[str, str], ...], texts: tuple[str, ...]) -> Identified:
    """The same few hundred medicines come again in every record."""
    found = _Found()
    for system, code in codes:
        for concept in lexicon().by_code(system, code):
            found.concept(concept)
        if hit := controlled_code(system, code):
            found.ingredient(hit.substance.lower())
    for each in texts:
        _named(each, found)
    ingredients, concepts = found.result()
    return Identified(
        ingredients,
        concepts,
        bool(ingredients or concepts),
        _route(texts, ingredients),
        texts[0] if texts else "",
    )


class _Found:
    """What has been found so far, each once and in order."""

    def __init__(self) -> None:
        self.ingredients: dict[str, None] = {}
        self.concepts: dict[str, None] = {}
        self.classes: dict[str, None] = {}

    def concept(self, concept: str, surface: str = "") -> None:
        """A concept of the lexicon: a class, or a drug with its ingredients."""
        if concept.startswith("drugclass:"):
            if concept not in _NO_NAME:
                self.classes[concept] = None
            return
        if not concept.startswith("drug:"):
            return
        parts = _combinations().get(key(surface)) if surface else None
        if parts is None:
            self.concepts[concept] = None
            parts = ingredients_of(lexicon().get(concept))
        for part in parts:
            self.ingredient(part)

    def ingredient(self, name: str) -> None:
        """An ingredient by its name in lower case, with its concept where the lexicon has one."""
        self.ingredients[name] = None
        if concept := _by_ingredient().get(name):
            self.concepts[concept] = None

    def result(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        concepts = self.concepts or self.classes
        return tuple(self.ingredients), tuple(concepts)


def _named(text: str, found: _Found) -> None:
    """All that one text names."""
    plain = folded(text)[0]
    before = len(found.ingredients) + len(found.classes)
    combined = _combined(plain)
    for mention in lexicon().find(plain, query=True):
        # "estradiol" in "ethinyl estradiol" is no medicine of its own.
        if not any(a < mention.start and mention.end <= b for a, b, _ in combined):
            found.concept(mention.concept, mention.surface)
    for _, _, parts in combined:
        for part in parts:
            found.ingredient(part)
    for hit in controlled_in(text):
        if hit.how == "class":
            found.classes.update(dict.fromkeys(c for c in _class_of(hit.substance)))
        else:
            found.ingredient(hit.substance.lower())
    segments = _SEGMENT.split(plain)
    if len(segments) > 1 and _STRENGTH.search(plain):
        for segment in segments:
            _segment(segment, found)
    if len(found.ingredients) + len(found.classes) == before:
        for word in WORD.findall(_PLAIN.sub(" ", plain)):
            if len(word) >= 6 and (meant := _slips().meant(word)):
                for mention in lexicon().find(meant, query=True):
                    found.concept(mention.concept, mention.surface)


def _segment(segment: str, found: _Found) -> None:
    """One part of a name like "Amoxicillin 250 MG / Clavulanate 125 MG": it is an ingredient, known or not."""
    if any(m.concept.startswith("drug:") for m in lexicon().find(segment, query=True)):
        return
    name = " ".join(_SALT.sub("", _STRENGTH.sub("", f" {segment}")).split())
    if (
        4 <= len(name) <= 40
        and name.replace(" ", "").isalpha()
        and not _combined(name)
        and not controlled_in(name)
    ):
        found.ingredient(name)


def _class_of(name: str) -> Iterable[str]:
    return [m.concept for m in lexicon().find(name, query=True) if m.concept.startswith("drugclass:")]


def _route(texts: Sequence[str], ingredients: Sequence[str]) -> str:
    for text in texts:
        for route, words in _ROUTES:
            if words.search(text):
                if route == "topical" and re.search(r"\boral\b", text, re.IGNORECASE):
                    return "oral"
                if route == "topical" and _THROUGH_SKIN.intersection(ingredients):
                    return "transdermal"
                return route
    return ""


def ingredients_of(concept: Concept) -> tuple[str, ...]:
    """The ingredients of a drug of the lexicon: those of its table line, or those its own name lists."""
    listed = _combinations().get(concept.id)
    if listed is not None:
        return listed
    name = concept.name.lower()
    if concept.id == "drug:" + name.replace(" ", "-").replace("/", "-") and ("-" in name or "/" in name):
        parts = re.split(r"[-/]", name)
        if all(len(p) >= 5 for p in parts):
            return tuple(parts)
    return (name,)


@functools.cache
def _combinations() -> dict[str, tuple[str, ...]]:
    """Ingredients by lexicon id, and by comparable name."""
    return {
        (name if name.startswith("drug:") else key(name)): items(parts)
        for name, parts in rows("combinations", 2)
    }


@functools.cache
def _longest() -> int:
    return max(k.count(" ") + 1 for k in _combinations() if not k.startswith("drug:"))


def _combined(plain: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """(start, end, ingredients) of the names in a text that the table of combinations has."""
    table = _combinations()
    spans = [m.span() for m in TOKEN.finditer(plain)]
    words = [CACHE[plain[a:b]] for a, b in spans]
    named: list[tuple[int, int, tuple[str, ...]]] = []
    at = 0
    while at < len(words):
        for size in range(min(_longest(), len(words) - at), 0, -1):
            if parts := table.get(" ".join(words[at : at + size])):
                named.append((spans[at][0], spans[at + size - 1][1], parts))
                at += size - 1
                break
        at += 1
    return named


@functools.cache
def _by_ingredient() -> dict[str, str]:
    """The lexicon's concept of each single ingredient."""
    table: dict[str, str] = {}
    for concept in lexicon().concepts():
        if concept.kind == "drug" and len(parts := ingredients_of(concept)) == 1:
            table.setdefault(parts[0], concept.id)
    return table


@functools.cache
def _slips() -> Slips:
    generic: set[str] = set()
    brands: set[str] = set()
    standing: set[str] = set()
    for concept in lexicon().concepts():
        words = [{*WORD.findall(folded(t)[0])} for t in (concept.name, *concept.synonyms)]
        if concept.kind == "drug":
            generic |= {w for w in words[0] if len(w) >= 6}
            brands |= {w for group in words[1:] for w in group if len(w) >= 6}
        else:
            standing.update(*words)
    return Slips(generic, brands - generic - standing, standing | generic | brands)
