"""The sections of a note, each put together from the visit; an empty one says what is not recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

from services.bots.documentation_assistant import background, followed, measured, treated
from services.bots.documentation_assistant.kinds import KINDS, left_out
from services.bots.documentation_assistant.model import Line, Part, Section, missing, own, told
from services.bots.documentation_assistant.quoting import quoted
from services.bots.documentation_assistant.result_kinds import category
from services.bots.documentation_assistant.schemas import DocAssistantInput
from services.bots.documentation_assistant.transcript import Heard
from services.bots.documentation_assistant.visit import Visit
from services.chart.entry import Entry

_RECENT = 365
_MOST_RECENT = 15


@dataclass(frozen=True)
class Material:
    """All that a note is made of. What several sections and the warnings need is read once."""

    visit: Visit
    asked: DocAssistantInput
    heard: Heard

    @functools.cached_property
    def problems(self) -> list[Entry]:
        return background.problems(self.visit)

    @functools.cached_property
    def diagnoses(self) -> list[Entry]:
        return background.diagnoses(self.visit)

    @functools.cached_property
    def medicines(self) -> treated.Reconciled:
        return treated.reconcile(self.visit)

    @functools.cached_property
    def results(self) -> list[measured.Result]:
        return measured.results_of(self.visit, lambda c: c not in ("vital-signs", "social-history", "exam"))


def _given(words: str | None) -> list[Line]:
    return [own(words)] if words and words.strip() else []


def _reason(m: Material) -> list[Line]:
    entry = m.visit.entry
    lines = _given(m.asked.clinician_input.chief_complaint)
    if entry.extra.get("reason"):
        lines.append(told(str(entry.extra["reason"]), entry))
    return [*lines, *m.heard.complaint] or [missing("No reason for this visit is recorded.")]


def _history(m: Material) -> list[Line]:
    lines = [*m.heard.symptoms, *quoted(m.visit, "history")]
    return lines or [missing("No history of the present illness is recorded for this visit.")]


def _review(m: Material) -> list[Line]:
    return quoted(m.visit, "review") or [missing("No review of systems is recorded for this visit.")]


def _past(m: Material) -> list[Line]:
    active = [background.problem_line(e) for e in m.problems]
    lines = [*active, *background.past_lines(m.visit, m.problems)]
    return lines or [missing("No medical history is recorded.")]


def _surgical(m: Material) -> list[Line]:
    return background.earlier_procedure_lines(m.visit) or [
        missing("No earlier procedure or operation is recorded.")
    ]


def _family(m: Material) -> list[Line]:
    return background.family_lines(m.visit) or [missing("No family history is recorded.")]


def _social(m: Material) -> list[Line]:
    return background.social_lines(m.visit) or [missing("No social history is recorded.")]


def _medications(m: Material) -> list[Line]:
    return m.medicines.every() or [missing("No medication is recorded.")]


def _allergies(m: Material) -> list[Line]:
    return background.allergy_lines(m.visit)


def _vitals(m: Material) -> list[Line]:
    return measured.vital_lines(m.visit) or [missing("No vital signs are recorded for this visit.")]


def _exam(m: Material) -> list[Line]:
    found = measured.result_lines(measured.results_of(m.visit, lambda c: c == "exam"))
    lines = [*_given(m.asked.clinician_input.physical_exam), *found, *quoted(m.visit, "exam")]
    return lines or [missing("No physical examination is recorded for this visit.")]


def _results(m: Material) -> list[Line]:
    return measured.result_lines(m.results) or [missing("No results are recorded for this visit.")]


def _recent(m: Material) -> list[Line]:
    """Results of the visit, and of each other test the last one of the year before it."""
    lines = measured.result_lines(m.results)
    seen = {r.name for r in m.results}
    latest: dict[str, Entry] = {}
    for entry in m.visit.chart.entries("result"):
        young = entry.first and 0 <= (m.visit.day - entry.first).days <= _RECENT
        told = category(entry) in ("laboratory", "imaging") and entry.name not in seen
        if young and told and not entry.part and entry.measure:
            latest[entry.name] = entry
    newest = sorted(latest.values(), key=lambda e: e.order, reverse=True)[:_MOST_RECENT]
    lines += measured.result_lines([measured.Result(e, (e,), None) for e in newest])
    return lines or [missing("No results of the year before this visit are recorded.")]


def _studies(m: Material) -> list[Line]:
    return followed.study_lines(m.visit, m.asked.include_lab_results)


def _procedures(m: Material) -> list[Line]:
    return background.procedure_lines(m.visit)


def _procedures_told(m: Material) -> list[Line]:
    return _procedures(m) or [missing("No procedure is recorded for this visit.")]


def _immunizations(m: Material) -> list[Line]:
    return background.immunization_lines(m.visit)


def _assessment(m: Material) -> list[Line]:
    lines = _given(m.asked.clinician_input.assessment)
    if m.asked.documentation_type != "progress":
        lines += quoted(m.visit, "assessment")
    if not lines:
        lines.append(missing("No clinician's assessment is given for this visit."))
    return lines


def _diagnoses(m: Material) -> list[Line]:
    return [background.problem_line(e) for e in m.diagnoses]


def _problems(m: Material) -> list[Line]:
    """Active problems that are not told as diagnoses of the visit."""
    mine = {e.reference for e in m.diagnoses}
    lines = [background.problem_line(e) for e in m.problems if e.reference not in mine]
    return lines or ([] if mine else [missing("No active problem is recorded.")])


def _plan(m: Material) -> list[Line]:
    lines = [*_given(m.asked.clinician_input.plan), *m.heard.instructions, *followed.order_lines(m.visit)]
    lines += followed.appointment_lines(m.visit)
    return lines or [missing("No plan is recorded for this visit.")]


def _admission(m: Material) -> list[Line]:
    lines = _reason(m)
    return (
        [missing("No reason for the admission is recorded.")] if all(line.absent for line in lines) else lines
    )


def _course(m: Material) -> list[Line]:
    return [*followed.course_lines(m.visit, m.asked.include_medications), *quoted(m.visit, "course")]


def _pending(m: Material) -> list[Line]:
    return followed.pending_lines(m.visit) or [missing("No pending result is recorded for this visit.")]


def _condition(m: Material) -> list[Line]:
    lines = quoted(m.visit, "condition")
    if line := followed.disposition_line(m.visit):
        lines.append(line)
    return lines or [missing("No condition at discharge is recorded.")]


def _follow_up(m: Material) -> list[Line]:
    lines = [*_given(m.asked.clinician_input.plan), *m.heard.instructions]
    lines += [
        *followed.order_lines(m.visit),
        *followed.appointment_lines(m.visit),
        *quoted(m.visit, "follow-up"),
    ]
    return lines or [missing("No follow-up is recorded for this visit.")]


def _referred(m: Material) -> list[Line]:
    details = m.asked.referral_details
    if details is None:
        return [missing("To whom the patient is referred, and how urgently, is not given.")]
    return [own(f"Referred to: {details.specialty}"), own(f"Urgency: {details.urgency}")]


def _question(m: Material) -> list[Line]:
    lines = _reason(m)
    if m.asked.referral_details:
        wanted = m.asked.referral_details.specialty.casefold()
        for entry in m.visit.of("order"):
            if wanted in entry.name.casefold() or "referral" in entry.name.casefold():
                reason = f", for {entry.extra['reason']}" if entry.extra.get("reason") else ""
                lines.append(told(f"Ordered: {entry.name}{reason}", entry))
    return [line for line in lines if not line.absent] or [
        missing("No question to the specialist is recorded.")
    ]


def _tried(m: Material) -> list[Line]:
    lines = [*treated.tried(m.visit), *background.latest_procedure_lines(m.visit), *_procedures(m)]
    return lines or [missing("No earlier treatment is recorded.")]


def _discharge_medications(m: Material) -> list[Line]:
    found = m.medicines
    lines = [*found.changes(), *found.continued]
    return lines or [missing("No discharge medication is recorded.")]


def _given_inside(m: Material) -> list[Line]:
    return m.medicines.given


Maker = Callable[[Material], list[Line]]
_S, _O, _A, _P = "subjective", "objective", "assessment", "plan"
MAKERS: dict[str, tuple[str, Part, Maker]] = {
    "reason": ("Reason for visit", _S, _reason),
    "complaint": ("Chief complaint", _S, _reason),
    "admission": ("Reason for admission", _S, _admission),
    "referral": ("Referral", _S, _referred),
    "question": ("Question to the specialist", _S, _question),
    "history": ("History of present illness", _S, _history),
    "interval": ("Interval history", _S, _history),
    "past": ("Medical history", _S, _past),
    "surgical": ("Earlier procedures and operations", _S, _surgical),
    "family": ("Family history", _S, _family),
    "social": ("Social history", _S, _social),
    "review": ("Review of systems", _S, _review),
    "tried": ("Treatment so far", _S, _tried),
    "medications": ("Medications", _S, _medications),
    "allergies": ("Allergies", _S, _allergies),
    "vitals": ("Vital signs", _O, _vitals),
    "exam": ("Physical examination", _O, _exam),
    "results": ("Results", _O, _results),
    "recent": ("Recent results", _O, _recent),
    "studies": ("Studies", _O, _studies),
    "course": ("Hospital course", _O, _course),
    "procedures": ("Procedures", _O, _procedures),
    "done": ("Procedures", _O, _procedures_told),
    "immunizations": ("Immunizations", _O, _immunizations),
    "given": ("Also given or ordered in this visit", _P, _given_inside),
    "assessment": ("Assessment", _A, _assessment),
    "diagnoses": ("Diagnoses of this visit", _A, _diagnoses),
    "problems": ("Active problems", _A, _problems),
    "condition": ("Condition at discharge", _A, _condition),
    "discharge_medications": ("Discharge medications", _P, _discharge_medications),
    "pending": ("Pending results", _P, _pending),
    "plan": ("Plan", _P, _plan),
    "follow_up": ("Follow-up", _P, _follow_up),
}
_OPTIONAL = frozenset(["studies", "procedures", "immunizations", "diagnoses", "problems", "given"])
"""Sections that are left out where they hold nothing."""


def draft(material: Material, done: Callable[[Section], None] = lambda _: None) -> list[Section]:
    """The note's sections in order; each is told to `done` once it is put together."""
    unwanted = left_out(material.asked)
    found = []
    for key in KINDS[material.asked.documentation_type].sections:
        title, part, make = MAKERS[key]
        lines = [] if key in unwanted else make(material)
        if lines or (key not in _OPTIONAL and key not in unwanted):
            found.append(Section(key, title, part, lines))
            done(found[-1])
    return found
