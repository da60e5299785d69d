"""The tables: every code exists and says what the table takes it for."""

from __future__ import annotations

from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10
from services.knowledge.billing.ncci import built_in
from services.knowledge.codes import snomed_valid
from services.knowledge.lexicon import lexicon


def test_codes_of_concepts_exist():
    for concept, code in tables.concept_codes().items():
        assert concept in lexicon()
        assert icd10().written(code) == code
    for sct, code in tables.snomed_codes().items():
        assert snomed_valid(sct)
        assert icd10().written(code) == code


def test_combined_and_sided_codes_are_billable():
    assert all(icd10().billable(rule.code) for rule in tables.combined())
    for (code, side), sided in tables.sided().items():
        assert icd10().billable(code)
        assert icd10().billable(sided)
        assert side in icd10().display(sided).lower()


def test_a_higher_level_takes_more_time():
    for family in {v.family for v in tables.visits()}:
        times = [v.minutes for v in sorted(tables.visits(), key=lambda v: v.level) if v.family == family and v.minutes]
        assert times == sorted(set(times))


def test_bundles_have_no_circle():
    pairs = built_in().pairs
    assert not any((narrow, wide) in pairs for wide, narrow in pairs)


def test_excludes1_works_both_ways_and_by_ranges():
    table = icd10()
    assert table.excluded("E11.9", "E10.9")
    assert table.excluded("E10.9", "E11.9")
    assert table.excluded("I10", "O13.9")
    assert not table.excluded("I10", "E11.9")


def test_unspecified_and_sided_titles():
    table = icd10()
    assert table.open("J45.909")
    assert not table.open("I10")
    assert table.sided("M25.569", "left") == "M25.562"
    assert table.sided("I50.9", "left") is None
    assert not table.has_sides("I50.9")


def test_organisms_are_codes_of_organisms_and_longer_names_win():
    for code in tables.organisms("mrsa, e. coli; group a strep") + tables.organisms("RSV"):
        assert icd10().billable(code) and icd10().display(code).endswith("as the cause of diseases classified elsewhere")
    assert tables.organisms("Methicillin resistant Staphylococcus aureus") == ["B95.62"]
    assert tables.organisms("Staphylococcus aureus") == ["B95.61"]
    assert tables.organisms("no E. coli") == []
