"""What a right answer is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from benchmarks.answers.oracle import Chart, Group

Kind = Literal["number", "date", "boolean", "list", "text", "trend", "comparison", "summary"]
QuestionType = Literal["factual", "trend", "comparison", "summary"]


@dataclass(frozen=True)
class Trend:
    """First and last value of a series; the direction only where nobody would argue."""

    first: float
    last: float
    direction: str | None = None


@dataclass(frozen=True)
class Pair:
    """Two values side by side: what is asked about first, and what it is compared with. Either order counts."""

    first: Any
    second: Any


@dataclass(frozen=True)
class Summary:
    """Patterns that the text must match, and patterns that it must not; case does not count."""

    says: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """One acceptable result. `value` by kind: float, ISO date, bool, references by thing (list), accepted
    pieces of text, Trend, Pair, Summary. `loose` is how far off a number may be in its own unit; `also` what a
    list may hold beside, such as the note that says the same."""

    kind: Kind
    value: Any
    unit: str | None = None
    loose: float = 0.0
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gold:
    """The acceptable results, none where the record has no answer; and what may or must be cited.

    `must` has one group of interchangeable references for each thing that has to be cited.
    """

    results: tuple[Result, ...]
    must: tuple[Group, ...] = ()
    may: frozenset[str] = frozenset()

    @property
    def answerable(self) -> bool:
        return bool(self.results)


Oracle = Callable[[Chart], Gold]


@dataclass(frozen=True)
class Asked:
    """A question before its gold is known."""

    patient: str
    text: str
    oracle: Oracle
    type: QuestionType | None = None
    as_of: str | None = None


@dataclass(frozen=True)
class Question:
    """`id` is theme, patient and number; `type` is None where the bot is to find out itself what is asked for."""

    id: str
    theme: str
    patient: str
    text: str
    as_of: str
    type: QuestionType
    held: bool
    gold: Gold
