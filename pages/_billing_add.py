"""Adding codes on the page Billing: diagnoses as one types, services by their code."""

from __future__ import annotations

import streamlit as st

from pages._bots_tabs import flash
from pages._guard import part, whole
from services.console import billing_codes
from services.console.billing_codes import Codes, Hit
from services.console.session import Principal
from services.errors import FabricError


@part()
def show_find(principal: Principal, codes: Codes) -> None:
    """Only this part runs while somebody types; the whole page once a code was added."""
    key = f"find-{codes.encounter}"
    typed = st.text_input("Add a diagnosis", key=key, placeholder="Code or words, such as N18.31 or knee pain", width=480)
    if not typed.strip():
        return
    hits = billing_codes.search(typed)
    with st.container(key="billing-hits"):
        if not hits:
            st.html('<div class="fb-status" role="status">No code of ICD-10-CM is near that.</div>')
            return
        st.html(f'<div class="fb-status" role="status">{len(hits)} codes, the likeliest first; only full codes can be added</div>')
        for hit in hits:
            _offer(principal, codes, hit, key)


def _offer(principal: Principal, codes: Codes, hit: Hit, key: str) -> None:
    if not hit.billable:
        st.button(f"{hit.code}  {_plain(hit.title)} – {hit.more} more specific", key=f"more-{hit.code}", type="tertiary",
                  icon=":material/chevron_right:", on_click=_narrow, args=(key, hit.code))  # fmt: skip
        return
    held = hit.code in codes.chosen.diagnoses
    st.button(f"{hit.code}  {_plain(hit.title)}", key=f"add-{hit.code}", type="tertiary", icon=":material/check:" if held else ":material/add:",
              disabled=held, on_click=_add, args=(principal, codes, hit.code, key))  # fmt: skip


def _plain(text: str) -> str:
    """A button's label reads Markdown; titles of the classification hold brackets."""
    return text.replace("[", "\\[").replace("]", "\\]").replace("*", "\\*").replace("_", "\\_")


def _narrow(key: str, code: str) -> None:
    st.session_state[key] = code


def _add(principal: Principal, codes: Codes, code: str, key: str) -> None:
    try:
        billing_codes.add_diagnosis(principal, codes, code)
        st.session_state[key] = ""
    except FabricError as error:
        flash("error", error.message)
    whole()


def show_service_entry(principal: Principal, codes: Codes) -> None:
    key = f"service-{codes.encounter}"

    def added() -> None:
        typed = st.session_state[key]
        if not typed.strip():
            return
        try:
            billing_codes.add_service(principal, codes, typed)
            st.session_state[key] = ""
        except FabricError as error:
            flash("error", error.message)

    st.text_input("Add a service by its code", key=key, placeholder="CPT or HCPCS, such as 93000", width=300, on_change=added)

