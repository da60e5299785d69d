"""Mistyped words of a question to the record, and how they were read."""

from __future__ import annotations

import functools

from services.bots.rag_pipeline import categories, cues
from services.knowledge.spelling import Speller
from services.knowledge.time_words import MONTHS


@functools.cache
def _speller() -> Speller:
    return Speller(cues.GENERIC, {*MONTHS, "between", "compare", "versus", *categories.spoken()})


def corrected(text: str, known: frozenset[str] = frozenset()) -> tuple[str, list[str]]:
    """The text with mistyped words put right, and what was read as what. `known`: further words that stand."""
    text, slips = _speller().corrected(text, known)
    return text, [f"read “{written}” as “{read}”" for written, read in slips]
