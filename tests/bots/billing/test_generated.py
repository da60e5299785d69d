"""Over generated encounters: every ICD-10-CM code is valid and billable, and no pair breaks an Excludes1 note."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.bots.billing_code_suggester.listing import listed
from services.bots.billing_code_suggester.model import Diagnosis, Findings
from services.bots.billing_code_suggester.suggesting import Suggested, suggest
from services.chart.chart import Charts
from services.demo import DEFAULT_AS_OF, generate
from services.fhir.database import Database
from services.fhir.sqlite import SQLiteRepository
from services.knowledge.billing import tables
from services.knowledge.billing.icd10 import icd10

TABLE = icd10()
SOME = random.Random(7).sample([c for chapter in range(1, 23) for c in TABLE.leaves(str(chapter))], 300)
COMMON = sorted({*tables.concept_codes().values(), *tables.snomed_codes().values()})
TEXTS = (
    "Type 2 diabetes mellitus", "CKD stage 4", "Left knee pain", "Acute on chronic systolic heart failure", "COPD exacerbation",
    "Cough", "Fever", "Asthma", "Fracture of right wrist", "Migraine", "Something unheard of", "Normal pregnancy", "UTI", "Obesity",
    "Bilateral cataracts", "Laceration of foot", "Gestational diabetes", "Chest pain", "Depression", "Pneumonia", "Old stroke",
)  # fmt: skip


def sound(found: Suggested) -> None:
    codes = [d.code for d in found.diagnoses]
    assert len(codes) == len(set(codes))
    for code in codes:
        assert TABLE.billable(code), code
    for one in codes:
        for other in codes:
            assert one == other or not TABLE.excluded(one, other), (one, other)
    if found.primary:
        assert found.primary.code == codes[0]
        assert not tables.never_first(codes[0])
    for holder in (*found.diagnoses, *found.visits, *found.procedures):
        assert holder.supports
        assert 0.5 <= holder.confidence <= 1


def test_of_the_generated_crowd(repository: SQLiteRepository):
    charts = Charts()
    seen = 0
    for resources in generate(12, seed=3):
        repository.write_many(resources)
        patient = next(r["id"] for r in resources if r["resourceType"] == "Patient")
        chart = charts.open(repository, patient, DEFAULT_AS_OF)
        for entry in chart.entries("encounter"):
            found = suggest(chart, entry.id, 0.5)
            sound(found)
            assert found.primary
            seen += 1
    assert seen > 40


@st.composite
def conditions(draw: st.DrawFn) -> list[dict[str, Any]]:
    made = []
    for number in range(draw(st.integers(1, 7))):
        code = draw(st.one_of(st.none(), st.sampled_from(COMMON), st.sampled_from(SOME), st.text("ABEIJMRSTZ0123456789.", max_size=8)))
        onset = draw(st.sampled_from([None, "2026-05-12", "2026-05-01", "2019", "2026-04", "1990-01-01"]))
        text = draw(st.sampled_from(TEXTS))
        made.append({
            "resourceType": "Condition", "id": f"c{number}", "subject": {"reference": "Patient/p1"}, "encounter": {"reference": "Encounter/e1"},
            "clinicalStatus": {"coding": [{"code": draw(st.sampled_from(["active", "resolved", "recurrence"]))}]},
            "code": {"text": text} | ({"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]} if code else {}),
        } | ({"onsetDateTime": onset} if onset else {}))  # fmt: skip
    return made


@given(conditions(), st.sampled_from(["AMB", "EMER", "IMP", "VR"]), st.sampled_from(["male", "female", "unknown"]), st.sampled_from(["1930-01-01", "1985-06-01", "2020-01-01"]))
def test_of_any_conditions(made: list[dict[str, Any]], kind: str, sex: str, born: str):
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "record.sqlite")
        try:
            repository = SQLiteRepository(database)
            encounter = {"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": kind},
                         "subject": {"reference": "Patient/p1"}, "period": {"start": "2026-05-12", "end": "2026-05-12"}}  # fmt: skip
            repository.write_many([{"resourceType": "Patient", "id": "p1", "gender": sex, "birthDate": born}, encounter, *made])
            sound(suggest(Charts().open(repository, "p1", dt.date(2026, 6, 1)), "e1", 0.5))
        finally:
            database.close()


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*SOME, *COMMON, "I10", "E10.9", "E11.9", "E11.22", "N18.4", "R05.9", "J18.9"]), max_size=10, unique=True))
def test_of_any_codes_the_list_is_sound_and_causes_come_first(codes: list[str]):
    made = [Diagnosis(code, 0.9, [], rank) for rank, code in enumerate(codes)]
    kept = [d.code for d in listed(made, "", None, Findings())]
    assert set(kept) <= set(codes)
    for at, code in enumerate(kept):
        assert TABLE.billable(code)
        for later in kept[at + 1 :]:
            assert not TABLE.excluded(code, later)
    if "N18.4" in kept and "E11.22" in kept:
        assert kept.index("E11.22") < kept.index("N18.4")
