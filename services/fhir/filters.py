"""One search value as SQL, by kind of parameter: prefixes, modifiers, lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from services.errors import InvalidInput
from services.fhir.definitions import SearchParameter, resource_types, split_reference
from services.fhir.indexing import date_range, fold

_TABLES = {
    "token": "ix_token",
    "uri": "ix_token",
    "string": "ix_string",
    "date": "ix_date",
    "quantity": "ix_quantity",
    "number": "ix_quantity",
    "reference": "ix_reference",
}
_NUMBER = re.compile(r"^[+-]?\d{1,18}(\.\d{1,18})?([eE][+-]?\d{1,2})?\Z", re.ASCII)
MAX_VALUES = 2000


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL about the resource row `r`, with its arguments."""

    sql: str
    args: list[Any] = field(default_factory=list)


def either(conditions: Sequence[Condition]) -> Condition:
    """One of them; paired as a balanced tree, for SQLite bounds the depth of an expression."""
    if len(conditions) == 1:
        return Condition(f"({conditions[0].sql})", conditions[0].args)
    half = len(conditions) // 2
    left, right = either(conditions[:half]), either(conditions[half:])
    return Condition(f"({left.sql} OR {right.sql})", [*left.args, *right.args])


def split_values(name: str, value: str) -> list[str]:
    """The alternatives of a value: commas between them, `\\,` for a comma that is meant."""
    items = [item.replace("\\,", ",") for item in re.split(r"(?<!\\),", value)]
    if len(items) > MAX_VALUES:
        raise InvalidInput(f"'{name}' takes up to {MAX_VALUES} values at once.", details={"parameter": name})
    return items


def condition_for(parameter: SearchParameter, modifier: str, value: str) -> Condition:
    """`parameter:modifier=value` (commas mean OR). Raises InvalidInput for what can't be understood."""
    table = _TABLES[parameter.kind]
    if modifier == "missing":
        if value not in ("true", "false"):
            raise InvalidInput(f"{parameter.name}:missing takes true or false, not '{value}'.")
        tables = [table, "ix_string"] if table == "ix_token" else [table]
        present = " OR ".join(f"r.rid IN (SELECT rid FROM {t} WHERE pid=?)" for t in tables)
        negation = "NOT " if value == "true" else ""
        return Condition(f"{negation}({present})", [parameter.pid] * len(tables))
    negate = modifier == "not"
    exact = parameter.kind == "string" and modifier == "exact"
    pid = parameter.exact_pid if exact else parameter.pid
    tests = []
    for item in split_values(parameter.name, value):
        sql, values, *other = _BUILDERS[parameter.kind](parameter, "" if negate else modifier, item)
        table = other[0] if other else _TABLES[parameter.kind]
        tests.append(Condition(f"r.rid IN (SELECT rid FROM {table} WHERE pid=? AND ({sql}))", [pid, *values]))
    found = either(tests)
    return Condition(f"NOT {found.sql}", found.args) if negate else found


def _refuse(parameter: SearchParameter, modifier: str) -> InvalidInput:
    return InvalidInput(
        f"The modifier ':{modifier}' is not available for '{parameter.name}'.",
        details={"parameter": parameter.name},
    )


def _token(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    if modifier == "text":
        return "instr(value, ?)", [fold(value)], "ix_string"
    if modifier and modifier != "exact":
        raise _refuse(parameter, modifier)
    system, bar, code = value.partition("|")
    if not bar:
        return "code=?", [value]
    if not code:
        return "system=?", [system]
    return "code=? AND system=?", [code, system]


def _string(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    folded = fold(value)
    if modifier == "exact":  # case and accents count; services.fhir.indexing keeps the first 500 characters
        return "value=?", [value[:500]]
    if modifier in ("contains", "text"):
        return "instr(value, ?)", [folded]
    if modifier:
        raise _refuse(parameter, modifier)
    return "value>=? AND value<?", [folded, folded + "\U0010ffff"]


def _date(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    if modifier:
        raise _refuse(parameter, modifier)
    prefix, text = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
    covered = date_range(text.replace(" ", "+"))
    if covered is None:
        raise InvalidInput(
            f"'{value}' is not a FHIR date such as 2024-03-05.", details={"parameter": parameter.name}
        )
    low, high = covered
    tests: dict[str, tuple[str, list[float]]] = {
        "eq": ("low>=? AND high<=?", [low, high]),
        "ne": ("NOT (low>=? AND high<=?)", [low, high]),
        "gt": ("high>?", [high]),
        "ge": ("high>?", [low]),
        "lt": ("low<?", [low]),
        "le": ("low<?", [high]),
        "sa": ("low>=?", [high]),
        "eb": ("high<=?", [low]),
        "ap": ("low<? AND high>?", [high, low]),
    }
    if prefix not in tests:
        raise InvalidInput(f"The prefix '{prefix}' is not known.", details={"parameter": parameter.name})
    return tests[prefix]


def _quantity(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    if modifier:
        raise _refuse(parameter, modifier)
    number, _, rest = value.partition("|")
    unit = rest.rpartition("|")[2]
    prefix, text = (number[:2], number[2:]) if number[:2].isalpha() else ("eq", number)
    if not _NUMBER.match(text):
        raise InvalidInput(f"'{value}' is not a number.", details={"parameter": parameter.name})
    exact = float(text)
    low, high = _rounded(text)
    tests: dict[str, tuple[str, list[Any]]] = {
        "eq": ("value>=? AND value<?", [low, high]),
        "ne": ("NOT (value>=? AND value<?)", [low, high]),
        "gt": ("value>?", [exact]),
        "sa": ("value>?", [exact]),
        "ge": ("value>=?", [exact]),
        "lt": ("value<?", [exact]),
        "eb": ("value<?", [exact]),
        "le": ("value<=?", [exact]),
        "ap": ("value>=? AND value<=?", sorted([exact * 0.9, exact * 1.1])),
    }
    if prefix not in tests:
        raise InvalidInput(f"The prefix '{prefix}' is not known.", details={"parameter": parameter.name})
    sql, args = tests[prefix]
    return (f"{sql} AND unit=?", [*args, unit]) if unit else (sql, args)


def _rounded(text: str) -> tuple[float, float]:
    """The values [from, before) that the number as written stands for: 5.4 is 5.35 to 5.45, 1e2 is 95 to 105
    (FHIR R4 search, number). Reckoned in decimals, so that a border falls where it is written."""
    number = Decimal(text)
    exponent = int(cast(int, number.as_tuple().exponent))
    half = Decimal(5).scaleb(exponent - (2 if "e" in text.lower() and exponent > 0 else 1))
    return float(number - half), float(number + half)


def _reference(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    if modifier and modifier not in resource_types():
        raise _refuse(parameter, modifier)
    target = split_reference(value)
    if target and value.count("/") == 1:
        return "target=?", [value]
    if target:
        return "target IN (?,?)", ["/".join(target), value]
    if modifier:
        return "target=?", [f"{modifier}/{value}"]
    types = parameter.targets or sorted(resource_types())
    return f"target IN ({','.join('?' * (len(types) + 1))})", [value, *(f"{t}/{value}" for t in types)]


def _uri(parameter: SearchParameter, modifier: str, value: str) -> tuple[Any, ...]:
    if modifier == "below":
        return "code>=? AND code<?", [value, value + "\U0010ffff"]
    if modifier:
        raise _refuse(parameter, modifier)
    return "code=?", [value]


_BUILDERS = {
    "token": _token,
    "uri": _uri,
    "string": _string,
    "date": _date,
    "quantity": _quantity,
    "number": _quantity,
    "reference": _reference,
}
