"""ICD-10-CM as one types: by code, by words begun, misspelled or abbreviated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.knowledge.billing import hcc
from services.knowledge.billing.finding import below, beside, find
from services.knowledge.billing.icd10 import icd10


@pytest.mark.parametrize(("typed", "code"), [
    ("e1122", "E11.22"), ("E11.22", "E11.22"), ("n18.31", "N18.31"), ("htn", "I10"), ("hypertension", "I10"), ("knee pain", "M25.569"),
    ("pain in left knee", "M25.562"), ("depresion", "F32.A"), ("chronic kidny disease stage 3a", "N18.31"), ("acute bronch", "J20.9"),
    ("s72.001a", "S72.001A"), ("gout", "M10.9"), ("type 2 diabetes mellitus", "E11.9"), ("migraine", "G43.909"), ("low back pain", "M54.50"),
])  # fmt: skip
def test_what_is_meant_is_among_the_first(typed: str, code: str) -> None:
    assert code in [hit.code for hit in find(typed)[:5]]


def test_only_full_codes_are_billable_and_lead_further() -> None:
    hit = next(h for h in find("E11.2") if h.code == "E11.2")
    assert not hit.billable and hit.more == 3 and [h.code for h in below("E11.2")] == ["E11.21", "E11.22", "E11.29"]
    assert all(h.billable and h.code.startswith("N18") for h in beside("N18.31")) and "N18.31" not in [h.code for h in beside("N18.31")]
    assert find("") == [] and find("   ") == [] and find("of the") == [] and find("qqqqqqq") == []


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=40))
def test_anything_may_be_typed(typed: str) -> None:
    for hit in find(typed, 5):
        assert icd10().billable(hit.code) == hit.billable and hit.title


def test_risk_categories_are_told_with_their_label() -> None:
    category = hcc.of("E11.22")
    assert category and (category.number, category.label) == ("37", "Diabetes with Chronic Complications")
    assert hcc.of("I10") is None and hcc.of("nothing") is None
