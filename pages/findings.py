"""What the record shows and somebody should know: of one patient, and of all as a work list."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages._bots_tabs import flash, show_flash
from pages._cards import link
from pages._feedback import rate
from pages._findings_parts import differential_html, finding_html, rules_html, worklist_html
from pages._guard import folded, part, whole
from pages._shell import friendly, guard, patient_banner, safe, tell_seen
from pages._within import go
from services.console import findings
from services.console.dates import show_date
from services.console.feedback import item_of_finding
from services.console.findings import KINDS, REASONS, SEVERITIES, SNOOZES, TITLES, Findings, Kept, Line, Told
from services.console.replaying import keep_findings
from services.console.replaying_kept import keep_override
from services.errors import FabricError

URGENT = "critical,high"
GRAVITY = {
    URGENT: "Critical and high",
    "critical": "Critical only",
    "critical,high,medium": "Medium and above",
    ",".join(SEVERITIES): "All",
}


def show_worklist() -> None:
    st.title("Findings", anchor=False)
    kind = st.query_params.get("kind", "")
    kind = kind if kind in KINDS else ""
    risk = st.query_params.get("risk", "")
    risk = risk if risk in GRAVITY else URGENT

    def chosen() -> None:
        asked = {"kind": st.session_state["f-kind"], "risk": st.session_state["f-risk"]}
        go(**{k: v for k, v in asked.items() if v and v != URGENT})

    with st.container(horizontal=True):
        kinds, severities = ["", *KINDS], list(GRAVITY)
        st.selectbox("Kind", kinds, kinds.index(kind), lambda k: TITLES.get(k, "All kinds"), key="f-kind",
                     on_change=chosen, width=240)  # fmt: skip
        st.selectbox("Severity", severities, severities.index(risk), GRAVITY.__getitem__, key="f-risk",
                     on_change=chosen, width=240)  # fmt: skip
    with friendly():
        lines = findings.worklist(principal, (kind,) if kind else KINDS, tuple(risk.split(",")))
        tell_seen(principal, "findings", (line.kept.patient for line in lines))
        if findings.behind():
            st.html(
                '<div class="fb-status" role="status">Changes of the record are still being analysed.</div>'
            )
        if lines:
            st.html(worklist_html(lines))
        else:
            st.info("Nothing of this kind is open.")


def show_patient(patient_id: str) -> None:
    st.session_state["decided-here"] = {}
    patient_banner(principal, patient_id, "findings")
    st.title("Findings", anchor=False)
    show_flash()
    with friendly():
        begun = time.perf_counter()
        found = findings.of_patient(principal, patient_id)
        shown = keep_findings(principal, patient_id, found, 1000 * (time.perf_counter() - begun))
        st.html(
            '<div class="fb-status">Computed from the record with published knowledge; each names its source. '
            "A dismissed finding comes back when what it rests on changes.</div>"
        )
        if not found.open:
            st.info("Nothing is open for this patient.")
        told = show_model(patient_id, found)
        for kind in KINDS:
            lines = [line for line in findings.arranged(found.open, told) if line.finding.kind == kind]
            if not lines:
                continue
            title = f"{TITLES[kind]} ({len(lines)})"
            if kind == "preventive":  # many, and none of them urgent
                folded(title, "preventive", functools.partial(show_lines, patient_id, lines, told, shown))
            else:
                st.header(title, anchor=False)
                show_lines(patient_id, lines, told, shown)
        if told and told.differential:
            st.header(f"Diagnoses that the model thinks of ({len(told.differential)})", anchor=False)
            st.html(
                '<div class="fb-status">No criterion of the console speaks for these; the model does. Each names what of the '
                "record it rests on. None of them is proposed or kept.</div>"
                + differential_html(told, patient_id)
            )
        if told and told.refused:
            with st.expander(f"Left out of what the model said ({len(told.refused)})"):
                st.html("".join(f'<div class="fb-meta">{safe(line)}</div>' for line in told.refused))
        if found.decided:
            folded(f"Dismissed, snoozed or in hand ({len(found.decided)})", "decided",
                   lambda: show_all_decided(patient_id, found.decided))  # fmt: skip
        if found.rules:
            folded(
                f"All preventive rules ({len(found.rules)})",
                "rules",
                lambda: st.html(rules_html(found.rules)),
            )


def show_model(patient_id: str, found: Findings) -> Told | None:
    """What a model says of the findings, once somebody asked for it; kept for the session, until a finding changes."""
    place = f"model-told-{patient_id}"
    about = tuple((line.finding.key, line.finding.state) for line in found.open)
    held = st.session_state.get(place)
    told: Told | None = held[1] if held and held[0] == about else None
    if told is None and found.open and findings.model_there():
        if st.button("Ask the model to comment", key="ask-model", icon=":material/forum:",
                     help="It may give reasons, an order among equally grave findings, and diagnoses to think of"):  # fmt: skip
            with st.spinner("The model reads the findings; they stay as they are"):
                told = findings.comment(principal, patient_id, found)
                st.session_state[place] = (about, told)  # before the spinner ends: a second click finds it
            st.rerun()
    elif told and told.trouble:
        st.html(f'<div class="fb-status" role="status">{safe(told.trouble)}</div>')
    return told


def show_lines(patient_id: str, lines: Sequence[Line], told: Told | None, shown: str) -> None:
    for line in lines:
        show_line(patient_id, line, told, shown)


@part()
def show_line(patient_id: str, line: Line, told: Told | None = None, shown: str = "") -> None:
    """By itself, so that choosing a reason, a verdict and the decision run nothing else: what is decided stays where it was,
    to be opened again, until the page is looked at anew."""
    key = line.finding.key
    kept = st.session_state.get("decided-here", {}).get(key)
    with st.container(key=f"keeps-focus-{key}"):
        if kept:
            with st.container(border=True, key=f"decided-here-{key}"):
                show_flash()
                show_decided(patient_id, replace(line, kept=kept))
        else:
            with st.container(border=True, key=f"finding-{key}"):
                show_flash()
                show_open(patient_id, line, told, shown)


def show_open(patient_id: str, line: Line, told: Told | None, shown: str) -> None:
    key = line.finding.key
    st.html(finding_html(line, patient_id, told.reasons.get(key, ()) if told else ()))
    if not principal.may("write"):
        return
    with st.container(horizontal=True, gap="small"):
        st.button("Accept: propose it" if line.proposable else "Accept", key=f"accept-{key}", icon=":material/check:",
                  on_click=act, args=(patient_id, line, "accept"),
                  help="What it proposes goes to the approval queue" if line.proposable else "It is in hand")  # fmt: skip
        with st.popover("Dismiss", icon=":material/close:", key=f"dismiss-{key}", on_change="rerun") as box:
            if box.open:
                show_dismiss(patient_id, line)
        with st.popover("Snooze", icon=":material/snooze:", key=f"snooze-{key}", on_change="rerun") as box:
            if box.open:
                for days, label in SNOOZES.items():
                    st.button(label, key=f"snooze-{key}-{days}", on_click=act, args=(patient_id, line, "snooze", days))
        rate(principal, item_of_finding(patient_id, shown, line.finding), brief=True)


def show_dismiss(patient_id: str, line: Line) -> None:
    key = line.finding.key
    code = st.selectbox(
        "Why", list(REASONS), None, REASONS.__getitem__, key=f"why-{key}", placeholder="Choose a reason"
    )
    st.text_input("In your words", key=f"words-{key}", max_chars=500)
    st.button("Dismiss it", key=f"dismissed-{key}", disabled=not code, on_click=dismiss, args=(patient_id, line))


def show_all_decided(patient_id: str, lines: Sequence[Line]) -> None:
    for line in lines:
        show_decided(patient_id, line)


def show_decided(patient_id: str, line: Line) -> None:
    kept = line.kept
    until = f" until {show_date(kept.until)}" if kept.until else ""
    why = f": {safe(kept.reason)}" if kept.reason else ""
    st.html(
        f'<div class="fb-finding"><b>{safe(line.finding.title)}</b> · {safe(kept.decision.capitalize())}{safe(until)} by {safe(kept.who)}{why}</div>'
    )
    if principal.may("write"):
        st.button(
            "Open again", key=f"reopen-{line.finding.key}", on_click=act, args=(patient_id, line, "reopen")
        )


def dismiss(patient_id: str, line: Line) -> None:
    """What was typed last is in the state, not in the arguments of the run before."""
    key = line.finding.key
    act(patient_id, line, "dismiss", st.session_state.get(f"why-{key}") or "", st.session_state.get(f"words-{key}") or "")


def act(patient_id: str, line: Line, what: str, *arguments: object) -> None:
    key = line.finding.key
    here: dict[str, Kept] = st.session_state["decided-here"]
    try:
        said = getattr(findings, what)(principal, patient_id, line.finding, *arguments)
        words = said or {"dismiss": "dismissed.", "snooze": "snoozed.", "reopen": "open again."}[what]
        flash("success", f"{line.finding.title}: {words}")
    except findings.Waiting as error:
        flash("warning", error.message, link("Open the proposal", "/approvals", {}, task=error.task))
        return
    except FabricError as error:
        flash("error", error.message)
        whole()  # it is not what this page shows any more
        return
    if what == "reopen" and key not in here:
        whole()  # from the list of those decided to that of the open ones
    here.pop(key, None)
    if what != "reopen" and (kept := findings.standing(principal, patient_id, line.finding)):
        here[key] = kept
    with friendly():  # it is decided, whether that could be counted or not
        keep_override("findings", line.finding.rule, what, str(arguments[0]) if what == "dismiss" else "")


principal = guard("Findings", "search")
if patient := st.query_params.get("patient"):
    show_patient(patient)
else:
    show_worklist()
