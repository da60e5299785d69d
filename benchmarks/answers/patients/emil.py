"""Held and abandoned orders, dose steps, an admission over the turn of the year, an operation that was called off."""

from benchmarks.answers.patients.build import Record

SLUG = "made-emil"
# fmt: off
_r = Record(SLUG, "Emil", "Novak", "male", "1955-01-30")

_r.problem("Heart failure with reduced ejection fraction", "2024-09-16", "I50.22")
_r.problem("Type 2 diabetes mellitus", "2013-03", "E11.9")
_r.problem("Peptic ulcer", "2008-02-02", "K27.9", state="resolved", ended="2008-06-01")
_r.problem("Stroke", "2025-12-29", "I63.9", state=None, verified="refuted", note="MRI normal; hypoglycemia")
_r.allergy("Aspirin", "2008-02-02", "Bleeding ulcer")

for _day, _value in (("2024-09-17", 28), ("2025-03-20", 36), ("2026-05-19", 44)):
    _r.lab(_day, "Left ventricular ejection fraction", "10230-1", _value, "%", category="imaging")
for _day, _value in (
    ("2025-12-29T04:00:00Z", 38), ("2025-12-29T09:00:00Z", 142), ("2026-01-02T07:00:00Z", 131), ("2026-05-19T08:00:00Z", 127),
):
    _r.lab(_day, "Glucose", "2345-7", _value, "mg/dL", limits=(70, 99))
for _day, _value in (("2025-06-30", 7.1), ("2025-11-18", 6.2), ("2026-05-19", 7.4)):
    _r.lab(_day, "Hemoglobin A1c", "4548-4", _value, "%", limits=(4.0, 5.6))
for _day, _value in (("2025-06-30", 1.2), ("2025-12-29", 1.8), ("2026-01-02", 1.3), ("2026-05-19", 1.2)):
    _r.lab(_day, "Creatinine", "2160-0", _value, "mg/dL", limits=(0.7, 1.3))
_r.lab("2025-12-29", "Sodium", "2951-2", 131, "mmol/L", limits=(136, 145))
_r.lab("2026-01-02", "Sodium", "2951-2", 137, "mmol/L", limits=(136, 145))
_r.lab("2025-12-29", "Magnesium", "19123-9", 2.0, "mg/dL", status="entered-in-error")
for _day, _value in (("2025-12-29", 97.5), ("2026-01-02", 95.0), ("2026-03-11", 96.4), ("2026-05-19", 98.8)):
    _r.lab(_day, "Body weight", "29463-7", _value, "kg", category="vital-signs")
_r.pressure("2026-01-02T08:00:00Z", 118, 70)
_r.pressure("2026-03-11T08:00:00Z", 124, 72)
_r.pressure("2026-05-19T08:00:00Z", 130, 74)

_r.drug("2013-03-20", "Glimepiride 4 mg tablet", "1 tablet with breakfast", (4, "mg"), status="stopped", why="Severe hypoglycemia", ends="2025-12-29")
_r.drug("2024-09-20", "Bisoprolol 2.5 mg tablet", "1 tablet daily", (2.5, "mg"), status="completed")
_r.drug("2025-03-20", "Bisoprolol 5 mg tablet", "1 tablet daily", (5, "mg"), status="completed")
_r.drug("2026-03-11", "Bisoprolol 10 mg tablet", "1 tablet daily", (10, "mg"))
_r.drug("2024-09-20", "Ramipril 5 mg capsule", "1 capsule daily", (5, "mg"))
_r.drug("2026-03-11", "Ivabradine 5 mg tablet", "1 tablet twice daily", (5, "mg"), status="cancelled", why="Heart rate already 62")
_r.drug("2024-09-20", "Eplerenone 25 mg tablet", "1 tablet daily", (25, "mg"), status="on-hold", why="Breast tenderness")
_r.drug("2026-01-02", "Linagliptin 5 mg tablet", "1 tablet daily", (5, "mg"))
_r.says("2025-02-01", "Magnesium citrate", "1 sachet at night")
_r.says("2023-01-01", "Naproxen 220 mg", "When the back hurts", status="not-taken")

_r.visit("2025-12-29T03:30:00Z", "EMER", "Found confused", end="2025-12-29T10:00:00Z")
_r.visit("2025-12-29T10:00:00Z", "IMP", "Severe hypoglycemia", end="2026-01-02T13:00:00Z")
_r.visit("2026-03-11T08:00:00Z", "AMB", "Heart failure review", end="2026-03-11T08:30:00Z")
_r.visit("2026-05-19T08:00:00Z", "AMB", "Heart failure review", end="2026-05-19T08:30:00Z")
_r.report("2025-12-29", "MRI brain", "No acute infarct. Old white matter change.")
_r.report("2026-06-25", "Holter monitor, 48 hours", None, status="registered")
_r.done("2026-06-10", "Inguinal hernia repair, right", status="not-done", why="Cold on the day")
_r.done("2024-09-18", "Coronary angiography")
_r.order("2026-05-19", "Holter monitor, 48 hours")
_r.vaccine("2025-09-30", "Influenza vaccine, high dose", "135")
_r.vaccine("2024-02-06", "Pneumococcal conjugate vaccine (PCV20)", "216")
_r.relative("brother", "BRO", "Type 1 diabetes", 12)
_r.note(
    "2026-01-02", "Discharge summary", "18842-5",
    """ADMITTED: 29 December. His daughter found him confused; glucose 38 by the ambulance.
    COURSE: Glimepiride with two missed meals during a cold. MRI of the brain was normal, so this was no stroke.
    Creatinine 1.8 on arrival, 1.3 at discharge. No infection found.
    CHANGES: glimepiride stopped for good, linagliptin started. Eplerenone still on hold.""",
)
_r.note(
    "2026-05-19", "Progress note", "11506-3",
    """Climbs two floors. No orthopnea, ankles dry. Right groin bulge, wants it fixed. Wife was given digoxin last week.
    Echo today 44 %. Sleeps with one pillow. Drinks a beer on Sundays. Plan: Holter for skipped beats.""",
)
RESOURCES = _r.resources
