"""Liver, bone and lung."""

from __future__ import annotations

import dataclasses
import math

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Having
from services.bots.clinical_decision_support.diagnosis.groups.cells import PLATELETS
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity, basis

AST = Test("lab:aspartate-aminotransferase", "U/L", "AST")
ALT = Test("lab:alanine-aminotransferase", "U/L", "ALT")
T_SCORE = Test("vital:t-score", "", "T-score", never=r"z-?score|ultraso|heel|calcan")
RATIO = Test(
    "vital:forced-expiratory-volume",
    "1",
    "FEV1/FVC",
    frozenset(["19926-5"]),
    r"fev ?1 ?/ ?fvc",
    r"predict|z-?score|percentile",
)
_AASLD = "AASLD practice guidance on NAFLD, 2023 (Rinella): FIB-4 > 2.67 high; lower cutoff 1.3, from 65 years 2.0 (McPherson 2017)"
_RISK = (
    "problem:type-2-diabetes",
    "problem:obesity",
    "problem:fatty-liver-disease",
    "problem:alcohol-use-disorder",
    "problem:hepatitis-c",
    "problem:prediabetes",
)
_NEAR = 90


def fibrosis_4(view: View) -> tuple[float, list[Reading]] | None:
    """(FIB-4 = age × AST / (platelets × √ALT), what it rests on), of the latest platelets with enzymes near them. It isn't
    valid under 35 years, nor of an acute illness, whose enzymes come from elsewhere: stays are left out."""
    counted = [r for r in view.readings(PLATELETS, 365) if not view.in_stay(r.entry)]
    last = counted[-1] if counted else None
    found = [last, *(view.near(t, last.day, _NEAR, in_stays=False) for t in (AST, ALT))] if last else []
    readings = [r for r in found if r and not r.sign and r.value > 0]
    age = view.person.age_on(last.day) if last else None
    if len(readings) < 3 or age is None or age < 35:
        return None
    platelets, ast, alt = (r.value for r in readings)
    return round(age * ast / (platelets * math.sqrt(alt)), 2), readings


def _fibrosis(high: bool):
    def judge(view: View, words: str) -> Met | None:
        at_risk = view.held(*_RISK)
        found = fibrosis_4(view) if at_risk else None
        if found is None:
            return None
        value, readings = found
        lower = 2.0 if (view.age or 0) >= 65 else 1.3
        if (value <= 2.67) if high else not lower <= value <= 2.67:
            return None
        readings.sort(key=lambda r: r.entry.order)
        met = shown(
            readings,
            words,
            told=f"FIB-4 {value:g} from {'; '.join(r.text for r in readings)}, with {at_risk[0].name}",
        )
        return dataclasses.replace(met, evidence=(*met.evidence, basis(at_risk[0])))

    return judge


def _liver(ident: str, display: str, code: str, severity: Severity, advice: str) -> Condition:
    return Condition(
        f"liver/{ident}",
        display,
        code,
        severity,
        _AASLD,
        advice,
        ("problem:cirrhosis", "problem:liver-cancer", "problem:acute-liver-failure"),
        (),
        ("K74", "K70.2", "K70.3", "K72"),
        r"fibrosis of (?:the )?liver|(?:liver|hepatic) fibrosis",
    )


_ACUTE_LIVER = (
    Having(
        ("problem:hepatitis-a", "problem:hepatitis-b", "problem:thrombocytopenia"),
        "changes enzymes or platelets by itself",
    ),
    STAY,
)
_BONE = "WHO Technical Report Series 843 (1994); ISCD official positions 2023 (women after the menopause and men from 50)"
_OSTEOPOROSIS = Condition(
    "osteoporosis",
    "Osteoporosis",
    "M81.0",
    "medium",
    _BONE,
    "Look for secondary causes, assess the risk of fracture (FRAX) and treat.",
    ("problem:osteoporosis",),
    (),
    ("M80", "M81"),
)
_OSTEOPENIA = Condition(
    "osteopenia",
    "Low bone mass (osteopenia)",
    "M85.80",
    "low",
    _BONE,
    "Assess the risk of fracture (FRAX); calcium, vitamin D, activity.",
    ("problem:osteoporosis", "problem:osteopenia"),
    (),
    ("M80", "M81", "M85.8", "M85.9"),
)

FAMILIES = {
    "liver": (
        Rule(
            _liver(
                "advanced-fibrosis",
                "Possible advanced liver fibrosis",
                "K74.02",
                "medium",
                "Elastography or ELF test, look for the cause, refer to hepatology.",
            ),
            Judged(
                "FIB-4 > 2.67 from 35 years on, with diabetes, prediabetes, obesity, fatty liver, "
                "hepatitis C or alcohol use disorder on the list; results of emergency and inpatient stays left out",
                _fibrosis(True),
            ),
            strength=0.5,
            since=35,
            doubts=_ACUTE_LIVER,
        ),
        Rule(
            _liver(
                "indeterminate-fibrosis",
                "Liver fibrosis not excluded",
                "R94.5",
                "low",
                "Elastography or ELF test as the second step.",
            ),
            Judged("FIB-4 from 1.3 (from 65 years on 2.0) to 2.67, with the same risks; results of stays left out", _fibrosis(False)),
            strength=0.5,
            since=35,
            doubts=_ACUTE_LIVER,
        ),
    ),
    "bone": tuple(
        Rule(
            condition,
            Results((band,), days=None),
            strength=0.8,
            since=50,
            doubts=(
                Having(
                    (
                        "problem:chronic-kidney-disease-stage-4",
                        "problem:chronic-kidney-disease-stage-5",
                        "problem:hyperparathyroidism",
                    ),
                    "another bone disease may lower density",
                ),
            ),
        )
        for condition, band in (
            (_OSTEOPOROSIS, Band(T_SCORE, most=-2.5)),
            (_OSTEOPENIA, Band(T_SCORE, above=-2.5, below=-1.0)),
        )
    ),
    "lung": (
        Rule(
            Condition(
                "copd",
                "Chronic obstructive pulmonary disease",
                "J44.9",
                "medium",
                "GOLD report 2025, chapter 2: FEV1/FVC < 0.70 after a bronchodilator",
                "Confirm that it was measured after a bronchodilator, with symptoms or exposure; grade by "
                "FEV1.",
                ("problem:chronic-obstructive-pulmonary-disease",),
                (),
                ("J41", "J42", "J43", "J44"),
                r"\bcopd|emphysema|chronic bronchitis|obstructive (?:pulmonary|lung)",
            ),
            Results((Band(RATIO, below=0.7),), days=None),
            strength=0.65,
            doubts=(
                Having(("problem:asthma", "problem:bronchiectasis"), "obstructs the airways by itself"),
                STAY,
            ),
        ),
    ),
}
