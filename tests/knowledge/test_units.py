"""Unit conversion: published pairs, round trips, and no guesses."""

from __future__ import annotations

import pytest

from services.knowledge.units import canonical, convert, normalise_unit


@pytest.mark.parametrize(
    ("value", "source", "target", "concept", "expected"),
    [
        (100, "mg/dL", "mmol/L", "lab:glucose", 5.55),
        (200, "mg/dL", "mmol/L", "lab:cholesterol", 5.17),
        (150, "mg/dL", "mmol/L", "lab:triglycerides", 1.69),
        (1.0, "mg/dL", "umol/L", "lab:creatinine", 88.4),
        (20, "mg/dL", "mmol/L", "lab:blood-urea-nitrogen", 7.14),
        (10, "mg/dL", "mmol/L", "lab:calcium", 2.495),
        (10, "mg/dL", "meq/L", "lab:calcium", 4.99),
        (4.0, "meq/L", "mmol/L", "lab:potassium", 4.0),
        (7.0, "%", "mmol/mol", "lab:hemoglobin-a1c", 53.0),
        (1.0, "mg/dL", "umol/L", "lab:total-bilirubin", 17.1),
        (300, "mg/g", "mg/mmol", "lab:albumin-creatinine-ratio", 33.9),
        (14, "g/dL", "g/L", "lab:hemoglobin", 140),
        (98.6, "[degF]", "Cel", "vital:body-temperature", 37.0),
        (37, "C", "F", None, 98.6),
        (220, "lbs", "kg", None, 99.79),
        (70, "in", "cm", None, 177.8),
        (5.0, "K/uL", "10*9/L", "lab:platelet-count", 5.0),
        (1, "ng/mL", "ng/L", "lab:troponin", 1000),
    ],
)
def test_known_pairs(value: float, source: str, target: str, concept: str | None, expected: float) -> None:
    result = convert(value, source, target, concept)
    assert result == pytest.approx(expected, rel=0.005)
    assert convert(result, target, source, concept) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1, "mg", "mcg", 1000),
        (88, "µg", "mg", 0.088),
        (2, "U/mL", "IU/L", 2000),
        (25, "mIU/mL", "IU/L", 25),
        (4.5, "x10^12/L", "M/uL", 4.5),
        (7500, "/mm3", "×10⁹/L", 7.5),
        (7.5, "K/mm3", "10E3/uL", 7.5),
        (7, "per cent", "%", 7),
        (20, "copies/mL", "copies/L", 20_000),
        (10, "cmH2O", "mmHg", 7.3556),
    ],
)
def test_spellings_and_exact_factors(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("source", "target", "concept"),
    [
        ("mg/dL", "mmol/L", None),
        ("mg/dL", "mmol/L", "lab:ferritin"),
        ("mg/dL", "kg", "lab:glucose"),
        ("furlong", "cm", None),
        ("", "cm", None),
        ("meq/L", "mmol/L", "lab:glucose"),
    ],
)
def test_no_guess(source: str, target: str, concept: str | None) -> None:
    assert convert(1.0, source, target, concept) is None


def test_canonical() -> None:
    assert canonical("lab:glucose", 5.5, "mmol/L") == (pytest.approx(99.1, rel=0.01), "mg/dL")
    assert canonical("vital:body-temperature", 101.3, "F") == (pytest.approx(38.5), "Cel")
    assert canonical("lab:glucose", 5.5, "bananas") is None
    assert canonical("lab:glucose", float("nan"), "mg/dL") is None
    assert normalise_unit(" mmHg ") == "mm[Hg]" and normalise_unit(None) is None


def test_a_ratio_or_score_without_a_unit_is_taken_as_it_is() -> None:
    assert canonical("lab:international-normalized-ratio", 2.5, "") == (2.5, "{INR}")
    assert canonical("lab:potassium", 4.0, "") is None
