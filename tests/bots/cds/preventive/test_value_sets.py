"""The tables of codes: sound, sourced, and open to a clinic's licensed codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.bots.clinical_decision_support.preventive.matching import sets_of
from services.errors import InvalidInput
from services.knowledge.codes import ICD10, loinc_valid, snomed_valid
from services.knowledge.lexicon import lexicon
from services.knowledge.preventive.value_sets import (
    FOLDER,
    Code,
    read,
    read_licensed,
    short_name,
    value_sets,
)
from tests.bots.cds.preventive.builder import SYSTEMS

LICENSED = ("cpt", "hcpcs", "cdt")
SHAPES = {
    "loinc": lambda c: loinc_valid(c) or bool(re.fullmatch(r"LA\d+-\d", c)),
    "snomed": snomed_valid,
    "icd10cm": lambda c: bool(ICD10.fullmatch(c) or re.fullmatch(r"O[0-7]", c)),
    "icd10pcs": lambda c: bool(re.fullmatch(r"[0-9A-HJ-NP-Z]{7}", c)),
    "cvx": lambda c: bool(re.fullmatch(r"\d{2,3}", c)),
    "rxnorm": str.isdigit,
    "concept": lambda c: c in lexicon(),
    "hl7": str.isupper,
}


def test_every_code_is_of_its_system() -> None:
    wrong = [c for c in read() if c.code != "-" and not SHAPES[c.system](c.code)]
    assert wrong == []


def test_licensed_systems_hold_no_codes_of_ours() -> None:
    assert all(c.code == "-" for c in read() if c.system in LICENSED)


def test_no_code_is_twice_in_a_set() -> None:
    seen: set[tuple[str, str, str]] = set()
    for each in read():
        if each.code == "-":
            continue
        key = (each.value_set, each.system, each.code)
        assert key not in seen, key
        seen.add(key)


def test_tables_have_sourced_heads_and_four_columns() -> None:
    for path in FOLDER.glob("*.tsv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert [line.partition(":")[0] for line in lines[:4]] == [
            "# What",
            "# Source",
            "# Version",
            "# Columns",
        ], path.name
        for line in lines[4:]:
            cells = line.split("\t")
            assert (
                len(cells) == 4
                and cells[1] in ("measure", "local")
                and all(c == c.strip() and c for c in cells)
            ), line


@pytest.mark.parametrize(("system", "code", "found"), [
    ("icd", "E11.9", "diabetes"), ("icd", "e11.65", "diabetes"), ("icd", "E119", "diabetes"), ("icd", "O24.419", "pregnancy"), ("icd", "I10", "essential-hypertension"),
    ("cvx", "3", "vaccine-mmr"), ("cvx", "03", "vaccine-mmr"), ("loinc", "4548-4", "hba1c"), ("pcs", "3E0234Z", "newborn-hepb"),
])  # fmt: skip
def test_codes_find_their_sets(system: str, code: str, found: str) -> None:
    assert found in value_sets().of_code(SYSTEMS[system], code)[0]


@pytest.mark.parametrize(
    ("system", "code"),
    [("icd", "E12"), ("icd", "E1"), ("icd", ""), ("cvx", ""), ("loinc", "E11.9"), ("sct", "4548-4")],
)
def test_other_codes_find_none(system: str, code: str) -> None:
    assert value_sets().of_code(SYSTEMS[system], code) == (frozenset(), frozenset())


@pytest.mark.parametrize(("kind", "text", "found"), [
    ("Procedure", "Screening colonoscopy", "colonoscopy"), ("medication", "Atorvastatin 40 MG Oral Tablet", "statin"),
    ("medication", "Simvistatin 10 MG", "statin"), ("Condition", "History of colon cancer", "colorectal-cancer"),
])  # fmt: skip
def test_names_find_their_sets(kind: str, text: str, found: str) -> None:
    assert found in frozenset().union(*sets_of(kind, (), text))


@pytest.mark.parametrize(("kind", "text"), [
    ("Procedure", "Colonoscopy refused"), ("Procedure", "Referral for colonoscopy, overdue"), ("Condition", "Family history of colon cancer"),
    ("Condition", "Screening for colon cancer"), ("Condition", "At risk of diabetes"), ("Condition", "Suspected diabetes"), ("Condition", "No diabetes"),
    ("Condition", "Gestational diabetes"), ("Procedure", "CT colonography"),
])  # fmt: skip
def test_names_of_what_is_not_so_find_none(kind: str, text: str) -> None:
    found = frozenset().union(*sets_of(kind, (), text))
    assert not found & {"colonoscopy", "colorectal-cancer", "diabetes"}


def test_a_coded_observation_is_not_read_by_its_name() -> None:
    average = (("http://loinc.org", "27353-2"),)
    assert "hba1c" not in frozenset().union(
        *sets_of("Observation", average, "Glucose mean estimated from hemoglobin A1c")
    )
    coded = (("http://hl7.org/fhir/sid/icd-10-cm", "Z12.11"),)
    assert sets_of("Condition", coded, "Encounter for screening, colon cancer") == (frozenset(), frozenset())


def test_licensed_codes_add_to_the_published_sets(tmp_path: Path) -> None:
    folder = tmp_path / "codes"
    folder.mkdir()
    # Codes that nobody licenses, in the shape of the licensed ones.
    (folder / "visit-dental.tsv").write_text(
        "# mine\ncdt\tD0000\tan examination\nhttp://www.ama-assn.org/go/cpt\t00000\n", encoding="utf-8"
    )
    assert read_licensed(tmp_path, ["visit-dental"]) == [
        Code("visit-dental", "measure", "cdt", "D0000", "licensed table"), Code("visit-dental", "measure", "cpt", "00000", "licensed table"),
    ]  # fmt: skip
    own = value_sets(tmp_path)
    assert own.of_code("http://www.ada.org/cdt", "D0000")[0] == {"visit-dental"}
    assert sets_of("Encounter", (("http://www.ama-assn.org/go/cpt", "00000"),), "", tmp_path)[0] == {
        "visit-dental"
    }
    assert value_sets().of_code("http://www.ada.org/cdt", "D0000")[0] == frozenset()


@pytest.mark.parametrize(("name", "text", "told"), [
    ("nothing.tsv", "cpt\t1\n", "no known value set"), ("visit-dental.tsv", "cpt\n", "line 1, column 2"), ("visit-dental.tsv", "# mine\n\t1\n", "line 2, column 1"),
])  # fmt: skip
def test_a_licensed_table_that_cannot_be_read_says_where(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / name).write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=told):
        value_sets(tmp_path)


def test_a_folder_without_codes_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no folder named codes"):
        value_sets(tmp_path)


def test_a_licensed_table_of_another_encoding_says_so(tmp_path: Path) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "visit-dental.tsv").write_bytes(b"cdt\t\xff\n")
    with pytest.raises(InvalidInput, match="UTF-8"):
        value_sets(tmp_path)


def test_systems_by_their_uris() -> None:
    assert [short_name(SYSTEMS[s]) for s in ("icd", "sct", "loinc", "rx", "cvx", "pcs", "hl7")] == [
        "icd10cm", "snomed", "loinc", "rxnorm", "cvx", "icd10pcs", "hl7",
    ]  # fmt: skip
