"""From the words of a question to a plan. Nothing of the record is looked at."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.anchors import find_anchors
from services.bots.rag_pipeline.asked import find_ask, question_type
from services.bots.rag_pipeline.mentions import mentions_in
from services.bots.rag_pipeline.plan import Anchor, Plan, Target
from services.bots.rag_pipeline.spans import blank, spans_of, within
from services.bots.rag_pipeline.spelling import corrected
from services.bots.rag_pipeline.targets import MEASURED, PREFERRED, find_targets
from services.bots.rag_pipeline.times import ENDS_AT, find_moments, spelled_out
from services.index.question import parse
from services.knowledge.lexicon import Mention, lexicon
from services.knowledge.periods import find_period
from services.knowledge.quantities import Comparison, find_comparisons
from services.knowledge.terms import TOKEN
from services.knowledge.units import normalise_unit


def read(text: str, as_of: dt.date) -> Plan:
    """What the question asks to be computed. Takes any string."""
    text = " ".join(str(text)[:2000].replace("\x00", " ").replace("’", "'").split())
    text, slips = corrected(text)
    advice = bool(cues.ADVICE.search(text))
    text = _plain(text)
    text = spelled_out(text, as_of)
    mentions = mentions_in(text)
    question = parse(text, as_of)
    if not question.comparisons:  # "was K ever above 5.5": the shorthand is no term of the lexicon's
        found, _ = find_comparisons(text, mentions, lexicon())
        question = dataclasses.replace(question, comparisons=tuple(found or _bounds(text, mentions)))
    anchors, anchored = find_anchors(text, mentions)
    free = [m for m in mentions if not within(m.start, m.end, anchored)]
    bare = blank(text, anchored)
    _, dated = find_period(bare, as_of, lambda a, b: within(a, b, spans_of(free)))
    plain = blank(bare, [*spans_of(free), *dated])
    plan = Plan(question, "", Target(), since=question.period[0], until=question.period[1], anchors=anchors)
    plan.steps += slips
    plan.moments = find_moments(text, as_of, anchors)
    if question.comparisons:
        plan.bounds = question.comparisons
    plan.yes_no = bool(cues.YES_NO.search(text))
    plan.ever = bool(cues.EVER.search(text))
    plan.closed = bool(cues.CLOSED.search(text))
    plan.pick = next((name for name, cue in cues.PICKS if cue.search(plain)), "")
    if several := cues.LAST_N.search(text):
        n = (several["n"] or several["n2"]).lower().split()[0]
        plan.count = int(n) if n.isdigit() else cues.NUMBERS.get(n, 3)
        if plan.pick in ("latest", "earliest"):
            plan.pick = (
                "earliest" if "first" in several[0].lower() or "earliest" in several[0].lower() else ""
            )
    plan.target, plan.others = find_targets(text, bare, free, as_of)
    plan.month = next(
        (cues.MONTHS[t.group().lower()] for t in TOKEN.finditer(plain) if t.group().lower() in cues.MONTHS), 0
    )
    repeated = (
        anchors
        and not plan.target.concepts
        and plan.target.kinds == anchors[0].target.kinds
        and anchors[0].target.concepts
    )
    if (
        (repeated or not (plan.target.concepts or plan.target.kinds or plan.target.words))
        and anchors
        and anchors[0].target.kinds
    ):
        # "How long was he in hospital": the event itself is asked about.
        plan.target, plan.anchors = anchors[0].target, anchors[1:]
        plan.target = dataclasses.replace(plan.target, words=())
    elif (
        plan.target.kinds == ()
        and not plan.target.concepts
        and re.search(r"\bwho\b|\bwhom\b", text, re.IGNORECASE)
        and (plan.since or anchors)
    ):
        plan.target = Target(kinds=("encounter",))
    if (
        anchors
        and plan.since
        and re.search(r"\b(?:from|between|since|after)\b", text, re.IGNORECASE)
        and ENDS_AT.search(text)
    ):
        plan.since = None  # "from discharge to May 2026": the period is the end only
    if plan.since == plan.until == as_of and re.search(
        r"\b(?:last|latest|most recent)\b", text, re.IGNORECASE
    ):
        plan.since = plan.until = None
    if re.search(r"\bthis (?:flu )?season\b", text, re.IGNORECASE):
        plan.since = dt.date(as_of.year - (as_of.month < 7), 7, 1)
    plan.attribute = next((name for name, cue in cues.DEMOGRAPHICS if cue.search(bare)), "")
    plan.ask = "advice" if advice else find_ask(plan, bare, free)
    if plan.ask in ("duration", "list", "value", "exists", "when") and (
        interval := cues.INTERVAL.search(text)
    ):
        ends = [_end(interval[k], as_of) for k in ("a", "b")]
        if all(ends):
            plan.ask, plan.anchors = "interval", [e for e in ends if e]
    plan.kind = question_type(plan)
    return plan


def _plain(text: str) -> str:
    """The question without politeness, and without clauses that only say "the last one"."""
    bare = cues.PULL.sub("", cues.POLITE.sub("", text, count=1), count=1)
    if re.match(r"(?:whether|if)\b", bare, re.IGNORECASE):
        bare = re.sub(r"^(?:whether|if)\s+", "is it so that ", bare, flags=re.IGNORECASE)
    if re.match(
        r"\W*(?:what|how|where|is|was|which|has|did|her|his|the)\b", bare, re.IGNORECASE
    ) and not re.match(r"\W*(?:what (?:date|day|year|month|time)|how long)\b", bare, re.IGNORECASE):
        bare = cues.SUBORDINATE.sub(" latest", bare)
    return bare if len(bare) > 2 else text


def _bounds(text: str, mentions: list[Mention]) -> list[Comparison]:
    """A bound that stands apart from what it bounds: "did K+ at any time go over 5.5"."""
    measured = [m for m in mentions if m.concept.partition(":")[0] in MEASURED]
    found = cues.BOUND.search(text)
    if len({m.concept for m in measured}) != 1 or found is None:
        return []
    op = found["op"].lower()
    op = ">" if op.startswith("exceed") else cues.OPS.get(op, op)
    return [
        Comparison(measured[0].concept, op, float(found["value"]), None, normalise_unit(found["unit"]), None)
    ]


def _end(words: str, as_of: dt.date) -> Anchor | None:
    """One end of "from … to …" as an event; None where it names none."""
    anchors, _ = find_anchors(f"since {words}", mentions_in(f"since {words}"))
    if anchors:
        return anchors[0]
    mentions = [m for m in mentions_in(words) if m.concept.partition(":")[0] in PREFERRED]
    if not mentions:
        return None
    target, _ = find_targets(words, words, mentions[:1], as_of)
    moment = "end" if cues.STOPPED.search(words) else "start"
    pick = "latest" if re.search(r"\b(?:last|latest|most recent)\b", words, re.IGNORECASE) else "earliest"
    return Anchor("since", target, moment, pick, words)
