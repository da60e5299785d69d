"""Which model makes the vectors: the embedded one, or a router's where one is set.

Both answer the same protocol. A vector belongs to the model's `version`; vectors of two versions are
never compared.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import httpx
import numpy as np
import tenacity

from services.errors import EmbeddingError, LLMRouterError
from services.llm.embedded import EmbeddedModel
from services.settings import Settings

DIMENSIONS = 768  # of every stored embedding, whichever model made it
BATCH = 64
TRIES = 3
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
QUERY_CACHE = 1024


@runtime_checkable
class EmbeddingModel(Protocol):
    """Texts to vectors whose dot product is their cosine."""

    @property
    def version(self) -> str:
        """Changes whenever anything changes that changes a vector."""
        ...

    @property
    def dimensions(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimensions) float32 of unit length, in the order of `texts`. Raises EmbeddingError."""
        ...

    def embed_query(self, text: str) -> np.ndarray:
        """(dimensions,) float32 of unit length. Raises EmbeddingError."""
        ...


def embedding_model(settings: Settings) -> EmbeddingModel:
    """The model that the settings ask for. Nothing is loaded or called before the first text."""
    if settings.llm_router_url:
        return RouterModel(
            settings.llm_router_url,
            api_key=settings.llm_api_key.get_secret_value(),
            client_id=settings.llm_client_id,
            alias=settings.embedding_model,
        )
    return EmbeddedModel(settings.embedding_model_path, settings.embedding_threads)


class _TryAgain(Exception):
    """A failure that may pass: the router is busy, restarting, or unreachable."""

    def __init__(self, error: LLMRouterError, after: float | None = None) -> None:
        super().__init__(error.message)
        self.error = error
        self.after = after  # seconds that the router asked for


class RouterModel:
    """An OpenAI-compatible router's embedding model. Safe to share between threads."""

    dimensions = DIMENSIONS

    def __init__(
        self,
        url: str,
        *,
        api_key: str,
        client_id: str,
        alias: str,
        timeout: httpx.Timeout = TIMEOUT,
        backoff: float = 0.5,
    ) -> None:
        """`backoff`: seconds before the second try; the third waits twice as long."""
        self._alias = alias
        self._backoff = backoff
        self._client = httpx.Client(
            base_url=url.rstrip("/").removesuffix("/v1"),
            timeout=timeout,
            headers={"Authorization": f"Bearer {api_key}", "X-Client-Id": client_id},
        )
        self._lock = threading.Lock()
        self._served: str | None = None
        self._queries: OrderedDict[str, np.ndarray] = OrderedDict()

    @property
    def version(self) -> str:
        """`router:<alias>:<model that answered>`. Asks the router once. Raises as `embed` does."""
        if self._served is None:
            self.embed(["version"])
        return f"router:{self._alias}:{self._served}"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 768) float32 of unit length, in the order of `texts`.

        Raises LLMRouterError where the router can't be reached or refuses, and EmbeddingError where it
        answers with something that can't be used, or with another model than before.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            batch = list(texts[start : start + BATCH])
            vectors[start : start + len(batch)] = self._batch(batch, "embedding")
        return vectors

    def embed_query(self, text: str) -> np.ndarray:
        """(768,) float32, read-only. Recent queries are remembered. Raises as `embed` does."""
        with self._lock:
            known = self._queries.get(text)
            if known is not None:
                self._queries.move_to_end(text)
                return known
        vector = self._batch([text], "semantic_search")[0]
        vector.flags.writeable = False
        with self._lock:
            self._queries[text] = vector
            while len(self._queries) > QUERY_CACHE:
                self._queries.popitem(last=False)
        return vector

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _batch(self, texts: list[str], task: str) -> np.ndarray:
        # An empty text is refused by many servers; a space is not.
        body = {"model": self._alias, "input": [text or " " for text in texts]}
        headers = {"X-Clinic-Task": task, "X-Request-Id": str(uuid.uuid4())}
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(TRIES),
            wait=self._wait,
            retry=tenacity.retry_if_exception_type(_TryAgain),
            reraise=True,
        )
        try:
            answer = retrying(self._post, body, headers)
        except _TryAgain as failure:
            raise failure.error from failure
        return self._read(answer, len(texts))

    def _wait(self, state: tenacity.RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        asked = failure.after if isinstance(failure, _TryAgain) else None
        if asked is not None:
            return min(asked, 30.0)
        return self._backoff * 2 ** (state.attempt_number - 1)

    def _post(self, body: dict[str, Any], headers: dict[str, str]) -> Any:
        try:
            response = self._client.post("/v1/embeddings", json=body, headers=headers)
        except httpx.TimeoutException as error:
            raise _TryAgain(LLMRouterError("The LLM router did not answer in time.")) from error
        except httpx.TransportError as error:
            raise _TryAgain(LLMRouterError("The LLM router can't be reached.")) from error
        except httpx.HTTPError as error:
            raise LLMRouterError("The LLM router's answer could not be read.") from error
        status = response.status_code
        if status == 429 or status >= 500:
            raise _TryAgain(LLMRouterError(f"The LLM router answered {status}."), _seconds(response))
        if status in (401, 403):
            raise LLMRouterError(
                f"The LLM router refused the key ({status}). Check FABRIC_LLM_API_KEY and "
                "FABRIC_LLM_CLIENT_ID."
            )
        if status != 200:
            raise LLMRouterError(f"The LLM router refused the request ({status}).")
        try:
            return response.json()
        except ValueError as error:
            raise EmbeddingError("The LLM router's answer is not JSON.") from error

    def _read(self, answer: Any, count: int) -> np.ndarray:
        """Checks an answer and brings its vectors into order and to unit length. Raises EmbeddingError."""
        rows = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise EmbeddingError("The LLM router's answer holds no embeddings.")
        if len(rows) != count:
            raise EmbeddingError(f"The LLM router returned {len(rows)} embeddings for {count} texts.")
        places = [row.get("index", place) for place, row in enumerate(rows)]
        if any(type(place) is not int for place in places) or sorted(places) != list(range(count)):
            raise EmbeddingError("The LLM router's embeddings are numbered wrongly.")
        vectors = np.empty((count, DIMENSIONS), dtype=np.float32)
        for place, row in zip(places, rows, strict=True):
            vectors[place] = _vector(row.get("embedding"))
        self._check_model(answer.get("model"))
        return vectors

    def _check_model(self, served: Any) -> None:
        name = served if isinstance(served, str) and served else self._alias
        with self._lock:
            if self._served is None:
                self._served = name
            elif self._served != name:
                raise EmbeddingError(
                    f"The LLM router changed its embedding model from {self._served} to {name}. Restart the "
                    "console and run 'fabric reindex', so that vectors of two models are not mixed."
                )


def _vector(values: Any) -> np.ndarray:
    """One checked vector at unit length."""
    if not isinstance(values, list) or any(type(value) not in (int, float) for value in values):
        raise EmbeddingError("The LLM router returned an embedding that is not a list of numbers.")
    if len(values) != DIMENSIONS:
        raise EmbeddingError(
            f"The LLM router's embedding model has {len(values)} dimensions; {DIMENSIONS} are needed. "
            "Set FABRIC_EMBEDDING_MODEL to a model with 768, such as nomic-embed-text."
        )
    try:
        vector = np.array(values, dtype=np.float64)
    except OverflowError as error:
        raise EmbeddingError("The LLM router returned an embedding that is not finite.") from error
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length):
        raise EmbeddingError("The LLM router returned an embedding that is not finite.")
    if length == 0:
        raise EmbeddingError("The LLM router returned an embedding of zeros.")
    return (vector / length).astype(np.float32)


def _seconds(response: httpx.Response) -> float | None:
    try:
        value = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return None
    return value if value >= 0 else None
