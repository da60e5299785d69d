"""Residents whose questions may be tuned on."""

from __future__ import annotations

from benchmarks.answers.foreign.records.residents import (
    EMERGENCY,
    PROBLEM,
    STAY,
    SYMPTOM,
    Illness,
    Plan,
    Prescription,
    Resident,
    Series,
    Visit,
)

FLU = ("140", "Influenza, seasonal, injectable, preservative free")
TD = ("113", "Td (adult) preservative free")
NEVER, FORMER = ("266919005", "Never smoker"), ("8517006", "Former smoker")

DIABETIC = Resident(
    "town-diabetic", "Lorene417", "Schamberger479", "female", "1958-06-11", "White", "Not Hispanic or Latino", "M", "Springfield", "9f1c2f66-2b7d-4c1b",
    ("2012-05-02", "2013-05-08", "2014-05-14", "2015-05-20", "2016-05-25", "2017-05-31", "2018-06-06", "2019-06-12", "2020-06-17", "2021-06-23"),
    162.4, (81.0, 1.1), (138, 84), (FORMER,), "Humana",
    (
        Illness(("59621000", "Essential hypertension (disorder)"), "2012-05-02"),
        Illness(("15777000", "Prediabetes"), "2012-05-02", "2014-05-14"),
        Illness(("44054006", "Diabetes mellitus type 2 (disorder)"), "2014-05-14"),
        Illness(("368581000119106", "Neuropathy due to type 2 diabetes mellitus (disorder)"), "2018-06-06"),
        Illness(("444814009", "Viral sinusitis (disorder)"), "2016-01-19", "2016-02-02"),
        Illness(("65966004", "Fracture of forearm"), "2019-03-04", "2019-06-02"),
        Illness(("271737000", "Anemia (disorder)"), "2015-05-20"),
    ),
    (
        Prescription(("310798", "Hydrochlorothiazide 25 MG Oral Tablet"), "2012-05-02", "active", "Essential hypertension (disorder)"),
        Prescription(("860975", "24 HR Metformin hydrochloride 500 MG Extended Release Oral Tablet"), "2014-05-14", "active", "Diabetes mellitus type 2 (disorder)"),
        Prescription(("106892", "insulin human, isophane 70 UNT/ML / Regular Insulin, Human 30 UNT/ML Injectable Suspension [Humulin]"), "2018-06-06", "active", "Diabetes mellitus type 2 (disorder)"),
        Prescription(("849574", "Naproxen sodium 220 MG Oral Tablet"), "2019-03-04", "stopped", "Fracture of forearm"),
        Prescription(("313782", "Acetaminophen 325 MG Oral Tablet"), "2019-03-04", "stopped", "Fracture of forearm"),
    ),
    (
        Visit("2016-01-19", "AMB", SYMPTOM, reason="Viral sinusitis (disorder)"),
        Visit("2019-03-04", "EMER", EMERGENCY, 2.0, None, (("168594001", "Clavicle X-ray"), ("274474001", "Bone immobilization"))),
        Visit("2020-02-11", "AMB", PROBLEM, 1.0, None, (("73761001", "Colonoscopy"), ("274031008", "Rectal polypectomy")),
              (("34117-2", "History and physical note"), "Two sessile polyps of 4 mm removed from the sigmoid colon. Preparation was good. Recall in five years.")),
    ),
    (
        Plan(("698360004", "Diabetes self management plan"), "2014-05-14", (("160670007", "Diabetic diet"), ("229065009", "Exercise therapy")), None, "Diabetes mellitus type 2 (disorder)"),
        Plan(("443402002", "Lifestyle education regarding hypertension"), "2012-05-02", (("386463000", "Prescribed activity/exercise education"), ("413473000", "Counseling about alcohol consumption"), ("1151000175103", "Dietary approaches to stop hypertension diet")), None, "Essential hypertension (disorder)"),
        Plan(("385691007", "Fracture care"), "2019-03-04", (("183051005", "Recommendation to rest"), ("408580007", "Physical activity target light exercise")), "2019-06-02", "Fracture of forearm"),
    ),
    {FLU: ("2012-05-02", "2013-05-08", "2015-05-20", "2017-05-31", "2019-06-12", "2021-06-23"), TD: ("2016-05-25",), ("121", "zoster vaccine, live"): ("2018-06-06",), ("133", "Pneumococcal conjugate PCV 13"): ("2020-06-17",)},
    (
        Series(("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"), "%", 5.9, 0.22, 0.12),
        Series(("2339-0", "Glucose"), "mg/dL", 104, 7, 6),
        Series(("38483-4", "Creatinine"), "mg/dL", 0.82, 0.03, 0.04),
        Series(("6298-4", "Potassium"), "mmol/L", 4.3, 0, 0.4),
        Series(("2093-3", "Total Cholesterol"), "mg/dL", 188, 2, 9, 2014),
        Series(("18262-6", "Low Density Lipoprotein Cholesterol"), "mg/dL", 112, 1.5, 8, 2014),
        Series(("14959-1", "Microalbumin Creatine Ratio"), "mg/g", 8, 3.5, 4, 2015),
        Series(("33914-3", "Estimated Glomerular Filtration Rate"), "mL/min/{1.73_m2}", 92, -2.4, 2, 2014),
    ),
    (), (),
)  # fmt: skip

CHILD = Resident(
    "town-child", "Theo", "Brekke", "male", "2009-10-03", "Asian", "Not Hispanic or Latino", None, "Quincy", "MRN-00418876",
    ("2015-10-10", "2016-10-15", "2017-10-21", "2018-10-27", "2019-11-02", "2020-11-07", "2021-11-13", "2022-11-19"),
    148.2, (20.5, 4.4), (101, 63), (NEVER,), "Medicaid",
    (
        Illness(("233678006", "Childhood asthma"), "2013-08-17"),
        Illness(("24079001", "Atopic dermatitis"), "2011-02-26"),
        Illness(("65363002", "Otitis media"), "2016-12-08", "2017-01-05"),
        Illness(("195662009", "Acute viral pharyngitis (disorder)"), "2018-02-20", "2018-03-04"),
        Illness(("110030002", "Concussion injury of brain"), "2021-05-29", "2021-07-10"),
        Illness(("62106007", "Concussion with no loss of consciousness"), "2021-05-29", "2021-07-10"),
    ),
    (
        Prescription(("895994", "120 ACTUAT Fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler [Flovent]"), "2013-08-17", "active", "Childhood asthma"),
        Prescription(("745679", "200 ACTUAT Albuterol 0.09 MG/ACTUAT Metered Dose Inhaler"), "2013-08-17", "active", "Childhood asthma"),
        Prescription(("308192", "Amoxicillin 500 MG Oral Tablet"), "2016-12-08", "completed", "Otitis media"),
        Prescription(("310965", "Ibuprofen 200 MG Oral Tablet"), "2021-05-29", "stopped"),
        Prescription(("997488", "Fexofenadine hydrochloride 30 MG Oral Tablet"), "2014-03-08"),
    ),
    (
        Visit("2013-08-17", "AMB", PROBLEM, 0.5, None, (("23426006", "Measurement of respiratory function (procedure)"),)),
        Visit("2016-12-08", "AMB", SYMPTOM, reason="Otitis media"),
        Visit("2018-02-20", "AMB", SYMPTOM, reason="Acute viral pharyngitis (disorder)", done=(("117015009", "Throat culture (procedure)"),)),
        Visit("2019-04-13", "EMER", ("50849002", "Emergency room admission (procedure)"), 3.0, "Childhood asthma"),
        Visit("2021-05-29", "EMER", EMERGENCY, 2.0, "Concussion injury of brain"),
    ),
    (
        Plan(("699728000", "Asthma self management"), "2013-08-17", (("58332002", "Allergy education"), ("371605008", "Deep breathing and coughing exercises")), None, "Childhood asthma"),
        Plan(("47387005", "Head injury rehabilitation"), "2021-05-29", (("183051005", "Recommendation to rest"), ("226138001", "Alcohol-free diet")), "2021-07-10", "Concussion injury of brain"),
    ),
    {FLU: ("2015-10-10", "2016-10-15", "2018-10-27", "2019-11-02", "2021-11-13", "2022-11-19"), ("20", "DTaP"): ("2015-10-10",), ("10", "IPV"): ("2015-10-10",), ("03", "MMR"): ("2015-10-10",),
     ("21", "varicella"): ("2015-10-10",), ("62", "HPV, quadrivalent"): ("2020-11-07", "2021-11-13"), ("114", "meningococcal MCV4P"): ("2020-11-07",), ("115", "Tdap"): ("2020-11-07",)},
    (),
    ((("260147004", "House dust mite (organism)"), "Wheal (finding)", "2011-02-26"), (("256349002", "Peanut - dietary (substance)"), "Anaphylaxis (disorder)", "2011-02-26")),
    (),
)  # fmt: skip

LUNG = Resident(
    "town-lung", "Wilbur", "Quigley", "male", "1947-02-19", "Black or African American", "Not Hispanic or Latino", "W", "Worcester", "MRN-00971342",
    ("2010-03-03", "2011-03-09", "2012-03-14", "2013-03-20", "2014-03-26", "2015-04-01", "2016-04-06", "2017-04-12"),
    176.0, (92.5, -1.6), (131, 77), (("449868002", "Current every day smoker"), ("449868002", "Current every day smoker"), FORMER), "Medicare",
    (
        Illness(("185086009", "Chronic obstructive bronchitis (disorder)"), "2009-07-23"),
        Illness(("254632001", "Small cell carcinoma of lung (disorder)"), "2016-08-10"),
        Illness(("424132000", "Non-small cell carcinoma of lung, TNM stage 1 (disorder)"), "2016-08-10", "2016-08-24"),
        Illness(("68496003", "Polyp of colon"), "2013-03-20"),
        Illness(("10509002", "Acute bronchitis (disorder)"), "2014-12-02", "2014-12-16"),
        Illness(("40055000", "Chronic sinusitis (disorder)"), "2001-11-05"),
        Illness(("26929004", "Alzheimer's disease (disorder)"), "2017-02-01"),
    ),
    (
        Prescription(("896209", "60 ACTUAT Fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler"), "2009-07-23", "active", "Chronic obstructive bronchitis (disorder)"),
        Prescription(("1734340", "Etoposide 100 MG Injection"), "2016-09-07", "completed", "Small cell carcinoma of lung (disorder)"),
        Prescription(("1736854", "Cisplatin 50 MG Injection"), "2016-09-07", "completed", "Small cell carcinoma of lung (disorder)"),
        Prescription(("562251", "Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet"), "2014-12-02", "completed", "Acute bronchitis (disorder)"),
        Prescription(("997221", "Donepezil hydrochloride 10 MG Oral Tablet"), "2017-02-01", "active", "Alzheimer's disease (disorder)", "Take one tablet at bedtime"),
    ),
    (
        Visit("2013-03-27", "AMB", PROBLEM, 1.0, "Polyp of colon", (("73761001", "Colonoscopy"),)),
        Visit("2014-12-02", "AMB", SYMPTOM, reason="Acute bronchitis (disorder)", done=(("269911007", "Sputum examination (procedure)"),)),
        Visit("2016-08-10", "IMP", STAY, 52.0, "Suspected lung cancer (situation)", (("399208008", "Plain chest X-ray (procedure)"), ("169069000", "CT of chest and abdomen"), ("433112001", "Percutaneous mechanical thrombectomy of portal vein using fluoroscopic guidance")),
              (("24627-2", "Chest CT"), "Spiculated mass of 31 mm in the right upper lobe with enlarged mediastinal nodes. No pleural effusion. Emphysema.")),
        Visit("2016-09-07", "IMP", STAY, 30.0, None, (("703423002", "Combined chemotherapy and radiation therapy (procedure)"),)),
        Visit("2016-10-05", "IMP", STAY, 28.0, None, (("703423002", "Combined chemotherapy and radiation therapy (procedure)"),)),
        Visit("2016-11-02", "IMP", STAY, 27.0, None, (("703423002", "Combined chemotherapy and radiation therapy (procedure)"),)),
        Visit("2017-03-15", "EMER", EMERGENCY, 4.0, "Dyspnea (finding)"),
    ),
    (
        Plan(("395082007", "Cancer care plan"), "2016-08-24", (("243072006", "Cancer education"),), None, "Small cell carcinoma of lung (disorder)"),
        Plan(("386522008", "Dementia care"), "2017-02-01", (("3457005", "Patient referral for psychotherapy"), ("48023004", "Breathing control")), None, "Alzheimer's disease (disorder)"),
        Plan(("53950000", "Respiratory therapy"), "2014-12-02", (("304510005", "Recommendation to avoid exercise"), ("371605008", "Deep breathing and coughing exercises")), "2015-04-01", "Acute bronchitis (disorder)"),
    ),
    {FLU: ("2010-03-03", "2012-03-14", "2013-03-20", "2014-03-26", "2016-04-06"), TD: ("2011-03-09",), ("33", "pneumococcal polysaccharide vaccine, 23 valent"): ("2012-03-14",)},
    (
        Series(("2339-0", "Glucose"), "mg/dL", 86, 0.5, 6), Series(("38483-4", "Creatinine"), "mg/dL", 1.02, 0.04, 0.05), Series(("2947-0", "Sodium"), "mmol/L", 140, -0.4, 1.5),
        Series(("718-7", "Hemoglobin [Mass/volume] in Blood"), "g/dL", 15.1, -0.35, 0.2), Series(("777-3", "Platelets [#/volume] in Blood by Automated count"), "10*3/uL", 265, -6, 9),
    ),
    ((("372687004", "Penicillin V"), "Eruption of skin (disorder)", "1969-05-12"),), ((("336602003", "Oxygen mask"), "2016-08-24"),),
)  # fmt: skip

PEOPLE = (DIABETIC, CHILD, LUNG)
