"""People brought to another data folder: with their passwords, roles and policies, and nothing of theirs written over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.accounts import service
from services.accounts.directory import Directory
from services.accounts.moving import Moved, move_people
from services.accounts.policy import policy_of
from services.accounts.service import Accounts
from services.errors import Unauthorized
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import PASSWORD

POLICY = {"resourceType": "AccessPolicy", "id": "lab", "resource": [{"resourceType": "Observation"}]}


def opened(folder: Path) -> tuple[SQLiteRepository, Accounts]:
    repository = SQLiteRepository(Database(folder / "record.sqlite"))
    accounts = Accounts(repository.database, Directory(repository).enrol)
    accounts._hasher = service.argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # quick
    return repository, accounts


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[tuple[SQLiteRepository, Accounts]]:
    repository, accounts = opened(tmp_path / "old")
    ann = accounts.add_user("ann@clinic.test", PASSWORD, "clinician", "Ann")
    accounts.add_user("bea@clinic.test", PASSWORD, "approver", "Bea")
    accounts.disable("bea@clinic.test")
    accounts.add_user("demo@example.test", "medplum", "administrator", "Demo", demo=True)
    repository.update(POLICY, create_missing=True)
    Directory(repository).join(ann.reference, f"User/{ann.id}", "Ann", policy="AccessPolicy/lab")
    yield repository, accounts
    repository.database.close()


def moved(source: SQLiteRepository, target: SQLiteRepository, most: int = 10_000) -> Moved:
    def progress(done: int, total: int) -> None:
        assert done <= total
        if done == most:
            raise KeyboardInterrupt

    return move_people(source, target, progress)


def test_they_sign_in_there_as_they_did_here(
    clinic: tuple[SQLiteRepository, Accounts], tmp_path: Path
) -> None:
    source, accounts = clinic
    client, secret = accounts.add_client("lab system", "read-only")
    target, there = opened(tmp_path / "new")
    with pytest.raises(KeyboardInterrupt):
        moved(source, target, most=4)
    report = moved(source, target)
    assert report.whole and report.here == report.there and report.added < report.accounts + report.resources
    assert (report.accounts, report.demo) == (3, 1)
    again = moved(source, target)
    assert again.whole and again.added == 0
    ann = there.check_password("ann@clinic.test", PASSWORD)
    assert ann == accounts.check_password("ann@clinic.test", PASSWORD)
    assert policy_of(target, ann.reference) == policy_of(source, ann.reference) is not None
    assert there.check_client(client.id, secret).role == "read-only"
    for login in ("bea@clinic.test", "demo@example.test"):
        with pytest.raises(Unauthorized):
            there.check_password(login, PASSWORD)
    token = accounts.access_token(ann)
    with pytest.raises(Unauthorized):
        there.check_token(token)


def test_who_is_there_already_is_left_and_named(
    clinic: tuple[SQLiteRepository, Accounts], tmp_path: Path
) -> None:
    source, _ = clinic
    target, there = opened(tmp_path / "new")
    there.add_user("ann@clinic.test", "another password", "read-only", "Ann Other")
    target.update({**POLICY, "name": "theirs"}, create_missing=True)
    report = moved(source, target)
    assert not report.whole
    assert {"ann@clinic.test", "AccessPolicy/lab"} <= {name for name, _ in report.refused}
    assert there.check_password("ann@clinic.test", "another password").role == "read-only"
    assert target.read("AccessPolicy", "lab").resource["name"] == "theirs"
