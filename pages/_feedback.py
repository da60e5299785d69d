"""Thumbs under what the AI showed, and a reason where it did not help: one small row."""

from __future__ import annotations

import streamlit as st

from pages._shell import friendly
from services.console.feedback import MOST_CHARS, REASONS, Item, Verdict, give, given
from services.console.session import Principal


def rate(principal: Principal, item: Item, *, brief: bool = False) -> None:
    """Kept at the first click; a later one takes its place. `brief`: without a word of what became of it, where
    there are many."""
    known: dict[str, Verdict] = st.session_state.setdefault("verdicts", {})
    if wanted := st.session_state.pop(f"rate-{item.key}", None):
        _keep(principal, item, wanted)
    elif item.key not in known and f"rated-{item.key}" not in st.session_state:
        st.session_state[f"rated-{item.key}"] = True
        with friendly():
            known.update(given(principal, [item]))
    chosen = known.get(item.key)
    for verdict, icon, label in (("helpful", "thumb_up", "Helpful"), ("not helpful", "thumb_down", "Not helpful")):
        marked = f"{label} ✓" if chosen == verdict else label
        st.button(marked, key=f"{verdict}-{item.key}", icon=f":material/{icon}:", type="tertiary", on_click=_want,
                  args=(item, verdict))  # fmt: skip
    if chosen and not brief:  # no toast: Streamlit's has no accessible name
        st.html('<span class="fb-status" role="status">Kept with what it rests on.</span>')
    if chosen == "not helpful":
        with st.popover("Why?", key=f"why-{item.key}"), st.form(f"reason-{item.key}", border=False):
            reason = st.radio("What is wrong with it?", REASONS, index=None)
            comment = st.text_area("In your words", max_chars=MOST_CHARS, height=80)
            if st.form_submit_button("Send"):
                _keep(principal, item, "not helpful", reason or "", comment)


def _want(item: Item, verdict: Verdict) -> None:
    """Done in the next run, once it is known again who is there."""
    st.session_state[f"rate-{item.key}"] = verdict


def _keep(principal: Principal, item: Item, verdict: Verdict, reason: str = "", comment: str = "") -> None:
    with friendly():
        give(principal, item, verdict, reason, comment)
        st.session_state.setdefault("verdicts", {})[item.key] = verdict
