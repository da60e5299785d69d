"""FHIR R4 search as SQL over the index tables (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from sqlite3 import Connection

from services.errors import Forbidden, InvalidInput
from services.fhir.definitions import SearchParameter, resource_types, search_parameters, split_reference
from services.fhir.filters import Condition, condition_for, either, split_values
from services.fhir.indexing import date_range
from services.fhir.repository import Page, SearchParams, Stored
from services.fhir.scope import Scope

DEFAULT_COUNT, MAX_COUNT, MAX_INCLUDED = 20, 1000, 1000
MAX_PARAMETERS, MAX_ARGUMENTS, MAX_DEPTH, MAX_WIDTH = 100, 30_000, 8, 500
_RESULT_PARAMETERS = frozenset(
    {
        "_count",
        "_offset",
        "_sort",
        "_total",
        "_totalMethod",
        "_include",
        "_revinclude",
        "_include:iterate",
        "_revinclude:iterate",
        "_summary",
        "_elements",
        "_fields",
        "_format",
        "_pretty",
    }
)


def run_search(
    connection: Connection, resource_type: str, params: SearchParams, scope: Scope | None = None
) -> Page:
    """One page of matches. Raises InvalidInput for a parameter or value that the type doesn't have."""
    if len(params) > MAX_PARAMETERS:
        raise InvalidInput(f"A search takes up to {MAX_PARAMETERS} parameters.")
    count, offset = DEFAULT_COUNT, 0
    where, args = ["r.type=?", "r.body IS NOT NULL"], [resource_type]
    order, order_args = _order(resource_type, params, scope)
    visible = scoped(resource_type, scope)
    if visible is not None:
        where.append(visible.sql)
        args.extend(visible.args)
    want_total = False
    for name, value in params:
        if name == "_count":
            count = min(whole(name, value), MAX_COUNT)
        elif name == "_offset":
            offset = whole(name, value)
        elif name == "_total":
            if value not in ("none", "accurate", "estimate"):
                raise InvalidInput("_total is none, accurate or estimate.", details={"parameter": "_total"})
            want_total = value != "none"
        elif name == "_summary" and value == "count":
            want_total, count = True, 0
        elif name not in _RESULT_PARAMETERS:
            condition = search_condition(resource_type, name, value, scope)
            where.append(condition.sql)
            args.extend(condition.args)
    if len(args) > MAX_ARGUMENTS:
        raise InvalidInput("The search has too many values; ask for fewer at once.")
    clause = " AND ".join(where)
    rows = connection.execute(
        f"SELECT r.type, r.id, r.version, r.updated, r.body FROM resource r WHERE {clause} "
        f"ORDER BY {order} LIMIT ? OFFSET ?",
        (*args, *order_args, count + 1, offset),
    ).fetchall()
    total = None
    if want_total or count == 0:  # _count=0 means _summary=count (hl7.org/fhir/R4/search.html#count)
        total = connection.execute(f"SELECT COUNT(*) FROM resource r WHERE {clause}", args).fetchone()[0]
    matches = [Stored(*row) for row in rows[:count]]
    included = _included(connection, params, matches, scope)
    return Page(matches, included, total, len(rows) > count > 0, count, offset)


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
    _shown(parameter, scope)
    if chain:
        if parameter.kind != "reference":
            raise InvalidInput(f"'{base}' is no reference, so '{name}' can't be followed.")
        return _chained(parameter.pid, base, modifier, parameter.targets, chain, value, scope, depth, width)
    return condition_for(parameter, modifier, value)


def _shown(parameter: SearchParameter, scope: Scope | None) -> None:
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
    _shown(parameter, scope)
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


def _order(resource_type: str, params: SearchParams, scope: Scope | None) -> tuple[str, list]:
    terms, args = [], []
    for name, value in params:
        if name != "_sort":
            continue
        for key in value.split(","):
            direction = "DESC" if key.startswith("-") else "ASC"
            field = key.removeprefix("-")
            if field == "_lastUpdated":
                terms.append(f"r.updated {direction}")
                continue
            if field == "_id":
                terms.append(f"r.id {direction}")
                continue
            parameter = search_parameters(resource_type).get(field)
            if parameter is None:
                raise InvalidInput(
                    f"{resource_type} can't be sorted by '{field}'.", details={"parameter": "_sort"}
                )
            _shown(parameter, scope)
            table, column = {
                "date": ("ix_date", "low"),
                "token": ("ix_token", "code"),
                "uri": ("ix_token", "code"),
                "string": ("ix_string", "value"),
                "reference": ("ix_reference", "target"),
            }.get(parameter.kind, ("ix_quantity", "value"))
            pick = "MAX" if direction == "DESC" else "MIN"
            terms.append(
                f"(SELECT {pick}({column}) FROM {table} i WHERE i.rid=r.rid AND i.pid=?) {direction} NULLS LAST"
            )
            args.append(parameter.pid)
    newest = any(term == "r.updated DESC" for term in terms)  # within a millisecond, too
    return ", ".join([*terms, "r.rid DESC" if newest else "r.rid"]), args


def _included(
    connection: Connection, params: SearchParams, matches: list[Stored], scope: Scope | None
) -> list[Stored]:
    """What `_include` and `_revinclude` add, without repeats."""
    seen = {m.reference for m in matches}
    found: list[Stored] = []

    def add(rows: Sequence[tuple]) -> None:
        for row in rows:
            stored = Stored(*row)
            if stored.reference not in seen and len(found) < MAX_INCLUDED:
                seen.add(stored.reference)
                found.append(stored)

    for name, value in params:
        kind = name.partition(":")[0]
        if kind not in ("_include", "_revinclude"):
            continue
        source, _, rest = value.partition(":")
        field, _, target_type = rest.partition(":")
        parameter = search_parameters(source).get(field)
        if parameter is None or parameter.kind != "reference":
            raise InvalidInput(f"'{name}={value}' names no reference parameter.", details={"parameter": name})
        _shown(parameter, scope)
        iterate = name.endswith(":iterate")
        pool = [*matches, *found] if iterate else matches
        position = 0
        while position < len(pool):
            match, before = pool[position], len(found)
            position += 1
            if kind == "_include" and match.type == source:
                targets = connection.execute(
                    "SELECT i.target FROM ix_reference i JOIN resource s ON s.rid=i.rid "
                    "WHERE i.pid=? AND s.type=? AND s.id=?",
                    (parameter.pid, match.type, match.id),
                )
                for (target,) in targets.fetchall():
                    pair = split_reference(target)
                    if pair and (not target_type or pair[0] == target_type):
                        add(_by_id(connection, *pair, scope))
            elif kind == "_revinclude":
                add(_pointing(connection, parameter, match.reference, scope))
            if iterate:
                pool += found[before:]
    return found


def _by_id(connection: Connection, resource_type: str, resource_id: str, scope: Scope | None) -> list[tuple]:
    visible = scoped(resource_type, scope) or Condition("1")
    return connection.execute(
        "SELECT r.type, r.id, r.version, r.updated, r.body FROM resource r "
        f"WHERE r.type=? AND r.id=? AND r.body IS NOT NULL AND {visible.sql}",
        (resource_type, resource_id, *visible.args),
    ).fetchall()


def _pointing(
    connection: Connection, parameter: SearchParameter, target: str, scope: Scope | None
) -> list[tuple]:
    visible = scoped(parameter.type, scope) or Condition("1")
    return connection.execute(
        "SELECT r.type, r.id, r.version, r.updated, r.body FROM ix_reference i JOIN resource r ON r.rid=i.rid "
        f"WHERE i.pid=? AND i.target=? AND r.body IS NOT NULL AND {visible.sql}",
        (parameter.pid, target, *visible.args),
    ).fetchall()


def whole(name: str, value: str) -> int:
    """The value of a parameter that takes a whole number. Raises InvalidInput."""
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise InvalidInput(f"{name} must be a whole number, not '{value}'.", details={"parameter": name})
    return int(value)
