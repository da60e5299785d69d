"""Semantic search, within a patient or over all of them, with the source opened beside."""

from __future__ import annotations

import html

import streamlit as st

from pages._shell import friendly, guard, patient_banner, safe
from services.console.resources import Opened, open_resource
from services.console.search import TYPES, Card, Results, index_status, recent, search
from services.errors import NotFound

EXAMPLES = (
    "current medications", "potassium above 5", "chest pain", "latest HbA1c", "penicillin allergy",
    "left knee pain", "discharge follow-up",
)  # fmt: skip

principal = guard("Search", "search")
patient_id = st.query_params.get("patient") or None


def go(**params: str | None) -> None:
    """Change the address; None takes a part out of it."""
    for name, value in params.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def open_beside(card: Card) -> None:
    st.session_state["opened"] = (card.hit.reference, card.hit.text)
    go(open=card.hit.reference)


def ask(text: str) -> None:
    st.session_state["q"] = text


def marked(card: Card) -> str:
    """The passage with the question's words marked, everything escaped. Entries read as one line."""
    text, parts, at = card.hit.text, [], 0
    first_line = text.find("\n") + 1
    if card.hit.span is None and first_line and text.startswith(card.hit.title[:20]):
        at = first_line  # the title says it already
    for start, end, kind in card.spans:
        if start < at:
            continue
        parts.append(safe(text[at:start]))
        word = safe(text[start:end])
        absent = '<span class="fb-absent" title="said to be absent">'
        parts.append(f"<mark>{word}</mark>" if kind == "match" else f"{absent}{word}</span>")
        at = end
    joined = "".join([*parts, safe(text[at:])])
    return joined.replace("\n", " · ") if card.hit.span is None else joined


def card_html(card: Card) -> str:
    hit = card.hit
    who = f"<b>{safe(card.patient.name)}</b> · Born {card.patient.born} · " if card.patient else ""
    about = [
        card.kind,
        hit.status or "",
        hit.section or "",
        f"{hit.others} more passages" if hit.others else "",
    ]
    stale = " · <b>changed since it was indexed</b>" if hit.stale else ""
    strong = " fb-chip-strong" if hit.similarity >= 0.6 else ""
    return (
        f'<div class="fb-card"><div class="fb-row"><span class="fb-title">{safe(hit.title)}</span>'
        f'<span class="fb-date">{card.date}</span></div>'
        f'<div class="fb-meta">{who}{safe(" · ".join(a for a in about if a))}{stale}</div>'
        f'<div class="fb-snippet">{marked(card)}</div>'
        f'<div><span class="fb-chip{strong}">{card.band} {hit.similarity:.2f}</span> '
        f'<span class="fb-ref">{safe(hit.reference)}</span></div></div>'
    )


def show_card(card: Card, place: str) -> None:
    name = f"{place}-{card.hit.reference}"
    with st.container(border=True):
        st.html(card_html(card))
        with st.container(horizontal=True, gap="medium"):
            st.button("Open source", key=f"open-{name}", type="tertiary", icon=":material/description:",
                      on_click=open_beside, args=(card,))  # fmt: skip
            if card.patient:
                st.button(f"Go to {card.patient.name}", key=f"patient-{name}", type="tertiary",
                          icon=":material/person:", on_click=go, kwargs={"patient": card.patient.id, "open": None})  # fmt: skip


def show_results(results: Results) -> None:
    heading = [f"{len(results.cards)} result{'s' if len(results.cards) != 1 else ''}"]
    if results.understood:
        heading.append(f"understood as {results.understood}")
    heading.append("every passage compared" if results.exact else "nearest passages by index")
    heading.append(f"{results.seconds * 1000:.0f} ms")
    st.caption(" · ".join(heading))
    if not results.cards:
        more = (
            "What says so explicitly is listed below."
            if results.absent
            else "Try other words, or fewer filters."
        )
        st.warning(f"Not found in the record. {more}")
    for card in results.cards:
        show_card(card, "hit")
    for note in results.notes:
        st.caption(f":material/info: {note}")
    if results.absent:
        with st.expander(f"Recorded as absent ({len(results.absent)})", expanded=not results.cards):
            for card in results.absent:
                show_card(card, "absent")


def show_opened(opened: Opened) -> None:
    with st.container(border=True):
        st.subheader(opened.title, anchor=False)
        status = f" · {opened.status}" if opened.status else ""
        versions = f" · {opened.versions} versions" if opened.versions > 1 else ""
        st.caption(f"{TYPES.get(opened.kind, opened.kind)} · {opened.date}{status}{versions}")
        text = safe(opened.text)
        if opened.passage:
            start, end = opened.passage
            passage = f'<mark id="passage">{html.escape(opened.text[start:end])}</mark>'
            text = safe(opened.text[:start]) + passage + safe(opened.text[end:])
            if not opened.is_document:
                text = safe(opened.text)
        st.html(
            f'<div class="fb-document" tabindex="0" role="region" aria-label="Text of the source">{text}</div>'
        )
        if opened.cut:
            st.caption("The document is longer; its beginning is shown.")
        st.caption(f"{opened.reference} · stored {opened.updated}")
        with st.expander("FHIR JSON"):
            st.code(opened.json, language="json", height=300)
        st.button(
            "Close source", key="close-source", icon=":material/close:", on_click=go, kwargs={"open": None}
        )


def show_recent(patient: str) -> None:
    st.caption("Newest in the record")
    entries = recent(principal, patient)
    if not entries:
        waiting = index_status(principal)["changesWaiting"]
        st.info("This record is being indexed." if waiting else "Nothing that can be searched is recorded.")
    for date, kind, title, reference in entries:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(f'<span class="fb-date">{date}</span>', width=110)
            st.html(f'<span class="fb-meta">{safe(kind)}</span>', width=150)
            st.button(
                title, key=f"recent-{reference}", type="tertiary", on_click=go, kwargs={"open": reference}
            )


if patient_id:
    patient_banner(principal, patient_id)
title, change = st.columns([5, 1.4], vertical_alignment="bottom")
title.title("Search the record" if patient_id else "Search all patients", anchor=False)
if patient_id:
    change.button("All patients", icon=":material/groups:", type="tertiary", on_click=go,
                  kwargs={"patient": None, "open": None})  # fmt: skip

field, filters = st.columns([6, 1.1], vertical_alignment="bottom")
query = field.text_input(
    "What are you looking for?", key="q", bind="query-params", max_chars=1000, label_visibility="collapsed",
    placeholder="What are you looking for? Words, abbreviations, drugs, values: “K > 5.5”, “left knee pain since 2024”",
)  # fmt: skip
active = sum(k in st.query_params for k in ("types", "since", "until", "min"))
with filters.popover(f"Filters ({active})" if active else "Filters", icon=":material/tune:", width="stretch"):
    types = st.multiselect(
        "Kinds", list(TYPES), format_func=TYPES.__getitem__, key="types", bind="query-params"
    )
    since = st.date_input("From", value=None, key="since", bind="query-params", format="YYYY-MM-DD")
    until = st.date_input("To", value=None, key="until", bind="query-params", format="YYYY-MM-DD")
    minimum = st.slider("Least similarity", 0.0, 1.0, 0.25, 0.05, key="min", bind="query-params")

opened: Opened | None = None
if reference := st.query_params.get("open"):
    held = st.session_state.get("opened")
    try:
        opened = open_resource(principal, reference, held[1] if held and held[0] == reference else None)
    except NotFound as error:
        st.warning(error.message)

main, beside = st.columns([3, 2.3]) if opened else (st.container(), None)
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
    else:
        with st.container(horizontal=True, gap="small"):
            for example in EXAMPLES:
                st.button(example, key=f"try-{example}", on_click=ask, args=(example,))
        if patient_id:
            show_recent(patient_id)
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
