"""What the published question sets and a ward round ask of stays: counts, ends, units, one value for each day, other units."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from services.bots.context import Context
from services.bots.rag_pipeline.handler import handle
from services.bots.rag_pipeline.reading import read
from services.bots.rag_pipeline.set_phrases import top_asked
from services.bots.rag_pipeline.stated_now import stated_now
from services.bots.rag_pipeline.units_asked import asked_for
from services.knowledge.time_words import spelled_out
from tests.bots.rag.conftest import AS_OF, order
from tests.bots.rag.test_rag_evaluators import P, procedure, report
from tests.bots.rag.test_rag_readers import output
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]


def stay(stay_id: str, start: str, end: str, to: str) -> dict:
    return {"resourceType": "Encounter", "id": stay_id, "status": "finished", "class": {"code": "IMP"}, "subject": P, "type": [{"text": "Inpatient stay"}],
            "period": {"start": start, "end": end}, "hospitalization": {"dischargeDisposition": {"text": to}}}  # fmt: skip


def given(number: int, text: str, at: str, amount: float, unit: str = "mg") -> dict:
    return {"resourceType": "MedicationAdministration", "id": f"g{number}", "status": "completed", "subject": P, "medicationCodeableConcept": {"text": text},
            "effectiveDateTime": at, "dosage": {"route": {"text": "IV"}, "dose": {"value": amount, "unit": unit}}}  # fmt: skip


def ordered(order_id: str, text: str, day: str, until: str, route: str) -> dict:
    return order(order_id, text, "0", day, "completed", dosageInstruction=[{"route": {"text": route}}], dispenseRequest={"validityPeriod": {"start": day, "end": until}})


def lab(lab_id: str, name: str, code: str, value: float, unit: str, at: str, low: float, high: float) -> dict:
    return result(lab_id, name, code, value, unit, at) | {"referenceRange": [{"low": {"value": low}, "high": {"value": high}}]}


def shot(day: str, text: str) -> dict:
    return {"resourceType": "Immunization", "id": f"i{day}", "status": "completed", "patient": P, "vaccineCode": {"text": text}, "occurrenceDateTime": day}


DAY = "2025-03-{:02}T08:00:00Z"
RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02", "gender": "male"},
    stay("one", "2024-02-01T08:00:00Z", "2024-02-05T12:00:00Z", "HOME HEALTH CARE"),
    stay("two", "2025-03-01T07:00:00Z", "2025-03-09T12:00:00Z", "SKILLED NURSING FACILITY"),
    stay("three", "2026-01-10T08:00:00Z", "2026-01-12T12:00:00Z", "HOME"),
    condition("af", "Atrial fibrillation") | {"onsetDateTime": "2024-02-01"},
    condition("pn", "Pneumonia") | {"onsetDateTime": "2024-02-01"},
    *(lab(f"k{n}", "Potassium", "2823-3", v, "mmol/L", at, 3.5, 5.1) for n, (v, at) in enumerate(
        ((4.1, "2024-02-01T09:00:00Z"), (3.9, "2024-02-05T06:00:00Z"), (4.4, DAY.format(1)), (3.2, DAY.format(2)), (3.0, "2025-03-02T20:00:00Z"),
         (3.6, DAY.format(3)), (4.0, "2026-01-10T09:00:00Z"), (4.6, "2026-01-12T06:00:00Z")))),
    *(lab(f"n{n}", "Sodium", "2951-2", v, "mmol/L", at, 135, 145) for n, (v, at) in enumerate(((131, DAY.format(3)), (138, "2026-01-12T06:00:00Z")))),
    *(lab(f"c{n}", "Creatinine", "2160-0", v, "mg/dL", at, 0.6, 1.2) for n, (v, at) in enumerate(((2.0, DAY.format(3)), (1.0, "2026-01-12T06:00:00Z")))),
    *(result(f"t{n}", "Body temperature", "8310-5", v, "Cel", at) for n, (v, at) in enumerate(((36.8, DAY.format(1)), (38.4, DAY.format(2)), (36.9, DAY.format(5))))),
    *(result(f"w{n}", "Body weight", "29463-7", v, "kg", at) for n, (v, at) in enumerate(((80.0, DAY.format(1)), (77.0, DAY.format(8)), (79.0, "2026-01-12T06:00:00Z")))),
    output("u1", 100, DAY.format(1)), output("u2", 150, "2025-03-01T20:00:00Z"), output("u3", 90, DAY.format(2)),
    *(given(n, "Cefepime", DAY.format(d), 2000) for n, d in enumerate((1, 2, 3, 4))),
    *(given(10 + n, "Vancomycin", DAY.format(d), 1000) for n, d in enumerate((1, 2))),
    given(20, "Furosemide", DAY.format(5), 80),
    ordered("cef", "Cefepime", "2025-03-01", "2025-03-05", "IV"), ordered("van", "Vancomycin", "2025-03-01", "2025-03-03", "IV"),
    ordered("nor", "Norepinephrine", "2025-03-01", "2025-03-02", "IV DRIP"), ordered("ace", "Acetaminophen", "2025-03-02", "2025-03-08", "PO/NG"),
    ordered("api", "Apixaban", "2026-01-11T09:00:00Z", "2026-01-12", "PO"),
    procedure("p1", "Thoracentesis", "2025-03-03T10:00:00Z"), procedure("p2", "Thoracentesis", "2025-03-06"),
    procedure("p3", "Continuous invasive mechanical ventilation for less than 96 consecutive hours", "2025-03-02"),
    procedure("p4", "Left heart catheterization", "2026-01-11T07:00:00Z"),
    report("echo", "Echocardiogram", "2024-02-02", "The left ventricular ejection fraction is 35 percent."),
    {"resourceType": "DiagnosticReport", "id": "ct", "status": "final", "subject": P, "code": {"text": "CT head"}, "effectiveDateTime": "2025-03-02",
     "presentedForm": [{"contentType": "text/plain", "data": base64.b64encode(b"No hemorrhage. Ossification of the falx.").decode()}]},
    shot("2020-05-05", "Td (adult), preservative free"),
    note("n1", "1. Atrial fibrillation, rate controlled.\n2. LDL 64 mg/dL, continue the statin.\n", "2026-01-12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Tell me the name of the procedure he received two or more times in 2025", ["Thoracentesis"]),
        ("What were the top two most frequent drugs administered in 2025?", ["Cefepime", "Vancomycin"]),
        ("which drug was prescribed on the same day after having received Continuous invasive mechanical ventilation for less than 96 consecutive hours?", ["Acetaminophen"]),
        ("how many times was he discharged home?", 1),
        ("how many times was he discharged to a skilled nursing facility?", 1),
        ("when was norepinephrine turned off?", "2025-03-02"),
        ("what did he come off first, vancomycin or cefepime?", ["Vancomycin"]),
        ("how many doses of cefepime were given in all?", 4),
        ("what was the drug prescribed via po/ng route in 2025?", ["Acetaminophen"]),
        ("when was the last drug prescribed via iv drip route?", "2025-03-01"),
        ("name of the last procedure on the last hospital visit", ["Left heart catheterization"]),
        ("has he had any procedure in other than the current hospital visit?", True),
        ("was his potassium normal throughout the 2025 stay?", False),
        ("was his potassium normal throughout the 2024 stay?", True),
        ("how many days ago was the last time he was diagnosed with atrial fibrillation?", 880),
        ("what's his EF?", 35),
        ("which hospital stay was the longest?", ["Inpatient stay"]),
        ("how long was the longest hospital stay?", 8),
        ("what is the highest daily urine output in 2025?", 250),
        ("average potassium per year", ["2024: 4 mmol/L", "2025: 3.55 mmol/L", "2026: 4.3 mmol/L"]),
        ("lowest potassium each admission", ["01-Feb-2024 to 05-Feb-2024: 3.9 mmol/L", "01-Mar-2025 to 09-Mar-2025: 3 mmol/L", "10-Jan-2026 to 12-Jan-2026: 4 mmol/L"]),
        ("how many potassium tests per year?", ["2024: 2", "2025: 4", "2026: 2"]),
        ("what is his weight in pounds?", 174.2),
        ("creatinine in umol/L", 88.4),
        ("potassium on 3/2/2025", 3.0),
        ("last BMP", ["Creatinine", "Sodium", "Potassium"]),
        ("is the BMP normal?", True),
        ("was the BMP normal in 2025?", False),
        ("was he febrile during the 2025 stay?", True),
        ("fever between 2025-03-04 and 2025-03-08?", False),
        ("which rhythm disorder does he have?", ["Atrial fibrillation"]),
        ("has he had a Tdap?", False),
        ("last tetanus shot", "2020-05-05"),
        ("when did urine first come on 2 March 2025?", "2025-03-02"),
        ("did he get platelets?", False),
        ("first potassium after the thoracentesis on 3 March 2025", 4.0),
        ("last potassium before the thoracentesis of 3/3/2025", 3.6),
        ("which drugs were ordered after the left heart catheterization of 01/11/2026?", ["Apixaban"]),
        ("did he have atrial fibrillation in 2025?", True),
        ("was he diagnosed with atrial fibrillation in 2025?", False),
        ("did he have atrial fibrillation in 2022?", False),
        ("did he have pneumonia in 2025?", False),
        ("was he diagnosed with pneumonia in 2024?", True),
        ("is the latest potassium over the upper limit of normal?", False),
        ("is the latest sodium below range?", False),
        ("when potassium was lowest, what was the temperature?", 38.4),
        ("admission potassium, March 2025", 4.4),
        ("creatinine above 1.5", True),
        ("potassium on admission, at discharge and now", ["Potassium", "Potassium", "Potassium"]),
        ("is he off cefepime?", True),
        ("which medication has he been on the longest?", ["Acetaminophen"]),
        ("any new meds in 2026?", True),
    ],
)
def test_what_is_asked_is_answered(told: Ask, question: str, value: Any) -> None:
    answer = told(question)
    assert answer["answered"], answer["answer"]
    found = answer["result"]["value"]
    assert (sorted(found) == sorted(value)) if isinstance(value, list) else found == value, answer["answer"]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("the change from the second potassium measured on the second hospital visit compared to the first potassium measured on the second hospital visit", 3.2, 4.4),
        ("is the last measured potassium in the second visit less than the first visit?", 3.6, 3.9),
        ("how much does potassium differ between the first and last stay?", 3.9, 4.6),
        ("did he lose weight in 2025?", 80.0, 77.0),
        ("potassium lowest and current", 3.0, 4.6),
    ],
)
def test_two_values(told: Ask, question: str, first: float, second: float) -> None:
    answer = told(question)
    assert answer["answered"], answer["answer"]
    value = answer["result"]["value"]
    assert {value["first"]["value"], value["second"]["value"]} == {first, second}, answer["answer"]


@pytest.mark.parametrize(
    "question",
    ["how many patients have atrial fibrillation?", "urine output per hour on 3/1/2025", "LDL goal", "is he due for a heart catheterization?", "last dtap",
     "is he stable for discharge?", "are his shots up to date?", "when's his next dose of cefepime?", "how many attacks of atrial fibrillation?",
     "how much fluid was drained by thoracentesis?", "can I prescribe him amoxicillin?", "what would you do about his potassium?",
     "where is the apixaban kept?", "date of the recurrence of the fibrillation", "weight in furlongs", "next heart catheterization", "highest lipase each year"],
)  # fmt: skip
def test_what_only_looks_like_an_answer_is_none(told: Ask, question: str) -> None:
    assert not told(question)["answered"], told(question)["answer"]


def test_a_fever_that_nobody_wrote_down_is_told_by_its_measure(told: Ask) -> None:
    assert "are 38.0 °C" not in told("fever between 2025-03-04 and 2025-03-08?")["answer"]
    assert "42 CFR 71.1" in " ".join(told("was he febrile during the 2025 stay?")["steps"])


@pytest.mark.parametrize(
    ("text", "rest", "number"),
    [
        ("the top three most frequent drugs", "the most frequent drugs", 3),
        ("top 5 most common diagnoses", "most common diagnoses", 5),
        ("the two most often given drugs", "most often given drugs", 2),
        ("the first two potassium values", "the first two potassium values", 0),
    ],
)
def test_how_many_of_the_most_frequent(text: str, rest: str, number: int) -> None:
    assert top_asked(text) == (rest, number)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lactate on 1/29", "lactate on 2025-01-29"),
        ("lactate on 8/29", "lactate on 2024-08-29"),
        ("output on last month/30", "output on 2025-05-30"),
        ("creatinine in 02/last year", "creatinine in February 2024"),
        ("weight on 06/15/this year", "weight on 2025-06-15"),
        ("visual acuity 20/20 on both eyes", "visual acuity 20/20 on both eyes"),
        ("BP of 12/8 on average", "BP of 12/8 on average"),
    ],
)
def test_days_reckoned_from_this_one(text: str, said: str) -> None:
    assert spelled_out(text, dt.date(2025, 6, 20)) == said


@pytest.mark.parametrize(("text", "unit"), [("weight in lbs", "[lb_av]"), ("temperature in celsius", "Cel"), ("how many pounds does he weigh", "[lb_av]"),
                                            ("should be converted to a unit of mg/dL", "mg/dL"), ("weight in 2025", ""), ("in a year", "")])  # fmt: skip
def test_the_unit_asked_for(text: str, unit: str) -> None:
    assert asked_for(text) == unit


def test_the_day_may_be_told_at_the_end() -> None:
    asked = "What is the last magnesium? It's 2023-11-13T10:15:00+00:00 now. If there is none, say so."
    assert stated_now(asked) == ("What is the last magnesium? If there is none, say so.", "2023-11-13T10:15:00+00:00")


def test_a_day_is_no_number_of_values() -> None:
    assert read("what was the heart rate on 05/23/2171 the last time", dt.date(2172, 1, 1)).count == 0


def test_an_answer_does_not_hang_on_what_was_asked_before(stand: Callable[[list[dict]], Context]) -> None:
    told = []
    for earlier in ((), ("summarize his atrial fibrillation",)):  # which read the text of every report
        context = stand([*RECORD, patient("p2", f"Other{len(earlier)}")])
        asked = [{"question": q, "patientId": "p1", "asOf": AS_OF} for q in (*earlier, "is there any evidence of ossification in the record?")]
        told.append([handle(context, a).wire()["answer"] for a in asked][-1])
    assert told[0] == told[1]
