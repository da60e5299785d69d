"""Abbreviations, and problems in plain clinical words."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    cond,
    doc,
    drug,
    enc,
    for_,
    note,
    obs,
    otc,
    plan,
    proc,
    report,
    reported_in,
    reporting,
    rx,
    says,
)

QUERIES: list[Query] = []

HBA1C, BP, EGFR, HB = "4548-4", "85354-9", "98979-8", "718-7"
ACR, LVEF, BNP, TSH = "9318-7", "10230-1", "30934-4", "3016-3"

ask = Theme("abbreviation", QUERIES)
ask(
    "htn-maria",
    "HTN",
    "maria-alvarez",
    cond("hypertension") | doc("maria-alvarez 2022-07-01", "maria-alvarez 2026-06-18"),
    for_("hypertension") | obs(BP),
)
ask(
    "dm2-dorothy",
    "DM2",
    "dorothy-freeman",
    cond("diabetes"),
    for_("diabetes") | obs(HBA1C) | note(r"DM2|diabet|HbA1c") | says("retinopathy", "DiagnosticReport"),
)
ask(
    "sob-james",
    "SOB",
    "james-whitfield",
    doc("james-whitfield 2025-05-16") | enc("shortness of breath") | cond("pulmonary edema"),
    doc("james-whitfield 2026-06-15")
    | obs("59408-5", "<", 90)
    | report("chest x-ray")
    | enc("decompensated")
    | cond("heart failure"),
)
ask(
    "mi-robert",
    "MI",
    "robert-kowalczyk",
    cond("myocardial infarction") | doc("robert-kowalczyk 2022-07-21", "robert-kowalczyk 2026-06-05"),
    for_("myocardial infarction") | obs("10839-9") | cond("coronary artery") | report("angiogram"),
)
ask(
    "cabg-robert",
    "CABG",
    "robert-kowalczyk",
    cond("bypass") | proc("bypass") | enc("bypass") | doc("robert-kowalczyk 2022-07-21"),
    note("CABG"),
)
ask(
    "ckd-all",
    "CKD",
    None,
    cond("^chronic kidney disease")
    | plan("CKD")
    | doc("dorothy-freeman 2025-09-03", "dorothy-freeman 2026-06-10", "samuel-okonkwo 2026-05-11"),
    for_("chronic kidney disease|kidney disease")
    | cond("kidney disease|renal origin")
    | obs(EGFR, "<", 60)
    | reporting(obs(EGFR, "<", 60))
    | obs(ACR, ">", 300),
)
ask(
    "afib-all",
    "AFib",
    None,
    cond("atrial fibrillation")
    | enc("atrial fibrillation")
    | doc("eleanor-marsh 2026-02-10", "eleanor-marsh 2026-06-27"),
    for_("atrial fibrillation"),
)
ask(
    "copd-frank",
    "COPD",
    "frank-delaney",
    cond("obstructive pulm|COPD") | note("COPD") | report("spirometry"),
    for_("obstructive pulm|COPD") | obs("20150-9") | obs("19926-5") | report("chest x-ray"),
)
ask(
    "gerd-patrick",
    "GERD",
    "patrick-dsouza",
    cond("reflux") | note("reflux"),
    for_("reflux"),
)
ask(
    "uti-eleanor",
    "UTI",
    "eleanor-marsh",
    cond("cystitis") | report("urine culture") | doc("eleanor-marsh 2026-06-14"),
    for_("cystitis") | doc("eleanor-marsh 2026-06-21", "eleanor-marsh 2026-06-27"),
)
ask(
    "tka-harold",
    "TKA",
    "harold-jensen",
    cond("artificial knee") | proc("knee replacement") | enc("knee replacement") | note("TKA|arthroplasty"),
    for_("knee replacement|artificial knee", "MedicationRequest") | report("knee"),
)
ask(
    "lvef-all",
    "LVEF",
    None,
    obs(LVEF) | report("echocardiogram") | says("LVEF", "DiagnosticReport"),
    note("LVEF|ejection fraction"),
)
ask("bnp-james", "BNP", "james-whitfield", obs(BNP), note("BNP"))
ask("tsh-ingrid", "TSH", "ingrid-sorensen", obs(TSH), note("TSH") | reporting(obs(TSH)))
ask(
    "bmp-samuel",
    "BMP",
    "samuel-okonkwo",
    report("basic metabolic"),
    reported_in(report("basic metabolic")) | note("BMP"),
)
ask("hh-walter", "H&H", "walter-brandt", obs(HB), reporting(obs(HB)))
ask("a1c-liam", "A1c", "liam-oconnor", obs(HBA1C), note("HbA1c"))
ask("osa-denise", "OSA", "denise-carter", cond("sleep apnea") | note("OSA|CPAP"))
ask(
    "mdd-jasmine",
    "MDD",
    "jasmine-brooks",
    cond("depressive") | note("(?-i:MDD)"),
    for_("depressive") | obs("44261-6") | note("PHQ-9"),
)
ask("bph-harold", "BPH", "harold-jensen", cond("prostatic"), rx("tamsulosin"))
ask(
    "dka-liam",
    "DKA",
    "liam-oconnor",
    cond("ketoacidosis") | enc("ketoacidosis") | doc("liam-oconnor 2025-12-02", "liam-oconnor 2025-12-05"),
    for_("ketoacidosis")
    | says("ketoacidosis", "Condition")
    | doc("liam-oconnor 2026-06-22")
    | obs("2345-7", ">", 400)
    | obs("2028-9", "<", 15),
)
ask(
    "ra-all",
    "RA",
    None,
    cond("rheumatoid")
    | note(r"(?-i:\bRA\b)(?!,)") & doc("fatima-al-rashid 2023-07-16", "fatima-al-rashid 2026-06-12"),
    for_("rheumatoid") | obs("11572-5") | obs("Anti-CCP antibody"),
)

ask = Theme("problem", QUERIES)
ask(
    "hf-james",
    "heart failure",
    "james-whitfield",
    cond("heart failure")
    | plan("heart failure")
    | note("HF|heart failure|ejection fraction")
    | enc("heart failure"),
    for_("heart failure") | cond("pulmonary edema") | report("echo") | obs("30934-4") | obs("10230-1"),
)
ask(
    "depression-scores",
    "depression scores over time",
    "jasmine-brooks",
    obs("44261-6"),
    note("PHQ-9"),
)
ask(
    "lft-fatima",
    "liver enzymes rising",
    "fatima-al-rashid",
    obs("1742-6") | obs("1920-8") | report("hepatic") | doc("fatima-al-rashid 2026-06-12"),
    obs("6768-6"),
)
ask(
    "hypo-liam",
    "hypoglycemia",
    "liam-oconnor",
    cond("hypoglycemia") | doc("liam-oconnor 2026-06-22") | rx("glucagon"),
)
ask(
    "renal-tyrone",
    "kidney function",
    "tyrone-jackson",
    obs("2160-0") | obs("98979-8"),
    obs("3094-0") | report("basic metabolic") | note("creatinine"),
)
ask(
    "growth-mateo",
    "growth",
    "mateo-garcia",
    obs("8302-2") | obs("29463-7"),
    obs("39156-5") | enc("well child"),
)
ask(
    "anemia-dorothy",
    "anaemia workup",
    "dorothy-freeman",
    cond("anemia") | obs("718-7") | obs("2276-4") | obs("2502-3") | report("iron"),
    for_("anemia") | note("anemia"),
)
ask("prenatal-chloe", "prenatal visits", "chloe-lefevre", enc("prenatal"), note("weeks"))
ask("viral-load-tyrone", "viral load", "tyrone-jackson", obs("20447-9"), note("HIV RNA"))
ask(
    "osteoporosis-rx-ruth",
    "osteoporosis treatment",
    "ruth-goldberg",
    rx("alendronate") | doc("ruth-goldberg 2026-03-02"),
    cond("osteoporosis")
    | drug("calcium|vitamin D3")
    | doc("ruth-goldberg 2026-05-31", "ruth-goldberg 2023-12-03"),
)
ask(
    "asthma-attack-mateo",
    "asthma attack",
    "mateo-garcia",
    cond("exacerbation") | doc("mateo-garcia 2026-04-16") | enc("wheeze"),
    for_("exacerbation")
    | cond("asthma")
    | doc("mateo-garcia 2026-04-21")
    | plan("asthma")
    | enc("after the emergency"),
)
ask(
    "gout-james",
    "gout flare",
    "james-whitfield",
    cond("gout") | doc("james-whitfield 2026-06-15") | otc("ibuprofen"),
    doc("james-whitfield 2025-05-22") | obs("3084-1"),
)
