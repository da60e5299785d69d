"""The fresh rounds stand on what the charts hold, and never on a held person."""

from __future__ import annotations

import pytest

from benchmarks.answers.cohort import HELD
from benchmarks.answers.foreign.cohort import HELD as FOREIGN_HELD
from benchmarks.answers.fresh.cohort import record
from benchmarks.answers.fresh.questions import ROUNDS, fresh_questions


@pytest.mark.parametrize("letter", ROUNDS)
def test_a_round_has_its_gold(letter: str) -> None:
    """Without the folder of Synthea's bundles, which is not part of the project."""
    asked = fresh_questions(letter, None)
    assert len(asked) >= 30
    assert len({q.id for q in asked}) == len(asked) == len({(q.patient, q.text) for q in asked})
    assert not {q.patient for q in asked} & (HELD | FOREIGN_HELD)
    assert any(q.gold.answerable for q in asked) and not all(q.gold.answerable for q in asked)


def test_held_people_are_refused() -> None:
    with pytest.raises(LookupError, match="held"):
        record(min(HELD), None)


def test_a_synthea_patient_needs_the_folder() -> None:
    with pytest.raises(LookupError, match="Synthea"):
        record("devin", None)
