"""Whether a text asserts what it mentions: present, absent, possible, family, historical, hypothetical.

Our own implementation of published ideas: NegEx (Chapman et al., J Biomed Inform 2001;34:301-310), where
a cue before or after a term negates it within a scope of the sentence, and ConText (Harkema et al.,
J Biomed Inform 2009;42:839-851), which adds experiencer, time and hypotheticals. Cues are looked up word by
word like the lexicon's terms, so the time grows with the text.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.knowledge.cues import (
    CUES,
    FAMILY_HEADS,
    HISTORY_HEADS,
    LONGEST,
    OTHER_HEADS,
    SECTION,
    Cue,
)
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.sentences import sentences
from services.knowledge.terms import CACHE, TOKEN

__all__ = ["Assertion", "asserted", "assess", "laterality", "sentences"]

PRESENT, ABSENT, POSSIBLE = "present", "absent", "possible"
FAMILY, HISTORICAL, HYPOTHETICAL = "family", "historical", "hypothetical"
# When several cues reach a mention: whose finding it is comes first, then whether it is at all.
_RANK = {FAMILY: 5, ABSENT: 4, HYPOTHETICAL: 3, POSSIBLE: 2, HISTORICAL: 1}
_BEFORE_WORDS = 40  # how far a cue reaches over a list, in words
_AFTER_WORDS = 7
_LONGEST_CUE = max(LONGEST.values())


@dataclass(frozen=True, slots=True)
class Assertion:
    """What the text says of a mention, and the words that say so."""

    mention: Mention
    polarity: str
    cue: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    cue: Cue
    first: int  # index of the first word
    last: int  # index after the last word


@functools.lru_cache(maxsize=20_000)
def asserted(name: str) -> frozenset[str]:
    """The lexicon's concepts that a short text, such as a problem's name, says are there or were."""
    found = assess(name, lexicon().find(name, query=False))
    return frozenset(a.mention.concept for a in found if a.polarity in (PRESENT, HISTORICAL))


def assess(text: str, mentions: Sequence[Mention]) -> list[Assertion]:
    """The assertion of each mention, in the order given."""
    if not mentions:
        return []
    bounds = sentences(text)
    starts = [a for a, _ in bounds]
    heads = _heads(text)
    head_starts = [at for at, _ in heads]
    by_sentence: dict[int, list[int]] = {}
    for number, mention in enumerate(mentions):
        by_sentence.setdefault(bisect.bisect_right(starts, mention.start) - 1, []).append(number)
    results: list[Assertion | None] = [None] * len(mentions)
    for index, numbers in by_sentence.items():
        if index < 0:
            start, end = 0, len(text)
        else:
            start, end = bounds[index]
        ahead = bisect.bisect_right(head_starts, start) - 1
        section = heads[ahead][1] if ahead >= 0 else None
        group = [mentions[n] for n in numbers]
        for n, assertion in zip(numbers, _sentence(text, start, end, group, section), strict=True):
            results[n] = assertion
    return [r or Assertion(m, PRESENT) for r, m in zip(results, mentions, strict=True)]


def _heads(text: str) -> list[tuple[int, str | None]]:
    """Where sections begin, and what a section says of all that stands in it."""
    found: list[tuple[int, str | None]] = []
    for match in SECTION.finditer(text):
        name = " ".join(CACHE[t] for t in TOKEN.findall(match.group("head")))
        if name in FAMILY_HEADS:
            found.append((match.start("head"), FAMILY))
        elif name in HISTORY_HEADS:
            found.append((match.start("head"), HISTORICAL))
        elif name in OTHER_HEADS or match.group("head").isupper():
            found.append((match.start("head"), None))
    return found


def _sentence(
    text: str, start: int, end: int, mentions: Sequence[Mention], section: str | None
) -> list[Assertion]:
    spans = [(m.start() + start, m.end() + start) for m in TOKEN.finditer(text[start:end])]
    words = [CACHE[text[a:b]] for a, b in spans]
    hits = _cues(words)
    hit_starts = [h.first for h in hits]
    word_starts = [a for a, _ in spans]
    stops = _stops(text, spans, hits)
    result = []
    for mention in mentions:
        first = bisect.bisect_left(word_starts, mention.start)
        last = bisect.bisect_left(word_starts, mention.end)
        best: tuple[int, int, str, _Hit] | None = None
        low = bisect.bisect_left(hit_starts, first - _BEFORE_WORDS - _LONGEST_CUE)
        high = bisect.bisect_right(hit_starts, last + _AFTER_WORDS)
        for hit in hits[low:high]:
            if hit.first >= first and hit.last <= last:
                # The cue is part of the term itself ("no known allergies", "history of cancer").
                continue
            polarity = _reach(hit, first, last, stops, text, spans)
            if polarity is None:
                continue
            distance = first - hit.last if hit.last <= first else hit.first - last
            rank = (_RANK[polarity], -distance)
            if best is None or rank > (best[0], best[1]):
                best = (*rank, polarity, hit)
        if best is not None:
            _, _, polarity, hit = best
            a, b = spans[hit.first][0], spans[hit.last - 1][1]
            result.append(Assertion(mention, polarity, text[a:b], a, b))
        elif section is not None:
            result.append(Assertion(mention, section))
        else:
            result.append(Assertion(mention, PRESENT))
    return result


def _cues(words: Sequence[str]) -> list[_Hit]:
    hits: list[_Hit] = []
    i, count = 0, len(words)
    while i < count:
        step = 1
        for size in range(min(LONGEST.get(words[i], 0), count - i), 0, -1):
            cue = CUES.get(" ".join(words[i : i + size]))
            if cue is not None:
                hits.append(_Hit(cue, i, i + size))
                step = size
                break
        i += step
    return hits


def _stops(text: str, spans: Sequence[tuple[int, int]], hits: Sequence[_Hit]) -> list[int]:
    """Word indexes at which a scope ends: "but", "however", a semicolon, a column bar."""
    stops = [h.first for h in hits if h.cue.kind == "stop"]
    for i in range(1, len(spans)):
        gap = text[spans[i - 1][1] : spans[i][0]]
        if ";" in gap or "|" in gap or "•" in gap:
            stops.append(i)
        elif "(" in gap and _REASON.match(text, spans[i][0]):
            stops.append(i)  # "no contrast (hives before)": the reason is no part of what is denied
        elif "," in gap and text[slice(*spans[i])].lower() in ("with", "on"):
            stops.append(i)  # "without headache, with nausea"
    return sorted(stops)


def _reach(
    hit: _Hit,
    first: int,
    last: int,
    stops: Sequence[int],
    text: str,
    spans: Sequence[tuple[int, int]],
) -> str | None:
    """The polarity that the cue gives to words first..last, or None when it doesn't reach them."""
    cue = hit.cue
    if cue.kind in ("stop", "pseudo"):
        return None
    if cue.before and hit.last <= first:
        distance = first - hit.last
        between = stops[bisect.bisect_left(stops, hit.last) : bisect.bisect_right(stops, first)]
        # "Weekly, not daily: taught …" ends at the colon; "Denies: fever, chills" reaches on.
        colon = first > hit.last and ":" in text[spans[hit.last][0] : spans[first][0]]
        comma = (
            cue.bare and "," in text[spans[hit.last - 1][1] : spans[first][0]]
        )  # "fever absent, cough present"
        if distance <= (cue.words or _BEFORE_WORDS) and not between and not colon and not comma:
            return cue.polarity
    if cue.after and hit.first >= last:
        distance = hit.first - last
        between = stops[bisect.bisect_left(stops, last) : bisect.bisect_right(stops, hit.first)]
        gap = text[spans[last - 1][1] : spans[hit.first][0]]
        if between or distance > _AFTER_WORDS or _OTHER_CLAUSE.search(gap):
            return None
        if cue.words and cue.before and _OBJECT.match(text, spans[hit.last - 1][1]):
            return None  # "a CT ruled out embolism": what rules out isn't ruled out
        if not cue.line:
            return cue.polarity
        # "Chest pain: no" says so only when the word stands alone after a colon, a dash or a blank.
        tail = text[spans[hit.last - 1][1] : spans[hit.last - 1][1] + 2].partition("\n")[0].strip()
        led = any(c in gap for c in ":-–=?[(") or (cue.bare and not gap.strip())
        if distance == 0 and led and (not tail or tail[0] in ".,;)]/|" or (cue.bare and "-" in gap)):
            return cue.polarity
    return None


_OBJECT = re.compile(
    r"[ \t]+(?!by\b|with\b|on\b|at\b|in\b|after\b|and\b|but\b|via\b|this\b|today\b|then\b|as\b|when\b|for\b)\w"
)
_REASON = re.compile(
    r"[^()]*\b(?:before|previous(?:ly)?|earlier|because|due to|since|after|caused|last|prior)\b[^()]*\)"
)
_OTHER_CLAUSE = re.compile(
    r"\b(?:once|when|until|while|whereas|if)\b|\b(?:is|was|are|were|has|have|had|present|seen|noted|found)\b[^,]*,",
    re.IGNORECASE,
)
"""Between a term and what looks back on it: "fever was present, cough was absent"."""

_LITRES = re.compile(r"/\s?d?[lL]\b|\b\d+(?:\.\d+)?\s?L\b")
"""The L of mmol/L and of "2 L saline" is no side."""

_SIDES = {
    "left": "left",
    "lt": "left",
    "l": "left",
    "right": "right",
    "rt": "right",
    "r": "right",
    "bilateral": "bilateral",
    "bilaterally": "bilateral",
    "both": "bilateral",
    "b/l": "bilateral",
    "bl": "bilateral",
}


def laterality(text: str, mention: Mention) -> str | None:
    """ "left", "right" or "bilateral", where the words around a mention say so."""
    before = _LITRES.sub(" ", text[max(0, mention.start - 48) : mention.start])
    for cut in (".", ";", "\n"):
        before = before.rpartition(cut)[2] if cut in before else before
    near = [t.group() for t in TOKEN.finditer(before)][-3:]
    inside = TOKEN.findall(mention.surface)
    after = _LITRES.sub(" ", text[mention.end : mention.end + 48])
    for cut in (".", ";", "\n", " but ", " and "):
        after = after.partition(cut)[0]
    behind = TOKEN.findall(after)[:4]
    sides: list[str] = []
    for group, reverse in ((inside, False), (near, True), (behind, False)):
        for word in reversed(group) if reverse else group:
            if len(word) <= 2 and not word.isupper():
                continue
            side = _SIDES.get(word.lower())
            if side and side not in sides:
                sides.append(side)
        if sides:
            break
    if {"left", "right"} <= set(sides) or "bilateral" in sides:
        return "bilateral"
    return sides[0] if sides else None
