"""Questions about one patient, answered from the record with a source for each sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages import _ask_browser, _browser
from pages._ask_answer import background_html, caption, chart, hidden_words, turn_html
from pages._feedback import rate
from pages._guard import folded, part
from pages._shell import friendly, guard, patient_banner
from pages._source import beside
from services.console.asking import Asking, Conversation
from services.console.citing import open_citation
from services.console.conversations import forget
from services.console.feedback import item_of
from services.console.resources import Opened
from services.console.search import indexing_line
from services.console.suggesting import suggestions
from services.errors import InvalidInput

EARLIER = 3  # answers of an earlier visit that are in view; those before are folded
AT_ONCE = 0.4  # seconds that a question is waited for before the page shows that it is being answered
_HERE = Path(__file__).parent


def conversation(patient_id: str) -> Conversation:
    """As this person left it; read once for each load of the page in the browser."""
    held: dict[tuple[str, str], Conversation] = st.session_state.setdefault("conversations", {})
    key = (principal.reference, patient_id)
    if key not in held:
        with friendly():
            held[key] = Conversation.of(principal, patient_id)
    return held.setdefault(key, Conversation())


def want(name: str, *values: object) -> None:
    """What a click asks for: done in the next run, once it is known again who is there."""
    st.session_state[f"wanted-{name}"] = values


def begin(question: str) -> None:
    """Ask, and wait for as long as an answer of the record alone takes."""
    with friendly():
        try:
            talk.ask(principal, str(patient_id), question).wait(AT_ONCE)
        except InvalidInput:
            st.session_state["question"] = question.strip() or None  # back into the field, to be mended
            raise


def start_anew() -> None:
    with friendly():
        forget(principal, str(patient_id))
        talk.clear()
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


@part(every=0.3)
def show_waiting(turn: Asking) -> None:
    """Sentences as they pass the check. A model can take long: the page stays free, and it can be stopped."""
    if turn.over:
        st.rerun()
    st.html(turn_html(turn, str(patient_id), None))
    st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=turn.stop, disabled=turn.stopped.is_set(),
              help="The record's own answer stands then")  # fmt: skip


def show_turns(turns: Sequence[Asking]) -> None:
    for turn in turns:
        show_turn(turn, st.query_params.get("open"))


def show_turn(turn: Asking, opened: str | None) -> None:
    st.html(turn_html(turn, str(patient_id), opened))
    reply = turn.reply
    if not reply:
        return
    if reply.series:
        st.vega_lite_chart(spec=chart(reply.series), key=f"chart-{reply.id}", alt=reply.series.told)
        st.html(caption(reply.series))
    st.html(background_html(reply, str(patient_id)))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"under-{reply.id}"):
        if turn.when:
            st.button("Ask again", key=f"again-{reply.id}", icon=":material/refresh:", type="tertiary", disabled=talk.busy,
                      on_click=want, args=("question", turn.question))  # fmt: skip
        rate(principal, item_of(reply, str(patient_id)))


def open_source(address: str) -> tuple[Opened, None]:
    opened, same = open_citation(principal, str(patient_id), address)
    if not same:
        st.warning("This source was changed after the answer was made. What is stored now is shown.")
    return opened, None


principal = guard("Ask", "search", beside=True)
_browser.follow()
patient_id = st.query_params.get("patient") or None
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
    if linked.strip() not in [t.question for t in talk.turns if not t.when]:
        begin(linked)
if wanted := st.session_state.pop("wanted-question", None):
    begin(*wanted)
st.chat_input("Ask about this patient: “latest HbA1c”, “why was metoprolol started?”", key="question",
              disabled=talk.busy,
              on_submit=lambda: want("question", st.session_state["question"]))  # fmt: skip

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Ask about this patient", anchor=False)
    if talk.turns or talk.hidden:
        st.button("New conversation", icon=":material/add_comment:", type="tertiary", on_click=start_anew)
with beside(open_source):
    if talk.hidden:
        st.html(f'<p class="fb-status">{hidden_words(talk.hidden)}</p>')
    answered = talk.turns[:-1] if talk.busy else talk.turns
    before = [turn for turn in answered if turn.when][:-EARLIER]
    if before:
        folded(f"Earlier questions ({len(before)})", "earlier-turns", lambda: show_turns(before))
    show_turns(answered[len(before) :])
    if talk.busy:
        show_waiting(talk.turns[-1])
    if not talk.turns:
        show_start()
if line := indexing_line(principal):
    st.html(f'<div class="fb-status" role="status">{line}</div>')
_ask_browser.mount(len(talk.turns))
