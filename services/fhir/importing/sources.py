"""Resources out of files: bundles, single resources, arrays, ndjson, each also gzipped, streamed entry by entry.

Nothing holds a whole file: a bundle is read twice, once to learn which resource each `fullUrl` is (references
may point ahead), once for the resources. The map goes to a temporary database that spills to disk.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from services.errors import InvalidInput
from services.fhir.importing.splitting import MAX_VALUE, split

SUFFIXES = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")
DOCUMENTS = (".xml", ".cda", ".ccda")
PAPERS = (".pdf", ".txt")
_URN_IDS = uuid.UUID("3f1d6b60-20d8-4a7e-8a56-8c1de3a7f0a2")


@dataclass(frozen=True, slots=True)
class Entry:
    """The n-th resource of a file, or why it can't be read."""

    number: int
    resource: Any
    problem: str | None = None
    size: int = 0
    """Bytes of its JSON."""


_Found = tuple[Any, str | None, int]
_MARK = b"\xef\xbb\xbf"


def find_files(paths: Iterable[Path], papers: bool = False) -> tuple[list[Path], int]:
    """The files under these paths that can be imported, in a stable order, and how many PDFs and texts were left out of
    folders: only with `papers` are they taken from there. Raises InvalidInput for a path that isn't there."""
    found: list[Path] = []
    left_out = 0
    wanted = (*SUFFIXES, *DOCUMENTS, *(PAPERS if papers else ()))
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            found += [p for p in inside if p.name.lower().endswith(wanted)]
            left_out += 0 if papers else sum(p.name.lower().endswith(PAPERS) for p in inside)
        elif path.exists():
            found.append(path)
        else:
            raise InvalidInput(f"There is no file or folder {path}.")
    if not found:
        aside = f" {left_out:,} PDF or text files need a patient." if left_out else ""
        raise InvalidInput(f"No files to import there: their names end in {', '.join((*SUFFIXES, *DOCUMENTS))}.{aside}")
    return list(dict.fromkeys(found)), left_out


class _Counting(io.RawIOBase):
    """Counts the bytes read of the file as it lies on the disk, so that progress is honest for gzip too."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.done += len(data)
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Unzipped(gzip.GzipFile):
    """Not wrapped in a buffer of its own: one would drop what it has where a broken file ends."""

    def __init__(self, zipped: io.BufferedReader[_Counting]) -> None:
        super().__init__(fileobj=zipped)
        self._zipped = zipped

    def close(self) -> None:
        super().close()
        self._zipped.close()


class Source:
    """One file. Iterating gives its entries in order; `bytes_done` grows meanwhile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        self._counter: _Counting | None = None
        self.urls = _Urls()

    @property
    def bytes_done(self) -> int:
        return self._counter.done if self._counter else 0

    def _open(self) -> io.BufferedIOBase:
        self._counter = _Counting(self.path.open("rb"))
        buffered = io.BufferedReader(self._counter, 1 << 18)
        if buffered.peek(2)[:2] == b"\x1f\x8b":
            return _Unzipped(buffered)
        return buffered

    def __iter__(self) -> Iterator[Entry]:
        number = 0
        try:
            for resource, problem, size in self._lines() if self._is_lines() else self._values():
                yield Entry(number, resource, problem, size)
                number += 1
        except (OSError, EOFError, zlib.error, ValueError) as error:
            yield Entry(number, None, f"the file can't be read from here on ({_reason(error)})")

    def _is_lines(self) -> bool:
        """Is each line a JSON document (ndjson)?"""
        name = self.path.name.lower().removesuffix(".gz")
        if name.endswith((".ndjson", ".jsonl")):
            return True
        with self._open() as stream:
            first, newline, rest = _head(stream).lstrip(_MARK + b" \t\r\n").partition(b"\n")
        if not newline or not rest.lstrip().startswith(b"{"):
            return False
        try:
            return isinstance(orjson.loads(first), dict)
        except orjson.JSONDecodeError:
            return False

    def _lines(self) -> Iterator[_Found]:
        with self._open() as stream:
            while line := stream.readline(MAX_VALUE + 1):
                if len(line) > MAX_VALUE:
                    raise ValueError("a single line is larger than 256 MiB")
                line = line.strip().removeprefix(_MARK)
                if line:
                    yield from self._unpacked(line)

    def _values(self) -> Iterator[_Found]:
        with contextlib.suppress(OSError, EOFError, zlib.error, ValueError), self._open() as stream:
            for kind, raw in split(stream):
                if kind == "entry":
                    with contextlib.suppress(orjson.JSONDecodeError):
                        self.urls.learn(orjson.loads(raw))
        with self._open() as stream:
            for kind, raw in split(stream):
                if kind == "entry":
                    yield self._from_bundle(raw)
                else:
                    yield from self._unpacked(raw)

    def _unpacked(self, raw: bytes) -> Iterator[_Found]:
        """A resource; of a bundle, its entries."""
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            yield None, f"not JSON ({_reason(error)})", len(raw)
            return
        if isinstance(value, dict) and value.get("resourceType") == "Bundle":
            entries = value.get("entry")
            entries = entries if isinstance(entries, list) else []
            for item in entries:
                self.urls.learn(item)
            for item in entries:
                yield (*_resource_of(item), len(raw) // len(entries))
        else:
            yield value, None, len(raw)

    def _from_bundle(self, raw: bytes) -> _Found:
        try:
            return (*_resource_of(orjson.loads(raw)), len(raw))
        except orjson.JSONDecodeError as error:
            return None, f"not JSON ({_reason(error)})", len(raw)


def _head(stream: io.BufferedIOBase) -> bytes:
    """The first 64 KiB, or what there is before the file breaks off."""
    head = b""
    with contextlib.suppress(OSError, EOFError, zlib.error):
        while len(head) < 1 << 16 and (more := stream.read1(1 << 16)):
            head += more
    return head


def _resource_of(item: Any) -> tuple[Any, str | None]:
    """(resource, None) of a bundle's entry, or (None, why there is none)."""
    if not isinstance(item, dict) or not isinstance(item.get("resource"), dict):
        request = item.get("request") if isinstance(item, dict) else None
        method = request.get("method") if isinstance(request, dict) else None
        return None, f"an entry without a resource{f' ({method[:10]})' if isinstance(method, str) else ''}"
    resource = item["resource"]
    if not resource.get("id"):
        resource = {**resource, "id": _assigned_id(item)}
    return resource, None


class _Urls:
    """fullUrl → Type/id for the whole of a bundle, on disk where it is large."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")  # a temporary file, held in memory while it is small
        self._connection.execute("CREATE TABLE url(url TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID")

    def learn(self, item: Any) -> None:
        if not isinstance(item, dict) or not isinstance(item.get("resource"), dict):
            return
        url, resource = item.get("fullUrl"), item["resource"]
        if isinstance(url, str) and isinstance(resource.get("resourceType"), str):
            target = f"{resource['resourceType']}/{resource.get('id') or _assigned_id(item)}"
            self._connection.execute("INSERT OR IGNORE INTO url VALUES(?,?)", (url, target))

    def target(self, url: str) -> str | None:
        row = self._connection.execute("SELECT target FROM url WHERE url=?", (url,)).fetchone()
        return row[0] if row else None


def _assigned_id(item: dict[str, Any]) -> str:
    """The id of a resource that has none: its urn:uuid, or one that is the same at each import of it."""
    url = item.get("fullUrl")
    if isinstance(url, str) and url.startswith("urn:uuid:"):
        return url.removeprefix("urn:uuid:")
    if isinstance(url, str):
        return str(uuid.uuid5(_URN_IDS, url))
    content = hashlib.sha256(repr(item.get("resource")).encode("utf-8", "replace")).hexdigest()
    return str(uuid.uuid5(_URN_IDS, content))


def _reason(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}"[:160] if not isinstance(error, EOFError) else "it ends too early"
