"""A question that is two: each part is read and computed by itself, the later leaning on the earlier."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from services.bots.rag_pipeline.accounting import BESIDE, accounted
from services.bots.rag_pipeline.answer import Answer, Statement
from services.bots.rag_pipeline.clauses import opens, parts
from services.bots.rag_pipeline.excluding import left_out, without
from services.bots.rag_pipeline.following import read_following
from services.bots.rag_pipeline.founded import computed
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.reading import read
from services.chart.chart import Chart
from services.knowledge.lexicon import lexicon

_IT = re.compile(r"\b(?:it|that|this)\b", re.IGNORECASE)
_ITS_DATE = re.compile(r"\W*(?:since |on |at )?(?:when|what (?:date|day|time|year)|which (?:date|day|year))\b", re.IGNORECASE)
_WHICH_SIDE = re.compile(r"\W*(?:left|right|l|r) or (?:left|right|l|r)\W*", re.IGNORECASE)
_PICKED = {"latest": "the last ", "earliest": "the first ", "highest": "the highest ", "lowest": "the lowest "}
_STAY = "hospital stay"
_LONE = tuple(
    (re.compile(rf"\W*(?:and )?(?:{pattern})\W*", re.IGNORECASE), said)
    for pattern, said in (
        (r"why|what for|for what(?: reason)?", "what was the reason for {}?"),
        (r"(?:for )?how long", "how long was {}?"),
        (r"by whom|who", "who did {}?"),
    )
)
_WHOLE = ("advice", "stranger", "cohort", "write", "summary", "interval", "compare", "value_on")


def as_written(
    chart: Chart, question: str, earlier: Sequence[str], adjust: Callable[[Plan], None]
) -> tuple[Plan, Answer]:
    """The plan (of the first part) and the answer to all parts; `adjust` changes a plan before it is computed."""
    question, excluded = left_out(question)
    plan, answer = _as_asked(chart, question, earlier, adjust)
    return plan, without(answer, excluded) if excluded else answer


def _as_asked(
    chart: Chart, question: str, earlier: Sequence[str], adjust: Callable[[Plan], None]
) -> tuple[Plan, Answer]:
    whole = read_following(question, earlier, chart.as_of)
    adjust(whole)
    pieces = [] if whole.ask in _WHOLE else _pieces(question, chart)
    if not pieces:
        return whole, accounted(chart, whole, computed(chart, whole))
    plans = [read_following(p, [*earlier, *pieces[:i]], chart.as_of) for i, p in enumerate(pieces)]
    pieces = [pieces[0], *(_AGE_THEN.sub("how old was the patient then", p) for p in pieces[1:])]
    if any(_THEN.search(p) for p in pieces[1:]) and (day := _day_of(accounted(chart, plans[0], computed(chart, plans[0])))):
        pieces = [pieces[0], *(_THEN.sub(f"on {day}", p) for p in pieces[1:])]
        plans = [read_following(p, [*earlier, *pieces[:i]], chart.as_of) for i, p in enumerate(pieces)]
    for plan in plans:
        adjust(plan)
    found = [accounted(chart, plan, computed(chart, plan)) for plan in plans]
    leaning = pieces != parts(question)  # "and was it …", on what the first part asks about
    first = 0 if leaning else next((i for i, a in enumerate(found) if a.answered), 0)
    return plans[first], _together(found, found[first])


_THEN = re.compile(r"\b(?:at|around|on|by) (?:that|the same|this) (?:time|point|day|date|moment)\b|\bat the time(?=\W*$)|\bthen(?=\W*$)", re.IGNORECASE)


_AGE_THEN = re.compile(r"^\W*(?:how old|what age) (?:was|were) (?:he|she|they|the patient)\W*$|^\W*at what age\W*$", re.IGNORECASE)


def _day_of(answer: Answer) -> str:
    """The day that the first part told, to which "at that time" points; "" where it told none."""
    result = answer.result or {}
    told = result.get("value") if result.get("type") == "date" else result.get("date")
    return str(told or "")[:10] if answer.answered else ""


def _pieces(question: str, chart: Chart) -> list[str]:
    """The parts that can be asked by themselves; none where the question is one."""
    pieces = parts(question)
    asked = [p for i, p in enumerate(pieces) if not i or not pieces[0].endswith("?") or p.endswith("?") or opens(p)]
    if len(asked) < len(pieces):  # what follows a question and is none tells about it
        return asked
    if len(pieces) == 1 or any(_WHICH_SIDE.fullmatch(piece) for piece in pieces):
        return []
    if _apart(pieces, chart):
        return pieces
    spelt = _spelt_out(pieces, chart)
    return spelt if len(spelt) > 1 and _apart(spelt, chart) else []


def _apart(pieces: list[str], chart: Chart) -> bool:
    """Whether every part has something of its own to ask about. "Its date" hangs on the part before."""
    plans = [read(piece, chart.as_of) for piece in pieces]
    own = [bool(p.target.concepts or p.target.kinds or p.attribute or (p.target.words and p.ask == "when")) for p in plans]
    return all(own) and all(p.ask != "advice" for p in plans)


def _spelt_out(pieces: list[str], chart: Chart) -> list[str]:
    """The parts, with what the first is about in those that only point to it ("what did it show"). None where that can't
    be told; without those that ask for the date, which every answer has."""
    first = read(pieces[0], chart.as_of)
    name = _name(first)
    if not name:
        return []
    about = f"{_PICKED.get(first.pick or '', '')}{name}"
    told = [pieces[0]]
    for piece in pieces[1:]:
        if _ITS_DATE.match(piece):
            continue
        if lone := next((said for pattern, said in _LONE if pattern.fullmatch(piece)), None):
            told.append(lone.format(about if first.pick else f"the last {name}" if name == _STAY else f"the {name}"))
            continue
        plain, times = _IT.subn(about, piece, count=1)
        told.append(plain if times else f"{piece.rstrip(' ?')} of {about}?")
    return told


def _name(plan: Plan) -> str:
    """What a question is about, by its name; "" where that is no one thing."""
    if plan.target.kinds[:1] == ("encounter",) and "IMP" in plan.target.classes:
        return _STAY
    if len(plan.target.concepts) != 1 or plan.target.concepts[0] not in lexicon():
        return ""
    level = " level" if plan.target.concepts[0].startswith("drug:") and plan.target.kinds[:1] == ("result",) else ""
    return lexicon().get(plan.target.concepts[0]).name + level


def _together(found: Sequence[Answer], first: Answer) -> Answer:
    told: dict[str, Statement] = {}
    for answer in found:
        new = [s for s in answer.statements if s.text not in told]
        if len(new) == 1:  # nothing is left of what it had beside
            new = [dataclasses.replace(s, text=s.text.removesuffix(BESIDE)) for s in new]
        told |= {s.text: s for s in new}
    return dataclasses.replace(
        first,
        statements=list(told.values()),
        steps=[step for answer in found for step in answer.steps],
        certainty=min(a.certainty for a in found if a.answered) if first.answered else first.certainty,
    )
