"""Whether a medicine acts where it is put, so that little of it reaches the blood."""

from __future__ import annotations

import functools

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.naming import Identified

LOCAL = frozenset({"topical", "ophthalmic", "otic", "nasal", "inhaled", "vaginal"})
# Medicines that act locally unless their name tells another route, by class of the lexicon.
_USUALLY = {
    "drugclass:topical-agent": "topical",
    "drugclass:nasal-steroid": "nasal",
    "drugclass:inhaled-corticosteroid": "inhaled",
    "drugclass:muscarinic-antagonist-inhaler": "inhaled",
    "drugclass:short-acting-beta-agonist": "inhaled",
    "drugclass:long-acting-beta-agonist": "inhaled",
    "drugclass:glaucoma-agent": "ophthalmic",
}
_BY_MOUTH = frozenset(
    {"drug:timolol", "drug:acetazolamide", "drug:isotretinoin", "drug:acitretin", "drug:glycopyrrolate"}
)
# Nose and lungs are also ways into the blood ("midazolam nasal spray"): only these act there.
_AIRWAYS = frozenset(
    {
        "drugclass:inhaler",
        "drugclass:corticosteroid",
        "drugclass:antihistamine",
        "drugclass:respiratory-agent",
        "drugclass:antibiotic",
    }
)


@functools.lru_cache(maxsize=4096)
def route_of(drug: Identified) -> str:
    """The route told, or the usual one of what acts locally; "" for what reaches the blood by nose or lungs."""
    known = lexicon()
    above = [known.closure(concept) for concept in drug.concepts]
    if drug.route in ("nasal", "inhaled"):
        return drug.route if any(not _AIRWAYS.isdisjoint(classes) for classes in above) else ""
    if drug.route or _BY_MOUTH.intersection(drug.concepts):
        return drug.route
    routes = [next((_USUALLY[c] for c in classes if c in _USUALLY), "") for classes in above]
    return routes[0] if routes and all(routes) else ""
