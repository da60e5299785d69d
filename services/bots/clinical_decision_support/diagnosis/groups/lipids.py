"""Cholesterol and triglycerides."""

from __future__ import annotations

import dataclasses

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, Having, Taking
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, OnDrug, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity, basis
from services.knowledge.lexicon import lexicon

LDL = Test("lab:ldl-cholesterol", "mg/dL", "LDL cholesterol")
TRIGLYCERIDES = Test("lab:triglycerides", "mg/dL", "triglycerides")
CK = Test("lab:creatine-kinase", "U/L", "creatine kinase")
_ACC = "AHA/ACC guideline on blood cholesterol, 2018"
_DUTCH = "Dutch Lipid Clinic Network criteria, as in the ESC/EAS guideline on dyslipidaemias 2019"


def _points(ldl: float) -> int:
    """Of an LDL cholesterol; the score's lower steps (190: 3, 155: 1) never reach 6 with what is known here."""
    return 8 if ldl > 325 else 5 if ldl > 250 else 0


def _familial(view: View, words: str) -> Met | None:
    found = [r for r in view.readings(LDL, None) if r.sign not in ("<", "<=")]
    worst = max(found, key=lambda r: r.value, default=None)
    if worst is None or not _points(worst.value):
        return None
    limit = {"male": 55, "female": 60}.get(view.person.sex, 0)
    early = [
        e
        for e in view.chart.entries("condition")
        if "problem:coronary-artery-disease" in _kinds(e.own)
        and e.status not in ("refuted", "none-known")
        and (age := view.person.age_on(e.first)) is not None
        and age < limit
    ]
    points = _points(worst.value) + (2 if early else 0)
    if points < 6:
        return None
    met = shown(
        [worst],
        words,
        told=f"{worst.text}{', with ' + early[0].name + ' at an early age' if early else ''}: {points} points of LDL and own history",
    )
    return dataclasses.replace(met, evidence=met.evidence + tuple(basis(e) for e in early[:1]))


def _kinds(own: frozenset[str]) -> set[str]:
    return {wider for concept in own for wider in lexicon().closure(concept)}


def _both(view: View, words: str) -> Met | None:
    one = Results((Band(LDL, least=160),)).met(view)
    other = Results((Band(TRIGLYCERIDES, least=150),)).met(view)
    if one is None or other is None:
        return None
    return shown(
        sorted((*one.readings[-2:], *other.readings[-2:]), key=lambda r: r.entry.order),
        words,
        more=min(one.more, other.more),
    )


def _muscle(view: View, words: str) -> Met | None:
    last = view.latest(CK, 90)
    if last is None or last.high is None or last.sign in ("<", "<=") or last.value <= 10 * last.high:
        return None
    return shown([last], words, told=f"{last.text} (upper limit {last.high:g})")


def _lipids(ident: str, display: str, code: str, severity: Severity, source: str, advice: str) -> Condition:
    return Condition(
        f"lipids/{ident}",
        display,
        code,
        severity,
        source,
        advice,
        ("problem:hyperlipidemia",),
        (),
        ("E78.0", "E78.1", "E78.2", "E78.3", "E78.4", "E78.5"),
        r"lipid(?:a)?emia|cholesterol(?:a)?emia|glycerid(?:a)?emia",
    )


_SECONDARY = (
    Having(("problem:hypothyroidism", "problem:nephrotic-syndrome"), "raises lipids by itself"),
    Having(("problem:pancreatitis", "problem:alcohol-use-disorder"), "raises triglycerides by itself"),
    Taking(("drugclass:antiretroviral", "drugclass:corticosteroid", "drug:isotretinoin"), "raises lipids"),
)

FAMILIES = {
    "lipids": (
        Rule(
            _lipids(
                "familial",
                "Probable familial hypercholesterolemia",
                "E78.019",
                "medium",
                _DUTCH,
                "Exclude secondary causes, complete the score by family history and tendon xanthomas, "
                "offer genetic testing, and test relatives.",
            ),
            Judged(
                "6 points or more of LDL (> 250: 5, > 325: 8) and own coronary disease before 55 "
                "(men) or 60 (women): 2",
                _familial,
            ),
            strength=0.5,
            doubts=_SECONDARY,
        ),
        Rule(
            _lipids(
                "severe",
                "Severe hypercholesterolemia",
                "E78.00",
                "medium",
                f"{_ACC}, section 4.2",
                "Exclude secondary causes; a statin of high intensity without risk calculation; think of "
                "familial hypercholesterolaemia.",
            ),
            Results((Band(LDL, least=190),)),
            strength=0.8,
            doubts=_SECONDARY,
        ),
        Rule(
            _lipids(
                "severe-triglycerides",
                "Severe hypertriglyceridemia",
                "E78.1",
                "medium",
                f"{_ACC}, on hypertriglyceridaemia (≥ 500 mg/dL)",
                "Repeat fasting; look for diabetes, alcohol, drugs; lower it to prevent pancreatitis.",
            ),
            Results((Band(TRIGLYCERIDES, least=500),)),
            strength=0.65,
            doubts=_SECONDARY,
        ),
        Rule(
            _lipids(
                "mixed",
                "Mixed hyperlipidemia",
                "E78.2",
                "low",
                "NCEP ATP III 2002 (LDL ≥ 160 high, triglycerides ≥ 150 above normal)",
                "Repeat fasting, assess cardiovascular risk.",
            ),
            Judged("the latest LDL ≥ 160 and the latest triglycerides ≥ 150 mg/dL", _both),
            strength=0.65,
            doubts=_SECONDARY,
        ),
        Rule(
            _lipids(
                "ldl",
                "Hypercholesterolemia",
                "E78.00",
                "low",
                f"NCEP ATP III 2002 (LDL ≥ 160 high); {_ACC}, Table 6 (persistently ≥ 160 adds to risk)",
                "Assess cardiovascular risk and treat by it.",
            ),
            Results((Band(LDL, least=160),)),
            strength=0.65,
            doubts=_SECONDARY,
        ),
        Rule(
            _lipids(
                "triglycerides",
                "Hypertriglyceridemia",
                "E78.1",
                "low",
                f"NCEP ATP III 2002 (≥ 150 mg/dL); {_ACC}, on hypertriglyceridaemia",
                "Repeat fasting; look for diabetes, alcohol and drugs.",
            ),
            Results((Band(TRIGLYCERIDES, least=150),), count=2, apart=7),
            strength=0.65,
            doubts=_SECONDARY,
        ),
    ),
    "statin-muscle": (
        Rule(
            Condition(
                "statin-myopathy",
                "Myopathy under a statin",
                "G72.0",
                "high",
                "ACC/AHA/NHLBI Clinical Advisory on Statins 2002 (CK > 10 × the upper limit); FDA "
                "labelling of statins",
                "Stop the statin, check creatinine and urine for myoglobin, repeat CK; T46.6X5A codes the "
                "adverse effect besides.",
                ("problem:rhabdomyolysis",),
                (),
                ("G72.0", "M62.82", "T46.6"),
                r"\bmyopathy|statin.*muscle",
                lasting=False,
            ),
            OnDrug(
                ("drugclass:statin",),
                "a statin",
                Judged("the latest creatine kinase of 90 days above 10 times its own upper limit", _muscle),
            ),
            strength=0.65,
            since=0,
            doubts=(STAY,),
        ),
    ),
}
