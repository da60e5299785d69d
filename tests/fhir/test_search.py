"""FHIR search, kind by kind: what each value, prefix and modifier finds."""

from __future__ import annotations

from typing import Any

import pytest

from services.errors import InvalidInput
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def ids(repository: SQLiteRepository, resource_type: str, *params: tuple[str, str]) -> set[str]:
    return {s.id for s in repository.search(resource_type, params).matches}


def coded(name: str, system: str | None, code: str, **more: Any) -> dict[str, Any]:
    coding = {"code": code, **({"system": system} if system else {}), **more}
    return observation(name, code={"coding": [coding]})


def measured(name: str, value: float, unit: str = "mmol/L") -> dict[str, Any]:
    return observation(name, valueQuantity={"value": value, "unit": unit, "system": UCUM, "code": unit})


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("code", f"{LOINC}|1", {"a"}),
        ("code", "1", {"a", "b", "c"}),
        ("code", "|1", {"c"}),
        ("code", f"{LOINC}|", {"a", "d"}),
        ("code", f"{LOINC}|1,|1", {"a", "c"}),
        ("code", "no", set()),
        ("code:not", "1", {"d", "e"}),
        ("code:text", "POTASS", {"d"}),
        ("code:text", "lab note", {"e"}),
        ("code:missing", "true", set()),
        ("value-concept:missing", "true", {"a", "b", "c", "d"}),
        ("value-concept:missing", "false", {"e"}),
        ("status", "final", {"a", "b", "c", "d", "e"}),
        ("code", "2\\,5", set()),
    ],
)
def test_tokens(repository: SQLiteRepository, name: str, value: str, expected: set[str]) -> None:
    repository.write_many([
        coded("a", LOINC, "1"), coded("b", "urn:other", "1"), coded("c", None, "1"),
        coded("d", LOINC, "2", display="Potassium"),
        observation("e", code={"text": "Lab note"}, valueCodeableConcept={"text": "seen"}),
    ])  # fmt: skip
    assert ids(repository, "Observation", (name, value)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("family", "acu", {"a", "b"}),
        ("family", "ACUÑA", {"a", "b"}),
        ("family", "uña", set()),
        ("family:contains", "una", {"a", "b", "c"}),
        ("family:exact", "Acuña", {"a"}),
        ("family:exact", "acuña", set()),
        ("family:exact", "Acuna", {"b"}),
        ("family", "o'b", {"d"}),
        ("name", "maria", {"a"}),
        ("name", "acuna", {"a", "b"}),
        ("family", "acu,o", {"a", "b", "d"}),
        ("given:missing", "true", {"b", "c", "d", "e"}),
        ("family", "straß", {"e"}),
        ("family", "STRASS", {"e"}),
        ("family", "%", set()),
        ("family:contains", "_", set()),
    ],
)
def test_strings(repository: SQLiteRepository, name: str, value: str, expected: set[str]) -> None:
    families = {"a": "Acuña", "b": "Acuna", "c": "Vicuna", "d": "O'Brien", "e": "Straßer"}
    people = [
        patient(k, name=[{"family": v, **({"given": ["María"]} if k == "a" else {})}])
        for k, v in families.items()
    ]
    repository.write_many(people)
    assert ids(repository, "Patient", (name, value)) == expected


DATES = {
    "day": {"effectiveDateTime": "2024-03-05"},
    "month": {"effectiveDateTime": "2024-03"},
    "year": {"effectiveDateTime": "2024"},
    "second": {"effectiveDateTime": "2024-03-05T10:00:00Z"},
    "zone": {"effectiveDateTime": "2024-03-05T23:30:00-05:00"},
    "open": {"effectivePeriod": {"start": "2024-03-04"}},
    "period": {"effectivePeriod": {"start": "2024-03-01", "end": "2024-03-05"}},
    "forever": {"effectivePeriod": {"start": "2020", "end": "9999-12-31"}},
    "instant": {"effectiveInstant": "2024-03-05T10:00:00.500Z"},
    "none": {},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-05", {"day", "second", "instant"}),
        ("eq2024-03", {"day", "month", "second", "zone", "period", "instant"}),
        ("ne2024-03", {"year", "open", "forever"}),
        ("gt2024-03-05", {"month", "year", "zone", "open", "forever"}),
        ("ge2024-03-05", {"day", "month", "year", "second", "zone", "open", "period", "forever", "instant"}),
        ("lt2024-03-05", {"month", "year", "open", "period", "forever"}),
        ("le2024-03-05", {"day", "month", "year", "second", "open", "period", "forever", "instant"}),
        ("sa2024-03-05", {"zone"}),
        ("eb2024-03-05", set()),
        ("ap2024-03-06", {"month", "year", "zone", "open", "forever"}),
        ("2024-03-06", {"zone"}),
        ("2024-03-05T23:30:00-05:00", {"zone"}),
        ("2024-03-06T04:30:00Z", {"zone"}),
        ("2024-03-05T10:00", {"second", "instant"}),
        ("2024-03-05T10:00:00.500Z", {"instant"}),
        ("2024-03-05T10:00:00.400Z", set()),
        ("le9999-12-31", set(DATES) - {"none", "open"} | {"open"}),
        ("2023,2024-03-06", {"zone"}),
    ],
)
def test_dates(repository: SQLiteRepository, value: str, expected: set[str]) -> None:
    repository.write_many([observation(name, **when) for name, when in DATES.items()])
    assert ids(repository, "Observation", ("date", value)) == expected


@pytest.mark.parametrize(
    "value", ["soon", "2024-13", "2024-02-30", "xx2024", "", "2024-03-05T25:00:00Z", "٢٠٢٤"]
)
def test_what_is_no_date_is_refused(repository: SQLiteRepository, value: str) -> None:
    with pytest.raises(InvalidInput):
        repository.search("Observation", [("date", value)])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5.4", {"5.35", "5.4", "5.44"}),
        ("5.40", {"5.4"}),
        ("5", {"4.5", "5.35", "5.4", "5.44", "5.45"}),
        ("ne5.4", {"-1", "4.5", "5.45", "95", "104.9", "105"}),
        ("gt5.4", {"5.44", "5.45", "95", "104.9", "105"}),
        ("ge5.4", {"5.4", "5.44", "5.45", "95", "104.9", "105"}),
        ("lt4.5", {"-1"}),
        ("le4.5", {"-1", "4.5"}),
        ("1e2", {"95", "104.9"}),
        ("ap100", {"95", "104.9", "105"}),
        ("-1", {"-1"}),
        ("ap-1", {"-1"}),
        (f"5.40|{UCUM}|mmol/L", {"5.4"}),
        (f"5.40|{UCUM}|mg/dL", set()),
        ("5.40||mmol/L", {"5.4"}),
        ("lt0,gt104.95", {"-1", "105"}),
    ],
)
def test_quantities_mean_what_would_be_rounded_to_them(
    repository: SQLiteRepository, value: str, expected: set[str]
) -> None:
    repository.write_many(
        [measured(str(v).replace("-", "minus"), v) for v in (-1, 4.5, 5.35, 5.4, 5.44, 5.45, 95, 104.9, 105)]
    )
    found = {name.replace("minus", "-") for name in ids(repository, "Observation", ("value-quantity", value))}
    assert found == expected


@pytest.mark.parametrize("value", ["much", "1e999", "--5", "5 mg", "zz5", "٥", "", "NaN", "inf"])
def test_what_is_no_number_is_refused(repository: SQLiteRepository, value: str) -> None:
    with pytest.raises(InvalidInput):
        repository.search("Observation", [("value-quantity", value)])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("subject", "Patient/p1", {"a", "c"}),
        ("subject", "p1", {"a", "c", "d"}),
        ("patient", "p1", {"a", "c"}),
        ("patient", "Patient/p1,p2", {"a", "b", "c"}),
        ("subject", "https://clinic.test/fhir/R4/Patient/p1", {"a", "c"}),
        ("subject:Patient", "p1", {"a", "c"}),
        ("subject:Group", "p1", {"d"}),
        ("patient", "Group/p1", set()),
        ("subject", "Patient/p", set()),
        ("subject:missing", "true", {"e"}),
        ("patient:missing", "true", {"d", "e"}),
    ],
)
def test_references(repository: SQLiteRepository, name: str, value: str, expected: set[str]) -> None:
    versioned = observation("c", subject={"reference": "Patient/p1/_history/7"})
    group = observation("d", subject={"reference": "Group/p1"})
    nobody = {k: v for k, v in observation("e").items() if k != "subject"}
    repository.write_many([observation("a", "p1"), observation("b", "p2"), versioned, group, nobody])
    assert ids(repository, "Observation", (name, value)) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("_tag", "urn:ward|7", {"a"}),
        ("_tag", "7", {"a"}),
        ("_tag:not", "7", {"b"}),
        ("_security", "R", {"b"}),
        ("_profile", "http://example.org/lab", {"a"}),
        ("_profile", "http://example.org", set()),
        ("_source", "urn:feed", {"b"}),
    ],
)
def test_what_stands_in_meta(repository: SQLiteRepository, name: str, value: str, expected: set[str]) -> None:
    _tagged(repository)
    assert ids(repository, "Observation", (name, value)) == expected


def _tagged(repository: SQLiteRepository) -> None:
    repository.write_many([
        observation("a", meta={"tag": [{"system": "urn:ward", "code": "7"}], "profile": ["http://example.org/lab"]}),
        observation("b", meta={"security": [{"code": "R"}], "source": "urn:feed"}),
    ])  # fmt: skip


def test_a_record_from_before_is_searched_by_its_meta_too(repository: SQLiteRepository) -> None:
    _tagged(repository)
    database = repository.database
    with database.write() as connection:  # as an older version left it
        connection.execute(
            "DELETE FROM ix_token WHERE code IN ('7', 'R', 'urn:feed', 'http://example.org/lab')"
        )
        connection.execute("DELETE FROM migration WHERE name='record' AND step=1")
    assert ids(repository, "Observation", ("_tag", "7")) == set()
    upgraded = SQLiteRepository(database)
    assert ids(upgraded, "Observation", ("_tag", "7")) == {"a"}
    assert ids(upgraded, "Observation", ("_source", "urn:feed")) == {"b"}
