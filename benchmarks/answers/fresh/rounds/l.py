"""Questions of patients, families, ward staff and coders in yet other words, by an outsider without a look at the engine."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, dose, poured
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
    total,
    value,
)
from benchmarks.answers.foreign.persons import stay_length
from benchmarks.answers.foreign.record import Record, Window, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    beside,
    date,
    days_between,
    happened,
    how_many,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import (
    both,
    counted,
    in_state,
    ordered_amount,
    requested,
)
from benchmarks.answers.fresh.rounds.j import never, nothing, spacing
from benchmarks.answers.fresh.rounds.k import total_dose
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import reference


def hours(words: str, window: Window, loose: float = 0.1) -> Oracle:
    """How long the only encounter of a name and period lasted."""

    def oracle(r: Record) -> Gold:
        (one,) = r.pick("Encounter", words, window)
        start, end = (dt.datetime.fromisoformat(one["period"][k]) for k in ("start", "end"))
        length = (end - start).total_seconds() / 3600
        must = [frozenset({reference(one)})]
        return golden(r, [Result("number", length, "h", loose)], must, beside(r, [one]))

    return oracle


def figure(
    kinds: str, words: str, number: float, unit: str | None, *accepted: str, window: Window | None = None
) -> Oracle:
    """A number read by hand in what matches of a period, or in words."""

    def oracle(r: Record) -> Gold:
        gold = said(kinds, words, *accepted, window=window)(r)
        return Gold((Result("number", float(number), unit), *gold.results), gold.must, gold.may)

    return oracle


def missing(codes: str, window: Window | None = None) -> Oracle:
    """No answer, once it is made sure that the period has no value."""

    def oracle(r: Record) -> Gold:
        if r.series(codes, window):
            raise LookupError(f"{r.slug} has {codes}")
        return absent(r)

    return oracle


# fmt: off
CREAT, K, HGB, LACTATE, BILI, GAP, PH = "50912", "50971", "51222", "50813", "50885", "50868", "50820"
PULSE_THERE, VOID, SODIUM_THERE, SYSTOLIC_THERE, CD4, PEAK_FLOW, CRP, INR = "220045", "226560", "50983", "220179", "24467-3", "33452-4", "1988-5", "51237"
ALLERGY, FAMILY, NOTE, REPORT = "AllergyIntolerance", "FamilyMemberHistory", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, and codes that the other rounds have no name for."""

ASKED = (
    # -- laboratory, vital signs, volumes
    ("ward-sepsis", "By how much has the anion gap changed from the first measurement of the current hospital stay to the most recent one?", difference(GAP, -1, 0, stay(-1))),
    ("ward-sepsis", "Could you tell me on how many occasions during this admission serum potassium came back under 3.3 mEq/L?", how_often(K, stay(-1), "<", 3.3)),
    ("ward-sepsis", "ph past 7.40 for the first time on ...?", passing(PH, ">", 7.40)),
    ("ward-sepsis", "creat she went home with in feb 2163", value(CREAT, -1, stay(0))),
    ("ward-sepsis", "NIBP: lowest top number since arriving in icu", peak(SYSTOLIC_THERE, min)),
    ("ward-sepsis", "tbili this admission?", missing(BILI, stay(-1))),
    ("ward-heart", "What was the mean heart rate charted on 05/25/2171?", average(PULSE_THERE, on("2171-05-25"))),
    ("ward-heart", "Out of the lactates drawn during the second hospitalization, how many exceeded 2 mmol/L?", how_often(LACTATE, stay(1), ">", 2)),
    ("ward-liver", "When did hemoglobin first reach at least 8 g/dL after the bleed?", passing(HGB, ">=", 8)),
    ("ward-liver", "total urine passed (voided) on 12 April 2170, in ml", total(VOID, on("2170-04-12"))),
    ("ward-liver", "day the na was at rock bottom", peak_day(SODIUM_THERE, min)),
    ("ward-liver", "ammonia level?", nothing("Observation", "ammonia")),
    ("james-whitfield", "weight noted on 9 june 2026", value(c.WEIGHT, -1, on("2026-06-09"))),
    ("james-whitfield", "BNP in May 2026 next to the June one", compare(c.BNP, on("2026-06"), on("2026-05"))),
    ("james-whitfield", "trop I on arrival in emergency, May 2025", value("10839-9", 0)),
    ("james-whitfield", "when did the K first get above 4.7", passing(c.POTASSIUM, ">", 4.7)),
    ("james-whitfield", "NT-proBNP please - not BNP", missing(c.PROBNP)),
    ("hien-nguyen", "resp rate: how many charted above 20", how_often(c.BREATHS, None, ">", 20)),
    ("hien-nguyen", "crp over the course of it all, going which way", course(CRP, "falling")),
    ("dorothy-freeman", "Has the phosphate ever been above 5?", ever("2777-1", ">", 5)),
    ("maria-alvarez", "albumin/creatinine in urine: first time > 30, which date", passing(c.ACR, ">", 30)),
    ("maria-alvarez", "egfr in february 2024", missing(c.EGFR, on("2024-02"))),
    ("ingrid-sorensen", "TSH under 4 for the first time since diagnosis - date?", passing(c.TSH, "<", 4)),
    ("ingrid-sorensen", "anti-TPO titre", nothing("Observation", "peroxidase|tpo|antibod")),
    ("mateo-garcia", "peak flow, ER versus the review 5 days after", difference(PEAK_FLOW, -1, 0)),
    ("tyrone-jackson", "cd4 nadir?", peak(CD4, min)),
    ("tyrone-jackson", "cd4 for 2023", missing(CD4, on("2023"))),
    ("crowd-2", "phq9s of fifteen or more - count", how_often(c.PHQ, None, ">=", 15)),
    ("made-bruno", "INR went over 3 when", passing("6301-6", ">", 3)),
    ("linda-kaminski", "bp at the second visit to us", pressure(1)),
    ("sim-prostate", "PSA result from June this year", missing(c.PSA, on("2026-06"))),
    ("devin", "worst ever diastolic was on", peak_day(c.LOW, max)),
    ("panel-diabetes", "urine microalbumin conc.", value("14957-5")),
    # -- drugs
    ("ward-sepsis", "How many units of insulin did the patient receive in total on or after 01/30/2165?", total_dose("insulin", since("2165-01-30"))),
    ("ward-sepsis", "D5W that ran in on Jan 31, vol", poured(on("2165-01-31"), "dextrose")),
    ("ward-sepsis", "what time was the last meropenem hung", date(GIVEN, "meropenem", minute=True)),
    ("ward-sepsis", "iv paracetamol - number of doses charted as given", how_many(GIVEN, "acetaminophen")),
    ("ward-sepsis", "Were any vasopressors ordered during the gallbladder admission of 2163?", never(f"{ORDER} {GIVEN}", "norepinephrine|vasopressin|epinephrine", stay(0))),
    ("ward-heart", "cefepime, grams in on 24 May 2171", total_dose("cefepime", on("2171-05-24"))),
    ("ward-heart", "At what rate was the norepinephrine drip ordered?", dose("norepinephrine")),
    ("ward-heart", "how often was the lopressor to be taken", said(ORDER, "metoprolol", "bid", "twice", "two times")),
    ("ward-heart", "warfarin strength on the August 2172 orders?", dose("warfarin", -1, stay(2))),
    ("ward-liver", "How many grams of albumin were ordered, and was it the 25% one?", dose("albumin")),
    ("ward-liver", "Name the beta blocker started after the banding.", what(ORDER, "nadolol")),
    ("ward-liver", "octreotide rate on the March 2171 stay?", dose("octreotide", -1, stay(2))),
    ("james-whitfield", "My husband was sent home on lisinopril and two weeks later you took him off it again. Nobody explained to me what the problem was - could you?", said(ORDER, "lisinopril", "cough")),
    ("james-whitfield", "who upped the furosemide this June", said(ORDER, "furosemide", "lindqvist", "åsa lindqvist", window=on("2026-06"))),
    ("frank-delaney", "steroid courses between july 2025 and now", how_many(ORDER, "prednisone", since("2025-07"))),
    ("nora-obrien", "doxy was for how many days", counted(ORDER, "doxycycline", 7, "d", "7 days")),
    ("nora-obrien", "epipen: adult or junior? strength pls", ordered_amount("epinephrine", 0.3, "mg", "0.3 mg")),
    ("nora-obrien", "which prescriber wrote the co-amoxiclav that had to be pulled", in_state(ORDER, "amoxicillin", "cancelled", "patel", "meera patel")),
    ("george-papadopoulos", "what does he take OTC for heartburn", among(what("MedicationStatement", "omeprazole"), said("MedicationStatement", "omeprazole", "omeprazole"))),
    ("dorothy-freeman", "how many refills does the losartan script allow", counted(ORDER, "losartan", 3, None, "3 refills", "3 repeats")),
    ("dorothy-freeman", "feso4 daily or less often?", said(ORDER, "ferrous", "every other day", "alternate days")),
    ("ruth-goldberg", "Why did I stop the duloxetine after it was given for my stiff joints?", said(ORDER, "duloxetine", "nausea")),
    ("ruth-goldberg", "tamoxifen start date", nothing(ORDER, "tamoxifen")),
    ("mateo-garcia", "prednisolone liquid: mL per dose", figure(ORDER, "prednisolone", 8, "mL", "8 ml")),
    ("denise-carter", "who put her on ativan in the first place", said(ORDER, "lorazepam", "nwosu", "adaeze nwosu")),
    ("crowd-6", "ACE inhibitor AND sartan on the go at once?", both(ORDER, "lisinopril", "losartan", state="active")),
    ("made-cleo", "cefdinir never dispensed - reason", in_state(ORDER, "cefdinir", "cancelled", "amoxicillin preferred")),
    ("made-bruno", "warfarin swapped for what?", said(ORDER, "warfarin|apixaban", "apixaban", "changed to apixaban")),
    ("rick", "opioid scripts during 1992 - how many", how_many(ORDER, "oxycodone|hydrocodone", on("1992"))),
    ("devin", "vit b12 injections began on what date", date(ORDER, "vitamin b 12", 0)),
    ("jonathon", "antibiotics for either chest infection?", never(ORDER, "cillin|mycin|cycline|cef|floxacin")),
    # -- problems, procedures, encounters, imaging, vaccines, allergies, devices
    ("ward-sepsis", "Is there anything drainable on the CT of the belly?", true(REPORT, "ct abd", answer=False)),
    ("ward-sepsis", "which kidney is hydronephrotic", said(REPORT, "ct abd", "right", "mild right hydronephrosis")),
    ("ward-sepsis", "hrs she spent in A&E before going up", hours("class=emer", on("2165-01-27"))),
    ("ward-heart", "gap between the two pleural taps, days", spacing("Procedure", "thoracentesis", 0, 1)),
    ("ward-heart", "LVEF on the 2172 echo", nothing(REPORT, "echo", since("2172"))),
    ("james-whitfield", "LV internal diameter in diastole on the later TTE (cm)", figure(REPORT, "echocardiogram", 6, "cm", "6.0", "6 cm", window=on("2026-02"))),
    ("james-whitfield", "ICD in situ?", never("Procedure Device", "defibrillator|icd|implant")),
    ("frank-delaney", "doxycycline reaction, what kind", said(ALLERGY, "doxycycline", "photosensitive", "photosensitive rash")),
    ("frank-delaney", "has he ever had a low-dose CT for lung screening", true(NOTE, "progress", on("2026-05-31"), answer=False)),
    ("frank-delaney", "DLCO", nothing(f"Observation {REPORT}", "dlco|diffusing|transfer factor")),
    ("george-papadopoulos", "stroke to endarterectomy: number of days", days_between(("Condition", "ischemic stroke"), ("Procedure", "endarterectomy"))),
    ("nora-obrien", "shellfish allergy severity", said(ALLERGY, "shellfish", "moderate")),
    ("nora-obrien", "result of the penicillin skin test at the allergist's", nothing(f"{REPORT} Observation Procedure", "penicillin|skin test|allerg")),
    ("hien-nguyen", "f/u CT chest due when", among(requested("ct chest"), said(NOTE, "discharge", "6-12 weeks"))),
    ("maria-alvarez", "R eye visual acuity at the last retinal exam", said(REPORT, "retinal", "20/25", window=on("2025-05"))),
    ("maria-alvarez", "did anyone look in the back of her eyes during 2024", happened(f"{REPORT} Procedure", "retinal", on("2024"))),
    ("dorothy-freeman", "date of hep B jab no 3", nothing("Immunization", "hepatitis b", since("2025-10-24"))),
    ("ruth-goldberg", "nights in hospital for the mastectomy", stay_length(0)),
    ("ruth-goldberg", "lumbar T score, newest DXA", figure(REPORT, "dxa", -2.7, None, "-2.7", window=on("2026"))),
    ("ruth-goldberg", "BI-RADS of the LEFT breast, Oct 2025", absent),
    ("mateo-garcia", "2nd rotavirus dose given on", date("Immunization", "rotavirus", 1)),
    ("kwame-mensah", "video-EEG findings", nothing(REPORT, "video")),
    ("made-bruno", "kidney USS result", nothing(f"{REPORT} Observation", "renal|ultrasound")),
    ("made-cleo", "why no flu vaccine last October", in_state("Immunization", "influenza", "not-done", "out of stock")),
    ("town-child", "How long was he in the emergency department with his asthma in April 2019?", hours("emergency room", on("2019-04-13"))),
    ("jonathon", "shingles jab number two, date", date("Immunization", "zoster", 1)),
    ("vannessa", "what grew on the throat swab of July 2016", nothing("Observation", "throat|culture|strep")),
    ("rick", "no. of wisdom teeth extractions", how_many("Procedure", "wisdom tooth")),
    ("mayte", "ankle # - left or right?", absent),
    ("panel-diabetes", "what happens to her on penicillin", absent),
    ("town-lung", "litres a minute on the oxygen mask?", nothing("Observation", "oxygen|flow")),
    ("sim-copd", "How was the oxygen delivered on the Oct-Nov 2025 admission?", said("Procedure", "oxygen therapy", "nasal cannula", window=on("2025-10"))),
    ("sim-diabetes", "severity put down for the sulfa reaction", said(ALLERGY, "sulfonamide", "moderate")),
    ("sim-prostate", "zoster vaccine went into which arm", said("Immunization", "zoster", "left deltoid", "left")),
    # -- notes, person, family, social history
    ("james-whitfield", "How old was my father-in-law when he died of his heart? The doctors wrote it down in the emergency room.", among(counted(FAMILY, "father", 55, "a", "55"), counted(NOTE, "emergency", 55, "a", "55"))),
    ("james-whitfield", "no. of pillows at first presentation", counted(NOTE, "emergency", 4, None, "4 pillows")),
    ("kwame-mensah", "My son saw the neurologist after the seizure in June. Apart from the driving, there were two more things he was told to keep away from and neither of us wrote them down. What were they?", said(NOTE, "consultation", "ladders", "no ladders", "swimming alone", "no swimming")),
    ("george-papadopoulos", "I am George's wife. In the emergency room I told them about the numb right hand he had had the month before - how many minutes did I say it had gone on for?", counted(NOTE, "emergency", 10, "min", "10 minutes")),
    ("hien-nguyen", "years since he came over from Vietnam", counted(NOTE, "emergency", 20, "a", "20 years")),
    ("maria-alvarez", "what change at work got her snacking at night", said(NOTE, "progress", "evening shifts", "changing to evening shifts", window=on("2023-10"))),
    ("ruth-goldberg", "drain came out post-op day?", figure(NOTE, "consultation", 9, None, "day 9")),
    ("denise-carter", "what had become of the tablets when she rang asking for more", said(NOTE, "telephone", "dropped", "in the sink", "sink")),
    ("linda-kaminski", "no. of jobs she is holding down", counted(NOTE, "progress", 2, None, "two jobs")),
    ("frank-delaney", "did he agree to go to the ER in May 2026?", true(NOTE, "progress", on("2026-05-16"), answer=False)),
    ("george-papadopoulos", "walking aid?", said(NOTE, "progress", "cane")),
    ("nora-obrien", "allergic to aspirin then?", true(NOTE, "progress", answer=False)),
    ("hien-nguyen", "discharge letter: off O2 by which day", figure(NOTE, "discharge", 3, None, "day 3")),
    ("maria-alvarez", "lowest home glucose she mentioned in june", figure(NOTE, "progress", 68, None, "68", window=on("2026-06"))),
    ("dorothy-freeman", "I am asking for my mother: who in the family would be a candidate to give her a kidney, according to the last clinic note?", said(NOTE, "progress", "daughter", "her daughter")),
    ("ruth-goldberg", "Ki67 %", figure(f"{REPORT} {NOTE}", "surgical pathology|consultation", 14, "%", "14 %", "14%")),
    ("ingrid-sorensen", "thyroid problem on the mother's side = ?", said(f"{FAMILY} {NOTE}", "mother|progress", "hashimoto", "hashimoto's", "hashimoto thyroiditis")),
    ("mateo-garcia", "any animals at home", said(NOTE, "emergency|progress", "cat", "sleeps with the cat")),
    ("mateo-garcia", "at what weight does he need the bigger epipen", figure(NOTE, "progress", 25, "kg", "25 kg")),
    ("kwame-mensah", "what was the January letter to his employer about", said(NOTE, "telephone", "no night shifts", "night shifts")),
    ("denise-carter", "cpap pressure setting", nothing("Observation Device Procedure", "cpap|pressure setting")),
    ("denise-carter", "ready to give up cigs?", true(NOTE, "progress", answer=False)),
    ("linda-kaminski", "mother died aged", counted(FAMILY, "mother", 61, "a", "61")),
    ("linda-kaminski", "list of drug allergies", nothing(ALLERGY, "")),
    ("made-bruno", "wants the hernia repaired?", true(NOTE, "discharge", answer=False)),
    ("made-cleo", "L eye vision at the school medical", said(NOTE, "progress", "20/30", window=on("2026-06"))),
    ("sim-prostate", "blood group and rhesus", said("Observation", "abo|rh blood", "blood group a", "rh positive", "group a", "a+")),
    ("tyrone-jackson", "antacids: how far apart from biktarvy", figure(NOTE, "progress", 2, "h", "2 h")),
)
