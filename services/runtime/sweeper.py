"""Closes proposals that nobody decided on in time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from services.accounts.roles import Principal
from services.commands.approvals import expire
from services.commands.processor import Desk
from services.errors import FabricError

log = logging.getLogger("fabric.commands")
EVERY_SECONDS = 20.0
MACHINE = Principal("sweeper", "machine", "Approval queue", "administrator")


class Sweeper:
    """A thread of each process; several of them close each proposal once. `may` is asked, where there is something to
    do, whether it is for this console to do it."""

    def __init__(self, desk: Desk, may: Callable[[], bool] | None = None) -> None:
        self._desk, self._may = desk, may
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="fabric-sweeper", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _loop(self) -> None:
        while not self._stop.is_set():
            try:
                if self._may is None or (self._desk.journal.due(self._desk.clock().timestamp()) and self._may()):
                    expire(self._desk, MACHINE)
            except FabricError as error:
                log.error("proposals could not be closed: %s", error.code)
            self._stop.wait(EVERY_SECONDS)
