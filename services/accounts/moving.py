"""The people and programs of one data folder brought to another one: accounts with their password hashes, memberships and
access policies. Sessions, tokens and codes stay behind, since each folder signs its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import orjson

from services.accounts.directory import AUTHOR, PROJECT_ID
from services.accounts.schema import STEPS
from services.fhir.database import Database
from services.fhir.repository import Resource
from services.fhir.sqlite import SQLiteRepository, bare

_COLUMNS = "id, kind, login, name, role, secret, disabled, created, tokens_from"
_TYPES = ("Project", "Practitioner", "User", "ClientApplication", "AccessPolicy", "ProjectMembership")
Progress = Callable[[int, int], None]
"""How much is done, of how much."""


@dataclass(slots=True)
class Moved:
    """What a move did. `here` and `there`: SHA-256 over what was to be moved, as it is in both places."""

    accounts: int = 0
    resources: int = 0
    added: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    demo: int = 0
    here: str = ""
    there: str = ""

    @property
    def whole(self) -> bool:
        return not self.refused and self.here == self.there


def move_people(source: SQLiteRepository, target: SQLiteRepository, progress: Progress) -> Moved:
    """Copy whoever is not there yet; run it again to go on. What the other folder has otherwise is left as it is there, and
    named. Demo accounts, whose passwords everybody knows, stay. Both records' tables are those of this version."""
    for database in (source.database, target.database):
        database.migrate("accounts", list(STEPS))
    rows, resources = _accounts(source.database), list(_resources(source))
    report = Moved(len(rows), len(resources), demo=_demo(source.database))
    total = len(rows) + len(resources)
    for number, resource in enumerate(resources, 1):
        _take(target, resource, report)
        progress(number, total)
    for number, row in enumerate(rows, len(resources) + 1):
        _take_account(target.database, row, report)
        progress(number, total)
    report.here = _digest(rows, resources)
    there = {row[0]: row for row in _accounts(target.database)}
    kept = [target.find(f"{r['resourceType']}/{r['id']}") for r in resources]
    report.there = _digest(
        [there[row[0]] for row in rows if row[0] in there], [bare(s.resource) for s in kept if s is not None]
    )
    return report


def _take(target: SQLiteRepository, resource: Resource, report: Moved) -> None:
    name = f"{resource['resourceType']}/{resource['id']}"
    held = target.find(name)
    if held is None:
        target.update(resource, create_missing=True, author=AUTHOR)
        report.added += 1
    elif bare(held.resource) != resource:
        report.refused.append((name, "is there already, with another content; it was left as it is"))


def _take_account(database: Database, row: tuple, report: Moved) -> None:
    with database.write() as connection:
        held = connection.execute(
            f"SELECT {_COLUMNS} FROM account WHERE id=? OR login=?", (row[0], row[2])
        ).fetchall()
        if not held:
            connection.execute(f"INSERT INTO account({_COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?)", row)
            report.added += 1
        elif held != [row]:
            report.refused.append((row[2], "has an account there already, which is another one; it was left"))


def _accounts(database: Database) -> list[tuple]:
    return database.connection().execute(
        f"SELECT {_COLUMNS} FROM account WHERE demo=0 ORDER BY id"
    ).fetchall()  # fmt: skip


def _demo(database: Database) -> int:
    return database.connection().execute("SELECT COUNT(*) FROM account WHERE demo=1").fetchone()[0]


def _resources(source: SQLiteRepository) -> Iterator[Resource]:
    """What belongs to those accounts, each behind what it refers to; of bots nothing."""
    people = {row[0] for row in _accounts(source.database)}
    for resource_type in _TYPES:
        for stored in source.everything([resource_type]):
            resource = bare(stored.resource)
            profile = str((resource.get("profile") or {}).get("reference") or "")
            owner = profile.rpartition("/")[2] if resource_type == "ProjectMembership" else stored.id
            if resource_type == "AccessPolicy" or owner in people or owner == PROJECT_ID:
                yield resource


def _digest(rows: list[tuple], resources: list[Resource]) -> str:
    told = orjson.dumps([sorted(rows), resources], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()
