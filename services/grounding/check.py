"""The check of a text against the evidence that it cites, sentence by sentence.

Strict by intent: what can't be borne out is a problem, and a sentence with a problem is not shown. Nothing
in here raises on account of the text or the evidence.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from services.grounding.amounts import check_amounts
from services.grounding.case import Case
from services.grounding.citations import CITATION, parse_citations, split, without_citations
from services.grounding.comparisons import check_levels, check_opposites
from services.grounding.coverage import check_negated_words, check_unknown, check_words
from services.grounding.done import check_done
from services.grounding.evidence import Evidence
from services.grounding.findings import check_findings
from services.grounding.instructions import check_instructions
from services.grounding.laterality import check_sides
from services.grounding.meta import contradicted, is_meta
from services.grounding.model import Checked, Problem, Sentence
from services.grounding.reading import Reading, read
from services.grounding.sources import Source, source_of
from services.grounding.states import check_states
from services.grounding.trends import check_trends
from services.grounding.when import check_dates

_CHECKS = (
    check_amounts,
    check_dates,
    check_findings,
    check_unknown,
    check_negated_words,
    check_sides,
    check_trends,
    check_levels,
    check_opposites,
    check_states,
    check_done,
    check_instructions,
    check_words,
)
_MARKER = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+|[*_`#]+")


def check(
    text: str,
    evidence: Sequence[Evidence],
    *,
    computed: Sequence[Evidence] = (),
    as_of: dt.date | None = None,
) -> Checked:
    """Each sentence of the text, with what is wrong in it.

    A sentence is judged by the evidence that it cites. `computed` is what was reckoned from the record (a
    trend, a count, an age): it bears out numbers without being cited, and may be cited by its number too.
    `as_of` is the day on which "last year" is said; without it such words have to stand in the evidence.
    """
    known = {e.number: e for e in (*computed, *evidence)}
    extra = tuple(source_of(e) for e in computed)
    return Checked(text, tuple(_sentence(text, a, b, known, extra, as_of) for a, b in split(text)))


def _sentence(
    text: str,
    start: int,
    end: int,
    known: dict[int, Evidence],
    computed: tuple[Source, ...],
    as_of: dt.date | None,
) -> Sentence:
    whole = text[start:end]
    cited = parse_citations(whole)
    plain = _MARKER.sub(lambda m: " " * len(m.group()), without_citations(whole))
    reading = read(plain, as_of)
    unknown = [n for n in cited if n not in known]
    if not cited:
        if is_meta(reading):
            return _meta(reading, whole, start, end, (), tuple(source_of(e) for e in known.values()))
        problem = Problem("uncited", whole, start, end, "The sentence cites no evidence.")
        return Sentence(whole, start, end, problems=(problem,))
    if unknown:
        problems = tuple(_unknown(whole, start, n) for n in unknown)
        return Sentence(whole, start, end, cited, problems=problems)
    sources = tuple(source_of(known[n]) for n in cited)
    marks = tuple((m.start(), m.end(), parse_citations(m.group())) for m in CITATION.finditer(whole))
    case = Case(reading, sources, computed, as_of, start, marks)
    if _verbatim(case):
        case.good("quote", 0, len(whole), sources, "quoted")
        return Sentence(whole, start, end, cited, tuple(case.claims))
    if is_meta(reading):
        return _meta(reading, whole, start, end, cited, sources)
    for part in _CHECKS:
        part(case)
    problems = tuple(sorted(case.problems, key=lambda p: p.start))
    return Sentence(whole, start, end, cited, tuple(case.claims), problems)


def _meta(
    reading: Reading, whole: str, start: int, end: int, cited: tuple[int, ...], sources: tuple[Source, ...]
) -> Sentence:
    """A sentence about the record; wrong where it misses what the evidence at hand tells."""
    missed = contradicted(reading, sources)
    problems: tuple[Problem, ...] = ()
    if missed:
        message = f"The evidence does tell of {missed.surface}."
        problems = (Problem("negation", missed.surface, start + missed.start, start + missed.end, message),)
    return Sentence(whole, start, end, cited, problems=problems, meta=True)


def _unknown(whole: str, start: int, number: int) -> Problem:
    at = next((m for m in CITATION.finditer(whole) if number in parse_citations(m.group())), None)
    a, b = at.span() if at else (0, len(whole))
    return Problem("unknown-citation", whole[a:b], start + a, start + b, f"There is no evidence {number}.")


def _verbatim(case: Case) -> bool:
    """Whether the sentence is, word for word, a whole sentence of what it cites, and says out of its context
    what it says there: "Diabetes" under "Family history" is no diabetes."""
    said = _flat(case.text)
    for source in case.sources:
        reading = source.reading
        for low, high in reading.bounds:
            if _flat(reading.text[low:high]) != said:
                continue
            there = {(s.concept, s.polarity) for s in reading.seen if low <= s.start < high}
            if there == {(s.concept, s.polarity) for s in case.reading.seen}:
                return True
    return False


def _flat(text: str) -> str:
    return (
        " ".join(re.sub(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s+|[*_`#]+", " ", text).split()).rstrip(".;: ").strip()
    )
