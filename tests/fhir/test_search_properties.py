"""Search over the index tables finds what a plain look through all resources finds; pages neither repeat nor skip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.fhir.database import Database
from services.fhir.indexing import date_range
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient

SYSTEMS, CODES = ["urn:a", "urn:b", None], ["1", "2", "11", "É", "a|b"]
DAYS = [
    "2023",
    "2024",
    "2024-02",
    "2024-02-29",
    "2024-12-31",
    "2024-12-31T23:59:59Z",
    "2025-01-01T00:00:00+01:00",
]

coding = st.fixed_dictionaries(
    {"code": st.sampled_from(CODES)}, optional={"system": st.sampled_from(["urn:a", "urn:b"])}
)
value = st.decimals(-20, 20, places=2).map(float) | st.integers(-20, 20)
resource = st.fixed_dictionaries(
    {"code": st.fixed_dictionaries({"coding": st.lists(coding, max_size=2)})},
    optional={
        "effectiveDateTime": st.sampled_from(DAYS),
        "valueQuantity": st.fixed_dictionaries({"value": value, "code": st.sampled_from(["mg", "g"])}),
    },
)
resources = st.lists(resource, max_size=8)


def found(tmp_path_factory: Any, listed: list[dict[str, Any]], name: str, wanted: str) -> set[str]:
    database = Database(tmp_path_factory.mktemp("property") / "r.sqlite")
    repository = SQLiteRepository(database)
    repository.write_many([observation(f"r{n}", **item) for n, item in enumerate(listed)])
    page = repository.search("Observation", [(name, wanted), ("_count", "100")])
    database.close()
    return {s.id for s in page.matches}


def expected(listed: list[dict[str, Any]], fits: Callable[[dict[str, Any]], bool]) -> set[str]:
    return {f"r{n}" for n, item in enumerate(listed) if fits(item)}


@settings(max_examples=40)
@given(
    resources, st.sampled_from(SYSTEMS), st.sampled_from(["1", "2", "11", "É"]), st.booleans(), st.booleans()
)
def test_tokens_are_found_as_by_looking_through_all(
    tmp_path_factory, listed: list, system: str | None, code: str, bar: bool, negate: bool
) -> None:
    def fits(item: dict[str, Any]) -> bool:
        hit = any(
            c["code"] == code and (not (bar or system) or c.get("system") == system)
            for c in item["code"]["coding"]
        )
        return hit != negate

    text = f"{system or ''}|{code}" if bar or system else code
    assert found(tmp_path_factory, listed, "code:not" if negate else "code", text) == expected(listed, fits)


@settings(max_examples=40)
@given(resources, st.sampled_from(DAYS), st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "sa", "eb"]))
def test_dates_are_found_as_by_comparing_the_spans(
    tmp_path_factory, listed: list, day: str, prefix: str
) -> None:
    low, high = date_range(day) or (0, 0)

    def fits(item: dict[str, Any]) -> bool:
        span = date_range(item.get("effectiveDateTime"))
        if span is None:
            return False
        within = low <= span[0] and span[1] <= high
        tests = {
            "eq": within, "ne": not within, "lt": span[0] < low, "le": span[0] < high, "gt": span[1] > high,
            "ge": span[1] > low, "sa": span[0] >= high, "eb": span[1] <= low,
        }  # fmt: skip
        return tests[prefix]

    assert found(tmp_path_factory, listed, "date", prefix + day) == expected(listed, fits)


@settings(max_examples=40)
@given(
    resources,
    st.integers(-20, 20),
    st.sampled_from(["", "gt", "ge", "lt", "le", "ne"]),
    st.sampled_from(["", "||mg"]),
)
def test_quantities_are_found_as_by_comparing_numbers(
    tmp_path_factory, listed: list, number: int, prefix: str, unit: str
) -> None:
    def fits(item: dict[str, Any]) -> bool:
        quantity = item.get("valueQuantity")
        if quantity is None or (unit and quantity["code"] != "mg"):
            return False
        v = quantity["value"]
        near = number - 0.5 <= v < number + 0.5
        return {
            "": near,
            "ne": not near,
            "gt": v > number,
            "ge": v >= number,
            "lt": v < number,
            "le": v <= number,
        }[prefix]

    assert found(tmp_path_factory, listed, "value-quantity", f"{prefix}{number}{unit}") == expected(
        listed, fits
    )


@settings(max_examples=100)
@given(
    st.text(max_size=30) | st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z")
)
def test_a_span_of_time_is_never_empty_and_odd_text_is_none(text: str) -> None:
    span = date_range(text)
    assert span is None or span[0] < span[1]


@pytest.mark.parametrize(
    "sort", [None, "birthdate", "-birthdate", "family,-birthdate", "-_lastUpdated", "_id", "gender"]
)
@pytest.mark.parametrize("count", [1, 7, 50])
def test_pages_hold_every_match_once(tmp_path_factory, sort: str | None, count: int) -> None:
    repository = SQLiteRepository(Database(tmp_path_factory.mktemp("pages") / "r.sqlite"))
    people = [
        patient(
            f"p{n}", name=[{"family": "ABC"[n % 3]}], **({"birthDate": f"19{50 + n % 5}"} if n % 4 else {})
        )
        for n in range(23)
    ]
    repository.write_many(people)
    seen: list[str] = []
    params = [("_sort", sort)] if sort else []
    while True:
        page = repository.search("Patient", [*params, ("_count", str(count)), ("_offset", str(len(seen)))])
        assert len(page.matches) == min(count, 23 - len(seen))
        seen += [s.id for s in page.matches]
        if not page.has_next:
            break
    assert sorted(seen) == sorted(p["id"] for p in people)
    assert page.total is None
    repository.database.close()


def test_sorting_orders_and_puts_those_without_a_value_last(repository: SQLiteRepository) -> None:
    repository.write_many(
        [
            patient("a", birthDate="1990"),
            patient("b"),
            patient("c", birthDate="1950"),
            patient("d", birthDate="1970-05"),
        ]
    )
    order = lambda key: [s.id for s in repository.search("Patient", [("_sort", key)]).matches]  # noqa: E731
    assert order("birthdate") == ["c", "d", "a", "b"]
    assert order("-birthdate") == ["a", "d", "c", "b"]


def test_totals_are_counted_only_when_asked_for(repository: SQLiteRepository) -> None:
    repository.write_many([patient(f"p{n}") for n in range(30)])
    page = repository.search("Patient")
    assert (len(page.matches), page.total, page.has_next) == (20, None, True)
    page = repository.search("Patient", [("_total", "accurate"), ("_count", "5")])
    assert (len(page.matches), page.total) == (5, 30)
    page = repository.search("Patient", [("_summary", "count")])
    assert (page.matches, page.total, page.has_next) == ([], 30, False)
