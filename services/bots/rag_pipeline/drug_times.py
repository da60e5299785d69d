"""When drugs were started, changed and stopped."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    date,
    joined,
    listing,
    on,
    shown,
)
from services.bots.rag_pipeline.courses import Course, courses, dose_changes
from services.bots.rag_pipeline.drug_lists import list_drugs
from services.bots.rag_pipeline.drugs import described, ordered, source, state
from services.bots.rag_pipeline.lengths import asked_unit, span
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry


def when(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    text = plan.question.text
    if cues.STOPPED.search(text) and not cues.STARTED.search(text):
        course = found[-1]
        if course.current:
            entry = course.current[-1]
            return absent(
                f"{entry.name} is not recorded as stopped: {described(entry)}, {ordered(entry)}.",
                ["no end is recorded"],
                [source(entry)],
            )
        if course.ended_day and course.given:
            entry = course.given[-1]
            return Answer(
                [
                    Statement(
                        f"{entry.name} ended {shown(course.ended_day.isoformat())} ({state(entry)}).",
                        (source(entry),),
                    )
                ],
                date(course.ended_day.isoformat()),
            )
        entry = course.entries[-1]
        return absent(
            f"{entry.name} is recorded as {state(entry)}, but not when it ended (it was {ordered(entry)}).",
            ["the entry has no end date"],
            [source(entry)],
        )
    changes = [c for c in dose_changes(found) if _that_way(text, *c)]
    if not changes and _WAY.search(text) and not cues.STARTED.search(text):
        last = [c.entries[-1] for c in found]
        told = joined([f"{described(e)} ({state(e)}, {ordered(e)})" for e in last])
        return absent(f"Not found in the record: no such change of the dose; recorded is {told}.", ["no two orders differ that way"], list(map(source, last)))
    if (
        cues.CHANGED.search(text)
        or cues.re.search(r"\b(?:raised|lowered|doubled|halved)\b|\bto \d", text, cues.re.IGNORECASE)
    ) and changes:
        to = cues.re.search(r"\bto (\d+(?:\.\d+)?)", text.replace(",", ""))
        matched = (
            [
                c
                for c in changes
                if to and any(abs(a - float(to[1])) < 1e-9 for a, _ in c[1].extra.get("amounts") or ())
            ]
            if to
            else []
        )
        before, after = (matched or changes)[0 if plan.pick == "earliest" else -1]
        return Answer(
            [
                Statement(
                    f"The dose was changed {on(after)}: from {described(before)} to {described(after)}.",
                    (source(before), source(after)),
                )
            ],
            date(after.date),
        )
    given = [e for c in found for e in c.given if e.date]
    (since, until), steps, _ = window(chart, plan)
    given = [e for e in given if e.within(since, until)] or ([] if since or until else given)
    if not given:
        return absent(
            "Not found in the record: no start date.",
            steps,
            [source(e) for c in found for e in c.entries[-1:]],
        )
    given.sort(key=lambda e: e.order)
    if cues.re.search(r"\bnext\b", text, cues.re.IGNORECASE):
        last = given[-1]
        return absent(f"The record does not say when the next dose is due; {described(last)} was last {ordered(last)}.", steps, [source(last)])
    latest = plan.pick == "latest" and (not cues.STARTED.search(text) or bool(cues.DOSES.search(text)))
    if plan.pick == "latest" and ("last" in text.lower() or "recent" in text.lower()) and not re_first(text):
        latest = True
    entry = given[-1] if latest else given[0]
    verb = "last" if latest else "first"
    later = [e for e in given if e is not entry]
    tail = (
        f"; {len(later)} {'further' if not latest else 'earlier'} {'entry' if len(later) == 1 else 'entries'}"
        if later
        else ""
    )
    return Answer(
        [
            Statement(f"{described(entry)} was {verb} {ordered(entry)}{tail}.", (source(entry),)),
            *_end_too(found, plan),
        ],
        date(entry.date, plan.timed),
        steps=steps,
    )


def _end_too(found: list[Course], plan: Plan) -> list[Statement]:
    """The end as well, where start and end are both asked for."""
    if not (cues.STOPPED.search(plan.question.text) and cues.STARTED.search(plan.question.text)):
        return []
    ended = [c for c in found if c.ended_day and c.given]
    return [
        Statement(f"{c.name} ended {shown(c.ended_day.isoformat())} ({state(c.given[-1])}).", (source(c.given[-1]),))
        for c in ended if c.ended_day
    ]  # fmt: skip


def re_first(text: str) -> bool:
    return "first" in text.lower() or "initially" in text.lower()


def dose_history(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    given = [e for c in found for e in c.given]
    if not given:
        return list_drugs(chart, plan, found)
    statements = [Statement(f"{described(e)}: {ordered(e)} ({state(e)}).", (source(e),)) for e in given]
    return Answer(statements, listing(given, described), steps=[f"{len(given)} orders in order of date"])


_SINCE = cues.re.compile(
    r"\bsince (?:the |her |his |their |its )?(?:patient's |patient |pt's )?(?:first|last|latest|most recent|previous|starting|beginning)\b|\bago\b|\bhas it been\b|\bhas passed\b|\belapsed\b",
    cues.re.IGNORECASE,
)


_LAST_TWO = cues.cue(r"between (?:the |her |his )?(?:(?:last|latest|most recent) two|two (?:last|latest|most recent))")


def duration(chart: Chart, plan: Plan, found: list[Course]) -> Answer:
    every = sorted((e for c in found for e in c.given if e.first), key=lambda e: e.order)
    if _LAST_TWO.search(plan.question.text):
        if len(every) < 2:
            return absent("Not found in the record: two of them with a date.", [], list(map(source, every)))
        one, two = every[-2:]
        assert one.first and two.first
        text, result = span(one.first, two.first)
        told = f"{text} between the last two: {one.name}, {ordered(one)}, and {two.name}, {ordered(two)}."
        return Answer([Statement(told, (source(one), source(two)))], asked_unit(plan, result))
    course = found[-1]
    given = [e for e in course.given if e.date]
    if given and _SINCE.search(plan.question.text) and not cues.STOPPED.search(plan.question.text):
        entry = every[0] if plan.pick == "earliest" else every[-1]
        assert entry.first
        text, result = span(entry.first, chart.as_of)
        told = f"{text} ago (to {shown(chart.as_of.isoformat())}): {described(entry)}, {ordered(entry)}."
        return Answer([Statement(told, (source(entry),))], asked_unit(plan, result))
    if not given:
        return absent("Not found in the record: no start date.", [], [source(course.entries[-1])])
    last = course.ended_day or (chart.as_of if course.current else None)
    if last is None:
        entry = course.entries[-1]
        return absent(
            f"{entry.name} is {state(entry)}; it began {on(given[0])}, but the record does not say when it ended.",
            [],
            [source(entry), source(given[0])],
        )
    first = given[0].first
    assert first
    text, result = span(first, last)
    until = "and continues" if course.current else f"until {shown(last.isoformat())}"
    return Answer(
        [
            Statement(
                f"{given[0].name} for {text}: first {ordered(given[0])} {until}.",
                (source(given[0]), *([source(given[-1])] if len(given) > 1 else [])),
            )
        ],
        result,
    )


_WAY = cues.re.compile(r"\b(?:dose|dosage)\b.*\b(?:increas|rais|doubl|up-?titrat|reduc|lower|halv|decreas|chang|adjust)|\b(?:increas|rais|doubl|up-?titrat|reduc|lower|halv|decreas)(?:ed|d)\b", cues.re.IGNORECASE)
_UP = cues.re.compile(r"\b(?:increas|rais|doubl|up-?titrat)", cues.re.IGNORECASE)
_DOWN = cues.re.compile(r"\b(?:reduc|lower|halv|decreas)", cues.re.IGNORECASE)


def _that_way(text: str, before: Entry, after: Entry) -> bool:
    """Whether the dose went the way that the question says; where either amount is not told, it may have."""
    first, second = (e.extra.get("amounts") or () for e in (before, after))
    if not first or not second or bool(_UP.search(text)) == bool(_DOWN.search(text)):
        return True
    return second[0][0] > first[0][0] if _UP.search(text) else second[0][0] < first[0][0]


def changes(chart: Chart, plan: Plan) -> Answer:
    """What was started, changed or stopped in a period, or at a visit."""
    (since, until), steps, anchored = window(chart, plan)
    every = courses(chart.entries("medication"), chart.as_of)
    if not anchored or not every:
        return absent("Not found in the record: no such visit, or no medication.", steps)
    if not since and not until:
        visits = [e for e in chart.entries("encounter") if e.first]
        if visits and "visit" in plan.question.text.lower():
            since = until = visits[-1].first
    statements, entries = [], []
    pairs = {b.reference: a for a, b in dose_changes(every)}
    for course in every:
        for place, entry in enumerate(course.given):
            if not entry.within(since, until) or entry.extra.get("statement"):
                continue
            before = pairs.get(entry.reference)
            if before:
                text = f"{entry.name}: changed from {before.extra.get('dose') or before.name} ({before.name}) to {entry.extra.get('dose') or 'no dose'} {on(entry)}."
                statements.append(Statement(text, (source(before), source(entry))))
            elif place == 0:
                statements.append(Statement(f"{described(entry)}: started {on(entry)}.", (source(entry),)))
            else:
                statements.append(
                    Statement(f"{described(entry)}: ordered again {on(entry)}.", (source(entry),))
                )
            entries.append(entry)
        end = course.ended_day
        if end and not (since and end < since) and not (until and end > until) and course.given:
            statements.append(
                Statement(
                    f"{course.name}: ended {shown(end.isoformat())} ({state(course.given[-1])}).",
                    (source(course.given[-1]),),
                )
            )
            entries.append(course.given[-1])
    if not statements:
        return Answer(
            [Statement("No medication change is recorded in what was asked about.")],
            listing([]),
            steps=steps,
            certainty=0.85,
        )
    return Answer(statements, listing(entries), steps=steps)
