"""The banner: names, identifiers, death, and exactly four states of allergies."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.console import patients
from services.console.patients import banner, display_name, find_patients, patient_line
from services.errors import PatientNotFound, StoreUnavailable
from services.runtime.system import System
from tests.console.world import ADMIN, open_system, put

DAY = dt.date(2026, 11, 21)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    yield from open_system(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([{"family": "Marsh", "given": ["Eleanor", "Jane"]}], "MARSH, Eleanor Jane"),
        ([{"family": "Marsh"}], "MARSH"),
        ([{"given": ["Eleanor"]}], "Eleanor"),
        ([{"text": "Eleanor Marsh"}], "Eleanor Marsh"),
        ([{"use": "nickname", "given": ["Nell"]}, {"use": "official", "family": "Marsh"}], "MARSH"),
        ([{}], "Not Known"),
        ([{"text": " "}], "Not Known"),
        ([], "Not Known"),
        (None, "Not Known"),
    ],
)
def test_name(names: list | None, shown: str) -> None:
    assert display_name({"name": names}) == shown


@pytest.mark.parametrize(
    ("identifiers", "shown"),
    [
        ([{"value": "9428985"}], "9 428 985"),
        ([{"value": "943476"}], "943 476"),
        ([{"value": "9434765919"}], "9 434 765 919"),
        ([{"value": "1234"}], "1234"),
        ([{"value": "MRN-77812"}], "MRN-77812"),
        ([{"value": "1"}, {"type": {"coding": [{"code": "MR"}]}, "value": "22"}], "22"),
        ([{"system": "urn:x"}], "Not Known"),
        ([], "Not Known"),
    ],
)
def test_identifier_in_groups(identifiers: list, shown: str) -> None:
    assert patient_line({"id": "p", "identifier": identifiers}, DAY).identifier == shown


def test_gender_and_birth_are_never_a_question_mark() -> None:
    line = patient_line({"id": "p"}, DAY)
    assert (line.gender, line.born, line.age, line.name) == ("Not Known", "Not Known", "", "Not Known")
    assert patient_line({"id": "p", "gender": "unknown"}, DAY).gender == "Not Known"


def test_the_dead_have_the_age_at_death() -> None:
    line = patient_line({"id": "p", "birthDate": "1938-11-10", "deceasedDateTime": "2026-03-27"}, DAY)
    assert (line.age, line.deceased) == ("87y", "27-Mar-2026")
    assert patient_line({"id": "p", "deceasedBoolean": True}, DAY).deceased == "Yes"
    assert patient_line({"id": "p", "deceasedBoolean": False}, DAY).deceased is None


def allergy(number: int, code: dict, **more: object) -> dict:
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"a{number}",
        "patient": {"reference": "Patient/p"},
        "code": code,
        **more,
    }


def status(code: str) -> dict:
    return {"coding": [{"code": code}]}


PENICILLIN = {"text": "Penicillin"}
NO_KNOWN = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}


@pytest.mark.parametrize(
    ("recorded", "state", "names"),
    [
        ([], "Allergies not recorded", ()),
        ([allergy(1, PENICILLIN)], "Known allergies", ("Penicillin",)),
        (
            [allergy(1, PENICILLIN, criticality="high", reaction=[{"manifestation": [{"text": "Anaphylaxis"}]}])],
            "Known allergies",
            ("Penicillin (high risk): Anaphylaxis",),
        ),
        ([allergy(1, {})], "Known allergies", ("Unnamed substance",)),
        ([allergy(1, NO_KNOWN)], "No known allergies", ()),
        ([allergy(1, NO_KNOWN), allergy(2, PENICILLIN)], "Known allergies", ("Penicillin",)),
        ([allergy(1, PENICILLIN, verificationStatus=status("refuted"))], "Allergies not recorded", ()),
        ([allergy(1, PENICILLIN, verificationStatus=status("entered-in-error"))], "Allergies not recorded", ()),
        ([allergy(1, PENICILLIN, clinicalStatus=status("inactive"))], "Allergies not recorded", ()),
        ([allergy(1, PENICILLIN, clinicalStatus=status("resolved")), allergy(2, NO_KNOWN)], "No known allergies", ()),
        ([allergy(1, NO_KNOWN, verificationStatus=status("entered-in-error"))], "Allergies not recorded", ()),
    ],
)  # fmt: skip
def test_allergy_states(world: System, recorded: list, state: str, names: tuple) -> None:
    put(world, {"resourceType": "Patient", "id": "p"}, *recorded)
    found = banner(ADMIN, "p")
    assert (found.allergy_state, found.allergies) == (state, names)


def test_a_failure_is_never_shown_as_no_allergies(world: System, monkeypatch: pytest.MonkeyPatch) -> None:
    put(world, {"resourceType": "Patient", "id": "p"})

    def fail(*_: object) -> None:
        raise StoreUnavailable("locked")

    monkeypatch.setattr(patients, "_allergies", fail)
    assert banner(ADMIN, "p").allergy_state == "Allergies unavailable"


@pytest.mark.parametrize("wrong", ["nobody", "a/../b", "", "x" * 300])
def test_an_unknown_patient_is_a_sentence(world: System, wrong: str) -> None:
    with pytest.raises(PatientNotFound):
        banner(ADMIN, wrong)


def test_patients_are_found_by_name_typo_number_and_birth_date(world: System) -> None:
    put(
        world,
        {"resourceType": "Patient", "id": "w", "name": [{"family": "Whitfield", "given": ["James"]}],
         "identifier": [{"value": "5438284"}], "birthDate": "1959-10-20"},
        {"resourceType": "Patient", "id": "m", "name": [{"family": "Marsh", "given": ["Eleanor"]}],
         "birthDate": "1952-04-26"},
    )  # fmt: skip
    for text in ("whitfield", "Whitfeld", "james whitfield", "5438284", "5 438 284", "1959-10-20", "20-Oct-1959",
                 "20/10/1959"):  # fmt: skip
        lines, total = find_patients(ADMIN, text)
        assert [p.id for p in lines] == ["w"], text
        assert total == 2
    assert find_patients(ADMIN, "zzzz")[0] == []
    assert [p.id for p in find_patients(ADMIN)[0]] == ["m", "w"]
