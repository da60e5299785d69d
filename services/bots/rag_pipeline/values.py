"""Questions about measured values: latest, highest, mean, trends, comparisons, flags, counts."""

from __future__ import annotations

from services.bots.rag_pipeline import cues
from services.bots.rag_pipeline.answer import (
    Answer,
    Statement,
    absent,
    clock,
    date,
    joined,
    listing,
    number,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.presence import FORMER
from services.bots.rag_pipeline.ranges import holds, range_state, state_asked
from services.bots.rag_pipeline.selecting import meets
from services.bots.rag_pipeline.series import (
    inside,
    nothing,
    result_of,
    said,
    series,
    source,
    wanted_state,
)
from services.bots.rag_pipeline.statistic import extreme, extreme_of, picked, statistic
from services.bots.rag_pipeline.windows import window
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.stays import stays


def value(chart: Chart, plan: Plan) -> Answer:
    """One value, several, or a statistic."""
    entries, steps, anchored = inside(chart, plan)
    if not entries and anchored and plan.ask == "list" and (wanted := wanted_state(plan)) and (every := series(chart, plan.target)):
        text = f"None is {wanted}; the latest is {said(every[-1])}."
        return Answer([Statement(text, (source(every[-1]),))], listing([]), steps=steps, certainty=0.9)
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    if plan.others:
        return _several(chart, plan, entries, steps)
    if _COURSE_OF_A_STAY.search(plan.question.text) and (told := _through_a_stay(chart, plan, steps)) is not None:
        return told
    if plan.bounds:
        kept = [e for e in entries if meets(e, plan)]
        return _list(kept or [], steps, plan, entries)
    if plan.ask == "list":
        return _list(entries, steps, plan, entries)
    if not plan.pick and any(a.relation == "at-start" or a.edge == "start" for a in plan.anchors):
        plan.pick = "earliest"
    if plan.nth > 0:
        return _nth(entries, plan.nth, steps)
    if plan.pick in ("mean", "median"):
        return statistic(entries, plan.pick, steps)
    if plan.pick in ("highest", "lowest"):
        return extreme(chart, entries, plan.pick, steps)
    if plan.count > 1:
        return _list(entries, steps, plan, entries)
    if plan.pick == "previous":
        if len(entries) < 2:
            return absent(
                f"The record holds only one {entries[-1].name}: {said(entries[-1])}.",
                steps,
                [source(entries[-1])],
            )
        entry = entries[-2]
    else:
        entry = entries[0] if plan.pick == "earliest" else entries[-1]
    which = "first" if plan.pick == "earliest" else "one before last" if plan.pick == "previous" else "latest"
    steps.append(f"the {which} of {len(entries)}")
    same = [
        e
        for e in entries
        if e.date == entry.date
        and e is not entry
        and e.measure
        and entry.measure
        and e.measure.text != entry.measure.text
    ]
    statements = [Statement(f"{said(entry)}.", (source(entry),))]
    if entry.measure and entry.measure.range_text:
        statements[0] = Statement(
            f"{said(entry)}; reference range {entry.measure.range_text}.", (source(entry),)
        )
    if same:
        statements.append(
            Statement(f"At the same time also: {joined([said(e) for e in same])}.", tuple(map(source, same)))
        )
    return Answer(statements, result_of(entry), steps=steps, series=entries)


_COURSE_OF_A_STAY = cues.re.compile(
    r"\badmission\b.{1,12}\bdischarge\b.{1,8}\b(?:now|today|current(?:ly)?|latest|last|most recent(?:ly)?|at present)\b", cues.re.IGNORECASE
)


def _through_a_stay(chart: Chart, plan: Plan, steps: list[str]) -> Answer | None:
    """The values on admission, at discharge and now, of the last stay that has any."""
    every = series(chart, plan.target)
    for stay in reversed(stays(chart)):
        held = [e for e in every if e.within(stay.first, stay.last)]
        if len(held) > 1 and stay.end:
            chosen = (("On admission", held[0]), ("At discharge", held[-1]), ("The latest", every[-1]))
            statements = [Statement(f"{when}: {said(e)}.", (source(e),)) for when, e in chosen]
            return Answer(statements, listing([e for _, e in chosen]), steps=[*steps, f"the stay of {stay.main.reference}"], series=every)
    return None


def _nth(entries: list[Entry], nth: int, steps: list[str]) -> Answer:
    if len(entries) < nth:
        text = f"The record holds only {len(entries)}: {joined([said(e) for e in entries])}."
        return absent(text, steps, [source(e) for e in entries])
    entry = entries[nth - 1]
    steps.append(f"number {nth} of {len(entries)}")
    return Answer(
        [Statement(f"{said(entry)}.", (source(entry),))], result_of(entry), steps=steps, series=entries
    )


def _several(chart: Chart, plan: Plan, entries: list[Entry], steps: list[str]) -> Answer:
    chosen = [picked(entries, plan.pick)]
    missing = []
    for target in plan.others:
        more, _, _ = inside(chart, plan, target)
        if more:
            chosen.append(picked(more, plan.pick))
        else:
            missing.append(target.label)
    statements = [Statement(f"{said(e)}.", (source(e),)) for e in chosen]
    if missing:
        statements.append(Statement(f"Not found in the record: {joined(missing)}."))
    return Answer(statements, listing(chosen), steps=steps)


def _list(entries: list[Entry], steps: list[str], plan: Plan, looked: list[Entry]) -> Answer:
    if not entries:
        text = f"None of the {len(looked)} {looked[-1].name} results is in the range asked for."
        return Answer([Statement(text, tuple(map(source, looked[-3:])))], listing([]), steps=steps)
    steps.append(f"{len(entries)} values listed")
    statements = [Statement(f"{said(e)}.", (source(e),)) for e in reversed(entries)]
    return Answer(statements, listing(list(reversed(entries))), steps=steps, series=entries)


def flag(chart: Chart, plan: Plan) -> Answer:
    """Is the latest value normal, high, low, in range?"""
    entries, steps, anchored = inside(chart, plan)
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    entry = picked(entries, plan.pick)
    measure = entry.measure
    text = plan.question.text
    state = range_state(measure) if measure else None
    if state is None:
        note = f"{said(entry)}; the record gives neither a reference range nor an interpretation for it."
        return absent(note, steps, [source(entry)])
    if (told := _all_of_a_time(plan, entries, steps)) is not None:
        return told
    yes = holds(state, state_asked(text) or ("abnormal" if _OFF.search(text) else "low" if _UNDER.search(text) else "high" if _OVER.search(text) else "normal"))
    reference = f"; reference range {measure.range_text}" if measure and measure.range_text else ""
    words_of = {
        "high": "above the reference range",
        "low": "below the reference range",
        "normal": "within the reference range",
        "abnormal": "flagged abnormal",
    }[state]
    steps.append(f"the latest value is {words_of}")
    return Answer(
        [Statement(f"{'Yes' if yes else 'No'}: {said(entry)}, {words_of}{reference}.", (source(entry),))],
        truth(yes),
        steps=steps,
        series=entries,
    )


_ALL_ALONG = cues.cue(r"been|throughout|always|stay(?:ed)?|remain(?:ed)?|consistently|all along|all (?:the )?time")


def _all_of_a_time(plan: Plan, entries: list[Entry], steps: list[str]) -> Answer | None:
    """Whether all values of a time were normal; None where one is asked about."""
    text = plan.question.text
    known = [(e, state) for e in entries if e.measure and (state := range_state(e.measure))]
    if len(known) < 2 or plan.pick or not _ALL_ALONG.search(text) or not (plan.since or plan.until or plan.anchors) or state_asked(text) != "normal":
        return None
    outside = [(e, state) for e, state in known if state != "normal"]
    last = entries[-1]
    words_of = f"all {len(known)} values are within their reference range" if not outside else f"{len(outside)} of {len(known)} values are outside their reference range"
    worst = joined([f"{said(e)}, {state}" for e, state in outside[-4:]])
    told = f"{'No' if outside else 'Yes'}: {words_of}{f', most recently {worst}' if outside else f'; the latest is {said(last)}'}."
    return Answer([Statement(told, tuple(source(e) for e, _ in outside or known))], truth(not outside), steps=steps, series=entries)


_OFF = cues.cue(r"off|outside|out of")
_UNDER = cues.cue(r"under|below|deficien\w*")
_OVER = cues.cue(r"above|over|exceed\w*")


def reference_range(chart: Chart, plan: Plan) -> Answer:
    entries, steps, _ = inside(chart, plan)
    with_range = [e for e in entries if e.measure and e.measure.range_text]
    if not with_range:
        return (
            nothing(chart, plan, steps)
            if not entries
            else absent(
                f"The record gives no reference range for {entries[-1].name}.", steps, [source(entries[-1])]
            )
        )
    entry = with_range[-1]
    assert entry.measure
    text = f"The reference range of {entry.name} is {entry.measure.range_text} ({said(entry)})."
    return Answer([Statement(text, (source(entry),))], words(entry.measure.range_text), steps=steps)


def when(chart: Chart, plan: Plan) -> Answer:
    """The day of a value."""
    entries, steps, anchored = inside(chart, plan)
    if plan.bounds:
        entries = [e for e in entries if meets(e, plan)]
        if not entries:
            return absent("Not found in the record: no value in the range asked for.", steps)
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    habit = plan.target.concepts[:1] and plan.target.concepts[0].startswith("social:")
    if habit and cues.STOPPED.search(plan.question.text):
        past = [e for e in entries if e.measure and FORMER.match(e.measure.text)]
        if past:
            text = f"First recorded as past: {said(past[0])}."
            return Answer(
                [Statement(text, (source(past[0]),))], date(past[0].date), steps=steps, certainty=0.8
            )
        return absent(f"Not recorded as past: {said(entries[-1])}.", steps, [source(entries[-1])])
    if plan.pick in ("highest", "lowest"):
        entry = extreme_of(entries, plan.pick) or entries[-1]
    elif plan.pick == "previous" and len(entries) > 1:
        entry = entries[-2]
    else:
        first = plan.pick == "earliest" or (
            plan.bounds and plan.pick != "latest" and cues.CROSSED.search(plan.question.text)
        )
        entry = entries[0] if first else entries[-1]
    return Answer(
        [Statement(f"{said(entry)}{clock(entry) if plan.timed else ''}.", (source(entry),))],
        date(entry.date, plan.timed), steps=steps, series=entries,
    )  # fmt: skip


def count(chart: Chart, plan: Plan) -> Answer:
    entries, steps, anchored = inside(chart, plan)
    if not anchored:
        return nothing(chart, plan, steps)
    if plan.bounds:
        entries = [e for e in entries if meets(e, plan)]
    wanted = wanted_state(plan)
    label = f"{wanted} {plan.target.label or 'such result'}".strip()
    if not entries:
        return Answer(
            [Statement(f"None: no {label} {'in the range asked for ' if plan.bounds else ''}is recorded in what was asked about.")],
            number(0),
            steps=steps,
            certainty=0.9,
        )
    steps.append(f"counted {len(entries)}")
    text = f"{len(entries)} {f'{wanted} ' if wanted else ''}{entries[-1].name} {'results' if len(entries) != 1 else 'result'}, from {shown(entries[0].date)} to {shown(entries[-1].date)}."
    return Answer(
        [Statement(text, tuple(map(source, entries)))], number(len(entries)), steps=steps, series=entries
    )


def value_on(chart: Chart, plan: Plan) -> Answer:
    """The value of one thing on the day when another was highest, lowest or last."""
    target, other = plan.target, plan.others[0]
    second = series(chart, other)
    (since, until), _, _ = window(chart, plan)
    second = [e for e in second if e.within(since, until)]
    if not second:
        return absent(f"Not found in the record: no result for {other.label}.", plan.steps)
    told = [b.value for b in plan.bounds if b.op == "=" and b.concept in other.concepts]
    if told:  # "when the TSH was 6.8": that one, not the last
        second = [e for e in second if e.measure and e.measure.amount in told]
        if not second:
            return absent(f"Not found in the record: no {other.label} of {told[0]:g}.", plan.steps)
    pivot = picked(second, plan.pick)
    day = (pivot.date or "")[:10]
    same = [e for e in series(chart, target) if (e.date or "")[:10] == day]
    if not same:
        return absent(
            f"Not found in the record: no {target.label} on {shown(day)}, the day of {said(pivot)}.",
            plan.steps,
            [source(pivot)],
        )
    entry = same[-1]
    text = f"{said(entry)}, the day of {said(pivot)}."
    return Answer(
        [Statement(text, (source(entry), source(pivot)))],
        result_of(entry),
        steps=[f"{other.label}: {said(pivot)}"],
    )
