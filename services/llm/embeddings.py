"""Which model makes the vectors: the router's, which is the embedded one unless something else is set.

A vector belongs to the model's `version`; vectors of two versions are never compared.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from services.errors import EmbeddingError
from services.llm import embedded
from services.llm.client import RouterClient, router_client
from services.settings import Settings

DIMENSIONS = 768  # of every stored embedding, whichever model made it
BATCH = 64  # texts in one request to a router elsewhere
LOCAL_BATCH = 4096  # to the one in this process, which sorts them by length and splits them for its upstreams
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


def embedding_model(settings: Settings, client: RouterClient | None = None) -> EmbeddingModel:
    """The model that the settings ask for, by `client` where there is one already. Nothing is loaded or called
    before the first text."""
    return RouterModel(client or router_client(settings), settings.embedding_model)


class RouterModel:
    """The embedding model behind a router. Safe to share between threads."""

    dimensions = DIMENSIONS

    def __init__(self, client: RouterClient, alias: str) -> None:
        self._client, self._alias = client, alias
        self._batch = BATCH if client.address else LOCAL_BATCH
        self._lock = threading.Lock()
        self._served: str | None = None
        self._queries: OrderedDict[str, np.ndarray] = OrderedDict()

    @property
    def leaves_clinic(self) -> bool:
        """Whether texts are sent to a model that is not marked as inside the clinic."""
        if self._client.inside_clinic:
            return False
        return self._client.address is not None or not self.version.startswith(embedded.VERSION)

    @property
    def version(self) -> str:
        """The embedded model's own version wherever it runs; of any other `router:<alias>:<model that answered>`.
        Asks the router once. Raises as `embed` does."""
        if self._served is None and self._client.address is None:
            for model in self._client.models():  # the embedded model need not be loaded to tell
                if model.id == self._alias and model.version:
                    self._check_model(model.version)
        if self._served is None:
            self.embed(["version"])
        served = self._served or ""
        return served if served.startswith(embedded.VERSION) else f"router:{self._alias}:{served}"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 768) float32 of unit length, in the order of `texts`.

        Raises LLMRouterError where the router can't be reached or refuses, and EmbeddingError where it
        answers with something that can't be used, or with another model than before.
        """
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), self._batch):
            batch = texts[start : start + self._batch]
            vectors[start : start + len(batch)] = self._vectors(batch, "embedding")
        return vectors

    def embed_query(self, text: str) -> np.ndarray:
        """(768,) float32, read-only. Recent queries are remembered. Raises as `embed` does."""
        with self._lock:
            known = self._queries.get(text)
            if known is not None:
                self._queries.move_to_end(text)
                return known
        vector = self._vectors([text], "semantic_search")[0]
        vector.flags.writeable = False
        with self._lock:
            self._queries[text] = vector
            while len(self._queries) > QUERY_CACHE:
                self._queries.popitem(last=False)
        return vector

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def _vectors(self, texts: Sequence[str], task: str) -> np.ndarray:
        answer = self._client.embed(texts, model=self._alias, task=task)
        if answer.vectors.shape[1] != DIMENSIONS:
            raise EmbeddingError(
                f"The LLM router's embedding model has {answer.vectors.shape[1]} dimensions; {DIMENSIONS} are "
                "needed. Set FABRIC_EMBEDDING_MODEL to a model with 768, such as nomic-embed-text."
            )
        self._check_model(answer.model)
        return _at_unit_length(answer.vectors)

    def _check_model(self, name: str) -> None:
        with self._lock:
            if self._served is None:
                self._served = name
            elif self._served != name:
                raise EmbeddingError(
                    f"The LLM router changed its embedding model from {self._served} to {name}. Restart the "
                    "console and run 'fabric reindex', so that vectors of two models are not mixed."
                )


def _at_unit_length(vectors: np.ndarray) -> np.ndarray:
    """The same rows at unit length; one that has it already stays as it is, to the last bit. Raises EmbeddingError."""
    lengths = np.sqrt(np.einsum("nd,nd->n", vectors, vectors, dtype=np.float64))
    if not lengths.all():
        raise EmbeddingError("The model returned an embedding of zeros.")
    off = np.abs(lengths - 1) > 1e-5
    vectors[off] = vectors[off] / lengths[off, None]
    return vectors
