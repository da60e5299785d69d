"""What a document tells that the record has already, from another document or otherwise: one entry, one resource.

The same entry is one of the same patient and kind with the same code that has either the same identifier (root and
extension), or the same dates, status and everything else that is said of it. Whatever differs in its code stays apart.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.fhir.importing.cda.types import Json
from services.fhir.repository import Repository, Stored

_CODE = {
    "AllergyIntolerance": "code",
    "Condition": "code",
    "MedicationRequest": "medicationCodeableConcept",
    "MedicationStatement": "medicationCodeableConcept",
}
"""Kinds of entries that document after document repeats → the element that names what they are of."""
_DATES = {
    "AllergyIntolerance": ("onsetDateTime", "extension"),
    "Condition": ("onsetDateTime", "onsetAge", "abatementDateTime", "_abatementDateTime"),
    "MedicationRequest": ("authoredOn",),
    "MedicationStatement": ("effectivePeriod", "effectiveDateTime"),
}
_SAID = {
    "AllergyIntolerance": ("clinicalStatus", "verificationStatus", "type", "category", "criticality", "reaction", "note"),
    "Condition": ("clinicalStatus", "verificationStatus", "category", "bodySite", "note"),
    "MedicationRequest": ("status", "intent", "doNotPerform", "dosageInstruction", "dispenseRequest", "reasonCode", "note"),
    "MedicationStatement": ("status", "dosage", "reasonCode", "note"),
}
_PROBLEM = "problem-list-item"


@dataclass(slots=True)
class Joined:
    """`resources` take the place of what the document became, in its order; `also` are references to those of the record
    that it tells of too; `notes` are (where, what, why) of what it tells otherwise and the record keeps as it is."""

    resources: list[Json] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)


def join(repository: Repository, made: Sequence[Json], patient_id: str, own: Iterable[str]) -> Joined:
    """`made` are the resources of one document, its DocumentReference last; `own` the URIs of the document and of those
    whose place it takes: what came of these alone is written anew as it is told now. Nothing is written here."""
    reference = made[-1]
    joiner = _Joiner(repository, patient_id, frozenset(own), reference)
    for resource in made[:-1]:
        joiner.take(resource, _unsure(made))
    joined = joiner.joined
    if joined.also:
        context = {**reference.get("context", {}), "related": [{"reference": r} for r in joined.also]}
        reference = {**reference, "context": context}
    joined.resources.append(reference)
    return joined


def told_elsewhere(repository: Repository, reference: str, documents: Iterable[str]) -> bool:
    """Whether a document of the record that stands, other than these, tells of the resource too."""
    page = repository.search("DocumentReference", [("related", reference), ("status", "current"), ("_count", "100")])
    return bool({stored.reference for stored in page.matches} - set(documents))


class _Joiner:
    def __init__(self, repository: Repository, patient_id: str, own: frozenset[str], document: Json) -> None:
        self._repository, self._own, self._document = repository, own, document
        self._versions = [f"DocumentReference/{document['id']}", *_replaced_by(document)]
        self._known: dict[str, list[Stored]] = {}
        for stored in repository.compartment(patient_id, list(_CODE)):
            if _whose(stored.resource) == f"Patient/{patient_id}" and not self._replaced(stored, own):
                self._known.setdefault(stored.type, []).append(stored)
        before = repository.find(f"DocumentReference/{document['id']}")
        related = (before.resource.get("context") or {}).get("related", ()) if before else ()
        self._before = {r.get("reference") for r in related}
        self._taken: set[str] = set()
        self.joined = Joined()

    def _replaced(self, stored: Stored, own: frozenset[str]) -> bool:
        """Whether it goes with an earlier version of the document."""
        source = (stored.resource.get("meta") or {}).get("source")
        mine = (self._document.get("meta") or {}).get("source")
        return source in own and source != mine and not told_elsewhere(self._repository, stored.reference, self._versions)

    def take(self, resource: Json, unsure: frozenset[tuple[str, str]]) -> None:
        """`unsure` are identifiers that the sender gave to several entries: nothing is told by them."""
        kind = resource["resourceType"]
        same = self._same(resource, unsure) if kind in _CODE and (kind != "Condition" or _problem(resource)) else None
        if same is None:
            self.joined.resources.append(resource)
            return
        self._taken.add(same.reference)
        self.joined.also.append(same.reference)
        self.joined.resources.append(self._stands(resource, same))

    def _same(self, resource: Json, unsure: frozenset[tuple[str, str]]) -> Stored | None:
        kind = resource["resourceType"]
        alike = [s for s in self._known.get(kind, ()) if s.reference not in self._taken and _agree(resource, s.resource)]
        if kind == "Condition":
            alike = [s for s in alike if _problem(s.resource)]
        by_id = [s for s in alike if s.id == resource["id"]]
        if by_id:
            return None if by_id[0].resource.get("meta", {}).get("source") in self._own else by_id[0]
        if any(s.id == resource["id"] for s in self._known.get(kind, ())):
            return None  # another code under its own id: it is told anew
        numbers = _numbers(resource) - unsure
        named = [s for s in alike if numbers & _numbers(s.resource)]
        if len(named) == 1:
            return named[0]
        told = [s for s in named or alike if _meaning(s.resource) == _meaning(resource)]
        if told and _tells_when(resource):
            return told[0]
        dates = _DATES[kind]
        again = [s for s in alike if s.reference in self._before and _only(s.resource, dates) == _only(resource, dates)]
        return again[0] if len(again) == 1 else None

    def _stands(self, resource: Json, stored: Stored) -> Json:
        """What is to be written: the resource of the record as it is, or as a later document tells it."""
        held = stored.resource
        if _meaning(held) == _meaning(resource):
            return _bare(held)
        later = self._later(held)
        if later and self._as_imported(stored):
            numbers = [*held.get("identifier", ())]
            numbers += [i for i in resource.get("identifier", ()) if i not in numbers]
            return {**resource, "id": stored.id, **({"identifier": numbers} if numbers else {})}
        why = "is in the record as a later document tells it" if later is False else "is in the record and was written or changed there"
        name = (held.get(_CODE[stored.type]) or {}).get("text") or stored.reference
        self.joined.notes.append((self._document.get("description") or "document", name[:80], f"{why}: it stays as it is"))
        return _bare(held)

    def _later(self, held: Json) -> bool | None:
        """Whether this document is later than the one that the resource is from; None where that can't be told."""
        source = (held.get("meta") or {}).get("source")
        if not source:
            return None
        page = self._repository.search("DocumentReference", [("_source", source), ("_count", "2")])
        written, theirs = _written(self._document), _written(page.matches[0].resource) if len(page.matches) == 1 else ""
        return _after(written, theirs)

    def _as_imported(self, stored: Stored) -> bool:
        """Whether an import was the last to write it: its Provenance is written behind it."""
        page = self._repository.search("Provenance", [("target", stored.reference), ("_count", "200")])
        imports = [p for p in page.matches if any(_from_document(e) for e in p.resource.get("entity", ()))]
        return any(p.updated >= stored.updated for p in imports)


def _replaced_by(document: Json) -> list[str]:
    return [r["target"]["reference"] for r in document.get("relatesTo", ()) if r.get("code") == "replaces"]


def _from_document(entity: Json) -> bool:
    return str((entity.get("what") or {}).get("reference", "")).startswith("DocumentReference/")


def _whose(resource: Json) -> str:
    return str((resource.get("subject") or resource.get("patient") or {}).get("reference", ""))


def _problem(resource: Json) -> bool:
    categories = [c.get("code") for concept in resource.get("category", ()) for c in concept.get("coding", ())]
    return _PROBLEM in categories


def _agree(one: Json, other: Json) -> bool:
    """The same code: of each system that both name, the same ones, and one such system at least; without codes the same
    words."""
    name = _CODE[one["resourceType"]]
    first, second = (_by_system(r.get(name) or {}) for r in (one, other))
    shared = first.keys() & second.keys()
    if shared:
        return all(first[system] == second[system] for system in shared)
    words = [str((r.get(name) or {}).get("text", "")).casefold().split() for r in (one, other)]
    return not first and not second and bool(words[0]) and words[0] == words[1]


def _by_system(concept: Json) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for coding in concept.get("coding", ()):
        if coding.get("system") and coding.get("code"):
            found.setdefault(coding["system"], set()).add(coding["code"])
    return {system: frozenset(codes) for system, codes in found.items()}


def _numbers(resource: Json) -> set[tuple[str, str]]:
    return {(i["system"], i["value"]) for i in resource.get("identifier", ()) if i.get("system") and i.get("value")}


def _unsure(made: Iterable[Json]) -> frozenset[tuple[str, str]]:
    counts = Counter((r["resourceType"], number) for r in made for number in _numbers(r))
    return frozenset(number for (_, number), count in counts.items() if count > 1)


def _meaning(resource: Json) -> object:
    kind = resource["resourceType"]
    return _only(resource, (*_DATES[kind], *_SAID[kind]))


def _only(resource: Json, names: Iterable[str]) -> object:
    return {name: _said(resource[name]) for name in names if name in resource}


def _said(value: object) -> object:
    """A value without the words that stand beside a code."""
    if isinstance(value, dict):
        if codings := value.get("coding"):
            return sorted((str(c.get("system", "")), str(c.get("code", ""))) for c in codings)
        return {name: _said(inner) for name, inner in value.items() if name != "display"}
    return [_said(inner) for inner in value] if isinstance(value, list) else value


def _tells_when(resource: Json) -> bool:
    """Of two that tell no date and are over, nobody knows whether they are one."""
    kind = resource["resourceType"]
    if any(name in resource for name in _DATES[kind]) or kind == "AllergyIntolerance":
        return True
    if kind == "Condition":
        return any(c.get("code") == "active" for c in (resource.get("clinicalStatus") or {}).get("coding", ()))
    timings = [d.get("timing", {}) for d in resource.get("dosageInstruction", ())]
    if any(t.get("event") or "boundsPeriod" in t.get("repeat", {}) for t in timings):
        return True
    return resource.get("status") == "active" and bool(resource.get("dosageInstruction") or resource.get("dosage"))


def _written(document: Json) -> str:
    attachments = [c.get("attachment", {}) for c in document.get("content", ())]
    return str(document.get("date") or next((a["creation"] for a in attachments if a.get("creation")), ""))


def _after(written: str, theirs: str) -> bool | None:
    """Of two FHIR dateTimes whether the first is later; None where they don't say."""
    if len(written) > 10 and len(theirs) > 10:
        one, other = dt.datetime.fromisoformat(written), dt.datetime.fromisoformat(theirs)
        return None if one == other else one > other
    shared = min(len(written), len(theirs), 10)
    return None if written[:shared] == theirs[:shared] else written[:shared] > theirs[:shared]


def _bare(resource: Json) -> Json:
    """As it is to be written again without a change."""
    meta = {k: v for k, v in (resource.get("meta") or {}).items() if k not in ("versionId", "lastUpdated")}
    return {**{k: v for k, v in resource.items() if k != "meta"}, **({"meta": meta} if meta else {})}
