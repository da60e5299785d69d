"""A CDA document as a tree: parsed without entities or network, within limits, its namespaces as plain prefixes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from services.errors import InvalidInput

MOST_BYTES = 48 * 1024 * 1024
MOST_DEPTH = 100
MOST_ELEMENTS = 1_000_000
_PREFIXES = {
    "urn:hl7-org:v3": "",
    "urn:hl7-org:sdtc": "sdtc_",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi_",
}
_FOREIGN = "foreign_"


def parse(source: bytes) -> Element:
    """The root. An element or attribute of HL7's namespace has its plain name, one of SDTC or XML Schema the prefix
    `sdtc_` or `xsi_`.

    Raises InvalidInput that says what is wrong, and in which line.
    """
    if len(source) > MOST_BYTES:
        raise InvalidInput(f"The document is larger than {MOST_BYTES >> 20} MB: ask the sender for a shorter one.")
    reader = _Reader()
    try:
        reader.parser.Parse(source, True)
        root = reader.builder.close()
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code) or "not well formed"
        raise InvalidInput(
            f"The XML is broken in line {error.lineno} ({reason}): ask the sender for the file again."
        ) from None
    except (LookupError, ValueError, AssertionError):
        raise InvalidInput("The XML is written in characters that can't be read: ask for it in UTF-8.") from None
    if root.tag != "ClinicalDocument":
        raise InvalidInput("This is XML, but no C-CDA document: its first element is not ClinicalDocument of HL7 v3.")
    return root


class _Reader:
    """What the parser calls. Refuses what a clinical document never needs and an attack does."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self._depth = self._count = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MOST_DEPTH or self._count > MOST_ELEMENTS:
            raise InvalidInput("The XML is nested more deeply, or has more elements, than a clinical document has.")
        self.builder.start(_plain(name), {_plain(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(_plain(name))

    def _refuse(self, *_: object) -> int:
        raise InvalidInput("The XML declares a DOCTYPE or entities, which a C-CDA document doesn't have; it is not read.")


def _plain(name: str) -> str:
    space, separator, local = name.rpartition(" ")
    return _PREFIXES.get(space, _FOREIGN) + local if separator else local


def xsi_type(element: Element) -> str:
    """The type that an element says it has, without its namespace's prefix; "" where it says none."""
    return element.get("xsi_type", "").rpartition(":")[2]


def child(element: Element | None, path: str) -> Element | None:
    """The first element at the path; None where the element is None or has none."""
    return element.find(path) if element is not None else None


def children(element: Element | None, path: str) -> list[Element]:
    return element.findall(path) if element is not None else []


def related(element: Element, name: str, code: str | None = None, kind: str | None = None) -> Iterator[Element]:
    """The acts of this name that the element has an `entryRelationship` with: of this code, in this relation."""
    for link in element.findall("entryRelationship"):
        if kind is None or link.get("typeCode") == kind:
            for act in link.findall(name):
                if code is None or code_of(act) == code:
                    yield act


def code_of(element: Element | None) -> str:
    """The code of an act, "" where it has none."""
    found = child(element, "code")
    return found.get("code", "") if found is not None else ""


def is_null(element: Element | None) -> bool:
    return element is None or element.get("nullFlavor") is not None
