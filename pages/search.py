"""Semantic search, within a patient or over all of them, with the source opened beside."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from pages import _browser
from pages._cards import cards_html, plain, recent_html
from pages._shell import friendly, guard, patient_banner, safe, tell_seen
from pages._source import show_source
from services.console.patients import line_of
from services.console.resources import Opened, open_resource
from services.console.search import TYPES, Card, Results, indexing_line, recent, search
from services.errors import FabricError

EXAMPLES = (
    "current medications", "potassium above 5", "chest pain", "latest HbA1c", "penicillin allergy",
    "left knee pain", "discharge follow-up",
)  # fmt: skip
FIELD = "What are you looking for?"
FIRST, MORE = 20, 100
FILTERS = {"types": "Kinds", "since": "From", "until": "To", "min": "Least similarity"}


def go(**params: str | None) -> None:
    """Change the address; None takes a part out of it."""
    for name, value in params.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


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


def status(text: str) -> None:
    st.html(f'<div class="fb-status" role="status">{safe(text)}</div>')


def show_results(results: Results, opened: str | None, limit: int) -> None:
    count = len(results.cards)
    told = [f"{'First ' if count == limit else ''}{count} result{'s' if count != 1 else ''}"]
    scope = "this record" if patient_id else "all patients"
    told.append(f"{scope}, {'every passage compared' if results.exact else 'nearest passages'}")
    if results.understood:
        told.append(f"understood as {results.understood}")
    told.append(f"{results.seconds * 1000:.0f} ms")
    status(" · ".join(told))
    if not results.cards:
        more = (
            "What says so explicitly is listed below."
            if results.absent
            else "Try other words, or fewer filters."
        )
        st.warning(f"Not found in the record. {more}")
    else:
        st.html(cards_html(results.cards, address(), opened, "Results"))
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


def found_card(results: Results | None, reference: str) -> Card | None:
    cards = [*results.cards, *results.absent] if results else []
    return next((c for c in cards if c.hit.reference == reference), None)


def open_source(reference: str, query: str, results: Results | None) -> Opened | None:
    """The source that the address names, unless it isn't there or is another patient's."""
    card = found_card(results, reference)
    opened = open_resource(principal, reference, card.hit.text if card else None, query)
    if patient_id and opened.patient_id != patient_id and opened.reference != f"Patient/{patient_id}":
        st.warning(
            "The source that the address names is not part of this patient's record, so it is not shown."
        )
        return None
    return opened


principal = guard("Search", "search", kept=(FIELD, "q"))
go(**_browser.take())
patient_id = st.query_params.get("patient") or None
wrong = wrong_filters()
if patient_id:
    patient_banner(principal, patient_id)
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.title("Search the record" if patient_id else "Search all patients", anchor=False)
    if patient_id:
        st.button("All patients", icon=":material/groups:", type="tertiary", on_click=go,
                  kwargs={"patient": None, "open": None}, help="Search all patients for the same words")  # fmt: skip

field, filters = st.columns([6, 1.3], vertical_alignment="bottom")
query = field.text_input(
    FIELD, key="q", bind="query-params", max_chars=1000, label_visibility="collapsed",
    placeholder="What are you looking for? Words, abbreviations, drugs, values: “K > 5.5”, “left knee pain since 2024”",
)  # fmt: skip
active = sum(k in st.query_params for k in FILTERS)
with filters.popover(f"Filters ({active})" if active else "Filters", icon=":material/tune:", width="stretch"):
    types = st.multiselect(
        "Kinds", list(TYPES), format_func=TYPES.__getitem__, key="types", bind="query-params"
    )
    since = st.date_input("From", value=None, key="since", bind="query-params", format="YYYY-MM-DD",
                          min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))  # fmt: skip
    until = st.date_input("To", value=None, key="until", bind="query-params", format="YYYY-MM-DD",
                          min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31))  # fmt: skip
    minimum = st.slider("Least similarity", 0.0, 1.0, 0.25, 0.05, key="min", bind="query-params")
if wrong:
    st.warning(f"Left out of the filters, because the address has no such value: {', '.join(wrong)}.")

results: Results | None = None
limit = MORE if st.session_state.get("more-of") == (query, patient_id) else FIRST
with friendly():
    if since and until and since > until:
        st.warning("“From” is after “To”.")
    elif query and query.strip():
        results = search(principal, query, patient_id=patient_id, types=types, since=since, until=until,
                         minimum=minimum, limit=limit)  # fmt: skip
opened: Opened | None = None
if reference := st.query_params.get("open"):
    try:
        opened = open_source(reference, query, results)
    except FabricError as error:
        st.warning(error.message)

if not patient_id:
    shown = [card.hit.patient_id for card in (*results.cards, *results.absent)] if results else []
    tell_seen(principal, "search", filter(None, [*shown, opened.patient_id if opened else None]))
main, beside = st.columns([3, 2.3]) if opened else (st.container(), None)
with main, friendly():
    if results:
        show_results(results, opened.reference if opened else None, limit)
    elif not (query and query.strip()):
        show_start()
if opened and beside is not None:
    with beside:
        person = line_of(principal, opened.patient_id) if opened.patient_id and not patient_id else None
        show_source(opened, person, lambda: go(open=None))
if line := indexing_line(principal):
    status(line)
