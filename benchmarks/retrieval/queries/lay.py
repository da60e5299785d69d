"""Lay words, social history and family history."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    cond,
    doc,
    enc,
    for_,
    note,
    obs,
    of,
    otc,
    plan,
    report,
    reporting,
    rx,
    says,
    shot,
)

QUERIES: list[Query] = []

ask = Theme("lay words", QUERIES)
ask(
    "heart-attack-all",
    "heart attack",
    None,
    cond("myocardial infarction") | doc("robert-kowalczyk 2022-07-21", "robert-kowalczyk 2026-06-05"),
    for_("myocardial infarction")
    | obs("10839-9", ">", 1)
    | says("three-vessel", "DiagnosticReport")
    | cond("coronary artery")
    | doc("patrick-dsouza 2026-03-20", "patrick-dsouza 2026-05-21"),
)
ask(
    "sugar-maria",
    "sugar",
    "maria-alvarez",
    obs("2345-7") | obs("4548-4") | cond("diabetes mellitus"),
    for_("diabetes") | note("sugars|HbA1c") | plan("diabetes"),
)
ask(
    "kidney-trouble-all",
    "kidney trouble",
    None,
    cond("kidney disease|albuminuria")
    | note("CKD|kidney function") - doc("maria-alvarez 2022-07-01")
    | plan("CKD"),
    for_("kidney disease")
    | cond("renal origin")
    | enc("kidney")
    | says("kidney injury", "AllergyIntolerance")
    | obs("98979-8", "<", 60)
    | reporting(obs("98979-8", "<", 60))
    | obs("2160-0", ">=", 1.4)
    | obs("9318-7", ">", 29)
    | note("albuminuria"),
)
ask("flu-shot-eleanor", "flu shot", "eleanor-marsh", shot("influenza"))
ask(
    "stroke-george",
    "stroke",
    "george-papadopoulos",
    cond("stroke")
    | note("stroke")
    | doc("george-papadopoulos 2025-06-02")
    | enc("stroke$|weakness")
    | report("MRI"),
    for_("stroke") | cond("ischemic attack") | report("CT head") | enc("stroke"),
)
ask(
    "breath-frank",
    "short of breath",
    "frank-delaney",
    doc("frank-delaney 2026-05-16"),
    says("breathless", "MedicationRequest") | obs("59408-5", "<=", 90) | cond("COPD|obstructive"),
)
ask(
    "lung-water-james",
    "water on the lungs",
    "james-whitfield",
    cond("pulmonary edema") | report("chest x-ray") | doc("james-whitfield 2025-05-16"),
    for_("pulmonary edema") | enc("decompensated") | doc("james-whitfield 2026-06-15"),
)
ask(
    "low-thyroid-ingrid",
    "underactive thyroid",
    "ingrid-sorensen",
    cond("hypothyroid") | doc("ingrid-sorensen 2025-08-04"),
    for_("hypothyroid") | obs("3016-3") | obs("3024-7") | report("thyroid") | note("synthroid"),
)
ask(
    "brittle-bones-ruth",
    "brittle bones",
    "ruth-goldberg",
    cond("osteoporosis") | report("DXA") | doc("ruth-goldberg 2026-03-02"),
    obs("Total hip bone density T-score")
    | obs("Lumbar spine bone density T-score")
    | for_("osteoporosis")
    | doc("ruth-goldberg 2023-12-03"),
)
ask(
    "memory-edith",
    "memory problems",
    "edith-thornton",
    cond("cognitive") | doc("edith-thornton 2025-09-03", "edith-thornton 2026-06-12"),
    obs("72172-0") | for_("cognitive"),
)
ask(
    "bp-pills-samuel",
    "blood pressure pills",
    "samuel-okonkwo",
    for_("hypertension", "MedicationRequest"),
    note("HTN"),
)
ask(
    "fits-kwame",
    "fits",
    "kwame-mensah",
    cond("epilepsy") | doc("kwame-mensah 2026-06-18"),
    for_("epilepsy") | report("EEG|MRI"),
)
ask(
    "anemia-all",
    "low blood count",
    None,
    cond("anemia") | note("anemia|iron deficiency") | obs("718-7", "<", 11),
    for_("anemia|iron deficiency", "MedicationRequest", "Encounter") | reporting(obs("718-7", "<", 11)),
)
ask(
    "sleeping-pills-edith",
    "sleeping pills",
    "edith-thornton",
    rx("zolpidem") | otc("tylenol pm"),
    rx("amitriptyline") | note("ambien") | cond("insomnia"),
)
ask(
    "hyperkalaemia-samuel",
    "hyperkalaemia",
    "samuel-okonkwo",
    obs("2823-3", ">", 5.5),
    otc("potassium") | reporting(obs("2823-3", ">", 5.5)),
)

ask = Theme("social", QUERIES)
_SMOKES = doc(
    "frank-delaney 2026-05-16",
    "frank-delaney 2026-05-31",
    "denise-carter 2026-06-05",
    "sophie-laurent 2026-05-26",
    "linda-kaminski 2026-05-16",
)
ask(
    "smokers-all",
    "current smokers",
    None,
    says("smokes tobacco", "Observation") | cond("nicotine") | _SMOKES,
    obs("8664-5") & of("frank-delaney", "denise-carter", "sophie-laurent", "linda-kaminski"),
)
ask(
    "smoking-robert",
    "smoking status",
    "robert-kowalczyk",
    obs("Tobacco smoking status"),
    obs("8664-5") | note("smoker"),
)
ask(
    "alcohol-all",
    "alcohol use",
    None,
    obs("75626-2") | doc("jasmine-brooks 2024-12-17", "ruth-goldberg 2023-12-03"),
    note("alcohol"),
)
ask(
    "occupation-all",
    "occupation",
    None,
    doc("jasmine-brooks 2024-12-17", "edith-thornton 2025-09-03"),
    note("works? (long|two)|working nights|evening shifts|employer|back at work"),
)
ask("lives-alone-edith", "who does she live with", "edith-thornton", doc("edith-thornton 2025-09-03"))
ask(
    "packyears-frank",
    "pack years",
    "frank-delaney",
    obs("8664-5"),
    note("pack-year") | obs("Tobacco smoking status"),
)
ask("exercise-mariag", "exercise habits", "maria-alvarez-garcia", note("runs"))
ask(
    "sophie-smokes",
    "does she smoke",
    "sophie-laurent",
    obs("Tobacco smoking status") | note("smokes"),
    obs("8664-5"),
)
ask("pets-mateo", "pets at home", "mateo-garcia", note(r"\bcat\b"))
ask(
    "drinks-jasmine",
    "how much does she drink",
    "jasmine-brooks",
    obs("75626-2") | doc("jasmine-brooks 2024-12-17"),
)

ask = Theme("family history", QUERIES)
ask("father-mi-patrick", "father had MI", "patrick-dsouza", note("father had"))
ask(
    "fh-breast-ruth",
    "family history of breast cancer",
    "ruth-goldberg",
    doc("ruth-goldberg 2023-12-03", "ruth-goldberg 2026-05-31"),
    says("BRCA", "Observation"),
)
ask("fh-dialysis-dorothy", "mother on dialysis", "dorothy-freeman", doc("dorothy-freeman 2025-09-03"))
ask(
    "fh-diabetes-all",
    "family history of diabetes",
    None,
    doc("maria-alvarez 2022-07-01", "chloe-lefevre 2026-03-03"),
)
ask(
    "fh-heart-all",
    "family history of heart disease",
    None,
    doc(
        "patrick-dsouza 2026-03-20",
        "patrick-dsouza 2026-05-21",
        "robert-kowalczyk 2026-06-05",
        "james-whitfield 2025-05-16",
    ),
    doc("james-whitfield 2025-05-22"),
)
ask("fh-bipolar-jasmine", "mother bipolar", "jasmine-brooks", doc("jasmine-brooks 2024-12-17"))
ask("fh-clots-sophie", "family history of blood clots", "sophie-laurent", doc("sophie-laurent 2026-05-26"))
ask("fh-colon-all", "mother with colon cancer", None, doc("linda-kaminski 2026-05-16"))
ask("fh-alzheimer-edith", "relatives with dementia", "edith-thornton", doc("edith-thornton 2025-09-03"))
ask("fh-thyroid-ingrid", "FHx thyroid", "ingrid-sorensen", doc("ingrid-sorensen 2025-08-04"))
ask(
    "fh-preeclampsia-chloe",
    "sister had preeclampsia",
    "chloe-lefevre",
    doc("chloe-lefevre 2026-03-03") | for_("pre-eclampsia", "MedicationRequest"),
)
