"""Citations, and the sentences that they belong to."""

from __future__ import annotations

import pytest

from services.grounding.citations import parse_citations, split


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("x [1]", (1,)),
        ("x [1][2]", (1, 2)),
        ("x [1, 2]", (1, 2)),
        ("x [1-3]", (1, 2, 3)),
        ("x [1–3, 7]", (1, 2, 3, 7)),
        ("x （1）", (1,)),
        ("x ［2］ 【3】", (2, 3)),
        ("x [^4]", (4,)),
        ("x [Evidence 5]", (5,)),
        ("x [２]", (2,)),
        ("x [3][1][3]", (3, 1)),
        ("x [9-1]", (9, 1)),
        ("x [1-9999]", (1, 9999)),
        ("x (1) [a] [1.5] [] [12 mg]", ()),
    ],
)
def test_citations_are_read_in_every_usual_form(text: str, numbers: tuple[int, ...]) -> None:
    assert parse_citations(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "It was 4.1 [1]. It fell [2].",
        "It was 4.1. [1] It fell. [2]",
        "It was 4.1.[1] It fell.[2]",
        "- It was 4.1 [1]\n- It fell [2]",
    ],
)
def test_a_citation_behind_the_full_stop_belongs_to_the_sentence_before(text: str) -> None:
    sentences = [text[a:b] for a, b in split(text)]
    assert [parse_citations(s) for s in sentences] == [(1,), (2,)]
    assert "4.1" in sentences[0] and "fell" in sentences[1]
