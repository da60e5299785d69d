"""Units of the check: those of `services.knowledge.units`, doses and times."""

from __future__ import annotations

from services.knowledge.lexicon import lexicon
from services.knowledge.units import convert, normalise_unit

_GRAMS = {"g": 1.0, "mg": 1e-3, "ug": 1e-6, "kg": 1e3}
_DAYS = {"s": 1 / 86400, "min": 1 / 1440, "h": 1 / 24, "d": 1.0, "wk": 7.0}
_MONTHS = {"mo": 1.0, "a": 12.0}
_SCALES = (_GRAMS, _DAYS, _MONTHS)
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
