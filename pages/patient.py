"""One patient's record at a glance, with any part of it opened beside."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages import _browser
from pages._ask_answer import caption, chart
from pages._patient_parts import STYLE, Parts
from pages._shell import friendly, guard, patient_banner
from pages._source import show_source
from services.console.citing import open_citation
from services.console.measured import Line
from services.console.overview import overview
from services.console.resources import Opened
from services.console.search import indexing_line
from services.errors import FabricError

_HERE = Path(__file__).parent


def go(**params: str | None) -> None:
    for name, value in params.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value


def open_source(address: str) -> Opened | None:
    try:
        return open_citation(principal, str(patient_id), address)[0]
    except FabricError as error:
        st.warning(error.message)
        return None


def show_series(line: Line, parts: Parts) -> None:
    with st.container(border=True, key="series"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(line.name, anchor=False)
            st.button("Close", key="close-series", icon=":material/close:", type="tertiary", on_click=go,
                      kwargs={"series": None})  # fmt: skip
        if line.series:
            st.vega_lite_chart(spec=chart(line.series), key=f"chart-{line.key}", alt=line.series.told)
            st.html(caption(line.series))
        if line.points:
            st.html(parts.values(line))
        else:
            st.html('<div class="fb-status">None of the values is a number; each is found by Search.</div>')


principal = guard("Patient")
go(**_browser.take())
patient_id = st.query_params.get("patient") or None
if not patient_id:
    st.title("Patient", anchor=False)
    st.info("Choose whose record to see.")
    st.page_link(str(_HERE / "patients.py"), label="Find a patient", icon=":material/groups:")
    st.stop()
patient_banner(principal, patient_id, "patient")
address = st.query_params.get("open")
opened = open_source(address) if address else None
main, beside = st.columns([3, 2.3]) if opened else (st.container(), None)
with main, friendly():
    seen = overview(principal, patient_id)
    parts = Parts(patient_id, st.query_params.get("series"))
    if (asked := st.query_params.get("series")) and (line := seen.measured.line(asked)):
        show_series(line, parts)
    st.html(STYLE + parts.mark(address))
    st.html(parts.whole(seen))
if opened and beside is not None:
    with beside:
        show_source(opened, None, lambda: go(open=None))
if told := indexing_line(principal):
    st.html(f'<div class="fb-status" role="status">{told}</div>')
