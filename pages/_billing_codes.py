"""One encounter: its documentation, and beside it the codes as this person has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages import _billing_parts as parts
from pages import _marks
from pages._billing_add import show_find, show_service_entry
from pages._bots_tabs import flash, show_flash
from pages._cards import folded_html, link
from pages._feedback import rate
from pages._guard import part, whole
from pages._shell import friendly, patient_banner, safe
from pages._within import go, here
from services.console import billing_codes
from services.console.billing import next_open, title
from services.console.billing_codes import MOST_UNITS, RELEASE, Codes, Line
from services.console.billing_documents import documents
from services.console.dates import show_date
from services.console.feedback import item_of_codes
from services.console.replaying import keep_billing, keep_sent
from services.console.session import Principal
from services.errors import FabricError

_LICENCE = (
    '<div class="fb-status">CPT® is a trademark of the American Medical Association; without the clinic\'s licensed table '
    "services are named in our own words.</div>"
)


def show_encounter(principal: Principal, patient: str, encounter: str) -> None:
    patient_banner(principal, patient, "billing")
    st.html(f'<div class="fb-crumb fb-bill">{here("All encounters to code", parts.PATH)} · {here("This patient&#39;s", parts.PATH, patient=patient)}</div>')
    try:
        codes = billing_codes.opened(principal, patient, encounter)
    except FabricError as error:
        st.title("Codes", anchor=False)
        show_flash()
        st.warning(error.message)
        return
    visit = codes.found.visit
    day = show_date(visit.start.isoformat())
    st.title(f"Codes of {day}, {title(visit.resource)}", anchor=False)
    show_flash()
    st.html(f'<div class="fb-status" role="status">{about(codes)}</div>')
    may = principal.may("write") and codes.state == "open"
    left, right = st.columns([2.2, 3], gap="large")
    selected = st.query_params.get("code", "")
    with left:
        show_documents(codes, selected)
    with right:
        if codes.state != "open":
            show_held(principal, codes)
        show_codes(principal, codes, selected, may)
        if may:
            show_send(principal, codes)
        with friendly(), st.container(horizontal=True, vertical_alignment="center", gap="small", key="billing-feedback"):
            st.html('<span class="fb-status">The suggested codes:</span>', width="content")
            rate(principal, item_of_codes(keep_billing(principal, codes), codes), brief=True)
        st.html(level_html(codes, selected) + questions_html(codes) + _LICENCE + beside_html(codes))


def show_documents(codes: Codes, selected: str) -> None:
    """With what each code rests on; a click on a code is the browser's alone."""
    _marks.mount()
    with st.container(key="billing-documents"):
        shown = documents(codes)
        if not shown.notes:
            st.info("The encounter has no note.")
        st.html(parts.documents_html(shown, selected, codes.patient))


def about(codes: Codes) -> str:
    visit = codes.found.visit
    how = "Changed by hand" if codes.edited else "As suggested"
    told = [{"waiting": "As sent for approval", "coded": "As on the claim"}.get(codes.state, how)]
    if codes.stale:
        told.append("<b>the record has changed since; the suggestion is another one now</b>")
    if codes.others:
        told.append(f"also being coded by {safe(', '.join(codes.others))}")
    if visit.entry.status != "finished":
        told.append(f"the encounter is {safe(visit.entry.status or 'without a status')}")
    told += [safe(w) for w in codes.output.warnings or () if RELEASE not in w]  # of that the checks tell
    return " · ".join(told)


def show_held(principal: Principal, codes: Codes) -> None:
    """Why there is nothing to send, and the way on."""
    kind, _, name = codes.held.partition("/")
    if kind == "Task":
        told = f"The codes of this encounter wait for approval. {link('Open the proposal', '/approvals', {}, task=name)}"
    else:
        told = f"This encounter has a claim. {link('Open the claim', '/search', {}, patient=codes.patient, open=codes.held)}"
    following = next_open(principal, codes.encounter)
    if following:
        told += f" · {here('Next encounter to code', parts.PATH, patient=following[0], encounter=following[1])}"
    st.html(f'<div class="fb-status fb-bill">{told}</div>')


def address(codes: Codes) -> dict[str, str]:
    return {"patient": codes.patient, "encounter": codes.encounter}


# The set


def show_codes(principal: Principal, codes: Codes, selected: str, may: bool) -> None:
    grave = [r for r in codes.remarks if r.weight != "mind"]
    rest = [r for r in codes.remarks if r.weight == "mind"]
    if grave:
        st.html(parts.remarks_html(grave))
    st.header("Diagnoses", anchor=False)
    for place, code in enumerate(codes.chosen.diagnoses):
        show_diagnosis(principal, codes, code, place, selected, may)
    if not codes.chosen.diagnoses:
        st.html('<div class="fb-status">None.</div>')
    if may:
        show_find(principal, codes)
    st.header("Services", anchor=False)
    for line in codes.chosen.services:
        show_service(principal, codes, line, selected, may)
    if not codes.chosen.services:
        st.html('<div class="fb-status">None.</div>')
    if may:
        show_service_entry(principal, codes)
    if codes.left_out and codes.state == "open":
        show_left_out(principal, codes, may)
    if codes.total:
        show_total(codes)
    if rest:
        st.html(folded_html(f"Further remarks ({len(rest)})", parts.remarks_html(rest)))


@part()
def show_diagnosis(principal: Principal, codes: Codes, code: str, place: int, selected: str, may: bool) -> None:
    """A code, and below it what can be made of it, once that is opened."""
    with _row(code):
        st.html(parts.diagnosis_html(codes, code, selected, address(codes)))
        opened = may and _opener(code)
        if may:
            _remove(code, lambda: _change(principal, codes, lambda c: c.without_diagnosis(code)))
    if not opened:
        return
    with _panel(code):
        last = place == len(codes.chosen.diagnoses) - 1
        with st.container(horizontal=True):
            for label, icon, off, step in (("up", "arrow_upward", place == 0, -1), ("down", "arrow_downward", last, 1)):
                st.button(f"Move {code} {label}", key=f"{label}-{code}", icon=f":material/{icon}:", disabled=off, on_click=act,
                          args=(lambda step=step: _change(principal, codes, lambda c: c.moved(code, step)), ""))  # fmt: skip
        others = billing_codes.same_category(code)
        labels = {h.code: f"{h.code}  {h.title}" for h in others}
        other = st.selectbox(f"Instead of {code}", list(labels), None, labels.__getitem__, key=f"other-{code}",
                             placeholder="Choose a code")  # fmt: skip
        st.button("Use it", key=f"use-{code}", disabled=not other, on_click=use, args=(principal, codes, code))


def use(principal: Principal, codes: Codes, code: str) -> None:
    other = st.session_state.get(f"other-{code}") or ""
    act(lambda: billing_codes.replace_diagnosis(principal, codes, code, other), f"{other} takes the place of {code}.")


@part()
def show_service(principal: Principal, codes: Codes, line: Line, selected: str, may: bool) -> None:
    """A service, and below it its units, modifiers and diagnoses, once they are opened."""
    with _row(line.code):
        st.html(parts.service_html(codes, line, selected, address(codes)))
        opened = may and _opener(line.code)
        if may:
            _remove(line.code, lambda: _change(principal, codes, lambda c: c.without_line(line.code)))
    if not opened:
        return
    with _panel(line.code):
        mark = f"{line.code}-{hash(line) & 0xFFFFFFF}"  # shows what is kept, also after a change elsewhere
        units = st.number_input("Units", 1, MOST_UNITS, line.units, key=f"units-{mark}")
        offered = list(dict.fromkeys([*line.modifiers, *billing_codes.modifiers_for(line.code)]))
        modifiers = st.multiselect("Modifiers", offered, list(line.modifiers), billing_codes.modifier_words, key=f"modifiers-{mark}",
                                   max_selections=4, accept_new_options=True)  # fmt: skip
        pointers = st.multiselect("For these diagnoses", list(codes.chosen.diagnoses), list(line.diagnoses),
                                  lambda d: f"{d}  {billing_codes.display(d)}", key=f"pointers-{mark}", max_selections=4)  # fmt: skip
        new = _as_typed(line, units, modifiers, pointers)
        st.button("Apply", key=f"apply-{mark}", type="primary", disabled=set(new.diagnoses) == set(line.diagnoses) and replace(new, diagnoses=()) == replace(line, diagnoses=()),
                  on_click=apply, args=(principal, codes, line, mark))  # fmt: skip


def _as_typed(line: Line, units: float, modifiers: list[str], pointers: list[str]) -> Line:
    return replace(line, units=int(units), modifiers=tuple(m.upper() for m in modifiers), diagnoses=tuple(pointers))


def apply(principal: Principal, codes: Codes, line: Line, mark: str) -> None:
    """What was typed last is in the state, not in the arguments of the run before."""
    held = st.session_state
    new = _as_typed(line, held[f"units-{mark}"], held[f"modifiers-{mark}"], held[f"pointers-{mark}"])
    act(lambda: billing_codes.change_service(principal, codes, new), "")


def _row(code: str) -> DeltaGenerator:
    return st.container(key=f"bill-row-{code.replace('.', '_')}", horizontal=True, vertical_alignment="center", gap="small")


def _panel(code: str) -> DeltaGenerator:
    return st.container(key=f"bill-open-{code.replace('.', '_')}", border=True, gap="small")


def _opener(code: str) -> bool:
    """Whether what is below the code is open; a plain button, which costs a page half of what a popover does."""
    key = f"change-{code}"
    opened = bool(st.session_state.get(key))
    st.button(f"{'Close' if opened else 'Change'} **{code}**", key=f"bill-toggle-{code}", on_click=_toggle, args=(key,))
    return opened


def _toggle(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key)


def _remove(code: str, work: Callable[[], None]) -> None:
    """A small one with a picture; its name is told to screen readers, and shown where it is pointed at (by the style sheet: each of
    Streamlit's own tooltips costs a page some 7 ms)."""
    label = f"Remove {code}"
    st.button(label, key=f"bill-icon-remove-{code}", icon=":material/close:", type="tertiary", on_click=act, args=(work, ""))


def show_left_out(principal: Principal, codes: Codes, may: bool) -> None:
    with st.expander(f"Suggested and left out ({len(codes.left_out)})", expanded=may):
        for code in codes.left_out:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(f'<div class="fb-code-row"><b>{safe(code)}</b> {safe(billing_codes.display(code))}</div>')
                if may:
                    st.button("Put back", key=f"back-{code}", on_click=act,
                              args=(lambda code=code: billing_codes.put_back(principal, codes, code), ""))  # fmt: skip


def show_total(codes: Codes) -> None:
    total = codes.total
    if total is None:
        return
    told = f"By the clinic's fee table: {total.amount:,.2f} {safe(total.currency)} before modifiers"
    told += f", {total.rvu:,.2f} RVU" if total.rvu is not None else ""
    told += f"; not in the table: {safe(', '.join(total.missing))}" if total.missing else ""
    st.html(f'<div class="fb-status">{told}</div>')


# What stands beside


def level_html(codes: Codes, selected: str) -> str:
    level = codes.output.visit_level
    if not level:
        return ""
    return f"<h2>Level of the visit: {safe(level.level)}, {safe(level.code)}</h2>{parts.grid_html(codes, selected, address(codes))}"


def questions_html(codes: Codes) -> str:
    told = parts.gaps_html(codes)
    if not told:
        return ""
    place = link("Write an addendum", "/drafts", {}, patient=codes.patient, encounter=codes.encounter)
    only = f'<div class="fb-status fb-bill">Only what was done and known is documented. {place}</div>'
    return f"<h2>Questions about the documentation</h2>{told}{only}"


def beside_html(codes: Codes) -> str:
    """What is good to know and asks for nothing; folded."""
    told = ""
    if codes.categories:
        lines = (
            f"<li>{safe(c.code)}: HCC {safe(c.number)} {safe(c.label)} – "
            f"{'on a claim of this year already' if c.earlier else 'on no claim of this year yet'}</li>" for c in codes.categories
        )  # fmt: skip
        told += folded_html(
            f"Risk adjustment categories ({len(codes.categories)})",
            '<div class="fb-status">For information (CMS-HCC V28): no reason to code what isn\'t documented and addressed.</div>'
            f"<ul>{''.join(lines)}</ul>",
        )
    past = codes.output.historical_analysis
    if past and (past.out_of_pattern or past.duplicates):
        claims = [past.out_of_pattern] if past.out_of_pattern else []
        claims += [f"{d.code or 'A claim'} is on a claim of {show_date(d.date)} already" for d in past.duplicates]
        told += folded_html("Earlier claims", "<ul>" + "".join(f"<li>{safe(t)}</li>" for t in claims) + "</ul>")
    return told


def show_send(principal: Principal, codes: Codes) -> None:
    wrong = [r for r in codes.remarks if r.weight == "wrong"]
    digest = codes.chosen.digest()
    seen = not wrong or st.checkbox(
        f"I looked at {'the remark' if len(wrong) == 1 else f'the {len(wrong)} remarks'} above, and it is right as it stands",
        key=f"seen-{digest[:12]}",
    )
    count = len(codes.chosen.diagnoses) + len(codes.chosen.services)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(f"Send {count} code{'s' if count != 1 else ''} for approval", type="primary", icon=":material/send:", key="send",
                  disabled=codes.stopped or not seen, on_click=send, args=(principal, codes, digest))  # fmt: skip
        if codes.edited or codes.stale:
            st.button("Start again from the suggestion", key="again", icon=":material/restart_alt:", on_click=act,
                      args=(lambda: billing_codes.start_again(principal, codes.encounter), ""))  # fmt: skip


# Acting


def act(work: Callable[[], object], done: str) -> None:
    try:
        work()
        if done:
            flash("success", done)
    except FabricError as error:
        flash("error", error.message)
    whole()


def _change(principal: Principal, codes: Codes, how: Callable) -> None:
    billing_codes.change(principal, codes.patient, codes.encounter, how)


def send(principal: Principal, codes: Codes, digest: str) -> None:
    try:
        billing_codes.send(principal, codes.patient, codes.encounter, digest)
    except FabricError as error:
        flash("error", error.message)
        return
    with friendly():  # it is sent, whether that could be noted or not
        keep_sent(keep_billing(principal, codes), codes)
    flash("success", "Sent: the codes wait in the approval queue.")
    go(patient=codes.patient, encounter=codes.encounter)
