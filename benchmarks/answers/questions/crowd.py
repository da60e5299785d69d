"""The generated patients: plain questions, asked by templates so that many records answer the same one.

No wording of the dev half serves in the held half.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.answers.gold import Asked, Oracle
from benchmarks.answers.look_ups import (
    absent,
    age,
    change,
    count,
    current_drugs,
    day_of,
    dose,
    ever,
    extreme,
    how_often,
    latest,
    mean,
    measured,
    none_known,
    phrase,
    span,
    takes,
    trend,
    yes,
)  # fmt: skip
from benchmarks.answers.questions.codes import A1C, CREATININE, LDL, PHQ9, POTASSIUM, SYSTOLIC, TSH


def _each(numbers: Iterable[int], text: str, oracle: Oracle) -> Iterator[Asked]:
    """The same question for several patients of the crowd."""
    for number in numbers:
        yield Asked(f"crowd-{number}", text, oracle)


# fmt: off
ASKED = (
    *_each((2, 4), "most recent HbA1c value", latest(A1C)),
    *_each((6, 8), "what is the latest potassium", latest(POTASSIUM)),
    *_each((4, 10), "TSH, last", latest(TSH)),
    *_each((0, 6), "BP systolic - average of the last three", mean(SYSTOLIC, last=3)),
    *_each((2,), "HbA1c ever at or above 9?", ever(A1C, ">=", 9)),
    *_each((4,), "how many systolics over 140", how_often(SYSTOLIC, ">", 140)),
    *_each((0, 2), "highest PHQ-9", extreme(PHQ9, max)),
    *_each((0, 10), "how many visits in total", count("Encounter")),
    *_each((2, 8), "when was the last flu vaccine given", day_of("Immunization:influenza")),
    *_each((0, 4), "current medication list", current_drugs()),
    *_each((2,), "metformin dose per tablet", dose("MedicationRequest:metformin")),
    *_each((4,), "since when on lisinopril", day_of("MedicationRequest:lisinopril")),
    *_each((0,), "taking a statin?", takes("atorvastatin")),
    *_each((6,), "taking a statin?", takes("atorvastatin")),
    *_each((8, 10), "allergies on record?", none_known()),
    *_each((0, 2), "penicillin allergic?", phrase(yes("AllergyIntolerance:penicillin"))),
    *_each((4, 6), "Does the patient have any allergies?", absent),
    *_each((10,), "how long has hypothyroidism been known", span("Condition:E03.9")),
    *_each((6, 8), "patient age", age()),
    *_each((0,), "LDL since the first visit: trend", trend(LDL)),
    *_each((6,), "number of creatinine results", measured(CREATININE)),
    *_each((2,), "age at diagnosis of COPD", age("Condition:J44.9")),
    # held
    *_each((1, 3), "newest glycated hemoglobin", latest(A1C)),
    *_each((5, 9), "K+ at the last visit", latest(POTASSIUM)),
    *_each((1, 5), "thyrotropin currently", latest(TSH)),
    *_each((3, 7), "mean of the 3 latest systolic pressures", mean(SYSTOLIC, last=3)),
    *_each((9,), "any A1c of nine or more", ever(A1C, ">=", 9)),
    *_each((7,), "count of systolic readings above 150", how_often(SYSTOLIC, ">", 150)),
    *_each((3,), "worst depression score", extreme(PHQ9, max)),
    *_each((5, 11), "total number of encounters", count("Encounter")),
    *_each((1, 11), "last influenza jab", phrase(day_of("Immunization:influenza"))),
    *_each((1, 9), "everything the patient takes", current_drugs()),
    *_each((3,), "sertraline tablet strength", dose("MedicationRequest:sertraline")),
    *_each((7,), "date atorvastatin was ordered", day_of("MedicationRequest:atorvastatin")),
    *_each((9, 5), "is an SGLT2 inhibitor in use", takes("empagliflozin")),
    *_each((11,), "is an SGLT2 inhibitor in use", takes("empagliflozin")),
    *_each((1, 3), "known drug allergies?", none_known()),
    *_each((7, 9), "is penicillin a problem", yes("AllergyIntolerance:penicillin")),
    *_each((5,), "Reactions to any medicine?", absent),
    *_each((11,), "years since CKD was diagnosed", span("Condition:N18.31")),
    *_each((3, 5), "how many years old is this person", age()),
    *_each((7,), "LDL development", trend(LDL)),
    *_each((9,), "change of potassium between the first and the last visit", change(POTASSIUM)),
    *_each((1,), "age when type 2 diabetes came up", age("Condition:E11.9")),
)
