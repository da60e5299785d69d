"""Allergies and immunisation."""

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
    rx,
    says,
    shot,
)

QUERIES: list[Query] = []

ask = Theme("allergy", QUERIES)
_NORA = ("nora-obrien 2025-08-04", "nora-obrien 2026-05-31")
ask(
    "penicillin-all",
    "penicillin allergy",
    None,
    allergy("penicillin") | doc(*_NORA),
    doc("edith-thornton 2025-09-03", "walter-brandt 2025-09-03") | rx("amoxicillin-clav"),
)
ask(
    "anaphylaxis-all",
    "anaphylaxis",
    None,
    says("anaphylaxis", "AllergyIntolerance") | doc(*_NORA),
    rx("epinephrine") | says("anaphylaxis", "MedicationRequest"),
)
ask(
    "sulfa-rash-all",
    "rash with sulfa",
    None,
    allergy("sulfonamide"),
    doc("ruth-goldberg 2023-12-03"),
)
ask(
    "allergies-nora",
    "allergies",
    "nora-obrien",
    allergy() | doc("nora-obrien 2025-08-04"),
    doc("nora-obrien 2026-05-31") | enc("allerg") | cond("allergic"),
)
ask(
    "latex-all",
    "latex allergy",
    None,
    allergy("latex"),
    doc("chloe-lefevre 2026-03-03", "nora-obrien 2025-08-04"),
)
ask(
    "contrast-dorothy",
    "contrast dye reaction",
    "dorothy-freeman",
    allergy("contrast"),
    doc("dorothy-freeman 2026-06-10"),
)
ask(
    "hives-all",
    "hives",
    None,
    says("hives|urticaria", "AllergyIntolerance"),
    doc("nora-obrien 2025-08-04", "dorothy-freeman 2026-06-10", "chloe-lefevre 2026-03-03"),
)
ask(
    "intolerance-robert",
    "drug intolerances",
    "robert-kowalczyk",
    allergy(),
    cond("statin") | doc("robert-kowalczyk 2024-01-12", "robert-kowalczyk 2026-06-05"),
)
ask(
    "acecough-james",
    "cough from lisinopril",
    "james-whitfield",
    allergy("lisinopril") | rx("lisinopril") | doc("james-whitfield 2025-06-05"),
)
ask("peanut-mateo", "peanut", "mateo-garcia", allergy("peanut"), note("peanut") | for_("peanut"))
ask("codeine-eleanor", "reaction to codeine", "eleanor-marsh", allergy("codeine"), note("codeine"))
ask(
    "drug-rash-all",
    "drug rash",
    None,
    says("rash", "AllergyIntolerance") | rx("lamotrigine"),
    doc(
        "frank-delaney 2026-05-16",
        "kwame-mensah 2026-06-18",
        "ruth-goldberg 2023-12-03",
        "walter-brandt 2025-09-03",
        "nora-obrien 2025-08-04",
    ),
)

ask = Theme("immunisation", QUERIES)
ask("pneumovax-all", "pneumonia vaccine", None, shot("pneumococcal"), doc("hien-nguyen 2026-06-22"))
ask("shingles-all", "shingles shot", None, shot("zoster"))
ask("mmr-zoe", "MMR", "zoe-abara", shot("MMR"), note("MMR"))
ask(
    "tetanus-chloe",
    "tetanus booster",
    "chloe-lefevre",
    shot("tdap"),
    doc("chloe-lefevre 2026-06-23"),
)
ask("hepb-tyrone", "hep B series", "tyrone-jackson", shot("hepatitis B"))
ask("covid-maria", "COVID vaccine", "maria-alvarez", shot("COVID"))
ask("hpv-liam", "HPV vaccine", "liam-oconnor", shot("papillomavirus"))
ask("refused-linda", "refused flu vaccine", "linda-kaminski", shot(), note("flu shot"))
ask("shots-dorothy", "immunizations", "dorothy-freeman", shot(), note("vaccine"))
ask("mmr-mateo", "measles vaccine doses", "mateo-garcia", shot("MMR"))
ask("flu-frank", "flu vaccine", "frank-delaney", shot("influenza"), note("flu shot"))
ask(
    "zoe-behind",
    "vaccines overdue",
    "zoe-abara",
    doc("zoe-abara 2026-03-27") | shot("MMR"),
)
