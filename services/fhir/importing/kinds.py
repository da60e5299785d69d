"""What a file is, by its beginning and not by its name."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from pathlib import Path
from typing import Literal

Kind = Literal["fhir", "cda", "pdf", "text"]
LABELS: dict[Kind, str] = {"fhir": "FHIR", "cda": "C-CDA", "pdf": "PDF", "text": "Text"}
_HEAD = 4096
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*")


def kind_of(path: Path) -> tuple[Kind | None, str]:
    """(kind, "") or (None, why the file can't be taken in and what to do)."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as stream:
                head = stream.read(512)
        except (OSError, EOFError, zlib.error):
            return None, "The file is not a whole gzip file: pack it again."
        if not _bare(head).startswith((b"{", b"[")):
            return None, "Only FHIR files may be packed with gzip: unpack this one."
        return "fhir", ""
    bare = _bare(head)
    if not bare:
        return None, "The file is empty."
    if b"%PDF-" in head[:1024]:
        return "pdf", ""
    if bare.startswith(b"PK\x03\x04"):
        word = "Word" if b"word/" in head else ""
        if word or path.suffix.lower() in (".docx", ".xlsx", ".pptx", ".odt"):
            return None, "This is an office document: save it as PDF and import that."
        return None, "This is a zip archive: unpack it and import the files in it."
    if bare.startswith(b"{\\rtf"):
        return None, "This is an RTF document: save it as PDF or as plain text and import that."
    if head.startswith(_IMAGES):
        return None, "This is a picture: there is no text in it to read. Scan it with text recognition, to a PDF."
    if bare.startswith((b"{", b"[")):
        return "fhir", ""
    text = _text(head)
    if text.lstrip().startswith("<"):
        return _markup(text)
    if path.suffix.lower() in (".json", ".ndjson", ".jsonl"):
        return None, "This is not JSON: a FHIR file begins with { or [."
    if path.suffix.lower() in (".csv", ".tsv", ".xls"):
        return None, "This is a table: only FHIR, C-CDA, PDF and text can be imported."
    if _is_text(text):
        return "text", ""
    return None, "What this file is can't be told: only FHIR, C-CDA, PDF and text can be imported."


def _markup(text: str) -> tuple[Kind | None, str]:
    if "<!doctype html" in text.lower() or "<html" in text.lower():
        return None, "This is a web page: print it to a PDF and import that."
    if "ClinicalDocument" in text:
        return "cda", ""
    if "http://hl7.org/fhir" in text:
        return None, "This is FHIR in XML: only FHIR JSON and ndjson can be imported."
    return None, "This is XML, but no C-CDA document and nothing else that can be imported."


def _bare(head: bytes) -> bytes:
    return head.removeprefix(_MARKS[0]).lstrip()


def _text(head: bytes) -> str:
    for mark, charset in zip(_MARKS, ("utf-8-sig", "utf-16", "utf-16"), strict=True):
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(charset, "replace")
    with contextlib.suppress(UnicodeDecodeError):
        return head.decode("utf-8")
    return head.decode("cp1252", "replace")


def _is_text(text: str) -> bool:
    return sum(c.isprintable() or c in "\n\r\t\f" for c in text) >= 0.97 * len(text)
