"""What was made from objects that stay the same for as long as nothing changed: looked up by which objects they are, not
by what they hold, so that asking costs nothing however much they hold."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """The latest `most` results. What they were made from is held with them, so that no other object takes its place."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, tuple[Sequence[object], T]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, made_from: Sequence[object], more: Hashable, make: Callable[[], T]) -> T:
        """What `make` made of these very objects and this `more`."""
        key = (more, *map(id, made_from))
        with self._lock:
            if (known := self._held.get(key)) is not None:
                self._held.move_to_end(key)
                return known[1]
        made = make()
        with self._lock:
            self._held[key] = (made_from, made)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
