"""The benchmark of answers measures what it says: its questions, its gold answers, and how outputs are judged."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.answers.cohort import charts
from benchmarks.answers.gold import Gold, Pair, Result, Summary, Trend
from benchmarks.answers.judge import citation_f1, matches
from benchmarks.answers.oracle import reference, when
from benchmarks.answers.patients import made
from benchmarks.answers.questions import questions
from benchmarks.answers.units import converted
from services.fhir.validation import validate


def _output(kind: str, value: object, unit: str | None = None, **more: object) -> dict:
    return {"answered": True, "result": {"type": kind, "value": value, "unit": unit, **more}}


def _wording(text: str) -> str:
    return re.sub(r"[^a-z ]", "", text.lower()).strip()


def test_there_are_enough_questions_in_both_halves() -> None:
    held = [q for q in questions() if q.held]
    missing = [q for q in questions() if not q.gold.answerable]
    assert len(questions()) >= 450 and len(missing) >= 100
    assert 0.4 < len(held) / len(questions()) < 0.6
    assert {q.type for q in held} == {q.type for q in questions() if not q.held}
    assert len({q.id for q in questions()}) == len(questions())


def test_no_wording_serves_in_both_halves() -> None:
    halves = defaultdict(set)
    for q in questions():
        halves[_wording(q.text)].add(q.held)
    assert [text for text, used in halves.items() if len(used) > 1] == []


def test_gold_cites_what_the_chart_held_on_the_day() -> None:
    for q in questions():
        chart = charts()[q.patient].at(q.as_of)
        known = {reference(r): r for r in chart.resources}
        for ref in {ref for group in q.gold.must for ref in group}:
            assert ref in known, q.id
            if not ref.startswith("Appointment/"):
                assert when(known[ref])[:10] <= q.as_of, q.id


def test_hand_made_patients_are_valid_fhir() -> None:
    for resources in made().values():
        for resource in resources:
            validate(resource)


@pytest.mark.parametrize(
    ("gold", "right", "wrong"),
    [
        (Result("number", 5.3, "mmol/L"), ("number", 5.3, "mmol/L"), ("number", 5.2, "mmol/L")),
        (Result("number", 7.4, "mmol/L"), ("number", 133.3, "mg/dL"), ("number", 7.4, "mg/dL")),
        (Result("number", 2.0), ("number", 2, None), ("number", True, None)),
        (Result("number", 2900, "d", 1), ("number", 7.9, "a"), ("number", 9, "a")),
        (Result("number", 1000, "d", 1), ("number", 2.7, "a"), ("number", 2, "a")),
        (Result("number", 37.0, "Cel"), ("number", 98.6, "[degF]"), ("number", 98.6, "Cel")),
        (Result("date", "2019-05"), ("date", "2019-05-03", None), ("date", "2019-06-03", None)),
        (Result("boolean", False), ("boolean", False, None), ("number", 0, None)),
        (Result("text", ("male",)), ("text", "Male", None), ("text", "Female", None)),
        (Result("text", ("126/76",)), ("text", "BP 126/76 mmHg", None), ("text", "126/761", None)),
    ],
)
def test_results_are_judged_by_what_they_mean(gold: Result, right: tuple, wrong: tuple) -> None:
    assert matches(gold, _output(*right))
    assert not matches(gold, _output(*wrong))


def test_lists_are_judged_by_their_sources() -> None:
    gold = Result("list", (frozenset({"A/1", "A/2"}), frozenset({"B/1"})), also=frozenset({"Note/1"}))

    def listed(*sources: str) -> dict:
        return _output("list", [], items=[{"source": s} for s in sources])

    assert matches(gold, listed("A/2", "B/1/_history/3", "Note/1"))
    assert matches(gold, listed("A/1", "A/2", "B/1"))
    assert not matches(gold, listed("A/1"))
    assert not matches(gold, listed("A/1", "B/1", "C/1"))


def test_two_values_count_in_either_order_with_their_unit() -> None:
    gold = Result("comparison", Pair(71.0, 84.0), "mg/dL")
    sides = {"first": {"value": 84}, "second": {"value": 71}}
    assert matches(gold, _output("comparison", sides, "mg/dL"))
    assert not matches(
        gold, _output("comparison", {"first": {"value": 84}, "second": {"value": 84}}, "mg/dL")
    )


def test_a_trend_needs_both_ends_and_a_clear_direction() -> None:
    gold = Result("trend", Trend(9.4, 7.3, "falling"), "%")
    value = {"first": 9.4, "last": 7.3, "direction": "falling"}
    assert matches(gold, _output("trend", value, "%"))
    assert not matches(gold, _output("trend", value | {"direction": "stable"}, "%"))
    assert not matches(gold, _output("trend", value | {"first": 9.1}, "%"))


def test_a_summary_says_what_it_must_and_nothing_false() -> None:
    gold = Result("summary", Summary((r"7\.3", "metformin"), ("warfarin",)))
    assert matches(gold, {"answer": "HbA1c 7.3 % on Metformin."})
    assert not matches(gold, {"answer": "HbA1c 7.3 %."})
    assert not matches(gold, {"answer": "HbA1c 7.3 % on metformin and warfarin."})


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abc"), min_size=1))
def test_citations_are_perfect_only_when_all_needed_and_nothing_else(cited: set[str], must: set[str]) -> None:
    gold = Gold((Result("boolean", True),), tuple(frozenset({m}) for m in must), frozenset(must) | {"d"})
    f1 = citation_f1(gold, cited)
    assert 0 <= f1 <= 1
    assert (f1 == 1) == (must <= cited <= gold.may)


@given(
    st.floats(0.1, 1e4), st.sampled_from([("a", "d"), ("g", "mg"), ("[lb_av]", "kg"), ("mmol/L", "mg/dL")])
)
def test_units_convert_there_and_back(value: float, pair: tuple[str, str]) -> None:
    there = converted(value, *pair)
    assert there is not None
    assert converted(there, *reversed(pair)) == pytest.approx(value)
    assert converted(value, pair[0], "%") is None
