"""Semantic search, within a patient or over all of them, with the source opened beside."""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from pages._shell import friendly, guard, patient_banner
from services.console.resources import Opened, open_resource
from services.console.search import TYPES, Card, Results, index_status, recent, search
from services.errors import NotFound

PAGES = Path(__file__).parent
EXAMPLES = (
    "current medications",
    "potassium above 5",
    "chest pain",
    "latest HbA1c",
    "allergies",
    "discharge follow-up",
)

principal = guard("Search", "search")
patient_id = st.query_params.get("patient") or None


def marked(card: Card) -> str:
    """The passage with the question's words marked, everything escaped."""
    text, parts, at = card.hit.text, [], 0
    for start, end, kind in card.spans:
        parts.append(html.escape(text[at:start]))
        word = html.escape(text[start:end])
        parts.append(
            f"<mark>{word}</mark>"
            if kind == "match"
            else f'<span class="fb-absent" title="said to be absent">{word}</span>'
        )
        at = end
    parts.append(html.escape(text[at:]))
    return "".join(parts)


def show_card(card: Card, place: str, number: int) -> None:
    hit = card.hit
    strong = " fb-chip-strong" if hit.similarity >= 0.6 else ""
    who = f"<b>{html.escape(card.patient.name)}</b> · Born {card.patient.born} · " if card.patient else ""
    status = f" · {html.escape(hit.status)}" if hit.status else ""
    section = f" · {html.escape(hit.section)}" if hit.section else ""
    more = f" · {hit.others} more passages" if hit.others else ""
    stale = " · <b>changed since it was indexed</b>" if hit.stale else ""
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.html(
            f'<div class="fb-card"><div class="fb-title">{html.escape(hit.title)}</div>'
            f'<div class="fb-meta">{who}{card.kind} · {card.date}{status}{section}{more}{stale}</div>'
            f'<div class="fb-snippet">{marked(card)}</div>'
            f'<div class="fb-meta"><span class="fb-chip{strong}">{card.band} {hit.similarity:.2f}</span>'
            f"{html.escape(hit.reference)}</div></div>"
        )
        if right.button("Open", key=f"open-{place}-{number}", help=f"Open {hit.title} beside the results"):
            st.session_state["opened"] = (hit.reference, hit.text)
            st.query_params["open"] = hit.reference
            st.rerun()
        if card.patient and right.button(
            "Patient", key=f"patient-{place}-{number}", help=f"Go to {card.patient.name}"
        ):
            st.switch_page(
                str(PAGES / "search.py"), query_params={"patient": hit.patient_id, "q": query or ""}
            )


def show_results(results: Results) -> None:
    if results.understood:
        st.caption(f"Understood as {results.understood}")
    for note in results.notes:
        st.info(note, icon=":material/info:")
    if not results.cards:
        st.warning("Nothing in the record matches. " + ("What says so explicitly is listed below." if results.absent else
                   "Try other words, or fewer filters."))  # fmt: skip
    else:
        scope = "every passage was compared" if results.exact else "nearest passages by index"
        st.caption(f"{len(results.cards)} results in {results.seconds * 1000:.0f} ms; {scope}")
    for number, card in enumerate(results.cards):
        show_card(card, "hit", number)
    if results.absent:
        with st.expander(f"Recorded as absent ({len(results.absent)})", expanded=not results.cards):
            for number, card in enumerate(results.absent):
                show_card(card, "absent", number)


def show_opened(opened: Opened) -> None:
    with st.container(border=True):
        head, close = st.columns([5, 1], vertical_alignment="center")
        head.subheader(opened.title, anchor=False)
        if close.button("Close", key="close-source"):
            st.session_state.pop("opened", None)
            st.query_params.pop("open", None)
            st.rerun()
        status = f" · {opened.status}" if opened.status else ""
        st.caption(
            f"{TYPES.get(opened.kind, opened.kind)} · {opened.date}{status} · version {opened.versions}"
        )
        text = html.escape(opened.text)
        if opened.passage:
            start, end = opened.passage
            text = (
                html.escape(opened.text[:start])
                + f'<mark id="passage">{html.escape(opened.text[start:end])}</mark>'
                + html.escape(opened.text[end:])
            )
        st.html(f'<div class="fb-document" tabindex="0" aria-label="Text of the source">{text}</div>')
        if opened.cut:
            st.caption("The document is longer; its beginning is shown.")
        st.caption(f"{opened.reference} · stored {opened.updated}")
        with st.expander("FHIR JSON"):
            st.code(opened.json, language="json", height=300)


if patient_id:
    banner = patient_banner(principal, patient_id)
    st.title("Search the record", anchor=False)
else:
    st.title("Search all patients", anchor=False)

field, go = st.columns([6, 1], vertical_alignment="bottom")
query = field.text_input(
    "What are you looking for?",
    key="q",
    bind="query-params",
    max_chars=1000,
    placeholder="Words, abbreviations, drug names, values: “uncontrolled BP”, “K > 5.5”, “left knee pain since 2024”",
)
go.button("Search", type="primary", width="stretch")
with st.expander("Filters", expanded=any(k in st.query_params for k in ("types", "since", "until", "min"))):
    a, b, c, d = st.columns([3, 1.3, 1.3, 1.6])
    types = a.multiselect(
        "Kinds", list(TYPES), format_func=TYPES.__getitem__, key="types", bind="query-params"
    )
    since = b.date_input("From", value=None, key="since", bind="query-params", format="YYYY-MM-DD")
    until = c.date_input("To", value=None, key="until", bind="query-params", format="YYYY-MM-DD")
    minimum = d.slider("Least similarity", 0.0, 1.0, 0.25, 0.05, key="min", bind="query-params")

opened: Opened | None = None
reference = st.query_params.get("open")
if reference:
    held = st.session_state.get("opened")
    with friendly():
        try:
            opened = open_resource(principal, reference, held[1] if held and held[0] == reference else None)
        except NotFound as error:
            st.warning(error.message)

main, beside = st.columns([3, 2.2]) if opened else (st.container(), None)
with main, friendly():
    if since and until and since > until:
        st.warning("“From” is after “To”.")
    elif query and query.strip():
        show_results(
            search(
                principal,
                query,
                patient_id=patient_id,
                types=types,
                since=since,
                until=until,
                minimum=minimum,
            )
        )
    elif patient_id:
        st.caption("Newest in the record")
        entries = recent(principal, patient_id)
        if not entries:
            state = index_status(principal)
            st.info(
                "Nothing of this patient is indexed yet."
                if state["changesWaiting"]
                else "Nothing to search is recorded."
            )
        for number, (date, kind, title, ref) in enumerate(entries):
            row = st.columns([1.2, 1.6, 5, 1], vertical_alignment="center")
            row[0].text(date)
            row[1].text(kind)
            row[2].text(title)
            if row[3].button("Open", key=f"recent-{number}"):
                st.query_params["open"] = ref
                st.rerun()
    else:
        st.caption("Try: " + " · ".join(EXAMPLES))
if opened and beside is not None:
    with beside:
        show_opened(opened)
state = index_status(principal)
if state["changesWaiting"]:
    st.caption(
        f"Indexing: {state['changesWaiting']:,} changes of the record wait; results cover what is indexed."
    )
elif state["embedding"]["state"] != "up to date":
    st.caption(f"Indexing: {state['embedding']['state']}")
