"""One patient's record at a glance, with any part of it opened beside."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages import _browser
from pages._ask_answer import caption, chart
from pages._patient_parts import Parts
from pages._shell import friendly, guard, patient_banner
from pages._source import beside
from services.console.citing import open_citation
from services.console.measured import Line
from services.console.overview import overview
from services.console.resources import Opened
from services.console.search import indexing_line

_HERE = Path(__file__).parent


def open_source(address: str) -> tuple[Opened, None]:
    if mark := Parts.mark(address):
        st.html(mark)
    return open_citation(principal, str(patient_id), address)[0], None


def show_series(line: Line, parts: Parts) -> None:
    with st.container(border=True, key="series"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(line.name, anchor=False)
            st.button("Close", key="close-series", icon=":material/close:", type="tertiary", on_click=_browser.go,
                      kwargs={"series": None})  # fmt: skip
        if line.series:
            st.vega_lite_chart(spec=chart(line.series), key=f"chart-{line.key}", alt=line.series.told)
            st.html(caption(line.series))
        if line.points:
            st.html(parts.values(line))
        else:
            st.html('<div class="fb-status">None of the values is a number; each is found by Search.</div>')


principal = guard("Patient", beside=True)
_browser.follow()
patient_id = st.query_params.get("patient") or None
if not patient_id:
    st.title("Patient", anchor=False)
    st.info("Choose whose record to see.")
    st.page_link(str(_HERE / "patients.py"), label="Find a patient", icon=":material/groups:")
    st.stop()
patient_banner(principal, patient_id, "patient")
with beside(open_source), friendly():
    seen = overview(principal, patient_id)
    parts = Parts(patient_id, st.query_params.get("series"))
    if (asked := st.query_params.get("series")) and (line := seen.measured.line(asked)):
        show_series(line, parts)
    st.html(parts.whole(seen))
if told := indexing_line(principal):
    st.html(f'<div class="fb-status" role="status">{told}</div>')
