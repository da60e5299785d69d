"""Load files: FHIR, C-CDA, PDF and text; looked at first, written when a person says so."""

from __future__ import annotations

import streamlit as st

from pages import _import_parts as parts
from pages._guard import part
from pages._shell import friendly, guard, tell_seen
from services.console.imports import SUFFIXES, Choice, Job, Looking, Staged
from services.console.search import index_status

AT_ONCE = 0.5  # seconds that a look at small files is waited for


def stage() -> None:
    """What was chosen is put aside and looked at; another choice takes its place."""
    chosen = st.session_state.get("files") or []
    signature = [f.file_id for f in chosen]
    if signature == st.session_state.get("import-signature", []):
        return
    drop()
    st.session_state["import-signature"] = signature
    if chosen:
        st.session_state.pop("import-job", None)
        with friendly():
            st.session_state["import-staged"] = Staged(principal, [(f.name, f) for f in chosen])
            look()


def look() -> None:
    staged: Staged = st.session_state["import-staged"]
    looking: Looking | None = st.session_state.get("import-looking")
    if looking:
        looking.cancel()
    looking = st.session_state["import-looking"] = Looking(principal, staged)
    looking.wait(AT_ONCE)


def drop() -> None:
    st.session_state.pop("import-alike", None)
    looking: Looking | None = st.session_state.pop("import-looking", None)
    if looking:
        looking.cancel()
    staged: Staged | None = st.session_state.pop("import-staged", None)
    if staged:
        staged.close()


def choose(choices: dict[int, Choice]) -> None:
    """A person's choices, by the number of the file; looked at again where they are others than before."""
    staged: Staged = st.session_state["import-staged"]
    wanted = {staged.paths[number]: choice for number, choice in choices.items()}
    if any(staged.choices.get(path) != choice for path, choice in wanted.items()):
        staged.choices |= wanted
        look()
        st.rerun()


def fields() -> dict[str, object]:
    """What the fields about the files hold, by their keys."""
    return {str(k): v for k, v in st.session_state.items() if str(k).startswith(("same-", "kind-", "day-"))}


def begin(shown: dict[str, object]) -> None:
    """What is imported is what was looked at; a field may have been changed since, by the very click that left it."""
    if fields() != shown:
        st.session_state["import-unseen"] = True
        return
    staged = st.session_state.pop("import-staged", None)
    st.session_state.pop("import-looking", None)
    if staged is None:
        return  # pressed twice
    st.session_state["import-job"] = Job(principal, staged)
    st.session_state.pop("most-waiting", None)
    st.session_state.pop("import-alike", None)


principal = guard("Import", "import")
st.title("Import", anchor=False)
st.html(
    '<div class="fb-status">FHIR R4 (bundles, resources, ndjson, also gzipped), C-CDA documents, PDFs and texts. '
    "Nothing is written before you have seen what would be.</div>"
)
job: Job | None = st.session_state.get("import-job")
running = job is not None and not job.done
files = st.file_uploader(
    "Files", type=SUFFIXES, accept_multiple_files=True, key="files", disabled=running,
    help="For folders and very large files use `fabric import PATH…` on the server.",
)  # fmt: skip
if not running:
    stage()
looking: Looking | None = st.session_state.get("import-looking")


@part(every=0.5)
def show_looking() -> None:
    if looking is None or looking.done:
        st.rerun()
        return
    st.progress(len(looking.seen) / max(looking.count, 1), f"Looking at {looking.file}")
    if st.button("Cancel", icon=":material/close:", key="stop-looking"):
        looking.cancel()


@part(every=0.5)
def show_running() -> None:
    if job is None or job.done:
        st.rerun()
        return
    st.progress(job.share, f"{job.file or 'Reading'}: {job.report.stored:,} stored, {job.report.refused:,} refused")
    st.button("Cancel", icon=":material/close:", key="stop-import", on_click=job.cancel, disabled=job.cancelled.is_set(),
              help="The document or batch that it is at is finished; what was stored stays")  # fmt: skip


def show_preview(looked: Looking) -> None:
    if looked.error:
        st.error(looked.error)
        return
    known = [s.told.who[0]["id"] for s in looked.seen if s.told.known and s.kind != "fhir" and not s.hidden]
    known += [line.id for s in looked.seen for line in s.alike]
    tell_seen(principal, "import", known)
    st.header("What is in them", anchor=False)
    st.html(parts.preview_html(looked.seen))
    staged: Staged = st.session_state["import-staged"]
    with friendly():
        choices = parts.ask_whose(principal, looked.seen, [staged.choices.get(p, Choice()) for p in staged.paths])
        choose(choices)
    good = [s for s in looked.seen if s.good]
    many = f"Import {len(good)} of {len(looked.seen)} files" if len(good) < len(looked.seen) else "Import"
    st.button(many, type="primary", icon=":material/upload:", disabled=not good, on_click=begin, args=(fields(),),
              key="begin-import")  # fmt: skip
    if st.session_state.pop("import-unseen", False):
        st.warning("Nothing was imported: what you chose last was not looked at yet. It is shown now.")
    if not good:
        st.html('<div class="fb-status">There is nothing here that can be written.</div>')


@part(every=1.0)
def follow_index() -> None:
    show_index()


def show_index() -> None:
    """The embedding behind an import; asked every second while something waits."""
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
        if busy:
            st.rerun()


if running:
    show_running()
elif looking is not None and not looking.done:
    show_looking()
elif looking is not None:
    show_preview(looking)
if job and job.done:
    if job.error:
        st.error(job.error)
    parts.show_report(principal, job.report)
busy = running or index_status(principal)["changesWaiting"] > 0
if busy:
    follow_index()
else:
    show_index()
