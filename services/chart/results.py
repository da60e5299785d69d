"""Observations as entries: one for each value, components included."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from services.chart.entry import Entry, Measure
from services.chart.naming import concepts_of
from services.index.text import observations, values
from services.index.text.interpretation import absent_reason
from services.knowledge.units import convert

_DEAD = ("entered-in-error", "cancelled")


def entries(resource: dict[str, Any], version: str) -> Iterator[Entry]:
    """The value of an Observation, and of each component. Nothing for a cancelled one."""
    status = values.code(resource.get("status"))
    if status in _DEAD:
        return
    code = resource.get("code")
    name = values.concept(code) or "Observation without a name"
    date = values.when_iso(resource, "effective") or values.iso(resource.get("issued"))
    identity = str(resource.get("id"))

    def entry(name: str, code: Any, read: Callable[[], Measure | None], part: bool = False) -> Entry:
        own, named = concepts_of("result", values.codings(code), name)
        return Entry(
            "result", "Observation", identity, version, name, resource, own, named, date,
            status=status, part=part, read_measure=read,
        )  # fmt: skip

    parts = values.objs(resource.get("component"))
    yield entry(name, code, functools.partial(_whole, resource, name, bool(parts)))
    for number, part in enumerate(parts):
        label = values.concept(part.get("code"))
        if label and any(key.startswith("value") for key in part):
            place = f"component[{number}]."
            yield entry(label, part.get("code"), functools.partial(measure, part, place), part=True)


def _whole(resource: dict[str, Any], name: str, parts: bool) -> Measure | None:
    found = measure(resource, "")
    if found is None and parts:
        shown = observations.statement_of(resource)
        return Measure(shown.removeprefix(name).strip(" :"), element="component") if shown != name else None
    return found


def measure(item: dict[str, Any], place: str) -> Measure | None:
    """value[x] of an Observation or component; None where it has none."""
    kind, value = values.choice(item, "value")
    text = observations.value_text(item)
    if not text:
        why = absent_reason(item.get("dataAbsentReason"))
        return Measure(f"no value ({why})", element=f"{place}dataAbsentReason") if why else None
    marks = tuple(filter(None, (values.code(c) for c in values.many(item.get("interpretation")))))
    if kind == "Quantity":
        quantity = values.obj(value)
        shown, code = values.string(quantity.get("unit")), values.string(quantity.get("code"))
        amount = values.amount(quantity.get("value"))
        if values.units.disagree(shown or code, code):
            amount = None  # which of the two units is meant isn't known
        sign = quantity.get("comparator")
        unit = code or shown
    elif kind in ("Integer", "Decimal", "String"):
        amount, shown, unit, sign = values.amount(value), "", "", ""
    else:
        amount, shown, unit, sign = None, "", "", ""
    low, high, words = _range(item, unit)
    return Measure(
        text, amount, shown or unit, unit, sign if isinstance(sign, str) else "",
        low, high, words, marks, f"{place}value{kind}",
    )  # fmt: skip


def _range(item: dict[str, Any], unit: str) -> tuple[float | None, float | None, str]:
    """The normal reference range, in the value's unit. Ranges of other types (therapeutic) are left out."""
    ranges = [
        entry
        for entry in values.objs(item.get("referenceRange"))
        if values.code(entry.get("type")) in ("", "normal")
    ]
    if len(ranges) != 1:
        return None, None, ""  # several: which one applies isn't known
    entry = ranges[0]
    ends = []
    for key in ("low", "high"):
        end = values.obj(entry.get(key))
        amount = values.amount(end.get("value"))
        theirs = values.string(end.get("code")) or values.string(end.get("unit"))
        if amount is not None and theirs and unit and theirs != unit:
            amount = convert(amount, theirs, unit)
        ends.append(amount)
    return ends[0], ends[1], values.range_(entry) or values.string(entry.get("text"))
