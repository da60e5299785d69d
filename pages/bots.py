"""Bots: which there are and what they do; one bot's code, runs and settings."""

from __future__ import annotations

import streamlit as st

from pages import _bots_code
from pages._bots_editor import show_editor
from pages._bots_parts import ended, table
from pages._bots_tabs import show_details, show_flash, show_timeline, show_versions
from pages._cards import plain
from pages._shell import friendly, guard, safe
from pages._within import go, here
from services.console import bots
from services.console.bots import BotLine
from services.errors import FabricError

TABS = {
    "editor": ("Editor", show_editor),
    "versions": ("Versions", show_versions),
    "timeline": ("Timeline", show_timeline),
    "details": ("Details", show_details),
}


def show_list() -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title("Bots", anchor=False)
        st.button("New bot", icon=":material/add:", on_click=go, kwargs={"new": "bot"}, type="primary")
    show_flash()
    with friendly():
        lines = bots.list_bots(principal)
        ours = sum(not line.built_in for line in lines)
        told = (
            f"{ours} of ours, {len(lines) - ours} built in"
            if ours
            else "None of ours yet: make one with “New bot”"
        )
        st.html(f'<div class="fb-status" role="status">{told}</div>')
        head = ("Name", "What runs", "Language", "Last run", "Access policy")
        st.html(table("Bots", head, [_row(line) for line in lines]))


def _row(line: BotLine) -> list[str]:
    name = here(safe(line.name), "/bots", bot=line.id, tab="editor")
    about = f'<div class="fb-meta">{safe(line.description)}</div>' if line.description else ""
    differs = '<div class="fb-meta">Other code is saved than runs</div>' if line.differs else ""
    policy = line.policy or "None: all that a clinician may"
    return [name + about, safe(line.runs) + differs, line.language, ended(line.last), safe(policy)]


def show_new() -> None:
    st.html(f'<div class="fb-crumb">{here("All bots", "/bots")}</div>')
    st.title("New bot", anchor=False)
    policies = bots.policies(principal)
    with st.form("new-bot", border=True, width=640):
        name = st.text_input("Name", max_chars=100)
        description = st.text_input("Description", max_chars=500, help="What it is for. May be left empty.")
        written_in = st.radio("Language", list(bots.LANGUAGES), horizontal=True)
        policy = st.selectbox(
            "Access policy", ["", *policies], format_func=lambda p: policies.get(p, "None: all that a clinician may"),
            help="What of the record the bot may see and change.",
        )  # fmt: skip
        if st.form_submit_button("Make the bot", type="primary"):
            with friendly():
                go(bot=bots.create(principal, name, description, written_in, policy or None), tab="editor")
                st.rerun()


def show_bot(bot_id: str) -> None:
    st.html(f'<div class="fb-crumb">{here("All bots", "/bots")}</div>')
    try:
        view = bots.open_bot(principal, bot_id)
    except FabricError as error:
        st.title("Bot", anchor=False)
        st.warning(error.message)
        st.stop()
    st.title(plain(view.line.name), anchor=False)
    if view.line.description:
        st.html(f'<div class="fb-meta">{safe(view.line.description)}</div>')
    tabs = {key: tab for key, tab in TABS.items() if not (view.line.built_in and key == "versions")}
    tab = st.query_params.get("tab", "editor")
    tab = tab if tab in tabs else "editor"
    links = (
        here(title, "/bots", key == tab, bot=bot_id, tab=key) for key, (title, _) in tabs.items()
    )
    st.html(f'<nav class="fb-tabs" aria-label="Parts of this bot">{"".join(links)}</nav>')
    with friendly():
        tabs[tab][1](principal, view)


principal = guard("Bots", "administer")
if bot := st.query_params.get("bot"):
    _bots_code.mount()
    show_bot(bot)
elif "new" in st.query_params:
    show_new()
else:
    show_list()
