"""The few conversions that an answer may have made. Codes are UCUM; the right-hand side is what records write."""

from __future__ import annotations

_SAME = {
    "[iU]": ("units", "unit", "iu", "u"), "ug": ("mcg", "µg", "μg"), "mm[Hg]": ("mmhg",), "Cel": ("°c", "c", "degc"),
    "[degF]": ("°f", "f"), "/min": ("beats/min", "breaths/min", "bpm", "{beats}/min"), "[lb_av]": ("lb", "lbs"),
    "[in_i]": ("in", "inches"), "kg/m2": ("kg/m²", "kg/m^2"), "{score}": ("points", "point", "t-score", "score"),
    "mL/min/{1.73_m2}": ("ml/min/1.73 m2", "ml/min/1.73m2", "ml/min", "ml/min/1.73 m²"), "m[IU]/L": ("miu/l",),
    "10*3/uL": ("10^3/ul", "k/ul", "x10^3/ul"), "{INR}": ("inr", "1", ""), "[IU]/mL": ("iu/ml",), "/uL": ("cells/ul",),
    "{copies}/mL": ("copies/ml",), "{PackYears}": ("pack-years", "pack years"), "ng/mL": ("ng/ml feu",),
    "a": ("years", "year", "yr", "y"), "mo": ("months", "month"), "wk": ("weeks", "week"), "d": ("days", "day"),
    "ug/mL": ("mcg/ml",),
}  # fmt: skip
_CODES = {text: code for code, texts in _SAME.items() for text in (code.lower(), *texts)}

# unit: (what it is brought to, factor, added after). Days of a year and a month are the Julian ones UCUM gives.
_BASE = {
    "wk": ("d", 7, 0), "mo": ("d", 30.4375, 0), "a": ("d", 365.25, 0), "g": ("mg", 1000, 0), "ug": ("mg", 0.001, 0),
    "[lb_av]": ("kg", 0.45359237, 0), "[in_i]": ("cm", 2.54, 0), "[degF]": ("Cel", 5 / 9, -160 / 9),
}  # fmt: skip
# Molar masses in g/mol over 10 (mg/dL to mmol/L): glucose C6H12O6 180.16, creatinine C4H7N3O 113.12
_MOLAR = {"glucose": 18.016, "creatinine": 11.312}


def same_unit(unit: str | None) -> str:
    """The UCUM code for a unit as written."""
    text = (unit or "").strip().lower()
    return _CODES.get(text, text)


def converted(value: float, unit: str | None, to: str | None) -> float | None:
    """`value` in the unit `to`; None where one does not turn into the other. Only duration, mass, length,
    temperature, and glucose or creatinine (whichever gives a sane figure is not guessed: mmol/L is glucose,
    umol/L creatinine) are known."""
    have, want = same_unit(unit), same_unit(to)
    if have == want:
        return value
    if (have, want) in (("mmol/l", "mg/dl"), ("mg/dl", "mmol/l")):
        factor = _MOLAR["glucose"]
        return value * factor if have == "mmol/l" else value / factor
    if (have, want) in (("umol/l", "mg/dl"), ("mg/dl", "umol/l")):
        factor = _MOLAR["creatinine"] / 1000
        return value * factor if have == "umol/l" else value / factor
    base, factor, added = _BASE.get(have, (have, 1, 0))
    other, divisor, taken = _BASE.get(want, (want, 1, 0))
    return (value * factor + added - taken) / divisor if base == other else None
