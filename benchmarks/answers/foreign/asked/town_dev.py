"""Lives in a town's practices."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import persons as who
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import (
    before,
    between,
    last_days,
    last_year,
    on,
    since,
    this_year,
    visit,
)
from benchmarks.answers.foreign.recorded import ORDER
from benchmarks.answers.oracle import reference

DIABETIC, CHILD, LUNG = "town-diabetic", "town-child", "town-lung"
WEIGHT, BMI, A1C, GLUCOSE, CREATININE = "29463-7", "39156-5", "4548-4", "2339-0", "38483-4"
LDL, EGFR, SODIUM, HEMOGLOBIN = "18262-6", "33914-3", "2947-0", "718-7"
SHOT = "Immunization"

ASKED = [
    ask("Which vaccines has {x} had?", of(DIABETIC, rec.what(SHOT), x="Mrs Schamberger"), of(CHILD, rec.what(SHOT), x="Theo")),
    ask("when was the last flu shot", of(DIABETIC, rec.date(SHOT, "influenza")), of(LUNG, rec.date(SHOT, "influenza"))),
    ask("How many influenza vaccinations are on record since {y}?", of(DIABETIC, rec.how_many(SHOT, "influenza", since("2015")), y="2015"), of(CHILD, rec.how_many(SHOT, "influenza", since("2018")), y="2018")),
    ask("Has he completed his HPV series - dates please", of(CHILD, lambda r: _dates(r))),
    ask("Did he ever get pneumovax?", of(LUNG, rec.happened(SHOT, "pneumococcal"))),
    ask("tetanus up to date? when was the last one", of(LUNG, rec.date(SHOT, "td (adult)")), of(CHILD, rec.date(SHOT, "tdap"))),
    ask("Which shots were given at the visit on {d}?", of(CHILD, rec.what(SHOT, "", on("2020-11-07")), d="2020-11-07"), of(DIABETIC, rec.what(SHOT, "", on("2017-05-31")), d="31 May 2017")),
    ask("What are the current care plans?", of(DIABETIC, rec.what("CarePlan", "", state="active")), of(LUNG, rec.what("CarePlan", "", state="active")), of(CHILD, rec.what("CarePlan", "", state="active"))),
    ask("when did the {x} plan start", of(DIABETIC, rec.date("CarePlan", "diabetes self"), x="diabetes self-management"), of(LUNG, rec.date("CarePlan", "cancer care"), x="cancer care")),
    ask("What activities are part of the {x}?", of(DIABETIC, rec.said("CarePlan", "diabetes self", "diabetic diet", "exercise therapy"), x="diabetes self management plan"), of(CHILD, rec.said("CarePlan", "asthma", "allergy education", "deep breathing"), x="asthma plan")),
    ask("Is the fracture care plan still active?", of(DIABETIC, rec.true("CarePlan", "fracture care", answer=False))),
    ask("has she ever had a colonoscopy?", of(DIABETIC, rec.happened("Procedure", "colonoscopy"))),
    ask("When was the most recent colonoscopy and what was found?", of(DIABETIC, m.among(rec.date("Procedure", "colonoscopy"), rec.said("DiagnosticReport Procedure", "history and physical|colonoscopy", "two sessile polyps", "polyp", window=on("2020-02-11"))))),
    ask("What conditions are active?", of(DIABETIC, rec.what("Condition", state="active")), of(LUNG, rec.what("Condition", state="active"))),
    ask("which problems have resolved", of(CHILD, rec.what("Condition", state="resolved")), of(DIABETIC, rec.what("Condition", state="resolved"))),
    ask("When was {x} diagnosed?", of(CHILD, rec.date("Condition", "asthma", 0), x="asthma"), of(DIABETIC, rec.date("Condition", "type 2 (disorder)", 0), x="type 2 diabetes"), of(LUNG, rec.date("Condition", "obstructive bronchitis", 0), x="the COPD")),
    ask("how old was {x} when the {y} was diagnosed", of(DIABETIC, who.age_then("Condition", "neuropathy"), x="she", y="neuropathy"), of(LUNG, who.age_then("Condition", "small cell carcinoma of lung (disorder)"), x="he", y="lung cancer")),
    ask("When did the prediabetes turn into diabetes?", of(DIABETIC, rec.date("Condition", "diabetes mellitus type 2", 0))),
    ask("did the concussion resolve, and when?", of(CHILD, m.among(rec.ended("concussion injury"), rec.true("Condition", "concussion injury")))),
    ask("How long did the forearm fracture take to heal?", of(DIABETIC, rec.lasted("fracture of forearm"))),
    ask("Is the patient diabetic?", of(DIABETIC, rec.has("diabetes mellitus type 2"))),
    ask("BMI trend over the past 5 years", of(DIABETIC, m.course(BMI, None, last_days(1826))), of(LUNG, m.course(BMI, None, last_days(1826))), type="trend"),
    ask("By how much did {x} weight change since {y}?", of(DIABETIC, m.difference(WEIGHT, -1, 0, since("2018")), x="her", y="2018"), of(LUNG, m.difference(WEIGHT, -1, 0, since("2014")), x="his", y="2014"), of(CHILD, m.difference(WEIGHT, -1, 0, since("2019")), x="his", y="2019")),
    ask("is he losing weight?", of(LUNG, m.course(WEIGHT, "falling")), type="trend"),
    ask("What was the {x} at the check-up in {y}?", of(DIABETIC, m.value(A1C, -1, on("2018")), x="HbA1c", y="2018"), of(LUNG, m.value(SODIUM, -1, on("2013")), x="sodium", y="March 2013"), of(CHILD, m.value(WEIGHT, -1, on("2019")), x="weight", y="2019")),
    ask("A1c over the years", of(DIABETIC, m.course(A1C, "rising")), type="trend"),
    ask("first eGFR under {x}?", of(DIABETIC, m.passing(EGFR, "<", 80), x="80")),
    ask("has LDL ever been above 130 mg/dL", of(DIABETIC, m.ever(LDL, ">", 130))),
    ask("What's the last HbA1c, and is it more than a year old?", of(DIABETIC, m.among(m.value(A1C), m.last_with_day(A1C)))),
    ask("How did the kidney function change between 2016 and 2020 (eGFR)?", of(DIABETIC, m.difference(EGFR, -1, 0, between("2016", "2020"))), type="trend"),
    ask("Give the last blood pressure.", of(DIABETIC, m.pressure()), of(LUNG, m.pressure()), of(CHILD, m.pressure())),
    ask("highest systolic ever recorded?", of(LUNG, m.peak("8480-6", max))),
    ask("mean diastolic of the last four check-ups", of(DIABETIC, m.average("8462-4", None, 4))),
    ask("hgb trend since 2010", of(LUNG, m.course(HEMOGLOBIN, "falling")), type="trend"),
    ask("Creatinine, first on record vs latest?", of(LUNG, m.difference(CREATININE, -1, 0)), type="comparison"),
    ask("when was glucose last over 150", of(DIABETIC, m.passing(GLUCOSE, ">", 150, -1))),
    ask("How tall is the patient?", of(LUNG, m.value("8302-2")), of(CHILD, m.value("8302-2"))),
    ask("What was the most recent pain score?", of(LUNG, m.value("72514-3"))),
    ask("Does {x} smoke?", of(CHILD, rec.true("Observation", "smoking", on("2022"), answer=False), x="he"), of(LUNG, m.among(rec.true("Observation", "smoking", on("2017"), answer=False), rec.said("Observation", "smoking", "former", window=on("2017"))), x="Mr Quigley")),
    ask("when did he stop smoking (first visit as a former smoker)?", of(LUNG, lambda r: _quit(r))),
    ask("What was prescribed at the visit on {x}?", of(DIABETIC, rec.what(ORDER, "", on("2019-03-04")), x="2019-03-04"), of(CHILD, rec.what(ORDER, "", on("2016-12-08")), x="8 December 2016")),
    ask("Which medications is {x} taking at the moment?", of(DIABETIC, drug.current(), x="Lorene"), of(LUNG, drug.current(), x="Wilbur Quigley"), of(CHILD, drug.current(), x="the boy")),
    ask("what is the {x} for", of(DIABETIC, drug.reason("metformin", "diabetes"), x="metformin"), of(CHILD, drug.reason("albuterol", "asthma"), x="albuterol inhaler")),
    ask("which medications have been stopped?", of(DIABETIC, rec.what(ORDER, state="stopped")), of(CHILD, rec.what(ORDER, state="stopped"))),
    ask("Is she still taking naproxen?", of(DIABETIC, drug.taking("naproxen"))),
    ask("When was insulin started?", of(DIABETIC, rec.date(ORDER, "insulin", 0))),
    ask("on any inhaled steroid?", of(CHILD, drug.taking("fluticasone")), of(LUNG, drug.taking("fluticasone"))),
    ask("Which chemotherapy drugs did he receive?", of(LUNG, rec.what(ORDER, "etoposide|cisplatin"))),
    ask("How should the donepezil be taken?", of(LUNG, rec.said(ORDER, "donepezil", "bedtime"))),
    ask("how many years has she been on hydrochlorothiazide", of(DIABETIC, drug.on_for("hydrochlorothiazide"))),
    ask("How many emergency visits has {x} had?", of(CHILD, who.visits("EMER"), x="the kid"), of(LUNG, who.visits("EMER"), x="he"), of(DIABETIC, who.visits("EMER"), x="the patient")),
    ask("Why did he come to the ED in {x}?", of(CHILD, rec.said("Encounter", "emergency", "asthma", window=on("2019-04")), x="April 2019"), of(LUNG, rec.said("Encounter", "emergency", "dyspnea", window=on("2017-03")), x="March 2017")),
    ask("when was the last visit to the emergency room?", of(CHILD, rec.date("Encounter", "emergency"))),
    ask("How many times was he hospitalised in 2016?", of(LUNG, who.stays(on("2016")))),
    ask("how long was the hospital stay of August 2016?", of(LUNG, who.stay_length(0))),
    ask("What was done during the first inpatient stay?", of(LUNG, rec.what("Procedure", "", visit("IMP", 0)))),
    ask("How many sessions of combined chemo and radiation?", of(LUNG, rec.how_many("Procedure", "combined chemotherapy"))),
    ask("How large is the lung mass on CT?", of(LUNG, m.among(rec.said("DiagnosticReport", "chest ct", "31 mm"), lambda r: _mass(r)))),
    ask("what did the chest ct say", of(LUNG, rec.said("DiagnosticReport", "chest ct", "spiculated mass", "right upper lobe"))),
    ask("Was there a pleural effusion on the chest CT?", of(LUNG, m.among(rec.true("DiagnosticReport", "chest ct", answer=False), rec.said("DiagnosticReport", "chest ct", "no pleural effusion")))),
    ask("number of check-ups since {x}", of(DIABETIC, rec.how_many("Encounter", "general examination", since("2018")), x="2018"), of(CHILD, rec.how_many("Encounter", "general examination", since("2020")), x="2020")),
    ask("Any visits in {x}?", of(DIABETIC, rec.happened("Encounter", "", on("2020-02")), x="february 2020"), of(CHILD, rec.happened("Encounter", "", on("2014")), x="2014")),
    ask("What allergies does {x} have?", of(CHILD, rec.what("AllergyIntolerance"), x="Theo"), of(LUNG, rec.what("AllergyIntolerance"), x="Mr. Quigley")),
    ask("what happens when he eats peanuts", of(CHILD, rec.said("AllergyIntolerance", "peanut", "anaphylaxis"))),
    ask("is he allergic to penicillin?", of(LUNG, rec.true("AllergyIntolerance", "penicillin"))),
    ask("MRN?", of(CHILD, who.of_person("mrn-00418876")), of(LUNG, who.of_person("mrn-00971342"))),
    ask("What is the patient's ethnicity?", of(DIABETIC, who.of_person("not hispanic"))),
    ask("Is the patient married?", of(LUNG, m.among(who.of_person("widow"), who.person_is(False)))),
    ask("which city does she live in", of(DIABETIC, who.of_person("springfield"))),
    ask("How old is {x} now?", of(CHILD, who.age(), x="Theo Brekke"), of(DIABETIC, who.age(), x="Lorene417 Schamberger479")),
    ask("What insurance did the {x} visit go to?", of(LUNG, rec.said("Claim ExplanationOfBenefit", "", "medicare", window=on("2017-03-15")), x="2017-03-15")),
    ask("What kinds of antibiotics has the child had?", of(CHILD, rec.what(ORDER, "amoxicillin"))),
    ask("Was any spirometry done?", of(CHILD, rec.happened("Procedure", "respiratory function"))),
    ask("time between the diabetes diagnosis and starting insulin?", of(DIABETIC, rec.days_between(("Condition", "diabetes mellitus type 2"), (ORDER, "insulin")))),
    ask("did anything get diagnosed last year?", of(DIABETIC, rec.happened("Condition", "", last_year)), of(CHILD, rec.happened("Condition", "", last_year))),
    ask("Was she seen this year?", of(DIABETIC, rec.happened("Encounter", "", this_year))),
    ask("Conditions he already had before {x}?", of(LUNG, rec.what("Condition", "", before("2012")), x="2013")),
    ask("Summarize his cancer story.", of(LUNG, rec.told("small cell|carcinoma", "chemo|cisplatin|etoposide", never=("insulin",))), type="summary"),
    ask("give me the gist of her diabetes care", of(DIABETIC, rec.told("metformin", "a1c|hemoglobin a1c", never=("cisplatin",))), type="summary"),
    ask("Does he use any home equipment like an oxygen mask?", of(LUNG, rec.happened("Device", "oxygen"))),
    ask("number of distinct drugs ever prescribed to the child", of(CHILD, rec.kinds_of(ORDER))),
    ask("How long since her last check-up?", of(DIABETIC, rec.days_since("Encounter", "general examination"))),
]  # fmt: skip


def _dates(r):
    found = r.pick(SHOT, "hpv")
    groups = [frozenset({reference(f)}) for f in found]
    results = [m.Result("list", tuple(groups)), m.Result("date", r.dated(found[-1])[:10]), m.Result("boolean", True)]
    return m.golden(r, results, groups)




def _quit(r):
    first = next(
        o for o in r.pick("Observation", "72166-2") if o["valueCodeableConcept"]["text"] == "Former smoker"
    )
    return m.golden(r, [m.Result("date", r.dated(first)[:10])], [frozenset({reference(first)})])




def _mass(r):
    found = r.pick("DiagnosticReport", "chest ct")[0]
    return m.golden(r, [m.Result("number", 31.0, "mm")], [frozenset({reference(found)})])
