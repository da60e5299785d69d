"""Laboratory and bedside values of the wards."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import ago, last_hours, on, since, stay, this_month, this_year

HEART, LIVER, SEPSIS = "ward-heart", "ward-liver", "ward-sepsis"
CREATININE, POTASSIUM, SODIUM, GLUCOSE = "50912", "50971", "50983", "50931"
HEMOGLOBIN, PLATELETS, INR, WHITE, LACTATE = "51222", "51265", "51237", "51301", "50813"
MAGNESIUM, BILIRUBIN, BNP, PH = "50960", "50885", "50963", "50820"
PULSE, BREATHS, SATURATION, WARMTH, TOP, LOW, MEAN = (
    "220045", "220210", "220277", "223761", "220179", "220180", "220181",
)  # fmt: skip
FOLEY, VOID, WEIGHT = "226559", "226560", "224639"

ASKED = [
    ask(
        "What was the last measured {x} of the patient during the first hospital visit?",
        of(HEART, m.value(POTASSIUM, -1, stay(0)), x="potassium"),
        of(LIVER, m.value(PULSE, -1, stay(0)), x="heart rate"),
        of(SEPSIS, m.value(HEMOGLOBIN, -1, stay(0)), x="hemoglobin"),
    ),
    ask(
        "what was the first {x} measured in patient {n}'s last hospital stay?",
        of(HEART, m.value(CREATININE, 0, stay(-1)), x="creatinine", n="10017341"),
        of(LIVER, m.value(SODIUM, 0, stay(-1)), x="sodium", n="10023886"),
        of(SEPSIS, m.value(LACTATE, 0, stay(-1)), x="lactate", n="10031207"),
    ),
    ask(
        "What is the difference between the last and the second-to-last {x} values this month?",
        of(HEART, m.difference(CREATININE, -1, -2, this_month), x="creatinine"),
        of(LIVER, m.difference(PLATELETS, -1, -2, this_month), x="platelet count"),
    ),
    ask(
        "Was the patient's {x} on the last hospital visit's final measurement greater than on its first?",
        of(HEART, m.greater("51006", -1, 0, stay(-1)), x="urea nitrogen"),
        of(LIVER, m.greater(SODIUM, -1, 0, stay(-1)), x="sodium"),
    ),
    ask(
        "what's the maximum {x} since {y}?",
        of(HEART, m.peak(CREATININE, max, since("2170")), x="creatinine", y="2170"),
        of(LIVER, m.peak(INR, max, since("2170-06")), x="INR", y="june 2170"),
    ),
    ask("Tell me the minimum platelet count value patient 10023886 ever had.", of(LIVER, m.peak(PLATELETS, min))),
    ask(
        "how many times was {x} measured in the last hospital encounter?",
        of(HEART, m.how_often(GLUCOSE, stay(-1)), x="glucose"),
        of(LIVER, m.how_often(HEMOGLOBIN, stay(-1)), x="hemoglobin"),
    ),
    ask(
        "What is the average {x} over the first hospital stay of the patient?",
        of(HEART, m.average(GLUCOSE, stay(0)), x="glucose"),
        of(LIVER, m.average(TOP, stay(0)), x="non-invasive systolic blood pressure"),
    ),
    ask("What time was the first lactate drawn on this admission?", of(SEPSIS, m.minute(LACTATE, 0, stay(-1)))),
    ask(
        "When did the patient get a {x} lab test for the last time?",
        of(HEART, m.day("50852"), x="% hemoglobin A1c"),
        of(LIVER, m.day(BILIRUBIN), x="total bilirubin"),
        of(SEPSIS, m.day("50878"), x="AST"),
    ),
    ask("Has {x} been checked since {y}?",
        of(HEART, m.measured("51003", since("2172")), x="troponin T", y="2172"),
        of(LIVER, m.measured(LACTATE, since("2170")), x="lactate", y="2170")),
    ask("has her K gone above {x} mmol/L at any point this stay?",
        of(SEPSIS, m.ever(POTASSIUM, ">", 5.0, stay(-1)), x="5.0")),
    ask("What's the last serum magnesium level of the patient within the last 24 hours?",
        of(SEPSIS, m.value(MAGNESIUM, -1, last_hours(24)))),
    ask("What's the most recent serum magnesium within the last 24 hours? If there is none, say so.",
        of(HEART, m.value(MAGNESIUM, -1, last_hours(24)))),
    ask("average glucose over the past 24 h", of(SEPSIS, m.average(GLUCOSE, last_hours(24)))),
    ask("What is the most recent potassium level, and when was it recorded?",
        of(SEPSIS, m.last_with_day(POTASSIUM)), of(LIVER, m.last_with_day(POTASSIUM))),
    ask("last BNP?", of(HEART, m.value(BNP))),
    ask("highest {x} yesterday", of(SEPSIS, m.peak(PULSE, max, ago(1)), x="heart rate"),
        of(SEPSIS, m.peak(WARMTH, max, ago(1)), x="temp")),
    ask("What was the lowest mean arterial pressure recorded today?", of(SEPSIS, m.peak(MEAN, min, ago(0)))),
    ask("has the o2 sat ever been below 92 since she came in?", of(SEPSIS, m.ever(SATURATION, "<", 92, stay(-1)))),
    ask("Give me the latest respiratory rate.", of(SEPSIS, m.value(BREATHS)), of(HEART, m.value(BREATHS))),
    ask("What was the total volume of Foley output yesterday?", of(SEPSIS, m.total(FOLEY, ago(1)))),
    ask("total urine output (Foley) on 2171-05-23?", of(HEART, m.total(FOLEY, on("2171-05-23")))),
    ask("How much NaCl 0.9% did the patient take in yesterday, in total?", of(SEPSIS, drug.poured(ago(1), "nacl 0.9%"))),
    ask("What was her total fluid intake on {x}?",
        of(SEPSIS, drug.poured(on("2165-01-29")), x="2165-01-29"),
        of(LIVER, drug.poured(on("2170-04-12")), x="2170-04-12")),
    ask("how many times did the patient void on 2170-04-12", of(LIVER, m.how_often(VOID, on("2170-04-12")))),
    ask("Is today's first lactate lower than the first one of this admission?",
        of(SEPSIS, lambda r: _first_today_lower(r))),
    ask("how has the creatinine been going during this admission?", of(SEPSIS, m.course(CREATININE, None, stay(-1))), type="trend"),
    ask("Trend of hemoglobin across the stay in April 2170?", of(LIVER, m.course(HEMOGLOBIN, None, on("2170-04"))), type="trend"),
    ask("lactate trend since admission", of(SEPSIS, m.course(LACTATE, "falling", stay(-1))), type="trend"),
    ask("Show me all INR values of the second hospital visit.", of(LIVER, m.values(INR, stay(1)))),
    ask("what were the last three platelet counts", of(LIVER, m.values(PLATELETS, None, 3)), of(SEPSIS, m.values(PLATELETS, None, 3))),
    ask("On which day was creatinine at its highest in the 2171 admission?", of(HEART, m.peak_day(CREATININE, max, stay(1)))),
    ask("When was the white count first under 20 K/uL in this hospitalization?", of(SEPSIS, m.passing(WHITE, "<", 20, 0, stay(-1)))),
    ask("How many days has it been since the patient last had a sodium measured?", of(LIVER, m.days_since(SODIUM)), of(HEART, m.days_since(SODIUM))),
    ask("how often was the heart rate over 110 on 28 January 2165?", of(SEPSIS, m.how_often(PULSE, on("2165-01-28"), ">", 110))),
    ask("compare the creatinine at the end of the first stay with the end of the last one", of(HEART, m.compare(CREATININE, stay(-1), stay(0))), type="comparison"),
    ask("Hgb now vs at the end of the first admission in 2170?", of(LIVER, m.compare(HEMOGLOBIN, stay(-1), stay(0))), type="comparison"),
    ask("What did the patient weigh at the last daily weight?", of(SEPSIS, m.value(WEIGHT))),
    ask("weight change between the first and latest daily weight of this stay", of(SEPSIS, m.difference(WEIGHT, -1, 0, stay(-1)))),
    ask("what was the patient's first arterial pH, and is it normal by the reference range?", of(SEPSIS, m.among(m.value(PH, 0), lambda r: _ph(r)))),
    ask("What is the last blood pressure?", of(SEPSIS, m.pressure(-1, None, TOP, LOW))),
    ask("most recent A1c?", of(HEART, m.value("50852"))),
    ask("Has the patient had a hemoglobin a1c within the past year, and what was it?", of(HEART, m.among(m.value("50852"), m.measured("50852")))),
    ask("how many platelet counts under 70 has she had in total", of(LIVER, m.how_often(PLATELETS, None, "<", 70))),
    ask("what was the sodium on the day she was admitted in march 2171", of(LIVER, m.value(SODIUM, 0, on("2171-03-07")))),
    ask("When was the last time the heart rate was greater than 120.0 on the current hospital visit?", of(SEPSIS, m.passing(PULSE, ">", 120, -1, stay(-1)))),
    ask("Did a urea nitrogen test take place this year?", of(HEART, m.measured("51006", this_year)), of(LIVER, m.measured("51006", this_year))),
    ask("second measured bicarbonate of the first hospital stay?", of(HEART, m.value("50882", 1, stay(0)))),
]  # fmt: skip


def _first_today_lower(r):
    """Today's first value against the stay's first."""
    first, today = r.series(LACTATE, stay(-1))[0], r.series(LACTATE, ago(0))[0]
    both = [frozenset({p.ref}) for p in (today, first)]
    results = [
        m.Result("boolean", today.value < first.value),
        m.Result("comparison", m.Pair(today.value, first.value)),
    ]
    return m.golden(r, results, both, {p.ref for p in r.series(LACTATE)})


def _ph(r):
    point = r.series(PH)[0]
    return m.golden(r, [m.Result("boolean", not point.abnormal)], [frozenset({point.ref})])
