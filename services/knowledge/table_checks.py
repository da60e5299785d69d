"""Checks of whole tables: cells of one kind only, cells that have to go together, and whether all can be put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from services.errors import InvalidInput
from services.knowledge.cells import known

Where = Callable[[str], Path | None]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_RULE = re.compile(r"[a-z0-9-]+:[a-z0-9-]+")

# Cells


def name(cell: str) -> str:
    return "" if _NAME.fullmatch(cell) else "is no name; write small letters, digits and hyphens"


def rule(cell: str) -> str:
    return "" if _RULE.fullmatch(cell) else "is no rule; write topic:name in small letters, such as rises:warfarin-azole"


def routes(cell: str) -> str:
    from services.knowledge.medicines.routes import LOCAL

    wrong = [r for r in cell.split("|") if cell and r not in LOCAL]
    return f"holds “{wrong[0]}”, which is none of {', '.join(sorted(LOCAL))}; write one of them" if wrong else ""


def when(cell: str) -> str:
    """Problems, and values such as egfr<30."""
    from services.knowledge.medicines.conditions import FACTS, VALUE

    for item in cell.split("|"):
        if VALUE.fullmatch(item):
            continue
        if not item.startswith("problem:"):
            return f"holds “{item}”; write problem:… or a value such as egfr<30 (of {', '.join(FACTS)})"
        if wrong := known(item):
            return wrong
    return ""


def medicine(cell: str) -> str:
    from services.knowledge.medicines.naming import identify

    if cell != cell.lower():
        return "has capitals; write the ingredient in small letters"
    return "" if identify([], cell).certain else "is no ingredient that is known; put it right"


def dose_unit(cell: str) -> str:
    from services.knowledge.medicines.doses import UNITS

    return "" if cell.lower() in UNITS else "is no unit of a dose; write mg, g, ug, [iU] or meq"


def billable(cell: str) -> str:
    from services.knowledge.billing.icd10 import icd10

    table = icd10()
    if table.written(cell) != cell:
        return "is no code of ICD-10-CM; write it with its dot, such as E11.9"
    return "" if table.billable(cell) else "has subdivisions; write one of them"


# Rows


def at_once_within_a_day(row: Sequence[str]) -> tuple[int, str] | None:
    if float(row[2]) <= 0 or float(row[3]) <= 0:
        return (2, "a dose is more than nothing")
    return None


def limit(row: Sequence[str]) -> tuple[int, str] | None:
    _, since, until, _, low, high, *_ = row
    if not low and not high:
        return (4, "a limit needs low, high or both")
    if low and high and float(low) >= float(high):
        return (5, "is not above low")
    if since and until and float(since) >= float(until):
        return (2, "is not above the age from")
    return None


def least_and_most(row: Sequence[str]) -> tuple[int, str] | None:
    return (2, "is not above least") if float(row[1]) >= float(row[2]) else None


# All put together; each raises where that can't be


def interactions(where: Where) -> object:
    from services.knowledge.medicines.interactions import rules

    return rules(where("interactions"), where("interaction-groups"))


def allergies(where: Where) -> object:
    from services.knowledge.medicines.allergies import knowledge

    return knowledge(where("allergy-groups"), where("allergies"))


def conditions(where: Where) -> object:
    from services.knowledge.medicines.conditions import rules

    return rules(where("conditions"))


def pregnancy(where: Where) -> object:
    from services.knowledge.medicines.pregnancy import risks

    return risks(where("pregnancy"))


def doses(where: Where) -> object:
    from services.knowledge.medicines.doses import usual_doses

    return usual_doses(where("doses"))


def limits(where: Where) -> object:
    from services.knowledge import limits

    return limits.limits_of(where("limits")), limits.plausible_of(where("plausible"))


def diagnosis_codes(where: Where) -> object:
    from services.knowledge.diagnosis import titles_of

    return titles_of(where("diagnosis-codes"))


def error_prone(where: Where) -> object:
    from services.knowledge.error_prone import rules_of

    return rules_of(where("ismp"))


def words(_: Where) -> object:
    from services.knowledge.lexicon import lexicon

    return lexicon()


def value_sets(_: Where) -> object:
    from services.knowledge.preventive.value_sets import value_sets

    return value_sets()


# Files of publishers: one line of what a folder holds


def licensed_codes(folder: Path) -> str:
    from services.knowledge.preventive.value_sets import read, read_licensed

    found = read_licensed(folder, {c.value_set for c in read()})
    if not found:
        raise InvalidInput("No file holds a code. Each has lines of system, tab, code.")
    return f"{len(found):,} codes of {len({c.value_set for c in found})} value sets"


def cpt(folder: Path) -> str:
    from services.knowledge.billing.cpt import check

    return check(folder)


def ncci(folder: Path) -> str:
    from services.knowledge.billing.ncci import check

    return check(folder)


def ndc(folder: Path) -> str:
    from services.knowledge.medicines.ndc import check

    return check(folder)


def fees(folder: Path) -> str:
    from services.knowledge.billing.fees import check

    return check(folder)


