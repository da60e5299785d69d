"""Links within a page: they change its address, and the page follows without being loaded again."""

from __future__ import annotations

import html
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.components.v2 import component as define

_HERE = Path(__file__).parent
_STYLE = (_HERE / "_within_style.css").read_text("utf-8")
_JS = (_HERE / "_within.js").read_text("utf-8")
_NAME = "fabric_within"
_PARTS = frozenset(
    ["bot", "tab", "version", "event", "subscription", "new", "state", "kind", "risk", "task", "mine", "patient", "days", "list", "sheet", "output", "encounter", "code", "from", "to", "clinician", "class"]
)


def mount() -> None:
    """Once on each page that uses `here`."""
    st.html(f"<style>{_STYLE}</style>")
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-within"):
        component(data={}, key=_NAME, height=1, on_go_change=_follow)


def here(label: str, path: str, current: bool = False, /, **query: str) -> str:
    """A link to another part of the same page; `label` is HTML. A real one, so that it can be opened in a new tab."""
    address = html.escape(f"{path}?{urlencode(query)}" if query else path)
    return f'<a href="{address}" data-within{" aria-current=page" if current else ""}>{label}</a>'


def go(**query: str) -> None:
    """Change the whole address; what is empty is left out of it."""
    st.query_params.from_dict({k: v for k, v in query.items() if v})


def asked(sent: object) -> dict[str, str]:
    """The parts of an address that a link may set, out of what the browser sent."""
    pairs = parse_qsl(sent.removeprefix("?")) if isinstance(sent, str) else []
    return {key: value for key, value in pairs if key in _PARTS}


def _follow() -> None:
    go(**asked((st.session_state.get(_NAME) or {}).get("go")))
