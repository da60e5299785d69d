"""Lives in a town's practices."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import persons as who
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import before, between, last_days, last_year, on, since, visit
from benchmarks.answers.foreign.recorded import ORDER
from benchmarks.answers.oracle import reference

MOTHER, HEART, KIDNEY = "town-mother", "town-heart", "town-kidney"
WEIGHT, BMI, GLUCOSE, CREATININE, LDL, CHOLESTEROL = "29463-7", "39156-5", "2339-0", "38483-4", "18262-6", "2093-3"
EGFR, POTASSIUM, HEMOGLOBIN, ALBUMIN, URATE, TRIGLYCERIDES, HDL = "33914-3", "6298-4", "718-7", "14959-1", "3084-1", "2571-8", "2085-9"
SHOT = "Immunization"

ASKED = [
    ask("List the immunizations of {x}.", of(MOTHER, rec.what(SHOT), x="Imelda Rosado"), of(KIDNEY, rec.what(SHOT), x="Marjorie")),
    ask("latest influenza jab?", of(MOTHER, rec.date(SHOT, "influenza")), of(KIDNEY, rec.date(SHOT, "influenza"))),
    ask("count of flu shots from {x} on", of(HEART, rec.how_many(SHOT, "influenza", since("2013")), x="2013"), of(MOTHER, rec.how_many(SHOT, "influenza", since("2016")), x="2016")),
    ask("How many doses of {x} has she received?", of(KIDNEY, rec.how_many(SHOT, "hep b"), x="hepatitis B vaccine"), of(KIDNEY, rec.how_many(SHOT, "zoster"), x="the shingles vaccine"), of(MOTHER, rec.how_many(SHOT, "tdap"), x="Tdap")),
    ask("has he been vaccinated against pneumococcus and when", of(HEART, m.among(rec.date(SHOT, "pneumococcal"), rec.happened(SHOT, "pneumococcal")))),
    ask("Any COVID vaccine on file?", of(MOTHER, rec.happened(SHOT, "covid")), of(KIDNEY, rec.happened(SHOT, "covid"))),
    ask("what was injected on {x}", of(MOTHER, rec.what(SHOT, "", on("2016-02-24")), x="24 Feb 2016"), of(HEART, rec.what(SHOT, "", on("2010-01-27")), x="2010-01-27")),
    ask("Which care plans does {x} have open?", of(KIDNEY, rec.what("CarePlan", "", state="active"), x="Mrs Delacroix"), of(HEART, rec.what("CarePlan", "", state="active"), x="Augustus")),
    ask("which care plans were completed", of(MOTHER, rec.what("CarePlan", "", state="completed")), of(HEART, rec.what("CarePlan", "", state="completed"))),
    ask("Since when is there a {x}?", of(HEART, rec.date("CarePlan", "hyperlipidemia"), x="hyperlipidemia plan"), of(KIDNEY, rec.date("CarePlan", "chronic kidney"), x="CKD management plan")),
    ask("what does the {x} ask of the patient", of(HEART, rec.said("CarePlan", "hyperlipidemia", "low salt", "physical exercise", "smoking cessation"), x="lipid plan"), of(KIDNEY, rec.said("CarePlan", "chronic kidney", "renal diet"), x="kidney plan")),
    ask("did she ever have a {x}?", of(KIDNEY, rec.happened("Procedure", "mammograph"), x="mammogram"), of(KIDNEY, rec.happened("Procedure", "colonoscopy"), x="colonoscopy"), of(MOTHER, rec.happened("Procedure", "cesarean"), x="c-section")),
    ask("When was bone density measured, and what was the T-score at the spine?", of(KIDNEY, m.among(rec.said("DiagnosticReport Procedure", "dxa|bone density", "2.8"), rec.date("Procedure", "bone density"), lambda r: _score(r)))),
    ask("Current problem list?", of(KIDNEY, rec.what("Condition", state="active")), of(HEART, rec.what("Condition", state="active")), of(MOTHER, rec.what("Condition", state="active"))),
    ask("illnesses that are over", of(KIDNEY, rec.what("Condition", state="resolved"))),
    ask("Onset date of the {x}?", of(MOTHER, rec.date("Condition", "epilepsy", 0), x="epilepsy"), of(KIDNEY, rec.date("Condition", "lupus", 0), x="lupus"), of(HEART, rec.date("Condition", "stroke", 0), x="stroke")),
    ask("at what age did {x}?", of(HEART, who.age_then("Condition", "myocardial infarction"), x="he have the heart attack"), of(KIDNEY, who.age_then("Condition", "osteoporosis"), x="osteoporosis get diagnosed")),
    ask("When did she reach CKD stage 3?", of(KIDNEY, rec.date("Condition", "stage 3", 0))),
    ask("How long did she spend in stage 2 CKD?", of(KIDNEY, rec.lasted("stage 2"))),
    ask("date the preeclampsia resolved", of(MOTHER, rec.ended("preeclampsia"))),
    ask("how many pregnancies are recorded", of(MOTHER, rec.how_many("Condition", "normal pregnancy"))),
    ask("Has the patient ever miscarried?", of(MOTHER, rec.happened("Condition", "miscarriage"))),
    ask("Is {x} known to have {y}?", of(HEART, rec.has("gout"), x="the patient", y="gout"), of(KIDNEY, rec.has("lupus"), x="she", y="SLE")),
    ask("How did the body mass index develop from {x} to {y}?", of(MOTHER, m.course(BMI, None, between("2014", "2021")), x="2014", y="2021"), of(HEART, m.course(BMI, None, between("2010", "2017")), x="2010", y="2017"), type="trend"),
    ask("kilos gained or lost since {x}?", of(MOTHER, m.difference(WEIGHT, -1, 0, since("2015")), x="2015"), of(KIDNEY, m.difference(WEIGHT, -1, 0, since("2019")), x="2019")),
    ask("{x} reading from the {y} examination?", of(KIDNEY, m.value(POTASSIUM, -1, on("2020")), x="Potassium", y="2020"), of(HEART, m.value(HDL, -1, on("2014")), x="HDL", y="2014"), of(MOTHER, m.value(HEMOGLOBIN, -1, on("2019")), x="Haemoglobin", y="March 2019")),
    ask("How has {x} behaved over the years?", of(KIDNEY, m.course(EGFR, "falling"), x="the eGFR"), of(HEART, m.course(LDL, "falling"), x="LDL"), of(KIDNEY, m.course(CREATININE, "rising"), x="creatinine"), type="trend"),
    ask("When did eGFR go under {x} for the first time?", of(KIDNEY, m.passing(EGFR, "<", 60), x="60")),
    ask("Was total cholesterol ever under {x} mg/dL?", of(HEART, m.ever(CHOLESTEROL, "<", 190), x="190")),
    ask("worst triglycerides on file?", of(HEART, m.peak(TRIGLYCERIDES, max))),
    ask("What's the newest {x}, with date?", of(KIDNEY, m.last_with_day(ALBUMIN), x="microalbumin creatinine ratio"), of(HEART, m.last_with_day(URATE), x="uric acid")),
    ask("BP at the latest check?", of(HEART, m.pressure()), of(KIDNEY, m.pressure()), of(MOTHER, m.pressure())),
    ask("average systolic across the last three visits", of(KIDNEY, m.average("8480-6", None, 3)), of(HEART, m.average("8480-6", None, 3))),
    ask("diastolic above 90 - how often?", of(HEART, m.how_often("8462-4", None, ">", 90))),
    ask("Creatinine now compared with 2016?", of(KIDNEY, m.compare(CREATININE, on("2023"), on("2016"))), type="comparison"),
    ask("LDL before and after: 2008 vs the latest", of(HEART, m.difference(LDL, -1, 0)), type="comparison"),
    ask("Height please", of(MOTHER, m.value("8302-2"))),
    ask("tobacco?", of(MOTHER, m.among(rec.said("Observation", "smoking", "never", window=on("2021")), rec.true("Observation", "smoking", on("2021"), answer=False))), of(HEART, m.among(rec.said("Observation", "smoking", "former", window=on("2017")), rec.true("Observation", "smoking", on("2017"), answer=False)))),
    ask("Did the patient smoke in {x}?", of(HEART, rec.true("Observation", "smoking", on("2010")), x="2010")),
    ask("Prescriptions written on {x}?", of(HEART, rec.what(ORDER, "", on("2011-09-17")), x="17 September 2011"), of(MOTHER, rec.what(ORDER, "", on("2017-10-31")), x="2017-10-31"), of(KIDNEY, rec.what(ORDER, "", on("2022-06-14")), x="June 14, 2022")),
    ask("What does {x} take nowadays?", of(HEART, drug.current(), x="Mr Kertzmann"), of(KIDNEY, drug.current(), x="Marjorie Delacroix"), of(MOTHER, drug.current(), x="Imelda")),
    ask("why is she/he on {x}?", of(KIDNEY, drug.reason("hydroxychloroquine", "lupus"), x="hydroxychloroquine"), of(HEART, drug.reason("allopurinol", "gout"), x="allopurinol"), of(KIDNEY, drug.reason("alendronic", "osteoporosis"), x="alendronate")),
    ask("discontinued drugs", of(HEART, rec.what(ORDER, state="stopped")), of(MOTHER, rec.what(ORDER, state="stopped"))),
    ask("is {x} still prescribed?", of(HEART, drug.taking("atenolol"), x="atenolol"), of(MOTHER, drug.taking("carbamazepine"), x="carbamazepine")),
    ask("first prescription of {x}?", of(HEART, rec.date(ORDER, "lisinopril", 0), x="lisinopril"), of(KIDNEY, rec.date(ORDER, "amlodipine", 0), x="amlodipine")),
    ask("What strength of lisinopril is he on now?", of(HEART, rec.said(ORDER, "lisinopril 20", "20 mg"))),
    ask("when was the lisinopril dose raised to 20 mg", of(HEART, rec.date(ORDER, "lisinopril 20"))),
    ask("How is the {x} supposed to be taken?", of(MOTHER, rec.said(ORDER, "carbamazepine", "twice a day"), x="carbamazepine"), of(HEART, rec.said(ORDER, "lisinopril 20", "every morning"), x="lisinopril")),
    ask("which blood thinner or antiplatelet is prescribed?", of(HEART, rec.what(ORDER, "clopidogrel"))),
    ask("years on simvastatin so far", of(HEART, drug.on_for("simvastatin"))),
    ask("trips to the emergency room, total", of(MOTHER, who.visits("EMER")), of(HEART, who.visits("EMER")), of(KIDNEY, who.visits("EMER"))),
    ask("What was the emergency visit in {x} about?", of(MOTHER, rec.said("Encounter", "emergency", "seizure", window=on("2020-11")), x="November 2020"), of(HEART, rec.said("Encounter", "emergency", "chest pain", window=on("2016-11")), x="November 2016")),
    ask("How long was she in hospital for the {x} delivery?", of(MOTHER, who.stay_length(1), x="second")),
    ask("number of hospital stays", of(HEART, who.stays()), of(MOTHER, who.stays())),
    ask("What interventions were carried out on the day of the heart attack?", of(HEART, rec.what("Procedure", "", visit("EMER", 0)))),
    ask("dates of both deliveries?", of(MOTHER, lambda r: _deliveries(r))),
    ask("which anaesthesia for the births", of(MOTHER, rec.what("Procedure", "anesthesia"))),
    ask("result of the {x}?", of(MOTHER, rec.said("DiagnosticReport", "eeg", "no epileptiform", "9 hz"), x="EEG"), of(HEART, rec.said("DiagnosticReport", "ct head", "hypodensity", "middle cerebral"), x="head CT"), of(KIDNEY, rec.said("DiagnosticReport", "mammography", "bi-rads 2", "benign"), x="mammogram")),
    ask("Was there bleeding on the head CT?", of(HEART, m.among(rec.true("DiagnosticReport", "ct head", answer=False), rec.said("DiagnosticReport", "ct head", "no haemorrhage")))),
    ask("how many annual examinations between {x} and {y}", of(HEART, rec.how_many("Encounter", "general examination", between("2010", "2013")), x="2010", y="2013")),
    ask("Was the patient seen in {x}?", of(KIDNEY, rec.happened("Encounter", "", on("2022-06")), x="June 2022"), of(HEART, rec.happened("Encounter", "", on("2006")), x="2006")),
    ask("allergic to anything?", of(MOTHER, m.among(rec.what("AllergyIntolerance"), rec.true("AllergyIntolerance", ""))), of(KIDNEY, m.among(rec.what("AllergyIntolerance"), rec.true("AllergyIntolerance", "")))),
    ask("how did she react to {x}", of(MOTHER, rec.said("AllergyIntolerance", "shellfish", "urticaria"), x="shellfish"), of(KIDNEY, rec.said("AllergyIntolerance", "sulfonamide", "rash"), x="the sulfonamide")),
    ask("Can you give me the medical record number of {x}?", of(MOTHER, who.of_person("mrn-00520019"), x="Imelda Rosado"), of(HEART, who.of_person("55c0af10"), x="this patient")),
    ask("ethnic background?", of(MOTHER, who.of_person("hispanic"))),
    ask("Marital status?", of(KIDNEY, who.of_person("divorced")), of(HEART, who.of_person("single", "never married"))),
    ask("home town?", of(KIDNEY, who.of_person("fall river")), of(MOTHER, who.of_person("lowell"))),
    ask("what age is {x}?", of(KIDNEY, who.age(), x="Marjorie Delacroix"), of(HEART, who.age(), x="Augustus283 Kertzmann286")),
    ask("Who was billed for the visit on {x}?", of(HEART, rec.said("Claim ExplanationOfBenefit", "", "unitedhealthcare", window=on("2015-07")), x="2015-07-07")),
    ask("what antibiotics were given for the {x}?", of(KIDNEY, rec.what(ORDER, "sulfamethoxazole"), x="E. coli UTI"), of(MOTHER, rec.what(ORDER, "penicillin"), x="sinusitis")),
    ask("How many days passed between the stroke and the heart attack?", of(HEART, rec.days_between(("Condition", "stroke"), ("Condition", "22298006")))),
    ask("New diagnoses in {x}?", of(KIDNEY, rec.what("Condition", "", on("2021")), x="2021"), of(HEART, rec.what("Condition", "", on("2013")), x="2013")),
    ask("which conditions predate {x}", of(HEART, rec.what("Condition", "", before("2007")), x="2008")),
    ask("Has anything been diagnosed in the past twelve months?", of(HEART, rec.happened("Condition", "", last_days(365)))),
    ask("Sum up his heart disease for the cardiologist.", of(HEART, rec.told("coronary|infarction", "clopidogrel|simvastatin|lisinopril", never=("carbamazepine",))), type="summary"),
    ask("kidney history in a nutshell", of(KIDNEY, rec.told("stage 3|kidney", "egfr|glomerular", never=("clopidogrel",))), type="summary"),
    ask("implanted devices?", of(HEART, rec.what("Device"))),
    ask("how many distinct medicines has the chart", of(KIDNEY, rec.kinds_of(ORDER))),
    ask("When was the last visit of any kind?", of(KIDNEY, rec.date("Encounter")), of(MOTHER, rec.date("Encounter"))),
    ask("Were there check-ups last year?", of(MOTHER, rec.happened("Encounter", "general examination", last_year))),
    ask("did uric acid come down on allopurinol", of(HEART, lambda r: _came_down(r)), type="trend"),
]  # fmt: skip


def _score(r):
    found = r.pick("DiagnosticReport", "dxa")[0]
    return m.golden(r, [m.Result("number", -2.8, None)], [frozenset({reference(found)})])


def _deliveries(r):
    births = r.pick("Procedure", "childbirth|cesarean")
    groups = [frozenset({reference(b)}) for b in births]
    also = {reference(s) for s in r.stays}
    stays = tuple(frozenset({reference(b), b["encounter"]["reference"]}) for b in births)
    return m.golden(r, [m.Result("list", stays, also=frozenset(also))], groups, also)


def _came_down(r):
    points = r.series(URATE)
    results = [m.Result("boolean", points[-1].value < points[0].value), m.Result("trend", m.Trend(points[0].value, points[-1].value))]
    return m.golden(r, results, [frozenset({points[0].ref}), frozenset({points[-1].ref})], {p.ref for p in points})
