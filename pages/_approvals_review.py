"""One proposal for review: what would be written, the evidence beside it, the decision."""

from __future__ import annotations

import streamlit as st

from pages._approvals_parts import evidence_html, fields_html, findings_html, risk_html, words_html
from pages._bots_tabs import flash, show_flash
from pages._cards import link
from pages._guard import part, whole
from pages._shell import patient_banner, safe
from pages._within import go, here
from services.console import approvals, reviewing
from services.console.approvals import REASONS, Filters, Line
from services.console.reviewing import Field, Review
from services.console.session import Principal
from services.errors import FabricError


def address(filters: Filters, **change: str) -> dict[str, str]:
    """The filters as the address has them."""
    held = {"state": filters.state, "kind": filters.kind, "risk": filters.risk, "patient": filters.patient,
            "mine": "1" if filters.mine else ""}  # fmt: skip
    return {k: v for k, v in {**held, **change}.items() if v and (k, v) != ("state", "pending")}


def show_one(principal: Principal, filters: Filters, task_id: str) -> None:
    try:
        review = reviewing.opened(principal, task_id)
    except FabricError as error:
        st.title("Proposal", anchor=False)
        show_flash()
        st.warning(error.message)
        st.html(
            f'<div class="fb-crumb">{here("All proposals", "/approvals", False, **address(filters))}</div>'
        )
        st.stop()
    line = review.line
    patient_banner(principal, line.patient.id, "approvals")
    waiting = (
        [found.id for found in approvals.listed(principal, filters).lines]
        if filters.state == "pending"
        else []
    )
    place = f" · {waiting.index(task_id) + 1} of {len(waiting)}" if task_id in waiting else ""
    st.html(
        f'<div class="fb-crumb">{here("All proposals", "/approvals", False, **address(filters))}{place}</div>'
    )
    st.title(line.summary, anchor=False)
    show_flash()
    st.html(f'<div class="fb-status" role="status">{about(review)}</div>')
    left, right = st.columns([3, 2.3], gap="large")
    with right:
        show_evidence(review)
    with left:
        if said := findings_html(review.findings):
            st.html(said)
        if line.state == "pending":
            decide(principal, filters, review, following(waiting, task_id))
        else:
            st.html(fields_html(review.fields))
            show_decided(review)


def about(review: Review) -> str:
    line = review.line
    facts = [
        f"Risk {risk_html(line.risk)}",
        f"Confidence {safe(approvals.confidence_told(line.kind, line.confidence))}",
        f"Model {safe(line.model)}" + (f", prompt {safe(review.prompt[:12])}" if review.prompt else ""),
        f"Policy {safe(review.policy)}",
        f"Proposed {safe(line.proposed)} for {safe(line.requester)}",
    ]
    if line.state == "pending":
        facts.append(f"Expires in {safe(line.left)}")
    if line.holder:
        facts.append(f"<b>Being reviewed by {'you' if line.mine else safe(line.holder)}</b>")
    if line.sent_to:
        facts.append(f"Sent to {safe(line.sent_to)}")
    return " · ".join(facts)


def following(waiting: list[str], task_id: str) -> str:
    """The next one of the list; "" at its end."""
    rest = waiting[waiting.index(task_id) + 1 :] if task_id in waiting else waiting
    return next((t for t in rest if t != task_id), "")


def show_evidence(review: Review) -> None:
    st.header("Evidence", anchor=False)
    if not review.evidence and not review.missing:
        st.warning("It names no evidence. Compare it with the record yourself.")
    for shown in review.evidence:
        st.html(evidence_html(shown, review.line.patient.id))
    for reference in review.missing:
        st.warning(f"{reference} is not in the record any more, or you may not see it.")


def decide(principal: Principal, filters: Filters, review: Review, after: str) -> None:
    line = review.line
    editing = not review.obstacle and st.toggle("Edit before approving", key=f"edit-{line.id}")
    edits: dict = {}
    if editing:
        typed, dropped = show_editor(review)
        edits = reviewing.edits(line, review.fields, typed, dropped)
    else:
        st.html(fields_html(review.fields))
    if review.changed:
        st.warning(
            "The chart changed after this was proposed: it has to be judged anew before anybody decides."
        )
    if review.obstacle:
        st.info(review.obstacle)
        if after:
            st.button("Next", icon=":material/skip_next:", on_click=skip, args=(filters, after))
        return
    compared = line.risk != "high" or st.checkbox(
        "I compared it with the evidence and the chart", key=f"read-{line.id}-{line.version}"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.changed:
            st.button("Judge it by the chart as it is now", type="primary", on_click=act,
                      args=(principal, approvals.look_again, line, "Judged anew. Look at what changed, then decide."))  # fmt: skip
        else:
            st.button("Approve with the edits" if edits else "Approve", type="primary", icon=":material/check:",
                      disabled=not compared, key=f"approve-{line.id}-{line.version}", on_click=approve,
                      args=(principal, filters, line, edits, editor(line), after))  # fmt: skip
        with st.popover("Reject", icon=":material/block:", key=f"reject-{line.id}"):
            show_reject(principal, filters, line, after)
        if line.mine:
            st.button(
                "Give back",
                icon=":material/lock_open:",
                on_click=act,
                args=(principal, approvals.give_back, line, ""),
            )
        else:
            st.button("Claim", icon=":material/lock:", on_click=act, args=(principal, approvals.take, line, ""),
                      help="Others can't decide on it while you review it")  # fmt: skip
        with st.popover("Send to", icon=":material/forward_to_inbox:", key=f"send-{line.id}"):
            others = approvals.colleagues(principal)
            to = st.selectbox(
                "Who is to decide",
                list(others),
                None,
                others.__getitem__,
                key=f"to-{line.id}",
                placeholder="Choose a colleague",
            )
            st.button("Send it", key=f"sent-{line.id}", disabled=not to, on_click=send_to, args=(principal, line))
        if after:
            st.button("Skip", icon=":material/skip_next:", on_click=skip, args=(filters, after))


def editor(line: Line) -> dict[str, object]:
    """What the fields of the editor hold, by their keys."""
    beginnings = (f"edit-{line.id}", f"field-{line.id}-")
    return {str(k): v for k, v in st.session_state.items() if str(k).startswith(beginnings)}


def show_editor(review: Review) -> tuple[dict[str, str], frozenset[str]]:
    """What was typed by field, and the codes that were left out."""
    typed: dict[str, str] = {}
    dropped: frozenset[str] = frozenset()
    for field in review.fields:
        key = f"field-{review.line.id}-{field.name}"
        if field.widget == "none":
            st.html(fields_html([field]))
        elif field.widget == "codes":
            dropped = _drop_codes(field, key)
        else:
            typed[field.name] = _input(field, key)
            if typed[field.name].strip() != field.proposed.strip():
                st.html(f'<div class="fb-edit">{words_html(field.proposed, typed[field.name])}</div>')
    return typed, dropped


def _input(field: Field, key: str) -> str:
    if field.widget == "choice":
        options = list(field.choices)
        place = options.index(field.proposed) if field.proposed in options else None
        return st.selectbox(field.label, options, place, key=key, width=320) or ""
    if field.widget == "area":
        lines = field.proposed.count("\n") + len(field.proposed) // 90
        return st.text_area(field.label, field.proposed, key=key, height=min(420, 90 + 22 * lines))
    return st.text_input(field.label, field.proposed, key=key, width=480)


def _drop_codes(field: Field, key: str) -> frozenset[str]:
    lines = field.proposed.splitlines()
    kept = [line for n, line in enumerate(lines) if st.checkbox(line, value=True, key=f"{key}-{n}")]
    return frozenset(line.split()[1] for line in lines if line not in kept)


@part()
def show_reject(principal: Principal, filters: Filters, line: Line, after: str) -> None:
    """Choosing a reason runs this alone."""
    code = st.selectbox(
        "Why", list(REASONS), None, REASONS.__getitem__, key=f"why-{line.id}", placeholder="Choose a reason"
    )
    st.text_area("In your words", max_chars=2000, height=80, key=f"words-{line.id}")
    st.button("Reject it", type="primary", disabled=not code, key=f"rejected-{line.id}-{line.version}",
              on_click=reject, args=(principal, filters, line, after))  # fmt: skip


def show_decided(review: Review) -> None:
    line = review.line
    facts = [f"{line.state.capitalize()} {line.decided}"]
    if review.reason:
        facts.append(review.reason)
    st.html(f'<div class="fb-status">{safe(" · ".join(facts))}</div>')
    if review.edited:
        st.header("Edited before it was approved", anchor=False)
        for field in review.fields:
            after = review.edited.get(field.name)
            if isinstance(after, str) and after != field.proposed:
                st.html(
                    f'<div class="fb-edit"><b>{safe(field.label)}</b> {words_html(field.proposed, after)}</div>'
                )
    if review.result:
        written = link(
            f"Open {safe(review.result)}", "/search", {}, patient=line.patient.id, open=review.result
        )
        st.html(f'<div class="fb-status">Written as {written}</div>')


# Acting. Each is done once: a second click of a double click finds its proposal in the list of those done.


def approve(
    principal: Principal, filters: Filters, line: Line, edits: dict, shown: dict[str, object], after: str
) -> None:
    """What is approved is what was shown; a field may have been typed in since, by the very click that left it."""
    if editor(line) != shown:
        flash("warning", "Nothing was approved: what you typed last was not shown yet. Look at it, then approve.")
        return
    decided(
        filters, line, after, "Approved and written: {}.", lambda: approvals.approve(principal, line, edits)
    )


def reject(principal: Principal, filters: Filters, line: Line, after: str) -> None:
    """What was typed last is in the state, not in the arguments of the run before."""
    code, words = st.session_state.get(f"why-{line.id}") or "", st.session_state.get(f"words-{line.id}") or ""
    decided(filters, line, after, "Rejected: {}.", lambda: approvals.reject(principal, line, code, words))


def decided(filters: Filters, line: Line, after: str, done: str, work) -> None:
    whole()
    finished: set[str] = st.session_state.setdefault("finished", set())
    if line.id not in finished:  # the browser may still name the old address with a second click: go on again
        try:
            work()
        except FabricError as error:
            flash("error", error.message)
            return
        finished.add(line.id)
    flash("success", done.format(line.summary))
    go(**address(filters, task=after))


def send_to(principal: Principal, line: Line) -> None:
    to = st.session_state.get(f"to-{line.id}") or ""
    act(principal, lambda who, task: approvals.send_to(who, task, to), line, "Sent. Others still may decide on it.")


def act(principal: Principal, work, line: Line, done: str) -> None:
    try:
        work(principal, line.id)
        if done:
            flash("success", done)
    except FabricError as error:
        flash("error", error.message)


def skip(filters: Filters, after: str) -> None:
    go(**address(filters, task=after))
