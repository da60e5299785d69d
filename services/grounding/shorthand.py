"""Short forms of notes that the tables don't have, or have in another sense only: what each stands for.

Only where nothing else can be meant in a note: what has several senses has the words that must stand by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.grounding.words import stem
from services.knowledge.lexicon import Mention, lexicon

_BELLY = re.compile(
    r"\b(?:ascit\w+|paracentes\w+|cirrho\w+|varic\w+|hepatolog\w+|peritone\w+)\b", re.IGNORECASE
)

# What a short form names: a concept of the lexicon by one of its names.
_NAMES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\w/])cx\b(?! artery|\.? lesion)", re.IGNORECASE), "culture"),
    (re.compile(r"(?<![\w/])pred\b(?!\s*(?:forte|mild))", re.IGNORECASE), "prednisone"),
    (
        re.compile(
            r"\bm?FOLF(?:OX|IRI|IRINOX)\d*\b|\bR-?CHOP\b|\bABVD\b|\bCAPOX\b|\bXELOX\b|\bFLOT\b|\bBEACOPP\b|\bTCHP\b"
        ),
        "chemotherapy",
    ),
)
CHEMO = re.compile(
    r"\bcycles?\b|\bm?FOLF|\bchemo|\bR-?CHOP|\bECOG\b|\b\w+(?:platin|taxel|rubicin|citabine|tecan)\b|\bC\d{1,2}D\d",
    re.IGNORECASE,
)
"""What makes "C8" a cycle."""

_PERITONITIS = re.compile(r"\bSBP\b(?!\s*(?:of\s|was\s|is\s|in the\s|[<>≥≤=~]?\s*\d))")

# The words that a short form stands for; what is denied in it ("no growth") is left out.
_LONG: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"(?<![\w/]){short}(?![\w/])", re.IGNORECASE if short.islower() else 0), words)
    for short, words in (
        ("NGTD", "growth"),
        ("bilat", "bilateral both sides"),
        ("NWB", "weight bearing"),
        ("WBAT", "weight bearing tolerated"),
        ("UOP", "urine output"),
        ("HFNC", "high flow nasal cannula oxygen"),
        ("NC", "nasal cannula oxygen"),
        ("RA", "room air"),
        ("LOC", "consciousness"),
        ("TCC", "total contact cast"),
        ("EBL", "blood loss"),
        ("POD", "postoperative surgery"),
        ("HD", "hospital"),
        ("gtt", "infusion drip"),
        ("f/u", "follow-up"),
        ("s/p", "after"),
        ("b/c", "because"),
        ("BIBA", "ambulance"),
        ("AMS", "confusion mental status"),
        ("ROM", "range motion"),
        ("WNL", "normal"),
        ("GETA", "general anesthesia endotracheal"),
        ("PT eval", "physiotherapy physical therapy evaluation"),
        ("CBD", "common bile duct"),
        ("PVR", "post-void residual urine voiding"),
        ("MWF", "Monday Wednesday Friday Mon Wed Fri"),
        ("LOF", "leaking leakage fluid"),
        ("FM", "fetal movement moves"),
        ("LN", "lymph node"),
        ("LAD", "lymph nodes lymphadenopathy"),
        ("US", "ultrasound"),
        ("AVF", "arteriovenous fistula"),
        ("NPO", "nothing by mouth"),
        ("HEENT", "head eyes ears nose throat"),
        ("wk", "week"),
        ("mets", "metastases"),
        ("lac", "laceration"),
        ("appt", "appointment"),
        ("pt", "patient"),
        ("dx", "diagnosis"),
        ("sx", "symptoms"),
        ("tx", "treatment"),
        ("abx", "antibiotics"),
        ("preop", "before operation preoperative"),
        ("postop", "after operation postoperative"),
    )
)
_REPLACED = re.compile(r"\b(?P<part>knee|hip|shoulder|aortic valve|mitral valve)s? replaced\b", re.IGNORECASE)
_CARCINOMA = re.compile(
    r"\b(?P<a>[a-z]+(?: cell)?) (?:adeno)?carcinoma\b|\b(?:adeno)?carcinoma of the (?:\w+ )?(?P<b>[a-z]+)\b",
    re.IGNORECASE,
)


def unfolded(mentions: list[Mention], text: str) -> list[Mention]:
    """The mentions, with those of short forms, and without what a short form doesn't mean here."""
    found = list(mentions)
    if "SBP" in text and _BELLY.search(text):
        places = {m.start() for m in _PERITONITIS.finditer(text)}
        found = [m for m in found if m.start not in places]
    if CHEMO.search(text):
        found = [m for m in found if not re.fullmatch(r"C\d{1,2}|TC|AC", m.surface)]
    for pattern, name in _NAMES:
        for match in pattern.finditer(text):
            found += _named(name, match.start(), match.end(), match.group())
    for match in _REPLACED.finditer(text):
        found += _named(f"{match['part']} replacement", match.start(), match.end(), match.group())
    for match in _CARCINOMA.finditer(text):
        # "Colon adenocarcinoma", "carcinoma of the colon": a cancer of it.
        group = "a" if match["a"] else "b"
        if not any(m.start <= match.start() and match.end() <= m.end for m in found):
            found += _named(f"{match[group]} cancer", match.start(), match.end(), match.group())
    return found


def _named(name: str, start: int, end: int, surface: str) -> Iterator[Mention]:
    return (
        Mention(m.concept, start, end, surface)
        for m in lexicon().find(name, query=False)
        if m.start == 0 and m.end == len(name)
    )


def long_forms(text: str) -> Iterator[str]:
    """The stems of the words that the short forms of a text stand for."""
    for pattern, words in _LONG:
        if pattern.search(text):
            yield from map(stem, words.split())
    if "SBP" in text and _BELLY.search(text) and _PERITONITIS.search(text):
        yield from map(stem, ["spontaneous", "bacterial", "peritonitis"])
