"""People on the wards whose questions may be tuned on."""

from __future__ import annotations

from benchmarks.answers.foreign.records.inpatients import Culture, Drug, Inpatient, Stay

_ROUTINE = {
    "creatinine": (1.1, 0.0), "potassium": (4.1, 0.0), "sodium": (138, 0.0), "chloride": (101, 0.0),
    "bicarbonate": (25, 0.0), "glucose": (142, -1.0), "urea": (22, 0.0), "magnesium": (1.9, 0.0),
    "hemoglobin": (11.2, -0.05), "hematocrit": (34.0, -0.1), "white cells": (7.8, 0.0), "platelets": (212, 0.0),
}  # fmt: skip
_BEDSIDE = {
    "heart rate": (92, -0.2), "respiratory rate": (20, 0.0), "saturation": (96, 0.0), "temperature": (99.1, 0.0),
    "systolic": (118, 0.1), "diastolic": (64, 0.0), "mean pressure": (80, 0.0),
}  # fmt: skip

HEART = Inpatient(
    "ward-heart", "10017341", "male", "2101-03-18", "M", "WHITE", "en", "-05:00",
    (
        Stay(
            "2169-11-02T14:20", "2169-11-09T15:05", "EMERGENCY ROOM", "HOME HEALTH CARE",
            (
                ("icd9", "4280", "Congestive heart failure, unspecified"),
                ("icd9", "42731", "Atrial fibrillation"),
                ("icd9", "25000", "Diabetes mellitus without mention of complication, type II or unspecified type, "
                 "not stated as uncontrolled"),
                ("icd9", "4019", "Unspecified essential hypertension"),
            ),
            (("icd9", "8872", "Diagnostic ultrasound of heart", 1.2), ("icd9", "3893", "Venous catheterization, not elsewhere classified", 0.6)),
            (
                Drug("Furosemide", 40, "mg", "IV", "BID", 0.1, 4.0, given=5),
                Drug("Metoprolol Tartrate", 25, "mg", "PO", "BID", 0.2, 7.0),
                Drug("Warfarin", 5, "mg", "PO", "DAILY16", 2.1, 7.0, "code"),
                Drug("Insulin", 6, "UNIT", "SC", "ASDIR", 0.3, 6.5, "code"),
                Drug("Potassium Chloride", 20, "mEq", "PO", "ONCE", 1.4, 1.5),
            ),
            _ROUTINE | {"inr": (1.1, 0.2), "bnp": (6120, -500), "troponin": (0.02, 0.0)},
            units=(("Emergency Department", 0.0, 0.2), ("Cardiology", 0.2, 9.0)), ed=True,
            reports=(("ECHOCARDIOGRAM", 1.3, "The left ventricle is mildly dilated. Left ventricular ejection fraction is 35 percent. "
                      "Moderate mitral regurgitation is seen. There is no pericardial effusion."),),
        ),
        Stay(
            "2171-05-21T23:48", "2171-06-02T11:30", "TRANSFER FROM HOSPITAL", "SKILLED NURSING FACILITY",
            (
                ("icd9", "42823", "Acute on chronic systolic heart failure"),
                ("icd9", "5849", "Acute kidney failure, unspecified"),
                ("icd9", "42731", "Atrial fibrillation"),
                ("icd9", "486", "Pneumonia, organism unspecified"),
            ),
            (
                ("icd9", "9604", "Insertion of endotracheal tube", 0.4),
                ("icd9", "9671", "Continuous invasive mechanical ventilation for less than 96 consecutive hours", 0.5),
                ("icd9", "3893", "Venous catheterization, not elsewhere classified", 0.7),
                ("icd9", "3491", "Thoracentesis", 4.3),
                ("icd9", "3491", "Thoracentesis", 8.2),
            ),
            (
                Drug("Vancomycin", 1000, "mg", "IV", "Q 12H", 0.3, 5.2, given=9),
                Drug("CefePIME", 2, "g", "IV", "Q12H", 0.35, 7.0, given=12),
                Drug("Norepinephrine", 0.08, "mcg/kg/min", "IV DRIP", "TITRATE", 0.5, 2.0),
                Drug("Furosemide", 80, "mg", "IV", "BID", 2.5, 9.0, given=8),
                Drug("Heparin", 5000, "UNIT", "SC", "TID", 0.6, 11.0, "text"),
                Drug("Acetaminophen", 650, "mg", "PO/NG", "Q6H:PRN", 0.2, 11.0),
            ),
            _ROUTINE | {"creatinine": (2.9, -0.1), "urea": (58, -2.0), "lactate": (3.4, -0.2), "ph": (7.29, 0.01), "inr": (2.4, 0.0)},
            units=(("Medical Intensive Care Unit (MICU)", 0.0, 5.1), ("Medicine", 5.1, 20.0)), icu=(0.0, 5.1), charted=_BEDSIDE,
            cultures=(
                Culture("BLOOD CULTURE", "BLOOD CULTURE", 0.2),
                Culture("RESPIRATORY CULTURE", "SPUTUM", 0.6, "STAPH AUREUS COAG +", {"VANCOMYCIN": "S", "OXACILLIN": "R", "CLINDAMYCIN": "R"}),
                Culture("MRSA SCREEN", "MRSA SCREEN", 0.8),
            ),
            output=(("Foley", 260),), intake=(("NaCl 0.9%", 250.0),),
        ),
        Stay(
            "2172-08-03T09:15", "2172-08-08T16:40", "PHYSICIAN REFERRAL", "HOME",
            (
                ("icd10", "I5022", "Chronic systolic (congestive) heart failure"),
                ("icd10", "I480", "Paroxysmal atrial fibrillation"),
                ("icd10", "E1122", "Type 2 diabetes mellitus with diabetic chronic kidney disease"),
            ),
            (("icd10", "4A023N7", "Measurement of Cardiac Sampling and Pressure, Left Heart, Percutaneous Approach", 1.1),
             ("icd10", "B2111ZZ", "Fluoroscopy of Multiple Coronary Arteries using Low Osmolar Contrast", 1.1)),
            (
                Drug("Aspirin", 81, "mg", "PO", "DAILY", 0.2, 5.0),
                Drug("Torsemide", 20, "mg", "PO", "DAILY", 0.5, 5.0),
                Drug("Apixaban", 5, "mg", "PO", "BID", 2.2, 5.0),
                Drug("Atorvastatin", 80, "mg", "PO", "QPM", 1.3, 5.0, "rxnorm 259255"),
            ),
            _ROUTINE | {"creatinine": (1.6, 0.05), "bnp": (2210, -80), "hba1c": (7.9, 0.0)},
            units=(("Cardiology", 0.0, 9.0),),
        ),
    ),
)  # fmt: skip

LIVER = Inpatient(
    "ward-liver", "10023886", "female", "2112-09-30", "D", "HISPANIC/LATINO - PUERTO RICAN", "es", "-04:00",
    (
        Stay(
            "2170-04-11T03:12", "2170-04-19T13:00", "EMERGENCY ROOM", "HOME",
            (
                ("icd10", "K7031", "Alcoholic cirrhosis of liver with ascites"),
                ("icd10", "I8511", "Secondary esophageal varices with bleeding"),
                ("icd10", "D62", "Acute posthemorrhagic anemia"),
                ("icd10", "Z87891", "Personal history of nicotine dependence"),
            ),
            (
                ("icd10", "06L38CZ", "Occlusion of Esophageal Vein with Extraluminal Device, Via Natural or Artificial Opening Endoscopic", 0.3),
                ("icd10", "30233N1", "Transfusion of Nonautologous Red Blood Cells into Peripheral Vein, Percutaneous Approach", 0.2),
                ("icd10", "0W9G3ZZ", "Drainage of Peritoneal Cavity, Percutaneous Approach", 3.4),
            ),
            (
                Drug("Octreotide Acetate", 50, "mcg/hr", "IV DRIP", "INFUSION", 0.1, 3.1),
                Drug("Pantoprazole", 40, "mg", "IV", "Q12H", 0.1, 4.0, given=6),
                Drug("CefTRIAXone", 1, "gm", "IV", "Q24H", 0.2, 5.2, given=5),
                Drug("Lactulose", 30, "mL", "PO", "TID", 1.2, 8.0, "code"),
                Drug("Nadolol", 20, "mg", "PO", "DAILY", 4.1, 8.0, "code"),
            ),
            _ROUTINE | {"hemoglobin": (6.8, 0.3), "hematocrit": (20.9, 0.9), "platelets": (71, 1.0), "inr": (2.1, -0.05),
                        "bilirubin": (3.9, -0.1), "albumin": (2.6, 0.0), "alt": (48, -1.0), "ast": (91, -3.0), "sodium": (129, 0.5)},
            units=(("Emergency Department", 0.0, 0.1), ("Surgical Intensive Care Unit (SICU)", 0.1, 2.4), ("Hepatology", 2.4, 20.0)),
            icu=(0.1, 2.4), charted=_BEDSIDE | {"heart rate": (118, -1.5), "systolic": (94, 1.0)}, kind="EMER",
            output=(("Void", 180),), intake=(("NaCl 0.9%", 500.0),),
            reports=(("LIVER OR GALLBLADDER US", 2.5, "Coarse, nodular liver in keeping with cirrhosis. Large volume ascites. "
                      "The portal vein is patent with hepatopetal flow. No focal liver lesion. The gallbladder contains sludge."),),
        ),
        Stay(
            "2170-12-28T18:40", "2171-01-03T10:10", "EMERGENCY ROOM", "HOME HEALTH CARE",
            (("icd10", "K7290", "Hepatic failure, unspecified without coma"), ("icd10", "N179", "Acute kidney failure, unspecified"),
             ("icd10", "K652", "Spontaneous bacterial peritonitis")),
            (("icd10", "0W9G3ZX", "Drainage of Peritoneal Cavity, Percutaneous Approach, Diagnostic", 0.2),
             ("icd10", "0W9G3ZZ", "Drainage of Peritoneal Cavity, Percutaneous Approach", 2.3)),
            (
                Drug("CefTRIAXone", 2, "gm", "IV", "Q24H", 0.2, 5.0, given=5),
                Drug("Albumin 25% (12.5g / 50mL)", 75, "g", "IV", "ONCE", 0.4, 0.5, "text"),
                Drug("Lactulose", 30, "mL", "PO/NG", "QID", 0.3, 5.6, "code"),
                Drug("Rifaximin", 550, "mg", "PO", "BID", 1.1, 5.6),
            ),
            _ROUTINE | {"creatinine": (2.4, -0.15), "hemoglobin": (8.9, 0.05), "platelets": (64, 0.0), "inr": (1.9, 0.0), "bilirubin": (5.2, -0.1), "sodium": (126, 0.8)},
            units=(("Hepatology", 0.0, 9.0),), kind="EMER",
            cultures=(
                Culture("FLUID CULTURE", "PERITONEAL FLUID", 0.25, "ESCHERICHIA COLI", {"CEFTRIAXONE": "S", "CIPROFLOXACIN": "R", "AMPICILLIN": "R"}),
                Culture("BLOOD CULTURE", "BLOOD CULTURE", 0.2),
                Culture("URINE CULTURE", "URINE", 0.3),
            ),
        ),
        Stay(
            "2171-03-07T12:05", "2171-03-11T14:45", "PHYSICIAN REFERRAL", "AGAINST ADVICE",
            (("icd10", "K7031", "Alcoholic cirrhosis of liver with ascites"), ("icd10", "E871", "Hypo-osmolality and hyponatremia")),
            (("icd10", "0W9G3ZZ", "Drainage of Peritoneal Cavity, Percutaneous Approach", 1.0),),
            (Drug("Spironolactone", 50, "mg", "PO", "DAILY", 0.4, 4.0), Drug("Lactulose", 30, "mL", "PO", "TID", 0.4, 4.0, "code")),
            _ROUTINE | {"sodium": (124, 1.0), "creatinine": (1.3, 0.0), "platelets": (69, 0.0), "hemoglobin": (9.4, 0.0), "inr": (1.8, 0.0)},
            units=(("Medicine", 0.0, 9.0),), kind="EMER",
        ),
    ),
)  # fmt: skip

SEPSIS = Inpatient(
    "ward-sepsis", "10031207", "female", "2094-12-05", "W", "BLACK/AFRICAN AMERICAN", "en", "-05:00",
    (
        Stay(
            "2163-02-14T08:30", "2163-02-17T12:20", "PROCEDURE SITE", "HOME",
            (("icd9", "57400", "Calculus of gallbladder with acute cholecystitis, without mention of obstruction"), ("icd9", "2724", "Other and unspecified hyperlipidemia")),
            (("icd9", "5123", "Laparoscopic cholecystectomy", 0.4),),
            (Drug("OxyCODONE (Immediate Release)", 5, "mg", "PO", "Q4H:PRN", 0.6, 3.0), Drug("Ondansetron", 4, "mg", "IV", "Q8H:PRN", 0.5, 2.0)),
            _ROUTINE | {"bilirubin": (1.9, -0.3), "alt": (112, -15), "ast": (98, -12)},
            units=(("Med/Surg", 0.0, 9.0),), service="SURG",
        ),
        Stay(
            "2165-01-27T19:55", "", "EMERGENCY ROOM", "",
            (("icd10", "A4151", "Sepsis due to Escherichia coli [E. coli]"), ("icd10", "R6521", "Severe sepsis with septic shock"),
             ("icd10", "N390", "Urinary tract infection, site not specified"), ("icd10", "I10", "Essential (primary) hypertension")),
            (("icd10", "02HV33Z", "Insertion of Infusion Device into Superior Vena Cava, Percutaneous Approach", 0.2),
             ("icd10", "5A1D70Z", "Performance of Urinary Filtration, Intermittent, Less than 6 Hours Per Day", 1.6),
             ("icd10", "5A1D70Z", "Performance of Urinary Filtration, Intermittent, Less than 6 Hours Per Day", 3.5)),
            (
                Drug("Piperacillin-Tazobactam", 4.5, "g", "IV", "Q8H", 0.1, 1.8, given=5),
                Drug("Meropenem", 500, "mg", "IV", "Q8H", 1.9, None, given=8),
                Drug("Norepinephrine", 0.2, "mcg/kg/min", "IV DRIP", "TITRATE", 0.1, 2.6),
                Drug("Vasopressin", 2.4, "units/hr", "IV DRIP", "INFUSION", 0.4, 1.5),
                Drug("Heparin", 5000, "UNIT", "SC", "BID", 0.5, None, "text"),
                Drug("Insulin", 4, "UNIT", "SC", "ASDIR", 0.6, None, "code", 7),
                Drug("Acetaminophen IV", 1000, "mg", "IV", "Q6H:PRN", 0.3, 3.0, "text", 3),
            ),
            _ROUTINE | {"creatinine": (3.1, 0.1), "lactate": (5.8, -0.3), "white cells": (22.4, -1.0), "platelets": (98, 6.0),
                        "magnesium": (1.6, 0.05), "ph": (7.21, 0.02), "pco2": (31, 1.0), "po2": (88, 2.0), "urea": (61, 0.0), "anion gap": (21, -1.0)},
            0.33, units=(("Emergency Department", 0.0, 0.15), ("Medical Intensive Care Unit (MICU)", 0.15, 20.0)), icu=(0.15, 20.0),
            charted=_BEDSIDE | {"heart rate": (126, -1.2), "systolic": (86, 1.1), "temperature": (102.3, -0.1), "weight": (71.4, 0.05)},
            cultures=(
                Culture("BLOOD CULTURE", "BLOOD CULTURE", 0.05, "ESCHERICHIA COLI",
                        {"AMPICILLIN": "R", "CEFTRIAXONE": "R", "MEROPENEM": "S", "GENTAMICIN": "S", "CIPROFLOXACIN": "R"}),
                Culture("URINE CULTURE", "URINE", 0.08, "ESCHERICHIA COLI", {"MEROPENEM": "S", "NITROFURANTOIN": "S", "AMPICILLIN": "R"}),
                Culture("BLOOD CULTURE", "BLOOD CULTURE", 2.1),
            ),
            output=(("Foley", 70),), intake=(("NaCl 0.9%", 500.0), ("Dextrose 5%", 100.0)), ed=True,
            reports=(("CHEST (PORTABLE AP)", 0.3, "Right internal jugular central line ends in the lower superior vena cava. No pneumothorax. Small left pleural effusion."),
                     ("CT ABD & PELVIS WITH CONTRAST", 0.6, "Mild right hydronephrosis with perinephric stranding. No drainable abscess. Status post cholecystectomy.")),
        ),
    ),
)  # fmt: skip

PEOPLE = (HEART, LIVER, SEPSIS)
