"""The thyroid, by the laboratory's own reference ranges."""

from __future__ import annotations

from collections.abc import Callable

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Having, Taking
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, OnDrug, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity

TSH = Test("lab:thyroid-stimulating-hormone", "m[IU]/L", "TSH")
FREE_T4 = Test("lab:free-t4", "ng/dL", "free T4")
_UNDER = "ATA/AACE guidelines for hypothyroidism in adults, 2012 (Garber)"
_OVER = "ATA guidelines for hyperthyroidism, 2016 (Ross)"
_SUBCLINICAL = "ETA guideline on subclinical hypothyroidism, 2013 (Pearce): repeat after 2 to 3 months"
_NEAR, _APART = 30, 60
"""Days that free T4 may be off from TSH, and that a second TSH comes later."""
Side = Callable[[Reading], bool]


def high(reading: Reading) -> bool:
    """Above its own range; without one, TSH from 10 on, where treatment is advised whatever the range (Garber 2012)."""
    if reading.high is not None:
        return Band(reading.test, above=reading.high).holds(reading) is True
    return reading.test is TSH and Band(TSH, least=10).holds(reading) is True


def low(reading: Reading) -> bool:
    """Below its own range; without one, TSH below 0.1 (Ross 2016)."""
    if reading.low is not None:
        return Band(reading.test, below=reading.low).holds(reading) is True
    return reading.test is TSH and Band(TSH, below=0.1).holds(reading) is True


def _normal(reading: Reading) -> bool:
    bounded = reading.low is not None and reading.high is not None
    return bounded and not high(reading) and not low(reading)


def _tsh(side: Side, free: Side | None, twice: bool = False):
    def judge(view: View, words: str) -> Met | None:
        found = view.readings(TSH)
        run: list[Reading] = []
        for reading in found:
            run = [*run, reading] if side(reading) else []
        if not run or (twice and (run[-1].day - run[0].day).days < _APART):
            return None
        t4 = view.near(FREE_T4, run[-1].day, _NEAR)
        if free is not None and (t4 is None or not free(t4)):
            return None
        readings = [*run[-3:], *([t4] if free is not None and t4 else [])]
        against = [t4] if free is None and t4 is not None and _normal(t4) else []
        return shown(
            sorted(readings, key=lambda r: r.entry.order),
            words,
            against,
            max(0, len({r.day for r in run}) - (2 if twice else 1)),
        )

    return judge


def _thyroid(
    ident: str, display: str, code: str, severity: Severity, source: str, advice: str, listed: str
) -> Condition:
    icd = ("E05", "E06") if listed == "problem:hyperthyroidism" else ("E02", "E03", "E06", "E89.0", "O90.5")
    return Condition(
        f"thyroid/{ident}", display, code, severity, source, advice, (listed,), (), icd, "thyroiditis"
    )


_ILL = (
    STAY,
    Taking(("drugclass:corticosteroid", "drug:amiodarone", "drug:lithium"), "changes thyroid tests"),
    Having(("problem:hypopituitarism",), "TSH can't be relied on"),
)
_REPLACED = Taking(("drugclass:thyroid-hormone",), "too high a dose lowers TSH")
_AMIODARONE = "ATA guidelines for hyperthyroidism, 2016 (Ross); FDA labelling of amiodarone"

FAMILIES = {
    "thyroid-low": (
        Rule(
            _thyroid(
                "amiodarone-hypothyroidism",
                "Hypothyroidism due to amiodarone",
                "E03.2",
                "medium",
                _AMIODARONE,
                "Repeat TSH and free T4, and treat; amiodarone need not be stopped.",
                "problem:hypothyroidism",
            ),
            OnDrug(
                ("drug:amiodarone",),
                "amiodarone",
                Judged(
                    "TSH above its own range (without one ≥ 10 mIU/L), none normal since", _tsh(high, None)
                ),
            ),
            strength=0.65,
            doubts=(STAY,),
        ),
        Rule(
            _thyroid(
                "hypothyroidism",
                "Hypothyroidism",
                "E03.9",
                "medium",
                _UNDER,
                "Confirm with TPO antibodies and treat with levothyroxine.",
                "problem:hypothyroidism",
            ),
            Judged("TSH above and free T4 below their own ranges", _tsh(high, low)),
            strength=0.8,
            doubts=_ILL,
        ),
        Rule(
            _thyroid(
                "subclinical-hypothyroidism",
                "Subclinical hypothyroidism",
                "E03.8",
                "low",
                _SUBCLINICAL,
                "TPO antibodies; treat if TSH stays at 10 or above, else by symptoms and age.",
                "problem:hypothyroidism",
            ),
            Judged(
                f"TSH above its own range twice, at least {_APART} days apart, with a normal free T4",
                _tsh(high, _normal, twice=True),
            ),
            strength=0.8,
            doubts=_ILL,
        ),
        Rule(
            _thyroid(
                "raised-tsh",
                "Raised TSH",
                "R94.6",
                "low",
                _SUBCLINICAL,
                "Repeat TSH with free T4 and TPO antibodies after 2 to 3 months.",
                "problem:hypothyroidism",
            ),
            Judged("TSH above its own range (without one ≥ 10 mIU/L), none normal since", _tsh(high, None)),
            strength=0.5,
            doubts=_ILL,
        ),
    ),
    "thyroid-high": (
        Rule(
            _thyroid(
                "amiodarone-thyrotoxicosis",
                "Thyrotoxicosis due to amiodarone",
                "E05.80",
                "high",
                _AMIODARONE,
                "Free T4 and T3, antibodies and Doppler to tell type 1 from 2; talk to cardiology before "
                "amiodarone is stopped.",
                "problem:hyperthyroidism",
            ),
            OnDrug(
                ("drug:amiodarone",),
                "amiodarone",
                Judged(
                    "TSH below its own range (without one < 0.1 mIU/L), none normal since", _tsh(low, None)
                ),
            ),
            strength=0.65,
            doubts=(STAY, _REPLACED),
        ),
        Rule(
            _thyroid(
                "hyperthyroidism",
                "Hyperthyroidism",
                "E05.90",
                "medium",
                _OVER,
                "TSH-receptor antibodies, T3; treat by cause.",
                "problem:hyperthyroidism",
            ),
            Judged("TSH below and free T4 above their own ranges", _tsh(low, high)),
            strength=0.8,
            doubts=(*_ILL, _REPLACED),
        ),
        Rule(
            _thyroid(
                "low-tsh",
                "Low TSH",
                "R94.6",
                "low",
                _OVER,
                "Repeat TSH with free T4 and T3.",
                "problem:hyperthyroidism",
            ),
            Judged("TSH below its own range (without one < 0.1 mIU/L), none normal since", _tsh(low, None)),
            strength=0.5,
            doubts=(*_ILL, _REPLACED),
        ),
    ),
}
