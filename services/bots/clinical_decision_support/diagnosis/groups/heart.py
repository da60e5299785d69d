"""Heart failure, and atrial fibrillation by the words of an ECG."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.diagnosis.doubts import Having
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import basis
from services.knowledge.assertion import assess
from services.knowledge.lexicon import lexicon

BNP = Test(
    "lab:b-type-natriuretic-peptide",
    "pg/mL",
    "BNP",
    frozenset(["30934-4", "42637-9"]),
    r"^(?!.*(?:pro|n-?term)).*(?:bnp|natriuretic)",
)
NT_PROBNP = Test(
    "lab:nt-probnp",
    "pg/mL",
    "NT-proBNP",
    frozenset(["33762-6", "83107-3"]),
    r"pro-? ?bnp|prohormone|n-?terminal",
)
EJECTION = Test("vital:ejection-fraction", "%", "LVEF", never=r"\bright\b|\brv")
_HF = "Universal definition of heart failure 2021 (Bozkurt): LVEF ≤ 40 %; ambulatory BNP ≥ 35 or NT-proBNP ≥ 125 pg/mL"


def _failing(view: View, words: str) -> Met | None:
    weak = Results((Band(EJECTION, most=40),)).met(view)
    raised = Results((Band(BNP, least=35), Band(NT_PROBNP, least=125)), unbroken=False).met(view)
    if weak is None or raised is None:
        return None
    signs = view.held("symptom:dyspnea", "symptom:edema", "symptom:orthopnea", "symptom:fatigue")
    met = shown(
        sorted((*weak.readings[-2:], *raised.readings[-2:]), key=lambda r: r.entry.order),
        words,
        more=1 if signs else 0,
    )
    return dataclasses.replace(met, evidence=met.evidence + tuple(basis(e) for e in signs[:2]))


def _rhythm(view: View, words: str) -> Met | None:
    """The report of an ECG that says, in its own words, that there is atrial fibrillation."""
    for entry in reversed(view.chart.entries("report", "result")):
        if (
            entry.first is None
            or (view.today - entry.first).days > 730
            or "procedure:electrocardiogram" not in (entry.own | entry.named)
        ):
            continue
        text = entry.extra.get("conclusion") or (
            entry.measure.text if entry.measure and entry.measure.amount is None else ""
        )
        if not text:
            continue
        told = assess(
            text, [m for m in lexicon().find(text, query=False) if m.concept == "problem:atrial-fibrillation"]
        )
        if told and all(a.polarity == "present" for a in told):
            return Met(
                (basis(entry, text[:200]),),
                entry.first,
                f"The ECG report says: {text[:200].rstrip('. ')}. Criterion: {words}.",
            )
        return None  # the latest ECG with words decides
    return None


FAMILIES = {
    "heart-failure": (
        Rule(
            Condition(
                "hfref",
                "Heart failure with reduced ejection fraction",
                "I50.20",
                "high",
                _HF,
                "Confirm symptoms or signs, which the definition needs; look for the cause; start the four "
                "pillars of treatment.",
                ("problem:heart-failure",),
                (),
                ("I50", "I11.0", "I13.0", "I13.2", "I09.81"),
                r"heart failure|cardiac failure",
            ),
            Judged(
                "LVEF ≤ 40 %, none better since, with BNP ≥ 35 or NT-proBNP ≥ 125 pg/mL, of two years",
                _failing,
            ),
            strength=0.65,
            doubts=(
                Having(
                    ("problem:sepsis", "problem:takotsubo-cardiomyopathy", "problem:pulmonary-embolism"),
                    "may lower LVEF or raise the peptide for a time",
                ),
            ),
        ),
    ),
    "rhythm": (
        Rule(
            Condition(
                "atrial-fibrillation",
                "Atrial fibrillation",
                "I48.91",
                "high",
                "ACC/AHA/ACCP/HRS guideline on atrial fibrillation, 2023, section 2.1: documented on an ECG",
                "See the tracing, assess the risk of stroke (CHA₂DS₂-VASc) and anticoagulation.",
                ("problem:atrial-fibrillation",),
                (),
                ("I48",),
            ),
            Judged(
                "the latest ECG report of two years says atrial fibrillation, not denied, doubtful or of "
                "the past",
                _rhythm,
            ),
            strength=0.65,
            pregnant="any",
        ),
    ),
}
