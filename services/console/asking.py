"""Questions about one patient as the page asks and shows them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.accounts.roles import Principal
from services.bots.rag_pipeline import handler
from services.console import conversations
from services.console.conversations import Kept
from services.console.replaying import keep_answer
from services.console.replaying_kept import now
from services.console.replies import Reply, made
from services.errors import FabricError, InvalidInput, PatientNotFound
from services.runtime.system import system

log = logging.getLogger("fabric")

MOST_CHARS = 2000
MOST_HISTORY = 20


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
            reply = made(question, told)
            keep_answer(principal, value, told, reply.id, at)
            yield AskEvent("done", reply=reply)
        else:
            yield AskEvent(kind, text=str(told))  # pyright: ignore[reportArgumentType]


class Asking:
    """A question that is being answered in a thread of its own, so that whoever waits can look elsewhere or stop it; or
    that was answered earlier: `when` says so, and `changed` that the record has changed since."""

    def __init__(self, question: str, kept: Kept | None = None) -> None:
        self.question = question
        self.status, self.problem = "", ""
        self.sentences: list[str] = []
        self.reply: Reply | None = kept.reply if kept else None
        self.when, self.changed = (kept.when, kept.changed) if kept else ("", False)
        self.stopped = threading.Event()
        self.dropped = False  # the conversation was begun anew meanwhile
        self._over = threading.Event()
        if kept:
            self._over.set()

    def begin(self, principal: Principal, patient_id: str, history: Sequence[str] = ()) -> None:
        arguments = (principal, patient_id, self.question, tuple(history))
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
        at = now()
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
        if self.reply and not self.dropped:
            try:
                conversations.keep(principal, patient_id, self.reply, at)
            except FabricError as error:  # it is answered; it will not be there after a reload
                log.warning("an answer was not kept: %s", type(error).__name__)


@dataclass(slots=True)
class Conversation:
    """What was asked about one patient, oldest first. The last question may still be being answered. `hidden`: how many
    answers of earlier can't be shown any more."""

    turns: list[Asking] = field(default_factory=list)
    hidden: int = 0

    @classmethod
    def of(cls, principal: Principal, patient_id: str) -> Conversation:
        """As this person left it. Raises PatientNotFound, Unauthorized."""
        earlier = conversations.earlier(principal, patient_id)
        return cls([Asking(kept.reply.question, kept) for kept in earlier.turns], earlier.hidden)

    @property
    def busy(self) -> bool:
        return bool(self.turns) and not self.turns[-1].over

    def ask(self, principal: Principal, patient_id: str, question: str) -> Asking:
        """Begins to answer, knowing what was asked before. Raises InvalidInput."""
        question = readable(question)
        history = [t.question for t in self.turns if t.reply]
        turn = Asking(question)
        self.turns.append(turn)
        turn.begin(principal, patient_id, history)
        return turn

    def clear(self) -> None:
        """Of what is shown; what is kept goes by `conversations.forget`."""
        for turn in self.turns:
            turn.dropped = True
            turn.stop()
        self.turns.clear()
        self.hidden = 0
