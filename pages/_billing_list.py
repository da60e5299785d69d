"""The billing work list with its filters and exports."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from pages._billing_parts import PATH, TITLES, list_html, tabs_html
from pages._bots_tabs import show_flash
from pages._shell import friendly, patient_banner, tell_seen
from pages._within import go, here
from services.console import billing, billing_export
from services.console.billing import CLASSES, STATES, Filters, Listing
from services.console.session import Principal


def asked() -> Filters:
    """What the address asks for; what makes no sense in it counts as not said."""
    query = st.query_params
    state, page = query.get("state", ""), query.get("sheet", "")
    return Filters(
        state if state in STATES else "open", query.get("patient", ""), _day(query.get("from", "")), _day(query.get("to", "")),
        query.get("clinician", ""), query.get("class", ""), int(page) if page.isdecimal() and len(page) < 6 else 1,
    )  # fmt: skip


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def address(filters: Filters, **change: str) -> dict[str, str]:
    """The filters as the address has them."""
    held = {"state": filters.state if filters.state != "open" else "", "patient": filters.patient, "from": filters.since,
            "to": filters.until, "clinician": filters.clinician, "class": filters.kind}  # fmt: skip
    return {k: v for k, v in {**held, **change}.items() if v}


def show_list(principal: Principal) -> None:
    filters = asked()
    if filters.patient:
        patient_banner(principal, filters.patient, "billing")
    st.title("Billing of this patient" if filters.patient else "Billing", anchor=False)
    show_flash()
    with friendly():
        with st.spinner("Reading the encounters …", show_time=False):
            listing = billing.listed(principal, filters)
        if not filters.patient:
            tell_seen(principal, "billing", (row.patient.id for row in listing.rows))
        show_filters(filters, listing)
        st.html(tabs_html(listing.counts, filters.state, address(filters, state="")))
        if not listing.rows:
            st.info("Nothing is left to code here." if filters.state == "open" else "Nothing to show.")
        else:
            st.html(list_html(listing.rows, bool(filters.patient)))
            show_below(principal, filters, listing)
        if listing.cut:
            st.html(f'<div class="fb-status">The newest {billing.MOST:,} encounters are looked through; choose fewer days for others.</div>')


def show_filters(filters: Filters, listing: Listing) -> None:
    def chosen() -> None:
        state = st.session_state
        go(**address(filters, **{
            "from": state["b-from"].isoformat() if state["b-from"] else "", "to": state["b-to"].isoformat() if state["b-to"] else "",
            "clinician": state["b-clinician"] or "", "class": state["b-class"] or "",
        }))  # fmt: skip

    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = filters.first_day()
        st.date_input("From", None if first.year < 1902 else first, format="YYYY-MM-DD", key="b-from", on_change=chosen, width=150)
        st.date_input("To", _date(filters.until), format="YYYY-MM-DD", key="b-to", on_change=chosen, width=150)
        people = {"": "All clinicians", **listing.clinicians}
        kinds = {"": "All classes", **CLASSES}
        st.selectbox("Clinician", list(people), _place(people, filters.clinician), lambda k: people.get(k) or k, key="b-clinician",
                     on_change=chosen, width=230)  # fmt: skip
        st.selectbox("Class", list(kinds), _place(kinds, filters.kind), lambda k: kinds.get(k) or k, key="b-class",
                     on_change=chosen, width=190)  # fmt: skip


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _place(options: dict[str, str], chosen: str) -> int:
    return list(options).index(chosen) if chosen in options else 0


def show_below(principal: Principal, filters: Filters, listing: Listing) -> None:
    """Further pages, and the whole list as a file."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if listing.pages > 1:
            page = min(filters.page, listing.pages)
            parts = [f"Page {page} of {listing.pages}"]
            parts += [here("Earlier ones" if n > page else "Later ones", PATH, **address(filters, sheet=str(n)))
                      for n in (page - 1, page + 1) if 1 <= n <= listing.pages]  # fmt: skip
            st.html(f'<nav class="fb-tabs" aria-label="Pages">{" ".join(f"<span>{p}</span>" for p in parts)}</nav>', width="content")
        name = f"billing-{filters.state}"
        st.download_button(
            f"CSV of all {listing.counts[filters.state]:,}", lambda: billing_export.table(principal, filters), f"{name}.csv", "text/csv",
            key="b-csv", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "FHIR Claims", lambda: billing_export.claims(principal, filters), f"{name}.ndjson", "application/fhir+ndjson",
            key="b-claims", icon=":material/download:", on_click="ignore",
            help="The claims of the record" if filters.state == "coded" else f"Drafts of “{TITLES[filters.state]}”, marked as not approved",
        )  # fmt: skip
