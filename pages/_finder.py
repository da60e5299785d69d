"""From any page to another patient: a button in the header, or Ctrl+K; names as they are typed, and the last ones."""

from __future__ import annotations

import html

import streamlit as st

from pages import _browser
from pages._cards import people_html
from pages._guard import guarded
from services.console.audit import tell_view
from services.console.patients import find_patients, surely
from services.console.recent import recent_patients
from services.console.session import Principal
from services.errors import FabricError

_FIELD = "Name, birth date or record number"
_MOST = 8


@st.fragment
@guarded
def offer(principal: Principal) -> None:
    """The button; and what it opens, in the run after it was pressed: of this part alone."""
    if not principal.may("search"):
        return
    st.button("Find", key="find-patient", icon=":material/person_search:", shortcut="Ctrl+K", on_click=_ask)
    if opening := st.session_state.get("finding", 0):  # until it is closed, however often the page runs meanwhile
        _show(principal, opening)


def close() -> None:
    st.session_state.pop("finding", None)


def _ask() -> None:
    st.session_state["finding"] = st.session_state["found"] = st.session_state.get("found", 0) + 1
    st.session_state.pop("finder", None)
    st.session_state["finder-told"] = set()


@st.dialog("Find a patient", width="large", on_dismiss=close)
@guarded
def _show(principal: Principal, opening: int) -> None:
    _browser.mount_finder(opening)
    words = (st.text_input(_FIELD, key="finder", live=True, max_chars=100, autocomplete="off") or "").strip()
    try:
        lines = find_patients(principal, words, _MOST)[0] if words else recent_patients(principal, _MOST)
        _tell(principal, [line.id for line in lines])
    except FabricError as error:
        st.warning(error.message)
        return
    if lines:
        one = len(lines) == 1 and surely(words, lines[0])  # a name that is only like it is not opened unseen
        number = f"The first {_MOST}" if len(lines) == _MOST else f"{len(lines)} found"
        told = f"{number}; Enter {'opens' if one else 'goes to the first'}" if words else "Opened last"
        st.html(
            f'<div data-words="{html.escape(words)}"{" data-one" if one else ""}>'
            f'<div class="fb-status" role="status">{told}</div>{people_html(lines)}</div>'
        )
    elif words:
        st.info("No patient matches. Try a part of the name, the birth date or the record number.")
    else:
        st.html('<div class="fb-status">The patients that you open are listed here.</div>')


def _tell(principal: Principal, shown: list[str]) -> None:
    """Names are the record's: once for each patient of an opening."""
    told: set[str] = st.session_state.setdefault("finder-told", set())
    new = [patient for patient in shown if patient not in told]
    if new:
        address = st.context.ip_address
        tell_view(principal, "finder", new, address if isinstance(address, str) else None)
        told.update(new)
