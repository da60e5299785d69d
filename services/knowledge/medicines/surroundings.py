"""Whether the words around a name let it mean the drug."""

from __future__ import annotations

import re

from services.knowledge.medicines.schedules import Name

_DOSE = re.compile(
    r"^[^.;\n]{0,18}?(?:\d\s*(?:mg|mcg|tabs?|pills?|caps?|patch)\b|\b(?:tabs?|tablets?|pills?|caps?)\b|#\s?\d|\d/\d{3}|\d+s\b)"
    r"|^[^.,;\n]{0,30}?\b(?:q\d|qd|bid|tid|qid|prn|qhs|po|every \d|daily|at bedtime)\b"
    r"|^\s*(?:ir|er|xr)?\s?\d+(?:\.\d+)?(?![\d.]|\s?(?:l\b|lpm|%|ng|pg|nmol|pmol|mmol))\b"
)
_ORDER = re.compile(
    r"\b(?:rx|prescri\w+|refill\w*|dispense\w*|script\w*|start\w*|renew\w*|give[sn]?|taking|takes|took|order\w*)\W+(?:\w+\W+){0,3}$"
)
_USES = re.compile(r"\b(?:us(?:e|es|ed|ing)|tak(?:es|ing)|quit|sell(?:s|ing))\W+(?:of\W+)?(?:\w+\W+)?$")
_ABUSE = re.compile(
    r"\b(?:smok\w+|snort\w*|shoot\w* up|inject(?:s|ing)?|illicit\w*|recreational\w*|street|dealers?|abus\w+|high on|getting high|"
    r"overdos\w+|withdraw\w*|addict\w*|cocaine|heroin|meth|utox|drug screen|uds)\b"
)
_COUNTED = re.compile(
    r"\s*(?:tab|cap|pill|times|x\b|doses?\b|mg|g\b|gm|days?|hours?|or\b|to\b|-\s*\d|\.\d|/|grams?|weeks?)"
)
_WITHOUT = re.compile(r"[-\u2010\u2011 ](?:free|sparing|na[iï]ve)\b")
_NON = re.compile(r"\bnon[- ]?$")
_NO_DRUG = re.compile(
    r"[- ](?:(?:use|withdrawal)\W+disorders?|antagonists?|reversal|receptors?|induced|related|crisis|epidemic|overdose|"
    r"misuse|abuse|dependen\w+|addiction|withdrawal|poisoning|toxicity|toxidrome|intoxication)\b"
)


def fits(plain: str, start: int, end: int, name: Name) -> bool:
    """Whether the words at start..end of the plain text mean the drug: not "opioid-free", "ice pack"."""
    before, after = plain[max(0, start - 48) : start], plain[end : end + 48]
    if _WITHOUT.match(after) or _NON.search(before):
        return False
    if name.how == "class" and _NO_DRUG.match(after):
        return False
    if name.context == "#":
        return "#" in plain[start:end] or not _COUNTED.match(after)
    if not name.context:
        return True
    near = 48 if name.context == "~" else 24
    if _ABUSE.search(before[-near:]) or _ABUSE.search(after[:near]):
        return True
    return name.context == "~" and bool(_DOSE.match(after) or _ORDER.search(before) or _USES.search(before))
