"""All foreign questions, with their gold computed."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator

from benchmarks.answers.foreign import asked
from benchmarks.answers.foreign.asking import Case, Wording
from benchmarks.answers.foreign.cohort import HELD, record
from benchmarks.answers.gold import Question


def wordings() -> Iterator[tuple[str, Wording]]:
    """Every wording with the theme it stands in, "town_held" for one."""
    for module in sorted(m.name for m in pkgutil.iter_modules(asked.__path__)):
        for wording in importlib.import_module(f"{asked.__name__}.{module}").ASKED:
            yield module, wording


@functools.cache
def foreign_questions() -> list[Question]:
    """In the order written. A wording is held or not by the module it stands in, and so are its people."""
    found = []
    numbers: dict[str, int] = {}
    for theme, wording in wordings():
        for case in wording.cases:
            numbers[theme] = number = numbers.get(theme, 0) + 1
            found.append(question(theme, number, wording, case))
    return found


def question(theme: str, number: int, wording: Wording, case: Case) -> Question:
    """Raises ValueError where a held person is asked about among dev questions or the other way round, and
    LookupError where the chart does not hold what the gold is computed from."""
    held = theme.endswith("_held")
    if (case.person in HELD) != held:
        raise ValueError(f"{case.person} is not asked about in {theme}")
    chart = record(case.person)
    identity, topic, text = (
        f"{theme}/{case.person}/{number}",
        theme.rsplit("_", 1)[0],
        wording.text.format(**case.filled),
    )
    try:
        gold = case.oracle(chart)
    except (LookupError, ValueError, TypeError) as error:
        raise LookupError(f"{identity}, {text!r}: {error!r}") from error
    return Question(identity, topic, case.person, text, chart.as_of, wording.type, held, gold)
