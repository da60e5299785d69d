"""What a stay in hospital began and ended with: its diagnoses, the drugs for home, and who was in charge."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.bots.rag_pipeline.answer import (
    Answer,
    Source,
    Statement,
    absent,
    joined,
    listing,
    shown,
    truth,
    words,
)
from services.bots.rag_pipeline.drugs import described, during, state
from services.bots.rag_pipeline.drugs import source as drug_source
from services.bots.rag_pipeline.event_told import said, source
from services.bots.rag_pipeline.plan import Plan
from services.bots.rag_pipeline.selecting import matching
from services.bots.rag_pipeline.windows import is_stay, stay_of
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.chart.stays import Stay, stays
from services.chart.visits import ranked_diagnoses
from services.index.text import values
from services.index.text.context import Context

_DIAGNOSES = re.compile(
    r"\b(?P<a>admission|admitting|discharge|discharging) (?:hospital )?diagnos[ei]s\b"
    r"|\bdiagnos[ei]s (?:on|at|upon|for) (?:the |her |his )?(?P<b>admission|discharge)\b",
    re.IGNORECASE,
)
_DRUGS = r"(?:medications?|meds|drugs?|prescriptions?|medicines?)"
_HOME = re.compile(
    rf"\bdischarge {_DRUGS}\b|\b{_DRUGS} (?:on|at|upon) (?:the |her |his )?discharge\b"
    rf"|\b{_DRUGS}\b.*\b(?:discharged|sent home|went home|go home|sent out|left (?:the )?hospital)(?: home)? (?:on|with)\b"
    r"|^\W*what (?:was|were) (?:she|he|they|the patient) (?:discharged|sent home)(?: home)? on\b"
    r"|\b(?:discharged|sent (?:home|out)|go(?:es)? home|went home|going home|left (?:the )?hospital|leave (?:the )?hospital)(?: home)? (?:on|with|taking)\b(?! (?:hospice|services|oxygen|o2|the same|a (?:drain|catheter|line|picc)))",
    re.IGNORECASE,
)
_ATTENDING = re.compile(r"\battending\b(?! (?:school|college|university|a |an |the |her |his |clinic|church))", re.IGNORECASE)
_ATND = re.compile(r"\battend", re.IGNORECASE)
_OF_A_STAY = re.compile(r"\b(?:stay|admission|admitted|hospital\w*|inpatient|discharged?)\b", re.IGNORECASE)
_DIAGNOSIS_USE = {"admission": ("AD",), "discharge": ("DD",)}
"""Codes of http://terminology.hl7.org/CodeSystem/diagnosis-role: AD admission, DD discharge diagnosis."""


def answer(chart: Chart, plan: Plan) -> Answer | None:
    """None where the question is about none of these."""
    text = plan.question.text
    if (found := _DIAGNOSES.search(text)) and plan.ask not in ("when", "count", "duration"):
        word = (found["a"] or found["b"]).lower()
        return _diagnoses(chart, plan, "discharge" if word.startswith("discharg") else "admission")
    if plan.target.kinds == ("condition",) and not (plan.target.concepts or plan.target.words) and plan.ask == "list" and _OF_IT.search(text):
        return _all_diagnoses(chart, plan)
    drugs = all(c.startswith("drug") for c in plan.target.concepts)
    if _HOME.search(text) and plan.ask in ("list", "value", "status", "exists") and drugs and not plan.target.purpose and not plan.target.words:
        return _for_home(chart, plan)
    if _ATTENDING.search(text) and plan.ask in ("who", "list", "value", "demographic") and not plan.target.concepts:
        return _in_charge(chart, plan)
    return None


def _stay(chart: Chart, plan: Plan, ending: bool = False) -> Stay | None:
    """The stay that is named, else the last (or the first) of the time asked about; `ending`: of those that ended in it, if any."""
    anchor = plan.stay or next((a for a in plan.anchors if is_stay(a)), None)
    if anchor is not None:
        return stay_of(chart, anchor)
    every = [
        s
        for s in stays(chart)
        if not (plan.since and s.last and s.last < plan.since)
        and not (plan.until and s.first and s.first > plan.until)
        and not (plan.month and s.first and s.first.month != plan.month)
    ]
    if ending:
        every = [s for s in every if s.last and not (plan.since and s.last < plan.since) and not (plan.until and s.last > plan.until)] or every
    return every[0 if plan.pick == "earliest" else -1] if every else None


def _none() -> Answer:
    return absent("Not found in the record: no such stay in hospital.", ["no stay in hospital in what was asked about"])


def _diagnoses(chart: Chart, plan: Plan, which: str) -> Answer:
    stay = _stay(chart, plan)
    if stay is None:
        return _none()
    steps = [f"the stay: {said(stay.main)}"]
    ranked = ranked_diagnoses(stay.main.resource)
    used = [d for d in ranked if {c for _, c in values.codings(d.get("use"))} & set(_DIAGNOSIS_USE[which])]
    named = [_condition(chart, d) for d in used]
    found = [e for e in named if e is not None]
    label = f"{which.capitalize()} diagnosis of {said(stay.main)}"
    if found:
        statements = [Statement(f"{label}: {e.name}.", (source(stay.main), source(e))) for e in found]
        return Answer(statements, listing(found), steps=steps)
    reason = str(stay.main.extra.get("reason") or "")
    told = reason if which == "admission" else ""
    told = told or joined([t for t in stay.main.extra.get("diagnoses") or () if t])
    if not told:
        beside = f" It was for {reason}." if reason else ""
        return absent(f"The record gives no {which} diagnosis of {said(stay.main)}.{beside}", steps, [source(stay.main)])
    return Answer([Statement(f"{label}: {told}.", (source(stay.main),))], words(told), steps=steps, certainty=0.9)


def _all_diagnoses(chart: Chart, plan: Plan) -> Answer | None:
    """Every diagnosis that the encounter lists, and what was recorded at it; None where it tells none, so that days decide."""
    named = next((a for a in plan.anchors if a.target.kinds == ("encounter",) and "IMP" in a.target.classes and a.relation == "during"), None)
    stay = stay_of(chart, named) if named else None
    if stay is None:
        return None
    listed = [_condition(chart, d) for p in stay.parts for d in ranked_diagnoses(p.resource)]
    found = {e.reference: e for e in listed if e is not None} | {e.reference: e for e in chart.entries("condition") if stay.holds(e)}
    if not any(listed):
        return None
    steps = [f"the stay: {said(stay.main)}", f"{len(found)} diagnoses that it lists or that were recorded at it"]
    return Answer([Statement(f"{e.name}, of {said(stay.main)}.", (source(e), source(stay.main))) for e in found.values()], listing(list(found.values())), steps=steps)


_OF_IT = re.compile(r"\bdiagnos|\bcoded\b|\bproblems? (?:addressed|treated|listed)\b", re.IGNORECASE)


def _condition(chart: Chart, diagnosis: dict) -> Entry | None:
    reference = values.string(values.obj(diagnosis.get("condition")).get("reference"))
    return next((e for e in chart.entries("condition") if reference and reference.endswith(e.reference)), None)


def _for_home(chart: Chart, plan: Plan) -> Answer:
    stay = _stay(chart, plan, ending=True)
    if stay is None or stay.last is None:
        return _none() if stay is None else absent(f"The stay has not ended in the record: {said(stay.main)}.", [], [source(stay.main)])
    steps = [f"the stay: {said(stay.main)}"]
    orders = [e for e in chart.entries("medication") if not e.extra.get("given") and e.status not in ("cancelled", "draft", "proposed", "do-not-give")]
    home = [e for e in orders if stay.holds(e) and "discharge" in {c for _, c in values.codings(e.resource.get("category"))}]
    if home and plan.target.concepts:
        return _of_class(chart, plan, stay, home, steps)
    if home:
        return Answer(_drugs(home, f"Discharge order of {shown(stay.end)}"), listing(home), steps=steps)
    taken = [e for e in orders if during(e, stay.last, stay.last) and not e.extra.get("stay_ended")]
    newest = list({e.name.casefold(): e for e in taken}.values())
    if plan.target.concepts:
        return _of_class(chart, plan, stay, newest, steps)
    steps.append("no order is marked as of the discharge; what was ordered by then and not ended on that day")
    if not newest:
        return absent(f"The record marks no order as of the discharge from {said(stay.main)}.", steps, [source(stay.main)])
    statements = _drugs(newest, f"Not ended at the discharge of {shown(stay.end)}")
    return Answer(statements, listing(newest), steps=steps, certainty=0.7)


def _of_class(chart: Chart, plan: Plan, stay: Stay, home: list[Entry], steps: list[str]) -> Answer:
    """Of the drugs for home those that are asked about."""
    asked = {e.reference for e in matching(chart, plan.target, ("medication",))}
    found = [e for e in home if e.reference in asked]
    steps = [*steps, f"{len(home)} drugs at the discharge of {shown(stay.end)}, {len(found)} of them asked about"]
    if not found:
        text = f"No {plan.target.label} is among the {len(home)} drugs at the discharge of {shown(stay.end)}."
        if plan.yes_no and home:
            return Answer([Statement(text, (source(stay.main), *map(drug_source, home)))], truth(False), steps=steps, certainty=0.7)
        return absent(f"Not found in the record: {text[0].lower()}{text[1:]}", steps, [source(stay.main)])
    told = _drugs(found, f"At the discharge of {shown(stay.end)}")
    return Answer(told, truth(True) if plan.yes_no else listing(found), steps=steps, certainty=0.85)


def _drugs(entries: Sequence[Entry], label: str) -> list[Statement]:
    return [Statement(f"{label}: {described(e)} ({state(e)}).", (drug_source(e),)) for e in entries]


def _in_charge(chart: Chart, plan: Plan) -> Answer:
    """Whom the encounter names as attending (v3 ParticipationType ATND)."""
    wanted = plan.stay or plan.anchors or _OF_A_STAY.search(plan.question.text)
    stay = _stay(chart, plan) if wanted else None
    visits = [stay.main] if stay else [e for e in chart.entries("encounter") if e.date]
    for entry in reversed(visits):
        people = _attending(chart, entry)
        if people:
            told = joined(people)
            return Answer([Statement(f"Attending at {said(entry)}: {told}.", (Source(entry, told, "participant"),))], words(told),
                          steps=[f"the visit: {said(entry)}"])  # fmt: skip
    return absent("The record names nobody as attending.", [f"{len(visits)} visits looked through"])


def _attending(chart: Chart, entry: Entry) -> list[str]:
    context = Context(entry.resource, chart.resolve)
    found = {}
    for item in values.objs(entry.resource.get("participant")):
        codes = {c for _, c in values.codings(item.get("type"))}
        if "ATND" in codes or _ATND.search(values.concepts(item.get("type"))):
            found[context.name(item.get("individual") or item.get("actor"))] = None
    return [name for name in found if name]
