"""The record has no answer: nothing recorded, a false premise, another patient, an opinion, the future."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.answers.gold import Asked
from benchmarks.answers.look_ups import absent


def _none(patient: str, *texts: str, as_of: str | None = None) -> Iterator[Asked]:
    for text in texts:
        yield Asked(patient, text, absent, as_of=as_of)


# fmt: off
ASKED = (
    *_none(
        "maria-alvarez",
        "what is her B12 level", "vitamin D?", "ferritin level", "last INR", "when was her warfarin stopped",
        "why was empagliflozin discontinued", "does she drink alcohol", "what did the eye doctor charge",
        "when will her next heart attack be", "should I increase the glargine?", "what is Mr Whitfield's potassium",
        "blood group", "date of hip replacement", "what was the reason for her admission in 2024", "shoe size",
        "PHQ-9 score",
    ),
    *_none("maria-alvarez", "most recent ACR", "latest LDL", as_of="2022-06-30"),
    *_none(
        "james-whitfield",
        "HbA1c?", "does he have a family history of diabetes", "when was the ICD implanted", "why was empagliflozin stopped",
        "latest PSA", "is he depressed", "does he have COPD", "how many drinks per week", "what is his prognosis",
    ),
    *_none("dorothy-freeman", "LDL?", "when did dialysis start", "ejection fraction", "does she have cancer", "peritoneal dialysis catheter date", "dose of sodium bicarbonate"),
    *_none("george-papadopoulos", "A1c?", "when did he have his heart attack", "last TSH", "does he have a family history of stroke", "which dose of tPA was given"),
    *_none("hien-nguyen", "result of the AFB culture", "name of his former doctor", "what did the biopsy of the nodule show", "last A1c"),
    *_none("mateo-garcia", "hemoglobin?", "what is his blood pressure medication dose", "cholesterol", "does he have epilepsy", "egg allergy?"),
    *_none("ruth-goldberg", "CA 15-3", "CEA value", "last LDL", "when did the cancer come back", "what will the next DXA show"),
    *_none("frank-delaney", "result of the chest CT", "family history", "varenicline start date", "alpha-1 antitrypsin level", "what illness does his brother have"),
    *_none("denise-carter", "HbA1c", "when was CPAP started", "family history of addiction", "dose of naloxone"),
    *_none("kwame-mensah", "carbamazepine level", "when was his epilepsy surgery", "family history of epilepsy"),
    *_none("linda-kaminski", "penicillin allergy - yes or no", "allergies?", "result of the colonoscopy", "does she have sleep apnea"),
    *_none("nora-obrien", "cholesterol level", "is she allergic to peanuts", "blood type?", "result of the allergy clinic testing"),
    *_none("tyrone-jackson", "viral resistance genotype", "family history of heart disease", "is he allergic to sulfa"),
    *_none("ingrid-sorensen", "Cologuard result", "anti-TPO antibodies", "last HbA1c", "thyroid ultrasound report"),
    *_none("made-ada", "troponin value", "why was metformin stopped", "blood culture of 2024", "father's illness", "what drug does her neighbor take"),
    *_none("made-bruno", "magnesium", "when was he intubated", "hemoglobin", "does he smoke"),
    *_none("made-cleo", "bilirubin at birth", "what is her father's job", "result of the audiology visit"),
    # held
    *_none(
        "liam-oconnor",
        "lipid profile, newest", "C-peptide", "pump settings", "thyroid antibodies result", "reason his pump was removed", "does the father have diabetes",
        "is he suitable for a pancreas transplant in your opinion",
    ),
    *_none(
        "eleanor-marsh",
        "glycohemoglobin, newest", "dabigatran stop date", "25-OH vitamin D concentration", "stroke date", "dose of the amiodarone", "family illnesses",
        "should warfarin be reduced", "what will the INR be next week", "does penicillin make her ill",
    ),
    *_none("eleanor-marsh", "urine culture organism", as_of="2026-06-01"),
    *_none("samuel-okonkwo", "LV function in percent", "renin level", "aldosterone result", "depression score", "name of his wife", "was his dialysis access placed - which date"),
    *_none("chloe-lefevre", "result of the 3-hour OGTT", "baby's birth weight", "HbA1c in pregnancy", "sex of the fetus", "delivery mode", "group B strep result"),
    *_none("fatima-al-rashid", "cholesterol panel", "hepatitis C result", "when did she stop hydroxychloroquine, and why", "vitamin B12 value", "stroke in the family?"),
    *_none("edith-thornton", "methylmalonic acid", "lipid values", "date her pacemaker went in", "result of the hearing test", "bone density T-score", "is she going to fall again"),
    *_none("harold-jensen", "what does his glycated hemoglobin read", "infection of the prosthesis: organism", "does he have diabetes", "allergic to latex?", "pathology of the prostate"),
    *_none("jasmine-brooks", "lithium level", "date of electroconvulsive therapy", "LDL cholesterol figure", "does she have ADHD", "is sertraline better than escitalopram for her"),
    *_none("patrick-dsouza", "coronary calcium score", "lipoprotein(a)", "genetic test outcome", "why was omeprazole stopped early by cardiology", "mother's cause of death"),
    *_none("robert-kowalczyk", "prostate antigen value", "evolocumab start", "LDCT findings", "iron stores: ferritin", "does he have peripheral artery disease"),
    *_none("sophie-laurent", "which allergies does she have", "penicillin reaction", "LDL concentration", "thrombophilia screen", "date of hysterectomy"),
    *_none("walter-brandt", "blood sugar", "family history of prostate cancer", "radiotherapy dose", "testosterone level"),
    *_none("zoe-abara", "allergy status", "lead in the blood", "bilirubin", "mother's blood group", "does the father smoke"),
    *_none("maria-alvarez-garcia", "sugar control: A1c", "which allergies are on file", "her creatinine", "metformin dosage", "illnesses of the parents", "her cholesterol"),
    *_none("made-dana", "lactate value", "D vitamin level", "what is the father's condition", "reason levothyroxine was withdrawn"),
    *_none("made-emil", "magnesium result", "potassium, newest value", "ivabradine stop date", "result of the Holter", "smoking habits"),
    *_none("made-faye", "allergic to nuts?", "is there a tobacco history", "tuberculosis test", "mother's diseases", "reason vedolizumab was stopped"),
)
