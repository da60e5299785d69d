"""Vital signs and results of the visit: value, unit, flag, reference range, and what it was before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.bots.documentation_assistant.model import Line, dated, day, listed, quote, refs, told
from services.bots.documentation_assistant.visit import Visit
from services.bots.rag_pipeline.series import range_state
from services.chart.entry import Entry, Measure
from services.index.text import values
from services.index.text.interpretation import INTERPRETATIONS
from services.knowledge.error_prone import written_out
from services.knowledge.units import convert

_WEIGHT = "vital:body-weight"
_PENDING = ("registered", "partial", "preliminary")
_TRAILING = re.compile(r"(?<![\d.])(\d+)\.0+(?!\d)(?!\.\d)|(?<![\d.])(\d+\.\d*?[1-9])0+(?!\d)(?!\.\d)")
_LARGE = re.compile(r"(?<![\d.,/^-])\d{4,}(?![\d/-])")
_RANGE = re.compile(r"(?<=\d)\s?[–-]\s?(?=[\d.])")
_MOST_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Result:
    """The values of one test in the visit, oldest first, and the last one before the visit."""

    name: str
    entries: tuple[Entry, ...]
    earlier: Entry | None

    @property
    def last(self) -> Entry:
        return self.entries[-1]

    @property
    def abnormal(self) -> bool:
        return state(self.last) not in ("", "normal")


def category(entry: Entry) -> str:
    """vital-signs, laboratory, social-history, exam, survey …; by what is measured where the record doesn't say."""
    kinds = [c for item in values.many(entry.resource.get("category")) for _, c in values.codings(item)]
    if any(c.startswith("vital:") for c in entry.own) and not set(kinds) & {"laboratory", "imaging"}:
        return "vital-signs"
    known = ("vital-signs", "social-history", "exam", "survey", "imaging", "procedure", "laboratory")
    return next((k for k in known if k in kinds), "laboratory")


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
    """By test, in the order in which they were first measured."""
    every: dict[tuple, list[Entry]] = {}
    whole = set()
    for entry in visit.chart.entries("result"):
        if entry.part and entry.reference in whole:
            continue  # the two numbers of a blood pressure are told together
        measure = entry.measure
        if measure is None or not measure.text or not wanted(category(entry)):
            continue
        if not entry.part and measure.element == "component":
            whole.add(entry.reference)
        every.setdefault(_test(entry), []).append(entry)
    found = []
    for entries in every.values():
        mine = [e for e in entries if visit.holds(e)]
        if mine:
            before = [e for e in entries if e.order < mine[0].order and e not in mine and e.first]
            found.append(Result(mine[-1].name, tuple(mine), before[-1] if before else None))
    return sorted(found, key=lambda r: (r.entries[0].order[0], r.name))


def _test(entry: Entry) -> tuple:
    """What makes two results the same test: its codes; its name where it has none."""
    if entry.part:
        return ("part", entry.name.casefold())
    codes = values.codings(entry.resource.get("code"))
    return ("code", codes[0]) if codes else ("name", entry.name.casefold())


def vital_lines(visit: Visit) -> list[Line]:
    """Each vital sign with its last value in the visit, and the first one where there are several."""
    lines = []
    for result in results_of(visit, lambda c: c == "vital-signs"):
        text = f"{_valued(result.last)}, {dated(result.last)}"
        sources = [result.last]
        first = result.entries[0]
        if len(result.entries) > 1:
            text += f"; first of this visit {_value(first)}, {dated(first)}"
            sources.append(first)
        if result.earlier is not None and _WEIGHT in result.last.own:
            text += f"; {compared(result.entries[0], result.earlier)}"
            sources += [first, result.earlier]
        lines.append(told(text, *sources))
    return lines


def result_lines(visit: Visit, results: Sequence[Result]) -> list[Line]:
    lines = []
    for result in results:
        parts = [f"{_valued(result.last)}, {dated(result.last)}"]
        sources = [result.last]
        inside = list(result.entries[:-1])
        if inside:
            shown = inside[-_MOST_EARLIER:]
            parts.append(f"before that in this visit {', '.join(f'{_value(e)} on {day(e.date)}' for e in reversed(shown))}")
            sources += shown
        if result.earlier is not None:
            parts.append(compared(result.last, result.earlier))
            sources.append(result.earlier)
        lines.append(told(listed(parts), *sources))
        for note in values.objs(result.last.resource.get("note")):
            if words := values.string(note.get("text")):
                lines.append(quote(f"Comment on {written_out(result.name)}", words, *refs([result.last])))
    return lines


def compared(entry: Entry, earlier: Entry) -> str:
    """ "up from 4.1 mmol/L on 01-Mar-2024": the earlier value with its date. Nothing is reckoned that isn't recorded."""
    now, then = entry.measure, earlier.measure
    word = _direction(now, then) if now and then else ""
    return f"{word or 'earlier value'}{' from' if word in ('up', 'down') else ''} {_value(earlier)} on {day(earlier.date)}"


def _direction(now: Measure, then: Measure) -> str:
    if now.amount is None or then.amount is None or now.comparator or then.comparator:
        return ""
    value: float | None = then.amount
    if (then.code or then.unit) != (now.code or now.unit):
        value = convert(then.amount, then.code or then.unit, now.code or now.unit)
    if value is None:
        return ""
    if abs(now.amount - value) < 1e-9:
        return "unchanged:"
    return "up" if now.amount > value else "down"


def _valued(entry: Entry) -> str:
    """ "Potassium 5.9 mmol/L (high; reference range 3.5 to 5.1 mmol/L)"."""
    measure = entry.measure
    about = [s for s in [state(entry)] if s and s.casefold() != measure.text.casefold()] if measure else []
    if measure and measure.range_text:
        about.append(f"reference range {plain(measure.range_text)}")
    if entry.status in _PENDING:
        about.append(entry.status)
    colon = ":" if measure and measure.amount is None and measure.element != "component" else ""
    return f"{entry.name}{colon} {_value(entry)}{f' ({listed(about)})' if about else ''}"


def _value(entry: Entry) -> str:
    measure = entry.measure
    if measure is None:
        return "no value"
    flat = " ".join(measure.text.split())
    return plain(flat) if measure.amount is not None or measure.element in ("component", "valueRange", "valueRatio") else flat


def plain(text: str) -> str:
    """Numbers by ISMP: no zeros at the end of decimals, commas from 1,000 on, "to" and words in place of signs."""
    text = _TRAILING.sub(lambda m: m.group(1) or m.group(2), text)
    text = _LARGE.sub(lambda m: f"{int(m.group()):,}", text)
    return written_out(_RANGE.sub(" to ", text))
