"""Questions of three manners by an outsider without a look at the engine: as the published sets over electronic records
ask, as a hurried clinician types between two patients, and near misses that the record has no answer to."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER
from benchmarks.answers.foreign.measured import (
    Oracle,
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
    value,
)
from benchmarks.answers.foreign.persons import age_then, of_stay
from benchmarks.answers.foreign.record import Record, Window, between, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    days_between,
    how_many,
    lasted,
    repeated,
    said,
    soon_after,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import both, both_sides, first_and_last, in_state
from benchmarks.answers.fresh.rounds.j import never, nothing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.fresh.rounds.p import on_day
from benchmarks.answers.gold import Gold, Pair, Result, Trend
from benchmarks.answers.look_ups.common import golden, refs


def together(*parts: tuple[str, int, Window | None]) -> Oracle:
    """Two values side by side, each by its codes, its position and its period."""

    def oracle(r: Record) -> Gold:
        a, b = (r.series(codes, window)[which] for codes, which, window in parts)
        return golden(r, [Result("comparison", Pair(a.value, b.value))], [refs([a]), refs([b])])

    return oracle


def ends(codes: str, window: Window | None = None) -> Oracle:
    """The first and the last value of a period, or how they differ."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        a, b = points[0], points[-1]
        results = [Result("comparison", Pair(a.value, b.value)), Result("trend", Trend(a.value, b.value))]
        return golden(r, results, [refs([a]), refs([b])], {p.ref for p in points})

    return oracle


# fmt: off
CREAT, K, NA, HB_THERE, LEUKOCYTES, INR, LACTATE, BILI = "50912", "50971", "50983", "51222", "51301", "51237", "50813", "50885"
TROPONIN, PROBNP_THERE, A1C_THERE, AST_THERE, PH = "51003", "50963", "50852", "50878", "50820"
PULSE_THERE, SYSTOLIC_THERE, FAHRENHEIT, WEIGHED = "220045", "220179", "223761", "224639"
CRP, VIRAL_LOAD, PEAK_FLOW, ACR_OLD, INR_HERE, FREE_T4 = "1988-5", "20447-9", "33452-4", "14959-1", "6301-6", "3024-7"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
SAID_BY_PATIENT, RELATIVE = "MedicationStatement", "FamilyMemberHistory"
RESULT = f"Observation {REPORT} Procedure ImagingStudy"
"""Item numbers of MIMIC, codes that the other rounds have no name for, and kinds."""

ASKED = (
    # -- the wards
    ("ward-heart", "What was the last lactate value of patient 10017341 on the hospital visit that began in 05/2171?", value(LACTATE, -1, stay(1))),
    ("ward-heart", "When was the first time that patient 10017341 had a heart rate greater than 130 in 05/2171?", passing(PULSE_THERE, ">", 130, 0, on("2171-05"))),
    ("ward-heart", "How many doses of vancomycin were administered to the patient since 05/24/2171?", how_many(GIVEN, "vancomycin", since("2171-05-24"))),
    ("ward-heart", "What are the three most frequently administered items of the 2171 hospital stay?", repeated(GIVEN, 9, stay(1))),
    ("ward-heart", "Count how many times the potassium of patient 10017341 was below 3.5 from 05/25/2171 through 05/31/2171.", how_often(K, between("2171-05-25", "2171-05-31"), "<", 3.5)),
    ("ward-heart", "Which procedure did the patient undergo two times in 2171?", repeated("Procedure", 2, on("2171"))),
    ("ward-heart", "How many days passed from the insertion of the endotracheal tube until the first thoracentesis?", days_between(("Procedure", "endotracheal"), ("Procedure", "thoracentesis"))),
    ("ward-heart", "What was the highest NT-proBNP ever measured for the patient, and on what day?", among(peak(PROBNP_THERE, max), peak_day(PROBNP_THERE, max))),
    ("ward-heart", "LVEF on echo?", figure(REPORT, "echocardiogram", 35, "%", "35")),
    ("ward-heart", "latest a1c + day", last_with_day(A1C_THERE)),
    ("ward-heart", "K nadir, may 2171 admission", peak(K, min, stay(1))),
    ("ward-heart", "Hgb day 1 vs day of discharge, aug 2172", together((HB_THERE, 0, on("2172-08-03")), (HB_THERE, -1, on("2172-08-08")))),
    ("ward-heart", "staph - oxacillin R or S", said("Observation", "oxacillin", "resistant")),
    ("ward-heart", "INR on this last admission (08/2172)?", missing(INR, on("2172"))),
    ("ward-heart", "What was the peak troponin T on the May 2171 hospital visit?", missing(TROPONIN, on("2171"))),
    ("ward-liver", "When was the hemoglobin of patient 10023886 first measured to be above 8 in 2170?", passing(HB_THERE, ">", 8, 0, on("2170"))),
    ("ward-liver", "How many times has patient 10023886 had drainage of the peritoneal cavity since 12/2170?", how_many("Procedure", "drainage of peritoneal", since("2170-12"))),
    ("ward-liver", "How many doses of ceftriaxone were given on the hospital visit that began on 12/28/2170?", how_many(GIVEN, "ceftriaxone", stay(1))),
    ("ward-liver", "Which drugs were ordered for the patient on 04/11/2170?", what(ORDER, "", on("2170-04-11"))),
    ("ward-liver", "What is the average non-invasive systolic blood pressure of 04/12/2170?", average(SYSTOLIC_THERE, on("2170-04-12"))),
    ("ward-liver", "last Na and Cr", together((NA, -1, None), (CREAT, -1, None))),
    ("ward-liver", "portal vein open?", among(true(REPORT, "liver or gallbladder"), said(REPORT, "liver or gallbladder", "patent"))),
    ("ward-liver", "how did the march 71 stay end - home?", of_stay(2, "against advice", "against medical advice")),
    ("ward-liver", "AST on the december 2170 admission", missing(AST_THERE, on("2170-12"))),
    ("ward-liver", "What was the total bilirubin on the last hospital visit of patient 10023886?", missing(BILI, on("2171-03"))),
    ("ward-sepsis", "What was the first white blood cell count measured on the current hospital visit?", value(LEUKOCYTES, 0, stay(-1))),
    ("ward-sepsis", "When did the lactate of patient 10031207 first come below 2 on the current hospital encounter?", passing(LACTATE, "<", 2, 0, stay(-1))),
    ("ward-sepsis", "What is the change in daily weight from the first to the last value measured on the current hospital visit?", difference(WEIGHED, -1, 0, stay(-1))),
    ("ward-sepsis", "What was the maximum temperature in Fahrenheit on 01/28/2165?", peak(FAHRENHEIT, max, on("2165-01-28"))),
    ("ward-sepsis", "How many times has the patient been given insulin since 01/30/2165?", how_many(GIVEN, "insulin", since("2165-01-30"))),
    ("ward-sepsis", "What was the age of the patient at the laparoscopic cholecystectomy?", age_then("Procedure", "cholecystectomy")),
    ("ward-sepsis", "how many dialysis runs so far", how_many("Procedure", "urinary filtration")),
    ("ward-sepsis", "pH on arrival vs now", ends(PH, stay(-1))),
    ("ward-sepsis", "CT abdo: abscess?", among(true(REPORT, "ct abd", answer=False), said(REPORT, "ct abd", "no drainable abscess"))),
    ("ward-sepsis", "What FiO2 is set on the ventilator of patient 10031207?", nothing("Observation Procedure", "fio2|inspired|ventilat")),
    # -- a practice's charts with notes
    ("maria-alvarez", "How many HbA1c values above 8 percent has the patient had since January 2023?", how_often(c.A1C, since("2023"), ">", 8)),
    ("maria-alvarez", "What is the average LDL cholesterol since the beginning of 2023?", average(c.LDL, since("2023"))),
    ("maria-alvarez", "ACR first over 30 when?", passing(c.ACR, ">", 30)),
    ("maria-alvarez", "last monofilament foot exam - date", on_day("Procedure", "foot", -1)),
    ("maria-alvarez", "What did the 2026 dilated eye exam show?", absent),
    ("james-whitfield", "When was the BNP of the patient below 300 for the first time?", passing(c.BNP, "<", 300)),
    ("james-whitfield", "why off lisinopril", said(f"{ORDER} {ALLERGY} {NOTE}", "lisinopril|progress", "cough")),
    ("james-whitfield", "entresto strength now", said(ORDER, "sacubitril", "97/103", window=since("2026"))),
    ("james-whitfield", "bnp last two", together((c.BNP, -2, None), (c.BNP, -1, None))),
    ("james-whitfield", "taking anything OTC?", said(f"{SAID_BY_PATIENT} {NOTE}", "ibuprofen|progress", "ibuprofen", "advil", window=since("2026-06"))),
    ("james-whitfield", "ICD put in when, which model?", nothing("Procedure Device", "icd|defibrillator|implant")),
    ("james-whitfield", "What was the potassium on the repeat panel that was ordered at the June 15, 2026 visit for a week later?", missing(c.POTASSIUM, since("2026-06-16"))),
    ("frank-delaney", "How many times has azithromycin been prescribed to the patient since 2025?", how_many(ORDER, "azithromycin", since("2025"))),
    ("frank-delaney", "Calculate the mean oxygen saturation of the year 2025.", average(c.SPO2, on("2025"))),
    ("frank-delaney", "propranolol?? for what", said(ORDER, "propranolol", "tremor")),
    ("frank-delaney", "drug allergies", said(ALLERGY, "", "doxycycline")),
    ("hien-nguyen", "Which drugs were prescribed at the emergency visit of June 18, 2026?", what(ORDER, "", on("2026-06-18"))),
    ("hien-nguyen", "crp admission to discharge", ends(CRP)),
    ("hien-nguyen", "PE on the scan?", among(true(REPORT, "ct pulmonary", answer=False), said(f"{REPORT} {NOTE}", "ct pulmonary|discharge", "no pulmonary embolism", "no evidence of pe", "no pe"))),
    ("hien-nguyen", "Has the left upper lobe nodule grown on the follow-up CT?", nothing(REPORT, "ct chest")),
    ("hien-nguyen", "HIV test result?", nothing(f"Observation {REPORT}", "hiv|immunodef")),
    ("denise-carter", "How many urine drug screens have been done since January 2025?", how_many(REPORT, "urine drug", since("2025"))),
    ("denise-carter", "who's prescribing the ativan", said(ORDER, "lorazepam", "nwosu")),
    ("denise-carter", "MME/day?", figure(NOTE, "progress", 60, None, "60 mme")),
    ("denise-carter", "naloxone spray - what strength was prescribed?", nothing(ORDER, "naloxone")),
    ("tyrone-jackson", "On what date was the HIV viral load less than 200 copies for the first time?", passing(VIRAL_LOAD, "<", 200)),
    ("tyrone-jackson", "abacavir - why is it on the allergy list", said(ALLERGY, "abacavir", "hla-b")),
    ("tyrone-jackson", "which statin, what dose", nothing(f"{ORDER} {SAID_BY_PATIENT}", "statin")),
    ("ingrid-sorensen", "When since 2023 was the TSH first above 5 mIU/L?", passing(c.TSH, ">", 5, 0, since("2023"))),
    ("ingrid-sorensen", "What was the TSH at the next visit after levothyroxine had been raised to 75 mcg?", value(c.TSH, 0, on("2023-02"))),
    ("ingrid-sorensen", "last smear when", on_day("Procedure", "cervical", -1)),
    ("ingrid-sorensen", "why was tsh up in aug 25?", said(NOTE, "progress", "calcium", "caltrate", window=on("2025-08"))),
    ("ingrid-sorensen", "Cologuard - pos or neg?", nothing(RESULT, "cologuard|stool|fecal")),
    ("ingrid-sorensen", "TPO antibodies?", nothing(f"Observation {REPORT}", "peroxidase|tpo|antibod")),
    ("mateo-garcia", "How many doses of the DTaP vaccine have been given to the patient?", how_many(VACCINE, "dtap")),
    ("mateo-garcia", "peak flow ED, then clinic", ends(PEAK_FLOW)),
    ("linda-kaminski", "a1c then and now", first_and_last("hemoglobin a1c")),
    ("linda-kaminski", "mum's bowel cancer - dx at what age", figure(f"{RELATIVE} {NOTE}", "mother|progress", 58, None, "58")),
    ("linda-kaminski", "colonoscopy ever?", never("Procedure", "colonoscop")),
    ("george-papadopoulos", "How many days after the onset of the ischemic stroke was the carotid endarterectomy performed?", days_between(("Condition", "ischemic stroke"), ("Procedure", "endarterectomy"))),
    ("george-papadopoulos", "how tight is the left ICA", said(f"{REPORT} {NOTE}", "carotid|discharge", "70-79", "70–79", "70 to 79")),
    ("george-papadopoulos", "got tPA?", among(true(NOTE, "emergency", answer=False), said(NOTE, "emergency", "outside the thrombolysis", "outside the window"))),
    ("george-papadopoulos", "depression screen score after the stroke", nothing("Observation", "phq|depress|mood")),
    ("george-papadopoulos", "What ejection fraction did the echocardiogram show?", nothing(RESULT, "echocardio|ejection")),
    ("dorothy-freeman", "When was the eGFR less than 30 for the first time?", passing(c.EGFR, "<", 30)),
    ("dorothy-freeman", "Hb when aranesp was started vs now", compare(c.HB, on("2026-06"), on("2025-09"))),
    ("dorothy-freeman", "which arm do we spare", said("CarePlan ServiceRequest", "ckd|vein", "left")),
    ("dorothy-freeman", "on dialysis since when?", nothing("Procedure Encounter Condition", "dialysis")),
    ("ruth-goldberg", "How many days were there between the core biopsy and the mastectomy?", days_between(("Procedure", "core biopsy"), ("Procedure", "mastectomy"))),
    ("ruth-goldberg", "spine T-score on the last dexa", figure(f"Observation {REPORT}", "lumbar|dxa", -2.7, None, "-2.7", "−2.7", window=on("2026-02"))),
    ("ruth-goldberg", "nodes: how many positive of how many", said(f"{REPORT} {NOTE}", "pathology|consultation", "1 of 3", "one of three", "1/3", window=on("2023"))),
    ("ruth-goldberg", "duloxetine stopped bc?", said(f"{ORDER} {NOTE}", "duloxetine|progress", "nausea")),
    ("ruth-goldberg", "What was the result of the right mammogram in 2026?", absent),
    ("kwame-mensah", "no driving for how long", figure(NOTE, "consultation", 6, None, "6 months", "six months")),
    ("kwame-mensah", "which AED gave the rash", said(f"{ALLERGY} {ORDER}", "lamotrigine", "lamotrigine")),
    ("kwame-mensah", "What did the video-EEG monitoring record?", nothing(REPORT, "video")),
    ("nora-obrien", "aspirin allergic?", in_state(ALLERGY, "aspirin", "entered-in-error", answer=False)),
    ("nora-obrien", "sinusitis in may - what abx did she end up on", said(f"{ORDER} {NOTE}", "doxycycline|telephone", "doxycycline", window=on("2026-05"))),
    ("nora-obrien", "Penicillin skin test: result?", nothing(RESULT, "penicillin|skin")),
    # -- generated and hand-made charts
    ("crowd-0", "What is the highest PHQ-9 total score, and on what date was it recorded?", among(peak(c.PHQ, max), peak_day(c.PHQ, max))),
    ("crowd-0", "inhalers?", what(ORDER, "inhaler")),
    ("crowd-2", "How many times has the urine albumin/creatinine ratio been greater than 50 mg/g since 2024?", how_often(c.ACR, since("2024"), ">", 50)),
    ("crowd-2", "LDL?", missing(c.LDL)),
    ("crowd-6", "on both an ACEi and an ARB?", both(ORDER, "lisinopril", "losartan")),
    ("crowd-6", "eGFR last time", nothing("Observation", "egfr|glomerular")),
    ("crowd-8", "BP last two visits", both_sides("132/67", "114/69")),
    ("crowd-8", "CKD - latest urine ACR", missing(c.ACR)),
    ("crowd-10", "tsh and free T4, last", together((c.TSH, -1, None), (FREE_T4, -1, None))),
    ("crowd-10", "creatinine?", missing(c.CREATININE)),
    ("made-ada", "What is the highest potassium on record, leaving out what was entered in error?", peak(c.POTASSIUM, max)),
    ("made-bruno", "Cr on arrival 2 april and the latest", together((c.CREATININE, 0, on("2026-04-02")), (c.CREATININE, -1, None))),
    ("made-bruno", "which anticoag now", said(ORDER, "apixaban", "apixaban", "eliquis")),
    ("made-bruno", "why was the ACEi stopped", said(f"{ORDER} {NOTE}", "lisinopril|discharge", "acute kidney injury", "aki", "5.9")),
    ("made-bruno", "renal US findings", nothing(f"{REPORT} ImagingStudy Procedure", "ultrasound|renal")),
    ("made-bruno", "What was the INR after the change to apixaban, in March 2026 or later?", missing(INR_HERE, since("2026-03"))),
    ("made-cleo", "What did the hearing test show?", nothing(RESULT, "audio|hearing")),
    # -- a clinic's Synthea-like resident
    ("town-diabetic", "When was the microalbumin creatinine ratio greater than 30 for the first time?", passing(ACR_OLD, ">", 30)),
    ("town-diabetic", "Which drugs were prescribed on the day of the forearm fracture?", what(ORDER, "", on("2019-03-04"))),
    # -- Synthea
    ("antonina", "How many encounters did the patient have from 2014 through 2016?", how_many(VISIT, "", between("2014", "2016"))),
    ("devin", "How many colonoscopies has the patient had since 2012?", how_many("Procedure", "colonoscopy", since("2012"))),
    ("devin", "foot lac - how many days till healed", lasted("laceration of foot")),
    ("devin", "A1c 2021", missing(c.A1C, on("2021"))),
    ("mariana", "highest systolic + when", among(peak(c.TOP, max), peak_day(c.TOP, max))),
    ("shin", "How many postnatal visits has the patient had since 2012?", how_many(VISIT, "postnatal", since("2012"))),
    ("shin", "contraceptive implant out when", on_day("Procedure", "removal of subcutaneous", 0)),
    ("eddie", "What was the age of the patient when the stroke was diagnosed?", age_then("Condition", "stroke")),
    ("eddie", "last psa", value(c.PSA, -1)),
    ("tiera", "Which drugs were prescribed within 30 days after the diagnosis of chronic congestive heart failure?", soon_after(("Condition", "congestive heart failure"), ORDER, 30)),
    ("tiera", "NT-proBNP in 2021?", missing(c.PROBNP, on("2021"))),
    ("mayte", "Has the HbA1c of the patient been above 6.3 percent at any time since 2005?", ever(c.A1C, ">", 6.3, since("2005"))),
)
