"""Links within a page: they change its address, and the page follows without being loaded again."""

from __future__ import annotations

import html
from urllib.parse import parse_qsl, urlencode

import streamlit as st

_PARTS = frozenset(["a", "at", "b", "bot", "class", "clinician", "code", "days", "draft", "encounter", "event", "from", "kind", "list", "mine", "new", "open", "output", "patient", "q", "risk", "sheet", "state", "subscription", "tab", "task", "to", "type", "version", "view"])  # fmt: skip


def here(label: str, path: str, current: bool = False, /, **query: str) -> str:
    """A link to another part of the same page; `label` is HTML. A real one, so that it can be opened in a new tab. The
    browser's part of the page (_browser.js) asks for it."""
    address = html.escape(f"{path}?{urlencode(query)}" if query else path)
    return f'<a href="{address}" data-within{" aria-current=page" if current else ""}>{label}</a>'


def go(**query: str) -> None:
    """Change the whole address; what is empty is left out of it."""
    st.query_params.from_dict({k: v for k, v in query.items() if v})


def asked(sent: object) -> dict[str, str]:
    """The parts of an address that a link may set, out of what the browser sent."""
    pairs = parse_qsl(sent.removeprefix("?")) if isinstance(sent, str) else []
    return {key: value for key, value in pairs if key in _PARTS}
