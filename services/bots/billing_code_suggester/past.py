"""The encounter against the patient's earlier claims and problems."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.bots.billing_code_suggester import coding
from services.bots.billing_code_suggester.level import Evaluation
from services.bots.billing_code_suggester.model import Diagnosis, Findings
from services.bots.billing_code_suggester.services import licensed
from services.bots.billing_code_suggester.visit import Visit, within_years
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10
from services.knowledge.lexicon import system_name

_VISIT_LEVEL = re.compile(r"992(?:0[2-5]|1[1-5])")
_CHRONIC = frozenset(["chronic", "worse"])


@dataclass(frozen=True, slots=True)
class Duplicate:
    code: str
    reference: str
    version: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Unaddressed:
    code: str
    display: str
    reference: str
    version: str
    last: str | None


@dataclass(frozen=True, slots=True)
class History:
    """`usual`: the commonest visit level of earlier claims, 1 to 4; 0 where there is none."""

    claims: int
    usual: int
    unusual: str
    duplicates: tuple[Duplicate, ...]
    unaddressed: tuple[Unaddressed, ...]


def history(
    visit: Visit, visits: Sequence[Evaluation], codes: Sequence[str], diagnoses: Sequence[Diagnosis]
) -> History:
    claims = [
        c for c in visit.chart.entries("claim") if c.status not in ("cancelled", "entered-in-error", "draft")
    ]
    before = [
        c for c in claims if c.first and within_years(c.first, visit.start, 3) and not _of_encounter(c, visit)
    ]
    levels = sorted(_level(code) for c in before for code in _codes(c) if _VISIT_LEVEL.fullmatch(code))
    usual = max(set(levels), key=lambda n: (levels.count(n), -n)) if levels else 0
    unusual = ""
    for each in visits:
        if levels and each.family.startswith("office") and each.level > max(levels):
            unusual = f"{each.code} is of a higher level than any of {len(levels)} visits billed in the last three years."
    return History(
        len(before),
        usual,
        unusual,
        tuple(_duplicates(visit, claims, codes)),
        tuple(_unaddressed(visit, diagnoses)),
    )


def captured(visit: Visit) -> frozenset[str]:
    """ICD-10-CM codes on claims of the encounter's calendar year, up to its day, others than its own."""
    found = set()
    for claim in visit.chart.entries("claim"):
        counts = claim.status not in ("cancelled", "entered-in-error", "draft") and not _of_encounter(claim, visit)
        if counts and claim.first and claim.first.year == visit.start.year and claim.first <= visit.end:
            for item in values.objs(claim.resource.get("diagnosis")):
                coded = values.codings(item.get("diagnosisCodeableConcept"))
                written = (icd10().written(c) for s, c in coded if system_name(s) == "icd10cm")
                found |= {code for code in written if code}
    return frozenset(found)


def _codes(claim: Entry) -> Iterator[str]:
    for item in values.objs(claim.resource.get("item")):
        code = licensed(item.get("productOrService"))
        if code:
            yield code


def _level(code: str) -> int:
    """99202 and 99212 are 1 … 99205 and 99215 are 4; 99211 counts as 1."""
    return max(1, int(code[-1]) - 1)


def _of_encounter(claim: Entry, visit: Visit) -> bool:
    links = [
        e for item in values.objs(claim.resource.get("item")) for e in values.objs(item.get("encounter"))
    ]
    return any(link.get("reference") == visit.entry.reference for link in links)


def _duplicates(visit: Visit, claims: Sequence[Entry], codes: Sequence[str]) -> Iterator[Duplicate]:
    """Claims of this encounter, and services that were claimed for the same day."""
    for claim in claims:
        mine = _of_encounter(claim, visit)
        for code in dict.fromkeys(_codes(claim)):
            same_day = claim.first == visit.start and claim.last == visit.start
            if mine or (same_day and code in codes):
                yield Duplicate(code, claim.reference, claim.version, claim.date)
        if mine and not list(_codes(claim)):
            yield Duplicate("", claim.reference, claim.version, claim.date)


def _unaddressed(visit: Visit, diagnoses: Sequence[Diagnosis]) -> Iterator[Unaddressed]:
    """Chronic problems of the list that no encounter of the year has named so far; none of a patient who has died."""
    if visit.died:
        return
    now = {s.reference for d in diagnoses for s in d.supports}
    ours = {d.code[:3] for d in diagnoses}
    for entry in visit.chart.entries("condition"):
        if entry.status not in ("active", "recurrence", "relapse", "") or entry.reference in now or entry.end:
            continue
        if entry.first and entry.first > visit.end:
            continue
        read = coding.read(values.codings(entry.resource.get("code")), entry.name, entry.own, Findings())
        if read is None or tables.problem_class(read.code) not in _CHRONIC or read.code[:3] in ours:
            continue
        last = _last_addressed(visit, entry)
        if last is None or last[:4] < str(visit.start.year):
            yield Unaddressed(read.code, icd10().display(read.code), entry.reference, entry.version, last)


def _last_addressed(visit: Visit, entry: Entry) -> str | None:
    """The last encounter up to this one that names the condition."""
    found = []
    for each in visit.chart.entries("encounter"):
        if not each.date or not each.first or each.first > visit.end:
            continue
        links = [d.get("condition") for d in values.objs(each.resource.get("diagnosis"))]
        links += values.objs(each.resource.get("reasonReference"))
        if any(values.obj(link).get("reference") == entry.reference for link in links):
            found.append(each.date)
    return max(found, default=None)
