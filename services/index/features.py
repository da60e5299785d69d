"""What a passage is found by besides its vector: stems, clinical concepts with their polarity, coded values."""

from __future__ import annotations

import functools
import re
import threading
import zlib
from collections.abc import Iterable

import numpy as np
import snowballstemmer

from services.fhir.indexing import fold
from services.index.store import Features
from services.index.text import Fact, Rendered
from services.knowledge.assertion import assess, laterality
from services.knowledge.lexicon import lexicon
from services.knowledge.mnemonics import result_named
from services.knowledge.units import canonical

VERSION = "features-3"  # change it with anything below that changes what is stored

CONCEPT = np.dtype([("concept", "<u4"), ("polarity", "i1"), ("side", "i1"), ("primary", "i1")])
"""One concept of a chunk. `primary`: the resource's own code or title, rather than a mention in prose."""

POLARITIES = ("present", "possible", "historical", "family", "hypothetical", "absent")
SIDES = {None: 0, "left": 1, "right": 2, "bilateral": 3}
_FLAGS = {
    "H": ("flag:high", "flag:abnormal"),
    "HH": ("flag:high", "flag:abnormal", "flag:critical"),
    "HU": ("flag:high", "flag:abnormal", "flag:critical"),
    "L": ("flag:low", "flag:abnormal"),
    "LL": ("flag:low", "flag:abnormal", "flag:critical"),
    "LU": ("flag:low", "flag:abnormal", "flag:critical"),
    "A": ("flag:abnormal",),
    "AA": ("flag:abnormal", "flag:critical"),
    "POS": ("flag:positive",),
    "NEG": ("flag:negative",),
    "N": ("flag:normal",),
}
"""HL7 v3 ObservationInterpretation codes → the words that people search with."""

_WORD = re.compile(r"[a-z0-9]+(?:[.'-][a-z0-9]+)*")
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "hers",
        "him",
        "his",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "she",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "will",
        "with",
        "you",
        "your",
    ]
)
_stemmer = snowballstemmer.stemmer("english")
_stemming = threading.Lock()


def key(name: str) -> int:
    """A concept id or stem as the 32-bit key that the index stores."""
    return zlib.crc32(name.encode())


@functools.lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    with _stemming:  # the stemmer keeps its word in itself
        return _stemmer.stemWord(word)


def stems(text: str) -> list[str]:
    """Lower-case stems of the content words and numbers, in order, accents folded."""
    found = []
    for word in _WORD.findall(fold(text)):
        parts = (
            [word, *re.split(r"[.'-]", word)]
            if not word[0].isdigit() and re.search(r"[.'-]", word)
            else [word]
        )
        found.extend(_stem(p) for p in parts if p and p not in _STOP)
    return found


@functools.lru_cache(maxsize=50_000)
def _code_stems(code: str) -> tuple[str, ...]:
    return tuple(stems(code))


@functools.lru_cache(maxsize=50_000)
def concept_token(concept: str) -> str:
    """A concept as a word of the word index, where no stem can collide with it."""
    return f"zc{key(concept):08x}"


def chunk_features(rendered: Rendered, header: str, text: str, primary: frozenset[str]) -> Features:
    """The features of one passage. `primary` are the concepts of the resource's own codes."""
    words = lexicon()
    mentions = words.find(text)
    records: dict[tuple[int, int, int], int] = {}
    concepts: set[str] = set(primary)
    own = _own_polarity(rendered, text)
    for item in assess(text, mentions):
        mention = item.mention
        concepts.add(mention.concept)
        side = SIDES.get(laterality(text, mention), 0)
        polarity = own if own and mention.concept in primary else item.polarity
        record = (key(mention.concept), POLARITIES.index(polarity), side)
        records[record] = records.get(record, 0) | int(mention.concept in primary)
    mentioned = {r[0] for r in records}
    for concept in primary:
        if key(concept) not in mentioned:
            records[(key(concept), POLARITIES.index(own or "present"), 0)] = 1
    for flag in _flags(rendered):
        concepts.add(flag)
        records[(key(flag), 0, 0)] = 1
    for mention in words.find(header):
        concepts.add(mention.concept)
        records.setdefault((key(mention.concept), 0, 0), 0)
    array = np.array([(*r, p) for r, p in sorted(records.items())], dtype=CONCEPT)
    plain = stems(f"{header} {text}")
    expanded = stems(words.expand(text, concepts=[m.concept for m in mentions]))
    expanded += [s for _, code in rendered.codings for s in _code_stems(code)]
    reached = set(concepts)
    for concept in concepts:
        if not concept.startswith("flag:"):
            reached.update(words.closure(concept))
    terms = " ".join(dict.fromkeys([*plain, *expanded, *sorted(concept_token(c) for c in reached)]))
    hashes = np.array(sorted({key(s) for s in (*plain, *expanded)}), dtype=np.uint32)
    return Features(terms, hashes, array)


def _own_polarity(rendered: Rendered, text: str) -> str | None:
    """What a coded entry says of its own subject: its status decides, not the words around it.

    None for prose. A resolved problem is history, a refuted one is absent; a vaccine that was not given is
    still an entry about that vaccine, and its text says "Not given".
    """
    if rendered.resource_type in ("DocumentReference", "Composition"):
        return None
    status = (rendered.status or "").lower()
    if "refuted" in status:
        return "absent"
    if re.search(r"unconfirmed|provisional|differential", status):
        return "possible"
    if rendered.resource_type == "Condition" and re.search(r"resolved|remission|inactive", status):
        return "historical"
    if _SMOKING & {code for _, code in rendered.codings}:
        if re.search(r"\bnever\b|\bnon-?smoker", text, re.IGNORECASE):
            return "hypothetical"  # asked for "smokers" it comes last, asked for the status it is found
        if re.search(r"\b(?:ex|former|past|quit)\b", text, re.IGNORECASE):
            return "historical"
    return "present"


_SMOKING = frozenset({"72166-2", "11367-0", "39240-7", "96103-9"})
"""LOINC: tobacco smoking status; history of tobacco use; tobacco use status; smoking tobacco status."""


def primary_concepts(rendered: Rendered) -> frozenset[str]:
    """The concepts that the resource itself is about: by its codes, by the short name of a result, else by its title."""
    words = lexicon()
    found = {c for system, code in rendered.codings for c in words.by_code(system, code)}
    if not found:
        found = {short for fact in rendered.facts if (short := result_named(fact.name))}
    if not found:
        found = {m.concept for m in words.find(rendered.title)}
    return frozenset(found)


def _flags(rendered: Rendered) -> Iterable[str]:
    return {flag for fact in rendered.facts for flag in _FLAGS.get(fact.interpretation or "", ())}


def canonical_facts(rendered: Rendered) -> list[tuple[int, float]]:
    """(concept key, value in the concept's canonical unit) of each coded value, and of values told in prose."""
    found = _told(rendered) if rendered.resource_type in ("DocumentReference", "Composition", "DiagnosticReport") else []
    for fact in rendered.facts:
        if fact.comparator:  # "<5" is not known to be above 4, nor to be below 3
            continue
        for concept in fact_concepts(fact):
            converted = canonical(concept, fact.value, fact.unit or "")
            if converted is not None:
                found.append((key(concept), float(converted[0])))
    return sorted(set(found))


_VALUE = re.compile(
    r"^[\s:=(]{0,3}(?:is |was |of |at |now )?(?P<value>\d{1,4}(?:\.\d+)?)(?:/(?P<low>\d{2,3}))?\s?(?P<unit>%|[a-zµμ]+/[a-zL]+)?"
    r"(?!\s?(?:mg|mcg|meq|g|tab|units?|ml|times|x|weeks?|days?|months?|years?)\b|[-./]\d)",
    re.IGNORECASE,
)


def _told(rendered: Rendered) -> list[tuple[int, float]]:
    """Values that stand right behind the name of a measurement in prose: "K 6.7", "BP 186/98"."""
    words = lexicon()
    found = []
    for chunk in rendered.chunks:
        for mention in words.find(chunk.text):
            if not mention.concept.startswith(("lab:", "vital:")):
                continue
            match = _VALUE.match(chunk.text[mention.end : mention.end + 24])
            if not match:
                continue
            value, unit = float(match["value"]), match["unit"]
            if mention.concept == "vital:blood-pressure":
                if match["low"]:
                    found.append((key("vital:systolic-blood-pressure"), value))
                    found.append((key("vital:diastolic-blood-pressure"), float(match["low"])))
                continue
            converted = canonical(mention.concept, value, unit) if unit else (value, "")
            if converted is not None:
                found.append((key(mention.concept), float(converted[0])))
    return found


def fact_concepts(fact: Fact) -> list[str]:
    words = lexicon()
    found = {c for system, code in fact.codings for c in words.by_code(system, code)}
    if not found:
        short = result_named(fact.name)
        found = {short} if short else {m.concept for m in words.find(fact.name)}
    return sorted(c for c in found if c.startswith(("lab:", "vital:", "score:", "finding:")))
