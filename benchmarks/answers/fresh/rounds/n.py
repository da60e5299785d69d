"""A day's ordinary questions of clinicians of many kinds, by an outsider without a look at the engine."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, taking
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    average,
    compare,
    course,
    difference,
    ever,
    how_often,
    last_with_day,
    passing,
    peak,
    peak_day,
    value,
    values,
)
from benchmarks.answers.foreign.persons import age_then, in_stay, stay_length, visits
from benchmarks.answers.foreign.record import Record, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    date,
    happened,
    has,
    how_many,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import counted, in_state, ordered_amount, span
from benchmarks.answers.fresh.rounds.j import never, nothing
from benchmarks.answers.fresh.rounds.k import Thing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import reference


def never_but(kinds: str, words: str, seen: Thing) -> Oracle:
    """No, for it would be recorded and is not; what mentions it may be cited."""

    def oracle(r: Record) -> Gold:
        gold = never(kinds, words)(r)
        return Gold(gold.results, (), frozenset(reference(f) for f in r.pick(*seen)))

    return oracle


def called(words: str, *accepted: str) -> Oracle:
    """Which drug was ordered or given: its name in full, in short, or as the only item."""
    return among(what(f"{ORDER} {GIVEN}", words), said(f"{ORDER} {GIVEN}", words, *accepted))


def in_words(codes: str, *accepted: str) -> Oracle:
    """What the last observation of a name says."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Observation", codes)[-1]
        return golden(r, [Result("text", accepted)], [frozenset({reference(found)})])

    return oracle


# fmt: off
CREAT, LACTATE, FT4, CELSIUS = "50912", "50813", "3024-7", "8310-5"
VIRAL_LOAD, SPINE = "20447-9", "Lumbar spine bone density T-score"
ALLERGY, FAMILY, NOTE, REPORT = "AllergyIntolerance", "FamilyMemberHistory", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, and codes that the other rounds have no name for."""

ASKED = (
    # -- laboratory and vital signs
    ("james-whitfield", "LVEF at diagnosis versus on the repeat echo?", compare(c.EF, on("2026-02"), on("2025-05"))),
    ("james-whitfield", "lowest systolic on file and its date", among(peak(c.TOP, min), peak_day(c.TOP, min))),
    ("dorothy-freeman", "How far has the eGFR come down, first reading to latest?", among(difference(c.EGFR, -1, 0), course(c.EGFR, "falling"))),
    ("dorothy-freeman", "avg potassium of the last three bloods", average(c.POTASSIUM, last=3)),
    ("maria-alvarez", "HbA1c when glargine was started compared with the most recent one", compare(c.A1C, on("2026-06"), on("2025-09"))),
    ("maria-alvarez", "hba1c 2021", missing(c.A1C, on("2021"))),
    ("maria-alvarez", "B12 level, given the years on metformin?", nothing("Observation", "b12|cobalamin")),
    ("mateo-garcia", "How much weight did he put on between the 6-year and the 7-year check-up?", difference(c.WEIGHT, 10, 9)),
    ("mateo-garcia", "sats on arrival in the ED april 2026", value(c.SPO2, 0, on("2026-04-16"))),
    ("mateo-garcia", "specific IgE to peanut - value", nothing(f"Observation {REPORT}", "ige|immunoglobulin|peanut|allergen")),
    ("ruth-goldberg", "Spine T-score: 2024 against 2026", compare(SPINE, on("2026"), on("2024"))),
    ("ruth-goldberg", "Does she carry a BRCA mutation?", true(f"Observation {NOTE}", "brca|progress", answer=False)),
    ("frank-delaney", "total weight loss in kg since July 2024", difference(c.WEIGHT, -1, 0)),
    ("frank-delaney", "alpha-1 antitrypsin result", nothing("Observation", "antitrypsin")),
    ("hien-nguyen", "What was his highest temperature with the pneumonia?", peak(CELSIUS, max)),
    ("hien-nguyen", "urinary legionella antigen", nothing(f"Observation {REPORT}", "legionella")),
    ("denise-carter", "wieght trend since Jan 2024", course(c.WEIGHT, "rising")),
    ("george-papadopoulos", "most recent LDL with date pls", last_with_day(c.LDL)),
    ("george-papadopoulos", "What was his HbA1c after the stroke?", missing(c.A1C)),
    ("ingrid-sorensen", "highest TSH we have seen and when", among(peak(c.TSH, max), peak_day(c.TSH, max))),
    ("tyrone-jackson", "When did the viral load first come back under 50 copies?", passing(VIRAL_LOAD, "<", 50)),
    ("tyrone-jackson", "hep C antibody", in_words("hepatitis c", "nonreactive", "non-reactive", "negative")),
    ("linda-kaminski", "Has her systolic ever been below 140 with us?", ever(c.TOP, "<", 140)),
    ("crowd-0", "worst PHQ-9 score and the date of it", among(peak(c.PHQ, max), peak_day(c.PHQ, max))),
    ("crowd-0", "most recent haemoglobin?", value(c.HB)),
    ("crowd-2", "Has his A1c been above 9 at any time?", ever(c.A1C, ">", 9)),
    ("crowd-4", "range of the free T4 values", span(FT4)),
    ("crowd-4", "serum creatinine - needed for metformin dosing", missing(c.CREATININE)),
    ("crowd-10", "how many TSH results over 4.5", how_often(c.TSH, None, ">", 4.5)),
    ("made-ada", "highest potassium on record", peak(c.POTASSIUM, max)),
    ("made-bruno", "peak creatinine during the April 2026 AKI", peak(c.CREATININE, max, on("2026-04"))),
    ("made-bruno", "weight at the kidney follow-up in June compared with on arrival 2 April", compare(c.WEIGHT, on("2026-06"), on("2026-04-02"))),
    ("made-cleo", "how many cm has she grown between aug 2025 and june 2026", difference(c.HEIGHT, -1, 1)),
    ("ward-heart", "Peak creatinine of the 2171 admission?", peak(CREAT, max, stay(1))),
    ("ward-heart", "MRSA screen result", in_words("mrsa", "no growth", "negative")),
    ("ward-heart", "Was the staph aureus vancomycin sensitive?", true("Observation", "vancomycin")),
    ("ward-heart", "TSH this or any admission", nothing("Observation", "thyro|tsh")),
    ("ward-liver", "Which organism grew from the ascitic fluid?", said("Observation", "escherichia", "escherichia coli", "e. coli", "e coli")),
    ("ward-liver", "alpha-fetoprotein", nothing("Observation", "fetoprotein|afp")),
    ("ward-sepsis", "current lactate", value(LACTATE)),
    ("ward-sepsis", "Is the E. coli resistant to ceftriaxone?", true("Observation", "ceftriaxone")),
    ("town-diabetic", "last three HbA1c values", values(c.A1C, last=3)),
    ("sim-copd", "a1c on 13 May 2026", value(c.A1C, -1, on("2026-05-13"))),
    ("sim-copd", "BNP on the October 2025 admission", nothing("Observation", "natriuretic|bnp")),
    ("sim-prostate", "PSA - last result & date", last_with_day(c.PSA)),
    ("sim-prostate", "Gleason score?", nothing(f"Observation {REPORT}", "gleason")),
    ("visits-pressure", "average systolic over all visits", average(c.TOP)),
    ("vannessa", "growth in height between the 2019 and 2020 visits", difference(c.HEIGHT, -1, -2)),
    # -- drugs
    ("james-whitfield", "Still taking lisinopril?", taking("lisinopril")),
    ("james-whitfield", "What dose of digoxin is he taking?", nothing(f"{ORDER} MedicationStatement", "digoxin")),
    ("dorothy-freeman", "reason metformin was stopped", said(f"{ORDER} {NOTE}", "metformin|consultation", "egfr")),
    ("dorothy-freeman", "darbepoetin: dose and how often", among(ordered_amount("darbepoetin", 40, "mcg", "40 mcg"), said(ORDER, "darbepoetin", "every 4 weeks", "4 weeks"))),
    ("maria-alvarez", "How many units of Lantus is she on now?", ordered_amount("glargine", 18, "units", "18 units", window=since("2026"))),
    ("ruth-goldberg", "Did she get adjuvant chemotherapy?", true(NOTE, "consultation", answer=False)),
    ("frank-delaney", "Which inhalers is he currently prescribed?", what(ORDER, "inhaler", state="active")),
    ("denise-carter", "daily MME as written at the June 2026 visit", figure(NOTE, "progress", 60, None, "60 mme")),
    ("kwame-mensah", "Why was lamotrigine given up?", said(f"{ALLERGY} {ORDER}", "lamotrigine", "rash")),
    ("kwame-mensah", "what OTC sleep aid has he been using", said(f"MedicationStatement {NOTE}", "diphenhydramine|consultation", "diphenhydramine", "benadryl")),
    ("ingrid-sorensen", "levothyroxine went up to what in Nov 2022", ordered_amount("levothyroxine", 75, "mcg", "75 mcg", window=on("2022-11"))),
    ("tyrone-jackson", "Has a statin ever been prescribed?", never_but(ORDER, "statin", (NOTE, "progress"))),
    ("nora-obrien", "What antibiotic did she end up on for the sinusitis in May?", called("doxycycline", "doxycycline")),
    ("made-ada", "methotrexate on hold - why", in_state(ORDER, "methotrexate", "on-hold", "raised liver tests", "liver")),
    ("made-ada", "Does she take warfarin?", never_but(ORDER, "warfarin", (NOTE, "emergency"))),
    ("ward-sepsis", "how many doses of meropenem has she had so far", how_many(GIVEN, "meropenem")),
    ("sim-copd", "Which antiviral did she have for flu in April 2026?", called("oseltamivir", "oseltamivir")),
    ("sim-prostate", "date of last leuprorelin injection", date(f"{ORDER} {GIVEN}", "leuprorelin")),
    ("panel-diabetes", "which antidepressant is she on", called("sertraline", "sertraline")),
    ("mariana", "Current contraceptive?", called("errin", "errin", "norethindrone")),
    ("shin", "antibiotic given for the 2017 UTI", called("nitrofurantoin", "nitrofurantoin")),
    ("tiera", "name of the beta-blocker she takes", called("metoprolol", "metoprolol", "toprol")),
    # -- problems, procedures, encounters, imaging, vaccines, allergies
    ("james-whitfield", "Did the coronary angiogram show obstructive disease?", true(f"{REPORT} {NOTE} Condition", "coronary angiogram|discharge|heart failure", answer=False)),
    ("james-whitfield", "number of heart failure clinic appts since discharge in May 2025", how_many("Encounter", "follow-up", since("2025-05-23"))),
    ("james-whitfield", "pneumococcal vaccine - given? when", among(date("Immunization", "pneumococcal"), happened("Immunization", "pneumococcal"))),
    ("dorothy-freeman", "report of the vein mapping", nothing(f"{REPORT} Observation Procedure", "vein")),
    ("dorothy-freeman", "Has she had kidney injury from an NSAID before?", true(ALLERGY, "nsaid")),
    ("maria-alvarez", "after how many years is the colonoscopy to be repeated?", counted(REPORT, "colonoscopy", 10, "a", "10 years")),
    ("maria-alvarez", "flu shots on record, how many", how_many("Immunization", "influenza")),
    ("mateo-garcia", "Date of second MMR?", date("Immunization", "mmr", 1)),
    ("ruth-goldberg", "Sentinel nodes: how many involved out of how many taken?", said(f"{REPORT} {NOTE}", "surgical pathology|consultation", "1 of 3", "one of three", "1/3")),
    ("ruth-goldberg", "lymphoedema onset date", date("Condition", "lymphedema")),
    ("frank-delaney", "Did the pulmonary rehab referral go ahead?", in_state("ServiceRequest", "rehab", "revoked", answer=False)),
    ("hien-nguyen", "PE on the CTPA?", true(f"{REPORT} {NOTE}", "ct pulmonary|discharge", answer=False)),
    ("hien-nguyen", "length of stay for the pneumonia", stay_length(0)),
    ("hien-nguyen", "which result was still pending at discharge", said(f"{NOTE} {REPORT}", "discharge|acid-fast", "acid-fast", "afb", "acid fast")),
    ("denise-carter", "ibuprofen reaction?", said(ALLERGY, "ibuprofen", "gastric bleeding", "bleeding")),
    ("kwame-mensah", "ct head result", nothing(f"{REPORT} Procedure", "ct head|computed|ct ")),
    ("george-papadopoulos", "last seen on", date("Encounter", "")),
    ("ingrid-sorensen", "last cervical smear", date("Procedure", "cervical")),
    ("ingrid-sorensen", "Cologuard outcome", nothing(f"{REPORT} Observation", "cologuard|stool|colorectal|fit ")),
    ("tyrone-jackson", "third hep B dose given when", date("Immunization", "hepatitis b", 2)),
    ("tyrone-jackson", "HLA-B*5701 status", said(ALLERGY, "abacavir", "positive")),
    ("linda-kaminski", "Result of last Pap test?", nothing(f"{REPORT} Procedure Observation", "pap|cervical|cytolog")),
    ("linda-kaminski", "did she decline the influenza vaccine", in_state("Immunization", "influenza", "not-done", answer=True)),
    ("nora-obrien", "Is the sinusitis still an active problem?", has("sinusitis")),
    ("crowd-2", "how many clinic visits in 2025?", visits("AMB", on("2025"))),
    ("crowd-6", "flu vaccine last given", date("Immunization", "influenza")),
    ("made-ada", "Was a pulmonary embolism confirmed in March 2026?", among(in_state("Condition", "pulmonary embolism", "refuted", answer=False), true(f"{REPORT} {NOTE}", "ct pulmonary|emergency", answer=False))),
    ("made-ada", "codeine allergy - true?", in_state(ALLERGY, "codeine", "entered-in-error", answer=False)),
    ("made-ada", "last tetanus booster", date("Immunization", "tdap")),
    ("made-bruno", "Does he have prostate cancer?", in_state("Condition", "prostate", "entered-in-error", answer=False)),
    ("made-bruno", "ejection fraction on last echo", nothing(f"{REPORT} Observation Procedure", "echo|ejection")),
    ("made-cleo", "Does Cleo have asthma?", among(in_state("Condition", "asthma", "refuted", answer=False), true(NOTE, "progress", answer=False))),
    ("made-cleo", "outcome of hearing test", nothing(f"{REPORT} Observation", "audio|hearing")),
    ("ward-heart", "EF on the 2169 echo?", figure(REPORT, "echocardiogram", 35, "%", "35 percent", "35%", "35 %")),
    ("ward-liver", "Did she leave against medical advice last time?", in_stay(-1, True)),
    ("ward-liver", "number of abdominal paracenteses in total", how_many("Procedure", "drainage of peritoneal")),
    ("ward-sepsis", "Does she still have her gallbladder?", true(f"Procedure {REPORT}", "cholecystectomy|ct abd", answer=False)),
    ("ward-sepsis", "dialysis sessions so far this stay", how_many("Procedure", "urinary filtration")),
    ("town-child", "how old was he when he got the concussion", age_then("Condition", "concussion")),
    ("town-child", "most recent ER visit", date("Encounter", "emergency")),
    ("town-diabetic", "How many polyps were taken out at the 2020 colonoscopy?", counted(REPORT, "history and physical", 2, None, "two")),
    ("town-lung", "penicillin - what happened?", said(ALLERGY, "penicillin", "eruption of skin", "rash")),
    ("sim-copd", "How many days was she in for the COPD exacerbation?", stay_length(0)),
    ("sim-copd", "resus status, oct 2025 admission", said("Observation", "resuscitation", "not for resuscitation", "dnr", "dnar", window=on("2025-10"))),
    ("sim-diabetes", "was the flu vaccine given in January 2026?", in_state("Immunization", "influenza", "not-done", answer=False)),
    ("benedict", "Any food allergies?", among(happened(ALLERGY, "shellfish"), what(ALLERGY, "shellfish"), said(ALLERGY, "shellfish", "shellfish"))),
    ("devin", "age at diagnosis of hypertension", age_then("Condition", "hypertension")),
    ("mariana", "date she gave birth", date("Procedure", "childbirth")),
    ("vannessa", "HPV vaccines received, how many", how_many("Immunization", "hpv")),
    ("eddie", "How old was he at the time of the MI?", age_then("Condition", "myocardial infarction")),
    ("emilee", "heart failure - year of diagnosis", among(date("Condition", "heart failure"), said("Condition", "heart failure", "1999"))),
    ("mayte", "Is the ankle fracture still active?", has("ankle")),
    # -- notes, family, social history
    ("maria-alvarez", "Is her mother still living?", true(NOTE, "progress", on("2025-09"), answer=False)),
    ("mateo-garcia", "any smokers in the household?", true(NOTE, "progress", on("2026-04-21"), answer=False)),
    ("denise-carter", "is she using CPAP for the OSA?", true(f"Condition {NOTE}", "sleep apnea|progress", answer=False)),
    ("denise-carter", "units of alcohol per week", nothing("Observation", "alcohol|audit")),
    ("kwame-mensah", "how long must he not drive for", figure(NOTE, "consultation", 6, "mo", "6 months")),
    ("kwame-mensah", "Alcohol?", among(true(NOTE, "consultation", answer=False), said(NOTE, "consultation", "denies alcohol"))),
    ("george-papadopoulos", "Was AF picked up on telemetry?", true(NOTE, "discharge", answer=False)),
    ("ingrid-sorensen", "What explained the raised TSH in August 2025?", said(NOTE, "progress", "calcium", "caltrate", window=on("2025-08"))),
    ("tyrone-jackson", "partner's name for contact tracing", absent),
    ("linda-kaminski", "mum's age when colon cancer was found", counted(f"{FAMILY} {NOTE}", "mother|progress", 58, "a", "aged 58", "at 58")),
    ("crowd-0", "Smoking status?", said("Observation", "tobacco", "daily", "smokes tobacco daily", "smoker")),
    ("crowd-2", "suicidal thoughts at the June 2026 visit?", true(NOTE, "progress", on("2026-06-19"), answer=False)),
    ("made-bruno", "Was dialysis required for the AKI?", true(NOTE, "discharge", answer=False)),
    ("sim-copd", "family hx of stroke?", true(FAMILY, "mother")),
)
