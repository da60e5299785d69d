"""Where in a passage the question's words and concepts stand, for marking them on the screen."""

from __future__ import annotations

import functools
import re

from services.index.features import stems
from services.index.question import Question
from services.knowledge.assertion import assess
from services.knowledge.lexicon import lexicon

Span = tuple[int, int, str]
"""(start, end, "match" | "absent")"""

_WORD = re.compile(r"\w+(?:[.'-]\w+)*")


def highlights(text: str, question: Question) -> list[Span]:
    """Spans in order, without overlaps."""
    words = lexicon()
    wanted: set[str] = set()
    for concept in question.concepts:
        wanted |= {concept, *words.narrower(concept)}
    found: list[Span] = []
    mentions = words.find(text) if wanted else []
    if wanted.isdisjoint(mention.concept for mention in mentions):
        mentions = []
    for item in assess(text, mentions):
        if item.mention.concept in wanted:
            kind = "absent" if item.polarity == "absent" else "match"
            found.append((item.mention.start, item.mention.end, kind))
    terms = {s for term in question.terms for s in _stems(term) if len(s) > 1}
    found += [
        (match.start(), match.end(), "match")
        for match in _WORD.finditer(text)
        if not terms.isdisjoint(_stems(match.group()))
    ]
    merged: list[Span] = []
    for start, end, kind in sorted(found, key=lambda s: (s[0], -s[1])):
        if not merged or start >= merged[-1][1]:
            merged.append((start, end, kind))
    return merged


@functools.lru_cache(maxsize=50_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stems(word))
