"""HIV, chlamydia and other infections."""

from __future__ import annotations

import pytest

from tests.bots.cds.preventive.builder import (
    OFFICE,
    Clinic,
    cond,
    declined,
    med,
    obs,
    order,
    person,
    proc,
    visit,
)

HIV = cond("icd:B20", "2015-01-01")
TEST = "loinc:56888-1"


@pytest.mark.parametrize(("born", "given", "status"), [
    ("2011-01-01", [], "due"), ("2011-01-02", [], "not-eligible"), ("1960-01-02", [], "due"), ("1960-01-01", [], "not-eligible"),
    ("1990-06-01", [obs(TEST, "2010-01-01", "neg")], "satisfied"),  # once is enough
    ("1990-06-01", [obs(TEST, "2010-01-01")], "due"),  # no value
    ("1990-06-01", [obs(TEST, "2005-05-31", "neg")], "due"), ("1990-06-01", [obs(TEST, "2005-06-01", "neg")], "satisfied"),  # 15
    ("1990-06-01", [HIV], "excluded"),
    ("1990-06-01", [obs("loinc:20447-9", "2020-01-01", 20, "{copies}/mL")], "due"),  # a viral load is none
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_hiv_screening(clinic: Clinic, born: str, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS349", OFFICE, *given, patient=person(born), strict=strict).status == status


def test_hiv_screening_to_the_letter(clinic: Clinic) -> None:
    late = obs(TEST, "2026-12-31", "neg")
    assert clinic.judge("CMS349", OFFICE, late, as_of="2026-12-31", strict=True).status == "due"
    assert clinic.judge("CMS349", OFFICE, late, as_of="2026-12-31").status == "satisfied"
    new = cond("icd:B20", "2026-02-01")
    assert clinic.judge("CMS349", OFFICE, new, strict=True).status == "due"  # diagnosed in the year
    assert clinic.judge("CMS349", new).status == "excluded"
    dead = person("1990-01-01", deceasedDateTime="2026-05-01")
    assert clinic.judge("CMS349", OFFICE, patient=dead, strict=True).status == "excluded"
    undated = person("1990-01-01", deceasedBoolean=True)
    assert clinic.judge("CMS349", OFFICE, patient=undated, strict=True).status == "due"


YOUNG = person("2005-05-05")
ACTIVE = obs("loinc:64728-9", "2020-01-01", "sct:373066001")
PREGNANCY_TEST = order("loinc:2106-3", "2026-03-01")


@pytest.mark.parametrize(("given", "status"), [
    ([], "not-eligible"), ([ACTIVE], "due"), ([obs("loinc:64728-9", "2020-01-01", "sct:373067005")], "not-eligible"),
    ([cond("icd:A56.0", "2026-02-01", "2026-03-01", "resolved")], "due"),
    ([cond("icd:A56.0", "2025-02-01", "2025-03-01", "resolved")], "not-eligible"),
    ([cond("icd:Z33.1", "2026-02-01")], "due"),
    ([med("norethindrone 0.35 mg", "2026-02-01")], "due"), ([med("norethindrone 0.35 mg", "2025-12-20", days=28)], "due"),
    ([med("norethindrone 0.35 mg", "2025-02-20", days=28)], "not-eligible"),
    ([order("loinc:10524-7", "2026-02-01")], "due"), ([order("loinc:20507-0", "2025-12-31")], "not-eligible"),
    ([PREGNANCY_TEST], "due"), ([order("loinc:11525-3", "2026-02-01")], "due"),
    ([PREGNANCY_TEST, order("sct:399208008", "2026-03-07")], "excluded"),
    ([PREGNANCY_TEST, order("sct:399208008", "2026-03-08")], "due"),
    ([PREGNANCY_TEST, order("sct:399208008", "2026-02-28")], "due"),
    ([PREGNANCY_TEST, med("isotretinoin 20 mg", "2026-03-01")], "excluded"),
    ([PREGNANCY_TEST, ACTIVE, med("isotretinoin 20 mg", "2026-03-01")], "due"),  # not the only evidence
    ([ACTIVE, obs("loinc:21613-5", "2026-01-01", "neg")], "satisfied"),
    ([ACTIVE, obs("loinc:21613-5", "2025-12-31", "neg")], "due"), ([ACTIVE, obs("loinc:21613-5", "2026-01-01")], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_chlamydia(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge("CMS153", OFFICE, *given, patient=YOUNG, strict=strict)
    assert found.status.replace("overdue", "due") == status


@pytest.mark.parametrize(("born", "sex", "status"), [
    ("2010-12-31", "female", "due"), ("2011-01-01", "female", "not-eligible"), ("2002-01-01", "female", "due"),
    ("2001-12-31", "female", "not-eligible"), ("2005-05-05", "male", "not-eligible"),
])  # fmt: skip
def test_chlamydia_population(clinic: Clinic, born: str, sex: str, status: str) -> None:
    assert clinic.judge("CMS153", ACTIVE, patient=person(born, sex)).status == status


STI = [
    obs("loinc:21613-5", "2026-02-01", "neg"),
    obs("loinc:24111-7", "2026-03-01", "neg"),
    obs("loinc:20507-0", "2026-04-01", "neg"),
]


@pytest.mark.parametrize(("given", "status"), [
    ([HIV, *STI], "satisfied"), ([HIV, *STI[1:]], "due"), ([HIV, STI[0], STI[2]], "due"), ([HIV, *STI[:2]], "due"),
    ([HIV, *STI[:2], STI[2] | {"effectiveDateTime": "2025-12-31"}], "due"), (STI, "not-eligible"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_sti_tests_with_hiv(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS1188", OFFICE, *given, strict=strict).status.replace("overdue", "due") == status


def test_a_dual_target_test_counts_for_both_unless_strict(clinic: Clinic) -> None:
    dual = [HIV, obs("loinc:36902-5", "2026-02-01", "neg"), STI[2]]
    assert clinic.judge("CMS1188", OFFICE, *dual).status == "satisfied"
    assert clinic.judge("CMS1188", OFFICE, *dual, strict=True).status == "due"


def test_sti_tests_from_13(clinic: Clinic) -> None:
    assert clinic.judge("CMS1188", HIV, patient=person("2013-01-01")).status == "due"
    assert clinic.judge("CMS1188", HIV, patient=person("2013-01-02")).status == "not-eligible"


LOAD = "loinc:20447-9"


def load(when: str, value, unit: str | None = "{copies}/mL", **more) -> dict:
    return obs(LOAD, when, value, unit, **more)


LESS = {"valueQuantity": {"value": 20, "comparator": "<", "unit": "{copies}/mL", "code": "{copies}/mL"}}


@pytest.mark.parametrize(("given", "status"), [
    ([], "due"), ([load("2026-02-01", 199)], "satisfied"), ([load("2026-02-01", 200)], "due"),
    ([load("2025-12-31", 20)], "due"),
    ([load("2026-02-01", 20), load("2026-05-01", 5000)], "due"), ([load("2026-02-01", 5000), load("2026-05-01", 20)], "satisfied"),
    ([load("2026-02-01", "sct:260415000")], "satisfied"), ([load("2026-02-01", LESS)], "satisfied"),
    ([load("2026-02-01", 1.3, "{Log_copies}/mL")], "cannot-judge"), ([load("2026-02-01", 20, "[IU]/mL")], "cannot-judge"),
    ([load("2026-02-01", 20, None)], "cannot-judge"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_viral_suppression(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge("CMS314", HIV, OFFICE, *given, strict=strict)
    assert found.status.replace("overdue", "due") == status


def test_a_valueless_viral_load_hides_earlier_ones(clinic: Clinic) -> None:
    given = [HIV, OFFICE, load("2026-02-01", 20), load("2026-05-01", None)]
    assert clinic.judge("CMS314", *given, strict=True).status == "due"
    assert clinic.judge("CMS314", *given).status == "cannot-judge"


def test_who_is_looked_at_for_suppression(clinic: Clinic) -> None:
    for onset, status in (("2026-03-31", "due"), ("2026-04-01", "not-eligible")):  # 90 days into the year
        assert clinic.judge("CMS314", cond("icd:B20", onset)).status == status
    for day, status in (("2026-08-29", "due"), ("2026-08-30", "not-eligible")):
        late = visit("sct:185349003", day)
        assert clinic.judge("CMS314", HIV, late, as_of="2026-12-01", strict=True).status == status


def test_a_test_as_procedure_counts_unless_strict(clinic: Clinic) -> None:
    done = proc("sct:31676001", "2020-01-01")
    assert clinic.judge("CMS349", OFFICE, done).status == "satisfied"
    assert clinic.judge("CMS349", OFFICE, done, strict=True).status == "due"
    assert "declined" in clinic.judge("CMS349", declined(obs(TEST, "2026-01-05"))).reason
