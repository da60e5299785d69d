"""The catalogue: every table stands in it, says whence it is, and passes the checks that imports have to pass."""

from __future__ import annotations

from collections import Counter

import pytest

from services.errors import InvalidInput
from services.knowledge import heads
from services.knowledge.catalogue import TABLES, Table, head, table
from services.knowledge.entries import key, shipped_entries
from services.knowledge.tables import DATA

SHIPPED = [t for t in TABLES if t.files]


def test_every_data_file_stands_in_the_catalogue_once() -> None:
    listed = Counter(path for t in TABLES for path in t.paths)
    assert set(listed) == set(DATA.rglob("*.tsv")) and set(listed.values()) == {1}
    assert len({t.kind for t in TABLES}) == len(TABLES)


@pytest.mark.parametrize("made", SHIPPED, ids=lambda t: t.kind)
def test_each_file_says_what_it_is_from_where_of_which_version_and_under_which_licence(made: Table) -> None:
    for path in made.paths:
        told = head(path)
        assert told.what and told.source and told.version and told.licence, path.name
        assert "Licence" not in told.version and len(told.columns) >= 2, path.name
        assert told.columns == head(made.paths[0]).columns


@pytest.mark.parametrize("made", SHIPPED, ids=lambda t: t.kind)
def test_each_shipped_table_passes_its_own_checks(made: Table) -> None:
    """What a clinic's import has to be, the shipped table is."""
    rows = [e.cells for e in shipped_entries(made)]
    assert rows and (not made.checks or len(made.checks) == len(made.columns))
    wrong = [(row[0], n, said) for row in rows for n, check in enumerate(made.checks) if (said := check(row[n]))]
    wrong += [(row[0], said) for row in rows if made.row and (said := made.row(row))]
    assert wrong == []
    doubled = [k for k, times in Counter(key(made, row) for row in rows).items() if times > 1]
    assert doubled == []
    if made.load:
        made.load(lambda _: None)


def test_a_table_that_may_be_changed_is_checked_and_one_that_may_not_says_so() -> None:
    for made in TABLES:
        assert not made.modes or (made.checks and made.load) or made.summary, made.kind
    with pytest.raises(InvalidInput, match="interactions"):
        table("nothing")


def test_a_head_is_read_whatever_stands_between() -> None:
    told = heads.parse([
        "# A title for people\n", "# Version: 3. Licence: ours.\n", "# Source: here.\n", "a\tb\n", "# Columns: one (a, b), two\n",
        "# Source: not this one\n",
    ])  # fmt: skip
    assert (told.source, told.version, told.licence, told.columns) == ("here.", "3", "ours", ("one", "two"))
    assert told.told == ("one (a, b)", "two") and told.what == ""
