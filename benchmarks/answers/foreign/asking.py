"""How questions are written down: a wording, and the people it is asked of."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.answers.foreign.measured import Oracle
from benchmarks.answers.gold import QuestionType


@dataclass(frozen=True)
class Case:
    """One person, what the gaps of the wording are filled with, and where the answer is found."""

    person: str
    oracle: Oracle
    filled: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    text: str
    cases: tuple[Case, ...]
    type: QuestionType = "factual"


def of(person: str, oracle: Oracle, **filled: str) -> Case:
    return Case(person, oracle, filled)


def ask(text: str, *cases: Case, type: QuestionType = "factual") -> Wording:
    """One wording. At most three people or things are asked about with it."""
    if not 1 <= len(cases) <= 3:
        raise ValueError(f"{len(cases)} cases of one wording: {text}")
    return Wording(text, cases, type)
