"""From a resource to the rows that it is found by.

Extraction follows the search parameter's paths through the JSON and reads each value by its shape, so that a
resource with odd or missing parts is indexed by what it does have, and never fails to be stored.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.fhir.definitions import (
    SearchParameter,
    compartment_parameters,
    search_parameters,
    split_reference,
)

MIN_TIME, MAX_TIME = -(10.0**12), 10.0**12
_DATE = re.compile(
    r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?"
    r"(Z|[+-]\d{2}:\d{2})?)?)?)?\Z",
    re.ASCII,
)


@dataclass(slots=True)
class IndexRows:
    """What the index tables hold of one resource; `pid` is SearchParameter.pid."""

    tokens: set[tuple[int, str, str]] = field(default_factory=set)  # pid, code, system
    strings: set[tuple[int, str]] = field(default_factory=set)  # pid, folded value
    dates: set[tuple[int, float, float]] = field(default_factory=set)  # pid, from, before (epoch seconds)
    quantities: set[tuple[int, float, str]] = field(default_factory=set)  # pid, value, unit or code
    references: set[tuple[int, str]] = field(default_factory=set)  # pid, "Type/id" or the text given
    patients: set[str] = field(default_factory=set)  # ids of the compartments it is in


def fold(text: str) -> str:
    """Lower case without accents, white space collapsed: how names are compared (FHIR R4 search, string)."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def date_range(value: object) -> tuple[float, float] | None:
    """A FHIR date, dateTime or instant → the seconds [from, before) that it covers; None where it is none.

    A value without a time zone is read as UTC.
    """
    match = _DATE.match(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        start = dt.datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
                            min(int(second or 0), 59), tzinfo=dt.UTC)  # fmt: skip
        if zone and zone != "Z":
            hours, minutes = int(zone[1:3]), int(zone[4:6])
            offset = dt.timedelta(hours=hours, minutes=minutes)
            start = start - offset if zone[0] == "+" else start + offset
        low = start.timestamp()
        if month is None:
            days = 366 if calendar.isleap(start.year) else 365
            return low, low + days * 86_400
        if day is None:
            return low, low + calendar.monthrange(start.year, start.month)[1] * 86_400
        if hour is None:
            return low, low + 86_400
        if second is None:
            return low, low + 60
        if fraction is None:
            return low, low + 1
        low += float(fraction)
        return low, low + 10.0 ** -min(len(fraction) - 1, 6)
    except (ValueError, OverflowError):
        return None


def values_at(node: Any, path: str) -> Iterator[Any]:
    """All values at a path such as `name.given`, `telecom[system=phone]` or `entry[0].resource`, lists flattened."""
    key, _, rest = path.partition(".")
    condition = None
    if key.endswith("]"):
        key, _, condition = key[:-1].partition("[")
    nodes = node if isinstance(node, list) else [node]
    for item in nodes:
        if not isinstance(item, dict) or key not in item:
            continue
        found = item[key]
        for number, value in enumerate(found if isinstance(found, list) else [found]):
            if condition and condition.isdigit():
                if number != int(condition):
                    continue
            elif condition:
                name, _, wanted = condition.partition("=")
                if not isinstance(value, dict) or value.get(name) != wanted:
                    continue
            if rest:
                yield from values_at(value, rest)
            elif value is not None:
                yield value


def index_rows(resource: dict[str, Any]) -> IndexRows:
    """The rows of a resource; never raises on odd content."""
    rows = IndexRows()
    resource_type = resource.get("resourceType", "")
    in_compartment = compartment_parameters(resource_type)
    for name, parameter in search_parameters(resource_type).items():
        for path in parameter.paths:
            for value in values_at(resource, path):
                _READERS[parameter.kind](rows, parameter, value)
        if name in in_compartment:
            rows.patients.update(_patients(resource, parameter))
    if resource_type == "Patient":
        _patient_rows(rows, resource)
    return rows


def _patient_rows(rows: IndexRows, resource: dict[str, Any]) -> None:
    """A patient is in their own compartment, and `deceased` asks whether, not when (FHIR R4 Patient)."""
    if isinstance(resource.get("id"), str):
        rows.patients.add(resource["id"])
    dead = bool(resource.get("deceasedDateTime")) or resource.get("deceasedBoolean") is True
    pid = search_parameters("Patient")["deceased"].pid
    rows.tokens = {t for t in rows.tokens if t[0] != pid} | {(pid, "true" if dead else "false", "")}


def _patients(resource: dict[str, Any], parameter: SearchParameter) -> Iterator[str]:
    for path in parameter.paths:
        for value in values_at(resource, path):
            target = split_reference(value.get("reference")) if isinstance(value, dict) else None
            if target and target[0] == "Patient":
                yield target[1]


def _token(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    pid = parameter.pid
    if isinstance(value, bool):
        rows.tokens.add((pid, "true" if value else "false", ""))
    elif isinstance(value, str | int):
        rows.tokens.add((pid, str(value), ""))
    elif isinstance(value, dict):
        for coding in value.get("coding") or [] if isinstance(value.get("coding"), list) else []:
            if isinstance(coding, dict):
                _pair(rows, pid, coding.get("code"), coding.get("system"))
                _text(rows, pid, coding.get("display"))
        _text(rows, pid, value.get("text"))
        _text(rows, pid, value.get("display"))
        if "value" in value:  # Identifier, ContactPoint
            _pair(rows, pid, value["value"], value.get("system"))
        elif "code" in value:  # Coding
            _pair(rows, pid, value["code"], value.get("system"))


def _pair(rows: IndexRows, pid: int, code: Any, system: Any) -> None:
    if isinstance(code, str) and code:
        rows.tokens.add((pid, code, system if isinstance(system, str) else ""))


def _text(rows: IndexRows, pid: int, text: Any) -> None:
    if isinstance(text, str) and text.strip():
        rows.strings.add((pid, fold(text)[:500]))


def _string(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    if isinstance(value, str):
        parts: list[Any] = [value]
    elif isinstance(value, dict):  # HumanName, Address: each part by itself, as FHIR asks
        parts = [item for part in value.values() for item in (part if isinstance(part, list) else [part])]
    else:
        return
    for part in parts:
        _text(rows, parameter.pid, part)
        if isinstance(part, str) and part.strip():
            rows.strings.add((parameter.exact_pid, part[:500]))


def _date(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    if isinstance(value, str):
        covered = date_range(value)
    elif isinstance(value, dict) and ("start" in value or "end" in value):
        start, end = date_range(value.get("start")), date_range(value.get("end"))
        covered = (start[0] if start else MIN_TIME, end[1] if end else MAX_TIME)
    elif isinstance(value, dict) and isinstance(value.get("event"), list):
        for event in value["event"]:
            if isinstance(event, str):
                _date(rows, parameter, event)
        return
    else:
        return
    if covered:
        rows.dates.add((parameter.pid, *covered))


def _quantity(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        rows.quantities.add((parameter.pid, float(value), ""))
    elif isinstance(value, dict) and isinstance(value.get("value"), int | float):
        units = {value.get("code"), value.get("unit")}
        for unit in {u for u in units if isinstance(u, str)} or {""}:
            rows.quantities.add((parameter.pid, float(value["value"]), unit))


def _reference(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    text = value.get("reference") if isinstance(value, dict) else value
    if not isinstance(text, str) or not text:
        return
    target = split_reference(text)
    if target and parameter.targets and target[0] not in parameter.targets:
        return
    rows.references.add((parameter.pid, "/".join(target) if target else text))


def _uri(rows: IndexRows, parameter: SearchParameter, value: Any) -> None:
    if isinstance(value, str):
        rows.tokens.add((parameter.pid, value, ""))


_READERS = {
    "token": _token,
    "string": _string,
    "date": _date,
    "quantity": _quantity,
    "number": _quantity,
    "reference": _reference,
    "uri": _uri,
}
