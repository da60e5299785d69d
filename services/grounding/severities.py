"""Whether "progressed from moderate to severe" is the course of the evidence."""

from __future__ import annotations

import re

from services.grounding.case import Case
from services.grounding.sources import Source, relation

_SEVERITY = ("none", "trace", "minimal", "mild", "moderate", "severe")
SEVERITIES = re.compile(
    r"\bfrom\s(" + "|".join(_SEVERITY) + r")\b[^.;,]{0,40}?\bto\s(" + "|".join(_SEVERITY) + r")\b",
    re.IGNORECASE,
)


def check_severities(case: Case, word: re.Match[str], kind: str, first: str, last: str) -> None:
    """ "Progressed from moderate to severe": the later is the worse one, and the evidence tells them in this order."""
    worse = _SEVERITY.index(last) > _SEVERITY.index(first)
    what = {
        s.concept for s in case.reading.seen if s.concept.startswith(("problem:", "finding:", "symptom:"))
    }

    def told(said: str) -> list[Source]:
        return [
            source
            for source in case.everything
            if any(
                re.search(rf"\b{said}\b", source.reading.around(seen.start), re.IGNORECASE)
                for seen in source.reading.seen
                if relation(what, seen.concept)
            )
        ]

    in_order = any(a.day and b.day and a.day[0] < b.day[0] for a in told(first) for b in told(last))
    if worse == (kind == "worse") and first != last and in_order:
        case.good("direction", word.start(), word.end(), case.everything, f"from {first} to {last}")
    else:
        text = f"The evidence does not go from {first} to {last}."
        case.bad("direction", word.start(), word.end(), text)
