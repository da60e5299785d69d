"""Nobody sees anything without a session, and everybody only what the role permits."""

import functools
import logging
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.testing.v1 import AppTest

from pages import _guard
from services.accounts.roles import ROLES
from services.runtime.system import System
from tests.pages.conftest import OPEN, PASSWORD, ROOT, said

FILES = sorted(p for p in (ROOT / "pages").glob("*.py") if p.name != "__init__.py")
SECRETS = ("Marsh", "MARSH", "Okonkwo", "OKONKWO", "5 002 615", "Potassium", "warfarin", "Codeine")
ALL = {"home", "patients", "search", "ask", "approvals", "findings", "drafts", "billing"}
TOLD = f"{_guard.FAILED} What was saved is saved. Load the page again; if it fails again, tell your administrator when."
BY_LINK = {"patient"}  # everybody's, and not in the navigation
ADMINISTRATION = {"evaluation", "bots", "subscriptions", "members", "audit", "safety"}
PAGES = {
    "administrator": ALL | {"import_data"} | ADMINISTRATION,
    "clinician": ALL | {"import_data"},
    "approver": ALL | {"evaluation"},
    "read-only": ALL,
}


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
@pytest.mark.parametrize("token", [None, "forged", ""], ids=["none", "forged", "empty"])
def test_a_page_run_by_itself_shows_nothing(
    world: System, monkeypatch: pytest.MonkeyPatch, file: Path, token: str | None
) -> None:
    monkeypatch.setattr(_guard, "token", lambda: token)
    test = AppTest.from_file(str(file), default_timeout=30)
    test.query_params["patient"] = "marsh"
    test.query_params["q"] = "warfarin"
    test.query_params["open"] = "DocumentReference/note"
    test.run()
    words = said(test)
    assert not any(secret in words for secret in SECRETS)
    assert [b.label for b in test.button] in ([], ["Sign in"])
    if not file.name.startswith("_"):
        assert [i.label for i in test.text_input] == ["E-mail", "Password"]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_pages(open_page: OPEN, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[Any] = []
    real = st.navigation

    def noted(pages: list[Any] | dict[str, list[Any]], **more: Any) -> Any:
        known[:] = pages if isinstance(pages, list) else [p for group in pages.values() for p in group]
        return real(pages, **more)

    monkeypatch.setattr(st, "navigation", noted)
    test = open_page("", role)
    shown = {Path(page._page).stem for page in known if page.visibility == "visible"}
    assert shown == PAGES[role]
    for page in {Path(str(i["script_path"])).stem for i in test._registered_pages.values()}:
        words = said(open_page(page, role))
        assert (f"Your role ({role}) may not use this page." in words) == (page not in shown | BY_LINK)


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (role, page)
        for role in ("approver", "read-only")
        for page in ("import_data", *sorted(ADMINISTRATION))
        if page not in PAGES[role]
    ]
    + [("clinician", page) for page in sorted(ADMINISTRATION)],
)
def test_a_page_of_another_role_refuses(
    session: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, role: str, page: str
) -> None:
    held = session(role)
    monkeypatch.setattr(_guard, "token", lambda: held)
    test = AppTest.from_file(str(ROOT / f"pages/{page}.py"), default_timeout=30).run()
    words = said(test)
    assert f"Your role ({role}) may not use this page." in words
    assert not test.get("file_uploader") and "embedding-bot" not in words


def test_only_the_sign_in_is_known_to_nobody(open_page: OPEN) -> None:
    test = open_page("", "")
    assert {Path(str(i["script_path"])).stem for i in test._registered_pages.values()} == {"sign_in"}
    assert test.title[0].value == "Fabric"


def test_a_session_that_ends_takes_everything_with_it(
    open_page: OPEN, world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = open_page("search", q="warfarin", patient="marsh")
    assert "warfarin" in said(test)
    world.accounts.close_session(str(_guard.token()))
    test.run()
    words = said(test)
    assert "Your session has ended" in words
    assert not any(secret in words for secret in SECRETS)
    assert [i.label for i in test.text_input] == ["E-mail", "Password"]


def test_a_disabled_account_is_out_at_once(
    open_page: OPEN, world: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.accounts.add_user("leaver@example.com", PASSWORD, "clinician", "Lea Leaver")
    held = world.accounts.open_session(world.accounts.check_password("leaver@example.com", PASSWORD), 600)
    test = open_page("patients")
    monkeypatch.setattr(_guard, "token", lambda: held)
    assert "MARSH" in said(test.run())
    world.accounts.disable("leaver@example.com")
    assert "MARSH" not in said(test.run())


def test_sign_out_ends_the_session(open_page: OPEN, world: System) -> None:
    test = open_page("patients")
    held = _guard.token()
    next(b for b in test.button if b.label == "Sign out").click().run()
    assert "MARSH" not in said(test)
    with pytest.raises(Exception, match="ended"):
        world.accounts.check_session(str(held))


def test_a_fault_of_ours_is_a_sentence_and_no_traceback(
    open_page: OPEN, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("MARSH, Eleanor")

    monkeypatch.setattr("services.console.today.today", fail)
    test = open_page("")
    assert [e.value for e in test.error] == [TOLD]
    # In a part of a page, which Streamlit may run by itself: the rest of the page is there.
    monkeypatch.setattr("pages._source.show_source", fail)
    test = open_page("search", patient="marsh", q="warfarin", open="DocumentReference/note")
    assert [e.value for e in test.error] == [TOLD] and not test.exception
    assert any("fb-card" in e.proto.body for e in test.get("html"))
    assert "RuntimeError" in caplog.text and "MARSH" not in caplog.text


def test_a_fault_in_what_a_click_calls_is_the_same_sentence(
    open_page: OPEN, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("MARSH, Eleanor")

    # Streamlit calls it outside the page; what it does then the server is told in app.py.
    monkeypatch.setattr(logging.getLogger("streamlit.error_util"), "filters", [])
    server = runpy.run_path(str(ROOT / "app.py"))["app"]
    begun = functools.partialmethod(ScriptRunner.__init__, on_script_error=server._on_script_error)
    monkeypatch.setattr(ScriptRunner, "__init__", begun)
    test = open_page("search", patient="marsh")
    monkeypatch.setattr("pages._browser.go", fail)
    next(b for b in test.button if b.label == "All patients").click().run()
    assert [e.value for e in test.error] == [TOLD] and not test.exception
    assert "RuntimeError" in caplog.text and "MARSH" not in caplog.text
