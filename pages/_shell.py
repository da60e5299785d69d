"""The frame of every page: guard, navigation, demo mark, patient banner, error line.

A page's file can be reached by its address before the navigation was ever built, so every page calls `guard()`
first: nobody sees anything without a session.
"""

from __future__ import annotations

import contextlib
import html
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages import _browser, _entrance, _finder, _guard
from pages._cards import link
from pages._guard import current, failed, rests_on
from services.console import away, session
from services.console.audit import tell_view
from services.console.patients import Banner, PatientLine, banner
from services.console.recent import opened
from services.console.session import Principal
from services.errors import FabricError, PatientNotFound, Unauthorized

_PAGES = Path(__file__).parent
_ICON = str(_PAGES / "_icon.png")
_HOME = "home"
_BY_LINK = frozenset({"patient"})
"""Pages that only make sense for somebody: links lead there, not the navigation."""
_KNOWN = (  # file, title, icon, address, permission
    ("home.py", "Home", "home", "home", "read"),
    ("patients.py", "Patients", "groups", "patients", "read"),
    ("patient.py", "Patient", "person", "patient", "read"),
    ("search.py", "Search", "search", "search", "search"),
    ("ask.py", "Ask", "forum", "ask", "search"),
    ("findings.py", "Findings", "clinical_notes", "findings", "search"),
    ("drafts.py", "Drafts", "edit_note", "drafts", "search"),
    ("approvals.py", "Approvals", "fact_check", "approvals", "read"),
    ("billing.py", "Billing", "receipt_long", "billing", "search"),
    ("import_data.py", "Import", "upload", "import", "import"),
    ("evaluation.py", "Evaluation", "monitoring", "evaluation", "evaluate"),
    ("bots.py", "Bots", "smart_toy", "bots", "administer"),
    ("subscriptions.py", "Subscriptions", "notifications", "subscriptions", "administer"),
    ("safety.py", "Safety", "shield", "safety", "administer"),
    ("members.py", "Members", "badge", "members", "administer"),
    ("audit.py", "Audit", "policy", "audit", "administer"),
)


def run() -> None:
    """app.py's script: choose the page. Whoever is not signed in gets the sign-in form at any address, so that
    the address that was asked for is still there afterwards. A page that the role doesn't permit is known, so that
    its guard says why, and not shown."""
    # Before the navigation: a browser would fetch the picture of the page's icon from elsewhere.
    st.set_page_config(page_icon=_ICON, layout="wide")
    principal = current()
    if principal is None:
        form = _PAGES / "sign_in.py"
        pages = [st.Page(form, title="Sign in", url_path="sign-in", default=True)]
        pages += [st.Page(form, title="Sign in", url_path=address) for _, _, _, address, _ in _KNOWN]
        page = st.navigation(pages, position="hidden")
    else:
        groups: dict[str, list[Any]] = {"": [], "Administration": []}
        for file, title, icon, address, permission, shown in _pages():
            group = "Administration" if permission in ("administer", "evaluate") and principal.may("administer") else ""
            groups[group].append(
                st.Page(
                    _PAGES / file,
                    title=title,
                    icon=f":material/{icon}:",
                    url_path=address,
                    visibility="visible" if shown and principal.may(permission) else "hidden",
                    default=not address,
                )
            )
        page = st.navigation({name: pages for name, pages in groups.items() if pages}, position="top")
    st.set_page_config(page_title="Fabric" if principal is None else f"{page.title} · Fabric")
    try:
        page.run()
    except Exception as error:
        failed(error)


def _pages() -> Iterator[tuple[str, str, str, str, str, bool]]:
    """The home page is also at "/", and there it is the one that the navigation shows."""
    for file, title, icon, address, permission in _KNOWN:
        if address == _HOME:
            yield file, title, icon, "", permission, True
        yield file, title, icon, address, permission, address != _HOME and address not in _BY_LINK


def guard(
    title: str, permission: str = "read", live: str = "", kept: tuple[str, str] | None = None, beside: bool = False
) -> Principal:
    """First line of every page: stops the page for whoever is not signed in or lacks the permission. `live` and
    `kept` tell the browser's part about the page's fields. `beside`: a part of the page opens sources by itself."""
    principal = current()
    if principal is None:
        _entrance.form()
        st.stop()
    st.session_state["signed-in"] = True
    rests_on(principal)
    if st.session_state.get("page") != title:
        st.session_state["page"] = title
        st.session_state.pop("opening", None)
        _finder.close()
    asked = st.session_state.get("asked", {})
    if asked:  # a link was followed
        _finder.close()
    source = None if beside else asked.get("open", st.query_params.get("open")) or ""
    _browser.mount(source=source, beside=beside, live=live, kept=kept)
    _top(principal)
    if told := away.sentence():
        st.warning(told)
    away.show_saving(_saving)
    if not principal.may(permission):
        st.title(title, anchor=False)
        st.error(f"Your role ({principal.role}) may not use this page.")
        st.stop()
    return principal


def _saving(words: str) -> contextlib.AbstractContextManager[object]:
    """On the page that saves; of what the API and the background save nobody sees anything."""
    return st.spinner(words) if get_script_run_ctx(suppress_warning=True) else contextlib.nullcontext()


def _top(principal: Principal) -> None:
    """In the header's line: the demo mark, and who is signed in."""
    with st.container(key="fabric-top", horizontal=True, vertical_alignment="center", width="content"):
        _finder.offer(principal)
        if session.is_demo():
            st.html('<div class="fabric-demo" role="note">Demo – not for patient care</div>', width="content")
        with st.popover(principal.name, icon=":material/account_circle:"):
            st.markdown(f"**{principal.name}**  \n{principal.email}  \nRole: {principal.role}")
            if st.button("Sign out", icon=":material/logout:", width="stretch"):
                session.sign_out(_guard.token())
                st.session_state.clear()
                st.session_state["forget"] = True
                st.rerun()


@contextlib.contextmanager
def friendly() -> Iterator[None]:
    """Expected failures as a sentence on the page; what was typed stays."""
    try:
        yield
    except Unauthorized as error:
        st.error(error.message)
    except FabricError as error:
        st.warning(error.message)


def tell_seen(principal: Principal, page: str, patients: Iterable[str], alone: bool = False) -> bool:
    """Before patients are shown: tell the audit trail, once for each opening of the page or of a patient on it, however
    often it runs; whether there was anybody new to tell of. Stops the page where that can't be done. For a page that
    lists patients; the banner tells of its own."""
    about = list(dict.fromkeys(patients))
    opening = (page, st.query_params.get("patient"), tuple(about) if alone else ())
    if st.session_state.get("opening") != opening:
        st.session_state["opening"] = opening
        st.session_state["seen"] = set()
    known: set[str] = st.session_state["seen"]
    new = [patient for patient in about if patient not in known]
    if not new:
        return False
    try:
        address = st.context.ip_address
        tell_view(principal, page, new, address if isinstance(address, str) else None)
    except FabricError as error:
        st.warning(error.message)
        st.stop()
    known.update(new)
    return True


def patient_banner(principal: Principal, patient_id: str, here: str = "search") -> Banner:
    """The banner; stops the page where there is no such patient. `here` is the page's address."""
    try:
        found = banner(principal, patient_id)
    except PatientNotFound as error:
        st.warning(error.message)
        st.page_link(str(_PAGES / "patients.py"), label="Find a patient", icon=":material/groups:")
        st.stop()
    if tell_seen(principal, here, [patient_id], alone=True):
        with friendly():
            opened(principal, patient_id)
    with st.container(key="patient-banner"):
        st.html(banner_html(found, here))
    return found


def banner_html(found: Banner, here: str) -> str:
    """The banner as the NHS Common User Interface has it: no label for the name, no colons. Beside it the other pages
    about this patient."""
    known = found.allergy_state == "Known allergies"
    allergies = f" <b>{safe('; '.join(found.allergies))}</b>" if known else ""
    icon = '<span aria-hidden="true">⚠ </span>' if found.allergy_state != "No known allergies" else ""
    return (
        f'<section class="fb-banner" aria-label="Patient">{_jobs(found.patient.id, here)}{identity_html(found.patient)}'
        f'<div class="fb-allergy {"fb-alert" if known else ""}">{icon}{found.allergy_state}{allergies}</div></section>'
    )


def _jobs(patient_id: str, here: str) -> str:
    jobs = (
        ("patient", "Overview"),
        ("search", "Search this record"),
        ("ask", "Ask about this patient"),
        ("findings", "Findings"),
        ("drafts", "Drafts"),
        ("approvals", "Proposals"),
        ("billing", "Billing"),
    )
    links = (link(label, f"/{address}", {}, patient=patient_id) for address, label in jobs if address != here)
    return f'<span class="fb-jobs">{"".join(links)}</span>'


def identity_html(line: PatientLine) -> str:
    """Who it is: name, birth date and age or death, gender, record number."""
    fields = [("Born", f"{line.born} ({line.age})" if line.age and not line.deceased else line.born)]
    if line.deceased:
        when = "date Not Known" if line.deceased == "Yes" else line.deceased
        fields.append(("Died", f"{when} (at {line.age})" if line.age and line.deceased != "Yes" else when))
    fields += [("Gender", line.gender), ("MRN", line.identifier)]
    shown = "".join(
        f'<span class="fb-field"><span class="fb-label">{label}</span> {safe(value)}</span>'
        for label, value in fields
    )
    return f'<span class="fb-name">{safe(line.name)}</span>{shown}'


def safe(text: str) -> str:
    return html.escape(text)
