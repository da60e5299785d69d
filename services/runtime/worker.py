"""The background worker: one process of those that share a data folder keeps the index up to date."""

from __future__ import annotations

import logging
import threading
import time

from services.errors import FabricError
from services.index.owner import Owner
from services.index.pipeline import Pipeline
from services.index.population import Population
from services.index.view import Views

log = logging.getLogger("fabric.worker")
IDLE_SECONDS = 0.25
LONGEST_PAUSE = 30.0


class Worker:
    """Runs the pipeline and mirrors its vectors into Chroma while this process owns the index.

    A process that does not own it tries again every few seconds, so that when the owner ends another takes over.
    """

    def __init__(self, owner: Owner, pipeline: Pipeline, population: Population, views: Views) -> None:
        self.owner, self.pipeline, self.population, self.views = owner, pipeline, population, views
        self.problem: str | None = None
        self.embedded = 0
        self.rate = 0.0
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        if not self._threads:
            for target in (self._index_loop, self._population_loop):
                thread = threading.Thread(target=target, name=f"fabric{target.__name__}", daemon=True)
                thread.start()
                self._threads.append(thread)

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        """End in good order: the present step is finished and Chroma is closed."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()
        if self.owner.held:
            self.population.close()
            self.owner.release()

    def _index_loop(self) -> None:
        pause = 1.0
        while not self._stop.is_set():
            if not self.owner.acquire():
                self._stop.wait(2.0)
                continue
            try:
                started = time.monotonic()
                step = self.pipeline.step()
                if step is None:
                    self._wake.wait(IDLE_SECONDS)
                    self._wake.clear()
                else:
                    self.embedded += step.embedded
                    self.views.follow()
                    if step.embedded >= 32:
                        self.rate = step.embedded / max(time.monotonic() - started, 1e-6)
                self.problem, pause = None, 1.0
            except FabricError as error:
                self.problem = error.message
                log.error("indexing waits %.0f s: %s", pause, error.message)
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception as error:
                self.problem = f"Indexing failed unexpectedly ({type(error).__name__}); it is tried again."
                log.exception("indexing failed")
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _population_loop(self) -> None:
        opened: str | None = None
        pause = 1.0
        while not self._stop.is_set():
            if not self.owner.held:
                self._stop.wait(0.2)
                continue
            try:
                model = self.pipeline.model.version
                if opened != model:
                    self.population.open(model)
                    opened = model
                if not self.population.ready:
                    self.population.recover()
                self.population.sync()
                pause = 1.0
                self._stop.wait(0.5)
            except Exception as error:
                reason = error.message if isinstance(error, FabricError) else f"{type(error).__name__}."
                self.population.state = f"unavailable, searched exactly meanwhile: {reason}"
                log.error("population index: %s", reason)
                self._stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
