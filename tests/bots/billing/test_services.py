"""Services beside the visit, modifiers, bundling, necessity, history."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.errors import InvalidInput
from services.fhir.sqlite import SQLiteRepository
from services.knowledge.billing import ncci
from tests.bots.billing.builder import (
    CPT,
    DAY,
    LOINC,
    SNOMED,
    Case,
    concept,
    diagnoses,
    issues,
    modifiers,
    services,
)

PLAN = "ASSESSMENT AND PLAN:\n"


def hypertension(repository: SQLiteRepository, **more: str) -> Case:
    case = Case(repository, **more)  # pyright: ignore[reportArgumentType]
    case.condition("Essential hypertension", "I10", rank=1)
    case.drug("Lisinopril 20 mg tablet")
    return case


def test_vaccines_have_a_product_an_administration_and_a_reason(repository: SQLiteRepository):
    case = hypertension(repository)
    case.vaccine("Influenza", "140")
    case.vaccine("Tdap", "115")
    case.vaccine("Zoster", "187", status="not-done")
    answer = case.ask()
    assert services(answer) == ["99213", "90656", "90471", "90715", "90472"]
    assert diagnoses(answer) == ["I10", "Z23"]
    assert modifiers(answer) == {("25", "99213")}
    given = next(c for c in answer["cptCodes"] if c["code"] == "90471")
    assert given["supportingDiagnoses"] == ["Z23"]


def test_a_vaccine_that_was_told_of_is_not_billed(repository: SQLiteRepository):
    case = hypertension(repository)
    case.vaccine("Influenza", "140", primarySource=False)
    assert services(case.ask()) == ["99213"]


def test_covid_vaccines_have_their_own_administration(repository: SQLiteRepository):
    case = hypertension(repository)
    case.vaccine("COVID-19", "309")
    assert services(case.ask()) == ["99213", "90480"]


def test_medicare_has_its_own_administration_codes(repository: SQLiteRepository):
    case = hypertension(repository)
    case.vaccine("Influenza", "140")
    case.resources.append({"resourceType": "Coverage", "id": "c1", "status": "active", "type": {"text": "Medicare Part B"},
                           "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": "Medicare"}]})  # fmt: skip
    answer = case.ask()
    assert services(answer) == ["99213", "90656", "G0008"]
    assert answer["cptCodes"][2]["system"] == "HCPCS"


def claim(day: str, payer: str) -> dict:
    return {"resourceType": "Claim", "id": f"claim-{day}", "status": "active", "patient": {"reference": "Patient/p1"},
            "billablePeriod": {"start": day}, "insurance": [{"coverage": {"display": payer}}]}  # fmt: skip


@pytest.mark.parametrize(("more", "given"), [
    ([claim("2025-01-01", "private"), claim("2026-01-02", "Medicare")], "G0008"),
    ([claim("2025-01-01", "Medicare"), claim("2026-01-02", "Aetna")], "90471"),
    ([claim("2026-01-02", "Medicare"), claim("2031-01-02", "Aetna")], "G0008"),
    ([claim("2026-01-02", "Medicare"), {"resourceType": "Coverage", "id": "c", "status": "active", "type": {"text": "Aetna"},
      "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": "Aetna"}]}], "90471"),
    ([{"resourceType": "Coverage", "id": "c", "status": "active", "type": {"text": "Medicare"}, "period": {"end": "2020-12-31"},
       "beneficiary": {"reference": "Patient/p1"}, "payor": [{"display": "Medicare"}]}], "90471"),
])  # fmt: skip
def test_the_payer_is_that_of_the_day(repository: SQLiteRepository, more: list[dict], given: str):
    case = hypertension(repository)
    case.vaccine("Influenza", "140")
    case.resources += more
    assert services(case.ask()) == ["99213", "90656", given]


def test_an_unknown_vaccine_gives_a_question_and_no_product(repository: SQLiteRepository):
    case = hypertension(repository)
    case.vaccine("Influenza, unspecified formulation", "88")
    answer = case.ask()
    assert services(answer) == ["99213", "90471"]
    assert "Which product was given?" in issues(answer)


@pytest.mark.parametrize(("note", "expected"), [("ECG: sinus rhythm, no ST changes.", "93000"), ("Will see again.", "93005")])
def test_an_electrocardiogram_needs_an_interpretation_to_be_complete(repository: SQLiteRepository, note: str, expected: str):
    case = hypertension(repository)
    case.procedure("12-lead ECG", "29303009")
    case.note(PLAN + "Hypertension, continue lisinopril. " + note)
    answer = case.ask()
    assert services(answer) == ["99213", expected]
    assert ("25", "99213") in modifiers(answer)


def test_a_part_of_another_service_is_left_out_and_told(repository: SQLiteRepository):
    case = hypertension(repository)
    case.procedure("Comprehensive panel", "80053", CPT, reasonReference=[{"reference": "Condition/x1"}])
    case.procedure("Basic panel", "80048", CPT)
    answer = case.ask()
    assert services(answer) == ["99213", "80053"]
    assert [a["codes"] for a in answer["bundlingAlerts"]] == [["80053", "80048"]]


def test_scored_questionnaires_count_and_unscored_do_not(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Depression", "F32.A", rank=1)
    case.result("PHQ-9 total score", "44261-6", 9, "{score}", category="survey")
    case.result("GAD-7 total score", "70274-6", category="survey")
    answer = case.ask()
    assert [(c["code"], c["units"]) for c in answer["cptCodes"]] == [("99212", 1), ("96127", 1)]


@pytest.mark.parametrize(("minutes", "expected"), [(3, []), (4, ["99406"]), (10, ["99406"]), (11, ["99407"])])
def test_advice_on_tobacco_needs_its_minutes(repository: SQLiteRepository, minutes: int, expected: list[str]):
    case = Case(repository)
    case.condition("Nicotine dependence, cigarettes", "F17.210", rank=1)
    case.note(PLAN + f"Nicotine dependence. Tobacco cessation counseling for {minutes} minutes.")
    assert services(case.ask())[1:] == expected


def test_a_virtual_visit_has_modifier_95(repository: SQLiteRepository):
    assert modifiers(hypertension(repository, kind="VR").ask()) == {("95", "99213")}


@pytest.mark.parametrize(("side", "modifier"), [("Left", "LT"), ("right", "RT"), ("bilateral", "50")])
def test_the_side_of_a_procedure(repository: SQLiteRepository, side: str, modifier: str):
    case = hypertension(repository)
    case.procedure("Injection of knee joint", "20610", CPT, bodySite=[{"text": f"{side} knee"}])
    assert (modifier, "20610") in modifiers(case.ask())


@pytest.mark.parametrize(("other", "modifier"), [("d1", "76"), ("d2", "77")])
def test_a_repeated_service(repository: SQLiteRepository, other: str, modifier: str):
    case = hypertension(repository)
    for who in ("d1", other):
        case.procedure("Chest film", "71045", CPT, performer=[{"actor": {"reference": f"Practitioner/{who}"}}])
    answer = case.ask()
    assert (modifier, "71045") in modifiers(answer)
    assert next(c for c in answer["cptCodes"] if c["code"] == "71045")["units"] == 2


def test_a_waived_test_has_qw(repository: SQLiteRepository):
    case = Case(repository)
    case.condition("Streptococcal pharyngitis", "J02.0", onset=DAY, rank=1)
    case.result("Rapid strep A", "78012-2", valueCodeableConcept={"text": "Positive"})
    answer = case.ask()
    assert "87880" in services(answer)
    assert ("QW", "87880") in modifiers(answer)


def test_a_service_without_a_diagnosis_for_it_is_warned_of(repository: SQLiteRepository):
    case = hypertension(repository)
    case.procedure("Spirometry", "127783003")
    answer = case.ask()
    assert "94010" in services(answer)
    assert any("94010" in w for w in answer["medicalNecessityWarnings"])


def test_what_was_not_done_in_the_encounter_is_not_billed(repository: SQLiteRepository):
    case = hypertension(repository)
    case.add("Procedure", linked=False, status="completed", code=concept("Spirometry", SNOMED, "127783003"), performedDateTime="2026-05-11")
    case.add("Procedure", status="not-done", code=concept("Spirometry", SNOMED, "127783003"))
    case.add("ServiceRequest", status="active", intent="order", code=concept("ECG", LOINC, "11524-6"))
    assert services(case.ask()) == ["99213"]


def claim(case: Case, code: str, day: str, encounter: str = "e0") -> None:
    case.add("Claim", linked=False, status="active", use="claim", billablePeriod={"start": day, "end": day},
             item=[{"sequence": 1, "productOrService": concept("Visit", CPT, code), "encounter": [{"reference": f"Encounter/{encounter}"}]}])  # fmt: skip


def test_history_is_told_when_it_is_asked_for(repository: SQLiteRepository):
    case = hypertension(repository)
    case.condition("Hypothyroidism", "E03.9", linked=False)
    claim(case, "99212", "2025-01-07")
    claim(case, "99212", "2025-06-07")
    claim(case, "99213", DAY, "e1")
    assert "historicalAnalysis" not in case.ask()
    told = case.ask(includeHistoricalAnalysis=True)["historicalAnalysis"]
    assert told["claimsReviewed"] == 2
    assert told["usualLevel"] == "straightforward"
    assert "99213" in told["outOfPattern"]
    assert [d["code"] for d in told["duplicates"]] == ["99213"]
    assert [u["code"] for u in told["chronicConditionsNotAddressed"]] == ["E03.9"]


PTP = '''"CPT only copyright of its owner"
Column 1,Column 2,*,Effective Date,Deletion Date,Modifier,PTP Edit Rationale
11111,22222,,20200101,*,1,Misuse of column two code
11111,33333,,20200101,20211231,0,Standards
44444,55555,,20200101,*,9,Not applicable
'''
MUE = """HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale
71045,1,3 Date of Service Edit: Clinical,Clinical: Data
"""


def test_published_edits_are_read_from_a_folder(tmp_path: Path):
    (tmp_path / "ptp.csv").write_text(PTP, encoding="utf-8")
    (tmp_path / "mue.csv").write_text(MUE, encoding="utf-8-sig")
    known = ncci.edits(tmp_path)
    broken = list(known.of(["11111", "22222", "33333", "44444", "55555"], dt.date(2026, 5, 12)))
    assert [(p.included, p.indicator, p.source) for p in broken] == [("22222", "1", "ptp.csv")]
    assert [p.included for p in known.of(["11111", "33333"], dt.date(2021, 6, 1))] == ["33333"]
    assert known.units == {"71045": 1}
    assert ("80053", "80048") in known.pairs


def test_a_file_without_edits_is_named(tmp_path: Path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"other\.csv"):
        ncci.edits(tmp_path)


def test_every_code_has_words_of_our_own(repository: SQLiteRepository):
    case = hypertension(repository)
    case.procedure("The descriptor of somebody's licensed table", "20610", CPT)
    shown = [c["display"] for c in case.ask()["cptCodes"]]
    assert not any("licensed table" in s for s in shown)
    assert "AMA" in case.ask()["message"] or "American Medical Association" in case.ask()["message"]
