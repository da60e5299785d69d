"""Find a patient."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._shell import friendly, guard
from services.console.patients import find_patients
from services.console.search import index_status

principal = guard("Patients")
st.title("Patients", anchor=False)

query = st.text_input(
    "Find a patient",
    key="who",
    bind="query-params",
    placeholder="Name, birth date (14-Jul-1945) or record number",
    help="Names may be misspelt. Birth dates as 14-Jul-1945, 1945-07-14 or 14/07/1945.",
)
with friendly():
    lines, total = find_patients(principal, query or "")
    if not total:
        st.info("The record is empty.")
        if principal.may("import"):
            st.page_link(
                str(Path(__file__).parent / "import_data.py"),
                label="Import FHIR files",
                icon=":material/upload:",
            )
    elif not lines:
        st.info(f"No patient matches “{query}”. Try a part of the name, the birth date or the record number.")
    else:
        shown = f"{len(lines)} of {total} patients" + (f" match “{query}”" if query else ", by family name")
        st.caption(shown)
        chosen = st.dataframe(
            {
                "Name": [p.name for p in lines],
                "Born": [f"{p.born} ({p.age})" if p.age and not p.deceased else p.born for p in lines],
                "Gender": [p.gender for p in lines],
                "MRN": [p.identifier for p in lines],
                "": [f"Died {p.deceased}" if p.deceased else "" for p in lines],
            },
            hide_index=True,
            width="stretch",
            height=min(38 + 35 * len(lines), 640),
            on_select="rerun",
            selection_mode="single-row",
            key=f"patients-{query}",
        )
        rows = chosen.selection.rows if chosen else []
        first = lines[0] if query and len(lines) == 1 else None
        picked = lines[rows[0]] if rows else None
        if picked:
            st.switch_page(str(Path(__file__).parent / "search.py"), query_params={"patient": picked.id})
        if first and st.button(f"Open {first.name}", type="primary", icon=":material/arrow_forward:"):
            st.switch_page(str(Path(__file__).parent / "search.py"), query_params={"patient": first.id})
        if not first:
            st.caption("Select a row to open the patient.")
    state = index_status(principal)
    if state["changesWaiting"]:
        st.caption(
            f"Indexing: {state['changesWaiting']:,} changes of the record wait; search covers what is indexed."
        )
