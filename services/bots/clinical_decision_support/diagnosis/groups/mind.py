"""Screens of mood, anxiety and alcohol: a positive one asks for an interview, it is no diagnosis."""

from __future__ import annotations

from services.bots.clinical_decision_support.diagnosis.doubts import Having
from services.bots.clinical_decision_support.diagnosis.model import Band, Condition, Rule, Test
from services.bots.clinical_decision_support.diagnosis.needs import Results

PHQ_9 = Test("vital:phq-9", "", "PHQ-9", frozenset(["44261-6"]), r"phq-? ?9(?!.*(?:modified|item|question))")
GAD_7 = Test("vital:gad-7", "", "GAD-7", frozenset(["70274-6"]), r"gad-? ?7(?!.*(?:item|question))")
AUDIT_C = Test("vital:audit-c", "", "AUDIT-C", frozenset(["75626-2"]), r"audit-? ?c\b")
_YEAR = 365
_DEPRESSION = Condition(
    "depression-screen",
    "Depression, screen positive",
    "F32.A",
    "medium",
    "Kroenke, J Gen Intern Med 2001;16:606: PHQ-9 ≥ 10; USPSTF 2023",
    "Interview by DSM-5 criteria, ask about suicide (item 9) and mania, look for physical causes.",
    ("problem:depression", "problem:bipolar-disorder"),
    (),
    ("F31", "F32", "F33", "F34.1", "F53.0"),
    r"depressi(?:on|ve)",
    lasting=False,
)
_ANXIETY = Condition(
    "anxiety-screen",
    "Anxiety, screen positive",
    "F41.9",
    "medium",
    "Spitzer, Arch Intern Med 2006;166:1092: GAD-7 ≥ 10; USPSTF 2023",
    "Interview by DSM-5 criteria; look for depression, trauma, substances and thyroid disease.",
    ("problem:anxiety", "problem:post-traumatic-stress-disorder", "problem:panic-disorder"),
    (),
    ("F40", "F41", "F43"),
    r"\banxiety|\bpanic\b",
    lasting=False,
)
_ALCOHOL = Condition(
    "alcohol-screen",
    "Unhealthy alcohol use, screen positive",
    "F10.90",
    "medium",
    "Bush, Arch Intern Med 1998;158:1789 and Bradley 2007: AUDIT-C ≥ 4 men, ≥ 3 women; USPSTF 2018",
    "Ask for the amounts, then the full AUDIT and DSM-5 criteria; offer brief counselling.",
    ("problem:alcohol-use-disorder",),
    (),
    ("F10", "K70", "G31.2", "Z71.41"),
    r"\balcohol",
)
_THYROID = Having(
    ("problem:hypothyroidism", "problem:hyperthyroidism"), "thyroid disease may cause the symptoms"
)

FAMILIES = {
    "depression": (
        Rule(
            _DEPRESSION,
            Results((Band(PHQ_9, least=10, most=27),), days=_YEAR),
            strength=0.5,
            since=12,
            pregnant="any",
            doubts=(_THYROID,),
        ),
    ),
    "anxiety": (
        Rule(
            _ANXIETY,
            Results((Band(GAD_7, least=10, most=21),), days=_YEAR),
            strength=0.5,
            since=12,
            pregnant="any",
            doubts=(_THYROID,),
        ),
    ),
    "alcohol": tuple(
        Rule(
            _ALCOHOL,
            Results((Band(AUDIT_C, least=least, most=12),), days=_YEAR),
            strength=0.5,
            sex=sex,
            pregnant="any",
        )
        for sex, least in (("male", 4), ("female", 3))
    ),
}
