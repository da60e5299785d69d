"""National Drug Codes in every way they are written, and what a medicine coded by one alone is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.knowledge.medicines import ndc
from services.knowledge.medicines.interactions import interactions
from services.knowledge.medicines.naming import identify

SYSTEM = "http://hl7.org/fhir/sid/ndc"
TABLE = """PRODUCTID\tPRODUCTNDC\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tROUTENAME\tSUBSTANCENAME
1\t0001-0012\tHouse\tWarfarin Sodium\tORAL\tWARFARIN SODIUM
2\t54321-678\tHouse\tclarithromycin\tORAL\tCLARITHROMYCIN
3\t65432-1098\tHouse\tTimolol\tOPHTHALMIC\tTIMOLOL MALEATE
4\t00011-200\tHouse\tAspirin\tORAL\tASPIRIN
5\t12345-067\tHouse\ttimolol and brimonidine\tOPHTHALMIC\tTIMOLOL MALEATE; BRIMONIDINE TARTRATE
6\t00010-012\tHouse\taspirin\tORAL\tASPIRIN
"""


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "product.txt").write_text(TABLE)
    monkeypatch.setattr(ndc, "imported", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(("code", "product"), [
    ("0001-0012-30", ("000010012",)), ("54321-678-01", ("543210678",)), ("65432-1098-1", ("654321098",)), ("0001-0012", ("000010012",)),
    ("00001001230", ("000010012",)), ("0001001230", ("000010012", "000100012", "000100123")), ("", ()), ("12345", ()), ("1-2-3", ()),
    ("٠٠٠٠١٠٠١٢٣٠", ()), ("abc-defg-hi", ()),
])  # fmt: skip
def test_a_code_as_it_is_written(code: str, product: tuple[str, ...]) -> None:
    assert ndc.products(code) == product


@given(st.integers(1, 99_999), st.integers(1, 9_999), st.integers(0, 99))
def test_eleven_digits_and_hyphens_say_the_same(labeler: int, product: int, package: int) -> None:
    for written in (f"{labeler:05}-{product:04}-{package:02}", f"{labeler:05}{product:04}{package:02}"):
        assert ndc.products(written) == (f"{labeler:05}{product:04}",)


@pytest.mark.parametrize(("code", "ingredients", "route"), [
    ("0001-0012-30", ("warfarin",), "oral"), ("54321067801", ("clarithromycin",), "oral"), ("65432-1098-10", ("timolol",), "ophthalmic"),
    ("99999-999-99", (), ""), ("0001120030", ("aspirin",), "oral"), ("0001001230", (), ""), ("12345-067-05", ("timolol", "brimonidine"), "ophthalmic"),
])  # fmt: skip
def test_a_medicine_by_its_code_alone(table: Path, code: str, ingredients: tuple[str, ...], route: str) -> None:
    for system in (SYSTEM, "urn:oid:2.16.840.1.113883.6.69"):
        found = identify([{"system": system, "code": code}], "")
        assert (set(found.ingredients), found.route) == (set(ingredients), route)


def test_the_text_counts_too_and_interactions_follow(table: Path) -> None:
    both = [identify([{"system": SYSTEM, "code": "00001001230"}], "Jantoven 5 mg"), identify([{"system": SYSTEM, "code": "54321-678-01"}], "")]
    assert both[0].name == "Jantoven 5 mg" and interactions(both)


def test_without_the_table_nothing_is_guessed() -> None:
    assert not identify([{"system": SYSTEM, "code": "0001-0012-30"}], "").certain


@pytest.mark.parametrize("text", ["", "what is this\n", "PRODUCTNDC\tNONPROPRIETARYNAME\n12-34\tX\n", "PRODUCTNDC\tNONPROPRIETARYNAME\n0001-0002\t\n"])
def test_a_table_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "product.txt").write_text(text)
    with pytest.raises(InvalidInput):
        ndc.check(tmp_path)
