"""Sepsis screen, and viral infections by their confirming tests."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from services.bots.clinical_decision_support.diagnosis.doubts import Having
from services.bots.clinical_decision_support.diagnosis.groups.cells import WHITE_CELLS
from services.bots.clinical_decision_support.diagnosis.groups.vitals import SYSTOLIC
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import basis
from services.chart.entry import Entry

TEMPERATURE = Test("vital:body-temperature", "Cel", "temperature")
HEART_RATE = Test("vital:heart-rate", "/min", "heart rate")
BREATHING = Test("vital:respiratory-rate", "/min", "respiratory rate")
COMA = Test("vital:glasgow-coma-scale", "", "Glasgow coma scale", never=r"\b(?:eye|verbal|motor)\b")
_SIRS = (
    (Band(TEMPERATURE, above=38), Band(TEMPERATURE, below=36)),
    (Band(HEART_RATE, above=90),),
    (Band(BREATHING, above=20),),
    (Band(WHITE_CELLS, above=12), Band(WHITE_CELLS, below=4)),
)
_QSOFA = ((Band(BREATHING, least=22),), (Band(SYSTOLIC, most=100),), (Band(COMA, below=15),))
_HOURS, _DAYS = 24, 14
"""How far back signs count, and infections and antibiotics."""
_DETECTED = re.compile(r"\b(?:detected|positive|reactive)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\b(?:not|non|no|un|negative|indeterminate|inconclusive)[ -]?(?:detected|reactive|positive)?\b|undetect|nonreact",
    re.IGNORECASE,
)


def _signs(view: View, sets: Iterable[tuple[Band, ...]]) -> list[Reading]:
    found = []
    for bands in sets:
        last = view.latest(bands[0].test, 1)
        if last and view.chart.within_hours(last.entry, _HOURS) and any(b.holds(last) for b in bands):
            found.append(last)
    return found


def _sepsis(view: View, words: str) -> Met | None:
    best = max((_signs(view, _SIRS), _signs(view, _QSOFA)), key=len)
    if len(best) < 2:
        return None
    recent = [e for e in view.held("problem:infection") if e.first and (view.today - e.first).days <= _DAYS]
    drugs = [
        m.entry
        for m in view.taking("drugclass:antibiotic")
        if m.entry.first and (view.today - m.entry.first).days <= _DAYS
    ]
    if not recent and not drugs:
        return None
    met = shown(sorted(best, key=lambda r: r.entry.order), words, more=len(best) - 2)
    why = (recent or drugs)[-1]
    return dataclasses.replace(
        met, evidence=(*met.evidence, basis(why)), reason=f"With {why.name}: {met.reason}"
    )


def _positive(entry: Entry, amount: bool) -> bool:
    measure = entry.measure
    if measure is None or entry.status in ("registered", "preliminary", "unknown"):
        return False
    if measure.amount is not None:
        return amount and measure.amount > 0 and measure.comparator not in ("<", "<=")
    return bool(_DETECTED.search(measure.text)) and not _DENIED.search(measure.text)


def _confirmed(concepts: tuple[str, ...], codes: frozenset[str], amount: bool = True):
    wanted = frozenset(concepts)

    def judge(view: View, words: str) -> Met | None:
        found = [
            e
            for e in view.chart.entries("result")
            if not (wanted.isdisjoint(e.own) and codes.isdisjoint(e.codes)) and e.measure and e.first
        ]
        if not found or not _positive(found[-1], amount):
            return None
        last = found[-1]
        earlier = [e for e in found[:-1] if _positive(e, amount)]
        text = f"{last.name} {last.measure.text if last.measure else ''} on {last.first}"
        return Met(
            tuple(basis(e) for e in (*earlier[-1:], last)),
            last.first or view.today,
            f"{text}. Criterion: {words}.",
            more=len(earlier),
        )

    return judge


_SEPSIS = Condition(
    "sepsis-screen",
    "Possible sepsis",
    "A41.9",
    "high",
    "ACCP/SCCM 1992 (SIRS) and Sepsis-3 2016 (qSOFA); Surviving Sepsis Campaign 2021: not qSOFA alone",
    "See the patient now: lactate, cultures, SOFA score; antibiotics within the hour if sepsis is likely. "
    "A41.9 only once it is confirmed.",
    ("problem:sepsis",),
    (),
    ("A40", "A41", "R65", "O85", "T81.44"),
    r"\bseps|septic",
    lasting=False,
)
_HIV = Condition(
    "hiv",
    "HIV infection",
    "Z21",
    "high",
    "CDC/APHL laboratory testing for HIV, 2014 (updated 2018), step 3",
    "Confirm that the patient knows, viral load and CD4 count, and start treatment; B20 once there was an "
    "HIV-related illness.",
    ("problem:hiv-infection",),
    (),
    ("B20", "B97.35", "Z21", "O98.7"),
    r"\bhiv\b",
)
_HCV = Condition(
    "hepatitis-c",
    "Chronic hepatitis C",
    "B18.2",
    "medium",
    "AASLD-IDSA HCV guidance 2023, testing: HCV RNA detected means current infection",
    "Genotype if needed, fibrosis staging, hepatitis B serology; treat.",
    ("problem:hepatitis-c",),
    (),
    ("B17.1", "B18.2", "B19.2", "Z22.52"),
    r"hepatitis c\b|\bhcv\b",
    lasting=False,
)

FAMILIES = {
    "sepsis": (
        Rule(
            _SEPSIS,
            Judged(
                "two or more of SIRS (temperature > 38 or < 36 °C, heart rate > 90, breathing > 20, white "
                "cells > 12 or < 4 ×10³/µL) or of qSOFA (breathing ≥ 22, systolic ≤ 100 mmHg, Glasgow < "
                f"15) of the last {_HOURS} hours, with an infection on the list or antibiotics since "
                f"{_DAYS} days at most",
                _sepsis,
            ),
            strength=0.5,
            pregnant="any",
            doubts=(
                Having(
                    (
                        "problem:pulmonary-embolism",
                        "problem:pancreatitis",
                        "problem:gastrointestinal-hemorrhage",
                        "problem:heart-failure",
                    ),
                    "may explain the signs",
                ),
            ),
        ),
    ),
    "hiv": (
        Rule(
            _HIV,
            Judged(
                "HIV-1 RNA measured in the latest test of it",
                _confirmed(("lab:hiv-viral-load",), frozenset(["20447-9", "25836-8"])),
            ),
            strength=0.8,
            since=2,
            pregnant="any",
        ),
    ),
    "hepatitis-c": (
        Rule(
            _HCV,
            Judged(
                "HCV RNA detected in the latest test",
                _confirmed(("lab:hepatitis-c-rna",), frozenset(["11259-9", "11011-4", "20416-4", "38180-6"])),
            ),
            strength=0.8,
            since=3,
            pregnant="any",
        ),
    ),
}
