"""Chroma, and nothing but Chroma: the only module that touches it.

Embedded Chroma belongs to one process at a time (two corrupt its files without a word), so whoever opens it
holds the data folder's owner lock. Its files are disposable: each generation lives in a folder of its own and
is rebuilt from the record when in doubt.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from services.errors import StoreUnavailable

EF_SEARCH = 200  # recall@10 of 1.00 on hard queries; 100 gave 0.96
EF_ENOUGH = 100_000  # vectors up to which that holds
# Measured at a million: ef 100 misses .185 of the nearest ten and ef 200 .085, so what is missed falls as ef^-1.1, and
# .98 needs an ef of about 730. The exponent gives 1,000 there, to be on the safe side; it has not been measured there.
EF_GROWTH = 0.7
PAGE = 2000  # get() fails above 32,766 ids


def ef_for(count: int) -> int:
    """How many candidates a query keeps, so that its recall holds as the number of vectors grows."""
    return round(EF_SEARCH * max(1.0, count / EF_ENOUGH) ** EF_GROWTH)


class ChromaIndex:
    """One collection of one embedding model. Any failure, panics of the native code included, is raised as
    StoreUnavailable: the caller rebuilds."""

    def __init__(self, folder: Path, model: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = "clinical-" + hashlib.blake2b(model.encode(), digest_size=8).hexdigest()
        self._client: Any = None
        self._collection: Any = None
        self._ef = self._wanted = EF_SEARCH
        self._guard(self._open, name, model)

    def _open(self, name: str, model: str) -> None:
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(
            path=str(self.folder), settings=Settings(anonymized_telemetry=False, is_persistent=True)
        )
        self._collection = self._client.get_or_create_collection(
            name,
            embedding_function=None,
            metadata={"model": model},
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_search": EF_SEARCH,
                    "ef_construction": 128,
                    "max_neighbors": 16,
                }
            },
        )

        self._ef = self._wanted = self._configured()

    def _guard(self, work: Any, *args: Any) -> Any:
        try:
            return work(*args)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # the native part panics with a BaseException
            raise StoreUnavailable(f"Chroma failed ({type(error).__name__}).") from error

    def widen(self) -> None:
        """Fit the search to the number of vectors. The graph takes its ef when it is opened; until the next time, a
        query asks for as many results as it should keep candidates, which makes the graph keep them."""

        def fit() -> None:
            self._wanted = ef_for(self._collection.count())
            if self._wanted != self._configured():
                self._collection.modify(configuration={"hnsw": {"ef_search": self._wanted}})

        self._guard(fit)

    def _configured(self) -> int:
        return int(self._collection.configuration["hnsw"]["ef_search"])

    def count(self) -> int:
        return self._guard(self._collection.count)

    def ids(self) -> np.ndarray:
        """All ids, ascending."""

        def read() -> np.ndarray:
            found: list[int] = []
            offset = 0
            while page := self._collection.get(include=[], limit=30_000, offset=offset)["ids"]:
                found += [int(i) for i in page]
                offset += len(page)
            return np.array(sorted(found), dtype=np.int64)

        return self._guard(read)

    def vectors(self, ids: Sequence[int]) -> dict[int, np.ndarray]:
        """The vectors held under these ids (at most PAGE)."""

        def read() -> dict[int, np.ndarray]:
            got = self._collection.get(ids=[str(i) for i in ids], include=["embeddings"])
            return {
                int(i): np.asarray(v, np.float32) for i, v in zip(got["ids"], got["embeddings"], strict=True)
            }

        return self._guard(read)

    def add(self, ids: Sequence[int], vectors: np.ndarray, metadata: Sequence[dict[str, str]]) -> None:
        """Add new ids. An id that is there already is replaced."""
        if len(ids):
            self._guard(
                lambda: self._collection.upsert(
                    ids=[str(i) for i in ids], embeddings=vectors, metadatas=list(metadata)
                )
            )

    def delete(self, ids: Sequence[int]) -> None:
        """Ids that are not there are ignored."""

        def remove() -> None:
            present = self._collection.get(ids=[str(i) for i in ids], include=[])["ids"]
            if present:
                self._collection.delete(ids=present)

        if len(ids):
            self._guard(remove)

    def query(
        self, vector: np.ndarray, k: int, types: Sequence[str] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest: (ids, cosines), best first; approximate."""

        def ask() -> tuple[np.ndarray, np.ndarray]:
            where = {"type": {"$in": list(types)}} if types else None
            wider = self._wanted > self._ef * 1.1
            got = self._collection.query(
                query_embeddings=[vector.astype(np.float32)],
                n_results=max(k, self._wanted) if wider else k,
                where=where,
                include=["distances"],
            )
            ids = np.array([int(i) for i in got["ids"][0][:k]], dtype=np.int64)
            return ids, 1.0 - np.asarray(got["distances"][0][:k], dtype=np.float32)

        return self._guard(ask)

    def close(self) -> None:
        """Stop Chroma's threads and let go of the files, as far as it offers that."""
        import contextlib

        with contextlib.suppress(BaseException):
            close = getattr(self._client, "close", None)
            if close:
                close()
        with contextlib.suppress(BaseException):
            from chromadb.api.shared_system_client import SharedSystemClient

            SharedSystemClient.clear_system_cache()
        self._client = self._collection = None


def discard(folder: Path) -> None:
    """Delete a generation's files."""
    shutil.rmtree(folder, ignore_errors=True)
