"""An answer in the unit that the question asks for: "her weight in pounds", "creatinine in µmol/L"."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from services.bots.rag_pipeline.answer import Answer, Source, Statement, number
from services.bots.rag_pipeline.plan import Plan
from services.knowledge.units import convert, normalise_unit

_WORDS = r"pounds?|lbs?|kilos?|kilograms?|kg|grams?|celsius|centigrade|fahrenheit|°?[cf]\b|cm|centimet(?:er|re)s?|inch(?:es)?|feet|[mµu]?mol/l|mg/dl|g/l|g/dl|mmol/mol|nmol/l|pmol/l|ng/ml|ng/dl|pg/ml|m[mc]g/l|%"
_ASKED = re.compile(rf"\b(?:in|as|into|converted (?:in)?to|with)(?: (?:a|the) units? of| units of| the units?)? (?:degrees? )?(?P<a>{_WORDS})(?![\w/])|\bhow many (?P<b>pounds|lbs|kilos|kilograms|kg|inches|feet|centimet(?:er|re)s|cm)\b", re.IGNORECASE)
_NAMES = {"centigrade": "Cel", "celsius": "Cel", "c": "Cel", "°c": "Cel", "f": "[degF]", "°f": "[degF]", "feet": "[ft_i]"}
_SHOWN = {"[lb_av]": "lb", "Cel": "°C", "[degF]": "°F", "[in_i]": "in", "[ft_i]": "ft", "umol/L": "µmol/L"}
UNIT_WORDS = frozenset("celsius celsiu centigrad fahrenheit inch inches feet foot degre mol nmol pmol umol kilo kilogram pound".split())  # noqa: SIM905


def asked_for(text: str) -> str:
    """The unit that the question names, in UCUM; "" where none."""
    found = _ASKED.search(text)
    if found is None:
        return ""
    word = (found["a"] or found["b"]).lower()
    return _NAMES.get(word) or normalise_unit(word) or ""


def converted(plan: Plan, answer: Answer) -> Answer:
    """The answer with its value in that unit as well, which becomes the result; as it is where it can't be reckoned."""
    unit = asked_for(plan.question.text)
    result = answer.result or {}
    if not unit or not answer.answered or not answer.statements:
        return answer
    concept = next(iter(plan.target.concepts), None)
    sources = answer.statements[0].sources
    if result.get("type") == "number" and result.get("unit") and result["unit"] != unit:
        value = convert(float(result["value"]), result["unit"], unit, concept)
        return _with(answer, unit, result, sources, value) if value is not None else _as_it_is(answer, unit, result)
    return answer


def _with(answer: Answer, unit: str, result: dict[str, Any], sources: tuple[Source, ...], value: float) -> Answer:
    rounded = round(value, 2 if abs(value) < 10 else 1)
    told = Statement(f"That is {rounded:g} {_SHOWN.get(unit, unit)} (converted from {result['value']:g} {_SHOWN.get(result['unit'], result['unit'])}).", sources)
    return dataclasses.replace(
        answer, statements=[*answer.statements, told], result=result | number(rounded, unit), steps=[*answer.steps, f"converted to {unit}"]
    )


def _as_it_is(answer: Answer, unit: str, result: dict[str, Any]) -> Answer:
    told = Statement(f"It is recorded in {result['unit']}, which can't be converted to {_SHOWN.get(unit, unit)} here.", answer.statements[0].sources)
    return dataclasses.replace(answer, statements=[*answer.statements, told])
