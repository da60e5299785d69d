"""Whose a document is: the patient of the record whom it names, or a new one."""

from __future__ import annotations

from dataclasses import dataclass

from services.errors import InvalidInput
from services.fhir.importing.cda.header import resource_id
from services.fhir.repository import Repository, Resource, Stored


class WhoIsIt(InvalidInput):
    """Only a person can say whom a file is about."""


@dataclass(frozen=True, slots=True)
class Match:
    """`known` is the patient of the record, or None where `new` is to be written. `alike` are patients of the same name
    and birth date who have another number."""

    id: str
    known: Stored | None
    new: Resource | None
    alike: tuple[Stored, ...] = ()


def match(repository: Repository, told: Resource, chosen: str | None) -> Match:
    """`told` is the Patient as the document tells of them, `chosen` the id that a person chose.

    Raises WhoIsIt where nobody can be told, or it may be somebody else; InvalidInput where nobody has the chosen id.
    """
    if chosen:
        stored = repository.find(f"Patient/{chosen}")
        if stored is None:
            raise InvalidInput(f"There is no patient with the id {chosen} in the record.")
        return Match(stored.id, stored, None)
    identifiers = [i for i in told.get("identifier", ()) if "system" in i]
    if not identifiers:
        raise WhoIsIt("The document gives no record number for its patient: choose who it is about.")
    found: dict[str, Stored] = {}
    for identifier in identifiers:
        for stored in repository.search("Patient", [("identifier", f"{_escaped(identifier['system'])}|{_escaped(identifier['value'])}"), ("_count", "3")]).matches:  # fmt: skip
            found[stored.id] = stored
    if len(found) > 1:
        raise WhoIsIt("The record numbers in the document belong to different patients here: choose who it is about.")
    if found:
        stored = next(iter(found.values()))
        born, theirs = str(told.get("birthDate", "")), str(stored.resource.get("birthDate", ""))
        shared = min(len(born), len(theirs))
        if born[:shared] != theirs[:shared]:
            raise WhoIsIt(
                "The record number is that of a patient who was born on another day: check who it is, and choose the patient."
            )
        return Match(stored.id, stored, None)
    new_id = resource_id("Patient", *sorted(f"{i['system']}|{i['value']}" for i in identifiers))
    return Match(new_id, None, {**told, "id": new_id}, _alike(repository, told))


def _escaped(value: str) -> str:
    """What separates values in a search is a part of this one."""
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("|", "\\|").replace("$", "\\$")


def _alike(repository: Repository, told: Resource) -> tuple[Stored, ...]:
    names = told.get("name") or [{}]
    family, born = names[0].get("family"), told.get("birthDate", "")
    if not family or len(born) < 10:
        return ()
    page = repository.search("Patient", [("family:exact", _escaped(family)), ("birthdate", born), ("_count", "3")])
    return tuple(page.matches)
