"""A child: an ear infection on one side, growth, and dates known only by the month."""

from benchmarks.answers.patients.build import Record

SLUG = "made-cleo"
# fmt: off
_r = Record(SLUG, "Cleo", "Marchetti", "female", "2018-08-21")

_r.problem("Acute otitis media, left ear", "2026-02-03", "H66.92", state="resolved", ended="2026-02-15")
_r.problem("Atopic dermatitis", "2019-01", "L20.9")
_r.problem("Asthma", None, "J45.909", state=None, verified="refuted", note="Spirometry normal, viral wheeze")
_r.allergy("No known allergies", "2026-02-03", code="716186003")
for _day, _kilos, _height in (
    ("2024-08-22", 20.1, 113.0), ("2025-08-25", 22.6, 119.5), ("2026-02-03", 24.0, 122.0), ("2026-06-09", 24.9, 124.2),
):
    _r.lab(_day, "Body weight", "29463-7", _kilos, "kg", category="vital-signs")
    _r.lab(_day, "Body height", "8302-2", _height, "cm", category="vital-signs")
_r.lab("2026-02-03", "Body temperature", "8310-5", 38.9, "°C", "Cel", category="vital-signs")
_r.lab("2026-06-09", "Hemoglobin", "718-7", 12.4, "g/dL", limits=(11.5, 15.5))
_r.lab("2026-06", "Lead, venous", "77307-7", 1.2, "ug/dL")
_r.drug("2026-02-03", "Amoxicillin 400 mg/5 mL suspension", "7 mL twice daily for 10 days", (560, "mg"), status="completed", reason="Acute otitis media")
_r.drug("2025-11-11", "Azithromycin 200 mg/5 mL suspension", "6 mL once daily for 3 days", (240, "mg"), status="completed", reason="Whooping cough contact")
_r.drug("2026-02-03", "Cefdinir 250 mg/5 mL suspension", "3 mL twice daily", (150, "mg"), status="cancelled", why="Amoxicillin preferred")
_r.drug("2019-02-12", "Hydrocortisone 1 % cream", "Thinly to the elbows twice daily", status="active", reason="Atopic dermatitis")
_r.says("2026-05-01", "Multivitamin gummies", "1 daily")
_r.visit("2026-02-03T15:00:00Z", "AMB", "Earache", end="2026-02-03T15:20:00Z")
_r.visit("2025-11-11T15:00:00Z", "VR", "Cough contact", end="2025-11-11T15:10:00Z")
_r.visit("2026-06-09T10:00:00Z", "AMB", "School check", end="2026-06-09T10:30:00Z")
_r.vaccine("2019-08-25", "MMR vaccine", "03")
_r.vaccine("2022-08-23", "MMR vaccine", "03")
_r.vaccine("2025-10-20", "Influenza vaccine, quadrivalent", "150", status="not-done", why="Out of stock")
_r.order("2026-06-09", "Audiology, hearing test")
_r.note(
    "2026-02-03", "Progress note", "11506-3",
    """Left earache for two days, temperature at home 39. Right drum normal; left drum red and bulging.
    Grandfather smokes outdoors only. No rash, no vomiting. Teacher says she misses words at the back of the class.
    Plan: amoxicillin 10 days, ibuprofen for pain, hearing test if it lasts beyond 3 months.""",
)
_r.note(
    "2026-06-09", "Progress note", "11506-3",
    """School check. Rides a bicycle, reads well. Both drums normal today. Vision 20/20 right, 20/30 left.
    Brother has asthma. Cleo herself has had no wheeze since 2024. Audiology referral sent.""",
)
RESOURCES = _r.resources
