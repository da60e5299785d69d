"""What the makers of resources share: ids, the patient, where it came from, what could not be understood."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from services.errors import InvalidInput
from services.fhir.importing.cda import codes
from services.fhir.importing.cda.header import Document, people, put, resource_id
from services.fhir.importing.cda.tree import child, children, code_of, related
from services.fhir.importing.cda.types import Json, Reader, identifiers, key_of
from services.fhir.validation import validate

_COMMENT = "48767-8"
_READ = frozenset((_COMMENT,))


class NotUnderstood(Exception):
    """An entry that can't be made into a resource; the words say why. Its text stays in the document."""


class Maker:
    """Makes the resources of one document about one patient. `made` is by reference, in their order; `notes` are
    (where, what, why) of what is kept as text only."""

    def __init__(self, document: Document, patient_id: str) -> None:
        self.document, self.subject = document, {"reference": f"Patient/{patient_id}"}
        self.read: Reader = document.read
        self.made: dict[str, Json] = {}
        self.notes: list[tuple[str, str, str]] = []
        self.where, self.what = "", ""
        self._hashes: dict[tuple[str, str], str] = {}

    def note(self, why: str) -> None:
        """Of the entry that is being read: a part of it is kept as text only."""
        self.notes.append((self.where, self.what, why))

    def start(self, kind: str, entry: Element) -> Json:
        """A resource with its id, identifiers and origin."""
        key = next(filter(None, (key_of(e) for e in children(entry, "id"))), "")
        content = hashlib.sha256(tostring(entry)).hexdigest()
        if not key:
            key = content
        elif self._hashes.setdefault((kind, key), content) != content:
            key = f"{key}\n{content}"  # an id that the sender gave twice
        made: Json = {
            "resourceType": kind,
            "id": resource_id(self.document.series, kind, key),
            "meta": {"source": self.document.source},
        }
        put(made, "identifier", identifiers(entry))
        return made

    def shared_id(self, kind: str, entry: Element) -> str:
        """The id of an act that several places of the document tell of, in different words."""
        key = next(filter(None, (key_of(e) for e in children(entry, "id"))), "")
        return resource_id(self.document.series, kind, key)

    def keep(self, made: Json) -> Json | None:
        """Adds a resource that is valid; its reference, or None, with a note, where it isn't."""
        try:
            validate(made)
        except InvalidInput as error:
            self.note(f"does not become a valid {made['resourceType']} ({error.message})")
            return None
        reference = f"{made['resourceType']}/{made['id']}"
        self.made[reference] = made
        return {"reference": reference}

    def words(self, entry: Element) -> str:
        """What the narrative says of an entry."""
        return self.read.narrative.said(child(entry, "text"))

    def concept(self, element: Element | None, entry: Element | None = None) -> Json | None:
        """A CodeableConcept, of the entry's words where there is no code and no text of its own."""
        found = self.read.concept(element, child(entry, "text"))
        if found is None and entry is not None and (words := self.words(entry)):
            found = {"text": words}
        return found

    def recorded(self, made: Json, entries: tuple[Element | None, ...], who: str = "", when: str = "") -> None:
        """The last author as `who`, the first author's time as `when`, of the first entry that has authors."""
        for entry in entries:
            authors = children(entry, "author")
            if not authors:
                continue
            timed = sorted((moment, place) for place, a in enumerate(authors) if (moment := self.read.first(child(a, "time"))))
            if when and timed:
                made[when] = timed[0][0]
            if who:
                last = authors[timed[-1][1] if timed else -1]
                put(made, who, people(child(last, "assignedAuthor"), self.read))
            return

    def comments(self, entry: Element) -> list[Json]:
        """Comment Activities as annotations."""
        said = (self.read.narrative.said(child(act, "text")) for act in related(entry, "act", _COMMENT))
        return [{"text": text} for text in said if text]

    def leftover(self, entry: Element, known: frozenset[str], named: tuple[str, ...] = ()) -> None:
        """Notes the acts within an entry that no maker reads: those whose code isn't in `known`, and whose relation
        isn't in `named`."""
        for link in children(entry, "entryRelationship"):
            for act in link:
                if act.tag in ("sequenceNumber", "seperatableInd", "realmCode", "typeId", "templateId"):
                    continue
                code = code_of(act)
                if code in known or code in _READ or link.get("typeCode") in named:
                    continue
                label = child(act, "code")
                name = label.get("displayName", "") if label is not None else ""
                self.note(f"has {_article(act.tag)} {act.tag}{f' ({name or code})' if name or code else ''} within it that is not read")


def _article(word: str) -> str:
    return "an" if word[:1] in "aeio" else "a"


def nullified(entry: Element | None) -> bool:
    status = child(entry, "statusCode")
    return status is not None and status.get("code") == "nullified"


def negated(entry: Element) -> bool:
    return entry.get("negationInd") == "true"


def status_of(entry: Element | None) -> str:
    found = child(entry, "statusCode")
    return found.get("code", "") if found is not None else ""


def observed(entry: Element, code: str) -> Element | None:
    """The value of the observation with this code within an entry."""
    return next((child(o, "value") for o in related(entry, "observation", code)), None)


def acts(entry: Element) -> Iterator[Element]:
    """What an `entry` holds."""
    for act in entry:
        if act.tag not in ("realmCode", "typeId", "templateId"):
            yield act


def clinical_status(made: Json, name: str, code: str, entered_in_error: bool) -> None:
    """`clinicalStatus`, or a verification status that says that it was an error."""
    if entered_in_error:
        made["verificationStatus"] = codes.concept("entered-in-error", codes.terminology(f"{name}-{'ver-status' if name == 'condition' else 'verification'}"))
    elif code:
        made["clinicalStatus"] = codes.concept(code, codes.terminology(f"{name}-clinical"))
