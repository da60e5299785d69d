"""Medicines that pregnancy speaks against."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from services.knowledge.entries import entries
from services.knowledge.installed import installed
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.medicines.tables import choice

Risk = Literal["contraindicated", "avoid", "caution"]
RISKS: tuple[Risk, ...] = ("contraindicated", "avoid", "caution")
# Taken up through the skin in amounts that labels count, or forbidden by any route.
_ANYWAY = frozenset({"drug:acitretin", "drug:testosterone", "drug:methotrexate", "drug:finasteride"})


@dataclass(frozen=True, slots=True)
class PregnancyRisk:
    """What a label says of a medicine in pregnancy; `trimester` tells when it holds, `table` names the table and its version."""

    drug: str
    risk: Risk
    trimester: str
    note: str
    source: str
    table: str = ""


def pregnancy_risk(drug: Identified) -> list[PregnancyRisk]:
    """What speaks against the medicine in pregnancy, the gravest first; nothing for what acts on the skin or eye only.

    A drug's own line stands for it; its class's line only where it has none.
    """
    found: dict[str, PregnancyRisk] = {}
    known = risks(installed("pregnancy"))
    local = route_of(drug) in LOCAL - {"vaginal"}
    for concept in drug.concepts:
        if local and concept not in _ANYWAY:
            continue
        for about in lexicon().closure(concept):
            if risk := known.get(about):
                found.setdefault(about, risk)
                break
    return sorted(found.values(), key=lambda r: RISKS.index(r.risk))


@functools.lru_cache(maxsize=4)
def risks(own: Path | None) -> dict[str, PregnancyRisk]:
    """By lexicon id, with those of a clinic's import."""
    table: dict[str, PregnancyRisk] = {}
    for entry in entries("pregnancy", own):
        concept, cell, trimester, note, source = entry.cells
        risk: Risk = choice(cell, RISKS, f"pregnancy.tsv: {concept}")
        table[concept] = PregnancyRisk(lexicon().get(concept).name, risk, trimester, note, source, entry.table)
    return table
