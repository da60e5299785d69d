"""Sign in."""

from __future__ import annotations

import streamlit as st

from pages._shell import call_browser, friendly, style
from services.console import session

st.set_page_config(page_title="Sign in · Fabric")
style()
if st.session_state.pop("forget", False):
    call_browser({"forget": True})


def _enter(email: str, password: str) -> None:
    with friendly():
        done = session.sign_in(email, password)
        st.session_state["principal"] = done.principal
        st.session_state["code"] = done.code
        st.rerun()


_, middle, _ = st.columns([1, 1.4, 1])
with middle:
    st.title("Fabric", anchor=False)
    st.caption("The clinician's console: find, ask, draft and decide, with the source of every statement.")
    if session.needs_first_administrator():
        st.info(
            "Nobody may sign in yet. Make the first administrator: `fabric user add EMAIL --role administrator`"
        )
    with st.form("sign-in", border=True):
        email = st.text_input("E-mail", autocomplete="username")
        password = st.text_input("Password", type="password", autocomplete="current-password")
        if st.form_submit_button("Sign in", type="primary", width="stretch"):
            if email.strip() and password:
                _enter(email, password)
            else:
                st.warning("Type your e-mail address and your password.")
    demo = session.demo_accounts()
    if demo:
        st.html('<div class="fabric-demo" role="note">Demo: made-up patients, this machine only</div>')
        st.markdown("Sign in with one click as")
        for column, (address, secret, role, _name) in zip(st.columns(2) * 2, demo, strict=True):
            if column.button(
                role.capitalize(), key=f"demo-{role}", help=f"{address} / {secret}", width="stretch"
            ):
                _enter(address, secret)
        st.caption(", ".join(f"`{address}`" for address, *_ in demo) + "; the password of all is `medplum`.")
