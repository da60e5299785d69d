"""Findings, and findings that are denied."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    allergy,
    cond,
    doc,
    enc,
    for_,
    obs,
    plan,
    report,
    rx,
    says,
)

QUERIES: list[Query] = []

ask = Theme("negation", QUERIES)
_DENY_PAIN = doc(
    "maria-alvarez 2022-07-01",
    "maria-alvarez 2025-09-23",
    "maria-alvarez 2026-06-18",
    "liam-oconnor 2025-12-02",
    "james-whitfield 2025-05-16",
    "james-whitfield 2026-06-15",
    "robert-kowalczyk 2024-01-12",
    "patrick-dsouza 2026-05-21",
    "samuel-okonkwo 2026-05-11",
    "samuel-okonkwo 2026-06-29",
    "frank-delaney 2026-05-16",
    "edith-thornton 2025-12-12",
)
_DENY_SOB = doc(
    "maria-alvarez 2025-09-23",
    "robert-kowalczyk 2024-01-12",
    "patrick-dsouza 2026-03-20",
    "dorothy-freeman 2026-06-10",
    "fatima-al-rashid 2026-06-12",
)
ask(
    "chest-pain-patrick",
    "chest pain",
    "patrick-dsouza",
    doc("patrick-dsouza 2026-03-20") | enc("chest pain"),
    cond("reflux"),
    denied=doc("patrick-dsouza 2026-05-21"),
)
ask(
    "chest-pain-all",
    "chest pain",
    None,
    doc("patrick-dsouza 2026-03-20") | enc("chest pain"),
    doc("hien-nguyen 2026-06-18") | rx("nitroglycerin"),
    denied=_DENY_PAIN,
)
ask(
    "no-chest-pain-maria",
    "no chest pain",
    "maria-alvarez",
    doc("maria-alvarez 2022-07-01", "maria-alvarez 2025-09-23", "maria-alvarez 2026-06-18"),
)
ask("denies-sob-all", "denies SOB", None, _DENY_SOB)
ask(
    "sob-all",
    "shortness of breath",
    None,
    doc("james-whitfield 2025-05-16", "frank-delaney 2026-05-16", "mateo-garcia 2026-04-16")
    | enc("shortness of breath|breathless"),
    cond("pulmonary edema|asthma with acute|COPD|obstructive pulm|heart failure")
    | says("breathless", "MedicationRequest")
    | doc("james-whitfield 2026-06-15", "james-whitfield 2025-06-05", "hien-nguyen 2026-06-18"),
    denied=_DENY_SOB,
)
ask(
    "fever-all",
    "fever",
    None,
    doc("hien-nguyen 2026-06-18") | enc("fever") | obs("8310-5", ">=", 38),
    denied=doc(
        "maria-alvarez 2024-02-06",
        "james-whitfield 2025-05-16",
        "ruth-goldberg 2023-12-03",
        "frank-delaney 2026-05-16",
        "jasmine-brooks 2025-02-05",
        "harold-jensen 2026-05-21",
        "kwame-mensah 2026-06-18",
        "tyrone-jackson 2026-06-16",
    ),
)
ask(
    "no-bleeding-eleanor",
    "no bleeding on warfarin",
    "eleanor-marsh",
    doc("eleanor-marsh 2026-06-21", "eleanor-marsh 2026-06-27", "eleanor-marsh 2026-02-10"),
)
ask(
    "bleeding-all",
    "bleeding",
    None,
    says("bleeding", "AllergyIntolerance"),
    says("dot haemorrhages", "DiagnosticReport"),
    denied=doc(
        "eleanor-marsh 2026-06-21",
        "eleanor-marsh 2026-06-27",
        "eleanor-marsh 2026-02-10",
        "chloe-lefevre 2026-03-03",
        "chloe-lefevre 2026-06-23",
        "george-papadopoulos 2026-06-08",
        "linda-kaminski 2026-05-16",
    ),
)
ask(
    "denies-hemoptysis-frank",
    "denies hemoptysis",
    "frank-delaney",
    doc("frank-delaney 2026-05-16", "frank-delaney 2026-05-31"),
)
ask("no-seizures-jasmine", "no history of seizures", "jasmine-brooks", doc("jasmine-brooks 2026-01-01"))
ask(
    "si-jasmine",
    "suicidal thoughts",
    "jasmine-brooks",
    doc("jasmine-brooks 2024-12-17") | says("several days", "Observation"),
    plan("safety"),
    denied=doc("jasmine-brooks 2025-05-26", "jasmine-brooks 2026-01-01", "jasmine-brooks 2026-06-16"),
)
ask(
    "no-pe-all",
    "no evidence of PE",
    None,
    doc("patrick-dsouza 2026-03-20", "james-whitfield 2025-05-16", "hien-nguyen 2026-06-22")
    | report("CT pulmonary"),
)
ask("nka-all", "no known drug allergies", None, allergy("no known"))
ask(
    "weight-loss-all",
    "weight loss",
    None,
    doc(
        "jasmine-brooks 2024-12-17",
        "frank-delaney 2026-05-31",
        "edith-thornton 2025-09-03",
        "edith-thornton 2026-06-12",
    ),
    denied=doc(
        "ruth-goldberg 2023-12-03",
        "ruth-goldberg 2026-03-02",
        "hien-nguyen 2026-06-18",
        "linda-kaminski 2026-05-16",
    ),
)
ask(
    "headache-all",
    "headaches",
    None,
    doc("sophie-laurent 2026-05-26") | enc("headache") | cond("migraine"),
    for_("migraine") | report("MRI brain") & says("normal", "DiagnosticReport"),
    denied=doc(
        "eleanor-marsh 2026-06-21",
        "chloe-lefevre 2026-06-23",
        "samuel-okonkwo 2026-05-11",
        "ruth-goldberg 2023-12-03",
    ),
)
ask(
    "leg-swelling-james",
    "leg swelling",
    "james-whitfield",
    doc("james-whitfield 2025-05-16", "james-whitfield 2026-06-15"),
    denied=doc("james-whitfield 2026-01-31"),
)
ask(
    "itching-all",
    "itching",
    None,
    doc("maria-alvarez 2024-02-06", "harold-jensen 2024-05-31", "harold-jensen 2026-05-21")
    | enc("itching")
    | says("itching", "AllergyIntolerance"),
    cond("candidiasis"),
    denied=doc("dorothy-freeman 2025-09-03", "dorothy-freeman 2026-06-10"),
)
