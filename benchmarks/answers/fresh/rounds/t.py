"""Questions in the mixed manners of the published sets over electronic records, by an outsider without a look at the engine."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, dose, poured
from benchmarks.answers.foreign.measured import (
    NOTHING,
    Oracle,
    among,
    amounts,
    average,
    compare,
    difference,
    ever,
    how_often,
    last_with_day,
    passing,
    peak,
    peak_day,
    total,
    value,
)
from benchmarks.answers.foreign.persons import age, age_then, of_person, of_stay, person_is, stay_length
from benchmarks.answers.foreign.record import (
    Record,
    Window,
    between,
    last_days,
    last_hours,
    last_month,
    last_year,
    on,
    since,
    stay,
    this_month,
)
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
    soon_after,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import in_state, ordered_amount
from benchmarks.answers.fresh.rounds.j import charged, never, nothing, spacing
from benchmarks.answers.fresh.rounds.l import figure, hours, missing
from benchmarks.answers.fresh.rounds.m import on_unit
from benchmarks.answers.fresh.rounds.n import called
from benchmarks.answers.fresh.rounds.p import on_day
from benchmarks.answers.gold import Gold, Pair, Result
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.oracle import reference


def balance(codes: str, window: Window) -> Oracle:
    """The volume that ran in less the volume measured as put out, in mL; both beside each other serve too."""

    def oracle(r: Record) -> Gold:
        given = [f for f in r.pick(GIVEN, "", window) if f.get("dosage", {}).get("dose", {}).get("unit") == "mL"]
        points = r.series(codes, window)
        if not given or not points:
            return NOTHING
        volume, output = sum(f["dosage"]["dose"]["value"] for f in given), sum(p.value for p in points)
        must = [*(frozenset({reference(f)}) for f in given), *(refs([p]) for p in points)]
        return golden(r, [*amounts(volume - output, "mL"), Result("comparison", Pair(volume, output))], must, beside(r, given))

    return oracle


# fmt: off
CREAT, K, NA, BICARB, BUN, MG, GLUCOSE, BILI = "50912", "50971", "50983", "50882", "51006", "50960", "50931", "50885"
PLT, INR, AST_THERE, LACTATE, PCO2, A1C_THERE, ALBUMIN_THERE = "51265", "51237", "50878", "50813", "50818", "50852", "50862"
BREATHS_THERE, SYSTOLIC_THERE, MEAN_THERE, WEIGHED, FOLEY, VOID = "220210", "220179", "220181", "224639", "226559", "226560"
CRP = "1988-5"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
RESULT = f"Observation {REPORT} Procedure ImagingStudy"
"""Item numbers of MIMIC, codes that the other rounds have no name for, and kinds."""

ASKED = (
    # -- the wards
    ("ward-heart", "what was the last measured value of urea nitrogen for patient 10017341 since 05/2171?", value(BUN, -1, since("2171-05"))),
    ("ward-heart", "how many times was the patient given furosemide during the first hospital visit?", how_many(GIVEN, "furosemide", stay(0))),
    ("ward-heart", "has the patient been prescribed metoprolol tartrate in 2169?", happened(ORDER, "metoprolol", on("2169"))),
    ("ward-heart", "when was the first time in 2172 that the bicarbonate of the patient was measured to be above 26?", passing(BICARB, ">", 26, 0, on("2172"))),
    ("ward-heart", "what is the difference between the second and the first platelet count on the last hospital visit?", difference(PLT, 1, 0, stay(2))),
    ("ward-heart", "what were the drugs that the patient was prescribed within 2 days after having been diagnosed with pneumonia, organism unspecified?", soon_after(("Condition", "pneumonia"), ORDER, 2)),
    ("ward-heart", "What is the total amount of urine drained via Foley on 05/24/2171?", total(FOLEY, on("2171-05-24"))),
    ("ward-heart", "From where was patient 10017341 admitted on the hospital encounter of May 2171?", of_stay(1, "transfer from hospital", "from another hospital", "transfer")),
    ("ward-heart", "To which care unit was the patient transferred after the MICU in May 2171?", of_stay(1, "medicine")),
    ("ward-heart", "What type of specimen was the Staph aureus cultured from?", said("Observation Specimen", "respiratory culture|staph aureus|sputum", "sputum")),
    ("ward-heart", "Was the Staph aureus isolate sensitive to clindamycin?", among(true("Observation", "clindamycin", answer=False), said("Observation", "clindamycin", "resistant"))),
    ("ward-heart", "Calculate the mean non-invasive systolic blood pressure on 05/26/2171.", average(SYSTOLIC_THERE, on("2171-05-26"))),
    ("ward-heart", "What is the average of the glucose levels over the 7 days up to August 8, 2172?", average(GLUCOSE, between("2172-08-02", "2172-08-08"))),
    ("ward-heart", "It is 2172-08-25. What is the most recent magnesium level of patient 10017341 within the last 24 hours?", missing(MG, last_hours(24))),
    ("ward-heart", "count the number of different drugs prescribed to the patient on the second hospital stay", kinds_of(ORDER, "", stay(1))),
    ("ward-heart", "what is the minimum respiratory rate of the patient on the ICU visit in 05/2171?", peak(BREATHS_THERE, min, on("2171-05"))),
    ("ward-heart", "How frequently was heparin to be given according to the order of May 22, 2171?", said(ORDER, "heparin", "tid", "three times", "3 times")),
    ("ward-heart", "What dose of torsemide was the patient prescribed in August 2172?", dose("torsemide", -1, on("2172-08"))),
    ("ward-heart", "When did the patient undergo the first thoracentesis?", on_day("Procedure", "thoracentesis", 0)),
    ("ward-heart", "Find the age of the patient at the time of admission on November 2, 2169.", age("2169-11-02")),
    ("ward-heart", "Is patient 10017341 married?", among(of_person("married"), person_is(True))),
    ("ward-heart", "What insurance did the patient have at the August 2172 admission?", nothing("Coverage", "")),
    ("ward-heart", "What was the hemoglobin A1c during the stay of November 2169?", missing(A1C_THERE, on("2169"))),
    ("ward-heart", "What is the dose of metformin that the patient takes for type 2 diabetes?", nothing(f"{ORDER} {GIVEN} MedicationStatement", "metformin")),
    ("ward-liver", "what was the value of AST last measured on patient 10023886 during the first hospital stay?", value(AST_THERE, -1, stay(0))),
    ("ward-liver", "when was the first time in 04/2170 that the INR(PT) was measured below 1.7?", passing(INR, "<", 1.7, 0, on("2170-04"))),
    ("ward-liver", "what are the names of the drugs prescribed within 2 days after the diagnosis of spontaneous bacterial peritonitis?", soon_after(("Condition", "spontaneous bacterial"), ORDER, 2)),
    ("ward-liver", "what are the top two items administered most often to the patient on the April 2170 stay?", repeated(GIVEN, 6, stay(0))),
    ("ward-liver", "In which intensive care unit did patient 10023886 stay in April 2170?", of_stay(0, "surgical intensive care", "sicu")),
    ("ward-liver", "How long did the patient stay in the SICU?", on_unit(0, "surgical intensive")),
    ("ward-liver", "What is the total urine output (void) on 04/11/2170?", total(VOID, on("2170-04-11"))),
    ("ward-liver", "what is the difference between the total volume of intake and output of the patient on 04/12/2170?", balance(VOID, on("2170-04-12"))),
    ("ward-liver", "In what kind of specimen was Escherichia coli found?", said("Observation Specimen", "fluid culture|escherichia|peritoneal", "peritoneal", "peritoneal fluid")),
    ("ward-liver", "what is the change in creatinine from the first to the last value measured on the second hospital visit?", difference(CREAT, -1, 0, stay(1))),
    ("ward-liver", "What was the mean platelet count of the March 2171 admission?", average(PLT, on("2171-03"))),
    ("ward-liver", "how many times was sodium measured below 125 mEq/L this month?", how_often(NA, this_month, "<", 125)),
    ("ward-liver", "What was the most recent potassium level within the 24 hours before 2171-03-10 20:00?", value(K, -1, between("2171-03-09T20:00", "2171-03-10T20:00"))),
    ("ward-liver", "What dose of ceftriaxone was ordered on December 28, 2170?", among(dose("ceftriaxone", -1, on("2170-12-28")), ordered_amount("ceftriaxone", 2, "g", "2 g", window=on("2170-12-28")))),
    ("ward-liver", "what was the maximum value of total bilirubin last year?", peak(BILI, max, last_year)),
    ("ward-liver", "Does the patient have a history of nicotine dependence?", true("Condition", "nicotine")),
    ("ward-liver", "Has the patient ever undergone a transjugular intrahepatic portosystemic shunt (TIPS)?", never("Procedure", "shunt|portosystemic|bypass portal")),
    ("ward-liver", "What albumin concentration was measured in the blood on the last hospital visit?", missing(ALBUMIN_THERE, stay(2))),
    ("ward-sepsis", "It is 2165-02-01T17:00. What is the most recent magnesium level of patient 10031207 within the last 24 hours?", value(MG, -1, last_hours(24))),
    ("ward-sepsis", "What is the average glucose level over the last 24 hours?", average(GLUCOSE, last_hours(24))),
    ("ward-sepsis", "when was the first time that the potassium of the patient was below 3.5 on the current hospital visit?", passing(K, "<", 3.5, 0, stay(-1))),
    ("ward-sepsis", "what was the minimum daily weight of patient 10031207 last month?", peak(WEIGHED, min, last_month)),
    ("ward-sepsis", "what is the difference between the second and the first lactate measured on the current hospital visit?", difference(LACTATE, 1, 0, stay(-1))),
    ("ward-sepsis", "what is the difference between the total volume of input and of output on 01/29/2165?", balance(FOLEY, on("2165-01-29"))),
    ("ward-sepsis", "What is the total intake volume of the patient on 01/30/2165?", poured(on("2165-01-30"))),
    ("ward-sepsis", "Did the repeat blood culture taken on January 29, 2165 grow anything?", among(true("Observation", "blood culture", on("2165-01-29"), answer=False), said("Observation", "blood culture", "no growth", window=on("2165-01-29")))),
    ("ward-sepsis", "Is the E. coli from the urine susceptible to nitrofurantoin?", among(true("Observation", "nitrofurantoin"), said("Observation", "nitrofurantoin", "susceptible", "sensitive"))),
    ("ward-sepsis", "Which care unit is patient 10031207 in right now?", of_stay(-1, "medical intensive care", "micu")),
    ("ward-sepsis", "What was the length of stay, in days, of the hospital visit in February 2163?", stay_length(0)),
    ("ward-sepsis", "To which location was the patient discharged from the current hospital stay?", absent),
    ("ward-sepsis", "On what date was the infusion device inserted into the superior vena cava?", on_day("Procedure", "superior vena cava")),
    ("ward-sepsis", "Average mean arterial pressure (non-invasive) in the last 12 hours?", average(MEAN_THERE, last_hours(12))),
    ("ward-sepsis", "what was the maximum pCO2 on 01/31/2165?", peak(PCO2, max, on("2165-01-31"))),
    ("ward-sepsis", "how many times was the patient given piperacillin-tazobactam on 01/28/2165?", how_many(GIVEN, "piperacillin", on("2165-01-28"))),
    ("ward-sepsis", "When did patient 10031207 receive the first dose of meropenem?", on_day(GIVEN, "meropenem", 0)),
    ("ward-sepsis", "Has vancomycin been prescribed or given to the patient since 2163?", never(f"{ORDER} {GIVEN}", "vancomycin")),
    ("ward-sepsis", "What was the NT-proBNP on admission in January 2165?", nothing("Observation", "bnp|natriuretic")),
    ("ward-sepsis", "what is the marital status of patient 10031207?", of_person("widow")),
    # -- a practice's charts with notes
    ("maria-alvarez", "How many units of Lantus is the patient currently prescribed at bedtime?", figure(f"{ORDER} {NOTE}", "glargine|progress", 18, None, "18 units", window=since("2026-03"))),
    ("maria-alvarez", "Why was Jardiance added in October 2023?", said(NOTE, "progress", "above goal", "metformin alone", "8.2", window=on("2023-10"))),
    ("maria-alvarez", "What was the visual acuity of the right eye at the retinal examination of May 2025?", said(REPORT, "retinal", "20/25", window=on("2025-05"))),
    ("maria-alvarez", "Which health insurance covers Ms Alvarez?", said("Coverage", "", "meridian")),
    ("maria-alvarez", "After years on metformin: what was her vitamin B12 concentration?", nothing("Observation", "b12|cobalamin")),
    ("frank-delaney", "What is the status of the referral to pulmonary rehabilitation?", said("ServiceRequest", "rehabilitation", "revoked", "cancelled", "canceled", "withdrawn")),
    ("frank-delaney", "What was the lowest oxygen saturation recorded in the last 12 months?", peak(c.SPO2, min, last_days(365))),
    ("frank-delaney", "What is the patient's alpha-1 antitrypsin level?", nothing(f"Observation {REPORT}", "antitrypsin")),
    ("hien-nguyen", "What was the C-reactive protein on June 20, 2026?", value(CRP, -1, on("2026-06-20"))),
    ("hien-nguyen", "How often per day was the amoxicillin prescribed at discharge to be taken?", figure(ORDER, "amoxicillin", 3, None, "three times", "tid", "3 times")),
    ("hien-nguyen", "What language does the patient speak?", of_person("vietnamese")),
    ("hien-nguyen", "What is the size of the lung nodule found incidentally?", figure(f"{REPORT} {NOTE} Condition", "ct pulmonary|nodule|discharge", 8, "mm", "8 mm")),
    ("dorothy-freeman", "At what frequency does Mrs Freeman take ferrous sulfate?", said(ORDER, "ferrous", "every other day", "every 2 days", "every two days")),
    ("dorothy-freeman", "Why was metformin stopped?", said(NOTE, "consultation", "egfr < 30", "egfr <30", "egfr below 30", "egfr under 30", "less than 30", window=on("2025-09"))),
    ("dorothy-freeman", "By how much did ferritin rise from May 2025 to April 2026?", compare(c.FERRITIN, on("2026-04"), on("2025-05"))),
    ("george-papadopoulos", "What was the NIHSS score in the emergency department?", figure(NOTE, "emergency", 8, None, "nihss 8")),
    ("george-papadopoulos", "Was atrial fibrillation seen on telemetry during the admission?", among(true(NOTE, "discharge", answer=False), said(NOTE, "discharge", "no af", "telemetry: no"))),
    ("george-papadopoulos", "What is the most recent hemoglobin A1C value in the chart, and when was it recorded?", missing(c.A1C)),
    # -- generated and hand-made charts
    ("crowd-2", "What's the last HbA1C value in the chart and when was it recorded? It is 2026-06-30.", last_with_day(c.A1C)),
    ("crowd-4", "What is the average PHQ-9 score of the year 2025?", average(c.PHQ, on("2025"))),
    ("crowd-4", "How is levothyroxine to be taken according to the prescription?", said(ORDER, "levothyroxine", "empty stomach")),
    ("crowd-8", "What dose of spironolactone is the patient on?", nothing(f"{ORDER} MedicationStatement", "spironolactone")),
    ("made-ada", "How many hours did the emergency visit for dizziness on December 31, 2025 last?", hours("dizziness", on("2025-12-31"))),
    ("made-ada", "Why was naproxen withheld in the emergency department in March 2026?", said(NOTE, "emergency", "kidney", "renal")),
    ("made-bruno", "On what date did the INR first exceed 3, and what was it?", among(passing("6301-6", ">", 3), value("6301-6", 0, on("2026-01")))),
    ("made-cleo", "Has the child received the influenza vaccine in 2025?", in_state(VACCINE, "influenza", "not-done", answer=False)),
    # -- a clinic's Synthea-like residents
    ("town-diabetic", "When did the HbA1c of the patient exceed 7 percent for the first time?", passing(c.A1C, ">", 7)),
    ("town-diabetic", "What was the total amount of the claims submitted in 2019?", charged(on("2019"))),
    ("town-diabetic", "Which activities belong to the diabetes self management plan?", said("CarePlan", "diabetes self", "diabetic diet", "exercise therapy")),
    ("town-diabetic", "What were the results of the patient's last dilated eye examination?", nothing(RESULT, "eye|retin|ophthal")),
    ("town-lung", "What device does the patient use?", among(what("Device", "oxygen"), said("Device", "oxygen", "oxygen mask"))),
    ("town-lung", "On which date was donepezil prescribed?", date(ORDER, "donepezil")),
    # -- Synthea
    ("antonina", "How many influenza immunizations has Antonina received since January 2015?", how_many(VACCINE, "influenza", since("2015"))),
    ("antonina", "Which immunizations were administered at the encounter of September 12, 2020?", what(VACCINE, "", on("2020-09-12"))),
    ("antonina", "What is the number of encounters with viral sinusitis as the reason?", how_many(VISIT, "viral sinusitis")),
    ("antonina", "Which conditions were active on August 6, 2014?", what("Condition", "chronic sinusitis|viral sinusitis")),
    ("antonina", "What was the lowest body mass index ever measured, and when?", among(peak(c.BMI, min), peak_day(c.BMI, min))),
    ("antonina", "What is the serum ferritin of the patient?", missing(c.FERRITIN)),
    ("devin", "How many follow-up encounters for hyperlipidemia took place from 2015 through 2017?", how_many(VISIT, "hyperlipidemia", between("2015", "2017"))),
    ("devin", "In which encounter, by date, was total cholesterol first over 200 mg/dL?", passing(c.CHOLESTEROL, ">", 200)),
    ("devin", "What was the mean HbA1c over the years 2017 to 2019?", average(c.A1C, between("2017", "2019"))),
    ("devin", "What was the total of the claim of May 1, 2020?", charged(on("2020-05-01"))),
    ("devin", "What medication was ordered for the laceration of the foot in October 2016?", called("acetaminophen 325 mg oral", "acetaminophen")),
    ("devin", "What is the patient's last recorded TSH?", missing(c.TSH)),
    ("mariana", "How many prenatal visits did Mariana have from March to September 2020?", how_many(VISIT, "prenatal visit", between("2020-03", "2020-09"))),
    ("mariana", "What is the name of the vaginal ring that was prescribed in November 2015?", called("nuvaring", "nuvaring")),
    ("mariana", "What is the number of standard pregnancy tests performed since 2014?", how_many("Procedure", "standard pregnancy test", since("2014"))),
    ("mariana", "What was the result of the HIV antigen test of February 2020?", nothing(f"Observation {REPORT}", "immunodeficiency|hiv")),
    ("shin", "How many doses of hepatitis B vaccine were given to Shin during 2012?", how_many(VACCINE, "hep b", on("2012"))),
    ("shin", "Was an epidural anesthesia recorded at the delivery of August 2015?", happened("Procedure", "epidural", on("2015-08"))),
    ("shin", "On what date was the nasal sinus endoscopy done?", date("Procedure", "endoscopy")),
    ("shin", "How many days did the Escherichia coli urinary tract infection last?", lasted("urinary tract")),
    ("shin", "How much did the claim for the hospital admission of February 16, 2021 amount to?", charged(on("2021-02-16"))),
    ("shin", "What was the patient's hemoglobin A1c in 2020?", missing(c.A1C)),
    ("eddie", "When was the PSA first above 3 ng/mL?", passing(c.PSA, ">", 3)),
    ("eddie", "What procedures were performed on February 19, 1979?", what("Procedure", "", on("1979-02-19"))),
    ("eddie", "How many digital examinations of the rectum has the patient had?", how_many("Procedure", "digital examination of rectum")),
    ("eddie", "What did the prostate biopsy of February 1979 show?", said("Observation", "biopsy of prostate", "normal")),
    ("eddie", "How many days passed between the first and the second electrical cardioversion?", spacing("Procedure", "cardioversion", 0, 1)),
    ("eddie", "What was the last INR while on warfarin?", nothing("Observation", "prothrombin| inr")),
    ("tiera", "How many days after the diagnosis of chronic congestive heart failure was the first echocardiogram done?", days_between(("Condition", "congestive heart failure"), ("Procedure", "echocardiogra"))),
    ("tiera", "What oxygen saturation is set as the goal of the heart failure care?", figure("Goal", "oxygen saturation", 85, "%", "85")),
    ("tiera", "At what age was the patient found to have prediabetes?", age_then("Condition", "prediabetes")),
    ("tiera", "What was the troponin in the emergency department in March 2021?", nothing("Observation", "troponin")),
    ("mayte", "How many simvastatin prescriptions were issued from 2000 to 2008?", how_many(ORDER, "simvistatin", between("2000", "2008"))),
    ("mayte", "What was the lowest HDL cholesterol, and on which date was it measured?", among(peak(c.HDL, min), peak_day(c.HDL, min))),
    ("mayte", "How did body weight change from 2003 to 2008?", compare(c.WEIGHT, on("2008"), on("2003"))),
    ("mayte", "Has triglyceride ever been above 180 mg/dL since 2005?", ever(c.TRIGLYCERIDES, ">", 180, since("2005"))),
)
