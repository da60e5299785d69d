"""One note: its sections in the editor, warnings and sources beside, and what can be done with it."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages import _browser, _drafts_browser
from pages._bots_tabs import flash, show_flash
from pages._cards import plain
from pages._drafts_actions import show_actions
from pages._drafts_parts import here, note_html, sections_of, warning_html
from pages._feedback import rate
from pages._guard import part, whole
from pages._shell import patient_banner, safe
from pages._source import close, show_source
from pages._within import go
from services.console import drafts_acting, drafts_editing, drafts_merging, drafts_sources
from services.console.drafts import STATES, model_told
from services.console.drafts_editing import OVERRIDES, Draft
from services.console.feedback import item_of_draft
from services.console.session import Principal
from services.errors import FabricError


def show(principal: Principal, note_id: str, address: dict[str, str]) -> None:
    take(principal, note_id)
    try:
        if told := drafts_merging.follow(principal, note_id):
            flash("success", told)
        draft = drafts_editing.opened(principal, note_id)
    except FabricError as error:
        st.title("Draft", anchor=False)
        st.warning(error.message)
        st.html(f'<nav class="fd-crumb" aria-label="Path">{here("All drafts", **address)}</nav>')
        st.stop()
    patient = draft.note.patient
    patient_banner(principal, patient, "drafts")
    crumbs = [here("All drafts", **{k: v for k, v in address.items() if k != "patient"}),
              here("Drafts of this patient", patient=patient),
              here("Versions", draft=note_id, view="versions")]  # fmt: skip
    st.html(f'<nav class="fd-crumb" aria-label="Path">{"".join(crumbs)}</nav>')
    st.title(draft.body.title, anchor=False)
    # In containers, so that what comes and goes here does not make the editor below a new one, without the cursor.
    with st.container():
        show_flash()
    with st.container():
        show_state(principal, draft)
    left, right = st.columns([3, 2.1], gap="large")
    query = {k: v for k, v in st.query_params.to_dict().items() if k in ("draft", "open", "at", *address)}
    with left:
        with st.container():
            show_actions(principal, draft)
        show_text(principal, draft, query)
    with right:
        show_beside(principal, draft)


def show_state(principal: Principal, draft: Draft) -> None:
    note = draft.note
    facts = [f"<b>{STATES[note.state]}</b>"]
    if draft.encounter:
        facts.append(safe(draft.encounter))
    if note.body.model and note.body.model != "record":
        facts.append(f"Worded in parts by {safe(note.body.model)}")
    elif note.body.model:
        facts.append("Put together from the record")
    elif not note.sourced:
        facts.append("Not made section by section here: its sentences were looked up in the record")
    st.html(f'<div class="fb-status" title="{safe(model_told())}">{" · ".join(facts)}</div>')
    if found := drafts_acting.signature_of(principal, note):
        mark = "fd-good" if found.good else "fb-bad"
        st.html(
            f'<div class="{mark}">Signed by {safe(found.who)}, {safe(found.when)} · {safe(found.told)}</div>'
        )
        if not found.good:
            st.error("The text is not what was signed. Don't rely on it; tell an administrator.")
        if found.warnings:
            with st.expander(f"Warnings when it was signed ({len(found.warnings)})"):
                st.html("".join(f'<div class="fd-warning">{safe(w)}</div>' for w in found.warnings))
    if note.state == "discarded" and (why := drafts_acting.why_discarded(note)):
        st.warning(f"Entered in error: {why}")
    for other in drafts_acting.related(principal, note):
        st.html(
            f'<div class="fb-status">Belongs together with {here(safe(other.told), draft=other.id)}</div>'
        )
    if draft.newer:
        st.warning(f"{draft.newer} Your unsaved text began with the one before.")
        st.button("Bring both together", icon=":material/merge:", type="primary", on_click=go,
                  kwargs={"draft": note.id, "view": "merge"})  # fmt: skip
    if draft.others:
        st.info(f"Also being edited, not saved yet: {', '.join(draft.others)}.")


def show_text(principal: Principal, draft: Draft, query: dict[str, str]) -> None:
    me = principal.reference
    data = {
        "user": hashlib.sha256(me.encode()).hexdigest()[:16], "draft": draft.note.id, "base": draft.base, "rev": draft.rev,
        "epoch": draft.epoch, "ack": st.session_state.get("draft-ack", 0), "readonly": not draft.editable,
        "saved": f"Saved {draft.saved} – not yet a version" if draft.saved else "", "again": draft.note.body.asked is not None,
        "sections": sections_of(draft, me, query),
    }  # fmt: skip
    _drafts_browser.mount(data, lambda sent: want("typed", sent), lambda what, key: want("act", (what, key)))


def want(name: str, value: object) -> None:
    """What the browser sends is taken in the next run, once it is known again who is there."""
    st.session_state[f"draft-{name}"] = value


def take(principal: Principal, note_id: str) -> None:
    """Keep what was typed, and do what a button of a section asks for. The browser keeps what is not confirmed."""
    _browser.follow()
    sent, (what, key) = st.session_state.pop("draft-typed", None), st.session_state.pop("draft-act", ("", ""))
    try:
        if sent:
            drafts_editing.keep(
                principal, sent["draft"], sent["base"], sent["rev"], sent["tab"], sent["texts"]
            )
            st.session_state["draft-ack"] = sent["seq"]
        if what == "again":
            drafts_editing.make_again(principal, note_id, key)
            flash("success", "Made again from the record. The text before it is under Earlier text.")
        elif what == "earlier":
            st.session_state["earlier"] = (note_id, key)
    except FabricError as error:
        flash("error", error.message)


def show_beside(principal: Principal, draft: Draft) -> None:
    with st.container(key="drafts-beside"):
        show_opened(principal, draft)
        show_rest(principal, draft)


@part()
def show_opened(principal: Principal, draft: Draft) -> None:
    """Opening a source runs this alone."""
    _browser.follow()
    where, at = st.query_params.get("open", ""), st.query_params.get("at", "")
    _browser.mount_beside(where)
    show_source_of(principal, draft, where, at)


@part()
def show_rest(principal: Principal, draft: Draft) -> None:
    if st.session_state.get("earlier", ("",))[0] == draft.note.id:
        show_earlier(principal, draft, st.session_state["earlier"][1])
    if draft.note.state == "draft":
        show_warnings(principal, draft)
    elif left_out := drafts_editing.left_out(draft):
        st.header("Text of yours that is not in it", anchor=False)
        for aside in left_out:
            st.html(
                f'<div class="fb-meta">{safe(aside.title)} · {safe(aside.why)}</div>{note_html(aside.text)}'
            )
    if draft.note.body.model:  # the AI made it
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="draft-feedback"):
            st.html('<span class="fb-status">This draft:</span>', width="content")
            rate(principal, item_of_draft(draft), brief=True)


def show_source_of(principal: Principal, draft: Draft, where: str, at: str) -> None:
    if where:
        try:
            opened, same = drafts_sources.open_source(principal, draft.note.patient, draft.body, where, at)
            if not same:
                st.warning("The source has another version by now; this is the present one.")
            show_source(opened, None, close)
        except FabricError as error:
            st.warning(error.message)
            st.button("Close", on_click=close)


def show_warnings(principal: Principal, draft: Draft) -> None:
    checked = draft.checked
    severe = len(checked.severe)
    told = f"<h2>To look at ({len(checked.open)})</h2>"
    if severe:
        told += f'<div class="fb-status">{severe} of them must be mended or overridden before signing.</div>'
    elif not checked.open:
        told += '<div class="fd-good">Nothing is open.</div>'
    st.html(told + "".join(warning_html(notice.kind, notice.text) for notice in checked.open))
    if draft.editable and checked.open:
        show_override(principal, draft.note.id, [notice.text for notice in checked.open])
    if checked.settled:
        reasons = {s.text: s for s in draft.body.settled}
        with st.expander(f"Overridden ({len(checked.settled)})"):
            for notice in checked.settled:
                settled = reasons[notice.text]
                st.html(
                    f'{warning_html(notice.kind, notice.text)}<div class="fb-meta">{safe(settled.reason)} · {safe(settled.name)}</div>'
                )
                if draft.editable:
                    st.button("Open again", key=f"reopen-{key_of(notice.text)}", on_click=act,
                              args=(drafts_editing.reopen, principal, draft.note.id, notice.text))  # fmt: skip


def show_override(principal: Principal, note_id: str, open_: list[str]) -> None:
    with st.expander("Override …", key="override", on_change="rerun") as box:
        if not box.open:
            return
        text = st.radio("Which one", open_, format_func=plain) if len(open_) > 1 else open_[0]
        key = key_of(text)
        code = st.selectbox("Why", list(OVERRIDES), None, OVERRIDES.__getitem__, key=f"why-{key}", placeholder="Choose a reason")
        st.text_input("In your words", key=f"more-{key}", max_chars=500)
        st.button("Override it", key=f"overridden-{key}", disabled=not code, on_click=override,
                  args=(principal, note_id, text))  # fmt: skip


def override(principal: Principal, note_id: str, text: str) -> None:
    """What was typed last is in the state, not in the arguments of the run before."""
    key = key_of(text)
    code, more = st.session_state.get(f"why-{key}") or "", st.session_state.get(f"more-{key}") or ""
    act(drafts_editing.override, principal, note_id, text, code, more)


def show_earlier(principal: Principal, draft: Draft, section: str) -> None:
    with st.container(border=True, key="earlier-text"):
        st.header("Earlier text", anchor=False)
        for aside in [a for a in draft.asides if a.section == section]:
            st.html(
                f'<div class="fb-meta">{safe(aside.title)} · before {safe(aside.why)}</div>{note_html(aside.text)}'
            )
            if draft.editable:
                st.button("Put it back", key=f"back-{aside.id}", on_click=act,
                          args=(drafts_editing.put_back, principal, draft.note.id, aside.id))  # fmt: skip
        st.button("Close earlier text", on_click=lambda: st.session_state.pop("earlier", None))


def act(work, principal: Principal, *arguments: object) -> None:
    try:
        work(principal, *arguments)
    except FabricError as error:
        flash("error", error.message)
    whole()


def key_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
