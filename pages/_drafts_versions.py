"""Versions of a note compared, and two people's texts brought together."""

from __future__ import annotations

import streamlit as st

from pages._bots_tabs import flash, show_flash
from pages._drafts_parts import compare_html, diff_html, here
from pages._shell import patient_banner
from pages._within import go
from services.console import drafts_editing, drafts_merging
from services.console.drafts_editing import Draft
from services.console.drafts_versions import versions
from services.console.session import Principal
from services.errors import FabricError

CHOICES = {"mine": "Mine", "theirs": "Theirs", "both": "Both", "edit": "Edit by hand"}
UNSAVED = "unsaved"
HAND = "\x00by hand"


def show(principal: Principal, note_id: str, address: dict[str, str]) -> None:
    _open(principal, note_id, "Versions")
    found = versions(principal, note_id)
    labels = {v.id or UNSAVED: v.told for v in found}
    held = list(labels)
    if len(held) < 2:
        st.info("There is one version only.")
        return

    def chosen() -> None:
        go(draft=note_id, view="versions", a=st.session_state["v-a"], b=st.session_state["v-b"])

    a, b = st.query_params.get("a", held[1]), st.query_params.get("b", held[0])
    a, b = a if a in labels else held[1], b if b in labels else held[0]
    with st.container(horizontal=True):
        st.selectbox("From", held, held.index(a), labels.__getitem__, key="v-a", on_change=chosen)
        st.selectbox("To", held, held.index(b), labels.__getitem__, key="v-b", on_change=chosen)
    by_id = {v.id or UNSAVED: v for v in found}
    st.html(compare_html(by_id[a], by_id[b]))


def show_merge(principal: Principal, note_id: str, address: dict[str, str]) -> None:
    draft = _open(principal, note_id, "Bring both together")
    try:
        merged = drafts_merging.merged_with(principal, note_id)
    except FabricError as error:
        st.warning(error.message)
        return
    st.html(
        f"<p>{draft.newer} Sections that only one of you changed are taken as they are; nothing is dropped.</p>"
    )
    if merged.taken:
        st.html(f'<p class="fb-status">Taken from the other version: {", ".join(merged.taken)}.</p>')
    chosen: dict[str, str] = {}
    for found in merged.conflicts:
        st.header(found.title, anchor=False)
        left, right = st.columns(2)
        with left:
            st.html(f"<h3>Mine, against what it was</h3>{diff_html(found.base, found.mine)}")
        with right:
            st.html(f"<h3>Theirs, against what it was</h3>{diff_html(found.base, found.theirs)}")
        offered = [c for c in CHOICES if c != "both" or found.both is not None]
        choice = st.radio(f"Which text of {found.title} holds", offered, None, CHOICES.__getitem__,
                          key=f"choice-{note_id}-{found.key}", horizontal=True)  # fmt: skip
        if choice == "edit":
            both = found.both or found.mine + "\n" + "\n".join(
                x for x in found.theirs.splitlines() if x not in found.mine.splitlines()
            )
            chosen[found.key] = HAND
            st.text_area(
                f"Text of {found.title}", both.strip(), key=f"hand-{note_id}-{found.key}", height=160
            )
        elif choice == "both" and found.both is not None:
            st.html(f"<h3>Both, against what it was</h3>{diff_html(found.base, found.both)}")
            chosen[found.key] = found.both
        elif choice:
            chosen[found.key] = found.mine if choice == "mine" else found.theirs
    ready = all(c.key in chosen for c in merged.conflicts)
    st.button("Save both together", type="primary", disabled=not ready, on_click=resolve,
              args=(principal, note_id, draft.note.version, chosen))  # fmt: skip


def resolve(principal: Principal, note_id: str, version: str, chosen: dict[str, str]) -> None:
    for key, text in chosen.items():
        if text == HAND:  # what was typed last is in the state, not in the arguments of the run before
            chosen[key] = st.session_state.get(f"hand-{note_id}-{key}", "")
    try:
        flash("success", drafts_merging.resolve(principal, note_id, version, chosen))
        go(draft=note_id)
    except FabricError as error:
        flash("error", error.message)


def _open(principal: Principal, note_id: str, title: str) -> Draft:
    try:
        draft = drafts_editing.opened(principal, note_id)
    except FabricError as error:
        st.title(title, anchor=False)
        st.warning(error.message)
        st.stop()
    patient_banner(principal, draft.note.patient, "drafts")
    st.html(f'<nav class="fd-crumb" aria-label="Path">{here("Back to the note", draft=note_id)}</nav>')
    st.title(title, anchor=False)
    show_flash()
    return draft
