"""The code of the visit itself: its family, and its level by decision making or by time, whichever the record supports higher."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester.complexity import LEVELS, Decision, decide
from services.bots.billing_code_suggester.model import Diagnosis, Findings, Support, support
from services.bots.billing_code_suggester.notes import minutes
from services.bots.billing_code_suggester.visit import Visit, people, within_years
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.billing import tables

NOTED, TIMED, UNNOTED, ROUTINE = 0.8, 0.85, 0.55, 0.7
"""How sure a level is: from a note; where stated time leads to it; without any note; a preventive visit by its type and age."""
_SEEN = frozenset(["finished", "in-progress", "onleave", ""])
_FACE_TO_FACE = frozenset(["AMB", "VR", "HH", "EMER", "IMP", "ACUTE", "NONAC", "OBSENC", "SS", ""])


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A visit code and how it came about. `time_level` is 0 where no time is documented."""

    code: str
    units: int
    display: str
    confidence: float
    rationale: str
    family: str
    level: int
    decision: Decision | None
    minutes: int | None
    time_level: int
    supports: tuple[Support, ...]


def evaluate(
    visit: Visit, diagnoses: Sequence[Diagnosis], age: int | None, found: Findings
) -> list[Evaluation]:
    """The visit codes; none where the record shows no visit that is billed by one."""
    family = visit.family
    if family == "none":
        return []
    if family == "maternity":
        found.warn(
            "Routine maternity visits are billed with the global maternity package; no visit code is suggested."
        )
        return []
    decision = decide(visit, diagnoses)
    if family == "preventive":
        return _preventive(visit, age, found)
    if decision.level == 0 and not visit.notes:
        found.gap("No problem that was addressed, and no note", "visit code",
                  "What was evaluated or treated in this encounter?")  # fmt: skip
        return []
    if family == "hospital":
        return _hospital(visit, decision, found)
    if family == "office":
        family = "office-new" if _is_new(visit, found) else "office-established"
    return [made for made in [_leveled(visit, family, decision, found)] if made]


def _leveled(visit: Visit, family: str, decision: Decision, found: Findings) -> Evaluation | None:
    rows = {v.level: v for v in tables.visits() if v.family == family}
    stated = minutes(visit.notes)
    timed = 0
    if stated:
        timed = max(
            (v.level for v in rows.values() if v.minutes is not None and stated[0] >= v.minutes), default=0
        )
    elif any(v.minutes for v in rows.values()):
        found.gap("Total time on the day of the encounter not documented", f"{family} by time",
                  "How long did the visit take on its day, all of the clinician's own work included, if time is to be used?")  # fmt: skip
    level = max(decision.level, timed)
    if level == 0:
        found.gap("No problem that was addressed is documented", "visit code",
                  "What was evaluated or treated in this encounter?")  # fmt: skip
        return None
    by_time = timed > decision.level
    row = rows[level]
    supports = [*decision.problems.supports, *decision.data.supports, *decision.risk.supports]
    if by_time and stated:
        why = f"Total time of {stated[0]} minutes reaches the {row.minutes} that {row.code} needs."
        supports.insert(0, stated[1])
    else:
        why = (f"Decision making is {LEVELS[decision.level]}: problems {LEVELS[decision.problems.level]}, data "
               f"{_data_word(decision)}, risk {LEVELS[decision.risk.level]} (two of three).")  # fmt: skip
    confidence = TIMED if by_time else NOTED if visit.notes else UNNOTED
    return Evaluation(row.code, 1, row.display, confidence, why, family, level, decision, stated[0] if stated else None,
                      timed, tuple(dict.fromkeys(supports)) or (visit.reference,))  # fmt: skip


def _data_word(decision: Decision) -> str:
    return ("none", "minimal", "limited", "moderate", "extensive")[decision.data.level]


def _hospital(visit: Visit, decision: Decision, found: Findings) -> list[Evaluation]:
    """A stay: its first day by its level, days with a progress note at the lowest level, and the day of discharge."""
    if visit.start == visit.end and visit.entry.end:
        same = _leveled(visit, "hospital-same-day", decision, found)
        return [same] if same else []
    codes = [made for made in [_leveled(visit, "hospital-initial", decision, found)] if made]
    between = sorted({e.first for e, _ in visit.notes if e.first and visit.start < e.first < visit.end})
    if between:
        row = next(v for v in tables.visits() if v.family == "hospital-subsequent" and v.level == 1)
        told = tuple(support(e) for e, _ in visit.notes if e.first in between)
        codes.append(Evaluation(row.code, len(between), row.display, UNNOTED, f"Notes of {len(between)} later days; each at the "
                                "lowest level, as the level of single days isn't told.", "hospital-subsequent", 1, None, None, 0, told))  # fmt: skip
    last = [(e, t) for e, t in visit.notes if e.first == visit.end or "discharge" in e.name.lower()]
    if visit.entry.status == "finished" and (last or visit.entry.extra.get("disposition")):
        codes.append(_discharge(visit, last))
    return codes


def _discharge(visit: Visit, last: list[tuple[Entry, str]]) -> Evaluation:
    stated = minutes(last)
    rows = {v.level: v for v in tables.visits() if v.family == "discharge"}
    row = rows[2] if stated and stated[0] >= (rows[2].minutes or 0) else rows[1]
    why = f"Discharge on {visit.end}; " + (
        f"{stated[0]} minutes documented." if stated else "no time documented."
    )
    told = tuple(support(e) for e, _ in last) or (visit.reference,)
    return Evaluation(row.code, 1, row.display, NOTED if last else UNNOTED, why, "discharge", row.level, None,
                      stated[0] if stated else None, 0, told)  # fmt: skip


def _preventive(visit: Visit, age: int | None, found: Findings) -> list[Evaluation]:
    if age is None:
        found.gap("Birth date not documented", "preventive visit code", "When was the patient born?")
        return []
    if visit.medicare:
        if "annual wellness visit" not in visit.type.lower():
            found.warn("Medicare doesn't pay preventive visits by age; no visit code is suggested.")
            return []
        display = tables.described("G0439")
        return [Evaluation("G0439", 1, display, ROUTINE, "Annual wellness visit of a Medicare patient; a first one is not told "
                           "from later ones, so the later one is taken.", "preventive", 0, None, None, 0, (visit.reference,))]  # fmt: skip
    family = "preventive-new" if _is_new(visit, found) else "preventive-established"
    row = max((v for v in tables.visits() if v.family == family and v.level <= age), key=lambda v: v.level)
    if not visit.notes:
        found.gap(
            "No note of the preventive examination",
            row.code,
            "Which history, examination and counselling were done?",
        )
    return [Evaluation(row.code, 1, row.display, ROUTINE if visit.notes else UNNOTED, f"Preventive visit at the age of {age}.",
                       family, 0, None, None, 0, (visit.reference,))]  # fmt: skip


_FOLLOWS = re.compile(r"\bfollow[- ]?up\b|\breturn visit\b", re.IGNORECASE)
_SEEN_BEFORE = "Has the patient been seen by this practice and specialty in the last three years?"


def _is_new(visit: Visit, found: Findings) -> bool:
    """No face-to-face service by the clinician, or the group's same specialty, within three years. In doubt: not new."""
    earlier = [
        e for e in visit.chart.entries("encounter")
        if e.first and e.first < visit.start and e.status in _SEEN and str(e.extra.get("class") or "") in _FACE_TO_FACE
        and e.reference != visit.entry.reference
    ]  # fmt: skip
    if any(within_years(e.first, visit.start, 3) and _same_practice(visit, e) for e in earlier if e.first):
        return False
    if "new patient" in visit.type.lower():
        return True
    known = visit.people or values.obj(visit.resource.get("serviceProvider")).get("reference")
    if _FOLLOWS.search(visit.type):
        found.gap("Whether the patient is new isn't certain: it is a follow-up, and no earlier visit of this practice and specialty is recorded",
                  "new or established patient", _SEEN_BEFORE)  # fmt: skip
        return False
    if known and earlier and all(_practice(e.resource) or people(e.resource) for e in earlier):
        return True
    found.gap("Whether the patient is new isn't certain: the record holds no earlier visit", "new or established patient",
              _SEEN_BEFORE)  # fmt: skip
    return False


def _practice(resource: dict) -> str:
    return str(values.obj(resource.get("serviceProvider")).get("reference") or "")


def _same_practice(visit: Visit, earlier: Entry) -> bool:
    if visit.people & people(earlier.resource):
        return True
    mine, theirs = _practice(visit.resource), _practice(earlier.resource)
    if not mine or not theirs:
        return True  # not told: taken as the same
    specialties = [values.concept(r.get("serviceType")) for r in (visit.resource, earlier.resource)]
    return mine == theirs and (not all(specialties) or specialties[0] == specialties[1])
