"""Anaemia and its kinds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from services.bots.clinical_decision_support.diagnosis.doubts import STAY, SUPPRESSANTS, Having
from services.bots.clinical_decision_support.diagnosis.groups.kidney import low_rates
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Met, Reading, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Judged, Results, shown
from services.bots.clinical_decision_support.diagnosis.view import View
from services.bots.clinical_decision_support.model import Severity, basis

_WHO = "WHO guideline on haemoglobin cutoffs to define anaemia, 2024, Table 1"
HEMOGLOBIN = Test("lab:hemoglobin", "g/dL", "hemoglobin")
MCV = Test("lab:mean-corpuscular-volume", "fL", "MCV")
FERRITIN = Test("lab:ferritin", "ng/mL", "ferritin")
SATURATION = Test("lab:transferrin-saturation", "%", "transferrin saturation")
B12 = Test("lab:vitamin-b12-level", "pg/mL", "vitamin B12")
FOLATE = Test("lab:folate", "ng/mL", "folate", never=r"\bred\b|\brbc\b|erythrocyte")
_GESTATION = Test("vital:gestational-age", "wk", "gestational age")
_NEAR = 180
"""Days that iron, vitamins and cell volume may be off from the haemoglobin."""
_YEAR = 365
_CUTOFFS = (
    (2, 5, "", 11.0),
    (5, 12, "", 11.5),
    (12, 15, "", 12.0),
    (15, 200, "female", 12.0),
    (15, 200, "male", 13.0),
)
_KIDNEYS = (
    *(f"problem:chronic-kidney-disease-stage-{n}" for n in "345"),
    "problem:end-stage-renal-disease",
)
_CUTOFF_WORDS = "men < 13.0, women < 12.0, 12–14 years < 12.0, 5–11 years < 11.5, 2–4 years < 11.0 g/dL"


def anaemia(view: View) -> list[Reading]:
    """The latest run of results below WHO's cutoff of the age and sex; none where the last was not."""
    low: list[Reading] = []
    for reading in view.readings(HEMOGLOBIN, _YEAR):
        age = view.person.age_on(reading.day)
        cutoff = next(
            (
                c
                for a, b, sex, c in _CUTOFFS
                if age is not None and a <= age < b and sex in ("", view.person.sex)
            ),
            None,
        )
        judged = Band(HEMOGLOBIN, below=cutoff).holds(reading) if cutoff else None
        if judged:
            low.append(reading)
        elif judged is False:
            low.clear()
    return low


def _kind(*bands: Band):
    def judge(view: View, words: str) -> Met | None:
        low = anaemia(view)
        if not low:
            return None
        found = [r for b in bands if (r := view.near(b.test, low[-1].day, _NEAR)) and b.holds(r)]
        return _with(low, found, words, view) if found else None

    return judge


def _with(low: list[Reading], found: list[Reading], words: str, view: View) -> Met:
    volume = view.near(MCV, low[-1].day, _NEAR)
    told = "; ".join(
        r.text for r in (*low[-2:], *found, *([volume] if volume and volume not in found else []))
    )
    met = shown(low[-2:], words, more=len({r.day for r in low}) - 1, told=told)
    extra = tuple(basis(r.entry, r.text) for r in found)
    return dataclasses.replace(met, evidence=met.evidence + extra)


def _iron_in_disease(view: View, words: str) -> Met | None:
    held = view.held(*_KIDNEYS, "problem:heart-failure")
    met = _kind(Band(FERRITIN, below=100))(view, words)
    other = _kind(Band(SATURATION, below=20))(view, words)
    if not held or met is None or other is None:
        return None
    evidence = tuple(dict.fromkeys((*met.evidence, *other.evidence, basis(held[0]))))
    told = "; ".join(b.text for b in evidence[:-1])
    return dataclasses.replace(
        met, evidence=evidence, reason=f"With {held[0].name}: {told}. Criterion: {words}."
    )


def _of_kidney(view: View, words: str) -> Met | None:
    low, rate = anaemia(view), low_rates(view)
    if not low:
        return None
    listed = view.held(*_KIDNEYS)
    if not listed and not rate:
        return None
    met = _with(low, rate[-1:], words, view)
    told = ", ".join(dict.fromkeys(e.name for e in listed))
    return dataclasses.replace(
        met,
        evidence=met.evidence + tuple(basis(e) for e in listed[:2]),
        reason=f"With {told}: {met.reason}" if told else met.reason,
    )


def _plain(view: View, words: str) -> Met | None:
    low = anaemia(view)
    return _with(low, [], words, view) if low else None


def _trimester(view: View, day: dt.date) -> int:
    """1 to 3, by the problem's name or the gestational age told near the day; 0 where neither tells."""
    for entry in view.pregnant:
        for number, words in enumerate(
            (r"\b(?:first|1st)\b", r"\b(?:second|2nd)\b", r"\b(?:third|3rd)\b"), 1
        ):
            if re.search(words + r"[ -]trimester", entry.name, re.IGNORECASE):
                return number
    weeks = view.near(_GESTATION, day, 14)
    return 0 if weeks is None else 1 if weeks.value < 14 else 2 if weeks.value < 28 else 3


def _pregnant(trimester: int, cutoff: float):
    def judge(view: View, words: str) -> Met | None:
        met = Results((Band(HEMOGLOBIN, below=cutoff),), days=120).met(view)
        return (
            dataclasses.replace(met, reason=f"{'; '.join(r.text for r in met.readings)}. Criterion: {words}.")
            if met and _trimester(view, met.newest) == trimester
            else None
        )

    return judge


def _anaemia(
    ident: str, display: str, code: str, source: str, advice: str, severity: Severity = "medium"
) -> Condition:
    return Condition(
        f"anaemia/{ident}",
        display,
        code,
        severity,
        source,
        advice,
        ("problem:anemia",),
        (),
        ("D46", *(f"D{n}" for n in range(50, 65)), "O99.0", "E61.1"),
        r"\ban(?:a)?emia|\biron defici|myelodysplas",
        lasting=False,
    )


_DOUBTS = (STAY, Having(("problem:bleeding",), "blood loss may explain it"))
_IRON_STORES = Having(
    ("problem:infection", "problem:rheumatoid-arthritis", "problem:inflammatory-bowel-disease"),
    "inflammation raises ferritin and lowers haemoglobin",
)
_LOOK = "Repeat the count; ferritin, transferrin saturation, B12, folate, reticulocytes and creatinine if not known."


FAMILIES = {
    "anaemia": (
        Rule(
            _anaemia(
                "iron-deficiency",
                "Iron deficiency anemia",
                "D50.9",
                f"{_WHO}; BSG guideline on iron deficiency anaemia 2021 (Snook), ferritin < 30",
                "Look for blood loss (bidirectional endoscopy in men and after the menopause, BSG 2021), "
                "coeliac serology; give iron.",
            ),
            Judged(
                f"haemoglobin below WHO's cutoff ({_CUTOFF_WORDS}) with ferritin < 30 ng/mL within {_NEAR} "
                "days",
                _kind(Band(FERRITIN, below=30)),
            ),
            strength=0.8,
            since=2,
            doubts=_DOUBTS,
        ),
        Rule(
            _anaemia(
                "iron-deficiency-in-disease",
                "Iron deficiency anemia",
                "D50.9",
                f"{_WHO}; KDIGO Controversies Conference on iron 2021 (Babitt); ESC heart failure guideline 2021",
                "Look for blood loss; iron by vein is often needed, see KDIGO and ESC.",
            ),
            Judged(
                "haemoglobin below WHO's cutoff with ferritin < 100 ng/mL and transferrin saturation < 20 %, in "
                "CKD stage 3 to 5 or heart failure on the list",
                _iron_in_disease,
            ),
            strength=0.8,
            doubts=_DOUBTS,
        ),
        Rule(
            _anaemia(
                "b12-deficiency",
                "Vitamin B12 deficiency anemia",
                "D51.9",
                f"{_WHO}; NICE NG239 (2024), total B12 < 180 ng/L",
                "Look for autoimmune gastritis, diet and drugs (metformin, acid suppressors); replace B12.",
            ),
            Judged(
                f"haemoglobin below WHO's cutoff with vitamin B12 < 180 pg/mL within {_NEAR} days",
                _kind(Band(B12, below=180)),
            ),
            strength=0.8,
            doubts=_DOUBTS,
        ),
        Rule(
            _anaemia(
                "folate-deficiency",
                "Folate deficiency anemia",
                "D52.9",
                f"{_WHO}; BSH guideline on cobalamin and folate 2014 (Devalia), folate < 3 µg/L",
                "Exclude B12 deficiency before folate is given; ask for diet, alcohol and drugs.",
            ),
            Judged(
                f"haemoglobin below WHO's cutoff with serum folate < 3 ng/mL within {_NEAR} days",
                _kind(Band(FOLATE, below=3)),
            ),
            strength=0.8,
            doubts=_DOUBTS,
        ),
        Rule(
            _anaemia(
                "kidney-disease",
                "Anemia in chronic kidney disease",
                "D63.1",
                f"{_WHO}; KDIGO Anemia in CKD 2012, section 1.2",
                "Exclude deficiency of iron, B12 and folate first; then see KDIGO on iron and "
                "erythropoiesis-stimulating agents.",
            ),
            Judged("haemoglobin below WHO's cutoff with CKD stage 3 to 5 on the list or by eGFR", _of_kidney),
            strength=0.5,
            doubts=(*_DOUBTS, _IRON_STORES),
        ),
        Rule(
            _anaemia("unspecified", "Anemia", "D64.9", _WHO, _LOOK),
            Judged(
                f"haemoglobin below WHO's cutoff ({_CUTOFF_WORDS}), none normal since, of the last {_YEAR} "
                "days",
                _plain,
            ),
            strength=0.65,
            since=2,
            doubts=(*_DOUBTS, SUPPRESSANTS),
        ),
    ),
    "anaemia-of-pregnancy": tuple(
        Rule(
            _anaemia(
                f"pregnancy{suffix}",
                f"Anemia complicating pregnancy{told}",
                code,
                _WHO,
                "Check ferritin and treat iron deficiency.",
            ),
            Judged(
                f"haemoglobin < {cutoff:g} g/dL, none normal since, of the last 120 days; {when}",
                _pregnant(trimester, cutoff),
            ),
            strength=0.65,
            since=12,
            sex="female",
            pregnant="only",
            doubts=(STAY,),
        )
        for trimester, suffix, told, code, cutoff, when in (
            (1, "-1", ", first trimester", "O99.011", 11.0, "first trimester"),
            (2, "-2", ", second trimester", "O99.012", 10.5, "second trimester"),
            (3, "-3", ", third trimester", "O99.013", 11.0, "third trimester"),
            (0, "", "", "O99.019", 10.5, "trimester not known: by the lowest cutoff"),
        )
    ),
}
