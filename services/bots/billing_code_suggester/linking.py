"""Codes that follow from others: combinations, stage, organism, body mass index, drugs that are taken, tobacco.

Official Guidelines FY2026: I.A.15, I.A.17, I.C.4.a.3, I.C.9.a, I.B.14 (body mass index goes with a weight diagnosis of the clinician).
"""

from __future__ import annotations

import datetime as dt

from services.bots.billing_code_suggester import model
from services.bots.billing_code_suggester.model import Diagnosis, Findings, Support, support
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under
from services.knowledge.lexicon import lexicon

_EGFR, _BMI = "lab:estimated-glomerular-filtration-rate", "vital:body-mass-index"
_CHRONIC = dt.timedelta(days=90)  # KDIGO 2024: a stage is that of at least three months
_STAGES = ((90, "N18.1"), (60, "N18.2"), (45, "N18.31"), (30, "N18.32"), (15, "N18.4"), (0, "N18.5"))
"""eGFR from (mL/min/1.73 m2), KDIGO 2024 categories G1 to G5."""
_STATUS = 200
_ORAL = frozenset(
    f"drugclass:{name}" for name in ("biguanide", "sulfonylurea", "meglitinide", "thiazolidinedione", "dpp-4-inhibitor", "sglt2-inhibitor")
)  # fmt: skip
_OF_ANY_TYPE = frozenset(
    f"problem:{name}" for name in ("diabetic-ketoacidosis", "diabetic-nephropathy", "diabetic-neuropathy", "diabetic-retinopathy")
)  # fmt: skip
_SMOKES = frozenset(
    ["449868002", "428041000124106", "428071000124103", "428061000124105", "77176002", "65568007"]
)
_SMOKED = frozenset(["8517006"])
"""SNOMED CT answers of the US Core smoking status value set: smokes now; smoked once."""


def follow(visit: Visit, listed: list[Diagnosis], age: int | None, found: Findings) -> list[Diagnosis]:
    """The list with what follows from it. `age`: completed years of the patient on the day."""
    _typed(listed)
    _stage(visit, listed, found)
    listed = _hypertensive(_combined(listed))
    extra = [
        *_organisms(listed), *_body_mass(visit, listed, age), *_drugs(visit, listed), *_tobacco(visit, listed, found),
    ]  # fmt: skip
    return listed + [d for d in extra if d.code not in {x.code for x in listed}]


def _typed(listed: list[Diagnosis]) -> None:
    """A complication that is named without the type of the diabetes is of the type that is coded."""
    if not any(under(d.code, ("E10",)) for d in listed):
        return
    for each in listed:
        first = f"E10{each.code[3:]}"
        if under(each.code, ("E11",)) and each.concepts & _OF_ANY_TYPE and icd10().billable(first):
            each.code = first


def _stage(visit: Visit, listed: list[Diagnosis], found: Findings) -> None:
    """An unspecified stage is told from two values of one stage, three months apart, and asked to be documented."""
    for each in listed:
        if each.code not in ("N18.9", "N18.30"):
            continue
        rates = [e for e in visit.chart.entries("result") if _EGFR in e.own and e.first and e.first <= visit.end
                 and e.measure and e.measure.amount is not None and not e.measure.comparator]  # fmt: skip
        if len(rates) < 2:
            continue
        last = rates[-1]
        stage = _stage_of(last)
        recent = [
            e for e in rates if e.first and last.first and last.first - e.first <= dt.timedelta(days=730)
        ]
        earlier = next(
            (e for e in reversed(recent) if e.first and last.first and last.first - e.first >= _CHRONIC), None
        )
        between = recent[recent.index(earlier) :] if earlier else []
        same = bool(between) and all(_stage_of(e) == stage for e in between)
        if (
            not same
            or earlier is None
            or (each.code == "N18.30" and not stage.startswith("N18.3"))
            or stage in ("N18.1", "N18.2")
        ):
            continue
        found.gap("Chronic kidney disease: stage not documented", stage,
                  "What is the stage of the chronic kidney disease, if it has been determined?")  # fmt: skip
        each.code, each.confidence = stage, min(each.confidence, model.INFERRED)
        each.supports += [support(earlier), support(last)]


def _stage_of(entry: Entry) -> str:
    amount = entry.measure.amount if entry.measure else None
    return next((code for low, code in _STAGES if amount is not None and amount >= low), "")


def _combined(listed: list[Diagnosis]) -> list[Diagnosis]:
    for rule in tables.combined():
        first = next((d for d in listed if d.code in rule.first), None)
        second = next((d for d in listed if under(d.code, rule.second)), None)
        if first is None or second is None or _unrelated(first, second):
            continue
        _become(first, second, rule.code)
        if not rule.keep:
            listed = [d for d in listed if d is not second]
    return listed


def _hypertensive(listed: list[Diagnosis]) -> list[Diagnosis]:
    """Hypertension with heart failure or chronic kidney disease is one disease (I.C.9.a)."""
    high = next((d for d in listed if d.code == "I10"), None)
    kidney = next((d for d in listed if under(d.code, ("N18",))), None)
    heart = next((d for d in listed if under(d.code, ("I50",))), None)
    if high is None or (kidney is None and heart is None):
        return listed
    late = kidney is not None and kidney.code in ("N18.5", "N18.6")
    if heart and kidney:
        code = "I13.2" if late else "I13.0"
    elif heart:
        code = "I11.0"
    else:
        code = "I12.0" if late else "I12.9"
    for other in (heart, kidney):
        if other:
            _become(high, other, code)
    return listed


def _become(first: Diagnosis, second: Diagnosis, code: str) -> None:
    first.code = code
    first.confidence = min(first.confidence, second.confidence)
    first.supports += [s for s in second.supports if s not in first.supports]
    first.rank, first.worse = min(first.rank, second.rank), first.worse or second.worse


def _unrelated(first: Diagnosis, second: Diagnosis) -> bool:
    said = " ".join(s.text for s in (*first.supports, *second.supports)).lower()
    return any(
        words in said
        for words in ("not due to", "unrelated to", "nondiabetic", "non-diabetic", "not related")
    )


def _organisms(listed: list[Diagnosis]) -> list[Diagnosis]:
    """The organism that the name of the problem or of the visit's reason tells, where the note at its code asks for it."""
    found = []
    for each in listed:
        named: dict[str, list[Support]] = {}
        for item in each.supports:
            if item.reference.startswith(("Condition/", "Encounter/")):
                for code in tables.organisms(item.text):
                    named.setdefault(code, []).append(item)
        for code, supports in named.items():
            if tables.asks_for(each.code, code):
                found.append(Diagnosis(code, min(each.confidence, model.CONCEPT), supports, each.rank, why=f"asked for at {each.code}",
                                       addressed=False))  # fmt: skip
    return found


def _body_mass(visit: Visit, listed: list[Diagnosis], age: int | None) -> list[Diagnosis]:
    weight = next((d for d in listed if under(d.code, ("E66", "R63.4", "R63.5", "R63.6", "E43-E46"))), None)
    last = visit.last_number(_BMI) if weight else None
    if weight is None or last is None or age is None or age < 20:
        return []
    amount = last.measure.amount if last.measure and last.measure.amount else 0.0
    if not 8 <= amount <= 150:
        return []
    if amount < 20:
        code = "Z68.1"
    elif amount < 40:
        code = f"Z68.{int(amount)}"
    else:
        code = f"Z68.4{1 + sum(amount >= bound for bound in (45, 50, 60, 70))}"
    return [Diagnosis(code, min(weight.confidence, model.CODED), [support(last)], _STATUS, why="measured in the encounter",
                      addressed=False)] if icd10().billable(code) else []  # fmt: skip


def _drugs(visit: Visit, listed: list[Diagnosis]) -> list[Diagnosis]:
    """Long-term drugs that the notes at the diabetes ask for. With type 1, insulin is taken for granted."""
    diabetes = next((d for d in listed if under(d.code, ("E08", "E09", "E11", "E13"))), None)
    if diabetes is None:
        return []
    found = []
    for code, fits in (("Z79.4", _is_insulin), ("Z79.84", _is_oral), ("Z79.85", _is_injected)):
        taken = [e for e in _taken(visit) if fits(e)]
        if taken and tables.asks_for(diabetes.code, code):
            found.append(Diagnosis(code, min(diabetes.confidence, model.NAMED), [support(e) for e in taken], _STATUS + 1,
                                   why="taken for the diabetes", addressed=False))  # fmt: skip
    return found


def _taken(visit: Visit) -> list[Entry]:
    """Orders and statements that hold on the day, no single doses."""
    day = visit.start.isoformat()
    return [
        e for e in visit.chart.entries("medication")
        if e.status == "active" and not e.extra.get("given") and (e.first is None or e.first <= visit.end)
        and not (e.end and e.end[:10] < day[: len(e.end[:10])])
    ]  # fmt: skip


def _classes(entry: Entry) -> set[str]:
    return {wider for concept in entry.own | entry.named for wider in lexicon().closure(concept)}


def _is_insulin(entry: Entry) -> bool:
    return "drugclass:insulin" in _classes(entry)


def _is_injected(entry: Entry) -> bool:
    return (
        "drugclass:glp-1-receptor-agonist" in _classes(entry)
        and "rybelsus" not in entry.name.lower()
        and ("oral" not in f"{entry.name} {entry.extra.get('route')}".lower())
    )


def _is_oral(entry: Entry) -> bool:
    return bool(_classes(entry) & _ORAL)


def _tobacco(visit: Visit, listed: list[Diagnosis], found: Findings) -> list[Diagnosis]:
    """Smoking status that was recorded in the encounter, where a diagnosis asks for it."""
    for _, entry in visit.of_loinc({tables.ADULT_TOBACCO_STATUS}):
        answers = {c for _, c in values.codings(entry.resource.get("valueCodeableConcept"))}
        code = "F17.200" if answers & _SMOKES else "Z87.891" if answers & _SMOKED else ""
        asking = next((d for d in listed if code and tables.asks_for(d.code, code)), None)
        if asking is None or any(under(d.code, ("F17", "Z72.0", "Z87.891")) for d in listed):
            continue
        if code == "F17.200":
            found.gap("Tobacco: which kind is not documented", "F17.200", "Which kind of tobacco is used?")
        return [
            Diagnosis(
                code,
                model.CONCEPT,
                [support(entry)],
                _STATUS + 2,
                why=f"asked for at {asking.code}",
                addressed=False,
            )
        ]
    return []
