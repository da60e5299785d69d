"""Ordinary questions in the manner of published sets and of clinicians in a consultation, by an outsider without a look at the engine."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, current, dose, reason, route
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    average,
    compare,
    day,
    difference,
    ever,
    how_often,
    minute,
    passing,
    peak,
    peak_day,
    pressure,
    value,
)
from benchmarks.answers.foreign.persons import (
    age,
    age_then,
    of_stay,
    stay_date,
    stay_length,
    stays,
    visits,
)
from benchmarks.answers.foreign.record import Record, Window, between, last_hours, local, on, since, stay
from benchmarks.answers.foreign.recorded import (
    date,
    days_since,
    happened,
    has,
    how_many,
    lasted,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import counted, in_state, ordered_amount
from benchmarks.answers.fresh.rounds.j import lower, nothing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.gold import Gold, Pair, Result, Trend
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.oracle import reference

Place = tuple[int, Window]
"""Which value of which period."""


def across(codes: str, one: Place, other: Place, *, less: bool) -> Oracle:
    """Whether a value of one period is less (or greater) than a value of another."""

    def oracle(r: Record) -> Gold:
        a, b = (r.series(codes, window)[which] for which, window in (one, other))
        early, late = sorted((a, b), key=lambda p: p.date)
        results = [
            Result("boolean", a.value < b.value if less else a.value > b.value),
            Result("comparison", Pair(a.value, b.value)),
            Result("trend", Trend(early.value, late.value)),
        ]
        return golden(r, results, [refs([a]), refs([b])], refs(r.series(codes)))

    return oracle


def admissions(r: Record) -> Gold:
    """Every hospital stay."""
    must = tuple(frozenset({reference(s)}) for s in r.stays)
    return golden(r, [Result("list", must)], must)


def apart(one: int, other: int) -> Oracle:
    """Days from the end of one hospital stay to the start of another."""

    def oracle(r: Record) -> Gold:
        a, b = r.stays[one], r.stays[other]
        end, start = (dt.date.fromisoformat(x[:10]) for x in (a["period"]["end"], b["period"]["start"]))
        must = [frozenset({reference(x)}) for x in (a, b)]
        return golden(r, [Result("number", float((start - end).days), "d", 1)], must)

    return oracle


def on_unit(which: int, words: str) -> Oracle:
    """How long the part of a hospital stay lasted that was spent on a unit."""

    def oracle(r: Record) -> Gold:
        found = r.stays[which]
        (part,) = [p for p in found["location"] if words in r.follow(p["location"]).get("name", "").lower()]
        start, end = (dt.datetime.fromisoformat(local(part["period"][k])) for k in ("start", "end"))
        hours = (end - start).total_seconds() / 3600
        results = [Result("number", hours / 24, "d", 1), Result("number", hours, "h", 1)]
        return golden(r, results, [frozenset({reference(found)})], {part["location"]["reference"]})

    return oracle


# fmt: off
K, BILI, LACTATE, PROBNP, PH, GLUCOSE, WBC, TROPONIN, PULSE_THERE, BREATHS_THERE, FOLEY = "50971", "50885", "50813", "50963", "50820", "50931", "51301", "51003", "220045", "220210", "226559"
VIRAL_LOAD, CD4, PACK_YEARS, CRP, INTAKE = "20447-9", "24467-3", "8664-5", "1988-5", "9108-2"
ALLERGY, FAMILY, NOTE, REPORT = "AllergyIntolerance", "FamilyMemberHistory", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, and codes that the other rounds have no name for."""

ASKED = (
    # -- the wards
    ("ward-sepsis", "When was lactate first measured on the current hospital encounter?", among(day(LACTATE, 0, stay(-1)), minute(LACTATE, 0, stay(-1)))),
    ("ward-sepsis", "Return the average respiratory rate of the patient over the last 24 hours.", average(BREATHS_THERE, last_hours(24))),
    ("ward-sepsis", "Has patient 10031207 been prescribed vasopressin since 01/28/2165?", happened(ORDER, "vasopressin", since("2165-01-28"))),
    ("ward-sepsis", "how many days has it passed since the last time patient 10031207 received intermittent urinary filtration on the current hospital visit?", days_since("Procedure", "urinary filtration", -1, stay(-1))),
    ("ward-sepsis", "what was the last output amount of foley for patient 10031207 on the first ICU visit?", value(FOLEY, -1, since("2165-01-27T23:31"))),
    ("ward-sepsis", "what is the intake method of heparin?", route("heparin")),
    ("ward-sepsis", "Was the white blood cell count last measured on the first hospital visit less than it was first measured on the current hospital visit?", across(WBC, (-1, stay(0)), (0, stay(1)), less=True)),
    ("ward-sepsis", "Is the E. coli in the blood resistant to ceftriaxone?", true("Observation", "ceftriaxone")),
    ("ward-sepsis", "How old was the patient at the time of her laparoscopic cholecystectomy?", age_then("Procedure", "cholecystectomy")),
    ("ward-sepsis", "What was the peak heart rate recorded on 01/30/2165?", peak(PULSE_THERE, max, on("2165-01-30"))),
    ("ward-sepsis", "What's the most recent troponin T of the patient within the last 24 hours?", missing(TROPONIN)),
    ("ward-heart", "list the hospital admission times of patient 10017341", admissions),
    ("ward-heart", "How long was the patient on the medical intensive care unit in May 2171?", on_unit(1, "intensive")),
    ("ward-heart", "What was the dose of aspirin that the patient was prescribed on the last hospital visit?", dose("aspirin", -1, stay(-1))),
    ("ward-heart", "How many days passed between the discharge from the first hospital visit and the second admission?", apart(0, 1)),
    ("ward-heart", "What anticoagulants has the patient been prescribed across all admissions?", what(ORDER, "warfarin|apixaban|heparin")),
    ("ward-heart", "What was the left ventricular ejection fraction on the November 2169 echocardiogram?", figure(REPORT, "echocardiogram", 35, "%", "35 percent", "35 %", "35%")),
    ("ward-heart", "Was the potassium value first measured on the last hospital visit greater than it was last measured on the second hospital visit?", across(K, (0, stay(2)), (-1, stay(1)), less=False)),
    ("ward-heart", "Which procedures did the patient have on August 4, 2172?", what("Procedure", "", on("2172-08-04"))),
    ("ward-heart", "count the number of times that patient 10017341 underwent venous catheterization", how_many("Procedure", "venous catheterization")),
    ("ward-heart", "What was the result of the MRSA screen taken in May 2171?", said("Observation", "mrsa screen", "no growth")),
    ("ward-heart", "On how many measurements was the blood pH below 7.35 during the 2171 hospital stay?", how_often(PH, stay(1), "<", 7.35)),
    ("ward-heart", "What's the age of the patient with MRN 10017341?", age()),
    ("ward-heart", "What dose of digoxin was the patient prescribed in 2171?", nothing(f"{ORDER} {GIVEN}", "digoxin")),
    ("ward-heart", "What did the cardiac MRI show?", nothing(f"{REPORT} Procedure Observation", "mri|magnetic")),
    ("ward-liver", "What was the average glucose during the last hospital visit of patient 10023886?", average(GLUCOSE, stay(-1))),
    ("ward-liver", "Did the patient receive a red blood cell transfusion on the first hospital visit?", happened("Procedure", "transfusion", stay(0))),
    ("ward-liver", "what was the maximum heart rate of the patient on the first ICU visit?", peak(PULSE_THERE, max)),
    ("ward-liver", "what drugs were prescribed to patient 10023886 on 04/11/2170?", what(ORDER, "", on("2170-04-11"))),
    ("ward-liver", "Was spironolactone ever prescribed, and if so what dose?", among(dose("spironolactone"), happened(ORDER, "spironolactone"))),
    ("ward-liver", "To what place was the patient discharged in January 2171?", of_stay(1, "home health care", "home health")),
    ("ward-liver", "Did the urine culture of December 2170 grow an organism?", true("Observation", "urine culture", answer=False)),
    ("ward-liver", "Had the total bilirubin come down by the end of the April 2170 admission compared with arrival?", lower(BILI, -1, 0, stay(0))),
    ("ward-liver", "What was the hepatitis C antibody result?", nothing(f"Observation {REPORT}", "hepatitis|hcv")),
    # -- out-patient and hospital charts of other systems
    ("panel-diabetes", "What's this patient's eGFR?", value(c.EGFR)),
    ("panel-diabetes", "Which antidepressant is the patient taking?", what(ORDER, "sertraline")),
    ("panel-diabetes", "Does she have an allergy to any antibiotic that I should know about?", among(what(ALLERGY, "penicillin"), true(ALLERGY, "penicillin"))),
    ("panel-diabetes", "What was the HbA1c at her check in 2025?", missing(c.A1C, on("2025"))),
    ("visits-pressure", "What has her mean systolic pressure been over the visits of 2025?", average(c.TOP, on("2025"))),
    ("visits-pressure", "What dose of amlodipine was she started on for her hypertension?", nothing(ORDER, "")),
    ("town-diabetic", "When was the patient first diagnosed with type 2 diabetes?", date("Condition", "diabetes mellitus type 2", 0)),
    ("town-diabetic", "How much weight did Lorene put on between 2012 and 2021?", compare(c.WEIGHT, on("2021"), on("2012"))),
    ("town-diabetic", "After how many years should the colonoscopy be repeated, according to the 2020 report?", figure(REPORT, "history and physical", 5, "a", "five years", "5 years", "2025")),
    ("town-diabetic", "Why is the patient on hydrochlorothiazide?", reason("hydrochlorothiazide", "hypertension")),
    ("town-diabetic", "Does the patient have a history of diabetic neuropathy, and since when?", among(date("Condition", "neuropathy"), has("neuropathy"))),
    ("town-diabetic", "What is the highest LDL cholesterol this patient has had?", peak(c.LDL, max)),
    ("town-diabetic", "When was her last dilated eye exam?", nothing(f"Procedure {REPORT} Encounter Observation", "retin|eye|ophthal")),
    ("town-child", "At what age was Theo diagnosed with asthma?", age_then("Condition", "childhood asthma")),
    ("town-child", "What reliever inhaler is the boy prescribed?", what(ORDER, "albuterol")),
    ("town-child", "How many influenza vaccinations has Theo had since 2018?", how_many("Immunization", "influenza", since("2018"))),
    ("town-child", "How long did it take for the concussion of May 2021 to resolve?", lasted("concussion")),
    ("town-child", "What was his best peak flow reading?", nothing("Observation", "peak|expiratory")),
    ("town-lung", "Which chemotherapy agents were ordered for the patient's lung cancer?", what(ORDER, "etoposide|cisplatin")),
    ("town-lung", "Since when has Mr Quigley been diagnosed with Alzheimer's disease?", date("Condition", "alzheimer")),
    ("town-lung", "On what date was the lobectomy performed?", nothing("Procedure", "lobectomy|resection|pneumonectomy")),
    ("sim-copd", "How many inpatient admissions has the patient had since October 2025?", stays(since("2025-10"))),
    ("sim-copd", "What was the highest CRP during the admission for the COPD exacerbation?", peak(CRP, max, stay(0))),
    ("sim-copd", "Which antidepressants is Mrs Coleman on?", current("venlafaxine|escitalopram")),
    ("sim-copd", "When was she discharged after the influenza admission?", stay_date(1, "end")),
    ("sim-copd", "What was the 24-hour fluid intake on November 3, 2025?", value(INTAKE, -1, on("2025-11-03"))),
    ("sim-copd", "What was her FEV1 at the last spirometry?", nothing(f"Observation {REPORT} Procedure", "fev1|spirometry|forced expiratory")),
    ("sim-diabetes", "How many of the patient's HbA1c results have been below 7.5%?", how_often(c.A1C, None, "<", 7.5)),
    ("sim-diabetes", "Is the patient a smoker?", among(said("Observation", "tobacco smoking", "ex-smoker", "former"), true("Observation", "tobacco smoking", answer=False))),
    ("sim-diabetes", "What brought Melissa to the emergency department in April 2026?", said(f"Encounter {NOTE}", "class=emer|triage", "urinary tract infection", "uti", "dysuria")),
    ("sim-diabetes", "What is her latest urine albumin-to-creatinine ratio?", nothing("Observation", "microalbumin|albumin/creat|albumin [mass")),
    ("sim-prostate", "How old was Mr Green when he was diagnosed with prostate cancer?", age_then("Condition", "malignant neoplasm of prostate")),
    ("sim-prostate", "On which date did the patient receive his most recent leuprorelin injection?", among(date(GIVEN, "leuprorelin"), date(ORDER, "leuprorelin"))),
    ("sim-prostate", "What was the PSA at the time of diagnosis in 2018?", missing(c.PSA, on("2018"))),
    # -- Synthea
    ("antonina", "Which vaccines did Antonina receive at her check-up in September 2020?", what("Immunization", "", on("2020-09-12"))),
    ("vannessa", "For how many days did the ear infection of 2012 stay on the problem list?", lasted("otitis media")),
    ("shin", "Was labor induced for the delivery in 2021?", happened("Procedure", "induction of labor", on("2021"))),
    ("shin", "Did the patient have an epidural when she gave birth in August 2015?", happened("Procedure", "epidural", on("2015-08"))),
    ("shin", "What was the birth weight of the baby delivered in 2021?", nothing("Observation", "birth weight|birthweight|newborn")),
    ("mariana", "Which contraceptive is Mariana currently prescribed?", what(ORDER, "errin", state="active")),
    ("mariana", "Is the patient allergic to anything?", among(what(ALLERGY), true(ALLERGY, "shellfish"))),
    ("tiera", "What was the average HbA1c between 2015 and 2019?", average(c.A1C, between("2015", "2019"))),
    ("tiera", "How old was she when heart failure was diagnosed?", age_then("Condition", "congestive heart failure")),
    ("devin", "How many ALT results above 50 U/L does the patient have?", how_often(c.ALT, None, ">", 50)),
    ("devin", "How many days did the patient spend in hospital with appendicitis in 1986?", stay_length(0)),
    ("devin", "Which pneumococcal vaccines has Devin had?", what("Immunization", "pneumococcal")),
    ("devin", "When was the patient first prescribed a statin?", date(ORDER, "simvistatin", 0)),
    ("devin", "What was the result of the exercise stress test?", nothing(f"{REPORT} Procedure Observation", "stress|treadmill|exercise")),
    ("eddie", "Which interventions were done for the myocardial infarction in February 1979?", what("Procedure", "", on("1979-02-19"))),
    ("mayte", "How many echocardiograms has the patient had in total?", how_many("Procedure", "echocardiogra")),
    ("benedict", "Has Benedict been prescribed an adrenaline auto-injector?", happened(ORDER, "epinephrine")),
    ("rick", "When was chronic migraine added to the problem list?", date("Condition", "migraine")),
    ("jonathon", "Has this patient had a colonoscopy, and when?", among(date("Procedure", "colonoscopy"), happened("Procedure", "colonoscopy"))),
    # -- practice charts with notes
    ("james-whitfield", "What medications was the patient discharged on in May 2025?", among(what(ORDER, "", on("2025-05-22")), said(NOTE, "discharge", "carvedilol 3.125"))),
    ("james-whitfield", "What is Mr Whitfield's present dose of carvedilol?", ordered_amount("carvedilol", 25, "mg", "25 mg", window=on("2026"))),
    ("james-whitfield", "Did the coronary angiogram reveal any obstructive coronary disease?", true(REPORT, "coronary angiogram", answer=False)),
    ("james-whitfield", "By how many points has his ejection fraction improved from the first echo to the second?", difference(c.EF, -1, 0)),
    ("james-whitfield", "What is his target dry weight?", counted("Goal", "dry weight", 93, "kg", "93 kg")),
    ("james-whitfield", "What's the patient's most recent hemoglobin A1c?", missing(c.A1C)),
    ("james-whitfield", "At what age did his mother develop heart disease?", nothing(FAMILY, "mother")),
    ("maria-alvarez", "What is empagliflozin prescribed for in this patient?", reason("empagliflozin", "diabetes")),
    ("maria-alvarez", "How many units of insulin glargine does she inject at bedtime?", among(figure(ORDER, "glargine", 18, "units", "18 units", window=on("2026-03")), figure(ORDER, "glargine", 18, None, "18 units", window=on("2026-03")))),
    ("maria-alvarez", "What was her blood pressure at the visit when lisinopril was started?", pressure(0)),
    ("maria-alvarez", "Is her LDL lower now than it was before atorvastatin?", lower(c.LDL, -1, 0)),
    ("maria-alvarez", "Was the last screening mammogram normal?", true(REPORT, "mammogram")),
    ("dorothy-freeman", "What was Mrs Freeman's eGFR in December 2022, and what is it now?", compare(c.EGFR, on("2026-06"), on("2022-12"))),
    ("dorothy-freeman", "Why was metformin discontinued?", among(said(ORDER, "metformin", "egfr below 30", "egfr < 30"), said(NOTE, "consultation", "egfr < 30"))),
    ("dorothy-freeman", "What reaction has the patient had to NSAIDs?", said(ALLERGY, "nsaids", "acute kidney injury", "aki")),
    ("dorothy-freeman", "How often is the darbepoetin injection given?", said(ORDER, "darbepoetin", "every 4 weeks", "every four weeks")),
    ("dorothy-freeman", "On what day was her dialysis fistula created?", nothing("Procedure", "fistula")),
    ("mateo-garcia", "What was Mateo's oxygen saturation on arrival in the emergency department, and what was it after treatment that day?", difference(c.SPO2, 1, 0)),
    ("ruth-goldberg", "What was the pathological stage of the patient's breast cancer?", said(f"{REPORT} {NOTE} Condition", "surgical pathology|consultation|invasive ductal", "pt2 pn1a", "pt2 n1a", "pt2n1a")),
    ("ruth-goldberg", "Since when has Ms Goldberg been taking anastrozole?", date(ORDER, "anastrozole", 0)),
    ("ruth-goldberg", "Was a BRCA mutation found?", among(true("Observation", "brca", answer=False), said("Observation", "brca", "no pathogenic variant"), true(NOTE, "progress", on("2026-05"), answer=False))),
    ("ruth-goldberg", "What was the CA 15-3 at the most recent follow-up?", nothing(f"Observation {REPORT}", "15-3|tumor marker|tumour marker")),
    ("frank-delaney", "How many pack-years has Mr Delaney smoked?", value(PACK_YEARS)),
    ("frank-delaney", "What did the chest CT show?", nothing(f"{REPORT} Procedure ImagingStudy", "chest ct|ct chest|ct of|tomography")),
    ("hien-nguyen", "What antibiotics was the patient treated with for his pneumonia, in hospital and after?", what(ORDER, "ceftriaxone|azithromycin|amoxicillin")),
    ("hien-nguyen", "Which test result was still outstanding when Mr Nguyen went home?", said(NOTE, "discharge", "acid-fast", "afb")),
    ("hien-nguyen", "Was a pulmonary embolism ruled out?", true(REPORT, "pulmonary angiogram")),
    ("denise-carter", "Why can't Denise take ibuprofen?", said(ALLERGY, "ibuprofen", "gastric bleeding", "bleed")),
    ("denise-carter", "On what date was the naloxone spray prescribed?", nothing(ORDER, "naloxone|narcan")),
    ("kwame-mensah", "What were the findings of the EEG in 2022?", said(REPORT, "eeg", "right temporal sharp waves", "right temporal", window=on("2022"))),
    ("george-papadopoulos", "What was the NIH stroke scale score when he presented?", figure(NOTE, "emergency", 8, None, "nihss 8")),
    ("george-papadopoulos", "How severe was the stenosis of the left carotid artery?", said(f"{REPORT} {NOTE}", "carotid|discharge", "70-79")),
    ("ingrid-sorensen", "What strength of levothyroxine is the patient on at present?", ordered_amount("levothyroxine", 88, "mcg", "88 mcg", window=on("2023-02"))),
    ("ingrid-sorensen", "What explained the rise in TSH in August 2025?", said(NOTE, "progress", "calcium", window=on("2025-08"))),
    ("tyrone-jackson", "When did his viral load first fall below 200 copies?", passing(VIRAL_LOAD, "<", 200)),
    ("tyrone-jackson", "What is the highest CD4 count on record, and from when is it?", among(peak(CD4, max), peak_day(CD4, max))),
    ("linda-kaminski", "Has Mrs Kaminski agreed to start a statin?", true(NOTE, "progress", answer=False)),
    ("linda-kaminski", "Is there a family history of bowel cancer?", true(f"{FAMILY} {NOTE}", "mother|progress")),
    ("nora-obrien", "Please list all of the patient's allergies and intolerances.", what(ALLERGY)),
    ("crowd-8", "How many times has Mr Baptiste been seen since the beginning of 2024?", visits("AMB", since("2024"))),
    ("crowd-8", "What is his lowest hemoglobin and on which date was it measured?", among(peak(c.HB, min), peak_day(c.HB, min))),
    ("crowd-10", "Has Mrs Rossi's TSH ever been above 4.5?", ever(c.TSH, ">", 4.5)),
    ("crowd-10", "What was the patient's average weight over her visits since October 2025?", average(c.WEIGHT, since("2025-10"))),
    ("made-ada", "Why was the colonoscopy in April 2026 not completed?", in_state("Procedure", "colonoscopy", "not-done", "preparation was inadequate", "inadequate")),
    ("made-bruno", "What was the reason for stopping lisinopril?", said(f"{ORDER} {NOTE}", "lisinopril|discharge", "acute kidney injury", "aki")),
    ("made-cleo", "How many millilitres of amoxicillin was the child to take per dose?", figure(ORDER, "amoxicillin", 7, "mL", "7 ml")),
)
