"""The items that the made-up wards measure. Numbers are MIMIC-IV's item ids (d_labitems, d_items)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """`noise` is how far one value lies from the next; `low` and `high` are the limits printed with a result."""

    code: str
    name: str
    unit: str
    digits: int = 0
    noise: float = 1.0
    low: float | None = None
    high: float | None = None
    floor: float = 0.1


LABS = {
    "creatinine": Item("50912", "Creatinine", "mg/dL", 1, 0.2, 0.5, 1.2),
    "potassium": Item("50971", "Potassium", "mEq/L", 1, 0.4, 3.3, 5.1),
    "sodium": Item("50983", "Sodium", "mEq/L", 0, 2, 133, 145),
    "chloride": Item("50902", "Chloride", "mEq/L", 0, 3, 96, 108),
    "bicarbonate": Item("50882", "Bicarbonate", "mEq/L", 0, 2, 22, 32),
    "anion gap": Item("50868", "Anion Gap", "mEq/L", 0, 2, 8, 20),
    "glucose": Item("50931", "Glucose", "mg/dL", 0, 25, 70, 105),
    "urea": Item("51006", "Urea Nitrogen", "mg/dL", 0, 5, 6, 20),
    "magnesium": Item("50960", "Magnesium", "mg/dL", 1, 0.2, 1.6, 2.6),
    "calcium": Item("50893", "Calcium, Total", "mg/dL", 1, 0.3, 8.4, 10.3),
    "phosphate": Item("50970", "Phosphate", "mg/dL", 1, 0.4, 2.7, 4.5),
    "hemoglobin": Item("51222", "Hemoglobin", "g/dL", 1, 0.5, 13.7, 17.5),
    "hematocrit": Item("51221", "Hematocrit", "%", 1, 1.4, 40, 51),
    "white cells": Item("51301", "White Blood Cells", "K/uL", 1, 1.2, 4.0, 10.0),
    "platelets": Item("51265", "Platelet Count", "K/uL", 0, 18, 150, 400),
    "inr": Item("51237", "INR(PT)", "", 1, 0.2, 0.9, 1.1),
    "lactate": Item("50813", "Lactate", "mmol/L", 1, 0.4, 0.5, 2.0),
    "bilirubin": Item("50885", "Bilirubin, Total", "mg/dL", 1, 0.3, 0.0, 1.5),
    "alt": Item("50861", "Alanine Aminotransferase (ALT)", "IU/L", 0, 8, 0, 40),
    "ast": Item("50878", "Asparate Aminotransferase (AST)", "IU/L", 0, 8, 0, 40),
    "albumin": Item("50862", "Albumin", "g/dL", 1, 0.2, 3.5, 5.2),
    "troponin": Item("51003", "Troponin T", "ng/mL", 2, 0.05, 0.0, 0.01, 0.01),
    "bnp": Item("50963", "NTproBNP", "pg/mL", 0, 400, 0, 376),
    "lipase": Item("50956", "Lipase", "IU/L", 0, 30, 0, 60),
    "ph": Item("50820", "pH", "units", 2, 0.03, 7.35, 7.45),
    "pco2": Item("50818", "pCO2", "mm Hg", 0, 4, 35, 45),
    "po2": Item("50821", "pO2", "mm Hg", 0, 10, 85, 105),
    "hba1c": Item("50852", "% Hemoglobin A1c", "%", 1, 0.2, 4.0, 6.0),
}

CHARTED = {
    "heart rate": Item("220045", "Heart Rate", "bpm", 0, 6, floor=40),
    "respiratory rate": Item("220210", "Respiratory Rate", "insp/min", 0, 3, floor=8),
    "saturation": Item("220277", "O2 saturation pulseoxymetry", "%", 0, 1, floor=84),
    "temperature": Item("223761", "Temperature Fahrenheit", "°F", 1, 0.5, floor=95),
    "systolic": Item("220179", "Non Invasive Blood Pressure systolic", "mmHg", 0, 7, floor=70),
    "diastolic": Item("220180", "Non Invasive Blood Pressure diastolic", "mmHg", 0, 5, floor=35),
    "mean pressure": Item("220181", "Non Invasive Blood Pressure mean", "mmHg", 0, 5, floor=45),
    "weight": Item("224639", "Daily Weight", "kg", 1, 0.6, floor=30),
    "Foley": Item("226559", "Foley", "mL", 0, 20),
    "Void": Item("226560", "Void", "mL", 0, 20),
    "Chest Tube": Item("226588", "Chest Tube #1", "mL", 0, 10),
    "NaCl 0.9%": Item("225158", "NaCl 0.9%", "mL"),
    "Dextrose 5%": Item("220949", "Dextrose 5%", "mL"),
    "PO Intake": Item("226452", "PO Intake", "mL"),
}
