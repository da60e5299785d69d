"""Coming back: to hospital after a discharge, and to the clinic, as the follow-up that was arranged tells."""

from __future__ import annotations

import datetime as dt
import itertools
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    listing,
    number,
    on,
    truth,
    words,
)
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.lengths import asked_unit, span
from services.bots.rag_pipeline.note_told import PLANS, section, with_text
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.quotes import Quote, bounds, quoted, text_of
from services.bots.rag_pipeline.windows import entry_end, is_stay, stay_of
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.stays import Stay, stays

_READMITTED = re.compile(r"\bre-?admi(?:t|ts|tted|ssions?)\b|\bre-?hospitali[sz]\w+|\b(?:bounced?|bounce) back\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:within|in|inside|under|less than) (?:the (?:first|next) |past )?(?P<n>\d{1,3}|one|two|three|four|six|a|an) (?P<u>day|week|month|year)s?\b(?! ago)|\b(?P<n2>\d{1,3})[- ](?P<u2>day|week|month)s? re-?(?:admi|hosp)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_WHO = r"(?:s?he|they|(?:the |this )?patient|pt)"
_FOLLOWED = re.compile(
    r"\bfollow[- ]?ups?\b.*\b(?:arrang|plan|need|requir|schedul|organi[sz]|recommend|advis|due|set up|booked?|instruct|request|suggest|intend)"
    r"|\b(?:arrang|plan|need|requir|schedul|organi[sz]|recommend|advis|instruct|request|suggest)\w*\b.*\bfollow[- ]?up\b"
    r"|^\W*(?:what is (?:the |her |his )?|the |any )?follow[- ]?up(?: is| was)?\W*$"
    rf"|\bwhen (?:should|is|does|must|was|did|do we (?:want|need)|are we to) (?:{_WHO} )?(?:told |asked |due |supposed |meant |expected |scheduled )*(?:{_WHO} )?(?:to )?(?:see {_WHO} again|see (?:her|him|them) again|(?:come |be )?back|return|be (?:seen|reviewed)(?: again| next)?|follow[- ]up)\W*(?:in clinic|to clinic|to the clinic)?\W*$",
    re.IGNORECASE,
)
_NEXT = r"(?:the |her |his |their )?next (?:visit|appointment|time|check-?up|consultation)"
_NEXT_TIME = re.compile(rf"\b(?:plan\w*|do(?:ne)?|check\w*|need\w*|want\w*|order\w*|schedul\w*|repeat\w*|discuss\w*|due)\b.*\b(?:for|at|by|before|in) {_NEXT}\b", re.IGNORECASE)
_AT_NEXT = re.compile(r"\bnext (?:visit|appointment|time|check)|\bat (?:the )?follow[- ]?up\b", re.IGNORECASE)
_A_COUNT = r"(?:\d{1,2}(?:\s?(?:-|–|to)\s?\d{1,2})?|an?|one|two|three|four|five|six|eight|ten|twelve|few|couple of)"
_TO_RETURN = re.compile(
    rf"\bfollow(?:s|ed)?[- ]?up (?:with|in|at|on|appointment|visit|scheduled|arranged|booked|by)\b|^\W*follow[- ]?up\b|\b(?:rtc|return (?:to clinic|visit|in|for|if)|come back|see (?:\w+ )?(?:again|back)|back in)\b"
    rf"|\b(?:re-?check|repeat|review|recall|reassess|revisit|return|seen?)\b[^.]{{0,60}}?\b(?:in|within|after|at) {_A_COUNT} (?:day|week|month|year)s?\b"
    rf"|^\W*(?:in|after) {_A_COUNT} (?:day|week|month)s?\b",
    re.IGNORECASE,
)
_SECTION = re.compile(r"\W*(?:(?:follow[- ]?up|return)(?: (?:plan|care|instructions|appointments?|recommendations|visits?))?|disposition and follow[- ]?up)\W*", re.IGNORECASE)
_BOOKED = ("booked", "pending", "proposed", "waitlist")


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question asks for something else, or names what the return was for."""
    text = plan.question.text
    if plan.target.concepts or plan.target.purpose:
        return None
    if (pair := _BETWEEN.search(text)) and not plan.since:
        return _between(chart, plan, pair)
    if _READMITTED.search(text) and plan.ask in ("exists", "count", "when", "list", "duration", "value", "status"):
        return _readmitted(chart, plan)
    if _FOLLOWED.search(text) and plan.ask in ("exists", "when", "list", "value", "status") and not plan.since:
        return _follow_up(chart, plan)
    if _NEXT_TIME.search(text) and plan.ask in ("exists", "list", "value", "status", "when"):
        return _for_next_time(chart)
    return None


# To hospital

_BETWEEN = re.compile(
    r"\b(?:gap|interval|time|days|weeks|months|years|long)\b[^?]{0,30}?\bbetween (?:the |her |his |their )?(?P<which>first|last|latest|most recent|previous)? ?(?:two|2|both) (?:hospital |in-?patient )?(?:admissions|stays|hospitali[sz]ations|visits to (?:the )?hospital)(?=\W*$| in (?:days|weeks|months|years)\b)",
    re.IGNORECASE,
)


def _between(chart: Chart, plan: Plan, pair: re.Match[str]) -> Answer:
    """From the discharge of one stay to the admission of the next."""
    every = [s for s in stays(chart) if s.first]
    chosen = every[:2] if (pair["which"] or "").lower() == "first" else every[-2:]
    ended, began = (chosen[0].last, chosen[1].first) if len(chosen) == 2 else (None, None)
    if ended is None or began is None:
        told = f"there is one stay, {said(every[0].main)}" if every else "no stay in hospital"
        return absent(f"Not found in the record: two stays to reckon between; {told}.", sources=[source(s.main) for s in chosen])
    before, again = chosen
    length, result = span(ended, began)
    steps = [f"{len(every)} stays in hospital", "from the end of the one to the beginning of the next"]
    told = f"{length} from the discharge to the next admission: {said(before.main)}, then {said(again.main)}."
    return Answer([Statement(told, (source(before.main), source(again.main)))], asked_unit(plan, result), steps=steps)


def _readmitted(chart: Chart, plan: Plan) -> Answer:
    """A stay that began after another had ended, within the days asked about."""
    every = [s for s in stays(chart) if s.first]
    limit = _limit(plan)
    named = next((a for a in (*plan.anchors, *filter(None, (plan.stay,))) if is_stay(a)), None)
    after = stay_of(chart, named) if named else None
    pairs = [
        (before, again)
        for before, again in itertools.pairwise(every)
        if before.last and again.first and again.first >= before.last
        and (limit is None or (again.first - before.last).days <= limit)
        and (after is None or before.main is after.main)
        and (limit is not None or _within(again, plan))
    ]  # fmt: skip
    steps = [f"{len(every)} stays in hospital; {len(pairs)} began {f'within {limit} days ' if limit else ''}after the end of another"]
    if not every:
        return absent("Not found in the record: no stay in hospital.", steps)
    told = [Statement(f"{said(again.main)}, {_gap(before, again)} days after the discharge before it.", (source(again.main), source(before.main)))
            for before, again in pairs]  # fmt: skip
    found = [again.main for _, again in pairs]
    if plan.ask in ("exists", "status", "value"):
        if found:
            told[0] = Statement(f"Yes: {told[0].text}", told[0].sources)
            return Answer(told, truth(True), steps=steps)
        if len(every) == 1:
            text = f"No: one stay in hospital is recorded, {said(every[0].main)}."
        else:
            within = f"within {limit} days of a discharge" if limit else "in what was asked about"
            text = f"No readmission {within}; the latest stay is {said(every[-1].main)}."
        return Answer([Statement(text, (source(every[-1].main),))], truth(False), steps=steps)
    if plan.ask == "count":
        told = told or [Statement(f"None: {len(every)} stays in hospital are recorded.", tuple(source(s.main) for s in every))]
        return Answer([Statement(f"{len(found)}: {told[0].text}" if found else told[0].text, told[0].sources), *told[1:]], number(len(found)), steps=steps)
    if not found:
        return absent("Not found in the record: no readmission.", steps, [source(s.main) for s in every[-3:]])
    if plan.ask == "list":
        return Answer(told, listing(found), steps=steps)
    place = 0 if plan.pick == "earliest" or after else -1
    chosen = pairs[place]
    result = number(_gap(*chosen), "d") if plan.ask == "duration" else date(chosen[1].start)
    return Answer([told[place]], result, steps=steps)


def _gap(before: Stay, again: Stay) -> int:
    assert before.last and again.first
    return (again.first - before.last).days


def _within(stay: Stay, plan: Plan) -> bool:
    return stay.main.within(plan.since, plan.until)


def _limit(plan: Plan) -> int | None:
    """In days: of "within 30 days", or what an event is said to be within."""
    found = _LIMIT.search(plan.question.text)
    if found is None:
        return max((a.limit for a in plan.anchors), default=0) or None
    count, unit = (found["n"] or found["n2"]).lower(), (found["u"] or found["u2"]).lower()
    return (int(count) if count.isdigit() else cues.NUMBERS.get(count, 1)) * _DAYS[unit]


# To the clinic


def _follow_up(chart: Chart, plan: Plan) -> Answer:
    """Appointments to come, what the plan of the last visit says of coming back, and what it ordered."""
    booked = [e for e in chart.entries("appointment") if e.status in _BOOKED and e.first and e.first >= chart.as_of]
    visit = _last_visit(chart)
    first = visit.first if visit else None
    last = (entry_end(visit) or first) if visit else None
    notes = [e for e in with_text(chart) if first and last and e.first and first <= e.first <= last + dt.timedelta(days=2)]
    told = [q for e in notes for q in _returns(chart, e)]
    orders = [e for e in chart.entries("order") if e.status in ("active", "on-hold") and first and last and e.first and first <= e.first <= last]
    steps = [f"{len(booked)} appointments to come", f"{len(notes)} notes and {len(orders)} open orders of {said(visit) if visit else 'no visit'}"]
    statements = [Statement(f"{e.name} {on(e)} ({e.status}).", (source(e),)) for e in booked]
    statements += [Statement(quoted(q), (q.source(),)) for q in told]
    if plan.ask == "when":
        if booked:
            return Answer(statements, date(booked[0].date), steps=steps, certainty=0.9)
        if told:
            return Answer(statements, words(" ".join(q.text for q in told)), kind="quoted", steps=steps, certainty=0.8)
        return absent("Not found in the record: no appointment to come, and no note of the last visit says when.", steps)
    statements += [Statement(f"Ordered {on(e)}: {e.name} ({e.status}).", (Source(e, e.name),)) for e in orders]
    if not statements:
        return absent("Not found in the record: no follow-up is arranged: no appointment, order or plan of the last visit says so.", steps)
    if plan.yes_no:
        statements[0] = Statement(f"Yes: {statements[0].text}", statements[0].sources)
        return Answer(statements, truth(True), steps=steps, certainty=0.8)
    if told and not booked and not orders:
        return Answer(statements, words(" ".join(q.text for q in told)), kind="quoted", steps=steps, certainty=0.8)
    found = listing([*booked, *orders]) if not told else words(" ".join([*(f"{e.name} {on(e)}." for e in booked), *(q.text for q in told), *(f"{e.name}." for e in orders)]))
    return Answer(statements, found, steps=steps, certainty=0.8)


def _last_visit(chart: Chart) -> Entry | None:
    every = [e for e in chart.entries("encounter") if e.first and e.status not in ("cancelled", "entered-in-error", "planned", "noshow")]
    return max(every, key=lambda e: e.order, default=None)


def _for_next_time(chart: Chart) -> Answer:
    """What the latest note that speaks of the next visit wants of it."""
    kept = with_text(chart)
    for note in reversed(kept):
        text = text_of(chart, note)
        told = [Quote(note, " ".join(text[a:b].split()), (a, b)) for a, b in bounds(note) if _AT_NEXT.search(text[a:b])]
        if told:
            return Answer([Statement(quoted(q), (q.source(),)) for q in told], words(" ".join(q.text for q in told)), kind="quoted",
                          steps=[f"sentences of {note.name} {on(note)} about the next visit"], certainty=0.8)  # fmt: skip
    return absent(f"Not found in the record: nothing about the next visit in {len(kept)} documents.", [f"{len(kept)} documents"])


def _returns(chart: Chart, note: Entry) -> list[Quote]:
    """The sentences of a note's plan, or of all of it where it has none, that say when to come back or what to check again."""
    text = text_of(chart, note)
    own = section(text, _SECTION)
    span = own or section(text, PLANS) or (0, len(text))
    inside = [(a, b) for a, b in bounds(note) if span[0] <= a < span[1] and not text[a:b].rstrip().endswith(":")]
    return [Quote(note, " ".join(text[a:b].split()), (a, b)) for a, b in inside if own or _TO_RETURN.search(text[a:b].strip())]
