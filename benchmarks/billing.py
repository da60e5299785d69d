"""How long the codes of an encounter take, as a ratio to one read and parse of the record.

    python -m benchmarks.billing

A patient with 300 resources in one encounter, asked again and again as the record stands, and once for each changed
version; both against reading and parsing all of the patient's resources in the same run.
"""

from __future__ import annotations

import base64
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from services.bots.billing_code_suggester.handler import told
from services.bots.billing_code_suggester.schemas import BillingInput
from services.bots.billing_code_suggester.suggesting import suggest
from services.chart.chart import Charts
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.knowledge.billing.finding import find
from services.runtime.collecting import settle

ROUNDS = 60
_LABS = (("2951-2", "Sodium", 138, "mmol/L"), ("2823-3", "Potassium", 4.2, "mmol/L"), ("2160-0", "Creatinine", 1.4, "mg/dL"),
         ("33914-3", "eGFR", 48, "mL/min/{1.73_m2}"), ("4548-4", "HbA1c", 7.9, "%"), ("718-7", "Hemoglobin", 13.1, "g/dL"),
         ("3016-3", "TSH", 2.1, "mIU/L"), ("39156-5", "Body mass index", 33.4, "kg/m2"))  # fmt: skip
_PROBLEMS = (("I10", "Essential hypertension"), ("E11.9", "Type 2 diabetes mellitus"), ("N18.9", "Chronic kidney disease"),
             ("E66.9", "Obesity"), ("J44.9", "COPD"), ("F32.A", "Depression"), ("M17.11", "Osteoarthritis of right knee"),
             ("R05.9", "Cough"), ("K21.9", "Reflux disease"), ("E78.5", "Hyperlipidemia"))  # fmt: skip
_TYPED = ("hypertension", "type 2 diabetes with neuropathy", "fracture of left femur", "e11.22", "chronic kidny disease", "depresion")
_NOTE = """SUBJECTIVE:
Feels well. Denies chest pain, dyspnea or fever. Sugars as logged.

ASSESSMENT AND PLAN:
1. Hypertension: not at goal, increase lisinopril to 40 mg.
2. DM2: continue metformin, HbA1c in three months.
3. CKD: avoid NSAIDs.
4. Obesity: diet discussed.
Total time spent on the date of the encounter: 32 minutes.
"""


def record() -> list[dict[str, Any]]:
    """300 resources: the patient, the encounter, 10 problems, 20 orders, 5 notes, 20 procedures and results."""
    patient, encounter = {"reference": "Patient/p"}, {"reference": "Encounter/e"}
    made: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1958-04-02"},
        {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "AMB"}, "subject": patient,
         "period": {"start": "2026-05-12T09:00:00Z", "end": "2026-05-12T09:40:00Z"}},
    ]  # fmt: skip
    for n, (code, text) in enumerate(_PROBLEMS):
        made.append({"resourceType": "Condition", "id": f"c{n}", "subject": patient, "encounter": encounter, "onsetDateTime": "2015-01-01",
                     "clinicalStatus": {"coding": [{"code": "active"}]},
                     "code": {"text": text, "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}})  # fmt: skip
    for n in range(20):
        made.append({"resourceType": "MedicationRequest", "id": f"m{n}", "status": "active", "intent": "order", "subject": patient,
                     "encounter": encounter, "authoredOn": "2026-05-12", "medicationCodeableConcept": {"text": f"Lisinopril {n + 1} mg"}})  # fmt: skip
        made.append({"resourceType": "Procedure", "id": f"pr{n}", "status": "completed", "subject": patient, "encounter": encounter,
                     "performedDateTime": "2026-05-12", "code": {"text": "Spirometry", "coding": [{"system": "http://snomed.info/sct", "code": "127783003"}]}})  # fmt: skip
    for n in range(5):
        data = base64.b64encode(_NOTE.encode()).decode()
        made.append({"resourceType": "DocumentReference", "id": f"d{n}", "status": "current", "subject": patient, "date": "2026-05-12T10:00:00Z",
                     "type": {"text": "Progress note"}, "context": {"encounter": [encounter]},
                     "content": [{"attachment": {"contentType": "text/plain", "data": data}}]})  # fmt: skip
    while len(made) < 300:
        n = len(made)
        code, text, value, unit = _LABS[n % len(_LABS)]
        made.append({"resourceType": "Observation", "id": f"o{n}", "status": "final", "subject": patient, "encounter": encounter,
                     "category": [{"coding": [{"code": "laboratory"}]}], "effectiveDateTime": "2026-05-12T09:10:00Z",
                     "code": {"text": text, "coding": [{"system": "http://loinc.org", "code": code}]},
                     "valueQuantity": {"value": value, "unit": unit, "code": unit}})  # fmt: skip
    return made


def timed(*works: Callable[[], Any], rounds: int = ROUNDS) -> list[list[float]]:
    """Seconds of each round of each work; they take turns, so that what else the machine does falls on all alike."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, found, strict=True):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
    return found


def p95(each: list[float]) -> float:
    return statistics.quantiles(each, n=20)[-1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "record.sqlite")
        repository = SQLiteRepository(database)
        repository.write_many(record())
        asked = BillingInput.model_validate({"patientId": "p", "encounterId": "e", "includeHistoricalAnalysis": True})
        charts = Charts()
        types = sorted({r["resourceType"] for r in record()} - {"Patient"})

        def parse() -> None:
            for stored in repository.compartment("p", types):
                orjson.loads(stored.body or b"")

        def code(held: Charts) -> None:
            told(suggest(held.open(repository, "p", dt.date(2026, 6, 1)), "e", 0.5), asked).wire()

        works = (parse, lambda: code(charts), lambda: code(Charts()))
        timed(*works, rounds=5)  # tables are loaded once for a process
        settle()  # as the console does once it is warm
        base, warm, cold = timed(*works)
        database.close()
    typed = [word[:n] for word in _TYPED for n in range(1, len(word) + 1)]
    find("warm up")
    keys = [timed(lambda text=text: find(text), rounds=3)[0] for text in typed]
    print(f"code search, a keystroke p95 {p95([t for each in keys for t in each]) * 1000:6.1f} ms   ({len(typed)} keystrokes)")
    print(f"read and parse          p95 {p95(base) * 1000:7.1f} ms")
    print(f"codes, record known     p95 {p95(warm) * 1000:7.1f} ms   {p95(warm) / p95(base):.1f}x")
    print(f"codes, record not known p95 {p95(cold) * 1000:7.1f} ms   {p95(cold) / p95(base):.1f}x")


if __name__ == "__main__":
    main()
