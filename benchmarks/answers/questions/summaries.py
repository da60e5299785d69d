"""Summaries: what has to be said, what must not be, and which sources can't be left out."""

from benchmarks.answers.gold import Asked as Q
from benchmarks.answers.look_ups import told

# fmt: off
ASKED = (
    Q("maria-alvarez", "summarize her diabetes care", told(r"7\.3", r"metformin", r"glargine", r"empagliflozin|jardiance", r"retinopathy", must=("Observation:4548-4@2026-06-18", "Condition:E11.9", "MedicationRequest:metformin!active", "MedicationRequest:glargine!active"))),
    Q("maria-alvarez", "brief summary of the last visit", told(r"7\.3", r"84\.2|126/76|near goal", must=("DocumentReference:progress@2026-06-18 | Encounter@2026-06-18",))),
    Q("james-whitfield", "Summarize heart failure history", told(r"35", r"carvedilol", r"sacubitril|entresto", r"96\.3|410|furosemide", never=(r"(?<!ex-)(?<!former )\bcurrent smoker",), must=("Condition:I50.22", "Observation:10230-1@2026-02-05"))),
    Q("james-whitfield", "hospital course May 2025", told(r"furosemide|diures", r"25 ?%", must=("DocumentReference:discharge",))),
    Q("dorothy-freeman", "Overview of her kidney disease", told(r"stage 4|N18\.4|CKD 4", r"\b21\b", r"2\.4", must=("Condition:N18.4", "Observation:98979-8@2026-06-10"))),
    Q("george-papadopoulos", "summary of the stroke and what was done", told(r"stroke|infarct", r"clopidogrel", r"endarterectomy", must=("Condition:I63.512", "Procedure:endarterectomy"))),
    Q("hien-nguyen", "summarise the June admission", told(r"pneumonia", r"nodule", never=(r"positive for (PE|pulmonary embol)",), must=("DocumentReference:discharge | Encounter:class=IMP",))),
    Q("ruth-goldberg", "oncology summary", told(r"ductal carcinoma|breast cancer", r"mastectomy", r"anastrozole|arimidex", never=(r"right mastectomy",), must=("Condition:C50.912", "Procedure:mastectomy", "MedicationRequest:anastrozole"))),
    Q("denise-carter", "give me a summary of her opioid therapy", told(r"oxycodone", r"10 ?mg", must=("MedicationRequest:oxycodone!active",))),
    Q("frank-delaney", "COPD summary", told(r"COPD|obstructive", r"tiotropium|spiriva", r"1\.42|44 ?%", must=("Condition:J44.9", "MedicationRequest:tiotropium"))),
    Q("nora-obrien", "summarize allergies", told(r"penicillin", r"anaphyla", r"shellfish", never=(r"allerg\w* to aspirin",), must=("AllergyIntolerance:penicillin", "AllergyIntolerance:shellfish", "AllergyIntolerance:latex"))),
    Q("tyrone-jackson", "HIV care summary", told(r"biktarvy|bictegravir", r"718", must=("Condition:Z21", "MedicationRequest:biktarvy", "Observation:24467-3@2026-06-16"))),
    Q("made-bruno", "summarize the April admission", told(r"kidney injury|AKI", r"lisinopril", must=("DocumentReference:discharge | Encounter:class=IMP",))),
    # held
    Q("liam-oconnor", "one-paragraph summary of his type 1 diabetes", told(r"7\.6", r"glargine", r"ketoacidosis|DKA", must=("Condition:E10.9", "Observation:4548-4@2026-06-22", "MedicationRequest:glargine"))),
    Q("eleanor-marsh", "Anticoagulation: sum it up", told(r"warfarin", r"2\.8", r"5\.8", never=(r"taking apixaban",), must=("MedicationRequest:warfarin", "Observation:6301-6@2026-06-27"))),
    Q("samuel-okonkwo", "hypertension, the story so far", told(r"spironolactone", r"132/80|148/88|158/94", must=("Condition:I1A.0", "MedicationRequest:spironolactone"))),
    Q("samuel-okonkwo", "what is going on with this patient? summary", told(r"6\.7", r"spironolactone", never=(r"active hypokalemia",), must=("Observation:2823-3@2026-06-29",))),
    Q("chloe-lefevre", "pregnancy summary", told(r"A negative|Rh", r"10\.9|14 ng|iron", r"156|glucose", never=(r"has gestational diabetes",), must=("Condition:Z34.92",))),
    Q("fatima-al-rashid", "rheumatology overview", told(r"methotrexate", r"hydroxychloroquine|plaquenil", r"\b78\b", must=("Condition:M05.9", "MedicationRequest:methotrexate!active"))),
    Q("edith-thornton", "geriatric problems in a nutshell", told(r"fall", r"cognitive", must=("Condition:R29.6", "Condition:G31.84"))),
    Q("jasmine-brooks", "depression treatment summarized", told(r"sertraline|zoloft", r"escitalopram|lexapro", r"bupropion|wellbutrin", must=("Condition:F33.1", "MedicationRequest:escitalopram!active", "MedicationRequest:bupropion"))),
    Q("robert-kowalczyk", "cardiac history in brief", told(r"infarction|STEMI", r"bypass|CABG", r"52", must=("Condition:I21.19", "Procedure:bypass"))),
    Q("walter-brandt", "summarise the end of life course", told(r"hospice", r"prostate", must=("DocumentReference:telephone | DocumentReference:consult",))),
    Q("harold-jensen", "knee history", told(r"left", r"right", r"replacement|arthroplasty|TKA", must=("Condition:M17.11", "Procedure:knee replacement"))),
    Q("zoe-abara", "vaccination status summarised", told(r"DTaP", r"MMR", must=("Immunization:DTaP", "Immunization:MMR!not-done"))),
    Q("made-emil", "outline of the December hospital stay", told(r"hypoglyc", r"glimepiride", never=(r"(?<!no )(?<!not a )(?<!ruled out )acute stroke was",), must=("DocumentReference:discharge | Encounter:class=IMP",))),
)
