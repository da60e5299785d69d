"""Every critical limit and every bound of a diagnosis at its boundary, by enumerating the tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from services.bots.clinical_decision_support.critical.evaluate import critical_flags
from services.bots.clinical_decision_support.diagnosis.model import Band, Reading
from services.bots.clinical_decision_support.diagnosis.rules import FAMILIES
from services.bots.clinical_decision_support.person import Person
from services.chart.chart import Charts
from services.chart.entry import Entry
from services.fhir.sqlite import SQLiteRepository
from services.knowledge.lexicon import lexicon
from services.knowledge.limits import Limit, limits
from tests.bots.cds.world import NOW, analysed, patient, result

LIMITS = [limit for rows in limits().values() for limit in rows]
TODAY = NOW.date()


def flagged(record: SQLiteRepository, limit: Limit, value: float, years: float) -> tuple[set[str], bool]:
    """The severities of what is told of a value at an age, and whether it is told that nobody can judge it."""
    [code, *_] = lexicon().get(limit.concept).codes["loinc"]
    born = TODAY.replace(year=TODAY.year - int(years))
    record.write_many([patient(birthDate=born.isoformat()), result(code, "A result", value, limit.unit, identity="r")])
    found = critical_flags(Charts().open(record, "p", TODAY), Person(born, "female", False))
    return {f.severity for f in found if f.judged}, any(not f.judged for f in found)


def told_by(rows: Sequence[Limit], value: float, years: float) -> bool:
    return any(
        row.covers(years)
        and ((row.low is not None and value <= row.low) or (row.high is not None and value >= row.high))
        for row in rows
    )


@pytest.mark.parametrize("limit", LIMITS, ids=lambda v: f"{v.concept}-{v.since:g}-{v.low}-{v.high}-{v.severity}")
def test_a_limit_at_its_boundary(repository: SQLiteRepository, limit: Limit) -> None:
    """At the limit it is told, a hundredth inside it only what another limit says; the same a year below its age, where
    a result that adults would be told of can't be judged."""
    rows = limits()[limit.concept]
    others = [row for row in rows if row is not limit]
    age = limit.since if limit.until <= 18 else max(limit.since, 18)
    for bound, inward in ((limit.low, 0.01), (limit.high, -0.01)):
        if bound is None:
            continue
        at, unsure = flagged(repository, limit, bound, age)
        assert at & {limit.severity, "critical"} and not unsure
        inside = round(bound + inward, 4)
        assert bool(flagged(repository, limit, inside, age)[0]) is told_by(others, inside, age)
        if not limit.since:
            continue
        assert flagged(repository, limit, bound, limit.since)[0], "from the birthday on"
        young = limit.since - 1
        at, unsure = flagged(repository, limit, bound, young)
        assert bool(at) is told_by(others, bound, young)
        adults = [row for row in rows if row.covers(18) and not row.covers(young)]
        laboratory = limit.concept.startswith("lab:")
        assert unsure is (laboratory and young < 18 and not at and told_by(adults, bound, 18))


def bands(thing: Any) -> Iterator[Band]:
    """Every bound in a rule, however deep."""
    if isinstance(thing, Band):
        yield thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from bands(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from bands(each)


BANDS = {
    f"{rule.condition.id}: {band.words}": band for rules in FAMILIES.values() for rule in rules for band in bands(rule.need)
}


@pytest.mark.parametrize("band", BANDS.values(), ids=list(BANDS))
def test_a_bound_at_its_boundary(band: Band) -> None:
    def holds(value: float, sign: str = "") -> bool | None:
        entry = Entry("result", "Observation", "x", "1", band.test.name, {})
        return band.holds(Reading(entry, band.test, dt.date(2026, 1, 1), value, sign))

    step = 0.001
    middle = {
        value
        for value in (band.least, band.most, band.above and band.above + step, band.below and band.below - step)
        if value is not None
    }
    assert middle and all(holds(v) for v in middle)
    outside = [
        value
        for value in (
            band.least - step if band.least is not None else None, band.most + step if band.most is not None else None,
            band.above, band.below,
        )
        if value is not None
    ]  # fmt: skip
    assert outside and not any(holds(v) for v in outside)
    if band.least is not None or band.above is not None:
        assert holds(max(v for v in (band.least, band.above) if v is not None), "<") is False


@pytest.mark.parametrize(("value", "stage"), [
    (90, "ckd-g1"), (89.9, "ckd-g2"), (60, "ckd-g2"), (59.9, "ckd-g3a"), (45, "ckd-g3a"), (44.9, "ckd-g3b"), (30, "ckd-g3b"),
    (29.9, "ckd-g4"), (15, "ckd-g4"), (14.9, "ckd-g5"),
])  # fmt: skip
def test_a_stage_of_kidney_disease_at_its_boundary(repository: SQLiteRepository, value: float, stage: str) -> None:
    """KDIGO 2024, with albumin in the urine, which makes kidney disease of every stage."""
    given = [
        result(code, name, amount, unit, day)
        for day in ("2026-01-05", "2026-06-05")
        for code, name, amount, unit in (
            ("33914-3", "eGFR", value, "mL/min/{1.73_m2}"), ("9318-7", "Albumin/creatinine", 60, "mg/g"),
        )
    ]  # fmt: skip
    found = analysed(repository, *given, kinds=("diagnosis",)).findings
    assert [f.about for f in found if f.about.startswith("ckd")] == [stage]
