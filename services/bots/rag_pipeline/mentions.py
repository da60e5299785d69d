"""The concepts that a question names, laboratory shorthand and adjectives included."""

from __future__ import annotations

import functools
import re

from services.bots.rag_pipeline.plain_words import GENERIC
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.shorthand import find_shorthand
from services.knowledge.spoken import spoken

WEIGHT = {"symptom:weight-gain": "vital:body-weight", "symptom:weight-loss": "vital:body-weight"}


def mentions_in(text: str) -> list[Mention]:
    found: list[Mention] = []
    for mention in spoken().find(text, query=True):
        word = mention.surface.lower()
        if word in (
            "vs",
            "cc",
            "pt",
            "max",
            "min",
            "now",
            "on",
            "or",
            "as",
            "it",
            "am",
            "an",
            "his",
            "has",
            "all",
            "age",
            "did",
        ):
            continue
        if any(m.start == mention.start and m.end == mention.end for m in found):
            continue  # one sense of an ambiguous term is enough to find its entries by; see Target
        found.append(mention)
    found += find_shorthand(text, found)
    found = _turned(text, found)
    if len(found) > 1:  # "ran a temperature"
        found = [m for m in found if m.concept != "social:exercise" or not _RUNS.match(m.surface)]
    for token in re.finditer(
        r"\b(?:kilos?|kilograms?|kgs?|pounds|lbs|lighter|heavier)\b", text, re.IGNORECASE
    ):
        if not any(
            m.concept.startswith(("vital:", "lab:")) or m.concept in WEIGHT for m in found
        ) and re.search(r"gain|los[te]|put on|heav|light|down|up\b|shed|drop", text, re.IGNORECASE):
            found.append(Mention("symptom:weight-gain", *token.span(), token.group()))
    for token in re.finditer(r"\bweigh(?:s|ed)?\b|\b(?:heaviest|lightest)\b", text, re.IGNORECASE):
        if not any(m.start <= token.start() < m.end for m in found):
            found.append(Mention("vital:body-weight", *token.span(), token.group()))
    for token in re.finditer(r"(?<![\w-])[a-z]{7,}(?![\w-])", text):
        word = token.group()
        if (
            word.endswith(("ic", "ive", "otic", "emic"))
            and word not in GENERIC
            and not any(m.start <= token.start() < m.end for m in found)
        ):
            named = _adjectives().get(word[:-2])
            if named:
                found.append(Mention(named, *token.span(), word))
    return sorted(found, key=lambda m: m.start)


_RUNS = re.compile(r"r[ua]n(?:s|ning)?$", re.IGNORECASE)
_NEIGHBOUR = re.compile(r"[ -](?:of )?(?P<word>[a-z]{5,})(?![\w-])", re.IGNORECASE)


def _turned(text: str, found: list[Mention]) -> list[Mention]:
    """With an adjective behind its noun, as other languages have it: "haemoglobin glycated"."""
    turned = []
    for mention in found:
        after = _NEIGHBOUR.match(text, mention.end)
        if after and after["word"].lower() not in GENERIC:
            term = f"{after['word']} {mention.surface}"
            whole = [m for m in lexicon().find(term, query=True) if m.end - m.start == len(term)]
            if whole and not any(
                m.start < after.end() and after.start() < m.end for m in found if m is not mention
            ):
                mention = Mention(
                    whole[0].concept, mention.start, after.end(), text[mention.start : after.end()]
                )
        turned.append(mention)
    return turned


@functools.cache
def _adjectives() -> dict[str, str]:
    """Beginnings of problems' names, so that "osteoporotic" and "hyperlipidemic" are understood."""
    found: dict[str, set[str]] = {}
    for concept in lexicon().concepts():
        if concept.kind == "problem":
            for term in (concept.name, *concept.synonyms):
                if term.isalpha() and len(term) >= 8:
                    for size in range(6, len(term)):
                        found.setdefault(term[:size].lower(), set()).add(concept.id)
    return {k: next(iter(v)) for k, v in found.items() if len(v) == 1}
