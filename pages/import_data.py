"""Load FHIR files."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._shell import friendly, guard
from services.console.imports import import_files
from services.console.search import index_status

principal = guard("Import", "import")
st.title("Import", anchor=False)
st.markdown(
    "FHIR R4 bundles, single resources or ndjson (Bulk Data), also gzipped. Ids are kept. A resource that is not "
    "valid is reported and left out; the others are stored whole."
)
files = st.file_uploader(
    "Files", type=["json", "ndjson", "jsonl", "gz"], accept_multiple_files=True, key="files",
    help="For folders and very large files use `fabric import PATH…` on the server.",
)  # fmt: skip
if st.button("Import", type="primary", disabled=not files, icon=":material/upload:") and files:
    bar = st.progress(0.0, "Reading")

    def show(report, path: Path) -> None:
        done = report.bytes_done / max(report.bytes_total, 1)
        bar.progress(min(done, 1.0), f"{path.name}: {report.stored} stored, {report.refused} refused")

    with friendly():
        st.session_state["report"] = import_files(principal, [(f.name, f) for f in files], show)
    bar.empty()

report = st.session_state.get("report")
if report:
    message = f"{report.stored} stored, {report.unchanged.total()} unchanged, {report.refused} refused, from {report.files} files in {report.seconds:.1f} s."
    (st.warning if report.refused else st.success)(message)
    kinds = sorted({*report.created, *report.updated, *report.unchanged})
    if kinds:
        st.dataframe(
            {
                "Type": kinds,
                "Created": [report.created[k] for k in kinds],
                "Updated": [report.updated[k] for k in kinds],
                "Unchanged": [report.unchanged[k] for k in kinds],
            },
            hide_index=True,
        )
    if report.problems:
        st.subheader("Refused", anchor=False)
        st.dataframe(
            {
                "Where": [p.where for p in report.problems],
                "What": [p.what for p in report.problems],
                "Why": [p.reason for p in report.problems],
            },
            hide_index=True,
            width="stretch",
        )


@st.fragment(run_every=1.0)
def indexing() -> None:
    state = index_status(principal)
    waiting = state["changesWaiting"]
    rate = state["embedding"]["textsPerSecond"]
    if waiting:
        st.info(
            f"Embedding in the background: {waiting:,} changes wait ({rate:.0f} passages/s).",
            icon=":material/sync:",
        )
    elif state["embedding"]["state"] != "up to date":
        st.warning(state["embedding"]["state"])
    else:
        st.caption(
            f"The index is up to date: {state['index']['chunks']:,} passages of {state['index']['patients']:,} patients."
        )


indexing()
