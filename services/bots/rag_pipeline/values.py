"""Questions about measured values: latest, highest, mean, trends, comparisons, flags, counts."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    date,
    joined,
    listing,
    number,
    on,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.plan import Plan, Target
from services.bots.rag_pipeline.selecting import happened, matching, meets, split_stems, window
from services.chart.chart import Chart
from services.chart.entry import Entry, Measure
from services.chart.naming import closeness
from services.index.text.interpretation import INTERPRETATIONS
from services.knowledge.units import convert

PRESSURE, SYSTOLIC = "vital:blood-pressure", "vital:systolic-blood-pressure"
HIGH = frozenset(["H", "HH", "HU", ">"])
LOW = frozenset(["L", "LL", "LU", "<"])
ABNORMAL = HIGH | LOW | {"A", "AA"}


def series(chart: Chart, target: Target) -> list[Entry]:
    """The results of a target, oldest first: one quantity, not several that share a name."""
    entries = [e for e in matching(chart, target, ("result",)) if e.measure and happened(e)]
    if target.concepts and target.concepts[0] == PRESSURE:
        exact = [e for e in entries if PRESSURE in e.own]
        entries = exact or [e for e in entries if SYSTOLIC in e.own]
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_quantity(entry), []).append(entry)
    if len(groups) > 1:
        asked = set(split_stems(target.label))
        concept = target.concepts[0] if target.concepts else ""

        def fit(group: list[Entry]) -> tuple:
            words_of = set(split_stems(group[-1].name))
            exact = closeness(group[-1].own, group[-1].named, concept) == 3 if concept else False
            return (len(asked & words_of) == len(asked), exact, len(asked & words_of) - 0.1 * len(words_of - asked), len(group))

        best = max(groups.values(), key=fit)
        # Laboratories name one quantity in several ways: what converts into the same unit belongs together.
        entries = [e for g in groups.values() if g is best or _same_quantity(best[-1], g[-1]) for e in g]
        entries.sort(key=lambda e: e.order)
    return entries


def _quantity(entry: Entry) -> object:
    return (tuple(sorted(entry.own)), entry.name.casefold() if not entry.own else _ratio(entry.name))


def _ratio(name: str) -> bool:
    name = re.sub(r"\[[^\]]*\]", "", name)  # LOINC's [Mass/volume] is no ratio of two things
    return "/" in name or "ratio" in name.lower()


def _same_quantity(one: Entry, other: Entry) -> bool:
    if one.own != other.own or _ratio(one.name) != _ratio(other.name):
        return False
    a, b = one.measure, other.measure
    return bool(a and b and (a.code == b.code or convert(1.0, b.code, a.code, next(iter(one.own), None)) is not None))


def amount(entry: Entry, unit: str) -> float | None:
    """The value in a unit; None where it isn't a number or can't be converted."""
    measure = entry.measure
    if measure is None or measure.amount is None:
        return None
    if measure.code == unit or not unit or not measure.code:
        return measure.amount
    return convert(measure.amount, measure.code, unit, next(iter(sorted(entry.own)), None))


def source(entry: Entry) -> Source:
    measure = entry.measure
    text = f"{entry.name} {measure.text}" if measure else entry.name
    if measure and measure.range_text:
        text += f" (reference {measure.range_text})"
    return Source(entry, text, measure.element if measure else "")


def said(entry: Entry, name: str = "") -> str:
    """ "HbA1c 7.1 % (high) on 12-Mar-2025"."""
    measure = entry.measure
    text = measure.text if measure else "no value"
    meaning = flags(measure) if measure else ""
    extra = ", preliminary" if entry.status in ("preliminary", "registered") else ""
    told = (meaning + extra).removeprefix(", ")
    return f"{name or entry.name} {text}{f' ({told})' if told else ''} {on(entry)}"


def flags(measure: Measure) -> str:
    return ", ".join(m for c in measure.marks if (m := INTERPRETATIONS.get(c, "")) and m not in ("normal", measure.text.casefold()))


def result_of(entry: Entry) -> dict:
    """A value as the wire's result."""
    measure = entry.measure
    assert measure is not None
    if measure.amount is None:
        return words(measure.text)
    found = number(measure.amount, measure.code or None)
    if measure.comparator:
        found["comparator"] = measure.comparator
    return found | {"date": (entry.date or "")[:10] or None}


def inside(chart: Chart, plan: Plan, target: Target | None = None) -> tuple[list[Entry], list[str], bool]:
    """The entries of the target in the period, in bounds, the last n where asked; steps; anchors found."""
    (since, until), notes, found = window(chart, plan)
    everything = series(chart, target or plan.target)
    entries = [e for e in everything if e.within(since, until)]
    if plan.month:
        entries = [e for e in entries if e.first and e.first.month == plan.month]
    if not entries and everything and any(a.relation in ("during", "at-start", "at-end") for a in plan.anchors):
        entries = _near(everything, since, until)
    steps = [*plan.steps, f"{len(everything)} results named {_label(plan.target, everything)}"]
    if since or until or plan.month:
        steps.append(f"{len(entries)} of them in the period {_period(since, until)}")
    steps += notes
    if plan.count and plan.ask != "count":
        entries = entries[: plan.count] if plan.pick == "earliest" else entries[-plan.count :]
        steps.append(f"the {'first' if plan.pick == 'earliest' else 'last'} {len(entries)}")
    return entries, steps, found


def _near(entries: list[Entry], since, until) -> list[Entry]:
    """The one value nearest to an event that has none of its own day: within a month of it."""
    if since is None or until is None:
        return []
    dated = [(min(abs((e.first - since).days), abs((e.first - until).days)), e) for e in entries if e.first]
    best = min(dated, key=lambda p: p[0], default=None)
    return [best[1]] if best and best[0] <= 31 else []


def _period(since: object, until: object) -> str:
    return f"{since or 'beginning'} to {until or 'now'}"


def _label(target: Target, entries: Sequence[Entry]) -> str:
    return entries[-1].name if entries else target.label or "that"


def nothing(chart: Chart, plan: Plan, steps: list[str]) -> Answer:
    """No value: what there is outside the period is said, since it is what a person asks next."""
    target = plan.target
    every = series(chart, target)
    label = target.label or "such result"
    if every:
        last = every[-1]
        text = f"Not found in the record: no {_label(target, every)} in the period asked about. The latest is {said(last)}."
        return absent(text, steps, [source(last)])
    return absent(f"Not found in the record: no result for {label} ({len(chart.entries('result'))} results were looked through).", steps)


def value(chart: Chart, plan: Plan) -> Answer:
    """One value, several, or a statistic."""
    entries, steps, anchored = inside(chart, plan)
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    if plan.others:
        return _several(chart, plan, entries, steps)
    if plan.bounds:
        kept = [e for e in entries if meets(e, plan)]
        return _list(kept or [], steps, plan, entries)
    if plan.ask == "list":
        return _list(entries, steps, plan, entries)
    if not plan.pick and any(a.relation == "at-start" for a in plan.anchors):
        plan.pick = "earliest"
    if plan.pick in ("mean", "median"):
        return statistic(entries, plan.pick, steps)
    if plan.pick in ("highest", "lowest"):
        return extreme(chart, entries, plan.pick, steps)
    if plan.count > 1:
        return _list(entries, steps, plan, entries)
    if plan.pick == "previous":
        if len(entries) < 2:
            return absent(f"The record holds only one {entries[-1].name}: {said(entries[-1])}.", steps, [source(entries[-1])])
        entry = entries[-2]
    else:
        entry = entries[0] if plan.pick == "earliest" else entries[-1]
    which = "first" if plan.pick == "earliest" else "one before last" if plan.pick == "previous" else "latest"
    steps.append(f"the {which} of {len(entries)}")
    same = [e for e in entries if e.date == entry.date and e is not entry and e.measure and entry.measure and e.measure.text != entry.measure.text]
    statements = [Statement(f"{said(entry)}.", (source(entry),))]
    if entry.measure and entry.measure.range_text:
        statements[0] = Statement(f"{said(entry)}; reference range {entry.measure.range_text}.", (source(entry),))
    if same:
        statements.append(Statement(f"At the same time also: {joined([said(e) for e in same])}.", tuple(map(source, same))))
    return Answer(statements, result_of(entry), steps=steps, series=entries)


def _several(chart: Chart, plan: Plan, entries: list[Entry], steps: list[str]) -> Answer:
    chosen = [_picked(entries, plan.pick)]
    missing = []
    for target in plan.others:
        more, _, _ = inside(chart, plan, target)
        if more:
            chosen.append(_picked(more, plan.pick))
        else:
            missing.append(target.label)
    statements = [Statement(f"{said(e)}.", (source(e),)) for e in chosen]
    if missing:
        statements.append(Statement(f"Not found in the record: {joined(missing)}."))
    return Answer(statements, listing(chosen), steps=steps)


def _picked(entries: list[Entry], pick: str) -> Entry:
    if pick in ("highest", "lowest"):
        return _extreme(entries, pick) or entries[-1]
    return entries[0] if pick == "earliest" else entries[-1]


def _list(entries: list[Entry], steps: list[str], plan: Plan, looked: list[Entry]) -> Answer:
    if not entries:
        text = f"None of the {len(looked)} {looked[-1].name} results is in the range asked for."
        return Answer([Statement(text, tuple(map(source, looked[-3:])))], listing([]), steps=steps)
    steps.append(f"{len(entries)} values listed")
    statements = [Statement(f"{said(e)}.", (source(e),)) for e in reversed(entries)]
    return Answer(statements, listing(list(reversed(entries))), steps=steps, series=entries)


def _numbers(entries: list[Entry]) -> tuple[list[tuple[Entry, float]], str]:
    unit = next((e.measure.code for e in reversed(entries) if e.measure and e.measure.amount is not None), "")
    pairs = [(e, v) for e in entries if (v := amount(e, unit)) is not None and not (e.measure and e.measure.comparator)]
    return pairs, unit


def statistic(entries: list[Entry], pick: str, steps: list[str]) -> Answer:
    if PRESSURE in entries[-1].own and entries[-1].measure and entries[-1].measure.amount is None:
        return _pressure_mean(entries, steps)
    pairs, unit = _numbers(entries)
    if not pairs:
        return absent("The values are not numbers that can be averaged.", steps, list(map(source, entries[-3:])))
    figures = [v for _, v in pairs]
    found = statistics.fmean(figures) if pick == "mean" else statistics.median(figures)
    found = round(found, 2)
    shown_unit = f" {pairs[-1][0].measure.unit}" if pairs[-1][0].measure and pairs[-1][0].measure.unit else ""
    steps.append(f"{pick} of {', '.join(f'{v:g}' for v in figures)}")
    text = f"The {pick} of {len(figures)} {entries[-1].name} values is {found:g}{shown_unit} ({shown(pairs[0][0].date)} to {shown(pairs[-1][0].date)})."
    return Answer([Statement(text, tuple(source(e) for e, _ in pairs))], number(found, unit), steps=steps, series=entries)


def _pressure_mean(entries: list[Entry], steps: list[str]) -> Answer:
    read = [p for e in entries if e.measure and (p := _pair(e.measure.text))]
    if not read:
        return absent("The blood pressures are not numbers that can be averaged.", steps)
    top, bottom = statistics.fmean(a for a, _ in read), statistics.fmean(b for _, b in read)
    text = f"The mean of {len(read)} blood pressures is {top:.0f}/{bottom:.0f} mmHg ({shown(entries[0].date)} to {shown(entries[-1].date)})."
    found = words(f"{top:.0f}/{bottom:.0f} mmHg")
    return Answer([Statement(text, tuple(map(source, entries)))], found, steps=steps, series=entries)


def _pair(text: str) -> tuple[float, float] | None:
    head = text.split()[0] if text else ""
    top, slash, bottom = head.partition("/")
    try:
        return (float(top), float(bottom)) if slash else None
    except ValueError:
        return None


def _extreme(entries: list[Entry], pick: str) -> Entry | None:
    if PRESSURE in entries[-1].own:
        pairs = [(e, p[0]) for e in entries if e.measure and (p := _pair(e.measure.text))]
    else:
        unit = next((e.measure.code for e in reversed(entries) if e.measure and e.measure.amount is not None), "")
        pairs = [(e, v) for e in entries if (v := amount(e, unit)) is not None]
    if not pairs:
        return None
    best = (max if pick == "highest" else min)(v for _, v in pairs)
    return next(e for e, v in reversed(pairs) if v == best)


def extreme(chart: Chart, entries: list[Entry], pick: str, steps: list[str]) -> Answer:
    entry = _extreme(entries, pick)
    if entry is None:
        return absent(f"The {entries[-1].name} results are not numbers.", steps, list(map(source, entries[-3:])))
    steps.append(f"the {pick} of {len(entries)} values")
    text = f"The {pick} {entry.name} of {len(entries)} is {entry.measure.text if entry.measure else ''} {on(entry)}."
    return Answer([Statement(text, (source(entry),))], result_of(entry), steps=steps, series=entries)


def exists(chart: Chart, plan: Plan) -> Answer:
    """Was it ever measured, or ever in the range asked for?"""
    entries, steps, anchored = inside(chart, plan)
    label = plan.target.label or "such result"
    if not entries or not anchored:
        if plan.bounds or not plan.closed or not anchored:
            return nothing(chart, plan, steps)
        everything = series(chart, plan.target)
        return never(chart, label, "result", everything, steps)
    if plan.bounds:
        chosen = entries if plan.ever or plan.since or plan.until or plan.anchors or plan.count or _any(plan) else entries[-1:]
        kept = [e for e in chosen if meets(e, plan)]
        steps.append(f"{len(kept)} of {len(chosen)} are in the range asked for")
        if kept:
            text = f"Yes: {joined([said(e) for e in kept[-5:]])}."
            if len(kept) > 5:
                text = f"Yes, {len(kept)} times, most recently {said(kept[-1])}."
            return Answer([Statement(text, tuple(map(source, kept)))], truth(True), steps=steps, series=entries)
        top = _extreme(chosen, "highest" if plan.bounds[0].op in (">", ">=") else "lowest") or chosen[-1]
        text = f"No: of {len(chosen)} {top.name} results none is; the {'highest' if plan.bounds[0].op in ('>', '>=') else 'lowest'} is {said(top)}."
        if len(chosen) == 1:
            text = f"No: {said(top)}."
        return Answer([Statement(text, (source(top),))], truth(False), steps=steps, series=entries)
    entry = entries[-1]
    positive = _positive(entry)
    if positive is not None and not plan.closed:
        return Answer([Statement(f"{'Yes' if positive else 'No'}: {said(entry)}.", (source(entry),))], truth(positive), steps=steps)
    return Answer([Statement(f"Yes: {said(entry)}.", (source(entry),))], truth(True), steps=steps, series=entries)


def _any(plan: Plan) -> bool:
    return plan.question.text.lower().startswith(("any", "has", "have", "did", "were", "was there", "were there", "is there any", "are there"))


def _positive(entry: Entry) -> bool | None:
    """What a coded result says to a yes or no: None where it is neither."""
    measure = entry.measure
    if measure is None or measure.amount is not None:
        return None
    text = measure.text.casefold()
    if set(measure.marks) & {"POS", "DET", "RR"} or text.startswith(("positive", "detected", "reactive", "yes", "present")):
        return True
    if set(measure.marks) & {"NEG", "ND", "NR"} or text.startswith(("negative", "not detected", "non-reactive", "nonreactive", "no ", "absent", "never")) or text == "no":
        return False
    return None


def never(chart: Chart, label: str, kind: str, others: list[Entry], steps: list[str]) -> Answer:
    """Closed-world: the record keeps such events and has none of these."""
    looked = len(chart.entries(kind))
    if others:
        last = others[-1]
        text = f"None in the period asked about; the latest recorded is {last.name} {on(last)}."
        return Answer([Statement(text, (Source(last, last.name),))], truth(False), steps=steps)
    return Answer([Statement(f"No {label} is recorded ({looked} {kind} entries were looked through).")], truth(False), steps=steps, certainty=0.9)


def flag(chart: Chart, plan: Plan) -> Answer:
    """Is the latest value normal, high, low, in range?"""
    entries, steps, anchored = inside(chart, plan)
    if not entries or not anchored:
        return nothing(chart, plan, steps)
    entry = _picked(entries, plan.pick)
    measure = entry.measure
    text = plan.question.text.lower()
    state = range_state(measure) if measure else None
    if state is None:
        note = f"{said(entry)}; the record gives neither a reference range nor an interpretation for it."
        return absent(note, steps, [source(entry)])
    if any(w in text for w in ("below", "under", "low", "decreased")) and "within" not in text:
        yes = state == "low"
    elif any(w in text for w in ("above", "over", "high", "elevated", "raised", "exceed", "increased")):
        yes = state == "high"
    elif any(w in text for w in ("abnormal", "out of", "outside", "deranged", " off", "flagged", "not normal")):
        yes = state != "normal"
    else:
        yes = state == "normal"
    reference = f"; reference range {measure.range_text}" if measure and measure.range_text else ""
    words_of = {"high": "above the reference range", "low": "below the reference range", "normal": "within the reference range", "abnormal": "flagged abnormal"}[state]
    steps.append(f"the latest value is {words_of}")
    return Answer([Statement(f"{'Yes' if yes else 'No'}: {said(entry)}, {words_of}{reference}.", (source(entry),))], truth(yes), steps=steps, series=entries)


def range_state(measure: Measure) -> str | None:
    """high, low, normal or abnormal: by the laboratory's own interpretation, else by its range."""
    marks = set(measure.marks)
    if marks & HIGH:
        return "high"
    if marks & LOW:
        return "low"
    if marks & {"A", "AA", "POS", "DET"}:
        return "abnormal"
    if measure.amount is not None and (measure.low is not None or measure.high is not None):
        if measure.high is not None and measure.amount > measure.high:
            return "high"
        if measure.low is not None and measure.amount < measure.low:
            return "low"
        return "normal"
    return "normal" if marks & {"N", "NEG", "ND", "NR"} else None


def reference_range(chart: Chart, plan: Plan) -> Answer:
    entries, steps, _ = inside(chart, plan)
    with_range = [e for e in entries if e.measure and e.measure.range_text]
    if not with_range:
        return nothing(chart, plan, steps) if not entries else absent(
            f"The record gives no reference range for {entries[-1].name}.", steps, [source(entries[-1])])
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
    if plan.pick in ("highest", "lowest"):
        entry = _extreme(entries, plan.pick) or entries[-1]
    elif plan.pick == "previous" and len(entries) > 1:
        entry = entries[-2]
    else:
        first = plan.pick == "earliest" or (plan.bounds and plan.pick != "latest" and "first" in plan.question.text.lower())
        entry = entries[0] if first else entries[-1]
    return Answer([Statement(f"{said(entry)}.", (source(entry),))], date(entry.date), steps=steps, series=entries)


def count(chart: Chart, plan: Plan) -> Answer:
    entries, steps, anchored = inside(chart, plan)
    if not anchored:
        return nothing(chart, plan, steps)
    if plan.bounds:
        entries = [e for e in entries if meets(e, plan)]
    label = plan.target.label or "such result"
    if not entries:
        return Answer([Statement(f"None: no {label} is recorded in what was asked about.")], number(0), steps=steps, certainty=0.9)
    steps.append(f"counted {len(entries)}")
    text = f"{len(entries)} {entries[-1].name} {'results' if len(entries) != 1 else 'result'}, from {shown(entries[0].date)} to {shown(entries[-1].date)}."
    return Answer([Statement(text, tuple(map(source, entries)))], number(len(entries)), steps=steps, series=entries)


def value_on(chart: Chart, plan: Plan) -> Answer:
    """The value of one thing on the day when another was highest, lowest or last."""
    target, other = plan.target, plan.others[0]
    second = series(chart, other)
    (since, until), _, _ = window(chart, plan)
    second = [e for e in second if e.within(since, until)]
    if not second:
        return absent(f"Not found in the record: no result for {other.label}.", plan.steps)
    pivot = _picked(second, plan.pick)
    day = (pivot.date or "")[:10]
    same = [e for e in series(chart, target) if (e.date or "")[:10] == day]
    if not same:
        return absent(f"Not found in the record: no {target.label} on {shown(day)}, the day of {said(pivot)}.", plan.steps, [source(pivot)])
    entry = same[-1]
    text = f"{said(entry)}, the day of {said(pivot)}."
    return Answer([Statement(text, (source(entry), source(pivot)))], result_of(entry), steps=[f"{other.label}: {said(pivot)}"])
