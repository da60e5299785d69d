"""An encounter's codes with all that was found about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester import (
    checks,
    diagnoses,
    level,
    linking,
    listing,
    services,
    surgical,
)
from services.bots.billing_code_suggester.checks import Alert, Modified
from services.bots.billing_code_suggester.level import Evaluation
from services.bots.billing_code_suggester.model import NAMED, Diagnosis, Findings, Procedure
from services.bots.billing_code_suggester.visit import Visit
from services.chart.chart import Chart
from services.chart.entry import days
from services.errors import InvalidInput
from services.knowledge.billing import ncci
from services.knowledge.billing.icd10 import RELEASE, RELEASED
from services.knowledge.billing.ncci import Edits

_READ = ("encounter", "condition", "document", "report", "result", "procedure", "immunization", "medication", "order",
         "coverage", "claim")  # fmt: skip
"""Kinds of entries that are asked for: read at once, not one after the other."""
_GOALS = (
    (("I10", "I11", "I12", "I13"), "vital:systolic-blood-pressure"),
    (("E10", "E11", "E13"), "lab:hemoglobin-a1c"),
)
_VISIT_CODE = 0
"""Rank of the code of the visit itself (Z00, Z23): before every disease."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """All codes at or over the asked confidence, the first diagnosis first."""

    visit: Visit
    diagnoses: tuple[Diagnosis, ...]
    primary: Diagnosis | None
    visits: tuple[Evaluation, ...]
    procedures: tuple[Procedure, ...]
    modifiers: tuple[Modified, ...]
    alerts: tuple[Alert, ...]
    necessity: tuple[str, ...]
    found: Findings


def suggest(chart: Chart, encounter_id: str, least: float, edits: Edits | None = None) -> Suggested:
    """Raises InvalidInput that names the field where the encounter is not this patient's or not there by the day."""
    chart.read(*_READ)
    visit = Visit(chart, _encounter(chart, encounter_id))
    found = Findings()
    sex, age = person(visit)
    if not RELEASED[0] <= visit.start <= RELEASED[1]:
        found.warn(f"Codes are of the release of {RELEASE}; the encounter of {visit.start} is outside its year "
                   f"({RELEASED[0]} to {RELEASED[1]}): check them against the release of its date.")  # fmt: skip
    gathered = linking.follow(visit, diagnoses.gather(visit, found), age, found)
    done = services.done(visit, found)
    gathered = diagnoses.merged(gathered + _of_the_visit(visit, done, gathered, age))
    codes = listing.listed([d for d in gathered if d.confidence >= least], sex, age, found)
    left_out = {d.code for d in gathered} - {d.code for d in codes}
    found.gaps = [g for g in found.gaps if g.required_for not in left_out]
    edits = edits or ncci.built_in()
    kept = [p for p in checks.payable(done, edits, visit.start) if p.confidence >= least]
    visits = [v for v in level.evaluate(visit, codes, age, found) if v.confidence >= least]
    changed = [*checks.modifiers(visit, visits, kept, codes, edits), *surgical.surgical(visit, visits, codes, found)]
    _ask_about_goals(visit, codes, found)
    return Suggested(
        visit, tuple(codes), listing.primary(codes), tuple(visits), tuple(kept), tuple(changed),
        tuple(checks.alerts(visits, done, edits, visit.start, changed)), tuple(checks.unsupported(visits, kept, codes)), found,
    )  # fmt: skip


def _encounter(chart: Chart, encounter_id: str):
    entry = next((e for e in chart.entries("encounter") if e.id == encounter_id), None)
    if entry is None:
        problem = f"there is no encounter {encounter_id} of this patient by {chart.as_of}"
        raise InvalidInput(f"encounterId: {problem}", details=[{"field": "encounterId", "problem": problem}])
    return entry


def person(visit: Visit) -> tuple[str, int | None]:
    """(male, female or "", completed years on the day of the encounter or None)."""
    patient = visit.chart.patient.resource
    sex = patient.get("gender")
    born = days(str(patient.get("birthDate") or ""))
    if born is None or born[0] != born[1] or visit.start < born[0]:
        return (sex if sex in ("male", "female") else ""), None
    age = (
        visit.start.year
        - born[0].year
        - ((visit.start.month, visit.start.day) < (born[0].month, born[0].day))
    )
    return (sex if sex in ("male", "female") else ""), age


def _of_the_visit(
    visit: Visit, done: Sequence[Procedure], listed: Sequence[Diagnosis], age: int | None
) -> list[Diagnosis]:
    """The reason of a routine examination, of a postpartum visit without complications, and of immunisation
    (Guidelines I.C.21.c.2, I.C.21.c.11, I.C.21.c.13)."""
    found = []
    if visit.family == "preventive" and age is not None and not any(d.code.startswith("Z00") for d in listed):
        abnormal = any(d.new and d.code[0] != "Z" for d in listed)
        normal, otherwise = ("Z00.00", "Z00.01") if age >= 18 else ("Z00.129", "Z00.121")
        code = otherwise if abnormal else normal
        if age > 0 or _weeks(visit) >= 5:
            found.append(
                Diagnosis(
                    code, NAMED, [visit.reference], _VISIT_CODE, why="routine examination", addressed=False
                )
            )
    if visit.postpartum and not any(d.code[0] == "O" for d in listed):
        found.append(
            Diagnosis("Z39.2", NAMED, [visit.reference], _VISIT_CODE, why="routine postpartum visit", addressed=False)
        )
    given = [
        s
        for p in done
        if p.code in ("90471", "90472", "90473", "90474", "90480", "G0008", "G0009", "G0010")
        for s in p.supports
    ]
    if given:
        found.append(
            Diagnosis("Z23", NAMED, list(dict.fromkeys(given)), 150, why="immunisation", addressed=False)
        )
    return found


def _weeks(visit: Visit) -> int:
    """Age in whole weeks: up to 28 days there are codes of their own."""
    born = days(str(visit.chart.patient.resource.get("birthDate") or ""))
    return (visit.start - born[0]).days // 7 if born else 0


def _ask_about_goals(visit: Visit, codes: Sequence[Diagnosis], found: Findings) -> None:
    """A chronic illness that is not at its goal is not stable: only the clinician says which it is."""
    for prefixes, concept in _GOALS:
        each = next((d for d in codes if d.code.startswith(prefixes) and not d.worse), None)
        last = visit.last_number(concept) if each else None
        if each and last and last.measure:
            found.gap(f"{each.code}: whether it is at its goal isn't documented ({last.name}: {last.measure.text})", "visit level",
                      "Is it at the goal that was set for this patient?")  # fmt: skip
