"""From a question to its answer: by its words, and where they find nothing, by what they are like."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from services.bots.rag_pipeline import ages, passages
from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.circumstances import unlike
from services.bots.rag_pipeline.founded import positive
from services.bots.rag_pipeline.linking import Reading, readings
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.said_of import asks_property, judged
from services.bots.rag_pipeline.several import as_written
from services.chart.chart import Chart
from services.knowledge.lexicon import lexicon
from services.knowledge.time_words import inclusive

_NOT_LINKED = ("advice", "stranger", "cohort", "write", "demographic", "summary")
_NOT_LINKED_KINDS = (("allergy",), ("family",), ("plan",), ("goal",), ("appointment",), ("order",))


_NEEDED = re.compile(r"\b(?:o2|oxygen)\b.*\b(?:requir|need|flow|lit(?:er|re)|therapy)", re.IGNORECASE)
"""What is given is not what is measured: oxygen by the litre is no saturation."""


def answered(
    chart: Chart, question: str, earlier: Sequence[str], adjust: Callable[[Plan], None]
) -> tuple[Plan, Answer]:
    """The plan and the answer; `adjust` changes a plan before it is computed.

    Where the words as they stand find nothing, a phrase of them may be taken for what it is most like; the answer says so.
    """
    question = inclusive(ages.dated(question, chart.patient.resource.get("birthDate")))
    plan, answer = as_written(chart, question, earlier, adjust)
    unsure = not answer.answered or (plan.target.words and not positive(answer))
    if not unsure or plan.ask in _NOT_LINKED:
        return plan, answer
    linked = plan.target.kinds[:1] not in _NOT_LINKED_KINDS
    for reading in readings(chart, question, plan.target.concepts) if linked else ():
        if _NEEDED.search(reading.phrase):
            continue
        other, found = as_written(chart, reading.text, earlier, adjust)
        if (
            found.answered
            and _about(found, reading)
            and (positive(found) or (reading.sure and not answer.answered))
        ):
            other.steps.append(f"read as {reading.name}: {reading.phrase}")
            return other, _told(found, reading)
    unfounded = not answer.answered or (passages.asks_why(question) and not positive(answer))
    told = passages.answer(chart, plan) if unfounded and not asks_property(plan.question.text) else None
    return plan, told if told and not unlike(plan, told) and not (plan.yes_no and judged(plan.question.text, told)) else answer


def _about(answer: Answer, reading: Reading) -> bool:
    """Whether what was found is the thing that the phrase was taken for, and not something akin to it."""
    known = lexicon()
    entries = [s.entry for st in answer.statements for s in st.sources if s.span is None]
    if reading.concept not in known:
        return all(e.name == reading.name or reading.name in e.about for e in entries)
    near = {reading.concept, *known.related(reading.concept)}
    return not entries or any(
        near & {b for c in (*e.own, *e.named) for b in known.closure(c)} or not e.own for e in entries
    )


def _told(answer: Answer, reading: Reading) -> Answer:
    """The answer with what the phrase was taken for."""
    note = f"“{reading.phrase}” read as: {reading.name}."
    first, *rest = answer.statements
    first = dataclasses.replace(first, text=f"{first.text} ({note.removesuffix('.')})")
    return dataclasses.replace(
        answer,
        statements=[first, *rest],
        steps=[note, *answer.steps],
        certainty=answer.certainty * reading.likeness,
    )
