"""Comparisons that a question makes: "BP over 160", "K < 3.0", "A1c between 7 and 8"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.knowledge.lexicon import Lexicon, Mention
from services.knowledge.unit_names import normalise_unit

_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,7}(?:\.[0-9]{1,4})?|\.[0-9]{1,4}"
_UNIT = (
    r"(?:mm ?\[?hg\]?|copies ?/ ?ml|[iI]?u/ml|[x×]? ?10(?:\^|\*\*?|e)?[369³⁶⁹]/(?:[uµμ]l|mm3|l)|per cent|mg/dl|mg/l|mg/g|mg/mmol|g/dl|g/l|ug/dl|ug/l|mcg/dl|µg/l|ng/ml|ng/dl|ng/l|pg/ml|mmol/mol"
    r"|mmol/l|[uµμ]mol/l|nmol/l|pmol/l|meq/l|u/l|iu/l|miu/l|miu/ml|u?iu/ml|u/ml|k/ul|10\*3/ul|10\*9/l|x?10\^[39]/[ul]l?"
    r"|/ul|cells/ul|ml/min(?:/1\.73 ?m2)?|kg/m2|kgs?|lbs?|pounds|kilos?|cm|inches|in(?=\s*$)|ft|%|percent|bpm"
    r"|beats(?:/| per )min(?:ute)?|/min|° ?[cf]|deg(?:rees)? ?[cf]|celsius|fahrenheit|[cf](?![\w'])|mm/hr?|seconds|fl|pg)"
)
_OPS = {
    ">=": r">=|=>|≥|at least|no less than|not less than|not below|minimum(?: of)?",
    "<=": r"<=|=<|≤|at most|no more than|not more than|not above|not over|up to|maximum(?: of)?",
    ">": r">|over|above|more than|greater than|higher than|exceeding|exceeds|exceeded|in excess of|bigger than|north of"
    r"|exceed|going over|went over|upwards of",
    "<": r"<|under|below|less than|lower than|fewer than|beneath|fell below|dropped below|smaller than",
    "=": r"=|equal to|equals|exactly",
}
_OP = "|".join(
    f"(?P<{name}>{body})" for name, body in zip(("ge", "le", "gt", "lt", "eq"), _OPS.values(), strict=True)
)
_NAMES = dict(zip(("ge", "le", "gt", "lt", "eq"), _OPS, strict=True))
_SUFFIX = (
    r"(?P<up>\s*(?:or (?:higher|above|more|greater|over)|and (?:above|higher|over|up)|\+(?!\d)))"
    r"|(?P<down>\s*or (?:lower|below|less|under))"
)
# Words that may stand between the analyte and its value.
_FILL = (
    r"(?:\s+|[:(]|(?:levels?|values?|results?|readings?|counts?|scores?|is|was|were|are|of|been|being|has|have|had|that|with"
    r"|measured|recorded|test|went|goes|a|an|the|ever|serum|at|percentage|rates?|run|runs|running|stays|remains|remained)\b)*?"
)
# Numbers of these are times, counts or ordinals, not values: "weight 3 days ago".
_NOT_VALUE = (
    r"\s*-?(?:days?|weeks?|months?|years?|hours?|hrs?|yrs?|wks?|times|visits|st|nd|rd|th)(?![A-Za-z])"
)
_VALUE = re.compile(
    rf"(?P<fill>{_FILL})\s*(?:"
    rf"(?:between|from)\s*(?P<low>{_NUMBER})\s*(?:%\s*)?(?:and|to|-|–)\s*(?P<high>{_NUMBER})(?![-/][0-9])"
    rf"|(?P<rlow>{_NUMBER})\s*(?:-|–|to)\s*(?P<rhigh>{_NUMBER})(?![\w/-])"
    rf"|(?:(?:{_OP})\s*(?:a |an |the |than )?)?(?P<number>{_NUMBER})(?:\s?/\s?(?P<second>[0-9]{{2,3}})(?![0-9/]))?"
    rf")(?![0-9])(?!{_NOT_VALUE})(?:\s?(?P<unit>{_UNIT})(?![A-Za-z]))?(?:{_SUFFIX})?",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"(?<![\w.])(?:{_OP})\s*(?P<number>{_NUMBER})(?![0-9])\s?(?P<unit>{_UNIT})?(?![A-Za-z0-9])"
    rf"(?:{_SUFFIX})?(?P<fill>{_FILL})\s*(?:for |in |of )?$",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w.])(?:{_OP})\s*(?P<number>{_NUMBER})(?:\s?/\s?(?P<second>[0-9]{{2,3}}))?\s?(?P<unit>{_UNIT})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
# Units that say by themselves what was measured.
_IMPLIED = {
    "mm[Hg]": "vital:blood-pressure",
    "Cel": "vital:body-temperature",
    "[degF]": "vital:body-temperature",
    "kg/m2": "vital:body-mass-index",
    "mL/min/{1.73_m2}": "lab:estimated-glomerular-filtration-rate",
}
BLOOD_PRESSURE = "vital:blood-pressure"
SYSTOLIC, DIASTOLIC = "vital:systolic-blood-pressure", "vital:diastolic-blood-pressure"
_YEARS = range(1900, 2100)
# Symptoms and problems that people compare as if they were the measurement.
_MEASURES = {
    "symptom:fever": "vital:body-temperature",
    "symptom:weight-loss": None,
    "drug:warfarin": None,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A bound on a measured value. `between` takes both ends; several of a question are alternatives."""

    concept: str
    op: str
    value: float
    high: float | None = None
    unit: str | None = None
    component: str | None = None


def _float(text: str) -> float:
    return float(text.replace(",", ""))


def _op(match: re.Match[str]) -> str | None:
    return next((op for name, op in _NAMES.items() if match[name]), None)


def measurable(concept: str, lexicon: Lexicon) -> bool:
    """Whether values of the concept are numbers that a question may compare."""
    return concept.startswith(("lab:", "vital:")) and concept in lexicon


def _build(
    concept: str, op: str, value: float, high: float | None, second: str | None, unit: str | None
) -> list[Comparison]:
    name = normalise_unit(unit.removeprefix("deg").removeprefix("rees").strip()) if unit else None
    if unit and name is None:
        name = normalise_unit(re.sub(r"^deg(rees)? ?", "", unit, flags=re.IGNORECASE)) or unit.strip()
    if concept == BLOOD_PRESSURE:
        made = [Comparison(SYSTOLIC, op, value, high, name, "systolic")]
        if second:
            made.append(Comparison(DIASTOLIC, op, float(second), None, name, "diastolic"))
        return made
    component = {SYSTOLIC: "systolic", DIASTOLIC: "diastolic"}.get(concept)
    return [Comparison(concept, op, value, high, name, component)]


def find_comparisons(
    text: str, mentions: Sequence[Mention], lexicon: Lexicon
) -> tuple[list[Comparison], list[tuple[int, int]]]:
    """The comparisons of a question, and where they stand (without the concept's own words)."""
    found: list[Comparison] = []
    spans: list[tuple[int, int]] = []
    used: set[int] = set()
    for mention in mentions:
        concept = mention.concept if measurable(mention.concept, lexicon) else _MEASURES.get(mention.concept)
        if concept is None or mention.start in used:
            continue
        window = text[mention.end : mention.end + 96]
        match = _VALUE.match(window)
        if match and (made := _read(match, concept)):
            found += made
            spans.append((mention.end + match.end("fill"), mention.end + match.end()))
            used.add(mention.start)
            continue
        before = max(0, mention.start - 64)
        lead = _LEADING.search(text[before : mention.start])
        if lead and not any(a < before + lead.end() and before + lead.start() < b for a, b in spans):
            op = _op(lead) or "="
            if lead["up"] or lead["down"]:
                op = ">=" if lead["up"] else "<="
            found += _build(concept, op, _float(lead["number"]), None, None, lead["unit"])
            spans.append((before + lead.start(), before + lead.end()))
            used.add(mention.start)
    for match in _BARE.finditer(text):
        start, end = match.span()
        concept = _IMPLIED.get(normalise_unit(match["unit"].replace("degrees", "").replace("deg", "")) or "")
        if concept and not any(a < end and start < b for a, b in spans):
            found += _build(
                concept, _op(match) or "=", _float(match["number"]), None, match["second"], match["unit"]
            )
            spans.append((start, end))
    return list(dict.fromkeys(found)), sorted(spans)


def _read(match: re.Match[str], concept: str) -> list[Comparison]:
    unit = match["unit"]
    low, high = match["low"] or match["rlow"], match["high"] or match["rhigh"]
    if low and high:
        first, last = _float(low), _float(high)
        if {int(first), int(last)} & set(_YEARS) and not unit:
            return []  # "creatinine 2019 to 2021" and "between 2020 and 2022" are times
        return _build(concept, "between", min(first, last), max(first, last), None, unit)
    value = _float(match["number"])
    op = _op(match)
    if match["up"] or match["down"]:
        op = ">=" if match["up"] else "<="
    if op is None:
        # A bare number is a value only right behind the analyte, and no year.
        if value in _YEARS and not unit and not match["second"]:
            return []
        op = "="
    return _build(concept, op, value, None, match["second"], unit)
