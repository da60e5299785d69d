"""Names of tests as they are said: a LOINC long common name without what the value and its unit tell."""

from __future__ import annotations

import functools
import re

_PROPERTY = re.compile(
    r"\s*\[(?:(?:Mass|Moles|Enzymatic activity|Units|Log units|#|Entitic|Presence)(?:/(?:volume|area|time|mass))?|"
    r"Entitic (?:volume|mass)|(?:Volume|Mass|Number|Molar|Pure mass) ?[Ff]raction|Mass Ratio|Ratio)\]"
)
_SPECIMEN = re.compile(r"\s+(?:in|of) (?:Serum or Plasma|Serum, Plasma or Blood|Serum|Plasma|Blood)(?= by |$)")
"""Blood, which nobody says; a name keeps every other specimen, and which vessel it was drawn from."""
_METHOD = re.compile(r"\s+by (?:Automated count|calculation)$")
_WHOLE = re.compile(r"/Hemoglobin\.total$")
_TOTAL = re.compile(r"(?<=\w)\.total\b")


@functools.lru_cache(maxsize=10_000)
def said(name: str) -> str:
    """ "Albumin [Mass/volume] in Serum or Plasma" → "Albumin"; other names as they are."""
    plain = name.replace("\u200b", "")
    short = _METHOD.sub("", _SPECIMEN.sub("", _PROPERTY.sub("", plain)))
    if short == plain:
        return plain
    return _TOTAL.sub(", total", _WHOLE.sub("", _METHOD.sub("", short)))
