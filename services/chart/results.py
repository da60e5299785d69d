"""Observations as entries: one for each value, components included."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import orjson

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
    name, own, named, codes = _read_code(code)
    at = resource.get("effectiveDateTime")  # the usual one; `when_iso` looks for every other
    date = (values.iso(at) if at else values.when_iso(resource, "effective")) or values.iso(
        resource.get("issued")
    )
    identity = str(resource.get("id"))

    parts = values.objs(resource["component"]) if "component" in resource else ()
    yield Entry(
        "result", "Observation", identity, version, name or "Observation without a name", resource, own, named, date,
        status=status, codes=codes, read_measure=functools.partial(_whole, resource, name, bool(parts)),
    )  # fmt: skip
    for number, part in enumerate(parts):
        label, own, named, codes = _read_code(part.get("code"))
        if label and any(key.startswith("value") for key in part):
            read = functools.partial(measure, part, f"component[{number}].")
            yield Entry(
                "result", "Observation", identity, version, label, resource, own, named, date,
                status=status, codes=codes, part=True, read_measure=read,
            )  # fmt: skip


_Code = tuple[str, frozenset[str], frozenset[str], frozenset[str]]


def _read_code(code: Any) -> _Code:
    return _code(orjson.dumps(code))


@functools.lru_cache(maxsize=20_000)
def _code(written: bytes) -> _Code:
    """(name, own, named, codes) of a code as JSON: the same few codes come again in every record of a system."""
    code = orjson.loads(written)
    name = values.concept(code)
    codings = values.codings(code)
    concepts = concepts_of("result", codings, name or "Observation without a name")
    return name, *concepts, frozenset(symbol for _, symbol in codings)


def _whole(resource: dict[str, Any], name: str, parts: bool) -> Measure | None:
    found = measure(resource, "")
    if found is None and parts:
        shown = observations.statement_of(resource)
        for called in (name, "Blood pressure"):  # which a panel's long name is put as
            if shown.casefold().startswith(called.casefold()):
                shown = shown[len(called) :]
                break
        return Measure(shown.strip(" :"), element="component") if shown else None
    return found


def measure(item: dict[str, Any], place: str) -> Measure | None:
    """value[x] of an Observation or component; None where it has none."""
    quantity = item.get("valueQuantity")  # the usual one; `choice` looks for every other
    kind, value = ("Quantity", quantity) if quantity else values.choice(item, "value")
    if kind == "Quantity":
        text, amount, shown, unit, sign = _quantity(orjson.dumps(value))
    else:
        text, shown, unit, sign = observations.shown_value(kind, value), "", "", ""
        amount = values.amount(value) if kind in ("Integer", "Decimal", "String") else None
    if not text:
        why = absent_reason(item.get("dataAbsentReason"))
        return Measure(f"no value ({why})", element=f"{place}dataAbsentReason") if why else None
    given = item.get("interpretation")
    marks = tuple(filter(None, map(values.code, values.many(given)))) if given else ()
    low, high, words = _range(orjson.dumps(told), unit) if (told := item.get("referenceRange")) else _NO_RANGE
    return Measure(text, amount, shown, unit, sign, low, high, words, marks, f"{place}value{kind}")


_NO_RANGE = (None, None, "")


@functools.lru_cache(maxsize=100_000)
def _quantity(written: bytes) -> tuple[str, float | None, str, str, str]:
    """(text, amount, unit as shown, unit as coded, comparator) of a Quantity as JSON."""
    value = orjson.loads(written)
    quantity = values.obj(value)
    shown, code = values.string(quantity.get("unit")), values.string(quantity.get("code"))
    amount = values.amount(quantity.get("value"))
    if values.units.disagree(shown or code, code):
        amount = None  # which of the two units is meant isn't known
    sign = quantity.get("comparator")
    text = observations.shown_value("Quantity", value)
    return text, amount, shown or code, code or shown, sign if isinstance(sign, str) else ""


@functools.lru_cache(maxsize=20_000)
def _range(written: bytes, unit: str) -> tuple[float | None, float | None, str]:
    """The normal reference range, in the value's unit. Ranges of other types (therapeutic) are left out."""
    ranges = [e for e in values.objs(orjson.loads(written)) if values.code(e.get("type")) in ("", "normal")]
    if len(ranges) != 1:
        return _NO_RANGE  # several: which one applies isn't known
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
