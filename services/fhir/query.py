"""A page of a FHIR R4 search: matches in their order, and what they include (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from services.errors import InvalidInput
from services.fhir.criteria import scoped, search_condition, shown
from services.fhir.definitions import SearchParameter, search_parameters, split_reference
from services.fhir.filters import Condition
from services.fhir.repository import Page, SearchParams, Stored
from services.fhir.scope import Scope

DEFAULT_COUNT, MAX_COUNT, MAX_INCLUDED = 20, 1000, 1000
MAX_PARAMETERS, MAX_ARGUMENTS = 100, 30_000
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
            shown(parameter, scope)
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
        shown(parameter, scope)
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
