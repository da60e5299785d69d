"""What the AI proposes to write: the queue, and one proposal for review."""

from __future__ import annotations

import streamlit as st

from pages._approvals_parts import list_html, pages_html, tabs_html
from pages._approvals_review import address, show_one
from pages._bots_tabs import flash, show_flash
from pages._shell import friendly, guard, patient_banner, safe, tell_seen
from pages._within import go
from services.console import approvals
from services.console.approvals import KINDS, RISKS, STATES, Filters, Line
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
        int(sheet) if (sheet := query.get("sheet", "")).isdecimal() and len(sheet) < 6 else 1,
    )


# The list


def show_list(filters: Filters) -> None:
    if filters.patient:
        patient_banner(principal, filters.patient, "approvals")
    st.title("Proposals about this patient" if filters.patient else "Approvals", anchor=False)
    show_flash()
    with friendly():
        listing = approvals.listed(principal, filters)
        if not filters.patient:
            tell_seen(principal, "approvals", (line.patient.id for line in listing.shown))
        st.html(tabs_html(listing.counts, filters.state, address(filters, state="")))
        show_filters(filters)
        if st.session_state.get("bulk"):
            show_bulk()
            return
        if not listing.lines:
            st.info("Nothing waits here." if filters.state == "pending" else "Nothing to show.")
            return
        st.html(list_html(listing.shown, filters.state, address(filters)) + pages_html(listing, address(filters)))
        if listing.cut:
            st.html(f'<div class="fb-status">{len(listing.lines):,} are listed, and there are more: choose a kind or a patient.</div>')
        offer_bulk(filters, listing.shown)


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


principal = guard("Approvals", "read")
if task := st.query_params.get("task"):
    show_one(principal, asked(), task)
else:
    show_list(asked())
