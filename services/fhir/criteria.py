"""Which rows of the record a search names: conditions in SQL over the index tables (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.errors import Forbidden, InvalidInput
from services.fhir.definitions import SearchParameter, resource_types, search_parameters, split_reference
from services.fhir.filters import Condition, condition_for, either, split_values
from services.fhir.indexing import date_range
from services.fhir.repository import SearchParams
from services.fhir.scope import Scope

MAX_DEPTH, MAX_WIDTH = 8, 500


def scoped(resource_type: str, scope: Scope | None) -> Condition | None:
    """What the scope asks of a resource row `r` of the type; None where it asks for nothing."""
    criteria = scope.criteria(resource_type) if scope is not None else None
    return None if criteria is None else any_of(resource_type, criteria)


def any_of(resource_type: str, criteria: Sequence[SearchParams]) -> Condition:
    """The rows that match one of the searches. A search without parameters matches all."""
    if not criteria:
        return Condition("0")
    parts = []
    for params in criteria:
        tests = [search_condition(resource_type, name, value) for name, value in params]
        sql = " AND ".join(t.sql for t in tests) or "1"
        parts.append(Condition(f"({sql})", [a for t in tests for a in t.args]))
    return either(parts)


def search_condition(
    resource_type: str, name: str, value: str, scope: Scope | None = None, depth: int = 0, width: int = 1
) -> Condition:
    """One `name=value` as SQL about the resource row `r`. `depth` counts the links of a chain, `width` the
    combinations of types that it has led to."""
    if depth > MAX_DEPTH:
        raise InvalidInput(f"A chain has up to {MAX_DEPTH} links.")
    if name == "_id":
        ids = split_values(name, value)
        return Condition(f"r.id IN ({','.join('?' * len(ids))})", list(ids))
    if name == "_lastUpdated":
        return _last_updated(value)
    if name == "_compartment":
        target = split_reference(value) or ("Patient", value)
        if target[0] != "Patient":
            raise InvalidInput("Only compartments of patients are kept.", details={"parameter": name})
        return Condition(
            "r.rid IN (SELECT rid FROM compartment WHERE patient=? AND type=r.type)", [target[1]]
        )
    if name.startswith("_has:"):
        return _has(name, value, scope, depth, width)
    head, _, chain = name.partition(".")
    base, _, modifier = head.partition(":")
    parameter = search_parameters(resource_type).get(base)
    if parameter is None:
        raise InvalidInput(f"{resource_type} has no search parameter '{base}'.", details={"parameter": name})
    shown(parameter, scope)
    if chain:
        if parameter.kind != "reference":
            raise InvalidInput(f"'{base}' is no reference, so '{name}' can't be followed.")
        return _chained(parameter.pid, base, modifier, parameter.targets, chain, value, scope, depth, width)
    return condition_for(parameter, modifier, value)


def shown(parameter: SearchParameter, scope: Scope | None) -> None:
    """An element that is hidden can't be found out by searching for its values."""
    hidden = scope.hidden(parameter.type) if scope is not None else frozenset()
    if any(path.partition(".")[0].partition("[")[0] in hidden for path in parameter.paths):
        raise Forbidden(f"You may not search {parameter.type} by '{parameter.name}': it is hidden from you.")


def _chained(
    pid: int,
    base: str,
    modifier: str,
    targets: Sequence[str],
    chain: str,
    value: str,
    scope: Scope | None,
    depth: int,
    width: int,
) -> Condition:
    """`subject:Patient.name=x`: resources whose reference points at one that matches `name=x`."""
    wanted = chain.partition(".")[0].partition(":")[0]
    if modifier:
        types = [modifier] if modifier in resource_types() else []
    else:
        types = [t for t in (targets or sorted(resource_types())) if _searchable(t, wanted)]
        width *= max(1, len(types))
        if width > MAX_WIDTH:
            raise InvalidInput(f"Name the type that '{base}' points to, as in '{base}:Patient.{chain}'.")
    if not types:
        raise InvalidInput(f"'{base}.{chain}' can't be followed: no type has '{wanted}'.")
    parts = []
    for target in types:
        inner = _visible(target, search_condition(target, chain, value, scope, depth + 1, width), scope)
        parts.append(
            Condition(
                "r.rid IN (SELECT rid FROM ix_reference WHERE pid=? AND target IN (SELECT r.type||'/'||r.id "
                f"FROM resource r WHERE r.type=? AND r.body IS NOT NULL AND {inner.sql}))",
                [pid, target, *inner.args],
            )
        )
    return either(parts)


def _visible(resource_type: str, found: Condition, scope: Scope | None) -> Condition:
    visible = scoped(resource_type, scope)
    if visible is None:
        return found
    return Condition(f"({found.sql} AND {visible.sql})", [*found.args, *visible.args])


def _has(name: str, value: str, scope: Scope | None, depth: int, width: int) -> Condition:
    """`_has:Observation:patient:code=x`: resources that a matching Observation points at."""
    parts = name.split(":", 3)
    if len(parts) != 4 or parts[1] not in resource_types():
        raise InvalidInput(f"'{name}' should read _has:Type:reference:parameter.")
    _, source, reference, inner_name = parts
    parameter = search_parameters(source).get(reference)
    if parameter is None or parameter.kind != "reference":
        raise InvalidInput(f"{source} has no reference parameter '{reference}'.")
    shown(parameter, scope)
    inner = _visible(source, search_condition(source, inner_name, value, scope, depth + 1, width), scope)
    return Condition(
        "r.type||'/'||r.id IN (SELECT target FROM ix_reference WHERE pid=? AND rid IN "
        f"(SELECT r.rid FROM resource r WHERE r.type=? AND r.body IS NOT NULL AND {inner.sql}))",
        [parameter.pid, source, *inner.args],
    )


def _last_updated(value: str) -> Condition:
    prefix, text = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
    covered = date_range(text.replace(" ", "+"))
    if covered is None:
        raise InvalidInput(f"'{value}' is not a FHIR date.", details={"parameter": "_lastUpdated"})
    low, high = (_instant(seconds) for seconds in covered)  # as text: r.updated is written in one form only
    tests = {
        "eq": ("r.updated>=? AND r.updated<?", [low, high]),
        "ne": ("NOT (r.updated>=? AND r.updated<?)", [low, high]),
        "gt": ("r.updated>=?", [high]),
        "sa": ("r.updated>=?", [high]),
        "ge": ("r.updated>=?", [low]),
        "lt": ("r.updated<?", [low]),
        "eb": ("r.updated<?", [low]),
        "le": ("r.updated<?", [high]),
    }
    if prefix not in tests:
        raise InvalidInput(f"The prefix '{prefix}' is not known.", details={"parameter": "_lastUpdated"})
    sql, args = tests[prefix]
    return Condition(f"({sql})", list(args))


def _instant(seconds: float) -> str:
    try:
        moment = dt.datetime.fromtimestamp(round(seconds, 3), dt.UTC)
    except (ValueError, OverflowError):  # the end of the year 9999
        return "9999-12-31T23:59:59.999Z"
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _searchable(resource_type: str, name: str) -> bool:
    return name in ("_id", "_lastUpdated") or name in search_parameters(resource_type)
