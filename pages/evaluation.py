"""How good the AI was: figures over a time, the lists behind them, and each output opened and computed again."""

from __future__ import annotations

import streamlit as st

from pages import _evaluation_parts as parts
from pages._shell import friendly, guard, patient_banner, safe
from services.console import feedback, replaying, replaying_executed
from services.console.evaluation import PERIODS, evaluate, period
from services.console.evaluation_events import Period
from services.console.replaying_kept import BOTS, listed
from services.errors import FabricError

USUAL = 28
LISTS = ("outputs", "missed", "troubled", "feedback", "unhelpful", "executed")


def show_figures(days: int, when: Period) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Evaluation", anchor=False)
        with st.popover("How each figure is computed", icon=":material/info:", type="tertiary"):
            st.html(parts.HOW)
    options = list(PERIODS)
    chosen = st.segmented_control("Time", options, default=days, format_func=PERIODS.__getitem__, key="e-days",
                                  label_visibility="collapsed")  # fmt: skip
    if chosen and chosen != days:
        st.query_params["days"] = str(chosen)
        st.rerun()
    with friendly():
        found = evaluate(principal, when)
        st.html(f'<div class="fb-status">{safe(parts.told(when))}</div>')
        st.html(parts.cards_html(found, days))
        st.html(parts.bots_html(found, days))
        left, right = st.columns([3, 2], gap="large")
        with left:
            st.header("By week", anchor=False)
            st.vega_lite_chart(spec=parts.chart(found.weeks), key="e-weeks", alt=parts.weeks_told(found.weeks))
            with st.expander("The weeks as a table"):
                st.html(parts.weeks_html(found.weeks))
        with right:
            st.html(parts.decided_html(found))
            st.html(parts.reasons_html(found))
        if found.runs:
            st.html(parts.runs_html(found, days))


def show_list(which: str, bot: str, days: int, when: Period) -> None:
    st.html(f'<nav class="fe-crumb" aria-label="Path">{parts.here("Evaluation", days=str(days))}</nav>')
    st.title(parts.TITLES[which], anchor=False)
    name = f" of {BOTS[bot].lower()}" if bot else ""
    st.html(f'<div class="fb-status">{safe(parts.told(when))}{safe(name)}. The newest 200.</div>')
    with friendly():
        principal.require("evaluate")
        if which in ("feedback", "unhelpful"):
            given = feedback.listed(when.since, when.until, bot, "not helpful" if which == "unhelpful" else "")
            told = parts.feedback_html(given, days) if given else ""
        elif which == "executed":
            outputs = replaying_executed.listed(when.since, when.until)
            told = parts.outputs_html(outputs, days) if outputs else ""
        else:
            outputs = listed(when.since, when.until, bot, missed=which == "missed", troubled=which == "troubled")
            told = parts.outputs_html(outputs, days) if outputs else ""
        if told:
            st.html(told)
        else:
            st.info("There is none in this time.")


def show_output(output_id: str, days: int) -> None:
    try:
        shown = replaying.opened(principal, output_id)
    except FabricError as error:
        st.title("Output of the AI", anchor=False)
        st.warning(error.message)
        st.html(f'<nav class="fe-crumb" aria-label="Path">{parts.here("Evaluation", days=str(days))}</nav>')
        return
    patient_banner(principal, shown.output.patient, "evaluation")
    st.html(f'<nav class="fe-crumb" aria-label="Path">{parts.here("Evaluation", days=str(days))}</nav>')
    st.title(f"{BOTS.get(shown.output.bot, 'Proposal')}: what was shown", anchor=False)
    left, right = st.columns([3, 2.4], gap="large")
    with right:
        st.html(parts.output_html(shown))
    with left:
        st.html(parts.shown_html(shown, feedback.of_output(output_id)))
        if shown.output.bot in BOTS and st.button("Run again on the same evidence", icon=":material/replay:", type="primary",
                     help="From the versions of the record that were current then; nothing is written to the record"):  # fmt: skip
            with friendly(), st.spinner("Computing it from the record as it was"):
                st.session_state["again"] = (output_id, replaying.again(principal, output_id))
        held = st.session_state.get("again")
        if held and held[0] == output_id:
            st.html(parts.again_html(held[1]))


principal = guard("Evaluation", "evaluate")
asked = st.query_params.get("days", "")
days = int(asked) if asked.isdecimal() and int(asked) in PERIODS else USUAL
bot = st.query_params.get("bot", "")
bot = bot if bot in BOTS else ""
which = st.query_params.get("list", "")
if output := st.query_params.get("output"):
    show_output(output, days)
elif which in LISTS:
    show_list(which, bot, days, period(days))
else:
    show_figures(days, period(days))
