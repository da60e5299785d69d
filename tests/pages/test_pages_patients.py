"""The patient finder."""

import pytest

from services.console import patients
from tests.pages.conftest import OPEN, said


@pytest.mark.parametrize(
    "text", ["marsh", "Marhs", "eleanor marsh", "5002615", "5 002 615", "1952-04-26", "26-Apr-1952"]
)
def test_found(open_page: OPEN, text: str) -> None:
    words = said(open_page("patients", who=text))
    assert "1 of 3 patients match" in words and "MARSH, Eleanor" in words and "OKONKWO" not in words
    assert "/patient?patient=marsh" in words


def test_nobody_found(open_page: OPEN) -> None:
    assert "No patient matches “zzzz”." in said(open_page("patients", who="zzzz"))


def test_everybody(open_page: OPEN) -> None:
    words = said(open_page("patients"))
    assert "3 patients, by family name" in words
    assert "Died 27-Mar-2026" in words
    assert words.index("BRANDT") < words.index("MARSH") < words.index("OKONKWO")


def test_more_than_the_list_shows(open_page: OPEN, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patients.find_patients, "__defaults__", ("", 2))
    assert "The first 2 of 3 patients" in said(open_page("patients"))
