"""One sentence on trial: its reading, the evidence that it cites, and what was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from services.grounding.model import Claim, Problem
from services.grounding.reading import Reading
from services.grounding.sources import Source, Value, values_of


@dataclass(slots=True)
class Case:
    """What the checks of a sentence share. Places are in the sentence; `offset` is where it stands in the text."""

    reading: Reading
    sources: tuple[Source, ...]
    """What it cites."""
    computed: tuple[Source, ...]
    """What was computed from the record, and supports numbers without being cited."""
    as_of: dt.date | None
    offset: int
    marks: tuple[tuple[int, int, tuple[int, ...]], ...] = ()
    """Where its citations stand, and what they cite."""
    claims: list[Claim] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.reading.text

    @property
    def everything(self) -> tuple[Source, ...]:
        return (*self.sources, *(s for s in self.computed if s not in self.sources))

    def values(self) -> list[Value]:
        """The numbers of all its evidence."""
        return [v for source in self.everything for v in values_of(source)]

    def cited_at(self, place: int) -> tuple[int, ...]:
        """What a citation right behind a place cites, where the sentence has others too; else nothing."""
        if len({m[2] for m in self.marks}) < 2:
            return ()
        for start, end, numbers in self.marks:
            if 0 <= start - place <= 24 and re.fullmatch(
                r"[\s(]*(?:\([^()]*\)|daily|nightly|[a-z]+ daily|in|on|[A-Z][a-z]+ \d{4})?[\s)]*",
                self.text[place:start],
            ):
                more = [n for a, b, ns in self.marks if a >= end and not self.text[end:a].strip() for n in ns]
                return (*numbers, *more)
        return ()

    def bad(self, kind: str, start: int, end: int, message: str) -> None:
        """Notes a problem."""
        said = self.text[start:end]
        problem = Problem(kind, said, start + self.offset, end + self.offset, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def good(self, kind: str, start: int, end: int, sources: Iterable[Source], how: str = "stated") -> None:
        """Notes a claim that the evidence bears out."""
        numbers = tuple(dict.fromkeys(s.number for s in sources))
        self.claims.append(
            Claim(kind, self.text[start:end], start + self.offset, end + self.offset, numbers, how)
        )
