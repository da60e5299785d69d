"""What questions need besides the lexicon: spelling, shorthand, times in words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.lexicon import lexicon
from services.knowledge.periods import find_period
from services.knowledge.shorthand import find_shorthand
from services.knowledge.spelling import Speller
from services.knowledge.time_words import spelled_out

TODAY = dt.date(2026, 7, 1)
SPELLER = Speller({"latest", "allergies"}, {"show"})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("latest potasium", "latest potassium"),
        ("metfromin dose", "metformin dose"),
        ("alergies", "allergies"),
        ("warfrin", "warfarin"),
        ("hypertensive", "hypertensive"),
        ("show Kowalczyk", "show Kowalczyk"),
        ("K 3.1", "K 3.1"),
    ],
)
def test_spelling(typed: str, read: str) -> None:
    assert SPELLER.corrected(typed)[0] == read


def test_a_word_that_is_known_stands() -> None:
    assert SPELLER.corrected("warfrin", frozenset({"warfrin"})) == ("warfrin", [])
    assert SPELLER.corrected("Warfrin") == ("warfarin", [("Warfrin", "warfarin")])


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("K and Na", ["lab:potassium", "lab:sodium"]),
        ("Cr trend", ["lab:creatinine"]),
        ("K+", ["lab:potassium"]),
        ("vitamin K", []),
        ("k", []),
    ],
)
def test_shorthand(text: str, concepts: list[str]) -> None:
    assert [m.concept for m in find_shorthand(text, [])] == concepts


def test_shorthand_leaves_what_is_found_already() -> None:
    text = "K 3.1"
    assert find_shorthand(text, lexicon().find(text)) == []


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("labs on the third of May", (2026, 5, 3), (2026, 5, 3)),
        ("labs on the twenty-first of August", (2025, 8, 21), (2025, 8, 21)),
        ("labs on May the third", (2026, 5, 3), (2026, 5, 3)),
        ("weight 2y", (2024, 7, 1), (2026, 7, 1)),
        ("a1c last spring", (2026, 3, 1), (2026, 5, 31)),
        ("notes of the past 48 hours", (2026, 6, 29), (2026, 7, 1)),
        ("visits this month", (2026, 7, 1), (2026, 7, 31)),
        ("seen yesterday", (2026, 6, 30), (2026, 6, 30)),
        ("tsh in the first half of 2025", (2025, 1, 1), (2025, 6, 30)),
        ("Q3 2024 weights", (2024, 7, 1), (2024, 9, 30)),
        ("lactate 22 to 24 May 2025", (2025, 5, 22), (2025, 5, 24)),
        ("lactate May 22-24, 2025", (2025, 5, 22), (2025, 5, 24)),
        ("scores from apr/may 2025", (2025, 4, 1), (2025, 5, 31)),
        ("pth in sept 25", (2025, 9, 1), (2025, 9, 30)),
        ("pth on sept 25", (2025, 9, 25), (2025, 9, 25)),
        ("pth sept '24", (2024, 9, 1), (2024, 9, 30)),
        ("bp of 12 march 25", (2025, 3, 12), (2025, 3, 12)),
        ("flu jab for the 25/26 season", (2025, 7, 1), (2026, 6, 30)),
        ("bp on 3/12/2024", (2024, 3, 12), (2024, 3, 12)),
    ],
)
def test_times(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    period, _ = find_period(spelled_out(text, TODAY), TODAY)
    assert period == (dt.date(*first), dt.date(*last))


def test_a_year_back_is_about_a_year_ago() -> None:
    (first, last), _ = find_period(spelled_out("bp a year back", TODAY), TODAY)
    assert first and last and first < dt.date(2025, 7, 1) < last


@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    read, slips = SPELLER.corrected(text)
    assert (read == text) or slips
    assert isinstance(spelled_out(text, TODAY), str)
