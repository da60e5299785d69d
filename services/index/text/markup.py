"""HTML, XHTML and C-CDA narratives as plain text: blocks on lines, table rows kept, headings marked."""

from __future__ import annotations

import base64
import contextlib
import re
from html.parser import HTMLParser
from xml.parsers import expat

Span = tuple[int, int]

_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
        "header hr item legend li list main nav ol p paragraph pre section summary table tbody tfoot thead title tr ul "
        "h1 h2 h3 h4 h5 h6",
    )
)
_PARAGRAPHS = frozenset(
    ("p", "paragraph", "table", "list", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section")
)
_DROPPED = frozenset(("script", "style", "head", "template", "noscript", "object", "svg", "math"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong"))
_STRUCK = frozenset(("s", "del", "strike"))
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0]+")


class Writer:
    """Gathers text from start, end and character events; knows nothing of the parser that makes them."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, bool]] = []
        self._line: list[str] = []
        self._plain = False  # the line has words that aren't bold
        self._bold = self._heading = self._pre = 0
        self._lists: list[int | None] = []
        self._cells = 0

    def start(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "br":
            self._end_line()
        elif tag in _BLOCKS:
            self._end_line()
            if tag in _PARAGRAPHS:
                self._blank()
        if tag in ("ul", "list"):
            self._lists.append(1 if attributes.get("listtype") == "ordered" else None)
        elif tag == "ol":
            self._lists.append(1)
        elif tag in ("li", "item"):
            self._bullet()
        elif tag == "tr":
            self._cells = 0
        elif tag in ("td", "th"):
            if self._cells:
                self._add(" | ", bold=True)
            self._cells += 1
        elif tag in _HEADINGS:
            self._heading += 1
        elif tag in _BOLD or (tag == "content" and "bold" in (attributes.get("stylecode") or "").lower()):
            self._bold += 1
        elif tag == "pre":
            self._pre += 1
        elif tag in _STRUCK:
            self._add("[struck out: ")
        elif tag == "sup":
            self._add("^")  # 10<sup>9</sup> must not read as 109
        elif tag == "img" and (attributes.get("alt") or "").strip():
            self._add(f"[image: {attributes['alt']}]")
        elif tag == "input" and attributes.get("type") in ("checkbox", "radio"):
            self._add("[x] " if "checked" in attributes else "[ ] ")

    def end(self, tag: str, *, bold: bool = False) -> None:
        if tag in _BLOCKS:
            self._end_line()
            if tag in _PARAGRAPHS:
                self._blank()
        if tag in ("ul", "ol", "list"):
            if self._lists:
                self._lists.pop()
        elif tag in _HEADINGS:
            self._heading = max(0, self._heading - 1)
        elif tag in _BOLD or bold:
            self._bold = max(0, self._bold - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        elif tag in _STRUCK:
            self._add("]")

    def text(self, data: str) -> None:
        if self._pre:
            for place, line in enumerate(data.split("\n")):
                if place:
                    self._end_line(keep=True)
                self._add(line)
            return
        self._add(_SPACE.sub(" ", data))

    def heading(self, text: str) -> None:
        """A heading of its own, such as the title of a C-CDA section."""
        self._end_line()
        self._blank()
        self._lines.append((_SPACE.sub(" ", text).strip(), True))

    def result(self) -> tuple[str, list[Span]]:
        """The text and where its headings are."""
        self._end_line()
        parts: list[str] = []
        spans: list[Span] = []
        at = 0
        for line, is_heading in self._lines:
            if not line and (not parts or not parts[-1].strip("\n")):
                continue  # at most one empty line, and none at the start
            if is_heading and line:
                spans.append((at, at + len(line)))
            parts.append(f"{line}\n")
            at += len(line) + 1
        return "".join(parts).rstrip(), spans

    def _add(self, data: str, *, bold: bool = False) -> None:
        if data:
            self._line.append(data)
            if data.strip() and not (self._bold or bold):
                self._plain = True

    def _bullet(self) -> None:
        counter = self._lists[-1] if self._lists else None
        if counter is None:
            self._add("- ")
        else:
            self._add(f"{counter}. ")
            self._lists[-1] = counter + 1

    def _end_line(self, *, keep: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._pre or keep else re.sub(" {2,}", " ", line).strip()
        heading = bool(line) and (
            self._heading > 0 or (not self._plain and len(line) <= 80 and "|" not in line)
        )
        if line or keep:
            self._lines.append((line, heading))
        self._line, self._plain = [], False

    def _blank(self) -> None:
        if self._lines and self._lines[-1][0]:
            self._lines.append(("", False))


class _Html(HTMLParser):
    def __init__(self, writer: Writer) -> None:
        super().__init__(convert_charrefs=True)
        self.writer = writer
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif tag == "body":
            self._dropped = 0  # a head that was never closed
        elif not self._dropped and tag != "title":
            self.writer.start(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED and not self._dropped:
            self.writer.start(tag, dict(attrs))
            self.writer.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif not self._dropped:
            self.writer.end(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.writer.text(data)


def _closed(source: str) -> str:
    """The source with openings that nothing closes made into text: the parser would search all the rest for
    their end, once for each of them."""
    for opening, closing, shown in (("<!--", "-->", "&lt;!--"), ("<![", "]>", "&lt;!["), ("<", ">", "&lt;")):
        end = source.rfind(closing) + 1
        source = source[:end] + source[end:].replace(opening, shown)
    return source


def html(source: str) -> tuple[str, list[Span]]:
    """Text and heading spans of HTML or XHTML. Never raises on malformed markup."""
    writer = Writer()
    parser = _Html(writer)
    try:
        parser.feed(_closed(source))
        parser.close()
    except (AssertionError, ValueError):  # html.parser's own on broken declarations
        pass
    return writer.result()


class Refused(Exception):
    """The XML can't be read safely, or at all."""


class _Cda:
    """Reads section titles and narrative text; coded entries are left out, as the narrative attests them."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.attached: list[tuple[str, bytes]] = []
        self.root = ""
        self._path: list[str] = []
        self._shown: list[
            tuple[str, bool]
        ] = []  # what each open element is written as, and whether it is bold
        self._narrative = 0
        self._title: list[str] | None = None
        self._body: tuple[str, list[str]] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self.root = self.root or tag
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        attributes = {key.lower(): value for key, value in attributes.items()}
        low = "del" if attributes.get("revised") == "delete" else tag.lower()
        self._shown.append((low, "bold" in attributes.get("stylecode", "").lower() and low == "content"))
        if self._narrative:
            self.writer.start(low, dict(attributes))
        elif tag == "text" and parent == "section":
            self._narrative = len(self._path)
        elif tag == "title" and parent == "section":
            self._title = []
        elif tag == "text" and parent == "nonXMLBody" and attributes.get("representation") == "B64":
            self._body = (attributes.get("mediatype", ""), [])

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        low, bold = self._shown.pop()
        if self._narrative and len(self._path) == self._narrative:
            self._narrative = 0
            self.writer.start("p", {})
        elif self._narrative:
            self.writer.end(low, bold=bold)
        elif self._title is not None and tag == "title":
            self.writer.heading("".join(self._title))
            self._title = None
        elif self._body is not None and tag == "text":
            with contextlib.suppress(ValueError):
                self.attached.append((self._body[0], base64.b64decode("".join(self._body[1]))))
            self._body = None
        self._path.pop()

    def text(self, data: str) -> None:
        if self._narrative:
            self.writer.text(data)
        elif self._title is not None:
            self._title.append(data)
        elif self._body is not None:
            self._body[1].append(data)


def cda(source: bytes) -> tuple[str, list[Span], list[tuple[str, bytes]]]:
    """Narrative, heading spans, and embedded (media type, bytes) of a C-CDA document.

    Raises Refused where it is not one, is malformed, or declares a DOCTYPE (entities could expand).
    """

    def refuse(*_: object) -> None:
        raise Refused("DOCTYPE")

    reader = _Cda()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(source, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("malformed") from error
    if reader.root != "ClinicalDocument":
        raise Refused("not a clinical document")
    text, spans = reader.writer.result()
    return text, spans, reader.attached
