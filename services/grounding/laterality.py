"""Whether the sides of a sentence are those of its evidence."""

from __future__ import annotations

import re

from services.grounding.assertions import Seen
from services.grounding.case import Case
from services.grounding.matching import match
from services.grounding.reading import Reading
from services.grounding.sources import values_of
from services.grounding.words import GLUE, SAME, words_of
from services.knowledge.lexicon import lexicon

_CLAUSE = re.compile(r"[.;\n]|, | but | and the | while | during | after ")


def check_sides(case: Case) -> None:
    """Every left, right and both."""
    numbered = _beside_numbers(case)
    for side, start, end in case.reading.sides:
        if start in numbered:
            if numbered[start]:
                case.good("laterality", start, end, case.everything)
            else:
                case.bad("laterality", start, end, "The evidence gives the number of the other side.")
            continue
        if _of_name(case, start, end):
            case.good("laterality", start, end, case.everything)
            continue
        pinned = _with_numbers(case, side)
        if pinned == side:
            case.good("laterality", start, end, case.everything)
            continue
        if pinned is not None:
            case.bad("laterality", start, end, f"The evidence says {pinned} of this.")
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
        elif not told and everywhere == {side} and all(s.entry for s in case.everything):
            case.good("laterality", start, end, case.everything)  # one thing, and one side of it
        elif told or side not in everywhere or not near:
            what = (
                f"The evidence says {' and '.join(sorted(told))}."
                if told
                else "The evidence names no such side."
            )
            case.bad("laterality", start, end, what)
        else:
            case.bad("laterality", start, end, f"The evidence does not say “{case.text[start:end]}” of this.")


_BEHIND = re.compile(r"\s*(?:(?:in|on|at|for|of)\s)?(?:the\s)?", re.IGNORECASE)


def _sided(reading: Reading) -> dict[int, tuple[str, int]]:
    """The side that stands right behind a number ("16 on the right", "16 OD"), by where the number starts."""
    found: dict[int, tuple[str, int]] = {}
    for side, start, _ in reading.sides:
        before = [a.figure for a in reading.amounts if a.figure.end <= start and a.figure.kind == "value"]
        if before and _BEHIND.fullmatch(reading.text[before[-1].end : start]):
            found[before[-1].start] = (side, start)
    return found


def _beside_numbers(case: Case) -> dict[int, bool]:
    """Of each side behind a number, by where it stands, whether the evidence puts it behind that number too."""
    mine = _sided(case.reading)
    found_so: dict[int, bool] = {}
    for amount in case.reading.amounts:
        if amount.figure.start not in mine:
            continue
        side, place = mine[amount.figure.start]
        told = {
            found[value.figure.start][0]
            for source in case.everything
            if (found := _sided(source.reading))
            for value in values_of(source)
            if value.figure.start in found
            and match(amount.figure, amount.topics, value) not in ("", "unit", "place")
        }
        if told:
            found_so[place] = side in told
    return found_so


def _with_numbers(case: Case, side: str) -> str | None:
    """The one side, where the evidence tells that side alone in each sentence that has the numbers of a sentence of
    one side: of "the TI-RADS 4 nodule in the left lobe" what is said of a right one."""
    if {s for s, _, _ in case.reading.sides} != {side} or side == "bilateral":
        return None
    numbers = [
        a
        for a in case.reading.amounts
        if a.figure.kind in ("value", "grade") and not a.named and not a.figure.limit
    ]
    held: dict[tuple[int, int], set[float]] = {}
    told: dict[tuple[int, int], set[str]] = {}
    for source in case.everything:
        reading = source.reading
        for value in values_of(source):
            for amount in numbers:
                if match(amount.figure, amount.topics, value) not in ("", "unit", "place"):
                    here = source.number, reading.sentence_at(value.figure.start)
                    held.setdefault(here, set()).add(amount.figure.value)
                    told[here] = {s for s, a, _ in reading.sides if reading.sentence_at(a) == here[1]}
    most = max((len(found) for found in held.values()), default=0)
    closest = [told[here] for here, found in held.items() if len(found) == most and told[here]]
    sides = {"left", "right"}
    return next((s for s in sides if closest and all(found == {s} for found in closest)), None)


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
    spelled = (*_QUADRANT_WORDS.get(whole, ()), *(("eye",) if whole in ("od", "os", "ou") else ()))
    return frozenset({SAME.get(w.stem, w.stem) for w in words} | concepts | set(spelled))


_SIDE_STEMS = frozenset(w.stem for w in words_of("left right bilateral bilaterally both either side sides"))
# What was found on a side tells sides apart, though it is no claim of its own elsewhere.
_NO_ANCHOR = (GLUE | _SIDE_STEMS) - frozenset(
    w.stem for w in words_of("negative positive normal clear mild moderate severe lower upper")
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
        "llsb": "lower sternal border",
        "lusb": "upper sternal border",
        "rusb": "upper sternal border",
        "rlsb": "lower sternal border",
        "lsb": "sternal border",
        "rsb": "sternal border",
    }.items()
}
