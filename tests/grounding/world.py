"""Evidence of one made-up patient, as the index renders it."""

from __future__ import annotations

import datetime as dt

from services.grounding import Checked, Evidence, check

AS_OF = dt.date(2026, 7, 1)


def item(number: int, kind: str, date: str | None, text: str, title: str = "") -> Evidence:
    return Evidence(number, f"{kind}/{number}", "1", date, text, title=title)


A1C_OLD = item(
    1,
    "Observation",
    "2024-03-12T09:00:00Z",
    "Hemoglobin A1c 9.1 % (high).\nReference range 4.0–5.6 %.\nDate: 12-Mar-2024\nStatus: final",
)
A1C_NEW = item(
    2,
    "Observation",
    "2026-06-18",
    "Hemoglobin A1c 7.3 % (high).\nReference range 4.0–5.6 %.\nDate: 18-Jun-2026\nStatus: final",
)
PANEL = item(
    3,
    "DiagnosticReport",
    "2026-06-18",
    "Basic metabolic panel.\n- Sodium 141 mmol/L (normal); range 136–145 mmol/L\n"
    "- Potassium 4.1 mmol/L (normal); range 3.5–5.1 mmol/L\n"
    "- Glucose 180 mg/dL (high); range 70–99 mg/dL\nDate: 18-Jun-2026\nStatus: final",
)
METOPROLOL = item(
    4,
    "MedicationRequest",
    "2025-01-10",
    "Metoprolol succinate 50 mg tablet (Toprol XL).\nDose: Take 1 tablet by mouth twice daily\nStatus: active\n"
    "Ordered: 10-Jan-2025\nReason: Essential hypertension",
)
METFORMIN = item(
    5,
    "MedicationRequest",
    "2022-07-01",
    "Stopped: Metformin 500 mg tablet.\nDose: Take 1 tablet by mouth twice daily\n"
    "Status: stopped (Nausea)\nOrdered: 01-Jul-2022",
)
NOTE = item(
    6,
    "DocumentReference",
    "2026-06-18",
    "HISTORY OF PRESENT ILLNESS:\n54 y/o man with HTN. Denies chest pain and syncope. Mother has DM2. "
    "Possible gout in the left great toe. Works two night shifts a week.\n\nPLAN:\n- Start colchicine 0.6 mg daily.\n"
    "- Recheck potassium in 2 weeks.",
    "Progress note",
)
RESOLVED = item(
    7,
    "Condition",
    "2025-02-01",
    "Acute cystitis (resolved).\nStatus: resolved, confirmed\nOnset: 01-Feb-2025\nAbated: 15-Feb-2025",
)
ALLERGY = item(
    8,
    "AllergyIntolerance",
    "2020-01-01",
    "Allergy: Penicillin.\nStatus: active, confirmed\nReaction: Hives (moderate)",
)
WEIGHT = item(9, "Observation", "2026-06-18", "Body weight 80.0 kg.\nDate: 18-Jun-2026\nStatus: final")
EVERYTHING = (A1C_OLD, A1C_NEW, PANEL, METOPROLOL, METFORMIN, NOTE, RESOLVED, ALLERGY, WEIGHT)


def checked(text: str) -> Checked:
    return check(text, EVERYTHING, as_of=AS_OF)


def kinds(text: str) -> set[str]:
    """The kinds of problem of a text."""
    return {p.kind for p in checked(text).problems}


SUPPORTED_WORDS = [
    "HbA1c",
    "K",
    "potassium",
    "BP",
    "120/80",
    "9.1",
    "%",
    "mg/dL",
    "7,000",
    "½",
    "two",
    "half",
    "about",
    "over",
    ">",
    "≤",
    "from",
    "to",
    "fell",
    "rose",
    "improved",
    "stable",
    "than",
    "high",
    "normal",
    "range",
    "3.5–5.1",
    "no",
    "denies",
    "possible",
    "mother",
    "his",
    "left",
    "right",
    "both",
    "stopped",
    "takes",
    "should",
    "start",
    "[1]",
    "[1-2]",
    ".",
    ";",
    ",",
    "(",
    ")",
    "in",
    "March",
    "2024",
    "03/12/2024",
    "99-99-9999",
    "0000-00-00",
    "last",
    "year",
    "ago",
    "3",
    "weeks",
    "later",
    "respectively",
    "BID",
    "q8h",
    "every",
    "0",
    "days",
    "NYHA",
    "IV",
    "stage",
    "3b",
    "allergic",
    "to",
    "metformin",
    "Toprol",
    "XL",
    "gout",
    "1e9",
    "00000000000000000000000000000000",
    "-2.7",
    "²³",
    "𝟗",
    "mean",
    "average",
    "by",
    "times",
]
