"""A new draft: what for, and its sections as they are made."""

from __future__ import annotations

import html

import streamlit as st

from pages._bots_tabs import flash, show_flash
from pages._drafts_parts import here
from pages._guard import part
from pages._shell import friendly, patient_banner, safe
from pages._within import go
from services.console import drafts
from services.console.drafts import MADE, TYPES
from services.console.drafts_making import Making, Wanted
from services.console.session import Principal
from services.errors import FabricError

FORMATS = {"": "As usual for the type", "soap": "SOAP", "narrative": "Narrative"}
PARTS = {"Medications": "Medicines", "Vitals": "Vital signs", "LabResults": "Results"}
URGENCIES = ("routine", "urgent", "stat")
WORDS = {
    "chiefComplaint": "Complaint or reason",
    "physicalExam": "Examination",
    "assessment": "Assessment",
    "plan": "Plan",
}


def show(principal: Principal, patient_id: str) -> None:
    patient_banner(principal, patient_id, "drafts")
    st.html(f'<nav class="fd-crumb" aria-label="Path">{here("Drafts of this patient", patient=patient_id)}</nav>')
    st.title("New draft", anchor=False)
    show_flash()
    making: Making | None = st.session_state.get("making")
    if making is not None:
        show_making(making)
        return
    with friendly():
        principal.require("write")
        show_form(principal, patient_id)


def show_form(principal: Principal, patient_id: str) -> None:
    visits = drafts.encounters(principal, patient_id)
    if not visits:
        st.info("No encounter is recorded for this patient, and a note is about one.")
        return
    labels = {v.id: v.label for v in visits}
    asked = st.query_params.get("encounter", "")
    left, right = st.columns([2, 3], gap="large")
    with left:
        encounter = st.selectbox("Encounter", list(labels), list(labels).index(asked) if asked in labels else 0,
                                 labels.__getitem__, key="n-encounter")  # fmt: skip
        kind = st.selectbox("Type", MADE, format_func=lambda t: TYPES[t][0], key="n-type")
        specialty, urgency = "", "routine"
        if kind == "referral":
            specialty = st.text_input("To which specialty", key="n-specialty", max_chars=200)
            urgency = st.selectbox("Urgency", URGENCIES, format_func=str.capitalize, key="n-urgency")
        form = st.selectbox("Format", list(FORMATS), format_func=FORMATS.__getitem__, key="n-format")
        flags = st.pills("With", list(PARTS), selection_mode="multi", default=list(PARTS),
                         format_func=PARTS.__getitem__, key="n-flags")  # fmt: skip
        st.html(f'<div class="fb-status">{safe(drafts.model_told())}</div>')
    with right:
        words = {
            field: st.text_area(f"{label}, in your words", key=f"n-{field}", max_chars=20_000, height=78)
            for field, label in WORDS.items()
        }
        with st.expander("Transcript of the conversation"):
            transcript = st.text_area("Lines such as “Patient: …” and “Doctor: …”", key="n-transcript", max_chars=200_000,
                                      height=160)  # fmt: skip
    # Not by a callback's arguments: those are of the run before, without what was typed last.
    if st.button("Make the draft", type="primary", icon=":material/edit_note:"):
        begin(principal, Wanted(patient_id, encounter, kind, form, frozenset(flags), words, transcript, specialty, urgency))


def begin(principal: Principal, wanted: Wanted) -> None:
    try:
        making = st.session_state["making"] = Making(principal, wanted)
        making.wait(0.3)
    except FabricError as error:
        flash("error", error.message)
    st.rerun()


@part(every=0.3)
def show_making(making: Making) -> None:
    if making.over:
        st.session_state.pop("making", None)
        if making.problem:
            flash("error", making.problem)
        else:
            go(draft=making.draft)
        st.rerun()
    st.progress(making.share, f"{making.step} …")
    for section in list(making.sections):
        lines = "".join(f"<li>{html.escape(line.text)}</li>" for line in section.lines)
        st.html(f'<h2>{html.escape(section.title)}</h2><ul class="fd-lines">{lines}</ul>')
