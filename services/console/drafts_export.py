"""A note as a file: PDF, Word, plain text."""

from __future__ import annotations

import re
from typing import Literal

from services.accounts.roles import Principal
from services.bots.documentation_assistant.body import DRAFT
from services.bots.documentation_assistant.model import Ref
from services.console.dates import show_date
from services.console.drafts_acting import signature_of
from services.console.drafts_editing import Draft
from services.console.drafts_sources import kind, numbered
from services.console.patients import banner
from services.drafts.export.model import Page, Sheet
from services.fhir.repository import Repository
from services.index.text import render
from services.runtime.system import system

Form = Literal["pdf", "docx", "txt"]
MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}


def plain(principal: Principal, draft: Draft) -> str:
    """The note as text, with its signature line where it is signed."""
    mark = "" if draft.note.state == "signed" else DRAFT
    line = _signature(principal, draft)
    return draft.body.text(mark) + (f"\n{line}\n" if line else "")


def export(principal: Principal, draft: Draft, form: Form) -> bytes:
    """The whole file. Raises StoreUnavailable where its making can't be told to the audit trail."""
    from services.drafts.export import docx, pdf  # both take long to load, and few runs need them

    system().audit.write(
        "note_exported", action="R", patient_id=draft.note.patient, agent=principal,
        details={"note": draft.note.id, "form": form, "signed": draft.note.state == "signed"},
    )  # fmt: skip
    if form == "txt":
        return plain(principal, draft).encode()
    return {"pdf": pdf.pdf, "docx": docx.docx}[form](sheet(principal, draft))


def filename(draft: Draft, form: Form) -> str:
    """Without anything about the patient."""
    name = re.sub(r"\W+", "-", draft.body.title.lower(), flags=re.ASCII).strip("-") or "note"
    return f"{name}-{draft.note.id[:8]}.{form}"


def sheet(principal: Principal, draft: Draft) -> Sheet:
    """What is printed."""
    person = banner(principal, draft.note.patient)
    line = person.patient
    identity = f"{line.name} · Born {line.born} · Gender {line.gender} · MRN {line.identifier}"
    if person.allergy_state == "Known allergies":
        allergies = f"Known allergies: {'; '.join(person.allergies)}"
    else:
        allergies = person.allergy_state
    cited = numbered(draft.body)
    repository = system().repository_for(principal)
    pages = [
        Page(s.title, s.part if draft.body.soap else "", tuple((x.text, tuple(cited[r] for r in x.sources)) for x in s.lines))
        for s in draft.body.sections
    ]
    return Sheet(
        title=draft.body.title,
        identity=identity,
        allergies=allergies,
        about=tuple(x.text for x in draft.body.header[1:]),
        sections=tuple(pages),
        sources=tuple(_named(repository, ref) for ref in cited),
        mark={"draft": "DRAFT – not signed", "discarded": "DISCARDED – entered in error", "signed": ""}[draft.note.state],
        signature=_signature(principal, draft),
    )


def _named(repository: Repository, ref: Ref) -> str:
    """What a source is, for whoever has the paper alone, and where it is in the record."""
    reference, version = ref
    found = repository.find(reference)
    if found is None:
        return f"{kind(ref)} ({reference})"
    told = render(found.resource, lambda other: held.resource if (held := repository.find(other)) else None)
    title = f": {told.title}" if told else ""
    date = f", {show_date(told.date)}" if told and told.date else ""
    return f"{kind(ref)}{title}{date} ({reference}, version {version[:8]})"


def _signature(principal: Principal, draft: Draft) -> str:
    found = signature_of(principal, draft.note) if draft.note.state == "signed" else None
    return f"Signed electronically by {found.who}, {found.when}" if found else ""
