"""DocumentReference, Composition and DiagnosticReport: what they are about, and the text that they carry."""

from __future__ import annotations

from typing import Any

from services.index.text import attachments, observations, values
from services.index.text.attachments import Document
from services.index.text.context import Context, labelled, notes
from services.index.text.model import Draft

_REPORT_TITLES = {
    "registered": "Registered, no result yet: ",
    "partial": "Partial report: ",
    "preliminary": "Preliminary report: ",
    "cancelled": "Cancelled: ",
}
_DEEPEST = 6
_DOC_STATUS = {"preliminary": "preliminary", "amended": "amended"}


def document(resource: dict[str, Any], context: Context) -> Document:
    """The plain text of the attachments; of the narrative where a DocumentReference has none that can be read."""
    if resource.get("resourceType") == "DiagnosticReport":
        return attachments.read(values.objs(resource.get("presentedForm")), context)
    if resource.get("resourceType") == "Composition":
        body = Document()
        for section in values.objs(resource.get("section")):
            _section(section, body)
        return body if body.text else attachments.narrative(resource)
    found = attachments.read(_attachments(resource), context)
    if not found.text:
        told = attachments.narrative(resource)
        return Document(told.text, told.headings, found.problems)
    return found


def _section(section: dict[str, Any], body: Document, depth: int = 0) -> None:
    """A section's title and narrative, then those of the sections in it."""
    title = values.string(section.get("title")) or values.concept(section.get("code"))
    told = attachments.narrative(section)
    empty = "" if told.text else values.concept(section.get("emptyReason"))
    part = Document(f"{title}\n{told.text or empty}".strip() if title else told.text or empty)
    if title:
        shift = len(title) + 1
        part.headings = [(0, len(title)), *((a + shift, b + shift) for a, b in told.headings)]
    else:
        part.headings = told.headings
    if told.text or empty:
        body.append(part)
    if depth < _DEEPEST:
        for inner in values.objs(section.get("section")):
            _section(inner, body, depth + 1)


def composition(resource: dict[str, Any], context: Context, body: Document) -> Draft:
    """A Composition's own particulars; its sections are its text."""
    kind, titled = values.concept(resource.get("type")), values.string(resource.get("title"))
    name = kind or titled or "Document"
    status = values.code(resource.get("status"))
    title = f"{name} ({_DOC_STATUS[status]})" if status in _DOC_STATUS else name
    date = values.iso(resource.get("date"))
    lines = [f"{title}."]
    lines += labelled("Title", titled if titled.casefold() != name.casefold() else "")
    lines += labelled("Date", values.date(date))
    lines += labelled("Author", context.names(resource.get("author")))
    lines += labelled("Attested by", context.names([a.get("party") for a in values.objs(resource.get("attester"))]))
    lines += labelled("Custodian", context.name(resource.get("custodian")))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("type"))))
    lines += labelled("About", values.concepts([c for e in values.objs(resource.get("event")) for c in values.many(e.get("code"))]))
    lines += labelled("Status", status)
    return Draft(
        title=title,
        lines=lines,
        content_type="document",
        label=name,
        date=date,
        status=status or None,
        codings=values.codings(resource.get("type")),
        says_something=bool(body.text or kind or titled),
    )


def _attachments(resource: dict[str, Any]) -> list[dict[str, Any]]:
    return [values.obj(item.get("attachment")) for item in values.objs(resource.get("content"))]


def reference(resource: dict[str, Any], context: Context, body: Document) -> Draft:
    """A DocumentReference's own particulars."""
    files = _attachments(resource)
    titles = list(dict.fromkeys(filter(None, (values.string(item.get("title")) for item in files))))
    description = values.prose(resource.get("description"))
    kind = values.concept(resource.get("type"))
    name = kind or (titles[0] if titles else "") or values.concepts(resource.get("category")) or "Document"
    status, draft = values.code(resource.get("status")), values.code(resource.get("docStatus"))
    marks = ["superseded"] if status == "superseded" else []
    marks += [_DOC_STATUS[draft]] if draft in _DOC_STATUS else []
    title = f"{name} ({', '.join([*marks, *body.problems])})" if marks or body.problems else name
    inner = values.objs(resource.get("context"))
    inner = inner[0] if inner else {}
    created = next(filter(None, (values.iso(item.get("creation")) for item in files)), None)
    date = values.iso(resource.get("date")) or created
    date = date or values.iso(values.obj(inner.get("period")).get("start"))
    lines = [f"{title}."]
    lines += labelled("Description", "" if description == name else description)
    lines += labelled("Date", values.date(date))
    lines += labelled("Author", context.names(resource.get("author")))
    lines += labelled("Authenticated by", context.name(resource.get("authenticator")))
    lines += labelled("Custodian", context.name(resource.get("custodian")))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("type"))))
    lines += labelled("Attachment", "; ".join(item for item in titles if item != name))
    lines += labelled("Period of care", values.period(inner.get("period")))
    lines += labelled("About", values.concepts(inner.get("event")))
    lines += labelled("Setting", values.concept(inner.get("practiceSetting") or inner.get("facilityType")))
    lines += labelled("Status", ", ".join(filter(None, (status, draft))))
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="document",
        label=name,
        date=date,
        status=status or None,
        codings=values.codings(resource.get("type")),
        says_something=bool(body.text or kind or description or titles or body.problems or notes(resource)),
    )


def report(resource: dict[str, Any], context: Context, body: Document) -> Draft:
    """A DiagnosticReport: its conclusion first, then its results."""
    name = (
        values.concept(resource.get("code"))
        or values.concepts(resource.get("category"))
        or "Diagnostic report"
    )
    status = values.code(resource.get("status"))
    title = f"{_REPORT_TITLES.get(status, '')}{name}"
    if body.problems:
        title += f" ({', '.join(body.problems)})"
    conclusion = values.prose(resource.get("conclusion"))
    coded = values.concepts(resource.get("conclusionCode") or resource.get("codedDiagnosis"))
    results = [_result(item, context) for item in values.objs(resource.get("result"))]
    lines = [f"{title}."]
    lines += labelled("Conclusion", conclusion)
    lines += labelled("Coded conclusion", coded)
    lines += [f"- {item}" for item in results if item]
    if status in ("amended", "corrected", "appended"):
        lines.append(f"This report was {status}.")
    effective = values.when(resource, "effective", time=True)
    lines += labelled("Date", effective)
    lines += labelled("Issued", "" if effective else values.date(resource.get("issued"), time=True))
    lines += labelled("Category", values.concepts(resource.get("category")))
    lines += labelled("Also coded as", "; ".join(values.displays(resource.get("code"))))
    lines += labelled("Specimen", context.names(resource.get("specimen")))
    lines += labelled("Performer", context.names(resource.get("performer")))
    lines += labelled("Interpreted by", context.names(resource.get("resultsInterpreter")))
    lines += labelled("Image", "; ".join(_images(resource)))
    lines += labelled("Status", status)
    return Draft(
        title=title,
        lines=lines + notes(resource),
        content_type="report",
        label="Report",
        date=values.when_iso(resource, "effective") or values.iso(resource.get("issued")),
        status=status or None,
        codings=values.codings(resource.get("code")),
        says_something=bool(
            values.concept(resource.get("code"))
            or conclusion
            or coded
            or any(results)
            or body.text
            or body.problems
        ),
    )


def _result(item: dict[str, Any], context: Context) -> str:
    found = context.get(item)
    if found is not None and found.get("resourceType") == "Observation":
        return observations.line(
            found, values.concept(found.get("code")) or values.string(item.get("display"))
        )
    return context.name(item)


def _images(resource: dict[str, Any]) -> list[str]:
    return list(
        filter(None, (values.string(item.get("comment")) for item in values.objs(resource.get("media"))))
    )
