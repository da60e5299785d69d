"""A note as a Word document; its sources are numbered at the end."""

from __future__ import annotations

import io
import re

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from services.drafts.export.model import Sheet

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML can't hold (XML 1.0, Char)."""


def docx(sheet: Sheet) -> bytes:
    made = Document()
    made.core_properties.title = sheet.title
    made.core_properties.author = ""
    header = made.sections[0].header.paragraphs[0]
    _say(header, sheet.identity, bold=True)
    _say(header, f"\n{sheet.allergies}")
    if sheet.mark:
        _say(header, f"\n{sheet.mark}", bold=True)
    footer = made.sections[0].footer.paragraphs[0]
    _say(footer, f"{sheet.mark + ' · ' if sheet.mark else ''}{sheet.title} · Page ")
    _field(footer, "PAGE")
    made.add_heading(_clean(sheet.title), 1)
    for line in sheet.about:
        _say(made.add_paragraph(), line)
    part = ""
    for section in sheet.sections:
        if section.part and section.part != part:
            part = section.part
            made.add_heading(part.capitalize(), 2)
        if section.title and section.title.casefold() != part:
            made.add_heading(_clean(section.title), 3)
        for text, cited in section.lines:
            item = made.add_paragraph(style="List Bullet")
            _say(item, text)
            if cited:
                item.add_run(f" [{', '.join(map(str, cited))}]").font.superscript = True
    if sheet.signature:
        _say(made.add_paragraph(), sheet.signature, bold=True)
    if sheet.sources:
        made.add_heading("Sources", 2)
        for number, source in enumerate(sheet.sources, 1):
            line = made.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            _say(line, f"{number}. {source}", size=8)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _say(paragraph: Paragraph, text: str, bold: bool = False, size: float | None = None) -> None:
    run = paragraph.add_run(_clean(text))
    run.bold = bold
    if size:
        run.font.size = Pt(size)


def _field(paragraph: Paragraph, code: str) -> None:
    """A field that Word works out, such as the page's number."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
