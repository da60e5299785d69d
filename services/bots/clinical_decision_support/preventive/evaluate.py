"""Judges every rule over a patient's record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from services.bots.clinical_decision_support.preventive.criteria import All, View
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.bots.clinical_decision_support.preventive.model import (
    Evaluated,
    Evidence,
    Finding,
    PreventiveCareGap,
    Status,
)
from services.bots.clinical_decision_support.preventive.record import read
from services.bots.clinical_decision_support.preventive.rules import Named, Rule
from services.bots.clinical_decision_support.preventive.truth import LAST, Frame
from services.chart.chart import Chart
from services.index.text import values

_ORDERS = {"active": "not yet done", "on-hold": "on hold", "revoked": "revoked"}


def evaluate(chart: Chart, as_of: dt.datetime, *, strict: bool = False) -> list[Evaluated]:
    """Every rule over one patient, from one read of the record; nothing recorded after `as_of` is used.

    `strict` follows the measures to the letter: coded visits, categories, published codes only, the sex extension.
    """
    frame = Frame(as_of, strict)
    view = View(read(chart, frame), frame)
    return [judge(rule, view) for rule in RULES]


def gaps(evaluated: Sequence[Evaluated]) -> list[PreventiveCareGap]:
    """What is due or overdue, as the contract lists it: overdue first, then by due date."""
    open_ = [e for e in evaluated if e.status in ("due", "overdue") and not e.summary]
    open_.sort(key=lambda e: (e.status != "overdue", e.due_date or LAST, e.rule))
    return [
        PreventiveCareGap(
            screening=e.title,
            last_performed=e.last_performed.isoformat() if e.last_performed else None,
            due_date=(e.due_date or LAST).isoformat(),
            recommendation=e.recommendation,
            rule=e.rule,
            status=e.status,
            grade=e.grade,
            verified=e.verified,
            reason=e.reason,
            evidence=list(e.evidence),
        )
        for e in open_
    ]


def judge(rule: Rule, view: View) -> Evaluated:
    """One rule: population, exclusions, numerator, exceptions."""
    if view.record.died is not None and not view.strict:
        died = f" on {_day(view.record.died[0])}" if view.record.died else ""
        return _outcome(rule, "not-eligible", f"The patient died{died}.")
    population = All(*filter(None, (rule.eligible, rule.visits if view.strict else None))).check(view)
    if population.truth is not True:
        unknown = population.truth is None
        return _outcome(
            rule, "cannot-judge" if unknown else "not-eligible",
            f"{'Cannot be judged' if unknown else 'Not eligible'}: {population.why or 'outside the population'}.",
            population,
        )  # fmt: skip
    for named in rule.exclusions:
        found = view.found(named.of)
        if found.truth is True:
            return _outcome(rule, "excluded", f"Excluded: {named.told}{_cited(found.evidence)}.", found)
    met = view.found(rule.met)
    if met.truth is True:
        return _satisfied(rule, met, view)
    for named in rule.exceptions:
        found = view.found(named.of)
        if found.truth is True:
            return _outcome(rule, "excluded", f"Excepted: {named.told}{_cited(found.evidence)}.", found)
    if met.truth is None:
        return _outcome(
            rule,
            "cannot-judge",
            f"Cannot be judged: {met.why or 'the record leaves it open'}.",
            met,
            last=met.last,
        )
    doubt = _first(rule.doubts, view)
    if doubt:
        return _outcome(
            rule, "cannot-judge", f"Cannot be judged: {doubt[0].told}{_cited(doubt[1].evidence)}.", doubt[1]
        )
    return _open(rule, met, view)


def _satisfied(rule: Rule, met: Finding, view: View) -> Evaluated:
    until = met.until if met.until not in (None, LAST) else None
    if until and not _still_eligible(rule, view, until):
        until = None
    shown = "; ".join(filter(None, map(_told, met.evidence)))
    told = f"{met.why or 'Done'}: {shown}" if shown else met.why or "Done"
    again = f"; due again from {_day(until)}" if until else ""
    return _outcome(rule, "satisfied", f"{told}{again}.", met, last=met.last, reopens=until)


def _open(rule: Rule, met: Finding, view: View) -> Evaluated:
    today = view.frame.today
    age = rule.age()
    reached = age.reached(view) if age and age.on == "end" else None
    due = met.due or max(today, reached or today)
    status: Status = "overdue" if due < today else "due"
    told = met.why or f"no {rule.title.lower()} in the record"
    if rule.lacking and (not met.evidence or met.due):
        told = rule.lacking
    if met.last and met.due:
        told += f"; the last was on {_day(met.last)}" + (
            f", due again since {_day(due)}" if due <= today else ""
        )
    reason = f"{told[:1].upper()}{told[1:]}{_refusal(rule, view)}."
    return _outcome(rule, status, reason, met, last=met.last, due=due)


def _still_eligible(rule: Rule, view: View, day: dt.date) -> bool:
    """Whether the patient is still of the age when the rule opens again."""
    age = rule.age()
    return age is None or age.check(View(view.record, view.frame.on(day))).truth is not False


def _refusal(rule: Rule, view: View) -> str:
    """The latest refusal of what is sought, and the latest order for it that didn't come to anything yet."""
    told = ""
    sought = rule.sought()
    refused = [f for f in view.record.refused(sought) if f.type != "Encounter"]
    if refused:
        last = refused[-1]
        day = _day(last.recorded or last.raw)
        reason = f" ({last.why_not})" if last.why_not and not last.declined else ""
        told += f"; {'declined' if last.declined else 'not done'} on {day or 'an unknown date'}{reason}: {last.name}"
    orders = [f for f in view.record.of(sought) if f.type == "ServiceRequest" and f.raw]
    if orders and orders[-1].status in _ORDERS:
        told += f"; ordered on {_day(orders[-1].raw)} ({_ORDERS[orders[-1].status]}): {orders[-1].name}"
    return told


def _first(named: Sequence[Named], view: View) -> tuple[Named, Finding] | None:
    for each in named:
        found = view.found(each.of)
        if found.truth is True:
            return each, found
    return None


def _outcome(
    rule: Rule,
    status: Status,
    reason: str,
    found: Finding | None = None,
    *,
    last: dt.date | None = None,
    due: dt.date | None = None,
    reopens: dt.date | None = None,
) -> Evaluated:
    found = found or Finding(None)
    return Evaluated(
        rule.id, rule.title, status, reason, rule.recommendation, found.evidence, last, due, reopens,
        rule.grade, rule.verified, rule.summary,
    )  # fmt: skip


def _told(evidence: Evidence) -> str:
    value = f" {evidence.value}" if evidence.value else ""
    return f"{evidence.display}{value}{f' on {_day(evidence.date)}' if evidence.date else ''}"


def _cited(evidence: Sequence[Evidence]) -> str:
    return f" ({'; '.join(_told(e) for e in evidence[:3])})" if evidence else ""


def _day(value: dt.date | str | None) -> str:
    if isinstance(value, dt.date):
        value = value.isoformat()
    return values.date(value)
