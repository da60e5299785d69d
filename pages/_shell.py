"""The frame of every page: guard, navigation, demo mark, patient banner, error line.

A page's file can be reached by its address before the navigation was ever built, so every page calls `guard()`
first: nobody sees anything without a session.
"""

from __future__ import annotations

import contextlib
import html
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from services.console import session
from services.console.patients import Banner, banner
from services.console.session import Principal
from services.errors import FabricError, PatientNotFound, Unauthorized

_STYLE = (Path(__file__).parent / "_style.css").read_text("utf-8")
_PAGES = Path(__file__).parent
_COOKIE_JS = """
export default function(component) {
  const { data, setTriggerValue } = component;
  if (!data) return;
  const options = data.code
    ? { method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({code: data.code}) }
    : { method: 'DELETE' };
  fetch('/auth/session', options).then(() => { if (data.reload) window.location.assign('/'); });
}
"""


def run() -> None:
    """app.py's script: choose the page."""
    st.set_page_config(page_title="Fabric", page_icon=":material/clinical_notes:", layout="wide")
    principal = current()
    if principal is None:
        page = st.navigation(
            [st.Page(_PAGES / "sign_in.py", title="Sign in", url_path="sign-in")], position="hidden"
        )
    else:
        pages = [
            st.Page(
                _PAGES / "patients.py",
                title="Patients",
                icon=":material/groups:",
                url_path="patients",
                default=True,
            ),
            st.Page(_PAGES / "search.py", title="Search", icon=":material/search:", url_path="search"),
        ]
        if principal.may("import"):
            pages.append(
                st.Page(
                    _PAGES / "import_data.py", title="Import", icon=":material/upload:", url_path="import"
                )
            )
        page = st.navigation(pages, position="top")
    page.run()


def current() -> Principal | None:
    """Who is signed in here, still active; from this tab's session or from the browser's cookie."""
    held = st.session_state.get("principal")
    if held is None:
        held = session.from_cookies(st.context.cookies)
        if held is not None:
            st.session_state["principal"] = held
    if held is not None and not session.still_active(held):
        st.session_state.clear()
        return None
    return held


def guard(title: str, permission: str = "read") -> Principal:
    """First line of every page: stops the page for whoever is not signed in or lacks the permission."""
    style()
    principal = current()
    if principal is None:
        st.title("Sign in", anchor=False)
        st.info("Your session has ended, or you have not signed in yet.")
        st.link_button("Go to sign in", "/")
        st.stop()
    if not principal.may(permission):
        st.title(title, anchor=False)
        st.error(f"Your role ({principal.role}) may not use this page.")
        st.stop()
    st.set_page_config(page_title=f"{title} · Fabric")
    _cookie()
    _top(principal)
    return principal


def style() -> None:
    st.html(f"<style>{_STYLE}</style>")


def _top(principal: Principal) -> None:
    """One line above each page: the demo mark, and who is signed in."""
    mark, who = st.columns([5, 1.4], vertical_alignment="center")
    if session.is_demo():
        mark.html('<div class="fabric-demo" role="note">Demo data – not for patient care</div>')
    with who.popover(principal.name, icon=":material/account_circle:", width="stretch"):
        st.markdown(f"**{principal.name}**  \n{principal.email}  \nRole: {principal.role}")
        if st.button("Sign out", icon=":material/logout:", width="stretch"):
            st.session_state.clear()
            st.session_state["forget"] = True
            st.rerun()


def _cookie() -> None:
    """Hand the one-time code to the browser, which trades it for the session's cookie."""
    code = st.session_state.pop("code", None)
    if code:
        call_browser({"code": code})


def call_browser(data: dict) -> None:
    """Let the browser set or clear its session cookie."""
    component = st.components.v2.component("fabric_session", js=_COOKIE_JS)
    component(data=data, key="fabric_session_cookie", height=1)


@contextlib.contextmanager
def friendly() -> Iterator[None]:
    """Expected failures as a sentence on the page; what was typed stays."""
    try:
        yield
    except Unauthorized as error:
        st.error(error.message)
    except FabricError as error:
        st.warning(error.message)


def patient_banner(principal: Principal, patient_id: str) -> Banner:
    """The banner; stops the page where there is no such patient."""
    try:
        found = banner(principal, patient_id)
    except PatientNotFound as error:
        st.warning(error.message)
        st.page_link(str(_PAGES / "patients.py"), label="Find a patient", icon=":material/groups:")
        st.stop()
    st.html(banner_html(found))
    return found


def banner_html(found: Banner) -> str:
    """The banner as the NHS Common User Interface has it: no label for the name, no colons."""
    line = found.patient
    age = f" ({line.age})" if line.age and not line.deceased else ""
    died = (
        f'<span class="fb-field"><span class="fb-label">Died</span> {_safe(line.deceased)}</span>'
        if line.deceased
        else ""
    )
    known = found.allergy_state == "Known allergies"
    allergies = f" <b>{_safe('; '.join(found.allergies))}</b>" if known else ""
    icon = "⚠ " if found.allergy_state != "No known allergies" else ""
    return (
        f'<section class="fb-banner" aria-label="Patient banner"><span class="fb-name">{_safe(line.name)}</span>'
        f'<span class="fb-field"><span class="fb-label">Born</span> {_safe(line.born)}{age}</span>{died}'
        f'<span class="fb-field"><span class="fb-label">Gender</span> {_safe(line.gender)}</span>'
        f'<span class="fb-field"><span class="fb-label">MRN</span> {_safe(line.identifier)}</span>'
        f'<div class="fb-allergy {"fb-known" if known else ""}">{icon}{found.allergy_state}{allergies}</div></section>'
    )


def _safe(text: str) -> str:
    return html.escape(text)


safe = _safe
