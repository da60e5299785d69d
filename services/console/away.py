"""What the shell says while the server that keeps the record is away, or the working copy is not complete yet."""

from __future__ import annotations

from services.runtime.system import system


def sentence() -> str | None:
    """For everybody, on every page; None while all is well or the record is kept here."""
    remote = system().remote
    return remote.notice() if remote else None
