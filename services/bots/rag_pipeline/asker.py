"""Who asks: "Pharmacist: …", "I'm her daughter: …", "my husband's pressure". Only what is asked remains."""

from __future__ import annotations

import re

_ROLES = r"(?:ward |charge |staff |home |clinical |quality |claims |clinic )?(?:nurse|rn|np|pharmacist|pharmacy|coder|coding|biller|billing|auditor|audit|quality|quality (?:team|audit|review)|qi|dietitian|physio(?:therapist)?|pt eval|social work(?:er)?|case manager|registrar|resident|intern|consultant|gp|family doctor|paramedic|midwife|student|surgeon|anaesthetist|anesthetist|anesthesia|triage|reception|front desk|researcher|research|utili[sz]ation review|insurance review)"
_RELATIVES = {
    "male": "husband|father|dad|son|brother|uncle|grandfather|granddad|grandpa|grandson|nephew|boyfriend|stepson|stepfather",
    "female": "wife|mother|mom|mum|daughter|sister|aunt|grandmother|grandma|granny|granddaughter|niece|girlfriend|stepdaughter|stepmother",
    "": "child|kid|spouse|partner|patient|client|resident|parent|grandchild|cousin|friend|loved one",
}
_RELATIVE = "|".join(_RELATIVES.values())
_SAYS = re.compile(
    rf"^\W*(?:(?:question|query|request) from (?:the |a )?{_ROLES}|(?:the |this is (?:the |a )?|i(?:'m| am) (?:the |a )?|from (?:the )?|for (?:the )?)?{_ROLES}(?: (?:here|asking|asks|question|query|request|check|review))?)\s*(?::|,|-(?=\s)|–|—|\bhere\b[.,]?)\s*(?=\S)"
    rf"|^\W*(?:i(?:'m| am)|this is|it's|speaking:?) (?:the |an? )?(?:his|her|their|the patient's|patient's) (?:{_RELATIVE}|carer|caregiver|guardian|nurse|doctor|physician|pharmacist|gp|case manager)\b(?: (?:here|asking|speaking|calling))?\s*[:,.;–—-]*\s*(?:and )?",
    re.IGNORECASE,
)
_MINE = re.compile(rf"(?<![\w-])my (?:(?:late|dear|own|little|older|younger|elderly) )?(?P<who>{_RELATIVE})(?P<own>'s)?(?![\w-])(?! (?:side|history|died))", re.IGNORECASE)


def asker_left_out(text: str, gender: str) -> tuple[str, str]:
    """(what is asked, whom else it is about or ""): "my husband" is the patient, unless the patient is a woman.

    `gender` as FHIR has it (AdministrativeGender), "" where it is not recorded.
    """
    text = _SAYS.sub("", text, count=1)
    other = ""

    def patient(match: re.Match[str]) -> str:
        nonlocal other
        told = next(sex for sex, words in _RELATIVES.items() if re.fullmatch(words, match["who"], re.IGNORECASE))
        if told and gender in ("male", "female") and told != gender:
            other = other or match[0]
            return match[0]
        return f"the patient{match['own'] or ''}"

    return _MINE.sub(patient, text), other
