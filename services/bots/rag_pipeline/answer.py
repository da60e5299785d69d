"""What an answer is made of before it is put on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from services.chart.entry import Entry, days
from services.index.text import values


@dataclass(frozen=True, slots=True)
class Source:
    """Where a sentence comes from: an entry of the record, and which part of it."""

    entry: Entry
    text: str  # what it says, or the quoted words
    element: str = ""
    span: tuple[int, int] | None = None  # of the document's text, where the words are quoted
    similarity: float = 1.0

    @property
    def key(self) -> tuple[str, tuple[int, int] | None]:
        return (self.entry.reference, self.span)


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, and what it rests on. No sources only where it says that the record holds nothing."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(slots=True)
class Answer:
    """`result` is {type, value, unit, …}; `steps` tell how it was computed; `kind` is computed, quoted,
    summary or absent."""

    statements: list[Statement]
    result: dict[str, Any] | None = None
    answered: bool = True
    kind: Literal["computed", "quoted", "summary", "absent", "generated"] = "computed"
    steps: list[str] = field(default_factory=list)
    certainty: float = 1.0  # of having understood the question and matched the right entries
    series: list[Entry] = field(default_factory=list)  # for a chart


def absent(text: str, steps: Sequence[str] = (), sources: Sequence[Source] = ()) -> Answer:
    """The record doesn't say. `text` names what was looked for."""
    return Answer([Statement(text, tuple(sources))], None, answered=False, kind="absent", steps=list(steps))


def number(value: float, unit: str | None = None) -> dict[str, Any]:
    return {
        "type": "number",
        "value": int(value) if float(value).is_integer() else value,
        "unit": unit or None,
    }


def date(value: str | None, timed: bool = False) -> dict[str, Any]:
    """The day; with the time of day, as it was recorded, where that is asked for."""
    return {"type": "date", "value": (value if timed else value[:10]) if value else None}


def clock(entry: Entry) -> str:
    """ " at 21:50": the time of day as recorded, where there is one."""
    return f" at {entry.date[11:16]}" if entry.date and len(entry.date) >= 16 else ""


def truth(value: bool) -> dict[str, Any]:
    return {"type": "boolean", "value": value}


def words(value: str) -> dict[str, Any]:
    return {"type": "text", "value": value}


def listing(entries: Sequence[Entry], name: Any = None) -> dict[str, Any]:
    """The names of the entries, and beside them each with its source."""
    items = []
    for entry in entries:
        item: dict[str, Any] = {"text": name(entry) if name else entry.name, "source": entry.reference}
        if entry.date:
            item["date"] = entry.date[:10]
        if entry.kind == "result" and entry.measure:
            item["value"] = entry.measure.amount if entry.measure.amount is not None else entry.measure.text
            item["unit"] = entry.measure.code or None
        items.append(item)
    return {"type": "list", "value": [i["text"] for i in items], "items": items}


def shown(value: str | None) -> str:
    """A FHIR date as 12-Mar-2025, at its own precision; "an unknown date" where there is none."""
    if not value or days(value) is None:
        return "an unknown date"
    return values.date(value[:10])


def on(entry: Entry) -> str:
    """ "on 12-Mar-2025", "in Mar-2025", "at an unknown date"."""
    if not entry.date or days(entry.date) is None:
        return "at an unknown date"
    return f"{'on' if len(entry.date) >= 10 else 'in'} {shown(entry.date)}"


def joined(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
