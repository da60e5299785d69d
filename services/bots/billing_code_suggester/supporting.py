"""What an encounter documents for a code that somebody chose by hand."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

from services.bots.billing_code_suggester.model import Support, support
from services.bots.billing_code_suggester.notes import quoted, read
from services.bots.billing_code_suggester.services import service_code
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.assertion import HISTORICAL, PRESENT
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10
from services.knowledge.lexicon import lexicon, system_name

_ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_CATEGORY = 3
_SERVICES = ("procedure", "immunization", "report", "order")


def supports(visit: Visit, code: str) -> tuple[Support, ...]:
    """Problems, notes and services of the encounter that speak for the code; nothing is read into what is denied, and an
    entry of the same category of ICD-10-CM counts though it may be another code: the person compares."""
    found = _of_diagnosis(visit, code) if icd10().written(code) == code else _of_service(visit, code)
    return tuple(dict.fromkeys(found))


def _of_diagnosis(visit: Visit, code: str) -> Iterator[Support]:
    wanted = _concepts(code)
    for entry in _problems(visit):
        coded = {c for s, c in values.codings(entry.resource.get("code")) if system_name(s) == "icd10cm"}
        if wanted & (entry.own | entry.named) or any(c[:_CATEGORY] == code[:_CATEGORY] for c in coded):
            yield support(entry)
    for entry, text in visit.notes:
        note = read(text)
        for assertion in note.assertions:
            mention = assertion.mention
            if mention.concept in wanted and assertion.polarity in (PRESENT, HISTORICAL):
                start, end = note.sentence(mention.start, mention.end)
                yield quoted(entry, text[start:end])


def _problems(visit: Visit) -> Iterable[Entry]:
    """Those of the encounter, and what the record holds as a problem then."""
    mine = visit.of("condition")
    return (*mine, *(e for e in visit.chart.entries("condition") if e.status in ("active", "recurrence", "relapse", "") and e not in mine))


@functools.lru_cache(maxsize=2048)
def _concepts(code: str) -> frozenset[str]:
    """What the lexicon knows of a code: by itself, by its own code table, else by the next shorter code; narrower ones too."""
    known = lexicon()
    by_code = {c for c, told in tables.concept_codes().items() if told == code}
    shorter = code
    while not by_code and len(shorter) >= _CATEGORY:
        by_code = set(known.by_code(_ICD10, shorter)) | {c for c, told in tables.concept_codes().items() if told == shorter}
        shorter = shorter[:-1].rstrip(".")
    return frozenset(n for c in by_code if c in known for n in (c, *known.narrower(c)))


def _of_service(visit: Visit, code: str) -> Iterator[Support]:
    for entry in visit.of(*_SERVICES):
        coded = entry.resource.get("vaccineCode" if entry.kind == "immunization" else "code")
        if service_code(coded) == code:
            yield support(entry)
