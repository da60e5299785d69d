"""Procedures, imaging and reports; what notes say; exact words."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    allergy,
    cond,
    doc,
    enc,
    for_,
    note,
    obs,
    otc,
    plan,
    proc,
    report,
    rx,
    says,
    status,
    where,
)

QUERIES: list[Query] = []

ask = Theme("report", QUERIES)
ask(
    "echo-james",
    "echo",
    "james-whitfield",
    report("echo"),
    obs("10230-1") | note("TTE|echo|LVEF"),
)
ask("cxr-all", "CXR", None, report("chest x-ray"), note("CXR"))
ask(
    "mammogram-all",
    "mammogram",
    None,
    report("mammogram") | proc("mammogra"),
    note("mammogram") | says("mammogram", "CarePlan"),
)
ask(
    "pathology-ruth",
    "pathology",
    "ruth-goldberg",
    report("pathology"),
    doc("ruth-goldberg 2023-12-03") | proc("biopsy|mastectomy"),
)
ask(
    "dexa-all",
    "DEXA",
    None,
    report("DXA") | proc("bone density"),
    obs("Total hip bone density T-score")
    | obs("Lumbar spine bone density T-score")
    | note("DXA")
    | says("DXA", "CarePlan"),
)
ask("colonoscopy-all", "colonoscopy", None, report("colonoscopy") | proc("colonoscopy"), note("colonoscopy"))
ask("ecg-all", "EKG", None, report("ECG"), note("(?-i:ECG)"))
ask("ct-head-all", "head CT", None, report("CT head"), note("CT head|CT: no hemorrhage"))
ask(
    "cath-all",
    "cardiac cath",
    None,
    report("coronary angiogram") | proc("angiography"),
    note("coronary angiogram"),
)
ask(
    "eye-maria",
    "diabetic eye exam",
    "maria-alvarez",
    report("retinal"),
    cond("retinopathy") | note("retinal|retinopathy|eye exam"),
)
ask("pft-frank", "PFTs", "frank-delaney", report("spirometry"), obs("20150-9") | obs("19926-5"))
ask("urine-culture-eleanor", "urine culture", "eleanor-marsh", report("urine culture"), note("culture"))
ask("mri-brain-all", "brain MRI", None, report("MRI brain"), note(r"\bMRI\b|mesial"))
ask("fetal-us-chloe", "fetal ultrasound", "chloe-lefevre", report("ultrasound"), note("on scan"))
ask("foot-exam-maria", "foot exam", "maria-alvarez", proc("foot"), note(r"feet:|foot exam|monofilament"))
ask("pap-all", "Pap smear", None, proc("cervical"), note(r"\bpap\b|cervical screening"))
ask("uds-denise", "UDS", "denise-carter", report("drug screen"), plan("opioid") | note("UDS"))
ask(
    "surgery-harold",
    "operative report",
    "harold-jensen",
    doc("harold-jensen 2024-05-31"),
    proc("left total knee") | enc("left total knee"),
)

ask = Theme("note", QUERIES)
ask(
    "metformin-why-dorothy",
    "why was the metformin stopped",
    "dorothy-freeman",
    rx("metformin") | doc("dorothy-freeman 2025-09-03"),
)
ask("discharge-hien", "discharge follow-up plan", "hien-nguyen", doc("hien-nguyen 2026-06-22"))
ask(
    "admission-james",
    "reason for admission",
    "james-whitfield",
    enc("hospital admission") | doc("james-whitfield 2025-05-16", "james-whitfield 2025-05-22"),
    enc("emergency"),
)
ask(
    "statin-effects-robert",
    "side effects of statin",
    "robert-kowalczyk",
    cond("statin") | allergy("statin") | doc("robert-kowalczyk 2024-01-12") | rx("statin"),
    doc("robert-kowalczyk 2026-06-05") | obs("2157-6", ">", 200),
)
ask(
    "falls-edith",
    "falls at home",
    "edith-thornton",
    cond("falls")
    | plan("falls")
    | enc("fall")
    | doc("edith-thornton 2025-12-12", "edith-thornton 2026-06-12"),
    doc("edith-thornton 2025-09-03") | for_("falls"),
)
ask(
    "dka-trigger-liam",
    "what triggered the DKA",
    "liam-oconnor",
    cond("ketoacidosis") | doc("liam-oconnor 2025-12-02", "liam-oconnor 2025-12-05"),
)
ask(
    "warfarin-held-eleanor",
    "why was warfarin held",
    "eleanor-marsh",
    doc("eleanor-marsh 2026-06-21"),
    doc("eleanor-marsh 2026-06-27") | rx("bactrim") | obs("6301-6", ">", 5),
)
ask("driving-all", "not allowed to drive", None, doc("kwame-mensah 2026-06-18", "edith-thornton 2026-06-12"))
ask(
    "goals-walter",
    "goals of care",
    "walter-brandt",
    doc("walter-brandt 2025-09-03"),
    plan("comfort"),
)
ask(
    "insulin-start-maria",
    "why was insulin started",
    "maria-alvarez",
    doc("maria-alvarez 2025-09-23"),
    rx("insulin"),
)
ask(
    "weight-gain-james",
    "cause of recent weight gain",
    "james-whitfield",
    doc("james-whitfield 2026-06-15"),
    otc("ibuprofen") | says("weight gain", "MedicationRequest"),
)
ask(
    "dialysis-dorothy",
    "wishes about dialysis",
    "dorothy-freeman",
    doc("dorothy-freeman 2026-06-10"),
    plan("CKD"),
)
ask("employer-kwame", "work letter", "kwame-mensah", doc("kwame-mensah 2026-01-31"))
ask("chemo-ruth", "chemotherapy decision", "ruth-goldberg", doc("ruth-goldberg 2023-12-03"))
ask("refill-denise", "early refill request", "denise-carter", doc("denise-carter 2026-03-22"))
ask("pillbox-eleanor", "who fills the pill box", "eleanor-marsh", doc("eleanor-marsh 2026-02-10"))
ask("screening-linda", "cancer screening declined", "linda-kaminski", doc("linda-kaminski 2026-05-16"))
ask(
    "near-miss-all",
    "medication error or near miss",
    None,
    doc("nora-obrien 2026-05-31", "eleanor-marsh 2026-06-21"),
    rx() & status("cancelled") | says("interaction with warfarin", "MedicationRequest"),
)
ask(
    "interpreter-all",
    "interpreter used",
    None,
    doc("maria-alvarez 2022-07-01", "hien-nguyen 2026-06-18", "fatima-al-rashid 2023-07-16"),
)
ask(
    "proxy-edith",
    "health care proxy",
    "edith-thornton",
    doc("edith-thornton 2026-06-12", "edith-thornton 2025-09-03"),
)
ask(
    "died-all",
    "died in hospice",
    None,
    doc("walter-brandt 2025-11-02"),
    doc("walter-brandt 2025-09-03") | plan("comfort"),
)

ask = Theme("exact", QUERIES)


def exact(id: str, text: str, patient: str | None, two, one=where(lambda r: False)) -> None:  # noqa: B008
    """An exact-word query."""
    ask(id, text, patient, two, one, exact=True)


exact("x-e119", "E11.9", None, where(lambda r: "E11.9" in r.codes))
exact("x-4548", "4548-4", "maria-alvarez", obs("4548-4"))
exact("x-i10", "I10", "george-papadopoulos", where(lambda r: "I10" in r.codes))
exact("x-lisinopril-40", "lisinopril 40 mg", None, rx("lisinopril 40"), note("lisinopril 40 mg"))
exact("x-nottingham", "Nottingham grade 2", "ruth-goldberg", report("pathology"))
exact("x-chads", "CHA2DS2-VASc", "eleanor-marsh", cond("atrial"))
exact("x-birads5", "BI-RADS 5", "ruth-goldberg", says("BI-RADS 5"))
exact(
    "x-lev-level",
    "levetiracetam level",
    "kwame-mensah",
    obs("Levetiracetam level"),
    note("levetiracetam level"),
)
exact("x-dinner-fork", "dinner-fork deformity", "edith-thornton", note("dinner-fork"))
exact("x-hla", "HLA-B*57:01", "tyrone-jackson", allergy("abacavir"))
exact("x-kussmaul", "Kussmaul breathing", None, note("kussmaul"))
exact("x-tir", "CGM time in range", "liam-oconnor", note("time in range"))
exact("x-ecoli", "Escherichia coli", None, says("escherichia", "DiagnosticReport"))
exact("x-spiculated", "spiculated mass", "ruth-goldberg", says("spiculated"))
exact("x-lipohyper", "lipohypertrophy", "liam-oconnor", note("lipohypertrophy"))
exact("x-nihss", "NIHSS 8", "george-papadopoulos", note("NIHSS"))
exact("x-stjohn", "St John's wort", None, otc("John") | note("John's wort"))
exact("x-quantiferon", "Quantiferon positive", None, note("quantiferon"))
exact("x-lima", "LIMA to LAD", "robert-kowalczyk", says("LIMA to LAD"))
exact("x-carvedilol-25", "carvedilol 25 mg", "james-whitfield", rx("carvedilol 25"), note("carvedilol to 25"))
exact("x-oxybutynin", "oxybutynin", None, rx("oxybutynin"), note("oxybutynin"))
exact("x-pcsk9", "PCSK9 inhibitor", "robert-kowalczyk", note("PCSK9"))
exact("x-zpak", "Z-Pak", "frank-delaney", rx("Z-Pak"), note("Z-Pak"))
exact(
    "x-salt-sub",
    "salt substitute",
    None,
    otc("salt substitute") | doc("samuel-okonkwo 2026-06-29"),
    note("salt substitute"),
)
exact(
    "x-prostate-ca",
    "metastatic prostate cancer",
    "walter-brandt",
    cond("prostate") | doc("walter-brandt 2025-11-02"),
    for_("prostate"),
)
exact("x-augmentin", "Augmentin", "nora-obrien", note("augmentin") | rx("amoxicillin-clav"))
exact("x-hcq-200", "hydroxychloroquine 200 mg tablet", "fatima-al-rashid", rx("hydroxychloroquine"))
exact("x-crp", "C-reactive protein", "hien-nguyen", obs("1988-5"), note("CRP"))
