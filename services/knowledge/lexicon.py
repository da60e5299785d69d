"""The clinical lexicon: concepts, their words and codes, and finding them in text.

The tables under `data/` are the project's own wording of published facts; each file's head says from
where. Matching is token based: the longest run of normalised words that is a known term wins, one
dictionary look-up for each word, so the time grows with the text and not with the lexicon.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.knowledge.fitting import fits, joined
from services.knowledge.tables import EVENT, Row, Sense, load_ambiguous, load_rows
from services.knowledge.terms import CACHE, TOKEN, key

DECAY = (1.0, 0.6, 0.4, 0.25, 0.15)
EXPANSION = " [= "  # marks an expanded text, so that expanding twice changes nothing
MAX_EXTRA_WORDS = 40
_WINDOW = 14  # words on each side that may settle an ambiguous abbreviation
_MEASURED = ("lab:", "vital:")
_TO_A_NUMBER = re.compile(
    r"\s+(?:\w+ly\s+|further\s+|again\s+|back\s+)?(?:to|from|by|below|under)\s+(?:about\s+|around\s+|a\s+|only\s+)?\d"
    r"(?![\d.]*[ -]?(?:feet|foot|ft|m|met(?:er|re)s?|steps?|stairs?|floors?|rungs?)\b)"
)
_OF_A_VALUE = re.compile(
    r"\s+(?:in|of)\s+(?:(?:the|his|her|its|their)\s+)?(?P<what>\w[\w-]*(?: [\w-]+){0,3})"
)
_CLAUSE = re.compile(r"[.;:,\n]|\b(?:and|but|when|after|he|she|they|patient|who)\b", re.IGNORECASE)
_SYSTEMS = {
    "icd": "icd10cm",
    "icd10": "icd10cm",
    "icd10cm": "icd10cm",
    "loinc": "loinc",
    "loincorg": "loinc",
    "snomed": "snomed",
    "snomedct": "snomed",
    "sct": "snomed",
    "snomedinfosct": "snomed",
    "rxnorm": "rxnorm",
    "cvx": "cvx",
}


@dataclass(frozen=True, slots=True)
class Concept:
    """One clinical idea and all its names."""

    id: str
    kind: str
    name: str
    synonyms: tuple[str, ...]
    abbreviations: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    broader: tuple[str, ...]
    related: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names a concept."""

    concept: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class _Entry:
    concept: str
    rules: int  # the flags of tables: CASED, STRICT, NUMERIC, LITERAL, EVENT
    surface: str


class Lexicon:
    """Look-up of concepts by words, by code, and by their place in the hierarchy."""

    def __init__(self, rows: Iterable[Row], senses: Mapping[str, tuple[Sense, ...]]) -> None:
        self._concepts: dict[str, Concept] = {}
        self._phrases: dict[str, list[_Entry]] = {}
        self._longest: dict[str, int] = {}
        self._codes: dict[str, dict[str, list[str]]] = {}
        self._children: dict[str, list[str]] = {}
        self._senses = senses
        for row in rows:
            self._add(row)
        self._closures: dict[str, Mapping[str, float]] = {}
        self._narrower: dict[str, frozenset[str]] = {}

    def _add(self, row: Row) -> None:
        if row.id in self._concepts:
            raise ValueError(f"concept {row.id} is defined twice")
        self._concepts[row.id] = Concept(
            row.id,
            row.kind,
            row.name,
            row.synonyms,
            tuple(a for a, _ in row.abbreviations),
            MappingProxyType(row.codes),
            row.broader,
            row.related,
            row.units,
        )
        for term in (row.name, *row.synonyms):
            self._index(term, _Entry(row.id, row.rules, term))
        for term, rules in row.abbreviations:
            self._index(term, _Entry(row.id, rules, term))
        for system, codes in row.codes.items():
            table = self._codes.setdefault(system, {})
            for code in codes:
                table.setdefault(code.replace(".", "") if system == "icd10cm" else code, []).append(row.id)
        for parent in row.broader:
            self._children.setdefault(parent, []).append(row.id)

    def _index(self, term: str, entry: _Entry) -> None:
        phrase = key(term)
        if not phrase:
            return
        entries = self._phrases.setdefault(phrase, [])
        if any(e.concept == entry.concept and (not e.rules or e.surface == entry.surface) for e in entries):
            return
        entries.append(entry)
        first, _, rest = phrase.partition(" ")
        length = 1 + (rest.count(" ") + 1 if rest else 0)
        if length > self._longest.get(first, 0):
            self._longest[first] = length

    # -- text ---------------------------------------------------------------------------------

    def find(self, text: str, *, query: bool | None = None) -> list[Mention]:
        """Concepts named in the text, longest term first, in order and without overlaps.

        An ambiguous term gives one mention for each sense that its context leaves open. In a `query`
        (by default: a short text without capitals) case-sensitive abbreviations match in lower case too.
        """
        if query is None:
            query = len(text) <= 160 and "\n" not in text and text == text.lower()
        cache = CACHE
        spans = [m.span() for m in TOKEN.finditer(text)]
        words = [cache[text[a:b]] for a, b in spans]
        longest, phrases = self._longest, self._phrases
        found: list[Mention] = []
        count = len(words)
        i = 0
        while i < count:
            most = longest.get(words[i])
            if most is None:
                i += 1
                continue
            last = min(most, count - i)
            # Words that punctuation separates are no term ("chest. Pain").
            reach = 1
            while reach < last and joined(text, spans[i + reach - 1][1], spans[i + reach][0]):
                reach += 1
            step = 1
            while reach:
                entries = phrases.get(words[i] if reach == 1 else " ".join(words[i : i + reach]))
                if entries:
                    start, end = spans[i][0], spans[i + reach - 1][1]
                    surface = text[start:end]
                    kept = [
                        e
                        for e in entries
                        if not e.rules
                        or (e.rules == EVENT and not self._tells_a_value(text, start, end, found))
                        or (e.rules != EVENT and fits(e.rules, e.surface, surface, text, end, query))
                    ]
                    if kept:
                        if len(kept) > 1 or words[i] in self._senses:
                            kept = self._resolve(kept, words, i, reach)
                        senses = dict.fromkeys(e.concept for e in kept)
                        found.extend(Mention(c, start, end, surface) for c in senses)
                        if kept:
                            step = reach
                            break
                reach -= 1
            i += step
        return found

    def _tells_a_value(self, text: str, start: int, end: int, before: list[Mention]) -> bool:
        """Whether a word of change ("fell") is said of a value: it stands between numbers or by a measurement."""
        if _TO_A_NUMBER.match(text, end):
            return True
        if before and before[-1].concept.startswith(_MEASURED):
            gap = text[before[-1].end : start]
            if len(gap) <= 40 and not _CLAUSE.search(gap):
                return True
        of = _OF_A_VALUE.match(text, end)
        named = self.find(of["what"], query=False) if of else []
        return bool(named) and named[0].start == 0 and named[0].concept.startswith(_MEASURED)

    def _resolve(self, entries: list[_Entry], words: list[str], at: int, length: int) -> list[_Entry]:
        senses = self._senses.get(" ".join(words[at : at + length]))
        if not senses:
            return entries
        # The nearest word that speaks for a sense decides; more of them break a tie.
        near: dict[str, int] = {}
        for distance in range(_WINDOW, 0, -1):
            for place in (at - distance, at + length - 1 + distance):
                if 0 <= place < len(words):
                    near[words[place]] = distance
        scores: dict[str, tuple[float, int]] = {}
        for sense in senses:
            hits = [near[w] for w in sense.context if w in near]
            if hits:
                scores[sense.concept] = (1 / min(hits), len(hits))
        if scores:
            best = max(scores.values())
            return [e for e in entries if scores.get(e.concept) == best]
        defaults = {s.concept for s in senses if s.default}
        listed = {s.concept for s in senses}
        return [e for e in entries if e.concept in defaults or e.concept not in listed] or entries

    def expand(self, text: str, *, query: bool | None = None, concepts: Iterable[str] | None = None) -> str:
        """The text with the preferred names of what it mentions appended once, for embedding.

        `concepts`: what the text is known to mention, for a caller that has looked already.
        """
        if EXPANSION in text:
            return text
        present = f" {key(text)} "
        extra: list[str] = []
        size = 0
        seen: set[str] = set()
        if concepts is None:
            concepts = (m.concept for m in self.find(text, query=query))
        mentions = list(dict.fromkeys(concepts))
        names = [self._concepts[c].name for c in mentions]
        # A drug's class is what a question often asks for; it comes after all names.
        for concept in mentions:
            if concept.startswith("drug:"):
                names += [self._concepts[p].name for p in self._concepts[concept].broader]
        for name in names:
            norm = _name_key(name)
            length = norm.count(" ") + 1
            if norm in seen or f" {norm} " in present or size + length > MAX_EXTRA_WORDS:
                continue
            seen.add(norm)
            extra.append(name)
            size += length
        return f"{text}{EXPANSION}{'; '.join(extra)}]" if extra else text

    # -- codes and hierarchy --------------------------------------------------------------------

    def by_code(self, system: str, code: str) -> tuple[str, ...]:
        """Concepts of a code; ICD-10-CM by the longest prefix that is known. Takes FHIR system URIs."""
        name = system_name(system)
        table = self._codes.get(name)
        if not table or not code:
            return ()
        code = code.strip()
        if name != "icd10cm":
            if name == "cvx":
                code = code.lstrip("0").zfill(2)
            return tuple(table.get(code, ()))
        compact = code.replace(".", "").upper()
        for size in range(len(compact), 2, -1):
            if hit := table.get(compact[:size]):
                return tuple(hit)
        return ()

    def closure(self, concept_id: str) -> Mapping[str, float]:
        """The concept (1.0) and all broader ones, weighted less with each step."""
        known = self._closures.get(concept_id)
        if known is not None:
            return known
        weights: dict[str, float] = {}
        level = [concept_id] if concept_id in self._concepts else []
        depth = 0
        while level:
            weight = DECAY[min(depth, len(DECAY) - 1)]
            fresh = [c for c in level if c not in weights]
            weights.update(dict.fromkeys(fresh, weight))
            level = [p for c in fresh for p in self._concepts[c].broader]
            depth += 1
        result = self._closures[concept_id] = MappingProxyType(weights)
        return result

    def narrower(self, concept_id: str) -> frozenset[str]:
        """All descendants, without the concept itself."""
        known = self._narrower.get(concept_id)
        if known is None:
            reached: set[str] = set()
            level = list(self._children.get(concept_id, ()))
            while level:
                child = level.pop()
                if child not in reached:
                    reached.add(child)
                    level += self._children.get(child, ())
            known = self._narrower[concept_id] = frozenset(reached)
        return known

    def related(self, concept_id: str) -> tuple[str, ...]:
        """Weak links: what is worth seeing along with the concept."""
        concept = self._concepts.get(concept_id)
        return concept.related if concept else ()

    def get(self, concept_id: str) -> Concept:
        """The concept; KeyError when there is none of this id."""
        return self._concepts[concept_id]

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self._concepts

    def __len__(self) -> int:
        return len(self._concepts)

    def concepts(self) -> Iterable[Concept]:
        """All concepts, in the order of the tables."""
        return self._concepts.values()

    def terms(self) -> Mapping[str, tuple[str, ...]]:
        """Each comparable term and the concepts that it may name."""
        return {k: tuple(dict.fromkeys(e.concept for e in v)) for k, v in self._phrases.items()}


_name_key = functools.lru_cache(maxsize=10_000)(key)


@functools.lru_cache(maxsize=1_000)
def system_name(system: str) -> str:
    """The short name of a code system: from a short name, or from a FHIR system URI."""
    short = system.lower().rstrip("/")
    for prefix in ("http://", "https://", "hl7.org/fhir/sid/", "www.nlm.nih.gov/research/umls/"):
        short = short.removeprefix(prefix)
    return _SYSTEMS.get("".join(c for c in short if c.isalnum()), short)


@functools.cache
def lexicon() -> Lexicon:
    """The lexicon of the shipped tables, loaded once."""
    return Lexicon(load_rows(), load_ambiguous())
