"""What only the browser can do on the Ask page: the cursor in the question's field, and the
newest question in view."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component as define

_HERE = Path(__file__).parent
_JS = (_HERE / "_ask_browser.js").read_text("utf-8")
_NAME = "fabric_ask"


def mount(turns: int) -> None:
    """`turns`: how many questions the page shows."""
    component = define(_NAME, js=_JS)
    with st.container(key="fabric-ask"):
        component(data={"turns": turns}, key=_NAME, height=1)
