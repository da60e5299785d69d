"""Questions of two manners by an outsider without a look at the engine: complete sentences as the published sets over
FHIR and electronic records word them, and plain sentences in which doctors, nurses and care managers ask an assistant
about the chart in front of them, many with a second clause."""

from __future__ import annotations

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, on_for, reason, taking
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
from benchmarks.answers.foreign.record import (
    Record,
    Window,
    before,
    between,
    last_days,
    last_hours,
    on,
    since,
    stay,
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
    said,
    told,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import in_state, ordered_amount
from benchmarks.answers.fresh.rounds.j import lower, never, nothing, spacing
from benchmarks.answers.fresh.rounds.l import figure, missing
from benchmarks.answers.fresh.rounds.n import called, never_but
from benchmarks.answers.fresh.rounds.p import on_day
from benchmarks.answers.fresh.rounds.u import ends
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden
from benchmarks.answers.oracle import reference


def each(kinds: str, words: str, window: Window | None = None) -> Oracle:
    """Every single one of a thing, as a list."""

    def oracle(r: Record) -> Gold:
        found = r.pick(kinds, words, window)
        if not found:
            raise LookupError(f"{r.slug}: nothing matches {kinds} {words}")
        must = [frozenset({reference(f)}) for f in found]
        also = beside(r, found)
        return golden(r, [Result("list", tuple(must), also=frozenset(also))], must, also)

    return oracle


# fmt: off
NA, CREAT, HB_THERE, PLATELETS_THERE, INR, LACTATE = "50983", "50912", "51222", "51265", "51237", "50813"
FAHRENHEIT, FREE_T4 = "223761", "3024-7"
ALLERGY, VACCINE, VISIT, NOTE, REPORT = "AllergyIntolerance", "Immunization", "Encounter", "DocumentReference", "DiagnosticReport"
SAID_BY_PATIENT, RELATIVE = "MedicationStatement", "FamilyMemberHistory"
DRUGS, RESULT = f"{ORDER} {GIVEN} {SAID_BY_PATIENT}", f"Observation {REPORT} Procedure ImagingStudy"
"""Item numbers of MIMIC, codes that the other rounds have no name for, and kinds."""

ASKED = (
    # -- as the published sets word it: generated charts
    ("jonathon", "What was the average systolic blood pressure that the patient had in the years 2017 to 2020?", average(c.TOP, between("2017", "2020"))),
    ("jonathon", "Which immunizations were recorded on the first encounter in the record, 2011-06-28?", what(VACCINE, "", on("2011-06-28"))),
    ("jonathon", "Has the patient's LDL cholesterol ever exceeded 100 mg/dL?", ever(c.LDL, ">", 100)),
    ("jonathon", "What was the difference in platelet count between the first and the second complete blood count?", difference(c.PLATELETS, -1, 0)),
    ("jonathon", "How many days passed between the two encounters for acute bronchitis?", among(spacing(VISIT, "acute bronchitis", 0, -1), spacing("Condition", "acute bronchitis", 0, -1))),
    ("jonathon", "List the patient's total cholesterol measurements sorted by date.", values(c.CHOLESTEROL)),
    ("jonathon", "What is the patient's most recent hemoglobin A1c in the last 365 days? If there is none, say so.", missing(c.A1C)),
    ("devin", "How many emergency room admissions has the patient had since 1980?", how_many(VISIT, "emergency room admission", since("1980"))),
    ("devin", "What procedures were performed at the emergency room admission of September 15, 2018?", what("Procedure", "", on("2018-09-15"))),
    ("devin", "Which opioid was prescribed for the fracture of the forearm?", called("hydrocodone", "hydrocodone", "acetaminophen 325 mg / hydrocodone")),
    ("devin", "What is the minimum calcium value that the patient had from 2012 through 2016?", peak(c.CALCIUM, min, between("2012", "2016"))),
    ("devin", "How many simvastatin prescriptions has the patient received within the last 5 years?", how_many(ORDER, "simv", since("2016-06-30"))),
    ("mariana", "What is the earliest contraceptive prescribed to the patient in the record?", among(what(ORDER, "medroxyprogesterone", on("2010")), said(ORDER, "medroxyprogesterone", "medroxyprogesterone", window=on("2010")))),
    ("mariana", "Was the patient's hemoglobin below 12 g/dL at any measurement?", ever(c.HB, "<", 12)),
    ("shin", "What was the difference in body weight between the first and the most recent measurement?", difference(c.WEIGHT, -1, 0)),
    ("shin", "What body temperature was recorded at the visit for the streptococcal sore throat in January 2016?", value(c.TEMPERATURE, -1, on("2016-01"))),
    ("shin", "Did the patient receive any COVID-19 vaccine during the first half of 2021?", happened(VACCINE, "covid|sars", between("2021-01", "2021-06"))),
    ("tiera", "What is the difference in LDL cholesterol between the lipid panels of 2014 and 2020?", compare(c.LDL, on("2020"), on("2014"))),
    ("tiera", "How many colonoscopies did the patient undergo, and on which dates?", among(how_many("Procedure", "colonoscopy"), each("Procedure", "colonoscopy"))),
    ("tiera", "Which medications were ordered on the day of the first echocardiogram?", what(ORDER, "", on("2019-04-01"))),
    ("tiera", "What is the most recent body weight in the last 30 days? If none, say so.", missing(c.WEIGHT, last_days(30))),
    ("tiera", "What was the glomerular filtration rate of the patient in 2020?", missing(c.EGFR, on("2020"))),
    ("mayte", "When did the patient last receive an influenza vaccine before the year 2005?", date(VACCINE, "influenza", -1, before("2004"))),
    ("mayte", "How many basic metabolic panels did the patient have from 2005 through 2008?", how_many(REPORT, "basic metabolic", between("2005", "2008"))),
    ("mayte", "What was the body mass index on the first and on the last occasion that it was recorded?", ends(c.BMI)),
    ("mayte", "Which procedures were performed during the emergency encounter of July 6, 2007?", what("Procedure", "", on("2007-07-06"))),
    ("mayte", "What was the troponin measured at the emergency encounter of May 11, 2009?", nothing("Observation", "troponin")),
    # -- as the published sets word it: the wards
    ("ward-heart", "What was the average sodium that the patient had in 08/2172?", average(NA, on("2172-08"))),
    ("ward-heart", "How many times was the hemoglobin of the patient below 10 on the hospital visit that began in May 2171?", how_often(HB_THERE, stay(1), "<", 10)),
    ("ward-heart", "When was cefepime first administered to the patient?", on_day(GIVEN, "cefepime", 0)),
    ("ward-heart", "What is the maximum INR(PT) of patient 10017341 on the 2171 hospital visit?", peak(INR, max, stay(1))),
    ("ward-heart", "Has amiodarone been prescribed to the patient on any hospital visit?", never(DRUGS, "amiodarone")),
    ("ward-heart", "What was the serum albumin of patient 10017341 in May 2171?", nothing("Observation", "albumin")),
    ("ward-heart", "What is the most recent creatinine of the patient in the last 24 hours? If none, say so.", missing(CREAT, last_hours(24))),
    ("ward-liver", "On what date was the patient transfused with red blood cells?", on_day("Procedure", "red blood cells", 0)),
    ("ward-liver", "What was the change in platelet count from the first to the last value of the April 2170 visit?", difference(PLATELETS_THERE, -1, 0, stay(0))),
    ("ward-liver", "How many days after the admission of April 11, 2170 was the peritoneal cavity drained?", days_between((VISIT, ""), ("Procedure", "drainage of peritoneal"), stay(0))),
    ("ward-liver", "What was the temperature of the patient last charted on 04/12/2170?", value(FAHRENHEIT, -1, on("2170-04-12"))),
    ("ward-liver", "What dose of nadolol was prescribed on the hospital visit of December 2170?", nothing(DRUGS, "nadolol", stay(1))),
    # -- as the published sets word it: a practice's charts with notes
    ("james-whitfield", "How many heart failure clinic visits did the patient have within 6 months of the discharge of May 22, 2025?", how_many(VISIT, "heart failure clinic", between("2025-05-23", "2025-11-22"))),
    ("james-whitfield", "What was the average serum potassium that the patient had in 2026?", average(c.POTASSIUM, on("2026"))),
    ("james-whitfield", "What is the most recent BNP in the last 30 days? If none, say so.", value(c.BNP, -1, last_days(30))),
    ("james-whitfield", "What pulmonary artery systolic pressure was estimated on the echocardiogram of May 2025?", figure(REPORT, "echocardiogram", 52, "mmHg", "52", window=on("2025-05"))),
    ("james-whitfield", "What was the left ventricular ejection fraction on the echocardiogram done after the visit of June 15, 2026?", missing(c.EF, since("2026-06-15"))),
    ("ruth-goldberg", "What was the change in 25-hydroxyvitamin D from 2024 to 2026?", compare(c.VITAMIN_D, on("2026"), on("2024"))),
    ("ruth-goldberg", "List the mammograms that the patient has had, sorted by date.", each(REPORT, "mammogram")),
    ("ruth-goldberg", "Has the patient ever been prescribed tamoxifen?", never(DRUGS, "tamoxifen")),
    ("ingrid-sorensen", "How many of the patient's TSH values were above 4.5 mIU/L?", how_often(c.TSH, None, ">", 4.5)),
    ("ingrid-sorensen", "What was the free T4 on the day of the highest TSH?", value(FREE_T4, 0)),
    ("ingrid-sorensen", "What was the average free T4 that the patient had in 2025?", average(FREE_T4, on("2025"))),
    ("nora-obrien", "Which medication order was cancelled in May 2026, and for what reason?", in_state(ORDER, "amoxicillin", "cancelled", "amoxicillin", "augmentin", "pharmacist called", "penicillin anaphylaxis")),
    ("nora-obrien", "What was the C-reactive protein at the visit of May 31, 2026?", nothing("Observation", "c-reactive|crp")),
    ("linda-kaminski", "What was the change in diastolic blood pressure from September 2025 to May 2026?", compare(c.LOW, on("2026-05"), on("2025-09"))),
    ("linda-kaminski", "Which referrals or orders of the patient were revoked?", what("ServiceRequest", "", state="revoked")),
    ("crowd-0", "Which medications have been prescribed to the patient for chronic obstructive pulmonary disease?", what(ORDER, "tiotropium|albuterol")),
    ("crowd-6", "How many of the patient's systolic blood pressure readings since June 2025 were 140 mmHg or higher?", how_often(c.TOP, since("2025-06"), ">=", 140)),
    ("crowd-10", "What was the average body weight that the patient had in 2025?", average(c.WEIGHT, on("2025"))),
    ("crowd-10", "On which date did the TSH of the patient first fall below 4.5 mIU/L?", passing(c.TSH, "<", 4.5)),
    # -- a doctor, a nurse, a care manager: the practice's charts
    ("james-whitfield", "How has Mr Whitfield's BNP developed since he left the hospital in May 2025?", among(course(c.BNP, None, since("2025-05-22")), course(c.BNP, None, since("2025-05-23")))),
    ("james-whitfield", "What dose of furosemide is he on now, and how often does he take it?", ordered_amount("furosemide", 40, "mg", "40 mg", "40mg", "twice daily", "twice a day", window=on("2026-06"))),
    ("james-whitfield", "Was the coronary angiogram done through the wrist or the groin?", said(f"Procedure {NOTE}", "coronary|discharge", "right radial", "radial", "via the right radial")),
    ("james-whitfield", "What was his lowest weight since the heart failure was diagnosed, and when was that?", among(peak(c.WEIGHT, min), peak_day(c.WEIGHT, min))),
    ("james-whitfield", "Did he get a flu shot last autumn, and which kind was it?", among(date(VACCINE, "influenza"), happened(VACCINE, "influenza", between("2025-09", "2025-12")), what(VACCINE, "influenza"))),
    ("james-whitfield", "How old was his father when the cardiomyopathy was found?", figure(RELATIVE, "father", 49, None, "49")),
    ("james-whitfield", "On how many pillows was he sleeping at the June 2026 visit?", figure(NOTE, "progress", 2, None, "2 pillows", window=on("2026-06"))),
    ("james-whitfield", "What did the ECG in the emergency department show?", said(REPORT, "ecg", "sinus tachycardia", "left bundle branch block")),
    ("james-whitfield", "Please summarise the heart failure clinic visit of 15 June 2026 for the ward team.", told(r"ibuprofen|nsaid|advil", r"furosemide", r"weight|edema|bnp|creatinine")),
    ("ruth-goldberg", "Which arm should we keep free of cuffs and needles, and why?", said(f"CarePlan Condition {NOTE}", "survivorship|lymphedema|progress", "left arm", "no blood pressure or needles in the left", "lymphedema of the left", "left")),
    ("ruth-goldberg", "For how many years is she supposed to take the anastrozole at the least?", figure(f"{ORDER} {NOTE}", "anastrozole|consultation|progress", 5, "a", "5 years")),
    ("ruth-goldberg", "Which bisphosphonate is she on, and how often does she take it?", among(called("alendronate", "alendronate"), said(ORDER, "alendronate", "once a week", "weekly", "take 1 tablet once a week"))),
    ("ruth-goldberg", "Did Mrs Goldberg have radiation to the chest wall?", among(true(NOTE, "consultation", answer=False), said(NOTE, "consultation", "declined", "she declined"))),
    ("ruth-goldberg", "What did her sister's BRCA test show?", absent),
    ("ruth-goldberg", "Can you give me a short summary of her breast cancer and its treatment so far?", told(r"mastectomy", r"anastrozole|arimidex")),
    ("ingrid-sorensen", "How far has her TSH come down since we found the hypothyroidism?", difference(c.TSH, -1, 0)),
    ("ingrid-sorensen", "What dose of Synthroid is she on, and since when?", among(ordered_amount("levothyroxine 88", 88, "mcg", "88 mcg", "88mcg"), date(ORDER, "levothyroxine"), said(ORDER, "levothyroxine 88", "levothyroxine 88"))),
    ("ingrid-sorensen", "Is there any thyroid disease in her family, and who has it?", among(said(f"{RELATIVE} {NOTE}", "mother|progress", "hashimoto", "mother"), true(RELATIVE, "mother"), what(RELATIVE, "mother"))),
    ("ingrid-sorensen", "What was her vitamin D the last time we checked it?", missing(c.VITAMIN_D)),
    ("nora-obrien", "What happened when Ms O'Brien took penicillin, and how severe was it?", said(f"{ALLERGY} {NOTE}", "penicillin|progress", "anaphylaxis", "throat swelling", "severe")),
    ("nora-obrien", "Which food is she allergic to, and what does it do to her?", among(said(f"{ALLERGY} {NOTE}", "shellfish|progress", "shellfish", "hives"), what(ALLERGY, "shellfish"))),
    ("nora-obrien", "What did the allergy clinic find when they tested her for penicillin?", absent),
    ("nora-obrien", "Summarise what happened with the Augmentin prescription in May 2026.", told(r"penicillin|anaphyla", r"doxycycline")),
    ("linda-kaminski", "What are we giving her for her blood pressure, and since when at the present dose?", among(what(ORDER, "amlodipine", state="active"), said(ORDER, "amlodipine", "amlodipine", window=on("2026-05")), date(ORDER, "amlodipine"))),
    ("linda-kaminski", "Is her LDL any lower than it was in September 2025?", lower(c.LDL, -1, 0)),
    ("linda-kaminski", "Has she been started on a statin yet?", never_but(DRUGS, "statin", (NOTE, "progress"))),
    ("linda-kaminski", "What did the colonoscopy that we ordered in September 2025 find?", nothing(f"Procedure {REPORT}", "colonoscop")),
    ("crowd-0", "What is Ms Usman's sertraline for, and what dose is it?", among(reason("sertraline", "major depressive", "depress"), ordered_amount("sertraline", 50, "mg", "50 mg"))),
    ("crowd-0", "Has her depression score come down since May 2025?", lower(c.PHQ, -1, 0, since("2025-05-20"))),
    ("crowd-0", "When did she last have a COVID shot?", on_day(VACCINE, "covid", -1)),
    ("crowd-0", "What was her last peak flow?", nothing("Observation", "peak")),
    ("crowd-6", "Since when has Ms Lopez had kidney disease, and what stage is it?", among(date("Condition", "kidney"), said("Condition", "kidney", "stage 3a", "3a", "chronic kidney disease, stage 3a"))),
    ("crowd-6", "How has her creatinine been since March 2025?", course(c.CREATININE)),
    ("crowd-10", "Which BP tablets is Mrs Rossi taking, and how many are there?", among(what(ORDER, "lisinopril|amlodipine"), kinds_of(ORDER, "lisinopril|amlodipine"))),
    ("crowd-10", "When was her systolic over 140, and what was it?", among(passing(c.TOP, ">", 140), peak(c.TOP, max), pressure(3))),
    # -- a doctor, a nurse, a care manager: the wards
    ("ward-heart", "How did his lactate go over the admission of May 2171?", course(LACTATE, None, stay(1))),
    ("ward-heart", "Was he ever intubated, and when was that?", among(on_day("Procedure", "endotracheal", 0), true("Procedure", "endotracheal"))),
    ("ward-heart", "How often was fluid drained from his chest, and when was the last time?", among(how_many("Procedure", "thoracentesis"), on_day("Procedure", "thoracentesis"))),
    ("ward-liver", "Which drug ran as a drip for her variceal bleed, and at what rate?", among(called("octreotide", "octreotide"), ordered_amount("octreotide", 50, "mcg/h", "50 mcg/hr", "50 mcg"))),
    ("ward-liver", "What did the liver ultrasound say about the gallbladder?", said(REPORT, "liver or gallbladder", "sludge", "contains sludge", "the gallbladder contains sludge")),
    ("ward-liver", "What was her MELD score on admission?", nothing("Observation", "meld")),
    # -- a doctor, a nurse, a care manager: generated charts
    ("jonathon", "How often has he had bronchitis, and when was the last time?", among(how_many("Condition", "bronchitis"), date("Condition", "bronchitis"))),
    ("jonathon", "How has his weight gone since 2017?", course(c.WEIGHT, None, since("2017"))),
    ("devin", "Is Mr Bailey on a statin, and since when?", among(taking("simv"), on_for("simv"), date(ORDER, "simv", 0), called("simv", "simv"))),
    ("devin", "How long did his broken forearm take to heal?", lasted("fracture of forearm")),
    ("devin", "Has he ever been admitted as an inpatient, and what for?", among(true(VISIT, "inpatient"), said(VISIT, "inpatient", "appendicitis"), what(VISIT, "inpatient"), date(VISIT, "inpatient"))),
    ("mariana", "Was she screened for depression after the baby was born in 2020, and when?", among(on_day("Procedure", "depression screening", -1), happened("Procedure", "depression screening", since("2020-09")))),
    ("mariana", "What is her blood group?", nothing("Observation", "blood typ|blood group|abo ")),
    ("shin", "What did her last Pap smear show?", nothing(f"Observation {REPORT}", "cytolog|cytopath|smear|pap ")),
    ("tiera", "What was she given for the fluid when she came in on 21 March 2021?", among(what(ORDER, "furosemide", on("2021-03-21")), said(ORDER, "furosemide", "furosemide", window=on("2021-03-21")))),
    ("tiera", "How often has she had viral sinusitis, and when was the last time?", among(how_many("Condition", "viral sinusitis"), date("Condition", "viral sinusitis"))),
    ("tiera", "Is she on an ACE inhibitor for her heart failure?", never(DRUGS, "pril ")),
    ("mayte", "Which two drugs were started for her heart in May 2007?", what(ORDER, "", on("2007-05"))),
)
