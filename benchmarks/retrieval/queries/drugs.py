"""Brand names and drug classes."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    allergy,
    cond,
    doc,
    drug,
    for_,
    note,
    obs,
    otc,
    plan,
    report,
    rx,
    says,
)

QUERIES: list[Query] = []

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
