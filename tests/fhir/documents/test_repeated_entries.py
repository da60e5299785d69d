"""Problems, medicines and allergies that several documents tell of: one entry, one resource; what differs stays apart."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from services.fhir.importing.importer import Importer, Report
from services.fhir.importing.preparing import Choice
from services.fhir.importing.preview import preview
from services.fhir.sqlite import SQLiteRepository
from tests.fhir.documents import samples as s
from tests.fhir.documents.test_clinical_documents import PATIENT_ID, Take, of, replacing, take

__all__ = ["take"]
JOINED = ("AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement")
ASTHMA, COPD = ("195967001", "Asthma"), ("13645005", "Chronic obstructive lung disease")
LATER, EARLIER = "20250305093000-0500", "20230305093000-0500"


def problem(extension: str, what: tuple[str, str] = ASTHMA, when: str = '<low value="2011"/>', state: str = "") -> str:
    told = s.within("REFR", s.observation("", s.code("33999-4", s.LOINC), s.coded("413322009", "Resolved"))) if state else ""
    return s.concern(f"{extension}c", s.observation(
        extension, s.code("55607006", s.SNOMED), f"<effectiveTime>{when}</effectiveTime>{s.coded(*what)}{told}"))  # fmt: skip


def problems(own: str, *entries: str, **more: str) -> bytes:
    return s.document(s.section("11450-4", "Problems", "", *entries), own=own, **more)


def medicines(own: str, *entries: str) -> bytes:
    return s.document(s.section("10160-0", "Medications", "", *entries), own=own)


def metformin(extension: str, dose: str = "500", since: str = "20140502", drug: str = "860975") -> str:
    return s.medicine(extension, f'<effectiveTime xsi:type="IVL_TS"><low value="{since}"/></effectiveTime><doseQuantity value="{dose}" unit="mg"/>',
                      s.code(drug, s.RXNORM, "metformin"))  # fmt: skip


def conditions(repository: SQLiteRepository) -> list[dict[str, Any]]:
    return of(repository, "Condition")


def test_a_second_document_of_the_same_says_so_before_and_after(repository: SQLiteRepository, take: Take, tmp_path: Path) -> None:
    take(s.document())
    before = {(r["resourceType"], r["id"], r["meta"]["versionId"]) for kind in JOINED for r in of(repository, kind)}
    path = tmp_path / "other.xml"
    path.write_bytes(s.document(own="D9", time=LATER))
    told = preview(Importer(repository, repository.database), repository, path, Choice())
    report = take(path.read_bytes(), "other.xml")
    for counts in (told, report):
        assert {k: counts.unchanged[k] for k in JOINED} == {
            "AllergyIntolerance": 1, "Condition": 2, "MedicationRequest": 1, "MedicationStatement": 2,
        }  # fmt: skip
        assert counts.created["Condition"] == 1  # the diagnosis of the visit
    after = {(r["resourceType"], r["id"], r["meta"]["versionId"]) for kind in JOINED for r in of(repository, kind)}
    assert before < after and len(after - before) == 1
    second = next(d for d in of(repository, "DocumentReference") if d["masterIdentifier"]["value"] == "D9")
    assert len(second["context"]["related"]) == 6
    assert take(path.read_bytes(), "other.xml").stored == 0


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (problem("p1"), problem("q1"), 1),  # another number, the same said of it
        (problem("p1"), problem("q1", COPD), 2),
        (problem("p1"), problem("p1", COPD), 2),  # the same number of another code
        (problem("p1"), problem("q1", when='<low value="2012"/>'), 2),
        (problem("p1"), problem("q1", state="resolved"), 2),
        (problem("p1", when=""), problem("q1", when=""), 1),
        (problem("p1", when="", state="resolved"), problem("q1", when="", state="resolved"), 2),  # perhaps two episodes
    ],
)
def test_problems(repository: SQLiteRepository, take: Take, first: str, second: str, count: int) -> None:
    take(problems("D1", first))
    take(problems("D2", second, time=LATER))
    assert len(conditions(repository)) == count


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (metformin("n1"), 1),
        (metformin("n1", dose="850"), 2),
        (metformin("n1", since="20160101"), 2),
        (metformin("n1", drug="861007"), 2),
        (metformin("m1", drug="861007"), 2),
    ],
)
def test_medicines(repository: SQLiteRepository, take: Take, second: str, count: int) -> None:
    take(medicines("D1", metformin("m1")))
    take(medicines("D2", second))
    assert len(of(repository, "MedicationStatement")) == count


def test_two_of_a_kind_in_one_document_stay_two(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1")))
    take(problems("D2", problem("q1"), problem("q2"), time=LATER))
    assert len(conditions(repository)) == 2


def test_a_number_that_was_given_twice_tells_nothing(repository: SQLiteRepository, take: Take) -> None:
    take(medicines("D1", metformin("m1")))
    take(medicines("D2", metformin("m1", dose="850"), metformin("m1", dose="1000")))
    doses = {m["dosage"][0]["doseAndRate"][0]["doseQuantity"]["value"] for m in of(repository, "MedicationStatement")}
    assert doses == {500, 850, 1000}


def test_a_later_document_tells_what_became_of_it(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1")))
    report = take(problems("D2", problem("p1", state="resolved"), time=LATER))
    assert dict(report.updated) == {"Condition": 1} and not report.notes
    [held] = conditions(repository)
    assert held["clinicalStatus"]["coding"][0]["code"] == "resolved" and held["meta"]["source"].endswith(":D2")
    again = take(problems("D1", problem("p1")))
    assert dict(again.updated) == {"DocumentReference": 1} and conditions(repository) == [held]  # it tells of it too
    assert "as a later document tells it" in again.notes[0].reason


def test_an_earlier_document_changes_nothing(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1", state="resolved")))
    [held] = conditions(repository)
    report = take(problems("D2", problem("p1"), time=EARLIER))
    assert conditions(repository) == [held] and report.unchanged["Condition"] == 1
    assert "as a later document tells it" in report.notes[0].reason and report.notes[0].what == "Asthma"


def test_what_a_person_changed_in_the_record_stays(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1")))
    [held] = conditions(repository)
    wrong = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "entered-in-error"}]}
    held = {k: v for k, v in held.items() if k != "clinicalStatus"} | {"verificationStatus": wrong}
    time.sleep(0.005)  # times are kept in milliseconds: nobody changes what was imported within the same one
    repository.update(held, author="Practitioner/x")
    report = take(problems("D2", problem("p1"), time=LATER))
    [kept] = conditions(repository)
    assert kept["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
    assert "changed there: it stays as it is" in report.notes[0].reason


def test_never_with_another_patients(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1")))
    other = s.PATIENT.replace("7700412", "7700413").replace("999-44-1234", "999-44-9999")
    take(problems("D2", problem("p1"), time=LATER, patient=other))
    assert len({c["subject"]["reference"] for c in conditions(repository)}) == 2


def test_what_another_document_tells_too_does_not_go_with_a_version(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D1", problem("p1"), problem("p2", COPD)))
    take(problems("D2", problem("q1"), time=LATER))
    report = take(problems("D3", problem("p9", ("38341003", "Hypertensive disorder")), head=replacing("D1")))
    assert dict(report.removed) == {"Condition": 1}
    assert {c["code"]["text"] for c in conditions(repository)} == {"Asthma", "Hypertensive disorder"}


def test_what_the_record_has_from_elsewhere_is_there_already(repository: SQLiteRepository, take: Take) -> None:
    take(problems("D0"))
    own = {
        "resourceType": "Condition", "id": "ours", "subject": {"reference": f"Patient/{PATIENT_ID}"}, "onsetDateTime": "2011",
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category", "code": "problem-list-item"}]}],
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": ASTHMA[0]}], "text": "Asthma since school"},
    }  # fmt: skip
    repository.update(own, create_missing=True, author="System/test")
    report: Report = take(problems("D1", problem("p1")))
    assert [c["id"] for c in conditions(repository)] == ["ours"] and report.unchanged["Condition"] == 1
