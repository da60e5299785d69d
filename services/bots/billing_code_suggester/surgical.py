"""A visit around an operation: modifier 57 for the decision, 24 for another reason in the days after it.

CMS's global surgical package (42 CFR 414.40; NCCI Policy Manual, chapter I, C and D; CPT appendix A). A visit for the
operation itself belongs to its package.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester.checks import Modified
from services.bots.billing_code_suggester.level import Evaluation
from services.bots.billing_code_suggester.model import Diagnosis, Findings
from services.bots.billing_code_suggester.notes import remark
from services.bots.billing_code_suggester.services import licensed, performers_of
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10, under
from services.knowledge.lexicon import system_name

_DECIDED = re.compile(
    r"\b(?:deci(?:ded|sion)\b[^.;\n]{0,60}\b(?:surgery|operat\w+|\w+(?:ectomy|otomy|plasty|ostomy)|replacement|repair)|"
    r"(?:needs|requires|proceed(?:ing)? (?:with|to)|consented (?:for|to)|scheduled for|booked for|taken to the operating room for)\b[^.;\n]{0,60}"
    r"\b(?:surgery|operat\w+|\w+(?:ectomy|otomy|plasty|ostomy)|replacement|repair))",
    re.IGNORECASE,
)
_AFTER = ("Z47", "Z48", "Z09", "T81", "T82", "T83", "T84", "T85", "T86", "T87", "T88")
"""Aftercare and complications: they are of the operation, whatever else the visit is coded with."""
_MAJOR = 90


@dataclass(frozen=True, slots=True)
class _Operation:
    entry: Entry
    code: str
    days: int
    day: dt.date


def surgical(visit: Visit, visits: Sequence[Evaluation], diagnoses: Sequence[Diagnosis], found: Findings) -> list[Modified]:
    """Modifiers of the visit codes, each with the rule that asks for it; questions where the record leaves it open."""
    if not visits:
        return []
    operations = list(_operations(visit))
    return [*_decision(visit, visits, operations), *_another_reason(visit, visits, diagnoses, operations, found)]


def _operations(visit: Visit) -> Iterator[_Operation]:
    for entry in visit.chart.entries("procedure"):
        code = licensed(entry.resource.get("code"))
        days = tables.global_days(code) if code else None
        if code and days is not None and entry.first and entry.status in ("completed", ""):
            yield _Operation(entry, code, days, entry.first)


def _decision(visit: Visit, visits: Sequence[Evaluation], operations: Sequence[_Operation]) -> list[Modified]:
    """The operation on the day of the visit or the next one, and words of a note that decide it."""
    major = next((o for o in operations if o.days == _MAJOR and 0 <= (o.day - visit.start).days <= 1), None)
    said = remark(visit.notes, _DECIDED) if major else None
    if major is None or said is None:
        return []
    return [
        Modified("57", v.code, f"{major.code} on {major.day}; the visit's note decides it: {said.text[:120]}",
                 "CPT appendix A, 57; NCCI Policy Manual, chapter I, D: major surgery (90 days)")
        for v in visits[:1]
    ]  # fmt: skip


def _another_reason(
    visit: Visit, visits: Sequence[Evaluation], diagnoses: Sequence[Diagnosis], operations: Sequence[_Operation], found: Findings
) -> list[Modified]:
    changed = []
    for each in operations:
        since = (visit.start - each.day).days
        if each.days == 0 or not 1 <= since <= each.days:
            continue
        people = set(performers_of(each.entry))
        if not people & visit.people:
            if not people:
                found.gap(f"{each.code} on {each.day}: who operated isn't recorded", "modifier 24",
                          "Is this visit by the clinician, or the group and specialty, who operated?")  # fmt: skip
            continue
        related = _related(visit, each, diagnoses)
        if related is None:
            found.gap(f"{each.code} on {each.day}: why it was done isn't recorded", "modifier 24",
                      "Is this visit for the operation and its healing, or for another reason?")  # fmt: skip
        elif related:
            found.warn(f"The visit lies within {each.days} days after {each.code} of {each.day} and is for the same disease: care after an "
                       "operation is part of it, and isn't billed by a visit code (99024 tells of it).")  # fmt: skip
        else:
            changed += [
                Modified("24", v.code, f"For another reason, {since} days after {each.code} by the same clinician ({each.days} days).",
                         "CPT appendix A, 24; global surgical package, 42 CFR 414.40")
                for v in visits
            ]  # fmt: skip
    return changed


def _related(visit: Visit, operation: _Operation, diagnoses: Sequence[Diagnosis]) -> bool | None:
    """Whether a diagnosis of the visit is what was operated on, or follows from it; None where the reason isn't recorded."""
    addressed = [d for d in diagnoses if d.addressed]
    if any(under(d.code, _AFTER) for d in addressed):
        return True
    resource = operation.entry.resource
    references = {str(r.get("reference")) for r in values.objs(resource.get("reasonReference"))}
    written = {
        icd10().written(code) for concept in values.objs(resource.get("reasonCode")) for system, code in values.codings(concept)
        if system_name(system) == "icd10cm"
    } - {None}  # fmt: skip
    for entry in visit.chart.entries("condition"):
        if entry.reference in references:
            written |= {icd10().written(c) for s, c in values.codings(entry.resource.get("code")) if system_name(s) == "icd10cm"} - {None}
    if not references and not written:
        return None
    if any(s.reference in references for d in addressed for s in d.supports):
        return True
    families = {str(code)[:3] for code in written}
    if not families:
        return None
    return any(d.code[:3] in families for d in addressed)
