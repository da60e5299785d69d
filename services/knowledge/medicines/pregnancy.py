"""Medicines that pregnancy speaks against."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified
from services.knowledge.medicines.routes import LOCAL, route_of
from services.knowledge.medicines.tables import choice, rows

Risk = Literal["contraindicated", "avoid", "caution"]
RISKS: tuple[Risk, ...] = ("contraindicated", "avoid", "caution")
# Taken up through the skin in amounts that labels count, or forbidden by any route.
_ANYWAY = frozenset({"drug:acitretin", "drug:testosterone", "drug:methotrexate", "drug:finasteride"})


@dataclass(frozen=True, slots=True)
class PregnancyRisk:
    """What a label says of a medicine in pregnancy; `trimester` tells when it holds."""

    drug: str
    risk: Risk
    trimester: str
    note: str
    source: str


def pregnancy_risk(drug: Identified) -> list[PregnancyRisk]:
    """What speaks against the medicine in pregnancy, the gravest first; nothing for what acts on the skin or eye only.

    A drug's own line stands for it; its class's line only where it has none.
    """
    found: dict[str, PregnancyRisk] = {}
    local = route_of(drug) in LOCAL - {"vaginal"}
    for concept in drug.concepts:
        if local and concept not in _ANYWAY:
            continue
        for about in lexicon().closure(concept):
            if risk := _table().get(about):
                found.setdefault(about, risk)
                break
    return sorted(found.values(), key=lambda r: RISKS.index(r.risk))


@functools.cache
def _table() -> dict[str, PregnancyRisk]:
    table: dict[str, PregnancyRisk] = {}
    for concept, cell, trimester, note, source in rows("pregnancy", 5):
        risk: Risk = choice(cell, RISKS, f"pregnancy.tsv: {concept}")
        table[concept] = PregnancyRisk(lexicon().get(concept).name, risk, trimester, note, source)
    return table
