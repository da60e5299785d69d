"""Electrolytes, calcium and vitamins. Of electrolytes only what is recent and not yet normal again."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Hemolyzed, Taking
from services.bots.clinical_decision_support.diagnosis.groups.anaemia import B12
from services.bots.clinical_decision_support.diagnosis.groups.glucose import RANDOM
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, OnDrug, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Basis, Severity, basis

SODIUM = Test("lab:sodium", "mmol/L", "sodium")
POTASSIUM = Test("lab:potassium", "mmol/L", "potassium")
CALCIUM = Test("lab:calcium", "mg/dL", "calcium", never="ioni[sz]ed")
IONIZED = Test("lab:ionized-calcium", "mmol/L", "ionized calcium")
ALBUMIN = Test("lab:albumin", "g/dL", "albumin")
VITAMIN_D = Test("lab:vitamin-d-level", "ng/mL", "25-hydroxyvitamin D")
RECENT = 90
"""Days that an electrolyte tells of the present."""
_HIGH_CALCIUM = 10.5
_SPASOVSKI = "ESE/ERA/ESICM guideline on hyponatraemia, 2014 (Spasovski), severity: mild 130–135, moderate 125–129, profound < 125 mmol/L"
_UKKA = (
    "UK Kidney Association guideline on hyperkalaemia, 2023: mild ≥ 5.5, moderate ≥ 6.0, severe ≥ 6.5 mmol/L"
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Sugar:
    """Water drawn out by glucose: sodium corrected by 1.6 mmol/L for each 100 mg/dL above 100 (Katz 1973)."""

    words: str = "normal once corrected for glucose (Katz 1973)"

    def found(self, view: View, met: Met) -> list[Basis]:
        last = met.readings[-1] if met.readings else None
        glucose = view.near(RANDOM, last.day, 0) if last else None
        if last is None or glucose is None or last.value + 1.6 * max(0.0, glucose.value - 100) / 100 < 135:
            return []
        return [basis(glucose.entry, f"{glucose.text}: sodium is {self.words}")]


def _corrected(view: View, words: str) -> Met | None:
    """Calcium corrected for albumin (Payne 1973): + 0.8 mg/dL for each g/dL that albumin is under 4."""
    run, told, twice = [], "", 0
    for reading in view.readings(CALCIUM, 365):
        albumin = view.near(ALBUMIN, reading.day, 7)
        value = round(reading.value + (0.8 * (4 - albumin.value) if albumin else 0), 2)
        limit = max(reading.high or 0, _HIGH_CALCIUM)
        if value <= limit or reading.sign in ("<", "<="):
            run, twice = [], 0
            continue
        run, twice = [*run, reading], twice + 1
        told = reading.text + (
            f", {value:g} mg/dL corrected for {albumin.text}" if albumin else ", albumin not known"
        )
    if not run or (view.today - run[-1].day).days > RECENT:
        return None
    ionized = view.near(IONIZED, run[-1].day, 7)
    normal = [ionized] if ionized and ionized.high is not None and ionized.value <= ionized.high else []
    return shown(run, words, normal, twice - 1, told)


def _electrolyte(
    ident: str,
    display: str,
    code: str,
    severity: Severity,
    source: str,
    advice: str,
    *listed: str,
    icd: tuple[str, ...] = (),
) -> Condition:
    return Condition(ident, display, code, severity, source, advice, listed, (), (code, *icd), lasting=False)


def _sodium(ident: str, display: str, severity: Severity, advice: str) -> Condition:
    return _electrolyte(
        ident, display, "E87.1", severity, _SPASOVSKI, advice, "problem:hyponatremia", icd=("E22.2",)
    )


def _potassium(ident: str, display: str, severity: Severity, advice: str, source: str = _UKKA) -> Condition:
    return _electrolyte(ident, display, "E87.5", severity, source, advice, "problem:hyperkalemia")


_CAUSE_OF_HYPONATRAEMIA = "Osmolality of serum and urine, urine sodium, volume status; review drugs."
_NATRIURETIC = (
    "drugclass:thiazide-diuretic",
    "drugclass:selective-serotonin-reuptake-inhibitor",
    "drugclass:serotonin-norepinephrine-reuptake-inhibitor",
    "drug:carbamazepine",
    "drug:oxcarbazepine",
)
_RETAINING = (
    "drugclass:ace-inhibitor",
    "drugclass:angiotensin-receptor-blocker",
    "drugclass:mineralocorticoid-receptor-antagonist",
    "drugclass:potassium-sparing-diuretic",
)
_VALUES = (STAY, _Sugar())
_LYSED = (Hemolyzed(), STAY)
_ENDOCRINE = "Endocrine Society guideline on vitamin D, 2011 (Holick): deficiency < 20 ng/mL; its 2024 guideline sets no threshold"
_NICE = "NICE NG239, 2024, section 1.3: total B12 < 180 ng/L"
_B12 = ("problem:vitamin-b12-deficiency",)
_B12_ICD = ("E53.8", "D51")

FAMILIES = {
    "sodium": (
        Rule(
            _sodium(
                "hyponatraemia-profound",
                "Hyponatremia, profound",
                "high",
                "Repeat at once and look for symptoms. " + _CAUSE_OF_HYPONATRAEMIA,
            ),
            Results((Band(SODIUM, below=125),), days=RECENT),
            strength=0.8,
            since=0,
            pregnant="any",
            doubts=_VALUES,
        ),
        Rule(
            _sodium(
                "hyponatraemia-drug",
                "Hyponatremia, possibly by a drug",
                "medium",
                "Stop or change the drug if possible and repeat sodium. " + _CAUSE_OF_HYPONATRAEMIA,
            ),
            OnDrug(
                _NATRIURETIC,
                "a thiazide, SSRI, SNRI, carbamazepine or oxcarbazepine",
                Results((Band(SODIUM, below=135),), days=RECENT),
            ),
            strength=0.65,
            pregnant="any",
            doubts=_VALUES,
        ),
        Rule(
            _sodium("hyponatraemia-moderate", "Hyponatremia, moderate", "medium", _CAUSE_OF_HYPONATRAEMIA),
            Results((Band(SODIUM, least=125, below=130),), days=RECENT),
            strength=0.8,
            since=0,
            pregnant="any",
            doubts=_VALUES,
        ),
        Rule(
            _sodium("hyponatraemia-mild", "Hyponatremia, mild", "low", _CAUSE_OF_HYPONATRAEMIA),
            Results((Band(SODIUM, least=130, below=135),), days=RECENT),
            strength=0.65,
            pregnant="any",
            doubts=_VALUES,
        ),
        Rule(
            _electrolyte(
                "hypernatraemia",
                "Hypernatremia",
                "E87.0",
                "medium",
                "Lindner & Funk, Journal of Critical Care 2013;28:216 (> 145 mmol/L)",
                "Look for loss of water and access to it; repeat.",
                "problem:hypernatremia",
            ),
            Results((Band(SODIUM, above=145),), days=RECENT),
            strength=0.65,
            since=0,
            pregnant="any",
            doubts=(STAY,),
        ),
    ),
    "potassium": (
        Rule(
            _potassium(
                "hyperkalaemia-drug",
                "Hyperkalemia under a drug that retains potassium",
                "high",
                "ECG, repeat potassium and creatinine; adapt or stop the drug, think of a potassium "
                "binder. T46.4X5A codes the adverse effect of an ACE inhibitor besides.",
                f"{_UKKA}; section on drugs",
            ),
            OnDrug(
                _RETAINING,
                "an ACE inhibitor, angiotensin-receptor blocker, mineralocorticoid antagonist or "
                "potassium-sparing diuretic",
                Results((Band(POTASSIUM, least=5.5),), days=RECENT),
            ),
            strength=0.65,
            pregnant="any",
            doubts=_LYSED,
        ),
        Rule(
            _potassium(
                "hyperkalaemia",
                "Hyperkalemia",
                "medium",
                "Repeat to exclude haemolysis, ECG, creatinine; review drugs.",
            ),
            Results((Band(POTASSIUM, least=5.5),), days=RECENT),
            strength=0.65,
            pregnant="any",
            doubts=_LYSED,
        ),
        Rule(
            _electrolyte(
                "hypokalaemia",
                "Hypokalemia",
                "E87.6",
                "medium",
                "Kardalas, Endocrine Connections 2018;7:R135 (< 3.5 mmol/L; severe < 2.5)",
                "Repeat with magnesium; look for loss by gut, kidney and drugs; replace.",
                "problem:hypokalemia",
            ),
            Results((Band(POTASSIUM, below=3.5),), days=RECENT),
            strength=0.65,
            pregnant="any",
            doubts=(STAY,),
        ),
    ),
    "calcium": (
        Rule(
            _electrolyte(
                "hypercalcaemia",
                "Hypercalcemia",
                "E83.52",
                "medium",
                "Minisola, BMJ 2015;350:h2723; albumin-corrected by Payne 1973",
                "Repeat with albumin or ionized calcium, then PTH; look for malignancy and drugs.",
                "problem:hypercalcemia",
                "problem:hyperparathyroidism",
                icd=("E21",),
            ),
            Judged(
                f"albumin-corrected calcium above {_HIGH_CALCIUM} mg/dL and above its own range, none "
                f"normal since, the latest of {RECENT} days",
                _corrected,
            ),
            strength=0.65,
            pregnant="any",
            doubts=(STAY, Taking(("drugclass:thiazide-diuretic", "drug:lithium"), "raises calcium")),
        ),
    ),
    "vitamin-d": (
        Rule(
            _electrolyte(
                "vitamin-d-deficiency",
                "Vitamin D deficiency",
                "E55.9",
                "low",
                _ENDOCRINE,
                "Replace, and see calcium and bone health.",
                "problem:vitamin-d-deficiency",
                icd=("E55",),
            ),
            Results((Band(VITAMIN_D, below=20),)),
            strength=0.8,
            since=1,
            pregnant="any",
        ),
    ),
    "vitamin-b12": (
        Rule(
            Condition(
                "b12-metformin",
                "Vitamin B12 deficiency under metformin",
                "E53.8",
                "medium",
                f"{_NICE}; MHRA Drug Safety Update June 2022 on metformin",
                "Replace B12 and go on with metformin; look for neuropathy and anaemia. T38.3X5A codes the "
                "adverse effect besides.",
                _B12,
                (),
                _B12_ICD,
            ),
            OnDrug(("drug:metformin",), "metformin", Results((Band(B12, below=180),))),
            strength=0.8,
            pregnant="any",
        ),
        Rule(
            Condition(
                "b12-deficiency",
                "Vitamin B12 deficiency",
                "E53.8",
                "medium",
                _NICE,
                "Look for autoimmune gastritis, diet and drugs; replace B12.",
                _B12,
                (),
                _B12_ICD,
            ),
            Results((Band(B12, below=180),)),
            strength=0.8,
            doubts=(
                Taking(("drugclass:hormonal-contraceptive",), "lowers the measured level without deficiency"),
            ),
        ),
    ),
}
