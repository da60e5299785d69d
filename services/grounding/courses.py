"""The words of a course: up, down, better, worse, the same; and what makes them no statement."""

from __future__ import annotations

import re

_WORDS = {
    "up": r"rose|risen|rising|rises|increas(?:ed|es|ing|e)|climb(?:ed|s|ing)?|(?:went|going|gone|come|came|comes) up|gain(?:ed|s|ing)?|doubled|tripled|quadrupled|gr(?:ew|own)(?= (?:from|by|to)\b)|enlarged(?= (?:from|since)\b)|(?<=has )enlarged|(?<=have )enlarged"
    r"|up(?= from\b| to \d| by \d|(?: about)? \d)|(?:higher|greater)(?! than (?:about )?[\d.]| than (?:or|that))(?=[^;]{0,80}? (?:than|compared (?:with|to)|versus)\b)|trend(?:ed|ing|s)? (?:up|higher)(?:ward)?s?|upward trend|(?<=\bis )higher(?! than [\d.])|(?<=\bwas )higher(?! than [\d.])|higher(?= (?:[A-Z]\w*[A-Z0-9]\w*|\w+) (?:was|is|were|has)\b)"
    r"|uptitrated|titrated up|escalated|upward|jumped|surged",
    "down": r"fell|fallen|falling|falls|decreas(?:ed|es|ing|e)|drop(?:ped|s|ping)?|declin(?:ed|es|ing|e)(?! (?:to|a|an|the|both|all)\b(?! \d))|(?:went|gone|going|come|came|comes) down"
    r"|lost(?= (?:about )?\d)|halved|down(?= from\b| to \d| by \d|(?: about)? \d)|(?:lower(?! (?:lobe|limb|back|leg|extremit|abdom|quadrant|pole|respiratory|urinary|third))|less)(?! than (?:about )?[\d.]| than (?:or|that)|(?<=less) than (?:an?|one|two|three|four|five|six|seven|eight|nine|ten|half)\b)(?=[^;]{0,80}? (?:than|compared (?:with|to)|versus)\b)|reduc(?:ed|tion)(?= (?:from|to|by|in)\b)"
    r"|trend(?:ed|ing|s)? (?:down|lower)(?:ward)?s?|downward trend|lowered|downward|shr[au]nk(?:en)?"
    r"|(?<=\bis )lower(?! than [\d.])|(?<=\bwas )lower(?! than [\d.])|lower(?! (?:lobe|limb|back|leg|extremit|abdom|quadrant|pole|limit|respiratory|urinary|third))(?= (?:[A-Z]\w*[A-Z0-9]\w*|\w+) (?:was|is|were|has)\b)",
    "better": r"improv(?:ed|es|ing|e|ement)|better|recover(?:ed|ing|s|y)?",
    "worse": r"worsen(?:ed|s|ing)?|worse|deteriorat(?:ed|es|ing|ion)|progress(?:ed|ing|es)",
    "same": r"stable|unchanged|steady|no change|not changed|constant|flat(?= at)",
}

COURSE = re.compile("|".join(f"\\b(?P<{name}>{body})\\b" for name, body in _WORDS.items()), re.IGNORECASE)

NEGATED = re.compile(r"\b(?:no|not|n't|without|never|nor|denies)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)

HYPOTHETICAL = re.compile(r"\b(?:if|once|when|until|unless|should|in case)\s+(?:\w+\s+){1,5}$", re.IGNORECASE)

STEADILY = re.compile(r"\b(?:steadily|progressively|gradually|continuously|consistently)\b", re.IGNORECASE)

ALIKE = {
    "up": re.compile(rf"\b(?:{_WORDS['up']}|up|raised?|rising|higher|titrated?|increase)\b", re.IGNORECASE),
    "down": re.compile(
        rf"\b(?:{_WORDS['down']}|down|lower|reduced?|losing|loss|halve|drift)\b", re.IGNORECASE
    ),
    "better": re.compile(
        rf"\b(?:{_WORDS['better']}|settled|resolved|resolving|well|controlled|healed|eased|helped)\b",
        re.IGNORECASE,
    ),
    "worse": re.compile(rf"\b(?:{_WORDS['worse']}|progressi\w+|decline)\b", re.IGNORECASE),
    "same": re.compile(rf"\b(?:{_WORDS['same']}|as before|same|controlled|no new)\b", re.IGNORECASE),
}
