"""Words of clinical text made comparable: case, accents, British spelling, plurals, possessives.

Both the lexicon's own terms and the text searched pass through `normal`, so a rule only has to be
consistent, not linguistically right ("diabetes" and "diabete" meet, and nothing else does).
"""

from __future__ import annotations

import re
import unicodedata

TOKEN = re.compile(r"[^\W_]+(?:['’´]s(?![^\W_]))?")
# What may stand between two words of one term: a space, a hyphen, a slash, an apostrophe, a line wrap.
GAP = re.compile(r"[ \t\u00a0]*(?:[-–‐‑/&+,'’.()]?[ \t\u00a0]*|\r?\n[ \t]*(?![-*•\d]))$")

_BRITISH = (
    ("haem", "hem"),
    ("aemi", "emi"),
    ("oedem", "edem"),
    ("oesoph", "esoph"),
    ("oestr", "estr"),
    ("rrhoe", "rrhe"),
    ("pnoe", "pne"),
    ("paed", "ped"),
    ("gynaec", "gynec"),
    ("foet", "fet"),
    ("faec", "fec"),
    ("tumour", "tumor"),
    ("colour", "color"),
    ("labour", "labor"),
    ("haviour", "havior"),
    ("coelia", "celia"),
    ("caes", "ces"),
    ("caec", "cec"),
    ("sulph", "sulf"),
    ("fibre", "fiber"),
    ("aetiol", "etiol"),
    ("anaesth", "anesth"),
    ("counsell", "counsel"),
    ("mould", "mold"),
    ("grey", "gray"),
    ("isation", "ization"),
    ("centre", "center"),
)
_IRREGULAR = {
    "metastases": "metastasis",
    "diagnoses": "diagnosis",
    "thromboses": "thrombosis",
    "stenoses": "stenosis",
    "prostheses": "prosthesis",
    "anastomoses": "anastomosis",
    "biopsies": "biopsy",
    "vertebrae": "vertebra",
    "bronchi": "bronchus",
    "diverticula": "diverticulum",
    "bacteria": "bacterium",
    "examination": "exam",
    "examinations": "exam",
    "feet": "foot",
    "teeth": "tooth",
    "ii": "2",
    "iii": "3",
}


def normal(token: str) -> str:
    """The form under which a single word is compared."""
    word = token.lower()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
        word = word.replace("’", "'").replace("´", "'").replace("µ", "u").replace("μ", "u")
    if word.endswith("'s"):
        word = word[:-2]
    if len(word) < 4:
        return _IRREGULAR.get(word, word)
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4:
        for british, american in _BRITISH:
            if british in word:
                word = word.replace(british, american)
    if word[-1] == "s" and word[-2] not in "sui":
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        if word.endswith(("sses", "xes", "ches", "shes")):
            return word[:-2]
        return word[:-1]
    return word


class _Cache(dict[str, str]):
    """Word → normal form; bounded, because free text brings endless odd tokens."""

    limit = 200_000

    def __missing__(self, token: str) -> str:
        if len(self) >= self.limit:
            self.clear()
        value = self[token] = normal(token)
        return value


CACHE = _Cache()


def tokens(text: str) -> list[tuple[str, int, int]]:
    """(normal form, start, end) of each word."""
    cache = CACHE
    return [(cache[m.group()], m.start(), m.end()) for m in TOKEN.finditer(text)]


def key(text: str) -> str:
    """A whole term in comparable form: normal words joined by single spaces."""
    cache = CACHE
    return " ".join([cache[t] for t in TOKEN.findall(text)])
