"""Where copies of the vectors lie: in a folder of this machine, or on a Chroma server.

Each generation of a copy is a place of its own, so that a new one is made while the last one still serves, and one
that is broken is never mended but thrown away.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from services.errors import StoreUnavailable
from services.index.chroma import SERVED_PAGE, ChromaIndex, embedded, failing, served


class Place(Protocol):
    @property
    def ours_alone(self) -> bool:
        """Whether the end of this process may have left the copy half-written."""
        ...

    def open(self, generation: int, model: str) -> ChromaIndex:
        """The copy, made where there is none. Raises StoreUnavailable."""
        ...

    def discard(self, generation: int) -> None: ...

    def discard_others(self, generation: int) -> None:
        """All but this one."""
        ...


class Folder:
    """A folder for each generation."""

    ours_alone = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, generation: int, model: str) -> ChromaIndex:
        path = self._path(generation)
        return ChromaIndex(lambda: embedded(path), f"clinical-{_digest(model)}", model, "in the data folder")

    def discard(self, generation: int) -> None:
        shutil.rmtree(self._path(generation), ignore_errors=True)

    def discard_others(self, generation: int) -> None:
        if self._folder.is_dir():
            for other in self._folder.iterdir():
                if other != self._path(generation):
                    shutil.rmtree(other, ignore_errors=True)

    def _path(self, generation: int) -> Path:
        return self._folder / f"generation-{generation}"


class Server:
    """A collection for each generation. `installation` tells this record's collections from those of other consoles on
    the same server."""

    ours_alone = False

    def __init__(
        self, installation: str, url: str, tenant: str, database: str, token: str | None = None
    ) -> None:
        self._prefix = f"fabric-{_digest(installation)}"
        self._url = url
        self._asked = (url, tenant, database, token)

    def open(self, generation: int, model: str) -> ChromaIndex:
        return ChromaIndex(
            lambda: served(*self._asked),
            self._name(generation, model),
            model,
            self._url,
            SERVED_PAGE,
            SERVED_PAGE,
        )

    def discard(self, generation: int) -> None:
        self._delete(lambda number: number == generation)

    def discard_others(self, generation: int) -> None:
        self._delete(lambda number: number != generation)

    def _delete(self, unwanted: Any) -> None:
        with contextlib.suppress(StoreUnavailable):  # what can't be deleted now is deleted next time
            client = served(*self._asked)
            for name in list(self._mine(client)):
                number = name.removeprefix(f"{self._prefix}-").partition("-")[0]
                if number.isdigit() and unwanted(int(number)):
                    with failing(self._url):
                        client.delete_collection(name)

    def _mine(self, client: Any) -> Iterator[str]:
        offset = 0
        with failing(self._url):
            while page := client.list_collections(limit=SERVED_PAGE, offset=offset):
                yield from (c.name for c in page if c.name.startswith(f"{self._prefix}-"))
                offset += len(page)

    def _name(self, generation: int, model: str) -> str:
        return f"{self._prefix}-{generation}-{_digest(model)}"


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
