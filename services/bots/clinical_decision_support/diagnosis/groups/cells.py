"""Platelets and white cells."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, SUPPRESSANTS, Having
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, OnDrug, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity, basis

PLATELETS = Test("lab:platelet-count", "10*3/uL", "platelets")
NEUTROPHILS = Test("lab:neutrophil-count", "10*3/uL", "neutrophils", never=r"percent|100 leuk|/100|%")
WHITE_CELLS = Test("lab:white-blood-cell-count", "10*3/uL", "white cells")
_YEAR = 365


def _cells(
    ident: str,
    display: str,
    code: str,
    severity: Severity,
    source: str,
    advice: str,
    listed: tuple[str, ...],
    icd: tuple[str, ...],
) -> Condition:
    return Condition(ident, display, code, severity, source, advice, listed, (), icd, lasting=False)


_WHITE = ("problem:neutropenia", "problem:leukemia", "problem:aplastic-anemia")
_WHITE_ICD = ("D70", "D72.81", "D61", "D46", "C91", "C92", "C93", "C94", "C95")
_ANC = (
    "Newburger & Dale, Seminars in Hematology 2013;50:198 (mild < 1.5, moderate < 1.0, severe < 0.5 ×10⁹/L)"
)
_ANC_ADVICE = "Repeat with a differential; ask for drugs, infections and ancestry (the Duffy-null count is lower by nature)."
_GRADES: tuple[tuple[str, float | None, float, Severity, str], ...] = (
    ("severe", None, 0.5, "high", "See for fever and infection today. " + _ANC_ADVICE),
    ("moderate", 0.5, 1.0, "medium", _ANC_ADVICE),
    ("mild", 1.0, 1.5, "low", _ANC_ADVICE),
)
_PLATELETS = ("problem:thrombocytopenia", "problem:cirrhosis", "problem:leukemia", "problem:aplastic-anemia")
_PLATELETS_ICD = ("D69.3", "D69.4", "D69.5", "D69.6", "D75.82", "D61", "D46", "D47.3", "O99.1", "M31.1")


def _after_heparin(view: View, words: str) -> Met | None:
    heparin = ("drug:heparin", "drugclass:heparin-product", "drugclass:low-molecular-weight-heparin")
    doses = [
        e
        for e in view.courses(*heparin, days=30)
        if e.first and not re.search(r"flush|lock|ointment|gel\b", e.name, re.IGNORECASE)
    ]
    if not doses or not doses[0].first:
        return None
    start = doses[0].first
    counts = [r for r in view.readings(PLATELETS, 45) if not r.sign]
    before = [r for r in counts if start - dt.timedelta(days=7) <= r.day <= start + dt.timedelta(days=4)]
    after = [r for r in counts if start + dt.timedelta(days=5) <= r.day <= start + dt.timedelta(days=14)]
    if not before or not after:
        return None
    most, least = max(before, key=lambda r: r.value), min(after, key=lambda r: r.value)
    if least.value >= 0.5 * most.value:
        return None
    fall = round(100 * (1 - least.value / most.value))
    day = (least.day - start).days
    met = shown(
        [most, least],
        words,
        [after[-1]] if after[-1].value >= 150 else [],
        told=f"{most.text}; {least.text}: a fall of {fall} % on day {day} of {doses[0].name}",
    )
    return dataclasses.replace(met, evidence=(*met.evidence, basis(doses[0], f"Given: {doses[0].name}")))


FAMILIES = {
    "platelets": (
        Rule(
            _cells(
                "heparin-thrombocytopenia",
                "Possible heparin-induced thrombocytopenia",
                "D75.829",
                "high",
                "4Ts score (Lo 2006); ASH guideline on HIT 2018",
                "Work out the full 4Ts score now; if it is 4 or more stop heparin, start another "
                "anticoagulant and test PF4 antibodies.",
                ("problem:heparin-induced-thrombocytopenia",),
                ("D75.82",),
            ),
            Judged("platelets fallen by more than half on days 5 to 14 of heparin", _after_heparin),
            strength=0.5,
            since=0,
            pregnant="any",
            doubts=(SUPPRESSANTS, Having(("problem:sepsis",), "sepsis lowers platelets")),
        ),
        Rule(
            _cells(
                "thrombocytopenia",
                "Thrombocytopenia",
                "D69.6",
                "medium",
                "Gauer & Whitaker, American Family Physician 2022;106:288 (< 150 ×10³/µL)",
                "Repeat in citrate and see the smear (clumps); ask for drugs, alcohol, liver disease, HIV "
                "and hepatitis C.",
                _PLATELETS,
                _PLATELETS_ICD,
            ),
            Results((Band(PLATELETS, below=150),), count=2, days=_YEAR),
            strength=0.8,
            since=1,
            doubts=(SUPPRESSANTS, STAY),
        ),
        Rule(
            _cells(
                "thrombocytopenia-once",
                "Thrombocytopenia, one result",
                "D69.6",
                "medium",
                "Gauer & Whitaker, American Family Physician 2022;106:288 (< 150 ×10³/µL)",
                "Repeat in citrate and see the smear (clumps).",
                _PLATELETS,
                _PLATELETS_ICD,
            ),
            Results((Band(PLATELETS, below=100),), days=180),
            strength=0.65,
            since=1,
            doubts=(SUPPRESSANTS, STAY),
        ),
    ),
    "white-cells": (
        Rule(
            _cells(
                "clozapine-neutropenia",
                "Neutropenia under clozapine",
                "D70.2",
                "high",
                "FDA labelling of clozapine since 2015 (absolute neutrophil count < 1.5 ×10³/µL)",
                "Act by the labelling's table at once: below 1.0 interrupt clozapine, below 0.5 do not "
                "give it again.",
                _WHITE,
                _WHITE_ICD,
            ),
            OnDrug(("drug:clozapine",), "clozapine", Results((Band(NEUTROPHILS, below=1.5),), days=90)),
            strength=0.8,
            since=0,
            pregnant="any",
        ),
        *(
            Rule(
                _cells(
                    f"neutropenia-{grade}",
                    f"Neutropenia, {grade}",
                    "D70.9",
                    severity,
                    _ANC,
                    advice,
                    _WHITE,
                    _WHITE_ICD,
                ),
                Results((Band(NEUTROPHILS, least=least, below=below),), days=180),
                strength=0.65,
                since=1,
                pregnant="any",
                doubts=(SUPPRESSANTS, STAY),
            )
            for grade, least, below, severity, advice in _GRADES
        ),
        Rule(
            _cells(
                "leukopenia",
                "Leukopenia",
                "D72.819",
                "low",
                "StatPearls: Leukopenia 2023 (white cells < 4.0 ×10³/µL in adults)",
                _ANC_ADVICE,
                _WHITE,
                _WHITE_ICD,
            ),
            Results((Band(WHITE_CELLS, below=4.0),), count=2, days=_YEAR),
            strength=0.65,
            doubts=(SUPPRESSANTS, STAY),
        ),
    ),
}
