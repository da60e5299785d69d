"""Results that are named as laboratory systems name them."""

from __future__ import annotations

import pytest

from services.chart.naming import concepts_of
from services.index.features import primary_concepts
from services.index.text import render
from services.knowledge.lexicon import lexicon
from services.knowledge.mnemonics import _LOCAL, result_named


@pytest.mark.parametrize(("name", "concept"), [
    ("K", "lab:potassium"), ("mg", "lab:magnesium"), ("Na", "lab:sodium"), ("GLU", "lab:glucose"), ("CBG", "lab:fingerstick-glucose"),
    ("K LVL", "lab:potassium"), ("Na, serum", "lab:sodium"), ("HGB", "lab:hemoglobin"), ("A1C", "lab:hemoglobin-a1c"), ("Cl-", "lab:chloride"),
    ("SBP", "vital:systolic-blood-pressure"), ("K urine", None), ("vitamin K", None), ("mg of what", None), ("", None), ("NEUT", None),
    ("Potassium", None), ("K " * 40, None),
])  # fmt: skip
def test_a_whole_name_is_a_short_one_or_none(name: str, concept: str | None) -> None:
    assert result_named(name) == concept


def test_every_short_name_of_ours_is_of_a_known_concept() -> None:
    assert all(c in lexicon() for c in _LOCAL.values())


def test_chart_and_index_know_a_result_by_it() -> None:
    result = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"coding": [{"code": "MG"}], "text": "MG"},
              "subject": {"reference": "Patient/p"}, "valueQuantity": {"value": 1.4, "unit": "mg/dL"}}  # fmt: skip
    rendered = render(result, lambda _: None)
    assert rendered and primary_concepts(rendered) == {"lab:magnesium"}
    assert concepts_of("result", (("", "MG"),), "MG")[0] == {"lab:magnesium"}
    assert concepts_of("medication", (), "MG")[0] == frozenset()
