"""The Ask page's own looks, and what only the browser can do there: the cursor in the question's field, and the
newest question in view."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component as define

_HERE = Path(__file__).parent
_STYLE = (_HERE / "_ask_style.css").read_text("utf-8")
_JS = (_HERE / "_ask_browser.js").read_text("utf-8")
_NAME = "fabric_ask"


def style() -> None:
    st.html(f"<style>{_STYLE}</style>")


def mount(turns: int) -> None:
    """`turns`: how many questions the page shows."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-ask"):
        component(data={"turns": turns}, key=_NAME, height=1)
