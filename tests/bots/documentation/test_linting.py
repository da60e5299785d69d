"""Error-prone abbreviations and numbers: found, and written out where only one thing can be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.knowledge.error_prone import error_prone, rules, written_out

FOUND = {
    "Insulin 10U at night": "unit-u", "4 u now": "unit-u", "5000 IU weekly": "international-unit", "1000IU": "international-unit-joined", "100ug": "microgram", "25 µg": "microgram", "25 μg": "microgram",
    "25 ug": "microgram", "5 cc": "cubic-centimetre", "1 tab QD": "every-day", "1 tab q.d. with food": "every-day", "qod": "every-other-day",
    "one qhs": "nightly", "1 tab HS": "bedtime", "q6PM": "at-hour", "TIW": "three-weekly", "1 drop OD": "once-daily-or-eye", "1 drop OU": "eyes",
    "heparin SC": "subcutaneous", "heparin SQ": "subcutaneous", "sub q": "subcutaneous", "per os": "by-mouth", "D/C aspirin": "discharge-or-stop",
    "MS 4 mg": "morphine-or-magnesium", "MSO4": "morphine-sulfate", "MgSO4 2 g": "magnesium-sulfate", "HCTZ": "hydrochlorothiazide",
    "MTX": "methotrexate", "1.0 mg": "trailing-zero", "2.50 mg": "trailing-zeros", ".5 mg": "naked-decimal", "10mg": "no-space",
    "heparin 5000 units": "no-comma", "> 5": "greater", "<3 mg": "less", "≥60": "at-least", "<=60": "at-most", "↑ K": "arrows", "x3d": "for-days",
    "bread & butter": "ampersand", "take @ 8": "at-sign", "aspirin + caffeine": "plus",
}  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), FOUND.items())
def test_each_is_found_and_what_is_written_out_is_clean(text: str, rule: str) -> None:
    assert rule in [f.rule for f in error_prone(text)]
    ambiguous = {r.id for r in rules() if r.replacement is None}
    assert {f.rule for f in error_prone(written_out(text))} <= ambiguous


@pytest.mark.parametrize(
    "text",
    [
        "Potassium 4.0 mmol/L", "A nodule of 1.0 cm", "ALT 30 U/L", "02-May-2026", "Metformin 1,000 mg twice daily", "Insulin 10 units", "0.5 mg",
        "Mr Us and the IUD", "Multiple sclerosis (MS), stable", "Glucose 5.0 mg/dL", "98.6 °F", "BP 120/80 mmHg", "He used it daily", "discharged",
    ],
)  # fmt: skip
def test_what_is_well_written_is_left_alone(text: str) -> None:
    assert error_prone(text) == [] and written_out(text) == text


def test_doses_keep_their_value() -> None:
    assert (
        written_out("Take 1.0 mg QD, .5mg qod, 5000u SQ")
        == "Take 1 mg daily, 0.5 mg every other day, 5,000 units subcutaneously"
    )


def test_every_rule_is_shown_to_work() -> None:
    shown = set(FOUND.values())
    assert {r.id for r in rules()} - shown <= {"ears", "as-directed", "intranasal", "sliding-scale", "zinc-sulfate", "acetaminophen", "zidovudine",
                                                "propylthiouracil", "hour-degree"}  # fmt: skip


@given(st.text(alphabet="0123456789.,mg uUUQDqdSC<>≥µ/\n", max_size=30))
def test_writing_out_is_done_at_once(text: str) -> None:
    once = written_out(text)
    assert len(once) < 20 * len(text) + 20
    assert all(f.start < f.end <= len(text) for f in error_prone(text))
