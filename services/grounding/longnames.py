"""Names of results as LOINC writes them in full: what they measure, without what it is a share of, in, and how measured.

"Hemoglobin A1c/Hemoglobin.total in Blood" is of hemoglobin A1c, and no hemoglobin.
Source: LOINC Users' Guide, parts of a fully specified name (component, property, system, method).
"""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"(?<=\w)/(?:[A-Z]\w*(?:\s\w+)?\.total|100\s\w+)\b"  # the divisor of a share
    r"|\[(?:Mass|Moles|Units|#|Volume|Ratio|Presence|Entitic|Time|Rate|Molar|Enzymatic|Catalytic|Length|Mass ratio|Type|Susceptibility|Interpretation)"
    r"[^\]\n]{0,40}\]"
    r"|(?<=[\w\])]) (?:in|of|from) (?:Arterial |Venous |Capillary |Mixed )*(?:Serum|Plasma|Blood|Urine|Body fluid|Cerebral spinal fluid|Specimen|Stool)\b"
    r"(?:[, ]*(?:or|by)\s[A-Z]\w*(?:\s(?:\w+\s)?(?:count|assay|test strip|method|calculation|oximetry))?)*",
)


def without_long_names(text: str) -> str:
    """The text with blanks for those parts, every other character at its place."""
    return _PARTS.sub(lambda m: " " * len(m.group()), text)
