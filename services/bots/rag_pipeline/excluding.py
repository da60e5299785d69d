"""All but one: "besides the flu shots", "which drugs other than metformin", "apart from hypertension"."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from services.bots.rag_pipeline.accounting import unanswered
from services.bots.rag_pipeline.answer import Answer, Statement, absent, joined, listing, number, truth
from services.bots.rag_pipeline.mentions import mentions_in
from services.chart.entry import Entry
from services.chart.naming import closeness
from services.index.features import stems

_BUT = re.compile(
    r",? ?\b(?:besides|other than|apart from|aside from|except(?: for)?|excluding|not counting|not including|in addition to) (?:the |her |his |their |any )?(?P<x>(?:(?!\b(?:which|what|how|does|did|do|is|was|were|has|have|had|in|since|during|before|after|on)\b)[\w /&'-]){3,60}?)(?=\W*$|,|;| (?:which|what|how|does|did|do|is|was|were|has|have|had|in|since|during|before|after|on)\b),? ?",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:which|what|list|how many|any|does|did|has|have|is|are|was|were|show|name|count)\b", re.IGNORECASE)
_STEADY = re.compile(r"\b(?:driving|this|that|one|it|these|those|error)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Excluded:
    """What is to be left out: by concept, else by the stems of its words."""

    said: str
    concepts: tuple[str, ...]
    words: tuple[str, ...]

    def holds(self, entry: Entry) -> bool:
        if self.concepts:
            return any(closeness(entry.own, entry.named, c) for c in self.concepts)
        return bool(self.words) and set(self.words) <= set(stems(entry.name))


def left_out(text: str) -> tuple[str, Excluded | None]:
    """(the question without the phrase, what it excludes; None where it excludes nothing)."""
    found = _BUT.search(text)
    if found is None or not _ASKS.search(text) or _STEADY.fullmatch(found["x"]):
        return text, None
    concepts = tuple(dict.fromkeys(m.concept for m in mentions_in(found["x"])))
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return rest, Excluded(found[0].strip(" ,"), concepts, tuple(stems(found["x"])))


def without(answer: Answer, excluded: Excluded) -> Answer:
    """The answer without what is excluded; no answer where it is neither a list nor a count of entries."""
    kind = (answer.result or {}).get("type")
    if not answer.answered or answer.kind != "computed" or kind not in ("list", "number", "boolean", "text"):
        return unanswered(answer, [excluded.said]) if answer.answered else answer
    if kind == "list":
        kept = [s for s in answer.statements if not (s.sources and all(excluded.holds(x.entry) for x in s.sources))]
        listed = {item.get("source") for item in (answer.result or {}).get("items") or ()}
        entries = [x.entry for s in kept for x in s.sources if x.entry.reference in listed]
        if not entries:
            return absent(f"Nothing is recorded {excluded.said}.", answer.steps, [x for s in answer.statements for x in s.sources][:3])
        return dataclasses.replace(answer, statements=kept, result=listing(entries), steps=[*answer.steps, f"without what is excluded: {excluded.said}"])
    sources = [x for s in answer.statements for x in s.sources]
    if kind == "number" and sources and (answer.result or {}).get("value") == len({x.entry.reference for x in sources}):
        rest = [x for x in sources if not excluded.holds(x.entry)]
        told = f"{len(rest)} {excluded.said}{': ' + joined([x.entry.name for x in rest]) if rest else ''}."
        return dataclasses.replace(answer, statements=[Statement(told, tuple(rest or sources))], result=number(len(rest)))
    rest = [x for x in sources if not excluded.holds(x.entry)]
    if kind == "boolean" and (answer.result or {}).get("value") and rest:
        told = f"Yes, {excluded.said}: {joined(list(dict.fromkeys(x.entry.name for x in rest)))}."
        return dataclasses.replace(answer, statements=[Statement(told, tuple(rest))])
    if kind == "boolean" and (answer.result or {}).get("value") and sources:
        told = f"No, {excluded.said} nothing is recorded."
        return dataclasses.replace(answer, statements=[Statement(told, tuple(sources))], result=truth(False), certainty=0.85)
    if kind == "boolean" and not (answer.result or {}).get("value") and not any(excluded.holds(x.entry) for x in sources):
        return answer
    return unanswered(answer, [excluded.said])
