"""Merkle tree hashing as RFC 6962, section 2.1, has it, for a log that only grows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

EMPTY = hashlib.sha256(b"").digest()
Node = tuple[int, int, bytes]
"""A complete subtree: level (its height), position (of its level, from 0) and hash. It covers the entries from
position << level on, 1 << level of them."""


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """The level and position of the complete subtrees that a tree of `size` entries consists of, the largest first."""
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


class Frontier:
    """What has to be known of a log to append to it: the hashes of `peaks(size)`, in that order."""

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size, self._hashes = size, list(hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Add an entry by its hash. Returns the subtrees above it that it completes, the smallest first."""
        made: list[Node] = []
        level, position = 0, self.size
        while position & 1:
            leaf = node_hash(self._hashes.pop(), leaf)
            level, position = level + 1, position >> 1
            made.append((level, position, leaf))
        self._hashes.append(leaf)
        self.size += 1
        return made

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._hashes:
            return EMPTY
        root = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            root = node_hash(left, root)
        return root
