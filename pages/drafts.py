"""Drafts of notes: the list, a new one being made, one of them in the editor, its versions, and two people's texts."""

from __future__ import annotations

import streamlit as st

from pages import _drafts_editor, _drafts_new, _drafts_versions
from pages._bots_tabs import show_flash
from pages._drafts_parts import list_html
from pages._shell import friendly, guard, patient_banner, tell_seen
from pages._within import go
from services.console import drafts
from services.console.drafts import STATES, TYPES, Filters

ALL = "all"


def asked() -> Filters:
    """What the address asks for; what makes no sense in it counts as not said."""
    query = st.query_params
    state, kind = query.get("state", ""), query.get("type", "")
    return Filters(
        query.get("q", ""),
        "" if state == ALL else state if state in STATES else "draft",
        kind if kind in TYPES else "",
        query.get("patient", ""),
        query.get("mine") == "1",
    )


def address(filters: Filters) -> dict[str, str]:
    """The filters as the address has them."""
    held = {"q": filters.words, "state": filters.state or ALL, "type": filters.type, "patient": filters.patient,
            "mine": "1" if filters.mine else ""}  # fmt: skip
    return {k: v for k, v in held.items() if v and (k, v) != ("state", "draft")}


def show_list(filters: Filters) -> None:
    if filters.patient:
        patient_banner(principal, filters.patient, "drafts")
    st.title("Drafts of this patient" if filters.patient else "Drafts", anchor=False)
    show_flash()
    if filters.patient and principal.may("write"):
        st.button("New draft", icon=":material/add:", type="primary", on_click=go,
                  kwargs={"patient": filters.patient, "new": "1"})  # fmt: skip
    elif principal.may("write"):
        st.html('<div class="fb-status">A new draft begins at a patient: open one, then choose Drafts.</div>')
    show_filters(filters)
    with friendly():
        lines, more = drafts.listed(principal, filters)
        if not filters.patient:
            tell_seen(principal, "drafts", (line.patient.id for line in lines))
        if not lines:
            st.info("No note is like this.")
            return
        st.html(list_html(lines, address(filters)))
        if more:
            st.html(f'<div class="fb-status">The newest {len(lines):,} are shown: narrow the search for others.</div>')


def show_filters(filters: Filters) -> None:
    def chosen() -> None:
        held = st.session_state
        go(**address(Filters(held["d-words"].strip(), "" if held["d-state"] == ALL else held["d-state"], held["d-type"],
                             filters.patient, held["d-mine"])))  # fmt: skip

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Words of the text, patient or type", filters.words, key="d-words", on_change=chosen, width=330)
        states, kinds = [*STATES, ALL], ["", *TYPES]
        st.selectbox("State", states, states.index(filters.state or ALL), lambda s: STATES.get(s, "All"), key="d-state",
                     on_change=chosen, width=170)  # fmt: skip
        st.selectbox("Type", kinds, kinds.index(filters.type), lambda t: TYPES[t][0] if t else "All types", key="d-type",
                     on_change=chosen, width=270)  # fmt: skip
        st.checkbox("Only mine", filters.mine, key="d-mine", on_change=chosen)


principal = guard("Drafts", "search", beside=bool(st.query_params.get("draft")))
filters = asked()
if note := st.query_params.get("draft"):
    if st.query_params.get("view") == "versions":
        _drafts_versions.show(principal, note, address(filters))
    elif st.query_params.get("view") == "merge":
        _drafts_versions.show_merge(principal, note, address(filters))
    else:
        _drafts_editor.show(principal, note, address(filters))
else:
    if filters.patient and st.query_params.get("new"):
        _drafts_new.show(principal, filters.patient)
    else:
        show_list(filters)
