"""Abbreviations, brand names, drug classes and lay words."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    allergy,
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

HBA1C, BP, CREATININE, EGFR, HB = "4548-4", "85354-9", "2160-0", "98979-8", "718-7"
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

ask = Theme("brand", QUERIES)
ask(
    "coumadin-eleanor",
    "Coumadin",
    "eleanor-marsh",
    rx("warfarin"),
    note("warfarin") | plan("anticoag") | says("warfarin", "MedicationRequest"),
)
ask("lasix-james", "Lasix", "james-whitfield", rx("furosemide"), note("furosemide"))
ask("zestril-all", "Zestril", None, rx("lisinopril") | allergy("lisinopril"), note("lisinopril"))
ask(
    "lipitor-all",
    "Lipitor",
    None,
    rx("atorvastatin") | allergy("atorvastatin"),
    note("atorvastatin|lipitor"),
)
ask(
    "entresto-james",
    "Entresto",
    "james-whitfield",
    rx("sacubitril"),
    note("entresto|ARNI") | says("sacubitril", "MedicationRequest"),
)
ask(
    "jardiance-all",
    "Jardiance",
    None,
    rx("empagliflozin"),
    note("jardiance|empagliflozin") | says("empagliflozin", "Condition"),
)
ask("synthroid-ingrid", "Synthroid", "ingrid-sorensen", rx("levothyroxine"), note("synthroid"))
ask("zoloft-jasmine", "Zoloft", "jasmine-brooks", rx("sertraline"), note("zoloft|sertraline"))
ask("aleve-all", "Aleve", None, drug("naproxen"), note("aleve|naproxen"))
ask("glucophage-dorothy", "Glucophage", "dorothy-freeman", rx("metformin"), note("metformin"))
ask("norvasc-all", "Norvasc", None, rx("amlodipine"), note("amlodipine|norvasc"))
ask("plavix-george", "Plavix", "george-papadopoulos", rx("clopidogrel"), note("plavix|clopidogrel"))
ask(
    "arimidex-ruth",
    "Arimidex",
    "ruth-goldberg",
    rx("anastrozole"),
    note("anastrozole|arimidex") | cond("aromatase"),
)
ask("ambien-edith", "Ambien", "edith-thornton", rx("zolpidem"), note("ambien|zolpidem"))
ask(
    "tylenol-all",
    "Tylenol",
    None,
    drug("acetaminophen") - otc("excedrin"),
    note("tylenol") | otc("excedrin"),
)
ask(
    "keppra-kwame",
    "Keppra",
    "kwame-mensah",
    rx("levetiracetam"),
    obs("Levetiracetam level") | note("keppra") | cond("levetiracetam"),
)
ask(
    "advil-james",
    "Advil",
    "james-whitfield",
    otc("ibuprofen") | doc("james-whitfield 2026-06-15"),
    note("ibuprofen"),
)

ask = Theme("drug class", QUERIES)
ask(
    "acei-all",
    "ACE inhibitor",
    None,
    rx("lisinopril") | allergy("lisinopril"),
    note("lisinopril|ACE-i|ACE inhib"),
)
ask(
    "thinner-eleanor",
    "blood thinner",
    "eleanor-marsh",
    rx("warfarin") | plan("anticoag"),
    note("warfarin") | cond("valve"),
)
ask(
    "thinners-all",
    "patients on blood thinners",
    None,
    rx("warfarin|apixaban") | plan("anticoag"),
    rx("clopidogrel|aspirin") | note("warfarin|clopidogrel") | cond("mechanical mitral"),
)
ask(
    "diuretic-samuel",
    "diuretics",
    "samuel-okonkwo",
    rx("hydrochlorothiazide|spironolactone"),
    note("spironolactone"),
)
ask("waterpill-dorothy", "water pill", "dorothy-freeman", rx("furosemide"))
ask(
    "statin-robert",
    "statin",
    "robert-kowalczyk",
    rx("statin") | allergy("statin") | cond("statin") | note("statin"),
)
ask(
    "betablocker-all",
    "beta blocker",
    None,
    rx("metoprolol|carvedilol|propranolol"),
    note("toprol|metoprolol|carvedilol|propranolol"),
)
ask(
    "opioid-denise",
    "opioid",
    "denise-carter",
    rx("oxycodone") | cond("opioid") | plan("opioid") | doc("denise-carter 2026-06-05"),
    for_("opioid") | report("drug screen"),
)
ask(
    "benzo-all",
    "benzodiazepines",
    None,
    rx("lorazepam|midazolam") | doc("denise-carter 2026-06-05"),
    says("lorazepam", "DiagnosticReport"),
)
ask(
    "antidepressant-all",
    "antidepressants",
    None,
    rx("sertraline|escitalopram|bupropion|duloxetine|amitriptyline"),
    note("sertraline|zoloft|escitalopram|lexapro|bupropion|duloxetine|amitriptyline"),
)
ask("sglt2-all", "SGLT2 inhibitor", None, rx("empagliflozin"), note("SGLT2|empagliflozin|jardiance"))
ask(
    "nsaid-all",
    "NSAID",
    None,
    drug("ibuprofen|naproxen|diclofenac") | allergy("NSAID|ibuprofen"),
    note("NSAID|ibuprofen|advil|naproxen|aleve") | says("NSAID", "CarePlan"),
)
ask("insulin-liam", "insulin", "liam-oconnor", rx("insulin"), note("insulin|glargine|lispro"))
ask(
    "antibiotics-hien",
    "antibiotics",
    "hien-nguyen",
    rx("ceftriaxone|azithromycin|amoxicillin"),
    note("ceftriaxone|amoxicillin"),
)
ask(
    "ppi-all",
    "PPI",
    None,
    drug("omeprazole"),
    note("omeprazole|pantoprazole"),
)
ask("arb-all", "ARBs", None, rx("losartan"), rx("sacubitril-valsartan") | note("losartan"))
ask(
    "anticholinergic-edith",
    "anticholinergic drugs",
    "edith-thornton",
    rx("oxybutynin|amitriptyline") | otc("tylenol pm") | note("anticholinergic"),
)
