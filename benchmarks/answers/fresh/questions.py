"""The questions of a round with their gold computed."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from benchmarks.answers.fresh import rounds
from benchmarks.answers.fresh.cohort import SYNTHEA, record
from benchmarks.answers.gold import Question, QuestionType

ROUNDS = tuple(m.name for m in pkgutil.iter_modules(rounds.__path__) if len(m.name) == 1)
_TYPE_OF: dict[str, QuestionType] = {"trend": "trend", "comparison": "comparison", "summary": "summary"}


def fresh_questions(letter: str, folder: Path | None) -> list[Question]:
    """In the order written; without a folder of Synthea's bundles, only those about the other people.

    Raises LookupError where a chart does not hold what the gold is computed from.
    """
    found = []
    asked = importlib.import_module(f"{rounds.__name__}.{letter}").ASKED
    for number, (person, text, oracle) in enumerate(asked, start=1):
        if person in SYNTHEA and folder is None:
            continue
        chart = record(person, folder)
        identity = f"{letter}/{person}/{number}"
        try:
            gold = oracle(chart)
        except (LookupError, ValueError, TypeError) as error:
            raise LookupError(f"{identity}, {text!r}: {error!r}") from error
        kind = gold.results[0].kind if gold.results else ""
        type_ = _TYPE_OF.get(kind, "factual")
        found.append(Question(identity, person, person, text, chart.as_of, type_, False, gold))
    return found
