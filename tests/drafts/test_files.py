"""A note as PDF, Word and text."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
from pypdf import PdfReader

from services.console import drafts_export
from services.console.drafts_editing import opened
from services.drafts.export import pdf
from services.drafts.export.model import Page, Sheet
from services.runtime.system import System
from tests.drafts.conftest import CASEY
from tests.drafts.test_keeping import sign, type_in

DRAFTED = Callable[..., str]
IDENTITY = "DOE, Jane · Born 02-Apr-1960 · Gender Female"


def pages(made: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def words(made: bytes) -> str:
    found = docx.Document(io.BytesIO(made))
    header, footer = found.sections[0].header.paragraphs[0].text, found.sections[0].footer.paragraphs[0].text
    return "\n".join([header, footer, *(p.text for p in found.paragraphs)])


def test_every_page_says_whose_and_that_it_is_a_draft(drafted: DRAFTED) -> None:
    note = drafted()
    type_in(note, "\n".join(f"Step {n}: wait for the result." for n in range(120)))
    shown = opened(CASEY, note)
    printed = pages(drafts_export.export(CASEY, shown, "pdf"))
    assert len(printed) > 2
    for number, page in enumerate(printed, 1):
        assert IDENTITY in page and "DRAFT – not signed" in page and f"Page {number} of {len(printed)}" in page
    assert "Step 119" in " ".join(printed) and "Known allergies: Penicillin" in printed[0]
    assert "Result: Potassium" in " ".join(printed)  # what a source is, not only where
    text = words(drafts_export.export(CASEY, shown, "docx"))
    assert IDENTITY in text and "DRAFT – not signed" in text and "Step 119" in text
    assert "Progress note (draft, not signed)" in drafts_export.plain(CASEY, shown)


def test_a_signed_one_has_its_signature_line(drafted: DRAFTED, world: System) -> None:
    note = drafted()
    sign(note)
    shown = opened(CASEY, note)
    line = "Signed electronically by Casey Clinician, "
    for text in (" ".join(pages(drafts_export.export(CASEY, shown, "pdf"))), words(drafts_export.export(CASEY, shown, "docx")),
                 drafts_export.export(CASEY, shown, "txt").decode()):  # fmt: skip
        assert line in text and "not signed" not in text.replace("DRAFT", "")
    told = world.repository.search("AuditEvent", [("subtype", "note_exported")]).matches
    assert len(told) == 3 and "doe" not in drafts_export.filename(shown, "pdf")


def test_letters_of_other_scripts() -> None:
    sheet = Sheet("Note", "ÅKESSON, Žofie · Ελένη · Борис · Nguyễn", "No known allergies", (),
                  (Page("Plan", "plan", (("SpO₂ ≥ 92 %, 5 µg, ½ tablet, 王", (1,)),)),), ("Result",), "", "")  # fmt: skip
    printed = " ".join(pages(pdf.pdf(sheet)))
    assert "ÅKESSON, Žofie · Ελένη · Борис · Nguyễn" in printed and "≥ 92 %, 5 µg, ½ tablet" in printed
    assert "[?]" in printed and "1 characters can't be shown" in printed  # said, never dropped
