"""The lexicon: integrity of its tables, finding, expansion, hierarchy and speed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.codes import ICD10, loinc_valid, snomed_valid
from services.knowledge.lexicon import lexicon
from services.knowledge.tables import load_ambiguous
from services.knowledge.terms import normal

LEX = lexicon()


def found(text: str, **options: bool) -> list[str]:
    return [m.concept for m in LEX.find(text, **options)]


def test_sizes() -> None:
    kinds = Counter(c.kind for c in LEX.concepts())
    least = {"drug": 350, "drugclass": 60, "problem": 450, "procedure": 120, "vaccine": 15, "document": 20}
    assert all(kinds[kind] >= number for kind, number in least.items()), kinds
    assert kinds["lab"] + kinds["vital"] >= 150
    assert kinds["symptom"] + kinds["finding"] >= 120
    measured = [c for c in LEX.concepts() if c.kind in ("lab", "vital") and "loinc" in c.codes]
    assert len(measured) >= 150


def test_links_lead_somewhere_and_never_in_a_circle() -> None:
    for concept in LEX.concepts():
        assert all(other in LEX for other in (*concept.broader, *concept.related)), concept.id
        ancestors = {a for parent in concept.broader for a in LEX.closure(parent)}
        assert concept.id not in ancestors
        assert concept.id.startswith(concept.kind + ":")


def test_codes_are_well_formed() -> None:
    for concept in LEX.concepts():
        for code in concept.codes.get("loinc", ()):
            assert loinc_valid(code), (concept.id, code)
        for code in concept.codes.get("snomed", ()):
            assert snomed_valid(code), (concept.id, code)
        for code in concept.codes.get("icd10cm", ()):
            assert ICD10.fullmatch(code), (concept.id, code)
        for code in (*concept.codes.get("rxnorm", ()), *concept.codes.get("cvx", ())):
            assert code.isascii() and code.isdigit(), (concept.id, code)


def test_check_digits_catch_errors() -> None:
    assert loinc_valid("4548-4") and not loinc_valid("4548-5") and not loinc_valid("x-1")
    assert snomed_valid("44054006") and not snomed_valid("44054007") and not snomed_valid("12")


def test_a_term_has_one_meaning_unless_declared() -> None:
    declared = load_ambiguous()
    for term, concepts in LEX.terms().items():
        if len(concepts) > 1:
            assert term in declared, (term, concepts)
            assert set(concepts) == {s.concept for s in declared[term]}, term


def test_each_name_finds_its_concept() -> None:
    for concept in LEX.concepts():
        assert concept.id in found(concept.name, query=True), concept.id


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("HTN", "problem:hypertension"),
        ("hx of high blood pressure", "problem:hypertension"),
        ("DM2", "problem:type-2-diabetes"),
        ("T2DM on metformin", "problem:type-2-diabetes"),
        ("Diabetes mellitus type 2 (disorder)", "problem:type-2-diabetes"),
        ("type II diabetes", "problem:type-2-diabetes"),
        ("Diabetes, type 2", "problem:type-2-diabetes"),
        ("SOB", "symptom:dyspnea"),
        ("dyspnoea", "symptom:dyspnea"),
        ("heart attacks", "problem:myocardial-infarction"),
        ("s/p CABG x3", "procedure:cabg"),
        ("NSTEMI", "problem:nstemi"),
        ("Lasix 40 mg", "drug:furosemide"),
        ("water pill", "drugclass:diuretic"),
        ("blood thinner", "drugclass:anticoagulant"),
        ("Coumadin", "drug:warfarin"),
        ("Tylenol", "drug:acetaminophen"),
        ("paracetamol", "drug:acetaminophen"),
        ("beta-blockers", "drugclass:beta-blocker"),
        ("Crohn’s disease", "problem:crohn-disease"),
        ("Parkinsons disease", "problem:parkinson-disease"),
        ("anaemia", "problem:anemia"),
        ("oesophageal varices", "problem:esophageal-varices"),
        ("Sjögren's syndrome", "problem:sjogren-syndrome"),
        ("x-ray of the hand", "procedure:x-ray"),
        ("K 3.1", "lab:potassium"),
        ("HbA1c 8.2 %", "lab:hemoglobin-a1c"),
        ("C. difficile", "problem:clostridioides-difficile-infection"),
        ("Takes St. John's wort daily", "drug:st-johns-wort"),
        ("H&P", "document:history-and-physical"),
        ("flu shot", "vaccine:influenza"),
        ("kidney stones", "problem:kidney-stone"),
        ("chronic kidney\ndisease", "problem:chronic-kidney-disease"),
        ("Stage III CKD", "problem:chronic-kidney-disease-stage-3"),
        ("Penicillin V Potassium 250 MG Oral Tablet", "drug:penicillin"),
        ("Acetaminophen 325 MG / Oxycodone Hydrochloride 5 MG Oral Tablet", "drug:oxycodone"),
        ("underactive thyroid", "problem:hypothyroidism"),
        ("PE", "problem:pulmonary-embolism"),
        ("MS", "problem:multiple-sclerosis"),
        ("RA", "problem:rheumatoid-arthritis"),
        ("EBL 300 mL", "vital:estimated-blood-loss"),
        ("LDCT", "procedure:low-dose-ct"),
        ("RhIG at 28 weeks", "drug:rho-d-immune-globulin"),
        ("dilated eye examination", "procedure:diabetic-eye-exam"),
        ("the flu shot", "vaccine:influenza"),
        ("PHQ-2 of 3", "vital:phq-2"),
        ("depression screening", "vital:depression-screen"),
        ("LIMA to LAD", "anatomy:left-anterior-descending-artery"),
        ("wheezing from RAD", "problem:reactive-airway-disease"),
        ("sinus rhythm, RAD on ECG", "problem:right-axis-deviation"),
        ("LBBB", "problem:left-bundle-branch-block"),
        ("NIHSS 4", "vital:nihss"),
        ("a fall in the bathroom", "problem:fall"),
        ("fell from 6 feet", "problem:fall"),
    ],
)
def test_finds(text: str, concept: str) -> None:
    assert concept in found(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("as needed for pain", "problem:aortic-stenosis"),
        ("Chest. Pain in the leg", "symptom:chest-pain"),
        ("the pt was seen", "lab:prothrombin-time"),
        ("Ms Smith", "problem:multiple-sclerosis"),
        ("she was not fit to drive", "lab:stool-occult-blood"),
        ("all of them", "problem:leukemia"),
        ("first aid", "problem:hiv-infection"),
        ("blood pressure", "problem:hypertension"),
        ("Vitamin K", "lab:potassium"),
        ("hit by a car", "problem:heparin-induced-thrombocytopenia"),
        ("sat down", "problem:down-syndrome"),
        ("BNP fell from 1840 to 720", "problem:fall"),
        ("a fall in hemoglobin", "problem:fall"),
        ("sinus rhythm, RAD on ECG", "problem:asthma"),
        ("the flu shot", "problem:influenza"),
        ("PHQ-2 of 3", "vital:phq-9"),
        ("she lives with osteoporosis", "social:living-situation"),
    ],
)
def test_does_not_find(text: str, concept: str) -> None:
    assert concept not in found(text, query=False)


def test_ambiguous_terms_follow_their_context() -> None:
    assert found("PT/INR 14 sec, on warfarin")[0] == "lab:prothrombin-time"
    assert found("PT eval for gait and rehab")[0] == "procedure:physical-therapy"
    assert set(found("PT ordered")) == {"lab:prothrombin-time", "procedure:physical-therapy"}
    assert "lab:glucose" in found("blood sugar level 210") and "lab:glucose" in found("morning sugar high")


def test_longest_term_wins_and_spans_fit() -> None:
    text = "Has type 2 diabetes and NSTEMI."
    mentions = LEX.find(text)
    assert [m.concept for m in mentions] == ["problem:type-2-diabetes", "problem:nstemi"]
    assert all(text[m.start : m.end] == m.surface for m in mentions)


def test_codes_reach_concepts() -> None:
    assert LEX.by_code("icd10cm", "E11.65") != ()
    assert LEX.by_code("http://hl7.org/fhir/sid/icd-10-cm", "E11.9") == ("problem:type-2-diabetes",)
    assert LEX.by_code("ICD-10-CM", "I21.4") == ("problem:nstemi",)
    assert LEX.by_code("http://loinc.org", "2823-3") == ("lab:potassium",)
    assert LEX.by_code("http://snomed.info/sct", "44054006") == ("problem:type-2-diabetes",)
    assert LEX.by_code("http://www.nlm.nih.gov/research/umls/rxnorm", "6809") == ("drug:metformin",)
    assert LEX.by_code("http://hl7.org/fhir/sid/cvx", "8") == ("vaccine:hepatitis-b",)
    assert LEX.by_code("icd10cm", "") == () == LEX.by_code("nothing", "1")


def test_hierarchy() -> None:
    assert "drug:lisinopril" in LEX.narrower("drugclass:ace-inhibitor")
    assert "drug:lisinopril" in LEX.narrower("drugclass:antihypertensive")
    weights = LEX.closure("problem:nstemi")
    assert weights["problem:nstemi"] == 1.0
    assert weights["problem:myocardial-infarction"] == 0.6
    assert weights["problem:coronary-artery-disease"] == 0.4
    assert "lab:hemoglobin-a1c" in LEX.related("problem:diabetes-mellitus")
    assert "lab:potassium" in LEX.narrower("lab:basic-metabolic-panel")
    assert LEX.closure("nothing:here") == {} and LEX.related("nothing:here") == ()


def test_never_having_smoked_is_no_kind_of_tobacco_use() -> None:
    assert not {"social:never-smoker", "social:former-smoker"} & LEX.narrower("social:tobacco-use")
    assert {"social:never-smoker", "social:tobacco-use"} <= LEX.narrower("social:smoking-status")


def test_no_term_begins_with_an_article_that_it_could_do_without() -> None:
    terms = LEX.terms()
    doubled = [t for t in terms if t.startswith("the ") and set(terms[t]) & set(terms.get(t[4:], ()))]
    assert not doubled


def test_expand() -> None:
    assert "hypertension" in LEX.expand("HTN, on Zestril")
    assert "lisinopril" in LEX.expand("HTN, on Zestril")
    assert LEX.expand("nothing clinical here") == "nothing clinical here"
    everything = " ".join(a for c in LEX.concepts() for a in c.abbreviations)[:4000]
    extra = LEX.expand(everything)[len(everything) :]
    assert len(extra.split()) <= 44


@given(st.text(max_size=400))
def test_expand_is_idempotent_and_find_never_fails(text: str) -> None:
    once = LEX.expand(text)
    assert LEX.expand(once) == once
    assert all(text[m.start : m.end] == m.surface for m in LEX.find(text))


def test_normal_forms() -> None:
    assert normal("Haemoglobin") == normal("hemoglobin")
    assert normal("metastases") == normal("metastasis")
    assert normal("biopsies") == normal("biopsy")


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("98% on RA", ["vital:oxygen-saturation"]),
        ("RA on methotrexate", ["problem:rheumatoid-arthritis", "drug:methotrexate"]),
        ("MS contin 15 mg", ["drug:morphine"]),
        ("ALL QUESTIONS WERE ANSWERED AS NEEDED AND THE HIT WAS FIT", []),
        ("Na 130, K 3.1", ["lab:sodium", "lab:potassium"]),
        ("she sat up", []),
        ("Sats 91%", ["vital:oxygen-saturation"]),
    ],
)
def test_nearest_context_decides(text: str, concepts: list[str]) -> None:
    assert found(text, query=False) == concepts
