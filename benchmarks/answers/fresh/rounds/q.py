"""Questions as a hospital's evaluation team types them into a chart assistant, of every kind, by an outsider without a look at the engine."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, dose, order_ended, reason, route, taking
from benchmarks.answers.foreign.measured import (
    among,
    average,
    compare,
    difference,
    ever,
    how_often,
    last_with_day,
    passing,
    peak,
    peak_day,
    pressure,
    total,
    value,
)
from benchmarks.answers.foreign.persons import age_then, of_stay, stay_length, stays
from benchmarks.answers.foreign.record import between, on, since, stay
from benchmarks.answers.foreign.recorded import absent, date, how_many, said, true, what
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import ended_on, in_state
from benchmarks.answers.fresh.rounds.j import nothing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.fresh.rounds.m import across
from benchmarks.answers.fresh.rounds.n import called, in_words
from benchmarks.answers.fresh.rounds.o import checked
from benchmarks.answers.fresh.rounds.p import on_day

# fmt: off
BILI, LACTATE, MG, HGB_THERE, A1C_THERE, PULSE_THERE = "50885", "50813", "50960", "51222", "50852", "220045"
FAHRENHEIT, FOLEY, WEIGHED = "223761", "226559", "224639"
VIRAL_LOAD, PEAK_FLOW, FEV1, URATE, FREE_T4, LEAD, SATURATION = "20447-9", "33452-4", "20150-9", "3084-1", "3024-7", "77307-7", "2708-6"
BOTH = tuple(f"{a}{by}{b}" for by in (", ", "; ", " and ") for a, b in (("ciprofloxacin", "ampicillin"), ("ampicillin", "ciprofloxacin")))
KEPPRA, SMOKING = "Levetiracetam level", "72166-2"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, codes that the other rounds have no name for, two antibiotics in words, and kinds."""

ASKED = (
    # -- practice charts with notes
    ("maria-alvarez", "What was Ms Alvarez's lowest HbA1c from 2023 through 2025, and on what date was it recorded?", among(peak(c.A1C, min, between("2023", "2025")), peak_day(c.A1C, min, between("2023", "2025")))),
    ("maria-alvarez", "Did the retinal examination of May 2025 find macular edema?", among(true(REPORT, "retinal", on("2025-05"), answer=False), said(REPORT, "retinal", "no macular edema", window=on("2025-05")))),
    ("maria-alvarez", "Tell me the result of her colonoscopy in 2020.", said(f"{REPORT} Procedure", "colonoscopy", "normal", "no polyps")),
    ("maria-alvarez", "What was Ms Alvarez's last TSH?", missing(c.TSH)),
    ("james-whitfield", "How much weight did Mr Whitfield gain between May 1 and June 15, 2026?", compare(c.WEIGHT, on("2026-06-15"), on("2026-05-01"))),
    ("james-whitfield", "Which over-the-counter painkiller was he taking in June 2026?", among(what("MedicationStatement", "ibuprofen"), said(f"MedicationStatement {NOTE}", "ibuprofen|progress", "ibuprofen", "advil", window=on("2026-06")))),
    ("james-whitfield", "By how many percentage points did the ejection fraction improve from the first echocardiogram to the second?", difference(c.EF, -1, 0)),
    ("james-whitfield", "Above what potassium level should spironolactone be held, according to the cardiologist's note of June 2026?", figure(NOTE, "progress", 5.5, None, "5.5", window=on("2026-06-15"))),
    ("james-whitfield", "What is the patient's serum uric acid?", missing(URATE)),
    ("dorothy-freeman", "How did Mrs Freeman react to NSAIDs?", said(ALLERGY, "nsaid", "acute kidney injury")),
    ("dorothy-freeman", "When was stage 4 chronic kidney disease diagnosed?", date("Condition", "stage 4")),
    ("dorothy-freeman", "Highest potassium on record, with its date, please.", among(peak(c.POTASSIUM, max), peak_day(c.POTASSIUM, max))),
    ("dorothy-freeman", "Which arm must be kept free of needles?", said(f"CarePlan ServiceRequest {NOTE}", "stage 4 plan|vein mapping|consultation", "left")),
    ("mateo-garcia", "What was Mateo's peak flow in the emergency department, and what was it at the follow-up visit?", compare(PEAK_FLOW, on("2026-04-21"), on("2026-04-16"))),
    ("mateo-garcia", "How many doses of DTaP has the boy had?", how_many(VACCINE, "dtap")),
    ("mateo-garcia", "What should the family do in the yellow zone of the asthma action plan?", said("CarePlan", "asthma action", "albuterol", "yellow: albuterol")),
    ("ruth-goldberg", "How many of the sentinel lymph nodes contained cancer?", figure(f"{REPORT} {NOTE}", "pathology|consultation", 1, None, "one of three", "1 of 3")),
    ("ruth-goldberg", "Was a pathogenic BRCA1 or BRCA2 variant found?", among(true("Observation", "brca", answer=False), said("Observation", "brca", "no pathogenic variant"), said(NOTE, "progress", "no pathogenic variant", window=on("2026-05-31")))),
    ("ruth-goldberg", "What did the 2025 mammogram show in the left breast?", absent),
    ("frank-delaney", "Please give Mr Delaney's FEV1 in litres from the spirometry of July 2024.", among(value(FEV1, -1, on("2024-07")), said(REPORT, "spirometry", "1.42"))),
    ("frank-delaney", "For what symptom was propranolol prescribed?", said(ORDER, "propranolol", "tremor")),
    ("hien-nguyen", "Did the CT pulmonary angiogram show a pulmonary embolism?", among(true(f"{REPORT} {NOTE}", "ct pulmonary|discharge", answer=False), said(f"{REPORT} {NOTE}", "ct pulmonary|discharge", "no pulmonary embolism", "no evidence of pe"))),
    ("hien-nguyen", "Which result was still pending when Mr Nguyen was discharged?", said(f"{NOTE} {REPORT} ServiceRequest", "discharge|acid-fast", "acid-fast", "sputum")),
    ("denise-carter", "How many urine drug screens did Ms Carter have in 2025?", how_many(REPORT, "urine drug", on("2025"))),
    ("denise-carter", "Which benzodiazepine turned up in the urine drug screen of June 2026?", said(f"{REPORT} {NOTE}", "urine drug|progress", "lorazepam", "ativan", window=on("2026-06-05"))),
    ("kwame-mensah", "Compare the levetiracetam level of June 2026 with that of January 2026.", compare(KEPPRA, on("2026-06"), on("2026-01"))),
    ("kwame-mensah", "For how long was the patient told not to drive after the seizure?", figure(NOTE, "consultation", 6, "mo", "6 months", "six months")),
    ("george-papadopoulos", "What degree of stenosis did the ultrasound find in the left internal carotid artery?", said(f"{REPORT} {NOTE}", "duplex|discharge", "70-79", "70–79", "70 to 79")),
    ("george-papadopoulos", "Why does the note of June 2026 advise changing omeprazole?", said(NOTE, "progress", "lowers clopidogrel", "clopidogrel", "omeprazole lowers", window=on("2026-06-08"))),
    ("tyrone-jackson", "On what date was Mr Jackson's viral load first under 200 copies/mL?", passing(VIRAL_LOAD, "<", 200)),
    ("linda-kaminski", "Did Ms Kaminski receive a flu shot at the visit of May 2026?", among(in_state(VACCINE, "influenza", "not-done", answer=False), said(NOTE, "progress", "declined", window=on("2026-05-16")))),
    ("linda-kaminski", "What was the finding of the colonoscopy ordered because of her mother's colon cancer?", nothing(f"Procedure {REPORT} Observation", "colonoscopy")),
    ("nora-obrien", "What happened when Nora took clarithromycin?", said(f"{ALLERGY} {NOTE}", "clarithromycin|progress", "nausea", "metallic", "upset her stomach")),
    # -- generated and hand-made charts
    ("crowd-0", "How many of Ms Usman's PHQ-9 scores were 15 or higher?", how_often(c.PHQ, None, ">=", 15)),
    ("crowd-0", "When was tiotropium prescribed and for which diagnosis?", among(date(ORDER, "tiotropium"), reason("tiotropium", "chronic obstructive", "copd"))),
    ("crowd-0", "What was the hemoglobin in February 2026 and what was it in June 2026?", compare(c.HB, on("2026-06"), on("2026-02"))),
    ("crowd-0", "What FEV1 was measured in this patient with COPD?", missing(FEV1)),
    ("crowd-2", "Is Mr Chen's current HbA1c above 8 percent?", checked(c.A1C, ">", 8)),
    ("crowd-2", "Which knee has osteoarthritis?", among(what("Condition", "knee"), said(f"Condition {NOTE}", "knee|progress", "right"))),
    ("crowd-2", "Find the lowest PHQ-9 score and the day on which it was obtained.", among(peak(c.PHQ, min), peak_day(c.PHQ, min))),
    ("crowd-2", "How many urine albumin-to-creatinine ratios exceeded 30 mg/g?", how_often(c.ACR, None, ">", 30)),
    ("crowd-2", "Which GLP-1 receptor agonist does he inject?", nothing(f"{ORDER} MedicationStatement", "glutide|exenatide|tirzepatide")),
    ("crowd-4", "List the medicines Mr Gupta takes for his diabetes.", what(ORDER, "metformin|empagliflozin", state="active")),
    ("crowd-4", "Is the latest free T4 lower than the one of November 2024?", across(FREE_T4, (-1, on("2026-06")), (-1, on("2024-11")), less=True)),
    ("crowd-4", "According to the last progress note, does the patient have chest pain?", among(true(NOTE, "progress", on("2026-06-25"), answer=False), said(NOTE, "progress", "denies headache, chest pain", "denies chest pain", window=on("2026-06-25")))),
    ("crowd-6", "What inhaler is Ms Lopez prescribed, and how often does she use it?", among(called("budesonide", "budesonide"), said(ORDER, "budesonide", "2 puffs twice daily", "twice daily", "twice a day"))),
    ("crowd-6", "Maximum creatinine during 2025?", peak(c.CREATININE, max, on("2025"))),
    ("crowd-6", "How many clinic visits took place from July to December 2025?", how_many(VISIT, "", between("2025-07", "2025-12"))),
    ("crowd-6", "What is her urine albumin-to-creatinine ratio?", missing(c.ACR)),
    ("crowd-8", "What was Mr Baptiste's potassium in September 2025?", value(c.POTASSIUM, -1, on("2025-09"))),
    ("crowd-8", "How much weight has he lost between the first visit on record and the latest?", difference(c.WEIGHT, -1, 0)),
    ("crowd-10", "Has Mrs Rossi ever had a TSH above 5 mIU/L, and if so, when?", among(passing(c.TSH, ">", 5), ever(c.TSH, ">", 5))),
    ("crowd-10", "What is the patient's smoking status?", in_words(SMOKING, "ex-smoker", "former")),
    ("crowd-10", "On what date was metoprolol started?", nothing(f"{ORDER} MedicationStatement", "metoprolol")),
    ("made-ada", "For what reason was methotrexate put on hold?", in_state(ORDER, "methotrexate", "on-hold", "raised liver", "liver")),
    ("made-ada", "Why was the colonoscopy planned for April 2026 not done?", in_state("Procedure", "colonoscopy", "not-done", "preparation")),
    ("made-ada", "What grew in the blood culture of June 20, 2026?", said(REPORT, "blood culture", "gram-positive", "cocci")),
    ("made-ada", "At what age did the patient's mother have breast cancer?", figure(NOTE, "emergency", 52, "a", "52")),
    ("made-ada", "What dose of warfarin does Mrs Winslow take?", nothing(f"{ORDER} MedicationStatement", "warfarin")),
    ("made-bruno", "How many days did Mr Castellan spend in hospital in April 2026?", stay_length(0)),
    ("made-bruno", "By how much did his creatinine fall between April 2 and April 4, 2026?", difference(c.CREATININE, -1, 0, between("2026-04-02", "2026-04-04"))),
    ("made-bruno", "In which leg was the deep vein thrombosis of 2014?", among(what("Condition", "deep vein"), said("Condition", "deep vein", "left"))),
    ("made-bruno", "What did the renal ultrasound ordered in June 2026 show?", nothing(f"{REPORT} Observation Procedure ImagingStudy", "ultrasound")),
    ("made-cleo", "How tall was Cleo in August 2025?", value(c.HEIGHT, -1, on("2025-08"))),
    ("made-cleo", "Her venous lead level, please.", value(LEAD)),
    ("made-cleo", "Why was azithromycin given in November 2025?", said(ORDER, "azithromycin", "whooping cough")),
    ("made-cleo", "What was the visual acuity of the left eye at the school check?", said(NOTE, "progress", "20/30", window=on("2026-06-09"))),
    # -- the wards
    ("ward-heart", "Where was the patient discharged to after the admission that began in May 2171?", of_stay(1, "skilled nursing")),
    ("ward-heart", "Which organism was isolated from the respiratory culture of May 22, 2171?", said("Observation", "staph aureus|respiratory culture", "staph aureus", "staphylococcus")),
    ("ward-heart", "What left ventricular ejection fraction did the echocardiogram of November 2169 report?", figure(REPORT, "echo", 35, "%", "35 percent", "35%", "35 %")),
    ("ward-heart", "Lowest magnesium during the hospital stay of May and June 2171?", peak(MG, min, stay(1))),
    ("ward-heart", "How many thoracenteses were performed in May 2171?", how_many("Procedure", "thoracentesis", on("2171-05"))),
    ("ward-heart", "What was the fastest heart rate charted in the intensive care unit, and on which day?", among(peak(PULSE_THERE, max), peak_day(PULSE_THERE, max))),
    ("ward-heart", "Report the first HbA1c of the August 2172 admission.", value(A1C_THERE, 0, stay(2))),
    ("ward-heart", "At what dose and by which route was warfarin ordered?", among(dose("warfarin"), route("warfarin"))),
    ("ward-heart", "How many inpatient admissions does patient 10017341 have on record?", stays()),
    ("ward-heart", "How much digoxin was ordered for his atrial fibrillation?", nothing(f"{ORDER} {GIVEN}", "digoxin")),
    ("ward-heart", "What was the lactate in the August 2172 admission?", missing(LACTATE, stay(2))),
    ("ward-liver", "To which antibiotics was the E. coli from the peritoneal fluid culture of December 2170 resistant?", among(what("Observation", "ciprofloxacin|ampicillin"), said("Observation", "ciprofloxacin|ampicillin", *BOTH))),
    ("ward-liver", "Was the portal vein patent on the liver ultrasound?", among(true(REPORT, "liver or gallbladder"), said(REPORT, "liver or gallbladder", "the portal vein is patent", "patent"))),
    ("ward-liver", "How many times was the peritoneal cavity drained in total?", how_many("Procedure", "drainage of peritoneal")),
    ("ward-liver", "How much did total bilirubin change between the first and last measurement of the stay that started in December 2170?", difference(BILI, -1, 0, stay(1))),
    ("ward-liver", "What was the discharge disposition of the March 2171 admission?", of_stay(2, "against advice", "against medical advice")),
    ("ward-liver", "On which day did the hemoglobin first rise above 8 g/dL after the bleeding in April 2170?", passing(HGB_THERE, ">", 8)),
    ("ward-liver", "How many grams of albumin were ordered on December 29, 2170?", dose("albumin", -1, on("2170-12-29"))),
    ("ward-liver", "Count the doses of ceftriaxone administered in April 2170.", how_many(GIVEN, "ceftriaxone", on("2170-04"))),
    ("ward-liver", "What was the ammonia level during the December 2170 admission?", nothing("Observation", "ammonia")),
    ("ward-sepsis", "What is the highest temperature recorded during the current stay, in Fahrenheit?", peak(FAHRENHEIT, max)),
    ("ward-sepsis", "When did the patient have her gallbladder removed?", on_day("Procedure", "cholecystectomy")),
    ("ward-sepsis", "What abnormality of the right kidney did the abdominal CT describe?", said(REPORT, "ct abd", "hydronephrosis", "mild right hydronephrosis")),
    ("ward-sepsis", "Total Foley output on January 29, 2165?", total(FOLEY, on("2165-01-29"))),
    ("ward-sepsis", "When did the vasopressin order end?", order_ended("vasopressin")),
    ("ward-sepsis", "By how many kilograms did the daily weight rise from the first to the most recent measurement?", difference(WEIGHED, -1, 0)),
    ("ward-sepsis", "Average lactate on January 30, 2165?", average(LACTATE, on("2165-01-30"))),
    ("ward-sepsis", "What procalcitonin was measured on arrival in January 2165?", nothing("Observation", "procalcitonin")),
    # -- charts of other systems
    ("town-diabetic", "How many polyps were taken out at the colonoscopy of February 2020?", figure(REPORT, "history and physical", 2, None, "two", "2 polyps", "2 sessile")),
    ("town-lung", "How large was the lung mass on the chest CT, and in which lobe?", said(REPORT, "chest ct", "31 mm", "right upper lobe")),
    ("town-lung", "How many sessions of combined chemotherapy and radiation did Mr Quigley have?", how_many("Procedure", "combined chemotherapy")),
    ("sim-prostate", "Most recent PSA, with the date?", last_with_day(c.PSA)),
    ("sim-prostate", "Blood pressure at the visit of June 16, 2026?", pressure(-1, on("2026-06-16"))),
    ("sim-diabetes", "How many AST values above 40 U/L does the patient have?", how_often(c.AST, None, ">", 40)),
    ("sim-copd", "What was the lowest oxygen saturation on October 30, 2025?", peak(SATURATION, min, on("2025-10-30"))),
    # -- Synthea
    ("antonina", "Antonina's height at the check-up of September 2020?", value(c.HEIGHT, -1, on("2020-09"))),
    ("antonina", "How many doses of the 13-valent pneumococcal vaccine did she get?", how_many(VACCINE, "pcv 13")),
    ("antonina", "Which antibiotic was prescribed for the sinusitis of August 2014?", nothing(f"{ORDER} MedicationStatement", "")),
    ("benedict", "How high was Benedict's temperature when he had strep throat in April 2013?", value(c.TEMPERATURE, -1, on("2013-04"))),
    ("benedict", "What allergy is documented for this patient?", among(what(ALLERGY), said(ALLERGY, "shellfish", "shellfish"))),
    ("benedict", "What was his LDL cholesterol in 2019?", missing(c.LDL)),
    ("devin", "When was the laceration of Devin's foot sutured?", date("Procedure", "suture")),
    ("devin", "Since 2015, what has been the highest diastolic pressure, and when was it taken?", among(peak(c.LOW, max, since("2015")), peak_day(c.LOW, max, since("2015")))),
    ("devin", "Which pneumococcal vaccines has he received?", what(VACCINE, "pneumococcal")),
    ("devin", "What did his last eye examination find?", nothing(f"Procedure {VISIT} {REPORT} Observation", "eye|retin|ophthal|visual")),
    ("jonathon", "How often has Jonathon been diagnosed with acute bronchitis?", how_many("Condition", "bronchitis")),
    ("jonathon", "What was the platelet count in 2015 compared with 2020?", compare(c.PLATELETS, on("2020"), on("2015"))),
    ("mariana", "On what date did her most recent pregnancy end?", ended_on("normal pregnancy")),
    ("shin", "Which antibiotic was Shin given for the E. coli urinary tract infection?", called("nitrofurantoin", "nitrofurantoin")),
    ("shin", "When was Shin's most recent delivery?", date("Procedure", "childbirth")),
    ("vannessa", "Did she weigh more than 40 kg at her last check-up?", checked(c.WEIGHT, ">", 40)),
    ("eddie", "What cause of death is recorded on the certificate?", said(f"Observation {REPORT}", "cause of death|certificate of death", "myocardial infarction")),
    ("eddie", "On what date did Mr Lakin suffer his stroke?", date("Condition", "stroke")),
    ("eddie", "How many electrical cardioversions did he undergo?", how_many("Procedure", "cardioversion")),
    ("eddie", "Which beta blocker was he prescribed for atrial fibrillation, and at what strength?", nothing(ORDER, "olol")),
    ("emilee", "NT-proBNP in January 1999?", value(c.PROBNP, -1, on("1999-01"))),
    ("emilee", "At what age was Emilee found to have osteoporosis?", age_then("Condition", "osteoporosis (disorder)")),
    ("mayte", "Which bone did Mayte fracture in July 2007?", said("Condition", "fracture", "fracture of ankle", "ankle")),
    ("rick", "What was the worst pain score of 1992 and on which day was it noted?", among(peak(c.PAIN, max, on("1992")), peak_day(c.PAIN, max, on("1992")))),
    ("rick", "What bone density T-score was measured in 1992?", missing(c.DXA, on("1992"))),
    ("tiera", "For which condition does Mrs Boyle take Lasix?", reason("lasix", "chronic congestive heart failure", "congestive heart failure", "heart failure")),
    ("tiera", "Is metoprolol among her current medicines, and since what date?", among(date(ORDER, "metoprolol", 0), taking("metoprolol"))),
)
