"""Times that lean on something: the patient's age, a place in a stay, days of one month, the status of then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.bots.rag_pipeline import ages
from services.bots.rag_pipeline.handler import handle
from services.bots.rag_pipeline.times import written_out
from tests.bots.rag.conftest import AS_OF, CLINICIAN, order
from tests.index.conftest import patient, result

Ask = Callable[..., dict]
_KEPPRA = {"coding": [{"system": "http://loinc.org", "code": "30471-7"}], "text": "Levetiracetam level"}


def _given(key: str, day: str) -> dict:
    return {
        "resourceType": "MedicationAdministration", "id": key, "status": "completed", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Cefepime 2 g injection"}, "effectiveDateTime": day,
        "dosage": {"dose": {"value": 2, "unit": "g"}},
    }  # fmt: skip


def _status(key: str, text: str, day: str) -> dict:
    return {
        "resourceType": "Observation", "id": key, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "100822-6"}], "text": "Code status"},
        "effectiveDateTime": day, "valueString": text,
    }  # fmt: skip


RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02"},
    *(
        {"resourceType": "Encounter", "id": f"e{n}", "status": "finished", "class": {"code": "IMP"}, "subject": {"reference": "Patient/p1"},
         "type": [{"text": "Hospital stay"}], "period": {"start": start, "end": end}}
        for n, (start, end) in enumerate([("2024-05-20", "2024-06-02"), ("2025-10-10", "2025-10-20")])
    ),
    *(
        result(f"k{n}", "Potassium", "2823-3", value, "mmol/L", day)
        for n, (value, day) in enumerate([
            (3.9, "2018-01-01"), (4.4, "2022-01-01"), (3.1, "2024-05-24"), (3.5, "2024-05-26"), (3.3, "2024-05-29"),
            (4.0, "2025-10-11"), (4.6, "2025-10-12"), (4.2, "2025-10-19"),
        ])
    ),
    *(result(f"b{n}", "Platelet count", "777-3", value, "10*3/uL", day)
      for n, (value, day) in enumerate([(98, "2025-10-10"), (130, "2025-10-12"), (151, "2025-10-15")])),
    order("cef", "Cefepime 2 g injection", "20481", "2024-05-20", "completed"),
    *(_given(f"g{n}", f"2024-05-2{n}") for n in range(1, 6)),
    *(_given(f"n{n}", "2025-10-12") | {"medicationCodeableConcept": {"text": "NaCl 0.9%"}, "dosage": {"dose": {"value": 500, "unit": "mL", "code": "mL"}}}
      for n in range(3)),
    _status("c1", "Do not resuscitate", "2024-05-21"),
    _status("c2", "Full code", "2025-10-11"),
    order("tor", "Torsemide 10 mg tablet", "38413", "2025-01-05", "on-hold", statusReason={"text": "Dizzy on standing"}),
    {"resourceType": "Observation", "id": "lev", "status": "final", "subject": {"reference": "Patient/p1"}, "code": _KEPPRA,
     "effectiveDateTime": "2025-10-18", "valueQuantity": {"value": 6, "unit": "ug/mL", "code": "ug/mL"}},
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("highest potassium in her early 60s", "number", 4.4),
        ("lowest K before age 60", "number", 3.9),
        ("Minimum of potassium between May 25 and May 30, 2024?", "number", 3.3),
        ("mean potassium from 2024 to 2025", "number", 3.783),
        ("when did the platelets pass 150 on the last stay?", "date", "2025-10-15"),
        ("How many times did the patient receive cefepime since 05/23/2024?", "number", 3),
        ("Code status on the 2024 admission?", "text", "Do not resuscitate"),
        ("what is the code status", "text", "Full code"),
        ("torsemide on hold - how come?", "text", "Dizzy on standing"),
        ("how much normal saline was infused on 10/12/2025", "number", 1500),
        ("keppra level in October 2025", "number", 6.0),
    ],
)
def test_a_time_that_leans_on_something(told: Ask, question: str, kind: str, value: object) -> None:
    answer = told(question)
    result = answer.get("result") or {}
    assert (result.get("type"), result.get("value")) == (kind, pytest.approx(value, rel=1e-3) if kind == "number" else value), answer["answer"]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "first", "second", "said"),
    [
        ("Was the second value of potassium on the last hospital stay lower than the first one?", 4.0, 4.6, "No"),
        ("Is the potassium last measured on the first stay higher than the first value of that stay?", 3.1, 3.3, "Yes"),
        ("potassium on admission and at discharge for the first hospital stay", 3.1, 3.3, "Potassium rose"),
        ("first and last platelets of the last admission", 98, 151, "Platelet count rose"),
        ("potassium, best and worst in 2025", 4.0, 4.6, "Potassium: lowest 4.0 mmol/L"),
    ],
)  # fmt: skip
def test_two_values_by_their_places(
    told: Ask, question: str, first: float, second: float, said: str
) -> None:
    answer = told(question)
    value = answer["result"]["value"]
    assert (value["first"]["value"], value["second"]["value"]) == (first, second), answer["answer"]
    assert answer["answer"].startswith(said)


@pytest.mark.parametrize("question", ["how has the dose of lisinopril changed", "every lisinopril strength she's had", "lisinopril doses over time"])  # fmt: skip
def test_a_dose_over_time_is_all_doses(make: Callable, question: str) -> None:
    orders = [order(f"l{n}", f"Lisinopril {mg} mg tablet", "29046", day, status, dose=("1 tablet daily", mg))
              for n, (mg, day, status) in enumerate([(5, "2024-01-05", "stopped"), (10, "2025-01-05", "active")])]  # fmt: skip
    context = make([patient(), *orders]).context(CLINICIAN)
    answer = handle(context, {"question": question, "patientId": "p1", "asOf": AS_OF}).wire()
    assert answer["result"]["type"] == "list" and len(answer["result"]["value"]) == 2, answer["answer"]


@pytest.mark.parametrize(
    ("question", "kind", "values"),
    [("potassium over the last 2 visits", "trend", 6), ("potassium at the last two visits", "list", 6), ("K+ over the past two clinic visits", "trend", 6)],
)  # fmt: skip
def test_values_of_the_last_visits(told: Ask, question: str, kind: str, values: int) -> None:
    answer = told(question)
    assert answer["result"]["type"] == kind, answer["answer"]
    assert {c["source"] for c in answer["citations"]} == {f"Observation/k{n}" for n in range(8 - values, 8)}


def test_the_age_of_now_is_not_the_age_of_then(told: Ask) -> None:
    answer = told("how old was she at the change")
    assert not answer["answered"] and "result" not in answer


def test_days_of_one_month_and_year() -> None:
    assert written_out("from 25 to 30 May 2171") == "between May 25 2171 and May 30 2171"
    assert written_out("from 3 to 5 tablets") == "from 3 to 5 tablets"


def test_ages_as_dates() -> None:
    assert ages.dated("BP since she turned 50", "1960-04-02") == "BP since 2010-04-02"
    assert ages.dated("smoking at age 12?", "1960-02-29") == "smoking between 1972-02-29 and 1973-02-28?"
    assert ages.dated("in his 40s", "1960") == "in his 40s"
    for other in ("when he was 80 kg", "after 3 days", "weight when she was 12 months old", "at age 18 months"):
        assert ages.dated(other, "1960-04-02") == other


@given(st.text(max_size=80), st.dates(min_value=dt.date(1880, 1, 1), max_value=dt.date(2026, 1, 1)))
def test_any_text_stays_text(text: str, born: dt.date) -> None:
    assert isinstance(ages.dated(f"in her 90s {text} at age 119", born.isoformat()), str)


@pytest.mark.parametrize(
    ("question", "kind", "value"),
    [
        ("highest potassium in the first half of 2024", "number", 3.5),
        ("potassium in Q4 2025, lowest", "number", 4.0),
        ("mean potassium 11 to 12 Oct 2025", "number", 4.3),
        ("lowest K apr/may 2024", "number", 3.1),
        ("K+ in oct '25, last", "number", 4.2),
        ("day the platelets climbed over 120", "date", "2025-10-12"),
        ("date platelets got above 120", "date", "2025-10-12"),
        ("cefepime doses since 05/23/2024, n =", "number", 3),
        ("cefepime doses on or after 05/23/2024, n =", "number", 3),
        ("how many grams of cefepime were given on or before 05/22/2024", "number", 4),
        ("when was the last cefepime given", "date", "2024-05-25"),
    ],
)
def test_times_and_demands_as_they_are_scribbled(told: Ask, question: str, kind: str, value: object) -> None:
    answer = told(question)
    result = answer.get("result") or {}
    assert (result.get("type"), result.get("value")) == (kind, pytest.approx(value) if kind == "number" else value), answer["answer"]
