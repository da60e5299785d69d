"""Questions about one patient, answered from the record with a source for each sentence."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages import _ask_browser, _browser
from pages._ask_answer import background_html, caption, chart, turn_html
from pages._feedback import rate
from pages._shell import friendly, guard, patient_banner
from pages._source import show_source
from services.console.asking import MOST_CHARS, Asking, Conversation
from services.console.citing import open_citation
from services.console.feedback import item_of
from services.console.resources import Opened
from services.console.search import indexing_line
from services.console.suggesting import suggestions
from services.errors import FabricError

AT_ONCE = 0.4  # seconds that a question is waited for before the page shows that it is being answered
_HERE = Path(__file__).parent


def conversation(patient_id: str) -> Conversation:
    return st.session_state.setdefault("conversations", {}).setdefault(patient_id, Conversation())


def want(name: str, *values: object) -> None:
    """What a click asks for: done in the next run, once it is known again who is there."""
    st.session_state[f"wanted-{name}"] = values


def begin(question: str) -> None:
    """Ask, and wait for as long as an answer of the record alone takes."""
    with friendly():
        talk.ask(principal, str(patient_id), question).wait(AT_ONCE)


def start_anew() -> None:
    talk.clear()
    st.query_params.pop("open", None)


def close() -> None:
    st.query_params.pop("open", None)


def show_start() -> None:
    with friendly():
        asked = suggestions(principal, str(patient_id))
        with st.container(horizontal=True, gap="small"):
            for question in asked:
                st.button(question, key=f"try-{question}", on_click=want, args=("question", question))
    st.html(
        '<p class="fb-status">Each sentence of an answer names its source. Follow-ups are understood: '
        "“and before that?”, “and the creatinine?”. What the record does not hold is said so.</p>"
    )


@st.fragment(run_every=0.3)
def show_waiting(turn: Asking) -> None:
    """Sentences as they pass the check. A model can take long: the page stays free, and it can be stopped."""
    if turn.over:
        st.rerun()
    st.html(turn_html(turn, str(patient_id), None))
    st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=turn.stop, disabled=turn.stopped.is_set(),
              help="The record's own answer stands then")  # fmt: skip


def show_turn(turn: Asking, opened: str | None) -> None:
    st.html(turn_html(turn, str(patient_id), opened))
    reply = turn.reply
    if not reply:
        return
    if reply.series:
        st.vega_lite_chart(spec=chart(reply.series), key=f"chart-{reply.id}", alt=reply.series.told)
        st.html(caption(reply.series))
    if background := background_html(reply, str(patient_id)):
        st.html(background)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"under-{reply.id}"):
        with st.popover("Copy", icon=":material/content_copy:", type="tertiary", key=f"copy-{reply.id}"):
            st.code(reply.plain(), language=None, wrap_lines=True, height=260)
        rate(principal, item_of(reply, str(patient_id)))


def open_source(address: str) -> Opened | None:
    try:
        opened, same = open_citation(principal, str(patient_id), address)
    except FabricError as error:
        st.warning(error.message)
        return None
    if not same:
        st.warning("This source was changed after the answer was made. What is stored now is shown.")
    return opened


principal = guard("Ask", "search")
for name, value in _browser.take().items():
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
patient_id = st.query_params.get("patient") or None
_ask_browser.style()
if not patient_id:
    st.title("Ask the record", anchor=False)
    st.info("Questions are about one patient: choose who it is first.")
    st.page_link(str(_HERE / "patients.py"), label="Find a patient", icon=":material/groups:")
    st.stop()
patient_banner(principal, patient_id, "ask")
talk = conversation(patient_id)
linked = st.query_params.get("q")
if linked is not None:
    st.query_params.pop("q")
    if linked.strip() not in [t.question for t in talk.turns]:
        begin(linked)
if wanted := st.session_state.pop("wanted-question", None):
    begin(*wanted)
st.chat_input("Ask about this patient: “latest HbA1c”, “why was metoprolol started?”", key="question",
              max_chars=MOST_CHARS, disabled=talk.busy,
              on_submit=lambda: want("question", st.session_state["question"]))  # fmt: skip

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Ask about this patient", anchor=False)
    if talk.turns:
        st.button("New conversation", icon=":material/add_comment:", type="tertiary", on_click=start_anew)
address = st.query_params.get("open")
opened = open_source(address) if address else None
main, beside = st.columns([3, 2.3]) if opened else (st.container(), None)
with main:
    for turn in talk.turns[:-1] if talk.busy else talk.turns:
        show_turn(turn, opened.reference if opened else None)
    if talk.busy:
        show_waiting(talk.turns[-1])
    if not talk.turns:
        show_start()
if opened and beside is not None:
    with beside:
        show_source(opened, None, close)
if line := indexing_line(principal):
    st.html(f'<div class="fb-status" role="status">{line}</div>')
_ask_browser.mount(len(talk.turns))
