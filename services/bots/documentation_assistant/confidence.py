"""How far a note can be relied on: how much of it is borne out, and how complete it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.bots.documentation_assistant.model import Section


def confidence(note: Sequence[Section], required: Iterable[str]) -> float:
    """support × (0.5 + 0.5 × completeness), 0–1, to two places.

    Support is the share of sentences with sources or in the clinician's own words, the latter without those that the
    record does not bear out. Completeness is the share of required sections that hold more than that nothing is
    recorded.
    """
    said = [line for s in note for line in s.lines if not line.absent]
    borne = [line for line in said if line.sources or (line.own and not line.unsupported)]
    support = len(borne) / len(said) if said else 0.0
    needed = set(required)
    filled = {s.key for s in note if s.filled} & needed
    completeness = len(filled) / len(needed) if needed else 1.0
    return round(support * (0.5 + 0.5 * completeness), 2)
