"""What the shell says while the server that keeps the record is away, or the working copy is not complete yet."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from services.runtime.system import system


def sentence() -> str | None:
    """For everybody, on every page; None while all is well or the record is kept here."""
    remote = system().remote
    return remote.notice() if remote else None


def show_saving(show: Callable[[str], AbstractContextManager[object]]) -> None:
    """From now on `show` is entered by whatever is saved, for as long as it may wait for the server that keeps the record;
    in the thread that saves, whichever that is."""
    system().database.meanwhile = lambda: show("Saving on the record's server. What you typed stays here until it is stored.")
