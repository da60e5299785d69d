"""The sign-in form, wherever somebody without a session arrives."""

from __future__ import annotations

import html
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st

from pages import _browser
from services.console import session
from services.errors import FabricError


def form() -> None:
    """The form. A right password gives a one-time code, which the browser trades for its cookie and comes back to
    the same address."""
    code = st.session_state.pop("code", None)
    forget = st.session_state.pop("forget", False)
    stale = bool(st.context.cookies.get(session.COOKIE)) and not forget
    _browser.mount(code=code, forget=forget)
    _, middle, _ = st.columns([1, 1.4, 1])
    with middle:
        st.title("Fabric", anchor=False)
        st.html(
            '<div class="fb-status">The clinician\'s console: search the whole record by meaning, with the source of '
            "every result.</div>"
        )
        if code:
            st.info("Signing in…", icon=":material/hourglass_top:")
            return
        if _browser.cookie_failed():
            st.error("Your browser did not keep the sign-in. Allow cookies for this address and try again.")
        if st.session_state.pop("ended", False) or stale:
            st.warning("Your session has ended. Sign in again to go on where you were.")
        if session.needs_first_administrator():
            st.info(
                "Nobody may sign in yet. Make the first administrator: `fabric user add EMAIL --role administrator`"
            )
        _provider()
        _fields()
        _demo()


def _provider() -> None:
    """A link and no button: the browser leaves for the identity provider, and comes back to this address."""
    if name := session.provider():
        path, asked = urlsplit(st.context.url or "/").path or "/", st.query_params.to_dict()
        to = quote(f"{path}?{urlencode(asked)}" if asked else path, safe="")
        st.html(f'<a class="fb-provider" href="/auth/oidc?to={to}" target="_self">Sign in with {html.escape(name)}</a>')


def _fields() -> None:
    with st.form("sign-in", border=True):
        email = st.text_input("E-mail", autocomplete="username", max_chars=254)
        password = st.text_input("Password", type="password", autocomplete="current-password", max_chars=1024)
        if st.form_submit_button("Sign in", type="primary", width="stretch"):
            if email.strip() and password:
                _enter(email, password)
            else:
                st.warning("Type your e-mail address and your password.")


def _demo() -> None:
    accounts = session.demo_accounts()
    if not accounts:
        return
    st.html('<div class="fabric-demo" role="note">Demo: made-up patients, this machine only</div>')
    st.markdown("Sign in with one click as")
    for column, (address, secret, role, _name) in zip(st.columns(2) * 2, accounts, strict=True):
        if column.button(role.capitalize(), key=f"demo-{role}", width="stretch"):
            _enter(address, secret)
    passwords = {secret for _, secret, *_ in accounts}
    names = ", ".join(address for address, *_ in accounts)
    st.html(
        f'<div class="fb-status">{names}; the password of each is {" or ".join(sorted(passwords))}.</div>'
    )


def _enter(email: str, password: str) -> None:
    try:
        st.session_state["code"] = session.sign_in(email, password)
    except FabricError as error:
        st.error(error.message)
    else:
        st.rerun()
