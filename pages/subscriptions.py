"""Subscriptions: which changes of the record are handed on, to whom, and how that went."""

from __future__ import annotations

import streamlit as st

from pages._bots_parts import ended, table
from pages._bots_tabs import FIRST, MORE, flash, show_events, show_flash
from pages._cards import link, plain
from pages._guard import part
from pages._shell import friendly, guard, safe
from pages._within import go, here
from services.console import bot_runs, subscriptions
from services.console.subscriptions import INTERACTIONS, SubscriptionLine, Wanted
from services.console.timeline import Event, subscription_timeline
from services.errors import FabricError

OTHER = ""
STATUS = {"active": "On", "off": "Paused", "requested": "Requested: not on yet", "error": "In error: not on"}


def show_list() -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title("Subscriptions", anchor=False)
        st.button("New subscription", icon=":material/add:", on_click=go, kwargs={"new": "subscription"},
                  type="primary")  # fmt: skip
    show_flash()
    with friendly():
        st.html(f'<div class="fb-status" role="status">{subscriptions.queue_line(principal)}</div>')
        lines = subscriptions.list_subscriptions(principal)
        if not lines:
            st.info(
                "There are no subscriptions yet. One runs a bot, or calls another server, when the record changes."
            )
            return
        head = ("Criteria", "When", "Tells", "Status", "Waiting", "Last told")
        st.html(table("Subscriptions", head, [_row(line) for line in lines]))


def _row(line: SubscriptionLine) -> list[str]:
    name = here(safe(line.wanted.criteria) or "No criteria", "/subscriptions", subscription=line.id)
    reason = f'<div class="fb-meta">{safe(line.wanted.reason)}</div>' if line.wanted.reason else ""
    status = safe(STATUS.get(line.status, line.status))
    if line.trouble and line.status == "active":
        status += '<div class="fb-bad">Can\'t work</div>'
    when = safe(INTERACTIONS.get(line.wanted.interaction, line.wanted.interaction))
    return [name + reason, when, safe(line.target), status, f"{line.waiting:,}", ended(line.last)]


def show_new() -> None:
    st.html(f'<div class="fb-crumb">{here("All subscriptions", "/subscriptions")}</div>')
    st.title("New subscription", anchor=False)
    show_form(None)


def show_one(subscription_id: str) -> None:
    st.html(f'<div class="fb-crumb">{here("All subscriptions", "/subscriptions")}</div>')
    try:
        line = subscriptions.open_subscription(principal, subscription_id)
    except FabricError as error:
        st.title("Subscription", anchor=False)
        st.warning(error.message)
        st.stop()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.title(plain(line.wanted.criteria or "No criteria"), anchor=False)
        with st.container(horizontal=True, width="content"):
            on = line.status == "active"
            st.button("Pause" if on else "Resume", icon=":material/pause:" if on else ":material/play_arrow:",
                      on_click=turn, args=(line, not on))  # fmt: skip
            with st.popover("Delete", icon=":material/delete:"):
                st.markdown("Delete this subscription? What waits for it is dropped.")
                st.button("Delete it", type="primary", on_click=delete, args=(line,))
    show_flash()
    if line.trouble and on:
        st.error(f"It can't work: {plain(line.trouble)}")
    st.html(f'<div class="fb-status" role="status">{_about(line)}</div>')
    left, right = st.columns([2, 3], gap="large")
    with left:
        show_form(line)
    with right, friendly():
        st.header("Timeline", anchor=False)
        limit = MORE if st.session_state.get("timeline-of") == line.id else FIRST
        events = subscription_timeline(principal, line.id, limit)
        show_again(line, events)
        show_events(principal, events, limit, line.id, "/subscriptions", subscription=line.id)


def _about(line: SubscriptionLine) -> str:
    count = subscriptions.matching(principal, line.wanted.criteria)
    bot = line.bot.partition("/")[2] if line.bot else ""
    tells = link(safe(line.target), "/bots", {}, bot=bot, tab="timeline") if bot else safe(line.target)
    facts = [STATUS.get(line.status, safe(line.status)), f"tells {tells}", f"{line.waiting:,} waiting"]
    if count is not None:
        facts.append(f"{count:,} resources match now")
    return " · ".join(facts)


def turn(line: SubscriptionLine, on: bool) -> None:
    try:
        subscriptions.turn(principal, line.id, on)
        flash("success", "It is on: changes from now on are told." if on else "It is paused.")
    except FabricError as error:
        flash("error", error.message)


def delete(line: SubscriptionLine) -> None:
    try:
        subscriptions.delete(principal, line.id)
    except FabricError as error:
        flash("error", error.message)
    else:
        go()
        flash("success", f"The subscription to {line.wanted.criteria} is deleted.")


def show_again(line: SubscriptionLine, events: list[Event]) -> None:
    """The newest run, where it failed, once more: with the resource as it is now."""
    newest = events[0] if events else None
    run: bot_runs.Run | None = st.session_state.get(f"again-{line.id}")
    if run is not None and not run.done:

        @part(every=0.5)
        def progress() -> None:
            if run.done:
                st.rerun()
            st.html(f'<div class="fb-status" role="status">Running for {run.so_far():.0f} s</div>')

        progress()
    elif newest and newest.failed and newest.bot and newest.about:
        st.button(f"Run again for {plain(newest.about[0])}", icon=":material/replay:", on_click=run_again,
                  args=(line, newest), help="With the resource as it is now.")  # fmt: skip


def run_again(line: SubscriptionLine, event: Event) -> None:
    try:
        bot = str(event.bot).partition("/")[2]
        run = bot_runs.run_again(principal, bot, f"Subscription/{line.id}", event.about[0])
        st.session_state[f"again-{line.id}"] = run
    except FabricError as error:
        flash("error", error.message)


def show_form(line: SubscriptionLine | None) -> None:
    """The fields; they are not a form, since what is asked depends on whom it tells."""
    held = line.wanted if line else Wanted()
    of = line.id if line else "new"
    wrong: dict[str, str] = st.session_state.get(f"wrong-{of}", {})
    bots = subscriptions.bots_to_run(principal)
    if line:
        st.header("Settings", anchor=False)
    with st.container(border=True, width=640 if line is None else "stretch", key="subscription-form"):
        criteria = st.text_input("Criteria", held.criteria, key=f"criteria-{of}", max_chars=2000,
                                 placeholder="Patient, or Observation?code=4548-4")  # fmt: skip
        _complain(wrong, "criteria")
        interactions = list(INTERACTIONS)
        interaction = st.selectbox(
            "When it is", interactions, format_func=INTERACTIONS.__getitem__, key=f"interaction-{of}",
            index=interactions.index(held.interaction) if held.interaction in interactions else 0,
        )  # fmt: skip
        options = [*bots, OTHER]
        known = held.endpoint if held.endpoint in bots else OTHER
        chosen = st.selectbox(
            "Whom to tell", options, format_func=lambda b: f"Bot: {bots[b]}" if b in bots else "Another server",
            index=options.index(known) if line else (None if bots else 0), key=f"whom-{of}", placeholder="Choose a bot, or another server",
        )  # fmt: skip
        endpoint, secret, sent_again = chosen or "", None, held.sent_again
        if chosen == OTHER:
            endpoint = st.text_input("Its address", "" if held.endpoint in bots else held.endpoint,
                                     key=f"endpoint-{of}", placeholder="https://…")  # fmt: skip
            secret, sent_again = _calls(line, held, of)
        _complain(wrong, "endpoint")
        _complain(wrong, "sent_again")
        fhirpath = st.text_input(
            "Only if (FHIRPath)", held.fhirpath, key=f"fhirpath-{of}", max_chars=2000,
            placeholder="%current.active != %previous.active", help="May be left empty. True for the changes to tell of.",
        )  # fmt: skip
        _complain(wrong, "fhirpath")
        reason = st.text_input(
            "Reason", held.reason, key=f"reason-{of}", max_chars=500, help="May be left empty."
        )
        active = held.active if line else True
        wanted = Wanted(criteria, endpoint, interaction or "", fhirpath, reason, sent_again, secret, active)
        if st.button("Save" if line else "Make the subscription", type="primary", key=f"keep-{of}"):
            keep(line, wanted, of)


def _calls(line: SubscriptionLine | None, held: Wanted, of: str) -> tuple[str | None, int]:
    """What concerns calls of other servers: the secret that signs them, and how often they are tried."""
    has = line is not None and line.has_secret
    typed = st.text_input("Secret that signs calls", type="password", key=f"secret-{of}", autocomplete="new-password",
                          placeholder="Unchanged" if has else "None")  # fmt: skip
    dropped = has and st.checkbox("Take the secret away", key=f"unsigned-{of}")
    sent_again = st.number_input("Sent again after a failure, times", 0, subscriptions.MOST_SENT_AGAIN, held.sent_again,
                                 key=f"again-{of}-times")  # fmt: skip
    return ("" if dropped else typed or None), int(sent_again)


def _complain(wrong: dict[str, str], field: str) -> None:
    if field in wrong:
        st.error(plain(wrong[field]))


def keep(line: SubscriptionLine | None, wanted: Wanted, of: str) -> None:
    with friendly():
        wrong = subscriptions.problems(principal, wanted)
        st.session_state[f"wrong-{of}"] = wrong
        if not wrong:
            kept = subscriptions.save(principal, line.id if line else None, wanted)
            flash("success", "Saved." if line else "It is on: changes from now on are told.")
            go(subscription=kept)
        st.rerun()


principal = guard("Subscriptions", "administer")
if subscription := st.query_params.get("subscription"):
    show_one(subscription)
elif "new" in st.query_params:
    show_new()
else:
    show_list()
