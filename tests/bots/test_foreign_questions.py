"""The foreign questions: enough of them, each wording its own, dev and held apart, gold from what the charts hold."""

from __future__ import annotations

import re

import pytest

from benchmarks.answers.foreign.asking import Case, Wording
from benchmarks.answers.foreign.cohort import HELD, record
from benchmarks.answers.foreign.questions import question, wordings
from benchmarks.answers.foreign.records.packaged import HOSPITAL
from benchmarks.answers.oracle import reference

CASES = [(theme, wording, case) for theme, wording in wordings() for case in wording.cases]
# The simulated charts take a quarter of a minute to make; the benchmark itself asks about them.
COMPUTED = [(t, w, c) for t, w, c in CASES if c.person not in HOSPITAL]


def test_there_are_enough_wordings_and_none_is_used_twice() -> None:
    texts = [re.sub(r"\W+", " ", wording.text.lower()) for _theme, wording in wordings()]
    assert len(CASES) >= 450
    assert len(texts) >= 250
    assert {t for t in texts if texts.count(t) > 1} == set()


def test_half_of_the_wordings_and_of_the_people_are_held() -> None:
    held = [theme.endswith("_held") for theme, _wording in wordings()]
    assert 0.4 < sum(held) / len(held) < 0.6
    assert {c.person for t, _w, c in CASES if t.endswith("_held")} == HELD
    assert not HELD & {c.person for t, _w, c in CASES if t.endswith("_dev")}


@pytest.mark.parametrize("theme", sorted({t for t, _w, _c in COMPUTED}))
def test_gold_is_computed_and_cites_what_the_chart_holds(theme: str) -> None:
    for number, (_theme, wording, case) in enumerate([x for x in COMPUTED if x[0] == theme], 1):
        asked = question(theme, number, wording, case)
        chart = {reference(r) for r in record(case.person).resources}
        assert frozenset().union(*asked.gold.must) <= chart, asked.id
        assert not re.search(r"[{}]", asked.text), asked.text


def test_eighty_questions_have_no_answer() -> None:
    missing = [q for t, w, c in COMPUTED if not (q := question(t, 1, w, c)).gold.answerable]
    assert len(missing) >= 80


def test_a_held_person_is_refused_among_dev_questions() -> None:
    wording = Wording(
        "How old is he?", (case := Case("ward-pancreas", lambda _r: pytest.fail("not reached")),)
    )
    with pytest.raises(ValueError, match="ward-pancreas"):
        question("town_dev", 1, wording, case)
