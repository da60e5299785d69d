"""What the editor of a bot's code needs of the browser: line numbers and indentation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2 import component as define

_JS = (Path(__file__).parent / "_bots_code.js").read_text("utf-8")
_NAME = "fabric_code"


def mount() -> None:
    """Once on a page with a container that has the key "bot-code"."""
    with st.container(key="fabric-code"):
        define(_NAME, js=_JS)(data={}, key=_NAME, height=1)
