"""The opened source: its text with the found passage, its versions, its FHIR JSON."""

from __future__ import annotations

import html
import itertools
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _browser
from pages._cards import folded_html
from pages._guard import part
from pages._shell import friendly, identity_html, safe
from services.console.origins import Origin
from services.console.patients import PatientLine
from services.console.resources import Opened
from services.console.search import TYPES


def beside(open_source: Callable[[str], tuple[Opened | None, PatientLine | None]]) -> DeltaGenerator:
    """The page's own place; beside it the source that the address names, opened and closed without the rest of the page.
    `open_source` gives what is at an address, and whose it is where the page is about all patients; it says itself why
    there is nothing."""
    main, place = st.columns([3, 2.3])
    with place:
        _beside(open_source)
    return main


@part()
def _beside(open_source: Callable[[str], tuple[Opened | None, PatientLine | None]]) -> None:
    _browser.follow()
    address = st.query_params.get("open") or ""
    _browser.mount_beside(address)
    if address:
        with st.container(key="beside-open"), friendly():  # without it the column has no width
            opened, person = open_source(address)
            if opened:
                show_source(opened, person, close)


def close() -> None:
    _browser.go(open=None, at=None)


def show_source(opened: Opened, person: PatientLine | None, close: Callable[[], None]) -> None:
    """`person` is said where the page is about all patients."""
    with st.container(border=True, key="source"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(opened.title, anchor=False)
            st.button("Close source", key="close-source", icon=":material/close:", on_click=close,
                      type="tertiary", help="Escape")  # fmt: skip
        st.html(_about_html(opened, person))
        fhir = st.expander("FHIR JSON", key="source-json", on_change="rerun")
        if fhir.open:
            fhir.code(opened.json, language=None, height=300)


def _about_html(opened: Opened, person: PatientLine | None) -> str:
    whose = f'<div class="fb-meta">{identity_html(person)}</div>' if person else ""
    about = [TYPES.get(opened.kind, opened.kind), opened.date, opened.status or ""]
    count = len(opened.versions)
    about.append(f"stored {opened.updated}" + (f" as version {count}" if count > 1 else ""))
    told = safe(" · ".join(a for a in about if a))
    cut = '<div class="fb-status">The document is longer; its beginning is shown.</div>' if opened.cut else ""
    versions = "".join(f"<li>{safe(when)} <code>{safe(version)}</code></li>" for version, when in opened.versions)
    return (
        f'{whose}<div class="fb-status">{told}</div>'
        f'<div class="fb-document" tabindex="0" role="region" aria-label="Text of the source" '
        f'data-source="{safe(opened.reference)}">{source_html(opened)}</div>{cut}'
        f"{folded_html(f'Versions ({count})', f'<ul>{versions}</ul>') if count > 1 else ''}"
        f"{folded_html(f'How it came to be ({len(opened.origins)})', ''.join(map(_origin_html, opened.origins))) if opened.origins else ''}"
        f'<div class="fb-status">{safe(opened.reference)}</div>'
    )


def _origin_html(origin: Origin) -> str:
    made = f'<div class="fb-status">From {safe(", ".join(origin.sources))}</div>' if origin.sources else ""
    return f'<div class="fb-origin">{safe(origin.when)} · {safe(origin.what)} · {safe(origin.who)}{made}</div>'


def source_html(opened: Opened) -> str:
    """The text in stretches between the borders of headings, passage and marks; these may lie in each other."""
    text, passage = opened.text, opened.passage
    borders = {0, len(text)}
    for start, end, *_ in [*opened.marks, *opened.headings, *([passage] if passage else [])]:
        borders |= {start, end}
    order = sorted(b for b in borders if 0 <= b <= len(text))
    kinds = {place: kind for start, end, kind in opened.marks for place in order if start <= place < end}
    headed = {place for start, end in opened.headings for place in order if start <= place < end}
    shown: list[str] = []
    for start, end in itertools.pairwise(order):
        if passage and start == passage[0] and passage[1] > passage[0]:
            shown.append('<span class="fb-passage">')
        piece = html.escape(text[start:end])
        kind = kinds.get(start)
        if kind == "match":
            piece = f"<mark>{piece}</mark>"
        elif kind == "absent":
            piece = f'<span class="fb-absent">{piece}<span class="fb-sr"> (said to be absent)</span></span>'
        shown.append(f"<h3>{piece}</h3>" if start in headed and piece.strip() else piece)
        if passage and end == passage[1]:
            shown.append("</span>")
    return "".join(shown)
