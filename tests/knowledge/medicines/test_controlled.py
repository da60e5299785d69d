"""Controlled substances: names, disguises, and what must not be taken for one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import services.llm
from benchmarks.medicines import disguises, ordinary_names
from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.controlled import (
    controlled_code,
    controlled_identified,
    controlled_in,
)
from services.knowledge.medicines.folding import folded
from services.knowledge.medicines.tables import rows

_GUESSED = ("misspelling", "look-alike", "spaced")
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def found(text: str) -> list[str]:
    return [c.substance for c in controlled_in(text)]


@pytest.mark.parametrize(
    ("text", "substance", "schedule", "how"),
    [
        ("oxycodone 5 mg", "oxycodone", "II", "name"),
        ("Percocet 5/325", "oxycodone", "II", "brand"),
        ("MS Contin 15 mg", "morphine", "II", "brand"),
        ("Norco 5/325 #30", "hydrocodone", "II", "brand"),
        ("Acetaminophen 325 MG / HYDROcodone Bitartrate 5 MG Oral Tablet", "hydrocodone", "II", "salt"),
        ("Acetaminophen 300 MG / Codeine Phosphate 30 MG", "codeine", "III", "salt"),
        ("APAP/codeine", "codeine", "III", "salt"),
        ("Tylenol #3 q6h", "codeine", "III", "slang"),
        ("promethazine with codeine", "codeine", "V", "salt"),
        ("guaifenesin 100 mg / codeine 10 mg syrup", "codeine", "V", "name"),
        ("codeine 30 mg", "codeine", "II", "name"),
        ("Marinol 5 mg", "dronabinol", "III", "brand"),
        ("Syndros", "dronabinol", "II", "brand"),
        ("Lyrica 75 mg", "pregabalin", "V", "brand"),
        ("Spravato", "esketamine", "III", "brand"),
        ("Lomotil", "diphenoxylate", "V", "brand"),
        ("Soma 350 mg TID", "carisoprodol", "IV", "brand"),
        ("oxy 5 mg q4h", "oxycodone", "II", "slang"),
        ("give 2 percs", "oxycodone", "II", "slang"),
        ("hydro 5/325 #30", "hydrocodone", "II", "slang"),
        ("smokes weed", "cannabis", "I", "slang"),
        ("an opioid", "opioid", "II", "class"),
        ("benzos at night", "benzodiazepine", "IV", "class"),
        ("testosterone level 320 ng/dL", "testosterone", "III", "name"),
        ("oxycodne", "oxycodone", "II", "misspelling"),
        ("fentynal", "fentanyl", "II", "misspelling"),
        ("lorazapam", "lorazepam", "IV", "misspelling"),
        ("zanax", "alprazolam", "IV", "misspelling"),
        ("oxicodona", "oxycodone", "II", "misspelling"),
        ("morphinum", "morphine", "II", "misspelling"),
        ("fentanilo", "fentanyl", "II", "misspelling"),
        ("diazépam", "diazepam", "IV", "name"),
        ("0xyc0d0ne", "oxycodone", "II", "look-alike"),
        ("оxусоdоnе", "oxycodone", "II", "look-alike"),
        ("𝗈𝗑𝗒𝖼𝗈𝖽𝗈𝗇𝖾", "oxycodone", "II", "look-alike"),
        ("ＯＸＹＣＯＤＯＮＥ", "oxycodone", "II", "look-alike"),
        ("oxy\u200bco\u00addone", "oxycodone", "II", "look-alike"),
        ("o\u0336x\u0336y\u0336codone", "oxycodone", "II", "look-alike"),
        ("fent\u202eanyl", "fentanyl", "II", "look-alike"),
        ("o x y c o d o n e", "oxycodone", "II", "spaced"),
        ("o.x.y.c.o.d.o.n.e", "oxycodone", "II", "spaced"),
        ("oxy.co.done", "oxycodone", "II", "spaced"),
        ("oxy-\ncodone", "oxycodone", "II", "spaced"),
        ("startoxycodone now", "oxycodone", "II", "spaced"),
        ("x a n a x", "alprazolam", "IV", "spaced"),
        ("f*ntanyl", "fentanyl", "II", "look-alike"),
    ],
)
def test_finds(text: str, substance: str, schedule: str, how: str) -> None:
    hits = [(c.substance, c.schedule, c.how) for c in controlled_in(text)]
    assert (substance, schedule, how) in hits


@pytest.mark.parametrize(
    "text",
    [
        "clonidine 0.1 mg",
        "loratadine, trandolapril, bupropion, oxybutynin, oxytocin",
        "hydrocortisone cream and hydroxyzine",
        "methylprednisolone",
        "apomorphine and naloxegol",
        "cod liver oil",
        "a morphine-free regimen",
        "non-opioid analgesia",
        "opioid use disorder",
        "opioid antagonist",
        "she is well versed in it",
        "soma cells of the neuron",
        "Hyundai Sonata",
        "oxy 2 L by cannula",
        "ice pack BID",
        "weed killer exposure",
        "protein bars daily",
        "contrast was injected at a speed of 3 mL/s",
        "stopped smoking; now cooks with one pot at home",
        "hydro therapy",
        "speed of onset",
        "Tylenol 3 tablets daily",
        "free T3 3.1 pg/mL",
        "T3 120 ng/dL",
        "the ICD code in use",
        "PCP follow-up in 2 weeks",
        "creatinine and keratin, masculine, marginal, metadata",
        "heart of a heroine",
        "blow to the head; cracked rib",
        "drinks diet coke twice daily",
        "the pot boiled over",
        "stimulant laxative",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert found(text) == []


def test_no_other_medicine_of_the_lexicon_is_taken_for_one() -> None:
    alarms = [(n, found(n)) for n in ordinary_names() if found(n)]
    assert len(ordinary_names()) > 900
    assert not alarms


def test_no_plain_word_is_a_slip_of_a_name() -> None:
    vocabulary = Path(services.llm.__file__).with_name("vocab.txt").read_text(encoding="utf-8").split()
    words = [w for w in vocabulary if w.isalpha() and len(w) >= 4]
    alarms = {(w, c.substance) for w in words for c in controlled_in(w) if c.how in _GUESSED}
    assert len(words) > 15_000 and not alarms


def test_every_listed_name_is_found_by_itself_or_in_a_dose() -> None:
    for substance, _, *groups in rows("controlled", 8):
        for name in (n for group in groups[:4] for n in group.split("|") if n):
            bare = name.rstrip("~!#")
            text = f"abuses {bare} 5 mg q6h" if name.endswith("~") else f"{bare} q6h"
            assert substance in found(text), name


def test_disguises_are_seen_through() -> None:
    cases = disguises(random.Random(7), per_kind=200)
    missed: dict[str, int] = {}
    for kind, _, substance, text in cases:
        if substance not in found(text):
            missed[kind] = missed.get(kind, 0) + 1
    assert all(n <= 8 for n in missed.values()), missed
    assert sum(missed.values()) <= 0.01 * len(cases), missed


def test_the_place_is_that_of_the_text_as_written() -> None:
    text = "Give ｏxу\u200bсodone to her"
    (hit,) = controlled_in(text)
    assert text[hit.start : hit.end] == hit.surface == "ｏxу\u200bсodone"


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    for hit in controlled_in(text):
        assert text[hit.start : hit.end] == hit.surface != ""
    plain, places = folded(text)
    assert places is None or (len(places) == len(plain) + 1 and places[-1] == len(text))


def test_codes() -> None:
    hit = controlled_code(RXNORM, "7804")
    assert hit and hit.substance == "oxycodone" and hit.schedule == "II" and hit.how == "code"
    assert controlled_code("rxnorm", "1049221")
    assert controlled_code(RXNORM, "6809") is None
    assert controlled_code("http://loinc.org", "7804") is None


def test_a_code_is_seen_behind_a_harmless_name() -> None:
    hits = controlled_identified([{"system": RXNORM, "code": "7804", "display": "vitamin"}], "multivitamin")
    assert [h.substance for h in hits] == ["oxycodone"]
    assert [h.substance for h in controlled_identified([{"display": "Xanax"}], "")] == ["alprazolam"]


def test_every_opioid_and_benzodiazepine_of_the_lexicon_is_known() -> None:
    known = lexicon()
    for group in ("drugclass:opioid", "drugclass:benzodiazepine"):
        for concept in known.narrower(group):
            name = known.get(concept).name
            assert found(name) or name == "nalbuphine", name
