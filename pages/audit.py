"""Audit: who did what to whom, when, and how it ended; and whether the trail is whole."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from pages import _browser
from pages._audit_parts import events_html
from pages._bots_parts import code_html
from pages._cards import plain
from pages._guard import part
from pages._shell import friendly, guard, safe, tell_seen
from services.console import audit
from services.console.audit import FIRST, WORDS, Check

OUTCOMES = {False: "OK", True: "Failed"}
FILTERS = ("patient", "about", "person", "kind", "outcome", "since", "until")
DAYS = {"min_value": dt.date(1900, 1, 1), "max_value": dt.date(2199, 12, 31), "format": "YYYY-MM-DD"}


def go(**params: str | None) -> None:
    """Change the address; None takes a part out of it."""
    for name, value in params.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def address() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in st.query_params}


def offset() -> int:
    asked = st.query_params.get("from", "")
    return min(int(asked), 10**6) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else 0


def to_start() -> None:
    """Another filter begins with its newest events."""
    go(**{"from": None, "open": None})


def show_ledger() -> None:
    """The state of the ledger, and what can be done with it."""
    told, wrong = audit.ledger_line(principal)
    if wrong:
        st.error(plain(told))
    else:
        st.html(f'<div class="fb-status" role="status">{safe(told)}</div>')
    check: Check | None = st.session_state.get("check")
    running = check is not None and not check.over
    with st.container(horizontal=True):
        st.button("Verify now", icon=":material/verified_user:", disabled=running, on_click=begin_check)
        st.download_button("Checkpoint", lambda: audit.checkpoint(principal), "fabric-audit.checkpoint",
                           "text/plain", icon=":material/download:", on_click="ignore",
                           help="Signed: keep it elsewhere, and verify against it with fabric audit verify.")  # fmt: skip
    if check is not None and running:
        show_progress(check)
    elif check is not None and check.error:
        st.warning(plain(check.error))


def begin_check() -> None:
    with friendly():
        st.session_state["check"] = audit.verify_now(principal)


@part(every=0.5)
def show_progress(check: Check) -> None:
    if check.over:
        st.rerun()
    st.html(
        f'<div class="fb-status" role="status">Verifying: {check.done:,} of {check.total:,} entries</div>'
    )


def show_filters() -> audit.Wanted:
    members = audit.people(principal)
    active = sum(key in st.query_params for key in FILTERS)
    field, more = st.columns([5, 1.3], vertical_alignment="bottom")
    words = field.text_input("Patient", key="about", bind="query-params", max_chars=100, on_change=to_start,
                             placeholder="Name, birth date or record number")  # fmt: skip
    with more.popover(
        f"Filters ({active})" if active else "Filters", icon=":material/tune:", width="stretch"
    ):
        person = st.selectbox("Person or program", list(members), format_func=members.__getitem__, index=None,
                              key="person", bind="query-params", placeholder="All", on_change=to_start)  # fmt: skip
        kind = st.selectbox("What", list(WORDS), format_func=kind_label, index=None, key="kind",
                            bind="query-params", placeholder="All", on_change=to_start)  # fmt: skip
        failed = st.selectbox("Outcome", list(OUTCOMES), format_func=OUTCOMES.__getitem__, index=None, key="outcome",
                              bind="query-params", placeholder="All", on_change=to_start)  # fmt: skip
        since = st.date_input(
            "From", value=None, key="since", bind="query-params", on_change=to_start, **DAYS
        )
        until = st.date_input("To", value=None, key="until", bind="query-params", on_change=to_start, **DAYS)
    if since and until and since > until:
        st.warning("“From” is after “To”.")
    patient = st.query_params.get("patient") or None
    if patient:
        st.button(
            "All patients", icon=":material/groups:", type="tertiary", on_click=go, kwargs={"patient": None}
        )
    return audit.wanted_of(principal, patient, words, person, kind, failed, since, until)


def kind_label(kind: str) -> str:
    """Told apart where several kinds have the same words."""
    same = [other for other in WORDS if WORDS[other] == WORDS[kind]]
    return WORDS[kind] if len(same) == 1 else f"{WORDS[kind]} ({kind})"


def show_events(wanted: audit.Wanted, opened: str | None) -> None:
    start = offset()
    lines, more = audit.events(principal, wanted, start)
    tell_seen(principal, "audit", (patient for line in lines for patient, _ in line.patients))
    with st.container(horizontal=True, vertical_alignment="center"):
        told = (
            f"Events {start + 1:,} to {start + len(lines):,}, the newest first"
            if lines
            else "No such events."
        )
        st.html(f'<div class="fb-status" role="status">{told}</div>', width="content")
        st.button("Refresh", icon=":material/refresh:", type="tertiary")
        st.download_button("Export", lambda: audit.export(principal, wanted), "fabric-audit.ndjson",
                           "application/x-ndjson", icon=":material/download:", type="tertiary", on_click="ignore",
                           help="All events that the filters leave, as ndjson.")  # fmt: skip
    if lines:
        st.html(events_html(lines, address(), opened))
    with st.container(horizontal=True):
        newer = str(start - FIRST) if start > FIRST else None
        st.button(
            "Newer", icon=":material/chevron_left:", disabled=not start, on_click=go, kwargs={"from": newer}
        )
        st.button("Older", icon=":material/chevron_right:", disabled=not more, on_click=go,
                  kwargs={"from": str(start + FIRST)})  # fmt: skip


principal = guard("Audit", "administer")
go(**_browser.take())
st.title("Audit", anchor=False)
with friendly():
    show_ledger()
with friendly():
    wanted = show_filters()
    opened = st.query_params.get("open", "").removeprefix("AuditEvent/") or None
    main, beside = st.columns([3, 2]) if opened else (st.container(), None)
    with main:
        show_events(wanted, opened)
    if opened and beside is not None:
        with beside, friendly():
            st.header("AuditEvent", anchor=False)
            st.button("Close", icon=":material/close:", type="tertiary", on_click=go, kwargs={"open": None})
            st.html(code_html(audit.event_json(principal, opened), "AuditEvent as FHIR JSON", wrap=True))
