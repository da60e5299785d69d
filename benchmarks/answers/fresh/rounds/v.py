"""Questions of three manners by an outsider without a look at the engine: as the published sets over electronic records
ask of wards and generated charts, as a clinician types in sentences and in fragments, and as relatives, nurses,
pharmacists, coders and auditors put it."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, on_for, poured, taking
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    average,
    compare,
    course,
    difference,
    ever,
    minute,
    passing,
    peak,
    peak_day,
    total,
    value,
)
from benchmarks.answers.foreign.persons import age_then, stay_length
from benchmarks.answers.foreign.record import Record, Window, between, last_days, on, since, stay
from benchmarks.answers.foreign.recorded import (
    date,
    ended,
    happened,
    has,
    how_many,
    kinds_of,
    said,
    told,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import counted, in_state
from benchmarks.answers.fresh.rounds.j import never, nothing, spacing
from benchmarks.answers.fresh.rounds.k import total_dose
from benchmarks.answers.fresh.rounds.l import figure, hours, missing
from benchmarks.answers.fresh.rounds.n import called
from benchmarks.answers.fresh.rounds.p import on_day
from benchmarks.answers.fresh.rounds.s import checked
from benchmarks.answers.fresh.rounds.u import ends, together
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.look_ups.measured import OPERATORS
from benchmarks.answers.oracle import reference


def every(codes: str, op: str, limit: float, window: Window | None = None) -> Oracle:
    """Whether all values of a period keep to a limit."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        if not points:
            raise LookupError(f"{r.slug} has no {codes}")
        off = [p for p in points if not OPERATORS[op](p.value, limit)]
        return golden(r, [Result("boolean", not off)], [refs(off or points)], refs(points))

    return oracle


def until_stay(kinds: str, words: str, which: int) -> Oracle:
    """Days from the first of a thing to the beginning of a hospital stay."""

    def oracle(r: Record) -> Gold:
        a, b = r.pick(kinds, words)[0], r.stays[which]
        start, end = (dt.date.fromisoformat(r.dated(x)[:10]) for x in (a, b))
        must = [frozenset({reference(x)}) for x in (a, b)]
        return golden(r, [Result("number", float((end - start).days), "d", 1)], must)

    return oracle


# fmt: off
CREAT, K, BUN, LACTATE, BILI, ALT_THERE = "50912", "50971", "51006", "50813", "50885", "50861"
ALBUMIN_THERE, HB_THERE, LEUKOCYTES = "50862", "51222", "51301"
PULSE_THERE, SPO2_THERE, MEAN_THERE, FAHRENHEIT, FOLEY = "220045", "220277", "220181", "223761", "226559"
VIRAL_LOAD, LACTATE_HERE, PHOSPHATE, MOLAR_GLUCOSE = "20447-9", "2524-7", "2777-1", "14749-6"
KEPPRA = "Levetiracetam level"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
SAID_BY_PATIENT = "MedicationStatement"
DRUGS, RESULT = f"{ORDER} {GIVEN} {SAID_BY_PATIENT}", f"Observation {REPORT} Procedure ImagingStudy"
"""Item numbers of MIMIC, codes that the other rounds have no name for, and kinds."""

ASKED = (
    # -- as the published sets ask: the wards
    ("ward-heart", "Tell me the maximum urea nitrogen of patient 10017341 on the hospital visit that began in May 2171.", peak(BUN, max, stay(1))),
    ("ward-heart", "Calculate the average O2 saturation by pulse oximetry on 05/26/2171.", average(SPO2_THERE, on("2171-05-26"))),
    ("ward-heart", "When was the first time since 05/23/2171 that the lactate of the patient was measured to be under 3?", passing(LACTATE, "<", 3, 0, since("2171-05-23"))),
    ("ward-heart", "How many hours did the emergency department encounter of November 2, 2169 last?", hours("class=emer", on("2169-11-02"), 0.25)),
    ("ward-heart", "List the drugs that were prescribed by mouth (PO) on the first hospital visit.", what(ORDER, "metoprolol|potassium chloride|warfarin", stay(0))),
    ("ward-heart", "Count the antibiotics to which the Staph aureus of 05/22/2171 was resistant.", counted("Observation", "oxacillin|clindamycin", 2)),
    ("ward-heart", "Tell me the name of the drug that was ordered last on the hospital visit of August 2172.", among(what(ORDER, "", on("2172-08"), last=True), said(ORDER, "apixaban", "apixaban"))),
    ("ward-heart", "Has any dose of vancomycin been administered to the patient since 05/27/2171?", happened(GIVEN, "vancomycin", since("2171-05-27"))),
    ("ward-heart", "What was the non-invasive mean blood pressure last measured in 08/2172?", missing(MEAN_THERE, on("2172"))),
    ("ward-heart", "What was the value of CK-MB measured on 11/03/2169?", nothing("Observation", "ck-mb|creatine")),
    ("ward-liver", "Tell me the minimum albumin of patient 10023886 in 04/2170.", peak(ALBUMIN_THERE, min, on("2170-04"))),
    ("ward-liver", "When was the first time since 12/2170 that the creatinine of the patient was 2.0 or lower?", passing(CREAT, "<=", 2.0, 0, since("2170-12"))),
    ("ward-liver", "Calculate the total amount of ceftriaxone administered on the hospital visit that began on 12/28/2170.", among(total_dose("ceftriaxone", stay(1)), counted(GIVEN, "ceftriaxone", 10, "g", "10 g", "10 gm"))),
    ("ward-liver", "What was the last heart rate charted on the SICU, and at what time?", among(value(PULSE_THERE), minute(PULSE_THERE))),
    ("ward-liver", "Count the different diagnoses that were made on the second hospital visit.", kinds_of("Condition", "", stay(1))),
    ("ward-liver", "How did the hemoglobin of patient 10023886 develop over the April 2170 stay?", course(HB_THERE, None, stay(0))),
    ("ward-liver", "Has the potassium of the patient been greater than 5.1 at any time since 2170?", ever(K, ">", 5.1, since("2170"))),
    ("ward-liver", "What was the ALT last measured on the hospital visit of March 2171?", missing(ALT_THERE, on("2171-03"))),
    ("ward-liver", "What dose of furosemide was prescribed together with spironolactone in March 2171?", nothing(DRUGS, "furosemide|lasix")),
    ("ward-sepsis", "When was the first time that the temperature of patient 10031207 was charted under 100 °F?", passing(FAHRENHEIT, "<", 100)),
    ("ward-sepsis", "Tell me the total volume of NaCl 0.9% infused on January 29, 2165.", poured(on("2165-01-29"), "nacl")),
    ("ward-sepsis", "Count the number of times that the patient has been given meropenem since 01/31/2165.", how_many(GIVEN, "meropenem", since("2165-01-31"))),
    ("ward-sepsis", "How many days passed from the laparoscopic cholecystectomy until the current hospital admission?", until_stay("Procedure", "cholecystectomy", -1)),
    ("ward-sepsis", "To which of the antibiotics tested was the E. coli of the urine culture of 01/27/2165 resistant?", what("Observation", "ampicillin", on("2165-01-27T21:50"))),
    ("ward-sepsis", "Has the patient been given any dose of piperacillin-tazobactam since 01/30/2165?", happened(GIVEN, "piperacillin", since("2165-01-30"))),
    ("ward-sepsis", "What was the total bilirubin last measured on the current hospital visit?", missing(BILI, stay(-1))),
    ("ward-sepsis", "What was the C-reactive protein on 01/28/2165?", nothing("Observation", "c-reactive|crp")),
    # -- as the published sets ask: generated charts
    ("emilee", "Tell me the highest LDL cholesterol measured for the patient and the date on which it was measured.", among(peak(c.LDL, max), peak_day(c.LDL, max))),
    ("emilee", "What was the change in systolic blood pressure from the first to the last value measured since 1993?", difference(c.TOP, -1, 0, since("1993"))),
    ("emilee", "When was the first time that amoxicillin / clavulanate was prescribed to the patient?", on_day(ORDER, "clavulanate", 0)),
    ("emilee", "On what date was the total cholesterol measured to be above 200 mg/dL?", passing(c.CHOLESTEROL, ">", 200)),
    ("rick", "What was the reason for the inpatient encounter of December 9, 1991?", said(VISIT, "inpatient", "chronic pain", window=on("1991-12-09"))),
    ("rick", "How many days passed between the first and the last wisdom tooth extraction?", spacing("Procedure", "wisdom", 0, -1)),
    ("rick", "List the medications that were prescribed on July 24, 1990.", what(ORDER, "", on("1990-07-24"))),
    ("benedict", "Calculate the mean body mass index of the patient over the years 2016 through 2018.", average(c.BMI, between("2016", "2018"))),
    ("vannessa", "What was the serum glucose of the patient in 2018?", missing(c.GLUCOSE)),
    ("mayte", "When was the first time since 2004 that the LDL cholesterol of the patient was above 130 mg/dL?", passing(c.LDL, ">", 130, 0, since("2004"))),
    ("eddie", "How many times since 1973 was the prostate described as enlarged on examination?", counted("Observation", "findings of prostate", 3)),
    ("eddie", "What was the digoxin level of the patient in 1978?", nothing("Observation", "digoxin")),
    ("tiera", "What is the lowest glucose on record, and on which date was it measured?", among(peak(c.GLUCOSE, min), peak_day(c.GLUCOSE, min))),
    ("tiera", "What hemoglobin A1c was measured in 2021?", missing(c.A1C, on("2021"))),
    ("antonina", "What was the age of the patient at the first complete blood count?", age_then(REPORT, "hemogram")),
    ("town-diabetic", "What was the change in HbA1c between 2014 and 2021?", compare(c.A1C, on("2021"), on("2014"))),
    ("town-diabetic", "What was the HDL cholesterol at the examination of June 2021?", missing(c.HDL)),
    # -- a clinician, in sentences and fragments
    ("maria-alvarez", "trigs: first and most recent pls", ends(c.TRIGLYCERIDES)),
    ("maria-alvarez", "When did her ACR peak, and how high was it?", among(peak_day(c.ACR, max), peak(c.ACR, max))),
    ("maria-alvarez", "The glucose of 68 she mentioned in June 2026 - what brought it on?", said(NOTE, "progress", "skipping dinner", "skipped dinner", "dinner", window=on("2026-06"))),
    ("maria-alvarez", "c-peptide", nothing("Observation", "c-peptide|peptide")),
    ("frank-delaney", "LAMA - which one is he on?", called("tiotropium", "tiotropium", "spiriva")),
    ("frank-delaney", "SpO2 at its wrost, and day", among(peak(c.SPO2, min), peak_day(c.SPO2, min))),
    ("frank-delaney", "blood gas pCO2?", nothing("Observation", "pco2|carbon dioxide|blood gas")),
    ("hien-nguyen", "lactate in ED, then the next day", ends(LACTATE_HERE)),
    ("hien-nguyen", "How many of the sputum smears for AFB had come back negative by the time he left the hospital?", figure(NOTE, "discharge", 2, None, "x2", "negative x2")),
    ("hien-nguyen", "off O2 by which hosp day", figure(NOTE, "discharge", 3, None, "day 3")),
    ("hien-nguyen", "legionella urine Ag", nothing(f"Observation {REPORT}", "legionella")),
    ("hien-nguyen", "Please summarise the June 2026 admission for his GP.", told(r"pneumonia", r"nodule")),
    ("denise-carter", "pain out of 10 last visit", figure(NOTE, "progress", 6, None, "6/10", "6 out of 10", window=on("2026-06"))),
    ("denise-carter", "Why did she ask for her tablets early in March 2026?", said(NOTE, "telephone", "dropped", "dropped tablets", "sink")),
    ("denise-carter", "sleep study - AHI", nothing(RESULT, "apnea|sleep|polysom")),
    ("dorothy-freeman", "phos jan 26 vs june 26", compare(PHOSPHATE, on("2026-06"), on("2026-01"))),
    ("dorothy-freeman", "K 5.3 - plan?", said(NOTE, "progress", "dietitian", "binder", window=on("2026-06"))),
    ("dorothy-freeman", "At what eGFR do we want her referred for transplant?", figure(NOTE, "progress", 20, None, "< 20", "<20", "under 20", "below 20", "egfr < 20", window=on("2026-06"))),
    ("dorothy-freeman", "serum mg?", nothing("Observation", "magnes")),
    ("tyrone-jackson", "hep C ab + date", among(said("Observation", "hepatitis c", "nonreactive", "non-reactive", "negative"), date("Observation", "hepatitis c"), what("Observation", "hepatitis c"))),
    ("tyrone-jackson", "toxo IgG", nothing("Observation", "toxo")),
    ("mateo-garcia", "sats on arrival in ED and after 3 h of treatment", together((c.SPO2, 0, on("2026-04-16")), (c.SPO2, 1, on("2026-04-16")))),
    ("mateo-garcia", "At what weight does he move up to the 0.3 mg EpiPen?", figure(NOTE, "progress", 25, "kg", "25 kg")),
    ("mateo-garcia", "peanut-specific IgE", nothing("Observation", "specific ige|peanut|immunoglobulin")),
    ("kwame-mensah", "seizure free for how long b4 June?", figure(NOTE, "consultation", 14, None, "14 months")),
    ("kwame-mensah", "What was the work letter of January 2026 about?", said(NOTE, "telephone", "night shift", "no night shifts")),
    ("kwame-mensah", "carbamazepine level?", nothing(f"Observation {DRUGS}", "carbamazepine")),
    ("kwame-mensah", "Summarise the neurology consultation of 18 June 2026.", told(r"seizure", r"miss|sleep", r"driv|keppra|levetiracetam")),
    ("crowd-4", "How has Mr Gupta's HbA1c developed since May 2024?", course(c.A1C)),
    ("crowd-4", "is last a1c < 7", checked(c.A1C, "<", 7)),
    ("crowd-4", "creat?", missing(c.CREATININE)),
    ("crowd-8", "Hb nadir + date", among(peak(c.HB, min), peak_day(c.HB, min))),
    ("crowd-8", "Which of his blood pressure tablets was started most recently?", called("amlodipine", "amlodipine")),
    ("made-bruno", "kg gained since hospital discharge in april", compare(c.WEIGHT, on("2026-06"), on("2026-04-05"))),
    ("made-bruno", "Could I have a short summary of his April 2026 stay?", told(r"kidney injury|aki\b", r"lisinopril|creatinine")),
    ("made-ada", "Which drug of hers is on hold, and what for?", in_state(ORDER, "methotrexate", "on-hold", "methotrexate", "liver")),
    ("made-ada", "glucose in feb, mmol", value(MOLAR_GLUCOSE, -1, on("2026-02"))),
    ("made-cleo", "cm grown, aug 24 to june 26", difference(c.HEIGHT, -1, 0)),
    ("made-cleo", "urine dip in feb?", nothing(f"Observation {REPORT}", "urin")),
    ("emilee", "Was she ever put on digoxin?", never(DRUGS, "digoxin")),
    ("tiera", "SpO2 on admission march 21", missing(c.SPO2)),
    # -- relatives, nurses, pharmacists, coders, auditors
    ("maria-alvarez", "Quality audit: was the care plan's target, HbA1c below 7.5 %, met at the visit of June 2026?", checked(c.A1C, "<", 7.5, on("2026-06"))),
    ("maria-alvarez", "Was a dilated retinal examination carried out within the twelve months before today?", happened(f"{REPORT} Procedure", "retinal", last_days(365))),
    ("maria-alvarez", "From which date is albuminuria coded?", date("Condition", "albuminuria")),
    ("maria-alvarez", "I'm her daughter: does the chart mention whether an interpreter was used at my mother's visit in July 2022?", among(true(NOTE, "progress", on("2022-07")), said(NOTE, "progress", "interpreter", window=on("2022-07")))),
    ("frank-delaney", "Pharmacy: how many prednisone courses has he been prescribed?", how_many(ORDER, "prednisone")),
    ("frank-delaney", "Is this COPD patient on a beta blocker, and who prescribed it?", among(said(ORDER, "propranolol", "castellano", "giulia castellano", "propranolol"), taking("propranolol"), what(ORDER, "propranolol"))),
    ("frank-delaney", "which shots has he had since 2022?", what(VACCINE, "", since("2022"))),
    ("frank-delaney", "When was his last COVID shot?", nothing(VACCINE, "covid|sars")),
    ("hien-nguyen", "For how many days was my husband an inpatient in June?", stay_length(-1)),
    ("hien-nguyen", "Which diagnoses were coded for the hospital admission of June 19, 2026?", what("Condition", "pneumonia|nodule")),
    ("denise-carter", "how long has she been on gabapentin", among(on_for("gabapentin"), date(ORDER, "gabapentin"))),
    ("denise-carter", "Audit: how many urine drug screens were done in 2024?", how_many(REPORT, "urine drug", on("2024"))),
    ("denise-carter", "Since when is sleep apnea on her problem list?", among(date("Condition", "apnea"), has("apnea"))),
    ("denise-carter", "What reaction did she have to codeine?", nothing(ALLERGY, "codeine")),
    ("dorothy-freeman", "Was the systolic blood pressure below 130 at any visit in 2026?", ever(c.TOP, "<", 130, on("2026"))),
    ("dorothy-freeman", "Which of her medicines is given only once every four weeks?", called("darbepoetin", "darbepoetin")),
    ("dorothy-freeman", "On what date was CKD stage 3b closed on the problem list?", ended("stage 3b")),
    ("dorothy-freeman", "What blood type is my mother?", nothing(f"Observation {REPORT}", "blood type|blood group|abo ")),
    ("tyrone-jackson", "Audit: has every viral load since 2020 been under 200 copies/mL?", every(VIRAL_LOAD, "<", 200, since("2020"))),
    ("tyrone-jackson", "Does he report taking any over-the-counter product that could bind his Biktarvy?", among(said(f"{SAID_BY_PATIENT} {NOTE}", "antacid|progress", "antacid", "calcium carbonate"), true(SAID_BY_PATIENT, "antacid"), what(SAID_BY_PATIENT, "antacid"))),
    ("tyrone-jackson", "date of last tetanus booster", nothing(VACCINE, "tetanus|tdap|td ")),
    ("mateo-garcia", "Which shots did Mateo get on his first birthday?", what(VACCINE, "", on("2020-02-10"))),
    ("mateo-garcia", "Did he receive a flu vaccine between August 2025 and today?", happened(VACCINE, "influenza", since("2025-08"))),
    ("mateo-garcia", "Billing: how many hours did the emergency visit of April 16, 2026 last?", hours("emergency", on("2026-04-16"))),
    ("kwame-mensah", "Apart from driving, what is my boyfriend not supposed to do?", said(NOTE, "consultation", "ladders", "no ladders", "swimming alone", "swim")),
    ("kwame-mensah", "Is the latest Keppra level within the 21-24 that is usual for him?", among(true("Observation", "levetiracetam", on("2026-06"), answer=False), value(KEPPRA))),
    ("linda-kaminski", "Audit: was the systolic pressure under 140 at her latest visit?", checked(c.TOP, "<", 140)),
    ("linda-kaminski", "Did she get her flu jab in May 2026?", in_state(VACCINE, "influenza", "not-done", answer=False)),
    ("nora-obrien", "How many active allergies and intolerances are recorded for her?", how_many(ALLERGY)),
    ("george-papadopoulos", "For how many days was George to take aspirin and Plavix together?", figure(NOTE, "discharge", 21, "d", "21 days")),
    ("george-papadopoulos", "Did my husband pass his swallow test before he left the hospital?", among(true(NOTE, "discharge"), said(NOTE, "discharge", "passed swallow"))),
    ("ward-heart", "Which diagnoses are coded for the stay that began on May 21, 2171?", what("Condition", "", stay(1))),
    ("ward-sepsis", "nurse: how much urine came through the Foley on January 30?", total(FOLEY, on("2165-01-30"))),
    ("ward-sepsis", "Pharmacist: which antibiotics have been ordered during this stay?", what(ORDER, "piperacillin|meropenem", stay(-1))),
    ("ward-sepsis", "Has my aunt's white count come down since she was admitted?", among(course(LEUKOCYTES, None, stay(-1)), true("Observation", "white blood", stay(-1)))),
    ("town-diabetic", "Was LDL cholesterol under 100 mg/dL at the latest annual visit?", checked(c.LDL, "<", 100)),
    ("benedict", "Besides the flu shots, which vaccines has my son had?", what(VACCINE, "hpv|mening")),
    ("rick", "What did the fracture care plan of 1987 tell him to do?", said("CarePlan", "fracture care", "rest", "recommendation to rest", "light exercise")),
    ("mayte", "Which vaccine other than the flu shot did my grandmother get?", what(VACCINE, "td (adult)")),
)
