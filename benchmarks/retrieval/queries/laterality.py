"""Left and right."""

from __future__ import annotations

from benchmarks.retrieval.judging import (
    Query,
    Theme,
    cond,
    doc,
    enc,
    for_,
    otc,
    proc,
    report,
    says,
)

QUERIES: list[Query] = []

ask = Theme("laterality", QUERIES)
ask(
    "left-knee-harold",
    "left knee",
    "harold-jensen",
    cond("left artificial knee")
    | proc("left total knee")
    | enc("left total knee")
    | doc("harold-jensen 2024-05-31")
    | report("knee"),
    doc("harold-jensen 2026-05-21"),
)
ask(
    "right-knee-harold",
    "right knee",
    "harold-jensen",
    cond("right knee")
    | proc("corticosteroid")
    | report("knee")
    | doc("harold-jensen 2026-05-21")
    | otc("diclofenac"),
    for_("right knee"),
)
ask(
    "right-knee-injection",
    "injection R knee",
    "harold-jensen",
    proc("corticosteroid"),
    doc("harold-jensen 2026-05-21"),
)
ask(
    "left-breast-ruth",
    "left breast",
    "ruth-goldberg",
    cond("left breast")
    | proc("biopsy|mastectomy")
    | says("left breast", "DiagnosticReport")
    | enc("left mastectomy")
    | doc("ruth-goldberg 2023-10-24", "ruth-goldberg 2023-12-03", "ruth-goldberg 2026-03-02"),
    for_("left breast"),
)
ask(
    "right-breast-ruth",
    "right breast",
    "ruth-goldberg",
    says("right breast", "DiagnosticReport") | doc("ruth-goldberg 2026-03-02", "ruth-goldberg 2026-05-31"),
    says("right negative", "DiagnosticReport")
    | says("right mammogram", "CarePlan")
    | doc("ruth-goldberg 2023-12-03", "ruth-goldberg 2023-10-24"),
)
ask(
    "right-weakness-george",
    "right-sided weakness",
    "george-papadopoulos",
    cond("right hemiparesis")
    | enc("right weakness")
    | doc("george-papadopoulos 2025-05-26", "george-papadopoulos 2025-06-02"),
    doc("george-papadopoulos 2026-06-08") | for_("hemiparesis"),
)
ask(
    "left-carotid-george",
    "left carotid",
    "george-papadopoulos",
    cond("carotid") | proc("carotid") | report("carotid") | doc("george-papadopoulos 2025-06-02"),
    doc("george-papadopoulos 2026-06-08") | for_("carotid"),
)
ask(
    "left-arm-ruth",
    "left arm",
    "ruth-goldberg",
    cond("left arm") | says("left arm", "CarePlan") | doc("ruth-goldberg 2026-03-02"),
)
ask(
    "left-arm-dorothy",
    "left arm precautions",
    "dorothy-freeman",
    says("left arm", "CarePlan"),
    doc("dorothy-freeman 2025-09-03"),
)
ask(
    "lul-nodule-hien",
    "LUL nodule",
    "hien-nguyen",
    cond("nodule") | report("CT pulmonary") | doc("hien-nguyen 2026-06-22"),
    for_("nodule"),
)
ask(
    "rll-pna-hien",
    "RLL pneumonia",
    "hien-nguyen",
    cond("pneumonia")
    | report("chest x-ray|CT pulmonary")
    | doc("hien-nguyen 2026-06-18", "hien-nguyen 2026-06-22"),
    for_("pneumonia"),
)
ask(
    "left-wrist-edith",
    "left wrist fracture",
    "edith-thornton",
    cond("left distal radius") | doc("edith-thornton 2025-12-12"),
    for_("distal radius") | doc("edith-thornton 2026-06-12"),
)
ask("right-ear-mateo", "right ear infection", "mateo-garcia", cond("otitis"))
ask("right-eye-dorothy", "right eye retinopathy", "dorothy-freeman", says("right eye", "DiagnosticReport"))
ask(
    "left-breast-cancer-all",
    "cancer of the left breast",
    None,
    cond("left breast")
    | doc("ruth-goldberg 2023-10-24", "ruth-goldberg 2023-12-03", "ruth-goldberg 2026-03-02")
    | says("left breast", "DiagnosticReport")
    | proc("mastectomy|core biopsy"),
    for_("left breast") | enc("mastectomy|breast cancer"),
)
