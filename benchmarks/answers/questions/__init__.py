"""The questions, grouped by theme, with their gold answers.

>>> len(questions()) >= 450
True
"""

from __future__ import annotations

import functools
from collections import Counter

from benchmarks.answers.cohort import AS_OF, HELD, charts
from benchmarks.answers.gold import Question, QuestionType
from benchmarks.answers.questions import (
    allergies_family,
    care,
    crowd,
    drugs,
    events,
    labs,
    made_up,
    notes,
    problems,
    series,
    summaries,
    unanswerable,
    vitals,
)

THEMES = {
    m.__name__.rsplit(".", 1)[-1]: m.ASKED
    for m in (
        labs, series, vitals, drugs, problems, allergies_family, events, care, notes, summaries, made_up, crowd,
        unanswerable,
    )
}  # fmt: skip
QUESTION_TYPES: tuple[QuestionType, ...] = ("factual", "trend", "comparison", "summary")
_TYPE_OF: dict[str, QuestionType] = {"trend": "trend", "comparison": "comparison", "summary": "summary"}


@functools.cache
def questions() -> tuple[Question, ...]:
    """All of them, in the order of their themes. Raises LookupError where a gold answer finds nothing."""
    found: list[Question] = []
    numbers: Counter[str] = Counter()
    for theme, asked in THEMES.items():
        for each in asked:
            name = f"{theme}.{each.patient.removeprefix('made-')}"
            numbers[name] += 1
            as_of = each.as_of or AS_OF.isoformat()
            gold = each.oracle(charts()[each.patient].at(as_of))
            kind = gold.results[0].kind if gold.results else ""
            found.append(
                Question(
                    id=f"{name}.{numbers[name]}",
                    theme=theme,
                    patient=each.patient,
                    text=each.text,
                    as_of=as_of,
                    type=each.type or _TYPE_OF.get(kind, "factual"),
                    held=each.patient in HELD,
                    gold=gold,
                )
            )
    return tuple(found)
