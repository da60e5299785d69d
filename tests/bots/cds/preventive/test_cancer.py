"""Colorectal, breast and cervical cancer; bones under androgen deprivation."""

from __future__ import annotations

import pytest

from tests.bots.cds.preventive.builder import (
    OFFICE,
    Clinic,
    category,
    concept,
    cond,
    declined,
    image,
    med,
    obs,
    order,
    person,
    proc,
    report,
    visit,
)

FIT = "loinc:57905-2"
COLONOSCOPY = "sct:73761001"


def woman(born: str) -> dict:
    return person(born, "female")


@pytest.mark.parametrize(("born", "status"), [
    ("1981-01-01", "not-eligible"),  # 45 on 31 December
    ("1980-12-31", "due"),  # 46 that very day
    ("1951-01-01", "due"),  # 75
    ("1950-12-31", "not-eligible"),  # 76
    (None, "cannot-judge"),
    ("1980", "due"), ("1950", "not-eligible"), ("1981", "not-eligible"),
])  # fmt: skip
def test_colorectal_age_is_taken_on_31_december(clinic: Clinic, born: str | None, status: str) -> None:
    assert clinic.judge("CMS130", patient=person(born)).status == status


@pytest.mark.parametrize(("resource", "status"), [
    (obs(FIT, "2026-01-01", "neg"), "satisfied"),
    (obs(FIT, "2025-12-31", "neg"), "due"),
    (obs(FIT, "2026-02-01"), "due"),  # no value
    (obs(FIT, "2026-02-01", "neg", status="amended"), "satisfied"),
    (obs(FIT, "2026-02-01", "neg", status="preliminary"), "due"),
    (obs(FIT, "2026-02-01", "neg", status="entered-in-error"), "due"),
    (obs(FIT, "2025-12-28/2026-01-02", "neg"), "satisfied"),  # dated by its end
    (obs(FIT, "2026", "neg"), "satisfied"),  # the whole year is inside
    (obs("loinc:77353-1", "2024-01-01", "neg"), "satisfied"),
    (obs("loinc:77353-1", "2023-12-31", "neg"), "due"),
    (proc("sct:44441009", "2022-01-01"), "satisfied"),
    (proc("sct:44441009", "2021-12-31"), "due"),
    (image("loinc:79101-2", "2022-01-01"), "satisfied"),
    (image("loinc:79101-2", "2021-12-31"), "due"),
    (proc(COLONOSCOPY, "2017-01-01"), "satisfied"),
    (proc(COLONOSCOPY, "2016-12-31"), "due"),
    (proc(COLONOSCOPY, "2016-12-31/2017-01-01"), "satisfied"),  # its end counts
    (proc(COLONOSCOPY, "2020-01-01", "in-progress"), "due"),
    (proc(COLONOSCOPY, "2020-01-01", "entered-in-error"), "due"),
    (proc(COLONOSCOPY, "2017"), "satisfied"),
    (cond("icd:C18.9", "2010-01-01"), "excluded"),
    (cond("icd:Z85.038", "2001-01-01", state="resolved"), "excluded"),
    (cond("icd:C18.9", "2010-01-01", verificationStatus=category("condition-ver-status", "refuted")), "due"),
    (cond("icd:C17.0", "2010-01-01"), "due"),
    (proc("sct:26390003", "1990-01-01"), "excluded"),
    (proc("sct:26390003", "1990-01-01", "not-done"), "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_colorectal_tests_and_exclusions(clinic: Clinic, resource: dict, status: str, strict: bool) -> None:
    found = clinic.judge("CMS130", resource, OFFICE, strict=strict)
    assert found.status.replace("overdue", "due") == status
    assert found.reason.endswith(".")


@pytest.mark.parametrize(("resource", "lenient"), [
    (report("loinc:18746-8", "2020-05-05"), "satisfied"),
    (report("Colonoscopy", "2020-05-05"), "satisfied"),
    (proc("Screening colonoscopy to the caecum", "2020-05-05"), "satisfied"),
    (proc("Colonoscopy declined", "2020-05-05"), "due"),
    (proc("Colonoscopy, overdue", "2020-05-05"), "due"),
    (proc("Faecal occult blood test", "2026-05-05"), "satisfied"),
    (cond("Family history of colon cancer"), "due"),
    (cond("Screening for colon cancer"), "due"),
    (cond("Colon cancer"), "excluded"),
])  # fmt: skip
def test_what_says_clearly_what_it_is_counts_unless_strict(
    clinic: Clinic, resource: dict, lenient: str
) -> None:
    assert clinic.judge("CMS130", resource).status == lenient
    assert clinic.judge("CMS130", resource, OFFICE, strict=True).status == "due"


def test_strict_asks_for_a_finished_adult_visit_within_the_year(clinic: Clinic) -> None:
    for given, status in (
        ((), "not-eligible"),
        ((OFFICE,), "due"),
        ((OFFICE | {"status": "planned"},), "not-eligible"),
        ((visit("sct:185349003", "2025-12-31/2026-01-01"),), "not-eligible"),
        ((visit("sct:86013001", "2026-01-01"),), "due"),
        ((visit("sct:185317003", "2026-05-01"),), "due"),
        ((visit("sct:390906007", "2026-05-01"),), "not-eligible"),  # a local code
    ):
        assert clinic.judge("CMS130", *given, strict=True).status == status


def test_a_positive_stool_test_asks_for_a_colonoscopy_unless_strict(clinic: Clinic) -> None:
    positive = obs(FIT, "2026-02-01", "Positive")
    found = clinic.judge("CMS130", positive)
    assert found.status == "due" and "positive" in found.reason
    assert clinic.judge("CMS130", positive, proc(COLONOSCOPY, "2026-02-20")).status == "satisfied"
    assert clinic.judge("CMS130", positive, OFFICE, strict=True).status == "satisfied"


def test_dates_of_the_next_colonoscopy(clinic: Clinic) -> None:
    done = clinic.judge("CMS130", proc(COLONOSCOPY, "2020-05-10"))
    assert (str(done.last_performed), str(done.reopens)) == ("2020-05-10", "2030-01-01")
    lapsed = clinic.judge("CMS130", proc(COLONOSCOPY, "2016-05-10"))
    assert (lapsed.status, str(lapsed.due_date), str(lapsed.last_performed)) == (
        "overdue",
        "2026-05-10",
        "2016-05-10",
    )
    ahead = clinic.judge("CMS130", proc(COLONOSCOPY, "2016-09-10"))
    assert (ahead.status, str(ahead.due_date)) == ("due", "2026-09-10")
    old = clinic.judge("CMS130", proc(COLONOSCOPY, "2020-05-10"), patient=person("1952-03-01"))
    assert old.status == "satisfied" and old.reopens is None  # over 75 by then
    young = clinic.judge("CMS130", patient=person("1980-11-20"))
    assert (young.status, str(young.due_date)) == ("due", "2026-11-20")


def test_a_refusal_and_an_order_are_told_and_the_gap_stays(clinic: Clinic) -> None:
    found = clinic.judge("CMS130", declined(proc(COLONOSCOPY, "2026-03-01")))
    assert found.status == "due" and "declined on 01-Mar-2026" in found.reason
    asked = clinic.judge("CMS130", order(COLONOSCOPY, "2026-05-01"))
    assert asked.status == "due" and "ordered on 01-May-2026 (not yet done)" in asked.reason
    forbidden = order(COLONOSCOPY, "2026-05-01") | {"doNotPerform": True}
    assert "not done on 01-May-2026" in clinic.judge("CMS130", forbidden).reason


@pytest.mark.parametrize(("born", "sex", "status"), [
    ("1984-12-31", "female", "due"), ("1985-01-01", "female", "not-eligible"),
    ("1952-01-01", "female", "due"), ("1951-12-31", "female", "not-eligible"),
    ("1970-01-01", "male", "not-eligible"), ("1970-01-01", None, "cannot-judge"), ("1970-01-01", "other", "cannot-judge"),
])  # fmt: skip
def test_breast_population(clinic: Clinic, born: str, sex: str | None, status: str) -> None:
    assert clinic.judge("CMS125", patient=person(born, sex)).status == status


def test_strict_reads_sex_from_the_extension_alone(clinic: Clinic) -> None:
    plain = {"resourceType": "Patient", "birthDate": "1970-01-01", "gender": "female"}
    assert clinic.judge("CMS125", OFFICE, patient=plain).status == "due"
    assert clinic.judge("CMS125", OFFICE, patient=plain, strict=True).status == "cannot-judge"


RIGHT, LEFT = cond("icd:Z90.11", "2015-01-01"), cond("icd:Z90.12", "2021-01-01")


@pytest.mark.parametrize(("given", "status"), [
    ([image("loinc:24606-6", "2024-10-01")], "satisfied"),
    ([image("loinc:24606-6", "2024-09-30")], "due"),
    ([image("loinc:103892-6", "2026-06-30")], "satisfied"),
    ([report("loinc:24606-6", "2025-01-01")], "satisfied"),
    ([report("loinc:24606-6", "2025-01-01", "registered")], "due"),
    ([obs("loinc:24601-7", "2025-01-01", category=[{"coding": [{"code": "imaging"}]}])], "due"),  # another study
    ([RIGHT], "due"), ([LEFT], "due"), ([RIGHT, LEFT], "excluded"),
    ([cond("icd:Z90.13", "2015-01-01")], "excluded"),
    ([proc("sct:27865001", "2015-01-01")], "excluded"),
    ([proc("sct:429400009", "2015-01-01"), LEFT], "excluded"),
    ([proc("sct:429400009", "2015-01-01"), proc("sct:428571003", "2019-01-01")], "excluded"),
    ([cond("icd:Z90.10", "2015-01-01"), LEFT], "due"),
    ([cond("icd:Z90.10", "2015-01-01", bodySite=[concept("sct:24028007")]), LEFT], "excluded"),
    ([cond("icd:Z90.10", "2015-01-01", bodySite=[concept("sct:7771000")]), LEFT], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_mammograms_and_mastectomies(clinic: Clinic, given: list[dict], status: str, strict: bool) -> None:
    assert clinic.judge("CMS125", *given, OFFICE, strict=strict).status.replace("overdue", "due") == status


def test_a_mammogram_without_the_imaging_category_counts_unless_strict(clinic: Clinic) -> None:
    bare = obs("loinc:24606-6", "2025-05-01")
    assert clinic.judge("CMS125", bare, OFFICE).status == "satisfied"
    assert clinic.judge("CMS125", bare, OFFICE, strict=True).status == "due"
    for code in ("sct:71651007", "sct:24623002", "Screening mammography"):
        assert clinic.judge("CMS125", proc(code, "2025-05-01"), OFFICE).status == "satisfied"
        assert clinic.judge("CMS125", proc(code, "2025-05-01"), OFFICE, strict=True).status == "due"


def test_named_mastectomies_tell_their_side_unless_strict(clinic: Clinic) -> None:
    assert clinic.judge("CMS125", proc("Bilateral mastectomy", "2015-01-01")).status == "excluded"
    assert clinic.judge("CMS125", proc("Left mastectomy", "2015-01-01")).status == "due"
    both = [proc("Left mastectomy", "2015-01-01"), proc("Right mastectomy", "2018-01-01")]
    assert clinic.judge("CMS125", *both).status == "excluded"


def test_a_mammogram_of_autumn_counts_three_years(clinic: Clinic) -> None:
    assert str(clinic.judge("CMS125", image("loinc:24606-6", "2025-09-30")).reopens) == "2027-01-01"
    assert str(clinic.judge("CMS125", image("loinc:24606-6", "2025-10-01")).reopens) == "2028-01-01"


PAP, HPV = "loinc:10524-7", "loinc:21440-3"


@pytest.mark.parametrize(("born", "given", "status"), [
    ("2003-01-01", [], "not-eligible"), ("2002-12-31", [], "due"), ("1962-01-01", [], "due"), ("1961-12-31", [], "not-eligible"),
    ("1990-06-01", [obs(PAP, "2024-01-01", "normal")], "satisfied"),
    ("1990-06-01", [obs(PAP, "2023-12-31", "normal")], "due"),
    ("1990-06-01", [obs(PAP, "2025-01-01")], "due"),
    ("1990-06-01", [obs(HPV, "2022-01-01", "neg")], "satisfied"),
    ("1990-06-01", [obs(HPV, "2021-12-31", "neg")], "due"),
    ("1992-06-01", [obs(HPV, "2022-05-31", "neg")], "due"),  # 29 that day
    ("1992-06-01", [obs(HPV, "2022-06-01", "neg")], "satisfied"),
    ("1980-06-01", [proc("sct:116140006", "2010-01-01")], "excluded"),
    ("1980-06-01", [cond("icd:Z90.710", "2010-01-01")], "excluded"),
    ("1980-06-01", [cond("icd:Q51.5", "1980-06-01", state="inactive")], "excluded"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_cervical_screening(clinic: Clinic, born: str, given: list[dict], status: str, strict: bool) -> None:
    found = clinic.judge("CMS124", *given, OFFICE, patient=woman(born), strict=strict)
    assert found.status.replace("overdue", "due") == status


def test_a_hysterectomy_of_unknown_extent_leaves_it_open(clinic: Clinic) -> None:
    unsure = proc("sct:236886002", "2012-01-01")
    assert clinic.judge("CMS124", unsure, patient=woman("1980-06-01")).status == "cannot-judge"
    assert clinic.judge("CMS124", unsure, OFFICE, patient=woman("1980-06-01"), strict=True).status == "due"
    assert (
        clinic.judge("CMS124", unsure, obs(PAP, "2025-01-01", "n"), patient=woman("1980-06-01")).status
        == "satisfied"
    )


def test_strict_cervical_visits_leave_the_wellness_visit_out(clinic: Clinic) -> None:
    wellness = visit("sct:86013001", "2026-03-01")
    assert clinic.judge("CMS124", wellness, patient=woman("1980-06-01"), strict=True).status == "not-eligible"


def test_a_pap_as_procedure_counts_unless_strict(clinic: Clinic) -> None:
    pap = proc("Cervical screening, cytology with HPV test", "2023-05-01")
    found = clinic.judge("CMS124", pap, patient=woman("1980-06-01"))
    assert found.status == "satisfied" and str(found.reopens) == "2028-01-01"  # by the HPV arm
    assert clinic.judge("CMS124", pap, OFFICE, patient=woman("1980-06-01"), strict=True).status == "due"


CANCER = cond("icd:C61", "2020-01-01")
ADT = med("leuprolide acetate", "2026-01-10")
LONG = order("sct:456381000124102", "2026-02-01")


@pytest.mark.parametrize(("given", "status"), [
    ([CANCER, ADT, LONG], "due"),
    ([ADT, LONG], "not-eligible"),
    ([CANCER, LONG], "not-eligible"),
    ([CANCER, ADT, LONG | {"intent": "plan"}], "not-eligible"),
    ([CANCER, ADT, LONG | {"authoredOn": "2026-01-09"}], "not-eligible"),  # before the first ADT
    ([CANCER, ADT | {"authoredOn": "2025-10-01"}, LONG | {"authoredOn": "2025-10-01"}], "due"),
    ([CANCER, ADT | {"authoredOn": "2025-09-30"}, LONG], "not-eligible"),
    ([CANCER, ADT, LONG, obs("loinc:38268-9", "2024-02-01")], "satisfied"),
    ([CANCER, ADT, LONG, obs("loinc:38268-9", "2024-01-31")], "due"),
    ([CANCER, ADT, LONG, obs("loinc:38268-9", "2026-05-01")], "satisfied"),
    ([CANCER, ADT, LONG, obs("loinc:38268-9", "2026-05-02")], "due"),
    ([CANCER, ADT, LONG, order("loinc:38268-9", "2026-03-01")], "satisfied"),
    ([CANCER, ADT, LONG, declined(order("loinc:38268-9", "2026-03-01"))], "excluded"),
    ([CANCER, ADT, LONG, declined(order("loinc:38268-9", "2026-05-02"))], "due"),
    ([CANCER, ADT, LONG, declined(order("loinc:38268-9", "2026-03-01"), "sct:183932001")], "due"),
])  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_bones_under_androgen_deprivation(
    clinic: Clinic, given: list[dict], status: str, strict: bool
) -> None:
    assert (
        clinic.judge("CMS645", *given, OFFICE, patient=person("1955-01-01", "male"), strict=strict).status
        == status
    )
