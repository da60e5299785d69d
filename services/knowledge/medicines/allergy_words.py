"""Text that asks for a change of the allergy list, and codes that state an allergy."""

from __future__ import annotations

import re

from services.knowledge.lexicon import system_name
from services.knowledge.medicines.folding import folded
from services.knowledge.sentences import sentences

_ALLERGY = (
    r"(?:allerg(?:y|ies|en|ens)\b(?!\W+(?:test|panel|shot|refer|clinic|consult|immuno|season|med|specialist|work|eval|"
    r"relief|symptom|pill|drop|rhinit|conjunctiv|asthma|bracelet|history was|skin|and immunology|action|dermat|sinus))|"
    r"\b(?:drug |medication )?intoleranc\w+ list|\badverse reactions? list)"
)
_VERB = (
    r"\b(?:re-?move|delete|clear|erase|strike|drop|de-?list|take|inactivate|deactivate|retire|correct|edit|amend|modify|"
    r"change|update|revise|mark|set|switch|record|document|add|enter|de-?label|relabel|flag|include|append|put|log|"
    r"reclassify|downgrade|resolve|refute|overwrite|register|replace|get rid of|wipe|reset|label|"
    r"(?<!medication )(?<!problem )(?<!allergy )(?<!med )list(?! (?:of|and|is|was)\b)|"
    r"(?:remov|delet|clear|correct|edit|amend|modify|updat|revis|mark|add|enter|delist|delabel|relabel|chang)ing)\b"
)
_BETWEEN = (
    r"(?:(?!\b(?:for|due|because|given|since|despite|with|from (?:his|her|their|the)? ?(?:seasonal )?allerg|treat\w*|"
    r"control|manag\w+|help\w*|in view|based|after|until|if|who|when|of (?:his|her|their)? ?(?:seasonal|nasal)|"
    r"reviewed|allergist|no|of|has|have|is|are|was)\b)[^.;\n]){0,60}?"
)
_DONE = (
    r"(?:remov|delet|clear|correct|edit|amend|modifi|updat|revis|mark|add|enter|delist|de-list|delabel|de-label|relabel|"
    r"chang|record|document|inactivat|retir|resolv|refut|list|flag|taken off|dropp)(?:ed)?"
)
_ASKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_VERB}(?!:){_BETWEEN}{_ALLERGY}",
        rf"{_ALLERGY}[^.;\n]{{0,50}}\b(?:should|can|could|must|may|to|will|please|needs?(?: to)?|ought to)\W+(?:be\W+)?{_DONE}\b",
        r"\ballerg(?:y|ies)(?: list)?\s*[:,-]\s*(?:please\s+)?(?:remove|delete|clear|add|update|change|set|mark|correct|de-?list|de-?label)\b",
        r"\b(?:de-?label|de-?list)(?:ing)?\b(?!\W+(?:from the|the (?:bottle|box)))",
        r"\b(?:mark|record|document|list|set|treat|consider|label|chart)\b[^.;\n]{0,40}\bnot allergic\b",
        r"\b(?:mark|record|set|list|document|chart|change|update)\b[^.;\n]{0,30}\b(?:as|to)\s+(?:nkd?a\b|no (?:known )?(?:drug )?allerg|allergic\b)",
        r"^\W*(?:please\s+)?(?:add|enter|record|document|put)\s+nkd?a\b",
    )
)
_TELLS = re.compile(
    r"\ballerg(?:y|ies)(?: list)?\b[^.;\n]{0,20}\b(?:was|were|has been|have been|had been)\b|\brefer\w*\b[^.;\n]{0,40}\ballerg|"
    r"\b(?:reviewed|confirmed|verified)\b[^.;\n]{0,30}\ballerg"
)
_ICD10 = ("Z88", "Z910", "T780", "T782", "T784", "T886")
_SNOMED = frozenset(
    {
        "416098002",  # allergy to drug
        "419199007",  # allergy to substance
        "414285001",  # allergy to food
        "91936005",  # allergy to penicillin
        "294505008",  # allergy to amoxicillin
        "293586001",  # allergy to aspirin
        "91935009",  # allergy to peanut
        "300913006",  # allergy to shellfish
        "300916003",  # allergy to latex
        "91930004",  # allergy to eggs
        "91934008",  # allergy to nuts
        "417532002",  # allergy to fish
        "716186003",  # no known allergy
        "409137002",  # no known drug allergy
        "418038007",  # propensity to adverse reactions to substance
        "419511003",  # propensity to adverse reactions to drug
        "420134006",  # propensity to adverse reactions
    }
)


def changes_allergies(text: str) -> list[tuple[int, int, str]]:
    """(start, end, sentence) of each sentence that asks to add, remove or alter an entry of the allergy list."""
    plain, places = folded(text)
    found: list[tuple[int, int, str]] = []
    for start, end in sentences(plain):
        said = plain[start:end]
        if not any(p.search(said) for p in _ASKS):
            continue
        if _TELLS.search(said) and not _ASKS[1].search(said):
            continue
        a, b = (start, end) if places is None else (places[start], places[end - 1] + 1)
        found.append((a, b, text[a:b]))
    return found


def is_allergy_code(system: str, code: str) -> bool:
    """Whether a code states an allergy to a substance, or that there is none (ICD-10-CM, SNOMED CT)."""
    name, compact = system_name(system), code.strip().replace(".", "").upper()
    if name == "icd10cm":
        return compact.startswith(_ICD10)
    return name == "snomed" and compact in _SNOMED
