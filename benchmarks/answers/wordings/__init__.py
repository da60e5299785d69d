"""Other ways to ask the dev questions: the same question, so the same gold answer holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from benchmarks.answers.gold import Question
from benchmarks.answers.wordings import (
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

_THEMES = (
    labs, series, vitals, drugs, problems, allergies_family, events, care, notes, summaries, made_up, crowd,
    unanswerable,
)  # fmt: skip
WORDINGS = {name: texts for theme in _THEMES for name, texts in theme.WORDINGS.items()}
"""By the id of the question."""


def reworded(questions: Iterable[Question]) -> list[Question]:
    """The questions in their other wordings, each as `<id>~1`, `<id>~2`, …

    Takes all questions. Raises LookupError where a wording belongs to none of them, or to a held one.
    """
    dev = {q.id: q for q in questions if not q.held}
    if strays := WORDINGS.keys() - dev.keys():
        raise LookupError(f"no dev question has the id {', '.join(sorted(strays))}")
    return [
        replace(dev[name], id=f"{name}~{number}", text=text)
        for name, texts in WORDINGS.items()
        for number, text in enumerate(texts, start=1)
    ]
