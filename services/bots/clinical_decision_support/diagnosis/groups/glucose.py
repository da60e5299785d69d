"""Diabetes and prediabetes."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Having, Taking, Treated
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import TWO_YEARS, View
from services.bots.clinical_decision_support.model import basis

_ADA = "ADA Standards of Care in Diabetes 2025, section 2"
HBA1C = Test("lab:hemoglobin-a1c", "%", "HbA1c")
FASTING = Test("lab:fasting-glucose", "mg/dL", "fasting glucose")
_POST = r"\bpost\b|tolerance|challenge|\bhours?\b|\bhr\b"
TWO_HOUR = Test(
    "lab:glucose-tolerance-test",
    "mg/dL",
    "2-hour glucose (75 g)",
    frozenset(["1518-0", "14995-5"]),
    r"2 ?(?:h|hr|hours?)\b.*\b75 ?g",
)
RANDOM = Test("lab:glucose", "mg/dL", "glucose", never=_POST + "|fasting|urine")

_RED_CELLS = (
    Treated(("procedure:blood-transfusion",), 120, "a transfusion makes HbA1c unreliable (ADA section 2)"),
    Having(
        (
            "problem:sickle-cell-disease",
            "problem:hemolytic-anemia",
            "problem:thalassemia",
            "problem:iron-deficiency-anemia",
            "problem:end-stage-renal-disease",
        ),
        "changes HbA1c apart from glucose (ADA section 2)",
    ),
)
_STEROIDS = Taking(("drugclass:corticosteroid",), "raises glucose")
_DIABETES = ("problem:diabetes-mellitus",)
_NOT_DIABETES = ("problem:gestational-diabetes",)
_ICD = ("E08", "E09", "E10", "E11", "E13", "E14", "O24.0", "O24.1", "O24.3")
_IN_RANGE = (Band(HBA1C, least=6.5), Band(FASTING, least=126), Band(TWO_HOUR, least=200))

DIABETES = Condition(
    "diabetes",
    "Type 2 diabetes mellitus",
    "E11.9",
    "medium",
    f"{_ADA}, Table 2.1",
    "Settle the type (autoantibodies or C-peptide if type 1 is possible) and put it on the problem list; "
    "ICD-10-CM takes an "
    "unspecified type as type 2 (guideline I.C.4.a.2).",
    _DIABETES,
    _NOT_DIABETES,
    _ICD,
)
_SYMPTOMATIC = dataclasses.replace(
    DIABETES,
    id="diabetes-symptoms",
    severity="high",
    advice="Confirm today with a repeat plasma glucose or HbA1c; look for ketones.",
)
_UNCONFIRMED = Condition(
    "diabetes-unconfirmed",
    "Result in the range of diabetes, not yet confirmed",
    "R73.09",
    "medium",
    f"{_ADA}, Table 2.1",
    "Repeat HbA1c or fasting glucose: without symptoms two abnormal results are needed.",
    _DIABETES,
    _NOT_DIABETES,
    _ICD,
)
PREDIABETES = Condition(
    "prediabetes",
    "Prediabetes",
    "R73.03",
    "low",
    f"{_ADA}, Table 2.2",
    "Repeat once, advise on weight and activity, and test every year.",
    ("problem:prediabetes", "problem:diabetes-mellitus"),
    _NOT_DIABETES,
    (*_ICD, "R73.0"),
)
_SYMPTOMS = (
    "symptom:polyuria",
    "symptom:polydipsia",
    "problem:diabetic-ketoacidosis",
    "problem:hyperosmolar-hyperglycemic-state",
)


def _random(view: View, words: str) -> Met | None:
    symptoms = view.held(*_SYMPTOMS)
    high = Band(RANDOM, least=200)
    last = view.latest(RANDOM, 90)
    if not symptoms or last is None or not high.holds(last):
        return None
    found = shown([last], words)
    told = ", ".join(dict.fromkeys(e.name for e in symptoms))
    return dataclasses.replace(
        found,
        evidence=found.evidence + tuple(basis(e) for e in symptoms),
        reason=f"With {told}: {found.reason}",
    )


FAMILIES = {
    "glucose": (
        Rule(
            DIABETES,
            Results(_IN_RANGE, count=2, days=None, unbroken=False),
            strength=0.8,
            since=0,
            doubts=(*_RED_CELLS, _STEROIDS, STAY),
        ),
        Rule(
            _SYMPTOMATIC,
            Judged(
                "random glucose ≥ 200 mg/dL, the latest of the last 90 days, with polyuria, polydipsia or "
                "a hyperglycaemic crisis on the list",
                _random,
            ),
            strength=0.65,
            since=0,
            doubts=(_STEROIDS,),
        ),
        Rule(
            _UNCONFIRMED,
            Results(_IN_RANGE, days=TWO_YEARS),
            strength=0.65,
            since=0,
            doubts=(*_RED_CELLS, _STEROIDS, STAY),
        ),
        Rule(
            PREDIABETES,
            Results(
                (
                    Band(HBA1C, least=5.7, below=6.5),
                    Band(FASTING, least=100, below=126),
                    Band(TWO_HOUR, least=140, below=200),
                )
            ),
            strength=0.65,
            doubts=(*_RED_CELLS, _STEROIDS, STAY),
        ),
    ),
}
