"""Models' answers, checked: what a router or a model sends is believed only in this shape."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np

from services.errors import EmbeddingError, LLMError
from services.llm.wire import plain_name, reckoned_tokens


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What a chat model said. Where the server counts no tokens they are reckoned from the text's length."""

    text: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    finish_reason: str | None  # "stop", or "length" where the answer was cut off at max_tokens
    request_id: str


@dataclass(frozen=True, slots=True)
class EmbeddingsAnswer:
    """(n, d) float32 in the order of the texts, as the model made them, and the model that made them."""

    vectors: np.ndarray
    model: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that the router lists. `type` is "chat", "embedding" or "" where the router doesn't say; `version`
    names everything that shapes the vectors of an embedding model whose maker promises that."""

    id: str
    type: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a server counted."""

    prompt: int
    completion: int
    total: int


def usage(answer: dict[str, Any]) -> Usage | None:
    """What a server says was used, or None."""
    told = answer.get("usage")
    if not isinstance(told, dict):
        return None
    prompt, completion = (_count(told.get(name)) for name in ("prompt_tokens", "completion_tokens"))
    return Usage(prompt, completion, _count(told.get("total_tokens")) or prompt + completion)


def _count(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def chat_answer(answer: dict[str, Any] | None, asked: str, alias: str, request_id: str) -> ChatAnswer:
    """A whole answer; `asked` is all that was sent. Raises LLMError where it holds no text."""
    answer, message = checked(answer)
    text = message.get("content")
    if not isinstance(text, str):
        raise LLMError("The model's answer holds no text.")
    return finished(
        text,
        plain_name(answer.get("model"), alias),
        usage(answer),
        _choice(answer).get("finish_reason"),
        asked,
        request_id,
    )


def checked(answer: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """A whole answer and the message in it. Raises LLMError where there is none."""
    if answer is None:
        raise LLMError("The model's answer is not JSON.")
    message = _choice(answer).get("message")
    if not isinstance(message, dict):
        raise LLMError("The model's answer holds no choice.")
    return answer, message


def finished(
    text: str, model: str, used: Usage | None, reason: Any, asked: str, request_id: str
) -> ChatAnswer:
    """An answer put together, with tokens reckoned where nobody counted. Raises LLMError where it is blank."""
    if not text.strip():
        raise LLMError("The model's answer is empty.")
    if used is None or not used.total:
        prompt, completion = reckoned_tokens(asked), reckoned_tokens(text)
        used = Usage(prompt, completion, prompt + completion)
    return ChatAnswer(
        text,
        model,
        used.prompt,
        used.completion,
        used.total,
        reason if isinstance(reason, str) else None,
        request_id,
    )


def delta(event: dict[str, Any]) -> tuple[str, str | None]:
    """The new text of one event of a stream, and why the answer ended, where it did."""
    choice = _choice(event)
    piece = choice.get("delta")
    text = piece.get("content") if isinstance(piece, dict) else None
    reason = choice.get("finish_reason")
    return text if isinstance(text, str) else "", reason if isinstance(reason, str) else None


def _choice(answer: dict[str, Any]) -> dict[str, Any]:
    choices = answer.get("choices")
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def vectors(answer: dict[str, Any] | None, count: int) -> np.ndarray:
    """(count, d) float32, in the order of the texts whatever the order of the rows. Raises EmbeddingError."""
    if answer is None:
        raise EmbeddingError("The model's answer is not JSON, or holds no embeddings.")
    rows = answer.get("data")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise EmbeddingError("The model's answer holds no embeddings.")
    if len(rows) != count:
        raise EmbeddingError(f"The model returned {len(rows)} embeddings for {count} texts.")
    places = [row.get("index", place) for place, row in enumerate(rows)]
    if any(type(place) is not int for place in places) or sorted(places) != list(range(count)):
        raise EmbeddingError("The model's embeddings are numbered wrongly.")
    found = [_numbers(row.get("embedding")) for row in rows]
    if len({len(vector) for vector in found}) > 1:
        raise EmbeddingError("The model returned embeddings of different lengths.")
    made = np.empty((count, len(found[0]) if found else 0), dtype=np.float32)
    made[places] = found
    if not np.isfinite(made).all():
        raise EmbeddingError("The model returned an embedding that is not finite.")
    return made


def _numbers(value: Any) -> np.ndarray:
    """One embedding, sent as base64 of float32 or as numbers."""
    if isinstance(value, str):
        try:
            return np.frombuffer(base64.b64decode(value, validate=True), dtype="<f4")
        except ValueError as error:
            raise EmbeddingError("The model returned an embedding that is not base64 of float32.") from error
    if not isinstance(value, list) or any(type(number) not in (int, float) for number in value):
        raise EmbeddingError("The model returned an embedding that is not a list of numbers.")
    try:
        with np.errstate(over="ignore"):
            return np.array(value, dtype=np.float64).astype(np.float32)
    except OverflowError as error:
        raise EmbeddingError("The model returned an embedding that is not finite.") from error
