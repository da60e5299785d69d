"""A chat answer as it is being made."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterator
from typing import Any

from services.errors import LLMError
from services.llm import answers, wire
from services.llm.answers import ChatAnswer
from services.llm.exchange import Exchange
from services.llm.link import Reply
from services.llm.retrying import explained


class ChatStream:
    """Iterates over pieces of text; then `answer` is the whole. Close it, or use it as a context manager: an answer
    that is left early is not made any further. Iterating raises LLMError where the answer breaks off or can't be
    read, LLMRouterError where the router reports an error within it, LLMTimeout, and Cancelled."""

    def __init__(
        self,
        exchange: Exchange,
        reply: Reply,
        first: bytes,
        rest: Iterator[bytes],
        *,
        asked: str,
        alias: str,
        ours: bool,
    ) -> None:
        self._exchange, self._reply = exchange, reply
        self._asked, self._model, self._ours = asked, alias, ours
        self._parts: list[str] = []
        self._pieces = self._read(itertools.chain((first,), rest))

    @property
    def answer(self) -> ChatAnswer:
        """The whole answer, once the last piece was taken. Raises LLMError before."""
        if self._exchange.answer is None:
            raise LLMError("The model's answer is not complete.")
        return self._exchange.answer

    def __iter__(self) -> ChatStream:
        return self

    def __next__(self) -> str:
        try:
            return next(self._pieces)
        except StopIteration:
            raise
        except BaseException as error:
            self._count()
            self._exchange.__exit__(type(error), error, error.__traceback__)
            self._reply.close()
            raise

    def close(self) -> None:
        """Ends the answer where it is. Does nothing after its end."""
        self._pieces.close()
        self._reply.close()
        self._count()
        self._exchange.end("closed")

    def __enter__(self) -> ChatStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _count(self) -> None:
        if self._exchange.answer is None:
            self._exchange.tokens = sum(map(wire.reckoned_tokens, (self._asked, "".join(self._parts))))

    def _read(self, events: Iterator[bytes]) -> Generator[str]:
        used, reason, done = None, None, False
        for data in events:
            self._exchange.deadline.check()
            if data == wire.DONE:
                done = True
                break
            event = self._checked(data)
            text, ended = answers.delta(event)
            reason, used = ended or reason, answers.usage(event) or used
            self._model = wire.plain_name(event.get("model"), self._model)
            if text:
                self._parts.append(text)
                yield text
        if not done and reason is None:
            raise LLMError("The LLM router broke off the answer.")
        answer = answers.finished(
            "".join(self._parts), self._model, used, reason, self._asked, self._exchange.request_id
        )
        self._exchange.answer, self._exchange.tokens = answer, answer.total_tokens
        self._reply.close()
        self._exchange.end("ok")

    def _checked(self, data: bytes) -> dict[str, Any]:
        event = wire.json_object(data)
        if event is None:
            raise LLMError("The LLM router sent an event that is not JSON.")
        if (error := event.get("error")) is not None:
            status = 504 if wire.error_code(error) == "upstream_timeout" else 502
            raise explained(status, error, ours=self._ours)
        return event
