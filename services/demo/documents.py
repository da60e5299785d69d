"""Bytes of the demo notes: plain text, HTML, RTF and a one-page PDF.

Real records arrive in all four, so a few notes are stored in each; the others are plain text.
"""

from __future__ import annotations

import html
import inspect
import re
import textwrap

_ITEM = re.compile(r"^(\s*[-•*]|\s*\d+[.)]\s)")
_HEADING = re.compile(r"^[A-Z][A-Z0-9 ,/&()'-]+:$")


def reflow(text: str) -> str:
    """Joins lines wrapped in the source, so that a paragraph is one line; lists and headings keep theirs."""
    blocks: list[list[str]] = [[]]
    for line in inspect.cleandoc(text).splitlines():
        if not line.strip():
            blocks.append([])
            continue
        block = blocks[-1]
        if block and not _ITEM.match(line) and not _HEADING.match(block[-1]) and not _HEADING.match(line):
            block[-1] = f"{block[-1]} {line.strip()}"
        else:
            block.append(line.strip())
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def as_html(text: str) -> str:
    """Headings as <h2>, list items as <li>, the rest as <p>: what an outside system's export looks like."""
    out: list[str] = []
    items: list[str] = []

    def close_list() -> None:
        if items:
            out.append("<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>")
            items.clear()

    for line in filter(None, text.splitlines()):
        if _ITEM.match(line):
            items.append(html.escape(_ITEM.sub("", line).strip()))
            continue
        close_list()
        tag = "h2" if _HEADING.match(line) else "p"
        out.append(f"<{tag}>{html.escape(line)}</{tag}>")
    close_list()
    return '<html><head><meta charset="utf-8"></head><body>' + "".join(out) + "</body></html>"


def as_rtf(text: str) -> str:
    """The smallest RTF that word processors open: one font, \\u escapes for what is not ASCII."""

    def escaped(line: str) -> str:
        line = re.sub(r"([\\{}])", r"\\\1", line)
        return "".join(ch if ord(ch) < 128 else f"\\u{ord(ch)}?" for ch in line)

    body = "\\par\n".join(
        f"{{\\b {escaped(line)}}}" if _HEADING.match(line) else escaped(line) for line in text.splitlines()
    )
    return "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Helvetica;}}\\f0\\fs22\n" + body + "\\par\n}"


def as_pdf(text: str) -> bytes:
    """A one-page PDF written by hand: five objects and a cross-reference table, with a real text layer."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 92) or [""])]
    shown = "\n".join(
        "(" + re.sub(r"([\\()])", r"\\\1", line) + ") Tj T*" for line in lines[:62]
    )  # 62 lines at 11.5 points fill the page; the notes stored this way are shorter
    stream = f"BT /F1 10 Tf 11.5 TL 54 750 Td\n{shown}\nET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
        b"/Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(out),
        )
    )


FORMATS = {
    "txt": ("text/plain; charset=utf-8", lambda text: text.encode()),
    "html": ("text/html; charset=utf-8", lambda text: as_html(text).encode()),
    "rtf": ("text/rtf", lambda text: as_rtf(text).encode("ascii")),
    "pdf": ("application/pdf", as_pdf),
}
