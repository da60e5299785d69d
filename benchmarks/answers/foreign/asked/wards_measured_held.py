"""Laboratory and bedside values of the wards."""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import (
    ago,
    before,
    between,
    last_days,
    last_hours,
    on,
    since,
    stay,
    this_month,
    this_year,
)

HEART, LUNGS, PANCREAS = "ward-coronary", "ward-lungs", "ward-pancreas"
CREATININE, POTASSIUM, SODIUM, GLUCOSE, UREA = "50912", "50971", "50983", "50931", "51006"
HEMOGLOBIN, HEMATOCRIT, PLATELETS, WHITE, LACTATE, TROPONIN = "51222", "51221", "51265", "51301", "50813", "51003"
MAGNESIUM, CALCIUM, PHOSPHATE, LIPASE, GAP, BICARBONATE = "50960", "50893", "50970", "50956", "50868", "50882"
PH, PCO2, PO2 = "50820", "50818", "50821"
PULSE, BREATHS, SATURATION, WARMTH, TOP, LOW, MEAN = (
    "220045", "220210", "220277", "223761", "220179", "220180", "220181",
)  # fmt: skip
FOLEY, VOID, DRAIN, WEIGHT = "226559", "226560", "226588", "224639"

ASKED = [
    ask("On the first hospital encounter, what was patient {n}'s last recorded {x}?", of(HEART, m.value(PULSE, -1, stay(0)), x="heart rate", n="10042915"), of(LUNGS, m.value(BICARBONATE, -1, stay(0)), x="bicarbonate", n="10055820"), of(PANCREAS, m.value(LIPASE, -1, stay(0)), x="lipase", n="10068033")),
    ask("Can you find the second {x} value since {y}?", of(HEART, m.value(TROPONIN, 1, since("2152-06")), x="troponin T", y="06/2152"), of(LUNGS, m.value(PH, 1, since("2147")), x="pH", y="2147")),
    ask("what is the change in {x} between the two most recent measurements?", of(HEART, m.difference(HEMOGLOBIN, -1, -2), x="hemoglobin"), of(LUNGS, m.difference(WHITE, -1, -2), x="white blood cells"), of(PANCREAS, m.difference(CALCIUM, -1, -2), x="calcium")),
    ask("Did the patient's {x} value become greater at the final reading of the first stay than at the initial one?", of(HEART, m.greater(HEMATOCRIT, -1, 0, stay(0)), x="hematocrit"), of(LUNGS, m.greater(PH, -1, 0, stay(0)), x="pH")),
    ask("what has been the highest {x} {y}?", of(HEART, m.peak(TROPONIN, max, on("2149")), x="troponin T", y="in 2149"), of(LUNGS, m.peak(PCO2, max, stay(1)), x="pCO2", y="during the 2147 stay"), of(PANCREAS, m.peak(GLUCOSE, max, stay(-1)), x="glucose", y="of this stay")),
    ask("lowest {x} ever charted", of(HEART, m.peak(HEMATOCRIT, min), x="hct"), of(LUNGS, m.peak(PO2, min), x="po2")),
    ask("Count the {x} measurements in the {y} hospital visit.", of(HEART, m.how_often(POTASSIUM, stay(1)), x="potassium", y="second"), of(LUNGS, m.how_often(LACTATE, stay(-1)), x="lactate", y="last")),
    ask("what is the mean {x} for {y}", of(PANCREAS, m.average(PULSE, ago(1)), x="heart rate", y="yesterday"), of(HEART, m.average(MEAN, stay(0)), x="MAP (non invasive)", y="the first stay")),
    ask("When, to the minute, was the {x} troponin of the 2152 NSTEMI admission taken?", of(HEART, m.minute(TROPONIN, 0, stay(1)), x="first")),
    ask("last time a {x} was checked?", of(LUNGS, m.day(LACTATE), x="lactate"), of(HEART, m.day("51237"), x="INR"), of(PANCREAS, m.day(LIPASE), x="lipase")),
    ask("Were there any {x} tests in {y}?", of(HEART, m.measured(TROPONIN, on("2152-12")), x="troponin", y="December 2152"), of(LUNGS, m.measured(LACTATE, on("2146")), x="lactate", y="2146"), of(HEART, m.measured(CREATININE, this_month), x="creatinine", y="this month")),
    ask("Did the potassium ever fall under {x} this admission?", of(PANCREAS, m.ever(POTASSIUM, "<", 4.0, stay(-1)), x="4"), ),
    ask("mg in the last 24h?", of(PANCREAS, m.value(MAGNESIUM, -1, last_hours(24)))),
    ask("Is there a calcium from the past day? Give it or say no.", of(LUNGS, m.value(CALCIUM, -1, last_hours(24))), of(PANCREAS, m.value(CALCIUM, -1, last_hours(24)))),
    ask("What has the glucose averaged in the last 24 hours?", of(PANCREAS, m.average(GLUCOSE, last_hours(24)))),
    ask("Newest potassium with its time stamp, please.", of(PANCREAS, m.last_with_day(POTASSIUM)), of(HEART, m.last_with_day(POTASSIUM))),
    ask("current lipase", of(PANCREAS, m.value(LIPASE))),
    ask("fastest heart rate on {x}?", of(PANCREAS, m.peak(PULSE, max, on("2161-03-14")), x="14 March 2161"), of(LUNGS, m.peak(PULSE, max, on("2147-08-31")), x="2147-08-31")),
    ask("how low did the sats go in the first 24 h of the 2147 admission", of(LUNGS, m.peak(SATURATION, min, between("2147-08-30T02:25", "2147-08-31T02:25")))),
    ask("temp this morning? (latest, °F)", of(PANCREAS, m.value(WARMTH))),
    ask("Foley output in total on {x}", of(HEART, m.total(FOLEY, on("2149-10-09")), x="2149-10-09"), of(LUNGS, m.total(FOLEY, on("2147-09-01")), x="1 September 2147")),
    ask("How many mL came out of the chest tube on {x}?", of(HEART, m.total(DRAIN, on("2149-10-10")), x="October 10th 2149")),
    ask("What volume did the patient void yesterday?", of(PANCREAS, m.total(VOID, ago(1)))),
    ask("intake of NaCl 0.9% today so far?", of(PANCREAS, drug.poured(ago(0), "nacl 0.9%"))),
    ask("What was the PO intake on 2149-10-09, all together?", of(HEART, drug.poured(on("2149-10-09"), "po intake"))),
    ask("Was the anion gap closed (12 or less) at any time since admission?", of(PANCREAS, m.ever(GAP, "<=", 12, stay(-1)))),
    ask("Which way is the {x} heading in this stay?", of(PANCREAS, m.course(GLUCOSE, "falling", stay(-1)), x="sugar"), of(PANCREAS, m.course(BICARBONATE, "rising", stay(-1)), x="bicarb"), type="trend"),
    ask("Plot hemoglobin from admission to discharge in October 2149", of(HEART, m.course(HEMOGLOBIN, "falling", stay(0))), type="trend"),
    ask("WBC course in the pneumonia stay?", of(LUNGS, m.course(WHITE, "falling", stay(1))), type="trend"),
    ask("every {x} of the admission in {y}, please", of(LUNGS, m.values(PCO2, stay(0)), x="pCO2", y="March 2146"), of(HEART, m.values(TROPONIN, stay(1)), x="troponin", y="June 2152")),
    ask("give me the two latest {x} results", of(HEART, m.values(PLATELETS, None, 2), x="platelet"), of(PANCREAS, m.values(CREATININE, None, 2), x="creatinine")),
    ask("what day did the troponin peak in 2152", of(HEART, m.peak_day(TROPONIN, max, on("2152")))),
    ask("On what date did lipase first drop below {x} in this hospitalization?", of(PANCREAS, m.passing(LIPASE, "<", 2500, 0, stay(-1)), x="2500 IU/L")),
    ask("days since the last creatinine?", of(HEART, m.days_since(CREATININE)), of(LUNGS, m.days_since(CREATININE))),
    ask("On how many occasions was the respiratory rate above {x} on {y}?", of(LUNGS, m.how_often(BREATHS, on("2147-08-31"), ">", 19), x="19", y="2147-08-31"), of(PANCREAS, m.how_often(BREATHS, on("2161-03-14"), ">", 18), x="18", y="2161-03-14")),
    ask("Put the pre-op and post-op hemoglobin side by side: last before 2149-10-08 and last of that stay.", of(HEART, m.compare(HEMOGLOBIN, stay(0), before("2149-10-07"))), type="comparison"),
    ask("How does the creatinine on leaving in 2160 compare with today's latest?", of(PANCREAS, m.compare(CREATININE, stay(-1), stay(0))), type="comparison"),
    ask("admission weight versus the latest daily weight?", of(PANCREAS, m.difference(WEIGHT, -1, 0, stay(-1)))),
    ask("Is the most recent phosphate outside the printed reference range?", of(PANCREAS, lambda r: _outside(r, PHOSPHATE)), of(HEART, lambda r: _outside(r, PHOSPHATE))),
    ask("BP right now?", of(PANCREAS, m.pressure(-1, None, TOP, LOW))),
    ask("first blood pressure after getting to the unit in 2147", of(LUNGS, m.pressure(0, stay(1), TOP, LOW))),
    ask("was a hemoglobin A1c ever measured?", of(PANCREAS, m.measured("50852")), of(HEART, m.measured("50852"))),
    ask("number of glucose readings over 300 in this stay", of(PANCREAS, m.how_often(GLUCOSE, stay(-1), ">", 300))),
    ask("K on the day of the bypass operation?", of(HEART, m.value(POTASSIUM, -1, on("2149-10-08")))),
    ask("last time heart rate exceeded {x} in the 2147 hospital visit?", of(LUNGS, m.passing(PULSE, ">", 100, -1, stay(1)), x="100")),
    ask("any labs this year?", of(HEART, m.measured(SODIUM, this_year)), of(LUNGS, m.measured(SODIUM, this_year))),
    ask("third sodium of the second hospital stay", of(LUNGS, m.value(SODIUM, 2, stay(1)))),
    ask("How many times was BUN measured within the past {x}?", of(PANCREAS, m.how_often(UREA, last_days(2)), x="2 days"), of(LUNGS, m.how_often(UREA, last_days(30)), x="30 days")),
    ask("Is the creatinine better than when he came in?", of(PANCREAS, lambda r: _better(r))),
    ask("What was the mean sodium in 2146?", of(LUNGS, m.average(SODIUM, on("2146")))),
]  # fmt: skip


def _outside(r, codes):
    point = r.series(codes)[-1]
    return m.golden(r, [m.Result("boolean", point.abnormal)], [frozenset({point.ref})])


def _better(r):
    points = r.series(CREATININE, stay(-1))
    first, last = points[0], points[-1]
    results = [
        m.Result("boolean", last.value < first.value),
        m.Result("comparison", m.Pair(last.value, first.value)),
        m.Result("trend", m.Trend(first.value, last.value)),
    ]
    return m.golden(r, results, [frozenset({first.ref}), frozenset({last.ref})], {p.ref for p in points})
