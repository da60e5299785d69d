"""What can be done with a note: saved as a version, signed, discarded, copied, exported; an addendum after signing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages._bots_tabs import flash
from pages._drafts_parts import warning_html
from pages._guard import guarded, part
from pages._shell import safe
from pages._within import go
from services.console import drafts_acting, drafts_export, drafts_merging
from services.console.drafts_editing import Draft
from services.console.drafts_export import MIME, Form
from services.console.session import Principal
from services.errors import FabricError, PreconditionFailed

FORMS: dict[Form, str] = {"pdf": "PDF", "docx": "Word", "txt": "Text"}


def show_actions(principal: Principal, draft: Draft) -> None:
    note = draft.note
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if draft.editable:
            st.button("Save version", icon=":material/save:", on_click=save, args=(principal, note.id), disabled=not draft.saved,
                      help="What you typed is kept already; a version is seen by the others")  # fmt: skip
        if draft.signing:
            st.button("Sign …", icon=":material/signature:", type="primary", on_click=want, args=("sign", note.id))
        elif draft.editable:
            st.html('<span class="fb-status">A clinician signs it.</span>', width="content")
        if note.state == "signed" and principal.may("write"):
            st.button("Addendum", icon=":material/add_notes:", on_click=addendum, args=(principal, note.id))
        with st.container(width="content"):
            show_export(principal, draft)
        if draft.editable:
            with st.popover("Discard", icon=":material/delete:", key="discard"):
                st.markdown("Nobody can sign or edit it after that. Its text stays in the history.")
                st.button("Discard this draft", on_click=discard, args=(principal, note.id))
        if note.state == "signed" and principal.may("sign"):
            with st.popover("Entered in error", icon=":material/block:", key="withdraw"):
                reason = st.text_area("Why it should not be in this record", key="withdraw-why", max_chars=1000)
                st.button("Mark as entered in error", disabled=not reason.strip(), on_click=withdraw, args=(principal, note.id))
    if draft.signing and wanted("sign", note.id):
        confirm(principal, draft)


@part()
def show_export(principal: Principal, draft: Draft) -> None:
    """A file is made when it is asked for."""
    box = st.popover("Export", icon=":material/download:", key="export", on_change="rerun")
    if not box.open:
        return
    with box:
        for form, label in FORMS.items():
            st.download_button(label, _made(principal, draft, form), drafts_export.filename(draft, form), MIME[form],
                               key=f"export-{form}", on_click="ignore")  # fmt: skip
        with st.expander("Copy as text"):
            st.code(drafts_export.plain(principal, draft), language=None, wrap_lines=True, height=260)


def _made(principal: Principal, draft: Draft, form: Form) -> Callable[[], bytes]:
    return lambda: drafts_export.export(principal, draft, form)


@st.dialog("Sign this note?", width="large", on_dismiss=lambda: st.session_state.pop("wanted-sign", None))
@guarded
def confirm(principal: Principal, draft: Draft) -> None:
    checked = draft.checked
    severe = checked.severe
    st.markdown("After this nobody can change its text; what is to be added goes into an addendum.")
    if severe:
        st.error(f"It can't be signed yet. Mend or override {len(severe)}:")
    for notice in checked.open:
        st.html(warning_html(notice.kind, notice.text))
    if checked.settled:
        reasons = {s.text: s for s in draft.body.settled}
        st.html(f'<div class="fb-status">Overridden, and kept with the note: {len(checked.settled)}</div>')
        for notice in checked.settled:
            settled = reasons[notice.text]
            st.html(f'<div class="fd-warning">{safe(notice.text)}<div class="fb-meta">{safe(settled.reason)} · {safe(settled.name)}</div></div>')
    if not checked.open and not checked.settled:
        st.html('<div class="fd-good">No warning is open.</div>')
    with st.container(horizontal=True):
        if st.button(f"Sign as {principal.name}", type="primary", disabled=bool(severe), icon=":material/signature:"):
            sign(principal, draft)
            st.rerun()
        if st.button("Not yet"):
            st.session_state.pop("wanted-sign", None)
            st.rerun()


def sign(principal: Principal, draft: Draft) -> None:
    """Done once: the second click of a double click finds it among those done."""
    done: set[str] = st.session_state.setdefault("signed", set())
    st.session_state.pop("wanted-sign", None)
    if draft.shown in done:
        return
    try:
        drafts_acting.sign_note(principal, draft.note.id, draft.shown)
        done.add(draft.shown)
        flash("success", "Signed.")
    except FabricError as error:
        flash("error", error.message)


def want(what: str, note_id: str) -> None:
    st.session_state[f"wanted-{what}"] = note_id


def wanted(what: str, note_id: str) -> bool:
    return st.session_state.get(f"wanted-{what}") == note_id


def save(principal: Principal, note_id: str) -> None:
    try:
        flash("success", drafts_merging.save(principal, note_id))
    except PreconditionFailed as error:
        flash("warning", error.message)
        go(draft=note_id, view="merge")
    except FabricError as error:
        flash("error", error.message)


def discard(principal: Principal, note_id: str) -> None:
    try:
        drafts_acting.discard(principal, note_id)
        flash("success", "Discarded.")
    except FabricError as error:
        flash("error", error.message)


def addendum(principal: Principal, note_id: str) -> None:
    begun: dict[str, str] = st.session_state.setdefault("addenda", {})
    try:
        if note_id not in begun:  # not again at the second click of a double click
            begun[note_id] = drafts_acting.begin_addendum(principal, note_id)
        go(draft=begun.pop(note_id))
    except FabricError as error:
        flash("error", error.message)


def withdraw(principal: Principal, note_id: str) -> None:
    try:
        drafts_acting.withdraw(principal, note_id, st.session_state.get("withdraw-why", ""))
        flash("success", "Marked as entered in error.")
    except FabricError as error:
        flash("error", error.message)
