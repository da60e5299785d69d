"""Chronic kidney disease by KDIGO, and a fall of the filtration rate under anti-inflammatory drugs."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Having
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, OnDrug, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import TWO_YEARS, View

_KDIGO = (
    "KDIGO Clinical Practice Guideline for Chronic Kidney Disease, 2024, section 1.1, Table 1 and Figure 1"
)
# Of two that an old equation gives by race the one without that factor counts (NKF/ASN 2021).
EGFR = Test(
    "lab:estimated-glomerular-filtration-rate",
    "mL/min/{1.73_m2}",
    "eGFR",
    never=r"(?<!non)(?<!non[ -])\b(?:african|black)",
)
CREATININE = Test("lab:creatinine", "mg/dL", "creatinine")
UACR = Test("lab:albumin-creatinine-ratio", "mg/g", "albumin/creatinine")
APART = 90
"""More than three months, as days between the first and the last result."""
_STAGES = (
    ("5", 0, 15, "N18.5"),
    ("4", 15, 30, "N18.4"),
    ("3b", 30, 45, "N18.32"),
    ("3a", 45, 60, "N18.31"),
    ("2", 60, 90, "N18.2"),
    ("1", 90, 1000, "N18.1"),
)
_LISTED = ("problem:chronic-kidney-disease", "problem:kidney-transplant", "problem:polycystic-kidney-disease")
_ICD = ("N18", "N19", "I12", "I13", "Z99.2", "Z94.0", "E11.2", "E10.2", "E13.2", "D63.1")
_ADVICE = (
    "Look for the cause, stage by eGFR and albuminuria, review drugs by kidney function, and put it on the problem list "
    "(with diabetes E11.22, with hypertension I12.9 besides)."
)


_ALBUMINURIA = Results((Band(UACR, least=30),), count=2, apart=APART)
_INJURY = Having(("problem:acute-kidney-injury",), "acute injury lowers eGFR for a time")


def rates(view: View, days: int | None = TWO_YEARS) -> list[Reading]:
    """eGFR as reported; where none is, by CKD-EPI 2021 from creatinine (Inker 2021), of adults of known sex."""
    reported = view.readings(EGFR, days)
    if reported:
        return reported
    found = []
    for reading in view.readings(CREATININE, days):
        age = view.person.age_on(reading.day)
        if not reading.sign and reading.value > 0 and age is not None and age >= 18 and view.person.sex:
            value = _ckd_epi(reading.value, age, view.person.sex)
            derived = f"by CKD-EPI 2021 from creatinine {reading.entry.measure.text if reading.entry.measure else ''}"
            found.append(Reading(reading.entry, EGFR, reading.day, value, derived=derived))
    return found


def _ckd_epi(creatinine: float, age: int, sex: str) -> float:
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "female" else (0.9, -0.302, 1.0)
    ratio = creatinine / kappa
    return round(142 * min(ratio, 1) ** alpha * max(ratio, 1) ** -1.2 * 0.9938**age * factor, 1)


def low_rates(view: View) -> list[Reading]:
    """The results below 60 since the last that was not, where they span three months; else none."""
    low: list[Reading] = []
    below = Band(EGFR, below=60)
    for reading in rates(view):
        judged = below.holds(reading)
        if judged:
            low.append(reading)
        elif judged is False:
            low.clear()
    return low if low and (low[-1].day - low[0].day).days >= APART else []


def _grade(least: float, below: float):
    def judge(view: View, words: str) -> Met | None:
        if below <= 60:
            low = low_rates(view)
            if not low or not least <= low[-1].value < below:
                return None
            ratio = view.latest(UACR)
            kept = low if len(low) <= 3 else [low[0], *low[-2:]]
            told = "; ".join(r.text for r in kept) + (
                f"; albuminuria {_albuminuria(ratio)}: {ratio.text}" if ratio else ""
            )
            return shown(kept, words, more=len({r.day for r in low}) - 2, told=told)
        found = _ALBUMINURIA.met(view)
        last = (rates(view) or [None])[-1]
        if (
            found is None
            or last is None
            or not least <= last.value < below
            or (last.sign and last.value < 90)
        ):
            return None
        return dataclasses.replace(
            found, reason=f"{found.reason} {last.text}; albuminuria {_albuminuria(found.readings[-1])}."
        )

    return judge


def _albuminuria(reading: Reading) -> str:
    return "A1" if reading.value < 30 else "A2" if reading.value <= 300 else "A3"


def _stage(name: str, code: str) -> Condition:
    severe = name in ("4", "5")
    return Condition(
        f"ckd-g{name}" if name[0].isdigit() else "ckd",
        f"Chronic kidney disease, stage {name}",
        code,
        "high" if severe else "medium",
        _KDIGO,
        ("Refer to nephrology. " if severe else "") + _ADVICE,
        _LISTED,
        (),
        _ICD,
    )


def _words(least: float, below: float) -> str:
    if below <= 60:
        return f"eGFR < 60 for at least {APART} days, none better between or since; the latest {least:g} to < {below:g}"
    return f"albumin/creatinine ≥ 30 mg/g twice, at least {APART} days apart, with an eGFR of {least:g}" + (
        f" to < {below:g}" if below < 1000 else " or more"
    )


def _fall(view: View, words: str) -> Met | None:
    found = rates(view, 365)
    if len(found) < 2 or found[-1].sign or found[-1].value >= 60:
        return None
    best = max(
        (r for r in found[:-1] if not r.sign and (found[-1].day - r.day).days <= 180),
        key=lambda r: r.value,
        default=None,
    )
    if best is None or best.day == found[-1].day or found[-1].value >= 0.8 * best.value:
        return None
    fall = round(100 * (1 - found[-1].value / best.value))
    met = shown([best, found[-1]], words, told=f"{best.text}; {found[-1].text}: a fall of {fall} %")
    return dataclasses.replace(met, readings=(found[-1],))  # the first is what it fell from


_NSAID = Condition(
    "nsaid-egfr-fall",
    "Fall of kidney function under an NSAID",
    "R94.4",
    "medium",
    "KDIGO Chronic Kidney Disease 2024, practice point 2.1.3 (change > 20 %) and section 4.1; FDA "
    "labelling of NSAIDs",
    "Stop the NSAID if possible and repeat creatinine within two weeks; T39.395A codes the adverse effect "
    "besides.",
    ("problem:acute-kidney-injury",),
    (),
    ("N17", "N14.1", "R94.4"),
)

FAMILIES = {
    "kidney": (
        *(
            Rule(
                _stage(name, code),
                Judged(_words(least, below), _grade(least, below)),
                strength=0.8,
                doubts=(STAY, _INJURY),
            )
            for name, least, below, code in _STAGES
        ),
        Rule(_stage("not known", "N18.9"), _ALBUMINURIA, strength=0.8, doubts=(STAY, _INJURY)),
    ),
    "kidney-drug": (
        Rule(
            _NSAID,
            OnDrug(
                ("drugclass:nonsteroidal-anti-inflammatory-drug",),
                "an NSAID",
                Judged(
                    "the latest eGFR of a year below 60 and more than 20 % under one of the 180 days before",
                    _fall,
                ),
            ),
            strength=0.5,
            doubts=(STAY,),
        ),
    ),
}
