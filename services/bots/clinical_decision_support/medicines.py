"""What the patient takes, against each other, against allergies, problems and results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import combinations

from services.bots.clinical_decision_support.model import Basis, Finding, Severity, basis
from services.bots.clinical_decision_support.person import Person
from services.chart import holding
from services.chart.building import build
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.holding import Medicine
from services.fhir.repository import Resource
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.conditions import Facts, condition_conflicts
from services.knowledge.medicines.interactions import Rules, known_rules, of_pair
from services.knowledge.units import convert

SEVERITY: Mapping[str, Severity] = {
    "contraindicated": "critical", "major": "high", "moderate": "medium", "minor": "low",
}  # fmt: skip
_RECENT = dt.timedelta(days=365)
_VALUES = {  # fact of the knowledge base: concepts and the unit it is reckoned in
    "egfr": (("lab:egfr", "lab:estimated-glomerular-filtration-rate"), "mL/min/{1.73_m2}"),
    "potassium": (("lab:potassium",), "mmol/L"),
    "qtc": (("vital:qtc-interval", "lab:qtc-interval", "procedure:qtc-interval"), "ms"),
    "inr": (("lab:international-normalized-ratio",), "1"),
    "platelets": (("lab:platelet-count",), "10*3/uL"),
}
_ADVICE = "Stop or replace one of them, or say why both are needed."


def draft_findings(
    chart: Chart, person: Person, series: Mapping[str, Sequence[Entry]], drafts: Sequence[Resource]
) -> list[tuple[str, Finding]]:
    """(draft, finding) of orders that are being made, by what the patient takes and has: the draft as Type/id."""
    taken = holding.medicines(chart)
    made = [m for d in drafts if (m := _drafted(chart, d))]
    known = known_rules()
    found = []
    for number, draft in enumerate(made):
        others = [m for m in taken if m.reference != draft.reference] + made[:number]
        told = [f for other in others for f in _pairs(draft, other, known)]
        told += _allergic(draft, holding.allergies(chart))
        told += _conditions(chart, person, [draft], series)
        found += [(draft.reference, f) for f in _once(told)]
    return found


def _drafted(chart: Chart, resource: Resource) -> Medicine | None:
    """An order that is not in the record yet."""
    entry = next(iter(build({**resource, "status": "draft"}, "draft", chart.resolve)), None)
    return holding.medicine_of(chart, entry) if entry is not None and entry.kind == "medication" else None


def medicine_findings(chart: Chart, person: Person, series: Mapping[str, Sequence[Entry]]) -> list[Finding]:
    """`series`: results by concept, oldest first."""
    taken = holding.medicines(chart)
    known = known_rules()
    found = [f for one, other in combinations(taken, 2) for f in _pairs(one, other, known)]
    found += [f for medicine in taken for f in _allergic(medicine, holding.allergies(chart))]
    return _once(found + _conditions(chart, person, taken, series))


def _pairs(one: Medicine, other: Medicine, known: Rules) -> list[Finding]:
    if one.entry.own & other.entry.own and one.entry.type != other.entry.type:
        return []  # an order, and the statement that it is taken
    found = []
    for told in of_pair(one.drug, other.drug, known):
        changes = f" What would change it: {told.changes}" if told.changes else ""
        first, second = told.drugs
        found.append(
            Finding(
                "interactions", f"interaction/{told.rule}", " + ".join(sorted((first, second))), SEVERITY[told.severity],
                f"{_named(first)} with {second}", told.mechanism, f"{told.recommendation}{changes}",
                (_taken(one), _taken(other)), told.source, medications=(one.entry.name, other.entry.name), grade=told.severity,
                table=told.table,
            )
        )  # fmt: skip
    return found


def _allergic(medicine: Medicine, allergies: Sequence[holding.Allergy]) -> list[Finding]:
    found = []
    for allergy in allergies:
        for conflict in allergy_conflicts(medicine.drug, [(allergy.codings, allergy.text)]):
            if conflict.relation == "cross-reactive" and allergy.intolerance:
                continue
            severity: Severity = "critical" if conflict.relation == "ingredient" else "high"
            found.append(
                Finding(
                    "interactions", f"allergy/{conflict.relation}", f"{conflict.drug} + {conflict.allergen}", severity,
                    f"{_named(conflict.drug)} despite an allergy to {conflict.allergen}", conflict.note,
                    "Stop it, or have the allergy clarified.", (_taken(medicine), basis(allergy.entry)), conflict.source,
                    medications=(medicine.entry.name,), grade="contraindicated" if severity == "critical" else "major",
                    table=conflict.table,
                )
            )  # fmt: skip
    return found


def _conditions(
    chart: Chart, person: Person, taken: Sequence[Medicine], series: Mapping[str, Sequence[Entry]]
) -> list[Finding]:
    problems = holding.problems(chart)
    pregnant = holding.pregnancy(chart)
    values = {name: v for name in _VALUES if (v := _latest(chart, series, *_VALUES[name]))}
    facts = Facts(
        pregnant=bool(pregnant) or None, age=person.age_on(chart.as_of), sex=person.sex,
        **{name: value for name, (value, _) in values.items()},
    )  # fmt: skip
    by_concept = {c: e for e in problems for c in (e.own | e.named)}
    found = []
    for medicine in taken:
        for conflict in condition_conflicts(medicine.drug, list(by_concept), facts):
            fact = conflict.because.partition(" ")[0]
            why: list[Basis] = [basis(values[fact][1])] if fact in values else []
            if not why:
                why = [
                    basis(e)
                    for e in (
                        pregnant if conflict.rule == "pregnancy" else _problem(conflict.because, by_concept)
                    )
                ]
            found.append(
                Finding(
                    "interactions", f"condition/{conflict.rule}", f"{conflict.drug} + {conflict.because.partition(' ')[0]}",
                    SEVERITY[conflict.severity], f"{_named(conflict.drug)}{_because(conflict.because, why)}", conflict.note,
                    conflict.recommendation or _ADVICE, (_taken(medicine), *why), conflict.source,
                    medications=(medicine.entry.name,), grade=conflict.severity, table=conflict.table,
                )
            )  # fmt: skip
    return found


def _problem(because: str, by_concept: Mapping[str, Entry]) -> list[Entry]:
    if because in by_concept:
        return [by_concept[because]]
    return [e for c, e in by_concept.items() if because in lexicon().closure(c)][:1]


def _latest(
    chart: Chart, series: Mapping[str, Sequence[Entry]], concepts: Sequence[str], unit: str
) -> tuple[float, Entry] | None:
    """The latest value within a year, in the unit."""
    entries = sorted((e for c in concepts for e in series.get(c, ())), key=lambda e: e.order)
    for entry in reversed(entries):
        measure = entry.measure
        if (
            measure is None
            or measure.amount is None
            or entry.last is None
            or chart.as_of - entry.last > _RECENT
        ):
            continue
        given = measure.code or measure.unit
        value = measure.amount if unit == "1" else convert(measure.amount, given, unit, concepts[0])
        return (value, entry) if value is not None else None
    return None


def _once(found: list[Finding]) -> list[Finding]:
    """One of each key: two orders of one drug don't say the same twice."""
    return list({f.key: f for f in found}.values())


def _taken(medicine: Medicine) -> Basis:
    dose = medicine.entry.extra.get("dose") or ""
    return basis(medicine.entry, f"{medicine.entry.name}{f': {dose}' if dose else ''}")


def _because(because: str, why: Sequence[Basis]) -> str:
    return f" with {why[0].text}" if why else f" ({because})"


def _named(drug: str) -> str:
    return drug[:1].upper() + drug[1:]
