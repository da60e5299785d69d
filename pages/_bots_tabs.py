"""One bot's versions, timeline and settings."""

from __future__ import annotations

import shlex
from urllib.parse import urlsplit

import streamlit as st

from pages._bots_parts import code_html, difference_html, facts_html, table, timeline_html
from pages._cards import link, plain
from pages._shell import friendly, safe
from pages._within import go, here
from services.console import bot_details, bots
from services.console.bot_code import Version, difference, read_code, versions
from services.console.bot_details import TRIGGERS, Details
from services.console.bots import BotView
from services.console.session import Principal
from services.console.timeline import Event, bot_timeline, event_json
from services.errors import FabricError

FIRST, MORE = 20, 200


def flash(kind: str, message: str, way: str = "") -> None:
    """A message for after the next run of the page; `way` is HTML, a link to where it is about."""
    st.session_state["flash"] = (kind, message, way)


def show_flash() -> None:
    kind, message, way = st.session_state.pop("flash", ("", "", ""))
    if kind:
        {"success": st.success, "warning": st.warning, "error": st.error}[kind](plain(message))
    if way:
        st.html(f'<div class="fb-status">{way}</div>')


# Versions


def show_versions(principal: Principal, view: BotView) -> None:
    known = versions(principal, view.line.id)
    with_code = [version for version in known if version.attachment]
    wanted = st.query_params.get("version")
    chosen = next((v for v in with_code if v.id == wanted), with_code[0] if with_code else None)
    if wanted and (chosen is None or chosen.id != wanted):
        st.warning("The address names a version without code; the newest is shown.")
    show_flash()
    left, right = st.columns([2, 3], gap="medium")
    with left:
        rows = [
            [_version_link(view, v, v is chosen), v.what, safe(v.when), safe(v.who)] for v in known[:MORE]
        ]
        place = known.index(chosen) if chosen in known else None
        st.html(table("Versions", ("Version", "What", "When", "Who"), rows, place))
    if chosen is not None:
        with right:
            _compare(principal, view, chosen, with_code)


def _version_link(view: BotView, version: Version, current: bool) -> str:
    if not version.attachment:
        return str(version.number)
    return here(
        str(version.number), "/bots", current, bot=view.line.id, tab="versions", version=version.id
    )


def _compare(principal: Principal, view: BotView, chosen: Version, with_code: list[Version]) -> None:
    code = read_code(chosen.attachment)
    st.header(f"Version {chosen.number}", anchor=False)
    if code is None:
        st.info("The code of this version can't be read.")
        return
    runs = view.deployed is not None and (view.deployed.text, view.deployed.filename) == (
        code.text,
        code.filename,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        others = [v for v in with_code if v is not chosen]
        before = next((i for i, v in enumerate(others) if v.number < chosen.number), 0)
        other = st.selectbox("Compared with", others, index=before if others else None, format_func=Version.label,
                             key=f"with-{chosen.id}")  # fmt: skip
        label = "Deploy this again" if chosen.what == "Deployed" else "Deploy this"
        st.button("This code runs" if runs else label, icon=":material/rocket_launch:", disabled=runs,
                  on_click=_deploy_again, args=(principal, view.line.id, chosen))  # fmt: skip
    old = read_code(other.attachment) if other else None
    lines = difference(old.text, code.text) if old else []
    if other and lines:
        st.html(difference_html(lines, f"From version {other.number} to version {chosen.number}"))
        return
    if old:
        st.html('<div class="fb-status">The code of both is the same.</div>')
    st.html(code_html(code.text, f"Code of version {chosen.number}"))


def _deploy_again(principal: Principal, bot_id: str, version: Version) -> None:
    code = read_code(version.attachment)
    try:
        if code is not None:
            bots.deploy_version(principal, bot_id, code)
            flash("success", f"The code of version {version.number} runs from now on.")
    except FabricError as error:
        flash("error", error.message.partition("\n")[0])


# Timeline


def show_timeline(principal: Principal, view: BotView) -> None:
    limit = MORE if st.session_state.get("timeline-of") == view.line.id else FIRST
    events = bot_timeline(principal, view.line.id, limit)
    show_events(principal, events, limit, view.line.id, "/bots", bot=view.line.id, tab="timeline")


def show_events(
    principal: Principal, events: list[Event], limit: int, of: str, path: str, **query: str
) -> None:
    """The events, the newest first, and the one that the address opens; `of` names whose they are."""
    opened = st.query_params.get("event")
    with st.container(horizontal=True, vertical_alignment="center"):
        count = f"{'The last ' if len(events) == limit else ''}{len(events)} event{'s' if len(events) != 1 else ''}"
        told = f"{count}, the newest first" if events else "Nothing yet."
        st.html(f'<div class="fb-status" role="status">{told}</div>', width="content")
        st.button("Refresh", icon=":material/refresh:", type="tertiary", key=f"refresh-{of}")
    main, beside = st.columns([3, 2]) if opened else (st.container(), None)
    with main:
        if events:

            def opening(event: Event) -> str:
                label = f'AuditEvent<span class="fb-sr"> of {safe(event.when)}</span>'
                return here(label, path, event.id == opened, **query, event=event.id)

            st.html(timeline_html(events, "Timeline", opening, opened))
        if len(events) == limit == FIRST:
            st.button("Show more", icon=":material/expand_more:", on_click=st.session_state.update,
                      args=({"timeline-of": of},))  # fmt: skip
    if opened and beside is not None:
        with beside, friendly():
            st.header("AuditEvent", anchor=False)
            st.button("Close", icon=":material/close:", type="tertiary", on_click=go, kwargs=query)
            st.html(code_html(event_json(principal, opened), "AuditEvent as FHIR JSON", wrap=True))


# Details


def show_details(principal: Principal, view: BotView) -> None:
    show_flash()
    held = bot_details.details(principal, view.line.id)
    st.html(facts_html(_facts(view, held)))
    st.code(_curl(view.line.id), language=None, wrap_lines=True)
    if view.line.built_in:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        _settings(principal, view, held)
    with right:
        _secrets(principal, view)
        st.header("End", anchor=False)
        _end(principal, view)


def _facts(view: BotView, held: Details) -> list[tuple[str, str]]:
    facts = [("Id", f"<code>{safe(view.line.id)}</code>")]
    facts += [("Identifier", f"<code>{safe(identifier)}</code>") for identifier in held.identifiers]
    return [*facts, ("What runs", safe(view.line.runs)), ("Run it from elsewhere", "with an access token:")]


def _curl(bot_id: str) -> str:
    address = urlsplit(st.context.url or "http://localhost:8103")
    execute = shlex.quote(f"{address.scheme}://{address.netloc}/fhir/R4/Bot/{bot_id}/$execute")
    return (
        f"curl -X POST {execute} -H 'Content-Type: application/fhir+json' "
        "-H \"Authorization: Bearer $TOKEN\" --data '{}'"
    )


def _settings(principal: Principal, view: BotView, held: Details) -> None:
    st.header("Settings", anchor=False)
    policies = bots.policies(principal)
    options = ["", *policies, *([held.policy] if held.policy and held.policy not in policies else [])]
    with st.form(f"settings-{view.line.id}", border=True):
        name = st.text_input("Name", held.name, max_chars=100)
        description = st.text_input("Description", held.description, max_chars=500)
        policy = st.selectbox(
            "Access policy", options, index=options.index(held.policy), disabled=held.several_policies,
            format_func=lambda p: policies.get(p, p) or "None: all that a clinician may",
            help="The membership has several, or with parameters: change them by the API."
            if held.several_policies else "What of the record the bot may see and change.",
        )  # fmt: skip
        seconds = st.number_input(
            "Longest run in seconds", 1, int(bot_details.MOST_SECONDS), int(held.timeout)
        )
        triggers = list(TRIGGERS)
        trigger = st.selectbox(
            "Runs that the timeline keeps", triggers, format_func=TRIGGERS.__getitem__,
            index=triggers.index(held.trigger) if held.trigger in triggers else 0,
        )  # fmt: skip
        as_caller = st.checkbox("Act as whoever calls it (runAsUser)", held.as_caller,
                                help="Else it acts under its own access policy.")  # fmt: skip
        if st.form_submit_button("Save settings", type="primary"):
            with friendly():
                wanted = Details(name, description, policy or "", float(seconds), as_caller, trigger)
                bot_details.change(principal, view.line.id, wanted)
                flash("success", "The settings are saved.")
                st.rerun()


def _secrets(principal: Principal, view: BotView) -> None:
    st.header("Secrets", anchor=False)
    st.html(
        '<div class="fb-status">The bot gets them as <code>event.secrets</code>. What they hold is not shown again.</div>'
    )
    for secret in bot_details.secrets(principal, view.line.id):
        with st.container(horizontal=True, vertical_alignment="center"):
            shared = " <span class='fb-meta'>(every bot's)</span>" if secret.shared else ""
            st.html(f"<code>{safe(secret.name)}</code>{shared}", width="content")
            if not secret.shared:
                st.button(f"Remove {plain(secret.name)}", key=f"drop-{secret.name}", type="tertiary",
                          icon=":material/delete:", on_click=_remove, args=(principal, view.line.id, secret.name))  # fmt: skip
    with st.form(f"secret-{view.line.id}", border=True, clear_on_submit=True):
        name = st.text_input("Name of the secret", max_chars=bot_details.MOST_NAME)
        value = st.text_input("What it holds", type="password", max_chars=10_000, autocomplete="new-password")
        if st.form_submit_button("Add the secret"):
            with friendly():
                bot_details.add_secret(principal, view.line.id, name, value)
                flash("success", f"The bot has the secret {name.strip()}.")
                st.rerun()


def _remove(principal: Principal, bot_id: str, name: str) -> None:
    try:
        bot_details.remove_secret(principal, bot_id, name)
        flash("success", f"The secret {name} is removed.")
    except FabricError as error:
        flash("error", error.message)


def _end(principal: Principal, view: BotView) -> None:
    listening = bot_details.listeners(principal, view.line.id)
    with st.popover("Delete this bot", icon=":material/delete:"):
        count = len(listening)
        also = (
            f" {count} subscription{'s' if count != 1 else ''} that run{'s' if count == 1 else ''} it will be off."
            if count
            else ""
        )
        st.markdown(
            f"Delete **{plain(view.line.name)}**? It can't be run any more.{also} Its history stays in the record."
        )
        st.button("Delete", type="primary", key="delete-bot", on_click=_delete, args=(principal, view))
    if listening:
        links = (
            link(safe(str(s.resource.get("criteria"))), "/subscriptions", {}, subscription=s.id)
            for s in listening
        )
        st.html(f'<div class="fb-crumb">Listened for by {", ".join(links)}</div>')


def _delete(principal: Principal, view: BotView) -> None:
    try:
        bot_details.delete(principal, view.line.id)
    except FabricError as error:
        flash("error", error.message)
    else:
        go()
        flash("success", f"{view.line.name} is deleted.")
