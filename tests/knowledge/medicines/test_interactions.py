"""Interactions of pairs, duplicates, routes that don't count, and what speaks against a medicine in a patient."""

from __future__ import annotations

from itertools import combinations

import pytest

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.conditions import Facts, condition_conflicts
from services.knowledge.medicines.interactions import SEVERITIES, interactions, interactions_with
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.pregnancy import pregnancy_risk


@pytest.mark.parametrize(
    ("one", "other", "rules"),
    [
        ("warfarin", "Bactrim", [("cyp2c9:warfarin", "major")]),
        ("sertraline", "phenelzine", [("maoi:reuptake", "contraindicated")]),
        ("simvastatin", "clarithromycin", [("cyp3a4:statin", "contraindicated")]),
        ("oxycodone", "lorazepam", [("sedation:opioid-benzodiazepine", "major")]),
        ("lisinopril", "losartan", [("raas:acei-arb", "major")]),
        ("lisinopril", "spironolactone", [("potassium:raas-sparing", "moderate")]),
        ("sildenafil", "nitroglycerin", [("pressure:nitrate", "contraindicated")]),
        ("fluticasone nasal spray", "Paxlovid", [("cyp3a4:steroid", "major")]),
        ("hydrocortisone cream", "warfarin", []),
        ("lisinopril", "metformin", []),
        ("albuterol inhaler", "propranolol", [("bronchi:beta", "moderate")]),
        ("timolol eye drops", "verapamil", []),
        ("ibuprofen", "naproxen", [("duplicate:nsaid", "major")]),
        ("aspirin", "clopidogrel", []),
        ("apixaban", "ibuprofen", [("bleeding:anticoagulant-nsaid", "major")]),
        ("Advil", "Motrin", [("duplicate:ingredient", "moderate")]),
        ("levothyroxine", "calcium carbonate", [("absorption:levothyroxine", "minor")]),
        ("escitalopram", "ondansetron", [("qt:known", "moderate")]),
        ("amiodarone", "azithromycin", [("qt:highest", "major")]),
        ("tramadol", "sertraline", [("serotonin:opioid", "moderate")]),
        ("ciprofloxacin", "tizanidine", [("cyp1a2:tizanidine", "contraindicated")]),
        ("diclofenac gel", "apixaban", []),
        ("methotrexate", "Bactrim", [("methotrexate:trimethoprim", "major")]),
        ("lithium", "HCTZ", [("lithium:diuretic", "major")]),
        ("lithium", "lisinopril", [("lithium:raas", "major")]),
        ("digoxin", "amiodarone", [("pgp:digoxin", "major")]),
        ("allopurinol", "azathioprine", [("thiopurine:allopurinol", "major")]),
        ("omeprazole", "clopidogrel", [("cyp2c19:clopidogrel", "major")]),
        ("benzodiazepine", "oxycodone", [("sedation:opioid-benzodiazepine", "major")]),
        ("amlodipine", "simvastatin", [("cyp3a4:simvastatin-limit-20", "moderate")]),
        ("Zestoretic", "lithium", [("lithium:diuretic", "major")]),
        ("Entresto", "enalapril", [("raas:sacubitril", "contraindicated")]),
        ("carvedilol", "lisinopril", []),
        ("Advair", "ritonavir", [("cyp3a4:steroid", "major")]),
        ("metoprolol", "diltiazem", [("rate:beta-blocker", "major")]),
        ("atorvastatin", "amlodipine", []),
        ("insulin glargine", "insulin lispro", []),
        ("sumatriptan", "sertraline", [("serotonin:triptan", "minor")]),
        ("acetaminophen", "Percocet", [("duplicate:ingredient", "moderate")]),
        ("testosterone gel", "warfarin", []),
        ("linezolid", "sertraline", [("maoi:reuptake", "contraindicated")]),
    ],
)
def test_pairs(one: str, other: str, rules: list[tuple[str, str]]) -> None:
    a, b = identify([], one), identify([], other)
    assert [(i.rule, i.severity) for i in interactions([a, b])] == rules
    assert [(i.rule, i.severity) for i in interactions([b, a])] == rules
    assert [(i.rule, i.severity) for i in interactions_with(a, [b])] == rules


def test_what_reaches_the_blood_by_nose_or_lungs_counts() -> None:
    nasal = identify([], "midazolam 5 mg nasal spray")
    assert interactions([nasal, identify([], "oxycodone")])[0].severity == "major"
    assert interactions([identify([], "sumatriptan nasal spray"), identify([], "phenelzine")])
    assert not interactions([identify([], "azelastine nasal spray"), identify([], "fluvoxamine")])


ONC = [
    ("lisdexamfetamine", "phenelzine"),
    ("atazanavir", "omeprazole"),
    ("febuxostat", "azathioprine"),
    ("fluoxetine", "tranylcypromine"),
    ("irinotecan", "ketoconazole"),
    ("meperidine", "phenelzine"),
    ("ziprasidone", "sotalol"),
    ("ramelteon", "fluvoxamine"),
    ("rifampin", "lopinavir-ritonavir"),
    ("simvastatin", "ritonavir"),
    ("tizanidine", "ciprofloxacin"),
    ("tranylcypromine", "procarbazine"),
    ("amitriptyline", "isocarboxazid"),
    ("sumatriptan", "phenelzine"),
    ("ergotamine", "clarithromycin"),
]


@pytest.mark.parametrize("pair", ONC, ids="+".join)
def test_high_priority_pairs(pair: tuple[str, str]) -> None:
    found = interactions([identify([], n) for n in pair])
    assert found[0].severity in ("major", "contraindicated")
    assert all(i.mechanism and i.recommendation and i.source for i in found)


def test_the_gravest_comes_first() -> None:
    drugs = [identify([], n) for n in ("warfarin", "sertraline", "phenelzine", "ibuprofen", "lisinopril")]
    ranks = [SEVERITIES.index(i.severity) for i in interactions(drugs)]
    assert ranks == sorted(ranks, reverse=True) and len(ranks) >= 4


def test_usual_treatments_are_quiet() -> None:
    names = [
        "metformin",
        "atorvastatin 20 mg",
        "lisinopril",
        "amlodipine",
        "levothyroxine",
        "carvedilol",
        "empagliflozin",
    ]
    found = interactions([identify([], n) for n in names])
    assert [i for i in found if i.severity in ("major", "contraindicated")] == []


def test_no_medicine_interacts_with_itself_but_as_a_duplicate() -> None:
    for concept in list(lexicon().concepts()):
        if concept.kind == "drug":
            drug = identify([], concept.name)
            assert {i.rule for i in interactions([drug, drug])} <= {"duplicate:ingredient"}, concept.id


def test_lookups_are_symmetric() -> None:
    drugs = [identify([], c.name) for c in lexicon().concepts() if c.kind == "drug"][::7]
    for a, b in combinations(drugs, 2):
        forward = [(i.rule, set(i.drugs)) for i in interactions_with(a, [b])]
        assert forward == [(i.rule, set(i.drugs)) for i in interactions_with(b, [a])]


@pytest.mark.parametrize(
    ("name", "problems", "facts", "rule", "severity"),
    [
        ("metformin", [], Facts(egfr=25), "kidney:metformin", "contraindicated"),
        ("metformin", [], Facts(egfr=40), "kidney:metformin-start", "moderate"),
        ("ibuprofen", ["problem:heart-failure"], Facts(), "heart:nsaid", "major"),
        ("ondansetron", [], Facts(qtc=510), "qt:long", "contraindicated"),
        ("warfarin", [], Facts(inr=6), "bleeding:inr", "major"),
        ("apixaban", [], Facts(platelets=30), "bleeding:platelets", "major"),
        ("propranolol", ["problem:asthma"], Facts(), "lung:beta", "contraindicated"),
        ("spironolactone", [], Facts(potassium=5.4), "potassium:sparing-start", "moderate"),
        ("spironolactone", [], Facts(potassium=5.6), "potassium:sparing", "major"),
        ("diphenhydramine", ["problem:urinary-retention"], Facts(), "bladder:anticholinergic-other", "major"),
        ("alendronate", [], Facts(egfr=30), "kidney:alendronate", "major"),
        ("prasugrel", ["problem:transient-ischemic-attack"], Facts(), "bleeding:prasugrel", "contraindicated"),
        ("lisinopril", [], Facts(pregnant=True), "pregnancy", "contraindicated"),
        ("morphine", ["problem:obstructive-sleep-apnea"], Facts(), "breathing:apnea", "major"),
        ("aspirin", [], Facts(age=9), "age:aspirin-child", "major"),
        (
            "rizatriptan",
            ["problem:st-elevation-myocardial-infarction"],
            Facts(),
            "heart:triptan",
            "contraindicated",
        ),
    ],
)
def test_conditions(name: str, problems: list[str], facts: Facts, rule: str, severity: str) -> None:
    found = condition_conflicts(identify([], name), problems, facts)
    assert (rule, severity) in [(c.rule, c.severity) for c in found]
    assert all(c.because and c.source for c in found)


@pytest.mark.parametrize(
    ("name", "problems", "facts"),
    [
        ("metformin", [], Facts(egfr=80)),
        ("metformin", [], Facts()),
        ("diclofenac 1 % gel", ["problem:heart-failure"], Facts(egfr=20)),
        ("timolol eye drops", ["problem:heart-failure"], Facts()),
        ("lisinopril", [], Facts(pregnant=False, potassium=4.5)),
    ],
)
def test_nothing_speaks_against_it(name: str, problems: list[str], facts: Facts) -> None:
    assert condition_conflicts(identify([], name), problems, facts) == []


@pytest.mark.parametrize(
    ("name", "risk"),
    [
        ("lisinopril", "contraindicated"),
        ("Zestoretic", "contraindicated"),
        ("warfarin", "contraindicated"),
        ("isotretinoin", "contraindicated"),
        ("paroxetine", "avoid"),
        ("sertraline", "caution"),
        ("ibuprofen", "avoid"),
        ("aspirin 81 mg", "caution"),
    ],
)
def test_pregnancy(name: str, risk: str) -> None:
    found = pregnancy_risk(identify([], name))
    assert found[0].risk == risk and found[0].note and found[0].source


@pytest.mark.parametrize(
    "name", ["metformin", "levothyroxine", "hydrocortisone 1 % cream", "folic acid", "acetaminophen"]
)
def test_no_word_against_it_in_pregnancy(name: str) -> None:
    assert pregnancy_risk(identify([], name)) == []
