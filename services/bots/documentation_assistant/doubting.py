"""The clinician's own words held against the record: what it does not bear out is marked, and stays.

First against what the note itself rests on; what is not there, but elsewhere in the record, is told as an earlier
value. An examination finds new things: there a side counts only where the record says the other one.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from services.bots.documentation_assistant.model import Line, Section
from services.bots.documentation_assistant.visit import Visit
from services.chart.entry import Entry
from services.grounding.check import check
from services.grounding.evidence import Evidence
from services.grounding.model import Problem
from services.knowledge.sentences import sentences

KINDS = frozenset(["number", "unit", "date", "drug", "laterality"])
_BESIDE = ("condition", "allergy", "procedure", "appointment", "order", "encounter")
_REST = ("medication", "result", "report", "immunization")
_MOST = 400
"""Pieces of evidence; the newest are taken."""
_UNMARKED = re.compile(
    r"\d\+$|\d[\d -]*\s*(?:hour|day|week|month|year)s?$|^(?:today|tonight|tomorrow|(?:this|next)\s+\w+)$", re.IGNORECASE
)
"""Grades ("2+"), how long something is to go on, and when it is to be: nothing that a record would hold before."""
_CONTRADICTED = "The evidence says "
"""How the check words a side that the evidence contradicts, and not merely lacks."""


def doubted(visit: Visit, note: Sequence[Section]) -> None:
    """Marks in each of the clinician's sentences the numbers, units, dates, drugs and sides that nothing bears out."""
    if not any(line.own for s in note for line in s.lines):
        return
    close, whole = _evidence(visit, note)
    for section in note:
        if section.key != "referral":
            section.lines = [
                _marked(line, section.key, close, whole, visit) if line.own else line
                for line in section.lines
            ]


def _evidence(visit: Visit, note: Sequence[Section]) -> tuple[list[Evidence], list[Evidence]]:
    """(what the note rests on, with problems, procedures and the like; all of the record)."""
    cited = {r for s in note for line in s.lines for r, _ in line.sources}
    rest = [e for e in visit.chart.entries(*_REST) if not e.part]
    close = [*visit.chart.entries(*_BESIDE), *(e for e in rest if e.reference in cited)]
    return _numbered(visit, close), _numbered(visit, [*close, *(e for e in rest if e.reference not in cited)])


def _numbered(visit: Visit, entries: Sequence[Entry]) -> list[Evidence]:
    found: list[Evidence] = []
    for number, entry in enumerate(sorted(entries, key=lambda e: e.order)[-_MOST:], 1):
        rendered = visit.chart.rendered(entry)
        texts = (
            [c.text for c in rendered.chunks] if rendered else [entry.name, str(entry.extra.get("due") or "")]
        )
        when = (entry.date or "")[:10] or None
        found.append(
            Evidence(number, entry.reference, entry.version, when, "\n".join(texts), title=entry.name)
        )
    return found


def _marked(line: Line, key: str, close: list[Evidence], whole: list[Evidence], visit: Visit) -> Line:
    doubts: dict[str, None] = {}
    for start, end in sentences(line.text):
        missing = list(_problems(line.text[start:end], close, visit))
        elsewhere = list(_problems(line.text[start:end], whole, visit)) if missing else []
        still = {(p.kind, p.said.strip()) for p in elsewhere}
        for problem in missing:
            said = problem.said.strip()
            if _UNMARKED.search(said) or (
                problem.kind == "laterality" and _named(line.text[start:end], problem, close)
            ):
                continue
            if (
                key == "exam"
                and problem.kind == "laterality"
                and not problem.message.startswith(_CONTRADICTED)
            ):
                continue
            known = (problem.kind, said) not in still
            why = "not of this visit; the record has it from another time." if known else problem.message
            doubts[f"“{said}”: {why.replace('evidence', 'record')}"] = None
    return dataclasses.replace(line, unsupported=tuple(doubts))


def _named(text: str, problem: Problem, evidence: Sequence[Evidence]) -> bool:
    """Whether the side and the two words behind it stand so in a piece of evidence: a record may tell of both sides."""
    phrase = " ".join(text[problem.start :].split()[:3]).casefold().rstrip(".,;:")
    return len(phrase.split()) == 3 and any(phrase in e.text.casefold() for e in evidence)


def _problems(text: str, evidence: Sequence[Evidence], visit: Visit) -> Iterator[Problem]:
    """What nothing of the evidence bears out in one sentence, which is made to cite all of it."""
    marks = "".join(f"[{a}-{min(a + 49, len(evidence))}]" for a in range(1, len(evidence) + 1, 50))
    for sentence in check(f"{text.rstrip('.;')} {marks}.", evidence, as_of=visit.chart.as_of).sentences:
        for problem in sentence.problems:
            figures = any(c.isdigit() for c in problem.said)
            if problem.kind in KINDS and (figures or problem.kind not in ("number", "unit")):
                yield problem
