"""A note as PDF, with Fira Sans embedded (SIL Open Font License)."""

from __future__ import annotations

import functools
from pathlib import Path

import fontpkg_fira_sans
from fontTools.ttLib import TTFont
from fpdf import FPDF, XPos, YPos

from services.drafts.export.model import Sheet

_FONTS = Path(fontpkg_fira_sans.ROOT) / "files"
_REGULAR, _BOLD = _FONTS / "FiraSans-Regular.ttf", _FONTS / "FiraSans-Bold.ttf"
_MARGIN = 18  # mm
_NEXT = {"new_x": XPos.LMARGIN, "new_y": YPos.NEXT}
_LINE = 5.2
_HEADED = 22  # mm: headings and two lines


def pdf(sheet: Sheet) -> bytes:
    made = _Paper(sheet)
    made.add_page()
    made.words(sheet.title, 15, bold=True)
    for line in sheet.about:
        made.words(line, 10)
    part = ""
    for section in sheet.sections:
        if section.part and section.part != part:
            part = section.part
            made.together()
            made.ln(2)
            made.words(part.upper(), 11, bold=True)
        if section.title and section.title.casefold() != part:
            made.together()
            made.ln(1)
            made.words(section.title, 11, bold=True)
        for text, cited in section.lines:
            made.sentence(text, cited)
    if sheet.signature:
        made.ln(5)
        made.words(sheet.signature, 11, bold=True)
    if sheet.sources:
        made.ln(4)
        made.words("Sources", 11, bold=True)
        for number, source in enumerate(sheet.sources, 1):
            made.words(f"{number}. {source}", 8)
    if made.lacking:
        made.ln(2)
        made.words(f"{made.lacking} characters can't be shown in this PDF's font and stand as “[?]”. The Word file has them.", 9)
    return bytes(made.output())


class _Paper(FPDF):
    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format="A4")
        self.sheet, self.lacking = sheet, 0
        self.add_font("fira", "", _REGULAR)
        self.add_font("fira", "B", _BOLD)
        self.set_margins(_MARGIN, 12, _MARGIN)
        self.set_auto_page_break(True, 20)
        self.set_title(sheet.title)
        self.set_lang("en")

    def header(self) -> None:
        self.words(self.sheet.identity, 9, bold=True)
        self.words(self.sheet.allergies, 9)
        if self.sheet.mark:
            self.words(self.sheet.mark, 12, bold=True)
        self.line(_MARGIN, self.get_y() + 1, self.w - _MARGIN, self.get_y() + 1)
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font("fira", "", 8)
        mark = f"{self.sheet.mark} · " if self.sheet.mark else ""
        self.cell(0, 5, self._drawn(f"{mark}{self.sheet.title} · Page {self.page_no()} of {{nb}}"), align="C")

    def together(self) -> None:
        """A heading is not left alone at the end of a page."""
        if self.will_page_break(_HEADED):
            self.add_page()

    def words(self, text: str, size: float, bold: bool = False) -> None:
        self.set_font("fira", "B" if bold else "", size)
        self.multi_cell(0, size * 0.5, self._drawn(text), align="L", **_NEXT)

    def sentence(self, text: str, cited: tuple[int, ...]) -> None:
        self.set_font("fira", "", 10)
        self.write(_LINE, f"• {self._drawn(text)}")
        if cited:
            self.set_font("fira", "", 7)
            self.write(_LINE, f" [{', '.join(map(str, cited))}]")
        self.ln(_LINE)

    def _drawn(self, text: str) -> str:
        known = _characters()
        held = "".join(c if ord(c) in known or c.isspace() else "[?]" for c in text)
        self.lacking += sum(ord(c) not in known and not c.isspace() for c in text)
        return held


@functools.lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    with TTFont(_REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap() or {})
