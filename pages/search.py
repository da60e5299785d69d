"""Semantic search, within a patient or over all of them, with the source opened beside."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _browser
from pages._cards import cards_html, plain, recent_html
from pages._guard import part
from pages._shell import friendly, guard, patient_banner, safe, tell_seen
from pages._source import beside
from services.console.patients import PatientLine, line_of
from services.console.resources import Opened, open_resource
from services.console.search import TYPES, Card, Results, indexing_line, recent, search, searchable

EXAMPLES = (
    "current medications", "potassium above 5", "chest pain", "latest HbA1c", "penicillin allergy",
    "left knee pain", "discharge follow-up",
)  # fmt: skip
FIELD = "What are you looking for?"
FIRST, MORE = 20, 100
MOST_CHARS = 1000
FILTERS = {"types": "Kinds", "since": "From", "until": "To", "min": "Least similarity"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters as they are set."""

    types: list[str]
    since: dt.date | None
    until: dt.date | None
    minimum: float


def wrong_filters() -> list[str]:
    """The filters of the address that can't be meant, by name. Widgets leave them out."""

    def is_date(text: str) -> bool:
        try:
            return bool(dt.date.fromisoformat(text))
        except ValueError:
            return False

    def is_share(text: str) -> bool:
        try:
            return 0 <= float(text) <= 1
        except ValueError:
            return False

    names = set(TYPES.values())
    tests = {"types": lambda t: t in names, "since": is_date, "until": is_date, "min": is_share}
    return [
        f"{FILTERS[key]} “{plain(value[:40])}”"
        for key, fits in tests.items()
        for value in st.query_params.get_all(key)
        if value and not fits(value)
    ]


def ask(text: str) -> None:
    st.session_state["q"] = text


def address() -> dict[str, list[str]]:
    """The address as it is, for links that change a part of it."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def status_html(text: str) -> str:
    return f'<div class="fb-status" role="status">{safe(text)}</div>'


def status(text: str) -> None:
    st.html(status_html(text))


def show_results(results: Results, opened: str | None, limit: int) -> None:
    count = len(results.cards)
    told = [f"{'First ' if count == limit else ''}{count} result{'s' if count != 1 else ''}"]
    scope = "this record" if patient_id else "all patients"
    told.append(f"{scope}, {'every passage compared' if results.exact else 'nearest passages'}")
    if results.understood:
        told.append(f"understood as {results.understood}")
    told.append(f"{results.seconds * 1000:.0f} ms")
    about = status_html(" · ".join(told))
    if not results.cards:
        st.html(about)
        more = (
            "What says so explicitly is listed below."
            if results.absent
            else "Try other words, or fewer filters."
        )
        if not searchable(principal, patient_id):
            st.warning(f"Nothing is found in what is indexed so far; it may be in the record all the same. {more}")
        else:
            st.warning(f"Not found in the record. {more}")
    else:
        st.html(about + cards_html(results.cards, address(), opened, "Results"))
    if count == limit == FIRST:
        st.button("Show more", icon=":material/expand_more:", key="more", on_click=show_more)
    if results.absent:
        with st.expander(f"Recorded as absent ({len(results.absent)})", expanded=not results.cards):
            st.html(cards_html(results.absent, address(), opened, "Recorded as absent"))
    for note in results.notes:
        status(note)


def show_more() -> None:
    st.session_state["more-of"] = (st.session_state.get("q"), st.query_params.get("patient"))


def show_start() -> None:
    with st.container(horizontal=True, gap="small"):
        for example in EXAMPLES:
            st.button(example, key=f"try-{example}", on_click=ask, args=(example,))
    if not patient_id:
        return
    st.header("Newest in the record", anchor=False)
    entries = recent(principal, patient_id)
    if entries:
        st.html(recent_html(entries, address()))
    else:
        waiting = indexing_line(principal)
        st.info("This record is being indexed." if waiting else "Nothing that can be searched is recorded.")


def open_source(query: str, cards: list[Card], reference: str) -> tuple[Opened | None, PatientLine | None]:
    """The source that the address names, unless it is another patient's; and whose it is, among all patients."""
    card = next((c for c in cards if c.hit.reference == reference), None)
    opened = open_resource(principal, reference, card.hit.text if card else None, query)
    if patient_id and opened.patient_id != patient_id and opened.reference != f"Patient/{patient_id}":
        st.warning(
            "The source that the address names is not part of this patient's record, so it is not shown."
        )
        return None, None
    if patient_id or not opened.patient_id:
        return opened, None
    tell_seen(principal, "search", [opened.patient_id])
    return opened, line_of(principal, opened.patient_id)


def show_filters(place: DeltaGenerator) -> Chosen:
    active = sum(k in st.query_params for k in FILTERS)
    with place.popover(
        f"Filters ({active})" if active else "Filters", icon=":material/tune:", width="stretch"
    ):
        types = st.multiselect(
            "Kinds", list(TYPES), format_func=TYPES.__getitem__, key="types", bind="query-params"
        )
        since = st.date_input("From", value=None, key="since", bind="query-params", format="YYYY-MM-DD",
                              min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))  # fmt: skip
        until = st.date_input("To", value=None, key="until", bind="query-params", format="YYYY-MM-DD",
                              min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))  # fmt: skip
        minimum = st.slider("Least similarity", 0.0, 1.0, 0.25, 0.05, key="min", bind="query-params")
    return Chosen(types, since, until, minimum)


@part()
def show_search() -> None:
    """Question, filters, results and the opened source: a further question runs this alone."""
    wrong = wrong_filters()
    field, filters = st.columns([6, 1.3], vertical_alignment="bottom")
    query = field.text_input(
        FIELD, key="q", bind="query-params", label_visibility="collapsed",
        placeholder="What are you looking for? Words, abbreviations, drugs, values: “K > 5.5”, “left knee pain since 2024”",
    )  # fmt: skip
    chosen = show_filters(filters)
    if wrong:
        st.warning(f"Left out of the filters, because the address has no such value: {', '.join(wrong)}.")
    asked = bool(query and query.strip())
    limit = MORE if st.session_state.get("more-of") == (query, patient_id) else FIRST
    results: Results | None = None
    with friendly():
        if chosen.since and chosen.until and chosen.since > chosen.until:
            st.warning("“From” is after “To”.")
        elif len(query or "") > MOST_CHARS:  # a field that refuses to take more says nothing
            st.warning(f"That has {len(query):,} characters; at most {MOST_CHARS:,} can be looked for. Shorten it.")
        elif asked:
            results = search(principal, query, patient_id=patient_id, types=chosen.types, since=chosen.since, until=chosen.until,
                             minimum=chosen.minimum, limit=limit)  # fmt: skip
    cards = [*results.cards, *results.absent] if results else []
    if not patient_id:
        tell_seen(principal, "search", [card.hit.patient_id for card in cards if card.hit.patient_id])
    with beside(functools.partial(open_source, query, cards)), friendly():
        if results:
            show_results(results, st.query_params.get("open"), limit)
        elif not asked:
            show_start()
    if line := indexing_line(principal):
        status(line)


principal = guard("Search", "search", kept=(FIELD, "q"), beside=True)
_browser.follow()
patient_id = st.query_params.get("patient") or None
if patient_id:
    patient_banner(principal, patient_id)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Search the record" if patient_id else "Search all patients", anchor=False)
    if patient_id:
        st.button("All patients", icon=":material/groups:", type="tertiary", on_click=_browser.go,
                  kwargs={"patient": None, "open": None}, help="Search all patients for the same words")  # fmt: skip

show_search()
