"""FHIR R4 search as SQL over the index tables (hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

from collections.abc import Sequence
from sqlite3 import Connection

from services.errors import InvalidInput
from services.fhir.definitions import resource_types, search_parameters, split_reference
from services.fhir.filters import Condition, condition_for, either
from services.fhir.indexing import date_range
from services.fhir.repository import Page, SearchParams, Stored

DEFAULT_COUNT, MAX_COUNT, MAX_INCLUDED = 20, 1000, 1000
_RESULT_PARAMETERS = frozenset(
    {
        "_count",
        "_offset",
        "_sort",
        "_total",
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


def run_search(connection: Connection, resource_type: str, params: SearchParams) -> Page:
    """One page of matches. Raises InvalidInput for a parameter or value that the type doesn't have."""
    count, offset = DEFAULT_COUNT, 0
    where, args = ["r.type=?", "r.body IS NOT NULL"], [resource_type]
    order, order_args = _order(resource_type, params)
    want_total = False
    for name, value in params:
        if name == "_count":
            count = min(_whole(name, value), MAX_COUNT)
        elif name == "_offset":
            offset = _whole(name, value)
        elif name == "_total":
            want_total = value in ("accurate", "estimate")
        elif name == "_summary" and value == "count":
            want_total, count = True, 0
        elif name not in _RESULT_PARAMETERS:
            condition = search_condition(resource_type, name, value)
            where.append(condition.sql)
            args.extend(condition.args)
    clause = " AND ".join(where)
    rows = connection.execute(
        f"SELECT r.type, r.id, r.version, r.updated, r.body FROM resource r WHERE {clause} "
        f"ORDER BY {order} LIMIT ? OFFSET ?",
        (*args, *order_args, count + 1, offset),
    ).fetchall()
    total = None
    if want_total:
        total = connection.execute(f"SELECT COUNT(*) FROM resource r WHERE {clause}", args).fetchone()[0]
    matches = [Stored(*row) for row in rows[:count]]
    included = _included(connection, resource_type, params, matches)
    return Page(matches, included, total, len(rows) > count > 0, count, offset)


def search_condition(resource_type: str, name: str, value: str) -> Condition:
    """One `name=value` as SQL about the resource row `r`."""
    if name == "_id":
        return either([Condition("r.id=?", [v]) for v in value.split(",")])
    if name == "_lastUpdated":
        return _last_updated(value)
    if name == "_compartment":
        target = split_reference(value) or ("Patient", value)
        return Condition(
            "r.rid IN (SELECT rid FROM compartment WHERE patient=? AND type=r.type)", [target[1]]
        )
    if name.startswith("_has:"):
        return _has(resource_type, name, value)
    head, _, chain = name.partition(".")
    base, _, modifier = head.partition(":")
    parameter = search_parameters(resource_type).get(base)
    if parameter is None:
        raise InvalidInput(f"{resource_type} has no search parameter '{base}'.", details={"parameter": name})
    if chain:
        if parameter.kind != "reference":
            raise InvalidInput(f"'{base}' is no reference, so '{name}' can't be followed.")
        return _chained(parameter.pid, base, modifier, parameter.targets, chain, value)
    return condition_for(parameter, modifier, value)


def _chained(pid: int, base: str, modifier: str, targets: Sequence[str], chain: str, value: str) -> Condition:
    """`subject:Patient.name=x`: resources whose reference points at one that matches `name=x`."""
    wanted = chain.partition(".")[0].partition(":")[0]
    if modifier:
        types = [modifier] if modifier in resource_types() else []
    else:
        types = [t for t in (targets or sorted(resource_types())) if wanted in search_parameters(t)]
    if not types:
        raise InvalidInput(f"'{base}.{chain}' can't be followed: no type has '{wanted}'.")
    parts = []
    for target in types:
        inner = search_condition(target, chain, value)
        parts.append(
            Condition(
                "r.rid IN (SELECT rid FROM ix_reference WHERE pid=? AND target IN (SELECT r.type||'/'||r.id "
                f"FROM resource r WHERE r.type=? AND r.body IS NOT NULL AND {inner.sql}))",
                [pid, target, *inner.args],
            )
        )
    return either(parts)


def _has(resource_type: str, name: str, value: str) -> Condition:
    """`_has:Observation:patient:code=x`: resources that a matching Observation points at."""
    parts = name.split(":", 3)
    if len(parts) != 4 or parts[1] not in resource_types():
        raise InvalidInput(f"'{name}' should read _has:Type:reference:parameter.")
    _, source, reference, inner_name = parts
    parameter = search_parameters(source).get(reference)
    if parameter is None or parameter.kind != "reference":
        raise InvalidInput(f"{source} has no reference parameter '{reference}'.")
    inner = search_condition(source, inner_name, value)
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
    seconds = "(CAST(strftime('%s', r.updated) AS REAL) + CAST('0.'||substr(r.updated, 21, 3) AS REAL))"
    low, high = covered
    tests = {
        "eq": (f"{seconds}>=? AND {seconds}<?", [low, high]),
        "ne": (f"NOT ({seconds}>=? AND {seconds}<?)", [low, high]),
        "gt": (f"{seconds}>=?", [high]),
        "sa": (f"{seconds}>=?", [high]),
        "ge": (f"{seconds}>=?", [low]),
        "lt": (f"{seconds}<?", [low]),
        "eb": (f"{seconds}<?", [low]),
        "le": (f"{seconds}<?", [high]),
    }
    if prefix not in tests:
        raise InvalidInput(f"The prefix '{prefix}' is not known.", details={"parameter": "_lastUpdated"})
    sql, args = tests[prefix]
    return Condition(f"({sql})", list(args))


def _order(resource_type: str, params: SearchParams) -> tuple[str, list]:
    terms, args = [], []
    for name, value in params:
        if name != "_sort":
            continue
        for key in value.split(","):
            direction = "DESC" if key.startswith("-") else "ASC"
            field = key.lstrip("-")
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
    return ", ".join([*terms, "r.rid"]), args


def _included(
    connection: Connection, resource_type: str, params: SearchParams, matches: list[Stored]
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
        for match in list(matches):
            if kind == "_include" and match.type == source:
                targets = connection.execute(
                    "SELECT i.target FROM ix_reference i JOIN resource s ON s.rid=i.rid "
                    "WHERE i.pid=? AND s.type=? AND s.id=?",
                    (parameter.pid, match.type, match.id),
                )
                for (target,) in targets.fetchall():
                    pair = split_reference(target)
                    if pair and (not target_type or pair[0] == target_type):
                        add(_by_id(connection, *pair))
            elif kind == "_revinclude":
                add(
                    connection.execute(
                        "SELECT r.type, r.id, r.version, r.updated, r.body FROM ix_reference i JOIN resource r "
                        "ON r.rid=i.rid WHERE i.pid=? AND i.target=? AND r.body IS NOT NULL",
                        (parameter.pid, match.reference),
                    ).fetchall()
                )
    return found


def _by_id(connection: Connection, resource_type: str, resource_id: str) -> list[tuple]:
    return connection.execute(
        "SELECT type, id, version, updated, body FROM resource WHERE type=? AND id=? AND body IS NOT NULL",
        (resource_type, resource_id),
    ).fetchall()


def _whole(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise InvalidInput(f"{name} must be a whole number, not '{value}'.", details={"parameter": name})
    return int(value)
