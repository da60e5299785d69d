"""What is to be said of a set of codes, whoever chose them: classification, patient, order, edits, modifiers, necessity."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from services.bots.billing_code_suggester.chosen import MOST_DIAGNOSES, MOST_POINTERS, Chosen, Line
from services.knowledge.billing import cpt, tables
from services.knowledge.billing.icd10 import RELEASE, RELEASED, icd10, under, within
from services.knowledge.billing.ncci import Edits

Weight = Literal["stop", "wrong", "mind"]
_ORDER: tuple[Weight, ...] = ("stop", "wrong", "mind")
_DISTINCT = frozenset(["25", "59", "XE", "XS", "XP", "XU", "91"])
_GUIDELINES = "ICD-10-CM Official Guidelines FY2026"


@dataclass(frozen=True, slots=True)
class Remark:
    """`weight`: stop (it can't be sent so), wrong (against a rule; a person may know better), mind (to be looked at)."""

    weight: Weight
    codes: tuple[str, ...]
    message: str
    source: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of whom and when. `sex`: male, female or ""; `age`: completed years on the day, None where it isn't known."""

    sex: str
    age: int | None
    day: dt.date
    virtual: bool = False


def remarks(chosen: Chosen, about: Circumstances, edits: Edits) -> list[Remark]:
    """The gravest first."""
    known = [d for d in chosen.diagnoses if icd10().written(d) == d]
    found = [
        *_can_be_sent(chosen),
        *_each(known, about),
        *_together(known),
        *_in_order(known),
        *_bundles(chosen.services, edits, about.day),
        *_modifiers(chosen, edits, about),
        *_valid(chosen.services, about.day),
        *_necessary(chosen),
    ]
    return sorted(dict.fromkeys(found), key=lambda r: _ORDER.index(r.weight))


def _can_be_sent(chosen: Chosen) -> Iterator[Remark]:
    table = icd10()
    if not chosen.diagnoses and not chosen.services:
        yield Remark("stop", (), "No code is chosen.", "")
    elif not chosen.diagnoses:
        yield Remark("stop", (), "A claim needs a diagnosis.", "CMS-1500, item 21")
    for code in chosen.diagnoses:
        if not table.billable(code):
            yield Remark("stop", (code,), f"{code} is no billable code: a more specific one is needed.", f"ICD-10-CM, {RELEASE}")
    for kind, listed in (("diagnosis", chosen.diagnoses), ("service", [s.code for s in chosen.services])):
        for code in {c for c in listed if list(listed).count(c) > 1}:
            yield Remark("stop", (code,), f"{code} is there twice as a {kind}.", "")
    if len(chosen.diagnoses) > MOST_DIAGNOSES:
        yield Remark("wrong", chosen.diagnoses[MOST_DIAGNOSES:], f"A professional claim takes {MOST_DIAGNOSES} diagnoses.", "CMS-1500, item 21")


def _each(diagnoses: Iterable[str], about: Circumstances) -> Iterator[Remark]:
    for code in diagnoses:
        if problem := tables.misfit(code, about.sex, about.age):
            yield Remark("wrong", (code,), f"{problem}.", "Medicare Code Editor: sex and age")
    if not RELEASED[0] <= about.day <= RELEASED[1]:
        yield Remark("mind", (), f"Codes are of the release of {RELEASE}; the encounter of {about.day} lies outside its year.",
                     f"ICD-10-CM, {RELEASED[0]} to {RELEASED[1]}")  # fmt: skip


def _together(diagnoses: Iterable[str]) -> Iterator[Remark]:
    listed = list(diagnoses)
    for one, other in itertools.combinations(dict.fromkeys(listed), 2):
        if icd10().excluded(one, other):
            yield Remark("wrong", (one, other), f"An Excludes1 note keeps {one} and {other} apart, unless they are unrelated and the "
                         "documentation says so.", f"{_GUIDELINES}, I.A.12.a")  # fmt: skip
        for symptom, disease in ((one, other), (other, one)):
            if tables.integral(symptom, disease) and not tables.integral(disease, symptom):
                yield Remark("wrong", (symptom, disease), f"{symptom} is a symptom that belongs to {disease} as a rule.", f"{_GUIDELINES}, I.B.5")


def _in_order(diagnoses: list[str]) -> Iterator[Remark]:
    table = icd10()
    if diagnoses and tables.never_first(diagnoses[0]):
        yield Remark("wrong", (diagnoses[0],), f"{diagnoses[0]} may not be the first listed.", f"{_GUIDELINES}, I.A.13, I.C.21")
    for place, code in enumerate(diagnoses):
        first = table.code_first(code)
        causes = [d for d in diagnoses if d != code and any(within(d, r) for r in first)]
        if first and not causes and (table.manifestation(code) or under(code, ("N18", "I50", "F02"))):
            yield Remark("wrong" if table.manifestation(code) else "mind", (code,), f"{code}: the classification wants the disease behind it coded first, "
                         f"such as {first[0][0]}.", "ICD-10-CM: code first")  # fmt: skip
        elif causes and all(diagnoses.index(c) > place for c in causes):
            mutual = any(within(code, r) for c in causes for r in table.code_first(c))
            if not mutual:
                yield Remark("wrong", (causes[0], code), f"{causes[0]} goes before {code}.", "ICD-10-CM: code first")
        asked = table.additional(code)
        if asked and not any(within(d, r) for d in diagnoses for r in asked):
            yield Remark("mind", (code,), f"{code} asks for a further code where it applies ({_ranges(asked)}).", "ICD-10-CM: use additional code")


def _ranges(asked: tuple[tuple[str, str], ...]) -> str:
    told = [low if low == high else f"{low} to {high}" for low, high in dict.fromkeys(asked)]
    return ", ".join(told[:3]) + (" …" if len(told) > 3 else "")


def _bundles(services: tuple[Line, ...], edits: Edits, day: dt.date) -> Iterator[Remark]:
    given = {s.code: set(s.modifiers) for s in services}
    for pair in edits.of(given, day):
        if pair.indicator == "1" and given[pair.included] & _DISTINCT:
            yield Remark("mind", (pair.includes, pair.included), f"{pair.includes} includes {pair.included}; the modifier says why it was separate: the note "
                         "has to say so as well.", pair.source)  # fmt: skip
        else:
            how = "a modifier only where the note documents why it was separate" if pair.indicator == "1" else "never together"
            yield Remark("wrong", (pair.includes, pair.included), f"{pair.includes} includes {pair.included} ({pair.why}): {how}.", pair.source)
    for line in services:
        most = edits.units.get(line.code)
        if most is not None and line.units > most:
            yield Remark("wrong", (line.code,), f"{line.units} units of {line.code}; at most {most} are expected on a day.", "CMS Medically Unlikely Edits")


def _modifiers(chosen: Chosen, edits: Edits, about: Circumstances) -> Iterator[Remark]:
    services = chosen.services
    known, visits = tables.modifiers(), tables.visit_codes()
    minor = [s.code for s in services if tables.minor(s.code)]
    paired = {p.included for p in edits.of([s.code for s in services], about.day)}
    for line in services:
        kind = "visit" if line.code in visits else "service"
        for symbol in line.modifiers:
            modifier = known.get(symbol)
            if modifier is None:
                yield Remark("mind", (line.code,), f"{line.code}-{symbol}: a modifier that isn't known here.", "CPT appendix A; HCPCS")
            elif modifier.fits not in ("any", kind):
                yield Remark("wrong", (line.code,), f"{line.code}-{symbol}: this modifier goes with a {modifier.fits}.", "CPT appendix A; HCPCS")
        if len(line.modifiers) != len(set(line.modifiers)):
            yield Remark("wrong", (line.code,), f"{line.code} has a modifier twice.", "")
        if {"50"} < set(line.modifiers) & {"50", "LT", "RT"} or {"LT", "RT"} <= set(line.modifiers):
            yield Remark("wrong", (line.code,), f"{line.code}: both sides are told by 50 alone.", "CPT appendix A")
        if kind == "visit" and minor and "25" not in line.modifiers:
            yield Remark("mind", (line.code, *minor), f"A visit beside {', '.join(sorted(minor))}: modifier 25 only where it was significant and separate.",
                         "NCCI Policy Manual, chapter I, D")  # fmt: skip
        if kind == "visit" and "25" in line.modifiers and len(services) == 1:
            yield Remark("wrong", (line.code,), f"{line.code}-25: there is no procedure beside which the visit would be separate.", "CPT appendix A")
        if kind == "service" and set(line.modifiers) & {"59", "XE", "XS", "XP", "XU"} and line.code not in paired:
            yield Remark("mind", (line.code,), f"{line.code}: no edit asks for its modifier of a distinct service.", "NCCI Policy Manual, chapter I, E")
        if set(line.modifiers) & {"95", "93", "GT", "FQ"} and not about.virtual:
            yield Remark("mind", (line.code,), f"{line.code}: a modifier of telemedicine, and the encounter isn't recorded as virtual.", "CPT appendix P")
    several = [s.code for s in services if s.code in visits]
    stay = {v.code for v in tables.visits() if v.family.startswith(("hospital", "discharge"))}
    if len([c for c in several if c not in stay]) > 1:
        yield Remark("wrong", tuple(several), f"Several visit codes for one encounter: {', '.join(several)}.", "CPT E/M guidelines")


def _valid(services: tuple[Line, ...], day: dt.date) -> Iterator[Remark]:
    """By the clinic's licensed table, where it has one."""
    listed = cpt.current()
    for line in services if listed else ():
        row = listed.get(line.code)
        if row is None and line.code[0].isdigit():
            yield Remark("wrong", (line.code,), f"{line.code} isn't in the clinic's CPT table.", "the clinic's CPT table")
        elif row and not row.valid_on(day):
            yield Remark("wrong", (line.code,), f"{line.code} isn't valid on {day}.", "the clinic's CPT table")


def _necessary(chosen: Chosen) -> Iterator[Remark]:
    for line in chosen.services:
        missing = [d for d in line.diagnoses if d not in chosen.diagnoses]
        if missing:
            yield Remark("stop", (line.code, *missing), f"{line.code} points to {', '.join(missing)}, which isn't in the list.", "")
        if not line.diagnoses and chosen.diagnoses:
            yield Remark("wrong", (line.code,), f"{line.code} points to no diagnosis.", "CMS-1500, item 24E")
        if len(line.diagnoses) > MOST_POINTERS:
            yield Remark("wrong", (line.code,), f"{line.code} points to more than {MOST_POINTERS} diagnoses.", "CMS-1500, item 24E")
        service = tables.services().get(line.code)
        if service and service.diagnoses and line.diagnoses and not any(under(d, service.diagnoses) for d in line.diagnoses):
            yield Remark("mind", (line.code,), f"{line.code}: none of the diagnoses it points to speaks for it.", "a short list, not a payer's policy")
