"""Assertion status of mentions, sentence borders, laterality: hand-written cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.assertion import assess, laterality, sentences
from services.knowledge.lexicon import lexicon

LEX = lexicon()

CASES = [
    # text, {concept: polarity}
    ("Patient reports chest pain.", {"symptom:chest-pain": "present"}),
    (
        "Denies chest pain, SOB, or palpitations.",
        {"symptom:chest-pain": "absent", "symptom:dyspnea": "absent", "symptom:palpitations": "absent"},
    ),
    ("No fever, chills, or night sweats.", {"symptom:fever": "absent", "symptom:night-sweats": "absent"}),
    ("No fever but has cough.", {"symptom:fever": "absent", "symptom:cough": "present"}),
    ("Denies fever; has a cough.", {"symptom:fever": "absent", "symptom:cough": "present"}),
    ("No fever. Cough for 3 days.", {"symptom:fever": "absent", "symptom:cough": "present"}),
    (
        "Denies chest pain however reports nausea.",
        {"symptom:chest-pain": "absent", "symptom:nausea": "present"},
    ),
    ("No pain except headache.", {"problem:pain": "absent", "symptom:headache": "present"}),
    ("Without fever or cough", {"symptom:fever": "absent", "symptom:cough": "absent"}),
    ("w/o edema", {"symptom:edema": "absent"}),
    ("HIV negative.", {"problem:hiv-infection": "absent"}),
    ("Syphilis nonreactive.", {"problem:syphilis": "absent"}),
    ("HIV negative partner.", {"problem:hiv-infection": "present"}),
    ("PE was ruled out.", {"problem:pulmonary-embolism": "absent"}),
    ("Pneumonia has been ruled out.", {"problem:pneumonia": "absent"}),
    ("Ruled out for MI.", {"problem:myocardial-infarction": "absent"}),
    ("Rule out PE.", {"problem:pulmonary-embolism": "possible"}),
    ("r/o appendicitis", {"problem:appendicitis": "possible"}),
    ("Negative for pneumonia.", {"problem:pneumonia": "absent"}),
    ("CXR negative for pneumonia", {"problem:pneumonia": "absent"}),
    ("No evidence of malignancy.", {"problem:malignancy": "absent"}),
    ("Free of pain.", {"problem:pain": "absent"}),
    ("The patient no longer has asthma.", {"problem:asthma": "absent"}),
    ("Pneumonia is unlikely.", {"problem:pneumonia": "absent"}),
    ("Pleural effusion not seen.", {"problem:pleural-effusion": "absent"}),
    ("Pneumothorax is not identified.", {"problem:pneumothorax": "absent"}),
    (
        "No pneumothorax or pleural effusion.",
        {"problem:pneumothorax": "absent", "problem:pleural-effusion": "absent"},
    ),
    ("No change in hypertension.", {"problem:hypertension": "present"}),
    ("No increase in edema.", {"symptom:edema": "present"}),
    (
        "Not only asthma but also eczema.",
        {"problem:asthma": "present", "problem:atopic-dermatitis": "present"},
    ),
    ("Swallows without difficulty, has cough.", {"symptom:cough": "present"}),
    ("Headache not improved.", {"symptom:headache": "present"}),
    ("Hypertension not well controlled.", {"problem:hypertension": "present"}),
    ("Chest pain: absent", {"symptom:chest-pain": "absent"}),
    ("Chest pain: denied", {"symptom:chest-pain": "absent"}),
    ("Chest pain: no", {"symptom:chest-pain": "absent"}),
    ("Fever: negative", {"symptom:fever": "absent"}),
    ("Cough - none", {"symptom:cough": "absent"}),
    ("Chest pain: yes", {"symptom:chest-pain": "present"}),
    ("Fever: no\nCough: yes", {"symptom:fever": "absent", "symptom:cough": "present"}),
    ("Family history: father MI", {"problem:myocardial-infarction": "family"}),
    ("Family history of breast cancer.", {"problem:breast-cancer": "family"}),
    ("Mother had diabetes.", {"problem:diabetes-mellitus": "family"}),
    (
        "FAMILY HISTORY:\nMI, stroke\n\nSOCIAL HISTORY:\nSmoker",
        {
            "problem:myocardial-infarction": "family",
            "problem:stroke": "family",
            "social:tobacco-use": "present",
        },
    ),
    (
        "Father died of lung cancer. Patient has COPD.",
        {
            "problem:lung-cancer": "family",
            "problem:chronic-obstructive-pulmonary-disease": "present",
        },
    ),
    ("h/o CABG in 2015", {"procedure:cabg": "historical"}),
    ("History of asthma.", {"problem:asthma": "historical"}),
    ("s/p appendectomy", {"procedure:appendectomy": "historical"}),
    ("Status post total knee replacement", {"procedure:total-knee-replacement": "historical"}),
    (
        "Past Medical History:\n- Asthma\n- Gout",
        {"problem:asthma": "historical", "problem:gout": "historical"},
    ),
    ("Possible pneumonia.", {"problem:pneumonia": "possible"}),
    ("Findings suspicious for malignancy.", {"problem:malignancy": "possible"}),
    ("Concern for sepsis.", {"problem:sepsis": "possible"}),
    ("Likely viral gastroenteritis", {"problem:gastroenteritis": "possible"}),
    ("PE cannot be ruled out.", {"problem:pulmonary-embolism": "possible"}),
    ("Cannot rule out pneumonia.", {"problem:pneumonia": "possible"}),
    ("Return if fever or vomiting.", {"symptom:fever": "hypothetical", "symptom:vomiting": "hypothetical"}),
    ("Return to ED if chest pain develops.", {"symptom:chest-pain": "hypothetical"}),
    ("Screening for depression.", {"problem:depression": "hypothetical"}),
    ("At risk for falls.", {"problem:fall": "hypothetical"}),
    ("Ondansetron as needed for nausea", {"drug:ondansetron": "present", "symptom:nausea": "hypothetical"}),
    ("No history of stroke.", {"problem:stroke": "absent"}),
    ("No family history of colon cancer.", {"problem:colorectal-cancer": "absent"}),
    ("Denies any history of diabetes", {"problem:diabetes-mellitus": "absent"}),
    ("He does not have hypertension.", {"problem:hypertension": "absent"}),
    ("Never had a seizure.", {"problem:seizure-disorder": "absent"}),
    ("No known drug allergies.", {"problem:no-known-allergies": "present"}),
    ("Never smoker.", {"social:never-smoker": "present"}),
    ("Rash resolved.", {"symptom:rash": "absent"}),
    ("Edema has resolved.", {"symptom:edema": "absent"}),
    ("Lungs clear. No wheezing.", {"symptom:wheezing": "absent"}),
    ("Negative covid test.", {"lab:sars-cov-2-test": "present"}),
    ("Not taking metformin.", {"drug:metformin": "absent"}),
    ("Chest pain was absent.", {"symptom:chest-pain": "absent"}),
    ("Fever absent, cough present.", {"symptom:fever": "absent", "symptom:cough": "present"}),
    ("Fever was present, cough was absent.", {"symptom:fever": "present", "symptom:cough": "absent"}),
    ("Seizure-free since May.", {"problem:seizure-disorder": "absent"}),
    ("Nobody in the family has diabetes.", {"problem:diabetes-mellitus": "absent"}),
    ("No one reported fever.", {"symptom:fever": "absent"}),
    ("Pneumonia was not suspected.", {"problem:pneumonia": "absent"}),
    ("PE could not be excluded.", {"problem:pulmonary-embolism": "possible"}),
    ("Warfarin was used instead of apixaban.", {"drug:warfarin": "present", "drug:apixaban": "absent"}),
    ("Not yet on insulin.", {"drugclass:insulin": "absent"}),
    ("Diabetes has not yet been diagnosed.", {"problem:diabetes-mellitus": "absent"}),
    ("All were negative for malignancy.", {"problem:malignancy": "absent"}),
    ("He is free from pain.", {"problem:pain": "absent"}),
    ("There is nothing to suggest sepsis.", {"problem:sepsis": "absent"}),
    ("Dysuria had cleared.", {"symptom:dysuria": "absent"}),
    ("Without headache, with nausea.", {"symptom:headache": "absent", "symptom:nausea": "present"}),
    ("No fever and has asthma.", {"symptom:fever": "absent", "problem:asthma": "present"}),
    ("Off metformin for a week.", {"drug:metformin": "absent"}),
    (
        "A CT ruled out stroke.",
        {"procedure:computed-tomography": "present", "problem:stroke": "absent"},
    ),
    (
        "No iodinated contrast (hives before).",
        {"substance:contrast-media": "absent", "problem:urticaria": "present"},
    ),
    (
        "Repeat CT once the infection has cleared.",
        {"procedure:computed-tomography": "present", "problem:infection": "absent"},
    ),
    ("Bipolar disorder is present in her mother.", {"problem:bipolar-disorder": "family"}),
    ("Denies plan or SI.", {"problem:suicidal-ideation": "absent"}),
    ("Neither cough nor fever", {"symptom:cough": "absent", "symptom:fever": "absent"}),
    ("Hypertension, no diabetes", {"problem:hypertension": "present", "problem:diabetes-mellitus": "absent"}),
    (
        "Admitted with sepsis due to pneumonia; no shock",
        {
            "problem:sepsis": "present",
            "problem:pneumonia": "present",
            "problem:shock": "absent",
        },
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0][:40] for c in CASES])
def test_polarity(text: str, expected: dict[str, str]) -> None:
    got = {a.mention.concept: a.polarity for a in assess(text, LEX.find(text, query=False))}
    assert {c: got.get(c) for c in expected} == expected


def test_cue_is_quoted_from_the_text() -> None:
    text = "She denies chest pain."
    (assertion,) = assess(text, LEX.find(text))
    assert assertion.cue == "denies"
    assert text[assertion.cue_start : assertion.cue_end] == "denies"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith saw the patient. He left.", ["Dr. Smith saw the patient.", "He left."]),
        ("Temp 38.5 C today. K 3.1.", ["Temp 38.5 C today.", "K 3.1."]),
        ("1. Hypertension\n2. Gout", ["1. Hypertension", "2. Gout"]),
        ("- fever\n- cough", ["- fever", "- cough"]),
        ("Take 5 mg p.o. b.i.d. with food.", ["Take 5 mg p.o. b.i.d. with food."]),
        ("Aspirin 81 mg. Metformin 500 mg.", ["Aspirin 81 mg.", "Metformin 500 mg."]),
        ("She has Hashimoto's. TSH is 3.", ["She has Hashimoto's.", "TSH is 3."]),
        ("A vs. B, e.g. this. Next.", ["A vs. B, e.g. this.", "Next."]),
        ("Lives at No. 3. Well.", ["Lives at No. 3.", "Well."]),
        ("Fever? No. 3 days of cough.", ["Fever?", "No.", "3 days of cough."]),
        ("Seen by Mr. J. Smith. Well.", ["Seen by Mr. J. Smith.", "Well."]),
        ("Takes 500 mg q.d. Lisinopril stopped.", ["Takes 500 mg q.d.", "Lisinopril stopped."]),
        ("Gave 5 mg i.v. at 3 p.m. He slept.", ["Gave 5 mg i.v. at 3 p.m.", "He slept."]),
        ("Fever to 38.5 C. Cough.", ["Fever to 38.5 C.", "Cough."]),
        ("He said “fine.” Then left.", ["He said “fine.”", "Then left."]),
        ("Assessment:\nStable", ["Assessment:", "Stable"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_a_wrapped_line_is_one_sentence() -> None:
    text = "The patient was seen in the clinic today and reports having\nno chest pain at all."
    assert len(sentences(text)) == 1


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left knee pain", "left"),
        ("pain in the right knee", "right"),
        ("bilateral knee pain", "bilateral"),
        ("knee pain on the left", "left"),
        ("R knee pain", "right"),
        ("left and right knee pain", "bilateral"),
        ("knee pain", None),
        ("Left arm fine. Knee pain", None),
    ],
)
def test_laterality(text: str, side: str | None) -> None:
    mention = next(m for m in LEX.find(text) if "knee" in m.concept)
    assert laterality(text, mention) == side


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    mentions = LEX.find(text)
    assert len(assess(text, mentions)) == len(mentions)
    ends = [0]
    for start, end in sentences(text):
        assert ends[-1] <= start < end <= len(text)
        ends.append(end)
