"""Units for reading. UCUM symbols that people don't write are put into the usual ones; all else is kept."""

from __future__ import annotations

import functools
import re
from typing import Any

_READABLE = {
    "mm[Hg]": "mmHg",
    "cm[H2O]": "cmH2O",
    "[degF]": "°F",
    "Cel": "°C",
    "[lb_av]": "lb",
    "[oz_av]": "oz",
    "[in_i]": "in",
    "[ft_i]": "ft",
    "[pH]": "pH",
    "{score}": "score",
    "{ratio}": "",
    "{nominal}": "",
    "{INR}": "",
    "1": "",
    "10*3/uL": "×10^3/uL",
    "10*6/uL": "×10^6/uL",
    "10*9/L": "×10^9/L",
    "10*12/L": "×10^12/L",
    "mL/min/{1.73_m2}": "mL/min/1.73 m2",
    "mL/min/1.73.m2": "mL/min/1.73 m2",
    "ug": "mcg",
    "ug/mL": "mcg/mL",
    "ug/L": "mcg/L",
    "ug/dL": "mcg/dL",
    "ug/h": "mcg/h",
    "[IU]": "international units",
    "[iU]": "international units",
    "[IU]/L": "international units/L",
    "[iU]/L": "international units/L",
    "[IU]/mL": "international units/mL",
    "[iU]/mL": "international units/mL",
    "m[IU]/L": "milli-international units/L",
    "m[iU]/L": "milli-international units/L",
    "u[IU]/mL": "micro-international units/mL",
    "u[iU]/mL": "micro-international units/mL",
    "[drp]": "drops",
    "[tbs_us]": "tablespoons",
    "[tsp_us]": "teaspoons",
}
_TIME = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
    "yr": "year",
    "y": "year",
}
_ANNOTATION = re.compile(r"\{([^{}]*)\}")

# Units that measure the same quantity on different scales: mixing two of them up changes what is said.
_SCALES = frozenset(
    re.findall(
        r"\S+",
        "mg/dl g/dl g/l mg/l mcg/ml mcg/l ng/ml ng/dl pg/ml mmol/l mcmol/l umol/l nmol/l pmol/l meq/l mmol/mol % kg g "
        "mg mcg lb cm m in mm ft °c °f mmhg kpa cmh2o ml l",
    )
)
_SAME = (frozenset({"meq/l", "mmol/l"}),)  # equal for ions of one charge, and often written so


def readable(symbol: str) -> str:
    """A unit as people write it; an unknown one as it stands, without the braces of annotations."""
    if symbol in _READABLE:
        return _READABLE[symbol]
    return _ANNOTATION.sub(r"\1", symbol).strip() if "{" in symbol else symbol


def joined(unit: str) -> str:
    """The unit with the space that belongs before it, or nothing."""
    return f" {unit}" if unit else ""


@functools.lru_cache(maxsize=4096)
def disagree(shown: str, coded: str) -> bool:
    """Whether a quantity's text and code name two different units of one scale (mg/dL and mmol/L)."""
    first, second = (_plain(value) for value in (shown, coded))
    if first == second or first not in _SCALES or second not in _SCALES:
        return False
    return frozenset({first, second}) not in _SAME


def _plain(symbol: str) -> str:
    return (
        readable(symbol)
        .replace("µ", "mc")
        .replace("μ", "mc")
        .replace("umol", "mcmol")
        .replace(" ", "")
        .lower()
    )


def in_time_words(text: str, quantity: dict[str, Any]) -> str:
    """ "54 a" or "54 yr" as "54 years", where the unit is one of time."""
    symbol = quantity.get("code") or quantity.get("unit")
    word = _TIME.get(symbol) if isinstance(symbol, str) else None
    figure, _, _ = text.rpartition(" ")
    if not word or not figure:
        return text
    return f"{figure} {plural(figure, word)}"


def plural(figure: str, word: str) -> str:
    """The word for that many."""
    return word if figure in ("1", "1.0") else f"{word}s"


def time_word(symbol: Any) -> str:
    """The word of a UCUM unit of time ("h" is "hour"), or the symbol itself."""
    return _TIME.get(symbol, symbol) if isinstance(symbol, str) else ""
