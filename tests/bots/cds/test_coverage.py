"""docs/coverage is what the tables say today."""

from __future__ import annotations

import pytest

from services.bots.clinical_decision_support.coverage import FOLDER, pages

PAGES = pages()


def test_each_page_is_there_and_no_other() -> None:
    assert {p.name for p in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_the_one_that_the_tables_make(name: str) -> None:
    """`python -m services.bots.clinical_decision_support.coverage` writes it."""
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name]
