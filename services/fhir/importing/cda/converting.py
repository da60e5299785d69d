"""A document as resources: its entries, the document itself, and what is kept as text only."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from services.errors import InvalidInput
from services.fhir.importing.cda import acts, clinical, measured, medicines
from services.fhir.importing.cda.header import VERSION_NUMBER, Document, people, put, resource_id
from services.fhir.importing.cda.making import Maker, NotUnderstood
from services.fhir.importing.cda.making import acts as held
from services.fhir.importing.cda.narrative import plain
from services.fhir.importing.cda.tree import child, children
from services.fhir.importing.cda.types import Json, identifier, person

_SECTIONS: dict[str, Callable[[Maker, Element, str], None]] = {
    "48765-2": clinical.allergy,
    "11450-4": clinical.problem,
    "10160-0": medicines.medication,
    "11369-6": medicines.immunization,
    "30954-2": measured.result,
    "8716-3": measured.vital_signs,
    "29762-2": measured.social,
    "47519-4": acts.procedure,
    "46240-8": acts.encounter,
}
"""LOINC code of a section → what reads its entries (Consolidated CDA 2.1, volume 2)."""
CONTENT_TYPE = "application/xml"


@dataclass(slots=True)
class Converted:
    """`resources` in the order in which they are to be written, the Patient left out; `notes` are (where, what, why) of
    what is kept as text only; `reference` is the document's own."""

    resources: list[Json] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    reference: str = ""


def document_reference(key: str) -> str:
    """The DocumentReference of the document with this key, as `Type/id`."""
    return f"DocumentReference/{resource_id(key, 'DocumentReference')}"


def convert(document: Document, source: bytes, patient_id: str) -> Converted:
    """The resources of a document, each valid. Its bytes are kept as a Binary."""
    maker = Maker(document, patient_id)
    for section in document.sections:
        _section(maker, section)
    visit = child(document.root, "componentOf/encompassingEncounter")
    encounter = None
    if visit is not None:
        maker.where, maker.what = "header", "visit"
        try:
            encounter = acts.encompassing(maker, visit)
        except (InvalidInput, NotUnderstood) as error:
            maker.note(str(error))
    attachments = _attachments(maker, source)
    reference = _reference(maker, attachments, encounter)
    return Converted([*maker.made.values(), reference], maker.notes, f"DocumentReference/{reference['id']}")


def _section(maker: Maker, section: Element) -> None:
    code = child(section, "code")
    key = code.get("code", "") if code is not None else ""
    title = child(section, "title")
    name = (plain(title) if title is not None else "") or (code.get("displayName") if code is not None else "") or key or "untitled"
    entries = [act for entry in children(section, "entry") for act in held(entry)]
    read = _SECTIONS.get(key)
    maker.where, maker.what = f"section “{name[:60]}”", "all of it"
    if read is None:
        if entries:
            count = "1 entry is" if len(entries) == 1 else f"{len(entries)} entries are"
            maker.note(f"{count} kept as text only: sections of this kind are not read entry by entry")
        return
    if entries and section.get("nullFlavor") == "NI":
        entries = []
    for number, act in enumerate(entries, 1):
        maker.where, maker.what = f"section “{name[:60]}”, entry {number}", _label(maker, act)
        before = set(maker.made)
        try:
            read(maker, act, key)
        except (InvalidInput, NotUnderstood) as error:
            for reference in set(maker.made) - before:
                del maker.made[reference]
            maker.note(f"{error.message if isinstance(error, InvalidInput) else error}; it is kept as text only")


def _label(maker: Maker, act: Element) -> str:
    """What an entry is called, for whoever reads the report."""
    for path in ("consumable/manufacturedProduct/manufacturedMaterial/code", "entryRelationship/observation/participant/participantRole/playingEntity/code", "entryRelationship/observation/value", "code"):  # fmt: skip
        found = maker.read.concept(child(act, path))
        if found and found.get("text"):
            return found["text"][:80]
    return act.tag


def _attachments(maker: Maker, source: bytes) -> list[Json]:
    """The document as it came, behind the file within it where it is one that is only wrapped (nonXMLBody)."""
    found = []
    body = child(maker.document.root, "component/nonXMLBody/text")
    if body is not None and body.get("representation") == "B64":
        try:
            inner = base64.b64decode("".join(body.itertext()), validate=False)
        except (binascii.Error, ValueError):
            inner = b""
        if inner:
            found.append(_binary(maker, inner, body.get("mediaType") or "application/octet-stream", "body"))
        else:
            maker.where, maker.what = "body", "the file within the document"
            maker.note("can't be unpacked")
    return [*found, _binary(maker, source, CONTENT_TYPE, "source")]


def _binary(maker: Maker, content: bytes, kind: str, name: str) -> Json:
    """Adds a Binary that those see who see the patient; the attachment that leads to it."""
    key = resource_id(maker.document.key, "Binary", name)
    maker.made[f"Binary/{key}"] = {
        "resourceType": "Binary",
        "id": key,
        "meta": {"source": maker.document.source},
        "contentType": kind,
        "securityContext": maker.subject,
        "data": base64.b64encode(content).decode(),
    }
    return {
        "contentType": kind,
        "url": f"Binary/{key}",
        "size": len(content),
        "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),
    }


def _reference(maker: Maker, attachments: list[Json], encounter: Json | None) -> Json:
    document, root = maker.document, maker.document.root
    maker.where, maker.what = "header", document.title or "document"
    own, shared, custodian = child(root, "id"), child(root, "setId"), child(root, "custodian/assignedCustodian/representedCustodianOrganization")
    made: Json = {
        "resourceType": "DocumentReference",
        "id": document_reference(document.key).partition("/")[2],
        "meta": {"source": document.source},
        "masterIdentifier": identifier(own) if own is not None else None,
        "status": "current",
        "docStatus": "final",
        "type": maker.read.concept(child(root, "code")) or {"text": document.title or "Clinical document"},
        "subject": maker.subject,
    }
    if shared is not None and (series := identifier(shared)):
        made["identifier"] = [series]
    if document.version is not None:
        made["extension"] = [{"url": VERSION_NUMBER, "valueInteger": document.version}]
    written = _moment(maker, child(root, "effectiveTime"))
    if written and len(written) > 10:
        made["date"] = written
    authors = [p for e in children(root, "author/assignedAuthor") if (p := people(e, maker.read))]
    put(made, "author", authors)
    signed = child(root, "legalAuthenticator/assignedEntity")
    put(made, "authenticator", people(signed, maker.read))
    if custodian is not None and person(custodian):
        made["custodian"] = {"display": person(custodian)}
    put(made, "relatesTo", [
        {"code": "replaces", "target": {"reference": document_reference(key)}} for key in document.replaces
    ])  # fmt: skip
    put(made, "description", document.title)
    made["content"] = [{"attachment": {**a, "title": document.title or "Document", **({"creation": written} if written else {})}} for a in attachments]
    context: Json = {}
    put(context, "encounter", [encounter] if encounter else None)
    service = child(root, "documentationOf/serviceEvent/effectiveTime")
    try:
        put(context, "period", maker.read.period(service))
    except InvalidInput as error:
        maker.note(f"has a period of care that {error.message}")
    put(made, "context", context)
    return made


def _moment(maker: Maker, element: Element | None) -> str | None:
    try:
        return maker.read.moment(element)
    except InvalidInput as error:
        maker.note(f"was written at a time that {error.message}")
        return None
