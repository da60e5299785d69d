"""LOINC codes under which these charts hold a measurement."""

A1C, GLUCOSE, BUN, CREATININE = "4548-4", "2339-0|2345-7", "6299-2|3094-0", "38483-4|2160-0"
SODIUM, POTASSIUM, CALCIUM, CHLORIDE, CO2 = (
    "2947-0|2951-2",
    "6298-4|2823-3",
    "49765-1|17861-6",
    "2069-3",
    "20565-8|2028-9",
)
CHOLESTEROL, TRIGLYCERIDES, LDL, HDL = "2093-3", "2571-8", "18262-6|13457-7", "2085-9"
EGFR, HB, WBC, PLATELETS, MCV, HCT, RBC = (
    "33914-3|98979-8",
    "718-7",
    "6690-2",
    "777-3",
    "787-2",
    "4544-3",
    "789-8",
)
WEIGHT, HEIGHT, BMI, TOP, LOW = "29463-7", "8302-2", "39156-5", "8480-6", "8462-4"
PULSE, BREATHS, SPO2, TEMPERATURE, PAIN = "8867-4", "9279-1", "59408-5", "8331-1|8310-5", "72514-3"
PSA, EF, BNP, PROBNP, DXA, ALT, AST, ALP = (
    "2857-1",
    "10230-1",
    "30934-4",
    "33762-6",
    "38265-5",
    "1742-6",
    "1920-8",
    "6768-6",
)
ALBUMIN, ACR, PHQ, FERRITIN, TSH, PTH, VITAMIN_D = (
    "1751-7",
    "9318-7",
    "44261-6",
    "2276-4",
    "3016-3",
    "2731-8",
    "1989-3",
)
