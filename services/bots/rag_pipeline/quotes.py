"""Sentences of documents, as answers quote them."""

from __future__ import annotations

from dataclasses import dataclass

from services.bots.rag_pipeline.answer import Source, on
from services.chart.chart import Chart
from services.chart.entry import Entry
from services.index.text import document_text
from services.knowledge.sentences import sentences


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a document. `polarity`: what it says of the concept asked for."""

    entry: Entry
    text: str
    span: tuple[int, int]
    polarity: str = "present"
    section: str = ""

    def source(self) -> Source:
        return Source(self.entry, self.text, "content", self.span)


def text_of(chart: Chart, entry: Entry) -> str:
    """The plain text of a document, or a report's conclusion; kept with the entry."""
    if "_text" not in entry.extra:
        entry.extra["_text"] = (
            document_text(entry.resource, chart.resolve) or entry.extra.get("conclusion") or ""
        )
    return entry.extra["_text"]


def bounds(entry: Entry) -> list[tuple[int, int]]:
    """Where its sentences are, once its text was asked for; kept with the entry."""
    if "_bounds" not in entry.extra:
        entry.extra["_bounds"] = sentences(entry.extra["_text"])
    return entry.extra["_bounds"]


def trimmed(entry: Entry, text: str, span: tuple[int, int], polarity: str) -> Quote | None:
    """Without the blanks at its ends; None where it is nothing else."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if text[start:end].endswith(":"):
        end = with_first_line(entry, text, end)
    return Quote(entry, text[start:end], (start, end), polarity) if end > start else None


def with_first_line(entry: Entry, text: str, end: int) -> int:
    """Where what stands under a heading ends its first sentence: a heading by itself says nothing."""
    following = next(((a, b) for a, b in bounds(entry) if a >= end), None)
    if following is None or text[following[0] : following[1]].rstrip().endswith(":"):
        return end
    return following[0] + len(text[following[0] : following[1]].rstrip())


def quoted(quote: Quote) -> str:
    flat = " ".join(quote.text.split())
    return f"“{flat}” ({quote.entry.name}, {on(quote.entry)})."
