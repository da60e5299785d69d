"""A text read once: what it mentions and how, its numbers and what they belong to, its dates, its words.

The same reading is made of a sentence that is checked and of the evidence that it cites.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from services.grounding.assertions import Seen, also, assessed, denial, denying, seen_as
from services.grounding.binding import Amount, bind, inner, is_name
from services.grounding.dates import When, find_dates
from services.grounding.figures import find_figures
from services.grounding.longnames import without_long_names
from services.grounding.shorthand import unfolded
from services.grounding.sides import sides
from services.grounding.terms import measured, told
from services.grounding.words import SAME, Word, words_of
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.sentences import sentences


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says."""

    text: str
    bounds: tuple[tuple[int, int], ...]
    seen: tuple[Seen, ...]
    amounts: tuple[Amount, ...]
    dates: tuple[When, ...]
    words: tuple[Word, ...]
    sides: tuple[tuple[str, int, int], ...]

    def sentence_at(self, place: int) -> int:
        """The index of the sentence that a place is in."""
        return max(0, bisect.bisect_right([a for a, _ in self.bounds], place) - 1)

    def around(self, place: int) -> str:
        """The sentence that a place is in."""
        if not self.bounds:
            return self.text
        start, end = self.bounds[self.sentence_at(place)]
        return self.text[start:end]


@functools.lru_cache(maxsize=8192)
def read(text: str, as_of: dt.date | None = None) -> Reading:
    """The reading of a text. Cached, since the same evidence stands behind many sentences."""
    words = lexicon()
    plain = without_long_names(text)
    mentions = told(unfolded(words.find(plain, query=False), plain), plain)
    dates = find_dates(text, as_of)
    named = [
        (m.start, m.end)
        for m in mentions
        if any(c.isdigit() for c in m.surface) and (not measured(m.concept) or is_name(m.surface))
    ]
    ago = [(w.start, w.end) for w in dates if w.relative]
    figures = find_figures(text, [*((w.start, w.end) for w in dates), *named])
    bounds = tuple(sentences(text))
    seen = tuple(also((*(seen_as(text, a) for a in assessed(text, mentions)), *denying(text))))
    seen = tuple(sorted(seen, key=lambda s: s.start))
    return Reading(
        text,
        bounds,
        seen,
        (*bind(text, bounds, seen, figures), *inner(text, bounds, named, ago)),
        tuple(dates),
        tuple(words_of(text)),
        tuple(sides(text)),
    )


def meaning(stem: str) -> str:
    """What a stem is compared under where it is denied: "converted" with "conversion", but not "want" with "prefer"."""
    name = SAME.get(stem, stem)
    return stem if name == SAME[_WANT] else name


_WANT = "want"


@functools.lru_cache(maxsize=4096)
def denials(reading: Reading) -> Mapping[str, tuple[bool | None, ...]]:
    """Of each stem of the text, whether it is plainly denied, plainly not, or neither (None), wherever it stands."""
    places = [Mention("", w.start, w.end, reading.text[w.start : w.end]) for w in reading.words]
    found: dict[str, list[bool | None]] = {}
    for word, assertion in zip(reading.words, assessed(reading.text, places), strict=True):
        found.setdefault(meaning(word.stem), []).append(denial(reading.text, assertion))
    return {k: tuple(v) for k, v in found.items()}


def polarity_at(reading: Reading, start: int, end: int) -> str:
    """What the text says of the words at a place."""
    mention = Mention("", start, end, reading.text[start:end])
    return next(seen_as(reading.text, a).polarity for a in assessed(reading.text, [mention]))
