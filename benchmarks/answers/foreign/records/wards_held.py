"""People on the wards whose questions are never tuned on."""

from __future__ import annotations

from benchmarks.answers.foreign.records.inpatients import Culture, Drug, Inpatient, Stay

_ROUTINE = {
    "creatinine": (0.9, 0.0), "potassium": (4.3, 0.0), "sodium": (140, 0.0), "chloride": (104, 0.0),
    "bicarbonate": (27, 0.0), "glucose": (118, 0.0), "urea": (16, 0.0), "magnesium": (2.1, 0.0),
    "calcium": (8.9, 0.0), "phosphate": (3.4, 0.0), "hemoglobin": (13.1, -0.1), "hematocrit": (39.5, -0.3),
    "white cells": (9.1, 0.0), "platelets": (248, 0.0),
}  # fmt: skip
_BEDSIDE = {
    "heart rate": (84, 0.1), "respiratory rate": (18, 0.0), "saturation": (95, 0.0), "temperature": (98.4, 0.0),
    "systolic": (126, 0.0), "diastolic": (70, 0.0), "mean pressure": (88, 0.0),
}  # fmt: skip

CORONARY = Inpatient(
    "ward-coronary", "10042915", "male", "2087-07-22", "S", "ASIAN - CHINESE", "zh", "-05:00",
    (
        Stay(
            "2149-10-05T06:50", "2149-10-16T12:15", "EMERGENCY ROOM", "REHAB",
            (("icd9", "41071", "Subendocardial infarction, initial episode of care"), ("icd9", "41401", "Coronary atherosclerosis of native coronary artery"),
             ("icd9", "2724", "Other and unspecified hyperlipidemia"), ("icd9", "V1582", "Personal history of tobacco use")),
            (("icd9", "3722", "Left heart cardiac catheterization", 0.3), ("icd9", "8856", "Coronary arteriography using two catheters", 0.3),
             ("icd9", "3615", "Single internal mammary-coronary artery bypass", 3.2), ("icd9", "3961", "Extracorporeal circulation auxiliary to open heart surgery", 3.2),
             ("icd9", "9904", "Transfusion of packed cells", 3.6), ("icd9", "9904", "Transfusion of packed cells", 4.4)),
            (
                Drug("Heparin Sodium", 1200, "units/hr", "IV DRIP", "INFUSION", 0.1, 3.0),
                Drug("Aspirin", 325, "mg", "PO", "DAILY", 0.1, 11.0),
                Drug("Clopidogrel", 75, "mg", "PO", "DAILY", 5.2, 11.0, "code"),
                Drug("CefazoLIN", 2, "g", "IV", "Q8H", 3.1, 5.0, given=6),
                Drug("Metoprolol Tartrate", 12.5, "mg", "PO", "BID", 4.5, 11.0),
                Drug("Docusate Sodium", 100, "mg", "PO", "BID", 4.6, 11.0, "text"),
            ),
            _ROUTINE | {"troponin": (0.84, 0.2), "hemoglobin": (14.0, -0.45), "hematocrit": (42, -1.2), "inr": (1.0, 0.04)},
            units=(("Emergency Department", 0.0, 0.2), ("Coronary Care Unit (CCU)", 0.2, 3.1), ("Cardiac Vascular Intensive Care Unit (CVICU)", 3.1, 6.0), ("Cardiac Surgery", 6.0, 20.0)),
            icu=(3.3, 6.0), charted=_BEDSIDE, output=(("Foley", 190), ("Chest Tube", 60)), intake=(("NaCl 0.9%", 250.0), ("PO Intake", 120.0)), service="CSURG", ed=True,
            cultures=(Culture("MRSA SCREEN", "MRSA SCREEN", 3.4), Culture("URINE CULTURE", "URINE", 8.2, "KLEBSIELLA PNEUMONIAE", {"CEFTRIAXONE": "S", "NITROFURANTOIN": "I"})),
            reports=(("Cardiac Catheterization Report", 0.35, "Three vessel coronary artery disease. Left main 40% stenosis. Proximal LAD 90% stenosis. Right coronary artery occluded. LVEF 50%."),
                     ("CHEST (PA & LAT)", 9.1, "Sternal wires are intact. Small bilateral pleural effusions. No pneumothorax.")),
        ),
        Stay(
            "2152-06-18T21:05", "2152-06-22T17:30", "EMERGENCY ROOM", "HOME",
            (("icd10", "I214", "Non-ST elevation (NSTEMI) myocardial infarction"), ("icd10", "I2510", "Atherosclerotic heart disease of native coronary artery without angina pectoris"),
             ("icd10", "E785", "Hyperlipidemia, unspecified")),
            (("icd10", "027034Z", "Dilation of Coronary Artery, One Artery with Drug-eluting Intraluminal Device, Percutaneous Approach", 0.6),
             ("icd10", "4A023N7", "Measurement of Cardiac Sampling and Pressure, Left Heart, Percutaneous Approach", 0.6)),
            (
                Drug("Ticagrelor", 90, "mg", "PO", "BID", 0.7, 4.0), Drug("Aspirin", 81, "mg", "PO", "DAILY", 0.2, 4.0),
                Drug("Nitroglycerin SL", 0.4, "mg", "SL", "Q5MIN:PRN", 0.05, 2.0), Drug("Lisinopril", 5, "mg", "PO", "DAILY", 2.4, 4.0, "rxnorm 311354"),
            ),
            _ROUTINE | {"troponin": (1.92, -0.3), "hemoglobin": (12.2, 0.0)},
            units=(("Emergency Department", 0.0, 0.3), ("Coronary Care Unit (CCU)", 0.3, 1.9), ("Cardiology", 1.9, 9.0)), ed=True,
        ),
        Stay(
            "2152-12-02T10:00", "2152-12-05T13:10", "PHYSICIAN REFERRAL", "HOME",
            (("icd10", "I4891", "Unspecified atrial fibrillation"), ("icd10", "I2510", "Atherosclerotic heart disease of native coronary artery without angina pectoris")),
            (("icd10", "5A2204Z", "Restoration of Cardiac Rhythm, Single", 1.2),),
            (Drug("Amiodarone", 400, "mg", "PO", "BID", 0.4, 3.0), Drug("Rivaroxaban", 20, "mg", "PO", "DINNER", 0.5, 3.0), Drug("Aspirin", 81, "mg", "PO", "DAILY", 0.2, 1.0)),
            _ROUTINE, units=(("Cardiology", 0.0, 9.0),),
        ),
    ),
)  # fmt: skip

LUNGS = Inpatient(
    "ward-lungs", "10055820", "female", "2079-01-09", None, "UNKNOWN", None, "-04:00",
    (
        Stay(
            "2146-03-19T11:11", "2146-03-25T09:30", "EMERGENCY ROOM", "HOME",
            (("icd9", "49121", "Obstructive chronic bronchitis with (acute) exacerbation"), ("icd9", "3051", "Tobacco use disorder")),
            (("icd9", "9390", "Non-invasive mechanical ventilation", 0.2),),
            (Drug("MethylPREDNISolone Sodium Succ", 125, "mg", "IV", "Q6H", 0.1, 1.5), Drug("PredniSONE", 60, "mg", "PO", "DAILY", 1.6, 6.0),
             Drug("Azithromycin", 250, "mg", "PO", "Q24H", 0.2, 5.0), Drug("Albuterol 0.083% Neb Soln", 1, "NEB", "IH", "Q4H", 0.1, 6.0, "code", 12)),
            _ROUTINE | {"pco2": (68, -2.0), "ph": (7.28, 0.02), "bicarbonate": (34, -0.3)},
            units=(("Medicine", 0.0, 9.0),), kind="EMER",
        ),
        Stay(
            "2147-08-30T02:25", "2147-09-14T16:00", "TRANSFER FROM HOSPITAL", "CHRONIC/LONG TERM ACUTE CARE",
            (("icd10", "J9601", "Acute respiratory failure with hypoxia"), ("icd10", "J441", "Chronic obstructive pulmonary disease with (acute) exacerbation"),
             ("icd10", "J189", "Pneumonia, unspecified organism"), ("icd10", "F17210", "Nicotine dependence, cigarettes, uncomplicated")),
            (("icd10", "0BH17EZ", "Insertion of Endotracheal Airway into Trachea, Via Natural or Artificial Opening", 0.1),
             ("icd10", "5A1955Z", "Respiratory Ventilation, Greater than 96 Consecutive Hours", 0.1),
             ("icd10", "0B9J8ZX", "Drainage of Left Lower Lung Lobe, Via Natural or Artificial Opening Endoscopic, Diagnostic", 1.4),
             ("icd10", "0B110F4", "Bypass Trachea to Cutaneous with Tracheostomy Device, Open Approach", 11.2)),
            (
                Drug("Levofloxacin", 750, "mg", "IV", "Q24H", 0.2, 3.2, given=3), Drug("Linezolid", 600, "mg", "IV", "Q12H", 0.3, 4.0, given=6),
                Drug("Propofol", 20, "mcg/kg/min", "IV DRIP", "TITRATE", 0.1, 10.0), Drug("Fentanyl Citrate", 50, "mcg/hr", "IV DRIP", "TITRATE", 0.1, 10.5),
                Drug("Cisatracurium Besylate", 0.06, "mg/kg/hr", "IV DRIP", "INFUSION", 0.6, 2.0, "text"), Drug("Famotidine", 20, "mg", "PO/NG", "BID", 0.5, 15.0),
                Drug("Ipratropium-Albuterol Neb", 1, "NEB", "NEB", "Q6H", 0.2, 15.0, "code", 9),
            ),
            _ROUTINE | {"po2": (54, 2.0), "pco2": (71, -1.0), "ph": (7.19, 0.015), "lactate": (2.8, -0.15), "white cells": (18.9, -0.6)},
            units=(("Medical/Surgical Intensive Care Unit (MICU/SICU)", 0.0, 13.0), ("Medicine", 13.0, 30.0)), icu=(0.0, 4.0), charted=_BEDSIDE | {"heart rate": (112, -0.9), "saturation": (88, 0.2)},
            cultures=(Culture("RESPIRATORY CULTURE", "BRONCHOALVEOLAR LAVAGE", 1.45, "PSEUDOMONAS AERUGINOSA", {"CEFEPIME": "S", "PIPERACILLIN/TAZO": "I", "TOBRAMYCIN": "S", "MEROPENEM": "R"}),
                      Culture("Legionella Urinary Antigen", "URINE", 0.4), Culture("BLOOD CULTURE", "BLOOD CULTURE", 0.1)),
            output=(("Foley", 140),), intake=(("NaCl 0.9%", 125.0),), kind="EMER",
        ),
    ),
    died="2147-11-02",
)  # fmt: skip

PANCREAS = Inpatient(
    "ward-pancreas", "10068033", "male", "2118-11-27", "M", "PORTUGUESE", "pt", "-05:00",
    (
        Stay(
            "2160-09-01T15:40", "2160-09-04T11:20", "EMERGENCY ROOM", "HOME",
            (("icd10", "K8520", "Alcohol induced acute pancreatitis without necrosis or infection"), ("icd10", "F1020", "Alcohol dependence, uncomplicated")),
            (), (Drug("HYDROmorphone (Dilaudid)", 0.5, "mg", "IV", "Q3H:PRN", 0.1, 2.0, given=6), Drug("Thiamine", 100, "mg", "PO", "DAILY", 0.4, 3.0), Drug("Diazepam", 10, "mg", "PO", "Q4H:PRN", 0.3, 2.5)),
            _ROUTINE | {"lipase": (1840, -420), "calcium": (8.2, 0.05)}, units=(("Emergency Department", 0.0, 0.3), ("Medicine", 0.3, 9.0)), ed=True,
        ),
        Stay(
            "2161-03-12T13:35", "", "EMERGENCY ROOM", "",
            (("icd10", "K8591", "Acute pancreatitis with uninfected necrosis, unspecified"), ("icd10", "E1110", "Type 2 diabetes mellitus with ketoacidosis without coma"), ("icd10", "E781", "Pure hyperglyceridemia")),
            (("icd10", "3E0G36Z", "Introduction of Nutritional Substance into Upper GI, Percutaneous Approach", 1.8), ("snomed", "77477000", "Computed tomography", 0.5)),
            (
                Drug("Insulin Regular", 6, "units/hr", "IV DRIP", "TITRATE", 0.1, 2.0), Drug("Insulin Glargine", 18, "UNIT", "SC", "QHS", 2.1, None, "code", 3),
                Drug("Lactated Ringers", 250, "mL/hr", "IV", "CONTINUOUS", 0.1, 2.5, "text"), Drug("Ketorolac", 15, "mg", "IV", "Q6H:PRN", 0.3, 1.4, given=3),
                Drug("Enoxaparin Sodium", 40, "mg", "SC", "Q24H", 0.8, None), Drug("Gemfibrozil", 600, "mg", "PO", "BID", 2.4, None, "rxnorm 310459"),
            ),
            _ROUTINE | {"lipase": (2960, -140), "glucose": (486, -22.0), "potassium": (5.6, -0.1), "bicarbonate": (11, 0.7), "anion gap": (26, -0.8), "calcium": (7.4, 0.05), "magnesium": (1.4, 0.04), "creatinine": (1.5, -0.03)},
            0.34, units=(("Emergency Department", 0.0, 0.25), ("Trauma SICU (TSICU)", 0.25, 20.0)), icu=(0.25, 20.0), charted=_BEDSIDE | {"heart rate": (121, -0.8), "weight": (94.2, 0.05)},
            cultures=(Culture("BLOOD CULTURE", "BLOOD CULTURE", 1.1), Culture("MRSA SCREEN", "MRSA SCREEN", 0.4, "POSITIVE FOR METHICILLIN RESISTANT STAPH AUREUS")),
            output=(("Void", 160),), intake=(("NaCl 0.9%", 500.0),), ed=True,
            reports=(("CT ABDOMEN W/CONTRAST", 0.55, "Hypoenhancement of the pancreatic tail, in keeping with necrosis of less than 30 percent. Peripancreatic fluid. No gallstones are seen. Hepatic steatosis."),),
        ),
    ),
)  # fmt: skip

PEOPLE = (CORONARY, LUNGS, PANCREAS)
