"""A number that a note gives right behind what was asked for: "NIHSS 8", "closest 9 mm"."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import Answer, Statement, number, words
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import Quote, quoted
from services.knowledge.lexicon import lexicon

_NUMBER_AFTER = re.compile(
    r"[\s:=(]*(?:(?:is|was|of|at|now|level|score|total|about|approximately|around|~|value|x)[\s:=]*)*(\d{1,4}(?:,\d{3})*(?:\.\d+)?)(?:\s?/\s?\d+)?\s?([%A-Za-zµ/]+(?:/[A-Za-z0-9.]+)?)?"
)
_UNIT_WORDS = frozenset(
    [
        "mm",
        "cm",
        "kg",
        "g",
        "mg",
        "%",
        "l",
        "ml",
        "mmhg",
        "years",
        "year",
        "months",
        "weeks",
        "days",
        "l/min",
        "mg/dl",
        "mmol/l",
        "kg/m2",
        "pg/ml",
        "ng/ml",
        "u/l",
        "points",
        "pillows",
    ]
)


_MEASURES = frozenset(["mm", "cm", "%", "mg/dl", "mmol/l", "mmhg"])


@functools.lru_cache(maxsize=512)
def _said_as(label: str, concepts: tuple[str, ...]) -> re.Pattern[str]:
    """What was asked for by the words asked with, and by every name of its concept."""
    known = lexicon()
    terms = [label]
    for concept in concepts:
        if concept in known:
            found = known.get(concept)
            terms += [found.name, *found.synonyms, *found.abbreviations]
    spelled = sorted({r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", term))) for term in terms if term}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)


_TO_COME = re.compile(r"\b(?:follow[- ]?up|plan(?:ned)?|recommend\w*|advis\w*|arranged|next step)", re.IGNORECASE)


def figure_told(plan: Plan, own: Sequence[Quote]) -> Answer | None:
    """A number that stands right behind what was asked for: "NIHSS 8", "closest 9 mm"."""
    if plan.yes_no or plan.ask not in ("list", "value", "count", "age_at") or not plan.target.label or _TO_COME.search(plan.question.text):
        return None
    label = _said_as(plan.target.label, plan.target.concepts[:1])
    for quote in own:
        at = label.search(quote.text)
        found = _NUMBER_AFTER.match(quote.text, at.end()) if at else None
        if found is None or re.match(r"\s*:\s*1[.)]\s", quote.text[at.end() :] if at else ""):
            continue  # nothing, or the number of the first item below a heading
        if re.match(r"\s?[-–/]\s?\d", quote.text[found.end(1) :]):  # a range or a fraction is told in its words
            return Answer([Statement(quoted(quote), (quote.source(),))], words(quote.text), kind="quoted", certainty=0.7)
        unit = found[2] if found[2] and found[2].lower() in _UNIT_WORDS else "%" if found[2] == "percent" else None
        if plan.ask == "age_at":
            unit = "a"
        elif plan.ask == "count" and unit in _MEASURES:  # how many nodes is not how many millimetres
            return Answer([Statement(quoted(quote), (quote.source(),))], words(quote.text), kind="quoted", certainty=0.7)
        return Answer(
            [Statement(quoted(quote), (quote.source(),))],
            number(float(found[1].replace(",", "")), unit),
            kind="quoted",
            certainty=0.7,
        )
    return None
