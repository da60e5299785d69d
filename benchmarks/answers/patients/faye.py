"""A young woman: partial dates, a resolved injury of one side, a vaccine not given, doses by weight."""

from benchmarks.answers.patients.build import Record

SLUG = "made-faye"
# fmt: off
_r = Record(SLUG, "Faye", "Oduya", "female", "1999-12-05")

_r.problem("Ulcerative colitis", "2021-03-08", "K51.90")
_r.problem("Fracture of the right ankle", "2023-08", "S82.891A", state="resolved", ended="2023-11-20")
_r.problem("Celiac disease", "2021-02-15", "K90.0", state=None, verified="refuted", note="Biopsy normal")
_r.problem("Iron deficiency", "2025-10-06", "E61.1")

for _day, _value in (
    ("2025-04-01", 820), ("2025-10-06", 340), ("2026-03-31", 95), ("2026-04-01", 90), ("2026-06-22", 45),
):
    _r.lab(_day, "Calprotectin, fecal", "38445-3", _value, "ug/g", limits=(None, 50))
for _day, _value in (("2025-04-01", 10.6), ("2025-10-06", 11.0), ("2026-06-22", 12.7)):
    _r.lab(_day, "Hemoglobin", "718-7", _value, "g/dL", limits=(12.0, 16.0))
for _day, _value in (("2025-10-06", 9), ("2026-06-22", 38)):
    _r.lab(_day, "Ferritin", "2276-4", _value, "ng/mL", limits=(30, 300))
_r.lab("2026-06-22", "C-reactive protein", "1988-5", 2, "mg/L", status="preliminary", limits=(None, 5))
_r.lab("2026-04-01", "Pregnancy test, urine", "2106-3", "Negative")
for _day, _value in (("2025-04-01", 54.0), ("2025-10-06", 56.2), ("2026-06-22", 59.1)):
    _r.lab(_day, "Body weight", "29463-7", _value, "kg", category="vital-signs")

_r.drug("2021-03-10", "Mesalamine 1.2 g tablet", "2 tablets daily", (2.4, "g"))
_r.drug("2025-04-02", "Prednisone 20 mg tablet", "40 mg daily, less by 5 mg a week", (40, "mg"), status="completed", reason="Flare of colitis")
_r.drug("2025-04-20", "Infliximab 5 mg/kg infusion", "Weeks 0, 2 and 6", (270, "mg"), status="stopped", why="Infusion reaction at the second dose", ends="2025-05-04")
_r.drug("2025-06-02", "Vedolizumab 300 mg infusion", "Every 8 weeks", (300, "mg"))
_r.drug("2025-10-07", "Iron sucrose 200 mg infusion", "Once a week for five weeks", (200, "mg"), status="completed")
_r.drug("2026-06-22", "Budesonide 9 mg tablet", "1 tablet daily", (9, "mg"), status="cancelled", why="Symptoms had settled")
_r.says("2022-05-01", "Ethinyl estradiol-norgestimate pill", "1 daily", status="stopped", ended="2024-02-28")

_r.visit("2025-04-01T09:00:00Z", "AMB", "Bloody diarrhea", end="2025-04-01T09:30:00Z")
_r.visit("2025-05-04T14:00:00Z", "EMER", "Hives during an infusion", end="2025-05-04T19:00:00Z")
_r.visit("2026-06-22T09:00:00Z", "AMB", "Colitis review", end="2026-06-22T09:30:00Z")
_r.report("2021-03-05", "Colonoscopy report", "Continuous inflammation from the rectum to the splenic flexure.")
_r.report("2021-02-15", "Duodenal biopsy", "Normal villi. No celiac disease.")
_r.done("2021-03-05", "Colonoscopy")
_r.done("2026-05-11", "Sigmoidoscopy", status="not-done", why="Did not attend")
_r.vaccine("2025-10-06", "Influenza vaccine, preservative free", "140")
_r.vaccine("2026-06-22", "MMR vaccine", "03", status="not-done", why="Immunosuppressed")
_r.vaccine("2012-01-11", "Human papillomavirus vaccine, 4-valent", "62")
_r.vaccine("2012-07-12", "Human papillomavirus vaccine, 4-valent", "62")
_r.order("2026-06-22", "Colonoscopy for surveillance", due="2027-03-01")
_r.relative("father", "FTH", "Crohn disease", 28)
_r.note(
    "2025-05-04", "Emergency department note", "34111-5",
    """Hives and wheeze 15 minutes into the second infliximab infusion. Epinephrine once, settled in an hour.
    No hypotension. Advice: no more infliximab. Gastroenterology told by phone.""",
)
_r.note(
    "2026-06-22", "Progress note", "11506-3",
    """One formed stool a day, no blood. Training for a half marathon in October. Roommate has mono, she has no sore throat.
    Thinks about a baby in two years. Vedolizumab suits her. Allergies were not discussed today.""",
)
RESOURCES = _r.resources
