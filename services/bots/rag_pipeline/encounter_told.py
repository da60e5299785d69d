"""What a visit or stay says of itself: where the patient came from and went to, and the units in between."""

from __future__ import annotations

import datetime as dt
import re

from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.lengths import asked_unit, span
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.selecting import of_kind
from services.bots.rag_pipeline.windows import stay_of, window
from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.chart.stays import INTENSIVE, stays, units
from services.index.features import stems
from services.knowledge.time_words import MONTHS

ATTRIBUTES = {"disposition": "discharged to", "source": "admitted from"}
_INTENSIVE_ASKED = re.compile(r"\b(?:icu|intensive care|critical care)\b", re.IGNORECASE)


def attribute(chart: Chart, plan: Plan) -> Answer:
    """Where to or where from of the stay that is asked about."""
    entries, steps = _visits(chart, plan)
    if not entries:
        return absent("Not found in the record: no such stay or visit.", steps)
    field = plan.ask
    having = [e for e in entries if e.extra.get(field)]
    order = sorted(having or entries, key=lambda e: e.order)
    entry = order[0] if plan.pick == "earliest" and plan.stay is None else order[-1]
    if not having:
        what = (
            "where to the patient was discharged" if field == "disposition" else "where the patient came from"
        )
        return absent(f"The record does not say {what}: {said(entry)}.", steps, [source(entry)])
    told = str(entry.extra[field])
    if plan.yes_no and field == "disposition":
        return _went(plan, having, steps)
    text = f"{said(entry)}: {ATTRIBUTES[field]} {told}."
    return Answer([Statement(text, (source(entry),))], words(told), steps=steps)


_HOW = frozenset(
    stems(
        "discharge discharged left leave leaving sent went go gone released was were did has have had ever he she they the patient hospital medical to against from in after ama"
    )
)


def _went(plan: Plan, having: list[Entry], steps: list[str]) -> Answer:
    """Was the patient discharged home, to a facility, against advice? By the words of the disposition."""
    text = re.sub(r"\bama\b", "advice", plan.question.text, flags=re.IGNORECASE)
    wanted = (set(stems(text)) | ({"advic"} if "advice" in text.lower() else set())) - _HOW
    found = [e for e in having if wanted & set(stems(str(e.extra["disposition"])))]
    chosen = found or having[-1:]
    lines = joined([f"{said(e)}: discharged to {e.extra['disposition']}" for e in chosen])
    return Answer(
        [Statement(f"{'Yes' if found else 'No'}: {lines}.", tuple(map(source, chosen)))],
        truth(bool(found)),
        steps=steps,
        certainty=0.9,
    )


_SENT = re.compile(
    r"\b(?:discharged|(?<!the )(?<!her )(?<!his )(?<!of )discharge(?= home| to)|sent|went|released)(?: back)? (?:to (?:an? |the |his |her )?)?(?P<where>home(?: health(?: care)?)?|[\w -]{3,40}?)(?=\W*$| (?:in|since|during|after|before|from|over|until)\b)",
    re.IGNORECASE,
)
_SHORT = {"snf": "skilled nursing facility", "rehab": "rehabilitation", "ama": "against advice"}


def times_sent(chart: Chart, plan: Plan) -> Answer | None:
    """How many stays ended with going to that place; None where the question asks of no place, or no stay tells one.

    "Home" is home where a stay ended so, and not "home health care", which is told beside it.
    """
    asked = _SENT.search(plan.question.text)
    if plan.ask != "count" or plan.target.kinds != ("encounter",) or asked is None:
        return None
    entries, steps = _visits(chart, plan)
    having = [e for e in entries if e.extra.get("disposition")]
    where = asked["where"].lower()
    wanted = set(stems(_SHORT.get(where, where)))
    if not having or not wanted:
        return None
    like = [e for e in having if wanted <= set(stems(str(e.extra["disposition"])))]
    exact = [e for e in like if set(stems(str(e.extra["disposition"]))) == wanted]
    chosen = exact or like
    lines = joined([f"{said(e)}: discharged to {e.extra['disposition']}" for e in chosen])
    statements = [Statement(f"{len(chosen)}{f': {lines}' if lines else f', of {len(having)} stays that tell where to'}.", tuple(map(source, chosen or having)))]
    if beside := [e for e in like if e not in chosen]:
        others = joined([f"{said(e)}, discharged to {e.extra['disposition']}" for e in beside])
        statements.append(Statement(f"Not counted: {others}.", tuple(map(source, beside))))
    return Answer(statements, number(len(chosen)), steps=steps)


_LONGEST = re.compile(r"\b(?P<most>longest)\b|\bshortest\b", re.IGNORECASE)


def longest(chart: Chart, plan: Plan) -> Answer | None:
    """The longest or shortest of the stays asked about, with its length; None where none is asked for, or none has ended."""
    asked = _LONGEST.search(plan.question.text)
    if asked is None or plan.target.kinds != ("encounter",) or plan.ask not in ("list", "duration", "when", "value", "where"):
        return None
    (since, until), steps, found = window(chart, plan)
    ended = [s for s in stays(chart) if s.first and s.last and s.end and s.main.within(since, until)]
    if not found or not ended:
        return None
    lengths = [(s, (s.last - s.first).days) for s in ended if s.first and s.last]
    edge = (max if asked["most"] else min)(days_of for _, days_of in lengths)
    chosen = [(s, n) for s, n in lengths if n == edge]
    stay, length = chosen[-1]
    told = joined([f"{said(s.main)}: {n} {'day' if n == 1 else 'days'}" for s, n in chosen])
    statement = Statement(f"{told} (of {len(lengths)} stays).", tuple(source(s.main) for s, _ in chosen))
    steps = [*steps, f"{len(lengths)} stays with an end"]
    if plan.ask == "when":
        return Answer([statement], date(stay.start), steps=steps)
    return Answer([statement], number(length, "d") if plan.ask == "duration" else listing([s.main for s, _ in chosen]), steps=steps)


def _visits(chart: Chart, plan: Plan) -> tuple[list[Entry], list[str]]:
    """The visits asked about: the stay named, else those of the period, the inpatient ones first."""
    anchor = plan.stay or next((a for a in plan.anchors if a.target.kinds == ("encounter",)), None)
    if anchor is not None and (stay := stay_of(chart, anchor)) is not None:
        parts = [stay.main, *(p for p in stay.parts if p is not stay.main)]
        return parts if plan.ask == "source" else [stay.main], [f"the stay: {said(stay.main)}"]
    (since, until), steps, found = window(chart, plan)
    if not found:
        return [], steps
    stayed = of_kind(chart, Target(kinds=("encounter",), classes=("IMP",)), "encounter")
    every = [e for e in stayed or chart.entries("encounter") if _in(e, since, until)]
    if plan.month:
        every = [e for e in every if e.first and e.first.month == plan.month]
    if plan.nth > 0:
        every = every[plan.nth - 1 : plan.nth]
    return every, [*steps, f"{len(every)} stays or visits in what was asked about"]


def _in(entry: Entry, since, until) -> bool:
    ended = days(entry.end)
    last = ended[1] if ended else entry.last
    return not (since and last and last < since) and not (until and entry.first and entry.first > until)


def where(chart: Chart, plan: Plan) -> Answer | None:
    """Units and wards: which was first, whether and how long one was in one. None where the record tells none."""
    (since, until), steps, found = window(chart, plan)
    if not found:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    entries = chart.entries("encounter")
    if plan.stay is not None:
        stay = stay_of(chart, plan.stay)
        entries = list(stay.parts) if stay else []
    every = [(e, *u) for e in entries for u in units(chart, e)]
    if not every:
        return None
    text = plan.question.text
    inside = [u for u in every if _overlaps(u[2] or u[0].date, u[3] or u[0].end, since, until)]
    named = [u for u in inside if _named(u[1], text)]
    steps.append(f"{len(inside)} stays in units in what was asked about, {len(named)} in one that is named")
    asks_which = re.search(r"\b(?:which|what|name)\b|\bwhere\b", text, re.IGNORECASE)
    if not asks_which or plan.ask in ("exists", "count") or (named and plan.ask in ("duration", "when")):
        return _of_unit(plan, chart.as_of, inside, named, steps)
    inside.sort(key=lambda u: u[2] or u[0].date or "")
    if not inside:
        return absent("Not found in the record: no unit or ward in what was asked about.", steps)
    chosen = (
        inside[:1]
        if plan.pick == "earliest"
        else inside[-1:]
        if plan.pick == "latest" and plan.nth == 0 and not _every(text)
        else inside
    )
    names = list(dict.fromkeys(u[1] for u in chosen))
    told = joined([f"{u[1]} (from {shown(u[2] or u[0].date)})" for u in chosen])
    return Answer(
        [Statement(f"{told}.", tuple(Source(u[0], f"{u[1]}, {shown(u[2])}", "location") for u in chosen))],
        words("; ".join(names)),
        steps=steps,
    )


def _every(text: str) -> bool:
    return bool(re.search(r"\b(?:units|wards|departments|all)\b", text, re.IGNORECASE))


_AGO = re.compile(r"\b(?:passed|elapsed|ago|it been)\b|\bsince (?:the |her |his )?(?:last|first|latest)\b", re.IGNORECASE)


def _of_unit(plan: Plan, as_of: dt.date, inside: list, named: list, steps: list[str]) -> Answer:
    sources = tuple(Source(u[0], f"{u[1]}, {shown(u[2])}", "location") for u in named or inside[-3:])
    if plan.ask == "count":
        return Answer([Statement(f"{len(named)}.", sources)], number(len(named)), steps=steps)
    if not named:
        other = joined(list(dict.fromkeys(u[1] for u in inside)))
        text = f"No: {f'recorded are {other}' if other else 'no unit is recorded for that time'}."
        return Answer([Statement(text, sources)], truth(False), steps=steps, certainty=0.9)
    entry, name, start, end = named[0] if plan.pick == "earliest" else named[-1]
    line = f"{name}, from {shown(start or entry.date)}{f' to {shown(end)}' if end else ''}"
    if plan.ask == "when":
        left = re.search(
            r"\b(?:leave|left|out of|transferred (?:out|from))\b", plan.question.text, re.IGNORECASE
        )
        at = end if left else start or entry.date
        return Answer([Statement(f"{line}.", sources)], date(at, plan.timed), steps=steps)
    first, last = days(start or entry.date), days(end or entry.end)
    if plan.ask == "duration" and first and last and _AGO.search(plan.question.text):
        left = re.search(r"\b(?:leave|left|leaving|out of)\b", plan.question.text, re.IGNORECASE)
        text, result = span(last[1] if left else first[0], as_of)
        return Answer([Statement(f"{text} ago (to {shown(as_of.isoformat())}): {line}.", sources)], asked_unit(plan, result), steps=steps)
    if plan.ask == "duration" and first and last:
        text, result = span(first[0], last[1])
        return Answer([Statement(f"{text}: {line}.", sources)], result, steps=steps)
    return Answer([Statement(f"Yes: {line}.", sources)], truth(True), steps=steps)


def _overlaps(start: str | None, end: str | None, since, until) -> bool:
    first, last = days(start), days(end)
    return not (until and first and first[0] > until) and not (since and last and last[1] < since)


def _named(name: str, text: str) -> bool:
    """Whether the question speaks of the unit: by its abbreviation, by a word for its kind, or by its name."""
    short = re.findall(r"\(([A-Za-z]{2,6})\)", name)
    if any(re.search(rf"\b{re.escape(s)}\b", text, re.IGNORECASE) for s in (*short, name)):
        return True
    if _INTENSIVE_ASKED.search(text):
        return bool(INTENSIVE.search(name))
    asked = set(stems(text)) - set(stems(" ".join(MONTHS)))
    own = set(stems(re.sub(r"\([^)]*\)", "", name))) - set(stems("unit ward department floor care the of"))
    return bool(own) and own <= asked
