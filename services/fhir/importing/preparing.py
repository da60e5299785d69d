"""A document made ready to be written: what it becomes, whose it is, what it replaces. Nothing is written here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from services.errors import InvalidInput
from services.fhir.importing import papers
from services.fhir.importing.cda.converting import convert, document_reference
from services.fhir.importing.cda.header import VERSION_NUMBER, Document, open_document, source_of
from services.fhir.importing.cda.joining import Joined, join, told_elsewhere
from services.fhir.importing.kinds import Kind
from services.fhir.importing.matching import Match, WhoIsIt, match
from services.fhir.repository import Repository, Resource, Stored


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a file: whom it is about (needed by PDF and text), which kind of document it is (LOINC, of
    `papers.TYPES`), and its date."""

    patient: str | None = None
    kind: str = "34133-9"
    day: str = ""

    def __post_init__(self) -> None:
        """Raises InvalidInput for a kind that isn't one of these, or a date that there isn't."""
        if self.kind not in papers.TYPES:
            known = ", ".join(f"{code} ({name})" for code, name in papers.TYPES.items())
            raise InvalidInput(f"The type of a document must be one of: {known}.")
        try:
            day = dt.date.fromisoformat(self.day) if self.day else None
        except ValueError:
            raise InvalidInput("The date is written YYYY-MM-DD, for example 2024-03-05.") from None
        if day and (len(self.day) != 10 or day > dt.date.today() + dt.timedelta(1)):
            raise InvalidInput("The date of a document is a day that has been, written YYYY-MM-DD.")


@dataclass(slots=True)
class Prepared:
    """`resources` in the order of writing; `removed` are references that the document's earlier version had and this one
    hasn't; `notes` are (where, what, why) of what is kept as text only."""

    match: Match
    resources: list[Resource]
    reference: str
    title: str
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def prepare(
    path: Path, kind: Kind, choice: Choice, repository: Repository, stop: Callable[[], bool] = lambda: False
) -> Prepared:
    """Raises InvalidInput that says why the file can't be taken in and what to do, WhoIsIt where that is to choose the
    patient."""
    if path.stat().st_size > papers.MOST_BYTES:
        raise InvalidInput(f"The file is larger than {papers.MOST_BYTES >> 20} MB: ask for it in parts.")
    source = path.read_bytes()
    if kind == "cda":
        return _clinical(source, choice, repository)
    paper = papers.read_pdf(source, stop) if kind == "pdf" else papers.read_text(source)
    if not choice.patient:
        raise WhoIsIt("A PDF or a text file does not say whose it is: choose the patient.")
    who = match(repository, {}, choice.patient)
    made = papers.resources(
        source, paper, path.name, who.id, choice.kind, choice.day or paper.made,
        "application/pdf" if kind == "pdf" else "text/plain",
    )  # fmt: skip
    notes = []
    if paper.silent:
        notes.append((path.name, "pages", f"{paper.silent} of {paper.pages} pages have no text: they may be scanned"))
    return Prepared(who, made, f"DocumentReference/{made[-1]['id']}", path.name, notes)


def _clinical(source: bytes, choice: Choice, repository: Repository) -> Prepared:
    document = open_document(source)
    who = match(repository, document.patient, choice.patient)
    _refuse_old(document, repository)
    converted = convert(document, source, who.id)
    written = [who.new] if who.new else []
    joined = Joined(converted.resources)
    if who.known:
        joined = join(repository, converted.resources, who.id, [document.source, *map(source_of, document.replaces)])
    kept = {f"{r['resourceType']}/{r['id']}" for r in joined.resources}
    gone = [document_reference(key) for key in (document.key, *document.replaces)]
    removed: list[str] = []
    for key in document.replaces:
        stored = repository.find(document_reference(key))
        if stored is None:
            continue
        if stored.resource.get("subject") != converted.resources[-1]["subject"]:
            raise InvalidInput("It replaces a document of another patient: check who it is about.")
        written.append({**_bare(stored), "status": "superseded"})
        removed += [
            r for r in _made_from(repository, source_of(key)) if r not in kept and not told_elsewhere(repository, r, gone)
        ]
    notes = [*converted.notes, *joined.notes]
    return Prepared(who, [*written, *joined.resources], converted.reference, document.title, notes, removed)


def _refuse_old(document: Document, repository: Repository) -> None:
    """Raises InvalidInput where a later version of the document is in the record."""
    reference = document_reference(document.key)
    stored = repository.find(reference)
    later = stored is not None and stored.resource.get("status") == "superseded"
    later = later or bool(repository.search("DocumentReference", [("relatesto", reference), ("_count", "1")]).matches)
    if not later and document.series != document.key and document.version is not None:
        system, _, value = document.series.partition("|")
        page = repository.search("DocumentReference", [("identifier", f"{system}|{value}"), ("_count", "100")])
        later = any(_version(found) > document.version for found in page.matches)
    if later:
        raise InvalidInput("A later version of this document is in the record already; that one stands.")


def _version(stored: Stored) -> int:
    for extension in stored.resource.get("extension", ()):
        if extension.get("url") == VERSION_NUMBER:
            return int(extension.get("valueInteger", 0))
    return 0


def _made_from(repository: Repository, source: str) -> list[str]:
    """What a document's entries became, by its URI."""
    found: list[str] = []
    for kind in _MADE:
        offset = 0
        while True:
            page = repository.search(kind, [("_source", source), ("_count", "1000"), ("_offset", str(offset))])
            found += [stored.reference for stored in page.matches]
            if not page.has_next:
                break
            offset += len(page.matches)
    return found


_MADE = (
    "AllergyIntolerance", "Condition", "MedicationRequest", "MedicationStatement", "Immunization", "DiagnosticReport",
    "Observation", "Procedure", "Encounter",
)  # fmt: skip
"""What entries become. The document itself and its file stay."""


def _bare(stored: Stored) -> Resource:
    resource = stored.resource
    meta = {k: v for k, v in resource.get("meta", {}).items() if k not in ("versionId", "lastUpdated")}
    return {**{k: v for k, v in resource.items() if k != "meta"}, **({"meta": meta} if meta else {})}


def standing(repository: Repository, resource: Resource) -> str:
    """What writing the resource would do: "created", "updated" or "unchanged"."""
    stored = repository.find(f"{resource['resourceType']}/{resource['id']}")
    if stored is None:
        return "created"
    theirs = dict(resource.get("meta") or {})
    for name in ("versionId", "lastUpdated"):
        theirs.pop(name, None)
    bare = {**{k: v for k, v in resource.items() if k != "meta"}, **({"meta": theirs} if theirs else {})}
    return "unchanged" if _bare(stored) == bare else "updated"
