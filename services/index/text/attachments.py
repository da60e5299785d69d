"""Attachments as text: plain, HTML, RTF, PDF, C-CDA; inline, or by way of a Binary."""

from __future__ import annotations

import base64
import io
import logging
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from services.index.text import markup, values
from services.index.text.context import Context
from services.index.text.markup import Span

log = logging.getLogger(__name__)

PDF_WITHOUT_TEXT = "PDF without text"
PDF_ENCRYPTED = "PDF protected by a password"
_RANK = {"html": 0, "cda": 1, "plain": 2, "rtf": 3, "pdf": 4}
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff]")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:\-]+)", re.IGNORECASE)
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class Document:
    """Plain text, where its headings are, and what could not be read."""

    text: str = ""
    headings: list[Span] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def append(self, other: Document) -> None:
        """Adds another's text after an empty line."""
        if other.text:
            offset = len(self.text) + 2 if self.text else 0
            self.text = f"{self.text}\n\n{other.text}" if self.text else other.text
            self.headings += [(start + offset, end + offset) for start, end in other.headings]


def read(attachments: list[dict[str, Any]], context: Context) -> Document:
    """The text of a resource's attachments.

    The repetitions of an attachment are meant to be one document in several formats, but servers also put
    several documents there: the best format is taken, and another one is added only where it says
    something that is not yet there.
    """
    document = Document()
    found: list[tuple[int, int, Document]] = []
    for place, attachment in enumerate(attachments):
        kind, part = _read_one(attachment, context)
        document.problems += part.problems
        if part.text:
            found.append((_RANK.get(kind, 9), place, part))
    seen: dict[int, set[int]] = {}
    taken: list[tuple[int, Document]] = []
    for rank, place, part in sorted(found, key=lambda item: item[:2]):
        shingles = _shingles(part.text)
        # Only across formats: two texts of one format are two documents, unless they are the same.
        others = set().union(*(known for other, known in seen.items() if other != rank)) if seen else set()
        same = any(part.text == other.text for _, other in taken)
        if same or (others and len(shingles & others) >= 0.9 * len(shingles)):
            continue
        seen.setdefault(rank, set()).update(shingles)
        taken.append((place, part))
    for _, part in sorted(taken, key=lambda item: item[0]):
        document.append(part)
    document.problems = list(dict.fromkeys(document.problems))
    return document


def _shingles(text: str) -> set[int]:
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[at : at + 3])) for at in range(max(1, len(words) - 2))}


def _read_one(attachment: dict[str, Any], context: Context) -> tuple[str, Document]:
    kind = ""
    try:
        source, content_type = _bytes(attachment, context)
        if source is None:
            return "", Document()
        if len(source) > _MAX_BYTES:
            return "", Document(problems=["attachment too large to read"])
        kind, document = text_of(source, content_type)
        return kind, document
    except RecursionError:
        return kind, Document(problems=["attachment could not be read"])


def text_of(source: bytes, content_type: str) -> tuple[str, Document]:
    """(kind, text) of an attachment's bytes. Never raises; an unknown type gives no text."""
    media = content_type.partition(";")[0].strip().lower()
    if source.startswith(b"%PDF-") or media in ("application/pdf", "application/x-pdf"):
        return "pdf", _pdf(source)
    if media in ("text/rtf", "application/rtf", "application/x-rtf") or source.startswith(b"{\\rtf"):
        return "rtf", _rtf(source)
    if media in ("text/html", "application/xhtml+xml"):
        text, spans = markup.html(_clean(_decode(source, content_type)))
        return "html", Document(text, spans)
    if media in ("text/xml", "application/xml", "application/hl7-sda+xml", "application/cda+xml") or (
        not media and b"<ClinicalDocument" in source[:2000]
    ):
        return "cda", _cda(source)
    if media in ("text/plain", "text/markdown", "text/x-markdown", "") or media.startswith("text/plain"):
        text = _clean(_decode(source, content_type))
        if not media and not _is_text(text):
            return "", Document()
        return "plain", Document(text.strip())
    return "", Document()


def _is_text(text: str) -> bool:
    sample = text[:2000]
    return sum(char.isprintable() or char in "\n\t\f" for char in sample) >= 0.95 * len(sample)


def _bytes(attachment: dict[str, Any], context: Context) -> tuple[bytes | None, str]:
    content_type = attachment.get("contentType")
    content_type = content_type if isinstance(content_type, str) else ""
    data = attachment.get("data")
    if isinstance(data, str) and data.strip():
        return _base64(data), content_type
    url = attachment.get("url")
    if not isinstance(url, str) or not url.strip():
        return None, content_type
    if url.startswith("data:"):
        head, _, body = url[5:].partition(",")
        source = _base64(body) if head.endswith(";base64") else unquote_to_bytes(body)
        return source, content_type or head.removesuffix(";base64")
    binary = context.get(url)
    if binary is None or not isinstance(binary.get("data"), str):
        return None, content_type
    theirs = binary.get("contentType")
    return _base64(binary["data"]), content_type or (theirs if isinstance(theirs, str) else "")


def _base64(data: str) -> bytes | None:
    """None where it isn't base64: half of a document could say the opposite of the whole."""
    compact = re.sub(r"\s+", "", data)
    if "-" in compact or "_" in compact:
        compact = compact.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except ValueError:
        return None


def _decode(source: bytes, content_type: str) -> str:
    """Bytes to text by byte-order mark, the declared charset, UTF-8, or Windows' Western one, in this order."""
    for mark, charset in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if source.startswith(mark):
            return source.decode(charset, "replace")
    declared = _CHARSET.search(content_type)
    if declared is None:
        declared = _CHARSET.search(source[:1024].decode("latin-1")) if b"<" in source[:64] else None
    for charset in filter(None, (declared and declared[1], "utf-8", "cp1252")):
        try:
            return source.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
        except (ValueError, TypeError):  # codecs that aren't text encodings
            continue
    return source.decode("latin-1")


def _clean(text: str) -> str:
    """One kind of line end and space, composed letters, no control characters. Digits are never folded."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u2028", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _rtf(source: bytes) -> Document:
    from striprtf.striprtf import rtf_to_text

    try:
        text = rtf_to_text(source.decode("latin-1"), encoding="cp1252", errors="replace")
    except Exception:  # the library raises whatever a broken file makes it trip over
        log.warning("an RTF attachment could not be read")
        return Document(problems=["RTF could not be read"])
    return Document(_clean(text).strip())


def _pdf(source: bytes) -> Document:
    """The text layer of a PDF, a form feed between pages."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(source), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return Document(problems=[PDF_ENCRYPTED])
        pages = [_clean(page.extract_text() or "").translate(_LIGATURES).strip() for page in reader.pages]
    except Exception:  # broken files make the library raise nearly anything
        log.warning("a PDF attachment could not be read")
        return Document(problems=["PDF could not be read"])
    text = "\n\f\n".join(pages).strip()
    if not re.search(r"\w", text):
        return Document(problems=[PDF_WITHOUT_TEXT])
    if missing := sum(not page for page in pages):
        return Document(text, problems=[f"{missing} of {len(pages)} PDF pages without text"])
    return Document(text)


def _cda(source: bytes) -> Document:
    try:
        text, spans, attached = markup.cda(source)
    except markup.Refused:
        return Document(problems=["XML could not be read"])
    offset_text = unicodedata.normalize("NFC", text)
    document = Document(offset_text, spans if offset_text == text else [])
    for media, body in attached:
        if media not in ("text/xml", "application/xml"):
            document.append(text_of(body, media)[1])
    return document


def narrative(resource: dict[str, Any]) -> Document:
    """text.div of the resource."""
    div = values.obj(resource.get("text")).get("div")
    if not isinstance(div, str) or not div.strip():
        return Document()
    text, spans = markup.html(_clean(div))
    return Document(text, spans)
