"""As the authors of published sets and working clinicians type, written by an outsider without a look at the engine."""

from __future__ import annotations

import datetime as dt

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, current, dose, poured, reason, route
from benchmarks.answers.foreign.measured import (
    NOTHING,
    Oracle,
    among,
    average,
    course,
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
    values,
)
from benchmarks.answers.foreign.persons import age, age_then, in_stay, of_stay, visits
from benchmarks.answers.foreign.record import Record, Window, before, between, last_hours, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    beside,
    date,
    days_between,
    happened,
    how_many,
    kinds_of,
    lasted,
    repeated,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import (
    counted,
    gap,
    in_state,
    no,
    ordered_amount,
    requested,
    span,
)
from benchmarks.answers.gold import Gold, Pair, Result, Trend
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.oracle import reference


def nothing(kinds: str, words: str, window: Window | None = None) -> Oracle:
    """No answer, once it is made sure that nothing of the name is there."""

    def oracle(r: Record) -> Gold:
        if r.pick(kinds, words, window):
            raise LookupError(f"{r.slug} has {words}")
        return NOTHING

    return oracle


def never(kinds: str, words: str, window: Window | None = None) -> Oracle:
    """No, for it would be recorded and is not."""

    def oracle(r: Record) -> Gold:
        nothing(kinds, words, window)(r)
        return no(r)

    return oracle


def lower(codes: str, late: int, early: int, window: Window | None = None) -> Oracle:
    """Whether one value of a period is lower than another; both beside each other serve too."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        a, b = points[late], points[early]
        results = [
            Result("boolean", a.value < b.value),
            Result("comparison", Pair(a.value, b.value)),
            Result("trend", Trend(b.value, a.value)),
        ]
        return golden(r, results, [refs([a]), refs([b])], refs(points))

    return oracle


def charged(window: Window) -> Oracle:
    """The sum of the claims of a period."""

    def oracle(r: Record) -> Gold:
        found = r.pick("Claim", "", window)
        amount = round(sum(f["total"]["value"] for f in found), 2)
        results = [Result("number", amount, "USD"), Result("text", (f"{amount:.2f}",))]
        bills = {reference(x) for x in r.pick("ExplanationOfBenefit", "", window)}
        return golden(r, results, [frozenset({reference(f)}) for f in found], bills | beside(r, found))

    return oracle


def spacing(kinds: str, words: str, early: int, late: int) -> Oracle:
    """Days between two of a thing by position."""

    def oracle(r: Record) -> Gold:
        pair = [r.pick(kinds, words)[i] for i in (early, late)]
        start, end = (dt.date.fromisoformat(r.dated(f)[:10]) for f in pair)
        must = [frozenset({reference(f)}) for f in pair]
        return golden(r, [Result("number", float((end - start).days), "d", 1)], must, beside(r, pair))

    return oracle


def since_discharge(r: Record) -> Gold:
    found = r.stays[-1]
    days = (r.today - dt.date.fromisoformat(found["period"]["end"][:10])).days
    return golden(r, [Result("number", float(days), "d", 1)], [frozenset({reference(found)})])


def mrn(r: Record) -> Gold:
    """The hospital's number of the patient."""
    (known,) = [i["value"] for i in r.patient["identifier"] if "mrn" in i["system"]]
    return golden(r, [Result("text", (known.lower(),))], [frozenset({reference(r.patient)})])


# fmt: off
K, MG, HGB, NA, PLT, INR, BILI, PROBNP = "50971", "50960", "51222", "50983", "51265", "51237", "50885", "50963"
CRP, PH, TSAT, TROPONIN, FOLEY = "1988-5", "2744-1", "2502-3", "51003", "226559"
VIRAL_LOAD, KEPPRA = "20447-9", "Levetiracetam level"
ALLERGY, FAMILY, NOTE, REPORT = "AllergyIntolerance", "FamilyMemberHistory", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, and codes that the other rounds have no name for."""

ASKED = (
    # -- in the manner of published sets: the wards
    ("ward-heart", "What was the last measured value of hemoglobin during the last hospital visit?", value(HGB, -1, stay(-1))),
    ("ward-heart", "Was the second value of potassium measured on the last hospital visit lower than the first one?", lower(K, 1, 0, stay(-1))),
    ("ward-heart", "How many times did the patient receive cefepime since 05/23/2171?", how_many(GIVEN, "cefepime", since("2171-05-23"))),
    ("ward-heart", "Has patient 10017341 been prescribed furosemide in this month?", happened(ORDER, "furosemide", on("2172-08"))),
    ("ward-heart", "Which drug was prescribed twice to the patient since 2169?", repeated(ORDER, 2, since("2169"))),
    ("ward-heart", "When was the first time that aspirin was ordered in the last hospital visit?", date(ORDER, "aspirin", 0, stay(-1))),
    ("ward-heart", "What is the difference between the last and the second to last ntprobnp value?", difference(PROBNP, -1, -2)),
    ("ward-heart", "What was the minimum of magnesium between May 25 and May 30, 2171?", peak(MG, min, between("2171-05-25", "2171-05-30"))),
    ("ward-heart", "list the microbiology tests performed on 05/22/2171", among(what("Observation", "culture|mrsa screen", on("2171-05-22")), what("Observation", "culture|mrsa screen|staph aureus|clindamycin|oxacillin|vancomycin", on("2171-05-22")))),
    ("ward-heart", "count the different drugs ordered during the 2171 stay", kinds_of(ORDER, "", stay(1))),
    ("ward-heart", "sum of the foley output on 05/26/2171?", total(FOLEY, on("2171-05-26"))),
    ("ward-sepsis", "What’s the most recent magnesium level within the last 24 hours, in mg/dL? Answer -1 if none is available.", value(MG, -1, last_hours(24))),
    ("ward-sepsis", "mean glucose value over the past 24 hours for this patient", average("50931", last_hours(24))),
    ("ward-sepsis", "Did the patient get piperacillin-tazobactam on 01/28/2165?", happened(GIVEN, "piperacillin", on("2165-01-28"))),
    ("ward-sepsis", "On what date was meropenem administered for the first time?", date(GIVEN, "meropenem", 0)),
    ("ward-sepsis", "How many times has insulin been administered since January 30, 2165?", how_many(GIVEN, "insulin", since("2165-01-30"))),
    ("ward-sepsis", "what volume of nacl 0.9% went in on 01/29/2165", poured(on("2165-01-29"), "nacl")),
    ("ward-sepsis", "On this stay, when did the platelet count pass 150 for the first time?", passing(PLT, ">", 150, 0, stay(-1))),
    ("ward-sepsis", "what is the name of the drug that was ordered most recently", what(ORDER, last=True)),
    ("ward-sepsis", "how many days after admission of the current stay was dialysis first performed?", days_between(("Encounter", "class=imp"), ("Procedure", "urinary filtration"), stay(-1))),
    ("ward-liver", "What was the first measured value of sodium in the last hospital visit of patient 10023886?", value(NA, 0, stay(-1))),
    ("ward-liver", "number of diagnostic peritoneal drainages the patient has undergone?", how_many("Procedure", "percutaneous approach, diagnostic")),
    ("ward-liver", "Is the total bilirubin last measured on the second hospital visit less than the first value of that visit?", lower(BILI, -1, 0, stay(1))),
    ("ward-liver", "what was the dose of octreotide that patient 10023886 was prescribed?", dose("octreotide")),
    ("ward-liver", "when was rifaximin last prescribed", date(ORDER, "rifaximin")),
    ("ward-liver", "By which route was rifaximin ordered?", route("rifaximin")),
    ("ward-liver", "Was the escherichia coli of December 2170 susceptible to ciprofloxacin?", true("Observation", "ciprofloxacin", answer=False)),
    ("ward-liver", "how many days have passed since the patient was last discharged from hospital?", since_discharge),
    ("ward-liver", "the maximum INR in 12/2170", peak(INR, max, on("2170-12"))),
    ("ward-liver", "Was hyponatremia diagnosed during the last hospital visit?", happened("Condition", "hyponatremia", stay(-1))),
    ("ward-liver", "Did the patient leave against medical advice in March 2171?", in_stay(2, True)),
    # -- in the manner of published sets: other people's records
    ("sim-copd", "What’s the last HbA1C value in the chart and when was it recorded?", last_with_day(c.A1C)),
    ("sim-copd", "lowest arterial pH ever measured", peak(PH, min)),
    ("sim-copd", "C-reactive protein on 04/07/2026?", value(CRP, -1, on("2026-04-07"))),
    ("sim-copd", "How many emergency visits has the patient had in 2026?", visits("EMER", on("2026"))),
    ("sim-copd", "By how much does the last body weight differ from the one before?", difference(c.WEIGHT, -1, -2)),
    ("sim-copd", "What was the patient's resuscitation status on the 2025 admission?", said("Observation", "resuscitation status", "not for resuscitation", window=on("2025"))),
    ("sim-diabetes", "How often has amlodipine been prescribed this year?", how_many(ORDER, "amlodipine", on("2026"))),
    ("sim-diabetes", "Minimum HbA1c since October 2025?", peak(c.A1C, min, since("2025-10"))),
    ("sim-diabetes", "Count the AST results above 40 U/L.", how_often(c.AST, None, ">", 40)),
    ("sim-diabetes", "Which medication was ordered at the emergency visit in April 2026?", what(ORDER, "", on("2026-04"))),
    ("sim-diabetes", "What is the reason that no influenza vaccination took place in January 2026?", in_state("Immunization", "influenza", "not-done", "patient refused", "patient objection", "refused")),
    ("sim-prostate", "How many leuprorelin injections has the patient received since the beginning of 2026?", among(how_many(GIVEN, "leuprorelin", since("2026")), how_many(ORDER, "leuprorelin", since("2026")))),
    ("sim-prostate", "Number of days between the two most recent leuprolide orders", spacing(ORDER, "leuprorelin", -2, -1)),
    ("sim-prostate", "What’s the MRN of the patient with name Matthew Green and DOB of 1945-10-12?", mrn),
    ("town-lung", "What is the patient’s age in years?", age()),
    ("town-lung", "How many sessions of combined chemotherapy and radiation did the patient undergo?", how_many("Procedure", "combined chemotherapy")),
    ("town-lung", "What was the last hemoglobin before the lung cancer was diagnosed?", value(c.HB, -1, before("2016-08-09"))),
    ("town-lung", "How many days lie between the cancer diagnosis and the first chemotherapy?", days_between(("Condition", "carcinoma of lung"), ("Procedure", "combined chemotherapy"))),
    ("town-diabetic", "average hba1c from 2015 to 2018", average(c.A1C, between("2015", "2018"))),
    ("town-diabetic", "What was the patient charged in 2020 in total?", charged(on("2020"))),
    ("town-diabetic", "When was the total cholesterol over 200 for the first time?", passing(c.CHOLESTEROL, ">", 200)),
    ("town-child", "What did the emergency visit on 05/29/2021 cost?", charged(on("2021-05-29"))),
    ("town-child", "How many vaccines were administered on October 10, 2015?", how_many("Immunization", "", on("2015-10-10"))),
    ("town-child", "Which condition was the amoxicillin prescribed for?", reason("amoxicillin", "otitis media")),
    ("panel-diabetes", "Please list every medication that is currently active.", current()),
    ("panel-diabetes", "latest hematocrit in percent", value(c.HCT)),
    ("visits-pressure", "How many ambulatory visits took place in 2025?", visits("AMB", on("2025"))),
    ("visits-pressure", "Averaged over the three most recent measurements, what is the patient's systolic pressure?", average(c.TOP, None, 3)),
    ("maria-alvarez", "What’s the patient’s medical record number?", mrn),
    # -- clinicians: diabetes clinic, nephrology
    ("maria-alvarez", "a1c drop since lantus started", among(difference(c.A1C, -1, -3), course(c.A1C, None, since("2025-09-23")))),
    ("maria-alvarez", "uACR peak, which date?", among(peak_day(c.ACR, max), peak(c.ACR, max))),
    ("maria-alvarez", "how long did the thrush on the SGLT2 go on for", lasted("candidiasis")),
    ("maria-alvarez", "Why not a GLP-1 back in Sept 25?", said(NOTE, "progress", "not covered", window=on("2025-09"))),
    ("maria-alvarez", "father's CVA - how old was he then?", counted(FAMILY, "father", 71, "a")),
    ("dorothy-freeman", "K over 5.0, how many times so far?", how_often(c.POTASSIUM, None, ">", 5.0)),
    ("dorothy-freeman", "tsat before / after the iron", difference(TSAT, -1, 0)),
    ("dorothy-freeman", "metformin came off because of ...?", said(ORDER, "metformin", "egfr below 30")),
    ("dorothy-freeman", "aranesp dose + interval", among(ordered_amount("darbepoetin", 40, "ug", "40 mcg", "every 4 weeks"), what(ORDER, "darbepoetin"))),
    ("dorothy-freeman", "which arm are we saving for the fistula", said("ServiceRequest", "vein mapping", "left")),
    ("dorothy-freeman", "how long was she a 3b before she tipped into 4?", lasted("stage 3b")),
    ("town-diabetic", "lowest A1c in her 60s", peak(c.A1C, min, since("2018-06-11"))),
    # -- clinicians: chest clinic, pain clinic pharmacist
    ("frank-delaney", "sats over the last 3 visits", among(values(c.SPO2, None, 3), course(c.SPO2, None, since("2025-12")))),
    ("frank-delaney", "kg gone since Aug 2025", difference(c.WEIGHT, -1, 0, since("2025-08"))),
    ("frank-delaney", "what's he on for the tremmor and how often", among(what(ORDER, "propranolol"), said(ORDER, "propranolol", "twice daily"))),
    ("frank-delaney", "pulm rehab referral - what's its status", said("ServiceRequest", "rehabilitation", "revoked")),
    ("frank-delaney", "did the May film show a mass", true(REPORT, "chest x-ray", answer=False)),
    ("denise-carter", "current MME per day?", counted(NOTE, "progress", 60, None, "60 mme")),
    ("denise-carter", "Date she rang for the early refill", date(NOTE, "telephone")),
    ("denise-carter", "ibuprofen: what happened", said(ALLERGY, "ibuprofen", "gastric bleeding")),
    ("crowd-10", "bp last winter?", pressure(-1, between("2025-12", "2026-02"))),
    # -- clinicians: neurology, stroke
    ("kwame-mensah", "keppra level after the seizure in June", value(KEPPRA, -1, on("2026-06"))),
    ("kwame-mensah", "why was lamotrigine binned", said(ORDER, "lamotrigine", "rash")),
    ("kwame-mensah", "days from lamotrigine start to LEV start", days_between((ORDER, "lamotrigine"), (ORDER, "levetiracetam"))),
    ("kwame-mensah", "what did his EEG turn up", said(REPORT, "eeg", "right temporal sharp")),
    ("kwame-mensah", "how many months off the road after the June fit", counted(NOTE, "consultation", 6, "mo", "6 months")),
    ("kwame-mensah", "vEEG booked for", requested("video-eeg")),
    ("george-papadopoulos", "NIHSS at the door", counted(NOTE, "emergency", 8, None, "nihss 8")),
    ("george-papadopoulos", "R ICA stenosis on duplex?", said(REPORT, "carotid", "under 50", "right under 50")),
    ("george-papadopoulos", "DAPT for how many days", counted(ORDER, "aspirin", 21, "d", "21 days")),
    ("george-papadopoulos", "dispo after the stroke admission pls", of_stay(0, "inpatient rehabilitation")),
    ("george-papadopoulos", "any AF on tele during the stay?", true(NOTE, "discharge", answer=False)),
    # -- clinicians: heart failure nurse, ward round
    ("james-whitfield", "BNP nadir and the date of it", among(peak(c.BNP, min), peak_day(c.BNP, min))),
    ("james-whitfield", "every Entresto strength he's had", what(ORDER, "sacubitril")),
    ("james-whitfield", "once daily lasix 40 was changed why?", said(ORDER, "furosemide", "weight gain", window=on("2025-10"))),
    ("james-whitfield", "conduction on the ECG?", said(REPORT, "ecg", "left bundle branch block")),
    ("james-whitfield", "peak K since spiro went on", peak(c.POTASSIUM, max, since("2025-08-04"))),
    ("james-whitfield", "radial or femoral for the angio?", said("Procedure", "coronary angiography", "right radial", "radial")),
    ("hien-nguyen", "RA sats at the front door", value(c.SPO2, 0)),
    ("hien-nguyen", "Na back to 135 or more by dischage?", ever(c.SODIUM, ">=", 135, on("2026-06-22"))),
    ("hien-nguyen", "fever for how many days before he presented", counted(NOTE, "emergency", 4, "d", "4 days")),
    ("ward-sepsis", "uop from the foley so far today", total(FOLEY, on("2165-02-01"))),
    ("ward-heart", "Mg dropping through the 2171 stay? first and last", course(MG, None, stay(1))),
    ("ward-liver", "hb on arrival with the bleed and at discharge", difference(HGB, -1, 0, stay(0))),
    # -- clinicians: breast clinic, HIV, GP, thyroid, paediatrics
    ("ruth-goldberg", "closest margin in mm on the mastectomy specimen", counted(REPORT, "pathology", 9, "mm", "9 mm")),
    ("town-lung", "wt before the chemo and since", difference(c.WEIGHT, -1, -2)),
    ("ruth-goldberg", "how old was she at the change", counted(NOTE, "consultation", 52, "a", "since 52", "52")),
    ("tyrone-jackson", "first VL under 200 copies: when", passing(VIRAL_LOAD, "<", 200)),
    ("tyrone-jackson", "how old was he when HIV was diagnosed", age_then("Condition", "hiv")),
    ("linda-kaminski", "BP at the very first visit here", pressure(0)),
    ("linda-kaminski", "why did both referrals fall through", said(NOTE, "progress", "time off", "lack of time off")),
    ("ingrid-sorensen", "days from the TSH of 6.8 to the next one", gap(c.TSH, -3, -2)),
    ("nora-obrien", "what age was the ICU penicillin episode", counted(NOTE, "telephone", 31, "a", "age 31", "31")),
    ("mateo-garcia", "flu jabs since birth - total", how_many("Immunization", "influenza")),
    ("made-bruno", "hernia: which side", said(NOTE, "discharge", "left")),
    ("made-bruno", "torsemide on hold - how come?", said(ORDER, "torsemide", "dizzy")),
    ("made-cleo", "after the whooping cough contact she got ... ?", what(ORDER, "azithromycin")),
    ("made-ada", "rivaroxaban never dispensed, reason?", in_state(ORDER, "rivaroxaban", "cancelled", "scan showed no embolism", "no embolism")),
    ("crowd-4", "A1c, best and worst", span(c.A1C)),
    ("crowd-8", "first Hb with an 11 in front: date", passing(c.HB, "<", 12)),
    # -- not in the record
    ("dorothy-freeman", "father's kidney disease - what age?", nothing(FAMILY, "father")),
    ("dorothy-freeman", "what did the renal biopsy show", nothing(f"{REPORT} Procedure", "biopsy")),
    ("frank-delaney", "CT chest findings?", nothing(f"{REPORT} ImagingStudy Procedure", "ct ")),
    ("frank-delaney", "on roflumilast?", never(ORDER, "roflumilast")),
    ("frank-delaney", "RSV vaccine had?", never("Immunization", "rsv|syncytial")),
    ("denise-carter", "MRI cervical spine result", nothing(REPORT, "cervical|c-spine")),
    ("denise-carter", "ever on methadone or buprenorphine?", never(ORDER, "methadone|buprenorphine")),
    ("kwame-mensah", "valproate level", nothing("Observation", "valpro")),
    ("george-papadopoulos", "R-sided CEA done as well?", never("Procedure", "right carotid")),
    ("george-papadopoulos", "LVEF on the stroke work-up echo", nothing(f"{REPORT} Observation", "echo|ejection")),
    ("james-whitfield", "late gadolinium on the cardiac MRI?", nothing(REPORT, "mri")),
    ("james-whitfield", "dapagliflozin at any point?", never(ORDER, "dapagliflozin")),
    ("hien-nguyen", "urinary legionella antigen", nothing(f"{REPORT} Observation", "legionella")),
    ("tyrone-jackson", "HLA-B27 result", nothing("Observation", "hla")),
    ("tyrone-jackson", "anti-HBs titre after the hep B course", nothing("Observation", "hepatitis b|anti-hbs|surface")),
    ("ward-heart", "What was the last troponin t value during the last hospital visit?", value(TROPONIN, -1, stay(-1))),
    ("ward-heart", "What was the first lactate measured on the first hospital visit?", value("50813", 0, stay(0))),
    ("ward-liver", "Total bilirubin last measured on the last hospital visit?", value(BILI, -1, stay(-1))),
    ("ward-liver", "alpha-fetoprotein value", nothing("Observation", "fetoprotein|afp")),
    ("ward-sepsis", "has vancomycin been started this stay?", never(f"{ORDER} {GIVEN}", "vancomycin", stay(-1))),
    ("town-diabetic", "most recent HDL?", nothing("Observation", "hdl|high density")),
    ("town-child", "date of the second MMR", nothing("Immunization", "mmr", since("2015-10-11"))),
    ("town-lung", "PET scan report please", nothing(f"{REPORT} Procedure", "pet |positron")),
    ("sim-prostate", "last year's PSA", value(c.PSA, -1, on("2025"))),
    ("sim-prostate", "Gleason grade?", nothing("Observation DiagnosticReport", "gleason")),
    ("visits-pressure", "mean systolic during 2023", average(c.TOP, on("2023"))),
    ("crowd-6", "ACR in urine", nothing("Observation", "albumin")),
    ("linda-kaminski", "dad's age at death", nothing(FAMILY, "father")),
    ("mateo-garcia", "skin prick test to cat dander: wheal size", absent),
    ("maria-alvarez", "vit B12 result on metformin", nothing("Observation", "b12|cobalamin")),
)
