"""The words of chat models that answer a clinician: the true sentence passes, its near miss is refused."""

from __future__ import annotations

import pytest

from services.grounding import Evidence, check
from services.grounding.dates import find_dates, of_day
from services.grounding.shorthand import long_forms
from services.grounding.words import stem
from tests.grounding.world import ALLERGY, AS_OF, item


def of_record(number: int, date: str, text: str) -> Evidence:
    return item(number, "Observation", date, f"{text}\nDate: {date}\nStatus: final")


def note(text: str, date: str = "2026-03-27") -> Evidence:
    return item(1, "DocumentReference", date, text)


A1C = of_record(1, "2021-04-14", "Hemoglobin A1c/Hemoglobin.total in Blood 6.315 %.")
PRESSURE = of_record(1, "2020-04-26", "Blood pressure 151.2/109.7 mmHg.")
PRESSURE_NEW = of_record(2, "2021-05-01", "Blood pressure 162.9/103.6 mmHg.")
CREATININE = of_record(1, "2021-04-14", "Creatinine 0.8665 mg/dL.")
CBC = of_record(1, "2021-04-14", "Leukocytes [#/volume] in Blood by Automated count 8.279 10*3/uL.")
TABLET = item(1, "MedicationRequest", "2021-04-14", "Hydrochlorothiazide 12.5 MG Oral Tablet.\nDose: once daily\nStatus: active")  # fmt: skip
COMBINED = item(1, "MedicationRequest", "2018-09-15", "Stopped: Acetaminophen 325 MG / HYDROcodone Bitartrate 7.5 MG Oral Tablet.\nDose: 1 every 6 hours\nStatus: stopped")  # fmt: skip
HIGH = of_record(1, "2026-06-12", "Alanine aminotransferase (ALT) 78 U/L (high).\nReference range 7–45 U/L.")
POTASSIUM = of_record(1, "2026-06-10", "Potassium 5.3 mmol/L (high).\nReference range 3.5–5.1 mmol/L.")
BNP = [
    of_record(n, day, f"BNP {value} pg/mL (high).\nReference range ≤100 pg/mL.")
    for n, (day, value) in enumerate(
        [("2025-05-16", 1840), ("2026-05-01", 190), ("2026-06-15", 410)], start=1
    )
]
WEIGHTS = [
    of_record(n, day, f"Body weight {value} kg.")
    for n, (day, value) in enumerate(
        [("2026-06-02", 93.2), ("2026-06-09", 92.6), ("2026-06-15", 96.3)], start=1
    )
]
PANELS = [
    item(
        n, "DiagnosticReport", day,
        f"Basic metabolic panel.\n- Creatinine {creatinine} mg/dL\n- eGFR {egfr} mL/min/1.73 m2\nDate: {day}\nStatus: final",
    )
    for n, (day, creatinine, egfr) in enumerate([("2026-05-01", 1.4, 55), ("2026-06-15", 1.6, 47)], start=1)
]  # fmt: skip
FLOWS = [of_record(1, "2026-04-16", "Peak expiratory flow 110 L/min."), of_record(2, "2026-04-21", "Peak expiratory flow 165 L/min.")]  # fmt: skip
VALVES = [
    item(n, "DiagnosticReport", day, f"Echocardiogram.\nConclusion: {how} aortic stenosis.\nStatus: final")
    for n, (day, how) in enumerate([("2025-01-15", "Moderate"), ("2026-01-20", "Severe")], start=1)
]
NODULE = item(1, "DiagnosticReport", "2026-05-12", "Conclusion: 1. Spiculated nodule in the right upper lobe, 14 x 12 mm, previously 9 x 8 mm on 20-Nov-2025. 2. Stable 4 mm nodule in the left lower lobe.")  # fmt: skip
KETOACIDOSIS = item(1, "Condition", "2025-12-02", "Diabetic ketoacidosis (resolved).\nStatus: resolved, confirmed\nOnset: 02-Dec-2025\nAbated: 05-Dec-2025\nNote: Missed insulin during gastroenteritis")  # fmt: skip
APIXABAN = item(1, "MedicationRequest", "2024-06-02", "Apixaban 2.5 mg tablet.\nDose: Twice daily for 12 days after surgery\nStatus: completed\nReason: Prevention of clots after knee replacement")  # fmt: skip
ONCOLOGY = note("61F w/ stage IIIB colon adenocarcinoma, here for C8 of 12 mFOLFOX6. G1 nausea, G2 neuropathy. Plan: hold oxaliplatin this cycle, continue 5-FU/leucovorin.")  # fmt: skip
WARD = note("HD2. E. coli pyelonephritis. Repeat cx 25-Mar NGTD. Meropenem narrowed to ceftriaxone 2 g IV q24h on 26-Mar, day 5 of 14 total. Abx via PICC. No dialysis needed. Appt tomorrow 09:30.")  # fmt: skip
OPERATION = note("PROCEDURE: Laparoscopic right hemicolectomy. No conversion to open. COMPLICATIONS: none.")
REFERRED = note("pAF on apixaban. Referred to EP for ablation.")
REGISTERED = item(1, "DiagnosticReport", "2026-06-21", "Registered, no result yet: Acid-fast sputum culture.\nStatus: registered")  # fmt: skip
LIVER = note("Ascites has needed two paracenteses (SBP excluded both times). He takes lactulose. Rifaximin was not approved by his insurer.")  # fmt: skip
FOOT = note("DP/PT pulses 2+ bilat, ABI 1.02 R, 0.98 L. Hx L 5th toe amputation 2022.")
EYES = item(1, "DiagnosticReport", "2025-05-26", "Dilated retinal examination.\nConclusion: No diabetic retinopathy in either eye.\nStatus: final")  # fmt: skip
FATHER = note("Worried because his father had MI at 52.")
RHEUMATOLOGY = note("PMR. Pred 15 -> 5 mg/d over 5 mo. Avoid live vaccines.")
PLAN = item(1, "CarePlan", "2025-09-03", "Care plan: CKD plan.\nActivity: BP below 130/80\nStatus: active")
PLAN_PRESSURE = of_record(2, "2026-06-10", "Blood pressure 147/80 mmHg.")
ECG = item(
    1, "DiagnosticReport", "2026-03-20", "12-lead ECG.\nConclusion: Sinus rhythm 86/min.\nStatus: final"
)
INTOLERANCE = item(2, "AllergyIntolerance", "2023-03-18", "Intolerance: NSAIDs.\nStatus: active, confirmed\nReaction: Acute kidney injury (severe)")  # fmt: skip
PENICILLIN = item(1, "AllergyIntolerance", "2020-01-01", "Allergy: Penicillin.\nStatus: active, confirmed\nReaction: Hives")  # fmt: skip

CLAVULANATE = item(1, "MedicationRequest", "2022-06-20", "Stopped: Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet.\nStatus: stopped")  # fmt: skip
VITAMIN = [
    of_record(1, "2026-01-10", "Vitamin B12 168 pg/mL (low).\nReference range 200–900 pg/mL."),
    of_record(2, "2026-04-12", "Vitamin B12 412 pg/mL (normal).\nReference range 200–900 pg/mL."),
]
KIDNEYS = note(
    "58M w/ IgA nephropathy. BP 128/76 at goal. Hep B vaccine #2 given. Transplant evaluation if eGFR <20."
)
COURSE_OF_FIVE = note("Pred 40 mg PO daily day 3/5, DuoNebs q4h. Abx stopped 10-Feb.", "2026-02-11")
GRADED = note("C3 of 4 docetaxel. G1 neuropathy, G2 fatigue. Hgb 10.9 (11.6 at C2).")

COURSE_OF_CEPHALEXIN = note("XR R foot 02-Jun. Completed cephalexin 500 mg QID x 7 d on 12-Jun.", "2026-06-23")

TWINS: list[tuple[list[Evidence], str, str]] = [
    ([A1C], "HbA1c was 6.3 % [1].", "HbA1c was 6.4 % [1]."),
    ([CREATININE], "Creatinine was 0.87 mg/dL [1].", "Creatinine was 0.86 mg/dL [1]."),
    ([A1C], "HbA1c was 6.32 % [1].", "HbA1c was 6 % [1]."),
    ([TABLET], "She takes hydrochlorothiazide 12.5 mg [1].", "She takes hydrochlorothiazide 13 mg [1]."),
    ([PRESSURE], "Blood pressure was 151/110 mmHg [1].", "Blood pressure was 151/109 mmHg [1]."),
    ([PRESSURE, PRESSURE_NEW], "Between these two readings, systolic pressure rose by about 12 mmHg [1][2].", "Between these three readings, systolic pressure rose by about 12 mmHg [1][2]."),
    ([PRESSURE, PRESSURE_NEW], "Systolic pressure rose by 12 mmHg [1][2].", "Systolic pressure rose by 14 mmHg [1][2]."),
    ([CBC], "The white cell count was 8.3 ×10³/µL [1].", "The white cell count was 8.4 ×10³/µL [1]."),
    ([PENICILLIN, INTOLERANCE], "Two reactions are documented: hives from penicillin [1] and acute kidney injury from NSAIDs [2].", "Three reactions are documented: hives from penicillin [1] and acute kidney injury from NSAIDs [2]."),
    ([COMBINED], "Hydrocodone-acetaminophen 7.5/325 mg every 6 hours was stopped [1].", "Hydrocodone-acetaminophen 325/7.5 mg every 6 hours was stopped [1]."),
    ([COMBINED], "Hydrocodone-acetaminophen has been stopped [1].", "He is currently on hydrocodone-acetaminophen [1]."),
    ([ONCOLOGY], "This is cycle 8 of 12 of chemotherapy for colon cancer [1].", "This is cycle 7 of 12 of chemotherapy for colon cancer [1]."),
    ([ONCOLOGY], "Grade 2 neuropathy was noted [1].", "Grade 1 neuropathy was noted [1]."),
    ([ONCOLOGY], "5-FU and leucovorin continue [1].", "Oxaliplatin continues [1]."),
    ([HIGH], "The ALT of 78 U/L exceeds the upper limit of normal (45 U/L) [1].", "The ALT of 78 U/L is below the upper limit of normal [1]."),
    ([POTASSIUM], "Potassium was 5.3 mmol/L, slightly above the upper limit of 5.1 mmol/L [1].", "Potassium was 5.3 mmol/L, well above the upper limit of 5.1 mmol/L [1]."),
    ([HIGH], "ALT was well above the upper limit of normal [1].", "ALT was slightly above the upper limit of normal [1]."),
    (BNP, "BNP fell from 1,840 pg/mL to 190 pg/mL, but had risen again to 410 pg/mL [1][2][3].", "BNP fell from 1,840 pg/mL to 190 pg/mL, but had fallen again to 410 pg/mL [1][2][3]."),
    ([WEIGHTS[0], WEIGHTS[2]], "Weight rose steadily from 93.2 to 96.3 kg in less than two weeks [1][3].", "Weight rose steadily from 93.2 to 96.3 kg in less than one week [1][3]."),
    (WEIGHTS, "Weight rose from 93.2 to 96.3 kg [1][2][3].", "Weight rose steadily from 93.2 to 96.3 kg [1][2][3]."),
    (WEIGHTS, "He has gained 3.1 kg since early June 2026 [1][3].", "He has gained 3.1 kg since late June 2026 [1][3]."),
    (PANELS, "Creatinine rose from 1.4 to 1.6 mg/dL, while eGFR dropped from 55 to 47 mL/min/1.73 m² [1][2].", "Creatinine rose from 1.4 to 1.6 mg/dL, while eGFR climbed from 55 to 47 mL/min/1.73 m² [1][2]."),
    (FLOWS, "Peak flow improved from 110 to 165 L/min [1][2].", "Peak flow worsened from 110 to 165 L/min [1][2]."),
    (VALVES, "Aortic stenosis progressed from moderate to severe [1][2].", "Aortic stenosis improved from severe to moderate [1][2]."),
    ([NODULE], "The right upper lobe nodule has grown from 9 × 8 mm to 14 × 12 mm [1].", "The right upper lobe nodule has shrunk from 14 × 12 mm to 9 × 8 mm [1]."),
    ([NODULE], "The nodule measures 14 × 12 mm [1].", "The nodule measures 14 × 8 mm [1]."),
    ([KETOACIDOSIS], "The ketoacidosis had resolved by 5 December and followed missed insulin [1].", "The ketoacidosis was active and followed missed insulin [1]."),
    ([APIXABAN], "Apixaban was given to prevent clots after knee replacement and has been completed [1].", "Apixaban was given to prevent clots after knee replacement and is ongoing [1]."),
    ([WARD], "Dialysis was not required [1].", "Dialysis was required [1]."),
    ([WARD], "Meropenem was narrowed to ceftriaxone on 26 March 2026 [1].", "Meropenem was narrowed to ceftriaxone on 25 March 2026 [1]."),
    ([WARD], "The repeat cultures of 25 March have shown no growth to date [1].", "The repeat cultures of 25 March grew E. coli [1]."),
    ([WARD], "An appointment was made for 28 March 2026 [1].", "An appointment was made for 29 March 2026 [1]."),
    ([OPERATION], "The operation was completed laparoscopically without complications [1].", "The operation was converted to open surgery [1]."),
    ([OPERATION], "There were no complications [1].", "There were complications [1]."),
    ([COURSE_OF_CEPHALEXIN], "He finished a course of cephalexin on 12 June [1].", "He finished a course of cephalexin on 2 June [1]."),
    ([REFERRED], "He was referred for catheter ablation [1].", "He has undergone catheter ablation [1]."),
    ([REGISTERED], "The acid-fast sputum culture is still pending [1].", "The acid-fast sputum culture was negative [1]."),
    ([LIVER], "Spontaneous bacterial peritonitis was excluded [1].", "He takes lactulose and rifaximin [1]."),
    ([FOOT], "The ABI is 1.02 on the right and 0.98 on the left [1].", "The ABI is 1.02 on the left and 0.98 on the right [1]."),
    ([FOOT], "Foot pulses are 2+ on both sides [1].", "Foot pulses are 1+ on both sides [1]."),
    ([FOOT], "A toe of the left foot was amputated in 2022 [1].", "A toe of the right foot was amputated in 2022 [1]."),
    ([EYES], "No diabetic retinopathy was found at the dilated exam [1].", "Diabetic retinopathy was found at the dilated exam [1]."),
    ([FATHER], "There is a family history of heart disease [1].", "There is a family history of diabetes [1]."),
    ([RHEUMATOLOGY], "Prednisone was reduced to 5 mg [1].", "Prednisolone was reduced to 5 mg [1]."),
    ([RHEUMATOLOGY], "Live vaccines are to be avoided [1].", "Live vaccines were given [1]."),
    ([PLAN, PLAN_PRESSURE], "Blood pressure was 147/80 mmHg [2].", "At 147/80 mmHg, blood pressure is within target [1][2]."),
    ([CLAVULANATE], "Amoxicillin-clavulanate 250/125 mg has been stopped [1].", "She takes amoxicillin-clavulanate [1]."),
    (VITAMIN, "Vitamin B12 was below the lower limit of normal but had recovered to 412 pg/mL [1][2].", "Vitamin B12 was above the upper limit of normal but had recovered to 412 pg/mL [1][2]."),
    ([KIDNEYS], "Blood pressure was 128/76 mmHg, which is at goal [1].", "Blood pressure was above goal [1]."),
    ([KIDNEYS], "The second dose of hepatitis B vaccine was given [1].", "He has undergone kidney transplantation [1]."),
    ([COURSE_OF_FIVE], "He is on day 3 of 5 of prednisone 40 mg daily [1].", "He is on day 4 of 5 of prednisone 40 mg daily [1]."),
    ([COURSE_OF_FIVE], "Antibiotics were stopped on 10 February 2026 [1].", "Antibiotics were stopped on 11 February 2026 [1]."),
    ([GRADED], "Grade 1 neuropathy and grade 2 fatigue were noted [1].", "Grade 2 neuropathy and grade 1 fatigue were noted [1]."),
    ([GRADED], "Hemoglobin was 10.9, down from 11.6 at cycle 2 [1].", "Hemoglobin was 10.9, down from 11.6 at cycle 1 [1]."),
    ([ECG], "Sinus rhythm at 86 bpm [1].", "Sinus rhythm at 68 bpm [1]."),
]  # fmt: skip


@pytest.mark.parametrize(("evidence", "true", "false"), TWINS)
def test_true_sentence_passes_and_its_near_miss_is_refused(
    evidence: list[Evidence], true: str, false: str
) -> None:
    assert check(true, evidence, as_of=AS_OF).problems == ()
    assert not check(false, evidence, as_of=AS_OF).supported


def test_what_one_is_allergic_to_may_be_told_as_to_be_avoided() -> None:
    assert check("Penicillin is to be avoided [8].", [ALLERGY], as_of=AS_OF).supported
    assert not check("Penicillin is to be avoided [1].", [note("Takes penicillin daily.")], as_of=AS_OF).supported  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [("on 26-Mar", "2026-03-26"), ("in Nov", "2025-11-01"), ("on 2 April", "2026-04-02"), ("tomorrow", "2026-03-28")],
)  # fmt: skip
def test_date_without_a_year_is_the_one_nearest_to_its_note(text: str, day: str) -> None:
    import datetime as dt

    (when,) = find_dates(text)
    assert of_day(when, dt.date(2026, 3, 27)).readings[0][0].isoformat() == day


def test_short_form_of_two_senses_needs_the_words_beside_it() -> None:
    assert stem("peritonitis") in set(long_forms("Ascites, SBP excluded."))
    assert stem("peritonitis") not in set(long_forms("Ascites, SBP 92."))
    assert stem("peritonitis") not in set(long_forms("SBP excluded."))
