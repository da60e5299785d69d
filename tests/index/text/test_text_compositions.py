"""A document in sections (FHIR R4 Composition) is read as a note: its titles are headings, its sections text."""

from __future__ import annotations

from typing import Any

from services.index.text import document_text, render
from services.index.text.sections import sections


def section(title: str, text: str = "", *inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"text": {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'>{text}</div>"}} if text else {}
    return {"title": title, **told, **({"section": list(inner)} if inner else {}), **more}


NOTE = {
    "resourceType": "Composition", "id": "c", "status": "final", "date": "2026-02-03", "subject": {"reference": "Patient/p1"},
    "type": {"text": "Discharge summary", "coding": [{"system": "http://loinc.org", "code": "18842-5"}]}, "title": "Summary of the stay",
    "author": [{"display": "Dr Ward"}],
    "section": [
        section("Hospital course", "Treated for pneumonia.<br/>No chest pain."),
        section("Plan", "", section("Medicines", "Amoxicillin 500 mg <b>three times daily</b>."), section("Follow-up", "Clinic in two weeks.")),
        section("Allergies", emptyReason={"text": "None known"}),
    ],
}  # fmt: skip


def test_sections_are_its_text() -> None:
    text = document_text(NOTE)
    assert text.index("Hospital course") < text.index("Treated for pneumonia.") < text.index("Medicines") < text.index("Clinic in two weeks.")
    assert "three times daily" in text and "<b>" not in text and "None known" in text
    assert {"Hospital course", "Follow-up"} <= {s.title for s in sections(text)}


def test_it_is_searched_as_a_note() -> None:
    rendered = render(NOTE)
    assert rendered and rendered.title == "Discharge summary" and rendered.patient_id == "p1" and rendered.date == "2026-02-03"
    notes = [c for c in rendered.chunks if c.content_type == "note"]
    assert notes and all(document_text(NOTE)[c.start : c.end] == c.text for c in notes)
    assert "Dr Ward" in rendered.chunks[0].text and "Summary of the stay" in rendered.chunks[0].text


def test_what_is_withdrawn_or_malformed_says_nothing() -> None:
    assert render({**NOTE, "status": "entered-in-error"}) is None
    deep: dict[str, Any] = section("x", "y")
    for _ in range(50):
        deep = section("x", "y", deep)
    odd = {**NOTE, "section": [deep, None, 7, {"title": 3, "text": {"div": []}}], "author": "x", "attester": [None], "event": 1}
    assert render(odd) is not None
