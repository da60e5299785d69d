"""Resources out of files: bundles, single resources, arrays, ndjson, each also gzipped, streamed entry by entry.

Nothing holds a whole file: a bundle is read twice, once to learn which resource each `fullUrl` is (references
may point ahead), once for the resources. The map goes to a temporary database that spills to disk.
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import orjson

from services.errors import InvalidInput

SUFFIXES = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")
_URN_IDS = uuid.UUID("3f1d6b60-20d8-4a7e-8a56-8c1de3a7f0a2")


@dataclass(frozen=True, slots=True)
class Entry:
    """The n-th resource of a file, or why it can't be read."""

    number: int
    resource: Any
    problem: str | None = None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The FHIR files under these paths, in a stable order. Raises InvalidInput for a path that isn't there."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(SUFFIXES))
        elif path.exists():
            found.append(path)
        else:
            raise InvalidInput(f"There is no file or folder {path}.")
    if not found:
        raise InvalidInput(f"No FHIR files there: their names end in {', '.join(SUFFIXES)}.")
    return list(dict.fromkeys(found))


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

    def _open(self) -> BinaryIO:
        self._counter = _Counting(self.path.open("rb"))
        buffered = io.BufferedReader(self._counter, 1 << 18)
        if buffered.peek(2)[:2] == b"\x1f\x8b":
            return io.BufferedReader(gzip.GzipFile(fileobj=buffered), 1 << 18)  # type: ignore[arg-type]
        return buffered

    def __iter__(self) -> Iterator[Entry]:
        number = 0
        try:
            kind = self._kind()
            entries = self._lines() if kind == "lines" else self._json(kind)
            for entry in entries:
                number = entry.number + 1
                yield entry
        except (OSError, EOFError, zlib.error, ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            yield Entry(number, None, f"the file can't be read from here on ({_reason(error)})")

    def _kind(self) -> str:
        """lines, bundle, array or resource."""
        name = self.path.name.lower().removesuffix(".gz")
        if name.endswith((".ndjson", ".jsonl")):
            return "lines"
        with self._open() as stream:
            head = stream.read(1 << 16).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"["):
            return "array"
        first, newline, rest = head.partition(b"\n")
        if newline and rest.lstrip().startswith(b"{"):
            try:
                orjson.loads(first)
                return "lines"
            except orjson.JSONDecodeError:
                pass
        bundle = False
        with self._open() as stream:
            for prefix, event, value in ijson.parse(_without_mark(stream), use_float=True):
                if prefix == "resourceType":
                    bundle = value == "Bundle"
                    if not bundle:
                        break
                elif event in ("start_array", "start_map") and prefix.count(".") > 8:
                    continue
        return "bundle" if bundle else "resource"

    def _lines(self) -> Iterator[Entry]:
        with self._open() as stream:
            number = 0
            for line in stream:
                line = line.strip().removeprefix(b"\xef\xbb\xbf")
                if not line:
                    continue
                try:
                    yield Entry(number, orjson.loads(line))
                except orjson.JSONDecodeError as error:
                    yield Entry(
                        number, None, f"not JSON ({error.msg if hasattr(error, 'msg') else 'syntax'})"
                    )
                number += 1

    def _json(self, kind: str) -> Iterator[Entry]:
        if kind == "resource":
            with self._open() as stream:
                yield Entry(0, next(ijson.items(_without_mark(stream), "", use_float=True), None))
            return
        prefix = "item" if kind == "array" else "entry.item"
        if kind == "bundle":
            with self._open() as stream:
                for number, item in enumerate(ijson.items(_without_mark(stream), prefix, use_float=True)):
                    self.urls.learn(item, number)
        with self._open() as stream:
            for number, item in enumerate(ijson.items(_without_mark(stream), prefix, use_float=True)):
                if kind == "array":
                    yield Entry(number, item)
                else:
                    yield self._from_bundle(number, item)

    def _from_bundle(self, number: int, item: Any) -> Entry:
        if not isinstance(item, dict) or not isinstance(item.get("resource"), dict):
            method = item.get("request", {}).get("method") if isinstance(item, dict) else None
            return Entry(number, None, f"an entry without a resource{f' ({method})' if method else ''}")
        resource = item["resource"]
        if not resource.get("id"):
            resource = {**resource, "id": _assigned_id(item, number, self.path)}
        return Entry(number, resource)


class _Urls:
    """fullUrl → Type/id for the whole of a bundle, on disk where it is large."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("")  # a temporary file, held in memory while it is small
        self._connection.execute("CREATE TABLE url(url TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID")

    def learn(self, item: Any, number: int) -> None:
        if not isinstance(item, dict) or not isinstance(item.get("resource"), dict):
            return
        url, resource = item.get("fullUrl"), item["resource"]
        if isinstance(url, str) and isinstance(resource.get("resourceType"), str):
            target = f"{resource['resourceType']}/{resource.get('id') or _assigned_id(item, number, None)}"
            self._connection.execute("INSERT OR IGNORE INTO url VALUES(?,?)", (url, target))

    def target(self, url: str) -> str | None:
        row = self._connection.execute("SELECT target FROM url WHERE url=?", (url,)).fetchone()
        return row[0] if row else None


def _assigned_id(item: dict[str, Any], number: int, path: Path | None) -> str:
    """The id of a resource that has none: its urn:uuid, or one that is the same at each import."""
    url = item.get("fullUrl")
    if isinstance(url, str) and url.startswith("urn:uuid:"):
        return url.removeprefix("urn:uuid:")
    return str(uuid.uuid5(_URN_IDS, url if isinstance(url, str) else f"{path}#{number}"))


def _without_mark(stream: BinaryIO) -> BinaryIO:
    """The stream without a byte-order mark."""
    if isinstance(stream, io.BufferedReader) and stream.peek(3)[:3] == b"\xef\xbb\xbf":
        stream.read(3)
    return stream


def _reason(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}"[:160] if not isinstance(error, EOFError) else "it ends too early"
