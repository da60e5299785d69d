"""Chroma, and nothing but Chroma: the only module that touches it. Where its copies lie: services.index.places."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from services.errors import StoreUnavailable

EF_SEARCH = 200  # recall@10 of 1.00 on hard queries; 100 gave 0.96
EF_ENOUGH = 100_000  # vectors up to which that holds
# Measured at a million: recall@10 of .79 at ef 100, .972 at 400, .979 at 600, .981 at 700, .990 at 1,000. The exponent
# gives 710 there, which takes about twice as long as ef 100.
EF_GROWTH = 0.55
PAGE = 2000  # get() fails above 32,766 ids
SERVED_PAGE = 300  # and Chroma Cloud above this many, results of a query included
SERVED_SECONDS = 10.0
"""The longest wait for a server; its client has no limit of its own, and the exact scan is quicker than that."""


def ef_for(count: int) -> int:
    """How many candidates a query keeps, so that its recall holds as the number of vectors grows."""
    return round(EF_SEARCH * max(1.0, count / EF_ENOUGH) ** EF_GROWTH)


def embedded(folder: Path) -> Any:
    """A client of Chroma in this process. Its files belong to one process at a time: two corrupt them without a word,
    so whoever opens it holds the data folder's owner lock."""
    import chromadb
    from chromadb.config import Settings

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return chromadb.PersistentClient(
        path=str(folder), settings=Settings(anonymized_telemetry=False, is_persistent=True)
    )


def served(url: str, tenant: str, database: str, token: str | None) -> Any:
    """A client of a Chroma server. Raises StoreUnavailable where it can't be reached."""
    import chromadb
    from chromadb.config import Settings

    asked = urlsplit(url)
    secure = asked.scheme == "https"
    with failing(url):
        client = chromadb.HttpClient(
            host=asked.hostname or "",
            port=asked.port or (443 if secure else 80),
            ssl=secure,
            headers={"x-chroma-token": token} if token else None,
            settings=Settings(anonymized_telemetry=False),
            tenant=tenant,
            database=database,
        )
        client._server._session.timeout = SERVED_SECONDS  # pyright: ignore[reportAttributeAccessIssue]
        return client


@contextlib.contextmanager
def failing(where: str):
    """Whatever goes wrong with Chroma, as StoreUnavailable: the native part panics with a BaseException."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, StoreUnavailable):
        raise
    except BaseException as error:
        raise StoreUnavailable(f"Chroma ({where}) failed: {type(error).__name__}.") from error


class ChromaIndex:
    """One collection of one embedding model. Any failure is raised as StoreUnavailable: the caller rebuilds.
    `page` is how many ids are asked for or written at once, `most` how many results a query may have."""

    def __init__(
        self,
        client: Callable[[], Any],
        name: str,
        model: str,
        where: str,
        page: int = PAGE,
        most: int = 30_000,
    ) -> None:
        self.where, self.page, self._most = where, page, most
        self._client: Any = None
        self._collection: Any = None
        self._ef = self._wanted = EF_SEARCH
        self._guard(self._open, client, name, model)

    def _open(self, client: Callable[[], Any], name: str, model: str) -> None:
        self._client = client()
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
        with failing(self.where):
            return work(*args)

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
            step = max(self.page, 30_000) if self.page >= PAGE else self.page
            while page := self._collection.get(include=[], limit=step, offset=offset)["ids"]:
                found += [int(i) for i in page]
                offset += len(page)
            return np.array(sorted(found), dtype=np.int64)

        return self._guard(read)

    def vectors(self, ids: Sequence[int]) -> dict[int, np.ndarray]:
        """The vectors held under these ids (at most `page`)."""

        def read() -> dict[int, np.ndarray]:
            got = self._collection.get(ids=[str(i) for i in ids], include=["embeddings"])
            return {
                int(i): np.asarray(v, np.float32) for i, v in zip(got["ids"], got["embeddings"], strict=True)
            }

        return self._guard(read)

    def add(self, ids: Sequence[int], vectors: np.ndarray, metadata: Sequence[dict[str, str]]) -> None:
        """Add new ids. An id that is there already is replaced."""

        def write(at: int) -> None:
            until = at + self.page
            self._collection.upsert(
                ids=[str(i) for i in ids[at:until]],
                embeddings=vectors[at:until],
                metadatas=list(metadata[at:until]),
            )

        for at in range(0, len(ids), self.page):
            self._guard(write, at)

    def delete(self, ids: Sequence[int]) -> None:
        """Ids that are not there are ignored."""

        def remove(at: int) -> None:
            asked = [str(i) for i in ids[at : at + self.page]]
            present = self._collection.get(ids=asked, include=[])["ids"]
            if present:
                self._collection.delete(ids=present)

        for at in range(0, len(ids), self.page):
            self._guard(remove, at)

    def query(
        self, vector: np.ndarray, k: int, types: Sequence[str] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest: (ids, cosines), best first; approximate."""

        def ask() -> tuple[np.ndarray, np.ndarray]:
            where = {"type": {"$in": list(types)}} if types else None
            wider = self._wanted > self._ef * 1.1
            got = self._collection.query(
                query_embeddings=[vector.astype(np.float32)],
                n_results=min(max(k, self._wanted) if wider else k, max(k, self._most)),
                where=where,
                include=["distances"],
            )
            ids = np.array([int(i) for i in got["ids"][0][:k]], dtype=np.int64)
            cosines = 1.0 - np.asarray(got["distances"][0][:k], dtype=np.float32)
            if len(ids) != len(cosines) or not (np.abs(cosines) < 1.01).all():
                raise ValueError("no answer to what was asked")
            return ids, cosines

        return self._guard(ask)

    def close(self) -> None:
        """Stop Chroma's threads and let go of the files, as far as it offers that."""
        with contextlib.suppress(BaseException):
            close = getattr(self._client, "close", None)
            if close:
                close()
        with contextlib.suppress(BaseException):
            from chromadb.api.shared_system_client import SharedSystemClient

            SharedSystemClient.clear_system_cache()
        self._client = self._collection = None
