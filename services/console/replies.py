"""An answer as the Ask page shows it: made of what the bot gave, kept as JSON, and read again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import orjson

from services.bots.rag_pipeline.schemas import Citation, RAGPipelineOutput
from services.console.citing import KINDS, address_of
from services.console.dates import show_date
from services.console.series import Point, Series, series_of
from services.llm.config import load
from services.runtime.system import system

BANDS = ((0.9, "High confidence"), (0.6, "Fair confidence"), (0.0, "Low confidence"))
_LABELS = {
    "computed": "Computed from the record",
    "quoted": "Quoted from notes",
    "summary": "Summarised from the record",
    "absent": "Not in the record",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of an answer. `address` names its version and place, for `citing.open_citation`."""

    number: int
    reference: str
    version: str
    kind: str
    date: str
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the page shows it. `sentences` are (text, numbers of its sources); `dropped` are (sentence of a
    model, why it was refused); `notice` says why a model had no part in it."""

    id: str
    question: str
    kind: str
    label: str
    answered: bool
    sentences: list[tuple[str, list[int]]]
    citations: list[Cited]
    confidence: str
    steps: list[str]
    dropped: list[tuple[str, list[str]]]
    notice: str
    series: Series | None
    seconds: float

    def plain(self) -> str:
        """The answer with its sources listed, for a letter or a note."""
        lines = [f"{text} {''.join(f'[{n}]' for n in cited)}".strip() for text, cited in self.sentences]
        listed = [f"[{c.number}] {c.kind}, {c.date}: {c.text} ({c.reference})" for c in self.citations]
        return "\n".join([self.question, "", *lines, "", self.label, *(["", "Sources", *listed] if listed else [])])

    def sources(self) -> set[str]:
        """The references of everything that it shows something of."""
        return {c.reference for c in self.citations} | {p.reference for p in (self.series.points if self.series else ())}


def made(question: str, output: RAGPipelineOutput) -> Reply:
    """What the bot gave, as the page shows it."""
    label = _LABELS.get(output.kind) or f"Worded by {output.model_used}, checked"
    band = next(words for least, words in BANDS if output.confidence >= least)
    return Reply(
        id=uuid.uuid4().hex,
        question=question,
        kind=output.kind,
        label=label,
        answered=output.answered,
        sentences=[(s.text, s.citations) for s in output.sentences],
        citations=[_cited(c) for c in output.citations or []],
        confidence=f"{band} ({output.confidence:.2f}){'' if output.confidence >= BANDS[1][0] else ': read the source'}",
        steps=output.steps,
        dropped=[(str(d.get("text", "")), _problems(d)) for d in output.dropped or []],
        notice=output.message or _missing_model(),
        series=series_of(output, system().settings.timezone),
        seconds=output.total_time_ms / 1000,
    )


def packed(reply: Reply) -> bytes:
    return orjson.dumps(reply)


def unpacked(body: bytes) -> Reply | None:
    """None for what another version of the console kept in another shape."""
    try:
        value: dict[str, Any] = orjson.loads(body)
        series = value["series"]
        if series:
            series = Series(**{**series, "points": [Point(**p) for p in series["points"]]})
        sentences = [(str(text), list(numbers)) for text, numbers in value["sentences"]]
        dropped = [(str(text), list(why)) for text, why in value["dropped"]]
        citations = [Cited(**c) for c in value["citations"]]
        return Reply(**{**value, "series": series, "sentences": sentences, "dropped": dropped, "citations": citations})
    except (ValueError, KeyError, TypeError):
        return None


def _missing_model() -> str:
    """Said where a chat model is set up and none can be reached; "" where there is none by intent."""
    parts = system()
    if parts.router.chat_available():
        return ""
    config = parts.settings
    chat = bool(config.llm_router_url) or any(u.kind == "chat" for u in load(config.llm_config).upstreams.values())
    return "No chat model can be reached just now. This is the record's own answer." if chat else ""


def _cited(citation: Citation) -> Cited:
    name = citation.source.partition("/")[0]
    return Cited(
        number=citation.number,
        reference=citation.source,
        version=citation.version,
        kind=KINDS.get(name, name),
        date=show_date(citation.date) if citation.date else "No date",
        text=citation.text,
        address=address_of(citation.source, citation.version, citation.element, citation.span),
    )


def _problems(dropped: dict[str, Any]) -> list[str]:
    return [str(p["message"]) for p in dropped.get("problems") or [] if p.get("message")]
