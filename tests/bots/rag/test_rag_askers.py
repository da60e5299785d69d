"""What relatives, pharmacists, auditors and people in haste ask: shares and ratios, days of a stay, all but one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from services.bots.rag_pipeline.asker import asker_left_out
from services.chart.naming import concepts_of
from tests.bots.rag.conftest import order
from tests.bots.rag.test_rag_evaluators import P, procedure, report
from tests.bots.rag.test_rag_sets import given, lab, ordered, shot, stay
from tests.index.conftest import condition, note, patient, result

Ask = Callable[..., dict]


def encounter(visit_id: str, day: str, reason: str) -> dict:
    return {"resourceType": "Encounter", "id": visit_id, "status": "finished", "class": {"code": "AMB"}, "subject": P, "type": [{"text": "Office visit"}],
            "period": {"start": day, "end": day}, "reasonCode": [{"text": reason}]}  # fmt: skip


def grown(grown_id: str, name: str, said: str, of: str, day: str) -> dict:
    return {"resourceType": "Observation", "id": grown_id, "status": "final", "subject": P, "code": {"text": name}, "effectiveDateTime": day,
            "valueString": said} | ({"derivedFrom": [{"reference": f"Observation/{of}"}]} if of else {})  # fmt: skip


DAY = "2025-03-{:02}T08:00:00Z"
RECORD: list[dict] = [
    patient() | {"birthDate": "1960-04-02", "gender": "male"},
    stay("one", "2024-02-01T08:00:00Z", "2024-02-05T12:00:00Z", "HOME"),
    stay("two", "2025-03-01T07:00:00Z", "2025-03-09T12:00:00Z", "HOME") | {"diagnosis": [{"condition": {"reference": "Condition/pn"}, "rank": 1}, {"condition": {"reference": "Condition/aki"}, "rank": 2}]},
    encounter("v1", "2023-05-02", "Sinusitis"), encounter("v2", "2023-11-02", "Sinusitis"), encounter("v3", "2024-06-02", "Back pain"),
    encounter("v4", "2022-01-02", "Migraine"),
    condition("pn", "Pneumonia") | {"onsetDateTime": "2025-02-26"}, condition("aki", "Acute kidney injury") | {"onsetDateTime": "2025-03-02"},
    condition("alb", "Moderately increased albuminuria") | {"onsetDateTime": "2024-04-04"},
    condition("ckd", "Chronic kidney disease, stage 3b", status="resolved") | {"onsetDateTime": "2022-01-01", "abatementDateTime": "2025-09-03"},
    lab("uacr", "Albumin/creatinine ratio in urine", "9318-7", 45, "mg/g", "2026-01-03T08:00:00Z", 0, 29),
    *(lab(f"k{n}", "Potassium", "2823-3", v, "mmol/L", at, 3.5, 5.1) for n, (v, at) in enumerate(
        ((5.4, DAY.format(1)), (5.6, "2025-03-01T20:00:00Z"), (5.2, DAY.format(2)), (4.4, DAY.format(3)), (4.0, DAY.format(5))))),
    *(lab(f"l{n}", "Lactate", "2524-7", v, "mmol/L", at, 0.5, 2) for n, (v, at) in enumerate(((4.1, DAY.format(1)), (2.4, "2025-03-01T15:30:00Z"), (1.6, "2025-03-02T03:48:00Z"), (1.1, DAY.format(3))))),
    *(lab(f"a{n}", "AST", "1920-8", v, "U/L", at, 0, 40) for n, (v, at) in enumerate(((60, DAY.format(1)), (90, DAY.format(5))))),
    *(lab(f"b{n}", "ALT", "1742-6", v, "U/L", at, 0, 40) for n, (v, at) in enumerate(((40, DAY.format(1)), (45, DAY.format(5))))),
    result("w1", "Body weight", "29463-7", 80.0, "kg", "2025-03-09T08:00:00Z"), result("w2", "Body weight", "29463-7", 82.5, "kg", "2025-06-01"),
    *(given(n, "Meropenem", DAY.format(d), 500) for n, d in enumerate((2, 3, 4))), ordered("mer", "Meropenem", "2025-03-02", "2025-03-05", "IV"),
    ordered("ceph", "Cephalexin", "2024-02-02", "2024-02-04", "PO"),
    order("amo", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", "0", "2019-03-03", "completed"),
    order("mtx", "Methotrexate 2.5 mg tablet", "0", "2023-08-21", "on-hold", statusReason={"text": "Raised liver tests"}),
    order("lis", "Lisinopril 10 mg tablet", "0", "2023-08-21"), order("met", "Metformin 500 mg tablet", "0", "2023-08-21"),
    shot("2024-10-01", "Influenza, seasonal, injectable"), shot("2025-10-01", "Influenza, seasonal, injectable"), shot("2020-05-05", "Td (adult), preservative free"), shot("1961-04-02", "MMR vaccine"),
    procedure("p1", "Insertion of central venous catheter", "2025-03-02T10:00:00Z"), procedure("p2", "Thoracentesis", "2025-03-04"),
    procedure("x1", "Extraction of wisdom tooth", "2021-05-01"), procedure("x2", "Extraction of wisdom tooth", "2021-10-24"),
    report("echo", "Echocardiogram", "2024-02-02", "The left ventricular ejection fraction is 35 percent."),
    order("los1", "Losartan 50 mg tablet", "0", "2024-01-01", "completed", dose=("1 tablet daily", 50)), order("los2", "Losartan 100 mg tablet", "0", "2025-03-02", dose=("1 tablet daily", 100)),
    order("war", "Warfarin 1 mg tablet", "0", "2023-05-01", dose=("1 tablet twice daily", 1)), order("dar", "Darbepoetin 40 mcg injection", "0", "2023-05-01", dose=("40 mcg every 28 days", 0.04)),
    order("alb", "Albuterol inhaler", "0", "2023-05-01", dose=("2 puffs as needed", 0.18)),
    order("car", "Carvedilol 25 mg tablet", "0", "2024-01-01", dose=("1 tablet daily", 25)),
    {"resourceType": "ServiceRequest", "id": "fis", "status": "active", "intent": "order", "subject": P, "authoredOn": "2026-06-10", "code": {"text": "Vein mapping, left arm preserved for a fistula"}},
    {"resourceType": "ImagingStudy", "id": "img", "status": "available", "subject": P, "started": "2023-09-15", "series": [{"modality": {"code": "DX", "display": "Digital Radiography"}, "bodySite": {"display": "Arm"}}]},
    grown("scr", "MRSA screen", "No growth", "", "2025-03-01"), grown("cul", "Respiratory culture", "", "", "2025-03-02") | {"hasMember": [{"reference": "Observation/org"}]},
    grown("org", "Staph aureus", "STAPH AUREUS COAG +", "", "2025-03-02") | {"hasMember": [{"reference": "Observation/oxa"}, {"reference": "Observation/van"}]},
    grown("oxa", "Oxacillin", "R", "", "2025-03-02"), grown("van", "Vancomycin", "S", "", "2025-03-02"),
    {"resourceType": "FamilyMemberHistory", "id": "gm", "status": "completed", "patient": P, "relationship": {"text": "maternal grandmother"}, "condition": [{"code": {"text": "Ovarian cancer"}}]},
    {"resourceType": "FamilyMemberHistory", "id": "si", "status": "completed", "patient": P, "relationship": {"text": "sister"}, "condition": [{"code": {"text": "Breast cancer"}}]},
    note("n2", "Right arm weakness since the stroke.\n", "2025-04-02"), note("n3", "Denies new weakness.\nReferred to allergy for penicillin testing.\nDietitian advice on salt.\n", "2026-05-02"),
    note("n1", "ASSESSMENT:\nPassed the swallow test. K 4.0: recheck in one week.\n", "2025-03-09"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "value"),
    [
        # Days and shares of values.
        ("on how many days was the potassium above 5?", 2),
        ("how many readings of potassium above 5 were there?", 3),
        ("on how many days was the potassium measured?", 4),
        ("what percentage of his potassium values were above 5?", 60),
        ("what fraction of potassium results was high?", 60),
        ("AST/ALT ratio?", 2),
        ("what was the ratio of AST to ALT on 1 March 2025?", 1.5),
        # A day of a stay, and the clock.
        ("what was the potassium on hospital day 3?", 4.4),
        ("what procedure was done the day after admission?", ["Insertion of central venous catheter"]),
        ("lowest potassium on the second day of the hospital stay", 5.2),
        ("at what time did the lactate fall below 2 for the first time?", "2025-03-02T03:48:00Z"),
        ("how many days between the last two admissions?", 390),
        ("which diagnoses were coded for the hospital admission of March 1, 2025?", ["Acute kidney injury", "Pneumonia"]),
        # Counted and first.
        ("count the number of times that the patient has been given meropenem since 03/03/2025", 2),
        ("has any dose of meropenem been administered since 03/05/2025?", False),
        ("how many days passed between the first and the last wisdom tooth extraction?", 176),
        ("how old was he at his first potassium?", 64),
        ("what is the most common reason for his visits?", "Sinusitis"),
        ("has he ever had migraine?", True),
        ("which shots did he get on his first birthday?", ["MMR vaccine"]),
        # All but one.
        ("which vaccines besides the flu shots has he had?", ["MMR vaccine", "Td (adult), preservative free"]),
        ("apart from metformin, which drugs does he take?", ["Albuterol inhaler", "Carvedilol 25 mg tablet", "Darbepoetin 40 mcg injection", "Lisinopril 10 mg tablet", "Losartan 100 mg tablet", "Warfarin 1 mg tablet"]),
        ("how many of his current medications other than metformin?", 6),
        # By whoever asks it.
        ("Pharmacist: which antibiotics were ordered in 2025?", ["Meropenem"]),
        ("I'm his daughter: did my father have pneumonia?", True),
        ("what was my husband's last weight?", 82.5),
        # In their order, and how much changed.
        ("was the thoracentesis before or after the central venous catheter?", "after"),
        ("which was started first, lisinopril or meropenem?", "Lisinopril 10 mg tablet"),
        ("how many hours between the admission and the central venous catheter?", 27),
        ("how many hours after admission did the lactate fall below 2?", 20.8),
        ("how many days after admission was the thoracentesis?", 3),
        ("did his weight change by more than 2 kg since 2025?", True),
        ("did the potassium fall by at least 2 during the 2025 stay?", False),
        ("potassium on the day of the increase in losartan", 5.2),
        ("when was the losartan dose increased?", "2025-03-02"),
        ("does he have pneumonia or just bronchitis?", "Pneumonia"),
        ("does he have retinopathy or pneumonia?", True),
        ("is he vaccinated against polio?", False),
        ("has he been vaccinated against measles?", True),
        ("when was the CKD diagnosed and what was his lipase at that time?", "2022-01-01"),
        ("any imaging done?", True),
        # A denial of something new, and what a note alone arranges.
        ("any new weakness?", False),
        ("was he referred to allergy?", True),
        ("how many days after the pneumonia was the thoracentesis?", 6),
        # Days, firsts and the panel.
        ("on which days was meropenem given?", ["Meropenem", "Meropenem", "Meropenem"]),
        ("is the patient male?", "male"),
        ("what was the first lab done in the 2025 stay?", ["AST", "ALT", "Lactate", "Lactate", "MRSA screen", "Potassium", "Potassium"]),
        ("which drugs were ordered on the day of the first wisdom tooth extraction?", []),
        ("how many days after the admission was the central venous catheter placed?", 1),
        ("has any first-degree relative had ovarian cancer?", False),
        ("has any first-degree relative had breast cancer?", True),
        ("which problem was added most recently?", ["Acute kidney injury"]),
        # How often a drug is taken, and when one began.
        ("which of his drugs are taken twice a day?", ["Warfarin 1 mg tablet"]),
        ("what does he take every four weeks?", ["Darbepoetin 40 mcg injection"]),
        ("how many of his drugs are as needed?", 1),
        ("does he take anything at bedtime?", False),
        ("which medications were started in the past two years?", ["Meropenem"]),
        ("list his procedures in date order", ["Extraction of wisdom tooth", "Extraction of wisdom tooth", "Insertion of central venous catheter", "Thoracentesis"]),
        # States and names.
        ("when was the first time that amoxicillin / clavulanate was prescribed?", "2019-03-03"),
        ("which of his drugs is on hold?", ["Methotrexate 2.5 mg tablet"]),
        ("from which date is albuminuria coded?", "2024-04-04"),
        ("on what date was CKD stage 3b closed on the problem list?", "2025-09-03"),
        ("was MRSA found?", True),
        ("to how many drugs was the staph aureus resistant?", 1),
        ("what did the last echo show for EF?", 35),
    ],
)
def test_what_is_asked_is_answered(told: Ask, question: str, value: Any) -> None:
    answer = told(question)
    assert answer["answered"], answer["answer"]
    found = answer["result"]["value"]
    assert (sorted(found) == sorted(value)) if isinstance(value, list) else found == value, answer["answer"]


@pytest.mark.parametrize(
    "question",
    ["what was my wife's last weight?", "peanut-specific IgE", "serum mg?", "what was the weight - what brought it on?", "what percentage of lipase values were high?",
     "ratio of ferritin to CRP", "when was the carvedilol dose increased?", "does he have a fistula?", "is the pneumonia getting better?", "how long until the lactate was under 2?",
     "what changed between the last two visits?", "which of his drugs are nephrotoxic?", "record a blood pressure of 118/77", "order a referral to cardiology", "what dose of lisinopril was prescribed in the 2025 stay?", "does he have migraine?", "does he still have weakness?", "was he referred to a dietitian?", "has he ever had status epilepticus?", "what did the insurance letter say?", "vaccinated against dengue?", "which drugs other than methotrexate are on hold?", "on how many days was the amylase above 100?"],
)  # fmt: skip
def test_what_only_looks_like_an_answer_is_none(told: Ask, question: str) -> None:
    assert not told(question)["answered"], told(question)["answer"]


def test_the_plan_of_a_value_is_no_value(told: Ask) -> None:
    answer = told("K 4.0 - plan?")
    assert "recheck in one week" in answer["answer"]


def test_first_and_latest_of_one_thing_are_two_values(told: Ask) -> None:
    value = told("what was the first recorded lactate and the most recent one?")["result"]["value"]
    assert (value["first"]["value"], value["second"]["value"]) == (4.1, 1.1)


@pytest.mark.parametrize(
    ("text", "gender", "rest", "other"),
    [
        ("nurse: what is her weight?", "female", "what is her weight?", ""),
        ("Audit - was the BP under 140?", "male", "was the BP under 140?", ""),
        ("My husband's dose of metformin?", "male", "the patient's dose of metformin?", ""),
        ("my mother's BP", "male", "my mother's BP", "my mother's"),
        ("my son takes what?", "", "the patient takes what?", ""),
        ("who is the nurse?", "female", "who is the nurse?", ""),
    ],
)
def test_who_asks_is_left_out(text: str, gender: str, rest: str, other: str) -> None:
    assert asker_left_out(text, gender) == (rest, other)


def test_a_combination_is_known_by_its_parts_and_their_strengths() -> None:
    own, _ = concepts_of("medication", (), "Hydrochlorothiazide 12.5 MG / Lisinopril 10 MG Oral Tablet")
    assert "drug:lisinopril-hydrochlorothiazide" in own
    assert "drug:lisinopril-hydrochlorothiazide" not in concepts_of("medication", (), "Lisinopril 10 MG Oral Tablet")[0]
