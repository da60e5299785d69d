"""The text of a section, for people, as plain text; and what the `ID`s in it say, to which entries refer."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_SPACE = re.compile(r"\s+")
_BLOCKS = frozenset(["paragraph", "list", "item", "table", "thead", "tbody", "tfoot", "tr", "caption", "br", "text", "title"])
MOST_CHARS = 5000
"""Of what one reference says: a whole section is never the name of one entry."""


class Narrative:
    """The text of a whole document, by `ID`."""

    def __init__(self, root: Element) -> None:
        self._marked = {mark: element for element in root.iter() if (mark := element.get("ID"))}

    def said(self, element: Element | None) -> str:
        """What an `originalText` or `text` says: its own words, or those that it refers to; "" for nothing."""
        if element is None:
            return ""
        reference = element.find("reference")
        if reference is not None:
            target = self._marked.get(reference.get("value", "").lstrip("#"))
            if target is not None:
                return plain(target)[:MOST_CHARS]
        return plain(element)[:MOST_CHARS]


def plain(element: Element) -> str:
    """Words on one line, the cells of a table apart."""
    parts: list[str] = []
    _gather(element, parts)
    return _SPACE.sub(" ", "".join(parts)).strip(" |")


def _gather(element: Element, parts: list[str]) -> None:
    if element.text:
        parts.append(element.text)
    for inner in element:
        if inner.tag in ("td", "th") and parts and "".join(parts[-1:]).strip():
            parts.append(" | ")
        elif inner.tag in _BLOCKS:
            parts.append(" ")
        _gather(inner, parts)
        if inner.tag in _BLOCKS:
            parts.append(" ")
        if inner.tail:
            parts.append(inner.tail)
