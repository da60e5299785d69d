"""Integrity of the tables: heads, ids, sources, no doubles."""

from __future__ import annotations

from collections import Counter

import pytest

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.conditions import Facts, condition_conflicts
from services.knowledge.medicines.interactions import SEVERITIES
from services.knowledge.medicines.naming import identify
from services.knowledge.medicines.schedules import SCHEDULES, names
from services.knowledge.medicines.spelled import sound
from services.knowledge.medicines.tables import DATA, items, rows
from services.knowledge.unit_names import normalise_unit

LEX = lexicon()
FILES = sorted(DATA.glob("*.tsv"))
WITH_SOURCE = {
    "allergy-groups": (7, 6),
    "allergy-cross": (5, 4),
    "interaction-groups": (3, 2),
    "interactions": (9, 7),
    "conditions": (7, 6),
    "pregnancy": (5, 4),
    "doses": (7, 6),
    "controlled": (8, 6),
    "controlled-classes": (4, 3),
}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_each_table_says_what_it_is_and_from_where(path) -> None:
    head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for word in ("# What:", "# Source:", "# Version:", "Licence:", "# Columns:"):
        assert any(word in line for line in head), word
    body = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    doubled = [line for line, times in Counter(body).items() if times > 1]
    assert body and not doubled


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_each_line_has_its_source(name: str) -> None:
    columns, source = WITH_SOURCE[name]
    for cells in rows(name, columns):
        assert len(cells[source]) >= 6, cells


def test_ids_are_those_of_the_lexicon() -> None:
    groups = {f"group:{g}": items(m) for g, m, _ in rows("interaction-groups", 3)}
    allergy = {f"group:{r[0]}": items(r[4]) for r in rows("allergy-groups", 7)}
    listed = [i for cell in (*groups.values(), *allergy.values()) for i in cell]
    listed += [i for r in rows("conditions", 7) for i in (*items(r[1]), *items(r[2])) if ":" in i]
    listed += [r[0] for r in rows("pregnancy", 5)]
    used: Counter[str] = Counter()
    for r in rows("interactions", 9):
        for item in (*items(r[1]), *items(r[2])):
            used[item] += 1
            assert item in groups or item in LEX, item
    for r in rows("allergy-cross", 5):
        for item in (r[0], *items(r[2])):
            assert item in allergy or item in LEX or item.startswith("food:"), item
    assert not [i for i in listed if i not in LEX]
    assert not set(groups) - set(used), "a group that no rule uses"


def test_severities_schedules_and_rules_are_of_their_kinds() -> None:
    assert {r[3] for r in rows("interactions", 9)} == set(SEVERITIES)
    assert {r[3] for r in rows("conditions", 7)} == set(SEVERITIES)
    assert {r[1] for r in rows("controlled", 8)} == set(SCHEDULES)
    for name, columns in (("interactions", 9), ("conditions", 7)):
        ids = [r[0] for r in rows(name, columns)]
        assert len(ids) == len(set(ids))
        assert all(":" in i for i in ids)
        assert all(r[4] and r[5] for r in rows(name, columns))


def test_a_name_of_a_controlled_substance_stands_in_one_line() -> None:
    seen: dict[str, str] = {}
    for substance, schedule, *groups in rows("controlled", 8):
        for item in (i for group in groups[:4] for i in items(group)):
            bare = "".join(c for c in item.lower().rstrip("~!#") if c.isalnum())
            assert seen.setdefault(bare, f"{substance} {schedule}") == f"{substance} {schedule}", item


def test_ordinary_words_are_no_names() -> None:
    known = names().by_letters
    for word, _ in rows("ordinary", 2):
        assert word == word.lower() and (word not in known or known[word].context), word


def test_doses_are_of_known_medicines_in_known_units_and_in_proportion() -> None:
    for ingredient, route, single, daily, unit, _, _ in rows("doses", 7):
        assert identify([], ingredient).certain, ingredient
        assert route in ("oral", "parenteral")
        assert normalise_unit(unit) or unit == "[iU]", unit
        assert float(single) > 0 and float(daily) > 0, ingredient
    pairs = [(r[0], r[1]) for r in rows("doses", 7)]
    assert len(pairs) == len(set(pairs))


def test_every_rule_of_conditions_can_be_met() -> None:
    for rule, drugs, when, *_ in rows("conditions", 7):
        drug = next(d for i in items(drugs) for d in (i, *sorted(LEX.narrower(i))) if d.startswith("drug:"))
        known = identify([], LEX.get(drug).name)
        problems = [i for i in items(when) if i.startswith("problem:")]
        assert condition_conflicts(known, problems, Facts()) or not problems, rule


def test_words_that_sound_alike_meet() -> None:
    assert sound("morphine") == sound("morfina") == sound("morphinum")
    assert sound("hydromorphone") == sound("idromorfone")
    assert sound("codeine") != sound("cocaine")
