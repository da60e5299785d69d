"""What an unread phrase of a question stands for: the concept, or the name in this record, whose wordings it is most
like by the embedded sentence model. Tried only where the words as they stand find nothing, and said in the answer.

Nothing is taken where it is not near, or where another concept is about as near: no answer is better than one about
another thing.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from services.bots.rag_pipeline.leftover import is_generic
from services.bots.rag_pipeline.likeness import model
from services.bots.rag_pipeline.plain_words import GENERIC
from services.bots.rag_pipeline.spans import within
from services.chart.chart import Chart
from services.errors import EmbeddingError
from services.knowledge.spoken import sayings, spoken
from services.knowledge.tables import DATA
from services.knowledge.terms import TOKEN
from services.knowledge.time_words import MONTHS

VECTORS = DATA / "sayings.npz"
NEAR, APART = 0.7, 0.06
"""Least likeness, and how much nearer than any other concept that is not akin."""
_KNOWN_NEAR = 0.78  # where the phrase itself names a problem that the record does not have
_SURE = 0.8  # to answer no: the thing asked about has to be this one
_LONGEST, _MOST = 6, 10  # words of a phrase; phrases looked at
_RECORDED = ("result", "condition", "procedure", "report", "medication", "immunization", "device")
_NAMED = ("result", "condition", "procedure", "report")
_MOST_NAMES = 40
_CLOSED_KINDS = ("lab", "vital", "vaccine", "procedure", "drugclass", "device", "drug", "substance")

# What no phrase begins or ends with.
_EDGES = frozenset(
    """
    a about above after again all also am an and any are as at back be been before being below between both but by can
    could current currently date dates day days did do does doing done during each ever every find first for from gave get
    give given go going got had has have having he her here hers high higher highest him his i if in into is it its just
    last lately latest least less list lowest lower low many may me mean measured mine minimum maximum more most much my
    name new newest next no not now number of off often on once one or other our out over past patient please previous
    recent recently recorded record said say see seen shall she should show since so some still such take taken takes taking
    tell than that the their them then there these they this those to told today too two under until up us was we were what
    when where which while who whom why will with would year years yet you your
    """.split()  # noqa: SIM905
)
_BREAK = re.compile(r"[^\w\s'/-]|\s[-–—]\s|\d{2,}")


@dataclass(frozen=True)
class Reading:
    """The question with `phrase` replaced by `name`; `likeness` of the two."""

    text: str
    phrase: str
    name: str
    likeness: float
    concept: str = ""

    @property
    def sure(self) -> bool:
        return self.likeness >= _SURE


def _key(words: str) -> int:
    """Of a wording as this model sees it."""
    return int.from_bytes(hashlib.sha256(f"{model().version}\n{words}".encode()).digest()[:8], "big")


def build() -> None:
    """Writes the vectors of all wordings, in bytes. To be run after many changes of the lexicon's or the lay words."""
    texts = list(dict.fromkeys(words for _, words in sayings()))
    vectors = model().embed(texts)
    scale = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float32)
    keys = np.array([_key(text) for text in texts], dtype=np.uint64)
    np.savez_compressed(
        VECTORS, keys=keys, scale=scale, vectors=np.round(vectors * 127 / scale).astype(np.int8)
    )


def stored() -> dict[int, np.ndarray]:
    """Vectors by the key of their wording."""
    with np.load(VECTORS) as file:
        vectors = file["vectors"].astype(np.float32) * (file["scale"] / 127)
        return dict(zip((int(k) for k in file["keys"]), vectors, strict=True))


@functools.cache
def _known() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """(vectors, where each concept's begin, concepts). Wordings that are not stored yet are embedded now."""
    known = stored()
    missing = list(dict.fromkeys(words for _, words in sayings() if _key(words) not in known))
    known |= zip(map(_key, missing), model().embed(missing), strict=True)
    vectors = np.stack([known[_key(words)] for _, words in sayings()])
    starts: dict[str, int] = {}
    for at, (concept, _) in enumerate(sayings()):  # which come concept by concept
        starts.setdefault(concept, at)
    return vectors, np.array(list(starts.values())), list(starts)


def load() -> None:
    """What the first phrase would wait for. Raises EmbeddingError."""
    _known()
    model().embed(["warm up"])


_CHANGING = re.compile(r"\b(?:worse\w*|better|improv\w*|increas\w*|decreas\w*|chang\w*|rais\w*|lower\w*|risen|fallen|dropped)\b", re.IGNORECASE)


def readings(chart: Chart, question: str, sought: Collection[str]) -> Iterator[Reading]:
    """Other readings of the question, best first; none where nothing is near enough. `sought`: the concepts that the
    question was read to be about, whose names no phrase replaces or stands beside."""
    phrases = _phrases(question, sought)
    if not phrases:
        return
    try:
        vectors, starts, concepts = _known()
        asked = model().embed([question[a:b] for a, b, _ in phrases])
    except (EmbeddingError, OSError):
        return
    likeness = np.maximum.reduceat(vectors @ asked.T, starts)
    recorded = _recorded(chart)
    names = _unknown_names(chart)
    if names:  # what the record calls things that no concept is known for
        concepts = [*concepts, *names]
        own = np.stack([_vector(name) for name in names])
        likeness = np.vstack([likeness, own @ asked.T])
        recorded |= set(names)
    for size in sorted({n for _, _, n in phrases}, reverse=True):
        found: list[Reading] = []
        for at, (start, end, count) in enumerate(phrases):
            if count != size:
                continue
            phrase = question[start:end]
            if _CHANGING.search(phrase):
                continue  # that a thing got worse is no name of another thing
            told = _nearest(phrase, likeness[:, at], concepts, recorded)
            if told:
                concept, like = told
                name = spoken().get(concept).name if concept in spoken() else concept
                if not _signs(phrase) <= _signs(f"{name} {' '.join(_all_names(concept))}"):
                    continue  # CD8 is no CD4, however like they are
                found.append(
                    Reading(f"{question[:start]}{name}{question[end:]}", phrase, name, like, concept)
                )
        yield from sorted(found, key=lambda r: -r.likeness)[:2]


def _nearest(
    phrase: str, likeness: np.ndarray, concepts: list[str], recorded: frozenset[str]
) -> tuple[str, float] | None:
    """The concept that the phrase is taken for. One that the record has goes before one a little nearer."""
    named = spoken().find(phrase, query=True)
    if any(m.concept.partition(":")[0] in _CLOSED_KINDS for m in named):
        return None  # it is known what is meant, and the record has none
    own = [m.concept for m in named if m.end - m.start == len(phrase)]
    least = _KNOWN_NEAR if own else NEAR
    order = [
        int(i) for i in np.argsort(-likeness)[:12] if likeness[i] >= least - APART and concepts[i] not in own
    ]
    if not order or likeness[order[0]] < least:
        return None
    best = next(
        (i for i in order if concepts[i] in recorded and likeness[i] >= max(least, likeness[order[0]] - 0.1)),
        order[0],
    )
    here = concepts[best] in recorded
    if own and (not here or concepts[best] in spoken()):
        return None  # it is a problem of its own: whoever has prediabetes is not diabetic
    if any(
        _akin(concepts[best], m.concept) or m.concept == concepts[best] for m in named if m.concept not in own
    ):
        return None  # the name of it with words beside, which tell of another thing or time
    for other in order:
        rival = likeness[other] > likeness[best] - APART and (concepts[other] in recorded or not here)
        if other != best and rival and not _akin(concepts[best], concepts[other]):
            return None
    return concepts[best], float(likeness[best])


_SIGN = re.compile(r"(?<!\w)(?=\w*\d)(?=\w*[A-Za-z])\w+|(?<!\w)[A-Z]{2,}(?!\w)")


def _signs(text: str) -> set[str]:
    """What stands for one thing only: letters with digits, and letters that abbreviate."""
    return {m[0].casefold() for m in _SIGN.finditer(text)}


def _all_names(concept: str) -> tuple[str, ...]:
    if concept not in spoken():
        return ()
    known = spoken().get(concept)
    return (*known.synonyms, *known.abbreviations)


@functools.lru_cache(maxsize=4_096)
def _vector(name: str) -> np.ndarray:
    return model().embed([name])[0]


def _unknown_names(chart: Chart) -> list[str]:
    """Names of entries of which no concept is known; none where there are too many to be looked at in passing."""
    found = dict.fromkeys(e.name for kind in _NAMED for e in chart.entries(kind) if e.name and not e.own)
    return list(found) if len(found) <= _MOST_NAMES else []


def _akin(one: str, other: str) -> bool:
    known = spoken()
    if one not in known or other not in known:
        return one.casefold() == other.casefold()
    return (
        other in known.closure(one)
        or one in known.closure(other)
        or other in known.related(one)
        or one in known.related(other)
    )


def _recorded(chart: Chart) -> frozenset[str]:
    """The concepts of what the record holds, and all that they are kinds of."""
    known = spoken()
    own = {c for kind in _RECORDED for e in chart.entries(kind) for c in e.own}
    return frozenset(b for c in own for b in known.closure(c))


def _phrases(question: str, sought: Collection[str]) -> list[tuple[int, int, int]]:
    """(start, end, words of content) of runs of words that may name the thing, longest first.

    Each holds every word of content that is not part of a known name: what stays unread may be what matters.
    """
    tokens = list(TOKEN.finditer(question))
    words = [m.group().lower().removesuffix("'s") for m in tokens]
    known = spoken().find(question, query=True)
    spans = [(m.start, m.end) for m in known]
    about = [(m.start, m.end) for m in known if m.concept in sought]
    content = [
        w not in GENERIC and not is_generic(w) and w not in MONTHS and len(w) > 1 and not w[0].isdigit()
        for w in words
    ]
    unread = [m.span() for m, c in zip(tokens, content, strict=True) if c and not within(*m.span(), spans)]
    found: list[tuple[int, int, int]] = []
    for first in range(len(tokens)):
        if words[first] in _EDGES and words[first] not in ("low", "high"):
            continue
        for last in range(first, min(first + _LONGEST, len(tokens))):
            start, end = tokens[first].start(), tokens[last].end()
            if _BREAK.search(question, start, end):
                break
            if words[last] not in _EDGES and (count := sum(content[first : last + 1])):
                found.append((start, end, count))
    found += _how(question)
    fit = [
        f
        for f in found
        if all(within(*span, [f[:2]]) for span in unread) and all(within(*span, [f[:2]]) for span in about)
    ]
    return sorted(fit, key=lambda f: (-f[2], f[0] - f[1]))[:_MOST]


_HOW = re.compile(r"\bhow (?!many|much|often|long|old|about)\w+ [^,;:?!.]{3,40}", re.IGNORECASE)


def _how(question: str) -> Iterator[tuple[int, int, int]]:
    """ "How hard could he blow": the whole clause names the thing."""
    for match in _HOW.finditer(question):
        yield (*match.span(), 9)


if __name__ == "__main__":
    build()
