"""Modifiers with the rule that asks for each, edits between services, and diagnoses that speak for a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester.level import Evaluation
from services.bots.billing_code_suggester.model import Diagnosis, Procedure
from services.bots.billing_code_suggester.visit import Visit
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import under
from services.knowledge.billing.ncci import Edits, Pair

_VISIT_FAMILIES = ("office", "consultation", "preventive", "emergency", "hospital")
_VACCINE_GIVING = frozenset(["90471", "90472", "90473", "90474", "90480"])


@dataclass(frozen=True, slots=True)
class Modified:
    modifier: str
    code: str
    reason: str
    rule: str


@dataclass(frozen=True, slots=True)
class Alert:
    codes: tuple[str, str]
    message: str
    resolution: str
    source: str


def modifiers(
    visit: Visit,
    visits: Sequence[Evaluation],
    done: Sequence[Procedure],
    diagnoses: Sequence[Diagnosis],
    edits: Edits,
) -> list[Modified]:
    found = [*_beside(visits, done, diagnoses), *_sides(done)]
    if visit.kind == "VR":
        found += [
            Modified("95", v.code, "The encounter was virtual, by audio and video as its class says.", "CPT appendix P: synchronous telemedicine")
            for v in visits if v.family.startswith(("office", "consultation"))
        ]  # fmt: skip
    for each in done:
        service = tables.services().get(each.code)
        if service and "waived" in service.flags:
            found.append(
                Modified(
                    "QW",
                    each.code,
                    "A test that CLIA waives, done at the practice.",
                    "CMS, CLIA waived tests",
                )
            )
        if (
            each.units > 1
            and each.code not in _VACCINE_GIVING
            and not (service and "vaccine" in service.flags)
        ):
            found += _again(each)
    for pair in edits.of([p.code for p in done], visit.start):
        found += _distinct(pair, done)
    return list(dict.fromkeys(found))


def _beside(
    visits: Sequence[Evaluation], done: Sequence[Procedure], diagnoses: Sequence[Diagnosis]
) -> list[Modified]:
    """A visit beside a minor procedure of the same day needs 25, where it dealt with more than the procedure."""
    minor = [p for p in done if tables.minor(p.code)]
    if not minor:
        return []
    return [
        Modified("25", v.code, f"A significant, separate visit beside {', '.join(dict.fromkeys(p.code for p in minor))} on the same day.",
                 "NCCI Policy Manual, chapter I, D; CPT appendix A")
        for v in visits
        if v.family.startswith(_VISIT_FAMILIES) and (v.family.startswith("preventive") or any(d.addressed and d.code[0] != "Z" for d in diagnoses))
    ]  # fmt: skip


def _sides(done: Sequence[Procedure]) -> list[Modified]:
    """Only services that the record codes itself and that have a side."""
    names = {"left": "LT", "right": "RT", "bilateral": "50"}
    return [
        Modified(names[p.side], p.code, f"Done on: {p.side}.", "CPT and HCPCS appendix A: side of the body")
        for p in done if p.side in names and p.code not in tables.services()
    ]  # fmt: skip


def _again(each: Procedure) -> list[Modified]:
    """The same service more than once on one day, each recorded by itself."""
    if len(each.days) < each.units or len(set(each.days)) > 1:
        return []
    other = len(set(each.performers)) > 1
    code, who = ("77", "another clinician") if other else ("76", "the same clinician")
    if not each.performers:
        return []
    return [
        Modified(
            code,
            each.code,
            f"Done {each.units} times on one day by {who}.",
            "CPT appendix A: repeat procedure",
        )
    ]


def _distinct(pair: Pair, done: Sequence[Procedure]) -> list[Modified]:
    """59 or X{EPSU} only where the edit allows one and the record tells what was separate."""
    if pair.indicator != "1":
        return []
    first = next(p for p in done if p.code == pair.includes)
    second = next(p for p in done if p.code == pair.included)
    rule = f"{pair.source}: edit {pair.includes}/{pair.included} with indicator 1"
    if first.side and second.side and first.side != second.side:
        return [
            Modified(
                "XS", second.code, f"Another side than {first.code}: {second.side} and {first.side}.", rule
            )
        ]
    if first.performers and second.performers and not set(first.performers) & set(second.performers):
        return [Modified("XP", second.code, f"Another clinician than {first.code}.", rule)]
    if first.sites and second.sites and not set(first.sites) & set(second.sites):
        where = f"{', '.join(second.sites)} and {', '.join(first.sites)}"
        return [Modified("59", second.code, f"Another site than {first.code}: {where}.", f"{rule}; NCCI Policy Manual, chapter I, E")]
    return []


def alerts(
    visits: Sequence[Evaluation],
    done: Sequence[Procedure],
    edits: Edits,
    day: dt.date,
    given: Sequence[Modified],
) -> list[Alert]:
    found = []
    modified = {m.code: m.modifier for m in given}
    for pair in edits.of([*(p.code for p in done), *(v.code for v in visits)], day):
        if pair.indicator == "1" and modified.get(pair.included) in ("59", "XE", "XS", "XP", "XU", "25"):
            resolution = (
                f"{pair.included} with modifier {modified[pair.included]}, as the record supports it."
            )
        elif pair.indicator == "1":
            resolution = f"Report {pair.includes} alone, or {pair.included} with a modifier where the note documents why it was separate."
        else:
            resolution = f"Report {pair.includes} alone."
        found.append(
            Alert(
                (pair.includes, pair.included),
                f"{pair.includes} includes {pair.included}: {pair.why}.",
                resolution,
                pair.source,
            )
        )
    for each in done:
        most = edits.units.get(each.code)
        if most is not None and each.units > most:
            found.append(Alert((each.code, each.code), f"{each.units} units of {each.code} on one day; at most {most} are expected.",
                               "Check the number of units.", "CMS Medically Unlikely Edits"))  # fmt: skip
    minor = {p.code for p in done if tables.minor(p.code)}
    for each in visits:
        if minor and each.family.startswith(_VISIT_FAMILIES):
            if any(m.code == each.code and m.modifier == "25" for m in given):
                resolution = f"{each.code} with modifier 25."
            else:
                resolution = f"Modifier 25 on {each.code} only where the visit was significant and separate."
            found.append(Alert((min(minor), each.code), f"A visit beside {', '.join(sorted(minor))} on the same day.", resolution,
                               "NCCI Policy Manual, chapter I, D"))  # fmt: skip
    return found


def payable(done: list[Procedure], edits: Edits, day: dt.date) -> list[Procedure]:
    """Without what another service of the list includes for good (indicator 0)."""
    gone = {pair.included for pair in edits.of([p.code for p in done], day) if pair.indicator == "0"}
    return [p for p in done if p.code not in gone]


def supporting(code: str, diagnoses: Sequence[Diagnosis], reasons: Sequence[str] = ()) -> list[str]:
    """The diagnoses that speak for a service: its own reasons first, else those that the table lists."""
    own = [d.code for d in diagnoses if any(s.reference in reasons for s in d.supports)]
    service = tables.services().get(code)
    listed = [d.code for d in diagnoses if service and under(d.code, service.diagnoses)]
    return list(dict.fromkeys((*own, *listed)))


def unsupported(
    visits: Sequence[Evaluation], done: Sequence[Procedure], diagnoses: Sequence[Diagnosis]
) -> list[str]:
    """Services without a diagnosis that speaks for them."""
    found = [f"{v.code} has no diagnosis to support it." for v in visits if not diagnoses]
    for each in done:
        service = tables.services().get(each.code)
        if supporting(each.code, diagnoses, each.diagnoses) or (
            service and not service.diagnoses and diagnoses
        ):
            continue
        if service is None and diagnoses:
            found.append(f"{each.code}: no reason for it is recorded; check that a diagnosis supports it.")
        else:
            found.append(
                f"{each.code} ({tables.described(each.code)}): none of the diagnoses suggested for the encounter supports it."
            )
    return found
