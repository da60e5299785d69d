"""JSON of any size, cut into the values that matter: each entry of a bundle, each item of an array, each
document. A value is cut out by its brackets and strings alone and parsed by itself later, so that one that is
wrong (NaN, a lone surrogate, too deep) costs only itself, and memory holds one value at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedIOBase
from typing import Literal

import orjson

MAX_VALUE = 256 * 1024 * 1024
_CHUNK = 1 << 18
_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_RUN = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_SCALAR = re.compile(rb'[^ \t\r\n,:"{}\[\]]++')
_ENTRY_KEYS = {"resource", "fullUrl", "request", "response", "search"}

Kind = Literal["entry", "item", "document"]


def split(stream: BufferedIOBase) -> Iterator[tuple[Kind, bytes]]:
    """The values of one or several documents, one behind the other, as they lie in the file.

    Raises ValueError where the text is not JSON any more, EOFError where it ends too early.
    """
    reader = _Reader(stream)
    while (first := reader.peek()) != b"":
        if first == b"[":
            for raw in reader.array():
                yield "item", raw
        elif first == b"{":
            yield from _object(reader)
        else:
            raise ValueError("neither an object nor an array")


def _object(reader: _Reader) -> Iterator[tuple[Kind, bytes]]:
    """The entries of a Bundle, or the object itself."""
    members: list[bytes] = []
    size, kind = 0, None
    reader.skip()
    while (following := reader.peek()) != b"}":
        if following == b",":
            reader.skip()
            continue
        key = reader.value()
        if not key.startswith(b'"') or reader.peek() != b":":
            raise ValueError("a key was expected")
        reader.skip()
        if key == b'"entry"' and kind in (None, "Bundle") and reader.peek() == b"[":
            elements = reader.array()
            head = next(elements, None)
            if head is None:
                members.append(b'"entry":[]')
                continue
            if kind == "Bundle" or _is_entry(head):
                kind = "Bundle"
                yield "entry", head
                for raw in elements:
                    yield "entry", raw
                continue
            raw = b"[" + b",".join([head, *elements]) + b"]"
        else:
            raw = reader.value()
        if key == b'"resourceType"' and raw.startswith(b'"'):
            kind = raw[1:-1].decode("utf-8", "replace")
        size += len(raw)
        if size > MAX_VALUE:
            raise ValueError("a single resource is larger than 256 MiB")
        members.append(key + b":" + raw)
    reader.skip()
    if kind != "Bundle":
        yield "document", b"{" + b",".join(members) + b"}"


def _is_entry(raw: bytes) -> bool:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return isinstance(value, dict) and not _ENTRY_KEYS.isdisjoint(value)


class _Reader:
    """A window on the stream; `_at` is the place up to which it was used."""

    def __init__(self, stream: BufferedIOBase) -> None:
        self._stream, self._data, self._at = stream, b"", 0
        self._fill()
        if self._data.startswith(b"\xef\xbb\xbf"):
            self._at = 3

    def _fill(self) -> bool:
        """More of the stream behind what is not used yet. False at its end."""
        # The window doubles, so that one long string is not read over and over.
        more = self._stream.read1(max(_CHUNK, len(self._data) - self._at))
        self._data = self._data[self._at :] + more
        self._at = 0
        if len(self._data) > MAX_VALUE:
            raise ValueError("a single value is larger than 256 MiB")
        return bool(more)

    def peek(self) -> bytes:
        """The next character that is not white space; empty at the end of the stream."""
        while True:
            found = _SPACE.match(self._data, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._data):
                return self._data[self._at : self._at + 1]
            if not self._fill():
                return b""

    def skip(self) -> None:
        self._at += 1

    def array(self) -> Iterator[bytes]:
        """The elements of the array that begins here."""
        self.skip()
        while (following := self.peek()) != b"]":
            if following == b",":
                self.skip()
            else:
                yield self.value()
        self.skip()

    def value(self) -> bytes:
        """The value that begins here, whole."""
        first = self.peek()
        if first == b"":
            raise EOFError
        stop = self._brackets() if first in b"{[" else self._simple(_STRING if first == b'"' else _SCALAR)
        raw = self._data[self._at : stop]
        self._at = stop
        return raw

    def _simple(self, pattern: re.Pattern[bytes]) -> int:
        while True:
            found = pattern.match(self._data, self._at)
            if found and (pattern is _STRING or found.end() < len(self._data)):
                return found.end()
            if found is None and pattern is _SCALAR:
                raise ValueError("a value was expected")
            if not self._fill():
                raise EOFError

    def _brackets(self) -> int:
        depth, at = 0, self._at
        while True:
            run = _RUN.match(self._data, at)
            at = run.end() if run else at
            if at >= len(self._data) or self._data[at] == 0x22:  # a string that goes on behind the window
                at -= self._at
                if not self._fill():
                    raise EOFError
                continue
            depth += 1 if self._data[at] in b"{[" else -1
            at += 1
            if depth == 0:
                return at
