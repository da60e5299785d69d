"""Questions as an evaluator of foreign records writes them, ordinary and of many kinds, by an outsider without a look at the engine."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, current, order_ended, reason, route, taking
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    amounts,
    average,
    compare,
    course,
    difference,
    ever,
    greater,
    how_often,
    passing,
    peak,
    peak_day,
    pressure,
    value,
)
from benchmarks.answers.foreign.persons import age, age_then, of_person, stays, visits
from benchmarks.answers.foreign.record import Record, Window, before, between, last_days, on, since, stay
from benchmarks.answers.foreign.recorded import (
    beside,
    date,
    ended,
    happened,
    has,
    how_many,
    lasted,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import ended_on, ordered_amount
from benchmarks.answers.fresh.rounds.j import lower, never, nothing
from benchmarks.answers.fresh.rounds.k import total_dose
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.fresh.rounds.m import across
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.look_ups.measured import OPERATORS
from benchmarks.answers.oracle import reference


def checked(codes: str, op: str, limit: float, window: Window | None = None) -> Oracle:
    """For "what is it, and is it above …": the last value, or whether it is so."""

    def oracle(r: Record) -> Gold:
        point = r.series(codes, window)[-1]
        holds = Result("boolean", OPERATORS[op](point.value, limit))
        return golden(r, [holds, *amounts(point.value, point.unit)], [refs([point])], refs(r.series(codes)))

    return oracle


def seen_by(name: str, window: Window | None = None) -> Oracle:
    """How many encounters had a person of that name."""

    def oracle(r: Record) -> Gold:
        found = [
            e
            for e in r.pick("Encounter", "", window)
            if any(name in p.get("individual", {}).get("display", "").lower() for p in e["participant"])
        ]
        must = [frozenset({reference(f)}) for f in found]
        results = [Result("number", float(len(found))), Result("list", tuple(must))]
        return golden(r, results, must, beside(r, found))

    return oracle


# fmt: off
INR, CREAT, SODIUM_THERE, WBC_THERE, PLT, K, SPO2_THERE = "51237", "50912", "50983", "51301", "51265", "50971", "220277"
ALLERGY, VACCINE, VISIT, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DiagnosticReport"
RESULT = f"Observation {REPORT} Procedure ImagingStudy"
"""Item numbers of MIMIC, and kinds."""

ASKED = (
    # -- the wards
    ("ward-heart", "What was the first recorded sodium of patient 10017341 on the May 2171 admission?", value(SODIUM_THERE, 0, stay(1))),
    ("ward-heart", "How many times was furosemide administered to the patient in May 2171?", how_many(GIVEN, "furosemide", on("2171-05"))),
    ("ward-heart", "By how much did the creatinine change between the first and the last measurement of the 2171 hospital stay?", difference(CREAT, -1, 0, stay(1))),
    ("ward-heart", "Calculate the average INR(PT) during the patient's first hospital visit.", average(INR, stay(0))),
    ("ward-heart", "On which day did the INR reach its maximum?", peak_day(INR, max)),
    ("ward-heart", "Which drugs were ordered after the left heart catheterization of 08/04/2172?", what(ORDER, "", since("2172-08-04T11:39"))),
    ("ward-heart", "At what frequency was vancomycin ordered?", said(ORDER, "vancomycin", "q 12h", "q12h", "every 12", "twice")),
    ("ward-heart", "Did the patient's oxygen saturation drop below 90% at any time in the intensive care unit?", ever(SPO2_THERE, "<", 90)),
    ("ward-heart", "What diagnoses were recorded for the hospital stay of August 2172?", what("Condition", "", on("2172-08"))),
    ("ward-heart", "What is the patient's blood type?", nothing(RESULT, "blood type|blood group|abo")),
    ("ward-liver", "What was the lowest sodium during the admission in March 2171?", peak(SODIUM_THERE, min, on("2171-03"))),
    ("ward-liver", "Was the creatinine lower at the end of the second hospital stay than at its beginning?", lower(CREAT, -1, 0, stay(1))),
    ("ward-liver", "Which antibiotics have been ordered for patient 10023886?", what(ORDER, "ceftriaxone|rifaximin")),
    ("ward-liver", "How many platelet counts below 60 K/uL does the patient have?", how_often(PLT, None, "<", 60)),
    ("ward-liver", "By which route was pantoprazole ordered?", route("pantoprazole")),
    ("ward-liver", "How often per day was lactulose to be taken according to the order of December 2170?", figure(ORDER, "lactulose", 4, None, "qid", "four times", "4 times", window=on("2170-12"))),
    ("ward-liver", "What is the marital status of patient 10023886?", of_person("divorced")),
    ("ward-liver", "What was the ferritin level during the December 2170 admission?", nothing(RESULT, "ferritin")),
    ("ward-sepsis", "What is the most recent white blood cell count, and is it below 11 K/uL?", checked(WBC_THERE, "<", 11)),
    ("ward-sepsis", "Is patient 10031207 still receiving norepinephrine?", taking("norepinephrine")),
    ("ward-sepsis", "On what date did the order for piperacillin-tazobactam end?", order_ended("piperacillin")),
    ("ward-sepsis", "What total dose of meropenem was administered on 01/31/2165?", total_dose("meropenem", on("2165-01-31"))),
    ("ward-sepsis", "What was the lowest potassium measured since January 30, 2165?", peak(K, min, since("2165-01-30"))),
    ("ward-sepsis", "How has serum creatinine developed over the current admission?", course(CREAT, "rising", stay(-1))),
    ("ward-sepsis", "Which medication orders are active at the moment?", current()),
    ("ward-sepsis", "When was acetaminophen last administered?", among(date(GIVEN, "acetaminophen", minute=True), date(GIVEN, "acetaminophen"))),
    ("ward-sepsis", "What did the echocardiogram of this admission show?", nothing(RESULT, "echo|ultrasound")),
    # -- Synthea-like charts of a town
    ("town-diabetic", "What is the most recent BMI and is it above 30?", checked(c.BMI, ">", 30)),
    ("town-diabetic", "Which vaccines did the patient receive in 2020?", what(VACCINE, "", on("2020"))),
    ("town-diabetic", "How many influenza vaccines were given from 2012 through 2017?", how_many(VACCINE, "influenza", between("2012", "2017"))),
    ("town-diabetic", "Is the prediabetes still an active problem?", has("prediabetes")),
    ("town-diabetic", "How many encounters were there in 2019?", how_many(VISIT, "", on("2019"))),
    ("town-diabetic", "What was the eGFR in 2014 and what was it in 2021?", compare(c.EGFR, on("2021"), on("2014"))),
    ("town-diabetic", "Has the systolic blood pressure been under 130 mmHg at any visit?", ever(c.TOP, "<", 130)),
    ("town-diabetic", "Is the patient currently taking a statin?", never(ORDER, "statin")),
    ("town-diabetic", "What was the patient's last vitamin B12 level?", nothing(RESULT, "b12|cobalamin")),
    ("town-child", "What allergies does Theo have?", what(ALLERGY)),
    ("town-child", "Is the childhood asthma listed as active?", has("childhood asthma")),
    ("town-child", "Why was the patient seen on February 20, 2018?", said(f"{VISIT} Condition", "", "pharyngitis", window=on("2018-02-20"))),
    ("town-child", "Which inhaled asthma medications is the patient on?", what(ORDER, "fluticasone|albuterol", state="active")),
    ("town-child", "What was Theo's total IgE?", nothing(RESULT, "ige|immunoglobulin")),
    ("town-lung", "Has the patient's hemoglobin fallen since 2010?", lower(c.HB, -1, 0, since("2010"))),
    ("town-lung", "How many inpatient admissions did the patient have in 2016?", stays(on("2016"))),
    ("town-lung", "Which of the patient's conditions have resolved?", what("Condition", state="resolved")),
    ("town-lung", "What substance is Mr Quigley allergic to?", what(ALLERGY)),
    ("town-lung", "On what date did the patient get his pneumococcal vaccine?", date(VACCINE, "pneumococcal")),
    ("town-lung", "What was the FEV1/FVC ratio in this patient with chronic obstructive bronchitis?", nothing(RESULT, "fev|spirom|respiratory function")),
    ("visits-pressure", "How many ambulatory visits did the patient have in 2024?", visits("AMB", on("2024"))),
    ("visits-pressure", "How many systolic readings of 140 mmHg or more have there been since January 2025?", how_often(c.TOP, since("2025"), ">=", 140)),
    ("visits-pressure", "What is the patient's current weight?", missing(c.WEIGHT)),
    ("panel-diabetes", "Is the patient currently taking any ACE inhibitor?", among(taking("lisinopril"), what(ORDER, "lisinopril", state="active"))),
    ("panel-diabetes", "List all active medications of the patient.", current()),
    ("panel-diabetes", "What dose of insulin is the patient prescribed?", nothing(ORDER, "insulin")),
    # -- hospital and clinic charts
    ("sim-copd", "How many encounters has Helen Coleman had in 2026 so far?", how_many(VISIT, "", on("2026"))),
    ("sim-copd", "Has the patient ever received a COVID-19 vaccine?", happened(VACCINE, "covid")),
    ("sim-copd", "At what dose was prednisone prescribed for the COPD exacerbation?", ordered_amount("prednisone", 40, "mg", "40 mg", "40mg")),
    ("sim-copd", "Who was the attending physician of the influenza admission in April 2026?", said(VISIT, "admission", "singleton", "yvonne singleton", window=on("2026-04-07"))),
    ("sim-copd", "What was the mean body weight over the last 90 days?", average(c.WEIGHT, last_days(90))),
    ("sim-copd", "Which conditions were diagnosed before 2015?", what("Condition", "", before("2014"))),
    ("sim-copd", "When did the acute exacerbation of COPD resolve?", ended("acute exacerbation")),
    ("sim-copd", "What was the D-dimer on admission in October 2025?", nothing(RESULT, "d-dimer|fibrin")),
    ("sim-diabetes", "Please list Melissa Smith's allergies.", what(ALLERGY)),
    ("sim-diabetes", "Which immunizations did the patient receive in 2019?", what(VACCINE, "", on("2019"))),
    ("sim-diabetes", "Is the latest blood pressure below 140/90?", among(checked(c.TOP, "<", 140), pressure())),
    ("sim-diabetes", "What is the average systolic blood pressure in 2026?", average(c.TOP, on("2026"))),
    ("sim-diabetes", "How many times was the patient seen by Charlie Chu?", seen_by("charlie chu")),
    ("sim-diabetes", "What is the difference between the first and the most recent HbA1c?", difference(c.A1C, -1, 0)),
    ("sim-diabetes", "At what age was type 2 diabetes diagnosed?", age_then("Condition", "type 2 diabetes")),
    ("sim-diabetes", "When did the patient attend for a screening mammogram?", date(VISIT, "mammogram")),
    ("sim-diabetes", "Has the patient ever been prescribed an SGLT2 inhibitor?", never(ORDER, "gliflozin")),
    ("sim-diabetes", "What dose of lisinopril does the patient take for her hypertension?", nothing(ORDER, "lisinopril")),
    ("sim-prostate", "How many oncology visits did Mr Green have in 2025?", visits("AMB", on("2025"))),
    ("sim-prostate", "What is the lowest body weight on record, and when was it measured?", among(peak(c.WEIGHT, min), peak_day(c.WEIGHT, min))),
    ("sim-prostate", "What is the average of the last 3 heart rate measurements?", average(c.PULSE, last=3)),
    ("sim-prostate", "What was the alkaline phosphatase at the most recent oncology visit?", missing(c.ALP)),
    # -- Synthea
    ("antonina", "Which immunizations were administered in 2013?", what(VACCINE, "", on("2013"))),
    ("antonina", "What was the first weight recorded for Antonina?", value(c.WEIGHT, 0)),
    ("antonina", "How many encounters took place in 2014?", how_many(VISIT, "", on("2014"))),
    ("antonina", "What was the blood lead level at the check-up in 2011?", nothing(RESULT, "lead")),
    ("benedict", "When was the acute bronchitis of 2019 over?", ended_on("bronchitis")),
    ("benedict", "Which of Benedict's medications have been stopped?", what(ORDER, state="stopped")),
    ("benedict", "Was his weight above 80 kg in January 2019?", checked(c.WEIGHT, ">", 80, on("2019-01"))),
    ("benedict", "What was the patient's fasting glucose?", missing(c.GLUCOSE)),
    ("devin", "How many encounters did Devin have in 2018?", how_many(VISIT, "", on("2018"))),
    ("devin", "For what condition is hydrochlorothiazide prescribed?", reason("hydrochlorothiazide", "hypertension")),
    ("devin", "Which procedures were performed on January 14, 2017?", what("Procedure", "", on("2017-01-14"))),
    ("devin", "What has the average LDL cholesterol been since 2018?", average(c.LDL, since("2018"))),
    ("devin", "Is the patient currently on a beta blocker?", never(ORDER, "metoprolol|atenolol|carvedilol|bisoprolol|propranolol|nadolol")),
    ("devin", "What was Devin's last PSA?", missing(c.PSA)),
    ("jonathon", "How many systolic blood pressure readings above 135 mmHg does the patient have?", how_often(c.TOP, None, ">", 135)),
    ("jonathon", "Which vaccines did Jonathon receive on May 19, 2020?", what(VACCINE, "", on("2020-05-19"))),
    ("jonathon", "How old was Jonathon when he had his colonoscopy?", age_then("Procedure", "colonoscopy")),
    ("jonathon", "Is the latest BMI higher than that of 2017?", greater(c.BMI, -1, 0, since("2017"))),
    ("jonathon", "What is the patient's HbA1c?", missing(c.A1C)),
    ("mariana", "How many pregnancies are recorded for Mariana?", how_many("Condition", "normal pregnancy")),
    ("mariana", "When was the contraceptive implant inserted?", date("Procedure", "subcutaneous contraceptive")),
    ("shin", "How many times has Shin given birth?", how_many("Procedure", "childbirth")),
    ("shin", "Which contraceptives has the patient been prescribed over the years?", what(ORDER, "medroxyprogesterone|etonogestrel|camila")),
    ("shin", "How many prenatal visits were there between August 2020 and February 2021?", how_many(VISIT, "prenatal visit", between("2020-08", "2021-02"))),
    ("vannessa", "How many encounters did the patient have from 2016 through 2018?", how_many(VISIT, "", between("2016", "2018"))),
    ("vannessa", "What vaccines were given at the August 2018 check-up?", what(VACCINE, "", on("2018-08"))),
    ("eddie", "How old was Eddie Lakin when he died?", age("1979-02-19")),
    ("eddie", "What was the last PSA value, and was it above 4 ng/mL?", checked(c.PSA, ">", 4)),
    ("eddie", "Which anticoagulant was prescribed, and on what date?", among(what(ORDER, "warfarin"), date(ORDER, "warfarin"))),
    ("eddie", "Was the result of the prostate biopsy normal?", true("Observation", "biopsy")),
    ("eddie", "What was the left ventricular ejection fraction?", missing(c.EF)),
    ("emilee", "What did Emilee weigh at her most recent check-up?", value(c.WEIGHT)),
    ("emilee", "On what date did the closed hip fracture resolve?", ended("fracture of hip")),
    ("mayte", "How many kilograms did Mayte lose between 2003 and 2008?", compare(c.WEIGHT, on("2008"), on("2003"))),
    ("mayte", "Which of her diagnoses are still active?", what("Condition", state="active")),
    ("rick", "How many inpatient stays began in 1992?", stays(on("1992"))),
    ("rick", "On which date was the patient started on metoprolol?", date(ORDER, "metoprolol", 0)),
    ("rick", "What was the pain score on December 9, 1991?", value(c.PAIN, -1, on("1991-12-09"))),
    ("rick", "What did the head CT after the stroke show?", nothing(RESULT, "head|brain|tomograph")),
    ("tiera", "What was the first recorded systolic blood pressure?", value(c.TOP, 0)),
    ("tiera", "How many BMI measurements above 30 does Tiera have?", how_often(c.BMI, None, ">", 30)),
    ("tiera", "Did the patient weigh less in 2020 than in 2018?", across(c.WEIGHT, (-1, on("2020")), (-1, on("2018")), less=True)),
    ("tiera", "What was the serum magnesium on the day of admission in March 2021?", nothing(RESULT, "magnesium")),
    # -- practice charts with notes
    ("maria-alvarez", "How many visits has the patient had with Dr. Rivera since January 2025?", seen_by("rivera", since("2025"))),
    ("maria-alvarez", "Is the current eGFR below 60?", checked(c.EGFR, "<", 60)),
    ("dorothy-freeman", "When did the potassium first exceed 5.0 mmol/L?", passing(c.POTASSIUM, ">", 5.0)),
    ("dorothy-freeman", "Which active medications are prescribed for hypertension?", what(ORDER, "losartan|amlodipine|furosemide", state="active")),
    ("james-whitfield", "Which physician treated the patient in the emergency department in May 2025?", said(VISIT, "emergency", "nwosu", "adaeze nwosu")),
    ("mateo-garcia", "How many days did the asthma exacerbation of April 2026 last?", lasted("exacerbation")),
)
