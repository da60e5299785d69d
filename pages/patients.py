"""Find a patient."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._cards import people_html, plain
from pages._shell import friendly, guard, safe, tell_seen
from services.console.patients import LIMIT, find_patients
from services.console.search import indexing_line

FIELD = "Find a patient"
_HERE = Path(__file__).parent

principal = guard("Patients", live=FIELD)
st.title("Patients", anchor=False)
query = st.text_input(
    FIELD,
    key="who",
    bind="query-params",
    max_chars=100,
    placeholder="Name, birth date (14-Jul-1945) or record number",
    help="Names may be misspelt. Birth dates as 14-Jul-1945, 1945-07-14 or 14/07/1945.",
).strip()
with friendly():
    lines, total = find_patients(principal, query)
    if not total:
        st.info("The record is empty.")
        if principal.may("import"):
            st.page_link(str(_HERE / "import_data.py"), label="Import FHIR files", icon=":material/upload:")
    elif not lines:
        st.info(
            f"No patient matches “{plain(query)}”. Try a part of the name, the birth date or the record number."
        )
    else:
        if query:
            told = f"{len(lines)} of {total:,} patients match “{query}”"
            if len(lines) == LIMIT:
                told = f"The first {LIMIT} of {total:,} patients that match “{query}”: type more to narrow it down"
        elif total > len(lines):
            told = f"The first {len(lines)} of {total:,} patients, by family name: type a name to find the others"
        else:
            told = f"{total:,} patient{'s' if total != 1 else ''}, by family name"
        tell_seen(principal, "patients", (line.id for line in lines))
        st.html(f'<div class="fb-status" role="status">{safe(told)}</div>')
        st.html(people_html(lines))
if line := indexing_line(principal):
    st.html(f'<div class="fb-status">{safe(line)}</div>')
