"""The tables of billing rules under `data/billing/`; each file's head says from where."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TypeVar

from services.knowledge.billing.icd10 import icd10, under, within
from services.knowledge.tables import DATA, lines

FOLDER = DATA / "billing"
ADULT_TOBACCO_STATUS = "72166-2"  # LOINC
_DENIES = re.compile(r"\b(?:no|non|not|without|negative|unlikely|excluded)\b")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Combined:
    """Two linked conditions: `code` says what `first` says together with `second`, which stays where `keep`."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    code: str
    keep: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """An E/M code. `level`: 1 straightforward … 4 high; of a preventive visit the first year of age."""

    family: str
    level: int
    code: str
    minutes: int | None
    display: str


@dataclass(frozen=True, slots=True)
class Service:
    """Another service. `codes`: (system, code) of the record that show it; `diagnoses`: prefixes that speak for it."""

    code: str
    display: str
    codes: frozenset[tuple[str, str]]
    diagnoses: tuple[str, ...]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """Who a code may be of."""

    prefixes: tuple[str, ...]
    sex: str
    youngest: int
    oldest: int


def _items(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _rows(name: str, width: int) -> list[list[str]]:
    return [cells + [""] * (width - len(cells)) for cells in lines(FOLDER / f"{name}.tsv")]


def _pairs(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((_items(a), _items(b)) for a, b, *_ in _rows(name, 2))


@functools.cache
def concept_codes() -> dict[str, str]:
    """Concept of the lexicon → ICD-10-CM."""
    return dict(_rows("concepts", 2))


@functools.cache
def snomed_codes() -> dict[str, str]:
    return {sct: code for sct, code, _ in _rows("snomed", 3)}


@functools.cache
def combined() -> tuple[Combined, ...]:
    return tuple(
        Combined(_items(a), _items(b), code, fate == "keep") for a, b, code, fate in _rows("combined", 4)
    )


@functools.cache
def _integral() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    return _pairs("integral")


@functools.lru_cache(maxsize=65_536)
def integral(symptom: str, disease: str) -> bool:
    """Whether the symptom is part of the disease as a rule."""
    return any(under(symptom, a) and under(disease, b) for a, b in _integral())


def longest(rows: tuple[tuple[tuple[str, ...], Value], ...], code: str) -> Value | None:
    """The value of the row whose prefix fits the code most closely."""
    best: tuple[int, Value] | None = None
    for prefixes, value in rows:
        for prefix in prefixes:
            size = len(prefix.partition("-")[0])
            if under(code, (prefix,)) and (best is None or size > best[0]):
                best = size, value
    return best[1] if best else None


@functools.cache
def _history() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((_items(a), code) for a, code in _rows("history", 2))


def history_of(code: str) -> str | None:
    """The code for having had a disease that is over."""
    return longest(_history(), code)


@functools.cache
def _secondary() -> tuple[str, ...]:
    return tuple(p for a, *_ in _rows("secondary", 2) for p in _items(a))


@functools.lru_cache(maxsize=8_192)
def never_first(code: str) -> bool:
    return under(code, _secondary()) or icd10().manifestation(code)


@functools.cache
def _problems() -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple((_items(a), kind) for a, kind in _rows("problems", 2))


@functools.lru_cache(maxsize=8_192)
def problem_class(code: str) -> str:
    """minor, acute, chronic, worse, systemic, uncertain or severe (see problems.tsv)."""
    return longest(_problems(), code) or "acute"


@functools.cache
def _questions() -> tuple[tuple[tuple[str, ...], tuple[str, str]], ...]:
    return tuple((_items(a), (issue, question)) for a, issue, question in _rows("questions", 3))


def question(code: str) -> tuple[str, str] | None:
    """(what is not documented, what to ask) for a code that leaves something open."""
    return longest(_questions(), code)


@functools.cache
def _edits() -> tuple[Edit, ...]:
    return tuple(
        Edit(_items(a), sex, int(low or 0), int(high or 999)) for a, sex, low, high in _rows("edits", 4)
    )


def misfit(code: str, sex: str, age: int | None) -> str | None:
    """Why a code can't be of this patient; None where it can, or sex and age aren't known."""
    for edit in _edits():
        if not under(code, edit.prefixes):
            continue
        if edit.sex and sex and sex != edit.sex:
            return f"{code} is for {edit.sex} patients"
        if age is not None and not edit.youngest <= age <= edit.oldest:
            return f"{code} is for ages {edit.youngest} to {edit.oldest}"
    return None


@functools.cache
def visits() -> tuple[Visit, ...]:
    return tuple(
        Visit(family, int(level), code, int(minutes) if minutes else None, display)
        for family, level, code, minutes, display in _rows("visits", 5)
    )


@functools.cache
def services() -> dict[str, Service]:
    """By code."""
    found = {}
    for code, display, codes, diagnoses, flags in _rows("services", 5):
        pairs = frozenset((system, symbol) for system, _, symbol in (c.partition(":") for c in _items(codes)))
        found[code] = Service(code, display, pairs, _items(diagnoses), frozenset(flags.split()))
    return found


@functools.cache
def service_of() -> dict[tuple[str, str], Service]:
    """By what shows it in the record: ("sct" | "loinc" | "cvx", code)."""
    return {pair: each for each in services().values() for pair in each.codes}


@functools.cache
def service_of_loinc() -> dict[str, Service]:
    return {code: service for (system, code), service in service_of().items() if system == "loinc"}


def described(code: str) -> str:
    """Our own words for a CPT or HCPCS code; where there are none, just that."""
    if known := services().get(code):
        return known.display
    if code in _global_days():
        return _global_days()[code][1]
    visit = next((v for v in visits() if v.code == code), None)
    return visit.display if visit else "Service coded in the record (no description shipped)"


def asks_for(code: str, other: str) -> bool:
    """Whether the notes at a diagnosis ask for the other code beside it."""
    return any(within(other, r) for r in icd10().additional(code))


@functools.cache
def _organisms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Longer names first: a resistant organism is no susceptible one."""
    named = [(name, code) for code, names in _rows("organisms", 2) for name in _items(names)]
    return tuple(
        (code, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")) for name, code in sorted(named, key=lambda n: -len(n[0]))
    )


def organisms(name: str) -> list[str]:
    """Codes of the organisms that the name of a disease tells; none where it denies something."""
    found, rest = [], name.lower()
    if _DENIES.search(rest):
        return []
    for code, pattern in _organisms():
        rest, times = pattern.subn(" ", rest)
        if times and code not in found:
            found.append(code)
    return found


@functools.cache
def sided() -> dict[tuple[str, str], str]:
    """(code, side) → its sided form, where titles don't lead to it."""
    return {(code, side): one for code, side, one in _rows("sided", 3)}


@dataclass(frozen=True, slots=True)
class Modifier:
    """`fits`: visit, service or any."""

    symbol: str
    fits: str
    meaning: str


@functools.cache
def modifiers() -> dict[str, Modifier]:
    return {symbol: Modifier(symbol, fits, meaning) for symbol, fits, meaning in _rows("modifiers", 3)}


@functools.cache
def visit_codes() -> frozenset[str]:
    """Codes of visits of every family."""
    return frozenset(v.code for v in visits()) | {"G0439"}


@functools.cache
def _global_days() -> dict[str, tuple[int, str]]:
    return {code: (int(days), what) for code, days, what in _rows("globals", 3)}


def global_days(code: str) -> int | None:
    """0, 10 or 90: how long the care around a procedure is part of it; None where it isn't known here."""
    known = _global_days().get(code)
    return known[0] if known else None


def minor(code: str) -> bool:
    """Whether a visit beside the service on one day needs modifier 25."""
    service = services().get(code)
    return (service is not None and "minor" in service.flags) or global_days(code) in (0, 10)
