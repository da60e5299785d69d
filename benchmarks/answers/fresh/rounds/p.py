"""Questions as an independent clinical evaluator asks them of a chart: drugs, problems, values in time, by an outsider without a look at the engine."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, dose, on_for, order_ended, reason, route, taking
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    average,
    compare,
    course,
    difference,
    ever,
    how_often,
    passing,
    peak,
    peak_day,
    pressure,
    value,
    values,
)
from benchmarks.answers.foreign.persons import age_then, stay_length, visits
from benchmarks.answers.foreign.record import Record, before, between, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    beside,
    date,
    happened,
    has,
    how_many,
    kinds_of,
    lasted,
    said,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import in_state, ordered_amount
from benchmarks.answers.fresh.rounds.j import lower, nothing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.fresh.rounds.n import called
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import reference


def taken_until(words: str) -> Oracle:
    """The day until which an order says that a drug was taken."""

    def oracle(r: Record) -> Gold:
        (order,) = r.pick(ORDER, words)
        end = order["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["end"]
        return golden(r, [Result("date", end[:10])], [frozenset({reference(order)})], beside(r, [order]))

    return oracle


def on_day(kinds: str, words: str, which: int = -1) -> Oracle:
    """The day or the minute of a thing."""
    return among(date(kinds, words, which), date(kinds, words, which, minute=True))


# fmt: off
CREAT, WBC_THERE, HGB_THERE, PLT, PH, PROBNP_THERE = "50912", "51301", "51222", "51265", "50820", "50963"
TROPONIN, LACTATE, INR_RATIO, CRP, CD4 = "51003", "50813", "6301-6", "1988-5", "24467-3"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, codes that the other rounds have no name for, and kinds."""

ASKED = (
    # -- medicines and allergies
    ("maria-alvarez", "On what dose of metformin was Ms Alvarez first started?", ordered_amount("metformin", 500, "mg", "500 mg", window=on("2022-07"))),
    ("maria-alvarez", "What was the starting dose of insulin glargine in September 2025?", figure(ORDER, "glargine", 10, "units", "10 units", window=on("2025-09"))),
    ("james-whitfield", "Why was Mr Whitfield's lisinopril discontinued?", said(f"{ORDER} {NOTE} {ALLERGY}", "lisinopril|progress", "cough")),
    ("james-whitfield", "What was prescribed in place of lisinopril in June 2025?", among(what(ORDER, "sacubitril", on("2025-06")), said(ORDER, "sacubitril", "sacubitril", "entresto", window=on("2025-06")))),
    ("james-whitfield", "Which carvedilol strength was he taking in December 2025?", ordered_amount("carvedilol", 12.5, "mg", "12.5 mg", window=on("2025-08"))),
    ("james-whitfield", "How many different strengths of Entresto has the patient been through?", among(kinds_of(ORDER, "sacubitril"), what(ORDER, "sacubitril"))),
    ("james-whitfield", "When was his ICD implanted?", nothing("Procedure Device", "icd|defibrillator|implant")),
    ("dorothy-freeman", "What is the indication for darbepoetin in this patient?", reason("darbepoetin", "anemia", "anaemia")),
    ("dorothy-freeman", "Since when has Mrs Freeman been prescribed empagliflozin?", date(ORDER, "empagliflozin", 0)),
    ("dorothy-freeman", "How often is she meant to take the ferrous sulfate tablet?", said(ORDER, "ferrous", "every other day", "every 2 days", "every second day", "alternate")),
    ("george-papadopoulos", "For how many days was aspirin prescribed after the stroke?", figure(f"{ORDER} {NOTE}", "aspirin|discharge", 21, "d", "21 days", "three weeks", "3 weeks")),
    ("george-papadopoulos", "Is Mr Papadopoulos still taking aspirin?", taking("aspirin")),
    ("ruth-goldberg", "For what reason was duloxetine stopped?", said(f"{ORDER} {NOTE}", "duloxetine|progress", "nausea")),
    ("ruth-goldberg", "How frequently does the patient take alendronate?", said(ORDER, "alendronate", "once a week", "weekly", "every week", "every 7 days")),
    ("denise-carter", "When did Ms Carter first get lorazepam?", date(ORDER, "lorazepam", 0)),
    ("kwame-mensah", "How long has Mr Mensah been on levetiracetam?", among(on_for("levetiracetam"), date(ORDER, "levetiracetam", 0))),
    ("ingrid-sorensen", "What was Ms Sorensen's levothyroxine dose in January 2023?", ordered_amount("levothyroxine", 75, "mcg", "75 mcg", window=on("2022-11"))),
    ("tyrone-jackson", "What antiretroviral is Mr Jackson taking and when was it started?", among(called("bictegravir", "biktarvy", "bictegravir"), date(ORDER, "bictegravir"))),
    ("tyrone-jackson", "On what date was he started on atorvastatin?", nothing(ORDER, "statin")),
    ("frank-delaney", "What kind of reaction did the patient have to doxycycline?", said(ALLERGY, "doxycycline", "photosensitiv", "rash")),
    ("nora-obrien", "Why was the amoxicillin-clavulanate prescription cancelled in May 2026?", in_state(ORDER, "amoxicillin", "cancelled", "anaphylaxis", "penicillin allergy")),
    ("mateo-garcia", "Which inhaler was started at the visit after the emergency department?", called("fluticasone", "fluticasone", "flovent")),
    ("mateo-garcia", "At what dose was montelukast prescribed for Mateo's asthma?", nothing(f"{ORDER} MedicationStatement", "montelukast|singulair")),
    ("crowd-10", "Which blood pressure medicines does Mrs Rossi take?", what(ORDER, "lisinopril|amlodipine", state="active")),
    ("crowd-6", "What condition is the losartan prescribed for?", reason("losartan", "kidney", "ckd")),
    ("hien-nguyen", "How much metformin does Mr Nguyen take per day?", nothing(f"{ORDER} MedicationStatement", "metformin")),
    ("made-bruno", "What did warfarin get replaced with?", among(what(ORDER, "apixaban"), said(ORDER, "apixaban|warfarin", "apixaban"))),
    ("made-bruno", "Up to which date was he on warfarin?", taken_until("warfarin")),
    ("made-ada", "How many methotrexate tablets was she prescribed per week?", figure(ORDER, "methotrexate", 6, None, "6 tablets", "six tablets")),
    ("ward-heart", "How many doses of cefepime were administered during the 2171 admission?", how_many(GIVEN, "cefepime", stay(1))),
    ("ward-heart", "When was the last dose of vancomycin given?", on_day(GIVEN, "vancomycin")),
    ("ward-heart", "What dose of intravenous furosemide was ordered on the November 2169 admission?", dose("furosemide", -1, stay(0))),
    ("ward-liver", "When was the octreotide drip ordered to stop?", order_ended("octreotide")),
    ("ward-liver", "Was the patient put on a beta blocker in April 2170, and which one?", among(what(ORDER, "nadolol"), happened(ORDER, "nadolol"))),
    ("ward-liver", "At what time did patient 10023886 receive the last dose of vancomycin?", nothing(f"{ORDER} {GIVEN}", "vancomycin")),
    ("ward-sepsis", "Which antibiotic was piperacillin-tazobactam changed to?", called("meropenem", "meropenem")),
    ("ward-sepsis", "How is the insulin given to this patient?", route("insulin")),
    ("ward-sepsis", "Number of insulin doses administered since admission?", how_many(GIVEN, "insulin", stay(-1))),
    ("town-diabetic", "Which painkillers were ordered after the forearm fracture in 2019?", what(ORDER, "naproxen|acetaminophen")),
    ("town-diabetic", "Is the patient on insulin, and since when?", among(date(ORDER, "insulin", 0), taking("insulin"))),
    ("town-diabetic", "Why was lisinopril stopped in this patient?", nothing(ORDER, "lisinopril")),
    ("town-child", "What reaction did the boy have to peanut?", said(ALLERGY, "peanut", "anaphyla")),
    ("benedict", "What was the penicillin of April 2013 prescribed for?", reason("penicillin", "strep", "sore throat")),
    ("shin", "When was Shin prescribed the etonogestrel implant?", date(ORDER, "etonogestrel")),
    ("rick", "How many times was Vicodin prescribed to Rick?", how_many(ORDER, "vicodin")),
    ("sim-copd", "Which antibiotic was the patient sent home with in November 2025?", called("amoxicillin", "amoxicillin", "amoxicillin/clavulanate")),
    ("sim-prostate", "What strength of leuprorelin is he given at each visit?", ordered_amount("leuprorelin", 3.75, "mg", "3.75 mg", "3.75mg")),
    ("jonathon", "What type of reaction does Jonathon have to penicillin?", nothing(ALLERGY, "")),
    # -- problems and procedures
    ("george-papadopoulos", "Which side of the body is weak since the stroke?", said("Condition", "hemiparesis", "right")),
    ("george-papadopoulos", "How old was he at the time of the ischemic stroke?", age_then("Condition", "ischemic stroke")),
    ("james-whitfield", "Who performed the coronary angiography?", said("Procedure", "coronary angiography", "lindqvist")),
    ("hien-nguyen", "In which lobe of the lung was the nodule found?", said(f"Condition {REPORT} {NOTE}", "nodule|ct pulmonary|discharge", "left upper lobe", "left upper")),
    ("ruth-goldberg", "On which date did the patient have her mastectomy, and on which side?", among(date("Procedure", "mastectomy"), said("Procedure", "mastectomy", "left"))),
    ("made-ada", "Is iron deficiency anemia still a current problem?", has("iron deficiency")),
    ("town-diabetic", "How long did the forearm fracture take to resolve?", lasted("fracture of forearm")),
    ("devin", "How many colonoscopies has Devin undergone, and when was the latest?", among(how_many("Procedure", "colonoscopy"), date("Procedure", "colonoscopy"))),
    ("devin", "At what age did he have appendicitis?", age_then("Condition", "appendicitis")),
    ("eddie", "How many catheter ablations were performed?", how_many("Procedure", "catheter ablation")),
    ("eddie", "Which surgeon carried out the coronary artery bypass grafting?", absent),
    ("rick", "Number of wisdom tooth extractions on file?", how_many("Procedure", "wisdom tooth")),
    ("mayte", "Since when has Mayte had congestive heart failure?", date("Condition", "congestive heart failure")),
    ("ward-liver", "What procedures were done on April 11, 2170?", what("Procedure", "", on("2170-04-11"))),
    ("ward-sepsis", "On what date was the first dialysis session of the current admission?", on_day("Procedure", "urinary filtration", 0)),
    # -- laboratory values and vital signs
    ("maria-alvarez", "What was the HbA1c at the visit at which Jardiance was started?", value(c.A1C, -1, on("2023-10-04"))),
    ("maria-alvarez", "How did her weight change from October 2023, when empagliflozin was started, to April 2024?", compare(c.WEIGHT, on("2024-04"), on("2023-10"))),
    ("maria-alvarez", "Average A1c for 2025?", average(c.A1C, on("2025"))),
    ("maria-alvarez", "Give me the last two LDL results.", values(c.LDL, last=2)),
    ("james-whitfield", "What was the blood pressure at the heart failure clinic on October 23, 2025?", pressure(-1, on("2025-10-23"))),
    ("james-whitfield", "How far did the BNP fall between presentation and discharge in May 2025?", compare(c.BNP, on("2025-05-22"), on("2025-05-16"))),
    ("james-whitfield", "On which date did creatinine first exceed 1.5 mg/dL?", passing(c.CREATININE, ">", 1.5)),
    ("dorothy-freeman", "How much did the ferritin rise after iron was started in May 2025?", compare(c.FERRITIN, on("2026-04"), on("2025-05"))),
    ("dorothy-freeman", "When did the eGFR first fall below 30?", passing(c.EGFR, "<", 30)),
    ("dorothy-freeman", "What was the mean systolic pressure during 2025?", average(c.TOP, on("2025"))),
    ("george-papadopoulos", "What was the patient's blood pressure when he came to the emergency department with right-sided weakness?", pressure(-1, on("2025-05-26"))),
    ("george-papadopoulos", "What was the creatinine on admission for the stroke?", missing(c.CREATININE, between("2025-05", "2025-06"))),
    ("hien-nguyen", "By how much did the white cell count drop from the emergency visit to discharge?", difference(c.WBC, -1, 0)),
    ("hien-nguyen", "Temperature on 20 June 2026?", value(c.TEMPERATURE, -1, on("2026-06-20"))),
    ("hien-nguyen", "What was the creatinine at the blood pressure check in February 2025?", value(c.CREATININE, -1, on("2025-02-15"))),
    ("denise-carter", "What did she weigh at the visit when oxycodone was raised to 10 mg?", value(c.WEIGHT, -1, on("2025-01-06"))),
    ("denise-carter", "Is her oxygen saturation lower now than in January 2024?", lower(c.SPO2, -1, 0)),
    ("denise-carter", "What is Ms Carter's HbA1c?", missing(c.A1C)),
    ("kwame-mensah", "Hemoglobin at the last epilepsy clinic visit?", missing(c.HB)),
    ("ingrid-sorensen", "What has been the highest TSH since 2023, and when?", among(peak(c.TSH, max, since("2023")), peak_day(c.TSH, max, since("2023")))),
    ("tyrone-jackson", "How much has the CD4 count gone up since diagnosis?", difference(CD4, -1, 0)),
    ("mateo-garcia", "How tall was Mateo at his 60-month well child visit?", value(c.HEIGHT, -1, on("2024-02-10"))),
    ("frank-delaney", "What was the arterial pCO2 during the May 2026 flare?", nothing("Observation", "carbon dioxide|pco2|arterial")),
    ("crowd-2", "PHQ-9 at the last two visits?", values(c.PHQ, last=2)),
    ("crowd-2", "Highest HbA1c since the beginning of 2025?", peak(c.A1C, max, since("2025"))),
    ("crowd-6", "What was this patient's last LDL cholesterol?", missing(c.LDL)),
    ("crowd-8", "When did hemoglobin first fall below 12 g/dL?", passing(c.HB, "<", 12)),
    ("linda-kaminski", "Is the systolic pressure lower at the latest visit than before amlodipine was begun?", lower(c.TOP, -1, 0)),
    ("made-bruno", "Was the INR above 3.5 at any time?", ever(INR_RATIO, ">", 3.5)),
    ("made-ada", "Blood pressure at the emergency visit for chest pain?", pressure(-1, on("2026-03-02"))),
    ("ward-heart", "What was the peak troponin T of the 2169 admission?", peak(TROPONIN, max, stay(0))),
    ("ward-heart", "By how much did NT-proBNP decrease over the hospital stay of November 2169?", difference(PROBNP_THERE, -1, 0, stay(0))),
    ("ward-heart", "What was the last creatinine before the left heart catheterization?", value(CREAT, -1, before("2172-08-04T11:38"))),
    ("ward-liver", "What was the hemoglobin immediately before the red cell transfusion?", value(HGB_THERE, -1, before("2170-04-11T07:59"))),
    ("ward-liver", "What was the lactate on arrival in April 2170?", missing(LACTATE)),
    ("ward-sepsis", "On what date did the platelets recover to above 150 K/uL during this admission?", passing(PLT, ">", 150, window=stay(-1))),
    ("ward-sepsis", "Mean white cell count on January 28, 2165?", average(WBC_THERE, on("2165-01-28"))),
    ("ward-sepsis", "How has the arterial pH developed since admission?", course(PH, "rising", stay(-1))),
    ("town-diabetic", "What was the HbA1c when insulin was started in June 2018?", value(c.A1C, -1, on("2018-06-06"))),
    ("town-lung", "How much weight did Mr Quigley lose from April 2016 to April 2017?", compare(c.WEIGHT, on("2017-04"), on("2016-04"))),
    ("sim-copd", "When did the CRP first drop below 10 mg/L after the admission of October 2025?", passing(CRP, "<", 10)),
    ("sim-diabetes", "What was the blood pressure at the emergency visit for the urinary tract infection?", pressure(-1, on("2026-04-16"))),
    ("visits-pressure", "What pulse rate was recorded at the most recent visit?", missing(c.PULSE)),
    ("devin", "How many systolic readings of 160 mmHg or higher are there?", how_often(c.TOP, None, ">=", 160)),
    ("vannessa", "How many centimetres did she grow between the check-ups of 2011 and 2020?", difference(c.HEIGHT, -1, 0)),
    # -- encounters and immunisations
    ("dorothy-freeman", "How many times was she seen in kidney clinic in 2025?", how_many(VISIT, "", on("2025"))),
    ("dorothy-freeman", "Date of the second hepatitis B vaccine?", date(VACCINE, "hepatitis b", 1)),
    ("ingrid-sorensen", "How many thyroid visits did she have in 2025?", how_many(VISIT, "", on("2025"))),
    ("hien-nguyen", "When did Mr Nguyen last have a flu shot?", nothing(VACCINE, "")),
    ("made-ada", "How many emergency visits are on record?", visits("EMER")),
    ("sim-copd", "What was the reason for the emergency admission on October 30, 2025?", said(VISIT, "emergency", "dyspnea", "dyspnoea", "wheez", "chronic obstructive", window=on("2025-10-30"))),
    ("town-lung", "How many days was the patient in hospital in August 2016?", stay_length(0)),
    ("benedict", "How many influenza vaccines has Benedict received since 2015?", how_many(VACCINE, "influenza", since("2015"))),
    ("antonina", "When was she vaccinated against meningococcus?", date(VACCINE, "meningococcal")),
    ("mayte", "How many encounters did Mayte have in 2007?", how_many(VISIT, "", on("2007"))),
    ("town-diabetic", "When was the patient last in the emergency room?", date(VISIT, "emergency")),
)
