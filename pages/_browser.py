"""What only the browser can do: keep the session's cookie, follow a link without reloading the page, bring the
found passage into view, and filter while somebody types. One small component, mounted once on each page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component as define

_JS = (Path(__file__).parent / "_browser.js").read_text("utf-8")
_NAME = "fabric_browser"
_PARTS = frozenset({"patient", "open", "series"})


def mount(**data: Any) -> None:
    """Mount the component: `source` is what is opened, `live` the label of a field that filters while typing, `into`
    which opening of the patient finder is shown, `code` and `forget` set and clear the session's cookie."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-browser"):
        component(data=data, key=_NAME, height=1, on_go_change=_remember, on_failed_change=_remember)


def take() -> dict[str, str | None]:
    """What a link asked for since the last run: parts of the address to set, None to take one out."""
    return st.session_state.pop("asked", {})


def cookie_failed() -> bool:
    return bool(st.session_state.pop("cookie-failed", False))


def asked(sent: Any) -> dict[str, str | None]:
    """What the browser sent, read with distrust: only the parts of an address that links may change."""
    try:
        value = json.loads(sent) if isinstance(sent, str) else {}
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {k: v for k, v in value.items() if k in _PARTS and (v is None or isinstance(v, str))}


def _remember() -> None:
    sent = st.session_state.get(_NAME) or {}
    if link := asked(sent.get("go")):  # a run that was cut short leaves it to the next one
        st.session_state["asked"] = link
    st.session_state["cookie-failed"] = bool(sent.get("failed"))
