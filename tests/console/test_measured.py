"""What was measured, as lines and pictures: units brought together, ranges and marks read, nothing drawn that isn't so."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._patient_parts import sparkline
from services.chart.chart import Charts
from services.console.dates import show_date
from services.console.measured import LABS, OTHERS, VITALS, Line, Measured, measured
from services.console.series import Point, Series
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import patient

UCUM = "http://unitsofmeasure.org"


def result(
    number: int, code: str, name: str, date: str, category: str = "laboratory", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"r{number}", "status": "final", "subject": {"reference": "Patient/p1"},
        "category": [{"coding": [{"code": category}]}], "effectiveDateTime": date,
        "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]}, **more,
    }  # fmt: skip


def quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def read(repository: SQLiteRepository, *resources: dict[str, Any]) -> Measured:
    repository.write_many([patient("p1"), *resources])
    return measured(Charts().open(repository, "p1", dt.date(2026, 11, 22)), "UTC")


def only(found: Measured) -> Line:
    ((_, (line,)),) = found.groups
    return line


def test_units_are_brought_to_the_latest_ones(repository: SQLiteRepository) -> None:
    line = only(read(
        repository,
        result(1, "2345-7", "Glucose", "2025-01-01", valueQuantity=quantity(5.0, "mmol/L")),
        result(2, "2345-7", "Glucose", "2026-01-01", valueQuantity=quantity(100, "mg/dL")),
        result(3, "2345-7", "Glucose", "2026-02-01", valueQuantity=quantity(110, "mg/dL")),
    ))  # fmt: skip
    assert line.latest == "110 mg/dL" and line.before.startswith("100 mg/dL") and line.series
    assert [round(p.value) for p in line.series.points] == [90, 100, 110]


def test_a_value_in_a_unit_that_says_something_else_is_left_out(repository: SQLiteRepository) -> None:
    line = only(read(
        repository,
        result(1, "2951-2", "Sodium", "2025-01-01", valueQuantity=quantity(3.2, "%")),
        result(2, "2951-2", "Sodium", "2026-01-01", valueQuantity=quantity(140, "mmol/L")),
        result(3, "2951-2", "Sodium", "2026-02-01", valueQuantity=quantity(141, "mmol/L")),
    ))  # fmt: skip
    assert line.count == 3 and line.series and [p.value for p in line.series.points] == [140, 141]
    assert line.series.left_out == 1


def test_both_pressures_are_one_line(repository: SQLiteRepository) -> None:
    parts = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": quantity(value, "mm[Hg]"),
        }
        for code, value in (("8480-6", 142), ("8462-4", 88))
    ]
    found = read(
        repository, result(1, "85354-9", "Blood pressure", "2026-01-01", "vital-signs", component=parts)
    )
    assert [name for name, _ in found.groups] == [VITALS]
    assert only(found).latest.startswith("142/88") and only(found).points[0].second == 88


@pytest.mark.parametrize(
    ("value", "mark", "flag"),
    [(6.7, "HH", "critically high"), (6.7, None, "high"), (2.9, None, "low"), (2.1, "LL", "critically low"),
     (4.0, None, ""), (5.1, None, ""), (5.2, "N", ""), (4.0, "A", "abnormal")],
)  # fmt: skip
def test_the_laboratory_comes_before_the_range(
    repository: SQLiteRepository, value: float, mark: str | None, flag: str
) -> None:
    more: dict[str, Any] = {"interpretation": [{"coding": [{"code": mark}]}]} if mark else {}
    line = only(read(repository, result(
        1, "2823-3", "Potassium", "2026-01-01", valueQuantity=quantity(value, "mmol/L"),
        referenceRange=[{"low": quantity(3.5, "mmol/L"), "high": quantity(5.1, "mmol/L")}], **more,
    )))  # fmt: skip
    assert line.flag == flag


def test_critical_comes_first_and_words_are_kept(repository: SQLiteRepository) -> None:
    found = read(
        repository,
        result(1, "2951-2", "Sodium", "2026-02-01", valueQuantity=quantity(140, "mmol/L")),
        result(2, "2823-3", "Potassium", "2026-01-01", valueQuantity=quantity(6.9, "mmol/L"),
               interpretation=[{"coding": [{"code": "HH"}]}]),
        result(3, "72166-2", "Smoking status", "2026-01-01", "social-history", valueString="Never smoked"),
        {**result(4, "2160-0", "Creatinine", "2026-01-01", valueQuantity=quantity(9, "mg/dL")), "status": "entered-in-error"},
    )  # fmt: skip
    groups = dict(found.groups)
    assert [line.name for line in groups[LABS]] == ["Potassium", "Sodium"]
    assert groups[OTHERS][0].latest == "Never smoked" and groups[OTHERS][0].series is None


POINTS = st.lists(
    st.tuples(
        st.dates(dt.date(1950, 1, 1), dt.date(2199, 1, 1)), st.floats(-1e6, 1e6), st.one_of(st.none(), st.floats(-1e6, 1e6)),
        st.one_of(st.none(), st.floats(-1e6, 1e6)), st.sampled_from(["", "above", "below"]),
    ),
    min_size=2, max_size=30,
)  # fmt: skip


@given(POINTS, st.text(max_size=20))
def test_every_picture_is_sound_and_within_its_frame(points: list[tuple], name: str) -> None:
    made = [
        Point(
            day.isoformat(),
            show_date(day.isoformat()),
            value,
            second,
            f"{value:g}",
            low,
            None,
            side,
            "Observation/1",
        )
        for day, value, second, low, side in sorted(points, key=lambda p: p[0])
    ]
    html = sparkline(Series(name, "x", made, 0))
    picture = re.search(r'src="data:image/svg\+xml,([^"]*)"', html)
    assert picture
    root = ET.fromstring(unquote(picture[1]))
    places = [
        tuple(map(float, pair.split(",")))
        for line in root.iter("{http://www.w3.org/2000/svg}polyline")
        for pair in (line.get("points") or "").split()
    ]
    assert len(places) >= len(made)
    assert all(0 <= x <= 200 and -0.1 <= y <= 40.1 for x, y in places)
