"""The short names that laboratory and monitoring systems give to results: K, MG, GLU, "NA LVL".

They are no words of a text ("mg" is a unit there, "K" a vitamin), so they count only where a whole name is one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from services.knowledge.lexicon import lexicon

_KINDS = ("lab:", "vital:")
_PART = re.compile(r"[A-Z0-9]+")
_BESIDE = frozenset(["SERUM", "SER", "PLASMA", "PL", "BLOOD", "BLD", "LVL", "LEVEL", "VALUE", "RESULT"])
"""What may stand behind one and leaves it what it is."""
_LOCAL = {
    "ALB": "lab:albumin", "ALK": "lab:alkaline-phosphatase", "AMY": "lab:amylase", "CHOL": "lab:cholesterol",
    "CL": "lab:chloride", "CO2": "lab:bicarbonate", "CRE": "lab:creatinine", "CREA": "lab:creatinine",
    "DBIL": "lab:direct-bilirubin", "FE": "lab:serum-iron", "FERR": "lab:ferritin", "FOL": "lab:folate",
    "GLU": "lab:glucose", "GLUC": "lab:glucose", "K": "lab:potassium", "LAC": "lab:lactate", "LACT": "lab:lactate",
    "LIP": "lab:lipase", "MG": "lab:magnesium", "NA": "lab:sodium", "POCGLU": "lab:fingerstick-glucose",
    "RESP": "vital:respiratory-rate", "TP": "lab:total-protein", "TROPI": "lab:troponin-i", "URIC": "lab:uric-acid",
    "VITD": "lab:vitamin-d-level",
}  # fmt: skip
"""Beside the lexicon's abbreviations. Without those that stand for a share as often as for a count (NEUT, LYMPH, EOS)."""


def result_named(name: str) -> str | None:
    """The concept of a result whose whole name is a short one, in whatever case; None for every other name."""
    parts = _PART.findall(name.upper())
    if not parts or len(name) > 24 or any(p not in _BESIDE for p in parts[1:]):
        return None
    return _known().get(parts[0])


@functools.cache
def _known() -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for concept in lexicon().concepts():
        if concept.id.startswith(_KINDS):
            for short in concept.abbreviations:
                if _PART.fullmatch(short.upper()):
                    found.setdefault(short.upper(), set()).add(concept.id)
    return {short: concepts.pop() for short, concepts in found.items() if len(concepts) == 1} | _LOCAL
