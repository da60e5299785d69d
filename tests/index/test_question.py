"""Reading of typed questions: hand-written queries, and any text at all."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.index.question import parse

TODAY = dt.date(2026, 11, 22)  # a Sunday


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("BP over 160", [("vital:systolic-blood-pressure", ">", 160, None)]),
        ("blood pressure greater than 180", [("vital:systolic-blood-pressure", ">", 180, None)]),
        (
            "BP above 140/90",
            [
                ("vital:systolic-blood-pressure", ">", 140, None),
                ("vital:diastolic-blood-pressure", ">", 90, None),
            ],
        ),
        ("diastolic over 100", [("vital:diastolic-blood-pressure", ">", 100, None)]),
        ("systolic BP >= 150 mmHg", [("vital:systolic-blood-pressure", ">=", 150, None)]),
        ("potassium below 3", [("lab:potassium", "<", 3, None)]),
        ("K < 3.0", [("lab:potassium", "<", 3, None)]),
        ("k < 3.0", [("lab:potassium", "<", 3, None)]),
        ("A1c between 7 and 8", [("lab:hemoglobin-a1c", "between", 7, 8)]),
        ("a1c from 9 to 10%", [("lab:hemoglobin-a1c", "between", 9, 10)]),
        ("LDL 100-130", [("lab:ldl-cholesterol", "between", 100, 130)]),
        ("temp over 38.5 C", [("vital:body-temperature", ">", 38.5, None)]),
        ("fever over 101 F", [("vital:body-temperature", ">", 101, None)]),
        ("eGFR under 30", [("lab:estimated-glomerular-filtration-rate", "<", 30, None)]),
        ("weight more than 100 kg", [("vital:body-weight", ">", 100, None)]),
        ("sats below 90%", [("vital:oxygen-saturation", "<", 90, None)]),
        ("B12 below 200", [("lab:vitamin-b12-level", "<", 200, None)]),
        ("CA 125 over 35", [("lab:ca-125", ">", 35, None)]),
        ("BMI 30 or above", [("vital:body-mass-index", ">=", 30, None)]),
        ("INR at least 4", [("lab:international-normalized-ratio", ">=", 4, None)]),
        ("platelets no more than 50", [("lab:platelet-count", "<=", 50, None)]),
        ("WBC > 12,000", [("lab:white-blood-cell-count", ">", 12000, None)]),
        ("sugar over 200", [("lab:glucose", ">", 200, None)]),
        ("hemoglobin level was less than 7 g/dL", [("lab:hemoglobin", "<", 7, None)]),
        ("EF less than 40", [("vital:ejection-fraction", "<", 40, None)]),
        ("creatinine > 2 since 2024", [("lab:creatinine", ">", 2, None)]),
        ("over 160 mmHg", [("vital:systolic-blood-pressure", ">", 160, None)]),
        ("PHQ-9 over 15", [("vital:phq-9", ">", 15, None)]),
        ("heart rate below 50 bpm", [("vital:heart-rate", "<", 50, None)]),
        ("T4", []),
        ("CA 125", []),
        ("type 2 diabetes", []),
        ("stage 3 CKD", []),
        ("lisinopril 5 mg", []),
        ("metformin over 1000 mg", []),
        ("PSA 2019", []),
        ("MI in 2019", []),
        ("age over 65 with afib", []),
        ("creatinine between 2020 and 2022", []),
        ("vitamin D", []),
        ("hepatitis B", []),
    ],
)
def test_comparisons(query: str, expected: list[tuple[str, str, float, float | None]]) -> None:
    got = [(c.concept, c.op, c.value, c.high) for c in parse(query, TODAY).comparisons]
    assert got == expected


def test_units_and_components() -> None:
    (comparison,) = parse("temp over 38.5 C", TODAY).comparisons
    assert comparison.unit == "Cel"
    assert [c.component for c in parse("BP > 140/90", TODAY).comparisons] == ["systolic", "diastolic"]
    assert parse("glucose over 11 mmol/L", TODAY).comparisons[0].unit == "mmol/L"


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("MI in 2019", "2019-01-01", "2019-12-31"),
        ("PSA 2019", "2019-01-01", "2019-12-31"),
        ("labs since March 2024", "2024-03-01", None),
        ("A1c last year", "2025-01-01", "2025-12-31"),
        ("labs in the last year", "2025-11-22", "2026-11-22"),
        ("past 6 months of labs", "2026-05-22", "2026-11-22"),
        ("visits in the past two weeks", "2026-11-08", "2026-11-22"),
        ("between 2020 and 2022 colonoscopy", "2020-01-01", "2022-12-31"),
        ("colonoscopy 2018-2020", "2018-01-01", "2020-12-31"),
        ("notes from March 2024 to May 2024", "2024-03-01", "2024-05-31"),
        ("chest pain yesterday", "2026-11-21", "2026-11-21"),
        ("vitals today", "2026-11-22", "2026-11-22"),
        ("seen last week", "2026-11-09", "2026-11-15"),
        ("vitals last month", "2026-10-01", "2026-10-31"),
        ("discharge summary March 2024", "2024-03-01", "2024-03-31"),
        ("note of 2024-03-05", "2024-03-05", "2024-03-05"),
        ("note of 3/5/2024", "2024-03-05", "2024-03-05"),
        ("note of 25/12/2023", "2023-12-25", "2023-12-25"),
        ("March 5, 2024 visit", "2024-03-05", "2024-03-05"),
        ("5th March 2024 visit", "2024-03-05", "2024-03-05"),
        ("surgery before 2015", None, "2014-12-31"),
        ("surgery after 2015", "2016-01-01", None),
        ("weight 3 days ago", "2026-11-19", "2026-11-19"),
        ("labs in August", "2026-08-01", "2026-08-31"),
        ("labs in December", "2025-12-01", "2025-12-31"),
        ("stroke before surgery", None, None),
        ("last menstrual period", None, None),
        ("last HbA1c", None, None),
        ("creatinine over 2000", None, None),
        ("date 2024-13-45", None, None),
    ],
)
def test_periods(query: str, start: str | None, end: str | None) -> None:
    assert parse(query, TODAY).period == (day(start), day(end))


@pytest.mark.parametrize(
    ("query", "present", "absent"),
    [
        ("HTN", {"problem:hypertension"}, set()),
        ("pe", {"problem:pulmonary-embolism"}, set()),
        ("no chest pain", set(), {"symptom:chest-pain"}),
        ("denies SOB", set(), {"symptom:dyspnea"}),
        ("cough without fever", {"symptom:cough"}, {"symptom:fever"}),
        ("heart attack", {"problem:myocardial-infarction"}, set()),
        ("is the patient on a blood thinner?", {"drugclass:anticoagulant"}, set()),
        ("negative for tuberculosis", set(), {"problem:tuberculosis"}),
        ("no longer on warfarin", {"drug:warfarin"}, set()),
        ("E11.9", {"problem:type-2-diabetes"}, set()),
        ("2823-3", {"lab:potassium"}, set()),
        ("allergic to penicillin", {"problem:penicillin-allergy"}, set()),
        ("not on statin", set(), {"drugclass:statin"}),
    ],
)
def test_concepts(query: str, present: set[str], absent: set[str]) -> None:
    question = parse(query, TODAY)
    assert present == set(question.concepts)
    assert absent == set(question.absent)


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("most recent potassium", "order", "latest"),
        ("latest A1c", "order", "latest"),
        ("last HbA1c", "order", "latest"),
        ("first echocardiogram", "order", "first"),
        ("earliest mention of asthma", "order", "first"),
        ("first trimester bleeding", "order", None),
        ("last menstrual period", "order", None),
        ("labs in the last week", "order", None),
        ("current medications", "status", "current"),
        ("active problems", "status", "current"),
        ("stopped metformin", "status", "past"),
        ("history of stroke", "status", "past"),
        ("discontinued drugs", "status", "past"),
        ("past 6 months of labs", "status", None),
        ("family history of breast cancer", "status", None),
        ("family history of breast cancer", "family", True),
        ("mother had diabetes", "family", True),
        ("breast cancer", "family", False),
        ("left knee pain", "laterality", "left"),
        ("right hip fracture", "laterality", "right"),
        ("bilateral leg swelling", "laterality", "bilateral"),
        ("knee pain", "laterality", None),
        ("E11.9", "codes", ("E11.9",)),
        ("4548-4", "codes", ("4548-4",)),
        ("snomed 44054006", "codes", ("44054006",)),
        ("I10", "codes", ("I10",)),
        ("B12 below 200", "codes", ()),
        ("LDL 100-130", "codes", ()),
        ("2024-03-05", "codes", ()),
        ("uncontrolled hypertension", "qualifiers", frozenset({"high"})),
        ("high potassium", "qualifiers", frozenset({"high"})),
        ("abnormal labs", "qualifiers", frozenset({"abnormal"})),
        ("critical sodium", "qualifiers", frozenset({"critical"})),
        ("positive covid test", "qualifiers", frozenset({"positive"})),
        ("low back pain", "qualifiers", frozenset()),
        ("severe aortic stenosis", "qualifiers", frozenset({"severe"})),
        ("negative for tuberculosis", "qualifiers", frozenset()),
        ("allergies", "resource_types", frozenset({"AllergyIntolerance"})),
        ("shots", "resource_types", frozenset({"Immunization"})),
        ("past surgeries", "resource_types", frozenset({"Procedure"})),
        ("care plan", "resource_types", frozenset({"CarePlan", "Composition", "DocumentReference"})),
        ("what are the patient's diagnoses", "resource_types", frozenset({"Condition"})),
        ("potassium below 3 in 2024", "terms", ("potassium",)),
        ("what is the latest hemoglobin?", "terms", ("hemoglobin",)),
        ("", "terms", ()),
    ],
)
def test_fields(query: str, field: str, value: object) -> None:
    assert getattr(parse(query, TODAY), field) == value


def test_expanded_holds_content_without_filters() -> None:
    question = parse("most recent HTN notes since 2020", TODAY)
    assert "hypertension" in question.expanded
    assert "2020" not in question.expanded and "recent" not in question.expanded


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=5000))
def test_never_raises(text: str) -> None:
    assert parse(text, TODAY).text is not None


_BITS = [
    "BP",
    "over",
    "160",
    "/",
    "between",
    "2020",
    "and",
    "%",
    "<",
    ">=",
    "K",
    "A1c",
    "no",
    "denies",
    "last",
    "first",
    "3.5",
    "1,000",
    "mmHg",
    "-",
    "9999",
    "0/0",
    "ago",
    "in",
    "two",
    "years",
    "[=",
    ";",
    ".",
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(_BITS), max_size=200))
def test_never_raises_on_its_own_words(words: list[str]) -> None:
    parse(" ".join(words), TODAY)


@pytest.mark.parametrize("early", [dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_odd_days(early: dt.date) -> None:
    for query in (
        "last year",
        "next year",
        "past 999 years",
        "5 decades ago",
        "tomorrow",
        "yesterday",
        "next month",
    ):
        parse(query, early)


@pytest.mark.parametrize(
    "bit", ["BP over ", "1,", "no fever and ", "a", " ", "9/", "between 1 and ", "the level is ", "-"]
)
def test_five_thousand_characters_of_anything_are_read(bit: str) -> None:
    text = (bit * 5000)[:5000]
    assert isinstance(parse(text, TODAY).terms, tuple)
