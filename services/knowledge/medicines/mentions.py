"""Every medicine that a free text names, controlled or not."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.controlled import Controlled, controlled_in
from services.knowledge.medicines.folding import folded


@dataclass(frozen=True, slots=True)
class Named:
    """A medicine where a text names it; `controlled` is None for one that is not scheduled."""

    drug: str
    controlled: Controlled | None
    start: int
    end: int


def mentions(text: str) -> list[Named]:
    """The medicines that a text names, in order and without overlaps; a controlled one stands for what lies in it."""
    found = [Named(c.substance.lower(), c, c.start, c.end) for c in controlled_in(text)]
    starts, count = [n.start for n in found], len(found)
    for mention in lexicon().find(text, query=False):
        if not mention.concept.startswith("drug:"):
            continue
        before = bisect.bisect_left(starts, mention.end) - 1
        if before >= 0 and found[before].end > mention.start:
            continue
        if len(found) > count and found[-1].end > mention.start:
            continue  # the second sense of an ambiguous word
        found.append(Named(lexicon().get(mention.concept).name.lower(), None, mention.start, mention.end))
    return sorted(found, key=lambda n: n.start)


def aligned(text: str) -> str:
    """The text in plain lower case, each character at its place."""
    if text.isascii():
        return text.lower()
    return "".join((folded(c)[0] or " ")[0] for c in text)
