"""Whether the figures and names of a text are borne out by what the command names as its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from services.commands.rules.model import Rule, Said
from services.commands.schemas import FlagAbnormalResult
from services.commands.situation import Situation
from services.grounding.check import check
from services.grounding.citations import split
from services.grounding.evidence import Evidence
from services.grounding.model import Problem
from services.index.text import render
from services.knowledge.medicines.naming import identify

_SERIOUS = frozenset(["number", "unit", "date", "drug", "negation", "laterality", "direction", "comparison"])
_JUDGED = frozenset(["comparison", "direction"])
_MOST = 20  # pieces of evidence that are read


def _unsupported(s: Situation) -> Iterator[Said]:
    references = [*s.command.named().values()] if isinstance(s.command, FlagAbnormalResult) else []
    references += [e.reference for e in s.command.evidence]
    evidence = [e for n, r in enumerate(dict.fromkeys(references[:_MOST]), start=1) if (e := _read(s, n, r))]
    if not evidence:
        if s.command.kind in s.policy.execute_alone:
            yield Said("warn", "It names no evidence, so its statements were not compared with the record.")
        return
    serious = _SERIOUS if _ranged(s, evidence) else _SERIOUS - _JUDGED
    cited = "".join(f"[{e.number}]" for e in evidence)
    for field, text in s.command.texts().items():
        if field == "dosage":
            continue  # what is to be from now on stands in no evidence
        marked, last = "", 0
        for start, end in split(text):
            sentence = text[start:end].rstrip()
            stop = sentence[-1:] if sentence[-1:] in ".!?" else ""
            marked += f"{text[last:start]}{sentence.removesuffix(stop)} {cited}{stop or '.'}"
            last = start + len(text[start:end].rstrip())
        wrong = [
            p
            for p in check(marked, evidence, as_of=s.chart.as_of).problems
            if p.kind in serious and not _no_matter(s, p)
        ]
        if wrong:
            said = "; ".join(dict.fromkeys(p.message for p in wrong[:3]))
            yield Said(
                "queue",
                f"{field} is not borne out by its evidence: {said}",
                tuple(e.reference for e in evidence),
            )


def _no_matter(s: Situation, problem: Problem) -> bool:
    """Days of a plan ("tomorrow"), and drugs that the patient takes: the record bears those out by itself."""
    if problem.kind == "date":
        return not any(c.isdigit() for c in problem.said)
    named = set(identify([], problem.said).ingredients) if problem.kind == "drug" else set()
    return bool(named) and any(named <= set(m.drug.ingredients) for m in s.medicines)


def _ranged(s: Situation, evidence: list[Evidence]) -> bool:
    """Whether the evidence says itself what is high and what is low. Where it doesn't, that is the flag's to say."""
    found = [s.repository.find(e.reference) for e in evidence]
    return any(f and (f.resource.get("referenceRange") or f.resource.get("interpretation")) for f in found)


def _read(s: Situation, number: int, reference: str) -> Evidence | None:
    stored = s.repository.find(reference)
    rendered = render(stored.resource, s.chart.resolve) if stored else None
    if stored is None or rendered is None:
        return None
    text = "\n".join(chunk.text for chunk in rendered.chunks)
    return Evidence(number, reference, stored.version, rendered.date, text, title=rendered.title)


RULES = (
    Rule("unsupported-statement", "Not borne out", "queue",
         "Figures, units, dates, drugs, sides and negations of a text that the evidence named for it does not hold.", _unsupported),
)  # fmt: skip
