"""Start and end of the server's background work."""

from __future__ import annotations

import ipaddress
import logging
import os
import sys
import threading

import anyio

from services.bots.rag_pipeline.warming import warm
from services.console.replaying_executed import Keeper
from services.errors import FabricError
from services.knowledge.billing import finding
from services.runtime.collecting import settle
from services.runtime.system import System, system

log = logging.getLogger("fabric")
_keepers: list[Keeper] = []


async def begin(address: str | None) -> None:
    """Open the record, fill it with the demo cohort where that is asked for, and follow its changes.

    Ends the process with a plain sentence where the settings can't be served.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        await anyio.to_thread.run_sync(_begin, address)
    except (FabricError, ValueError) as error:
        # Nothing has begun yet; the server's own way out of here would print a traceback over the sentence.
        sys.stderr.write(f"{getattr(error, 'message', error)}\n")
        sys.stderr.flush()
        os._exit(1)


def _begin(address: str | None) -> None:
    parts = system()
    if not is_loopback(address):
        if parts.settings.demo or parts.accounts.has_demo_accounts():
            raise ValueError(
                f"Demo mode is for this machine only, and the server would listen on {address or 'every address'}. "
                "Set FABRIC_DEMO=0, use a data folder without demo accounts, and add an administrator with "
                "'fabric user add'."
            )
    else:
        parts.seed_demo()
        parts.book_demo_day()
    _keepers.append(Keeper(parts))
    parts.start()
    threading.Thread(target=_warm, args=(parts,), name="fabric-warm", daemon=True).start()


def _warm(parts: System) -> None:
    """Load what the first question needs, then take it all out of the collector's sight: Streamlit collects
    after every run, which otherwise holds each page for 65-92 ms."""
    try:
        warm()
        parts.model.embed_query("warm up")
        finding.find("warm up")  # the table of ICD-10-CM
    except FabricError as error:
        log.warning("the embedding model is not ready: %s", error.message)
    settle()


async def end() -> None:
    await anyio.to_thread.run_sync(_end)


def _end() -> None:
    while _keepers:
        _keepers.pop().stop()
    system().stop()


def is_loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return bool(address) and ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
