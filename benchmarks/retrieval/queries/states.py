"""Time and status."""

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

HBA1C, CREATININE, EGFR = "4548-4", "2160-0", "98979-8"
BP, WEIGHT = "85354-9", "29463-7"
INR, LVEF = "6301-6", "10230-1"

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
