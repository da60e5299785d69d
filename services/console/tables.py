"""Tables that the console keeps beside the record: who looked, what was shown, what was thought of it."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Callable, Sequence

from services.fhir.database import Database
from services.runtime.system import system


class Table:
    """A part's tables, by the name of their migration and its steps."""

    def __init__(self, name: str, steps: Sequence[str | Callable[[sqlite3.Connection], None]]) -> None:
        self._name, self._steps = name, list(steps)
        self._made: weakref.WeakSet[Database] = weakref.WeakSet()
        self._lock = threading.Lock()

    def database(self) -> Database:
        """The record's, with these tables in it: made once, so that nobody who only reads waits for whoever writes."""
        held = system().database
        with self._lock:
            if held not in self._made:
                held.migrate(self._name, list(self._steps))
                self._made.add(held)
        return held
