"""The terms that a text names, without words that only look like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.knowledge.lexicon import Mention, lexicon

_MEASURED = ("lab:", "vital:")

_GIVEN = ("drug:", "drugclass:", "vaccine:", "substance:")


def told(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Without words that only look like a term, such as a letter before no value."""
    kept = [
        m
        for m in _parts(mentions, text)
        if not (m.surface.lower() in _UNITS and re.search(r"\d\s?$", text[: m.start]))
        and not (m.surface.lower() == "weight" and _BEARING.search(text[max(0, m.start - 16) : m.end + 12]))
        and not (
            len(m.surface) == 1
            and not _SHORTHAND.match(text, m.start)
            and not re.match(r"[\s:=of<>~was]*[\d<>]", text[m.end : m.end + 16])
        )
    ]
    return sorted(kept, key=lambda m: m.start)


# Names that are only the unit of the number before them: "86 bpm" is no heart rate of its own.
_UNITS = frozenset(["bpm"])

_BEARING = re.compile(
    r"\b(?:bear(?:s|ing)?\s(?:full\s|partial\s|any\s)?weight|weight[- ]bear)", re.IGNORECASE
)

_ALLERGY = re.compile(r"\b(?:allerg(?:y|ies|ic)|intoleran(?:ce|t))\b(?: to)?", re.IGNORECASE)

_SHOT = re.compile(r"\s(?:shots?|jabs?|vaccin\w+|immuni[sz]ation|boosters?)\b", re.IGNORECASE)

_LEVEL = re.compile(
    r"(?:high|low|elevated|raised|reduced|decreased|increased|normal|abnormal)\b", re.IGNORECASE
)

_VALUE_AFTER = re.compile(r"\s*(?:count |level |value |result )?(?:of|at|is|was|\(|:)\s*\(?\d")

# Shorthand of notes that the tables don't have: "T 39.2" is a temperature, "T -2.7" a T-score.
_SHORTHAND = re.compile(
    r"(?P<potassium>\bK\b(?= (?:re)?check| hourly| normal| is normal| stable))|\bT\b(?=:?\s+(?:(?P<temperature>3[4-9]|4[0-2]|9[3-9]|10[0-7])(?:\.\d)?\b|(?P<score>[-−]\d\.\d)))"
)


def _parts(mentions: Sequence[Mention], text: str) -> Iterator[Mention]:
    """ "Penicillin allergy" mentions penicillin, and "high potassium of 6" potassium: the rest is checked on its own."""
    for found in _SHORTHAND.finditer(text):
        concept = (
            "lab:potassium"
            if found["potassium"]
            else "vital:body-temperature"
            if found["temperature"]
            else "vital:t-score"
        )
        yield Mention(concept, found.start(), found.end(), found.group())
    for mention in mentions:
        if (shot := _SHOT.match(text, mention.end)) and mention.concept.startswith("problem:"):
            # "The influenza shot" is a vaccine, and no influenza.
            named = [
                m
                for m in lexicon().find(f"{mention.surface} vaccine", query=False)
                if m.concept.startswith("vaccine:")
            ]
            if named:
                end = shot.end()
                yield Mention(named[0].concept, mention.start, end, text[mention.start : end])
                continue
        found = _ALLERGY.search(mention.surface) if mention.concept.endswith("allergy") else None
        if found is None and _VALUE_AFTER.match(text, mention.end) and not measured(mention.concept):
            found = _LEVEL.match(mention.surface)
        if found is None:
            yield mention
            continue
        rest = mention.surface[: found.start()] + " " * len(found.group()) + mention.surface[found.end() :]
        inner = lexicon().find(rest, query=False)
        yield from (
            (
                inner
                and (
                    Mention(m.concept, mention.start + m.start, mention.start + m.end, m.surface)
                    for m in inner
                )
            )
            or (mention,)
        )


def measured(concept: str) -> bool:
    """Whether the concept is something that has values."""
    return concept.startswith(_MEASURED)


def given(concept: str) -> bool:
    """Whether the concept is something that is given in doses, or that one is allergic to."""
    return concept.startswith(_GIVEN)


SKIPPED = ("document:", "specialty:", "encounter:", "anatomy:")
"""Kinds of concepts that are no claim of their own, and are judged by their words."""
