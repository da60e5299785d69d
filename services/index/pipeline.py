"""The Embedding bot's work: follow the record's changes and keep the index true to them.

A step takes the next changes, renders what they touch, embeds only text that is new, and stores entries,
vectors and the cursor in one transaction. Killed anywhere, it starts again from the cursor and misses nothing.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from services.fhir.indexing import date_range
from services.fhir.repository import Repository, Stored
from services.index import features
from services.index.hidden import Hidden
from services.index.store import IndexStore, NewChunk, NewEntry
from services.index.text import SUPPORTED, Chunk, Rendered, render
from services.knowledge.lexicon import lexicon
from services.llm.embeddings import EmbeddingModel

log = logging.getLogger("fabric.index")
VERSION = f"pipeline-2/{features.VERSION}"
CHANGES_PER_STEP = 1000
ENTRIES_PER_STEP = 500
WAVE = 128  # entries embedded together


@dataclass(slots=True)
class Step:
    """What one step did."""

    changes: int = 0
    resources: int = 0
    embedded: int = 0
    written: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Prepared:
    entry: NewEntry
    pending: list[tuple[Chunk, bytes, features.Features, str]]
    vectors: dict[bytes, np.ndarray]


class Pipeline:
    """One process runs it at a time (services.index.owner)."""

    def __init__(self, repository: Repository, store: IndexStore, model: EmbeddingModel) -> None:
        self.repository, self.store, self.model = repository, store, model
        self._lock = threading.Lock()
        self._current: str | None = None
        self._hidden = Hidden(repository)

    def backlog(self) -> int:
        """How many changes of the record wait to be indexed; audit events are none that a search could miss."""
        row = (
            self.store.database.connection()
            .execute("SELECT COUNT(*) FROM change WHERE seq>? AND type<>'AuditEvent'", (self.store.cursor,))
            .fetchone()
        )
        return row[0]

    def waits(self, patient_id: str) -> bool:
        """Whether a change of what this patient's record holds now waits to be indexed."""
        row = self.store.database.connection().execute(
            "SELECT EXISTS(SELECT 1 FROM change c JOIN resource r ON r.type=c.type AND r.id=c.id "
            "JOIN compartment p ON p.rid=r.rid WHERE c.seq>? AND c.type<>'AuditEvent' AND p.patient=?)",
            (self.store.cursor, patient_id),
        ).fetchone()  # fmt: skip
        return bool(row[0])

    def step(self) -> Step | None:
        """Work off the next changes, or a part of a re-indexing; None where nothing is to be done.

        Raises EmbeddingError or LLMRouterError where the model can't be reached: nothing is lost, call again.
        """
        with self._lock:
            self._check_versions()
            cursor = self.store.cursor
            changes = self.repository.changes(cursor, CHANGES_PER_STEP)
            if not changes:
                stale = self.store.other_models(self.model.version, ENTRIES_PER_STEP)
                return self._index(stale, None) if stale else None
            wanted: dict[tuple[str, str], None] = {}
            last = cursor
            for change in changes:
                for target in self._touched(change.type, change.id):
                    wanted[target] = None
                last = change.seq
                if len(wanted) >= ENTRIES_PER_STEP:
                    break
            step = self._index(wanted, last)
            step.changes = sum(1 for c in changes if c.seq <= last)
            return step

    def index_now(self, resource_type: str, resource_id: str) -> Step:
        """Index one resource at once, whatever waits."""
        with self._lock:
            return self._index([(resource_type, resource_id)], None)

    def _check_versions(self) -> None:
        """A new way of making text or features re-reads the whole log; vectors of unchanged text are kept."""
        if self._current is not None:
            return
        if self.store.state("pipeline") != VERSION:
            with self.store.database.write(beside=True):
                self.store.set_state("pipeline", VERSION)
                self.store.set_state("cursor", "0")
        if self.store.state("model") != self.model.version:
            self.store.set_state("model", self.model.version)
        self._current = VERSION

    def _touched(self, resource_type: str, resource_id: str) -> Iterable[tuple[str, str]]:
        if resource_type in SUPPORTED:
            yield resource_type, resource_id
        yield from self.store.dependents(f"{resource_type}/{resource_id}")

    def _index(self, targets: Iterable[tuple[str, str]], cursor: int | None) -> Step:
        step = Step()
        self._hidden.forget()
        waves: list[tuple[list[_Prepared], list[bytes], Future[np.ndarray]]] = []
        wave: list[_Prepared] = []
        removed: list[tuple[str, str]] = []
        touched: list[tuple[str, str, str]] = []
        # Texts are made while the texts before them are embedded, so that neither waits for the other.
        with ThreadPoolExecutor(1, thread_name_prefix="fabric-embed") as embedder:
            for resource_type, resource_id in targets:
                step.resources += 1
                stored = self.repository.find(f"{resource_type}/{resource_id}")
                known = self.store.known_entry(resource_type, resource_id)
                result = self._try_prepare(stored, known, step) if stored else None
                if isinstance(result, _Prepared):
                    wave.append(result)
                    if len(wave) >= WAVE:
                        waves.append(self._send(embedder, wave))
                        wave = []
                elif result == "unchanged" and stored and known:
                    if known[2] != stored.version:
                        touched.append((resource_type, resource_id, stored.version))
                elif known:
                    removed.append((resource_type, resource_id))
            if wave:
                waves.append(self._send(embedder, wave))
            for prepared, digests, future in waves:
                step.embedded += len(digests)
                self._fill(prepared, dict(zip(digests, future.result(), strict=True)))
        entries = [p.entry for prepared, _, _ in waves for p in prepared]
        step.written = self.store.apply(entries, removed, cursor, touched)
        return step

    def _try_prepare(
        self, stored: Stored, known: tuple[int, bytes, str, str] | None, step: Step
    ) -> _Prepared | str | None:
        try:
            return self._prepare(stored, known)
        except Exception as error:  # one odd resource must not hold up the others
            log.error("%s could not be indexed: %s", stored.reference, type(error).__name__)
            step.failed.append(stored.reference)
            return None

    def _prepare(self, stored: Stored, known: tuple[int, bytes, str, str] | None) -> _Prepared | str | None:
        asked: set[str] = set()

        def resolve(reference: str) -> dict | None:
            found = self.repository.find(reference)
            asked.add(found.reference if found else reference)
            return found.resource if found else None

        rendered = render(stored.resource, resolve)
        if rendered is None or not rendered.chunks:
            return None
        model = self.model.version
        digest = _digest(VERSION, model, repr(rendered))
        if known and known[1] == digest:
            return "unchanged"
        primary = features.primary_concepts(rendered)
        kept = self.store.known_vectors(stored.type, stored.id, model) if known else {}
        pending = []
        for chunk in rendered.chunks:
            text = embedded_text(chunk)
            found = features.chunk_features(rendered, chunk.header, chunk.text, primary)
            sent = self._hidden.text(self.model, rendered.patient_id, text)
            pending.append((chunk, _digest(model, sent), found, sent))
        entry = NewEntry(
            rendered=rendered,
            version=stored.version,
            time=_time(rendered),
            digest=digest,
            facts=features.canonical_facts(rendered),
            chunks=[],
            depends=asked,
        )
        return _Prepared(entry, pending, kept)

    def _send(
        self, embedder: ThreadPoolExecutor, wave: list[_Prepared]
    ) -> tuple[list[_Prepared], list[bytes], Future[np.ndarray]]:
        """Begin to embed what of these entries has no vector yet."""
        texts = {
            digest: text for item in wave for _, digest, _, text in item.pending if digest not in item.vectors
        }
        return wave, list(texts), embedder.submit(self._embed, list(texts.values()))

    def _embed(self, texts: list[str]) -> np.ndarray:
        return self.model.embed(texts) if texts else np.zeros((0, 0), np.float32)

    def _fill(self, prepared: list[_Prepared], new: dict[bytes, np.ndarray]) -> None:
        model = self.model.version
        for item in prepared:
            for chunk, digest, found, _ in item.pending:
                vector = item.vectors[digest] if digest in item.vectors else new[digest]
                item.entry.chunks.append(NewChunk(chunk, digest, found, vector, model))


def embedded_text(chunk: Chunk) -> str:
    """What of a passage is embedded: its caption and words, abbreviations and brand names spelled out."""
    return lexicon().expand(f"{chunk.header}. {chunk.text}" if chunk.header else chunk.text)


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _time(rendered: Rendered) -> float | None:
    covered = date_range(rendered.date)
    return covered[0] if covered else None
