"""The bot's contract, what findings propose, and how they are kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.bots.clinical_decision_support.analysis import analyse
from services.bots.clinical_decision_support.proposing import commands
from services.bots.clinical_decision_support.store import FindingStore
from services.chart.chart import Charts
from services.commands.schemas import read_command
from services.fhir.sqlite import SQLiteRepository
from services.index.owner import Owner
from services.runtime.analyst import Analyst
from tests.bots.cds.world import NOW, allergy, analysed, drug, patient, problem, result

BOT = "/fhir/R4/Bot/cee8c207-bd20-42c3-aaf4-0055c1f90853/$execute"
TODAY = NOW.date()
HIGH = ("2823-3", "Potassium", 6.8, "mmol/L")


def test_the_contracts_output(api: TestClient, admin: dict[str, str]) -> None:
    answer = api.post(BOT, json={"patientId": "p1", "analysisTypes": ["all"]}, headers=admin)
    assert answer.status_code == 200
    body = answer.json()
    assert body["success"] is True and 0 <= body["overallConfidence"] <= 1
    assert {
        "diagnosisSuggestions",
        "medicationInteractions",
        "preventiveCareGaps",
        "criticalFlags",
        "preventiveRules",
    } <= set(body)
    for gap in body["preventiveCareGaps"]:
        assert gap["screening"] and gap["dueDate"] and gap["recommendation"]
    assert {r["status"] for r in body["preventiveRules"]} <= {
        "due",
        "overdue",
        "satisfied",
        "excluded",
        "not-eligible",
        "cannot-judge",
    }
    only = api.post(BOT, json={"patientId": "p1", "analysisTypes": ["critical"]}, headers=admin).json()
    assert "criticalFlags" in only and "preventiveCareGaps" not in only
    again = api.post(BOT, json={"patientId": "p1", "analysisTypes": ["all"]}, headers=admin).json()
    assert again == body


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"analysisTypes": ["all"]}, "patientId"), ({"patientId": "p1"}, "analysisTypes"), ({"patientId": "p1", "analysisTypes": []}, "analysisTypes"),
     ({"patientId": "p1", "analysisTypes": ["magic"]}, "analysisTypes"), ({"patientId": "p1", "analysisTypes": ["all"], "asOf": "soon"}, "asOf")],
)  # fmt: skip
def test_bad_input_names_its_field(api: TestClient, admin: dict[str, str], sent: Any, field: str) -> None:
    answer = api.post(BOT, json=sent, headers=admin)
    assert answer.status_code == 400 and answer.json()["errorCode"] == "INVALID_INPUT"
    assert answer.json()["details"][0]["field"].startswith(field)


def test_whom_it_is_about(api: TestClient, admin: dict[str, str]) -> None:
    assert (
        api.post(BOT, json={"patientId": "x", "analysisTypes": ["all"]}, headers=admin).json()["errorCode"]
        == "PATIENT_NOT_FOUND"
    )
    sent = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": "Patient/p1"},
    }
    assert api.post(BOT, json=sent, headers=admin).json()["success"] is True
    nobody = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    assert api.post(BOT, json=nobody, headers=admin).json()["errorCode"] == "INVALID_INPUT"


def test_findings_propose_what_they_call_for(repository: SQLiteRepository) -> None:
    found = analysed(repository, result(*HIGH), drug("Amoxicillin 500 mg capsule"), allergy("Penicillin"), drug("Warfarin 5 mg tablet"),
                     drug("Aspirin 325 mg tablet")).findings  # fmt: skip
    sent = [read_command(c) for c in commands(found, "p")]
    assert sorted(c.kind for c in sent) == ["FlagAbnormalResult", "SuggestMedicationChange"]
    assert len({c.command_id for c in sent}) == len(sent)
    again = [
        read_command(c)
        for c in commands(analyse(repository, Charts(), "p", ("critical", "interactions"), NOW).findings, "p")
    ]
    assert [c.command_id for c in again] == [c.command_id for c in sent]
    repository.write_many([result(*HIGH, identity="another")])
    later = analyse(repository, Charts(), "p", ("critical",), NOW).findings
    assert not {c["commandId"] for c in commands(later, "p")} & {
        c.command_id for c in sent if c.kind == "FlagAbnormalResult"
    }


def test_the_dead_have_no_findings(repository: SQLiteRepository) -> None:
    found = analysed(
        repository, patient(deceasedBoolean=True), result(*HIGH), kinds=("critical", "preventive")
    )
    assert found.findings == () and found.confidence == 1.0


def test_who_died_later_was_alive(repository: SQLiteRepository) -> None:
    later = patient(deceasedDateTime=(TODAY + dt.timedelta(days=1)).isoformat())
    assert analysed(repository, later, result(*HIGH), kinds=("critical",)).findings
    died = patient(deceasedDateTime=TODAY.isoformat())
    assert not analysed(repository, died, result(*HIGH), kinds=("critical",)).findings


def test_what_cannot_be_judged_lowers_the_confidence(repository: SQLiteRepository) -> None:
    assert analysed(repository, result("2823-3", "Potassium", 6.8, "furlong")).confidence == 0.5


def kept(store: FindingStore) -> dict[str, str]:
    return {k.finding.rule: k.decision for k in store.of("p", TODAY)}


def test_a_dismissed_finding_comes_back_with_new_evidence(repository: SQLiteRepository) -> None:
    store = FindingStore(repository.database)
    found = analysed(repository, result(*HIGH, identity="k"), problem("I10", "Hypertension")).findings
    store.keep("p", found, 1.0)
    [flag] = [f for f in found if f.kind == "critical"]
    assert store.decide("p", flag.key, flag.state, "dismissed", "Known", "", "Dr A", 2.0)
    store.keep("p", analyse(repository, Charts(), "p", ("critical",), NOW).findings, 3.0)
    assert kept(store) == {"critical-result": "dismissed"}
    assert store.worklist(TODAY, ("critical",), ("critical",), 10) == []
    repository.write_many([result("2823-3", "Potassium", 6.9, "mmol/L", identity="k")])
    changed = analyse(repository, Charts(), "p", ("critical",), NOW).findings
    store.keep("p", changed, 4.0)
    assert kept(store) == {"critical-result": ""}
    assert len(store.worklist(TODAY, ("critical",), ("critical",), 10)) == 1
    assert not store.decide("p", flag.key, flag.state, "dismissed", "Known", "", "Dr A", 5.0)
    assert store.overrides() == {"critical-result": (1, 1)}
    store.keep("p", [], 6.0)
    assert kept(store) == {}


def test_a_snoozed_finding_comes_back_on_its_day(repository: SQLiteRepository) -> None:
    store = FindingStore(repository.database)
    [flag] = analysed(repository, result(*HIGH), kinds=("critical",)).findings
    store.keep("p", [flag], 1.0)
    until = (TODAY + dt.timedelta(days=7)).isoformat()
    store.decide("p", flag.key, flag.state, "snoozed", "", until, "Dr A", 2.0)
    assert store.worklist(TODAY, ("critical",), ("critical",), 10) == []
    assert len(store.worklist(TODAY + dt.timedelta(days=7), ("critical",), ("critical",), 10)) == 1


def test_the_analyst_follows_the_log(repository: SQLiteRepository, tmp_path: Any) -> None:
    store = FindingStore(repository.database)
    analyst = Analyst(repository, Charts(), store, Owner(tmp_path))
    day = dt.datetime.now(dt.UTC).date().isoformat()
    repository.write_many([patient(), result(*HIGH, day, "k"), {**patient(), "id": "q"}])
    assert analyst.step() == 2 and analyst.step() is None
    assert "critical-result" in kept(store)
    repository.update({**result(*HIGH, day, "k"), "status": "entered-in-error"})
    assert analyst.step() == 1
    assert "critical-result" not in kept(store)
    repository.update({**result(*HIGH, day, "k"), "subject": {"reference": "Patient/q"}})
    assert analyst.step() == 2  # whose it was, and whose it is
    repository.delete("Patient", "p")
    analyst.step()
    assert kept(store) == {}
