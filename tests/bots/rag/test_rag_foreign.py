"""Questions over a record as hospital systems export it: local codes, shifted years, stays, single doses, cultures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle

AS_OF = "2181-09-20T18:00:00-05:00"
ZONE = "-05:00"
Ask = Callable[..., dict]


def of(kind: str, name: str, identity: str, **more: Any) -> dict:
    """A resource of the patient with a local code only."""
    code = {"coding": [{"system": "http://ward.example/items", "code": identity.upper(), "display": name}]}
    return {
        "resourceType": kind,
        "id": identity,
        "subject": {"reference": "Patient/p1"},
        "code": code,
        **more,
    }


def measured(
    identity: str, name: str, value: float, unit: str, at: str, category: str = "laboratory", **more: Any
) -> dict:
    return of(
        "Observation", name, identity, status="final", category=[{"coding": [{"code": category}]}], effectiveDateTime=at + ZONE,
        valueQuantity={"value": value, "unit": unit}, **more,
    )  # fmt: skip


def micro(identity: str, name: str, at: str, **more: Any) -> dict:
    return of("Observation", name, identity, status="final", effectiveDateTime=at + ZONE, **more)


def visit(identity: str, symbol: str, start: str, end: str | None, **more: Any) -> dict:
    period = {"start": start + ZONE} | ({"end": end + ZONE} if end else {})
    return {
        "resourceType": "Encounter", "id": identity, "status": "finished" if end else "in-progress", "class": {"code": symbol},
        "subject": {"reference": "Patient/p1"}, "period": period, **more,
    }  # fmt: skip


def unit(number: int, start: str, end: str) -> dict:
    return {
        "location": {"reference": f"Location/u{number}"},
        "period": {"start": start + ZONE, "end": end + ZONE},
    }


def order(
    identity: str, name: str, at: str, route: str, status: str = "completed", end: str | None = None
) -> dict:
    valid = {"dispenseRequest": {"validityPeriod": {"start": at + ZONE, "end": end + ZONE}}} if end else {}
    dose = {
        "route": {"coding": [{"code": route}]},
        "doseAndRate": [{"doseQuantity": {"value": 2, "unit": "g"}}],
    }
    return {
        "resourceType": "MedicationRequest", "id": identity, "status": status, "intent": "order", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": name}, "authoredOn": at + ZONE, "dosageInstruction": [dose], **valid,
    }  # fmt: skip


def given(identity: str, name: str, at: str, amount: float, unit: str) -> dict:
    return {
        "resourceType": "MedicationAdministration", "id": identity, "status": "completed", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": name}, "effectiveDateTime": at + ZONE, "dosage": {"dose": {"value": amount, "unit": unit}},
    }  # fmt: skip


def diagnosis(identity: str, name: str, encounter: str) -> dict:
    return of("Condition", name, identity, encounter={"reference": f"Encounter/{encounter}"})


def code(text: str) -> dict:
    return {"coding": [{"code": text}]}


RECORD: list[dict] = [
    {"resourceType": "Patient", "id": "p1", "identifier": [{"value": "77120045"}], "name": [{"family": "Okafor12", "given": ["Ngozi34"]}],
     "birthDate": "2120-02-01", "gender": "female", "maritalStatus": code("D"), "communication": [{"language": code("es")}],
     "contact": [{"name": {"text": "Uche Okafor"}, "relationship": [{"text": "brother"}]}]},
    {"resourceType": "Location", "id": "u1", "name": "Surgical Ward"},
    {"resourceType": "Location", "id": "u2", "name": "Cardiac Intensive Care Unit (CICU)"},
    visit("s1", "IMP", "2179-03-04T09:00:00", "2179-03-09T15:30:00", hospitalization={"dischargeDisposition": code("HOME HEALTH CARE")}),
    visit("e2", "EMER", "2181-09-15T02:00:00", "2181-09-15T06:40:00"),
    visit("s2", "IMP", "2181-09-15T06:40:00", None, hospitalization={"admitSource": code("EMERGENCY ROOM")},
          location=[unit(2, "2181-09-15T06:40:00", "2181-09-17T10:00:00"), unit(1, "2181-09-17T10:00:00", "2181-09-20T18:00:00")]),
    visit("c1", "AMB", "2180-05-02T10:00:00", "2180-05-02T10:20:00", type=[{"text": "General examination of patient (procedure)"}]),
    diagnosis("d1", "Acute appendicitis", "s1"),
    diagnosis("d2", "Pneumonia, organism unspecified", "s2"),
    measured("k1", "Potassium", 4.0, "mEq/L", "2179-03-04T10:00:00"),
    measured("k2", "Potassium", 4.9, "mEq/L", "2179-03-08T10:00:00"),
    measured("k3", "Potassium", 5.6, "mEq/L", "2181-09-15T03:00:00"),
    measured("k4", "Potassium", 3.6, "mEq/L", "2181-09-19T07:00:00"),
    measured("k5", "Potassium", 3.3, "mEq/L", "2181-09-20T07:00:00"),
    measured("sys", "Non Invasive Blood Pressure systolic", 118, "mmHg", "2181-09-20T08:00:00", "vital-signs"),
    measured("dia", "Non Invasive Blood Pressure diastolic", 64, "mmHg", "2181-09-20T08:00:00", "vital-signs"),
    measured("map", "Non Invasive Blood Pressure mean", 82, "mmHg", "2181-09-20T08:00:00", "vital-signs"),
    measured("o1", "Foley", 120, "mL", "2181-09-19T06:00:00", "output"),
    measured("o2", "Foley", 230, "mL", "2181-09-19T18:00:00", "output"),
    measured("o3", "Foley", 90, "mL", "2181-09-20T06:00:00", "output"),
    given("f1", "NaCl 0.9%", "2181-09-19T08:00:00", 500, "mL"),
    given("f2", "NaCl 0.9%", "2181-09-19T20:00:00", 750, "mL"),
    order("m1", "Ceftriaxone", "2181-09-15T05:00:00", "IV", end="2181-09-18T05:00:00"),
    given("m1a", "Ceftriaxone", "2181-09-15T05:40:00", 2, "g"),
    given("m1b", "Ceftriaxone", "2181-09-16T05:30:00", 2, "g"),
    order("m2", "Enoxaparin", "2181-09-16T09:00:00", "SC", "active"),
    order("m3", "Cefazolin", "2179-03-04T11:00:00", "IV", end="2179-03-05T11:00:00"),
    order("m4", "Oxycodone", "2179-03-07T11:00:00", "PO", end="2179-03-09T11:00:00"),
    of("Procedure", "Laparoscopic appendectomy", "ap", status="completed", performedDateTime="2179-03-04T13:00:00-05:00"),
    of("Procedure", "Drainage of Right Pleural Cavity, Percutaneous Approach", "t1", status="completed", performedDateTime="2181-09-16T13:00:00-05:00"),
    of("Procedure", "Drainage of Right Pleural Cavity, Percutaneous Approach", "t2", status="completed", performedDateTime="2181-09-18T13:00:00-05:00"),
    micro("drug1", "VANCOMYCIN", "2181-09-15T04:00:00", valueCodeableConcept=code("S")),
    micro("drug2", "OXACILLIN", "2181-09-15T04:00:00", valueCodeableConcept=code("R")),
    micro("bug", "STAPH AUREUS COAG +", "2181-09-15T04:00:00", valueString="STAPH AUREUS COAG +",
          hasMember=[{"reference": "Observation/drug1"}, {"reference": "Observation/drug2"}]),
    {"resourceType": "Specimen", "id": "sp", "subject": {"reference": "Patient/p1"}, "type": {"text": "SPUTUM"},
     "collection": {"collectedDateTime": "2181-09-15T04:00:00-05:00"}},
    micro("cult", "RESPIRATORY CULTURE", "2181-09-15T04:00:00", specimen={"reference": "Specimen/sp"}, hasMember=[{"reference": "Observation/bug"}]),
    micro("neg", "URINE CULTURE", "2181-09-15T04:10:00", valueString="NO GROWTH."),
    {"resourceType": "DiagnosticReport", "id": "ct", "status": "final", "subject": {"reference": "Patient/p1"}, "code": {"text": "CT CHEST WITHOUT CONTRAST"},
     "effectiveDateTime": "2181-09-15T07:00:00-05:00", "conclusion": "Dense consolidation of the right lower lobe. No pneumothorax.",
     "imagingStudy": [{"reference": "ImagingStudy/cts"}]},
    {"resourceType": "ImagingStudy", "id": "cts", "status": "available", "subject": {"reference": "Patient/p1"}, "started": "2181-09-15T07:00:00-05:00",
     "description": "CT CHEST WITHOUT CONTRAST"},
    {"resourceType": "CarePlan", "id": "cp1", "status": "active", "intent": "plan", "subject": {"reference": "Patient/p1"}, "period": {"start": "2180-05-02"},
     "category": [{"text": "Hypertension self management"}], "activity": [{"detail": {"status": "in-progress", "code": {"text": "Low salt diet"}}}]},
    {"resourceType": "CarePlan", "id": "cp2", "status": "completed", "intent": "plan", "subject": {"reference": "Patient/p1"},
     "period": {"start": "2179-03-10", "end": "2179-05-01"}, "category": [{"text": "Wound care"}]},
    {"resourceType": "Coverage", "id": "cov", "status": "active", "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": "Medicaid"}],
     "type": {"text": "Medicaid managed care"}},
    {"resourceType": "Device", "id": "dev", "status": "active", "patient": {"reference": "Patient/p1"}, "type": {"text": "Home nebulizer"}},
]  # fmt: skip


@pytest.fixture(scope="module")
def ask(stand: Callable[[list[dict]], Context]) -> Ask:
    context = stand(RECORD)
    return lambda question, **more: handle(
        context, {"question": question, "patientId": "p1", "asOf": AS_OF, **more}
    ).wire()


def sources(answer: dict) -> set[str]:
    return {i["source"].split("/")[1] for i in (answer["result"] or {}).get("items", [])}


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("highest potassium of the first hospital stay", 4.9),
        ("What was the first potassium of this admission?", 5.6),  # drawn in the emergency department before it
        ("second potassium of the current hospitalization", 3.6),
        ("last K in the March 2179 admission", 4.9),
        ("potassium at the end of the admission for appendicitis", 4.9),
        ("how many admissions since 2180", 1),
        ("how many days was she in hospital during the first stay", 5),
        ("how old was she at the first admission", 59),
        ("total Foley output yesterday", 350),
        ("how much NaCl 0.9% did she get yesterday in total?", 1250),
        ("total fluid intake on 2181-09-19", 1250),
        ("how many doses of ceftriaxone were given in this stay", 2),
        ("How many days since the last prescription of cefazolin?", 931),
        ("how many days after admission was the appendectomy in 2179?", 0),
        ("how many drugs were prescribed in the first stay", 2),
        ("number of check-ups since 2179", 1),
        ("lowest MAP today", 82),
        ("average potassium over the past 36 hours", 3.45),
        ("how many times was potassium above 4.5 in this stay", 1),
        ("potassium 1 day ago", 3.6),
        ("how many cultures were sent this admission", 2),
        ("number of chest CTs in 2181", 1),
    ],
)  # fmt: skip
def test_numbers_of_stays_series_and_sums(ask: Ask, question: str, value: float) -> None:
    answer = ask(question)
    assert answer["answered"], answer["answer"]
    assert answer["result"]["type"] == "number" and answer["result"]["value"] == pytest.approx(value), answer[
        "answer"
    ]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("discharge disposition of the first admission", "HOME HEALTH CARE"),
        ("where was she admitted from this time in 2181?", "EMERGENCY ROOM"),
        ("which unit was she in first during the current stay?", "Cardiac Intensive Care Unit"),
        ("route of the first ceftriaxone order", "IV"),
        ("what grew in the sputum culture", "STAPH AUREUS"),
        ("marital status?", "divorced"),
        ("what language does she speak", "Spanish"),
        ("what insurance does she have", "Medicaid"),
        ("who is the emergency contact", "Uche Okafor"),
        ("last blood pressure", "118/64"),
        ("what activities are in the hypertension plan?", "Low salt diet"),
        ("what did the chest CT show", "consolidation"),
    ],
)
def test_words_of_stays_cultures_and_the_person(ask: Ask, question: str, words: str) -> None:
    answer = ask(question)
    assert answer["answered"], answer["answer"]
    assert answer["result"]["type"] == "text" and words in answer["result"]["value"], answer["answer"]


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("was she in the CICU in 2181", True),
        ("was she in the CICU in 2179", False),
        ("has potassium been checked since 2182", False),
        ("was there a hospital stay in 2180", False),
        ("is the staph sensitive to vancomycin", True),
        ("is it resistant to vancomycin", False),
        ("any microbiology test in 2179?", False),
        ("any pneumothorax on the CT?", False),
        ("any consolidation on the chest CT?", True),
        ("is she still on ceftriaxone", False),
        ("is she still on enoxaparin", True),
        ("is the wound care plan still active", False),
        ("is she divorced", True),
        ("was she ever diagnosed with appendicitis in 2179", True),
        ("has a troponin been sent", False),
        ("does she have any devices like a nebulizer", True),
    ],
)
def test_yes_and_no_of_the_record(ask: Ask, question: str, truth: bool) -> None:
    answer = ask(question)
    assert answer["answered"], answer["answer"]
    assert answer["result"] == {"type": "boolean", "value": truth}, answer["answer"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("list everything prescribed during the first stay", {"m3", "m4"}),
        ("current medications", {"m2"}),
        ("which drugs were ordered IV in the first stay", {"m3"}),
        ("which drugs were ordered within 2 days after the appendectomy", {"m3"}),
        ("what was she diagnosed with at the last admission", {"d2"}),
        ("what procedure was done two or more times since 2180", {"t2"}),
        ("what was done during the first stay?", {"ap"}),
        ("which antibiotics was it resistant to", {"drug2"}),
        ("which specimens were collected in September 2181", {"sp"}),
        ("what are the current care plans", {"cp1"}),
        ("all potassium values of the second hospital stay", {"k3", "k4", "k5"}),
    ],
)
def test_lists_of_a_stay(ask: Ask, question: str, wanted: set[str]) -> None:
    answer = ask(question)
    assert answer["answered"] and sources(answer) == wanted, answer["answer"]


@pytest.mark.parametrize(
    ("question", "moment"),
    [
        ("when was she discharged from the first admission", "2179-03-09"),
        ("what time was she discharged from the first admission", "2179-03-09T15:30:00-05:00"),
        ("what time was the first potassium of this stay drawn", "2181-09-15T03:00:00-05:00"),
        ("at what time was the first dose of ceftriaxone given", "2181-09-15T05:40:00-05:00"),
        ("when did the ceftriaxone stop", "2181-09-18"),
        ("when was the pleural effusion last drained", "2181-09-18"),
        ("when was pneumonia diagnosed", "2181-09-15"),
    ],
)
def test_days_and_times(ask: Ask, question: str, moment: str) -> None:
    answer = ask(question)
    assert answer["answered"] and answer["result"] == {"type": "date", "value": moment}, answer["answer"]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("difference between the last and the second-to-last potassium", 3.6, 3.3),
        ("potassium at the end of the first stay vs now", 4.9, 3.3),
        ("Is the potassium at the last admission lower than at the first?", 3.3, 4.9),
    ],
)
def test_comparisons_by_place_in_the_row(ask: Ask, question: str, first: float, second: float) -> None:
    answer = ask(question)
    assert answer["answered"] and answer["result"]["type"] == "comparison", answer["answer"]
    assert [answer["result"]["value"][k]["value"] for k in ("first", "second")] == [first, second]


@pytest.mark.parametrize(
    "question",
    ["last potassium of patient 77120045", "Ngozi's last potassium", "What is Mrs Okafor's latest potassium?", "latest potassium of Ngozi Okafor"],
)  # fmt: skip
def test_the_patients_own_name_is_the_patient(ask: Ask, question: str) -> None:
    assert ask(question)["result"]["value"] == 3.3


@pytest.mark.parametrize(
    "question",
    [
        "last potassium of patient 99999999",
        "What is John Harper's latest potassium?",
        "how old is the patient's husband?",
        "would be best for her pneumonia: which drug?",
        "is she a good candidate for surgery",
        "weight on the day of the hip replacement",
        "who was the surgeon of the appendectomy",
        "what is the target potassium agreed with her",
        "when is her next tetanus shot due",
    ],
)
def test_what_is_somebody_elses_or_not_there_is_refused(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert not answer["answered"], answer["answer"]


def test_a_change_is_told_in_the_order_of_time(ask: Ask) -> None:
    answer = ask("compare the potassium now with the end of the first stay")
    assert answer["result"]["value"]["first"]["value"] == 3.3
    assert "fell by 1.6" in answer["answer"] and answer["answer"].index("4.9") < answer["answer"].index("3.3")
