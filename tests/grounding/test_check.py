"""What the check supports and what it refuses, kind by kind."""

from __future__ import annotations

import pytest

from services.grounding import check
from tests.grounding.world import A1C_NEW, EVERYTHING, METOPROLOL, PANEL, checked, item, kinds

SUPPORTED = [
    "HbA1c was 9.1 % on 12 March 2024 [1].",
    "HbA1c was 9.10% [1].",
    "HbA1c was 9.1 on 03/12/2024 [1].",
    "HbA1c was 9.1 on 12/03/2024 [1].",
    "In March 2024 the glycated haemoglobin stood at 9.1 percent [1].",
    "HbA1c fell from 9.1 % in 2024 [1] to 7.3 % in June 2026 [2].",
    "HbA1c improved by 1.8 points [1][2].",
    "HbA1c decreased by 20 % [1][2].",
    "Over about two years HbA1c came down to 7.3 % [1-2].",
    "The mean HbA1c was 8.2 % [1][2].",
    "Two HbA1c results are on file [1, 2].",
    "HbA1c is above the reference range [2].",
    "HbA1c was above 7 % both times [1][2].",
    "Expressed in IFCC units, HbA1c was 56 mmol/mol [2].",
    "Sodium was 141 and potassium 4.1 mmol/L [3].",
    "Potassium (4.1 mEq/L) is normal [3].",
    "Sodium and potassium were 141 and 4.1 mmol/L, respectively [3].",
    "Glucose was 10.0 mmol/L [3].",
    "Glucose was high [3].",
    "The potassium reference range is 3.5–5.1 mmol/L [3].",
    "He takes Toprol XL 50 mg BID [4].",
    "He takes a beta blocker for high blood pressure [4].",
    "Metoprolol succinate 50 mg twice a day was ordered in January 2025 [4].",
    "Metformin 500 mg was stopped because of nausea [5].",
    "He no longer takes metformin [5].",
    "He denied chest pain [6].",
    "His mother has type 2 diabetes [6].",
    "Gout of the left great toe is possible [6].",
    "He works two night shifts each week [6].",
    "The plan was to start colchicine 0.6 mg once daily [6].",
    "Potassium is to be rechecked in two weeks [6].",
    "Acute cystitis has resolved [7].",
    "He is allergic to penicillin, which caused hives [8].",
    "He weighs 176 lb [9].",
    "He weighs about 80 kg [9].",
    "HbA1c was nine point one percent [1].",
    "Sodium was 141 millimoles per liter [3].",
    "Metoprolol succinate fifty milligrams twice daily is on record [4].",
    "Metformin 500 mg, begun in the past, was later dropped [5].",
    "Penicillin must not be given: it caused hives [8].",
    "HbA1c was lower in June 2026 (7.3 %) compared with 2024 (9.1 %) [1][2].",
]


@pytest.mark.parametrize("text", SUPPORTED)
def test_true_sentence_is_supported(text: str) -> None:
    assert checked(text).problems == ()


REFUSED = [
    ("uncited", "HbA1c was 9.1 %."),
    ("unknown-citation", "HbA1c was 9.1 % [12]."),
    ("number", "HbA1c was 9.2 % [1]."),
    ("number", "HbA1c was 91 % [1]."),
    ("number", "HbA1c was nine point two percent [1]."),
    ("unit", "Sodium was 141 milligrams per liter [3]."),
    ("direction", "A higher HbA1c was seen in June 2026 (7.3 %) compared with 2024 (9.1 %) [1][2]."),
    ("instruction", "Metoprolol must not be given [4]."),
    ("number", "Sodium was 4.1 and potassium 141 mmol/L [3]."),
    ("number", "Potassium and sodium were 141 and 4.1 mmol/L, respectively [3]."),
    ("number", "Potassium was 5.1 mmol/L [3]."),
    ("number", "HbA1c was 7.3 % [1] and 9.1 % [2]."),
    ("number", "He takes metoprolol 50 mg three times a day [4]."),
    ("number", "HbA1c decreased by 2.4 points [1][2]."),
    ("number", "Three HbA1c results are on file [1, 2]."),
    ("number", "He works four night shifts a week [6]."),
    ("unit", "Potassium was 4.1 mg/dL [3]."),
    ("unit", "Glucose was 180 mmol/L [3]."),
    ("unit", "He takes metoprolol 50 mcg [4]."),
    ("date", "HbA1c was 9.1 % on 13 March 2024 [1]."),
    ("date", "HbA1c was 9.1 % in June 2026 and 7.3 % in March 2024 [1][2]."),
    ("date", "Cystitis resolved on 1 February 2025 [7]."),
    ("date", "HbA1c was 9.1 % last month [1]."),
    ("drug", "He takes atenolol 50 mg [4]."),
    ("drug", "He takes velutrazine 50 mg [4]."),
    ("drug", "He takes an ACE inhibitor [4]."),
    ("finding", "He has asthma [6]."),
    ("finding", "He has hemochromatosis [6]."),
    ("negation", "He has chest pain [6]."),
    ("negation", "He has no hypertension [6]."),
    ("negation", "He has gout [6]."),
    ("laterality", "Gout of the right great toe is possible [6]."),
    ("direction", "HbA1c rose from 7.3 % to 9.1 % [1][2]."),
    ("direction", "HbA1c decreased from 7.3 % to 9.1 % [1][2]."),
    ("direction", "HbA1c has worsened [1][2]."),
    ("direction", "HbA1c is lower now than before, having increased [1][2]."),
    ("comparison", "Potassium is elevated [3]."),
    ("comparison", "HbA1c is within the normal range [2]."),
    ("comparison", "HbA1c is below 7 % [2]."),
    ("status", "He takes metformin [5]."),
    ("status", "Metoprolol was stopped [4]."),
    ("status", "Acute cystitis is active [7]."),
    ("subject", "He has type 2 diabetes [6]."),
    ("subject", "His father has type 2 diabetes [6]."),
    ("instruction", "Metoprolol should be stopped [4]."),
    ("instruction", "Increase metoprolol [4]."),
    ("instruction", "I recommend adding insulin [2]."),
    ("unsupported", "He keeps bees and sells the honey at a market [6]."),
    ("finding", "He is allergic to metoprolol [4]."),
]


@pytest.mark.parametrize(("kind", "text"), REFUSED)
def test_error_is_refused_for_what_it_is(kind: str, text: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "The record does not say whether he smokes.",
        "I could not find an echocardiogram.",
        "There is no mention of a stroke in these notes.",
        "The evidence is not sufficient to answer this.",
        "Here is a summary:",
        "**Medications:**",
    ],
)
def test_sentence_about_the_record_needs_no_citation(text: str) -> None:
    (sentence,) = checked(text).sentences
    assert sentence.meta and sentence.supported


@pytest.mark.parametrize(
    "text",
    [
        "The record does not mention smoking, but he has asthma.",
        "Although the notes do not say so, his kidney function is declining.",
        "I could not find the dose, and he takes warfarin.",
        "I could not find an HbA1c result.",
        "There is no evidence of pulmonary embolism.",
    ],
)
def test_clinical_assertion_is_no_talk_about_the_record(text: str) -> None:
    assert not checked(text).supported


def test_family_of_a_relative_is_told_apart_by_clause() -> None:
    note = item(1, "DocumentReference", None, "Father had an MI at 52; brother takes a statin.")
    assert check("His father had an MI at 52 [1].", [note]).supported
    assert not check("His brother had an MI at 52 [1].", [note]).supported


def test_kept_gives_the_supported_sentences_with_their_citations() -> None:
    text = "HbA1c was 9.1 % [1]. It is now 6.5 % [2].\n\nPotassium was 4.1 mmol/L. [3]"
    assert checked(text).kept() == "HbA1c was 9.1 % [1].\n\nPotassium was 4.1 mmol/L. [3]"


def test_problems_and_claims_point_into_the_text() -> None:
    text = "HbA1c was 9.1 % [1]. Potassium was 6.0 mmol/L [3]."
    found = checked(text)
    for mark in (*found.problems, *(c for s in found.sentences for c in s.claims)):
        assert text[mark.start : mark.end] == mark.said
    assert [p.said for p in found.problems] == ["6.0 mmol/L"]


def test_claims_say_how_a_number_was_recomputed() -> None:
    (sentence,) = checked("HbA1c improved by 1.8 points [1][2].").sentences
    assert "difference of 9.1 % and 7.3 %" in {c.how for c in sentence.claims}


def test_computed_numbers_need_no_citation_of_their_own() -> None:
    computed = item(90, "Computed", None, "Mean Hemoglobin A1c 8.2 % of 2 results.")
    text = "Average HbA1c was 8.2 % [2]."
    assert not check(text, [A1C_NEW]).supported
    assert check(text, [A1C_NEW], computed=[computed]).supported


def test_dose_of_one_drug_is_none_of_another() -> None:
    other = item(2, "MedicationRequest", None, "Lisinopril 20 mg tablet.\nStatus: active")
    assert check("He takes lisinopril 20 mg [2].", [METOPROLOL, other]).supported
    assert not check("He takes lisinopril 50 mg [1][2].", [METOPROLOL, other]).supported


def test_heading_over_a_quote_keeps_its_meaning() -> None:
    note = item(1, "DocumentReference", None, "FAMILY HISTORY:\n- Diabetes\n- Stroke")
    assert not check("Diabetes [1].", [note]).supported


def test_number_without_a_unit_is_taken_in_the_usual_one() -> None:
    note = item(1, "DocumentReference", None, "K 4.3, Na 140.")
    assert check("Potassium was 4.3 mmol/L [1].", [note]).supported
    assert not check("Potassium was 4.3 mg/dL [1].", [note]).supported


def test_every_kind_of_problem_is_tested() -> None:
    from services.grounding.model import KINDS

    assert {kind for kind, _ in REFUSED} == set(KINDS)


def test_evidence_reading_does_not_depend_on_order() -> None:
    text = "Sodium was 141 mmol/L [3]."
    assert check(text, EVERYTHING).supported and check(text, [PANEL]).supported
