"""Vectors as one matrix that views of several moments share, and that grows at its end."""

from __future__ import annotations

import threading

import numpy as np


class Matrix:
    """Rows of one width that views of several moments share; it grows at its end as far as there is room.

    A row once written never changes and belongs to whoever claimed it, so a view that knows the first n rows
    sees the same ones for as long as it lives, whatever is added behind them by another thread.
    """

    def __init__(self, rows: np.ndarray, used: int) -> None:
        self.rows = rows
        self._used = used
        self._lock = threading.Lock()

    def add(self, at: int, new: np.ndarray) -> bool:
        """Write the rows at a place; False where that place is taken or there is no room."""
        end = at + len(new)
        with self._lock:
            if at != self._used or end > len(self.rows):
                return False
            self._used = end
        if len(new):  # the rows as they were read can't be written to
            self.rows[at:end] = new
        return True


def cosines_of(rows: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """(n,) of each row with a vector, all of unit length. By one thread: those of the linear algebra library wait for each
    other, and where the processors are busy that takes longer than the work itself."""
    return np.einsum("ij,j->i", rows, vector)


def matrix_of(blobs: list[bytes]) -> np.ndarray:
    """(n, d) float32. Of two widths, as while a model changes, each row is padded and never compared."""
    n = len(blobs)
    if len({len(b) for b in blobs}) <= 1:
        joined = np.frombuffer(b"".join(blobs), dtype=np.float32)
        return joined.reshape(n, -1) if n else joined.reshape(0, 0)
    padded = np.zeros((n, max(map(len, blobs)) // 4), np.float32)
    for row, blob in zip(padded, blobs, strict=True):
        vector = np.frombuffer(blob, np.float32)
        row[: len(vector)] = vector
    return padded
