"""PDFs and text files as documents of a patient: a DocumentReference with the file as it came, and its text."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import logging
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from services.errors import InvalidInput
from services.fhir.importing.cda.codes import LOINC
from services.fhir.importing.cda.header import resource_id
from services.fhir.repository import Resource

MOST_BYTES = 48 * 1024 * 1024
MOST_PAGES = 2000
MOST_CHARS = 5_000_000
PAGE_BREAK = "\n\f\n"
TYPES = {
    "34133-9": "Summary of episode note",
    "18842-5": "Discharge summary",
    "11488-4": "Consult note",
    "11506-3": "Progress note",
    "34117-2": "History and physical note",
    "57133-1": "Referral note",
    "11504-8": "Surgical operation note",
    "28570-0": "Procedure note",
    "11502-2": "Laboratory report",
    "18748-4": "Diagnostic imaging study",
    "11526-1": "Pathology study",
}
"""Kinds of documents that a person may choose from: LOINC 2.76, long common names."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff]")
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"})
_CREATED = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was read: its text, a form feed between pages, and the day it says it was made, "" for none."""

    text: str
    pages: int
    made: str = ""
    silent: int = 0
    """Pages without text."""


def read_pdf(source: bytes, stop: Callable[[], bool] = lambda: False) -> Paper:
    """Raises InvalidInput that says what to do: encrypted, broken, scanned, too large."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError

    if len(source) > MOST_BYTES:
        raise InvalidInput(f"The PDF is larger than {MOST_BYTES >> 20} MB: split it, or print it with smaller pictures.")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = InvalidInput("The PDF is protected by a password: save it without one and import that.")
    pages: list[str] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(source), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        if (count := len(reader.pages)) > MOST_PAGES:
            raise InvalidInput(f"The PDF has {count:,} pages; at most {MOST_PAGES:,} can be read. Split it.")
        size = 0
        for page in reader.pages:
            if stop():
                raise InvalidInput("It was cancelled before it was read.")
            pages.append(clean(page.extract_text() or "").translate(_LIGATURES).strip())
            size += len(pages[-1])
            if size > MOST_CHARS:
                raise InvalidInput(f"The PDF has more than {MOST_CHARS:,} characters of text. Split it.")
        made = _day(reader)
    except InvalidInput:
        raise
    except (FileNotDecryptedError, DependencyError):
        raise locked from None
    except Exception:  # broken files make the library raise nearly anything
        raise InvalidInput("The PDF is broken and can't be read: ask the sender for it again, or print it anew.") from None
    text = PAGE_BREAK.join(pages)
    if not re.search(r"\w", text):
        raise InvalidInput("The PDF holds pictures of pages and no text: run text recognition (OCR) over it first.")
    return Paper(text.strip(" \n"), len(pages), made, sum(not page for page in pages))


def read_text(source: bytes) -> Paper:
    """UTF-8, UTF-16 by its mark, or Windows' Western characters. Raises InvalidInput where it is no text."""
    if len(source) > MOST_BYTES:
        raise InvalidInput(f"The file is larger than {MOST_BYTES >> 20} MB: split it.")
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = source.decode("utf-16", "replace")
    else:
        try:
            text = source.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = source.decode("cp1252", "replace")
    text = clean(text).strip()
    if len(text) > MOST_CHARS:
        raise InvalidInput(f"The file has more than {MOST_CHARS:,} characters. Split it.")
    if "\ufffd" in text and text.count("\ufffd") > 0.01 * len(text):
        raise InvalidInput("The file is written in characters that can't be read: save it as UTF-8.")
    if not re.search(r"\w", text):
        raise InvalidInput("There are no words in the file.")
    return Paper(text, text.count("\f") + 1)


def clean(text: str) -> str:
    """One kind of line end, composed letters, no control characters but the form feed between pages."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    text = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate is nothing that can be stored
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _day(reader: object) -> str:
    """When a PDF says that it was made."""
    found = _CREATED.match(str((getattr(reader, "metadata", None) or {}).get("/CreationDate", "")))
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def resources(source: bytes, paper: Paper, name: str, patient_id: str, kind: str, day: str, content_type: str) -> list[Resource]:
    """The Binary with the file and the DocumentReference with both; the same for the same file and patient.

    `kind` is a LOINC code of TYPES, `day` the document's date, "" where that isn't known.
    """
    key = resource_id("paper", hashlib.sha256(source).hexdigest(), patient_id)
    binary: Resource = {
        "resourceType": "Binary",
        "id": key,
        "contentType": content_type,
        "securityContext": {"reference": f"Patient/{patient_id}"},
        "data": base64.b64encode(source).decode(),
    }
    text = paper.text.encode()
    dated = {"creation": day} if day else {}
    reference: Resource = {
        "resourceType": "DocumentReference",
        "id": key,
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": LOINC, "code": kind, "display": TYPES[kind]}], "text": TYPES[kind]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "description": name,
        "content": [
            {"attachment": _attachment(content_type, source, name, dated, {"url": f"Binary/{key}"})},
            {"attachment": _attachment("text/plain; charset=utf-8", text, f"Text of {name}", dated, {"data": base64.b64encode(text).decode()})},
        ],
    }
    return [binary, reference]


def _attachment(content_type: str, content: bytes, title: str, dated: Resource, where: Resource) -> Resource:
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return {"contentType": content_type, **where, "size": len(content), "hash": base64.b64encode(digest).decode(), "title": title, **dated}
