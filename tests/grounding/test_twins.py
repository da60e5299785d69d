"""Each way of saying something otherwise than the evidence: the true sentence passes, its false twin is refused."""

from __future__ import annotations

import pytest

from services.grounding import Evidence, check
from tests.grounding.world import AS_OF, item

FUROSEMIDE = item(1, "DocumentReference", "2026-03-04", "DISCHARGE: furosemide 40 mg BID, started for edema.")
TABLETS = item(
    1, "MedicationRequest", "2026-03-04", "Acetaminophen 325 MG Oral Tablet.\nDose: Take 2 tablets every 6 hours\nStatus: active"
)  # fmt: skip
UNEVEN = item(
    1, "MedicationRequest", "2026-03-04",
    "gabapentin 300 MG Oral Capsule.\nDose: Take 1 capsule in the morning and 2 capsules at bedtime\nStatus: active",
)  # fmt: skip
PUFFS = item(1, "DocumentReference", "2026-03-04", "Start Flovent 44 mcg 2 puffs BID.")
PARTS = item(1, "DocumentReference", "2026-03-04", "Lithium carbonate 300 mg AM, 600 mg HS.")
LDL = item(1, "DocumentReference", "2026-03-04", "LDL 93 mg/dL on ezetimibe (128 off treatment).")
INRS = item(1, "DocumentReference", "2026-03-04", "INR 5.8, then 3.6, today 2.8.")
PSA = item(1, "DocumentReference", "2026-03-04", "PSA 3.1 ng/mL (2.8 in 2024, 2.4 in 2023).")
ALT = item(1, "DocumentReference", "2026-03-04", "ALT 78 U/L (38 before).")
GLUCOSE = item(1, "DocumentReference", "2026-03-04", "1-hour glucose screen 156 mg/dL (cut-off 140).")
VITAMIN = item(1, "DocumentReference", "2026-03-04", "Vitamin D 18 ng/mL. Zoledronic acid once vitamin D is above 30 ng/mL.")  # fmt: skip
NODULE = item(
    1, "DiagnosticReport", "2026-03-04",
    "Conclusion: 1. Solid nodule in the mid left lobe, 1.8 x 1.2 x 1.1 cm, TI-RADS 4. 2. Two nodules in the right lobe under 6 mm, TI-RADS 1.",
)  # fmt: skip
EYES = item(1, "DocumentReference", "2026-03-04", "Eye pressure 16 OD, 19 OS on latanoprost qHS OU.")
SCOPE = item(
    1, "DiagnosticReport", "2025-09-30", "Conclusion: Two polyps. Surveillance colonoscopy in 3 years."
)
WARD = item(1, "DocumentReference", "2026-03-04", "Afebrile overnight, Tmax 37.6. Foley d/c'd at 06:00.")
POTASSIUM = item(1, "Observation", "2026-06-01", "Potassium [Moles/volume] in Serum or Plasma 5.9 mmol/L (high).\nReference range 3.5–5.1 mmol/L.")  # fmt: skip
SHARE = item(1, "Observation", "2026-06-01", "Hemoglobin A1c/Hemoglobin.total in Blood 8.4 %.")
PREGNANT = item(1, "DocumentReference", "2026-03-04", "29F G1P0 at 34w2d. BP 138/88. Height 170 cm.")
WBC = item(1, "DocumentReference", "2026-03-04", "WBC 14.2 -> 11.0, glucose 180-260 on steroids.")
SALINE = item(
    1, "DocumentReference", "2026-03-04", "DKA. 2 L saline, insulin infusion per protocol. No vomiting."
)
CYSTITIS = item(1, "MedicationRequest", "2026-05-19", "Amoxicillin 500 mg capsule.\nStatus: completed\nReason: Streptococcal pharyngitis")  # fmt: skip
DIALYSIS = item(
    1, "DocumentReference", "2026-03-04", "BP pre 158/82, post 132/74. Epoetin 4,000 units 3x/wk."
)
ASTHMA = item(1, "DocumentReference", "2026-03-04", "Asthma since childhood. No ED visits or intubations ever. Never smoked.")  # fmt: skip
AGE = item(1, "DocumentReference", "2026-03-04", "61F, HR 66.")
FLU = item(1, "DocumentReference", "2026-03-04", "Declined flu shot. Amlodipine to 10 mg.")

TWINS: list[tuple[Evidence, str, str]] = [
    (FUROSEMIDE, "Furosemide 80 mg per day was given [1].", "Furosemide 80 mg once daily was given [1]."),
    (FUROSEMIDE, "Furosemide 80 mg a day was given [1].", "Furosemide 120 mg a day was given [1]."),
    (TABLETS, "Acetaminophen 650 mg every six hours is active [1].", "Acetaminophen 975 mg every six hours is active [1]."),
    (TABLETS, "Acetaminophen 650 mg q6h, at most 2.6 g a day [1].", "Acetaminophen 650 mg q6h, at most 3.9 g a day [1]."),
    (UNEVEN, "Gabapentin 300 mg in the morning and 600 mg at night [1].", "Gabapentin 300 mg in the morning and 300 mg at night [1]."),
    (UNEVEN, "Gabapentin 900 mg per day in all [1].", "Gabapentin 1,200 mg per day in all [1]."),
    (PUFFS, "Flovent comes to 176 mcg per day [1].", "Flovent comes to 88 mcg per day [1]."),
    (PARTS, "Lithium 300 mg in the morning and 600 mg at bedtime [1].", "Lithium 600 mg in the morning and 300 mg at bedtime [1]."),
    (LDL, "LDL fell by 27 %, from 128 to 93 mg/dL [1].", "LDL fell by 37 %, from 128 to 93 mg/dL [1]."),
    (LDL, "LDL is 35 mg/dL lower: from 128 to 93 mg/dL [1].", "LDL is 53 mg/dL lower: from 128 to 93 mg/dL [1]."),
    (INRS, "The INR came down from 5.8 to 3.6 [1].", "The INR went up from 3.6 to 5.8 [1]."),
    (PSA, "PSA was 2.8 in 2024 and 2.4 in 2023 [1].", "PSA was 2.4 in 2024 and 2.8 in 2023 [1]."),
    (ALT, "ALT doubled, from 38 to 78 U/L [1].", "ALT tripled, from 38 to 78 U/L [1]."),
    (GLUCOSE, "Glucose was 16 mg/dL above the cut-off [1].", "Glucose was 26 mg/dL above the cut-off [1]."),
    (VITAMIN, "Vitamin D was below 30 ng/mL [1].", "Vitamin D was above 30 ng/mL [1]."),
    (VITAMIN, "Vitamin D was not above 30 ng/mL [1].", "Vitamin D was not below 30 ng/mL [1]."),
    (NODULE, "The left-sided nodule measures 18 mm (TI-RADS 4) [1].", "The right-sided nodule measures 18 mm (TI-RADS 4) [1]."),
    (EYES, "Eye pressures were 16 on the right and 19 on the left [1].", "Eye pressures were 19 on the right and 16 on the left [1]."),
    (SCOPE, "The next colonoscopy is due in 2028 [1].", "The next colonoscopy is due in 2030 [1]."),
    (WARD, "There was no fever [1].", "There was a fever [1]."),
    (WARD, "The catheter came out at six in the morning [1].", "The catheter came out at eight in the morning [1]."),
    (POTASSIUM, "There was hyperkalemia (5.9 mmol/L) [1].", "There was hypokalemia (5.9 mmol/L) [1]."),
    (SHARE, "HbA1c was 8.4 % [1].", "Hemoglobin was 8.4 g/dL [1]."),
    (PREGNANT, "She was seen at 34 weeks and 2 days [1].", "She was seen at 34 weeks and 5 days [1]."),
    (PREGNANT, "Her height is 5 ft 7 in [1].", "Her height is 5 ft 2 in [1]."),
    (WBC, "White cells fell from 14.2 to 11.0 [1].", "White cells rose from 11.0 to 14.2 [1]."),
    (SALINE, "She received two liters of saline and an insulin infusion [1].", "She did not receive two liters of saline and an insulin infusion [1]."),
    (CYSTITIS, "The course of amoxicillin for strep throat has been completed [1].", "Amoxicillin for strep throat is still being taken [1]."),
    (DIALYSIS, "Blood pressure fell from 158/82 to 132/74 [1].", "Blood pressure rose from 132/74 to 158/82 [1]."),
    (DIALYSIS, "Epoetin comes to 12,000 units per week [1].", "Epoetin comes to 16,000 units per week [1]."),
    (ASTHMA, "He has never needed intubation for asthma [1].", "He has no asthma [1]."),
    (AGE, "She is 61 years old [1].", "She is 66 years old [1]."),
    (FLU, "She declined the influenza shot [1].", "She has influenza [1]."),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "true", "false"), TWINS)
def test_true_sentence_passes_and_its_twin_does_not(evidence: Evidence, true: str, false: str) -> None:
    assert check(true, [evidence], as_of=AS_OF).problems == ()
    assert not check(false, [evidence], as_of=AS_OF).supported


WEIGHTS = [
    item(1, "Observation", "2026-01-20", "Body weight 92.0 kg."),
    item(2, "Observation", "2026-06-22", "Body weight 82.8 kg."),
]
A1CS = [
    item(1, "Observation", "2025-06-10", "Hemoglobin A1c/Hemoglobin.total in Blood 8.4 %."),
    item(2, "Observation", "2026-06-09", "Hemoglobin A1c/Hemoglobin.total in Blood 6.8 %."),
]
EYE_EXAMS = [
    item(1, "DiagnosticReport", "2023-05-07", "Conclusion: No diabetic retinopathy in either eye."),
    item(2, "DiagnosticReport", "2025-05-06", "Conclusion: Mild nonproliferative diabetic retinopathy in both eyes."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "true", "false"),
    [
        (WEIGHTS, "She has lost 9.2 kg in five months [1][2].", "She has gained 9.2 kg in five months [1][2]."),
        (WEIGHTS, "She lost 10 % of her weight [1][2].", "She lost 15 % of her weight [1][2]."),
        (WEIGHTS, "Her weight fell by about 20 lb [1][2].", "Her weight fell by about 30 lb [1][2]."),
        (A1CS, "Over a year HbA1c came down by 1.6 points [1][2].", "Over a year HbA1c came down by 2.6 points [1][2]."),
        (EYE_EXAMS, "Mild retinopathy was found two years later [1][2].", "Mild retinopathy was found three years later [1][2]."),
    ],
)  # fmt: skip
def test_what_follows_from_two_entries_passes_and_its_twin_does_not(
    evidence: list[Evidence], true: str, false: str
) -> None:
    assert check(true, evidence, as_of=AS_OF).problems == ()
    assert not check(false, evidence, as_of=AS_OF).supported


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("for half a year", "mo", 6.0),
        ("a year and a half", "mo", 18.0),
        ("two and a half years", "mo", 30.0),
        ("34+2 weeks", "d", 240.0),
        ("7 min 30 s", "min", 7.5),
        ("fell by three quarters", "%", 75.0),
        ("within a month", "mo", 1.0),
    ],
)
def test_number_in_several_words(text: str, unit: str, value: float) -> None:
    from services.grounding.compounds import find_compounds

    (found,) = find_compounds(text)
    assert (found.unit, found.value) == (unit, value)


def test_a_pack_a_day_is_how_often_and_no_time() -> None:
    from services.grounding.compounds import find_compounds

    assert not list(find_compounds("a pack a day, 4 mL/min a year"))
