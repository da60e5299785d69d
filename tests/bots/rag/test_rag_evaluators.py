"""What somebody who evaluates from outside asks: a named drug, both ends of a stay, a removed organ, a bound below zero."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.bots.rag_pipeline.whose import _names
from services.knowledge.periods import find_period
from tests.bots.rag.conftest import order
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]
P = {"reference": "Patient/p1"}


def stay(stay_id: str, start: str, end: str, reason: str) -> dict:
    return {"resourceType": "Encounter", "id": stay_id, "status": "finished", "class": {"code": "IMP"}, "subject": P,
            "period": {"start": start, "end": end}, "reasonCode": [{"text": reason}]}  # fmt: skip


def procedure(procedure_id: str, text: str, day: str) -> dict:
    return {"resourceType": "Procedure", "id": procedure_id, "status": "completed", "subject": P, "code": {"text": text}, "performedDateTime": day}


def report(report_id: str, text: str, day: str, conclusion: str) -> dict:
    return {"resourceType": "DiagnosticReport", "id": report_id, "status": "final", "subject": P, "code": {"text": text},
            "effectiveDateTime": day, "conclusion": conclusion}  # fmt: skip


def flu(day: str) -> dict:
    return {"resourceType": "Immunization", "id": f"flu-{day}", "status": "completed", "patient": P, "vaccineCode": {"text": "Influenza vaccine"},
            "occurrenceDateTime": day}  # fmt: skip


RECORD: list[dict] = [
    patient() | {"name": [{"family": "Nguyễn", "given": ["Hiền"]}], "birthDate": "1960-04-02"},
    stay("one", "2024-02-01T08:00:00Z", "2024-02-05T12:00:00Z", "Acute cholecystitis"),
    stay("two", "2026-01-10T08:00:00Z", "2026-01-14T12:00:00Z", "COPD exacerbation"),
    condition("copd", "COPD") | {"onsetDateTime": "2014-04-22"},
    condition("br1", "Acute bronchitis", status="resolved") | {"onsetDateTime": "2011-12-31", "abatementDateTime": "2012-01-07"},
    condition("br2", "Acute bronchitis", status="resolved") | {"onsetDateTime": "2019-01-01", "abatementDateTime": "2019-01-15"},
    result("k1", "Potassium", "2823-3", 4.8, "mmol/L", "2024-02-01T09:00:00Z"),
    result("k2", "Potassium", "2823-3", 3.5, "mmol/L", "2024-02-05T09:00:00Z"),
    result("k3", "Potassium", "2823-3", 4.1, "mmol/L", "2026-01-10T09:00:00Z"),
    result("k4", "Potassium", "2823-3", 5.2, "mmol/L", "2026-01-14T09:00:00Z"),
    result("w1", "Body weight", "29463-7", 92.4, "kg", "2026-01-10T09:00:00Z"),
    result("w2", "Body weight", "29463-7", 88.1, "kg", "2026-01-14T09:00:00Z"),
    result("w3", "Body weight", "29463-7", 90.9, "kg", "2026-05-14"),
    result("l1", "LDL cholesterol", "13457-7", 148, "mg/dL", "2023-07-01"),
    result("l2", "LDL cholesterol", "13457-7", 71, "mg/dL", "2026-03-12"),
    result("t1", "Total hip bone density T-score", "38263-0", -2.2, "{T-score}", "2026-02-25"),
    *(result(f"b{y}", "Body mass index", "39156-5", v, "kg/m2", f"{y}-01-31") for y, v in ((2014, 24.7), (2016, 25.6), (2020, 28.1))),
    order("ato", "Atorvastatin 40 mg tablet", "83367", "2023-07-01", dose=("1 tablet daily", 40)),
    order("aml", "Amlodipine 5 mg tablet", "17767", "2023-01-01", dose=("1 tablet daily", 5), reasonCode=[{"text": "Hypertension"}]),
    order("dar", "Darbepoetin alfa 40 mcg injection", "283838", "2025-09-03", dosageInstruction=[{"text": "40 mcg under the skin every 4 weeks"}]),
    {"resourceType": "AllergyIntolerance", "id": "ibu", "patient": P, "code": {"text": "Ibuprofen"}, "clinicalStatus": {"coding": [{"code": "active"}]},
     "reaction": [{"manifestation": [{"text": "Gastric bleeding"}]}]},
    procedure("chole", "Laparoscopic cholecystectomy", "2024-02-02"),
    procedure("trans", "Transfusion of Nonautologous Red Blood Cells into Peripheral Vein", "2024-02-03"),
    procedure("epi", "Epidural anesthesia", "2015-08-18"),
    procedure("birth", "Childbirth", "2015-08-18"),
    {"resourceType": "ServiceRequest", "id": "vein", "status": "active", "intent": "order", "subject": P, "code": {"text": "Vein mapping of the left arm"},
     "authoredOn": "2026-06-10"},
    report("angio", "Coronary angiogram", "2025-05-20", "No obstructive coronary artery disease."),
    report("mam", "Screening mammogram", "2024-09-28", "Right breast only, left mastectomy: BI-RADS 2, benign."),
    report("col", "Colonoscopy report", "2020-03-13", "Normal to the caecum. No polyps. Repeat in 10 years."),
    order("war", "Warfarin 5 mg tablet", "11289", "2022-01-20", "stopped", dosageInstruction=[
        {"text": "1 tablet every evening", "timing": {"repeat": {"boundsPeriod": {"start": "2022-01-20", "end": "2026-02-20"}}}}]),
    {"resourceType": "Encounter", "id": "ed", "status": "finished", "class": {"code": "EMER"}, "subject": P,
     "type": [{"text": "Emergency department visit"}], "period": {"start": "2025-05-26T07:00:00Z", "end": "2025-05-26T11:00:00Z"}},
    result("s1", "Systolic blood pressure", "8480-6", 186, "mm[Hg]", "2025-05-26T08:00:00Z"),
    result("s2", "Systolic blood pressure", "8480-6", 128, "mm[Hg]", "2026-06-08"),
    result("p1", "Platelets", "777-3", 146, "10*3/uL", "2026-01-11T09:00:00Z"),
    result("p2", "Platelets", "777-3", 151, "10*3/uL", "2026-01-12T09:00:00Z"),
    condition("arm", "Fracture of forearm", status="resolved") | {"onsetDateTime": "2019-03-04", "abatementDateTime": "2019-06-02"},
    *map(flu, ("2012-05-02", "2013-05-08", "2017-05-31", "2019-05-31")),
    note("n1", "HISTORY:\nDM2 x 3 years on metformin.\n\nPLAN:\nAdd B12 to next labs.\n\nWOUND DRESSING:\n- Leave it on for two days.\n", "2026-05-02"),
    note("n2", "Denies suicidal thoughts.", "2026-06-19"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Does she still have her gallbladder?", False),
        ("Did the patient receive a red blood cell transfusion on the first hospital visit?", True),
        ("Did the coronary angiogram reveal any obstructive coronary disease?", False),
        ("Did the patient have an epidural when she gave birth in August 2015?", True),
        ("suicidal thoughts at the June 2026 visit?", False),
        ("hip T-score below -2.5?", False),
        ("hip T-score below -2?", True),
        ("How many days was she in for the COPD exacerbation?", 4),
        ("How many influenza vaccines were given from 2012 through 2017?", 3),
        ("How many of the patient's potassium results have been below 4?", 1),
        ("after how many years is the colonoscopy to be repeated?", 10),
        ("what day did she first have a BMI past 25", "2016-01-31"),
        ("When was the acute bronchitis of 2019 over?", "2019-01-15"),
        ("How often is the darbepoetin injection given?", "40 mcg under the skin every 4 weeks"),
        ("Why can't she take ibuprofen?", "Gastric bleeding"),
        ("What is amlodipine prescribed for in this patient?", "Hypertension"),
        ("What substance is the patient allergic to?", ["Ibuprofen"]),
        ("When was Mrs Nguyen's colonoscopy?", "2020-03-13"),
        ("Up to which date was she on warfarin?", "2026-02-20"),
        ("How often is she meant to take the atorvastatin?", "1 tablet daily"),
        ("What was the systolic pressure when she came to the emergency department?", 186),
        ("On what date did the platelets recover to above 150 K/uL?", "2026-01-12"),
        ("How long did the forearm fracture take to resolve?", 3),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered(told: Ask, question: str, value: Any) -> None:
    answer = told(question)
    assert answer["answered"] and answer["result"]["value"] == value, answer["answer"]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("Was the potassium last measured on the first hospital visit less than it was first measured on the last hospital visit?", 3.5, 4.1),
        ("Was the potassium lower at the end of the first hospital stay than at its beginning?", 3.5, 4.8),
        ("kg lost in hospital", 92.4, 88.1),
        ("Is her LDL lower now than it was before atorvastatin?", 148, 71),
        ("LDL when atorvastatin was started compared with the most recent one", 148, 71),
        ("range of the potassium values", 3.5, 5.2),
        ("What was the LDL in July 2023, and what is it now?", 148, 71),
    ],
)
def test_two_values(told: Ask, question: str, first: float, second: float) -> None:
    answer = told(question)
    assert answer["answered"], answer["answer"]
    assert [answer["result"]["value"][side]["value"] for side in ("first", "second")] == [first, second], answer["answer"]


@pytest.mark.parametrize(
    "question",
    [
        "What dose of lisinopril does the patient take for her hypertension?",  # amlodipine is another one
        "B12 level, given the years on metformin?",
        "report of the vein mapping",  # only ordered
        "What was prescribed in place of warfarin?",
        "How many darbepoetin injections, how many different strengths of it?",
        "Which surgeon carried out the cholecystectomy?",
        "After how many years is the gastroscopy to be repeated?",
        "Does she still have her appendix?",
        "How many grams of potassium were ordered, and was it the 5 % one?",
    ],
)
def test_what_looks_alike_is_no_answer(told: Ask, question: str) -> None:
    answer = told(question)
    assert not answer["answered"] and answer.get("result") is None, answer["answer"]


def test_a_side_of_another_part_of_the_sentence_says_neither_yes_nor_no(told: Ask) -> None:
    result_ = told("was the right breast operated on")["result"]
    assert not isinstance((result_ or {}).get("value"), bool)


def test_letters_that_keyboards_lack() -> None:
    given, family = _names({"name": [{"family": "Sørensen", "given": ["Łucja"]}]})
    assert "Sorensen" in family and "Lucja" in given


def test_a_heading_is_quoted_with_what_stands_under_it(told: Ask) -> None:
    assert "two days" in told("what is said of the wound dressing")["answer"]


@pytest.mark.parametrize("text", ["since last September", "up since last september?"])
def test_since_is_until_now(text: str) -> None:
    assert find_period(text, dt.date(2026, 6, 30))[0] == (dt.date(2025, 9, 1), None)
