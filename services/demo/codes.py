"""Codes the demo cohort uses for measurements, reports, notes and encounters.

Only codes known for certain are here; a thing without one keeps its wording and no coding, because
a wrong code in a record is worse than none. The wording is ours.
"""

from __future__ import annotations

from typing import NamedTuple

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CVX = "http://hl7.org/fhir/sid/cvx"
CPT = "http://www.ama-assn.org/go/cpt"
HL7 = "http://terminology.hl7.org/CodeSystem/"


class Measure(NamedTuple):
    """One measurable thing: its code, unit, usual range and the limits that call for a phone call."""

    loinc: str | None
    name: str
    ucum: str
    unit: str
    low: float | None = None
    high: float | None = None
    panic_low: float | None = None
    panic_high: float | None = None


M = Measure
LABS: dict[str, Measure] = {
    "hba1c": M("4548-4", "Hemoglobin A1c", "%", "%", 4.0, 5.6),
    "glucose": M("2345-7", "Glucose", "mg/dL", "mg/dL", 70, 99, 40, 450),
    "gct": M("1504-0", "Glucose 1 hour after 50 g oral glucose", "mg/dL", "mg/dL", None, 139),
    "na": M("2951-2", "Sodium", "mmol/L", "mmol/L", 136, 145, 120, 160),
    "k": M("2823-3", "Potassium", "mmol/L", "mmol/L", 3.5, 5.1, 2.8, 6.2),
    "cl": M("2075-0", "Chloride", "mmol/L", "mmol/L", 98, 107),
    "co2": M("2028-9", "Bicarbonate (total CO2)", "mmol/L", "mmol/L", 22, 29, 10, 40),
    "bun": M("3094-0", "Urea nitrogen", "mg/dL", "mg/dL", 7, 20),
    "cr": M("2160-0", "Creatinine", "mg/dL", "mg/dL", 0.6, 1.2),
    "egfr": M("98979-8", "eGFR (CKD-EPI 2021)", "mL/min/{1.73_m2}", "mL/min/1.73 m2", 60, None),
    "ca": M("17861-6", "Calcium", "mg/dL", "mg/dL", 8.6, 10.3, 6.5, 13),
    "phos": M("2777-1", "Phosphate", "mg/dL", "mg/dL", 2.5, 4.5),
    "pth": M("2731-8", "Parathyroid hormone, intact", "pg/mL", "pg/mL", 15, 65),
    "vitd": M("1989-3", "25-hydroxyvitamin D", "ng/mL", "ng/mL", 30, 100),
    "acr": M("9318-7", "Urine albumin/creatinine ratio", "mg/g", "mg/g", None, 29),
    "wbc": M("6690-2", "White cell count", "10*3/uL", "10^3/uL", 4.0, 11.0, 1.5, 40),
    "hb": M("718-7", "Hemoglobin", "g/dL", "g/dL", 12.0, 16.0, 7.0, 20.0),
    "mcv": M("787-2", "Mean corpuscular volume", "fL", "fL", 80, 100),
    "plt": M("777-3", "Platelet count", "10*3/uL", "10^3/uL", 150, 400, 20, 1000),
    "ferritin": M("2276-4", "Ferritin", "ng/mL", "ng/mL", 30, 300),
    "tsat": M("2502-3", "Transferrin saturation", "%", "%", 20, 50),
    "b12": M("2132-9", "Vitamin B12", "pg/mL", "pg/mL", 200, 900),
    "chol": M("2093-3", "Total cholesterol", "mg/dL", "mg/dL", None, 199),
    "ldl": M("13457-7", "LDL cholesterol (calculated)", "mg/dL", "mg/dL", None, 99),
    "hdl": M("2085-9", "HDL cholesterol", "mg/dL", "mg/dL", 40, None),
    "tg": M("2571-8", "Triglycerides", "mg/dL", "mg/dL", None, 149),
    "alt": M("1742-6", "Alanine aminotransferase (ALT)", "U/L", "U/L", 7, 45),
    "ast": M("1920-8", "Aspartate aminotransferase (AST)", "U/L", "U/L", 8, 40),
    "alp": M("6768-6", "Alkaline phosphatase", "U/L", "U/L", 40, 130),
    "bili": M("1975-2", "Bilirubin, total", "mg/dL", "mg/dL", 0.1, 1.2),
    "alb": M("1751-7", "Albumin", "g/dL", "g/dL", 3.5, 5.0),
    "ck": M("2157-6", "Creatine kinase", "U/L", "U/L", 30, 200),
    "tsh": M("3016-3", "TSH", "m[IU]/L", "mIU/L", 0.4, 4.5),
    "ft4": M("3024-7", "Free T4", "ng/dL", "ng/dL", 0.8, 1.8),
    "inr": M("6301-6", "INR", "{INR}", "INR", 0.9, 1.1, None, 5.0),
    "bnp": M("30934-4", "BNP", "pg/mL", "pg/mL", None, 100),
    "trop": M("10839-9", "Troponin I", "ng/mL", "ng/mL", None, 0.04, None, 1.0),
    "crp": M("1988-5", "C-reactive protein", "mg/L", "mg/L", None, 5),
    "esr": M("4537-7", "Erythrocyte sedimentation rate", "mm/h", "mm/h", None, 30),
    "lactate": M("2524-7", "Lactate", "mmol/L", "mmol/L", 0.5, 2.0, None, 4.0),
    "ddimer": M("48065-7", "D-dimer (FEU)", "ng/mL", "ng/mL FEU", None, 500),
    "rf": M("11572-5", "Rheumatoid factor", "[IU]/mL", "IU/mL", None, 14),
    "ccp": M(None, "Anti-CCP antibody", "U/mL", "U/mL", None, 20),
    "vl": M("20447-9", "HIV-1 RNA viral load", "{copies}/mL", "copies/mL"),
    "cd4": M("24467-3", "CD4 count", "/uL", "cells/uL", 500, 1500),
    "psa": M("2857-1", "Prostate specific antigen", "ng/mL", "ng/mL", None, 4.0),
    "urate": M("3084-1", "Uric acid", "mg/dL", "mg/dL", 3.5, 7.2),
    "lev": M(None, "Levetiracetam level", "ug/mL", "mcg/mL", 12, 46),
}
LABS_MALE: dict[str, Measure] = {
    "hb": LABS["hb"]._replace(low=13.5, high=17.5),
    "cr": LABS["cr"]._replace(low=0.7, high=1.3),
}

VITALS: dict[str, Measure] = {
    "sbp": M("8480-6", "Systolic blood pressure", "mm[Hg]", "mmHg"),
    "dbp": M("8462-4", "Diastolic blood pressure", "mm[Hg]", "mmHg"),
    "hr": M("8867-4", "Heart rate", "/min", "beats/min"),
    "rr": M("9279-1", "Respiratory rate", "/min", "breaths/min"),
    "temp": M("8310-5", "Body temperature", "Cel", "°C"),
    "spo2": M("59408-5", "Oxygen saturation by pulse oximetry", "%", "%"),
    "wt": M("29463-7", "Body weight", "kg", "kg"),
    "ht": M("8302-2", "Body height", "cm", "cm"),
    "bmi": M("39156-5", "Body mass index", "kg/m2", "kg/m2"),
    "peakflow": M("33452-4", "Peak expiratory flow", "L/min", "L/min"),
    "fundal": M("11881-0", "Fundal height", "cm", "cm"),
    "fhr": M("55283-6", "Fetal heart rate", "/min", "beats/min"),
}

SCORES: dict[str, Measure] = {
    "phq9": M("44261-6", "PHQ-9 total score", "{score}", "points"),
    "gad7": M("70274-6", "GAD-7 total score", "{score}", "points"),
    "moca": M("72172-0", "MoCA total score", "{score}", "points"),
    "auditc": M("75626-2", "AUDIT-C total score", "{score}", "points"),
    "lvef": M("10230-1", "Left ventricular ejection fraction", "%", "%", 52, 72),
    "fev1": M("20150-9", "FEV1", "L", "L"),
    "ratio": M("19926-5", "FEV1/FVC ratio", "%", "%"),
    "hipt": M(None, "Total hip bone density T-score", "{score}", "T-score"),
    "spinet": M(None, "Lumbar spine bone density T-score", "{score}", "T-score"),
    "packyears": M("8664-5", "Cigarette pack-years", "{PackYears}", "pack-years"),
}

PANELS: dict[str, tuple[str | None, str]] = {
    "bmp": ("24321-2", "Basic metabolic panel"),
    "cmp": ("24323-8", "Comprehensive metabolic panel"),
    "cbc": ("58410-2", "Complete blood count"),
    "lipids": ("24331-1", "Lipid panel"),
    "lft": ("24325-3", "Hepatic function panel"),
    "thyroid": (None, "Thyroid function tests"),
    "iron": (None, "Iron studies"),
    "renal": (None, "Renal follow-up panel"),
}

STUDIES: dict[str, tuple[str | None, str, str]] = {
    "echo": ("42148-7", "Transthoracic echocardiogram", "RAD"),
    "ecg": ("11524-6", "12-lead ECG", "CUS"),
    "cxr": ("36643-5", "Chest X-ray, 2 views", "RAD"),
    "ct_head": ("24725-4", "CT head", "RAD"),
    "mri_brain": ("24590-2", "MRI brain", "RAD"),
    "mammogram": ("24606-6", "Screening mammogram", "RAD"),
    "dxa": ("38269-7", "DXA bone density", "RAD"),
    "ob_us": ("11525-3", "Obstetric ultrasound", "RAD"),
    "path": ("11526-1", "Surgical pathology report", "PAT"),
    "spiro": ("18759-1", "Spirometry", "PF"),
    "colonoscopy": ("18746-8", "Colonoscopy report", "GE"),
    "blood_culture": ("600-7", "Blood culture", "MB"),
    "knee": (None, "Knee X-rays, weight-bearing", "RAD"),
    "ct_chest": (None, "CT pulmonary angiogram", "RAD"),
    "lspine": (None, "MRI lumbar spine", "RAD"),
    "ldct": (None, "Low-dose CT chest for lung cancer screening", "RAD"),
    "carotid": (None, "Carotid duplex ultrasound", "RAD"),
    "eeg": (None, "Routine EEG", "CUS"),
    "afb": (None, "Acid-fast sputum culture", "MB"),
    "uds": (None, "Urine drug screen", "TX"),
    "eye": (None, "Dilated retinal examination", "OTH"),
    "cath": (None, "Coronary angiogram", "RAD"),
    "urine": ("630-4", "Urine culture", "MB"),
}

NOTES: dict[str, tuple[str, str]] = {
    "progress": ("11506-3", "Progress note"),
    "discharge": ("18842-5", "Discharge summary"),
    "consult": ("11488-4", "Consultation note"),
    "operative": ("11504-8", "Operative note"),
    "procedure": ("28570-0", "Procedure note"),
    "ed": ("34111-5", "Emergency department note"),
    "phone": ("34748-4", "Telephone encounter note"),
    "hp": ("34117-2", "History and physical"),
    "summary": ("34133-9", "Summary of care"),
}

ENCOUNTERS: dict[str, tuple[str, str, str | None, str]] = {
    "visit": ("AMB", "ambulatory", "390906007", "Follow-up visit"),
    "checkup": ("AMB", "ambulatory", "185349003", "Check-up visit"),
    "new": ("AMB", "ambulatory", "185345009", "Visit for a symptom"),
    "consult": ("AMB", "ambulatory", None, "Specialist consultation"),
    "phone": ("VR", "virtual", None, "Telephone call"),
    "ed": ("EMER", "emergency", "50849002", "Emergency department visit"),
    "admit": ("IMP", "inpatient encounter", None, "Hospital admission"),
    "surgery": ("IMP", "inpatient encounter", None, "Admission for surgery"),
}

SMOKING = {
    "never": ("266919005", "Never smoked tobacco"),
    "former": ("8517006", "Ex-smoker"),
    "current": ("449868002", "Smokes tobacco daily"),
}

VACCINES: dict[str, str] = {
    "03": "MMR vaccine",
    "08": "Hepatitis B vaccine, paediatric",
    "10": "Inactivated polio vaccine",
    "20": "DTaP vaccine",
    "21": "Varicella vaccine",
    "33": "Pneumococcal polysaccharide vaccine (PPSV23)",
    "43": "Hepatitis B vaccine, adult",
    "48": "Hib vaccine (PRP-T)",
    "83": "Hepatitis A vaccine, paediatric",
    "113": "Td vaccine, adult",
    "115": "Tdap vaccine",
    "116": "Rotavirus vaccine, pentavalent",
    "133": "Pneumococcal conjugate vaccine (PCV13)",
    "135": "Influenza vaccine, high dose",
    "140": "Influenza vaccine, preservative free",
    "150": "Influenza vaccine, quadrivalent, preservative free",
    "165": "Human papillomavirus vaccine, 9-valent",
    "187": "Recombinant zoster vaccine",
    "208": "COVID-19 mRNA vaccine",
    "216": "Pneumococcal conjugate vaccine (PCV20)",
}
