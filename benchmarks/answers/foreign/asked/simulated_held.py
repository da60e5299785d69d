"""Charts made by the two packages."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import persons as who
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import between, last_days, on, since, stay, this_month, this_year
from benchmarks.answers.foreign.recorded import GIVEN, ORDER
from benchmarks.answers.oracle import reference

INFARCT, ASTHMA, BIRTH, METABOLIC, KIDNEY, PANEL = (
    "sim-infarct", "sim-asthma", "sim-birth", "sim-metabolic", "visits-kidney", "panel-anaemia",
)  # fmt: skip
A1C, CREATININE, ALT, AST, POTASSIUM, GLUCOSE, TROPONIN = "4548-4", "2160-0", "1742-6", "1920-8", "2823-3", "2345-7", "10839-9"
TOP, PULSE, SATURATION, TEMPERATURE, WEIGHT, BMI = "8480-6", "8867-4", "2708-6", "8310-5", "29463-7", "39156-5"

ASKED = [
    ask("medical record number?", of(INFARCT, who.of_person("pop-000055")), of(BIRTH, who.of_person("pop-000023"))),
    ask("How many years old is {x}?", of(INFARCT, who.age(), x="Nicholas Bell"), of(METABOLIC, who.age(), x="Hank Carter"), of(KIDNEY, who.age(), x="Fen Dummett")),
    ask("Look up the most recent HbA1c and its date.", of(METABOLIC, m.last_with_day(A1C)), of(PANEL, m.last_with_day(A1C))),
    ask("number of HbA1c results in {x}", of(METABOLIC, m.how_often(A1C, on("2025")), x="2025")),
    ask("has the sugar control got better since July 2025?", of(METABOLIC, lambda r: _improved(r)), type="trend"),
    ask("Which was the highest ALT over the year?", of(ASTHMA, m.peak(ALT, max, last_days(365))), of(METABOLIC, m.peak(ALT, max, last_days(365)))),
    ask("troponin in the ED on {x}?", of(ASTHMA, m.value(TROPONIN, -1, on("2026-06-15")), x="2026-06-15")),
    ask("What was the first troponin after admission, and how high did it go?", of(INFARCT, m.among(m.value(TROPONIN, 0), m.peak(TROPONIN, max)))),
    ask("Max temp in the hospital in February 2026", of(INFARCT, m.peak(TEMPERATURE, max, stay(0)))),
    ask("was the heart rate ever over {x} during that admission for the MI?", of(INFARCT, m.ever(PULSE, ">", 98, stay(0)), x="98")),
    ask("newest {x}?", of(METABOLIC, m.value(CREATININE), x="creatinine"), of(ASTHMA, m.value(GLUCOSE), x="sugar"), of(PANEL, m.value("718-7"), x="Hb")),
    ask("potassium this month, anything?", of(METABOLIC, m.measured(POTASSIUM, this_month)), of(ASTHMA, m.measured(POTASSIUM, this_month))),
    ask("How many times has he been to the ED, and when last?", of(ASTHMA, m.among(who.visits("EMER"), rec.date("Encounter", "emergency")))),
    ask("How long was she in hospital for the birth?", of(BIRTH, who.stay_length(0))),
    ask("when did labour ward stay start", of(BIRTH, who.stay_date(0, "start"))),
    ask("Chief complaint on {x}?", of(ASTHMA, rec.said("Encounter Composition DocumentReference", "", "chest pain", window=on("2026-06-15")), x="15 June 2026"), of(INFARCT, rec.said("Encounter Composition DocumentReference", "", "chest pain", window=on("2026-02-15")), x="15 Feb 2026")),
    ask("what triage category was assigned in June 2026", of(ASTHMA, rec.said("DocumentReference Composition", "triage|emergency", "esi level 3", "level 3", "3", window=on("2026-06-15")))),
    ask("how did he arrive at the emergency department?", of(ASTHMA, rec.said("DocumentReference Composition", "triage|emergency", "ambulance", window=on("2026-06-15")))),
    ask("Did Nicholas Bell survive the heart attack admission?", of(INFARCT, lambda r: _died(r))),
    ask("drugs sent home with after delivery", of(BIRTH, rec.what(ORDER, "acetaminophen|ibuprofen", on("2026-06-27")))),
    ask("Was {x} administered on 15 February 2026?", of(INFARCT, rec.happened(GIVEN, "ticagrelor", on("2026-02-15")), x="ticagrelor"), of(INFARCT, rec.happened(GIVEN, "aspirin", on("2026-02-15")), x="aspirin"), of(INFARCT, rec.happened(GIVEN, "clopidogrel", on("2026-02-15")), x="clopidogrel")),
    ask("what is the prescribed amount of {x}?", of(METABOLIC, drug.dose("candesartan"), x="candesartan"), of(BIRTH, drug.dose("folic acid"), x="folic acid")),
    ask("interventions on the day of the infarct?", of(INFARCT, rec.what("Procedure", "", on("2026-02-15")))),
    ask("did he get a PCI", of(INFARCT, rec.happened("Procedure", "angioplasty"))),
    ask("Impression of the chest film in February 2026?", of(INFARCT, rec.said("DiagnosticReport Composition", "chest x-ray|imaging", "cardiogenic pulmonary congestion", "no acute cardiopulmonary", window=on("2026-02-15")))),
    ask("active diagnoses of {x}?", of(METABOLIC, rec.what("Condition", state="active"), x="Hank Carter"), of(PANEL, rec.what("Condition", state="active"), x="Gale Mocklin"), of(KIDNEY, rec.what("Condition", state="active"), x="Fen Dummett")),
    ask("year the {x} was first noted?", of(ASTHMA, lambda r: _year(r, "asthma"), x="asthma"), of(METABOLIC, lambda r: _year(r, "gerd"), x="reflux"), of(INFARCT, lambda r: _year(r, "dyslipidemia"), x="high cholesterol")),
    ask("which stage of kidney disease?", of(KIDNEY, rec.said("Condition", "kidney", "stage 3b", "3b"))),
    ask("known allergies", of(METABOLIC, m.among(rec.said("AllergyIntolerance", "no known", "no known", "none"), rec.true("AllergyIntolerance", "no known", answer=False), rec.what("AllergyIntolerance"), lambda r: m.Gold((m.Result("list", ()),))))),
    ask("Who is the payer?", of(BIRTH, rec.said("Coverage", "", "medicaid", window=None)), of(METABOLIC, rec.said("Coverage", "", "medicaid"))),
    ask("smoker?", of(ASTHMA, m.among(rec.true("Observation Condition", "tobacco smoking|nicotine"), rec.said("Observation Condition", "tobacco smoking|nicotine", "current every day"))), of(INFARCT, m.among(rec.true("Observation", "tobacco smoking", answer=False), rec.said("Observation", "tobacco smoking", "never")))),
    ask("alcohol habits", of(METABOLIC, rec.said("Observation", "alcohol use", "social drinker"))),
    ask("Rh factor?", of(METABOLIC, rec.said("Observation", "rh blood", "rh negative", "negative"))),
    ask("ran diabetes in the family?", of(BIRTH, rec.true("FamilyMemberHistory", "mother"))),
    ask("What did {x} father suffer from?", of(BIRTH, rec.said("FamilyMemberHistory", "father", "ischemic heart", "dyslipidemia", "ihd"), x="Cynthia's")),
    ask("colon cancer in a first-degree relative?", of(INFARCT, rec.true("FamilyMemberHistory", "mother"))),
    ask("occupation", of(BIRTH, rec.said("Observation", "occupation", "healthcare")), of(ASTHMA, rec.said("Observation", "occupation", "manufacturing"))),
    ask("Weight difference between October 2025 and the day of delivery", of(BIRTH, m.difference(WEIGHT, -1, 0, since("2025-10"))), ),
    ask("highest BMI on file", of(ASTHMA, m.peak(BMI, max))),
    ask("Refused any shots?", of(METABOLIC, rec.none_or("Immunization", "", state="not-done")), of(ASTHMA, rec.none_or("Immunization", "", state="not-done"))),
    ask("date of the most recent {x} vaccination", of(BIRTH, rec.date("Immunization", "tdap"), x="Tdap"), of(ASTHMA, rec.date("Immunization", "zoster"), x="zoster")),
    ask("covid vaccinated?", of(METABOLIC, rec.happened("Immunization", "covid")), of(BIRTH, rec.happened("Immunization", "covid"))),
    ask("How many clinic visits since {x}?", of(METABOLIC, who.visits("AMB", since("2026")), x="January 2026"), of(BIRTH, who.visits("AMB", since("2025-12")), x="December 2025")),
    ask("tell me how systolic and weight changed: systolic first to last", of(METABOLIC, m.course(TOP)), type="trend"),
    ask("Blood pressure measured on {x}?", of(KIDNEY, m.pressure(0, on("2024-04-11")), x="11 April 2024"), of(BIRTH, m.pressure(0, on("2026-03-11")), x="2026-03-11")),
    ask("on how many visits was the diastolic 90 or higher", of(KIDNEY, m.how_often("8462-4", None, ">=", 90))),
    ask("Anemic by the numbers - what are Hb and Hct?", of(PANEL, lambda r: _both(r, "718-7", "4544-3"))),
    ask("kidney function (eGFR)?", of(PANEL, m.value("98979-8"))),
    ask("LDL over {x}?", of(PANEL, m.ever("13457-7", ">", 130), x="130")),
    ask("stomach medicine she takes", of(PANEL, rec.what(ORDER, "omeprazole"))),
    ask("is there a proton pump inhibitor on the list", of(METABOLIC, drug.taking("lansoprazole")), of(PANEL, drug.taking("omeprazole"))),
    ask("fluid balance numbers of the MI day: total intake?", of(INFARCT, m.value("9108-2"))),
    ask("urine output on that day in February 2026", of(INFARCT, m.value("9192-6"))),
    ask("code status?", of(INFARCT, rec.said("Observation", "resuscitation", "palliative"))),
    ask("mean glucose this year", of(BIRTH, m.average(GLUCOSE, this_year))),
    ask("visits for pregnancy supervision, how many?", of(BIRTH, lambda r: _supervised(r))),
    ask("oxygen saturation, lowest while admitted in Feb", of(INFARCT, m.peak(SATURATION, min, stay(0)))),
    ask("Inhaler on the list?", of(ASTHMA, rec.what(ORDER, "fluticasone", state="active"))),
    ask("which tests were out of range in the liver panel of {x}?", of(METABOLIC, rec.said("DiagnosticReport", "hepatic", "ast, alt", "ast", window=on("2025-11-04")), x="4 November 2025")),
    ask("How much did the AST differ between the last two panels?", of(ASTHMA, m.difference(AST, -1, -2))),
    ask("Potassium from {x} to {y}?", of(METABOLIC, m.course(POTASSIUM, None, between("2025-09", "2026-06")), x="September 2025", y="June 2026"), type="trend"),
]  # fmt: skip


def _improved(r):
    first, last = r.series(A1C)[0], r.series(A1C)[-1]
    results = [m.Result("trend", m.Trend(first.value, last.value)), m.Result("boolean", last.value < first.value)]
    return m.golden(r, results, [frozenset({first.ref}), frozenset({last.ref})], {p.ref for p in r.series(A1C)})


def _died(r):
    stay_ended = r.stays[0]
    must = frozenset({reference(r.patient), reference(stay_ended)} | {reference(c) for c in r.pick("Composition", "death")})
    return m.golden(r, [m.Result("boolean", False)], [must])


def _year(r, words):
    found = r.pick("Condition", words)[0]
    year = r.dated(found)[:4]
    results = [m.Result("date", year), m.Result("number", float(year), None)]
    return m.golden(r, results, [frozenset({reference(found)})])


def _both(r, one, other):
    a, b = r.series(one)[-1], r.series(other)[-1]
    refs = [frozenset({p.ref}) for p in (a, b)]
    return m.golden(r, [m.Result("list", tuple(refs)), m.Result("comparison", m.Pair(a.value, b.value))], refs)


def _supervised(r):
    found = [
        e for e in r.encounters("AMB")
        if any("supervision of normal pregnancy" in str(c).lower() for c in e.get("reasonCode", []))
    ]  # fmt: skip
    return m.golden(r, [m.Result("number", float(len(found)))], [frozenset({reference(f)}) for f in found], {reference(c) for c in r.pick("Condition", "supervision")})
