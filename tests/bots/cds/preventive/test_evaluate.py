"""All rules over one record: what is read, what is told, and in which order."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from services.bots.clinical_decision_support.preventive.criteria import leaves
from services.bots.clinical_decision_support.preventive.evaluate import evaluate, gaps
from services.bots.clinical_decision_support.preventive.events import KINDS, Event
from services.bots.clinical_decision_support.preventive.measures.every import RULES
from services.bots.clinical_decision_support.preventive.model import Evaluated, Status
from services.bots.clinical_decision_support.preventive.table import PAGE, written
from services.errors import FabricError
from services.knowledge.preventive.value_sets import value_sets
from tests.bots.cds.preventive.builder import (
    OFFICE,
    Clinic,
    bp,
    cond,
    declined,
    image,
    made,
    med,
    obs,
    order,
    person,
    proc,
    shot,
)

NOON = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)


def told(clinic: Clinic, patient_id: str, as_of: dt.datetime = NOON, **more: bool) -> dict[str, Evaluated]:
    return {e.rule: e for e in evaluate(clinic.chart(patient_id, as_of.date()), as_of, **more)}


def test_every_rule_is_judged_once_and_has_its_own_id(clinic: Clinic) -> None:
    found = evaluate(clinic.chart(clinic.add(), NOON.date()), NOON)
    assert [e.rule for e in found] == [r.id for r in RULES]
    assert len({e.rule for e in found}) == len(found)
    assert {e.status for e in found} <= set(get_args(Status))
    assert all(e.reason.endswith(".") and e.recommendation for e in found)


def test_when_it_was_last_done_is_cited(clinic: Clinic) -> None:
    ident = clinic.add(
        cond("icd:I10", "2015-01-01"), cond("icd:E11.9", "2015-01-01"), bp("2021-03-01", 150, 95),
        obs("loinc:72166-2", "2021-03-01", "sct:266919005"), obs("loinc:39156-5", "2021-03-01", 31, "kg/m2"),
        obs("loinc:4548-4", "2021-03-01", 7.1, "%"), obs("loinc:9318-7", "2021-03-01", 12, "mg/g"),
    )  # fmt: skip
    lapsed = [e for e in told(clinic, ident).values() if e.last_performed and e.status == "overdue"]
    assert len(lapsed) >= 5
    for each in lapsed:
        assert {e.date for e in each.evidence} == {"2021-03-01"}, each.rule


def test_an_unknown_patient_is_an_error_for_people(clinic: Clinic) -> None:
    with pytest.raises(FabricError, match="no Patient"):
        clinic.chart("nobody", NOON.date())


def test_gaps_are_what_is_due_as_the_contract_has_it(clinic: Clinic) -> None:
    ident = clinic.add(proc("sct:73761001", "2010-05-05"), image("loinc:24606-6", "2026-01-01"))
    found = evaluate(clinic.chart(ident, NOON.date()), NOON)
    listed = gaps(found)
    assert {g.rule for g in listed} == {
        e.rule for e in found if e.status in ("due", "overdue") and not e.summary
    }
    first = listed[0].wire()
    assert first["screening"] == "Colorectal cancer screening"
    assert (first["lastPerformed"], first["dueDate"], first["status"]) == (
        "2010-05-05",
        "2020-05-05",
        "overdue",
    )
    assert first["recommendation"] and first["evidence"][0]["reference"].startswith("Procedure/")
    cited = listed[0].evidence[0]
    assert clinic.repository.read(*cited.reference.split("/")).version == cited.version
    assert (cited.date, cited.code) == ("2010-05-05", "http://snomed.info/sct|73761001")
    assert [g.status for g in listed] == sorted((g.status for g in listed), key=["overdue", "due"].index)
    assert "lastPerformed" not in next(g.wire() for g in listed if g.rule == "ACIP.zoster")
    assert not any(g.rule in ("CMS117", "CMS138.3", "CMS156.3") for g in listed)


def test_nothing_after_the_moment_is_used(clinic: Clinic) -> None:
    ident = clinic.add(
        image("loinc:24606-6", "2026-06-30T14:00:00Z"), obs("loinc:57905-2", "2026-06-29", "neg", issued="2026-07-02T08:00:00Z"),
        shot("216", "2026-07-01"), cond("icd:E11.9", "2026-08-01"),
    )  # fmt: skip
    found = told(clinic, ident)
    assert [found[r].status for r in ("CMS125", "CMS130", "ACIP.pneumococcal", "CMS122")] == [
        "due",
        "due",
        "due",
        "not-eligible",
    ]
    later = told(clinic, ident, dt.datetime(2026, 9, 1, tzinfo=dt.UTC))
    assert [later[r].status for r in ("CMS125", "CMS130", "ACIP.pneumococcal", "CMS122")] == [
        "satisfied",
        "satisfied",
        "satisfied",
        "due",
    ]
    evening = told(clinic, ident, NOON + dt.timedelta(hours=2))
    assert evening["CMS125"].status == "satisfied"


def test_an_end_after_the_moment_is_not_known_yet(clinic: Clinic) -> None:
    ident = clinic.add(cond("icd:E11.9", "2015-01-01", "2026-08-01", "resolved"))
    assert told(clinic, ident)["CMS122"].status == "due"
    assert told(clinic, ident, dt.datetime(2027, 3, 1, tzinfo=dt.UTC))["CMS122"].status == "not-eligible"


def test_the_measurement_period_is_the_year_of_the_moment(clinic: Clinic) -> None:
    ident = clinic.add(obs("loinc:57905-2", "2025-03-03", "neg"))
    for year, status in ((2025, "satisfied"), (2026, "overdue"), (2024, "due")):
        assert told(clinic, ident, dt.datetime(year, 12, 1, tzinfo=dt.UTC))["CMS130"].status == status


def test_the_dead_have_no_gaps_unless_strict(clinic: Clinic) -> None:
    for dead in (person(deceasedDateTime="2026-02-02"), person(deceasedBoolean=True)):
        ident = clinic.add(OFFICE, patient=dead)
        assert gaps(evaluate(clinic.chart(ident, NOON.date()), NOON)) == []
        assert gaps(evaluate(clinic.chart(ident, NOON.date()), NOON, strict=True))
    ident = clinic.add(patient=person(deceasedDateTime="2026-09-09"))
    assert gaps(evaluate(clinic.chart(ident, NOON.date()), NOON))


def test_resources_about_somebody_else_are_not_used(clinic: Clinic) -> None:
    other = clinic.add()
    mine = clinic.add()
    foreign = image("loinc:24606-6", "2026-01-01") | {
        "id": "foreign", "subject": {"reference": f"Patient/{other}"}, "performer": [{"reference": f"Patient/{mine}"}],
    }  # fmt: skip
    clinic.repository.write_many([foreign])
    assert told(clinic, mine)["CMS125"].status == "due"
    assert told(clinic, other)["CMS125"].status == "satisfied"


def test_a_medicine_kept_elsewhere_is_known_by_its_code(clinic: Clinic) -> None:
    clinic.repository.write_many([made("Medication", id="m1", code={"text": "Rosuvastatin 20 mg tablet"})])
    ascvd = cond("icd:I25.10", "2015-01-01")
    order_ = {k: v for k, v in med("x", "2026-02-01").items() if k != "medicationCodeableConcept"}
    linked = order_ | {"medicationReference": {"reference": "Medication/m1"}}
    inside = order_ | {
        "medicationReference": {"reference": "#a"},
        "contained": [made("Medication", id="a", code={"text": "Simvastatin"})],
    }
    missing = order_ | {"medicationReference": {"reference": "Medication/none"}}
    for given, status in ((linked, "satisfied"), (inside, "satisfied"), (missing, "due")):
        assert clinic.judge("CMS347.1", ascvd, given).status == status


def test_what_has_no_date_is_dated_by_its_visit_unless_strict(clinic: Clinic) -> None:
    """Hospital records often date a diagnosis by its encounter alone."""
    ident = clinic.add(
        OFFICE | {"id": "dating-1", "period": {"start": "2025-12-30"}}, OFFICE,
        cond("icd:E11.9", None, state=None, kind="diagnosis", encounter={"reference": "Encounter/dating-1"}),
        proc("sct:73761001", None, encounter={"reference": "Encounter/dating-1"}),
    )  # fmt: skip
    found = told(clinic, ident)
    assert found["CMS951"].status == "due"  # diabetes before the year
    assert (found["CMS130"].status, str(found["CMS130"].last_performed)) == ("satisfied", "2025-12-30")
    before = told(clinic, ident, dt.datetime(2025, 6, 1, tzinfo=dt.UTC))
    assert (before["CMS122"].status, before["CMS130"].status) == (
        "not-eligible",
        "due",
    )  # the visit is still ahead
    assert told(clinic, ident, strict=True)["CMS122"].status == "cannot-judge"


def test_an_undated_pregnancy_excludes_nobody_unless_strict(clinic: Clinic) -> None:
    found = told(clinic, clinic.add(cond("sct:77386006", None)))
    assert found["CMS69"].status == "due" and found["USPSTF.pregnancy-hiv"].status == "not-eligible"


def test_vague_dates_are_not_taken_for_sure(clinic: Clinic) -> None:
    """2016 is wholly outside, 2017 wholly inside; a period's start without its end is dated by its start."""
    ident = clinic.add(proc("sct:73761001", None, performedString="some years ago"))
    assert told(clinic, ident)["CMS130"].status == "cannot-judge"
    assert told(clinic, clinic.add(image("loinc:24606-6", "2024")))["CMS125"].status == "cannot-judge"
    assert told(clinic, clinic.add(image("loinc:24606-6", "2024-10")))["CMS125"].status == "satisfied"
    assert told(clinic, clinic.add(image("loinc:24606-6", "2024-09")))["CMS125"].status == "due"


def test_reasons_carry_what_a_clinician_needs(clinic: Clinic) -> None:
    ident = clinic.add(
        cond("icd:I10", "2015-01-01"), bp("2026-05-05", 152, 80), order("sct:73761001", "2026-04-04", "revoked"),
        declined(shot("140", "2025-11-11")), obs("loinc:44261-6", "2026-02-02", 4, "{score}"),
    )  # fmt: skip
    found = told(clinic, ident)
    assert "152/80 mmHg of 05-May-2026, isn't below 140/90" in found["CMS165"].reason
    assert "ordered on 04-Apr-2026 (revoked)" in found["CMS130"].reason
    assert "declined on 11-Nov-2025" in found["ACIP.influenza"].reason
    assert found["CMS2"].reason == "Done: 44261-6 4 score on 02-Feb-2026; due again from 01-Jan-2027."


def test_rules_name_known_sets_and_kinds_and_no_set_is_idle() -> None:
    names = value_sets().names
    used: set[str] = set()
    for rule in RULES:
        assert rule.source and rule.version and rule.recommendation.endswith(".")
        parts = [rule.eligible, rule.met, *filter(None, [rule.visits])]
        for criterion in (*parts, *(n.of for n in (*rule.exclusions, *rule.exceptions, *rule.doubts))):
            assert criterion.words
            for leaf in leaves(criterion):
                if isinstance(leaf, Event):
                    assert set(leaf.sets) <= names, leaf
                    assert set(leaf.kinds + leaf.also) <= set(KINDS), leaf
                    used |= set(leaf.sets)
        assert set(rule.refusable) <= names
    page = PAGE.read_text(encoding="utf-8")
    answers = {n for n in names if n not in used and n not in page}
    # Read inside code: reasons, sides, and what a measure's arm looks up by itself.
    assert answers <= {"declined", "medical-reason", "hospice-discharge", "side-right", "side-left", "side-both", "visit-inpatient",
                       "visit-emergency", "systolic", "diastolic", "phq9", "phq9-adolescent", "phq2", "epds", "tobacco-user", "tobacco-nonuser",
                       "former-smoker", "depression-negative", "depression-positive", "depression-followup", "depression-referral",
                       "antidepressant", "depression-asked", "long-term-adt", "androgen-deprivation", "prostate-cancer", "x-ray",
                       "isotretinoin", "pregnancy", "bipolar", "viral-suppressed", "pack-years", "due-date"}  # fmt: skip


def test_the_page_tells_the_rules_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page


def test_lenient_and_strict_agree_on_a_record_made_for_reporting(clinic: Clinic) -> None:
    ident = clinic.add(
        OFFICE, image("loinc:24606-6", "2026-01-01"), obs("loinc:10524-7", "2025-01-01", "normal"), proc("sct:73761001", "2020-01-01"),
    )  # fmt: skip
    lenient, strict = told(clinic, ident), told(clinic, ident, strict=True)
    for rule in ("CMS130", "CMS125", "CMS124", "CMS69", "CMS349"):
        assert lenient[rule].status == strict[rule].status
