"""Sets of codes that a person makes: changing them, what the checks say of any of them, and the command they become."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.bots.billing_code_suggester.chosen import Chosen, Line
from services.bots.billing_code_suggester.remarks import Circumstances, Remark, remarks
from services.commands.schemas import SuggestBillingCodes, read_command
from services.knowledge.billing import ncci
from services.knowledge.billing.icd10 import icd10

WOMAN = Circumstances("female", 66, dt.date(2026, 5, 12))
CODES = ["E11.9", "E10.9", "O24.410", "I10", "I11.0", "J44.9", "J45.909", "R05.9", "R73.9", "Z00.00", "Z33.1", "Z34.90", "N18.31",
         "N40.0", "F02.80", "G30.9", "E66.9", "Z68.35", "M54.50", "K21.9", "S72.001A", "E11", "Q99999"]  # fmt: skip
SERVICES = ["99213", "99396", "93000", "93005", "36415", "20610", "G0439", "80053", "82565", "12345"]
LINES = st.builds(
    Line, st.sampled_from(SERVICES), st.integers(1, 5), st.lists(st.sampled_from(["25", "59", "LT", "RT", "50", "ZZ", "95"]), max_size=4).map(tuple),
    st.lists(st.sampled_from(CODES), max_size=5, unique=True).map(tuple),
)  # fmt: skip
SETS = st.builds(Chosen, st.lists(st.sampled_from(CODES), max_size=8).map(tuple), st.lists(LINES, max_size=5).map(tuple))


def told(chosen: Chosen, about: Circumstances = WOMAN) -> list[Remark]:
    return remarks(chosen, about, ncci.built_in())


def says(chosen: Chosen, words: str, weight: str = "wrong", about: Circumstances = WOMAN) -> bool:
    return any(words in r.message and r.weight == weight for r in told(chosen, about))


@settings(max_examples=150, deadline=None)
@given(SETS)
def test_no_excludes1_pair_goes_unmentioned(chosen: Chosen) -> None:
    found = told(chosen)
    for one, other in itertools.combinations(dict.fromkeys(chosen.diagnoses), 2):
        if icd10().excluded(one, other):
            assert any({one, other} == set(r.codes) and "Excludes1" in r.message for r in found)
    for code in chosen.diagnoses:
        if not icd10().billable(code):
            assert any(r.weight == "stop" and code in r.codes for r in found)
    for pair in ncci.built_in().of([s.code for s in chosen.services], WOMAN.day):
        assert any({pair.includes, pair.included} <= set(r.codes) for r in found)
    assert [r.weight for r in found] == sorted((r.weight for r in found), key=["stop", "wrong", "mind"].index)


@settings(max_examples=100, deadline=None)
@given(SETS, st.sampled_from(CODES), st.sampled_from(CODES), st.integers(-3, 3))
def test_changes_keep_the_set_whole(chosen: Chosen, one: str, other: str, by: int) -> None:
    assert Chosen.read(chosen.wire()) == chosen
    assert sorted(chosen.moved(one, by).diagnoses) == sorted(chosen.diagnoses)
    without = chosen.without_diagnosis(one)
    assert one not in without.diagnoses and all(one not in s.diagnoses for s in without.services)
    changed = chosen.with_other_diagnosis(one, other)
    assert one == other or one not in changed.diagnoses
    assert chosen.with_diagnosis(one).diagnoses.count(one) == max(1, chosen.diagnoses.count(one))
    assert all(s.code != "99213" for s in chosen.without_line("99213").services)


def test_each_check_names_its_rule() -> None:
    visit = Line("99213", 1, (), ("I10",))
    assert says(Chosen(), "No code", "stop") and says(Chosen((), (visit,)), "needs a diagnosis", "stop")
    assert says(Chosen(("E11",)), "more specific", "stop") and says(Chosen(("I10", "I10")), "twice", "stop")
    assert says(Chosen(("N40.0",)), "N40.0 is for male patients")
    assert says(Chosen(("F02.80", "G30.9")), "may not be the first listed") and says(Chosen(("F02.80", "G30.9")), "G30.9 goes before F02.80")
    assert says(Chosen(("R05.9", "J44.9")), "symptom that belongs") and says(Chosen(("E66.9",)), "asks for a further code", "mind")
    assert says(Chosen(("I10",)), "outside its year", "mind", Circumstances("", None, dt.date(2027, 1, 5)))
    assert not says(Chosen(("I10",), (visit,)), "", "wrong") and not says(Chosen(("I10",), (visit,)), "", "stop")


@pytest.mark.parametrize(
    ("line", "words", "weight"),
    [
        (Line("93000", 1, ("24",), ("I10",)), "goes with a visit", "wrong"),
        (Line("99213", 1, ("LT",), ("I10",)), "goes with a service", "wrong"),
        (Line("20610", 1, ("LT", "RT"), ("I10",)), "by 50 alone", "wrong"),
        (Line("20610", 1, ("50", "RT"), ("I10",)), "by 50 alone", "wrong"),
        (Line("99213", 1, ("25",), ("I10",)), "no procedure", "wrong"),
        (Line("99213", 1, ("95",), ("I10",)), "telemedicine", "mind"),
        (Line("36415", 1, ("59",), ("I10",)), "no edit asks", "mind"),
        (Line("36415", 1, ("ZZ",), ("I10",)), "isn't known here", "mind"),
        (Line("99213", 1, (), ()), "points to no diagnosis", "wrong"),
        (Line("99213", 1, (), ("E11.9",)), "isn't in the list", "stop"),
        (Line("94010", 1, (), ("I10",)), "speaks for it", "mind"),
    ],
)
def test_lines_are_checked(line: Line, words: str, weight: str) -> None:
    assert says(Chosen(("I10",), (line,)), words, weight)


def test_a_visit_beside_a_procedure_and_included_services() -> None:
    visit, shot = Line("99213", 1, (), ("M54.50",)), Line("20610", 1, (), ("M54.50",))
    assert says(Chosen(("M54.50",), (visit, shot)), "modifier 25 only where", "mind")
    panel = Chosen(("I10",), (Line("80053", 1, (), ("I10",)), Line("82565", 1, (), ("I10",))))
    assert says(panel, "80053 includes 82565")
    assert says(Chosen(("I10",), (Line("99213", 1, (), ("I10",)), Line("99214", 1, (), ("I10",)))), "Several visit codes")


def test_the_lines_of_a_command() -> None:
    """What an approver takes out is in no line; a service of which nothing more is said points to all diagnoses."""
    command = read_command({
        "command": "SuggestBillingCodes", "patientId": "p", "encounterId": "e", "confidence": 0.9, "requiresApproval": True,
        "aiModel": "m",
        "suggestedCodes": [
            {"code": "I10", "system": "ICD-10-CM", "display": "x", "confidence": 0.9},
            {"code": "E11.9", "system": "ICD-10-CM", "display": "x", "confidence": 0.9},
            {"code": "99213", "system": "CPT", "display": "Visit", "confidence": 0.9},
        ],
        "services": [
            {"code": "93000", "system": "CPT", "display": "Tracing", "units": 1, "modifiers": [], "diagnoses": ["I10"]},
            {"code": "G0008", "system": "HCPCS", "display": "Shot", "units": 2, "modifiers": ["59"], "diagnoses": ["Z23", "I10"]},
        ],
    })  # fmt: skip
    assert isinstance(command, SuggestBillingCodes)
    assert [(s.code, s.units, s.modifiers, s.diagnoses) for s in command.lines()] == [
        ("G0008", 2, ["59"], ["I10"]), ("99213", 1, [], ["I10", "E11.9"]),
    ]  # fmt: skip
