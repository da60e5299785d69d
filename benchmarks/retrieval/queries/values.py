"""Values and units, time, and status."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    allergy,
    before,
    cond,
    doc,
    enc,
    first,
    kind,
    latest,
    note,
    obs,
    otc,
    proc,
    report,
    reporting,
    rx,
    says,
    shot,
    since,
    status,
)

QUERIES: list[Query] = []

HBA1C, GLUCOSE, K, CREATININE, EGFR, HB = "4548-4", "2345-7", "2823-3", "2160-0", "98979-8", "718-7"
SBP, BP, SPO2, WEIGHT, TEMP, HR, BMI = (
    "8480-6",
    "85354-9",
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

ask = Theme("time", QUERIES)
ask(
    "latest-cr-dorothy",
    "latest creatinine",
    "dorothy-freeman",
    latest(obs(CREATININE)),
    reporting(latest(obs(CREATININE))) | doc("dorothy-freeman 2026-06-10"),
)
ask(
    "first-a1c-maria",
    "first HbA1c",
    "maria-alvarez",
    first(obs(HBA1C)),
    doc("maria-alvarez 2022-07-01"),
)
ask(
    "last-visit-maria",
    "last visit",
    "maria-alvarez",
    latest(enc()) | doc("maria-alvarez 2026-06-18"),
)
ask(
    "recent-inr-eleanor",
    "most recent INR",
    "eleanor-marsh",
    latest(obs(INR)),
    doc("eleanor-marsh 2026-06-27"),
)
ask(
    "latest-weight-james",
    "latest weight",
    "james-whitfield",
    latest(obs(WEIGHT)),
    doc("james-whitfield 2026-06-15"),
)
ask(
    "bp-year-samuel",
    "blood pressure in the past year",
    "samuel-okonkwo",
    obs(BP) & since("2025-06-30"),
    (note("BP") | enc("blood pressure")) & since("2025-06-30"),
)
ask(
    "labs-2026-tyrone",
    "labs since 2026",
    "tyrone-jackson",
    (says(r"(?m)^laboratory$", "Observation", "DiagnosticReport")) & since("2026-01-01"),
    doc("tyrone-jackson 2026-06-16"),
)
ask(
    "flu-year-maria",
    "flu vaccine in the past year",
    "maria-alvarez",
    shot("influenza") & since("2025-06-30"),
    doc("maria-alvarez 2025-09-23"),
)
ask(
    "ed-2025-all",
    "ED visits in 2025",
    None,
    enc("emergency department") & since("2025-01-01") & before("2026-01-01"),
    doc(
        "liam-oconnor 2025-12-02",
        "james-whitfield 2025-05-16",
        "george-papadopoulos 2025-05-26",
        "edith-thornton 2025-12-12",
    ),
)
ask(
    "admissions-2026-all",
    "hospital admissions since January 2026",
    None,
    enc("hospital admission|admission for") & since("2026-01-01"),
    doc("hien-nguyen 2026-06-22", "hien-nguyen 2026-06-18"),
)
ask(
    "mammo-2024-ruth",
    "mammogram since 2024",
    "ruth-goldberg",
    report("mammogram") & since("2024-01-01"),
)
ask("a1c-2024-maria", "A1c in 2024", "maria-alvarez", obs(HBA1C) & since("2024-01-01") & before("2025-01-01"))
ask(
    "recent-phq-jasmine",
    "most recent PHQ-9",
    "jasmine-brooks",
    latest(obs("44261-6")),
    doc("jasmine-brooks 2026-06-16"),
)
ask(
    "first-echo-james",
    "first echocardiogram",
    "james-whitfield",
    first(report("echo")),
    first(obs(LVEF)) | doc("james-whitfield 2025-05-22"),
)
ask("notes-month-all", "notes this month", None, kind("DocumentReference") & since("2026-06-01"))
ask("shots-2020-mateo", "vaccines given before 2020", "mateo-garcia", shot() & before("2020-01-01"))
ask(
    "latest-egfr-samuel",
    "last eGFR",
    "samuel-okonkwo",
    latest(obs(EGFR)),
    reporting(latest(obs(EGFR))),
)

ask = Theme("status", QUERIES)
_MEDS = kind("MedicationRequest", "MedicationStatement")
ask("current-meds-samuel", "current medications", "samuel-okonkwo", _MEDS & status("active"))
ask("stopped-james", "stopped meds", "james-whitfield", rx() & status("stopped"))
ask("resolved-maria", "resolved problems", "maria-alvarez", cond() & status("resolved"))
ask("active-edith", "active problem list", "edith-thornton", cond() & status("active"))
ask(
    "discontinued-jasmine",
    "discontinued drugs and why",
    "jasmine-brooks",
    _MEDS & status("stopped"),
    doc("jasmine-brooks 2025-05-26", "jasmine-brooks 2025-02-05"),
)
ask(
    "taking-now-jasmine",
    "what is she taking now",
    "jasmine-brooks",
    _MEDS & status("active"),
    doc("jasmine-brooks 2026-06-16"),
)
ask("resolved-chloe", "resolved conditions", "chloe-lefevre", cond() & status("resolved"))
ask("resolved-george", "inactive diagnoses", "george-papadopoulos", cond() & status("resolved"))
ask("otc-all", "over-the-counter medicines", None, otc(), note(r"\bOTC\b|over the counter"))
ask(
    "cancelled-all", "cancelled prescription", None, rx() & status("cancelled"), doc("nora-obrien 2026-05-31")
)
ask(
    "pending-all",
    "pending results",
    None,
    report() & status("registered") | doc("hien-nguyen 2026-06-22", "samuel-okonkwo 2026-06-29"),
)
ask(
    "notgiven-all",
    "vaccines not given",
    None,
    shot() & status("not-done"),
    doc("zoe-abara 2026-03-27", "linda-kaminski 2026-05-16"),
)
ask("active-meds-frank", "active inhaled medications", "frank-delaney", rx("inhaler") & status("active"))
ask(
    "unconfirmed-all",
    "unconfirmed allergies",
    None,
    allergy("penicillin|sulfonamide") & says("unknown", "AllergyIntolerance"),
    doc("edith-thornton 2025-09-03"),
)
ask("done-procedures-ruth", "completed procedures", "ruth-goldberg", proc())
