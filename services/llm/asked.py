"""What is asked of a model: the bodies of requests, as the client makes them and as the router checks them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.errors import InvalidInput
from services.llm.wire import CHAT, EMBEDDINGS, TASKS, Problem, plain_name

MAX_TEXTS = 8192
_Model = Annotated[str, Field(min_length=1, max_length=200)]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[dict[str, Any]] | None = None


class _StreamOptions(BaseModel):
    model_config = ConfigDict(strict=True)

    include_usage: bool = False


class ChatRequest(BaseModel):
    """What is checked; every other field of the OpenAI API goes through to the model."""

    model_config = ConfigDict(strict=True)

    model: _Model
    messages: Annotated[list[_Message], Field(min_length=1, max_length=2000)]
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    stream: bool | None = None
    stream_options: _StreamOptions | None = None
    n: Literal[1] | None = None


class EmbeddingRequest(BaseModel):
    model_config = ConfigDict(strict=True)

    model: _Model
    input: str | Annotated[list[str], Field(min_length=1, max_length=MAX_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> list[str]:
        return [self.input] if isinstance(self.input, str) else self.input


def chat_request(body: bytes) -> dict[str, Any]:
    """The fields of a chat request. Raises Problem."""
    data = _object(body)
    try:
        ChatRequest.model_validate(data)
    except ValidationError as error:
        raise _problem(error) from error
    return data


def embedding_request(body: bytes) -> EmbeddingRequest:
    """Raises Problem."""
    data = _object(body)
    texts = data.get("input")
    if isinstance(texts, list) and texts and isinstance(texts[0], int | list):
        raise Problem(
            400,
            "invalid_type",
            "Send texts: tokens that were counted elsewhere are not taken.",
            param="input",
        )
    try:
        return EmbeddingRequest.model_validate(data)
    except ValidationError as error:
        raise _problem(error) from error


def _object(body: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(body)
    except ValueError as error:
        raise Problem(400, "invalid_json", "The body is not JSON.") from error
    if not isinstance(data, dict):
        raise Problem(400, "invalid_json", "The body is not a JSON object.")
    return data


def _problem(error: ValidationError) -> Problem:
    # Of the readings that a field may have, the one that went furthest is what was meant.
    first = max(error.errors(include_url=False, include_input=False), key=lambda one: len(one["loc"]))
    place = ".".join(str(part) for part in first["loc"] if part != "str" and "[" not in str(part))
    missing = first["type"] == "missing"
    return Problem(
        400, "missing_field" if missing else "invalid_value", f"{place}: {first['msg']}.", param=place
    )


def chat_body(
    messages: list[dict[str, Any]],
    task: str,
    model: str,
    temperature: float,
    max_tokens: int | None,
    *,
    stream: bool,
) -> tuple[str, bytes]:
    """All text that is sent, and the request's body. Raises InvalidInput."""
    _check_names(task, model, CHAT)
    if not messages or not all(
        isinstance(one, dict) and isinstance(one.get("role"), str) and isinstance(one.get("content"), str)
        for one in messages
    ):
        raise InvalidInput("Messages are a list of objects with a role and a content.")
    if not 0 <= temperature <= 2:
        raise InvalidInput("The temperature lies between 0 and 2.")
    if max_tokens is not None and max_tokens < 1:
        raise InvalidInput("At least one token must be allowed for the answer.")
    body: dict[str, Any] = {"model": model, "messages": messages, "temperature": temperature}
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return "\n".join(one["content"] for one in messages), _json(body)


def embedding_body(texts: Sequence[str], task: str, model: str) -> bytes:
    """Raises InvalidInput."""
    _check_names(task, model, EMBEDDINGS)
    if not texts:
        raise InvalidInput("There is no text to embed.")
    # base64 keeps each bit of a float32, and is a quarter of the size of its decimals.
    # Many servers refuse an empty text; a space is none to a model either.
    return _json({"model": model, "input": [text or " " for text in texts], "encoding_format": "base64"})


def _check_names(task: str, model: str, endpoint: str) -> None:
    if TASKS.get(task) != endpoint:
        known = ", ".join(name for name, path in TASKS.items() if path == endpoint)
        raise InvalidInput(f"'{task}' is not a task of {endpoint}; there are {known}.")
    if plain_name(model, "") != model or not model:
        raise InvalidInput("A model's name is 1 to 200 printable characters.")


def _json(body: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError as error:  # half of a character pair, for one
        raise InvalidInput("The text holds characters that can't be sent.") from error
