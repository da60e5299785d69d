"""Residents whose questions are never tuned on."""

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
NEVER, DAILY = ("266919005", "Never smoker"), ("449868002", "Current every day smoker")

MOTHER = Resident(
    "town-mother", "Imelda", "Rosado", "female", "1986-12-24", "White", "Hispanic or Latino", "M", "Lowell", "MRN-00520019",
    ("2013-02-06", "2014-02-12", "2015-02-18", "2016-02-24", "2017-03-01", "2018-03-07", "2019-03-13", "2020-03-18", "2021-03-24"),
    167.3, (64.0, 0.9), (114, 71), (NEVER,), "Aetna",
    (
        Illness(("72892002", "Normal pregnancy"), "2015-06-10", "2016-01-20"),
        Illness(("72892002", "Normal pregnancy"), "2018-09-05", "2019-04-17"),
        Illness(("398254007", "Preeclampsia"), "2019-02-20", "2019-04-17"),
        Illness(("84757009", "Epilepsy (disorder)"), "2004-05-03"),
        Illness(("75498004", "Acute bacterial sinusitis (disorder)"), "2017-10-31", "2017-11-21"),
        Illness(("19169002", "Miscarriage in first trimester"), "2014-07-02"),
        Illness(("37320007", "Loss of teeth (disorder)"), "2020-03-18"),
    ),
    (
        Prescription(("1000126", "1 ML medroxyprogesterone acetate 150 MG/ML Injection"), "2016-02-24", "stopped"),
        Prescription(("313988", "Furosemide 40 MG Oral Tablet"), "2019-04-18", "stopped", "Preeclampsia"),
        Prescription(("834102", "Penicillin V Potassium 500 MG Oral Tablet"), "2017-10-31", "completed", "Acute bacterial sinusitis (disorder)"),
        Prescription(("308971", "carbamazepine 200 MG Oral Tablet"), "2004-05-03", "active", "Epilepsy (disorder)", "One tablet twice a day"),
        Prescription(("757594", "Jolivette 28 Day Pack"), "2020-03-18", "active"),
    ),
    (
        Visit("2014-07-02", "EMER", EMERGENCY, 3.0, "Miscarriage in first trimester"),
        Visit("2015-06-10", "AMB", ("424441002", "Prenatal initial visit (procedure)"), 1.0, "Normal pregnancy", (("252160004", "Standard pregnancy test"), ("169230002", "Ultrasound scan for fetal viability"))),
        Visit("2016-01-20", "IMP", ("183460006", "Obstetric emergency hospital admission"), 40.0, "Normal pregnancy", (("66348005", "Childbirth"), ("18946005", "Epidural anesthesia"))),
        Visit("2017-10-31", "AMB", SYMPTOM, reason="Acute bacterial sinusitis (disorder)"),
        Visit("2018-09-05", "AMB", ("424441002", "Prenatal initial visit (procedure)"), 1.0, "Normal pregnancy", (("252160004", "Standard pregnancy test"),)),
        Visit("2019-04-17", "IMP", ("183460006", "Obstetric emergency hospital admission"), 76.0, "Preeclampsia", (("11466000", "Cesarean section"), ("18946005", "Epidural anesthesia"))),
        Visit("2020-11-09", "EMER", EMERGENCY, 5.0, "Seizure (finding)", (("54550000", "Electroencephalogram (procedure)"),), (("11523-8", "EEG study"), "Background of 9 Hz. No epileptiform discharges were recorded. Drowsiness was captured, sleep was not.")),
    ),
    (
        Plan(("134435003", "Routine antenatal care"), "2018-09-05", (("135892000", "Antenatal education"), ("226234005", "Healthy diet")), "2019-04-17", "Normal pregnancy"),
        Plan(("735985000", "Epilepsy self management"), "2004-05-03", (("409002", "Food allergy diet"), ("710081004", "Smoking cessation therapy")), None, "Epilepsy (disorder)"),
    ),
    {FLU: ("2013-02-06", "2014-02-12", "2016-02-24", "2018-03-07", "2019-03-13", "2020-03-18"), ("115", "Tdap"): ("2016-02-24", "2019-03-13"), ("62", "HPV, quadrivalent"): ("2013-02-06",), ("208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose"): ("2021-03-24",)},
    (
        Series(("718-7", "Hemoglobin [Mass/volume] in Blood"), "g/dL", 12.9, -0.06, 0.5), Series(("2339-0", "Glucose"), "mg/dL", 82, 0.6, 5),
        Series(("6690-2", "Leukocytes [#/volume] in Blood by Automated count"), "10*3/uL", 6.4, 0, 1.2), Series(("2885-2", "Protein [Mass/volume] in Serum or Plasma"), "g/dL", 7.1, 0, 0.3, 2018),
    ),
    ((("735029006", "Shellfish (substance)"), "Urticaria", "1990-08-09"), (("111088007", "Latex (substance)"), "Contact dermatitis", "2016-01-20")), (),
)  # fmt: skip

HEART = Resident(
    "town-heart", "Augustus283", "Kertzmann286", "male", "1951-04-02", "White", "Not Hispanic or Latino", "S", "Brockton", "55c0af10-7d3e-4bb2",
    ("2008-01-16", "2009-01-21", "2010-01-27", "2011-02-02", "2012-02-08", "2013-02-13", "2014-02-19", "2015-02-25", "2016-03-02", "2017-03-08"),
    181.5, (96.0, -0.4), (149, 91), (DAILY, DAILY, DAILY, DAILY, ("8517006", "Former smoker")), "UnitedHealthcare",
    (
        Illness(("59621000", "Essential hypertension (disorder)"), "1988-03-09"),
        Illness(("53741008", "Coronary Heart Disease"), "2009-01-21"),
        Illness(("22298006", "Myocardial Infarction"), "2011-09-17", "2011-09-17"),
        Illness(("399211009", "History of myocardial infarction (situation)"), "2011-09-17"),
        Illness(("55822004", "Hyperlipidemia"), "2008-01-16"),
        Illness(("230690007", "Stroke"), "2015-07-07"),
        Illness(("90560007", "Gout"), "2013-11-04"),
        Illness(("239873007", "Osteoarthritis of knee"), "2006-10-12"),
    ),
    (
        Prescription(("312961", "Simvastatin 20 MG Oral Tablet"), "2008-01-16", "active", "Hyperlipidemia"),
        Prescription(("314076", "lisinopril 10 MG Oral Tablet"), "2008-01-16", "stopped", "Essential hypertension (disorder)"),
        Prescription(("314077", "lisinopril 20 MG Oral Tablet"), "2012-02-08", "active", "Essential hypertension (disorder)", "1 tablet every morning"),
        Prescription(("309362", "Clopidogrel 75 MG Oral Tablet"), "2011-09-17", "active", "Coronary Heart Disease"),
        Prescription(("197381", "Atenolol 50 MG Oral Tablet"), "2011-09-17", "stopped"),
        Prescription(("197604", "Digoxin 0.125 MG Oral Tablet"), "2015-07-07", "active"),
        Prescription(("197319", "Allopurinol 100 MG Oral Tablet"), "2013-11-04", "active", "Gout"),
    ),
    (
        Visit("2011-09-17", "EMER", EMERGENCY, 2.0, "Myocardial Infarction", (("415070008", "Percutaneous coronary intervention"), ("232717009", "Coronary artery bypass grafting"))),
        Visit("2013-11-04", "AMB", PROBLEM, 0.5, "Gout"),
        Visit("2015-07-07", "IMP", STAY, 120.0, "Stroke", (("433112001", "Percutaneous mechanical thrombectomy of portal vein using fluoroscopic guidance"), ("418304008", "Carotid duplex")),
              (("24725-4", "CT Head"), "Hypodensity in the territory of the left middle cerebral artery. No haemorrhage. Mild chronic small vessel change.")),
        Visit("2016-05-18", "AMB", PROBLEM, 1.0, None, (("40701008", "Echocardiography (procedure)"),)),
        Visit("2016-11-23", "EMER", EMERGENCY, 3.0, "Chest pain (finding)"),
    ),
    (
        Plan(("736372004", "Discharge care plan (record artifact)"), "2015-07-07", (("229070002", "Stretching exercises"), ("226060000", "Stress management")), "2015-12-01", "Stroke"),
        Plan(("736285004", "Hyperlipidemia clinical management plan"), "2008-01-16", (("183063000", "Low salt diet education"), ("183301007", "Physical exercises"), ("718361005", "Smoking cessation programme")), None, "Hyperlipidemia"),
    ),
    {FLU: ("2008-01-16", "2010-01-27", "2011-02-02", "2013-02-13", "2014-02-19", "2015-02-25", "2017-03-08"), ("113", "Td (adult) preservative free"): ("2010-01-27",), ("33", "pneumococcal polysaccharide vaccine, 23 valent"): ("2016-03-02",), ("52", "Hep A, adult"): ("2009-01-21",)},
    (
        Series(("2093-3", "Total Cholesterol"), "mg/dL", 248, -7, 6), Series(("18262-6", "Low Density Lipoprotein Cholesterol"), "mg/dL", 168, -6, 5), Series(("2085-9", "High Density Lipoprotein Cholesterol"), "mg/dL", 38, 0.8, 2),
        Series(("2571-8", "Triglycerides"), "mg/dL", 204, -5, 12), Series(("38483-4", "Creatinine"), "mg/dL", 1.1, 0.05, 0.05), Series(("6299-2", "Urea Nitrogen"), "mg/dL", 14, 0.7, 2), Series(("3084-1", "Urate [Mass/volume] in Serum or Plasma"), "mg/dL", 8.4, -0.3, 0.3, 2013),
    ),
    (), ((("72506001", "Implantable defibrillator, device (physical object)"), "2016-05-18"),),
)  # fmt: skip

KIDNEY = Resident(
    "town-kidney", "Marjorie", "Delacroix", "female", "1963-08-15", "Native Hawaiian or Other Pacific Islander", "Not Hispanic or Latino", "D", "Fall River", "MRN-00688214",
    ("2014-09-10", "2015-09-16", "2016-09-21", "2017-09-27", "2018-10-03", "2019-10-09", "2020-10-14", "2021-10-20", "2022-10-26", "2023-11-01"),
    158.9, (77.2, 0.4), (144, 88), (NEVER,), "Blue Cross Blue Shield",
    (
        Illness(("431855005", "Chronic kidney disease stage 1 (disorder)"), "2014-09-10", "2016-09-21"),
        Illness(("431856006", "Chronic kidney disease stage 2 (disorder)"), "2016-09-21", "2020-10-14"),
        Illness(("433144002", "Chronic kidney disease stage 3 (disorder)"), "2020-10-14"),
        Illness(("59621000", "Essential hypertension (disorder)"), "2014-09-10"),
        Illness(("200936003", "Lupus erythematosus"), "2010-04-06"),
        Illness(("64859006", "Osteoporosis (disorder)"), "2021-10-20"),
        Illness(("43878008", "Streptococcal sore throat (disorder)"), "2018-01-24", "2018-02-05"),
        Illness(("301011002", "Escherichia coli urinary tract infection"), "2022-06-14", "2022-06-24"),
    ),
    (
        Prescription(("979492", "losartan potassium 50 MG Oral Tablet"), "2014-09-10", "active", "Essential hypertension (disorder)"),
        Prescription(("197361", "Amlodipine 5 MG Oral Tablet"), "2018-10-03", "active", "Essential hypertension (disorder)"),
        Prescription(("834061", "Penicillin V Potassium 250 MG Oral Tablet"), "2018-01-24", "completed", "Streptococcal sore throat (disorder)"),
        Prescription(("904420", "Alendronic acid 10 MG Oral Tablet"), "2021-10-20", "active", "Osteoporosis (disorder)"),
        Prescription(("198335", "sulfamethoxazole 800 MG / trimethoprim 160 MG Oral Tablet"), "2022-06-14", "completed", "Escherichia coli urinary tract infection"),
        Prescription(("979092", "Hydroxychloroquine Sulfate 200 MG Oral Tablet"), "2010-04-06", "active", "Lupus erythematosus"),
    ),
    (
        Visit("2018-01-24", "AMB", SYMPTOM, reason="Streptococcal sore throat (disorder)", done=(("117015009", "Throat culture (procedure)"),)),
        Visit("2021-11-17", "AMB", PROBLEM, 1.0, None, (("312681000", "Bone density scan (procedure)"),), (("38269-7", "DXA study"), "T-score of minus 2.8 at the lumbar spine and minus 1.9 at the left femoral neck. Osteoporosis.")),
        Visit("2022-06-14", "EMER", EMERGENCY, 3.0, "Escherichia coli urinary tract infection", (("167217005", "Urine dipstick test"),)),
        Visit("2023-03-08", "AMB", PROBLEM, 1.0, None, (("24623002", "Screening mammography (procedure)"),), (("24606-6", "Mammography"), "BI-RADS 2, benign findings. Breast tissue is heterogeneously dense.")),
    ),
    (
        Plan(("735984001", "Heart failure self management plan"), "2016-09-21", (("223472008", "Discussion about disorder"),), "2017-09-27", "Essential hypertension (disorder)"),
        Plan(("736254003", "Chronic kidney disease clinical management plan"), "2020-10-14", (("170102003", "Renal diet"), ("182964004", "Terminal care education")), None, "Chronic kidney disease stage 3 (disorder)"),
    ),
    {FLU: ("2014-09-10", "2016-09-21", "2017-09-27", "2019-10-09", "2021-10-20", "2022-10-26"), ("187", "zoster recombinant"): ("2019-10-09", "2020-10-14"), ("43", "Hep B, adult"): ("2015-09-16", "2016-09-21", "2017-09-27"), ("115", "Tdap"): ("2018-10-03",)},
    (
        Series(("33914-3", "Estimated Glomerular Filtration Rate"), "mL/min/{1.73_m2}", 96, -5.1, 2), Series(("38483-4", "Creatinine"), "mg/dL", 0.78, 0.09, 0.03), Series(("6298-4", "Potassium"), "mmol/L", 4.4, 0.06, 0.15),
        Series(("14959-1", "Microalbumin Creatine Ratio"), "mg/g", 22, 9, 6), Series(("49765-1", "Calcium"), "mg/dL", 9.4, -0.03, 0.2), Series(("718-7", "Hemoglobin [Mass/volume] in Blood"), "g/dL", 13.4, -0.2, 0.2),
    ),
    ((("387406002", "Sulfonamide (substance)"), "Rash", "2022-06-24"),), (),
)  # fmt: skip

PEOPLE = (MOTHER, HEART, KIDNEY)
