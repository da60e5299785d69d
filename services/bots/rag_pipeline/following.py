"""Follow-up questions: "and before that?", "and his creatinine?", "why?" after the question before."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.reading import read

_LEAD = re.compile(
    r"^\s*(?:(?:and|or|so|ok(?:ay)?|then|also|but)\b[, ]*)?(?:what|how) about\b|^\s*(?:and|or|then|also|same (?:for|with)|ditto)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:before (?:that|then|this)|the (?:one|time|value|result) before|previous(?:ly| one)?|prior(?: one)?|earlier(?: one)?)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:it|that|this(?! (?:patient|year|month|week|season|visit|lady|man|woman|gentleman|admission))|them|those|these|then|the same)\b",
    re.IGNORECASE,
)


def read_following(text: str, history: Sequence[str], as_of: dt.date) -> Plan:
    """The plan of a question that may lean on the ones before it."""
    plan = read(text, as_of)
    if not history:
        return plan
    leads, points = bool(_LEAD.match(text)), bool(_POINTS.search(text))
    bare = not (plan.target.concepts or plan.target.words or plan.target.kinds) and plan.ask not in (
        "summary",
        "demographic",
        "advice",
    )
    short = len(text.split()) <= 7
    if not (leads or bare or (points and short)):
        return plan
    before = read_following(history[-1], history[:-1], as_of)
    if not before.target and not before.attribute:
        return plan
    if not bare and leads and short:
        return _same_of(plan, before)
    if bare or (points and not plan.target.concepts):
        return _more_of(plan, before, text)
    return plan


def _same_of(plan: Plan, before: Plan) -> Plan:
    """ "And his creatinine?": the earlier question of another thing, where this one asks nothing of its own."""
    own = plan.ask not in ("value", "list", "exists", "flag") or plan.pick or plan.bounds
    if own or plan.ask == before.ask:
        plan.since, plan.until = plan.since or before.since, plan.until or before.until
        plan.anchors = plan.anchors or before.anchors
        return plan
    if (plan.target.kinds[:1] == before.target.kinds[:1]) or before.ask in ("when", "count", "duration"):
        plan.ask, plan.pick, plan.count, plan.kind = before.ask, before.pick, before.count, before.kind
    plan.since, plan.until = plan.since or before.since, plan.until or before.until
    plan.anchors = plan.anchors or before.anchors
    plan.steps.append(f"asked as before: {before.question.text}")
    return plan


def _more_of(plan: Plan, before: Plan, text: str) -> Plan:
    """ "And before that?", "in 2024?", "why?": another question of the earlier thing."""
    asks = plan.ask if plan.ask not in ("list", "value", "exists") else before.ask
    if re.search(r"\bwhen\b", text, re.IGNORECASE):
        asks = "when"
    found = dataclasses.replace(
        before,
        ask=asks,
        since=plan.since or before.since,
        until=plan.until or before.until,
        anchors=plan.anchors or before.anchors,
        pick=plan.pick or before.pick,
        count=plan.count or before.count,
        steps=[*plan.steps, f"of what was asked before: {before.question.text}"],
    )
    if plan.since or plan.until:
        found.since, found.until = plan.since, plan.until
    if _BEFORE.search(text):
        found.pick = "previous"
        if asks in ("trend", "compare"):
            found.ask = "value"
    found.yes_no = plan.yes_no or (before.yes_no and asks == before.ask)
    return found
