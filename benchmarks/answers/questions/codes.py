"""LOINC codes of the measurements that questions are about; several where records write one thing in several ways."""

A1C, GLUCOSE, SODIUM, POTASSIUM, CREATININE, EGFR = (
    "4548-4",
    "2345-7",
    "2951-2",
    "2823-3",
    "2160-0",
    "98979-8",
)
BUN, BICARBONATE, CALCIUM, PHOSPHATE, PTH, VITAMIN_D = (
    "3094-0",
    "2028-9",
    "17861-6",
    "2777-1",
    "2731-8",
    "1989-3",
)
ACR, WBC, HEMOGLOBIN, PLATELETS, FERRITIN, TSAT, B12 = (
    "9318-7", "6690-2", "718-7", "777-3", "2276-4", "2502-3", "2132-9",
)  # fmt: skip
CHOLESTEROL, LDL, HDL, TRIGLYCERIDES, ALT, AST, CK = (
    "2093-3", "13457-7", "2085-9", "2571-8", "1742-6", "1920-8", "2157-6",
)  # fmt: skip
TSH, FREE_T4, INR, BNP, TROPONIN, CRP, ESR, LACTATE = (
    "3016-3", "3024-7", "6301-6", "30934-4", "10839-9", "1988-5", "4537-7", "2524-7",
)  # fmt: skip
RF, CCP, VIRAL_LOAD, CD4, PSA, DDIMER, GLUCOSE_50 = (
    "11572-5", "Anti-CCP antibody", "20447-9", "24467-3", "2857-1", "48065-7", "1504-0",
)  # fmt: skip
LEVETIRACETAM = "Levetiracetam level"
SYSTOLIC, DIASTOLIC, PULSE, BREATHS, TEMPERATURE, SATURATION = (
    "8480-6", "8462-4", "8867-4", "9279-1", "8310-5", "59408-5",
)  # fmt: skip
WEIGHT, HEIGHT, BMI, PEAK_FLOW, FUNDAL, FETAL_PULSE = (
    "29463-7", "8302-2", "39156-5", "33452-4", "11881-0", "55283-6",
)  # fmt: skip
PHQ9, GAD7, MOCA, AUDITC, LVEF, FEV1, FEV1_FVC = (
    "44261-6", "70274-6", "72172-0", "75626-2", "10230-1", "20150-9", "19926-5",
)  # fmt: skip
HIP_T, SPINE_T, PACK_YEARS = "Total hip bone density T-score", "Lumbar spine bone density T-score", "8664-5"
