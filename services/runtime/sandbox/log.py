"""What a bot printed: the end of it, in bounded memory."""

from __future__ import annotations

from services.runtime.sandbox.model import Thrown


class Log:
    """Keeps the last `limit` bytes (UTF-8) of the text added, cut between characters."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept = bytearray()

    def add(self, text: str) -> None:
        # The last `limit` characters hold at least the last `limit` bytes.
        self._kept += text[-self._limit :].encode("utf-8", "replace")
        if len(self._kept) > 2 * self._limit:
            del self._kept[: -self._limit]

    def finish(self, error: Thrown | None = None) -> str:
        """The text kept. A failing run's closes with its error, on lines of its own."""
        if error is not None:
            if self._kept and not self._kept.endswith(b"\n"):
                self.add("\n")
            self.add(
                error.stack if error.message in error.stack else f"{error.message}\n{error.stack}".rstrip()
            )
        return bytes(self._kept[-self._limit :]).decode("utf-8", "ignore").removesuffix("\n")
