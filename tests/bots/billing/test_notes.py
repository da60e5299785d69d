"""Whole notes as clinicians write them, and the codes that a coder would read from them."""

from __future__ import annotations

import pytest

from services.fhir.sqlite import SQLiteRepository
from tests.bots.billing.builder import Case, diagnoses, services

NOTES = [
    (
        "Assessment/Plan:\n1. Acute on chronic HFrEF - worsening dyspnea and edema. Increase furosemide to 80 mg BID.\n"
        "2. T2DM with CKD stage 3b, A1c 8.9, uncontrolled. Start empagliflozin.\n3. HTN - stable on losartan.\n"
        "4. Hx of breast cancer s/p mastectomy 2015.\nI spent 45 minutes on this visit today.",
        ["I13.0", "I50.23", "E11.22", "N18.32", "Z85.3"], ["99215"],
    ),
    (
        "S: runny nose, cough 2 days. O: TMs clear. Lungs clear.\nA: Viral URI. No evidence of otitis media or pneumonia.\n"
        "P: supportive care, return if wheezing.",
        ["J06.9"], ["99212"],
    ),
    (
        "Impression: Left knee osteoarthritis, moderate. Possible meniscal tear, will get MRI.\nPlan: ibuprofen prn, PT referral.",
        ["M17.12"], ["99212"],
    ),
    (
        "ASSESSMENT: Major depressive disorder, recurrent, moderate. Generalized anxiety disorder. Insomnia.\n"
        "PLAN: increase sertraline to 100 mg. Discussed risks of serotonin syndrome and suicide risk. Denies SI.",
        ["F33.1", "F41.1", "G47.00"], ["99214"],
    ),
    (
        "Assessment: Moderate persistent asthma with acute exacerbation. Plan: prednisone 40 mg x5d started, albuterol nebs.",
        ["J45.41"], ["99214"],
    ),
    (
        "Patient here for BP check. Hypertension well controlled on amlodipine 5 mg, continue. Family history of stroke. Wants flu vaccine.",
        ["I10"], ["99213"],
    ),
    (
        "Assessment and Plan:\nDiabetes screening negative. No depression. Low risk for stroke. Monitor for hypoglycemia. "
        "Preventive: colon cancer screening due. Osteoporosis prevention with calcium.",
        [], [],
    ),
    (
        "ASSESSMENT AND PLAN:\n1. Asthma. Hypoglycemia plan reviewed. Right great toe: early neuropathy?\n2. CTPA for pleuritic pain.",
        ["J45.909"], ["99212"],
    ),
    ("Assessment: Healing closed fracture, here for follow-up.", [], []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes", "visit"), NOTES)
def test_a_note_is_read_as_a_coder_reads_it(repository: SQLiteRepository, text: str, codes: list[str], visit: list[str]):
    case = Case(repository)
    case.note(text)
    answer = case.ask()
    assert diagnoses(answer) == codes
    assert services(answer) == visit


def test_in_an_emergency_the_complaint_is_first_and_what_is_to_be_ruled_out_is_not_coded(repository: SQLiteRepository):
    case = Case(repository, kind="EMER")
    case.note("ED course: troponin negative x2.\nDiagnosis: Chest pain, rule out ACS. Hypertension.\nDisposition: discharged home.")
    assert diagnoses(case.ask()) == ["R07.9", "I10"]
