"""The processes that JavaScript bots run in: Deno without any permission, one process for one run.

A process is started ahead of its run, waits on its standard input, and is killed when the run is over. Neither the
environment nor the folder of the console is passed on, and the code of the sandbox is copied to a folder of its own,
so that no error names a path of the installation.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from services.runtime.sandbox.model import MEBIBYTE, Limits, SandboxMissing, Stopped

PROCESSES = 4  # at once
SPARES = 2  # kept waiting
QUEUE_SECONDS = 30.0  # how long a run waits for its turn
CHUNK = 1 << 18
SOURCE = Path(__file__).parent / "js"
ENVIRONMENT = {
    "DENO_DIR": "/dev/null/none",  # nothing of a bot is cached, and nothing found there is run
    "DENO_NO_UPDATE_CHECK": "1",
    "NO_COLOR": "1",
    "LANG": "en_US.UTF-8",
    "TZ": "UTC",
}
OPTIONS = [
    "--quiet",
    "--no-prompt",
    "--no-remote",
    "--no-npm",
    "--cached-only",
    "--no-config",
    "--no-lock",
    "--no-code-cache",
    "--no-check",
]


def executable() -> str:
    try:
        import deno
    except ImportError:
        raise SandboxMissing("JavaScript bots need Deno: pip install 'fabric-console[javascript]'") from None
    return deno.find_deno_bin()


class Process:
    """One waiting or running sandbox, and the two pipes to it."""

    def __init__(self, program: str, folder: Path, memory_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        # Interpreted only: bots are glue, and a compiler is most of what has let code out of V8. It also leaves
        # WebAssembly out.
        flags = f"--v8-flags=--jitless,--max-old-space-size={max(16, memory_bytes // MEBIBYTE)}"
        self._process = subprocess.Popen(
            [
                program,
                "run",
                *OPTIONS,
                f"--import-map={folder / 'js/import_map.json'}",
                flags,
                str(folder / "js/boot.js"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder / "empty",
            env=ENVIRONMENT,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self.pid = self._process.pid
        self._input = self._process.stdin.fileno()
        self._output = self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        os.set_blocking(self._output, False)
        self._unsent = bytearray()

    def alive(self) -> bool:
        return self._process.poll() is None

    def confine(self, limits: Limits) -> None:
        """The kernel's limits on the run that comes. What the idle engine has is not the bot's."""
        if not hasattr(resource, "prlimit"):
            return
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[5])
        data = pages * resource.getpagesize() + limits.memory_bytes
        spent = sum(
            float(n) for n in Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        )
        # The clock ends a run long before; this ends one whose console has died.
        processor = int(spent / os.sysconf("SC_CLK_TCK") + 2 * limits.seconds) + 2
        for kind, most in (
            (resource.RLIMIT_DATA, data),
            (resource.RLIMIT_CPU, processor),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(self.pid, kind, (most, most))

    def send(self, line: bytes) -> None:
        """Has a line sent while `lines` is read."""
        self._unsent += line + b"\n"

    def lines(self, deadline: float, longest: int) -> Iterator[bytes]:
        """What the sandbox says, line by line, until it closes. TimeoutError at the deadline; Stopped for a line
        that is too long."""
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            sending = False
            while True:
                if bool(self._unsent) != sending:
                    sending = not sending
                    if sending:
                        selector.register(self._input, selectors.EVENT_WRITE)
                    else:
                        selector.unregister(self._input)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in selector.select(left):
                    if key.fd == self._input:
                        with contextlib.suppress(BlockingIOError, BrokenPipeError):
                            del self._unsent[: os.write(self._input, self._unsent[:CHUNK])]
                            continue
                        if not self.alive():
                            return
                        continue
                    chunk = os.read(self._output, CHUNK)
                    if not chunk:
                        return
                    *whole, rest = chunk.split(b"\n")
                    for line in whole:
                        received += line
                        yield bytes(received)
                        received.clear()
                        if time.monotonic() >= deadline:
                            raise TimeoutError
                    received += rest
                    if len(received) > longest:
                        raise Stopped("What the bot sent or returned is too large")

    def crashed(self) -> bool:
        """Whether it ended by a signal, as V8 does where it gets no memory."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(1.0) < 0
        return False

    def end(self) -> None:
        # Its group still stands until it is reaped, so the number is its own.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()  # pyright: ignore[reportOptionalMemberAccess]


class Pool:
    """Hands out processes, each for one run, and keeps a few waiting once there was a first."""

    def __init__(self) -> None:
        self._turns = threading.BoundedSemaphore(PROCESSES)
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._spares: list[Process] = []
        self._running: set[Process] = set()

    @contextlib.contextmanager
    def process(self, limits: Limits) -> Iterator[Process]:
        """A fresh process for the block, ended at its close."""
        program = executable()
        if not self._turns.acquire(timeout=QUEUE_SECONDS):
            raise Stopped(f"All {PROCESSES} JavaScript sandboxes are busy; try again")
        try:
            with self._lock:
                process = self._take(program, limits)
                self._running.add(process)
            try:
                process.confine(limits)
                yield process
            finally:
                process.end()
                with self._lock:
                    self._running.discard(process)
                    if self._folder is not None:
                        self._fill(program)
        finally:
            self._turns.release()

    def warm(self) -> None:
        program = executable()
        with self._lock:
            self._fill(program)

    def stop(self) -> None:
        """Ends all processes, running ones too."""
        with self._lock:
            for process in (*self._spares, *self._running):
                process.end()
            self._spares.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _start(self, program: str, memory_bytes: int) -> Process:
        if self._folder is None:
            folder = Path(tempfile.mkdtemp(prefix="bots-"))
            shutil.copytree(SOURCE, folder / "js")
            (folder / "empty").mkdir()
            self._folder = folder
        return Process(program, self._folder, memory_bytes)

    def _take(self, program: str, limits: Limits) -> Process:
        while self._spares and limits.memory_bytes == self._spares[0].memory_bytes:
            process = self._spares.pop(0)
            if process.alive():
                return process
            process.end()
        return self._start(program, limits.memory_bytes)

    def _fill(self, program: str) -> None:
        while len(self._spares) < SPARES:
            self._spares.append(self._start(program, Limits().memory_bytes))


POOL = Pool()
atexit.register(POOL.stop)
