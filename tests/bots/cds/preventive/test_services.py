"""Task-force services and adults' vaccines."""

from __future__ import annotations

import pytest

from tests.bots.cds.preventive.builder import (
    Clinic,
    concept,
    cond,
    declined,
    image,
    med,
    obs,
    person,
    proc,
    report,
    shot,
)

USER, FORMER, NEVER = "sct:449868002", "sct:8517006", "sct:266919005"


def smoking(answer: str, when: str = "2026-01-01") -> dict:
    return obs("loinc:72166-2", when, answer)


def packs(value: float | None) -> dict:
    return obs("loinc:8664-5", "2026-01-01", value, "{PackYears}")


LDCT = "Low-dose CT chest for lung cancer screening"


@pytest.mark.parametrize(("born", "given", "status"), [
    ("1976-06-30", [smoking(USER), packs(20)], "due"), ("1976-07-01", [smoking(USER), packs(20)], "not-eligible"),
    ("1945-07-01", [smoking(USER), packs(20)], "due"), ("1945-06-30", [smoking(USER), packs(20)], "not-eligible"),
    ("1960-01-01", [smoking(USER), packs(19.9)], "not-eligible"), ("1960-01-01", [smoking(USER)], "cannot-judge"),
    ("1960-01-01", [smoking(NEVER)], "not-eligible"), ("1960-01-01", [], "not-eligible"),
    ("1960-01-01", [smoking(FORMER), packs(30)], "cannot-judge"),  # when they quit isn't told
    ("1960-01-01", [smoking(USER, "2015-01-01"), smoking(FORMER), packs(30)], "due"),
    ("1960-01-01", [smoking(FORMER, "2011-01-01"), smoking(FORMER), packs(30)], "not-eligible"),
    ("1960-01-01", [smoking(USER), packs(30), report(LDCT, "2025-07-01")], "satisfied"),
    ("1960-01-01", [smoking(USER), packs(30), report(LDCT, "2025-06-30")], "due"),
    ("1960-01-01", [smoking(USER), packs(30), report("CT chest", "2026-06-01")], "due"),
    ("1960-01-01", [smoking(USER), packs(30), cond("icd:C34.1", "2020-01-01")], "excluded"),
    ("1960-01-01", [smoking(USER), packs(None)], "cannot-judge"),
])  # fmt: skip
def test_lung_cancer_screening(clinic: Clinic, born: str, given: list[dict], status: str) -> None:
    assert clinic.judge("USPSTF.lung", *given, patient=person(born)).status == status


PREGNANT = cond("sct:77386006", "2026-01-10")


def delivery(day: str) -> dict:
    return obs("loinc:11778-8", "2026-02-01", {"valueDateTime": day})


@pytest.mark.parametrize(("rule", "patient", "given", "status"), [
    ("aaa", person("1961-06-30", "male"), [smoking(FORMER)], "due"), ("aaa", person("1961-07-01", "male"), [smoking(FORMER)], "not-eligible"),
    ("aaa", person("1950-07-01", "male"), [smoking(FORMER)], "due"), ("aaa", person("1950-06-30", "male"), [smoking(FORMER)], "not-eligible"),
    ("aaa", person("1958-01-01", "male"), [smoking(NEVER)], "not-eligible"), ("aaa", person("1958-01-01", "male"), [], "cannot-judge"),
    ("aaa", person("1958-01-01"), [smoking(USER)], "not-eligible"),
    ("aaa", person("1958-01-01", "male"), [smoking(NEVER), smoking(FORMER, "2026-02-01")], "due"),
    ("aaa", person("1958-01-01", "male"), [smoking(USER), cond("icd:I71.4", "2020-01-01")], "excluded"),
    ("hepatitis-c", person("2008-06-30"), [], "due"), ("hepatitis-c", person("2008-07-01"), [], "not-eligible"),
    ("hepatitis-c", person("1946-07-01"), [], "due"), ("hepatitis-c", person("1946-06-30"), [], "not-eligible"),
    ("hepatitis-c", person(), [obs("loinc:16128-1", "2001-01-01", "neg")], "satisfied"),
    ("hepatitis-c", person(), [cond("icd:B18.2", "2001-01-01")], "excluded"),
    ("hepatitis-b", person(), [], "not-eligible"), ("hepatitis-b", person(), [cond("icd:B20", "2001-01-01")], "due"),
    ("osteoporosis", person("1961-06-30"), [], "due"), ("osteoporosis", person("1961-07-01"), [], "not-eligible"),
    ("osteoporosis", person("1950-01-01"), [proc("sct:312681000", "2005-01-01")], "satisfied"),
    ("osteoporosis", person("1950-01-01"), [cond("icd:M81.0", "2005-01-01")], "excluded"),
    ("osteoporosis", person("1950-01-01", "male"), [], "not-eligible"),
    ("obesity", person(), [obs("loinc:39156-5", "2026-01-01", 30, "kg/m2")], "due"),
    ("obesity", person(), [obs("loinc:39156-5", "2026-01-01", 29.9, "kg/m2")], "not-eligible"),
    ("obesity", person(), [obs("loinc:39156-5", "2026-01-01", 30)], "cannot-judge"),
    ("obesity", person(), [obs("loinc:39156-5", "2026-01-01", 31, "kg/m2"), proc("sct:11816003", "2025-07-01")], "satisfied"),
    ("obesity", person(), [obs("loinc:39156-5", "2026-01-01", 31, "kg/m2"), proc("sct:11816003", "2025-06-30")], "due"),
    ("child-obesity", person("2016-01-01"), [obs("loinc:59576-9", "2026-01-01", 95, "%")], "due"),
    ("child-obesity", person("2016-01-01"), [obs("loinc:59576-9", "2026-01-01", 94, "%")], "not-eligible"),
    ("alcohol", person(), [obs("loinc:75626-2", "2025-07-01", 2)], "satisfied"), ("alcohol", person(), [obs("loinc:75626-2", "2025-06-29", 2)], "overdue"),
    ("alcohol", person("2008-07-01"), [], "not-eligible"),
    ("anxiety", person(), [], "due"), ("anxiety", person("1961-06-30"), [], "not-eligible"), ("anxiety", person(), [cond("icd:F41.1")], "excluded"),
    ("anxiety-child", person("2018-06-30"), [], "due"), ("anxiety-child", person("2018-07-01"), [], "not-eligible"),
    ("colorectal-45", person("1981-12-31"), [], "due"), ("colorectal-45", person("1980-12-31"), [], "not-eligible"),
    ("breast-40", person("1985-01-01"), [], "due"), ("breast-40", person("1984-12-31"), [], "not-eligible"),
    ("breast-40", person("1985-06-01"), [image("loinc:24606-6", "2025-01-01")], "satisfied"),
    ("cervical-21", person("2005-12-31"), [], "due"), ("cervical-21", person("2002-12-31"), [], "not-eligible"),
    ("statin", person("1970-01-01"), [smoking(USER), obs("loinc:79423-0", "2026-01-01", 10, "%")], "due"),
    ("statin", person("1970-01-01"), [smoking(USER), obs("loinc:79423-0", "2026-01-01", 9.9, "%")], "not-eligible"),
    ("statin", person("1970-01-01"), [smoking(NEVER), obs("loinc:79423-0", "2026-01-01", 12, "%")], "not-eligible"),
    ("pregnancy-hepatitis-b", person("1996-01-01"), [PREGNANT], "due"), ("pregnancy-hepatitis-b", person("1996-01-01"), [], "not-eligible"),
    ("pregnancy-hiv", person("1996-01-01"), [PREGNANT, obs("loinc:56888-1", "2026-02-01", "neg")], "satisfied"),
    ("pregnancy-syphilis", person("1996-01-01"), [PREGNANT, obs("loinc:20507-0", "2024-02-01", "neg")], "due"),
    ("pregnancy-rhd", person("1996-01-01"), [PREGNANT], "due"),
    ("pregnancy-diabetes", person("1996-01-01"), [PREGNANT], "cannot-judge"),
    ("pregnancy-diabetes", person("1996-01-01"), [PREGNANT, delivery("2026-10-20")], "due"),  # 24 weeks
    ("pregnancy-diabetes", person("1996-01-01"), [PREGNANT, delivery("2026-10-21")], "not-eligible"),
    ("pregnancy-diabetes", person("1996-01-01"), [PREGNANT, delivery("2026-10-01"), obs("loinc:1504-0", "2026-06-01", 120, "mg/dL")], "satisfied"),
    ("pregnancy-bacteriuria", person("1996-01-01"), [PREGNANT, delivery("2026-10-20")], "due"),
    ("pregnancy-aspirin", person("1996-01-01"), [PREGNANT, delivery("2026-10-20")], "not-eligible"),
    ("pregnancy-aspirin", person("1996-01-01"), [PREGNANT, delivery("2026-10-20"), cond("icd:I10")], "due"),
    ("pregnancy-aspirin", person("1996-01-01"), [PREGNANT, delivery("2026-10-20"), cond("icd:I10"), med("aspirin 81 mg", "2026-05-01")], "satisfied"),
    ("gonorrhoea", person("2004-01-01"), [obs("loinc:64728-9", "2026-01-01", "sct:373066001")], "due"),
])  # fmt: skip
def test_services(clinic: Clinic, rule: str, patient: dict, given: list[dict], status: str) -> None:
    assert clinic.judge(f"USPSTF.{rule}", *given, patient=patient).status == status


def test_a_pregnancy_without_an_end_is_over_after_42_weeks(clinic: Clinic) -> None:
    for onset, status in (("2025-09-09", "due"), ("2025-09-08", "not-eligible")):
        given = cond("sct:77386006", onset)
        assert clinic.judge("USPSTF.pregnancy-hiv", given, patient=person("1996-01-01")).status == status


@pytest.mark.parametrize(("rule", "born", "given", "status"), [
    ("influenza", "2007-06-30", [], "due"), ("influenza", "2007-07-01", [], "not-eligible"),
    ("influenza", "1980-01-01", [shot("140", "2025-08-01")], "satisfied"), ("influenza", "1980-01-01", [shot("140", "2025-07-31")], "due"),
    ("influenza", "1980-01-01", [shot("140", "2026-01-10", "not-done")], "due"),
    ("tdap", "1980-01-01", [shot("115", "2016-07-01")], "satisfied"), ("tdap", "1980-01-01", [shot("115", "2016-06-29")], "overdue"),
    ("tdap", "1980-01-01", [shot("115", "2010-01-01"), shot("113", "2020-01-01")], "satisfied"),
    ("tdap", "1980-01-01", [shot("113", "2020-01-01")], "due"),  # never Tdap
    ("zoster", "1976-06-30", [shot("187", "2026-01-01"), shot("187", "2026-03-01")], "satisfied"),
    ("zoster", "1976-06-30", [shot("187", "2026-01-01")], "due"), ("zoster", "1976-07-01", [], "not-eligible"),
    ("zoster", "1960-06-30", [shot("121", "2016-01-01"), shot("121", "2017-01-01")], "due"),  # the live vaccine
    ("pneumococcal", "1976-06-30", [], "due"), ("pneumococcal", "1976-07-01", [], "not-eligible"),
    ("pneumococcal", "1960-01-01", [shot("216", "2023-01-01")], "satisfied"), ("pneumococcal", "1960-01-01", [shot("133", "2016-01-01")], "due"),
    ("pneumococcal", "1960-01-01", [shot("215", "2023-01-01")], "due"),
    ("pneumococcal", "1960-01-01", [shot("215", "2023-01-01"), shot("33", "2024-01-01")], "satisfied"),
    ("pneumococcal", "1960-01-01", [shot("33", "2022-01-01"), shot("215", "2023-01-01")], "due"),
    ("pneumococcal", "1950-01-01", [shot("133", "2014-01-01"), shot("33", "2015-01-01")], "satisfied"),  # PPSV23 at 65
    ("pneumococcal", "1950-01-02", [shot("133", "2014-01-01"), shot("33", "2015-01-01")], "due"),
    ("rsv", "1951-06-30", [], "due"), ("rsv", "1951-07-01", [], "not-eligible"), ("rsv", "1950-01-01", [shot("305", "2024-10-01")], "satisfied"),
    ("rsv", "1950-01-01", [shot("306", "2024-10-01")], "due"),  # an antibody for infants
    ("hepatitis-b", "1966-07-01", [], "due"), ("hepatitis-b", "1966-06-30", [], "not-eligible"),
    ("hepatitis-b", "1980-01-01", [shot("43", f"2001-0{n}-01") for n in (1, 2, 7)], "satisfied"),
    ("hepatitis-b", "1980-01-01", [shot("189", "2020-01-01"), shot("189", "2020-02-01")], "satisfied"),
    ("hepatitis-b", "1980-01-01", [shot("43", "2020-01-01"), shot("43", "2020-02-01")], "due"),
    ("hepatitis-b", "1980-01-01", [cond("icd:B18.1", "2001-01-01")], "excluded"),
    ("hpv", "2003-01-01", [shot("165", "2016-01-01"), shot("165", "2016-08-01")], "satisfied"),  # begun at 13
    ("hpv", "2000-01-01", [shot("165", "2016-01-01"), shot("165", "2016-08-01")], "due"),  # begun at 16
    ("hpv", "2000-01-01", [shot("165", f"2016-0{n}-01") for n in (1, 3, 7)], "satisfied"), ("hpv", "1999-06-30", [], "not-eligible"),
    ("covid-19", "1961-06-30", [shot("208", "2025-07-01")], "satisfied"), ("covid-19", "1961-06-30", [shot("208", "2025-06-29")], "overdue"),
])  # fmt: skip
def test_vaccines(clinic: Clinic, rule: str, born: str, given: list[dict], status: str) -> None:
    assert clinic.judge(f"ACIP.{rule}", *given, patient=person(born)).status == status


def test_the_influenza_season_turns_on_1_august(clinic: Clinic) -> None:
    dose = shot("140", "2025-10-10")
    assert str(clinic.judge("ACIP.influenza", dose).reopens) == "2026-08-01"
    for as_of, status, due in (
        ("2026-07-31", "satisfied", None),
        ("2026-08-01", "due", "2026-09-01"),
        ("2026-09-01", "due", "2026-09-01"),
        ("2026-10-05", "due", "2026-10-05"),
    ):
        found = clinic.judge("ACIP.influenza", dose, as_of=as_of)
        assert (found.status, found.due_date and str(found.due_date)) == (status, due)


def test_a_refused_vaccine_is_told(clinic: Clinic) -> None:
    given = declined(shot("140", "2025-11-02")) | {"statusReason": concept("Patient declined")}
    assert "declined on 02-Nov-2025" in clinic.judge("ACIP.influenza", given).reason
