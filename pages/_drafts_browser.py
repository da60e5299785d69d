"""The editor of a note in the browser: its sections, each read with its sources or edited as text.

What is typed is kept in the browser until the server has it, and sent after a short rest; see _drafts_browser.js.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2 import component as define

_HERE = Path(__file__).parent
_JS = (_HERE / "_drafts_browser.js").read_text("utf-8")
_NAME = "fabric_drafts"
MOST = 400_000
"""Characters that are taken from the browser at once."""


def mount(
    data: Mapping[str, Any], typed: Callable[[dict[str, Any]], None], act: Callable[[str, str], None]
) -> None:
    """Once on the page. `data` is what _drafts_browser.js documents; `typed` is called with what was typed, `act` with
    what a button asks for and the section's key."""
    component = define(_NAME, js=_JS, isolate_styles=False)

    def sent(name: str) -> Any:
        return (st.session_state.get(_NAME) or {}).get(name)

    def on_typed() -> None:
        if (value := read(sent("typed"))) is not None:
            typed(value)

    def on_act() -> None:
        what, _, key = str(sent("act") or "").partition(" ")
        act(what, key)

    with st.container(key="fabric-drafts"):
        component(data=dict(data), key=_NAME, on_typed_change=on_typed, on_act_change=on_act)


def read(sent: object) -> dict[str, Any] | None:
    """What the browser sent, read with distrust: the draft's id, the version and change that it began with, its window,
    and the sections' texts."""
    if not isinstance(sent, str) or len(sent) > MOST:
        return None
    try:
        value = json.loads(sent)
    except ValueError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("texts"), dict):
        return None
    texts = {k: v for k, v in value["texts"].items() if isinstance(v, str)}
    rev, seq = value.get("rev"), value.get("seq")
    if not isinstance(rev, int) or not isinstance(seq, int):
        return None
    words = {k: str(value.get(k) or "")[:200] for k in ("draft", "base", "tab")}
    return {**words, "rev": rev, "seq": seq, "texts": texts}
