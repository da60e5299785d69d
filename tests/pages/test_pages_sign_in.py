"""The sign-in form: what it says to what is typed."""

import pytest
from streamlit.testing.v1 import AppTest

from services.accounts.service import ATTEMPTS
from services.runtime.system import System
from tests.pages.conftest import OPEN, PASSWORD, said


def enter(test: AppTest, email: str, password: str) -> AppTest:
    test.text_input[0].set_value(email)
    test.text_input[1].set_value(password)
    test.button[0].click().run()
    return test


@pytest.mark.parametrize(("email", "password"), [("", ""), ("clinician@example.com", ""), (" ", "x")])
def test_empty(open_page: OPEN, email: str, password: str) -> None:
    assert "Type your e-mail address and your password." in said(enter(open_page("", ""), email, password))


@pytest.mark.parametrize("email", ["clinician@example.com", "nobody@example.com", "' OR 1=1 --", "<b>x</b>"])
def test_wrong(open_page: OPEN, email: str) -> None:
    assert "The e-mail address or the password is wrong." in said(enter(open_page("", ""), email, "wrong"))


def test_right(open_page: OPEN) -> None:
    test = enter(open_page("", ""), " Clinician@Example.com ", PASSWORD)
    assert "Signing in…" in said(test)
    assert "code" not in test.session_state


def test_too_many_tries(open_page: OPEN, world: System) -> None:
    world.accounts.add_user("forgetful@example.com", PASSWORD, "clinician")
    test = open_page("", "")
    for _ in range(ATTEMPTS):
        enter(test, "forgetful@example.com", "wrong")
    assert "Too many failed tries" in said(enter(test, "forgetful@example.com", PASSWORD))


def test_no_demo_accounts_outside_demo_mode(open_page: OPEN) -> None:
    assert [b.label for b in open_page("", "").button] == ["Sign in"]
