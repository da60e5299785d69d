"""The criteria themselves: codes, concepts, sources, and the page that tells them."""

from __future__ import annotations

import re

from services.bots.clinical_decision_support.diagnosis.codes import titles
from services.bots.clinical_decision_support.diagnosis.doubts import Having, Taking, Treated
from services.bots.clinical_decision_support.diagnosis.evaluate import confidence
from services.bots.clinical_decision_support.diagnosis.model import Band, Test
from services.bots.clinical_decision_support.diagnosis.needs import OnDrug, Results
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES
from services.bots.clinical_decision_support.diagnosis.table import PAGE, written
from services.bots.clinical_decision_support.model import SEVERITIES
from services.knowledge.lexicon import lexicon
from services.knowledge.tables import DATA, lines
from services.knowledge.unit_names import normalise_unit

RULES = [rule for rules in FAMILIES.values() for rule in rules]


def test_the_page_tells_the_criteria_of_today() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page


def test_codes_are_verified_and_billable() -> None:
    table = {code: (title, verified) for code, title, verified in lines(DATA / "diagnosis" / "codes.tsv")}
    assert {rule.condition.code for rule in RULES} == set(table) == set(titles())
    for code, (title, verified) in table.items():
        assert re.fullmatch(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?", code) and title
        assert re.fullmatch(r"simple-icd-10-cm \d+\.\d+\.\d+", verified)


def test_every_criterion_is_complete() -> None:
    for rule in RULES:
        condition = rule.condition
        assert condition.listed or condition.icd, condition.id
        assert condition.severity in SEVERITIES
        assert re.search(r"\b(?:19|20)\d\d\b|FDA labelling", condition.source), (
            f"{condition.id}: a source without a year"
        )
        assert condition.advice.endswith(".") and rule.need.words
        assert 0.5 <= rule.strength <= 0.8
        re.compile(condition.words)
    idents = [(rule.condition.id, rule.sex) for rule in RULES]
    assert len(idents) == len(set(idents))


def test_concepts_are_the_lexicons() -> None:
    for rule in RULES:
        named = [*rule.condition.listed, *rule.condition.apart]
        for doubt in rule.doubts:
            named += (
                doubt.concepts
                if isinstance(doubt, Having)
                else doubt.drugs
                if isinstance(doubt, Taking)
                else doubt.procedures
                if isinstance(doubt, Treated)
                else ()
            )
        need = rule.need
        if isinstance(need, OnDrug):
            named += need.drugs
            need = need.need
        if isinstance(need, Results):
            named += [band.test.concept for band in need.bands]
            assert all(band.test.unit in ("", "1") or normalise_unit(band.test.unit) for band in need.bands)
        assert [c for c in named if c not in lexicon()] == []


def test_a_suggestion_hides_no_code_of_its_own() -> None:
    """What is suggested with a diagnosis code of its own counts as known once it is on the list."""
    for rule in RULES:
        if rule.condition.code[0] in "RZ" or "unconfirmed" in rule.condition.id:
            continue  # findings and states that stand for a diagnosis not made yet
        code = rule.condition.code.replace(".", "")
        known = set(lexicon().by_code("icd10cm", rule.condition.code))
        wide = {n for c in rule.condition.listed for n in (c, *lexicon().narrower(c))}
        assert known & wide or any(code.startswith(p.replace(".", "")) for p in rule.condition.icd), (
            rule.condition.id
        )


def test_confidence() -> None:
    assert confidence(0.8, 0, 0, 10) == 0.8
    assert confidence(0.8, 1, 0, 10) == 0.85
    assert confidence(0.8, 9, 0, 10) == 0.9
    assert confidence(0.8, 0, 2, 10) == 0.6
    assert confidence(0.5, 0, 9, 400) == 0.05
    assert confidence(0.8, 0, 0, 366) == 0.7


def test_bands_keep_open_what_comparators_leave_open() -> None:
    from services.bots.clinical_decision_support.diagnosis.model import Reading

    test = Test("lab:potassium", "mmol/L", "potassium")

    def reading(value: float, sign: str = "") -> Reading:
        return Reading(None, test, None, value, sign)  # type: ignore[arg-type]

    high = Band(test, least=5.5)
    assert [high.holds(reading(v)) for v in (5.4, 5.5)] == [False, True]
    assert [high.holds(reading(6, s)) for s in ("<", "<=", ">", ">=")] == [None, None, True, True]
    assert high.holds(reading(5.5, "<")) is False and high.holds(reading(5.5, "<=")) is None
    assert high.holds(reading(4, ">")) is None
    assert Band(test, least=3, below=5).holds(reading(4, ">")) is None
