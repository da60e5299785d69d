"""What plain retrieval without a model can do: the text of the best hit, and the first number in it.

It is told which kind of result is wanted, and which similarity is too low for an answer; the bot is told neither.
"""

from __future__ import annotations

import re
from typing import Any

from benchmarks.answers.gold import Question
from benchmarks.answers.judge import Output
from benchmarks.answers.people import People
from services.bots.context import Context
from services.bots.semantic_search.handler import handle

FLOOR = 0.4
"""Below this similarity it has no answer; set on the dev questions, where it made the fewest mistakes."""

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.]*\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Baseline:
    def __init__(self, context: Context, people: People) -> None:
        self._context, self._people = context, people

    def answer(self, question: Question) -> Output:
        kind = question.gold.results[0].kind if question.gold.results else "text"
        found = handle(
            self._context,
            {
                "query": question.text,
                "patientId": self._people.ids[question.patient],
                "asOf": question.as_of,
                "includeSnippets": True,
                "limit": 10 if kind in ("list", "trend", "comparison", "summary") else 1,
            },
        ).wire()
        hits: list[dict[str, Any]] = found["results"]
        if not hits or hits[0]["similarity"] < FLOOR:
            return {"answered": False, "confidence": hits[0]["similarity"] if hits else 0.0}
        sources = [f"{h['resourceType']}/{h['resourceId']}" for h in hits]
        return {
            "answered": True,
            "answer": "\n".join(h.get("matchedText", "") for h in hits),
            "confidence": hits[0]["similarity"],
            "citations": [{"source": s} for s in sources],
            "result": _result(kind, hits, sources),
        }


def _result(kind: str, hits: list[dict[str, Any]], sources: list[str]) -> dict[str, Any]:
    text = hits[0].get("matchedText", "")
    match kind:
        case "number":
            number, unit = _quantity(text)
            return {"type": kind, "value": number, "unit": unit}
        case "date":
            stated = _DATE.search(text)
            return {"type": kind, "value": (hits[0].get("date") or (stated[0] if stated else ""))[:10]}
        case "boolean":
            return {"type": kind, "value": True}
        case "list":
            return {"type": kind, "value": [], "items": [{"source": s} for s in sources]}
        case "trend" | "comparison":
            ordered = sorted((h for h in hits), key=lambda h: h.get("date") or "")
            ends = [_quantity(h.get("matchedText", "")) for h in (ordered[0], ordered[-1])]
            first, last = ({"value": value} for value, _unit in ends)
            names = ("first", "last" if kind == "trend" else "second")
            return {"type": kind, "value": dict(zip(names, (first, last), strict=True)), "unit": ends[1][1]}
    return {"type": kind, "value": text}


def _quantity(text: str) -> tuple[float | None, str | None]:
    """The first number that stands alone, and the word after it."""
    found = _NUMBER.search(text)
    if not found:
        return None, None
    unit = re.match(r"\s*([^\s,;()]+)", text[found.end() :])
    return float(found[0]), unit[1] if unit else None
