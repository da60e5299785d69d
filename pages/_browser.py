"""What only the browser can do: keep the session's cookie, follow a link without reloading the page, bring the
found passage into view, and filter while somebody types. One small component, mounted once on each page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component as define

from pages import _within

_JS = (Path(__file__).parent / "_browser.js").read_text("utf-8")
_NAME, _BESIDE, _FINDER = "fabric_browser", "fabric_beside", "fabric_finder"
_PARTS = frozenset({"patient", "open", "at", "series"})


def mount(**data: Any) -> None:
    """Mount the component: `source` is what is opened, `live` the label of a field that filters while typing, `beside` that
    a part of the page opens sources by itself, `code` and `forget` set and clear the session's cookie."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-browser"):
        component(data=data, key=_NAME, height=1, on_go_change=_remember, on_within_change=_follow, on_failed_change=_remember)


def mount_beside(source: str) -> None:
    """Within the part of a page that opens sources: its links run that part alone."""
    component = define(_NAME, js=_JS)
    component(data={"part": True, "source": source}, key=_BESIDE, height=1, on_go_change=_remember_beside)


def mount_finder(opening: int) -> None:
    """Within the patient finder: the cursor goes into its field, once for each opening."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-into"):
        component(data={"into": opening}, key=_FINDER, height=1)


def take() -> dict[str, str | None]:
    """What a link asked for since the last run: parts of the address to set, None to take one out."""
    return st.session_state.pop("asked", {})


def follow() -> None:
    """Change the address as a link asked for."""
    go(**take())


def go(**parts: str | None) -> None:
    """Change parts of the address, in one step of the browser's history; None takes one out of it."""
    for name in [name for name, value in parts.items() if value is None]:
        st.query_params.pop(name, None)
    if told := {name: value for name, value in parts.items() if value is not None}:
        st.query_params.update(told)


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
    sent = _keep_link(_NAME)
    st.session_state["cookie-failed"] = bool(sent.get("failed"))


def _follow() -> None:
    _within.go(**_within.asked((st.session_state.get(_NAME) or {}).get("within")))


def _remember_beside() -> None:
    _keep_link(_BESIDE)


def _keep_link(name: str) -> Any:
    """What the component sent; a run that was cut short leaves the link to the next one."""
    sent = st.session_state.get(name) or {}
    if link := asked(sent.get("go")):
        st.session_state["asked"] = link
    return sent
