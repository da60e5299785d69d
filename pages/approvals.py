"""What the AI proposes to write: the queue, and one proposal for review."""

from __future__ import annotations

import streamlit as st

from pages import _bots_browser
from pages._approvals_parts import (
    evidence_html,
    fields_html,
    findings_html,
    list_html,
    risk_html,
    style,
    tabs_html,
    words_html,
)
from pages._bots_browser import go, here
from pages._bots_tabs import flash, show_flash
from pages._cards import link
from pages._shell import friendly, guard, patient_banner, safe, tell_seen
from services.console import approvals, reviewing
from services.console.approvals import KINDS, REASONS, RISKS, STATES, Filters, Line
from services.console.reviewing import Field, Review
from services.errors import FabricError

ANY = ""


def asked() -> Filters:
    """What the address asks for; what makes no sense in it counts as not said."""
    query = st.query_params
    state, kind, risk = query.get("state", ""), query.get("kind", ""), query.get("risk", "")
    return Filters(
        state if state in STATES else "pending",
        kind if kind in KINDS else ANY,
        risk if risk in RISKS else ANY,
        query.get("patient", ""),
        query.get("mine") == "1",
    )


def address(filters: Filters, **change: str) -> dict[str, str]:
    """The filters as the address has them."""
    held = {"state": filters.state, "kind": filters.kind, "risk": filters.risk, "patient": filters.patient,
            "mine": "1" if filters.mine else ""}  # fmt: skip
    return {k: v for k, v in {**held, **change}.items() if v and (k, v) != ("state", "pending")}


# The list


def show_list(filters: Filters) -> None:
    if filters.patient:
        patient_banner(principal, filters.patient, "approvals")
    st.title("Proposals about this patient" if filters.patient else "Approvals", anchor=False)
    show_flash()
    with friendly():
        listing = approvals.listed(principal, filters)
        if not filters.patient:
            tell_seen(principal, "approvals", (line.patient.id for line in listing.lines))
        st.html(tabs_html(listing.counts, filters.state, address(filters, state="")))
        show_filters(filters)
        if st.session_state.get("bulk"):
            show_bulk()
            return
        if not listing.lines:
            st.info("Nothing waits here." if filters.state == "pending" else "Nothing to show.")
            return
        st.html(list_html(listing.lines, filters.state, address(filters)))
        if listing.total > len(listing.lines):
            st.html(
                f'<div class="fb-status">The first {len(listing.lines):,} of {listing.total:,} are shown.</div>'
            )
        offer_bulk(filters, listing.lines)


def show_filters(filters: Filters) -> None:
    def chosen() -> None:
        state = st.session_state
        go(
            **address(
                filters, kind=state["f-kind"], risk=state["f-risk"], mine="1" if state["f-mine"] else ""
            )
        )

    with st.container(horizontal=True, vertical_alignment="bottom"):
        kinds, risks = [ANY, *KINDS], [ANY, *RISKS]
        st.selectbox("Kind", kinds, kinds.index(filters.kind), lambda k: KINDS.get(k, "All kinds"), key="f-kind",
                     on_change=chosen, width=220)  # fmt: skip
        st.selectbox("Risk", risks, risks.index(filters.risk), lambda r: r.capitalize() or "Any risk", key="f-risk",
                     on_change=chosen, width=160)  # fmt: skip
        st.checkbox("Only mine", filters.mine, key="f-mine", on_change=chosen)


def offer_bulk(filters: Filters, lines: tuple[Line, ...]) -> None:
    """Low-risk proposals of one kind together, once that kind alone is shown."""
    low = [line for line in lines if line.risk == "low" and (not line.holder or line.mine)]
    if filters.state == "pending" and filters.kind and principal.may("decide") and len(low) > 1:
        st.button(f"Review {len(low)} low-risk ones together", icon=":material/checklist:",
                  on_click=lambda: st.session_state.update(bulk=low))  # fmt: skip


def show_bulk() -> None:
    """A preview that stays as it is: what is approved is what it shows, by version and hash."""
    lines: list[Line] = st.session_state["bulk"]
    results: list[tuple[Line, str]] | None = st.session_state.get("bulk-results")
    st.header("Approve together", anchor=False)
    if results is not None:
        for line, problem in results:
            st.html(f'<div class="{"fb-bad" if problem else "fb-good"}">{safe(line.summary)} · {safe(line.patient.name)}'
                    f"{f' – {safe(problem)}' if problem else ' – approved'}</div>")  # fmt: skip
        st.button("Back to the list", on_click=end_bulk)
        return
    st.html(list_html(lines, "pending", {}))
    with st.container(horizontal=True):
        st.button(f"Approve these {len(lines)}", type="primary", on_click=run_bulk, args=(lines,))
        st.button("Cancel", on_click=end_bulk)


def run_bulk(lines: list[Line]) -> None:
    if "bulk-results" in st.session_state:
        return  # a second click on the same button
    try:
        st.session_state["bulk-results"] = approvals.bulk(principal, lines)
    except FabricError as error:
        flash("error", error.message)
        end_bulk()


def end_bulk() -> None:
    st.session_state.pop("bulk", None)
    st.session_state.pop("bulk-results", None)


# One proposal


def show_one(filters: Filters, task_id: str) -> None:
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
            decide(filters, review, following(waiting, task_id))
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


def decide(filters: Filters, review: Review, after: str) -> None:
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
                      args=(approvals.look_again, line, "Judged anew. Look at what changed, then decide."))  # fmt: skip
        else:
            st.button("Approve with the edits" if edits else "Approve", type="primary", icon=":material/check:",
                      disabled=not compared, key=f"approve-{line.id}-{line.version}", on_click=approve,
                      args=(filters, line, edits, after))  # fmt: skip
        with st.popover("Reject", icon=":material/block:", key=f"reject-{line.id}"):
            show_reject(filters, line, after)
        if line.mine:
            st.button(
                "Give back", icon=":material/lock_open:", on_click=act, args=(approvals.give_back, line, "")
            )
        else:
            st.button("Claim", icon=":material/lock:", on_click=act, args=(approvals.take, line, ""),
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
            st.button("Send it", key=f"sent-{line.id}", disabled=not to, on_click=act,
                      args=(lambda who, task: approvals.send_to(who, task, to or ""), line, "Sent. Others still may decide on it."))  # fmt: skip
        if after:
            st.button("Skip", icon=":material/skip_next:", on_click=skip, args=(filters, after))


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


def show_reject(filters: Filters, line: Line, after: str) -> None:
    code = st.selectbox(
        "Why", list(REASONS), None, REASONS.__getitem__, key=f"why-{line.id}", placeholder="Choose a reason"
    )
    reason = st.text_area("In your words", max_chars=2000, height=80, key=f"words-{line.id}")
    st.button("Reject it", type="primary", disabled=not code, key=f"rejected-{line.id}-{line.version}",
              on_click=reject, args=(filters, line, code or "", reason, after))  # fmt: skip


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


def approve(filters: Filters, line: Line, edits: dict, after: str) -> None:
    decided(
        filters, line, after, "Approved and written: {}.", lambda: approvals.approve(principal, line, edits)
    )


def reject(filters: Filters, line: Line, code: str, reason: str, after: str) -> None:
    decided(filters, line, after, "Rejected: {}.", lambda: approvals.reject(principal, line, code, reason))


def decided(filters: Filters, line: Line, after: str, done: str, work) -> None:
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


def act(work, line: Line, done: str) -> None:
    try:
        work(principal, line.id)
        if done:
            flash("success", done)
    except FabricError as error:
        flash("error", error.message)


def skip(filters: Filters, after: str) -> None:
    go(**address(filters, task=after))


principal = guard("Approvals", "read")
_bots_browser.mount()
style()
if task := st.query_params.get("task"):
    show_one(asked(), task)
else:
    show_list(asked())
