"""Two values side by side: how they are told, and which two are meant by their place in a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline import cues, series
from services.bots.rag_pipeline.answer import Answer, Statement, on
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import pressure
from services.bots.rag_pipeline.series import PRESSURE, SYSTOLIC, amount, source
from services.chart.chart import Chart
from services.chart.entry import Entry


def shown_value(entry: Entry) -> str:
    return entry.measure.text if entry.measure else "no value"


def _places(entry: Entry) -> int:
    text = shown_value(entry).split()[0] if shown_value(entry) else ""
    return len(text.partition(".")[2]) if re.fullmatch(r"[-−–]?[\d.,]+", text) else 0


def difference(first: float, last: float, entries: Sequence[Entry]) -> str:
    change = round(last - first, max(map(_places, entries)) if entries else 2)
    return f"{change:+g}" if change else "no change"


_LAST_TWO = re.compile(
    r"\b(?:second[- ]to[- ]last|next[- ]to[- ]last|penultimate|one before(?: it| that| the last)?|last (?:and|vs\.?|versus|to|with) (?:the )?previous|previous one|last two|two (?:most recent|latest|last|newest)|(?:latest|newest|most recent) two|(?:last|latest) 2)\b",
    re.IGNORECASE,
)


_NTH = {"first": 0, "initial": 0, "earliest": 0, "second": 1, "third": 2, "fourth": 3, "last": -1, "latest": -1, "final": -1}
_PLACE = "|".join(_NTH)
_PLACES = re.compile(
    rf"\b(?P<a>{_PLACE})\b(?! (?:hospital |clinic |ed |icu )?(?:visit|stay|admission|hospitali[sz]ation|encounter))[^?]*?"
    rf"\b(?:than|to|with|vs\.?|versus) (?:the )?(?P<b>{_PLACE})(?: [\w-]+)? (?:value|measurement|reading|result|level|measured)\b",
    re.IGNORECASE,
)


_BETWEEN_PLACES = re.compile(
    rf"\bbetween (?:the |her |his )?(?P<a>{_PLACE})(?: [\w-]+){{0,3}}? and (?:the |her |his )?(?P<b>{_PLACE})\b(?![- ]to[- ]last)(?! (?:hospital |clinic |ed |icu )?(?:visit|stay|admission|hospitali[sz]ation|encounter))",
    re.IGNORECASE,
)


def _extremes(plan: Plan, entries: Sequence[Entry], steps: list[str]) -> Answer | None:
    """The lowest and the highest value, side by side."""
    known = [(v, e) for e in entries if (v := amount(e, e.measure.code if e.measure else "")) is not None]
    if len(known) < 2:
        return None
    low, high = min(known, key=lambda p: p[0])[1], max(known, key=lambda p: p[0])[1]
    found = pair_of(low, high, [*steps, "the lowest and the highest value"])
    text = f"{low.name}: lowest {shown_value(low)} {on(low)}, highest {shown_value(high)} {on(high)}, of {len(known)}."
    found.statements[0] = Statement(text, found.statements[0].sources)
    return found


def in_a_row(chart: Chart, plan: Plan) -> Answer | None:
    """Two values named by their place in one row: the last and the one before it, the first and the last of a stay."""
    text = plan.question.text
    if len([m for m in plan.moments if m.anchor is not None]) > 1:
        return None
    last_two, ends = _LAST_TWO.search(text), cues.FIRST_AND_LAST.search(text)
    places, extremes = _BETWEEN_PLACES.search(text) or _PLACES.search(text), cues.EXTREMES.search(text)
    if not last_two and not ends and not places and not extremes:
        return None
    entries, steps, found = series.inside(chart, plan)
    if len(entries) < 2 or not found:
        return None
    if extremes:
        return _extremes(plan, entries, steps)
    if places and ({"second", "third", "fourth"} & {places["a"].lower(), places["b"].lower()}):
        ends = last_two = None  # "the second and the first": not the last of them
    if places and not ends and not last_two:
        a, b = _NTH[places["a"].lower()], _NTH[places["b"].lower()]
        if a == b or max(a, b) >= len(entries):
            return None
        told = [*steps, f"the {places['a'].lower()} and the {places['b'].lower()} of {len(entries)} values"]
        return answering(plan, pair_of(entries[b], entries[a], told), entries[a], entries[b])
    if last_two:
        pair = pair_of(entries[-2], entries[-1], [*steps, "the last value and the one before it"])
        return answering(plan, pair, entries[-1], entries[-2])
    return answering(
        plan,
        pair_of(entries[0], entries[-1], [*steps, "the first and the last value"]),
        entries[-1],
        entries[0],
    )


_MORE = re.compile(r"\b(?:up|higher|rise|risen|rose|increased?|climb(?:ed)?|more|heavier|greater|above|larger)\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:down|lower|fall(?:en)?|fell|drop(?:ped)?|decreased?|less|lighter|below|smaller|reduced)\b", re.IGNORECASE
)


def answering(plan: Plan, answer: Answer, one: Entry, two: Entry) -> Answer:
    """With yes or no before it, where it was asked whether the later (or first named) value is higher or lower."""
    more, less = _MORE.search(plan.question.text), _LESS.search(plan.question.text)
    if not plan.yes_no or bool(more) == bool(less) or not answer.result:
        return answer
    if not re.search(r"\bthan\b", plan.question.text, re.IGNORECASE):
        one, two = sorted((one, two), key=lambda e: e.order, reverse=True)
    a, b = amount(one, ""), amount(two, "")
    if a is not None and b is not None:
        first = answer.statements[0]
        yes = a > b if more else a < b
        answer.statements[0] = Statement(f"{'Yes' if yes else 'No'}: {first.text}", first.sources)
    return answer


def pair_of(first: Entry, second: Entry, steps: list[str], more: str = "") -> Answer:
    unit = second.measure.code if second.measure else ""
    a, b = amount(first, unit), amount(second, unit)
    if PRESSURE in second.own and a is None:
        tops = [pressure(shown_value(e)) for e in (first, second)]
        a, b, unit = (tops[0] or (None,))[0], (tops[1] or (None,))[0], "mm[Hg]"
    name = second.name
    if a is None or b is None:
        text = f"{name} was {shown_value(first)} {on(first)} and {shown_value(second)} {on(second)}.{more}"
        change = None
    else:
        change = round(b - a, 4)
        # Told in the order of time, whichever of the two was named first.
        told = (first, second) if first.order <= second.order else (second, first)
        rise = change if told[0] is first else -change
        verb = "rose" if rise > 0 else "fell" if rise < 0 else "did not change"
        shown_unit = second.measure.unit if second.measure else ""
        share = (
            f", {abs(change) / abs(base) * 100:.0f} %"
            if (base := a if told[0] is first else b)
            and change
            and SYSTOLIC not in second.own
            and PRESSURE not in second.own
            else ""
        )
        by = (
            f" by {difference(a, b, (first, second)).lstrip('+-')} {shown_unit}{share}"
            if change and PRESSURE not in second.own
            else ""
        )
        text = f"{name} {verb}{by}: {shown_value(told[0])} {on(told[0])}, {shown_value(told[1])} {on(told[1])}.{more}"
    value = {
        "first": {"value": a if a is not None else shown_value(first), "date": (first.date or "")[:10], "source": first.reference},
        "second": {"value": b if b is not None else shown_value(second), "date": (second.date or "")[:10], "source": second.reference},
        "change": change,
    }  # fmt: skip
    return Answer(
        [Statement(text, (source(first), source(second)))],
        {"type": "comparison", "value": value, "unit": unit or None},
        steps=steps,
        series=[first, second],
    )
