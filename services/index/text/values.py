"""FHIR's data types as words: numbers, quantities, dates, codes, ranges.

Every function takes whatever a foreign server wrote and never raises: what is of the wrong type is
treated as absent, or shown as it stands where that can't mislead.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from decimal import Decimal
from typing import Any

from services.index.text import units

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_COMPARATORS = {"<": "<", "<=": "≤", ">=": "≥", ">": ">", "ad": "sufficient to achieve "}
_SPACE = re.compile(r"\s+")


def obj(value: Any) -> dict[str, Any]:
    """The object itself, or an empty one."""
    return value if isinstance(value, dict) else {}


def objs(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; a single object where a list belongs is taken as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def many(value: Any) -> list[Any]:
    """A list; anything else but None becomes a list of one."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def true(value: Any) -> bool:
    """Whether a boolean is set, also where it was written as a string: a prohibition must not be missed."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def string(value: Any) -> str:
    """A string on one line; numbers as they stand; anything else is empty."""
    if isinstance(value, str):
        return _SPACE.sub(" ", value.replace("\x00", "")).strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value) or ""
    return ""


def prose(value: Any) -> str:
    """A string whose lines are kept (notes, markdown)."""
    if not isinstance(value, str):
        return string(value)
    lines = value.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def code(value: Any) -> str:
    """The code of a `code`, Coding or CodeableConcept, as written."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        if isinstance(value.get("code"), str):
            return value["code"].strip()
        for coding in objs(value.get("coding")):
            if isinstance(coding.get("code"), str) and coding["code"].strip():
                return coding["code"].strip()
    return ""


def codings(value: Any) -> tuple[tuple[str, str], ...]:
    """(system, code) of every coding that has a code; the system is "" where none is given."""
    found: dict[tuple[str, str], None] = {}
    for concept_ in many(value):
        for coding in objs(obj(concept_).get("coding")) or objs(concept_):
            system, symbol = coding.get("system"), coding.get("code")
            if isinstance(symbol, str) and symbol.strip():
                found[(system.strip() if isinstance(system, str) else "", symbol.strip())] = None
    return tuple(found)


def concept(value: Any) -> str:
    """A CodeableConcept, Coding or plain string as words: text, else display, else the code itself."""
    if isinstance(value, list):
        return concept(value[0]) if len(value) == 1 else ", ".join(filter(None, map(concept, value)))
    if not isinstance(value, dict):
        return string(value)
    if "concept" in value and not value.get("coding"):  # R5's CodeableReference
        return concept(value["concept"]) if isinstance(value["concept"], dict) else ""
    text = string(value.get("text")) or string(value.get("display"))
    if text:
        return text
    for coding in objs(value.get("coding")):
        if shown := string(coding.get("display")):
            return shown
    return code(value)


def displays(value: Any) -> list[str]:
    """The displays of a concept's codings that say something other than its name does."""
    name = concept(value).casefold()
    found: dict[str, str] = {}
    for coding in objs(obj(value).get("coding")):
        shown = string(coding.get("display"))
        if shown and shown.casefold() != name:
            found.setdefault(shown.casefold(), shown)
    return list(found.values())


def concepts(value: Any) -> str:
    """Several concepts, joined by commas, each once."""
    return ", ".join(dict.fromkeys(filter(None, map(concept, many(value)))))


def number(value: Any) -> str | None:
    """A number as written, or None. Up to six significant digits are never changed; longer ones, which
    are made by a computer, are shown to four, but never rounded in front of the decimal point."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.strip()
        return value if _NUMBER.fullmatch(value) else None
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else None
    if not isinstance(value, float) or not math.isfinite(value):
        return None
    exact = Decimal(repr(value))
    if not -30 < exact.adjusted() < 30:
        return repr(value)
    shown = format(exact, "f")
    digits = shown.lstrip("-0.").replace(".", "")
    if len(digits.rstrip("0")) <= 6:
        return shown
    decimals = max(1, 3 - exact.adjusted())
    rounded = format(round(exact, decimals), "f")
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def amount(value: Any) -> float | None:
    """A number for comparing, or None."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def unit(quantity: Any) -> str:
    """A quantity's unit for reading. Where the shown unit and the coded one disagree, both are said."""
    quantity = obj(quantity)
    return _unit(string(quantity.get("unit")), string(quantity.get("code")))


@functools.lru_cache(maxsize=4096)
def _unit(shown: str, symbol: str) -> str:
    if not shown:
        return units.readable(symbol)
    if symbol and units.disagree(shown, symbol):
        return f"{units.readable(shown)} (unit coded as {units.readable(symbol)})"
    return units.readable(shown)


def quantity(value: Any) -> str:
    """ "8.2 %", "<5 mg/L", or "" where there is no number."""
    figure = number(obj(value).get("value"))
    if figure is None:
        return ""
    sign = obj(value).get("comparator")
    sign = _COMPARATORS.get(sign, f"{sign} ") if isinstance(sign, str) and sign else ""
    return f"{sign}{figure}{units.joined(unit(value))}"


def range_(value: Any) -> str:
    """A Range, or the low and high of a reference range: "3.5–5.1 mmol/L", "≥60 mL/min", "<200 mg/dL"."""
    low, high = obj(obj(value).get("low")), obj(obj(value).get("high"))
    bottom, top = number(low.get("value")), number(high.get("value"))
    if bottom is not None and top is not None:
        if unit(low) == unit(high) or not unit(low) or not unit(high):
            return f"{bottom}–{top}{units.joined(unit(high) or unit(low))}"
        return f"{quantity(low)} to {quantity(high)}"
    if bottom is not None:
        return quantity(low) if low.get("comparator") else f"≥{quantity(low)}"
    if top is not None:
        return quantity(high) if high.get("comparator") else f"≤{quantity(high)}"
    return ""


def ratio(value: Any) -> str:
    """A Ratio: "1:128", "5 mg per 1 mL"."""
    top, bottom = obj(obj(value).get("numerator")), obj(obj(value).get("denominator"))
    if not quantity(top) or not quantity(bottom):
        return quantity(top)
    if not unit(top) and not unit(bottom):
        return f"{quantity(top)}:{quantity(bottom)}"
    if number(bottom.get("value")) in ("1", "1.0"):
        return f"{quantity(top)} per {unit(bottom) or '1'}"
    return f"{quantity(top)} per {quantity(bottom)}"


def age(value: Any) -> str:
    """An Age or Duration: "54 years"."""
    return units.in_time_words(quantity(value), obj(value))


def date(value: Any, *, time: bool = False) -> str:
    """A FHIR date as 12-Mar-2025, with the precision given (Mar-2025, 2025); with `time`, also 14:05.

    The time is the source's own; "UTC" is said where the source is in UTC. What is no date is shown as it
    stands.
    """
    if not isinstance(value, str):
        return string(value)
    value = value.strip()
    parts = _DATE.fullmatch(value)
    if parts is None or not _real(parts):
        return string(value)
    year, month, day, hour, minute, _, zone = parts.groups()
    if month is None:
        return year
    if day is None:
        return f"{_MONTHS[int(month) - 1]}-{year}"
    shown = f"{day}-{_MONTHS[int(month) - 1]}-{year}"
    if time and hour is not None and (hour, minute) != ("00", "00"):
        utc = zone is not None and zone.replace(":", "") in ("Z", "+0000", "-0000")
        shown += f" {hour}:{minute}{' UTC' if utc else ''}"
    return shown


def iso(value: Any) -> str | None:
    """A date or dateTime in ISO form with the precision given, or None where it isn't one."""
    return _iso(value) if isinstance(value, str) else None


@functools.lru_cache(maxsize=65_536)
def _iso(value: str) -> str | None:
    value = value.strip()
    parts = _DATE.fullmatch(value)
    if parts is None or not _real(parts):
        return None
    return value.replace(" ", "T", 1)


def _real(parts: re.Match[str]) -> bool:
    year, month, day, hour, minute, second, _ = parts.groups()
    try:
        dt.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return int(hour or 0) < 25 and int(minute or 0) < 60 and int(second or 0) < 61


def period(value: Any, *, time: bool = False) -> str:
    """A Period: "12-Mar-2025 to 14-Mar-2025", "since 12-Mar-2025", "until 14-Mar-2025"."""
    start, end = date(obj(value).get("start"), time=time), date(obj(value).get("end"), time=time)
    if start and end:
        return start if start == end else f"{start} to {end}"
    return f"since {start}" if start else (f"until {end}" if end else "")


def choice(resource: dict[str, Any], stem: str) -> tuple[str, Any]:
    """Which value[x] is there: ("Quantity", {...}), or ("", None)."""
    for key, value in resource.items():
        if isinstance(key, str) and key.startswith(stem) and key[len(stem) : len(stem) + 1].isupper():
            if value is None or value in ("", {}, []):
                continue
            return key[len(stem) :], value
    return "", None


def when(resource: dict[str, Any], stem: str, *, time: bool = False) -> str:
    """An onset[x], performed[x] and the like as words, whatever its type."""
    kind, value = choice(resource, stem)
    if kind == "Age":
        return f"age {age(value)}" if age(value) else ""
    if kind == "Range":
        return f"age {range_(value)}" if range_(value) else ""
    if kind == "Period":
        return period(value, time=time)
    if kind in ("DateTime", "Date", "Instant"):
        return date(value, time=time)
    if kind == "Boolean":
        return "yes" if value is True else ("no" if value is False else "")
    return string(value)


def when_iso(resource: dict[str, Any], stem: str) -> str | None:
    """The start of an onset[x] and the like as an ISO date."""
    kind, value = choice(resource, stem)
    if kind == "Period":
        return iso(obj(value).get("start")) or iso(obj(value).get("end"))
    return iso(value) if kind in ("DateTime", "Date", "Instant") else None
