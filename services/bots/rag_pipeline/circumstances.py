"""The side, the time, the choice and the verb that a question names, against what was found: "the right carotid" is not
met by the left one, "was it changed" not by its being taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from services.bots.rag_pipeline.answer import Answer
from services.bots.rag_pipeline.plan import Plan


def _cue(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w-])", re.IGNORECASE)


def strings(value: Any, depth: int = 0) -> Iterator[str]:
    """What a resource says in words and numbers; no attachments, references or times."""
    if depth > 8:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in ("data", "reference", "id", "meta", "url", "system", "identifier"):
                yield from strings(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each, depth + 1)
    elif isinstance(value, str) and len(value) < 2_000 and not _TIME.match(value):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield f"{value:g}"


_TIME = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?:T|$)")


_BOTH_SIDES = _cue(
    r"left (?:or|and|vs\.?|versus) (?:the )?right|right (?:or|and|vs\.?|versus) (?:the )?left|right- or left\w*"
)
_LEFT = _cue(
    r"left(?! (?:the |her |his )?(?:hospital|ward|clinic|home|against|for|us|out|over|ama))(?!-handed)"
)
_RIGHT = _cue(r"right(?! (?:now|away|after|before|then|handed|at))(?!-handed)")
_CHOICE = _cue(
    r"before or after|up or down|left or right|right or left|better or worse|worse or better|rising or falling"
    r"|(?:higher|lower|more|less|bigger|smaller|older|newer|faster|slower) or \w+|iv or (?:po|oral|by mouth)|(?:po|oral) or iv"
)
_REFERRED = _cue(
    r"(?:before|after|during|while|whilst|until|prior to|following|preceding) (?!now\b|that\b|then\b|all\b|it\b|this\b|and\b)\w+"
)
_TIMELY = ("value", "exists", "list", "trend", "dose", "flag", "count", "status")
# Verbs that ask for more than whether the thing is there; each with what says so in an answer.
_PREDICATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (_cue(r"chang(?:ed|ing)|switch(?:ed|ing)|adjust(?:ed|ing)|swapp(?:ed|ing)|modif(?:ied|ying)"), r"chang|switch|adjust|increas|decreas|stopp|rais|reduc"),
    (_cue(r"increas(?:ed|ing)|rais(?:ed|ing)|uptitrat\w+|doubl(?:ed|ing)|escalat\w+"), r"increas|rais|titrat|doubl|rose|higher"),
    (_cue(r"decreas(?:ed|ing)|reduc(?:ed|ing)|lower(?:ed|ing)|halv(?:ed|ing)|wean\w+|taper\w*"), r"decreas|reduc|lower|halv|wean|taper|fell"),
    (_cue(r"stopp(?:ed|ing)|discontinu\w+|held|withheld|restart\w+|resum\w+"), r"stop|discontinu|hold|held|restart|resum|ended|complet|cancel|given"),
    (_cue(r"behind|overdue|up[- ]to[- ]date|outstanding|missing"), r"overdue|up to date|due"),
    (_cue(r"controlled|uncontrolled|uneventful|successful(?:ly)?|complicat\w+|adherent|compliant"), r"control|uneventful|success|complic|adher|complian"),
)  # fmt: skip


def unlike(plan: Plan, answer: Answer) -> list[str]:
    """The words of the question that tell of another side, time or deed than what was found."""
    text = plan.question.text
    result = answer.result or {}
    said = " ".join(s.text for s in answer.statements)
    missed = _sides(text, answer)
    if result.get("type") == "boolean":
        if found := _CHOICE.search(text):
            missed.append(found[0])
        if result.get("value") is True and plan.ask == "exists" and not plan.bounds:
            missed += [
                m[0]
                for cue, told in _PREDICATES
                if (m := cue.search(text)) and not re.search(told, said, re.IGNORECASE)
            ]
    missed += _dealt(plan, dict(result), said, answer)
    timed = plan.since or plan.until or plan.anchors or plan.moments or plan.stay or plan.month or plan.hours
    if plan.ask in _TIMELY and not timed and not plan.others and answer.kind != "quoted":
        found = _REFERRED.search(text)
        if found and not plan.target.purpose:
            missed.append(found[0])
    return missed


_NEEDED = _cue(
    r"need(?:s|ed|ing)?|requir(?:e|es|ed|ing)|receiv(?:e|es|ed|ing)|(?:was|were|been|being|is) (?:given|started on|put on)|supplement\w*"
)
_A_TEST = _cue(r"tests?|results?|checks?|measure\w*|levels?|cultures?")
_LEAVING = _cue(
    r"(?:come|came|go|goes|went|gone|going|sent|got|get|return(?:ed|s)?|back) home|left (?:the )?hospital"
)
_TOGETHER = _cue(r"(?:the )?same (?:day|visit|time|date|appointment|sitting|session)")
_PERCENT = _cue(
    r"\d+ ?(?:%|percent|per cent) (?:lower|higher|less|more|drop|reduction|increase|fall|rise|loss|gain)|by \d+ ?(?:%|percent)"
)
_DUE = _cue(r"next .{0,30}due|due (?:when|next|for|again)|when .{1,40} due|upcoming|next due|overdue")
_AT_HOME = _cue(
    r"at home|home (?:bps?|blood pressures?|readings?|glucose|sugars?|weights?|monitoring|log)|ambulatory|self[- ]measured"
)
_PIECES = _cue(r"how many (?P<what>puff|tablet|pill|capsule|drop|patch|spray)(?:s|es)?")
_YES_NO = re.compile(
    r"\W*(?:has|have|was|were|did|is|are|does)\b(?!.*\b(?:what|which|how|and)\b)", re.IGNORECASE
)
_ITS_NUMBER = _cue(r"(?:id|number|no\.?|policy|member)")


def _dealt(plan: Plan, result: dict[str, Any], said: str, answer: Answer) -> list[str]:
    """Treatments asked about where a measurement was found, and the like: another matter under the same name."""
    text, kind = plan.question.text, result.get("type")
    found = [s.entry for st in answer.statements for s in st.sources]
    measured = bool(found) and all(e.kind == "result" for e in found)
    missed: list[str] = []

    def miss(applies: bool, cue: re.Pattern[str]) -> None:
        if applies and (m := cue.search(text)):
            missed.append(m[0])

    miss(measured and kind == "boolean" and plan.ask == "exists" and not _A_TEST.search(text), _NEEDED)
    miss(kind == "date" and not any(e.kind == "encounter" for e in found), _LEAVING)
    miss(kind == "boolean" and len({(e.date or "")[:10] for e in found}) > 1, _TOGETHER)
    miss(measured and kind in ("boolean", "number") and plan.ask != "compare", _PERCENT)
    miss(measured, _DUE)
    miss(measured and not re.search(r"home|ambulatory", said, re.IGNORECASE), _AT_HOME)
    if (
        kind == "number"
        and (m := _PIECES.search(text))
        and m["what"].lower() not in str(result.get("unit")).lower()
    ):
        missed.append(m[0])
    if kind == "number" and plan.ask == "dose" and _YES_NO.match(text):
        missed.append("dose")
    miss(
        plan.ask == "demographic" and plan.attribute == "insurance" and not re.search(r"\d", said),
        _ITS_NUMBER,
    )
    return missed


def _sides(text: str, answer: Answer) -> list[str]:
    """The side that is asked about, where something that was found is of the other side only."""
    left, right = _LEFT.search(text), _RIGHT.search(text)
    if bool(left) == bool(right) or _BOTH_SIDES.search(text):
        return []
    own, other = (_LEFT, _RIGHT) if left else (_RIGHT, _LEFT)
    for statement in answer.statements:
        for source in statement.sources:
            whole = () if source.span else (source.entry.about, *strings(source.entry.resource))
            told = " ".join((source.entry.name, source.text, *whole))  # of a document, the sentence alone
            if other.search(told) and not own.search(f"{told} {statement.text}"):
                return [(left or right)[0]]  # type: ignore[index]
    return []
