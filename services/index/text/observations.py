"""Observations: what was measured, its value, how it compares."""

from __future__ import annotations

import itertools
import re
from typing import Any

from services.index.text import units, values
from services.index.text.context import Context, labelled, notes, withdrawn
from services.index.text.interpretation import absent_reason, interpretation
from services.index.text.model import Draft, Fact

_LABELS = {"laboratory": "Laboratory result", "vital-signs": "Vital sign", "imaging": "Imaging result"}
_LABELS |= {
    "social-history": "Social history",
    "survey": "Survey",
    "exam": "Examination",
    "procedure": "Procedure",
}
_PRESSURE = re.compile(r"(?i)bp|blood pressure(?: panel.*| systolic (?:and|&) diastolic)?")
_SYSTOLIC = frozenset({"8480-6", "8459-0", "8460-8", "8461-6", "271649006"})
_DIASTOLIC = frozenset({"8462-4", "8453-3", "8454-1", "8455-8", "271650006"})


def render(resource: dict[str, Any], context: Context) -> Draft:
    """An Observation in lines: the value first, then what it is compared with, then the circumstances."""
    name = values.concept(resource.get("code")) or "Observation without a name"
    first, title, facts = _statement(resource, name)
    status = values.code(resource.get("status"))
    if status == "cancelled":
        first, title = f"Cancelled: {first}", f"Cancelled: {title}"
    lines = [f"{first}."]
    lines += _ranges(resource)
    lines += component_lines(resource)
    members = values.objs(resource.get("hasMember"))
    lines += labelled("Includes", "; ".join(filter(None, (_linked(item, context) for item in members))))
    lines += labelled("Derived from", context.names(resource.get("derivedFrom")))
    lines += labelled("Date", _date(resource))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("code"))))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Body site", values.concept(resource.get("bodySite")))
    lines += labelled("Method", values.concept(resource.get("method")))
    lines += labelled("Specimen", context.name(resource.get("specimen")))
    lines += labelled("Device", context.name(resource.get("device")))
    lines += labelled("Focus (not the patient)", context.names(resource.get("focus")))
    lines += labelled("Performer", context.names(resource.get("performer")))
    lines += labelled("Status", status)
    remarks = notes(resource) + labelled("Comment", values.prose(resource.get("comment")))
    kinds = [values.code(item) for item in values.many(resource.get("category"))]
    return Draft(
        title=title,
        lines=lines + remarks,
        content_type="observation",
        label=next((_LABELS[kind] for kind in kinds if kind in _LABELS), "Observation"),
        date=values.when_iso(resource, "effective") or values.iso(resource.get("issued")),
        status=status or None,
        codings=values.codings(resource.get("code")),
        facts=tuple(facts),
        says_something=bool(values.concept(resource.get("code")) or facts or remarks or value_text(resource)),
    )


def line(resource: dict[str, Any], name: str = "") -> str:
    """An Observation in one line, for the report that it belongs to."""
    if withdrawn(resource):
        return f"{name or values.concept(resource.get('code')) or 'result'}: entered in error, not shown"
    shown, _, _ = _statement(resource, name or values.concept(resource.get("code")) or "Result")
    ranges = [text.replace("Reference range", "range", 1) for text in _ranges(resource)]
    parts = [shown, *ranges, *component_lines(resource), *notes(resource)]
    status = values.code(resource.get("status"))
    if status and status not in ("final", "amended", "corrected"):
        parts[0] = f"{status}: {shown}"
    return "; ".join(part.rstrip(".") for part in parts)


def _linked(reference: dict[str, Any], context: Context) -> str:
    found = context.get(reference)
    if found is not None and found.get("resourceType") == "Observation":
        return line(found)
    return context.name(reference)


def _date(resource: dict[str, Any]) -> str:
    effective = values.when(resource, "effective", time=True)
    if effective:
        return effective
    issued = values.date(resource.get("issued"), time=True)
    return f"{issued} (issued)" if issued else ""


def statement_of(resource: dict[str, Any]) -> str:
    """Name and value of an Observation in one statement, a blood pressure's two numbers together."""
    return _statement(resource, values.concept(resource.get("code")) or "Result")[0]


def _statement(resource: dict[str, Any], name: str) -> tuple[str, str, list[Fact]]:
    """The value in a sentence, the same as a title, and the numbers in it."""
    pressure = _blood_pressure(resource)
    if pressure:
        return pressure[0], pressure[0], facts_of(resource, name) + pressure[1]
    facts = facts_of(resource, name)
    for part in values.objs(resource.get("component")):
        facts += facts_of(part, values.concept(part.get("code")) or name)
    shown = statement(resource, name)
    no_value = not value_text(resource) and not resource.get("dataAbsentReason")
    if no_value and (resource.get("component") or resource.get("hasMember")):
        return shown, name, facts
    shown = f"{shown}: no value recorded" if no_value else shown
    return shown, shown, facts


def statement(item: dict[str, Any], name: str) -> str:
    """Name, value and interpretation of an Observation or a component: "HbA1c 8.2 % (high)"."""
    kind, _ = values.choice(item, "value")
    shown = value_text(item)
    meaning = interpretation(item)
    if not shown:
        reason = item.get("dataAbsentReason")
        why = absent_reason(reason)
        shown = f"no value ({why})" if why else ""
        text = f"{name}: {shown}" if shown else name
    else:
        text = f"{name} {shown}" if kind in ("Quantity", "Integer", "Range", "Ratio") else f"{name}: {shown}"
    return f"{text} ({meaning})" if meaning and meaning.casefold() != shown.casefold() else text


def value_text(item: dict[str, Any]) -> str:
    """value[x] of any type as words, or ""."""
    return shown_value(*values.choice(item, "value"))


def shown_value(kind: str, value: Any) -> str:
    """The same of a value whose type is known."""
    if kind == "Quantity":
        shown = values.quantity(value)
        return shown or _text_only(value)
    if kind in ("CodeableConcept", "Coding", "Reference"):
        return values.concept(value)
    if kind == "Range":
        return values.range_(value)
    if kind == "Ratio":
        return values.ratio(value)
    if kind == "Boolean":
        return "yes" if value is True else ("no" if value is False else values.string(value))
    if kind == "DateTime":
        return values.date(value, time=True)
    if kind == "Period":
        return values.period(value, time=True)
    if kind == "SampledData":
        return "sampled data (a waveform or series, not shown)"
    if kind == "Attachment":
        return values.string(values.obj(value).get("title")) or "attachment (not shown)"
    return values.prose(value) if isinstance(value, str) else values.string(value)


def _text_only(value: Any) -> str:
    """A Quantity without a number that still says something, such as a value of "trace"."""
    text = values.string(values.obj(value).get("value"))
    return f"{text}{units.joined(values.unit(value))}" if text else ""


def facts_of(item: dict[str, Any], name: str) -> list[Fact]:
    """The number of an Observation or a component, if its value is one."""
    kind, value = values.choice(item, "value")
    comparator = unit = None
    if kind == "Quantity":
        figure = values.amount(values.obj(value).get("value"))
        sign = values.obj(value).get("comparator")
        comparator = sign if isinstance(sign, str) and sign else None
        unit = values.string(values.obj(value).get("code")) or values.string(values.obj(value).get("unit"))
        if values.units.disagree(values.string(values.obj(value).get("unit")) or unit, unit):
            return []  # which of the two units is meant isn't known
    elif kind in ("Integer", "Decimal", "String"):
        figure = values.amount(value)
    else:
        return []
    if figure is None:
        return []
    marks = [values.code(concept) for concept in values.many(item.get("interpretation"))]
    mark = next(filter(None, marks), None)
    return [Fact(values.codings(item.get("code")), name, figure, unit or None, mark, comparator)]


def _ranges(item: dict[str, Any]) -> list[str]:
    """Reference ranges, each with what it applies to."""
    shown = []
    for entry in values.objs(item.get("referenceRange")):
        text = values.range_(entry) or values.string(entry.get("text"))
        about = [values.concept(entry.get("type")), values.concepts(entry.get("appliesTo"))]
        about.append(f"age {values.range_(entry.get('age'))}" if values.range_(entry.get("age")) else "")
        detail = ", ".join(
            part for part in about if part and part.casefold() not in ("normal range", "normal")
        )
        if text:
            shown.append(f"{text} ({detail})" if detail else text)
    return [f"Reference range {'; '.join(shown)}."] if shown else []


def component_lines(resource: dict[str, Any]) -> list[str]:
    """A line for each component; the two of a blood pressure are one line, made elsewhere."""
    parts = values.objs(resource.get("component"))
    pair = _pair(resource)
    lines = []
    for part in parts:
        name = values.concept(part.get("code")) or "Component without a name"
        ranges = _ranges(part)
        if pair and (part is pair[0] or part is pair[1]):
            meaning = interpretation(part)
            if not meaning and not ranges:
                continue
            shown = f"{name} ({meaning})" if meaning else name
        else:
            shown = statement(part, name)
            if not value_text(part) and not part.get("dataAbsentReason"):
                shown += ": no value recorded"
        lines.append("; ".join([shown, *(text.rstrip(".") for text in ranges)]))
    return lines


def _pair(resource: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The systolic and diastolic components, where there is exactly one of each, with one unit and numbers."""
    found: dict[str, list[dict[str, Any]]] = {"systolic": [], "diastolic": []}
    for part in values.objs(resource.get("component")):
        symbols = {symbol for _, symbol in values.codings(part.get("code"))}
        name = values.concept(part.get("code")).casefold()
        for key, known in (("systolic", _SYSTOLIC), ("diastolic", _DIASTOLIC)):
            if symbols & known or (not symbols and name.startswith(key)):
                found[key].append(part)
    if len(found["systolic"]) != 1 or len(found["diastolic"]) != 1:
        return None
    systolic, diastolic = found["systolic"][0], found["diastolic"][0]
    pair = [values.choice(part, "value") for part in (systolic, diastolic)]
    if any(kind != "Quantity" or not values.quantity(value) for kind, value in pair):
        return None
    if any(values.obj(value).get("comparator") for _, value in pair):
        return None
    return (systolic, diastolic) if values.unit(pair[0][1]) == values.unit(pair[1][1]) else None


def _blood_pressure(resource: dict[str, Any]) -> tuple[str, list[Fact]] | None:
    pair = _pair(resource)
    if pair is None or value_text(resource):
        return None
    top, bottom = (values.obj(values.choice(part, "value")[1]) for part in pair)
    name = values.concept(resource.get("code"))
    usual = not name or _PRESSURE.fullmatch(name)  # any other name says more: "Blood pressure, standing"
    shown = (
        f"{'Blood pressure' if usual else name} {values.number(top.get('value'))}/{values.quantity(bottom)}"
    )
    parts = values.objs(resource.get("component"))
    facts = [facts_of(part, values.concept(part.get("code")) or "Blood pressure") for part in parts]
    meanings = [interpretation(resource)]
    for part, label in zip(pair, ("systolic", "diastolic"), strict=True):
        if meaning := interpretation(part):
            meanings.append(f"{label} {meaning}")
    detail = ", ".join(filter(None, meanings))
    return (f"{shown} ({detail})" if detail else shown), list(itertools.chain.from_iterable(facts))
