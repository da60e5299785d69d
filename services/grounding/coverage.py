"""Whether the words of a sentence that no table knows are those of its evidence."""

from __future__ import annotations

import re

from services.grounding.case import Case
from services.grounding.comparisons import LEVEL
from services.grounding.courses import COURSE, STEADILY
from services.grounding.reading import denials, meaning
from services.grounding.terms import SKIPPED
from services.grounding.words import DISEASE_LIKE, DRUG_LIKE, GLUE, SAME
from services.knowledge.unit_names import normalise_unit

NOVEL_SHARE = 0.5
"""How many words that the evidence doesn't have a sentence may add for each that it has."""

NOVEL_FREE = 1
"""And how many besides, where anything of the sentence is borne out."""

# Behind these stands what is given, whether or not a table has it.
_GIVEN_BEFORE = re.compile(
    r"\b(?:stop(?:ped)?|start(?:ed)?(?: on)?|takes|taking|prescribed|treated with|switched to|allergic to|receiv(?:es|ed|ing)|given)\s+$",
    re.IGNORECASE,
)


def check_words(case: Case) -> None:
    """What no table knows is judged by its words: most of them have to be in the evidence."""
    known = frozenset().union(*(s.stems() for s in case.everything)) if case.everything else frozenset()
    known |= {SAME[s] for s in known if s in SAME}
    hits, novel = 0, []
    judged = [m.span() for pattern in (COURSE, STEADILY, LEVEL) for m in pattern.finditer(case.text)]
    for word in case.reading.words:
        if any(a.figure.start <= word.start < a.figure.end for a in case.reading.amounts) or any(
            d.start <= word.start < d.end for d in case.reading.dates
        ):
            continue
        if (
            word.stem in GLUE
            or any(a <= word.start < b for a, b in judged)
            or len(word.stem) < 2
            or word.stem.isdigit()
            or _of_unit(case.text, word.start, word.end)
        ):
            continue
        inside = any(
            s.start <= word.start < s.end and not s.concept.startswith(SKIPPED) for s in case.reading.seen
        )
        if word.stem in known or SAME.get(word.stem) in known:
            hits += 1
        elif inside:
            hits += 1  # judged as a concept
        elif not any(
            a <= word.start < b for _, a, b in case.reading.sides
        ):  # a side is judged as one: "R" is right
            novel.append(word)
    if novel and len(novel) > hits * NOVEL_SHARE + NOVEL_FREE * bool(hits or case.claims):
        first = novel[0]
        words = ", ".join(case.text[w.start : w.end] for w in novel[:6])
        case.bad("unsupported", first.start, novel[-1].end, f"Not in the evidence: {words}.")
    elif not case.claims and not hits and not novel:
        case.bad("unsupported", 0, len(case.text), "Nothing of it is in the evidence.")


def _of_unit(text: str, start: int, end: int) -> bool:
    """Whether the word is part of a unit that stands alone: "in mmol/mol"."""
    return (
        "/" in (text[start - 1 : start], text[end : end + 1])
        and normalise_unit(
            text[start : end + 8].split()[0].strip(".,;:()")
            if text[end : end + 1] == "/"
            else text[:end].split()[-1]
        )
        is not None
    )


def check_negated_words(case: Case) -> None:
    """Words outside the tables that are denied in the sentence or in the evidence, but not in both."""
    mine = denials(case.reading)
    for word in case.reading.words:
        text = case.text[word.start : word.end]
        if (
            word.stem in GLUE
            or len(word.stem) < 4
            or not text.isalpha()
            or any(a <= word.start < b for _, a, b in case.reading.sides)
            or any(s.start <= word.start < s.end for s in case.reading.seen)
        ):
            continue
        name = meaning(word.stem)
        told = [denied for s in case.everything for denied in denials(s.reading).get(name, ())]
        if told and any(d is True for d in mine[name]) and all(d is False for d in told):
            case.bad("negation", word.start, word.end, f"The evidence does not deny “{text}”.")
        elif told and all(told) and all(d is False for d in mine[name]):
            case.bad("negation", word.start, word.end, f"The evidence denies “{text}”.")


def check_unknown(case: Case) -> None:
    """Words that look like a drug or a disease but are in no table have to be in the evidence as such."""
    for word in case.reading.words:
        if any(s.start <= word.start and word.end <= s.end for s in case.reading.seen):
            continue
        text = case.text[word.start : word.end]
        if len(text) < 5 or word.stem in GLUE:
            continue
        kind = "drug" if DRUG_LIKE.fullmatch(text) or _GIVEN_BEFORE.search(case.text[: word.start]) else ""
        kind = kind or ("finding" if DISEASE_LIKE.fullmatch(text) else "")
        if kind and not any(word.stem in s.stems() for s in case.everything):
            case.bad(kind, word.start, word.end, f"{text} is not in the evidence.")
