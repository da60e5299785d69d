"""Load FHIR files."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._shell import friendly, guard, safe
from services.console.imports import Job, Report, start_import
from services.console.search import index_status

principal = guard("Import", "import")
st.title("Import", anchor=False)
st.markdown(
    "FHIR R4 bundles, single resources or ndjson (Bulk Data), also gzipped. Ids are kept. A resource that is not "
    "valid is reported and left out; the others are stored whole."
)
job: Job | None = st.session_state.get("import-job")
running = job is not None and not job.done
files = st.file_uploader(
    "Files", type=["json", "ndjson", "jsonl", "gz"], accept_multiple_files=True, key="files",
    help="For folders and very large files use `fabric import PATH…` on the server.",
)  # fmt: skip
if st.button("Import", type="primary", disabled=not files or running, icon=":material/upload:") and files:
    with friendly():
        job = st.session_state["import-job"] = start_import(principal, [(f.name, f) for f in files])
        st.session_state.pop("most-waiting", None)
        running = True


def show_report(report: Report) -> None:
    message = (
        f"{report.stored:,} stored, {report.unchanged.total():,} unchanged, {report.refused:,} refused, "
        f"from {report.files} file{'s' if report.files != 1 else ''} in {report.seconds:.1f} s."
    )
    if report.refused:
        (st.warning if report.stored + report.unchanged.total() else st.error)(message)
    elif report.read:
        st.success(message)
    else:
        st.warning("There are no resources in these files; nothing was stored.")
    if report.problems:
        st.header("Refused", anchor=False)
        rows = "".join(
            f"<tr><td>{safe(p.where)}</td><td>{safe(p.what)}</td><td>{safe(p.reason)}</td></tr>"
            for p in report.problems[:100]
        )
        more = report.refused - min(100, len(report.problems))
        st.html(
            '<table class="fb-people"><caption class="fb-sr">Refused</caption><thead><tr><th scope="col">Where</th>'
            f'<th scope="col">What</th><th scope="col">Why</th></tr></thead><tbody>{rows}</tbody></table>'
            + (f'<div class="fb-status">and {more:,} more</div>' if more > 0 else "")
        )
    kinds = sorted({*report.created, *report.updated, *report.unchanged})
    if kinds:
        rows = "".join(
            f"<tr><td>{safe(k)}</td><td>{report.created[k]:,}</td><td>{report.updated[k]:,}</td>"
            f"<td>{report.unchanged[k]:,}</td></tr>"
            for k in kinds
        )
        st.header("What was read", anchor=False)
        st.html(
            '<table class="fb-people fb-narrow"><caption class="fb-sr">What was read</caption><thead><tr>'
            '<th scope="col">Type</th><th scope="col">Created</th><th scope="col">Updated</th>'
            f'<th scope="col">Unchanged</th></tr></thead><tbody>{rows}</tbody></table>'
        )
    patients = report.created["Patient"] + report.updated["Patient"]
    st.page_link(
        str(Path(__file__).parent / "patients.py"),
        label=f"Go to the patients ({patients:,} imported)" if patients else "Go to the patients",
        icon=":material/groups:",
    )


def progress() -> None:
    """How far the import and the embedding after it are; asked every second while something is under way."""
    if job and not job.done:
        stored, refused = job.report.stored, job.report.refused
        st.progress(job.share, f"{job.file or 'Reading'}: {stored:,} stored, {refused:,} refused")
    elif running:
        st.rerun()
    state = index_status(principal)
    waiting = state["changesWaiting"]
    if waiting:
        most = st.session_state["most-waiting"] = max(waiting, st.session_state.get("most-waiting", 0))
        rate = state["embedding"]["textsPerSecond"]
        st.progress(
            1 - waiting / most,
            f"Embedding in the background: {waiting:,} changes wait ({rate:.0f} passages/s). Search covers the rest.",
        )
        return
    st.session_state.pop("most-waiting", None)
    if state["embedding"]["state"] != "up to date":
        st.warning(state["embedding"]["state"])
    else:
        of = f"{state['index']['chunks']:,} passages of {state['index']['patients']:,} patients"
        st.html(f'<div class="fb-status" role="status">The index is up to date: {of}.</div>')
        if busy and not running:
            st.rerun()


busy = running or index_status(principal)["changesWaiting"] > 0
st.fragment(progress, run_every=1.0 if busy else None)()
if job and job.done:
    if job.error:
        st.error(job.error)
    show_report(job.report)
