"""Which value sets a code or a name belongs to."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path

from services.knowledge.assertion import asserted
from services.knowledge.lexicon import lexicon
from services.knowledge.preventive.value_sets import short_name, value_sets

Codings = tuple[tuple[str, str], ...]
Sets = frozenset[str]
NONE: Sets = frozenset()

# A name that tells of a thing without its having happened: nothing is concluded from it.
_UNDONE = re.compile(
    r"\b(?:declin\w*|refus\w*|cancel\w*|not (?:done|given|performed|indicated)|overdue|due|order(?:ed)?|referr\w*|discuss\w*"
    r"|plan(?:ned)?|schedul\w*|reminder|recommend\w*|fail\w*|attempted|incomplete)\b",
    re.IGNORECASE,
)
_NO_DIAGNOSIS = re.compile(
    r"\bscreen\w*|\bencounter for\b|\brisk\b|\bfamily history\b|\bsuspect\w*|\brule[ds]? out\b|\bfear\b|\bworried\b"
    r"|\bexposure\b|\bcontact with\b|\bvaccin\w*|\bprophyla\w*|\bcounsel\w*|\btest\b|\bcarrier\b",
    re.IGNORECASE,
)


def concepts_named(text: str, diagnosis: bool = False) -> frozenset[str]:
    """The lexicon's concepts that a name says are there, or were done."""
    if not text or _UNDONE.search(text) or (diagnosis and _NO_DIAGNOSIS.search(text)):
        return NONE
    return asserted(text)


@functools.lru_cache(maxsize=50_000)
def sets_of(kind: str, codings: Codings, text: str, folder: Path | None = None) -> tuple[Sets, Sets]:
    """(published sets, local sets) of what a resource of the type is coded, or else named, as.

    `folder`: of licensed codes, see `value_sets`.
    """
    known = value_sets(folder)
    published, local = _joined([known.of_code(system, code) for system, code in codings])
    systems = {short_name(system) for system, _ in codings}
    if kind == "medication":
        # Products have thousands of codes: what counts is the ingredient, by its code or its name.
        concepts = {
            c
            for system, code in codings
            if short_name(system) == "rxnorm"
            for c in lexicon().by_code("rxnorm", code)
        }
        more = known.of_concepts(concepts | concepts_named(text))
        return published | more[0], local | more[1]
    if published or local:
        return published, local
    if "loinc" in systems:
        concepts = {c for system, code in codings for c in lexicon().by_code(system, code)}
        if kind == "DiagnosticReport":
            concepts |= concepts_named(text)
    elif kind == "Condition":
        concepts = NONE if "icd10cm" in systems else concepts_named(text, diagnosis=True)
    else:
        concepts = concepts_named(text)
    more = known.of_concepts(concepts)
    return NONE, more[0] | more[1]


def _joined(found: Sequence[tuple[Sets, Sets]]) -> tuple[Sets, Sets]:
    published, local = NONE, NONE
    for first, second in found:
        published, local = published | first, local | second
    return published, local
