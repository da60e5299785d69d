"""A clinic's own tables: licensed CPT, fees, NCCI; each mistake is named by file, line and column."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from services.errors import InvalidInput
from services.knowledge.billing import cpt, fees, ncci


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_cpt_with_names_and_dates(tmp_path: Path) -> None:
    put(tmp_path, "cpt.csv", 'CPT Code,Long Descriptor,valid-from,valid-until\n99213,"Visit, low",2021-01-01,\n00099,Old,,12/31/2025\n')
    table = cpt.load(tmp_path)
    assert table["99213"].descriptor == "Visit, low" and table["99213"].valid_on(dt.date(2026, 1, 1))
    assert not table["99213"].valid_on(dt.date(2020, 12, 31)) and not table["00099"].valid_on(dt.date(2026, 1, 1))
    assert cpt.check(tmp_path) == "2 codes"


def test_cpt_as_consolidated_file(tmp_path: Path) -> None:
    """Code, tab, descriptor, and no names; quotation marks are of the descriptor."""
    put(tmp_path, "consolidated.txt", '0001U\tTest "one", with a comma\n99213\tVisit; low\n')
    assert cpt.load(tmp_path)["0001U"].descriptor == 'Test "one", with a comma'
    assert cpt.load(tmp_path)["99213"].descriptor == "Visit; low"


@pytest.mark.parametrize(("text", "words"), [
    ("code,descriptor\n9921,x\n", "cpt.csv, line 2, column code"), ("code,descriptor\n99213,\n", "line 2, column descriptor"),
    ("99213,x,2026-13-01\n", "line 1, column valid-from"), ("99213,x,2026-02-01,2026-01-01\n", "column valid-until"),
    ("a,b\n99213,x\n", "line 1, column code"), ("", "holds no CPT code"),
])  # fmt: skip
def test_cpt_names_the_mistake(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        cpt.check(put(tmp_path, "cpt.csv", text))


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    for check in (cpt.check, fees.check, ncci.check):
        with pytest.raises(InvalidInput):
            check(tmp_path)
        with pytest.raises(InvalidInput):
            check(tmp_path / "nowhere")
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00binary")
    for check in (cpt.check, fees.check, ncci.check):
        with pytest.raises(InvalidInput, match=r"x\.csv"):
            check(tmp_path)


def test_fees(tmp_path: Path) -> None:
    table = fees.load(put(tmp_path, "fees.tsv", "code\tfee\tcurrency\ttotal rvu\n99213\t$1,120.50\tusd\t2.7\n93000\t20\tUSD\t\n"))
    assert table["99213"] == fees.Fee(Decimal("1120.50"), "USD", Decimal("2.7")) and table["93000"].rvu is None
    assert fees.check(tmp_path) == "2 fees in USD"


@pytest.mark.parametrize(("text", "words"), [
    ("99213,abc,USD\n", "line 1, column amount"), ("99213,,USD\n", "column amount"), ("99213,-1,USD\n", "column amount"),
    ("99213,nan,USD\n", "column amount"), ("99213,1,dollars\n", "column currency"), ("99213,1,USD\n93000,1,EUR\n", "line 2, column currency"),
])  # fmt: skip
def test_fees_name_the_mistake(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        fees.check(put(tmp_path, "fees.csv", text))


def test_ncci_says_what_was_read(tmp_path: Path) -> None:
    put(tmp_path, "ptp.csv", "93000,93005,,20200101,*,0,x\n11104,11102,,20200101,*,1,x\n")
    put(tmp_path, "mue.csv", "HCPCS,MUE\n99213,1\n")
    assert ncci.check(tmp_path) == "2 procedure-to-procedure edits, units of 1 codes"
