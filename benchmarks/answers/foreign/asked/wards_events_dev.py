"""Stays, procedures, drugs, cultures and the person, on the wards."""

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
    stay,
    this_month,
    this_year,
)
from benchmarks.answers.foreign.recorded import DRUG, GIVEN, ORDER
from benchmarks.answers.oracle import reference

HEART, LIVER, SEPSIS = "ward-heart", "ward-liver", "ward-sepsis"
TEST = "culture|mrsa screen"

ASKED = [
    ask("When did the patient leave the hospital for the last time?", of(HEART, who.stay_date(-1, "end")), of(LIVER, who.stay_date(-1, "end"))),
    ask("what was the time of the first hospital admission of patient {n}?", of(HEART, who.stay_date(0, "start", minute=True), n="10017341"), of(SEPSIS, who.stay_date(0, "start", minute=True), n="10031207")),
    ask("How many hospital admissions has the patient had since {x}?", of(HEART, who.stays(since("2170")), x="2170"), of(LIVER, who.stays(since("2170-06")), x="June 2170")),
    ask("how many days did the patient stay in the hospital during the {x} visit?", of(HEART, who.stay_length(1), x="second"), of(LIVER, who.stay_length(0), x="first"), of(SEPSIS, who.stay_length(0), x="first")),
    ask("Where was the patient discharged to after the last hospital stay?", of(HEART, who.of_stay(-1, "home"))),
    ask("where did she go when she left the hospital in 2163", of(SEPSIS, who.of_stay(0, "home"))),
    ask("discharge disposition of the {x} admission?", of(HEART, who.of_stay(1, "skilled nursing"), x="May 2171"), of(LIVER, who.of_stay(2, "against advice"), x="most recent")),
    ask("From where was the patient admitted the second time?", of(HEART, who.of_stay(1, "transfer from hospital"))),
    ask("which care unit was the patient first in during the last stay?", of(SEPSIS, who.of_stay(-1, "emergency department"))),
    ask("Was the patient in the MICU in 2171?", of(HEART, who.in_stay(1, True))),
    ask("is she still an inpatient", of(SEPSIS, rec.true("Encounter", "", stay(-1)))),
    ask("when was she admitted this time?", of(SEPSIS, who.stay_date(-1, "start"))),
    ask("What is the gender of patient {n}?", of(HEART, who.of_person("male"), n="10017341"), of(LIVER, who.of_person("female"), n="10023886")),
    ask("how old is the patient", of(HEART, who.age()), of(SEPSIS, who.age())),
    ask("What is the marital status of patient {n}?", of(HEART, who.of_person("married"), n="10017341"), of(SEPSIS, who.of_person("widow"), n="10031207")),
    ask("patient's race?", of(LIVER, who.of_person("hispanic/latino", "hispanic or latino"))),
    ask("What language does the patient speak?", of(LIVER, who.of_person("spanish", "es"))),
    ask("what's the date of birth on file", of(SEPSIS, who.born)),
    ask("what was the patient's age at the first hospital admission?", of(HEART, who.age("2169-11-02"))),
    # procedures
    ask("What was the name of the procedure that was given two or more times to the patient since {x}?", of(HEART, rec.repeated("Procedure", 2, since("2171")), x="2171"), of(LIVER, rec.repeated("Procedure", 2, since("2170")), x="2170")),
    ask("Count the number of times the patient received a {x} procedure in the last hospital encounter.", of(SEPSIS, rec.how_many("Procedure", "urinary filtration", stay(-1)), x="urinary filtration"), of(LIVER, rec.how_many("Procedure", "peritoneal", stay(-1)), x="peritoneal drainage")),
    ask("what procedures were done during the first hospital stay?", of(HEART, rec.what("Procedure", "", stay(0))), of(SEPSIS, rec.what("Procedure", "", stay(0)))),
    ask("When was the last thoracentesis?", of(HEART, rec.date("Procedure", "thoracentesis"))),
    ask("first time the ascites was drained?", of(LIVER, rec.date("Procedure", "drainage of peritoneal", 0))),
    ask("has the patient undergone a transfusion of red blood cells in {x}?", of(LIVER, rec.happened("Procedure", "red blood cells", on("2170")), x="2170"), of(HEART, rec.happened("Procedure", "red blood cells", on("2171")), x="2171")),
    ask("has she been dialysed this admission, and how many sessions?", of(SEPSIS, m.among(rec.how_many("Procedure", "urinary filtration", stay(-1)), rec.happened("Procedure", "urinary filtration", stay(-1))))),
    ask("was he ever intubated?", of(HEART, rec.happened("Procedure", "endotracheal"))),
    ask("How many days after admission was the gallbladder removed in 2163?", of(SEPSIS, lambda r: _to_surgery(r))),
    ask("which procedure did the patient receive last?", of(HEART, rec.what("Procedure", "", None, last=True)), of(LIVER, rec.what("Procedure", "", None, last=True))),
    ask("How many different procedures were coded for the 2171 stay?", of(HEART, rec.kinds_of("Procedure", "", stay(1)))),
    # drugs
    ask("How many days has it been since the patient's last prescription of {x}?", of(HEART, rec.days_since(ORDER, "vancomycin"), x="vancomycin"), of(LIVER, rec.days_since(ORDER, "ceftriaxone"), x="ceftriaxone")),
    ask("What route of administration did the first prescribed {x} have?", of(HEART, drug.route("furosemide", 0), x="furosemide"), of(LIVER, drug.route("lactulose", 0), x="lactulose"), of(SEPSIS, drug.route("heparin", 0), x="heparin")),
    ask("What is the dose of {x} that was prescribed first?", of(HEART, drug.dose("furosemide", 0), x="furosemide"), of(SEPSIS, drug.dose("piperacillin", 0), x="pip-tazo"), of(LIVER, drug.dose("octreotide", 0), x="octreotide")),
    ask("Which drugs were prescribed within 2 days after the {x} was performed?", of(SEPSIS, rec.soon_after(("Procedure", "cholecystectomy"), ORDER, 2), x="cholecystectomy")),
    ask("what was the name of the drug which the patient was prescribed for the first time on the last hospital visit?", of(HEART, rec.what(ORDER, "", stay(-1), first=True))),
    ask("Has the patient been prescribed {x} since {y}?", of(HEART, rec.happened(ORDER, "warfarin", since("2171")), x="warfarin", y="2171"), of(LIVER, rec.happened(ORDER, "rifaximin", since("2170-10")), x="rifaximin", y="October 2170")),
    ask("When was {x} prescribed to the patient for the first time?", of(HEART, rec.date(ORDER, "metoprolol", 0), x="metoprolol tartrate"), of(LIVER, rec.date(ORDER, "nadolol", 0), x="nadolol"), of(SEPSIS, rec.date(ORDER, "meropenem", 0), x="meropenem")),
    ask("at what time was the first dose of vancomycin actually given?", of(HEART, rec.date(GIVEN, "vancomycin", 0, minute=True))),
    ask("how many doses of ceftriaxone did she get in the second stay", of(LIVER, rec.how_many(GIVEN, "ceftriaxone", stay(1)))),
    ask("what antibiotics has she been on this admission", of(SEPSIS, rec.what(ORDER, "piperacillin|meropenem", stay(-1)))),
    ask("which pressors were used in this stay?", of(SEPSIS, rec.what(ORDER, "norepinephrine|vasopressin", stay(-1)))),
    ask("List everything prescribed during the last stay.", of(LIVER, rec.what(ORDER, "", stay(-1))), of(HEART, rec.what(ORDER, "", stay(-1)))),
    ask("What medications is the patient currently on?", of(SEPSIS, drug.current())),
    ask("Is she still on {x}?", of(SEPSIS, drug.taking("norepinephrine"), x="norepi"), of(SEPSIS, drug.taking("meropenem"), x="meropenem")),
    ask("when did the pressors come off (norepinephrine order end)?", of(SEPSIS, drug.order_ended("norepinephrine"))),
    ask("anticoagulated? which agent was ordered most recently", of(HEART, rec.what(ORDER, "apixaban"))),
    ask("how many drugs was the patient prescribed in the first hospital visit?", of(HEART, rec.kinds_of(ORDER, "", stay(0))), of(SEPSIS, rec.kinds_of(ORDER, "", stay(0)))),
    ask("Frequency of the metoprolol order?", of(HEART, rec.said(ORDER, "metoprolol", "bid", "twice"))),
    # cultures
    ask("Has the patient received any microbiology test {x}?", of(SEPSIS, rec.happened("Observation", "blood culture", last_days(7)), x="in the past week"), of(HEART, rec.happened("Observation", TEST, this_month), x="this month")),
    ask("What organism grew in the {x} culture?", of(HEART, rec.said("Observation", "staph aureus|respiratory culture", "staph"), x="sputum"), of(LIVER, rec.said("Observation", "escherichia|fluid culture", "escherichia", "e. coli"), x="peritoneal fluid"), of(SEPSIS, rec.said("Observation", "escherichia|urine culture", "escherichia", "e. coli"), x="urine")),
    ask("How many blood cultures were sent during the current admission?", of(SEPSIS, rec.how_many("Observation", "blood culture", stay(-1)))),
    ask("is the E. coli from blood sensitive to meropenem", of(SEPSIS, rec.true("Observation", "meropenem", on("2165-01-27")))),
    ask("which antibiotics was the blood isolate resistant to?", of(SEPSIS, lambda r: _resistant(r))),
    ask("What specimens were collected for culture on 27 Jan 2165?", of(SEPSIS, rec.what("Specimen", "", on("2165-01-27")))),
    ask("When was the last MRSA screen?", of(HEART, rec.date("Observation", "mrsa screen"))),
    # diagnoses and reports
    ask("What was the patient diagnosed with on the {x} hospital visit?", of(HEART, rec.what("Condition", "", stay(0)), x="first"), of(LIVER, rec.what("Condition", "", stay(-1)), x="last"), of(SEPSIS, rec.what("Condition", "", stay(0)), x="first")),
    ask("has the patient been diagnosed with acute kidney failure {x}?", of(HEART, rec.happened("Condition", "acute kidney failure", on("2171")), x="in 2171"), of(LIVER, rec.happened("Condition", "acute kidney failure", before("2170-10")), x="before october 2170")),
    ask("When was he first diagnosed with atrial fibrillation?", of(HEART, rec.date("Condition", "atrial fibrillation", 0))),
    ask("is there a diagnosis of diabetes", of(HEART, rec.happened("Condition", "diabetes"))),
    ask("Number of diagnoses coded for patient 10031207's current stay?", of(SEPSIS, rec.how_many("Condition", "", stay(-1)))),
    ask("What is the ejection fraction?", of(HEART, m.among(rec.said("DiagnosticReport", "echocardiogram", "35"), lambda r: _fraction(r)))),
    ask("What did the {x} show?", of(SEPSIS, rec.said("DiagnosticReport", "chest", "no pneumothorax", "pleural effusion", "central line"), x="portable chest film"), of(LIVER, rec.said("DiagnosticReport", "liver or gall", "nodular", "ascites", "cirrhosis"), x="liver ultrasound")),
    ask("any abscess on the CT?", of(SEPSIS, m.among(rec.true("DiagnosticReport", "ct abd", answer=False), rec.said("DiagnosticReport", "ct abd", "no drainable abscess")))),
    ask("portal vein patent?", of(LIVER, m.among(rec.true("DiagnosticReport", "liver or gall"), rec.said("DiagnosticReport", "liver or gall", "patent")))),
    ask("how many ed visits has the patient had", of(HEART, who.visits("EMER")), of(SEPSIS, who.visits("EMER"))),
    ask("Was there a hospital stay {x}?", of(LIVER, who.any_stay(last_year), x="last year"), of(HEART, who.any_stay(between("2170-01", "2170-12")), x="in 2170"), of(HEART, who.any_stay(this_year), x="this year")),
    ask("Summarise the hospital course of this admission so far.", of(SEPSIS, rec.told("meropenem", "escherichia|e\\. ?coli|sepsis", never=("warfarin",))), type="summary"),
    ask("any {x} given at all?", of(LIVER, rec.happened(DRUG, "albumin 25"), x="IV albumin"), of(SEPSIS, rec.happened(DRUG, "vancomycin"), x="vanc"), of(HEART, rec.happened(DRUG, "cefepime"), x="cefepime")),
]  # fmt: skip




def _to_surgery(r):
    operation, admitted = r.pick("Procedure", "cholecystectomy")[0], r.stays[0]
    return m.golden(r, [m.Result("number", 0.0, "d", 1)], [frozenset({reference(operation)})], {reference(admitted)})



def _resistant(r):
    """The answers of the isolate of the first blood culture."""
    members = [
        o for o in r.pick("Observation", "", on("2165-01-27T21"))
        if o.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code") == "R"
    ]  # fmt: skip
    blood = [o for o in members if rec.name(r, o) in ("CEFTRIAXONE", "CIPROFLOXACIN", "AMPICILLIN")]
    groups: dict[str, set[str]] = {}
    for each in blood:
        groups.setdefault(rec.name(r, each), set()).add(reference(each))
    must = [frozenset(g) for g in groups.values()]
    also = {reference(o) for o in r.pick("Observation", "escherichia|culture|meropenem|gentamicin", on("2165-01-27"))}
    return m.golden(r, [m.Result("list", tuple(must), also=frozenset(also))], must, also)


def _fraction(r):
    found = r.pick("DiagnosticReport", "echocardiogram")[0]
    return m.golden(r, [m.Result("number", 35.0, "%"), m.Result("number", 35.0, None)], [frozenset({reference(found)})])
