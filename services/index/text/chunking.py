"""Documents to chunks: whole sentences and lists of one section, sized for the sentence model.

A chunk is an exact span of the document. Every character that isn't blank is in some chunk, and only the
sentence that neighbouring chunks of one section share is in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.index.text import pieces
from services.index.text.markup import Span
from services.index.text.sections import Section, sections, sentences

MAX_PIECES = 210  # of the text; with a header of at most 40 and the frame, below the model's 256
MAX_WORDS = 180
MAX_CHARS = 1800
MIN_WORDS = 80  # a chunk is not ended below this where the next sentence still fits
TINY_WORDS = 30  # a section below this is joined with its neighbour
MERGED_WORDS = 120
_OVERLAP_PIECES = 45
_CUT_PIECES = 190  # of a part of a sentence: a run cut in two can count for a few pieces more when joined
_SLICE = 80  # characters of one unbroken run that are kept together
_RUN = re.compile(rf"\S{{1,{_SLICE}}}")
_CLAUSE = re.compile(r"[,;:)\]|]$")


@dataclass(slots=True)
class _Unit:
    """A sentence, list item or part of one."""

    start: int
    end: int
    pieces: int
    words: int
    item: bool


@dataclass(slots=True)
class Piece:
    """A span of the document and the headings it is under."""

    start: int
    end: int
    titles: list[str]


def split(text: str, headings: list[Span] | None = None) -> list[Piece]:
    """Spans in order. Linear in the length of the text."""
    found: list[Piece] = []
    sizes: list[tuple[int, int]] = []
    for section in sections(text, headings):
        for piece in _pack(text, section):
            size = _size(text, piece.start, piece.end)
            if found and _mergeable(found[-1], sizes[-1], piece, size):
                found[-1].end = max(found[-1].end, piece.end)
                found[-1].titles += [title for title in piece.titles if title not in found[-1].titles]
                sizes[-1] = _size(text, found[-1].start, found[-1].end)
            else:
                found.append(piece)
                sizes.append(size)
    return found


def _mergeable(left: Piece, left_size: tuple[int, int], right: Piece, right_size: tuple[int, int]) -> bool:
    tiny = min(left_size[1], right_size[1]) < TINY_WORDS
    fits = left_size[0] + right_size[0] <= MAX_PIECES and left_size[1] + right_size[1] <= MERGED_WORDS
    return tiny and fits and max(left.end, right.end) - left.start <= MAX_CHARS


def _size(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return pieces.count(part), len(part.split())


def _pack(text: str, section: Section) -> Iterator[Piece]:
    """The chunks of one section."""
    titles = [section.title] if section.title else []
    current: list[_Unit] = []
    fresh = 0  # units in `current` that aren't overlap

    def piece() -> Piece:
        return Piece(current[0].start, current[-1].end, list(titles))

    for block in _blocks(_units(text, section)):
        full = sum(unit.words for unit in current) >= TINY_WORDS
        if len(block) > 1 and fresh and full and not _fits(current, block) and _fits([], block):
            yield piece()  # the list moves to the next chunk as a whole
            current, fresh = _overlap(current), 0
            if not _fits(current, block):
                current = []
        for unit in block:
            if current and not _fits(current, [unit]):
                if fresh:
                    yield piece()
                    current = _overlap(current)
                if not _fits(current, [unit]):
                    current = []
                fresh = 0
            current.append(unit)
            fresh += 1
    if current and fresh:
        yield piece()


def _fits(current: list[_Unit], more: list[_Unit]) -> bool:
    units = [*current, *more]
    if not units:
        return True
    total = sum(unit.pieces for unit in units)
    words = sum(unit.words for unit in units)
    return total <= MAX_PIECES and words <= MAX_WORDS and units[-1].end - units[0].start <= MAX_CHARS


def _overlap(units: list[_Unit]) -> list[_Unit]:
    """The last sentence, where it is short enough to be said twice and not all there is."""
    if len(units) > 1 and units[-1].pieces <= _OVERLAP_PIECES:
        return [units[-1]]
    return []


def _blocks(units: Iterator[_Unit]) -> Iterator[list[_Unit]]:
    """Sentences singly; the items of a list together, with the line that introduces them."""
    block: list[_Unit] = []
    for unit in units:
        if unit.item:
            block.append(unit)
            continue
        if block:
            yield block
        block = []
        yield [unit]
    if block:
        yield block


def _units(text: str, section: Section) -> Iterator[_Unit]:
    start = section.start
    for begin, end, item in sentences(text, start, section.end):
        part = text[begin:end]
        size, words = pieces.count(part), len(part.split())
        if size <= MAX_PIECES and words <= MAX_WORDS and len(part) <= MAX_CHARS:
            yield _Unit(begin, end, size, words, item)
        else:
            yield from _cut(text, begin, end, item)


def _cut(text: str, begin: int, end: int, item: bool) -> Iterator[_Unit]:
    """An over-long sentence in parts: at a clause border of the second half where there is one, else between
    words, else within an unbroken run."""
    runs: list[tuple[int, int, int]] = []
    total = 0
    for match in _RUN.finditer(text, begin, end):
        size = pieces.count(match.group())
        if runs and (
            total + size > _CUT_PIECES or len(runs) >= MAX_WORDS - 1 or match.end() - runs[0][0] > MAX_CHARS
        ):
            cut = _clause(text, runs)
            yield _unit(runs[:cut], item)
            runs = runs[cut:]
            total = sum(run[2] for run in runs)
        runs.append((match.start(), match.end(), size))
        total += size
    if runs:
        yield _unit(runs, item)


def _clause(text: str, runs: list[tuple[int, int, int]]) -> int:
    for place in range(len(runs), len(runs) // 2, -1):
        if _CLAUSE.search(text[runs[place - 1][1] - 1 : runs[place - 1][1]]):
            return place
    return len(runs)


def _unit(runs: list[tuple[int, int, int]], item: bool) -> _Unit:
    return _Unit(runs[0][0], runs[-1][1], sum(run[2] for run in runs), len(runs), item)


def split_lines(text: str) -> list[Piece]:
    """The same for the lines of a structured resource, which have no headings."""
    return list(_pack(text, Section(None, 0, len(text), 0)))
