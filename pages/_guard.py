"""Who is at the page, asked anew at each run of it and of its parts; and what a reader sees of a fault of ours."""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from services.console import session
from services.console.session import Principal

log = logging.getLogger("fabric.pages")
FAILED = "Something went wrong on this page."
P = ParamSpec("P")


def token() -> str | None:
    """The session's token, which only the browser's cookie holds."""
    return st.context.cookies.get(session.COOKIE)


def current() -> Principal | None:
    """Who is signed in here. Asked of the record at each run: nothing outlives a session that has ended."""
    principal = session.who(token())
    if principal is None and st.session_state.pop("signed-in", False):
        st.session_state.clear()
        st.session_state["ended"] = True
    return principal


def rests_on(principal: Principal) -> None:
    """What the run of a page that begins rests on: whose it is, and the record as it is now."""
    st.session_state["rests-on"] = (principal, session.latest_change())
    st.session_state.pop("whole", None)


def whole() -> None:
    """What was done in a part concerns all of the page: it runs next."""
    st.session_state["whole"] = True


def failed(error: Exception) -> bool:
    """A fault of ours: a sentence for the reader, and the place for the log, without what the record holds. Told so that
    Streamlit says nothing of its own."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    log.error("a page failed: %s at %s:%s", type(error).__name__, Path(place.filename).name, place.lineno)
    st.error(
        f"{FAILED} What was saved is saved. Load the page again; if it fails again, tell your administrator when."
    )
    return True


def part(every: float | None = None) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """A part of a page that runs by itself after a click in it, or every so many seconds. Where somebody else is there by
    now, or the record has changed since the page was run, the whole page runs instead."""

    def made(show: Callable[P, None]) -> Callable[P, None]:
        return st.fragment(guarded(show, exact=every is None), run_every=every)

    return made


def guarded(show: Callable[P, None], exact: bool = False) -> Callable[P, None]:
    """For what Streamlit runs without the page: parts and dialogs. `exact`: it shows what the page read of the record."""

    @functools.wraps(show)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        if _by_itself():
            principal = current()
            whose, change = st.session_state.get("rests-on", (None, 0))
            changed = exact and change != session.latest_change()
            if principal is None or principal != whose or changed or "whole" in st.session_state:
                st.rerun()
        try:
            show(*args, **kwargs)
        except Exception as error:
            failed(error)

    return shown


def _by_itself() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    return bool(context and context.fragment_ids_this_run)


@part()
def folded(title: str, key: str, show: Callable[[], object]) -> None:
    """What is shown only when somebody opens it is made only then."""
    box = st.expander(title, key=key, on_change="rerun")
    if box.open:
        with box:
            show()
