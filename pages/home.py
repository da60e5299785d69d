"""Today's work in one look, and the way to any patient or passage."""

from __future__ import annotations

import streamlit as st

from pages._cards import link, people_html
from pages._home_parts import day_html
from pages._shell import friendly, guard, safe, tell_seen
from services.console.patients import find_patients
from services.console.search import indexing_line
from services.console.today import today

FIELD = "Find a patient, or search all records"
FOUND = 5

principal = guard("Home", live=FIELD)
with friendly():
    day = today(principal)
    st.title(f"Today, {day.date}", anchor=False)
    words = ""
    if principal.may("search"):
        words = st.text_input(
            FIELD, key="home-words", max_chars=200, label_visibility="collapsed", icon=":material/search:",
            placeholder="A name, birth date or record number; or what to look for in all records: “potassium above 6”",
        ).strip()  # fmt: skip
    lines = find_patients(principal, words, FOUND)[0] if words else []
    tell_seen(principal, "home", [*day.patients, *(line.id for line in lines)])
    if words:
        everywhere = link(f"Search all records for “{safe(words)}”", "/search", {"q": words})
        told = (
            people_html(lines)
            if lines
            else '<div class="fb-status" role="status">No patient is called so.</div>'
        )
        st.html(f'{told}<div class="fb-results">{everywhere}</div>')
    st.html(day_html(day))
if line := indexing_line(principal):
    st.html(f'<div class="fb-status" role="status">{safe(line)}</div>')
