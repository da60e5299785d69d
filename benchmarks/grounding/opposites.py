"""Words that are exchanged to make an error: units of another scale, other drugs and problems, opposites."""

from __future__ import annotations

UNITS = {
    "mg/dL": "mmol/L", "mmol/L": "mg/dL", "%": "mg/dL", "kg": "lb", "lb": "kg", "g/dL": "mg/dL", "U/L": "mg/L", "mmHg": "kPa",
    "mg": "mcg", "mcg": "mg", "ng/mL": "mg/mL", "pg/mL": "mg/dL", "cm": "inches", "mL/min/1.73 m2": "mg/dL", "mg/g": "mg/dL",
    "beats/min": "mmHg", "breaths/min": "mmHg", "kg/m2": "kg", "mIU/L": "mg/L", "°C": "°F", "µmol/L": "mg/dL", "mmol/mol": "mmol/L",
}  # fmt: skip

DRUGS = {
    "metformin": "glucophage", "lisinopril": "zestril", "atorvastatin": "lipitor", "empagliflozin": "jardiance", "warfarin": "coumadin",
    "amlodipine": "norvasc", "losartan": "cozaar", "sertraline": "zoloft", "levothyroxine": "synthroid", "omeprazole": "prilosec",
    "carvedilol": "coreg", "furosemide": "lasix", "gabapentin": "neurontin", "prednisone": "deltasone", "methotrexate": "trexall",
    "escitalopram": "lexapro", "clopidogrel": "plavix", "spironolactone": "aldactone", "amiodarone": "pacerone", "glipizide": "glucotrol",
    "apixaban": "eliquis", "digoxin": "lanoxin", "lithium": "lithobid", "tamsulosin": "flomax", "anastrozole": "arimidex",
    "levetiracetam": "keppra", "zolpidem": "ambien", "ezetimibe": "zetia", "aspirin": "bayer", "entresto": "sacubitril", "ibuprofen": "advil",
    "hydrochlorothiazide": "microzide", "sumatriptan": "imitrex", "bupropion": "wellbutrin", "propranolol": "inderal", "naproxen": "aleve",
    "morphine": "ms contin", "oxycodone": "roxicodone", "lorazepam": "ativan", "donepezil": "aricept", "nitrofurantoin": "macrobid",
}  # fmt: skip

FINDINGS = [
    "heart failure", "atrial fibrillation", "asthma", "stroke", "epilepsy", "gout", "hypothyroidism", "COPD", "pneumonia", "cirrhosis", "psoriasis",
    "osteoporosis", "migraine", "glaucoma", "anemia", "pancreatitis", "sarcoidosis", "Crohn disease", "endometriosis", "multiple sclerosis",
]  # fmt: skip

OPPOSITES = [
    ("fell", "rose"), ("decreased", "increased"), ("lower", "higher"), ("down from", "up from"), ("dropped", "rose"), ("climbed", "fell"),
    ("improved", "worsened"), ("risen", "fallen"), ("come down", "gone up"), ("increased to", "decreased to"), ("lost", "gained"), ("went from", None),
]  # fmt: skip

STATES = [
    (r"\bwas stopped\b", "is active"), (r"\bno longer takes\b", "currently takes"), (r"\bwas discontinued\b", "is still being taken"),
    (r"\bhas been discontinued\b", "is active"), (r"\bis now stopped\b", "is now active"), (r"\bhas since been stopped\b", "he still takes"),
    (r"\btakes\b", "no longer takes"), (r"\bis an active prescription\b", "is a stopped prescription"),
    (r"\bCurrent medications include\b", "Stopped medications include"), (r"\bis currently prescribed\b", "is no longer prescribed"),
    (r"\bremains active\b", "has been stopped"), (r"\bHe is on\b", "He is no longer on"), (r"\ban ongoing order\b", "a stopped order"),
    (r"\bas resolved\b", "as active"), (r"\bhas resolved\b", "is active"), (r"\bsince resolved\b", "still active"),
    (r"\bis active\b", "has resolved"), (r"\bis still active\b", "has resolved"), (r"\bActive problems\b", "Resolved problems"),
    (r"\bwas cancelled\b", "was completed"), (r"\bhas been on the problem list since (\d+)", r"on the problem list since \1 has resolved"),
]  # fmt: skip

NEGATIONS = [
    (r"\bis allergic\b", "is not allergic"), (r"\bdenied\b", "reported"), (r"\bdenies\b", "reports"), (r"\bThere was no evidence of\b", "There was evidence of"),
    (r"\bThere was no\b", "There was"), (r"\bNo diabetic\b|\bno diabetic\b", "diabetic"), (r"\bshowed no\b", "showed"), (r"\bfound no\b", "found"),
    (r"\bno acute\b", "acute"), (r"\bno hemorrhage\b", "hemorrhage"), (r"\bThe patient has\b", "The patient does not have"),
    (r"\bwas given\b", "was not given"), (r"\breceived\b", "did not receive"), (r"\bwas performed\b", "was not performed"),
    (r"\bunderwent\b", "did not undergo"), (r"\bThere is a diagnosis of\b", "There is no diagnosis of"), (r"\bAn allergy to\b", "No allergy to"),
    (r"\bThe patient takes\b", "The patient does not take"), (r"\bhas never smoked\b", "smokes"), (r"\bwithout\b", "with"),
    (r"\bHe is on\b", "He is not on"), (r"\bA (.*) took place\b", r"No \1 took place"), (r"\bhas been done\b", "has not been done"),
    (r"\badministered on\b", "not administered on"), (r"\bThere is a documented allergy\b", "There is no documented allergy"),
    (r"\bhas type\b", "does not have type"), (r"\bThere is no\b", "There is a"), (r"\bShe presented with\b", "She denied"),
]  # fmt: skip

SUBJECTS = [
    (r"\b(?:Her|His) (?:mother|father|brother|sister|maternal grandmother) (has|had|died of)\b", r"The patient \1"),
    (r"\bHer sister had (.*) and her maternal grandmother\b", r"She had \1 and"), (r"\bThe patient has\b", "The patient's mother has"),
    (r"\bHis father died of an MI\b", "He had an MI"), (r"\bThere is a diagnosis of\b", "There is a family history of"),
    (r"\bThere is a family history of (.*) in her mother\b", r"She has \1"), (r"\bHer mother\b", "Her father"), (r"\bHis brother\b", "His sister"),
    (r"\bHis father\b", "His mother"), (r"\bActive problems include\b", "Her sister's problems include"),
    (r"\bHer sister\b", "Her aunt"), (r"\bThe patient is allergic\b", "The patient's brother is allergic"),
]  # fmt: skip
