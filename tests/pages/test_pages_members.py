"""Members: who may sign in, what bounds them, and what an administrator can't do."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from services.console import members
from services.errors import Forbidden, InvalidInput, Unauthorized
from services.runtime.system import System
from tests.console.world import ADMIN
from tests.pages.conftest import OPEN, PASSWORD, said


def press(test: AppTest, label: str, number: int = 0) -> AppTest:
    [b for b in test.button if b.label == label][number].click().run()
    return test


def test_a_person_is_added_and_can_sign_in(open_page: OPEN, world: System) -> None:
    test = open_page("members", "administrator")
    assert "clinician@example.com" in said(test)
    next(t for t in test.text_input if t.label == "E-mail").set_value("new@clinic.test")
    next(t for t in test.text_input if t.label == "Password").set_value("short")
    press(test, "Add")
    assert "at least 10 characters" in said(test)
    next(t for t in test.text_input if t.label == "Password").set_value("long enough password")
    press(test, "Add")
    assert "may sign in as clinician" in said(test)
    assert world.accounts.check_password("new@clinic.test", "long enough password").role == "clinician"


def test_a_programs_secret_is_shown_once(open_page: OPEN, world: System) -> None:
    test = open_page("members", "administrator")
    press(test, "Add", 1)
    assert "A program needs a name." in said(test)
    next(t for t in test.text_input if t.key == "program-name").set_value("Laboratory")
    press(test, "Add", 1)
    shown = json.loads(test.code[0].value)
    assert world.accounts.check_client(shown["id"], shown["secret"]).name == "Laboratory"
    press(test, "I have copied it")
    assert not test.code


def test_access_ends_and_comes_back(world: System) -> None:
    world.accounts.add_user("leaving@clinic.test", PASSWORD, "clinician", "Leaving")
    line = next(m for m in members.members(ADMIN, "user") if m.login == "leaving@clinic.test")
    members.turn(ADMIN, line, False)
    with pytest.raises(Unauthorized):
        world.accounts.check_password("leaving@clinic.test", PASSWORD)
    members.turn(ADMIN, line, True)
    members.set_password(ADMIN, line, "another long one")
    assert world.accounts.check_password("leaving@clinic.test", "another long one").id == line.id


def test_a_policy_bounds_a_member_at_once(world: System) -> None:
    who = world.accounts.add_user("bounded@clinic.test", PASSWORD, "clinician", "Bounded")
    world.repository.write_many(
        [{"resourceType": "AccessPolicy", "id": "few", "name": "Few", "resource": [{"resourceType": "Patient", "criteria": "Patient?_id=marsh"}]}]
    )  # fmt: skip
    line = next(m for m in members.members(ADMIN, "user") if m.id == who.id)
    members.set_policy(ADMIN, line, "AccessPolicy/few")
    assert [s.id for s in world.repository_for(who).search("Patient").matches] == ["marsh"]
    assert next(m for m in members.members(ADMIN, "user") if m.id == who.id).policy_name == "Few"
    with pytest.raises(InvalidInput):
        members.set_policy(ADMIN, line, "AccessPolicy/none")
    members.set_policy(ADMIN, line, "")
    assert len(world.repository_for(who).search("Patient").matches) > 1


def test_nobody_shuts_themselves_out_and_others_change_nothing(world: System) -> None:
    admin = world.accounts.check_password("administrator@example.com", PASSWORD)
    clinician = world.accounts.check_password("clinician@example.com", PASSWORD)
    own = next(m for m in members.members(admin, "user") if m.id == admin.id)
    with pytest.raises(InvalidInput):
        members.turn(admin, own, False)
    for attempt in (
        lambda: members.members(clinician, "user"),
        lambda: members.turn(clinician, own, False),
        lambda: members.set_password(clinician, own, "another long one"),
        lambda: members.set_policy(clinician, own, ""),
        lambda: members.add_person(clinician, "x@y.z", "a long password", "administrator", ""),
        lambda: members.add_program(clinician, "x", "administrator"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert world.accounts.check_password("administrator@example.com", PASSWORD)
