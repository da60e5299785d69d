"""Links that choose which marks of a text are shown. The browser does that at once; a run of nothing but this tells the
server, so that the next run of the page shows the same."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from streamlit.components.v2 import component as define

from pages._guard import part

_JS = (Path(__file__).parent / "_marks.js").read_text("utf-8")
_NAME = "fabric_marks"
_ON = "fb-on"


@part()
def mount() -> None:
    """Once on a page with such links."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-marks"):
        component(data={}, key=_NAME, height=1, on_code_change=_keep)


def _keep() -> None:
    code = (st.session_state.get(_NAME) or {}).get("code")
    if isinstance(code, str):
        st.query_params["code"] = code


def choose(label: str, path: str, code: str, chosen: str, **query: str) -> str:
    """A link that shows the marks of `code`, which is one word; `label` is HTML."""
    address = html.escape(f"{path}?{urlencode({**query, 'code': code})}")
    current = " aria-current=true" if code == chosen else ""
    return f'<a href="{address}" data-shows="{html.escape(code)}"{current}>{label}</a>'


def mark(words: str, resting: Iterable[str], chosen: str) -> str:
    """Words, as HTML, that are marked while one of the codes is chosen that rest on them."""
    on = f" class={_ON}" if chosen in resting else ""
    return f'<mark data-for="{_list(resting)}"{on}>{words}</mark>'


def alone(resting: Iterable[str], chosen: str) -> str:
    """Attributes of what is there only while one of these codes is chosen."""
    return f' data-alone="{_list(resting)}"{"" if chosen in resting else " hidden"}'


def _list(codes: Iterable[str]) -> str:
    return html.escape(" ".join(sorted(codes)))
