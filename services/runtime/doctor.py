"""What `fabric doctor` looks at. Each check says what it found in words that lead to a remedy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator

from services.errors import FabricError
from services.runtime.system import System
from services.settings import Settings

Check = tuple[str, str, bool]


def checks() -> Iterator[Check]:
    """(name, state, good) of each part, in the order in which they depend on each other."""
    try:
        config = Settings()  # pyright: ignore[reportCallIssue]
    except ValueError as error:
        yield "settings", str(error).replace("\n", " "), False
        return
    yield "settings", "read", True
    folder = config.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        yield "data folder", f"{folder} can't be made ({error.strerror})", False
        return
    free = shutil.disk_usage(folder).free / 2**30
    writable = os.access(folder, os.W_OK)
    yield (
        "data folder",
        f"{folder} ({free:.1f} GiB free{'' if writable else ', not writable'})",
        writable and free > 0.5,
    )
    try:
        system = System(config)
    except (FabricError, sqlite3.Error, OSError) as error:
        yield "record", getattr(error, "message", str(error)), False
        return
    try:
        yield _try("record", lambda: _record(system))
        yield _try("accounts", lambda: _accounts(system))
        yield _try("embedding model", lambda: _model(system))
        if system.remote:
            yield _try("fhir server", lambda: _server(system))
        yield _try("llm router", lambda: _router(system))
        yield _try("index", lambda: _index(system))
    finally:
        system.stop()


def _try(name: str, work: Callable[[], tuple[str, bool]]) -> Check:
    try:
        state, good = work()
    except (FabricError, sqlite3.Error, OSError) as error:
        state, good = getattr(error, "message", str(error)), False
    return name, state, good


def _record(system: System) -> tuple[str, bool]:
    connection = system.database.connection()
    verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
    count = connection.execute("SELECT COUNT(*) FROM resource WHERE body IS NOT NULL").fetchone()[0]
    return f"{count} resources, integrity {verdict}", verdict == "ok"


def _accounts(system: System) -> tuple[str, bool]:
    active = [a for a in system.accounts.list() if not a["disabled"]]
    administrators = sum(a["role"] == "administrator" for a in active)
    if not administrators:
        return "no administrator yet: fabric user add EMAIL --role administrator", system.settings.demo
    demo = ", demo accounts among them" if system.accounts.has_demo_accounts() else ""
    return f"{len(active)} people, {administrators} administrators{demo}", True


def _model(system: System) -> tuple[str, bool]:
    started = time.perf_counter()
    vector = system.model.embed_query("chest pain")
    return (
        f"{system.model.version}, {len(vector)} dimensions, {1000 * (time.perf_counter() - started):.0f} ms cold",
        True,
    )


def _server(system: System) -> tuple[str, bool]:
    assert system.remote is not None
    state = system.remote.client.metadata()
    waiting = system.remote.outbox.waiting()
    return f"{system.remote.client.base} speaks FHIR {state.get('fhirVersion')}; {waiting} audit events wait", True


def _router(system: System) -> tuple[str, bool]:
    state = system.router.health()
    return str(state["message"]), bool(state["ok"])


def _index(system: System) -> tuple[str, bool]:
    counts, waiting = system.store.counts(), system.pipeline.backlog()
    running = not system.owner.acquire()
    who = "a running console feeds it" if running else "no console is running; fabric reindex feeds it"
    return (
        f"{counts['chunks']} passages of {counts['resources']} resources, {waiting} changes wait; {who}",
        True,
    )
