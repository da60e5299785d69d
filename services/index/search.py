"""Semantic search: a question in, ranked passages out, within one patient (exact) or over all of them."""

from __future__ import annotations

import datetime as dt
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from services.errors import EmbeddingError, LLMRouterError
from services.fhir.repository import Repository, Stored
from services.index.asked import Weights
from services.index.conditions import interval
from services.index.features import concept_token, key, stems
from services.index.hidden import Hidden
from services.index.population import Population
from services.index.question import Question, parse
from services.index.scoring import Scores, score
from services.index.store import IndexStore
from services.index.view import View, Views
from services.knowledge.lexicon import lexicon
from services.llm.embeddings import EmbeddingModel

CANDIDATES = 300
RARITY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One resource with its best passage. Times are as the resource gives them."""

    resource_type: str
    resource_id: str
    version: str
    patient_id: str
    similarity: float
    cosine: float
    title: str
    header: str
    text: str
    date: str | None
    status: str | None
    content_type: str
    section: str | None
    span: tuple[int, int] | None
    stale: bool  # the resource was changed after this passage was made
    others: int  # further passages of the same resource that match
    why: dict[str, float] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{self.resource_type}/{self.resource_id}"


@dataclass(frozen=True, slots=True)
class Found:
    """`absent`: passages that say that what was asked for is not there. `notes`: what a person should know."""

    hits: list[Hit]
    absent: list[Hit]
    question: Question
    exact: bool
    embedded: bool
    notes: list[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Filters:
    """What a result must be. Times are epoch seconds [since, before)."""

    types: frozenset[str] = frozenset()
    since: float | None = None
    before: float | None = None
    minimum: float = 0.0
    limit: int = 10
    as_of: dt.date | None = None


class Retriever:
    """Search over an index. Safe to share between threads."""

    def __init__(
        self,
        store: IndexStore,
        views: Views,
        population: Population,
        model: EmbeddingModel,
        weights: Weights | None = None,
    ) -> None:
        self.store, self.views, self.population, self.model = store, views, population, model
        self.weights = weights or Weights()
        self._rarity: OrderedDict[str, float] = OrderedDict()
        self._rarity_at = 0.0
        self._lock = threading.Lock()

    def search(
        self, text: str, repository: Repository, patient_id: str | None = None, filters: Filters | None = None
    ) -> Found:
        """Ranked hits. `repository` is the asking user's: what it doesn't show is never a hit."""
        started = time.perf_counter()
        filters = filters or Filters()
        question = parse(text, filters.as_of or dt.datetime.now(dt.UTC).date())
        notes: list[str] = []
        vector = self._vector(question, repository, patient_id, notes)
        exact = True
        if patient_id is not None:
            view = self.views.patient(patient_id)
        else:
            view, exact = self._candidates(question, vector, filters)
        model = self.model.version if vector is not None else ""
        scores = score(view, question, vector, self.rarity, model=model, weights=self.weights)
        keep = _mask(view, filters)
        if scores.unmet.any():
            notes.append(_unmet_note(question, int((scores.unmet & keep).sum())))
        keep &= ~scores.unmet
        hits = self._collect(view, scores, keep & ~scores.absent, repository, filters)
        absent = self._collect(view, scores, keep & scores.absent, repository, filters)
        if absent:
            notes.append(f"{len(absent)} passages say that it is absent; they are listed apart.")
        return Found(hits, absent, question, exact, vector is not None, notes, time.perf_counter() - started)

    def rarity(self, stem: str) -> float:
        """Inverse document frequency of a stem over all passages, in 1 (everywhere) to about 5 (nowhere)."""
        now = time.monotonic()
        with self._lock:
            if now - self._rarity_at > RARITY_SECONDS or len(self._rarity) > 20_000:
                self._rarity.clear()
                self._rarity_at = now
            if stem in self._rarity:
                return self._rarity[stem]
        connection = self.store.database.connection()
        row = connection.execute("SELECT doc FROM chunk_vocabulary WHERE term=?", (stem,)).fetchone()
        total = connection.execute("SELECT MAX(cid) FROM chunk").fetchone()[0] or 0
        value = 1.0 + math.log10((total + 10) / ((row[0] if row else 0) + 1.0))
        with self._lock:
            self._rarity[stem] = value
        return value

    def _vector(
        self, question: Question, repository: Repository, patient_id: str | None, notes: list[str]
    ) -> np.ndarray | None:
        asked = question.expanded or question.text
        try:
            return self.model.embed_query(Hidden(repository).text(self.model, patient_id, asked))
        except (EmbeddingError, LLMRouterError) as error:
            notes.append(f"Searched by words, codes and values only: {error.message}")
            return None

    # Over all patients

    def _candidates(
        self, question: Question, vector: np.ndarray | None, filters: Filters
    ) -> tuple[View, bool]:
        """The passages worth scoring: nearest vectors, best word matches, values in the range asked for."""
        found: dict[int, None] = {}
        exact = True
        if vector is not None:
            near, _, exact = self.population.query(vector, CANDIDATES, sorted(filters.types) or None)
            found.update(dict.fromkeys(near.tolist()))
        found.update(dict.fromkeys(self._by_words(question, filters)))
        found.update(dict.fromkeys(self._by_value(question)))
        return self.views.candidates(list(found)), exact

    def _by_words(self, question: Question, filters: Filters) -> list[int]:
        connection = self.store.database.connection()
        words = lexicon()
        wanted: dict[str, None] = {}
        for stem in [
            *stems(" ".join(question.terms)),
            *stems(" ".join(question.codes)),
            *stems(question.expanded),
        ]:
            wanted[stem] = None
        for concept in question.concepts:
            wanted[concept_token(concept)] = None
            if not words.narrower(concept):
                for other in words.related(concept):
                    wanted[concept_token(other)] = None
        for qualifier in question.qualifiers:
            wanted[concept_token(f"flag:{qualifier}")] = None
        total = connection.execute("SELECT MAX(cid) FROM chunk").fetchone()[0] or 1
        frequency = {}
        for term in wanted:
            row = connection.execute("SELECT doc FROM chunk_vocabulary WHERE term=?", (term,)).fetchone()
            if row:
                frequency[term] = row[0]
        # A word that stands in most passages tells nothing and makes the look-up read them all.
        chosen = [t for t, n in frequency.items() if n <= 0.2 * total or total < 5000]
        chosen = chosen or sorted(frequency, key=lambda t: frequency[t])[:2]
        if not chosen:
            return []
        match = " OR ".join('"' + t.replace('"', "") + '"' for t in chosen)
        types = sorted(filters.types)
        within = (
            f" AND rowid IN (SELECT c.cid FROM chunk c JOIN entry e ON e.eid=c.eid WHERE e.type IN ({','.join('?' * len(types))}))"
            if types
            else ""
        )
        rows = connection.execute(
            f"SELECT rowid FROM chunk_words WHERE chunk_words MATCH ?{within} ORDER BY bm25(chunk_words) LIMIT ?",
            (match, *types, CANDIDATES),
        )
        return [r[0] for r in rows]

    def _by_value(self, question: Question) -> list[int]:
        """Passages of entries whose coded value is in a range asked for."""
        connection = self.store.database.connection()
        found: list[int] = []
        for comparison in question.comparisons:
            met = interval(comparison)
            if met is None:
                continue
            for concept in {comparison.concept, *lexicon().narrower(comparison.concept)}:
                rows = connection.execute(
                    "SELECT (SELECT MIN(c.cid) FROM chunk c WHERE c.eid=f.eid) FROM fact f "
                    "WHERE f.concept=? AND f.value>=? AND f.value<=? ORDER BY f.eid DESC LIMIT ?",
                    (key(concept), *met, 10 * CANDIDATES),
                )
                found += [r[0] for r in rows if r[0] is not None]
        return found

    # From rows to hits

    def _collect(
        self, view: View, scores: Scores, keep: np.ndarray, repository: Repository, filters: Filters
    ) -> list[Hit]:
        rows = np.flatnonzero(keep & (scores.total >= filters.minimum) & (scores.total > 0))
        # Newest first among equals, then by id, so that the order is the same every time.
        times = np.nan_to_num(view.times[rows], nan=-1e12)
        rows = rows[np.lexsort((view.cids[rows], -times, -np.round(scores.total[rows], 6)))]
        types, ids, total = view.types, view.ids, scores.total
        best: dict[tuple[str, str], int] = {}
        others: dict[tuple[str, str], int] = {}
        for row in rows.tolist():
            name = (types[row], ids[row])
            if name in best:
                others[name] += total[row] >= 0.6 * total[best[name]]
            else:
                best[name], others[name] = row, 0
        hits: list[Hit] = []
        for (resource_type, resource_id), row in best.items():
            if len(hits) >= filters.limit:
                break
            stored = repository.find(f"{resource_type}/{resource_id}")
            if stored is None or repository.partial(resource_type):  # a text can't be shown without its parts
                continue
            hit = self._hit(view, scores, row, stored, others[(resource_type, resource_id)])
            if hit:
                hits.append(hit)
        return hits

    def _hit(self, view: View, scores: Scores, row: int, stored: Stored, others: int) -> Hit | None:
        found = (
            self.store.database.connection()
            .execute(
                "SELECT e.title, c.header, c.text, e.date, e.status, c.content_type, c.section, c.start, c.stop, e.version "
                "FROM chunk c JOIN entry e ON e.eid=c.eid WHERE c.cid=?",
                (int(view.cids[row]),),
            )
            .fetchone()
        )
        if found is None:
            return None
        title, header, text, date, status, content_type, section, start, stop, version = found
        return Hit(
            resource_type=stored.type,
            resource_id=stored.id,
            version=version,
            patient_id=view.patients[row],
            similarity=round(float(scores.total[row]), 4),
            cosine=round(float(np.clip(scores.cosine[row], 0, 1)), 4),
            title=title,
            header=header,
            text=text,
            date=date,
            status=status,
            content_type=content_type,
            section=section,
            span=(start, stop) if start is not None else None,
            stale=stored.version != version,
            others=others,
            why={
                "vector": round(float(scores.cosine[row]), 3),
                "words": round(float(scores.words[row]), 3),
                "concepts": round(float(scores.concepts[row]), 3),
            },
        )


def _mask(view: View, filters: Filters) -> np.ndarray:
    keep = np.ones(len(view), bool)
    if filters.types:
        keep &= np.array([t in filters.types for t in view.types], bool)
    if filters.since is not None:
        keep &= view.times >= filters.since
    if filters.before is not None:
        keep &= view.times < filters.before
    if filters.as_of is not None:
        end = dt.datetime(*filters.as_of.timetuple()[:3], tzinfo=dt.UTC).timestamp() + 86_400
        keep &= ~(view.times >= end)
    return keep


def _unmet_note(question: Question, count: int) -> str:
    asked = ", ".join(
        f"{lexicon().get(c.concept).name} {c.op} {c.value:g}"
        for c in question.comparisons
        if c.concept in lexicon()
    )
    return f"{count} values were looked at that do not meet {asked}." if count else ""
