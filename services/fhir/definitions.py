"""What FHIR R4 defines that the record needs: resource types, search parameters, the patient compartment."""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

ID_PATTERN = re.compile(r"^[A-Za-z0-9\-.]{1,64}\Z")
"""FHIR R4 datatypes, `id`."""

_REFERENCE = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]+)?\Z")


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One way of searching a type. `paths` are keys in the JSON, dots between them; `key[a=b]` filters."""

    type: str
    name: str
    kind: str  # token, reference, date, string, quantity, number, uri
    paths: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def pid(self) -> int:
        """A stable small key for the index tables, the same in every version of the program."""
        return zlib.crc32(f"{self.type}.{self.name}".encode())

    @property
    def exact_pid(self) -> int:
        """The key of the values as they were written, for `:exact` on strings."""
        return zlib.crc32(f"{self.type}.{self.name}:exact".encode())


def _rows(name: str) -> Iterator[list[str]]:
    text = files("services.fhir").joinpath("data", name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


@functools.cache
def resource_types() -> frozenset[str]:
    return frozenset(row[0] for row in _rows("resource_types.txt"))


@functools.cache
def _all_parameters() -> Mapping[str, Mapping[str, SearchParameter]]:
    table: dict[str, dict[str, SearchParameter]] = {}
    for type_, name, kind, paths, targets in list(_rows("search_parameters.tsv"))[1:]:
        split = tuple(t for t in targets.split(",") if t)
        table.setdefault(type_, {})[name] = SearchParameter(type_, name, kind, tuple(paths.split("|")), split)
    return table


_EVERY_TYPE = (
    ("_tag", "token", "meta.tag"),
    ("_security", "token", "meta.security"),
    ("_profile", "uri", "meta.profile"),
    ("_source", "uri", "meta.source"),
)
"""FHIR R4 search, parameters for all resources. `_id` and `_lastUpdated` need no index of their own."""


@functools.cache
def search_parameters(resource_type: str) -> Mapping[str, SearchParameter]:
    """The parameters of a type by name, those of every type that look into `meta` included."""
    common = {
        name: SearchParameter(resource_type, name, kind, (path,), ()) for name, kind, path in _EVERY_TYPE
    }
    return {**_all_parameters().get(resource_type, {}), **common}


@functools.cache
def compartment_parameters(resource_type: str) -> tuple[str, ...]:
    """The reference parameters that put a resource of this type into a patient's compartment."""
    for row in _rows("patient_compartment.tsv"):
        if row[0] == resource_type:
            return tuple(row[1].split(","))
    return ()


@functools.cache
def compartment_types() -> tuple[str, ...]:
    """The types that can be in a patient's compartment."""
    names = [row[0] for row in list(_rows("patient_compartment.tsv"))[1:]]
    return ("Patient", *(name for name in names if name != "Patient"))


def split_reference(reference: object) -> tuple[str, str] | None:
    """`Patient/1`, `https://host/fhir/Patient/1` or `Patient/1/_history/2` → ("Patient", "1"); else None."""
    if not isinstance(reference, str):
        return None
    match = _REFERENCE.search(reference)
    if match is None or match.group(1) not in resource_types():
        return None
    return match.group(1), match.group(2)
