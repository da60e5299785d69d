"""One bot's editor: its code, what of it runs, and running it."""

from __future__ import annotations

import streamlit as st

from pages._bots_parts import around_html, code_html, difference_html
from pages._cards import plain
from pages._guard import part
from pages._shell import safe
from services.console import bot_runs, bots
from services.console.bot_code import difference, wrong_line
from services.console.bot_details import details
from services.console.bot_runs import CONTENT_TYPES, EXAMPLES, Run
from services.console.bots import BotView
from services.console.session import Principal
from services.errors import FabricError, PreconditionFailed

HEIGHT = 400


def show_editor(principal: Principal, view: BotView) -> None:
    main, beside = st.columns([3, 2], gap="medium")
    with main:
        if view.line.built_in:
            st.info(
                "This bot is part of the console. It can be run here and listened to; its code can't be changed."
            )
        else:
            _code(principal, view)
    with beside:
        _input(principal, view)
        _run(principal, view)


# Code


def _code(principal: Principal, view: BotView) -> None:
    text = _text(view)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Code", anchor=False)
        st.button("Save", icon=":material/save:", on_click=_save, args=(principal, view),
                  help="Keep the code. What runs stays as it is.")  # fmt: skip
        st.button("Deploy", icon=":material/rocket_launch:", type="primary", on_click=_deploy, args=(principal, view),
                  help="Keep the code, and run it from now on.")  # fmt: skip
    _told(principal, view)
    _state(view, text)
    with st.container(key="bot-code"):
        st.text_area(
            f"Code in {view.line.language}, {view.saved.filename if view.saved else 'bot.py'}",
            key=_key(view), height=HEIGHT, label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
    _differs(view)


def _key(view: BotView) -> str:
    return f"code-{view.line.id}"


def _text(view: BotView) -> str:
    """What the editor holds: what was typed, else what is saved, also where somebody else has saved it since."""
    key, base = _key(view), f"base-{view.line.id}"
    saved = view.saved
    held, at = st.session_state.get(base, (None, ""))
    if key not in st.session_state or st.session_state[key] == held:
        st.session_state[key] = saved.text if saved else ""
        held = None
    if held is None or (saved and st.session_state[key] == saved.text):
        st.session_state[base] = (saved.text if saved else "", saved.at if saved else at)
    return st.session_state[key]


def _state(view: BotView, text: str) -> None:
    """Which code is which: typed, saved, running."""
    saved, deployed = view.saved, view.deployed
    typed = saved is not None and text == saved.text
    same = saved and deployed and (saved.text, saved.filename) == (deployed.text, deployed.filename)
    told = [] if typed else ["<b>Not saved yet.</b>"]
    if deployed is None:
        told.append("<b>Nothing is deployed:</b> this bot can't run until you press Deploy.")
    elif not same:
        told.append(f"<b>What runs differs from what is saved.</b> {safe(view.line.runs)} runs.")
    elif typed:
        told.append(f"What runs is what is saved. {safe(view.line.runs)}.")
    mark = "" if typed and same else '<span aria-hidden="true">⚠ </span>'
    st.html(f'<div class="fb-status" role="status">{mark}{" ".join(told)}</div>')


def _save(principal: Principal, view: BotView, over: bool = False) -> None:
    _kept(principal, view, over)


def _differs(view: BotView) -> None:
    """How what is saved differs from what runs."""
    lines = difference(view.deployed.text, view.saved.text) if view.saved and view.deployed else []
    if lines:
        with st.expander("From what runs to what is saved"):
            st.html(difference_html(lines, "From what runs to what is saved"))


def _kept(principal: Principal, view: BotView, over: bool = False) -> bool:
    """Save what was typed; whether it is what is saved now."""
    text = st.session_state.get(_key(view), "")
    if view.saved and text == view.saved.text:
        _tell("info", "There is nothing new to save.")
        return True
    _, seen = st.session_state.get(f"base-{view.line.id}", ("", ""))
    filename = view.saved.filename if view.saved else "bot.py"
    try:
        bots.save(principal, view.line.id, text, filename, None if over else seen)
    except PreconditionFailed as error:
        _tell("conflict", error.message)
        return False
    except FabricError as error:
        _tell("error", error.message)
        return False
    st.session_state.pop(f"base-{view.line.id}", None)
    _tell("success", "Saved. It runs once it is deployed.")
    return True


def _deploy(principal: Principal, view: BotView) -> None:
    if not _kept(principal, view):
        return
    text = st.session_state.get(_key(view), "")
    try:
        bots.deploy(principal, view.line.id)
    except FabricError as error:
        _tell("error", f"Saved, but not deployed: {error.message}", wrong_line(error.message, text))
    else:
        _tell("success", "Deployed: this code runs from now on.")


def _tell(kind: str, message: str, line: int | None = None) -> None:
    st.session_state["bot-told"] = (kind, message, line)


def _told(principal: Principal, view: BotView) -> None:
    """What came of the last press of a button."""
    kind, message, line = st.session_state.pop("bot-told", ("", "", None))
    if not kind:
        return
    if kind == "conflict":
        st.warning(message)
        with st.container(horizontal=True):
            st.button("Save mine over it", on_click=_save, args=(principal, view, True))
            st.button("Take theirs, drop mine", on_click=_drop, args=(view,))
        return
    first = plain(message.partition("\n")[0])
    {"error": st.error, "success": st.success, "info": st.info}[kind](first)
    if line is not None:
        text = st.session_state.get(_key(view), "")
        st.html(around_html(text, line, f"Around line {line}"))


def _drop(view: BotView) -> None:
    st.session_state.pop(_key(view), None)
    st.session_state.pop(f"base-{view.line.id}", None)


# Input and run


def _input(principal: Principal, view: BotView) -> None:
    bot_id = view.line.id
    st.header("Input", anchor=False)
    kind = st.selectbox(
        "Content type", list(CONTENT_TYPES), key="bot-input-kind", persist_state="page", on_change=_example
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Sample from the record", key="bot-sample", persist_state="page",
                               placeholder="Patient, or Patient/123")  # fmt: skip
        st.button("Fill in", on_click=_fill, args=(principal,), disabled=kind not in ("FHIR JSON", "JSON"))
    if problem := st.session_state.pop("bot-sample-problem", ""):
        st.warning(plain(problem))
    st.session_state.setdefault("bot-input-text", EXAMPLES[CONTENT_TYPES[kind]])
    with st.container(key="bot-input"):
        st.text_area(
            "Input", key="bot-input-text", height=150, persist_state="page", label_visibility="collapsed"
        )
    run: Run | None = st.session_state.get(f"run-{bot_id}")
    st.button("Execute", icon=":material/play_arrow:", disabled=bool(run and not run.done), on_click=_execute,
              args=(principal, bot_id), help="Run what is deployed, with this input.")  # fmt: skip


def _example() -> None:
    """Another kind of input: its example, unless something was typed."""
    if st.session_state.get("bot-input-text", "") in (*EXAMPLES.values(), ""):
        st.session_state["bot-input-text"] = EXAMPLES[CONTENT_TYPES[st.session_state["bot-input-kind"]]]


def _fill(principal: Principal) -> None:
    try:
        st.session_state["bot-input-text"] = bot_runs.sample(principal, st.session_state["bot-sample"])
    except FabricError as error:
        st.session_state["bot-sample-problem"] = error.message


def _execute(principal: Principal, bot_id: str) -> None:
    content_type = CONTENT_TYPES[st.session_state["bot-input-kind"]]
    text = st.session_state.get("bot-input-text", "")
    try:
        st.session_state[f"run-{bot_id}"] = bot_runs.start_run(principal, bot_id, text, content_type)
    except FabricError as error:
        st.session_state.pop(f"run-{bot_id}", None)
        st.session_state["bot-run-problem"] = error.message


def _run(principal: Principal, view: BotView) -> None:
    if problem := st.session_state.pop("bot-run-problem", ""):
        st.error(plain(problem))
    run: Run | None = st.session_state.get(f"run-{view.line.id}")
    if run is None:
        return
    if run.done:
        _ended(run)
        return
    most = None if view.line.built_in else details(principal, view.line.id).timeout

    @part(every=0.5)
    def progress() -> None:
        if run.done:
            st.rerun()
        so_far = run.so_far()
        limit = f"It is stopped after {most:.0f} s." if most else "It goes on if you leave the page."
        st.progress(min(so_far / (most or 60), 1.0), f"Running for {so_far:.0f} s. {limit}")

    progress()


def _ended(run: Run) -> None:
    if run.failed:
        st.error(f"Failed after {run.seconds:.2f} s: {plain(run.problem)}")
    else:
        st.success(f"Ended after {run.seconds:.2f} s.")
        if run.kind == "nothing":
            st.html('<div class="fb-status">The bot returned nothing.</div>')
        else:
            st.header("Answer", anchor=False)
            st.html(code_html(run.answer, "Answer", wrap=True))
            if run.kind == "cut":
                st.html('<div class="fb-status">The answer is longer; its beginning is shown.</div>')
    if run.log.strip():
        st.header("Log", anchor=False)
        st.html(code_html(run.log, "Log", wrap=True))
