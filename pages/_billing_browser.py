"""What the page Billing needs of the browser: links within the page, and bringing what a code rests on into view."""

from __future__ import annotations

import html
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.components.v2 import component as define

from pages._guard import whole

_JS = (Path(__file__).parent / "_billing_browser.js").read_text("utf-8")
_NAME = "fabric_billing"
_PARTS = frozenset({"patient", "encounter", "code", "state", "from", "to", "clinician", "class", "sheet"})


def mount(selected: str = "") -> None:
    """Once on the page, in its part that shows documents where there is one; `selected` is what is marked in them."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-billing"):
        component(data={"selected": selected}, key=_NAME, height=1, on_go_change=_follow)


def here(label: str, query: Mapping[str, str], kind: str = "", current: bool = False) -> str:
    """A link to another part of the page; `label` is HTML. `kind` "code": it selects what is marked."""
    address = html.escape(f"/billing?{urlencode(query)}" if query else "/billing")
    return f'<a href="{address}" data-billing="{kind}"{" aria-current=true" if current else ""}>{label}</a>'


def go(**query: str) -> None:
    """Change the whole address."""
    st.query_params.from_dict({k: v for k, v in query.items() if v})


def asked(sent: object) -> dict[str, str]:
    """The parts of an address that a link may set, out of what the browser sent."""
    pairs = parse_qsl(sent.removeprefix("?")) if isinstance(sent, str) else []
    return {key: value for key, value in pairs if key in _PARTS}


def _follow() -> None:
    """A link to a code runs the part that it is mounted in; any other one the page."""
    link = asked((st.session_state.get(_NAME) or {}).get("go"))
    if {**link, "code": ""} != {**st.query_params.to_dict(), "code": ""}:
        whole()
    go(**link)
