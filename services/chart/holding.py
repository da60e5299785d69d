"""What holds for the patient now: medicines that are taken, allergies, problems, a pregnancy."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.chart.chart import Chart
from services.chart.entry import Entry, days
from services.index.text import values
from services.index.text.context import Context
from services.index.text.medications import medication
from services.knowledge.medicines.naming import Identified, identify

_PREGNANT = frozenset(["problem:pregnancy"])
_PREGNANCY_STATUS, _IS_PREGNANT = "82810-3", frozenset(["77386006", "LA15173-0"])
"""LOINC pregnancy status; SNOMED CT and LOINC answer "pregnant"."""


_SIDE_EFFECT = re.compile(
    r"\b(?:cough|nausea|vomit\w*|diarrh\w*|constipat\w*|headache|dizz\w*|drows\w*|sedat\w*|myalgia|muscle (?:ache|pain)|"
    r"upset stomach|gi upset|dyspepsia|insomnia|fatigue)\b",
    re.IGNORECASE,
)
_ALLERGIC = re.compile(
    r"\b(?:angio\w*|anaphyl\w*|swell\w*|edema|oedema|rash|hives|urticaria|wheez\w*|bronchosp\w*|dyspn\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A drug that the patient is on, as far as the record tells."""

    entry: Entry
    drug: Identified

    @property
    def reference(self) -> str:
        return self.entry.reference


@dataclass(frozen=True, slots=True)
class Allergy:
    """`codings` as in a CodeableConcept, those of the reactions' substances included."""

    entry: Entry
    codings: tuple[dict[str, Any], ...]
    text: str

    @property
    def intolerance(self) -> bool:
        """Whether all reactions that are recorded are side effects, which say nothing of related drugs."""
        told = [r.strip() for r in str(self.entry.extra.get("reaction") or "").split(",") if r.strip()]
        return bool(told) and all(_SIDE_EFFECT.search(r) and not _ALLERGIC.search(r) for r in told)


def medicines(chart: Chart) -> list[Medicine]:
    """What is taken: active orders and statements that have not run out; no proposals, prohibitions or single doses,
    nothing that was ordered for a hospital stay which is over, and of renewals the last."""
    taken = [e for e in _active(chart) if not _left_over(e, chart.as_of)]
    last = {_order(e): (e.date or "")[:10] for e in sorted(taken, key=lambda e: e.date or "")}
    return [medicine_of(chart, e) for e in taken if (e.date or "")[:10] == last[_order(e)]]


def left_over(chart: Chart) -> list[Entry]:
    """Active orders for a hospital stay that is over: nobody marked them as ended."""
    return [e for e in _active(chart) if _left_over(e, chart.as_of)]


def _active(chart: Chart) -> Iterator[Entry]:
    for entry in chart.entries("medication"):
        over = entry.end is not None and entry.end[:10] < chart.as_of.isoformat()[: len(entry.end[:10])]
        if entry.status == "active" and not entry.extra.get("given") and not over:
            yield entry


def _order(entry: Entry) -> tuple[object, ...]:
    """What an order and its renewal have in common: kind, product, single dose. Two of one day aren't that, but a duplicate."""
    return entry.type, entry.name.casefold(), entry.extra.get("amounts")


def _left_over(entry: Entry, on: dt.date) -> bool:
    ended = days(entry.extra.get("stay_ended"))
    return bool(ended and ended[1] < on)


def medicine_of(chart: Chart, entry: Entry) -> Medicine:
    """Which drug an order or statement is of."""
    name, codings, _ = medication(entry.resource, Context(entry.resource, chart.resolve))
    return Medicine(entry, identify([{"system": s, "code": c} for s, c in codings], name))


def allergies(chart: Chart) -> list[Allergy]:
    """Those that hold: not refuted, resolved, or the statement that there are none."""
    found = []
    for entry in chart.entries("allergy"):
        if entry.status in ("refuted", "none-known", "resolved", "inactive"):
            continue
        codings = values.objs(values.obj(entry.resource.get("code")).get("coding"))
        for reaction in values.objs(entry.resource.get("reaction")):
            codings = [*codings, *values.objs(values.obj(reaction.get("substance")).get("coding"))]
        found.append(Allergy(entry, tuple(codings), entry.name))
    return found


def problems(chart: Chart) -> list[Entry]:
    """Conditions that hold now."""
    return [
        e
        for e in chart.entries("condition")
        if e.status in ("active", "recurrence", "relapse", "") and not e.end
    ]


def pregnancy(chart: Chart) -> list[Entry]:
    """What says that the patient is pregnant now. The latest pregnancy status stands beside the problem list."""
    found = [e for e in problems(chart) if _PREGNANT & (e.own | e.named)]
    stated = [e for e in chart.entries("result") if _PREGNANCY_STATUS in e.codes and not e.part]
    if stated and any(
        c in _IS_PREGNANT for _, c in values.codings(stated[-1].resource.get("valueCodeableConcept"))
    ):
        found.append(stated[-1])
    return found
