"""Sources for the sentences of a note that names none, such as a command's: each held against the patient's record.

A sentence gets the fewest pieces of the record that bear out all of it by themselves, and none where none do: then it
is marked as the clinician's own words are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.bots.context import Context
from services.bots.documentation_assistant.model import Line
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.drafts.note import Note, is_ours, state_of
from services.grounding.check import check
from services.grounding.evidence import Evidence
from services.grounding.figure import Figure
from services.grounding.model import Sentence
from services.grounding.reading import read
from services.grounding.sources import Source, source_of
from services.grounding.words import GLUE, words_of

_KINDS = (
    "patient", "encounter", "condition", "medication", "allergy", "result", "report", "document", "procedure", "immunization",
    "family", "order", "plan", "appointment",
)  # fmt: skip
_NEAREST = 12
"""Pieces of the record that share most with a sentence, which are tried."""
_MOST = 4
"""Sources of one sentence."""
_LONGEST = 200
"""Sentences that are looked up in one note; the rest names no source."""


def sourced(context: Context, note: Note) -> Note:
    """The note with the sources of each sentence that names none. Raises NotFound or Gone where the patient is not to be
    seen."""
    if note.sourced or note.state != "draft" or not note.patient:
        return note
    today = dt.datetime.now(dt.UTC).date()
    chart = context.charts.open(context.repository, note.patient, today)
    pieces = _pieces(chart, note)
    left = _LONGEST
    sections = []
    for section in note.body.sections:
        lines = []
        for line in section.lines:
            bare = not line.sources and not line.own and not line.absent
            lines.append(_with_sources(line, pieces, today) if bare and left > 0 else line)
            left -= bare
        sections.append(replace(section, lines=lines))
    return replace(note, body=replace(note.body, sections=tuple(sections)))


@dataclass(frozen=True, slots=True)
class _Piece:
    entry: Entry
    source: Source


def _pieces(chart: Chart, note: Note) -> list[_Piece]:
    """The record, the newest first, without this note and without other drafts: none of them is evidence yet."""
    found = []
    for entry in sorted(chart.entries(*_KINDS), key=lambda e: e.order, reverse=True):
        if entry.part or entry.reference == note.stored.reference or _unsigned(entry):
            continue
        rendered = chart.rendered(entry)
        if rendered is None:
            continue
        text = "\n".join(c.text for c in rendered.chunks)
        when = (entry.date or "")[:10] or None
        evidence = Evidence(1, entry.reference, entry.version, when, text, title=entry.name)
        found.append(_Piece(entry, source_of(evidence)))
    return found


def _unsigned(entry: Entry) -> bool:
    return entry.kind == "document" and is_ours(entry.resource) and state_of(entry.resource) != "signed"


def _with_sources(line: Line, pieces: Sequence[_Piece], today: dt.date) -> Line:
    near = _nearest(line.text, pieces)
    for piece in near:
        if _borne_out(line.text, [piece], today):
            return replace(line, sources=((piece.entry.reference, piece.entry.version),))
    whole = _borne_out(line.text, near, today) if len(near) > 1 else None
    chosen = _fewest(whole, near) if whole else []
    if chosen and _borne_out(line.text, chosen, today):
        return replace(line, sources=tuple((p.entry.reference, p.entry.version) for p in chosen))
    return line


def _borne_out(text: str, pieces: Sequence[_Piece], today: dt.date) -> Sentence | None:
    """The sentence as checked against these pieces, where they bear out all of it and it says something clinical."""
    evidence = [replace(p.source.evidence, number=n) for n, p in enumerate(pieces, 1)]
    marks = "".join(f"[{e.number}]" for e in evidence)
    checked = check(f"{text.rstrip('.;: ')} {marks}.", evidence, as_of=today)
    said = checked.sentences
    if len(said) != 1 or not said[0].supported or said[0].meta or not said[0].claims:
        return None
    return said[0]


def _fewest(sentence: Sentence, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Pieces that bear out all claims between them, those of most claims first; none where it takes too many."""
    open_ = [set(c.evidence) for c in sentence.claims if c.evidence]
    chosen: list[int] = []
    while open_ and len(chosen) < _MOST:
        best = max(range(1, len(pieces) + 1), key=lambda n: (sum(n in e for e in open_), -n))
        chosen.append(best)
        open_ = [e for e in open_ if best not in e]
    return [] if open_ else [pieces[n - 1] for n in sorted(chosen)]


def _nearest(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Those that share most words, terms and numbers with the sentence; of equals the newest."""
    said = read(text)
    words = {w.stem for w in words_of(text) if w.stem not in GLUE and len(w.stem) > 1}
    concepts = {s.concept for s in said.seen}
    numbers = _numbers(a.figure for a in said.amounts)
    scored = []
    for place, piece in enumerate(pieces):
        reading = piece.source.reading
        shared = len(words & piece.source.stems()) + len(concepts & {s.concept for s in reading.seen})
        shared += 2 * len(numbers & _numbers(a.figure for a in reading.amounts))
        if shared:
            scored.append((-shared, place))
    return [pieces[place] for _, place in sorted(scored)[:_NEAREST]]


def _numbers(figures: Iterable[Figure]) -> set[float]:
    return {f.value for f in figures if f.kind == "value"}
