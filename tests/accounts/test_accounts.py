"""Who may sign in: passwords, codes, tokens and sessions, and how each of them ends."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator

import jwt
import pytest

from services.accounts import service, signins
from services.accounts.roles import PERMISSIONS, ROLES, Principal
from services.accounts.service import Accounts
from services.errors import Forbidden, InvalidInput, NotFound, Unauthorized
from services.fhir.database import Database
from tests.conftest import PASSWORD


class Clock:
    """The time as the accounts see it."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    held = Clock()
    for module in (service, signins):
        monkeypatch.setattr(module, "time", held)
    yield held


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    made = Accounts(database)
    made._hasher = service.argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # quick
    made.add_user("Ann@Clinic.test ", PASSWORD, "clinician", "Ann")
    return made


def ann(accounts: Accounts) -> Principal:
    return accounts.check_password("ann@clinic.test", PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 9, "x" * 1025, "half a pair \ud800"])
def test_passwords_that_are_too_short_too_long_or_no_text_are_refused(
    accounts: Accounts, password: str
) -> None:
    with pytest.raises(InvalidInput):
        accounts.add_user("new@clinic.test", password, "clinician")
    assert len(accounts.list()) == 1


@pytest.mark.parametrize("email", ["", "nobody", "@", "a@", "@b", "a b@c", "a@b\n c", "x" * 250 + "@b.test"])
def test_what_is_no_address_is_refused(accounts: Accounts, email: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.add_user(email, PASSWORD, "clinician")


def test_an_address_is_taken_whatever_its_case_and_roles_must_exist(accounts: Accounts) -> None:
    with pytest.raises(InvalidInput):
        accounts.add_user("ANN@clinic.test", PASSWORD, "clinician")
    with pytest.raises(InvalidInput):
        accounts.add_user("new@clinic.test", PASSWORD, "root")


def test_signing_in_ignores_case_and_white_space_of_the_address(accounts: Accounts) -> None:
    who = accounts.check_password(" ANN@clinic.TEST", PASSWORD)
    assert (who.role, who.name, who.email, who.kind) == ("clinician", "Ann", "ann@clinic.test", "user")


def test_a_wrong_password_an_unknown_and_a_disabled_account_are_told_alike(accounts: Accounts) -> None:
    accounts.add_user("gone@clinic.test", PASSWORD, "clinician")
    accounts.disable("gone@clinic.test")
    said = set()
    for login, password in (("ann@clinic.test", "wrong"), ("nobody@clinic.test", "wrong"), ("gone@clinic.test", PASSWORD),
                            ("x" * 10_000, "wrong"), ("ann@clinic.test", "x" * 100_000), ("ann@clinic.test", "\ud800")):  # fmt: skip
        with pytest.raises(Unauthorized) as caught:
            accounts.check_password(login, password)
        said.add(caught.value.message)
    assert len(said) == 1


@pytest.mark.parametrize("login", ["ann@clinic.test", "nobody@clinic.test"])
def test_ten_failures_close_the_door_for_five_minutes(accounts: Accounts, clock: Clock, login: str) -> None:
    for _ in range(service.ATTEMPTS):
        with pytest.raises(Unauthorized, match="wrong"):
            accounts.check_password(login, "guess")
    with pytest.raises(Unauthorized, match="Too many"):
        accounts.check_password(login, PASSWORD)
    clock.ahead = service.ATTEMPT_SECONDS + 1
    if login.startswith("ann"):
        assert ann(accounts).name == "Ann"


def test_a_success_forgets_the_failures_before_it(accounts: Accounts) -> None:
    for _ in range(3):
        for _ in range(service.ATTEMPTS - 1):
            with pytest.raises(Unauthorized):
                accounts.check_password("ann@clinic.test", "guess")
        ann(accounts)


def test_guesses_side_by_side_do_not_pass_the_limit_together(accounts: Accounts) -> None:
    tried: list[str] = []

    def guess() -> None:
        try:
            accounts.check_password("ann@clinic.test", "guess")
        except Unauthorized as error:
            tried.append(error.message)

    threads = [threading.Thread(target=guess) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("wrong" in message for message in tried) == service.ATTEMPTS
    assert len(tried) == 30


def test_old_attempts_are_not_kept(accounts: Accounts, database: Database, clock: Clock) -> None:
    for n in range(5):
        with pytest.raises(Unauthorized):
            accounts.check_password(f"guess{n}@clinic.test", "x")
    clock.ahead = service.ATTEMPT_SECONDS + 1
    ann(accounts)
    assert database.connection().execute("SELECT COUNT(*) FROM login_attempt").fetchone() == (0,)


def test_disabling_ends_passwords_sessions_tokens_and_codes_at_once(accounts: Accounts) -> None:
    who = ann(accounts)
    token, session = accounts.access_token(who), accounts.open_session(who, 3600)
    code, refresh = accounts.issue_code(who, "", "plain"), accounts.open_session(who, 3600, "refresh")
    assert accounts.check_token(token) == accounts.check_session(session) == who
    accounts.disable("ANN@clinic.test")
    for refused in (
        lambda: accounts.check_token(token), lambda: accounts.check_session(session),
        lambda: accounts.redeem_code(code, None), lambda: accounts.take_session(refresh, "refresh"),
        lambda: ann(accounts),
    ):  # fmt: skip
        with pytest.raises(Unauthorized):
            refused()
    with pytest.raises(NotFound):
        accounts.disable("nobody@clinic.test")


def test_a_new_password_ends_all_that_was_given_before_it(accounts: Accounts) -> None:
    who = ann(accounts)
    token, session = accounts.access_token(who), accounts.open_session(who, 3600)
    code, refresh = accounts.issue_code(who, "", "plain"), accounts.open_session(who, 3600, "refresh")
    assert accounts.check_token(token) == who
    accounts.set_password("ann@clinic.test", "another long password")
    for refused in (
        lambda: accounts.check_token(token), lambda: accounts.check_session(session),
        lambda: accounts.redeem_code(code, None), lambda: accounts.take_session(refresh, "refresh"),
    ):  # fmt: skip
        with pytest.raises(Unauthorized):
            refused()
    again = accounts.check_password("ann@clinic.test", "another long password")
    fresh = accounts.access_token(again)  # within the same second
    assert accounts.check_token(fresh) == who
    accounts.disable("ann@clinic.test")
    accounts.enable("ann@clinic.test")
    with pytest.raises(Unauthorized):
        accounts.check_token(fresh)


def test_pkce_by_plain_text_and_by_hash(accounts: Accounts) -> None:
    who = ann(accounts)
    hashed = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).decode().rstrip("=")
    for challenge, method in (("verifier", "plain"), (hashed, "S256")):
        login = accounts.redeem_code(accounts.issue_code(who, challenge, method), "verifier")
        assert (login.who, login.scope, login.client) == (who, "openid", "")
        for wrong in ("other", hashed if method == "S256" else "", None, ""):
            with pytest.raises(Unauthorized):
                accounts.redeem_code(accounts.issue_code(who, challenge, method), wrong)
    with pytest.raises(InvalidInput):
        accounts.issue_code(who, "x", "S512")


def test_a_code_is_good_once_and_not_after_a_wrong_verifier_or_its_time(
    accounts: Accounts, clock: Clock
) -> None:
    who = ann(accounts)
    code = accounts.issue_code(who, "verifier", "plain")
    accounts.redeem_code(code, "verifier")
    with pytest.raises(Unauthorized):
        accounts.redeem_code(code, "verifier")
    code = accounts.issue_code(who, "verifier", "plain")
    for given in ("guess", "verifier"):
        with pytest.raises(Unauthorized):
            accounts.redeem_code(code, given)
    code = accounts.issue_code(who, "", "plain")
    clock.ahead = signins.CODE_SECONDS + 1
    with pytest.raises(Unauthorized):
        accounts.redeem_code(code, None)
    with pytest.raises(Unauthorized):
        accounts.redeem_code("never issued", None)


def test_one_code_redeemed_by_many_at_once_is_given_to_one(accounts: Accounts) -> None:
    code, start, won = accounts.issue_code(ann(accounts), "", "plain"), threading.Barrier(8), []

    def redeem() -> None:
        start.wait()
        with contextlib.suppress(Unauthorized):
            won.append(accounts.redeem_code(code, None))

    threads = [threading.Thread(target=redeem) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_tokens_expire_can_be_ended_and_cannot_be_forged(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = ann(accounts)
    token = accounts.access_token(who)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 3600
    for forged in (
        jwt.encode(claims, "another key of enough length for HS256", algorithm="HS256"),
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode({**claims, "exp": claims["iat"] - 10}, accounts._key(), algorithm="HS256"),
        jwt.encode({"sub": who.id}, accounts._key(), algorithm="HS256"),
        jwt.encode({**claims, "sub": "nobody"}, accounts._key(), algorithm="HS256"),
        token[:-2], "", "a.b.c",
    ):  # fmt: skip
        with pytest.raises(Unauthorized):
            accounts.check_token(forged)
    other = accounts.access_token(who)
    accounts.end_token(token)
    with pytest.raises(Unauthorized):
        accounts.check_token(token)
    assert accounts.check_token(other) == who


def test_sessions_end_by_time_by_closing_and_are_of_one_kind(accounts: Accounts, clock: Clock) -> None:
    who = ann(accounts)
    session, refresh = accounts.open_session(who, 100), accounts.open_session(who, 100, "refresh")
    with pytest.raises(Unauthorized):
        accounts.check_session(refresh)
    with pytest.raises(Unauthorized):
        accounts.take_session(session, "refresh")
    assert accounts.take_session(refresh, "refresh").who == who
    with pytest.raises(Unauthorized):
        accounts.take_session(refresh, "refresh")
    accounts.close_session(session)
    with pytest.raises(Unauthorized):
        accounts.check_session(session)
    session = accounts.open_session(who, 100)
    clock.ahead = 101
    with pytest.raises(Unauthorized):
        accounts.check_session(session)


def test_clients_prove_themselves_by_secret_and_not_as_people(accounts: Accounts) -> None:
    client, secret = accounts.add_client("Lab feed", "clinician")
    assert accounts.check_client(client.id, secret) == client
    assert client.reference == f"ClientApplication/{client.id}"
    for client_id, given in (
        (client.id, "wrong"),
        ("unknown", secret),
        (ann(accounts).id, PASSWORD),
        (client.id, ""),
    ):
        with pytest.raises(Unauthorized, match="client id or secret"):
            accounts.check_client(client_id, given)
    login = accounts.list("client")[0]["login"]
    with pytest.raises(Unauthorized):
        accounts.check_password(login, secret)
    accounts.disable(client.id)
    with pytest.raises(Unauthorized):
        accounts.check_client(client.id, secret)


def test_nothing_secret_lies_in_the_file_in_clear(accounts: Accounts, database: Database) -> None:
    who = ann(accounts)
    client, secret = accounts.add_client("Lab feed", "clinician")
    held = [
        PASSWORD, secret, accounts.issue_code(who, "", "plain"), accounts.access_token(who),
        accounts.open_session(who, 60), accounts.open_session(who, 60, "refresh"),
    ]  # fmt: skip
    database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = b"".join(p.read_bytes() for p in database.path.parent.iterdir() if p.is_file())
    assert client.id.encode() in content
    for value in held:
        assert value.encode() not in content


def test_each_role_may_do_what_its_line_says_and_is_told_who_may() -> None:
    assert set(PERMISSIONS) == set(ROLES)
    for role in ROLES:
        who = Principal("1", "user", "x", role)
        for permission in PERMISSIONS["administrator"]:
            if who.may(permission):
                who.require(permission)
            else:
                with pytest.raises(Forbidden, match="administrator"):
                    who.require(permission)
    assert not PERMISSIONS["read-only"] & {"write", "decide", "import", "administer"}
