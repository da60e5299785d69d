"""Orders that stopped, were held or never started; a planned operation; the same test twice on a day."""

from benchmarks.answers.patients.build import Record

SLUG = "made-bruno"
# fmt: off
_r = Record(SLUG, "Bruno", "Castellan", "male", "1949-11-02")

_r.problem("Atrial fibrillation", "2022-01-18", "I48.91")
_r.problem("Chronic kidney disease, stage 3a", "2023-04", "N18.31")
_r.problem("Gout", "2016", "M10.9")
_r.problem("Deep vein thrombosis of the left leg", "2014-06-11", "I82.402", state="resolved", ended="2014-12-11")
_r.problem("Prostate cancer", "2025-09-05", "C61", state=None, verified="entered-in-error", note="Wrong chart")
_r.allergy("No known drug allergy", "2022-01-18", code="409137002")

for _day, _value in (
    ("2026-01-10T07:00:00Z", 1.5), ("2026-04-02T06:00:00Z", 2.4), ("2026-04-02T18:00:00Z", 2.1),
    ("2026-04-04T06:00:00Z", 1.7), ("2026-06-08T09:00:00Z", 1.6),
):
    _r.lab(_day, "Creatinine", "2160-0", _value, "mg/dL", limits=(0.7, 1.3))
for _day, _value in (("2026-01-10", 4.4), ("2026-04-02", 5.9), ("2026-04-04", 4.7), ("2026-06-08", 4.5)):
    _r.lab(_day, "Potassium", "2823-3", _value, "mmol/L", limits=(3.5, 5.1))
for _day, _value in (("2026-01-10", 24), ("2026-04-02", 61), ("2026-04-04", 38), ("2026-06-08", 27)):
    _r.lab(_day, "Urea nitrogen", "3094-0", _value, "mg/dL", limits=(7, 20))
for _day, _value in (("2025-12-30", 2.4), ("2026-01-20", 3.8), ("2026-02-17", 2.2)):
    _r.lab(_day, "INR", "6301-6", _value, "INR", "{INR}", limits=(0.9, 1.1))
_r.lab("2026-04-02", "Ferritin", "2276-4", 412, "ng/mL", limits=(30, 300))
_r.lab("2026-06-08", "Uric acid", "3084-1", 7.9, "mg/dL", status="preliminary", limits=(3.5, 7.2))
for _day, _value in (("2026-04-02", 92.4), ("2026-04-05", 88.1), ("2026-05-06", 89.6), ("2026-06-08", 90.9)):
    _r.lab(_day, "Body weight", "29463-7", _value, "kg", category="vital-signs")

_r.drug("2022-01-20", "Warfarin 5 mg tablet", "1 tablet every evening", (5, "mg"), status="stopped", why="Changed to apixaban", ends="2026-02-20")
_r.drug("2026-02-20", "Apixaban 5 mg tablet", "1 tablet twice daily", (5, "mg"), reason="Atrial fibrillation")
_r.drug("2022-01-20", "Metoprolol succinate ER 50 mg tablet", "1 tablet daily", (50, "mg"))
_r.drug("2023-05-02", "Lisinopril 20 mg tablet", "1 tablet daily", (20, "mg"), status="stopped", why="Acute kidney injury, potassium 5.9", ends="2026-04-02")
_r.drug("2016-03-01", "Allopurinol 100 mg tablet", "1 tablet daily", (100, "mg"))
_r.drug("2026-04-05", "Torsemide 10 mg tablet", "1 tablet daily", (10, "mg"), status="on-hold", why="Dizzy on standing")
_r.drug("2026-06-08", "Dapagliflozin 10 mg tablet", "1 tablet daily", (10, "mg"), status="draft")
_r.says("2026-05-20", "Loratadine 10 mg", "1 daily in the pollen season")

_r.visit("2026-04-02T05:00:00Z", "EMER", "Vomiting and weakness", end="2026-04-02T12:00:00Z")
_r.visit("2026-04-02T12:00:00Z", "IMP", "Acute kidney injury", end="2026-04-05T14:00:00Z")
_r.visit("2026-06-08T09:00:00Z", "AMB", "Kidney follow-up", end="2026-06-08T09:30:00Z")
_r.done(None, "Cataract extraction, left eye", status="preparation")
_r.done("2019-10-01", "Colonoscopy")
_r.order("2026-06-08", "Renal ultrasound")
_r.order("2026-02-20", "Echocardiogram", status="revoked")
_r.vaccine("2025-10-09", "Influenza vaccine, high dose", "135")
_r.vaccine("2025-10-09", "COVID-19 mRNA vaccine", "208", status="not-done", why="Declined")
_r.relative("father", "FTH", "Bladder cancer", 70)
_r.note(
    "2026-04-05", "Discharge summary", "18842-5",
    """REASON FOR ADMISSION:
    Acute kidney injury after four days of vomiting while on lisinopril.
    COURSE:
    Creatinine 2.4 on arrival, 1.7 on 4 April. Two litres of saline. Lisinopril stopped. No dialysis was needed.
    A left inguinal hernia was seen; surgery is not wanted.
    PLAN:
    Do not restart lisinopril before the kidney clinic.""",
)
RESOURCES = _r.resources
