"""Attachments of every format, their sections and their chunks."""

from __future__ import annotations

import base64
import io
import itertools
from typing import Any

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from services.index.text import Rendered, document_text, render

PLAIN = """HISTORY OF PRESENT ILLNESS: Chest pain for two days. No dyspnea.

ASSESSMENT AND PLAN:
1. Unstable angina. Start aspirin 81 mg daily.
2. Hypertension. Increase lisinopril to 20 mg daily.
"""


def attachment(body: str | bytes, content_type: str = "text/plain") -> dict[str, Any]:
    data = body.encode() if isinstance(body, str) else body
    return {"contentType": content_type, "data": base64.b64encode(data).decode()}


def note(*attachments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "resourceType": "DocumentReference",
        "id": "d1",
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": {"reference": "Patient/p1"},
        "date": "2025-03-12T10:00:00Z",
        "author": [{"display": "Dr Ada Lane"}],
        "content": [{"attachment": item} for item in attachments],
        **fields,
    }


def said(resource: dict[str, Any], resolve: Any = lambda _: None) -> Rendered:
    rendered = render(resource, resolve)
    assert rendered is not None
    body = document_text(resource, resolve)
    for chunk in rendered.chunks:
        if chunk.start is not None:
            assert body[chunk.start : chunk.end] == chunk.text
    return rendered


def test_a_note_has_its_particulars_and_its_text() -> None:
    rendered = said(note(attachment(PLAIN)))
    about, *body = rendered.chunks
    assert rendered.title == "Progress note"
    assert "Author: Dr Ada Lane" in about.text
    assert about.start is None
    assert {chunk.content_type for chunk in body} == {"note"}
    assert body[0].header.startswith("Progress note, 12-Mar-2025, HISTORY OF PRESENT ILLNESS")
    assert "ASSESSMENT AND PLAN" in body[-1].header
    assert [chunk.ordinal for chunk in rendered.chunks] == list(range(len(rendered.chunks)))


def test_html_keeps_headings_lists_and_rows_and_drops_scripts() -> None:
    source = """<html><head><title>x</title><style>p{}</style></head><body><h2>Plan</h2><ul><li>Aspirin</li>
    <li>Rest</li></ul><table><tr><th>Test</th><th>Value</th></tr><tr><td>WBC</td><td>12 x 10<sup>9</sup>/L</td></tr>
    </table><script>alert("no")</script><p>Give <s>5 mg</s> 10&nbsp;mg &amp; review</p></body></html>"""
    text = document_text(note(attachment(source, "text/html; charset=utf-8")), lambda _: None)
    lines = text.split("\n")
    assert lines[0] == "Plan"
    assert "- Aspirin" in lines
    assert "Test | Value" in lines
    assert "WBC | 12 x 10^9/L" in lines
    assert "Give [struck out: 5 mg] 10 mg & review" in lines
    assert "alert" not in text
    assert "Plan" in said(note(attachment(source, "text/html"))).chunks[1].header


def test_bold_lines_are_headings() -> None:
    source = (
        "<div><b>Assessment</b><br/>Stable.<br/><strong>Plan</strong><br/>Review in <b>2 weeks</b>.</div>"
    )
    rendered = said(note(attachment(source, "text/html")))
    assert rendered.chunks[1].section == "Assessment / Plan"


def test_rtf() -> None:
    source = rb"{\rtf1\ansi{\fonttbl\f0 Arial;}\f0 Plan: start \b aspirin\b0  81 mg\par Na\'efve to opioids}"
    text = document_text(note(attachment(source, "application/rtf")), lambda _: None)
    assert "start aspirin 81 mg" in text
    assert "Naïve to opioids" in text


def pdf(*pages: str, password: str | None = None) -> bytes:
    writer = pypdf.PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    for words in pages:
        page = writer.add_blank_page(300, 300)
        if not words:
            continue
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pdf_pages_are_kept_apart() -> None:
    text = document_text(
        note(attachment(pdf("First page", "Second page"), "application/pdf")), lambda _: None
    )
    assert text == "First page\n\f\nSecond page"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (pdf(""), "PDF without text"),
        (pdf("Secret", password="x"), "PDF protected by a password"),
        (b"%PDF-1.4 broken", "PDF could not be read"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_so_and_invents_nothing(body: bytes, problem: str) -> None:
    rendered = said(note(attachment(body, "application/pdf")))
    assert rendered.title == f"Progress note ({problem})"
    assert len(rendered.chunks) == 1


CDA = """<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title><component>
<structuredBody><component><section><title>Allergies</title><text><table><tbody><tr><td>Penicillin</td><td>Rash <content revised="delete">mild</content></td>
</tr></tbody></table></text><entry><observation><text>not attested</text></observation></entry></section></component>
<component><section><title>Plan</title><text><list><item>Rest</item><item>Fluids</item></list></text></section>
</component></structuredBody></component></ClinicalDocument>"""


def test_a_clinical_document_gives_its_sections_narrative() -> None:
    resource = note(attachment(CDA, "application/xml"))
    text = document_text(resource, lambda _: None)
    assert "Penicillin | Rash [struck out: mild]" in text
    assert "- Fluids" in text
    assert "not attested" not in text
    assert said(resource).chunks[1].section == "Allergies / Plan"


def test_xml_with_a_doctype_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + CDA.partition("?>")[2].replace("Rash", "&a;")
    for encoding in ("utf-8", "utf-16"):
        assert document_text(note(attachment(bomb.encode(encoding), "text/xml")), lambda _: None) == ""


def test_one_document_in_several_formats_is_used_once() -> None:
    html = "<p>HISTORY OF PRESENT ILLNESS: Chest pain for two days. No dyspnea.</p>"
    same = "HISTORY OF PRESENT ILLNESS: Chest pain for two days. No dyspnea."
    once = document_text(note(attachment(same), attachment(html, "text/html")), lambda _: None)
    assert once.count("Chest pain") == 1
    other = document_text(
        note(attachment("Discharged home on day 3."), attachment(html, "text/html")), lambda _: None
    )
    assert "Discharged home" in other
    assert "Chest pain" in other


def test_a_binary_is_read_through_the_record() -> None:
    body = base64.b64encode("Größe 180 cm".encode("iso-8859-1")).decode()
    binary = {"resourceType": "Binary", "contentType": "text/plain; charset=ISO-8859-1", "data": body}
    resource = note({"url": "Binary/b1"})
    assert document_text(resource, {"Binary/b1": binary}.get) == "Größe 180 cm"
    assert document_text(resource, lambda _: None) == ""
    theirs = {**binary, "securityContext": {"reference": "Patient/p1"}}
    assert document_text(resource, {"Binary/b1": theirs}.get) == "Größe 180 cm"


@pytest.mark.parametrize(
    "item",
    [
        {"contentType": "text/plain", "data": "%%% not base64 %%%"},
        {"contentType": "text/plain", "data": 5},
        {"contentType": "image/png", "data": "iVBORw0KGgo="},
        {"contentType": "application/xml", "data": base64.b64encode(b"<a><b></a>").decode()},
        {"contentType": "application/rtf", "data": base64.b64encode(b"{\\rtf1 {{{").decode()},
        {"contentType": "text/html", "data": base64.b64encode(b"<![CDATA[<!x <div").decode()},
        {"contentType": ["text/plain"], "url": {"a": 1}},
        {"contentType": "text/plain; charset=nonsense", "data": base64.b64encode(b"\xff\xfe\x00").decode()},
    ],
)
def test_a_broken_attachment_leaves_the_particulars(item: dict[str, Any]) -> None:
    rendered = said(note(item))
    assert rendered.title.startswith("Progress note")
    assert "Dr Ada Lane" in rendered.chunks[0].text


def test_without_attachments_the_narrative_is_the_document() -> None:
    resource = note(text={"status": "generated", "div": "<div><p>Stable on warfarin.</p></div>"})
    assert document_text(resource, lambda _: None) == "Stable on warfarin."
    assert said(resource).chunks[1].text == "Stable on warfarin."


def test_superseded_documents_say_so_in_every_header() -> None:
    rendered = said(note(attachment(PLAIN), status="superseded"))
    assert rendered.title == "Progress note (superseded)"
    assert all("superseded" in f"{chunk.header}{chunk.text}" for chunk in rendered.chunks)


def test_a_report_has_conclusion_results_and_its_form() -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "status": "preliminary",
        "code": {"text": "Chest X-ray"},
        "subject": {"reference": "Patient/p1"},
        "issued": "2025-03-12",
        "conclusion": "No pneumothorax.",
        "presentedForm": [attachment("FINDINGS: Clear lungs.\n\nIMPRESSION: No pneumothorax.")],
    }
    rendered = said(report)
    assert rendered.title == "Preliminary report: Chest X-ray"
    assert "Conclusion: No pneumothorax." in rendered.chunks[0].text
    assert rendered.chunks[1].section == "FINDINGS / IMPRESSION"
    assert rendered.chunks[1].header.startswith("Preliminary report: Chest X-ray, 12-Mar-2025")


def test_neighbouring_chunks_of_a_section_share_a_sentence_and_lists_stay_whole() -> None:
    prose = " ".join(
        f"Sentence number {at} describes the course of the illness in some detail." for at in range(40)
    )
    items = "\n".join(f"- item {at} of the list" for at in range(10))
    rendered = said(note(attachment(f"HOSPITAL COURSE:\n{prose}\n\nPLAN:\n{items}\n")))
    body = [chunk for chunk in rendered.chunks if chunk.start is not None]
    course = [chunk for chunk in body if chunk.section == "HOSPITAL COURSE"]
    assert len(course) > 2
    for left, right in itertools.pairwise(course):
        assert left.end is not None
        assert right.start is not None
        assert left.end > right.start
        assert left.text.endswith(right.text.split(".")[0] + ".")
    assert any(items in chunk.text for chunk in body)
    assert all(60 <= len(chunk.text.split()) <= 180 for chunk in course[:-1])
