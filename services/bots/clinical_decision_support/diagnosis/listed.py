"""Whether the problem list holds a condition already: by concept, by ICD-10 or SNOMED code, or in other words."""

from __future__ import annotations

import functools
import re

from services.bots.clinical_decision_support.diagnosis.model import Condition
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Basis, basis
from services.chart.entry import Entry
from services.chart.naming import family
from services.index.text import values
from services.knowledge.assertion import asserted
from services.knowledge.lexicon import lexicon

_PAST = frozenset(["resolved", "inactive", "remission"])
_NO_DIAGNOSIS = re.compile(
    r"\bscreen\w*|\bencounter for\b|\brisk\b|\bfamily history\b|\bsuspect\w*|\bexposure\b|\bcontact with\b|\bcounsel\w*|\bfear\b",
    re.IGNORECASE,
)


def listed(view: View, condition: Condition) -> bool:
    """An unconfirmed or provisional entry counts: somebody thought of it already."""
    return any(
        _is(entry, condition)
        and entry.status not in ("refuted", "none-known")
        and (condition.lasting or not (entry.status in _PAST or entry.end))
        for entry in view.chart.entries("condition")
    )


def refuted(view: View, condition: Condition) -> list[Basis]:
    """What says that the patient does not have it."""
    entries = [e for e in view.chart.entries("condition") if e.status == "refuted" and _is(e, condition)]
    return [basis(e, f"{e.name}: recorded as refuted") for e in entries]


def _is(entry: Entry, condition: Condition) -> bool:
    codings = values.codings(entry.resource.get("code"))
    diagnosis = not _NO_DIAGNOSIS.search(entry.name)
    known = asserted(entry.name) if diagnosis else frozenset()
    wide = _wide(condition.listed, condition.apart)
    if known & wide or any(not wide.isdisjoint(lexicon().by_code(*coding)) for coding in codings):
        return True
    if any(
        _icd(code).startswith(_icd(p))
        for system, code in codings
        if "icd-10" in system
        for p in condition.icd
    ):
        return True
    return (
        diagnosis
        and bool(condition.words)
        and re.search(condition.words, entry.name, re.IGNORECASE) is not None
    )


@functools.lru_cache(maxsize=1_000)
def _wide(listed: tuple[str, ...], apart: tuple[str, ...]) -> frozenset[str]:
    """The concepts and their kinds, without others and theirs."""
    return frozenset().union(*map(family, listed)) - frozenset().union(*map(family, apart))


def _icd(code: str) -> str:
    return code.replace(".", "").upper()
