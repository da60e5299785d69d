"""Units of the check: those of `services.knowledge.units`, doses and times."""

from __future__ import annotations

import re

from services.knowledge.lexicon import lexicon
from services.knowledge.units import convert, normalise_unit

_DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0}
_MONTHS = {"mo": 1.0, "a": 12.0}
_SCALES = (_DAYS, _MONTHS)
_SAME = (frozenset({"U/L", "[IU]/L"}), frozenset({"mEq", "meq"}), frozenset({"iu", "[IU]"}))


def convert_value(value: float, source: str, target: str, concept: str | None) -> float | None:
    """The value in another unit; None where the units don't measure the same thing, or it isn't known."""
    if source == target or frozenset({source, target}) in _SAME:
        return value
    for scale in _SCALES:
        if source in scale and target in scale:
            return value * scale[source] / scale[target]
    if concept == "vital:body-temperature" or {source, target} <= {"Cel", "[degF]"}:
        return convert(value, source, target, concept)
    return convert(value, source, target, concept)


def usual_unit(concept: str, unit: str) -> bool:
    """Whether the unit is the one, or the same as the one, in which the concept is first of all recorded.

    That is what a number without a unit is taken to be in; of a dose without a unit nothing is known.
    """
    words = lexicon()
    units = words.get(concept).units if concept in words else ()
    if not units:
        return False
    first = normalise_unit(units[0]) or units[0]
    factor = convert_value(1.0, first, unit, concept)
    return factor is not None and abs(factor - 1.0) < 1e-9


_SPELLED = {
    "mg": "mg|mgs|milligrams?",
    "ug": "mcg|mcgs|[uµμ]g|micrograms?",
    "g": "g|gm|gms|grams?",
    "kg": "kgs?|kilograms?|kilos?",
    "[lb_av]": "lbs?|pounds?",
    "mL": "mls?|millilit(?:er|re)s?|cc",
    "L": "L|lit(?:er|re)s?",
    "iu": "units?|iu|international units?",
    "tablet": "tablets?|tabs?|pills?",
    "capsule": "capsules?|caps?",
    "puff": "puffs?|inhalations?",
    "drop": "drops?|gtts?",
    "spray": "sprays?",
    "patch": "patch|patches",
    "dose": "doses?",
    "pack-year": "pack[- ]?y(?:ea)?rs?|pk[- ]?y(?:ea)?rs?",
    "mm[Hg]": "mm ?hg|millimet(?:er|re)s of mercury",
    "/min": "bpm|beats(?:/| per )min(?:ute)?|breaths(?:/| per )min(?:ute)?|/min|per minute",
    "%": "%|percent|per cent|pct|percentage points?",
    "cm2": r"cm(?:2|²|\^2)|sq(?:uare)? ?(?:cm|centimet(?:er|re)s?)",
    "cm": "cms?|centimet(?:er|re)s?",
    "mm": "mm|millimet(?:er|re)s?",
    "m": r"met(?:er|re)s?|m(?= tall\b| in height\b| long\b)",
    "km": "kms?|kilomet(?:er|re)s?",
    "mile": "miles?",
    "[in_i]": "inch|inches",
    "[ft_i]": "ft|feet",
    "Cel": "° ?C|degrees? C(?:elsius)?|deg ?C|celsius",
    "[degF]": "° ?F|degrees? F(?:ahrenheit)?|deg ?F|fahrenheit",
    "deg": "°(?! ?[CF])|degs?(?! ?[CF])|degrees?(?! ?[CF])",
    "fL": "fl",
    "pg": "pg",
    "mL/min/{1.73_m2}": r"ml/min(?:ute)?(?: ?/ ?| per )1\.73 ?m(?:2|²|\^2)?|ml per minute per 1\.73 ?m(?:2|²)",
    "mL/min": "ml/min(?:ute)?|(?:ml|millilit(?:er|re)s?) per minute",
    "kg/m2": "kg ?/ ?m(?:2|²|\\^2)|kg per m2",
    "10*3/uL": r"[×x]? ?10(?:(?:\^|\*)3|³) ?/ ?[uµμ]l|k/[uµμ]l|k/mm3",
    "10*9/L": r"[×x]? ?10(?:(?:\^|\*)9|⁹) ?/ ?l",
    "10*6/uL": r"[×x]? ?10(?:(?:\^|\*)6|⁶) ?/ ?[uµμ]l|m/[uµμ]l",
    "10*12/L": r"[×x]? ?10(?:(?:\^|\*)12|¹²) ?/ ?l",
    "m[IU]/L": r"m(?:illi-?)?(?:iu|international units|u)/l",
    "u[IU]/mL": r"[uµμ](?:iu|u)/ml|micro-?international units/ml",
    "[IU]/mL": r"international units/ml|iu/ml",
    "U/L": r"u/l|units?(?:/| per )l(?:iter|itre)?|international units/l|iu/l",
    "U/mL": r"u/ml",
    "copies/mL": r"copies(?: ?/ ?| per )ml",
    "/uL": r"(?:cells)?/[uµμ]l|cells/mm3",
    "mm/h": "mm/hr?|mm per hour",
    "kPa": "kpa",
    "cm[H2O]": "cm ?h2o",
    "mosm/kg": "mosm ?/ ?kg",
    "mEq": "meq",
    "{INR}": "inr",
}

DOSES = frozenset(
    {"mg", "ug", "g", "iu", "tablet", "capsule", "puff", "drop", "spray", "patch", "dose", "mL"}
)
"""Units in which something is given."""

TIMES = {
    "s": "seconds?|secs?",
    "min": "minutes?|mins?",
    "h": "hours?|hrs?|h",
    "d": "days?|d|nights?",
    "wk": "weeks?|wks?",
    "mo": "months?|mos?",
    "a": "years?|yrs?|y",
}

_RATIO = (
    r"(?:(?:milli|micro|nano|pico|kilo)?(?:grams?|moles?|units)|milliequivalents?|[mµμunpk]?mol|m?eq|[kmunpµμ]?g|mcg|[mu]?iu|[mk]?u|units|mosm)(?: ?/ ?| per )"
    r"(?:deciliter|decilitre|milliliter|millilitre|liter|litre|d?l|m[lg]|[uµμ]l|kg|g|mmol|mol)"
)

# Any other "word/word" right behind a number is a unit too, if one that nobody knows.
_OTHER = r"(?!and/|or/|w/|n/|his/|he/|y/)[a-zµμ]{1,6}/(?!(?:d|day|wk|week)\b)[a-zµμ]{1,5}"

_UNIT_OF = {
    name: re.compile(rf"(?:{body})(?![A-Za-z0-9])", re.IGNORECASE)
    for name, body in {**_SPELLED, **TIMES}.items()
}

ANY_UNIT = "|".join(
    f"(?:{body})"
    for body in [
        *sorted([*_SPELLED.values(), *TIMES.values(), _RATIO], key=lambda b: ("/" not in b, -len(b))),
        _OTHER,
    ]
)


def unit_name(text: str | None) -> str | None:
    """The canonical spelling of a unit as written; an unknown one in lower case."""
    if not text:
        return None
    plain = " ".join(text.split())
    for name, pattern in _UNIT_OF.items():
        if pattern.fullmatch(plain) and (
            name not in ("g", "L", "d", "h") or plain != plain.upper() or name == "L"
        ):
            return name
    short = re.sub(r" ?/ ?| per ", "/", plain)
    for word, symbol in (
        ("milligrams?", "mg"), ("micrograms?", "ug"), ("nanograms?", "ng"), ("picograms?", "pg"), ("kilograms?", "kg"),
        ("grams?", "g"), ("millimoles?", "mmol"), ("micromoles?", "umol"), ("nanomoles?", "nmol"), ("picomoles?", "pmol"),
        ("moles?", "mol"), ("milliequivalents?", "meq"), ("milliunits", "mU"),
        ("deciliter", "dL"),
        ("decilitre", "dL"),
        ("milliliter", "mL"),
        ("liter", "L"),
        ("litre", "L"),
    ):  # fmt: skip
        short = re.sub(word, symbol, short, flags=re.IGNORECASE)
    return normalise_unit(short) or short.lower()
