"""Conversion of the units in which people record and search the common analytes.

UCUM spellings and what people type for them are one unit. Amount-of-substance units need the substance:
molar masses (g/mol) are from the IUPAC 2021 standard atomic weights and the compounds' formulas, as in
PubChem; urea is recorded as its nitrogen, HbA1c by the IFCC-NGSP master equation (Hoelzel 2004).
An unknown unit or substance gives None, never a guess.
"""

from __future__ import annotations

import math
import re

# Canonical spelling → dimension and factor to the dimension's base unit.
_UNITS: dict[str, tuple[str, float]] = {
    "g/L": ("mass/vol", 1.0),
    "g/dL": ("mass/vol", 10.0),
    "mg/dL": ("mass/vol", 1e-2),
    "mg/L": ("mass/vol", 1e-3),
    "ug/dL": ("mass/vol", 1e-5),
    "ug/L": ("mass/vol", 1e-6),
    "ug/mL": ("mass/vol", 1e-3),
    "ng/mL": ("mass/vol", 1e-6),
    "ng/dL": ("mass/vol", 1e-8),
    "ng/L": ("mass/vol", 1e-9),
    "pg/mL": ("mass/vol", 1e-9),
    "mol/L": ("mol/vol", 1.0),
    "mmol/L": ("mol/vol", 1e-3),
    "umol/L": ("mol/vol", 1e-6),
    "nmol/L": ("mol/vol", 1e-9),
    "pmol/L": ("mol/vol", 1e-12),
    "meq/L": ("eq/vol", 1e-3),
    "10*3/uL": ("count/vol", 1e9),
    "10*9/L": ("count/vol", 1e9),
    "10*6/uL": ("count/vol", 1e12),
    "10*12/L": ("count/vol", 1e12),
    "/uL": ("count/vol", 1e6),
    "/mL": ("count/vol", 1e3),
    "{copies}/mL": ("copies/vol", 1.0),
    "{copies}/L": ("copies/vol", 1e-3),
    "U/L": ("activity", 1.0),
    "U/mL": ("activity", 1e3),
    "kU/L": ("activity", 1e3),
    "[IU]/L": ("activity", 1.0),
    "[IU]/mL": ("activity", 1e3),
    "k[IU]/L": ("activity", 1e3),
    "u[IU]/mL": ("activity", 1e-3),
    "m[IU]/L": ("activity", 1e-3),
    "m[IU]/mL": ("activity", 1.0),
    "U": ("arbitrary", 1.0),
    "[IU]": ("arbitrary", 1.0),
    "meq": ("eq", 1e-3),
    "mmol": ("mol", 1e-3),
    "kg": ("mass", 1.0),
    "g": ("mass", 1e-3),
    "mg": ("mass", 1e-6),
    "ug": ("mass", 1e-9),
    "ng": ("mass", 1e-12),
    "[lb_av]": ("mass", 0.45359237),
    "[oz_av]": ("mass", 0.028349523125),
    "m": ("length", 1.0),
    "cm": ("length", 1e-2),
    "mm": ("length", 1e-3),
    "[in_i]": ("length", 0.0254),
    "[ft_i]": ("length", 0.3048),
    "mm[Hg]": ("pressure", 133.322387415),
    "kPa": ("pressure", 1000.0),
    "cm[H2O]": ("pressure", 98.0665),
    "Cel": ("temperature", 1.0),
    "[degF]": ("temperature", 5 / 9),
    "K": ("temperature", 1.0),
    "%": ("fraction", 0.01),
    "1": ("fraction", 1.0),
    "mmol/mol": ("fraction", 1e-3),
    "/min": ("rate", 1.0),
    "kg/m2": ("bmi", 1.0),
    "mg/g": ("ratio", 1e-3),
    "mg/mmol": ("mass/mol", 1.0),
    "mL/min/{1.73_m2}": ("clearance/bsa", 1.0),
    "mL/min": ("clearance", 1.0),
    "fL": ("cell volume", 1.0),
    "pg": ("cell mass", 1.0),
    "mL": ("volume", 1e-3),
    "L": ("volume", 1.0),
    "s": ("time", 1.0),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "d": ("time", 86400.0),
    "wk": ("time", 604800.0),
    "mm/h": ("sedimentation", 1.0),
    "mosm/kg": ("osmolality", 1.0),
    "L/min": ("flow", 1.0),
    "{INR}": ("inr", 1.0),
    "{score}": ("score", 1.0),
}
# What people and systems write, in lower case and without blanks → the canonical spelling.
_ALIASES = {
    "mmhg": "mm[Hg]",
    "mm[hg]": "mm[Hg]",
    "c": "Cel",
    "°c": "Cel",
    "degc": "Cel",
    "celsius": "Cel",
    "cel": "Cel",
    "f": "[degF]",
    "°f": "[degF]",
    "degf": "[degF]",
    "fahrenheit": "[degF]",
    "lb": "[lb_av]",
    "lbs": "[lb_av]",
    "pound": "[lb_av]",
    "pounds": "[lb_av]",
    "oz": "[oz_av]",
    "kgs": "kg",
    "kilo": "kg",
    "kilos": "kg",
    "kilograms": "kg",
    "kilogram": "kg",
    "grams": "g",
    "in": "[in_i]",
    "inch": "[in_i]",
    "inches": "[in_i]",
    "ft": "[ft_i]",
    "feet": "[ft_i]",
    "meters": "m",
    "percent": "%",
    "pct": "%",
    "percentage": "%",
    "bpm": "/min",
    "beats/min": "/min",
    "beats/minute": "/min",
    "{beats}/min": "/min",
    "{breaths}/min": "/min",
    "breaths/min": "/min",
    "iu/l": "U/L",
    "[iu]/l": "U/L",
    "units/l": "U/L",
    "iu/ml": "[IU]/mL",
    "units/ml": "U/mL",
    "iu": "[IU]",
    "unit": "[IU]",
    "units": "[IU]",
    "internationalunits": "[IU]",
    "meq/l": "meq/L",
    "mg/100ml": "mg/dL",
    "mcg": "ug",
    "microgram": "ug",
    "micrograms": "ug",
    "milligram": "mg",
    "milligrams": "mg",
    "copies/ml": "{copies}/mL",
    "copies/l": "{copies}/L",
    "copies/milliliter": "{copies}/mL",
    "{copies}/ml": "{copies}/mL",
    "[copies]/ml": "{copies}/mL",
    "cmh2o": "cm[H2O]",
    "cmofwater": "cm[H2O]",
    "mmofmercury": "mm[Hg]",
    "mu/ml": "m[IU]/mL",
    "mu/l": "m[IU]/L",
    "miu/l": "m[IU]/L",
    "miu/ml": "m[IU]/mL",
    "uiu/ml": "u[IU]/mL",
    "uu/ml": "u[IU]/mL",
    "k/ul": "10*3/uL",
    "k/cumm": "10*3/uL",
    "thou/ul": "10*3/uL",
    "thousand/ul": "10*3/uL",
    "thousands/ul": "10*3/uL",
    "m/ul": "10*6/uL",
    "m/cumm": "10*6/uL",
    "mil/ul": "10*6/uL",
    "million/ul": "10*6/uL",
    "billion/l": "10*9/L",
    "trillion/l": "10*12/L",
    "g/l": "g/L",
    "cells/ul": "/uL",
    "{cells}/ul": "/uL",
    "cells/mm3": "/uL",
    "ml/min/1.73m2": "mL/min/{1.73_m2}",
    "ml/min/1.73m^2": "mL/min/{1.73_m2}",
    "ml/min/{1.73m2}": "mL/min/{1.73_m2}",
    "ml/min/1.73": "mL/min/{1.73_m2}",
    "mcg/dl": "ug/dL",
    "mcg/l": "ug/L",
    "mcg/ml": "ug/mL",
    "mg/mmol{creat}": "mg/mmol",
    "mg/g{creat}": "mg/g",
    "mg/gcreat": "mg/g",
    "mm/hr": "mm/h",
    "seconds": "s",
    "sec": "s",
    "weeks": "wk",
    "week": "wk",
    "kg/m^2": "kg/m2",
    "kg/m²": "kg/m2",
    "mosm/kgh2o": "mosm/kg",
    "inr": "{INR}",
    "points": "{score}",
}
for _unit in _UNITS:
    _ALIASES.setdefault(_unit.lower(), _unit)

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A power of ten as people write it: "x10^9", "10E9", "10**9", "×10⁹", "10 9".
_POWER = re.compile(r"^[x*]?10(?:\^|\*\*?|e\+?)?(?P<power>3|6|9|12)(?=/)")

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


def normalise_unit(unit: str | None) -> str | None:
    """The canonical (UCUM) spelling, or None for a unit that isn't known."""
    if not unit:
        return None
    plain = unit.strip()
    if plain in _UNITS:
        return plain
    folded = plain.lower().replace(" ", "").replace("µ", "u").replace("μ", "u").replace("×", "x")
    folded = _POWER.sub(lambda m: f"10*{m['power']}", folded.translate(_SUPERSCRIPTS))
    folded = folded.replace("/mm3", "/ul").replace("/mm^3", "/ul").replace("/mcl", "/ul")
    return _ALIASES.get(folded)


def convert(value: float, unit_from: str, unit_to: str, concept: str | None = None) -> float | None:
    """The value in another unit; None when the units are unknown or don't measure the same thing."""
    source, target = normalise_unit(unit_from), normalise_unit(unit_to)
    if source is None or target is None or not math.isfinite(value):
        return None
    if source == target:
        return value
    if concept == "lab:hemoglobin-a1c" and {source, target} == {"%", "mmol/mol"}:
        return 0.09148 * value + 2.152 if target == "%" else (value - 2.152) / 0.09148
    (kind_a, factor_a), (kind_b, factor_b) = _UNITS[source], _UNITS[target]
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
