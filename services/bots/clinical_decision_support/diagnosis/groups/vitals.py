"""Blood pressure and body mass."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from services.bots.clinical_decision_support.diagnosis.doubts import Having
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, Results
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity, basis
from services.index.text import values

_ACC = (
    "ACC/AHA Guideline for High Blood Pressure in Adults 2017, section 3.1, Table 6 (thresholds kept in 2025)"
)
SYSTOLIC = Test("vital:systolic-blood-pressure", "mm[Hg]", "systolic pressure")
DIASTOLIC = Test("vital:diastolic-blood-pressure", "mm[Hg]", "diastolic pressure")
BMI = Test("vital:body-mass-index", "kg/m2", "BMI", never=r"percentile|per age|z-score")
_OCCASIONS, _YEAR = 3, 365
"""Of the latest occasions only: what was long ago has been treated since."""


def _hypertension(stage: int) -> Condition:
    return Condition(
        f"hypertension-stage-{stage}",
        f"Hypertension, stage {stage}",
        "I10",
        "medium",
        _ACC,
        "Confirm by home or 24-hour measurement, look for organ damage and secondary causes, and put it on "
        "the problem list.",
        ("problem:hypertension",),
        ("problem:white-coat-hypertension", "problem:gestational-hypertension"),
        ("I10", "I11", "I12", "I13", "I15", "I1A"),
    )


def pressures(view: View) -> list[tuple[dt.date, float, float, Reading]]:
    """(day, systolic, diastolic, one reading): the mean of each day outside of stays, oldest first."""
    by_day: dict[dt.date, tuple[list[Reading], list[Reading]]] = defaultdict(lambda: ([], []))
    for place, test in enumerate((SYSTOLIC, DIASTOLIC)):
        for reading in view.readings(test, _YEAR):
            if not reading.sign:
                by_day[reading.day][place].append(reading)
    days = [
        d
        for d, (s, p) in sorted(by_day.items())
        if s and p and not any(view.in_stay(r.entry) for r in (*s, *p))
    ]
    return [(d, _mean(by_day[d][0]), _mean(by_day[d][1]), by_day[d][0][-1]) for d in days]


def _mean(readings: list[Reading]) -> float:
    return round(sum(r.value for r in readings) / len(readings), 1)


def _average(least: tuple[float, float]):
    def judge(view: View, words: str) -> Met | None:
        days = pressures(view)[-_OCCASIONS:]
        if len(days) < 2:
            return None
        systolic = round(sum(d[1] for d in days) / len(days), 1)
        diastolic = round(sum(d[2] for d in days) / len(days), 1)
        if systolic < least[0] and diastolic < least[1]:
            return None
        told = {d[0]: f"{d[1]:g}/{d[2]:g} mmHg on {values.date(d[3].entry.date)}" for d in days}
        high = [d for d in days if d[1] >= least[0] or d[2] >= least[1]]
        against = [d for d in days if d not in high]
        return Met(
            tuple(basis(d[3].entry, f"blood pressure {told[d[0]]}") for d in high),
            days[-1][0],
            f"Mean of {len(days)} occasions {systolic:g}/{diastolic:g} mmHg: {'; '.join(told.values())}. "
            f"Criterion: {words}.",
            tuple(basis(d[3].entry, f"Below it: {told[d[0]]}") for d in against),
            max(0, len(high) - 2),
            tuple(d[3] for d in high),
        )

    return judge


def _weight(
    ident: str,
    display: str,
    code: str,
    severity: Severity,
    source: str,
    advice: str,
    *listed: str,
    icd: tuple[str, ...],
) -> Condition:
    return Condition(
        f"weight/{ident}",
        display,
        code,
        severity,
        source,
        advice,
        listed,
        (),
        icd,
        r"\bobes|body mass index (?:3[05]|4\d)",
    )


_WHO = "WHO Technical Report Series 894 (2000), Table 2.1; classes of ICD-10-CM since October 2024"
_ADVICE = "Confirm height and weight, look for conditions that come with it, and offer treatment; Z68 codes the BMI besides."
_OBESE, _ALL_OBESE = (
    ("E66.0", "E66.1", "E66.2", "E66.8", "E66.9", "Z68.3", "Z68.4", "Z68.54", "Z68.55", "Z68.56"),
    ("problem:obesity",),
)
_WHITE_COAT = Having(("problem:white-coat-hypertension",), "office readings are known to be raised")
_OEDEMA = Having(("problem:ascites", "symptom:edema", "problem:heart-failure"), "fluid adds to the weight")
_STAGE = (
    "mean of the last 2 or 3 occasions of a year, outside of emergency and inpatient stays, "
    "≥ {} mmHg systolic or ≥ {} mmHg diastolic"
)

FAMILIES = {
    "pressure": (
        Rule(
            _hypertension(2),
            Judged(_STAGE.format(140, 90), _average((140, 90))),
            strength=0.8,
            doubts=(_WHITE_COAT,),
        ),
        Rule(
            _hypertension(1),
            Judged(_STAGE.format(130, 80), _average((130, 80))),
            strength=0.65,
            doubts=(_WHITE_COAT,),
        ),
    ),
    "weight": (
        *(
            Rule(
                _weight(
                    f"obesity-class-{number}",
                    f"Obesity, class {number}",
                    f"E66.81{number}",
                    "low",
                    _WHO,
                    _ADVICE,
                    *_ALL_OBESE,
                    icd=_OBESE,
                ),
                Results((Band(BMI, least=least, below=below),)),
                strength=0.8,
                doubts=(_OEDEMA,),
            )
            for number, least, below in ((3, 40, None), (2, 35, 40), (1, 30, 35))
        ),
        Rule(
            _weight(
                "overweight",
                "Overweight",
                "E66.3",
                "low",
                _WHO,
                _ADVICE,
                "problem:overweight",
                "problem:obesity",
                icd=("E66.3", "Z68.2", *_OBESE),
            ),
            Results((Band(BMI, least=25, below=30),)),
            strength=0.8,
            doubts=(_OEDEMA,),
        ),
        Rule(
            Condition(
                "weight/underweight",
                "Underweight",
                "R63.6",
                "medium",
                "WHO Technical Report Series 894 (2000), Table 2.1",
                "Look for the cause; screen for malnutrition and eating disorders.",
                ("problem:malnutrition", "problem:eating-disorder", "symptom:weight-loss"),
                (),
                ("R63.6", "R64", "E40", "E41", "E43", "E44", "E45", "E46", "Z68.1"),
                r"\bunderweight|cachexia|anorexia nervosa",
            ),
            Results((Band(BMI, below=18.5),)),
            strength=0.8,
        ),
    ),
}
