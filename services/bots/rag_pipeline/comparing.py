"""How values changed: trends, before and after, then and now."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence

from services.bots.rag_pipeline import cues, series
from services.bots.rag_pipeline.answer import Answer, Statement, absent, listing, on, shown
from services.bots.rag_pipeline.pairs import answering, difference, in_a_row, pair_of, shown_value
from services.bots.rag_pipeline.plan import Moment, Plan
from services.bots.rag_pipeline.series import PRESSURE, said, source
from services.bots.rag_pipeline.statistic import extreme_of, picked
from services.bots.rag_pipeline.windows import anchored, event_of, window
from services.chart.chart import Chart
from services.chart.entry import Entry

# A change of less than this share of the larger value is worded as stable; the numbers are always given.
STABLE = 0.02


def trend(chart: Chart, plan: Plan) -> Answer:
    """First, last, extremes, direction; every value in the period is a source."""
    entries, steps, anchored = series.inside(chart, plan)
    if not entries or not anchored:
        return series.nothing(chart, plan, steps)
    if PRESSURE in entries[-1].own:
        return _pressure(entries, steps)
    pairs, unit = series.numbers(entries)
    if not pairs:
        statements = [Statement(f"{said(e)}.", (source(e),)) for e in entries[-8:]]
        return Answer(statements, listing(entries), steps=steps)
    if len(pairs) == 1:
        text = f"The record holds one {entries[-1].name} in the period, so there is no trend: {said(entries[-1])}."
        return Answer(
            [Statement(text, (source(entries[-1]),))],
            _result(pairs, unit, "single"),
            steps=steps,
            series=entries,
        )
    figures = [v for _, v in pairs]
    way = direction(figures)
    first, last = pairs[0], pairs[-1]
    shown_unit = last[0].measure.unit if last[0].measure else unit
    steps.append(
        f"{way}: first {first[1]:g}, last {last[1]:g}, lowest {min(figures):g}, highest {max(figures):g}"
    )
    verb = {"rising": "rose", "falling": "fell", "stable": "was stable", "fluctuating": "fluctuated"}[way]
    delta = difference(first[1], last[1], [e for e, _ in (first, last)])
    delta += f" {shown_unit}" if shown_unit and last[1] != first[1] else ""
    lead = f"{last[0].name} {verb}, from {shown_value(first[0])} {on(first[0])} to {shown_value(last[0])} {on(last[0])} ({delta}, {len(pairs)} values)."
    asked = next((name for name, cue in cues.TREND_WORDS.items() if cue.search(plan.question.text)), "")
    if asked and plan.yes_no:
        lead = f"{'Yes' if asked == way else 'No'}: {lead}"
    statements = [Statement(lead, tuple(source(e) for e, _ in pairs))]
    high, low = max(pairs, key=lambda p: p[1]), min(pairs, key=lambda p: p[1])
    if len(pairs) > 2 and {high[0].id, low[0].id} - {first[0].id, last[0].id}:
        text = f"The highest was {shown_value(high[0])} {on(high[0])}, the lowest {shown_value(low[0])} {on(low[0])}."
        statements.append(Statement(text, (source(high[0]), source(low[0]))))
    return Answer(statements, _result(pairs, unit, way), steps=steps, series=entries)


def _pressure(entries: list[Entry], steps: list[str]) -> Answer:
    pairs = series.pressures(entries)
    if len(pairs) < 2:
        entry = entries[-1]
        return Answer([Statement(f"{said(entry)}.", (source(entry),))], series.result_of(entry), steps=steps)
    tops = [p[0] for _, p in pairs]
    way = direction(tops)
    first, last = pairs[0][0], pairs[-1][0]
    verb = {"rising": "rose", "falling": "fell", "stable": "was stable", "fluctuating": "fluctuated"}[way]
    text = f"Blood pressure {verb}, from {shown_value(first)} {on(first)} to {shown_value(last)} {on(last)} ({len(pairs)} values)."
    result = _result([(e, p[0]) for e, p in pairs], "mm[Hg]", way)
    for point, (_, pair) in zip(result["value"]["points"], pairs, strict=True):
        point["diastolic"] = pair[1]
    return Answer([Statement(text, tuple(source(e) for e, _ in pairs))], result, steps=steps, series=entries)


def direction(figures: Sequence[float]) -> str:
    """rising, falling, stable or fluctuating: by the ends, unless the way between them goes far beyond."""
    first, last = figures[0], figures[-1]
    change = last - first
    size = max(abs(first), abs(last)) or 1.0
    spread = max(figures) - min(figures)
    if abs(change) <= STABLE * size:
        return "stable" if spread <= 5 * STABLE * size else "fluctuating"
    if spread > 2.5 * abs(change) and len(figures) > 3:
        return "fluctuating"
    return "rising" if change > 0 else "falling"


def _result(pairs: Sequence[tuple[Entry, float]], unit: str, way: str) -> dict:
    first, last = pairs[0][1], pairs[-1][1]
    points = [{"date": (e.date or "")[:10], "value": v, "source": e.reference} for e, v in pairs]
    value = {
        "direction": way,
        "first": first,
        "last": last,
        "change": round(last - first, 4),
        "points": points,
    }
    return {"type": "trend", "value": value, "unit": unit or None}


def compare(chart: Chart, plan: Plan) -> Answer:
    """Two values of one thing: before and after an event, then and now, or between two moments."""
    everything = series.series(chart, plan.target)
    if not everything:
        return series.nothing(chart, plan, plan.steps)
    (since, until), steps, found = window(chart, plan)
    if not found and len(plan.moments) < 2:
        return absent(f"Not found in the record: {steps[-1]}", steps)
    if plan.others:
        return _two_things(chart, plan)
    pair = in_a_row(chart, plan)
    if pair is not None:
        return pair
    if (against := _then_and_now(chart, plan, everything, steps)) is not None:
        return against
    if len(plan.moments) >= 1 and not any(
        a.relation in ("both", "since", "before", "after") for a in plan.anchors
    ):
        found_pair = _by_moments(chart, plan, everything)
        if found_pair is not None:
            return found_pair
    visits = re.search(
        r"\b(?:last|past|previous|most recent) (?:two|2) (?:visits?|values?|readings?|results?|measurements?|draws?|checks?|times?)",
        plan.question.text,
        re.IGNORECASE,
    )
    if visits and len(everything) >= 2:
        return pair_of(everything[-2], everything[-1], [*steps, "the last two values"])
    both = next((a for a in plan.anchors if a.relation == "both"), None)
    if both is not None:
        event = event_of(chart, both)
        if event is None:
            return absent(f"Not found in the record: {both.text.strip()}.", steps)
        day = event[1]
        before = [e for e in everything if e.last and e.last <= day]
        after = [e for e in everything if e.first and e.first > day]
        if not before or not after:
            return absent(
                f"There are no values on both sides of {shown(day.isoformat())} ({event[0].name}).",
                steps,
                [source(everything[-1])],
            )
        return pair_of(
            before[-1], after[0], steps, f" Between them: {event[0].name}, {shown(day.isoformat())}."
        )
    inside = [e for e in everything if e.within(since, until)]
    text = plan.question.text
    if (
        since
        and until
        and not plan.anchors
        and re.search(r"\b(?:ago|last year|last month|previous year|year before)\b", text, re.IGNORECASE)
    ):
        # "compared with a year ago": the value nearest to that day.
        middle = since + (until - since) / 2
        older = _nearest(everything[:-1], middle)
        if older is None:
            return absent(
                f"The record holds only one value: {said(everything[-1])}.", steps, [source(everything[-1])]
            )
        return pair_of(
            older, everything[-1], [*steps, f"the value nearest to {middle.isoformat()} and the latest"]
        )
    if since and until is None and not plan.anchors:
        start = inside
    elif since and plan.anchors:
        # Since an event: the last value up to it is what it is measured against.
        at = [e for e in everything if e.last and e.last <= since]
        start = [at[-1], *[e for e in inside if e is not at[-1]]] if at else inside
    else:
        start = inside
    if plan.pick == "previous" or re.search(
        r"\b(?:previous|prior|last time|the one before|last one|preceding)\b", text, re.IGNORECASE
    ):
        start = everything[-2:]
    if len(start) < 2:
        if not start:
            return series.nothing(chart, plan, steps)
        return absent(f"There is only one value to compare: {said(start[-1])}.", steps, [source(start[-1])])
    if plan.pick in ("highest", "lowest"):
        extreme = extreme_of(start, plan.pick)
        return pair_of(extreme or start[0], start[-1], [*steps, f"the {plan.pick} and the latest"])
    return pair_of(start[0], start[-1], [*steps, "the first and the last value in the period"])


def _then_and_now(chart: Chart, plan: Plan, everything: list[Entry], steps: list[str]) -> Answer | None:
    """"Lower now than before atorvastatin": the last value up to an event, and the latest."""
    if len(plan.anchors) != 1 or plan.anchors[0].relation not in ("before", "at") or not any(m.now for m in plan.moments):
        return None
    event = event_of(chart, plan.anchors[0], plan)
    before = [e for e in everything if event and e.last and e.last <= event[1]]
    if not before or before[-1] is everything[-1]:
        return None
    pair = pair_of(before[-1], everything[-1], [*steps, "the last value up to then, and the latest"])
    return answering(plan, pair, everything[-1], before[-1])


_ANOTHER = re.compile(r"\b(?:now|today|current|latest|most recent|since|than|vs\.?|versus|against|compar\w+|before|after|from|until|previous|relative)\b", re.IGNORECASE)


def _by_moments(chart: Chart, plan: Plan, everything: list[Entry]) -> Answer | None:
    """The values at two times that the question names, or at one and now."""
    moments = plan.moments[:2]
    if len(moments) == 2 and _FROM_TO.search(plan.question.text) and _single_days(moments):
        # From one day to another: from the first value of the one to the last of the other.
        moments = [dataclasses.replace(moments[0], pick="earliest"), moments[1]]
    chosen = [_at(chart, plan, moment, everything) for moment in moments]
    if len(chosen) == 1 and plan.moments[0].anchor and plan.moments[0].anchor.relation == "during" and not _ANOTHER.search(plan.question.text):
        # "Weight lost in hospital": the first and the last value of that time.
        within_it = anchored(chart, plan.moments[0].anchor, plan)
        inside = [e for e in everything if e.within(*within_it[0])] if within_it else []
        if len(inside) > 1:
            return answering(plan, pair_of(inside[0], inside[-1], ["the first and the last value of that time"]), inside[-1], inside[0])
    only = plan.moments[0]
    if len(chosen) == 1 and only.since and only.until and only.since != only.until and not _ANOTHER.search(plan.question.text):
        # "Weight change in 2026": within that time.
        inside = [e for e in everything if e.within(only.since, only.until)]
        if len(inside) > 1:
            return answering(plan, pair_of(inside[0], inside[-1], ["the first and the last value of that time"]), inside[-1], inside[0])
    if len(chosen) == 1:
        if plan.moments[0].until is None and plan.moments[0].anchor is None:
            return None  # "since 2024" is a stretch, not a moment
        if re.search(r"\bsince\b", plan.question.text, re.IGNORECASE):
            return None
        chosen.append(everything[-1])
        if chosen[0] is everything[-1] and len(everything) > 1 and plan.moments[0].now:
            return None
        if re.match(
            r"\W*compare\b|.*\bcompared (?:to|with)\b|.*\bthan\b|.*\bvs\b", plan.question.text, re.IGNORECASE
        ):
            chosen.reverse()
    one, two = chosen
    if one is None or two is None:
        which = plan.moments[0] if one is None else plan.moments[-1]
        label = which.anchor.text if which.anchor else f"{which.since or ''} to {which.until or ''}"
        known = [e for e in chosen if e]
        return absent(
            f"Not found in the record: no {everything[-1].name} for {label.strip()}.",
            plan.steps,
            list(map(source, known)),
        )
    if one is two:
        return absent(f"There is only one value for both times: {said(one)}.", plan.steps, [source(one)])
    return answering(plan, pair_of(one, two, ["the values at the two times named"]), one, two)


_FROM_TO = re.compile(r"\b(?:between|from)\b", re.IGNORECASE)


def _single_days(moments: Sequence[Moment]) -> bool:
    """Whether both are days, in the order of time, and neither says which value of it."""
    days = [m.since for m in moments if m.since and m.since == m.until and not m.anchor and not m.pick]
    return len(days) == 2 and days[0] < days[1]


def _at(chart: Chart, plan: Plan, moment: Moment, everything: list[Entry]) -> Entry | None:
    if moment.now:
        return everything[-1]
    if moment.anchor is not None:
        found = anchored(chart, moment.anchor, plan)
        if found is None:
            return None
        (since, until), _ = found
        inside = [e for e in everything if e.within(since, until)] or series.near(everything, since, until)
        if not inside:
            return None
        if plan.pick in ("highest", "lowest"):
            return extreme_of(inside, plan.pick)
        start = (
            moment.anchor.relation == "at-start" or moment.anchor.edge == "start" or moment.pick == "earliest"
        )
        return inside[0] if start else inside[-1]
    inside = [e for e in everything if e.within(moment.since, moment.until)]
    if inside and plan.pick in ("highest", "lowest"):
        return extreme_of(inside, plan.pick)
    if inside and moment.pick == "earliest":
        return inside[0]
    if inside and not re.search(r"\bago\b", plan.question.text, re.IGNORECASE):
        return inside[-1]
    if (
        moment.since
        and moment.until
        and re.search(r"\bago\b|last year|last month", plan.question.text, re.IGNORECASE)
    ):
        return _nearest(everything[:-1], moment.since + (moment.until - moment.since) / 2)
    return None


def _nearest(entries: Sequence[Entry], day: dt.date) -> Entry | None:
    dated = [(abs((e.first - day).days), e) for e in entries if e.first]
    return min(dated, key=lambda p: p[0])[1] if dated else None


def _two_things(chart: Chart, plan: Plan) -> Answer:
    one, steps, _ = series.inside(chart, plan)
    two, _, _ = series.inside(chart, plan, plan.others[0])
    if not one or not two:
        return series.nothing(chart, plan, steps)
    first, second = picked(one, plan.pick), picked(two, plan.pick)
    text = f"{said(first)}; {said(second)}."
    value = {
        "first": {"value": first.measure.amount if first.measure else None, "date": (first.date or "")[:10], "source": first.reference},
        "second": {"value": second.measure.amount if second.measure else None, "date": (second.date or "")[:10], "source": second.reference},
        "change": None,
    }  # fmt: skip
    return Answer(
        [Statement(text, (source(first), source(second)))],
        {"type": "comparison", "value": value, "unit": None},
        steps=steps,
    )
