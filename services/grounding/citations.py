"""Citations in a text, and its sentences with the citations that belong to each."""

from __future__ import annotations

import re

from services.knowledge.sentences import sentences

_WORD = r"(?:(?:evidence|source|ref|no)\.?\s*|\#\s*)?"
_ONE = rf"{_WORD}\d{{1,4}}(?:\s*(?:[-–—−]|to)\s*{_WORD}\d{{1,4}})?"
_LIST = rf"\s*{_ONE}(?:\s*(?:[,;，、&]|and)\s*{_ONE})*\s*"
CITATION = re.compile(rf"\[\^?{_LIST}\]|［{_LIST}］|（{_LIST}）|【{_LIST}】", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,4})(?:\s*(?:[-–—−]|to)\s*\D{0,10}?(\d{1,4}))?")
_WIDEST = 50  # a range of more is no list of sources
_GROUP = rf"(?:{CITATION.pattern})"
_AFTER_STOP = re.compile(
    rf"(?P<stop>[.!?]+[\"'”’)]*)(?P<gap>[ \t]*)(?P<marks>{_GROUP}(?:[ \t]*{_GROUP})*)", re.IGNORECASE
)


def parse_citations(text: str) -> tuple[int, ...]:
    """The numbers cited, each once, in order: "[1]", "[1][2]", "[1, 2]", "[1-3]", "［1］", "（1）", "【1】"."""
    found: dict[int, None] = {}
    for match in CITATION.finditer(text):
        for first, last in _RANGE.findall(match.group()):
            low, high = int(first), int(last or first)
            if low <= high <= low + _WIDEST:
                found.update(dict.fromkeys(range(low, high + 1)))
            else:
                found.update({low: None, high: None})
    return tuple(found)


def without_citations(text: str) -> str:
    """The text with blanks in place of its citations, so that every other character keeps its place."""
    return CITATION.sub(lambda m: " " * len(m.group()), text)


def split(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence; citations behind its full stop belong to the sentence before them."""
    return sentences(_AFTER_STOP.sub(_swap, text))


def _swap(match: re.Match[str]) -> str:
    """The full stop behind its citations, in as many characters. A decimal point ("4.[1]") is none."""
    return f"{match['gap']}{match['marks']}{match['stop']}"
