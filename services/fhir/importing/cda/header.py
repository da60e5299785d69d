"""Who and what a document is about: its header."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from services.errors import InvalidInput
from services.fhir.importing.cda import codes
from services.fhir.importing.cda.narrative import Narrative, plain
from services.fhir.importing.cda.tree import child, children, parse
from services.fhir.importing.cda.types import (
    Json,
    Reader,
    address,
    human_name,
    identifier,
    identifiers,
    key_of,
    person,
    telecom,
)

NAMESPACE = uuid.UUID("6a0c2b1e-57a4-4f0e-9b35-2d3e1c9d7f64")
"""Of the ids of what is made from documents: the same document gives the same ids in every installation."""
VERSION_NUMBER = "http://hl7.org/fhir/us/ccda/StructureDefinition/VersionNumber"
_RACE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"
_ETHNICITY = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity"


@dataclass(slots=True)
class Document:
    """A parsed document. `key` is its own id, `series` what all its versions share, `source` its id as a URI.

    `patient` is who it is about, as a Patient without an id; `replaces` are the keys of the documents whose place it
    takes; `version` its number in the series, None where it has none.
    """

    root: Element
    key: str
    series: str
    source: str
    patient: Json
    title: str
    replaces: list[str]
    version: int | None
    read: Reader

    @property
    def sections(self) -> list[Element]:
        """All sections, those within others behind them."""
        return list(self.root.iterfind("component/structuredBody//section"))


def open_document(source: bytes) -> Document:
    """Raises InvalidInput where it can't be read, or says neither which document nor whose it is."""
    root = parse(source)
    own = child(root, "id")
    key = key_of(own) if own is not None else ""
    if own is None or not key:
        raise InvalidInput("The document has no id, so it could not be found again: ask the sender for one.")
    role = child(root, "recordTarget/patientRole")
    if role is None:
        raise InvalidInput("The document names no patient (recordTarget).")
    if len(children(root, "recordTarget")) > 1:
        raise InvalidInput("The document is about several patients, and only documents about one can be taken in.")
    read = Reader(Narrative(root), _zone(child(root, "effectiveTime")))
    shared = child(root, "setId")
    series = (key_of(shared) if shared is not None else "") or key
    replaces = [
        found
        for link in children(root, "relatedDocument")
        if link.get("typeCode") == "RPLC"
        for e in children(link, "parentDocument/id")
        if (found := key_of(e)) and found != key
    ]
    title = child(root, "title")
    version = child(root, "versionNumber")
    try:
        patient = _patient(role, read)
    except InvalidInput as error:
        raise InvalidInput(f"Who the patient is can't be read: the header {error.message}.") from None
    return Document(
        root=root,
        key=key,
        series=series,
        source=source_of(key),
        patient=patient,
        title=plain(title) if title is not None else "",
        replaces=replaces,
        version=_number(version),
        read=read,
    )


def resource_id(*parts: str) -> str:
    """The id of what is made from these parts."""
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def source_of(key: str) -> str:
    """The URI of a document by its key, as `meta.source` has it."""
    system, _, value = key.partition("|")
    return value if system == "urn:ietf:rfc:3986" else f"urn:hl7ii:{system.rpartition(':')[2]}:{_written(value)}"


def _written(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9._~-]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), value)


def _zone(element: Element | None) -> str:
    found = re.search(r"[+-]\d{4}\Z", element.get("value", "") if element is not None else "")
    return found[0] if found else ""


def _number(element: Element | None) -> int | None:
    written = element.get("value", "") if element is not None else ""
    return int(written) if re.fullmatch(r"\d{1,9}", written) else None


def _patient(role: Element, read: Reader) -> Json:
    person_ = child(role, "patient")
    made: Json = {"resourceType": "Patient"}
    put(made, "identifier", identifiers(role))
    put(made, "name", [n for e in children(person_, "name") if (n := human_name(e))])
    put(made, "telecom", [t for e in children(role, "telecom") if (t := telecom(e))])
    gender = child(person_, "administrativeGenderCode")
    if gender is not None:
        put(made, "gender", codes.GENDER.get(gender.get("code", "")))
    if born := read.moment(child(person_, "birthTime")):
        made["birthDate"] = born[:10]
    died, dead = read.moment(child(person_, "sdtc_deceasedTime")), child(person_, "sdtc_deceasedInd")
    if died:
        made["deceasedDateTime"] = died
    elif dead is not None and dead.get("value") == "true":
        made["deceasedBoolean"] = True
    put(made, "address", [a for e in children(role, "addr") if (a := address(e))])
    put(made, "maritalStatus", read.concept(child(person_, "maritalStatusCode")))
    languages = []
    for element in children(person_, "languageCommunication"):
        code = child(element, "languageCode")
        if code is not None and code.get("code"):
            spoken: Json = {"language": codes.concept(code.get("code", ""), "urn:ietf:bcp:47")}
            preferred = child(element, "preferenceInd")
            if preferred is not None and preferred.get("value") in ("true", "false"):
                spoken["preferred"] = preferred.get("value") == "true"
            languages.append(spoken)
    put(made, "communication", languages)
    told = [_told(_RACE, person_, "raceCode", read), _told(_ETHNICITY, person_, "ethnicGroupCode", read)]
    put(made, "extension", [e for e in told if e])
    return made


_CATEGORIES = frozenset(["1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2135-2", "2186-5"])
"""OMB's categories of race and ethnicity (hl7.org/fhir/us/core: omb-race-category, omb-ethnicity-category)."""


def _told(url: str, element: Element | None, name: str, read: Reader) -> Json | None:
    found = [c for e in [*children(element, name), *children(element, f"sdtc_{name}")] if (c := read.concept(e))]  # fmt: skip
    if not found:
        return None
    parts: list[Json] = []
    for coding in [c for concept in found for c in concept.get("coding", ())]:
        kind = "ombCategory" if coding["code"] in _CATEGORIES else "detailed"
        part: Json = {"url": kind, "valueCoding": coding}
        if part not in parts:
            parts.append(part)
    words = ", ".join(dict.fromkeys(concept["text"] for concept in found if "text" in concept))
    return {"url": url, "extension": [*parts, {"url": "text", "valueString": words or "Not told"}]}


def put(made: dict[str, Any], name: str, value: Any) -> None:
    """Sets an element that has a value."""
    if value:
        made[name] = value


def people(element: Element | None, read: Reader) -> Json | None:
    """An author, performer or organization as a logical reference: the number that it goes by, and its name."""
    if element is None:
        return None
    name = person(child(element, "assignedPerson")) or person(child(element, "playingEntity")) or person(element)
    name = name or person(child(element, "representedOrganization")) or _device(element)
    known = next((number for e in children(element, "id") if (number := identifier(e))), None)
    made: Json = {}
    if known is not None:
        made["identifier"] = known
    if name:
        made["display"] = name
    return made or None


def _device(element: Element) -> str:
    found = child(element, "assignedAuthoringDevice/softwareName")
    return plain(found) if found is not None else ""
