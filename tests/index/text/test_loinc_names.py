"""Names of tests as they are said."""

from __future__ import annotations

import pytest

from services.index.text.loinc_names import said


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Albumin [Mass/volume] in Serum or Plasma", "Albumin"),
        ("Alanine aminotransferase [Enzymatic activity/\u200bvolume] in Serum or Plasma", "Alanine aminotransferase"),
        ("Bilirubin.total [Mass/volume] in Serum or Plasma", "Bilirubin, total"),
        ("Hemoglobin A1c/Hemoglobin.total in Blood", "Hemoglobin A1c"),
        ("Leukocytes [#/volume] in Blood by Automated count", "Leukocytes"),
        ("Hematocrit [Volume Fraction] of Blood by Automated count", "Hematocrit"),
        ("MCV [Entitic volume] by Automated count", "MCV"),
        ("Globulin [Mass/volume] in Serum by calculation", "Globulin"),
        ("Glucose [Mass/volume] in Urine by Test strip", "Glucose in Urine by Test strip"),
        ("Oxygen [Partial pressure] in Arterial blood", "Oxygen [Partial pressure] in Arterial blood"),
        ("DXA [T-score] Bone density", "DXA [T-score] Bone density"),
        ("Potassium", "Potassium"),
        ("Blood Pressure", "Blood Pressure"),
    ],
)
def test_a_name_is_said(name: str, expected: str) -> None:
    assert said(name) == expected
