"""Terse, misspelt, doubled and roundabout questions, near misses among them, by an outsider without a look at the engine."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.answers.foreign.drugs import GIVEN, ORDER, dose, route, taking
from benchmarks.answers.foreign.measured import (
    Oracle,
    among,
    average,
    compare,
    course,
    difference,
    ever,
    greater,
    how_often,
    passing,
    peak,
    peak_day,
    pressure,
    total,
    value,
    values,
)
from benchmarks.answers.foreign.persons import age_then, of_person, of_stay
from benchmarks.answers.foreign.record import Record, Window, before, between, last_hours, on, since, stay
from benchmarks.answers.foreign.recorded import (
    absent,
    beside,
    date,
    days_between,
    happened,
    how_many,
    said,
    true,
    what,
)
from benchmarks.answers.fresh.rounds import codes as c
from benchmarks.answers.fresh.rounds.by_name import counted, ended_on, in_state, lasted, ordered_amount
from benchmarks.answers.fresh.rounds.j import never, nothing, spacing
from benchmarks.answers.gold import Gold, Result
from benchmarks.answers.look_ups.common import golden, refs
from benchmarks.answers.oracle import reference

Thing = tuple[str, str]
"""Kinds and words."""


def first_at(codes: str, which: Callable[..., float], window: Window | None = None) -> Oracle:
    """The first day on which the extreme value was measured."""

    def oracle(r: Record) -> Gold:
        points = r.series(codes, window)
        best = which(p.value for p in points)
        first = next(p for p in points if p.value == best)
        at = [p for p in points if p.value == best and p.day == first.day]
        return golden(r, [Result("date", first.day)], [refs(at)])

    return oracle


def total_dose(words: str, window: Window) -> Oracle:
    """The doses given of a drug, added up."""

    def oracle(r: Record) -> Gold:
        found = r.pick(GIVEN, words, window)
        doses = [f["dosage"]["dose"] for f in found]
        (unit,) = {d["unit"] for d in doses}
        amount = float(sum(d["value"] for d in doses))
        must = [frozenset({reference(f)}) for f in found]
        return golden(r, [Result("number", amount, unit)], must, beside(r, found))

    return oracle


def sooner(one: Thing, other: Thing, *accepted: str) -> Oracle:
    """Which of two came first: the one, as its name or as the only item."""

    def oracle(r: Record) -> Gold:
        a, b = (r.pick(*each) for each in (one, other))
        if not r.dated(a[0]) < r.dated(b[0]):
            raise LookupError(f"{r.slug}: {one} does not come before {other}")
        must = [frozenset(reference(f) for f in a)]
        may = beside(r, [*a, *b]) | {reference(f) for f in b}
        results = [Result("text", accepted), Result("list", tuple(must), also=frozenset(beside(r, a)))]
        return golden(r, results, must, may)

    return oracle


def first_said(words: str, answer: str) -> Oracle:
    """The day of the first observation of a name with that answer."""

    def oracle(r: Record) -> Gold:
        found = [
            f for f in r.pick("Observation", words) if f["valueCodeableConcept"].get("text", "") == answer
        ]
        day = r.dated(found[0])[:10]
        return golden(
            r,
            [Result("date", day), Result("text", (day[:4],)), Result("number", float(day[:4]))],
            [frozenset({reference(found[0])})],
        )

    return oracle


# fmt: off
K, MG, HGB, PLT, ALBUMIN, LACTATE = "50971", "50960", "51222", "51265", "50862", "50813"
A1C_THERE, ALT_THERE, FOLEY, FAHRENHEIT, WEIGHED = "50852", "50861", "226559", "223761", "224639"
PO2, ACR_THERE, KEPPRA = "2703-7", "14959-1", "Levetiracetam level"
ALLERGY, FAMILY, NOTE, REPORT = "AllergyIntolerance", "FamilyMemberHistory", "DocumentReference", "DiagnosticReport"
"""Item numbers of MIMIC, and codes that the other rounds have no name for."""

ASKED = (
    # -- laboratory and vital signs
    ("ward-heart", "When was the first time that patient 10017341 had the minimum value of magnesium since 2171?", first_at(MG, min, since("2171"))),
    ("ward-heart", "mean lactate 22 to 24 May 2171?", average(LACTATE, between("2171-05-22", "2171-05-24"))),
    ("ward-heart", "how often was the K+ below 3.3 in May 2171", how_often(K, on("2171-05"), "<", 3.3)),
    ("ward-heart", "What was his HbA1c during the 2169 admission?", value(A1C_THERE, -1, stay(0))),
    ("ward-liver", "by how much did the platelets fall over the last hospital visit, first to last", difference(PLT, -1, 0, stay(-1))),
    ("ward-liver", "lowest hgb on file & what day was that", among(peak(HGB, min), peak_day(HGB, min))),
    ("ward-liver", "remind me when her platelets first climbed over 100", passing(PLT, ">", 100)),
    ("ward-liver", "serum albumin in March 2171?", value(ALBUMIN, -1, on("2171-03"))),
    ("ward-sepsis", "What’s the last potassium measured within the past 12 hours?", value(K, -1, last_hours(12))),
    ("ward-sepsis", "day the lactate dropped under 2.0 for the 1st time", passing(LACTATE, "<", 2)),
    ("ward-sepsis", "UOP (foley) for all of yesterday, total ml", total(FOLEY, on("2165-01-31"))),
    ("ward-sepsis", "Hottest she got, in Fahrenheit", peak(FAHRENHEIT, max)),
    ("ward-sepsis", "how many kilos has she put on since she came to the unit", difference(WEIGHED, -1, 0)),
    ("ward-sepsis", "ALT this admission", value(ALT_THERE, -1, stay(-1))),
    ("ward-sepsis", "pct sent? value", nothing("Observation", "procalcitonin")),
    ("james-whitfield", "kg off between A&E and going home, May 2025", difference(c.WEIGHT, 1, 0)),
    ("james-whitfield", "number of BNPs under 400", how_often(c.BNP, None, "<", 400)),
    ("james-whitfield", "pulse on the day he was discharged (22/5/25)", value(c.PULSE, -1, on("2025-05-22"))),
    ("dorothy-freeman", "Hb on 3 sept 2025 vs June 2026", compare(c.HB, on("2026-06"), on("2025-09-03"))),
    ("dorothy-freeman", "how many times has her systolic been 145 or more?", how_often(c.TOP, None, ">=", 145)),
    ("dorothy-freeman", "has the bicarb ever been less than 20", ever(c.CO2, "<", 20)),
    ("dorothy-freeman", "is PTH higher now than it was in sept 25?", greater(c.PTH, -1, 0)),
    ("frank-delaney", "weight change between his 2nd and 3rd visit", difference(c.WEIGHT, 2, 1)),
    ("frank-delaney", "FEV1 % predicted", among(counted(REPORT, "spirometry", 44, "%", "44 %", "44%"), said(REPORT, "spirometry", "44 %", "44%"))),
    ("kwame-mensah", "average keppra level up to and incl. Jan 2026", average(KEPPRA, before("2026-01"))),
    ("george-papadopoulos", "date LDL got below 70", passing(c.LDL, "<", 70)),
    ("george-papadopoulos", "lowest diastolic since the stroke admission", peak(c.LOW, min, since("2025-06-03"))),
    ("george-papadopoulos", "haemoglobin?", nothing("Observation", "hemoglobin|haemoglobin|hematocrit")),
    ("maria-alvarez", "what's the best A1c she has managed & when", among(peak(c.A1C, min), peak_day(c.A1C, min))),
    ("hien-nguyen", "wcc by the time he left", value(c.WBC)),
    ("crowd-4", "TSH in the first half of 2025", value(c.TSH, -1, between("2025-01", "2025-06"))),
    ("crowd-4", "wt on the day of his lowest a1c", value(c.WEIGHT, -1, on("2026-06-25"))),
    ("crowd-0", "both phq-9 scores from apr/may 2025", among(values(c.PHQ, between("2025-04", "2025-05")), course(c.PHQ, None, between("2025-04", "2025-05")))),
    ("town-diabetic", "When did her A1c go over 7 for the first time?", passing(c.A1C, ">", 7)),
    ("town-diabetic", "urine ACRs above 30: how many", how_often(ACR_THERE, None, ">", 30)),
    ("sim-diabetes", "count of A1cs above 9.0", how_often(c.A1C, None, ">", 9)),
    ("sim-diabetes", "most recent LDL?", nothing("Observation", "ldl|low density")),
    ("sim-prostate", "testosterone level, castrate range?", nothing("Observation", "testosterone")),
    ("sim-copd", "worst pO2 on the gases", peak(PO2, min)),
    ("eddie", "how much did the PSA jump at the very end compared with the one before", difference(c.PSA, -1, -2)),
    ("benedict", "what day did he first have a BMI past 25", passing(c.BMI, ">", 25)),
    ("benedict", "cholesterol", nothing("Observation", "cholesterol")),
    ("antonina", "cm grown from the 2018 to the 2019 check", difference(c.HEIGHT, -2, -3)),
    ("visits-pressure", "very first bp on the system", pressure(0)),
    ("visits-pressure", "has diastolic hit 90 at any point?", ever(c.LOW, ">=", 90)),
    ("emilee", "did her systolic ever reach 180?", ever(c.TOP, ">=", 180)),
    # -- drugs
    ("ward-heart", "what was the total amount of iv furosemide the patient received on 05/26/2171", total_dose("furosemide", on("2171-05-26"))),
    ("ward-heart", "warfarin or heparin, which did he have first?", sooner((ORDER, "warfarin"), (ORDER, "heparin"), "warfarin")),
    ("ward-heart", "What dose of insulin was ordered, and by what route?", among(dose("insulin"), route("insulin"))),
    ("ward-liver", "How many doses of ceftriaxone were administered in 12/2170?", how_many(GIVEN, "ceftriaxone", on("2170-12"))),
    ("ward-liver", "ever had propranolol?", never(f"{ORDER} {GIVEN}", "propranolol")),
    ("ward-sepsis", "number of pip/tazo doses she actually got", how_many(GIVEN, "piperacillin")),
    ("ward-sepsis", "which pressors has she needed?", what(ORDER, "norepinephrine|vasopressin")),
    ("ward-sepsis", "any gentamicin given?", never(f"{ORDER} {GIVEN}", "gentamicin")),
    ("james-whitfield", "list every carvedilol strength he's been through", what(ORDER, "carvedilol")),
    ("james-whitfield", "gap in days from HF diagnosis to starting empagliflozin", days_between(("Condition", "heart failure"), (ORDER, "empagliflozin"))),
    ("james-whitfield", "metolazone ever added?", never(ORDER, "metolazone")),
    ("dorothy-freeman", "on iron tabs since?", date(ORDER, "ferrous", 0)),
    ("dorothy-freeman", "any K binder prescribed so far", never(ORDER, "patiromer|zirconium|polystyrene|binder")),
    ("frank-delaney", "how many bursts of prednisone altogether", how_many(ORDER, "prednisone")),
    ("frank-delaney", "what is the propranolol for", said(ORDER, "propranolol", "tremor")),
    ("frank-delaney", "has varenicline actually been prescribed yet", never(ORDER, "varenicline|chantix")),
    ("kwame-mensah", "rescue med + strength", among(what(ORDER, "midazolam"), ordered_amount("midazolam", 5, "mg", "5 mg"))),
    ("george-papadopoulos", "on any DOAC?", never(ORDER, "apixaban|rivaroxaban|dabigatran|edoxaban")),
    ("george-papadopoulos", "Did they give me a clot buster (tPA)?", never(f"{ORDER} Procedure", "alteplase|tenecteplase|thrombolysis")),
    ("denise-carter", "when did the oxycodone go to 10 mg", date(ORDER, "oxycodone ir 10")),
    ("maria-alvarez", "days on jardiance before the candida episode", days_between((ORDER, "empagliflozin"), ("Condition", "candidiasis"))),
    ("maria-alvarez", "semaglutide or liraglutide rx'd?", never(ORDER, "semaglutide|liraglutide|dulaglutide")),
    ("town-lung", "dementia tablet & strength", among(what(ORDER, "donepezil"), ordered_amount("donepezil", 10, "mg", "10 mg"))),
    ("town-lung", "carboplatin given?", never(ORDER, "carboplatin")),
    ("town-child", "is he still on ibuprofen", taking("ibuprofen")),
    ("town-child", "adrenaline pen prescribed for the nut allergy?", never(ORDER, "epinephrine|adrenaline")),
    ("town-diabetic", "metformin first or insulin first?", sooner((ORDER, "metformin"), (ORDER, "insulin"), "metformin", "24 hr metformin")),
    ("sim-diabetes", "date co-trimoxazole was ordered", date(ORDER, "sulfamethoxazole")),
    ("sim-prostate", "leuprorelin shots during 2025, n =", among(how_many(GIVEN, "leuprorelin", on("2025")), how_many(ORDER, "leuprorelin", on("2025")))),
    ("devin", "Has the patient ever been given an opioid? which one", among(what(ORDER, "hydrocodone"), happened(ORDER, "hydrocodone"))),
    ("benedict", "what was his strep throat treated with", among(what(ORDER, "penicillin"), said(ORDER, "penicillin", "penicillin"))),
    ("mariana", "how many times was depo-provera prescribed", how_many(ORDER, "medroxyprogesterone")),
    ("panel-diabetes", "which strengths of metformin are on her list", what(ORDER, "metformin")),
    # -- problems, procedures, encounters, imaging, vaccines, allergies
    ("ward-heart", "number of pleural taps, and last one on?", among(how_many("Procedure", "thoracentesis"), date("Procedure", "thoracentesis"))),
    ("ward-heart", "Where was the patient discharged to in June 2171?", of_stay(1, "skilled nursing", "snf")),
    ("ward-liver", "what came first - the variceal banding or the first abdominal tap", sooner(("Procedure", "occlusion of esophageal"), ("Procedure", "drainage of peritoneal"), "banding", "variceal banding", "occlusion of esophageal")),
    ("ward-liver", "was the portal vein open on ultrasound", true(REPORT, "gallbladder")),
    ("ward-sepsis", "central line tip - where does it end", said(REPORT, "chest", "superior vena cava", "lower superior vena cava", "svc")),
    ("james-whitfield", "LBBB on the ECG?", true(REPORT, "ecg")),
    ("dorothy-freeman", "contrast reaction = ?", said(ALLERGY, "iodinated", "hives")),
    ("frank-delaney", "length of the May 2026 flare in days", lasted("exacerbation", -1)),
    ("frank-delaney", "flu vaccine for the 25/26 season given?", never("Immunization", "influenza", since("2025-07"))),
    ("kwame-mensah", "irritability with levetiracetam, settled by what date?", ended_on("irritability")),
    ("kwame-mensah", "mesial temporal sclerosis - L or R?", said(REPORT, "mri", "right")),
    ("george-papadopoulos", "TIA to stroke interval (days)", days_between(("Condition", "transient ischemic"), ("Condition", "ischemic stroke"))),
    ("ruth-goldberg", "biopsy to surgery, how many days?", days_between(("Procedure", "core biopsy"), ("Procedure", "mastectomy"))),
    ("ruth-goldberg", "did she end up having radiotherapy?", never("Procedure", "radiation|radiotherapy")),
    ("ruth-goldberg", "what does sulfa do to her", said(ALLERGY, "sulfonamide", "maculopapular", "rash")),
    ("denise-carter", "which day was the tox screen that picked up lorazepam", date(REPORT, "urine drug")),
    ("denise-carter", "result of her last mammogram", nothing(f"{REPORT} Procedure", "mammo")),
    ("made-bruno", "cataract op happened yet?", in_state("Procedure", "cataract", "preparation", answer=False)),
    ("town-lung", "size of the mass on chest CT", among(counted(REPORT, "chest ct", 31, "mm", "31 mm"), said(REPORT, "chest ct", "31 mm"))),
    ("town-lung", "days between the first and the final chemorad session", spacing("Procedure", "combined chemotherapy", 0, -1)),
    ("town-lung", "MRI head - any mets?", nothing(f"{REPORT} Procedure ImagingStudy", "mri|magnetic|brain")),
    ("town-lung", "reason for the ER visit in March 2017", said("Encounter", "emergency room", "dyspnea", "dyspnoea", window=on("2017-03"))),
    ("town-lung", "any medical device listed for him? which", what("Device")),
    ("town-child", "peanuts: what happens", said(ALLERGY, "peanut", "anaphylaxis")),
    ("town-child", "did he black out with the concussion?", true("Condition", "no loss of consciousness", answer=False)),
    ("town-child", "2nd HPV dose date", date("Immunization", "hpv", 1)),
    ("town-diabetic", "which bone did she break in 2019", said("Condition", "fracture", "forearm", "fracture of forearm")),
    ("sim-copd", "what did ct thorax show oct 25", said(REPORT, "ct chest", "no acute")),
    ("sim-diabetes", "lot number, aug 2025 flu shot", said("Immunization", "influenza", "l976-202509-110", window=on("2025-08"))),
    ("sim-prostate", "which doctor saw him on 5 June 2026", said("Encounter", "", "dolan", "james dolan", window=on("2026-06-05"))),
    ("sim-prostate", "EBRT - date?", date("Procedure", "external beam")),
    ("sim-prostate", "second shingrix dose on", nothing("Immunization", "zoster", since("2024-12-12"))),
    ("devin", "age when the appendix burst?", age_then("Condition", "rupture of appendix")),
    ("devin", "colonoscopies - how many to date", how_many("Procedure", "colonoscopy")),
    ("eddie", "How many times was he cardioverted?", how_many("Procedure", "cardioversion")),
    ("eddie", "ablation or DCCV, which was done first", sooner(("Procedure", "cardioversion"), ("Procedure", "ablation"), "electrical cardioversion", "cardioversion", "dccv")),
    ("antonina", "PCV13 doses total", how_many("Immunization", "pcv 13")),
    # -- notes, person, family, social history
    ("james-whitfield", "What set off the decompensation in June 2026?", said(NOTE, "progress", "nsaid", "ibuprofen", "advil", "precipitated by nsaid", window=on("2026-06"))),
    ("james-whitfield", "nyha class at the June 2025 clinic", said(NOTE, "progress", "iii", "nyha iii", window=on("2025-06"))),
    ("james-whitfield", "genetic test result (dad's cardiomyopathy)", nothing(f"{REPORT} Observation Procedure", "genetic|gene|sequencing")),
    ("dorothy-freeman", "mum started dialysis at what age", among(counted(FAMILY, "mother", 63, "a", "63"), counted(NOTE, "consultation", 63, "a", "63"))),
    ("dorothy-freeman", "does she want dialysis at home or in centre?", said(NOTE, "progress", "home")),
    ("frank-delaney", "name of his PCP", of_person("rivera", "daniela rivera")),
    ("kwame-mensah", "how long fit-free before the june seizure", counted(NOTE, "consultation", 14, "mo", "14 months")),
    ("kwame-mensah", "which side of the tongue was bitten", said(NOTE, "consultation", "left")),
    ("kwame-mensah", "brother or sister with epilepsy?", nothing(FAMILY, "")),
    ("george-papadopoulos", "Why do I have to come off omeprazole?", said(NOTE, "progress", "lowers clopidogrel", "omeprazole lowers clopidogrel", "clopidogrel activation")),
    ("ruth-goldberg", "blood loss at the mastectomy", counted(NOTE, "operative", 80, "mL", "80 ml")),
    ("ruth-goldberg", "menopause at what age", counted(NOTE, "consultation", 52, "a", "52")),
    ("ruth-goldberg", "numeric 21-gene recurrence score?", absent),
    ("ruth-goldberg", "father: any cancer?", true(NOTE, "consultation", answer=False)),
    ("denise-carter", "does she have naloxone in the house", true(NOTE, "progress", answer=False)),
    ("hien-nguyen", "what language for the interpreter", of_person("vietnamese")),
    ("maria-alvarez", "which toe had reduced sensation", said(NOTE, "progress", "right great toe", "right big toe", window=on("2025-09"))),
    ("tyrone-jackson", "his partner - is he/she on anything?", said(NOTE, "progress", "prep", "on prep")),
    ("town-lung", "first year he was down as an ex-smoker", first_said("tobacco", "Former smoker")),
    ("sim-diabetes", "what's her job?", said("Observation", "occupation", "service/retail", "retail")),
    ("sim-diabetes", "how old was mom when she got diabetes", absent),
    ("eddie", "death certificate: cause?", said("Observation", "cause of death", "myocardial infarction")),
    ("mayte", "maiden name", of_person("valle")),
)
