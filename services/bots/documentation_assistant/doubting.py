"""The clinician's own words held against the record: what it does not bear out is marked, and stays."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from services.bots.documentation_assistant.model import Line, Section
from services.bots.documentation_assistant.visit import Visit
from services.grounding.check import check
from services.grounding.evidence import Evidence

KINDS = frozenset(["number", "unit", "date", "drug", "laterality"])
_BESIDE = ("condition", "medication", "allergy", "procedure", "appointment", "order")
_MOST = 400
"""Pieces of evidence; the newest are taken."""


def doubted(visit: Visit, note: Sequence[Section]) -> None:
    """Marks in each of the clinician's sentences the numbers, units, dates, drugs and sides that nothing bears out."""
    if not any(line.own for s in note for line in s.lines):
        return
    evidence = _evidence(visit)
    marks = "".join(f"[{a}-{min(a + 49, len(evidence))}]" for a in range(1, len(evidence) + 1, 50)) or "[1]"
    for section in note:
        if section.key == "referral":
            continue
        section.lines = [_marked(line, evidence, marks, visit) if line.own else line for line in section.lines]


def _evidence(visit: Visit) -> list[Evidence]:
    """The visit, what was measured in it, and what is known beside it."""
    entries = [e for e in visit.of("result", "report", "immunization", "encounter") if not e.part]
    entries += visit.chart.entries(*_BESIDE)
    known = {e.reference for e in entries}
    entries += [e for e in visit.chart.entries("result") if not e.part and e.reference not in known]
    found = []
    for entry in entries[:_MOST]:
        rendered = visit.chart.rendered(entry)
        if rendered is not None:
            text = "\n".join(c.text for c in rendered.chunks)
            when = (entry.date or "")[:10] or None
            found.append(Evidence(len(found) + 1, entry.reference, entry.version, when, text, title=entry.name))
    return found


def _marked(line: Line, evidence: list[Evidence], marks: str, visit: Visit) -> Line:
    doubts: dict[str, None] = {}
    for part in filter(str.strip, line.text.splitlines()):
        text = part.rstrip()
        cited = f"{text.rstrip('.;')} {marks}."
        for sentence in check(cited, evidence, as_of=visit.chart.as_of).sentences:
            for problem in sentence.problems:
                said = problem.said.strip()
                if problem.kind in KINDS and (problem.kind not in ("number", "unit") or any(c.isdigit() for c in said)):
                    doubts[f"“{said}”: {problem.message.replace('evidence', 'record')}"] = None
    return dataclasses.replace(line, unsupported=tuple(doubts))
