"""What an encounter documents, as the page Billing lays it beside the codes, with the words that each code rests on."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester.model import support
from services.bots.billing_code_suggester.schemas import Element, Evidence
from services.bots.billing_code_suggester.supporting import supports
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.console.billing_codes import Codes
from services.console.dates import show_date
from services.errors import FabricError

ELEMENTS = {"problems": "Problems", "data": "Data", "risk": "Risk"}
_GROUPS = (
    ("Problems recorded", ("condition",)), ("Results and vital signs", ("result",)), ("Orders and medicines", ("medication", "order")),
    ("Procedures and vaccines", ("procedure", "immunization")), ("Reports", ("report",)),
)  # fmt: skip
MOST_LINES = 80
Span = tuple[int, int]
Mark = tuple[int, int, frozenset[str]]
"""A stretch of a text, and the codes and elements of the level that rest on it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A note or an entry. `marks` in their order, none in another; an entry that supports does so as a whole."""

    reference: str
    title: str
    date: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Documents:
    """`groups`: title and entries; `cut`: entries that aren't shown, by their group; `elsewhere`: entries of other days, of
    interest for what rests on them alone."""

    notes: tuple[Piece, ...]
    groups: tuple[tuple[str, tuple[Piece, ...]], ...]
    cut: dict[str, int]
    elsewhere: tuple[Piece, ...]


def documents(codes: Codes) -> Documents:
    """With all that any code of the set, or an element of the visit's level, rests on."""
    visit = codes.found.visit
    quoted: dict[str, dict[str, list[str]]] = {}  # by the resource, then by what rests on it
    for each in (*codes.chosen.diagnoses, *(line.code for line in codes.chosen.services), *ELEMENTS):
        for item in evidence(codes, each):
            quoted.setdefault(item.reference, {}).setdefault(each, []).append(item.text)
    notes = tuple(
        Piece(e.reference, e.name, show_date(e.date), text, marks(text, quoted.get(e.reference, {})))
        for e, text in visit.notes
    )
    shown = {n.reference for n in notes}
    groups, cut = [], {}
    for name, kinds in _GROUPS:
        entries = _entries(visit, kinds)
        entries.sort(key=lambda e: e.reference not in quoted)
        if len(entries) > MOST_LINES:
            cut[name] = len(entries) - MOST_LINES
        pieces = tuple(_line(e, quoted.get(e.reference, ())) for e in entries[:MOST_LINES])
        shown |= {p.reference for p in pieces}
        if pieces:
            groups.append((name, pieces))
    elsewhere = tuple(_line(e, quoted[r]) for r in quoted if r not in shown for e in _elsewhere(visit, r))
    return Documents(notes, tuple(groups), cut, elsewhere)


def _entries(visit: Visit, kinds: Sequence[str]) -> list[Entry]:
    """One for each resource: a panel's parts are in its own line."""
    listed = [e for kind in kinds for e in (*visit.of(kind), *visit.near(kind))]
    if "condition" in kinds:
        named = _diagnosed(visit)
        listed += [e for e in visit.chart.entries("condition") if e.reference in named]
    return list({e.reference: e for e in listed if not e.part}.values())


def _diagnosed(visit: Visit) -> set[str]:
    links = [d.get("condition") for d in visit.resource.get("diagnosis") or () if isinstance(d, dict)]
    return {str(link.get("reference")) for link in links if isinstance(link, dict)}


def _elsewhere(visit: Visit, reference: str) -> Iterable[Entry]:
    try:
        entry = visit.chart.entry(reference)
    except FabricError:
        entry = None
    return [entry] if entry and entry.reference != visit.entry.reference else []


def _line(entry: Entry, resting: Iterable[str]) -> Piece:
    text, on = support(entry).text, frozenset(resting)
    return Piece(entry.reference, entry.name, show_date(entry.date), text, ((0, len(text), on),) if on else ())


def evidence(codes: Codes, selected: str) -> list[Evidence]:
    """What a code, or an element of the visit's level, rests on."""
    if selected in ELEMENTS:
        level = codes.output.visit_level
        element: Element | None = getattr(level, selected) if level else None
        return list(element.evidence) if element else []
    listed = (*codes.output.icd10_codes, *codes.output.cpt_codes)
    if all(each.code != selected for each in listed):  # added by hand
        return [Evidence(**dataclasses.asdict(s)) for s in supports(codes.found.visit, selected)] if selected else []
    return [item for each in listed if each.code == selected for item in each.evidence]


def marks(text: str, quoted: Mapping[str, Iterable[str]]) -> tuple[Mark, ...]:
    """`quoted`: words of the text by what rests on them; what rests on the same words shares their marks."""
    found = {each: spans(text, quotes) for each, quotes in quoted.items()}
    borders = sorted({place for each in found.values() for span in each for place in span})
    stretches = (
        (start, end, frozenset(each for each, those in found.items() if any(s <= start and end <= e for s, e in those)))
        for start, end in itertools.pairwise(borders)
    )
    return tuple(stretch for stretch in stretches if stretch[2])


def spans(text: str, quotes: Iterable[str]) -> tuple[Span, ...]:
    """Where a text has the quoted words, however its white space is; sorted, none in another."""
    found: list[Span] = []
    for quote in quotes:
        pattern = r"\s+".join(map(re.escape, quote.split()))
        found += [m.span() for m in re.finditer(pattern, text)] if pattern else []
    kept: list[Span] = []
    for start, end in sorted(set(found), key=lambda s: (s[0], -s[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept)
