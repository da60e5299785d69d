"""A question that is two: each part is read and computed by itself, the later leaning on the earlier."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.clauses import parts
from services.bots.rag_pipeline.computing import compute
from services.bots.rag_pipeline.following import read_following
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.reading import read
from services.chart.chart import Chart

_WHOLE = ("advice", "stranger", "summary", "interval", "compare", "value_on")


def answered(
    chart: Chart, question: str, earlier: Sequence[str], adjust: Callable[[Plan], None]
) -> tuple[Plan, Answer]:
    """The plan (of the first part) and the answer to all parts; `adjust` changes a plan before it is computed."""
    whole = read_following(question, earlier, chart.as_of)
    adjust(whole)
    pieces = parts(question)
    if len(pieces) == 1 or whole.ask in _WHOLE or not _apart(pieces, chart):
        return whole, compute(chart, whole)
    plans = [read_following(p, [*earlier, *pieces[:i]], chart.as_of) for i, p in enumerate(pieces)]
    for plan in plans:
        adjust(plan)
    found = [compute(chart, plan) for plan in plans]
    first = next((i for i, a in enumerate(found) if a.answered), 0)
    return plans[first], _together(found, found[first])


def _apart(pieces: list[str], chart: Chart) -> bool:
    """Whether every part has something of its own to ask about. "Its date" hangs on the part before."""
    plans = [read(piece, chart.as_of) for piece in pieces]
    own = [bool(p.target.concepts or p.target.kinds or p.attribute) for p in plans]
    return all(own) and all(p.ask != "advice" for p in plans)


def _together(found: Sequence[Answer], first: Answer) -> Answer:
    told = {s.text: s for answer in found for s in answer.statements}
    return dataclasses.replace(
        first,
        statements=list(told.values()),
        steps=[step for answer in found for step in answer.steps],
        certainty=min(a.certainty for a in found if a.answered) if first.answered else first.certainty,
    )
