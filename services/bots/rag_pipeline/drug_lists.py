"""Lists of drugs: current, started, stopped."""

from __future__ import annotations

import functools
import re

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    joined,
    listing,
    number,
    shown,
    truth,
)
from services.bots.rag_pipeline.courses import Course
from services.bots.rag_pipeline.drugs import described, during, ordered, source, state
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import by_the_clock, window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.knowledge.lexicon import lexicon


def none_of(chart: Chart, plan: Plan, every: list[Entry], label: str) -> Answer:
    steps = [f"{len(every)} orders and statements looked through for {label}"]
    named = bool(plan.target.concepts or plan.target.words or plan.target.purpose)
    if not every or not named:
        return absent("Not found in the record: no medication is recorded.", steps)
    if plan.target.words and not plan.target.concepts:
        return absent(
            f"Not found in the record: no medication named {label} ({len(every)} entries were looked through).",
            steps,
        )
    if not _has_members(plan):
        return absent(f"Not found in the record: no entry says that it is {label}.", steps)
    text = f"No {label} is among the {len(every)} medication entries of the record."
    if plan.ask == "exists" and _EFFECTS.search(label):
        return absent("Not found in the record: orders do not say what harm a drug did.", steps)
    if plan.ask == "exists":
        return Answer([Statement(text)], truth(False), steps=steps, certainty=0.9)
    if plan.ask == "count":
        return Answer([Statement(text)], number(0), steps=steps, certainty=0.9)
    if plan.ask == "list" and plan.target.purpose:
        # Few orders say what they are for: that none does is no list of none.
        return absent(
            f"No medication is recorded as given for {label} ({len(every)} entries were looked through).",
            steps,
        )
    return absent(f"Not found in the record: {text[0].lower()}{text[1:]}", steps)


_EFFECTS = re.compile(r"\b(?:side[- ]?effects?|adverse|reactions?|intoleran\w+|interactions?)\b", re.IGNORECASE)


def _has_members(plan: Plan) -> bool:
    """Whether what is asked for can be denied: of a class of drugs without members nothing is known to belong to it."""
    classes = [c for c in plan.target.concepts if c.startswith("drugclass:")]
    return not classes or any(_members(c) for c in classes) or len(classes) < len(plan.target.concepts)


@functools.cache
def _members(concept: str) -> int:
    known = lexicon()
    return sum(c.id != concept and concept in known.closure(c.id) for c in known.concepts())


_IN_THE_PAST = cues.re.compile(
    r"\b(?:which|what) [\w ]{0,30}\b(?:treated|cured|cleared)\b|\b(?:did|was|were)\b.*\b(?:give|prescribe|take|get|use|treat|have|put|receive|dispense|order)(?:d|ed|n)?\b",
    cues.re.IGNORECASE,
)


_BEFORE_NOW = cues.re.compile(
    r"\b(?:were|was|had|so far|to date|received|infused|got|replaced|in the past|until now|up to now)\b",
    cues.re.IGNORECASE,
)
_STILL = cues.re.compile(
    r"\bstill (?:running|active|taken|taking|on|going|current|in use)\b", cues.re.IGNORECASE
)


_HAD = cues.cue(r"given|administered|received|receiving|got|taking|on(?! the day)|running")  # that day, whenever ordered
_ORDERED = cues.cue(r"prescribed|ordered|prescriptions?|orders")
_NEW = cues.re.compile(
    r"\b(?:which|what|any|list|show|name)\b.*\bnew(?:ly|est)? (?:med|drug|prescri|started|added|ordered)|\b(?:med\w*|drugs?|prescriptions?|those|them) (?:is|are|was|were) new\b|^\W*new (?:med\w*|drugs?|prescriptions?)\b",
    cues.re.IGNORECASE,
)


def _newest(found: list[Course], steps: list[str]) -> Answer:
    """What was started last: "new" names no time."""
    started = [c.given[0] for c in found if c.given and c.given[0].date]
    last = max((e.date[:10] for e in started if e.date), default="")
    entries = [e for e in started if e.date and e.date[:10] == last]
    if not entries:
        return absent("Not found in the record: no drug with a date of its start.", steps)
    return Answer([Statement(f"Started last: {described(e)} ({state(e)}, {ordered(e)}).", (source(e),)) for e in entries], listing(entries),
                  steps=[*steps, "of the drugs, those with the latest start"], certainty=0.8)  # fmt: skip


def list_drugs(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    (since, until), steps, anchored = window(chart, plan)
    text = plan.question.text
    if not anchored:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    if _LONGEST.search(text) and (told := _taken_longest(chart, found, steps)) is not None:
        return told
    if _WHICH_DAYS.search(text):
        ordered_on = bool(_ORDERED.search(text))
        doses = [e for c in found for e in c.given if (ordered_on or e.extra.get("given")) and e.date and e.within(since, until)]
        if doses:
            by_day = {(e.date or "")[:10]: e for e in doses}
            told = f"{'Ordered' if ordered_on else 'Given'} on {len(by_day)} {'day' if len(by_day) == 1 else 'days'}: {joined([shown(day) for day in by_day])}."
            return Answer([Statement(told, tuple(map(source, doses)))], listing(list(by_day.values())), steps=[*steps, f"{len(doses)} {'orders' if ordered_on else 'doses given'}"])
        return absent("Not found in the record: on which days it was given; only orders are recorded.", steps, [source(c.entries[-1]) for c in found])
    if _ON_HOLD.search(text):
        held = [e for c in found for e in c.held]
        said = [Statement(f"On hold, not to be taken: {described(e)} ({ordered(e)}){_why_held(e)}.", (source(e),)) for e in held]
        return Answer(said, listing(held), steps=steps) if held else absent("Not found in the record: no medication is recorded as on hold.", steps)
    for anchor in plan.anchors:
        text = cues.re.sub(rf"{cues.re.escape(anchor.text)}(?: (?:was|were|had been|got) \w+)?", " ", text)  # "after warfarin was stopped" asks of nothing that was stopped
    text = _A_TIME.sub(" ", text)  # "in the past year" asks of nothing that is past
    stopped = bool(cues.STOPPED.search(text))
    started = bool(cues.STARTED.search(text)) and not cues.re.search(
        r"\b(?:prescribed|ordered|on)\b", text, cues.re.IGNORECASE
    )
    if stopped:
        return _stopped(plan, found, since, until, steps)
    if _NEW.search(text) and not (since or until):
        return _newest(found, steps)
    if started or since or until:
        entries = []
        for course in found:
            given = course.given
            firsts = given[:1] if started else given
            entries += [e for e in firsts if e.within(since, until)]
            if not started and not (since and since == until and _ORDERED.search(text)) and (not plan.anchors or (_HAD.search(text) and not _ORDERED.search(text) and all(a.relation == "at" for a in plan.anchors))):
                entries += [e for e in given if e not in entries and during(e, since, until)]
        entries = by_the_clock(chart, plan, [e for c in found for e in (c.given[:1] if started else c.given)], entries)
        entries.sort(key=lambda e: e.order)
        if _STILL.search(text):
            now = {e.reference for c in found for e in c.current}
            entries = [e for e in entries if e.reference in now]
        if plan.pick == "earliest" or (
            plan.pick == "latest"
            and not cues.re.search(r"medications|meds|drugs\b", text, cues.re.IGNORECASE)
        ):
            entries = entries[:1] if plan.pick == "earliest" else entries[-1:]
        steps.append("started" if started else "ordered or taken in the period")
        if not entries and (never := [e for c in found for e in c.entries if e not in c.given and e.within(since, until)]):
            told = joined([f"{described(e)} ({state(e)}, {ordered(e)})" for e in never])
            return absent(f"None was taken then; recorded is {told}.", steps, list(map(source, never)))
        if not entries:
            return Answer(
                [Statement("No medication is recorded for what was asked about.")],
                listing([]),
                steps=steps,
                certainty=0.85,
            )
        return Answer(
            [Statement(f"{described(e)} ({state(e)}, {ordered(e)}).", (source(e),)) for e in entries],
            listing(entries),
            steps=steps,
        )
    if plan.pick in ("earliest",) or (
        plan.pick == "latest"
        and cues.re.search(r"\blast|most recent|latest|newest\b", text, cues.re.IGNORECASE)
        and not cues.re.search(r"medications|meds|drugs\b", text, cues.re.IGNORECASE)
    ):
        given = sorted((e for c in found for e in c.given if e.date), key=lambda e: e.order)
        if given:
            entry = given[0] if plan.pick == "earliest" else given[-1]
            return Answer(
                [Statement(f"{described(entry)} ({state(entry)}, {ordered(entry)}).", (source(entry),))],
                listing([entry]),
                steps=steps,
            )
    if (
        plan.ever
        or cues.GIVEN.search(text)
        or _IN_THE_PAST.search(text)
        or cues.re.search(r"\b(?:all|ever|history)\b", text, cues.re.IGNORECASE)
    ):
        entries = [e for c in found for e in c.given]
    else:
        entries = [e for c in found for e in c.current]
    held = [e for c in found for e in c.held]
    steps.append(
        f"{len(entries)} of {sum(len(c.entries) for c in found)} entries are active on {chart.as_of.isoformat()}"
    )
    if not entries:
        rest = [c.entries[-1] for c in found]
        before = sorted((e for c in found for e in c.given), key=lambda e: e.order)
        if before and _BEFORE_NOW.search(text):
            said = [Statement(f"{described(e)} ({state(e)}, {ordered(e)}).", (source(e),)) for e in before]
            return Answer([Statement("None is active now."), *said], listing(before), steps=steps)
        if not cues.CURRENT.search(text):
            told = f"None is active; recorded are {joined([f'{e.name} ({state(e)})' for e in rest])}."
            return absent(told, steps, list(map(source, rest)))
        return Answer(
            [
                Statement(
                    f"None is active; recorded are {joined([f'{e.name} ({state(e)})' for e in rest])}.",
                    tuple(map(source, rest)),
                )
            ],
            listing([]),
            steps=steps,
        )
    statements = [Statement(f"{described(e)} ({ordered(e)}).", (source(e),)) for e in entries]
    if held and not plan.ever:
        statements.append(
            Statement(
                f"On hold, not to be taken: {joined([described(e) for e in held])}.", tuple(map(source, held))
            )
        )
    return Answer(statements, listing(entries), steps=steps)


_WHICH_DAYS = cues.cue(r"(?:on )?(?:which|what) (?:days|dates)")
_A_TIME = cues.re.compile(r"\b(?:past|last|previous|prior) (?:\w+ )?(?:years?|months?|weeks?|days?|hours?)\b", cues.re.IGNORECASE)
_ON_HOLD = cues.cue(r"on hold|(?:is|are) (?:being )?held")


def _why_held(entry: Entry) -> str:
    why = entry.extra.get("why_status")
    return f": {why}" if why else ""


_LONGEST = cues.cue(r"longest")


def _taken_longest(chart: Chart, found: list[Course], steps: list[str]) -> Answer | None:
    """The drug with the longest course, of those with a start and an end or that are taken still."""
    lengths = [
        (c, (last - c.given[0].first).days) for c in found
        if c.given and c.given[0].first and (last := c.ended_day or (chart.as_of if c.current else None))
    ]  # fmt: skip
    if len(lengths) < 2:
        return None
    course, length = max(lengths, key=lambda p: p[1])
    entry = course.given[0]
    ends = "and continues" if course.current else f"until {shown(course.ended_day.isoformat())}" if course.ended_day else ""
    text = f"{described(entry)}: first {ordered(entry)} {ends}, {length} days (of {len(lengths)} drugs whose length is known)."
    return Answer([Statement(text, (source(entry),))], listing([entry]), steps=steps)


def _first_to_end(plan: Plan, found: list[Course], steps: list[str]) -> Answer | None:
    """Of several drugs that are named, the one that ended first or last; None where that isn't asked, or can't be told."""
    ended = [(c.ended_day, c) for c in found if c.ended_day and c.given]
    if len(plan.target.concepts) < 2 or plan.pick not in ("earliest", "latest") or len(ended) < 2:
        return None
    days = sorted({day for day, _ in ended if day})
    day = days[0 if plan.pick == "earliest" else -1]
    chosen = [c.given[-1] for d, c in ended if d == day]
    told = joined([f"{c.given[-1].name} ended {shown(d.isoformat())} ({state(c.given[-1])})" for d, c in ended if d])
    going = [c.current[-1] for c in found if c.current]
    if going:
        told += f"; not ended: {joined([e.name for e in going])}"
    return Answer([Statement(f"{told}.", tuple(map(source, [*(c.given[-1] for _, c in ended), *going])))], listing(chosen), steps=steps)


def _stopped(plan: Plan, found: list[Course], since, until, steps: list[str]) -> Answer:
    if (told := _first_to_end(plan, found, steps)) is not None:
        return told
    ended, unknown = [], []
    for course in found:
        if course.current or not course.given:
            continue
        entry = course.given[-1]
        if entry.status not in ("stopped", "completed", "ended") and not course.ended_day:
            continue
        if "stop" in plan.question.text.lower() and entry.status == "completed":
            continue
        day = course.ended_day
        if since is None and until is None:
            ended.append(entry)
        elif day:
            if not (since and day < since) and not (until and day > until):
                ended.append(entry)
        elif entry.first and since and entry.first >= since and not (until and until < entry.first):
            ended.append(entry)
        else:
            unknown.append(entry)
    statements = [
        Statement(f"{entry.name}: {state(entry)} ({ordered(entry)}).", (source(entry),)) for entry in ended
    ]
    if unknown:
        text = f"Also stopped, but the record does not say when: {joined([e.name for e in unknown])}."
        statements.append(Statement(text, tuple(map(source, unknown))))
    replaced = [
        e for c in found if c.current for e in c.given
        if e.status == "stopped" and e.within(since, until)
    ]  # fmt: skip
    if not statements and replaced:
        lead = "No drug was stopped altogether; these orders were, and the drug goes on otherwise: "
        text = f"{lead}{joined([f'{described(e)} ({ordered(e)})' for e in replaced])}."
        return Answer(
            [Statement(text, tuple(map(source, replaced)))], listing(replaced), steps=steps, certainty=0.85
        )
    if not statements:
        return Answer(
            [Statement("No medication is recorded as stopped in what was asked about.")],
            listing([]),
            steps=steps,
            certainty=0.85,
        )
    steps.append(f"{len(ended)} ended; {len(unknown)} without a date of their end")
    return Answer(statements, listing(ended), steps=steps, certainty=0.9 if unknown else 1.0)
