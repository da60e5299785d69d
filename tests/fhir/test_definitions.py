"""The tables of FHIR definitions: well formed, without repeats, and what is made of them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from services.fhir.definitions import (
    _rows,
    compartment_parameters,
    resource_types,
    search_parameters,
    split_reference,
)

KINDS = {"token", "reference", "date", "string", "quantity", "number", "uri"}
PATH = re.compile(r"[a-zA-Z]+(\[([a-z]+=[a-z-]+|0)\])?(\.[a-zA-Z]+(\[([a-z]+=[a-z-]+|0)\])?)*\Z")


def test_every_row_of_the_search_parameters_is_well_formed() -> None:
    header, *rows = _rows("search_parameters.tsv")
    assert header == ["type", "name", "kind", "paths", "targets"]
    for row in rows:
        assert len(row) == 5, row
        resource_type, name, kind, paths, targets = row
        assert resource_type in resource_types(), row
        assert re.fullmatch(r"[a-z][A-Za-z-]*", name), row
        assert kind in KINDS, row
        assert all(PATH.match(path) for path in paths.split("|")), row
        assert all(target in resource_types() for target in targets.split(",") if target), row
        assert kind == "reference" or not targets, row
    repeats = [key for key, count in Counter((r[0], r[1]) for r in rows).items() if count > 1]
    assert repeats == []


def test_the_keys_of_the_index_are_unique() -> None:
    every = [p for t in resource_types() for p in search_parameters(t).values()]
    keys = [p.pid for p in every] + [p.exact_pid for p in every]
    assert len(every) > 1500
    assert len(set(keys)) == len(keys)


def test_the_compartment_is_defined_by_reference_parameters_that_may_name_a_patient() -> None:
    rows = list(_rows("patient_compartment.tsv"))[1:]
    assert len(rows) == len({row[0] for row in rows}) > 50
    for resource_type, names in rows:
        assert compartment_parameters(resource_type) == tuple(names.split(","))
        for name in names.split(","):
            parameter = search_parameters(resource_type).get(name)
            assert parameter is not None, (resource_type, name)
            assert parameter.kind == "reference", (resource_type, name)


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("Patient/1", ("Patient", "1")),
        ("https://host/fhir/Patient/a-b.c", ("Patient", "a-b.c")),
        ("Patient/1/_history/2", ("Patient", "1")),
        ("Nonsense/1", None),
        ("Patient/", None),
        ("Patient/1/extra", None),
        ("Patient/" + "x" * 65, None),
        ("Patient/1\n", None),
        ("urn:uuid:1", None),
        ("#contained", None),
        (None, None),
        (7, None),
    ],
)
def test_references_are_taken_apart(reference: object, parts: tuple[str, str] | None) -> None:
    assert split_reference(reference) == parts
