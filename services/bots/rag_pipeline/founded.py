"""An answer that rests on something: a bare "no" is looked for in the notes, or not given where the question may not be
understood."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from services.bots.rag_pipeline import notes
from services.bots.rag_pipeline.answer import Answer, Statement
from services.bots.rag_pipeline.computing import compute
from services.bots.rag_pipeline.family_history import relatives_in
from services.bots.rag_pipeline.plain_words import QUALIFYING
from services.bots.rag_pipeline.plan import Plan, Target
from services.chart.chart import Chart


def computed(chart: Chart, plan: Plan) -> Answer:
    """The answer, but no "no" that rests on nothing about words that name nothing known: they may not be understood."""
    target = plan.target  # as it was read; computing may narrow it
    answer = compute(chart, plan)
    denied = notes.answer(chart, plan) if _bare_no(answer) and target.concepts else None
    if denied and denied.answered and (denied.result or {}).get("value") is False:
        # A note that denies it says more than that no entry has it.
        return dataclasses.replace(answer, statements=denied.statements, steps=[*answer.steps, *denied.steps])
    if denied and target.kinds == ("medication",) and (alone := _taken_by_a_note(answer, denied)):
        return alone
    if _by_words_only(target, answer):
        of = f"nothing that the record has of {target.label or 'it'}"
        told = f"Not answered: {of} {f'speaks of {_quoted(target.words)}' if target.words else 'is in what was asked about'}."
        return dataclasses.replace(
            answer, statements=[Statement(told)], answered=False, result=None, kind="absent"
        )
    known = target.concepts or target.kinds or target.purpose or plan.unit or not target.words
    if known or not answer.answered or answer.kind != "computed" or not answer.result or positive(answer):
        return answer
    if any(s.sources for s in answer.statements):
        return answer
    return dataclasses.replace(answer, answered=False, result=None, kind="absent")


def _taken_by_a_note(answer: Answer, noted: Answer) -> Answer | None:
    """What is bought without an order stands in notes alone: then there is neither a yes nor a no."""
    said = noted.statements[0].text
    if (noted.result or {}).get("value") is not True or not _TAKES.search(said) or _ANOTHER.search(said) or relatives_in(said):
        return None
    told = Statement(f"{answer.statements[0].text} But: {said.removeprefix('Yes: ')}", noted.statements[0].sources)
    return dataclasses.replace(answer, statements=[told], answered=False, result=None, kind="absent")


_TAKES = re.compile(r"\b(?:takes|taking|uses|using|bought|buys|otc|over[- ]the[- ]counter|self[- ]medicat\w+)\b", re.IGNORECASE)
_ANOTHER = re.compile(r"\b(?:husband|wife|partner|spouse|roommate|neighbou?r|friend)\b", re.IGNORECASE)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{w}”" for w in words)


def _by_words_only(target: Target, answer: Answer) -> bool:
    """Whether a "none" rests on words alone that narrow what the record does have: "no Biktarvy", where only "missed" is
    not in its entry."""
    if target.kinds == ("encounter",) and target.concepts and _bare_no(answer):
        return not all(c.startswith("encounter:") for c in target.concepts)
    words = [w for w in target.words if not w.isdigit() and w not in QUALIFYING and not _GRADE.fullmatch(w)]
    if not words or not target.kinds or not answer.answered or not answer.result or positive(answer):
        return False
    if answer.kind != "computed" or any(s.sources for s in answer.statements):
        return False
    return bool(target.concepts)


_GRADE = re.compile(r"\d?[a-c]|i{1,3}|iv|v")


def _bare_no(answer: Answer) -> bool:
    """Whether it is a no that rests on no entry at all."""
    result = answer.result or {}
    return (
        answer.answered
        and answer.kind == "computed"
        and result.get("value") is False
        and not any(s.sources for s in answer.statements)
    )


def positive(answer: Answer) -> bool:
    """Whether the result is more than no, none or nothing."""
    return bool((answer.result or {}).get("value"))
