"""What is asked of a measurement in words that no cue knows: the nearest of some wordings, by the embedded sentence
model. Only taken where it is near and no other meaning is about as near."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Sequence

import numpy as np

from services.bots.rag_pipeline.likeness import model
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.targets import MEASURED
from services.errors import EmbeddingError
from services.grounding.ranges import BETTER
from services.knowledge.lexicon import Mention

_NEAR, _APART = 0.52, 0.05
"""Least likeness, and how much nearer than the wordings of plainly asking for the value."""

# The measurement stands as "value". Written to spread over each meaning, not to hold every turn of phrase.
_WORDINGS = {
    "trend": (
        "how has the value changed over time", "is the value going up or down", "what direction is the value moving",
        "development of the value over the years", "is the value improving or getting worse", "the course of the value",
        "evolution of the value during the stay", "has the value been drifting", "is the value recovering",
        "progress of the value", "how did the value behave", "has the value settled", "the way the value is heading",
    ),
    "highest": ("what was the highest value", "the maximum value ever", "peak value", "how bad did the value get at its worst"),
    "lowest": ("what was the lowest value", "minimum value", "how low did the value get", "bottom value"),
    "mean": ("average value", "mean of the values", "typical value"),
    "value": (
        "what is the value", "latest value", "most recent value", "what did the value come to", "value now",
        "what was the value then", "the value on that day", "give me the value", "value please", "value back yet",
    ),
    "exists": ("was the value ever measured", "is there a value on record", "has the value been checked", "any value"),
    "flag": ("is the value normal", "is the value too high", "is the value abnormal", "is the value okay"),
    "when": ("when was the value measured", "date of the value", "on what day was the value checked"),
    "compare": ("how does the value compare with before", "difference between two values", "is the value higher than last time"),
    "list": ("list all values", "every value", "the values over the year"),
}  # fmt: skip
_PLAIN = ("value", "exists", "flag", "when")
_TAKEN = ("trend", "highest", "lowest", "mean")


@functools.cache
def _known() -> tuple[list[str], np.ndarray]:
    names = [name for name, texts in _WORDINGS.items() for _ in texts]
    texts = [text for wordings in _WORDINGS.values() for text in wordings]
    return names, np.asarray(model().embed(texts))


@functools.lru_cache(maxsize=2048)
def intent(masked: str) -> str:
    """ "trend", "highest", "lowest" or "mean"; "" where the words are not clearly that. `masked`: the question with
    "value" for what is measured. Works without the model too, and then knows nothing."""
    try:
        names, vectors = _known()
        likeness = vectors @ np.asarray(model().embed([masked])[0])
    except EmbeddingError:
        return ""
    best: dict[str, float] = {}
    for name, like in zip(names, likeness, strict=True):
        best[name] = max(best.get(name, 0.0), float(like))
    found = max(best, key=lambda n: best[n])
    plain = max(best[n] for n in _PLAIN)
    return found if found in _TAKEN and best[found] >= _NEAR and best[found] - plain >= _APART else ""


def masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with "value" for the spans."""
    told, at = "", 0
    for start, end in sorted(spans):
        if start >= at:
            told, at = f"{told}{text[at:start]}value", end
    return re.sub(r"\bvalue(?: value)+\b", "value", told + text[at:])


_WORST = re.compile(r"\b(?:worst|poorest)\b", re.IGNORECASE)
_BEST = re.compile(r"\bbest\b(?! (?:treatment|drug|option|choice|medication))", re.IGNORECASE)


def by_worth(text: str, plan: Plan) -> str:
    """The worst saturation is the lowest, the worst HbA1c the highest: where guidance says which way is better."""
    ways = {BETTER[c] for c in plan.target.concepts if c in BETTER}
    worst, best = _WORST.search(text), _BEST.search(text)
    if len(ways) != 1 or bool(worst) == bool(best):
        return ""
    return "highest" if ways.pop() == (1 if best else -1) else "lowest"


def by_meaning(plan: Plan, bare: str, free: list[Mention]) -> None:
    """Where a measurement is asked for in words that nothing was made of, what they ask by their meaning."""
    target = plan.target
    unread = target.words or target.loose
    plain = plan.ask in ("value", "exists", "list", "flag") and not (
        plan.pick or plan.bounds or plan.count or plan.others
    )
    if not (plain and unread and target.kinds[:1] == ("result",) and len(target.concepts) == 1):
        return
    told = re.search(r"\b(?:negative|positive|grow\w*|growth|sensitive|resistant)\b", bare, re.IGNORECASE)
    if told or target.concepts[0].partition(":")[0] not in (*MEASURED, "drug"):
        return
    found = intent(masked(bare, [(m.start, m.end) for m in free if m.concept == target.concepts[0]]))
    if not found:
        return
    plan.ask = "trend" if found == "trend" else "value"
    plan.pick = plan.pick if found == "trend" else found
    plan.target = dataclasses.replace(target, words=(), loose=())
    plan.steps.append(f"read as asking for the {found}")
