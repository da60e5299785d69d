"""Values and units."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    cond,
    doc,
    note,
    obs,
    reporting,
    says,
)

QUERIES: list[Query] = []

HBA1C, GLUCOSE, K, CREATININE, EGFR, HB = "4548-4", "2345-7", "2823-3", "2160-0", "98979-8", "718-7"
SBP, SPO2, WEIGHT, TEMP, HR, BMI = (
    "8480-6",
    "59408-5",
    "29463-7",
    "8310-5",
    "8867-4",
    "39156-5",
)
INR, LDL, LVEF, TROPONIN, PSA, TSH = "6301-6", "13457-7", "10230-1", "10839-9", "2857-1", "3016-3"

ask = Theme("value", QUERIES)
ask("k-above-6", "potassium above 6", None, obs(K, ">", 6), reporting(obs(K, ">", 6)))
ask(
    "bp-over-160",
    "BP over 160",
    None,
    obs(SBP, ">", 160),
    doc("james-whitfield 2025-05-16", "george-papadopoulos 2025-05-26"),
)
ask(
    "a1c-below-7",
    "A1c below 7",
    None,
    obs(HBA1C, "<", 7),
    doc("robert-kowalczyk 2026-06-05", "linda-kaminski 2026-05-16"),
)
ask(
    "a1c-over-9-maria",
    "HbA1c over 9",
    "maria-alvarez",
    obs(HBA1C, ">", 9),
    doc("maria-alvarez 2022-07-01", "maria-alvarez 2025-09-23", "maria-alvarez 2026-06-18"),
)
ask("inr-4-eleanor", "INR > 4", "eleanor-marsh", obs(INR, ">", 4), says(r"INR (of )?5\.8"))
ask(
    "egfr-30-dorothy",
    "eGFR under 30",
    "dorothy-freeman",
    obs(EGFR, "<", 30),
    reporting(obs(EGFR, "<", 30)) | note("eGFR") | says("eGFR below 30", "MedicationRequest"),
)
ask(
    "sats-90",
    "sats below 90",
    None,
    obs(SPO2, "<", 90),
    doc("james-whitfield 2025-05-16", "frank-delaney 2026-05-16", "hien-nguyen 2026-06-18"),
)
ask(
    "weight-100",
    "weight over 100 kg",
    None,
    obs(WEIGHT, ">", 100),
    doc("james-whitfield 2025-05-16", "james-whitfield 2025-05-22"),
)
ask(
    "glucose-11",
    "glucose over 11 mmol/L",
    None,
    obs(GLUCOSE, ">", 11 * 18.016),
    reporting(obs(GLUCOSE, ">", 11 * 18.016)) | doc("liam-oconnor 2025-12-02", "maria-alvarez 2025-09-23"),
)
ask(
    "ldl-130",
    "LDL > 130",
    None,
    obs(LDL, ">", 130),
    reporting(obs(LDL, ">", 130))
    | doc("maria-alvarez 2022-07-01", "linda-kaminski 2026-05-16", "patrick-dsouza 2026-05-21")
    | says("LDL 204", "Condition"),
)
ask("fever-hien", "temp above 38.5", "hien-nguyen", obs(TEMP, ">", 38.5), doc("hien-nguyen 2026-06-18"))
ask(
    "phq-15-jasmine",
    "PHQ-9 of 15 or more",
    "jasmine-brooks",
    obs("44261-6", ">=", 15),
    doc("jasmine-brooks 2024-12-17", "jasmine-brooks 2025-05-26"),
)
ask(
    "hb-10",
    "hemoglobin less than 10",
    None,
    obs(HB, "<", 10),
    reporting(obs(HB, "<", 10)) | doc("dorothy-freeman 2025-09-03"),
)
ask("trop-robert", "troponin > 1", "robert-kowalczyk", obs(TROPONIN, ">", 1))
ask(
    "cr-2",
    "creatinine 2 or higher",
    None,
    obs(CREATININE, ">=", 2),
    reporting(obs(CREATININE, ">=", 2)) | doc("dorothy-freeman 2025-09-03", "dorothy-freeman 2026-06-10"),
)
ask("psa-walter", "PSA above 100", "walter-brandt", obs(PSA, ">", 100), note("PSA 512"))
ask(
    "ef-40",
    "EF below 40",
    None,
    obs(LVEF, "<", 40) | says("LVEF (25|35) %", "DiagnosticReport"),
    note("LVEF (25|35) %|at or below 35 %") | cond("reduced ejection"),
)
ask("hr-130", "heart rate > 130", None, obs(HR, ">", 130), doc("mateo-garcia 2026-04-16"))
ask("tsh-10-ingrid", "TSH over 10", "ingrid-sorensen", obs(TSH, ">", 10), reporting(obs(TSH, ">", 10)))
ask(
    "weight-lb-edith",
    "weight under 120 lb",
    "edith-thornton",
    obs(WEIGHT, "<", 120 * 0.45359),
    doc("edith-thornton 2026-06-12"),
)
ask("bmi-denise", "BMI over 34", "denise-carter", obs(BMI, ">", 34))
ask("lactate-hien", "lactate > 2", "hien-nguyen", obs("2524-7", ">", 2), doc("hien-nguyen 2026-06-18"))
