"""The state of each part, in words for people and numbers for programs."""

from __future__ import annotations

import sqlite3
from typing import Any

from services.errors import FabricError
from services.runtime.system import System


def health(system: System) -> dict[str, Any]:
    """`ok` is true while the console can serve; parts that only slow it down are named beside."""
    try:
        counts = system.store.counts()
        waiting = system.pipeline.backlog()
        queue = system.queue.state()
        entries, checked = system.ledger.size(), system.ledger.last_check()
        record, ok = "ready", True
    except (FabricError, sqlite3.Error) as error:
        entries, checked = 0, None
        counts, waiting, queue, record, ok = {}, 0, {}, f"unavailable ({type(error).__name__})", False
    owner = system.owner.held
    return {
        "ok": ok,
        "record": record,
        "changesWaiting": waiting,
        "subscriptions": queue,
        "embedding": {
            "state": system.worker.problem or ("indexing" if waiting else "up to date"),
            "model": system.store.state("model") if ok else "",
            "textsPerSecond": round(system.worker.rate, 1),
            "byThisProcess": owner,
        },
        "population": {
            "state": system.population.state if owner else "kept by another process; searched exactly here",
            "ready": system.population.ready,
        },
        "audit": {
            "entries": entries,
            "verified": {k: checked.get(k) for k in ("at", "size", "ok")} if checked else None,
        },
        "index": counts,
        **({"remote": system.remote.state()} if system.remote and ok else {}),
    }
