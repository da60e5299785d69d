"""Whether the sides of a sentence are those of its evidence."""

from __future__ import annotations

import re

from services.grounding.assertions import Seen
from services.grounding.case import Case
from services.grounding.reading import Reading
from services.grounding.words import GLUE, words_of
from services.knowledge.lexicon import lexicon

_CLAUSE = re.compile(r"[.;\n]|, | but | and the | while | during | after ")


def check_sides(case: Case) -> None:
    """Every left, right and both."""
    for side, start, end in case.reading.sides:
        if _of_name(case, start, end):
            case.good("laterality", start, end, case.everything)
            continue
        near = _anchors(case.reading, start, end)
        shared: list[tuple[int, str]] = []
        everywhere: set[str] = set()
        for source in case.everything:
            for found, a, b in source.reading.sides:
                everywhere.add(found)
                common = near & _anchors(source.reading, a, b)
                # A shared term weighs more than a shared word: "L TKA" is the knee that was replaced.
                weight = sum(3 if ":" in c and not c.startswith("anatomy:") else 1 for c in common)
                shared.append((weight, found))
        # The evidence's side of what shares most with what the sentence says it of.
        most = max((n for n, _ in shared), default=0)
        told = {found for n, found in shared if n == most and n}
        if side in told or (side == "bilateral" and {"left", "right"} <= told):
            case.good("laterality", start, end, case.everything)
        elif (
            side == "bilateral"
            and case.text[start:end].lower() in ("both", "either")
            and "bilateral" not in everywhere | told
            and not told
        ):
            continue  # "both drugs": no side at all
        elif told or side not in everywhere or not near:
            what = (
                f"The evidence says {' and '.join(sorted(told))}."
                if told
                else "The evidence names no such side."
            )
            case.bad("laterality", start, end, what)
        else:
            case.bad("laterality", start, end, f"The evidence does not say “{case.text[start:end]}” of this.")


def _of_name(case: Case, start: int, end: int) -> bool:
    """Whether the side is part of a name that the evidence gives otherwise: "left bundle branch block" of "LBBB"."""
    words = lexicon()
    return any(
        seen.start <= start
        and end <= seen.end
        and case.text[start:end].lower() in words.get(seen.concept).name.lower().split()
        and any(x.concept == seen.concept for s in case.everything for x in s.reading.seen)
        for seen in case.reading.seen
    )


def side_of(reading: Reading, seen: Seen) -> str | None:
    """The side right before a mention, in it, or right behind it ("pain in the right knee")."""
    for side, start, end in reading.sides:
        gap = reading.text[end : seen.start] if end <= seen.start else reading.text[seen.end : start]
        if (seen.start <= start and end <= seen.end) or (len(gap) <= 24 and not _CLAUSE.search(gap)):
            return side
    return None


def _anchors(reading: Reading, start: int, end: int) -> frozenset[str]:
    """What a side is of: words and concepts next to it, those behind it first."""
    text = reading.text
    after = _CLAUSE.split(text[end : end + 60])[0]
    before = _CLAUSE.split(text[max(0, start - 60) : start])[-1]
    words = [w for w in words_of(after) if w.stem not in _NO_ANCHOR][:4]
    words += [w for w in words_of(before) if w.stem not in _NO_ANCHOR][-3:]
    concepts = {
        s.concept
        for s in reading.seen
        if end <= s.start <= end + len(after)
        or start - min(len(before), 16) <= s.end <= start
        or s.start <= start < s.end
    }
    whole = text[start:end].lower()
    spelled = _QUADRANT_WORDS.get(whole, ())
    return frozenset({w.stem for w in words} | concepts | set(spelled))


_SIDE_STEMS = frozenset(w.stem for w in words_of("left right bilateral bilaterally both either side sides"))
# What was found on a side tells sides apart, though it is no claim of its own elsewhere.
_NO_ANCHOR = (GLUE | _SIDE_STEMS) - frozenset(
    w.stem for w in words_of("negative positive normal clear mild moderate severe")
)
_QUADRANT_WORDS = {
    short: tuple(w.stem for w in words_of(long))
    for short, long in {
        "rll": "lower lobe",
        "lll": "lower lobe",
        "rul": "upper lobe",
        "lul": "upper lobe",
        "rml": "middle lobe",
        "ruq": "upper quadrant",
        "luq": "upper quadrant",
        "rlq": "lower quadrant",
        "llq": "lower quadrant",
        "rle": "leg",
        "lle": "leg",
        "rue": "arm",
        "lue": "arm",
    }.items()
}
