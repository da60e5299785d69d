"""Questions about one patient as the page asks and shows them."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from services.accounts.roles import Principal
from services.bots.rag_pipeline import handler
from services.bots.rag_pipeline.schemas import Citation, RAGPipelineOutput
from services.console.citing import KINDS, address_of
from services.console.dates import show_date
from services.console.replaying import keep_answer
from services.console.replaying_kept import now
from services.console.series import Series, series_of
from services.errors import FabricError, InvalidInput, PatientNotFound
from services.llm.config import load
from services.runtime.system import system

log = logging.getLogger("fabric")

MOST_CHARS = 2000
MOST_HISTORY = 20
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


@dataclass(frozen=True, slots=True)
class AskEvent:
    """`status`: what is going on; `delta`: a checked sentence of a model; `done`: the answer."""

    kind: Literal["status", "delta", "done"]
    text: str = ""
    reply: Reply | None = None


def readable(question: str) -> str:
    """The question without spaces around it. Raises InvalidInput where it is empty or too long."""
    question = question.strip()
    if not question:
        raise InvalidInput("Type a question.")
    if len(question) > MOST_CHARS:
        raise InvalidInput(f"The question has {len(question):,} characters; at most {MOST_CHARS:,} can be read. Shorten it.")
    return question


def ask(
    principal: Principal,
    patient_id: str,
    question: str,
    history: Sequence[str] = (),
    cancel: threading.Event | None = None,
) -> Iterator[AskEvent]:
    """Answers from this patient's record; `history` are the earlier questions, oldest first. Setting `cancel` stops a
    model, and the record's own answer stands.

    Raises InvalidInput, PatientNotFound, Unauthorized.
    """
    principal.require("search")
    question = readable(question)
    if not patient_id or len(patient_id) > 200:
        raise PatientNotFound("There is no such patient, or you may not see them.")
    turns = [{"question": q[:MOST_CHARS]} for q in history[-MOST_HISTORY:] if q.strip()]
    value = {"question": question, "patientId": patient_id, "history": turns}
    at = now()
    for kind, told in handler.stream(system().context(principal), value, cancel):
        if kind == "done":
            reply = _reply(question, told)
            keep_answer(principal, value, told, reply.id, at)
            yield AskEvent("done", reply=reply)
        else:
            yield AskEvent(kind, text=str(told))  # pyright: ignore[reportArgumentType]


class Asking:
    """A question that is being answered in a thread of its own, so that whoever waits can look elsewhere or stop it."""

    def __init__(self, principal: Principal, patient_id: str, question: str, history: Sequence[str] = ()) -> None:
        self.question = question
        self.status, self.problem = "", ""
        self.sentences: list[str] = []
        self.reply: Reply | None = None
        self.stopped = threading.Event()
        self._over = threading.Event()
        arguments = (principal, patient_id, question, tuple(history))
        threading.Thread(target=self._run, args=arguments, name="fabric-ask", daemon=True).start()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Until it is over, or so long; True where it is over."""
        return self._over.wait(seconds)

    def stop(self) -> None:
        """Ends a model's part."""
        self.stopped.set()

    def _run(self, principal: Principal, patient_id: str, question: str, history: Sequence[str]) -> None:
        try:
            for event in ask(principal, patient_id, question, history, self.stopped):
                if event.kind == "status":
                    self.status = event.text
                elif event.kind == "delta":
                    self.sentences.append(event.text)
                else:
                    self.reply = event.reply
        except FabricError as error:
            self.problem = error.message
        except Exception as error:
            log.error("a question could not be answered: %s", type(error).__name__)  # its text may be a patient's
            self.problem = "This question can't be answered because of a fault in the console. Ask it in other words, or search."
        finally:
            self._over.set()


@dataclass(slots=True)
class Conversation:
    """What was asked about one patient, oldest first. The last question may still be being answered."""

    turns: list[Asking] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        return bool(self.turns) and not self.turns[-1].over

    def ask(self, principal: Principal, patient_id: str, question: str) -> Asking:
        """Begins to answer, knowing what was asked before. Raises InvalidInput."""
        question = readable(question)
        history = [t.question for t in self.turns if t.reply]
        self.turns.append(Asking(principal, patient_id, question, history))
        return self.turns[-1]

    def clear(self) -> None:
        for turn in self.turns:
            turn.stop()
        self.turns.clear()


def _reply(question: str, output: RAGPipelineOutput) -> Reply:
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
