"""The titles of the ICD-10-CM codes that suggestions carry, from `data/diagnosis`."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from services.knowledge.tables import DATA, lines


@functools.cache
def titles() -> Mapping[str, str]:
    return {code: title for code, title, _verified in lines(DATA / "diagnosis" / "codes.tsv")}
