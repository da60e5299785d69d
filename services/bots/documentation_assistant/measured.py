"""Vital signs and results of the visit: value, unit, flag, reference range, and what it was before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.bots.documentation_assistant.model import Line, dated, day, listed, quote, refs, told
from services.bots.documentation_assistant.visit import Visit
from services.bots.rag_pipeline.ranges import range_state
from services.chart.entry import Entry, Measure, days
from services.index.text import values
from services.index.text.interpretation import INTERPRETATIONS
from services.index.text.loinc_names import said
from services.knowledge.error_prone import written_out
from services.knowledge.units import convert

_WEIGHT = "vital:body-weight"
_STAGE_2 = {"vital:systolic-blood-pressure": 140, "vital:diastolic-blood-pressure": 90}
_ADULT = 18
_PENDING = ("registered", "partial", "preliminary")
_TRAILING = re.compile(r"(?<![\d.])(\d+)\.0+(?!\d)(?!\.\d)|(?<![\d.])(\d+\.\d*?[1-9])0+(?!\d)(?!\.\d)")
_LARGE = re.compile(r"(?<![\d.,/^-])\d{4,}(?![\d/-])")
_RANGE = re.compile(r"(?<=\d)\s?[–-]\s?(?=[\d.])")
_MOST_EARLIER = 5
_CALM = frozenset(["", "normal", "negative", "not detected", "non-reactive", "susceptible", "expected"])


@dataclass(frozen=True, slots=True)
class Result:
    """A test in the visit: its first value there, the last ones (oldest first), and the last one before the visit."""

    first: Entry
    entries: tuple[Entry, ...]
    earlier: Entry | None

    @property
    def name(self) -> str:
        return said(self.last.name)

    @property
    def last(self) -> Entry:
        return self.entries[-1]

    @property
    def abnormal(self) -> bool:
        return state(self.last) not in _CALM

    @property
    def lately_abnormal(self) -> bool:
        return any(state(e) not in _CALM for e in self.entries)


def state(entry: Entry) -> str:
    """high, critically low, abnormal, …: the laboratory's own word, else by the reference range. "" where neither is there."""
    measure = entry.measure
    if measure is None:
        return ""
    marks = [INTERPRETATIONS[m] for m in measure.marks if m in INTERPRETATIONS]
    if marks:
        return ", ".join(dict.fromkeys(marks))
    return range_state(measure) or ""


def results_of(visit: Visit, wanted: Callable[[str], bool]) -> list[Result]:
    """By test; those that were abnormal first, then in the order in which they were first measured."""
    found = []
    for entries in _by_test(visit, wanted).values():
        mine = [e for e in entries if visit.holds(e)]
        last = _with_values(reversed(mine), 1 + _MOST_EARLIER)
        if not last:
            continue
        [first] = _with_values(mine, 1)
        inside = {id(e) for e in mine}
        before = (e for e in reversed(entries) if e.first and e.order < first.order and id(e) not in inside)
        found.append(Result(first, tuple(reversed(last)), next(iter(_with_values(before, 1)), None)))
    return sorted(found, key=lambda r: (not r.lately_abnormal, r.first.order[0], r.name))


def high_pressure(visit: Visit) -> Result | None:
    """The last blood pressure of the visit where it is at or above 140/90 mmHg in an adult, or not known to be a child:
    stage 2 (ACC/AHA 2017, Whelton PK et al., table 6), and not controlled (CMS165, 2026)."""
    born = days(values.iso(visit.chart.patient.resource.get("birthDate")))
    grown = visit.day.year - _ADULT, visit.day.month, visit.day.day
    if born and (born[1].year, born[1].month, born[1].day) > grown:
        return None
    vitals = [e for kind, _, e in visit.tested if kind == "vital-signs" and visit.holds(e)]
    for concept, limit in _STAGE_2.items():
        last = next((e for e in reversed(vitals) if concept in e.own and e.measure and e.measure.amount is not None), None)
        if last and (m := last.measure) and (convert(m.amount or 0, m.code, "mm[Hg]") or 0) >= limit:
            told = results_of(visit, lambda c: c == "vital-signs")
            return next((r for r in told if r.last.reference == last.reference), None)
    return None


def _by_test(visit: Visit, wanted: Callable[[str], bool]) -> dict[tuple, list[Entry]]:
    every: dict[tuple, list[Entry]] = {}
    whole: dict[str, Entry] = {}
    for kind, test, entry in visit.tested:
        if not wanted(kind):
            continue
        if not entry.part:
            whole[entry.reference] = entry
        elif (panel := whole.get(entry.reference)) and panel.measure and panel.measure.element == "component":
            continue  # the two numbers of a blood pressure are told together
        every.setdefault(test, []).append(entry)
    return every


def _with_values(entries: Iterable[Entry], most: int) -> list[Entry]:
    """The first ones that have a value. Values are read one by one, since reading them is what takes time."""
    return list(itertools.islice((e for e in entries if e.measure and e.measure.text), most))


def vital_lines(visit: Visit) -> list[Line]:
    """Each vital sign with its last value in the visit, and the first one where there are several."""
    lines = []
    for result in sorted(results_of(visit, lambda c: c == "vital-signs"), key=lambda r: r.name):
        first, last = result.first, result.last
        if first is last:
            text, sources = f"{_valued(last)}, {day(last.date)}", [last]
        else:
            text = f"{_valued(last)}, {dated(last)}; first of this visit {shown_value(first)}, {dated(first)}"
            sources = [last, first]
        if result.earlier is not None and _WEIGHT in last.own:
            text += f"; before this visit {shown_value(result.earlier)} on {day(result.earlier.date)}"
            sources.append(result.earlier)
        lines.append(told(text, *sources))
    return lines


def result_lines(results: Sequence[Result]) -> list[Line]:
    """Each test with its last value, the values before it in the visit, and the last one from before the visit."""
    lines = []
    for result in results:
        last = result.last
        inside = list(reversed(result.entries[:-1]))
        earlier = result.earlier
        parts = [f"{_valued(last)}, {day(last.date)}"]
        for place, entry in enumerate(inside):
            lead = _change(last, entry) if place == 0 else "before that"
            parts.append(f"{lead} {shown_value(entry)} on {day(entry.date)}")
        if earlier is not None:
            lead = "before this visit" if inside else _change(last, earlier)
            parts.append(f"{lead} {shown_value(earlier)} on {day(earlier.date)}")
        lines.append(told(listed(parts), last, *inside, *([earlier] if earlier else [])))
        notes = [values.string(n.get("text")) for n in values.objs(last.resource.get("note"))]
        lines += [quote(f"Comment on {written_out(result.name)}", n, *refs([last])) for n in notes if n]
    return lines


def _change(entry: Entry, earlier: Entry) -> str:
    """ "up from", "down from", "unchanged from", or "earlier" where the two can't be compared. Nothing is reckoned that
    isn't recorded: the earlier value and its date follow."""
    now, then = entry.measure, earlier.measure
    return (_direction(now, then) if now and then else "") or "earlier"


def _direction(now: Measure, then: Measure) -> str:
    if now.amount is None or then.amount is None or now.comparator or then.comparator:
        return ""
    value: float | None = then.amount
    if (then.code or then.unit) != (now.code or now.unit):
        value = convert(then.amount, then.code or then.unit, now.code or now.unit)
    if value is None:
        return ""
    if abs(now.amount - value) < 1e-9:
        return "unchanged from"
    return "up from" if now.amount > value else "down from"


def _valued(entry: Entry) -> str:
    """ "Potassium 5.9 mmol/L (high; reference range 3.5 to 5.1 mmol/L)"."""
    measure = entry.measure
    about = [s for s in [state(entry)] if s and s.casefold() != measure.text.casefold()] if measure else []
    if measure and measure.range_text:
        about.append(f"reference range {plain(measure.range_text)}")
    if entry.status in _PENDING:
        about.append(entry.status)
    if (
        measure
        and measure.element == "component"
        and measure.text.casefold().startswith(("blood pressure", entry.name.casefold()))
    ):
        return (
            f"{shown_value(entry)}{f' ({listed(about)})' if about else ''}"  # its text begins with its name
        )
    colon = ":" if measure and measure.amount is None and measure.element != "component" else ""
    return f"{said(entry.name)}{colon} {shown_value(entry)}{f' ({listed(about)})' if about else ''}"


def shown_value(entry: Entry) -> str:
    """ "5.9 mmol/L", as the record has it, by ISMP."""
    measure = entry.measure
    if measure is None:
        return "no value"
    flat = " ".join(measure.text.split())
    return (
        plain(flat)
        if measure.amount is not None or measure.element in ("component", "valueRange", "valueRatio")
        else flat
    )


def plain(text: str) -> str:
    """Numbers by ISMP: no zeros at the end of decimals, commas from 1,000 on, "to" and words in place of signs."""
    text = _TRAILING.sub(lambda m: m.group(1) or m.group(2), text)
    text = _LARGE.sub(lambda m: f"{int(m.group()):,}", text)
    return written_out(_RANGE.sub(" to ", text))
