"""Plain further patients, made from condition templates, for load tests and full-looking lists.

Each depends on its seed and index alone, so any slice of a crowd can be made again, in any order.
Their organisations and clinicians are those of the written cohort (`staff.shared_resources`).
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.demo.chart import DEFAULT_AS_OF
from services.demo.concepts import Resource
from services.demo.person import Person
from services.demo.record import Chart


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = {
    "female": _words(
        "Amara Beatriz Claire Divya Elif Freya Grace Hannah Inés Joy Keiko Lucía Mei Noor Olivia Priya Rosa "
        "Siobhán Tamika Ursula Valentina Wanjiru Ximena Yuki Zofia"
    ),
    "male": _words(
        "Ahmed Bruno Carlos Dmitri Edward Femi George Hassan Iván Jamal Kofi Luis Marcus Nikhil Oscar Pedro Quinn "
        "Rafael Seán Tomasz Umar Viktor William Xavier Zoltán"
    ),
}
FAMILIES = _words(
    "Adeyemi Bauer Castro Dubois Eriksen Fernández Gupta Hughes Ibrahim Johnson Kim Lopez Müller Nakamura O'Neill "
    "Park Quiñones Rossi Singh Taylor Usman Varga Williams Xu Yilmaz Zieliński Baptiste Chen Davis Evans"
)
RACES = ("white", "white", "white", "black", "asian", "native", "islander")


class Drug(NamedTuple):
    key: str
    text: str
    sig: str
    amount: float
    unit: str
    per_day: float = 1


class Template(NamedTuple):
    """A long-term condition: how it is coded, treated and measured, and how its notes read."""

    text: str
    icd: str
    sct: str | None
    drugs: tuple[Drug, ...]
    labs: dict[str, tuple[float, float, int]]  # test: low, high, decimals of plausible values
    ask: str
    plan: str


TEMPLATES: dict[str, Template] = {
    "htn": Template(
        "Essential hypertension", "I10", "59621000",
        (Drug("lisinopril", "Lisinopril 20 mg tablet", "Take 1 tablet by mouth daily", 20, "mg"),
         Drug("amlodipine", "Amlodipine 5 mg tablet", "Take 1 tablet by mouth daily", 5, "mg")),
        {"na": (136, 143, 0), "k": (3.8, 5.0, 1)},
        "Takes BP tablets most days. Denies headache, chest pain or SOB.", "HTN: continue, home readings, BMP yearly."),
    "dm2": Template(
        "Type 2 diabetes mellitus", "E11.9", "44054006",
        (Drug("metformin", "Metformin 1,000 mg tablet", "Take 1 tablet twice daily with meals", 1000, "mg", 2),
         Drug("empagliflozin", "Empagliflozin 10 mg tablet", "Take 1 tablet every morning", 10, "mg")),
        {"hba1c": (6.4, 9.6, 1), "acr": (5, 120, 0)},
        "Sugars as logged. Denies hypoglycemia, polyuria or foot ulcers.", "DM2: diet, HbA1c every 3 to 6 months, eye exam."),
    "lipids": Template(
        "Hyperlipidemia", "E78.5", "55822004",
        (Drug("atorvastatin", "Atorvastatin 40 mg tablet", "Take 1 tablet at bedtime", 40, "mg"),),
        {"ldl": (58, 165, 0), "hdl": (36, 66, 0)},
        "Tolerates the statin, no muscle pain.", "HLD: continue statin, lipids yearly."),
    "hypothyroid": Template(
        "Hypothyroidism", "E03.9", "40930008",
        (Drug("levothyroxine", "Levothyroxine 75 mcg tablet", "Take 1 tablet on an empty stomach", 75, "mcg"),),
        {"tsh": (0.6, 7.5, 2), "ft4": (0.8, 1.6, 1)},
        "No cold intolerance or palpitations.", "Hypothyroidism: continue levothyroxine, TSH yearly."),
    "copd": Template(
        "Chronic obstructive pulmonary disease", "J44.9", "13645005",
        (Drug("tiotropium", "Tiotropium 18 mcg inhaler", "Inhale once daily", 18, "mcg"),
         Drug("albuterol", "Albuterol HFA inhaler", "2 puffs every 4 hours when breathless", 180, "mcg")),
        {"wbc": (5.2, 11.5, 1), "hb": (13.0, 16.5, 1)},
        "Breathless on hills, no change. Denies hemoptysis.", "COPD: inhaler technique checked, flu vaccine."),
    "asthma": Template(
        "Asthma", "J45.909", "195967001",
        (Drug("budesonide", "Budesonide-formoterol 160/4.5 mcg inhaler", "2 puffs twice daily", 2, "puffs", 2),),
        {"wbc": (4.6, 9.8, 1)},
        "Wakes with cough about once a month. No ER visits.", "Asthma: well controlled, keep the action plan."),
    "mdd": Template(
        "Major depressive disorder", "F32.A", "370143000",
        (Drug("sertraline", "Sertraline 50 mg tablet", "Take 1 tablet daily", 50, "mg"),),
        {"tsh": (0.8, 3.9, 2)},
        "Sleep and appetite fair. Denies suicidal thoughts.", "Depression: continue SSRI, PHQ-9 each visit."),
    "oa": Template(
        "Osteoarthritis of the right knee", "M17.11", "239873007",
        (Drug("acetaminophen", "Acetaminophen 1,000 mg", "Take 1,000 mg up to three times daily", 1000, "mg", 3),),
        {"hb": (12.4, 15.8, 1)},
        "Right knee aches on stairs, left knee fine. Denies locking.", "OA right knee: exercise, weight, topical NSAID."),
    "ckd": Template(
        "Chronic kidney disease, stage 3a", "N18.31", None,
        (Drug("losartan", "Losartan 50 mg tablet", "Take 1 tablet by mouth daily", 50, "mg"),),
        {"k": (4.2, 5.3, 1), "cr": (1.3, 1.6, 1), "hb": (11.2, 14.4, 1)},
        "No swelling, avoids NSAIDs.", "CKD 3a: BP, ACR and BMP twice a year."),
}  # fmt: skip
KEYS = tuple(TEMPLATES)
CLINICIANS = ("rivera", "okafor", "patel")


def _person(dice: random.Random, slug: str) -> Person:
    gender = dice.choice(("female", "male"))
    hispanic = dice.random() < 0.2
    return Person(
        slug=slug,
        given=dice.choice(GIVEN[gender]),
        family=dice.choice(FAMILIES),
        gender=gender,
        age=dice.randint(28, 86),
        days=dice.randrange(1, 364),
        story="Generated for load",
        marital=dice.choice("MMMSDW"),
        language="es" if hispanic and dice.random() < 0.5 else "en",
        race=dice.choice(RACES),
        hispanic=hispanic,
        clinician=dice.choice(CLINICIANS),
    )


def _visit(c: Chart, dice: random.Random, at: int, held: list[str], weight: float, first: bool) -> None:
    """One visit: vital signs, the labs of the conditions held, and (on the last visits) a note of both."""
    c.enc(at, "visit", "Follow-up of " + TEMPLATES[held[0]].text.lower(), dx=held)
    bp = (dice.randint(112, 158), dice.randint(66, 94))
    height: dict[str, Any] = {"ht": c.height} if first else {}
    c.vitals(
        at,
        bp,
        hr=dice.randint(58, 94),
        rr=dice.randint(12, 20),
        spo2=dice.randint(94, 99),
        wt=weight,
        **height,
    )
    values: dict[str, float] = {}
    for key in held:
        for test, (low, high, decimals) in TEMPLATES[key].labs.items():
            if test not in values:
                value = round(dice.uniform(low, high), decimals)
                values[test] = int(value) if decimals == 0 else value
                c.lab(test, at, values[test])
    if "mdd" in held:
        values["phq9"] = dice.randint(2, 17)
        c.score("phq9", at, values["phq9"])
    if at < 400:
        shown = ", ".join(f"{name.upper()} {value}" for name, value in values.items())
        problems = "\n".join(f"- {TEMPLATES[key].plan}" for key in held)
        c.note(
            "progress",
            at,
            f"SUBJECTIVE:\n{' '.join(TEMPLATES[key].ask for key in held)}\n\nOBJECTIVE:\nBP {bp[0]}/{bp[1]}, "
            f"weight {weight} kg. {shown}.\n\nASSESSMENT AND PLAN:\n{problems}",
        )


def patient(index: int, seed: int = 0, as_of: dt.date = DEFAULT_AS_OF) -> list[Resource]:
    """The patient with this number in the crowd of this seed."""
    dice = random.Random(seed * 1_000_003 + index)
    c = Chart(_person(dice, f"crowd-{seed}-{index}"), as_of)
    held = dice.sample(KEYS, dice.randint(2, 4))
    chance = dice.random()
    if chance < 0.5:
        c.no_allergies(1300)
    elif chance < 0.75:
        c.allergy("penicillin", 1300, "Penicillin", "Rash", "mild", rx="7980")
    for key in held:
        template, since = TEMPLATES[key], dice.randint(1100, 3600)
        c.cond(key, since, template.text, template.icd, template.sct)
        for drug in template.drugs:
            c.med(
                drug.key,
                dice.randint(900, 1090),
                drug.text,
                drug.sig,
                (drug.amount, drug.unit),
                drug.per_day,
                of=key,
            )
    c.smoking(1000, dice.choice(("never", "never", "former", "current")))
    c.height = dice.randint(152, 190)
    weight = round((c.height / 100) ** 2 * dice.uniform(21, 35), 1)
    days = sorted((dice.randint(5, 1000) for _ in range(dice.randint(4, 6))), reverse=True)
    days = [*dict.fromkeys(day for day in days if day > 20), dice.randint(5, 20)]
    for number, at in enumerate(days):
        _visit(c, dice, at, held, weight, first=number == 0)
        weight = round(weight + dice.uniform(-1.5, 1.5), 1)
    c.shots("140", dice.randint(100, 360))
    c.shots("208", dice.randint(400, 900))
    c.claim(days[-1], ("99214", 168.0), dx=held)
    return c.finished()


def generate(count: int, seed: int = 0, as_of: dt.date = DEFAULT_AS_OF) -> Iterator[list[Resource]]:
    """`count` further patients, one list of resources each."""
    for index in range(count):
        yield patient(index, seed, as_of)
