"""Which medicine a name means, and allergies that speak against it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.allergies import allergy_conflicts
from services.knowledge.medicines.naming import identify, ingredients_of

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@pytest.mark.parametrize(
    ("text", "ingredients", "route"),
    [
        ("Percocet", {"oxycodone", "acetaminophen"}, ""),
        ("Tylenol #3", {"codeine", "acetaminophen"}, ""),
        (
            "Acetaminophen 325 MG / HYDROcodone Bitartrate 5 MG Oral Tablet",
            {"acetaminophen", "hydrocodone"},
            "oral",
        ),
        ("Amoxicillin 250 MG / Clavulanate 125 MG Oral Tablet", {"amoxicillin", "clavulanate"}, "oral"),
        ("24 HR metoprolol succinate 100 MG Extended Release Oral Tablet [Toprol]", {"metoprolol"}, "oral"),
        ("1 ML medroxyprogesterone acetate 150 MG/ML Injection", {"medroxyprogesterone"}, "parenteral"),
        ("Vitamin B 12 5 MG/ML Injectable Solution", {"cyanocobalamin"}, "parenteral"),
        (
            "NuvaRing 0.12/0.015 MG per 24HR 21 Day Vaginal Ring",
            {"ethinyl estradiol", "etonogestrel"},
            "vaginal",
        ),
        ("Timolol 0.5 % eye drops", {"timolol"}, "ophthalmic"),
        ("hydrocortisone 1 % cream", {"hydrocortisone"}, "topical"),
        ("testosterone 1% gel", {"testosterone"}, "transdermal"),
        ("albuterol HFA inhaler", {"albuterol"}, "inhaled"),
        ("fluticasone nasal spray", {"fluticasone"}, "nasal"),
        ("mesalamine suppository", {"mesalamine"}, "rectal"),
        ("fentanyl 25 mcg/hr patch", {"fentanyl"}, "transdermal"),
        ("Bactrim DS", {"trimethoprim", "sulfamethoxazole"}, ""),
        ("Symbyax", {"olanzapine", "fluoxetine"}, ""),
        ("Sinemet 25/100", {"carbidopa", "levodopa"}, ""),
        ("Nitroglycerin 0.4 MG/ACTUAT Mucosal Spray", {"nitroglycerin"}, "oral"),
        (
            "Ethinyl estradiol 30 mcg/levonorgestrel 0.15 mg tablet",
            {"ethinyl estradiol", "levonorgestrel"},
            "oral",
        ),
        ("metfromin 500", {"metformin"}, ""),
        ("lisinopirl 10 mg", {"lisinopril"}, ""),
        ("warfrin", {"warfarin"}, ""),
        ("furosimide", {"furosemide"}, ""),
        ("0xycod0ne", {"oxycodone"}, ""),
        ("Simvistatin 10 MG", {"simvastatin"}, ""),
    ],
)
def test_identifies(text: str, ingredients: set[str], route: str) -> None:
    known = identify([], text)
    assert set(known.ingredients) == ingredients and known.route == route and known.certain
    assert all(c in lexicon() for c in known.concepts) and known.concepts


def test_classes_and_codes() -> None:
    assert identify([], "a benzodiazepine").concepts == ("drugclass:benzodiazepine",)
    assert identify([{"system": RXNORM, "code": "6809"}], "").ingredients == ("metformin",)
    both = identify([{"system": RXNORM, "code": "7804", "display": "x"}], "metformin")
    assert set(both.ingredients) == {"oxycodone", "metformin"}


@pytest.mark.parametrize("text", ["", "foobarazole 5 mg", "take as directed", "cream", "xyz"])
def test_unknown(text: str) -> None:
    known = identify([{"system": RXNORM, "code": "0"}], text)
    assert not known.certain and known.ingredients == () and known.concepts == ()


def test_each_medicine_of_the_lexicon_is_identified_by_its_name() -> None:
    for concept in lexicon().concepts():
        if concept.kind == "drug":
            assert set(ingredients_of(concept)) <= set(identify([], concept.name).ingredients), concept.id


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    known = identify([{"display": text}, {"code": text, "system": text}], text)
    assert known.certain == bool(known.ingredients or known.concepts)


@pytest.mark.parametrize(
    ("drug", "allergy", "relation"),
    [
        ("amoxicillin", "penicillin", "class"),
        ("Augmentin", "PCN", "class"),
        ("cephalexin", "penecillin", "cross-reactive"),
        ("meropenem", "Penicillin V", "cross-reactive"),
        ("Bactrim", "sulfa", "class"),
        ("Bactrim", "Sulfa drugs", "class"),
        ("ibuprofen", "aspirin", "class"),
        ("ibuprofen", "NSAIDs", "class"),
        ("simvastatin", "statins", "class"),
        ("lisinopril", "enalapril", "class"),
        ("losartan", "lisinopril", "cross-reactive"),
        ("oxycodone", "codeine", "class"),
        ("azithromycin", "erythromycin", "class"),
        ("Percocet", "acetaminophen", "ingredient"),
        ("oxycodone", "Percocet", "ingredient"),
        ("ketorolac", "Toradol", "ingredient"),
        ("celecoxib", "sulfonamides", "cross-reactive"),
        ("propofol", "Egg", "cross-reactive"),
        ("propofol", "soybeans", "cross-reactive"),
    ],
)
def test_allergies(drug: str, allergy: str, relation: str) -> None:
    (conflict,) = allergy_conflicts(identify([], drug), [([], allergy)])
    assert conflict.relation == relation and conflict.allergen == allergy
    assert conflict.drug and conflict.note and conflict.source


@pytest.mark.parametrize(
    ("drug", "allergy"),
    [
        ("metformin", "penicillin"),
        ("propofol", "peanut"),
        ("lisinopril", "Shellfish allergy"),
        ("metformin", "latex"),
        ("tramadol", "grass pollen"),
        ("amoxicillin", "No known drug allergies"),
        ("amoxicillin", "NKDA"),
        ("simvastatin", "atorvastatin"),
        ("metformin", ""),
        ("amoxicillin", "bee venom"),
    ],
)
def test_no_allergy(drug: str, allergy: str) -> None:
    assert allergy_conflicts(identify([], drug), [([], allergy)]) == []


def test_allergies_by_code() -> None:
    penicillin = ([{"system": RXNORM, "code": "7984", "display": "penicillin V"}], "")
    (conflict,) = allergy_conflicts(identify([], "amoxicillin"), [penicillin])
    assert conflict.relation == "class" and conflict.allergen == "penicillin V"
