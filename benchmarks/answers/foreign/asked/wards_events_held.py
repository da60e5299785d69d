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
)
from benchmarks.answers.foreign.recorded import DRUG, GIVEN, ORDER
from benchmarks.answers.oracle import reference

HEART, LUNGS, PANCREAS = "ward-coronary", "ward-lungs", "ward-pancreas"

ASKED = [
    ask("what was the last time the patient was discharged from hospital?", of(HEART, who.stay_date(-1, "end")), of(LUNGS, who.stay_date(-1, "end"))),
    ask("Exact time of the latest admission to the hospital?", of(HEART, who.stay_date(-1, "start", minute=True)), of(PANCREAS, who.stay_date(-1, "start", minute=True))),
    ask("Number of times patient {n} was admitted to hospital {y}.", of(HEART, who.stays(on("2152")), n="10042915", y="in 2152"), of(LUNGS, who.stays(), n="10055820", y="in total"), of(PANCREAS, who.stays(since("2161")), n="10068033", y="since 2161")),
    ask("What was the length of the patient's {x} hospital stay?", of(HEART, who.stay_length(0), x="first"), of(LUNGS, who.stay_length(1), x="most recent"), of(PANCREAS, who.stay_length(0), x="2160")),
    ask("after the bypass, where was he sent", of(HEART, who.of_stay(0, "rehab"))),
    ask("what kind of facility was she discharged to in September 2147?", of(LUNGS, who.of_stay(1, "chronic/long term", "long term acute"))),
    ask("How was the patient admitted on the {x} visit - through which source?", of(LUNGS, who.of_stay(1, "transfer from hospital"), x="last"), of(HEART, who.of_stay(2, "physician referral"), x="last")),
    ask("Which wards or units did the patient pass through during the stay of June 2152?", of(HEART, lambda r: _units(r, 1, ("coronary care unit", "cardiology", "emergency department")))),
    ask("was the patient ever in the CVICU?", of(HEART, who.in_stay(0, True))),
    ask("Has he been discharged yet?", of(PANCREAS, who.in_stay(-1, False))),
    ask("how many hours or days has the current stay lasted", of(PANCREAS, lambda r: _lasting(r))),
    ask("sex of the patient?", of(HEART, who.of_person("male")), of(LUNGS, who.of_person("female"))),
    ask("What's the patient's age today?", of(HEART, who.age()), of(PANCREAS, who.age())),
    ask("Is patient {n} single, married or divorced?", of(HEART, who.of_person("single", "never married"), n="10042915"), of(PANCREAS, who.of_person("married"), n="10068033")),
    ask("which race is recorded for patient {n}?", of(HEART, who.of_person("asian"), n="10042915"), of(PANCREAS, who.of_person("portuguese"), n="10068033")),
    ask("needs an interpreter? what language is on file", of(HEART, who.of_person("chinese", "zh"))),
    ask("Is the patient still alive? If not, when did she die?", of(LUNGS, lambda r: _alive(r))),
    ask("DOB", of(HEART, who.born), of(PANCREAS, who.born)),
    ask("How old was patient 10042915 when he had his first heart attack admission?", of(HEART, who.age("2149-10-05"))),
    # procedures
    ask("Which procedures has the patient undergone at least twice since {x}?", of(HEART, rec.repeated("Procedure", 2, since("2149")), x="2149")),
    ask("In the {x} hospital encounter, how often did the patient get {y}?", of(HEART, rec.how_many("Procedure", "packed cells", stay(0)), x="first", y="a transfusion of packed cells"), of(LUNGS, rec.how_many("Procedure", "non-invasive", stay(0)), x="first", y="non-invasive ventilation")),
    ask("tell me the procedures of the {x} stay", of(HEART, rec.what("Procedure", "", stay(1)), x="June 2152"), of(LUNGS, rec.what("Procedure", "", stay(1)), x="2147")),
    ask("date of the {x}?", of(HEART, rec.date("Procedure", "coronary artery bypass"), x="CABG"), of(LUNGS, rec.date("Procedure", "tracheostomy"), x="trach"), of(HEART, rec.date("Procedure", "restoration of cardiac rhythm"), x="cardioversion")),
    ask("Did patient {n} have a {x} {y}?", of(LUNGS, rec.happened("Procedure", "endotracheal", on("2147")), n="10055820", x="breathing tube inserted", y="in 2147"), of(PANCREAS, rec.happened("Procedure", "cholecystectomy"), n="10068033", x="cholecystectomy", y="at any time"), of(HEART, rec.happened("Procedure", "catheterization", on("2149")), n="10042915", x="cardiac catheterization", y="in 2149")),
    ask("Stents placed? when", of(HEART, m.among(rec.date("Procedure", "drug-eluting"), rec.happened("Procedure", "drug-eluting")))),
    ask("How long between intubation and the tracheostomy?", of(LUNGS, rec.days_between(("Procedure", "endotracheal"), ("Procedure", "tracheostomy")))),
    ask("What procedure came first in this patient's record?", of(LUNGS, rec.what("Procedure", "", None, first=True))),
    ask("was a CT performed in the present stay", of(PANCREAS, rec.happened("Procedure DiagnosticReport", "computed tomography|ct abdomen", stay(-1)))),
    ask("how many procedures does the first stay have coded, different ones?", of(HEART, rec.kinds_of("Procedure", "", stay(0)))),
    # drugs
    ask("It has been how many days since {x} was last prescribed to the patient?", of(HEART, rec.days_since(ORDER, "ticagrelor"), x="ticagrelor"), of(LUNGS, rec.days_since(ORDER, "linezolid"), x="linezolid")),
    ask("By which route was {x} first ordered?", of(HEART, drug.route("nitroglycerin", 0), x="nitroglycerin"), of(LUNGS, drug.route("prednisone", 0), x="oral prednisone"), of(PANCREAS, drug.route("enoxaparin", 0), x="enoxaparin")),
    ask("how much {x} was prescribed the last time?", of(HEART, drug.dose("aspirin", -1), x="aspirin"), of(LUNGS, drug.dose("levofloxacin", -1), x="levofloxacin"), of(PANCREAS, drug.dose("insulin glargine", -1), x="insulin glargine")),
    ask("Drugs ordered within {d} after the {x}?", of(HEART, rec.soon_after(("Procedure", "drug-eluting"), ORDER, 2), d="two days", x="coronary stent")),
    ask("what was the first medication ordered on the {x} hospital visit?", of(LUNGS, rec.what(ORDER, "", stay(0), first=True), x="first"), of(HEART, rec.what(ORDER, "", stay(-1), first=True), x="last")),
    ask("Was {x} prescribed {y}?", of(HEART, rec.happened(ORDER, "warfarin"), x="warfarin", y="at any time"), of(LUNGS, rec.happened(ORDER, "azithromycin", on("2146")), x="azithromycin", y="in 2146"), of(PANCREAS, rec.happened(ORDER, "gemfibrozil", since("2161")), x="gemfibrozil", y="since 2161")),
    ask("On what date was {x} first ordered?", of(HEART, rec.date(ORDER, "clopidogrel", 0), x="clopidogrel"), of(LUNGS, rec.date(ORDER, "cisatracurium", 0), x="the paralytic cisatracurium"), of(PANCREAS, rec.date(ORDER, "glargine", 0), x="long-acting insulin")),
    ask("exact time of the first {x} dose", of(HEART, rec.date(GIVEN, "cefazolin", 0, minute=True), x="cefazolin"), of(LUNGS, rec.date(GIVEN, "linezolid", 0, minute=True), x="linezolid")),
    ask("how many times was {x} administered in {y}?", of(PANCREAS, rec.how_many(GIVEN, "hydromorphone", stay(0)), x="hydromorphone", y="2160"), of(LUNGS, rec.how_many(GIVEN, "albuterol 0.083", stay(0)), x="the albuterol neb", y="the 2146 stay")),
    ask("antibiotics used in {x}?", of(LUNGS, rec.what(ORDER, "levofloxacin|linezolid", stay(1)), x="the 2147 hospitalization"), of(HEART, rec.what(ORDER, "cefazolin", stay(0)), x="2149")),
    ask("What sedation or paralysis did she get on drips?", of(LUNGS, rec.what(ORDER, "propofol|fentanyl|cisatracurium"))),
    ask("What all was ordered during the {x} stay?", of(HEART, rec.what(ORDER, "", stay(-1)), x="last"), of(PANCREAS, rec.what(ORDER, "", stay(0)), x="first")),
    ask("active orders right now?", of(PANCREAS, drug.current())),
    ask("{x} still running?", of(PANCREAS, drug.taking("insulin regular"), x="insulin drip"), of(PANCREAS, drug.taking("enoxaparin"), x="lovenox")),
    ask("until when was the propofol drip ordered", of(LUNGS, drug.order_ended("propofol"))),
    ask("Which anticoagulant was the last to be prescribed?", of(HEART, rec.what(ORDER, "rivaroxaban"))),
    ask("How many different medications were ordered on the {x} hospital visit?", of(LUNGS, rec.kinds_of(ORDER, "", stay(1)), x="last"), of(PANCREAS, rec.kinds_of(ORDER, "", stay(0)), x="first")),
    ask("how often is the famotidine given (frequency)?", of(LUNGS, rec.said(ORDER, "famotidine", "bid", "twice"))),
    ask("Antiplatelet drugs the patient has been prescribed since {x}?", of(HEART, rec.what(ORDER, "aspirin|ticagrelor", since("2152")), x="2152")),
    # cultures
    ask("Were any microbiology tests done {x}?", of(HEART, rec.happened("Observation", "culture|mrsa screen", last_days(30)), x="in the last 30 days"), of(PANCREAS, rec.happened("Observation", "culture|mrsa screen", this_month), x="this month"), of(LUNGS, rec.happened("Observation", "culture", on("2147-08")), x="in August 2147")),
    ask("Name the bug from the {x}.", of(LUNGS, rec.said("Observation", "pseudomonas|respiratory culture", "pseudomonas"), x="BAL"), of(HEART, rec.said("Observation", "klebsiella|urine culture", "klebsiella"), x="urine in October 2149")),
    ask("was the MRSA screen positive?", of(PANCREAS, m.among(rec.true("Observation", "mrsa screen|positive for methicillin"), rec.said("Observation", "mrsa screen|positive for methicillin", "positive")))),
    ask("Did the blood cultures of {x} grow anything?", of(LUNGS, m.among(rec.true("Observation", "blood culture", answer=False), rec.said("Observation", "blood culture", "no growth")), x="August 2147"), of(PANCREAS, m.among(rec.true("Observation", "blood culture", answer=False), rec.said("Observation", "blood culture", "no growth")), x="this stay")),
    ask("Pseudomonas: resistant to meropenem?", of(LUNGS, rec.true("Observation", "meropenem"))),
    ask("Which drugs is the Pseudomonas susceptible to?", of(LUNGS, lambda r: _susceptible(r))),
    ask("when was urine last sent for culture", of(HEART, rec.date("Observation", "urine culture"))),
    # diagnoses and reports
    ask("List the diagnoses of the {x} hospital encounter.", of(HEART, rec.what("Condition", "", stay(1)), x="second"), of(LUNGS, rec.what("Condition", "", stay(0)), x="first"), of(PANCREAS, rec.what("Condition", "", stay(-1)), x="current")),
    ask("Was pneumonia diagnosed {x}?", of(LUNGS, rec.happened("Condition", "pneumonia", on("2147")), x="in 2147"), of(LUNGS, rec.happened("Condition", "pneumonia", on("2146")), x="in 2146")),
    ask("first diagnosis of {x}, when?", of(HEART, rec.date("Condition", "atrial fibrillation", 0), x="AF"), of(PANCREAS, rec.date("Condition", "pancreatitis", 0), x="pancreatitis")),
    ask("Does a tobacco or nicotine diagnosis stand in the record?", of(HEART, rec.happened("Condition", "tobacco|nicotine")), of(LUNGS, rec.happened("Condition", "tobacco|nicotine"))),
    ask("How many diagnoses does the stay of {x} have?", of(HEART, rec.how_many("Condition", "", stay(0)), x="October 2149")),
    ask("LVEF at cath?", of(HEART, m.among(rec.said("DiagnosticReport", "cardiac catheterization", "50"), lambda r: _percent(r)))),
    ask("findings of the {x}", of(HEART, rec.said("DiagnosticReport", "cardiac catheterization", "three vessel", "90% stenosis", "right coronary artery occluded"), x="coronary angiogram"), of(PANCREAS, rec.said("DiagnosticReport", "ct abdomen", "necrosis", "peripancreatic fluid", "steatosis"), x="abdominal CT")),
    ask("How tight is the left main?", of(HEART, rec.said("DiagnosticReport", "cardiac catheterization", "40"))),
    ask("gallstones on the scan?", of(PANCREAS, m.among(rec.true("DiagnosticReport", "ct abdomen", answer=False), rec.said("DiagnosticReport", "ct abdomen", "no gallstones")))),
    ask("Number of emergency department visits {x}?", of(HEART, who.visits("EMER"), x="on record"), of(PANCREAS, who.visits("EMER", since("2161")), x="since 2161")),
    ask("Did patient {n} spend time in hospital {x}?", of(HEART, who.any_stay(between("2150-01", "2151-12")), n="10042915", x="in 2150 or 2151"), of(LUNGS, who.any_stay(last_year), n="10055820", x="last year")),
    ask("Short summary of the pancreatitis stay to date?", of(PANCREAS, rec.told("necros|pancreatitis", "insulin", never=("warfarin", "amiodarone"))), type="summary"),
    ask("Write up her 2147 admission in brief", of(LUNGS, rec.told("respiratory failure|pneumonia|copd|chronic obstructive", "tracheostomy|ventilation|intubat|endotracheal", never=("warfarin",))), type="summary"),
    ask("ever had {x}?", of(PANCREAS, rec.happened(DRUG, "ketorolac"), x="toradol"), of(HEART, rec.happened(DRUG, "amiodarone"), x="amiodarone"), of(LUNGS, rec.happened(DRUG, "vancomycin"), x="vancomycin")),
    ask("What was coded before {x}?", of(HEART, rec.what("Condition", "", before("2150")), x="2150")),
]  # fmt: skip


def _units(r, which, accepted):
    """All of them, one after the other, or a list of the places."""
    found = r.stays[which]
    places = [frozenset({p["location"]["reference"]}) for p in found["location"]]
    both = frozenset({reference(found)}).union(*places)
    results = [m.Result("list", tuple(places), also=both), m.Result("list", (frozenset({reference(found)}),), also=both), m.Result("text", accepted)]
    return m.golden(r, results, [both])


def _lasting(r):
    start = m.dt.datetime.fromisoformat(r.stays[-1]["period"]["start"])
    days = (m.dt.datetime.fromisoformat(r.as_of) - start).total_seconds() / 86400
    results = [m.Result("number", round(days, 2), "d", 1), m.Result("number", days * 24, "h", 1)]
    return m.golden(r, results, [frozenset({reference(r.stays[-1])})])


def _alive(r):
    results = [m.Result("boolean", False), m.Result("date", r.patient["deceasedDateTime"])]
    return m.golden(r, results, [frozenset({reference(r.patient)})])


def _susceptible(r):
    found = [
        o for o in r.pick("Observation", "", on("2147-08-31"))
        if o.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code") == "S"
    ]  # fmt: skip
    groups = [frozenset({reference(o)}) for o in found]
    also = {reference(o) for o in r.pick("Observation", "pseudomonas|culture|meropenem|piperacillin", on("2147-08-31"))}
    return m.golden(r, [m.Result("list", tuple(groups), also=frozenset(also))], groups, also)


def _percent(r):
    found = r.pick("DiagnosticReport", "cardiac catheterization")[0]
    return m.golden(r, [m.Result("number", 50.0, "%"), m.Result("number", 50.0, None)], [frozenset({reference(found)})])
