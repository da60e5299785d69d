"""Findings that are names for a value: hyperkalemia for a high potassium, fever for a temperature.

By the flag or the reference range that the evidence itself gives; fever by the CDC's measured temperature of 38 °C
(100.4 °F) or greater (Definitions of Signs, Symptoms, and Conditions of Ill Travelers, 2017).
"""

from __future__ import annotations

from collections.abc import Iterator

from services.grounding.assertions import ABSENT, PRESENT
from services.grounding.case import Case
from services.grounding.ranges import levels
from services.grounding.sources import Value
from services.grounding.units import convert_value

_NAMES = {
    "problem:hyperkalemia": ("lab:potassium", "high"),
    "problem:hypokalemia": ("lab:potassium", "low"),
    "problem:hypernatremia": ("lab:sodium", "high"),
    "problem:hyponatremia": ("lab:sodium", "low"),
    "problem:hypercalcemia": ("lab:calcium", "high"),
    "problem:hypocalcemia": ("lab:calcium", "low"),
    "problem:hypermagnesemia": ("lab:magnesium", "high"),
    "problem:hypomagnesemia": ("lab:magnesium", "low"),
    "problem:hyperphosphatemia": ("lab:phosphate", "high"),
    "problem:hypophosphatemia": ("lab:phosphate", "low"),
    "problem:leukocytosis": ("lab:white-blood-cell-count", "high"),
    "problem:leukopenia": ("lab:white-blood-cell-count", "low"),
    "problem:thrombocytopenia": ("lab:platelet-count", "low"),
    "problem:thrombocytosis": ("lab:platelet-count", "high"),
}
_FEVER = 38.0


def called(case: Case, concepts: set[str], polarity: str) -> list[Value]:
    """The values of the evidence by which the finding is there (or, where it is denied, is not); none where untold.

    Denied, every value has to say so; there, one, unless the sentence itself gives the value that it means.
    """
    if polarity not in (PRESENT, ABSENT):
        return []
    judged = [(v, there) for c in concepts for v, there in _judged(case, c)]
    said = {a.figure.value for a in case.reading.amounts if a.figure.kind == "value"}
    judged = [j for j in judged if j[0].figure.value in said] or judged
    if polarity == ABSENT:
        return [v for v, _ in judged] if judged and not any(there for _, there in judged) else []
    return [v for v, there in judged if there]


def _judged(case: Case, concept: str) -> Iterator[tuple[Value, bool]]:
    """Each value of what the finding is of, and whether it makes the finding."""
    analyte, level = _NAMES.get(concept, ("", ""))
    for value in case.values():
        if value.figure.kind != "value" or value.figure.limit or value.figure.op:
            continue
        if concept == "symptom:fever" and "vital:body-temperature" in value.topics:
            unit = value.figure.unit or ("Cel" if value.figure.value < 50 else "[degF]")
            celsius = convert_value(value.figure.value, unit, "Cel", "vital:body-temperature")
            if celsius is not None:
                yield value, celsius >= _FEVER - 1e-9
        elif analyte in value.topics and (found := levels(value)) & {"high", "low", "normal"}:
            yield value, level in found
