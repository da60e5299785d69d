"""Conversion of the units in which people record and search the common analytes.

UCUM spellings and what people type for them are one unit. Amount-of-substance units need the substance:
molar masses (g/mol) are from the IUPAC 2021 standard atomic weights and the compounds' formulas, as in
PubChem; urea is recorded as its nitrogen, HbA1c by the IFCC-NGSP master equation (Hoelzel 2004).
An unknown unit or substance gives None, never a guess.
"""

from __future__ import annotations

import math

from services.knowledge.unit_names import UNITS, normalise_unit

# g/mol. Triglycerides are reckoned as triolein, as clinical laboratories do.
_MOLAR = {
    "lab:glucose": 180.156,
    "lab:fasting-glucose": 180.156,
    "lab:fingerstick-glucose": 180.156,
    "lab:cholesterol": 386.65,
    "lab:ldl-cholesterol": 386.65,
    "lab:hdl-cholesterol": 386.65,
    "lab:non-hdl-cholesterol": 386.65,
    "lab:vldl-cholesterol": 386.65,
    "lab:triglycerides": 885.43,
    "lab:creatinine": 113.12,
    "lab:blood-urea-nitrogen": 28.014,
    "lab:uric-acid": 168.11,
    "lab:total-bilirubin": 584.66,
    "lab:direct-bilirubin": 584.66,
    "lab:indirect-bilirubin": 584.66,
    "lab:calcium": 40.078,
    "lab:ionized-calcium": 40.078,
    "lab:magnesium": 24.305,
    "lab:phosphate": 30.974,
    "lab:serum-iron": 55.845,
    "lab:iron-binding-capacity": 55.845,
    "lab:vitamin-b12-level": 1355.37,
    "lab:folate": 441.40,
    "lab:vitamin-d-level": 400.64,
    "lab:free-t4": 776.87,
    "lab:total-t4": 776.87,
    "lab:free-t3": 650.97,
    "lab:total-t3": 650.97,
    "lab:cortisol": 362.46,
    "lab:testosterone-level": 288.42,
    "lab:estradiol-level": 272.38,
    "lab:progesterone-level": 314.46,
    "lab:lactate": 90.08,
    "lab:ammonia": 17.031,
    "lab:homocysteine": 135.18,
    "lab:digoxin-level": 780.94,
    "lab:sodium": 22.990,
    "lab:potassium": 39.098,
    "lab:chloride": 35.45,
    "lab:bicarbonate": 61.017,
}
# Ions for which an equivalent is a mole times this charge.
_CHARGE = {
    "lab:sodium": 1,
    "lab:potassium": 1,
    "lab:chloride": 1,
    "lab:bicarbonate": 1,
    "lab:anion-gap": 1,
    "lab:calcium": 2,
    "lab:ionized-calcium": 2,
    "lab:magnesium": 2,
    "lab:lithium-level": 1,
}
# The unit that values of a concept are compared in, where it isn't simply the first of its table row.
_CANONICAL = {"lab:sodium": "mmol/L", "vital:body-temperature": "Cel", "vital:body-weight": "kg"}


def convert(value: float, unit_from: str, unit_to: str, concept: str | None = None) -> float | None:
    """The value in another unit; None when the units are unknown or don't measure the same thing."""
    source, target = normalise_unit(unit_from), normalise_unit(unit_to)
    if source is None or target is None or not math.isfinite(value):
        return None
    if source == target:
        return value
    if concept == "lab:hemoglobin-a1c" and {source, target} == {"%", "mmol/mol"}:
        return 0.09148 * value + 2.152 if target == "%" else (value - 2.152) / 0.09148
    (kind_a, factor_a), (kind_b, factor_b) = UNITS[source], UNITS[target]
    if kind_a == kind_b == "temperature":
        return _temperature(value, source, target)
    if kind_a == kind_b:
        return value * factor_a / factor_b
    moles = _to_moles(value * factor_a, kind_a, concept)
    if moles is None:
        # Albumin/creatinine: mg/g ↔ mg/mmol by creatinine's molar mass.
        if concept == "lab:albumin-creatinine-ratio" and {source, target} == {"mg/g", "mg/mmol"}:
            per_mmol = _MOLAR["lab:creatinine"] / 1000
            return value * per_mmol if target == "mg/mmol" else value / per_mmol
        return None
    return _from_moles(moles, kind_b, factor_b, concept)


def _temperature(value: float, source: str, target: str) -> float:
    celsius = value if source == "Cel" else (value - 32) * 5 / 9 if source == "[degF]" else value - 273.15
    if target == "Cel":
        return celsius
    return celsius * 9 / 5 + 32 if target == "[degF]" else celsius + 273.15


def _molar(concept: str | None) -> float | None:
    if concept is None:
        return None
    # Urea nitrogen: one mole of urea holds two of nitrogen, which is what mg/dL of BUN weighs.
    return _MOLAR.get(concept)


def _to_moles(amount: float, kind: str, concept: str | None) -> float | None:
    mass = _molar(concept)
    if kind == "mol/vol":
        return amount
    if kind == "mass/vol" and mass:
        return amount / mass
    if kind == "eq/vol" and concept in _CHARGE:
        return amount / _CHARGE[concept]
    return None


def _from_moles(moles: float, kind: str, factor: float, concept: str | None) -> float | None:
    mass = _molar(concept)
    if kind == "mol/vol":
        return moles / factor
    if kind == "mass/vol" and mass:
        return moles * mass / factor
    if kind == "eq/vol" and concept in _CHARGE:
        return moles * _CHARGE[concept] / factor
    return None


def canonical(concept: str, value: float, unit: str) -> tuple[float, str] | None:
    """The value in the unit that the concept is compared in; None when that can't be told."""
    from services.knowledge.lexicon import lexicon  # late: the tables load on first use only

    wanted = _CANONICAL.get(concept)
    if wanted is None:
        known = lexicon()
        units = known.get(concept).units if concept in known else ()
        wanted = normalise_unit(units[0]) if units else normalise_unit(unit)
    if wanted is None:
        return None
    if not unit.strip() and (wanted == "1" or wanted.startswith("{")):
        return value, wanted  # a ratio or a score has nothing to be converted (UCUM, annotations)
    converted = convert(value, unit, wanted, concept)
    return None if converted is None else (converted, wanted)
