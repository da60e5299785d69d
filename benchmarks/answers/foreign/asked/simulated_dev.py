"""Charts made by the two packages."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import persons as who
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import (
    between,
    last_days,
    last_month,
    on,
    since,
    stay,
    this_month,
    this_year,
)
from benchmarks.answers.foreign.recorded import GIVEN, ORDER
from benchmarks.answers.oracle import reference

COPD, DIABETES, PROSTATE, PRESSURE, PANEL = "sim-copd", "sim-diabetes", "sim-prostate", "visits-pressure", "panel-diabetes"
A1C, CREATININE, ALT, POTASSIUM, GLUCOSE, HEMOGLOBIN = "4548-4", "2160-0", "1742-6", "2823-3", "2345-7", "718-7"
TOP, PULSE, SATURATION, TEMPERATURE, WEIGHT = "8480-6", "8867-4", "2708-6", "8310-5", "29463-7"
PCO2, PH = "2019-8", "2744-1"

ASKED = [
    ask("What is the MRN of the patient?", of(COPD, who.of_person("pop-000002")), of(PANEL, who.of_person("0454d86b"))),
    ask("What's {x}'s age?", of(COPD, who.age(), x="Helen Coleman"), of(PANEL, who.age(), x="Cato Sampleton"), of(PRESSURE, who.age(), x="Bex Stubfield")),
    ask("It's time for the annual review: what is the last HbA1C value in the chart and when was it recorded?", of(DIABETES, m.last_with_day(A1C)), of(COPD, m.last_with_day(A1C))),
    ask("how many a1c results since {x}", of(DIABETES, m.how_often(A1C, since("2026")), x="january 2026")),
    ask("Sugar control - where did the A1c start and where is it now?", of(DIABETES, m.course(A1C)), type="trend"),
    ask("peak ALT in the last twelve months", of(COPD, m.peak(ALT, max, last_days(365)))),
    ask("What was the first oxygen saturation measured on 30 October 2025?", of(COPD, m.value(SATURATION, 0, on("2025-10-30")))),
    ask("What was the pCO2 on the first blood gas of the COPD admission?", of(COPD, m.value(PCO2, 0, stay(0)))),
    ask("average pH over the autumn hospital stay", of(COPD, lambda r: _mean_ph(r))),
    ask("was the temperature ever 38.0 °C or more during the flu admission in April 2026?", of(COPD, m.ever(TEMPERATURE, ">=", 38.0, stay(1)))),
    ask("latest {x}?", of(COPD, m.value(CREATININE), x="creat"), of(DIABETES, m.value(POTASSIUM), x="K"), of(PANEL, m.value(GLUCOSE), x="glucose")),
    ask("Any potassium result this month?", of(DIABETES, m.measured(POTASSIUM, this_month)), of(COPD, m.measured(POTASSIUM, this_month))),
    ask("did she have labs last month", of(DIABETES, m.measured(A1C, last_month))),
    ask("How many hospitalizations in the past twelve months, and ED visits?", of(COPD, m.among(who.stays(), who.visits("EMER")))),
    ask("LOS of the first admission in days", of(COPD, who.stay_length(0))),
    ask("Reason for the hospital admission in April 2026?", of(COPD, rec.said("Encounter Condition", "hospital admission|influenza", "influenza", window=on("2026-04-07")))),
    ask("what brought her to the ED in april 2026", of(DIABETES, rec.said("Encounter DocumentReference Composition Condition", "", "urinary tract", "dysuria", "uti", window=on("2026-04-16")))),
    ask("Triage level at that emergency visit on 16 April 2026?", of(DIABETES, rec.said("DocumentReference Composition", "triage|emergency", "esi level 4", "level 4", "4", window=on("2026-04-16")))),
    ask("When did the patient go home from the COPD exacerbation stay?", of(COPD, who.stay_date(0, "end"))),
    ask("which drugs were started at discharge on 2025-11-07 that are antibiotics", of(COPD, rec.what(ORDER, "amoxicillin", on("2025-11-07")))),
    ask("was {x} given during the COPD admission?", of(COPD, rec.happened(GIVEN, "prednisone", stay(0)), x="prednisone"), of(COPD, rec.happened(GIVEN, "vancomycin", stay(0)), x="vancomycin")),
    ask("Dose of metformin on the most recent prescription?", of(DIABETES, drug.dose("metformin"))),
    ask("What procedures did Helen Coleman have in October 2025?", of(COPD, rec.what("Procedure", "", on("2025-10")))),
    ask("had a urinary catheter put in?", of(COPD, rec.happened("Procedure", "bladder catheter"))),
    ask("result of the chest CT?", of(COPD, rec.said("DiagnosticReport Composition", "ct chest|imaging", "no acute abnormal", window=on("2025-10-30")))),
    ask("How many chest x-rays has the patient had in 2026?", of(COPD, rec.how_many("DiagnosticReport", "chest x-ray", on("2026")))),
    ask("which chronic diagnoses does the chart list as active", of(DIABETES, rec.what("Condition", state="active")), of(PROSTATE, rec.what("Condition", state="active"))),
    ask("since when has the patient had {x}?", of(COPD, rec.date("Condition", "hypertension", 0), x="high blood pressure"), of(DIABETES, rec.date("Condition", "type 2 diabetes", 0), x="diabetes"), of(PRESSURE, rec.date("Condition", "hypertension", 0), x="HTN")),
    ask("is the UTI sorted?", of(DIABETES, m.among(rec.true("Condition", "uti", on("2026-04-16")), rec.said("Condition", "uti", "resolved", window=on("2026-04-16"))))),
    ask("what is the patient allergic to", of(DIABETES, rec.what("AllergyIntolerance")), of(PANEL, rec.what("AllergyIntolerance"))),
    ask("reaction to aspirin?", of(DIABETES, rec.said("AllergyIntolerance", "aspirin", "eruption"))),
    ask("Any drug allergies for Helen?", of(COPD, m.among(rec.true("AllergyIntolerance", "no known", answer=False), rec.said("AllergyIntolerance", "no known", "no known", "none"), lambda r: m.Gold((m.Result("list", ()),))))),
    ask("What insurance does the patient have?", of(COPD, rec.said("Coverage", "", "medicare")), of(DIABETES, rec.said("Coverage", "", "employer"))),
    ask("What is the smoking status?", of(PROSTATE, rec.said("Observation", "tobacco smoking", "current every day")), of(COPD, lambda r: _smoking(r))),
    ask("drinks alcohol?", of(PROSTATE, m.among(rec.said("Observation", "alcohol use", "social drinker"), rec.true("Observation", "alcohol use")))),
    ask("blood group?", of(PROSTATE, lambda r: _blood(r))),
    ask("family history of {x} on her mother's side?", of(COPD, rec.true("FamilyMemberHistory", "mother"), x="stroke")),
    ask("Which diseases ran in the father?", of(DIABETES, rec.said("FamilyMemberHistory", "father", "hypertension", "dyslipidemia"))),
    ask("How many leuprorelin injections has he had since {x}?", of(PROSTATE, rec.how_many(GIVEN, "leuprorelin", since("2026")), x="the beginning of 2026")),
    ask("When is the last leuprorelin dose recorded?", of(PROSTATE, rec.date(GIVEN, "leuprorelin"))),
    ask("days since the last leuprorelin", of(PROSTATE, rec.days_since(GIVEN, "leuprorelin"))),
    ask("What dose of leuprorelin does he get?", of(PROSTATE, drug.dose("leuprorelin"))),
    ask("Has the patient received radiotherapy, and when?", of(PROSTATE, m.among(rec.date("Procedure", "radiation"), rec.happened("Procedure", "radiation")))),
    ask("PSA?", of(PROSTATE, m.value("2857-1"))),
    ask("Has his weight been steady since July 2025?", of(PROSTATE, lambda r: _steady(r)), type="trend"),
    ask("lowest weight this year", of(PROSTATE, m.peak(WEIGHT, min, this_year))),
    ask("Which vaccine was refused or not given?", of(DIABETES, rec.what("Immunization", state="not-done"))),
    ask("when was the covid shot", of(COPD, rec.date("Immunization", "covid")), of(PROSTATE, rec.date("Immunization", "covid"))),
    ask("Did the patient get a shingles vaccination?", of(PROSTATE, rec.happened("Immunization", "zoster")), of(COPD, rec.happened("Immunization", "zoster"))),
    ask("number of outpatient visits between {x} and {y}?", of(DIABETES, who.visits("AMB", between("2025-08", "2025-10")), x="August", y="October 2025")),
    ask("Systolic over the eight visits?", of(PRESSURE, m.course(TOP)), type="trend"),
    ask("Was the blood pressure at the last visit lower than at the first?", of(PRESSURE, lambda r: _lower(r))),
    ask("what was the bp on {x}", of(PRESSURE, m.pressure(0, on("2025-01-06")), x="6 Jan 2025"), of(PROSTATE, m.pressure(0, on("2026-01-16")), x="2026-01-16")),
    ask("how many readings with a systolic of 140 or more", of(PRESSURE, m.how_often(TOP, None, ">=", 140))),
    ask("Which of the liver enzymes is higher, ALT or AST?", of(PANEL, lambda r: _livers(r))),
    ask("what is the eGFR", of(PANEL, m.value("98979-8"))),
    ask("Is the LDL above 100?", of(PANEL, m.ever("13457-7", ">", 100))),
    ask("heart rate and resp rate at the visit?", of(PANEL, lambda r: _two(r))),
    ask("which blood pressure medicines is she on", of(PANEL, rec.what(ORDER, "lisinopril|carvedilol"))),
    ask("strength of the sertraline tablets?", of(PANEL, rec.said(ORDER, "sertraline", "50 mg"))),
    ask("on an ACE inhibitor?", of(PANEL, drug.taking("lisinopril"))),
    ask("How heavy was he on {x}?", of(PROSTATE, m.value(WEIGHT, 0, on("2026-05-08")), x="8 May 2026")),
    ask("hb on admission for the flu", of(COPD, m.value(HEMOGLOBIN, 0, stay(1)))),
    ask("Total fluid intake on the first day of the October admission?", of(COPD, lambda r: _intake(r))),
    ask("What did the patient do for a living?", of(PROSTATE, rec.said("Observation", "occupation", "retired"))),
    ask("Mean heart rate during the second hospital stay?", of(COPD, m.average(PULSE, stay(1)))),
]  # fmt: skip


def _mean_ph(r):
    gold = m.average(PH, stay(0))(r)
    value = gold.results[0].value
    return m.Gold((m.Result("number", value, None, 0.006),), gold.must, gold.may)




def _smoking(r):
    found = r.pick("Observation", "tobacco smoking")[-1]
    said = found["valueCodeableConcept"]["text"].lower()
    return m.golden(r, [m.Result("text", (said,))], [frozenset({reference(found)})])


def _blood(r):
    group, rhesus = (r.pick("Observation", w)[0] for w in ("abo blood", "rh blood"))
    refs = [frozenset({reference(x)}) for x in (group, rhesus)]
    said = group["valueCodeableConcept"]["text"].lower()
    return m.golden(r, [m.Result("text", (said,)), m.Result("list", tuple(refs))], refs[:1], refs[1])


def _steady(r):
    points = r.series(WEIGHT)
    ends = [frozenset({p.ref}) for p in (points[0], points[-1])]
    results = [m.Result("trend", m.Trend(points[0].value, points[-1].value)), m.Result("boolean", True)]
    return m.golden(r, results, ends, {p.ref for p in points})


def _lower(r):
    first, last = r.series(TOP)[0], r.series(TOP)[-1]
    results = [
        m.Result("boolean", last.value < first.value),
        m.Result("comparison", m.Pair(last.value, first.value)),
        m.Result("trend", m.Trend(first.value, last.value)),
    ]
    return m.golden(r, results, [frozenset({first.ref}), frozenset({last.ref})])


def _livers(r):
    alt, ast = r.series("1742-6")[-1], r.series("1920-8")[-1]
    higher = ("alt", "alanine") if alt.value > ast.value else ("ast", "aspartate")
    refs = [frozenset({p.ref}) for p in (alt, ast)]
    return m.golden(r, [m.Result("text", higher), m.Result("comparison", m.Pair(alt.value, ast.value))], refs)


def _two(r):
    pulse, breaths = r.series(PULSE)[-1], r.series("9279-1")[-1]
    refs = [frozenset({p.ref}) for p in (pulse, breaths)]
    results = [m.Result("list", tuple(refs)), m.Result("comparison", m.Pair(pulse.value, breaths.value))]
    return m.golden(r, results, refs)


def _intake(r):
    point = next(p for p in r.series("9108-2") if p.date >= "2025-10-30")
    return m.golden(r, m.amounts(point.value, point.unit), [frozenset({point.ref})])
