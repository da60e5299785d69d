"""The ways of ranking that are compared. Each takes a text and a patient and gives resources, best first."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.retrieval.index import Chunks
from benchmarks.retrieval.records import AS_OF
from services.index.asked import Weights
from services.index.question import parse
from services.index.search import Filters, Retriever
from services.runtime.system import System

DEPTH = 10
_SEMANTIC = 384


@dataclass(frozen=True)
class Ranking:
    """The first resources, and the best score (a similarity in 0-1, or whatever the method has)."""

    keys: list[str]
    best: float


Method = Callable[[str, str | None], Ranking]

BM25, MINILM, VECTORS, OURS = "BM25", "MiniLM alone", "vectors alone", "ours"


def methods(system: System, chunks: Chunks, *, ablations: bool = True) -> dict[str, Method]:
    """By name, in the order in which they are shown."""
    found = {
        BM25: _bm25(chunks),
        MINILM: _minilm(system, chunks),
        VECTORS: _vectors(system, chunks),
        OURS: _ours(system, Weights()),
    }
    if ablations:
        for part in ("dense", "words", "concepts"):
            found[f"ours − {part}"] = _ours(system, dataclasses.replace(Weights(), **{part: 0.0}))
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _ranked(chunks: Chunks, scores: np.ndarray, patient: str | None, floor: float) -> Ranking:
    """Chunks to resources by their best chunk, within the patient; nothing at or below the floor."""
    scores = np.where(chunks.patients == patient, scores, -np.inf) if patient else scores
    keys: dict[str, None] = {}
    order = np.argsort(-scores, kind="stable")
    for row in order:
        if scores[row] <= floor or len(keys) == DEPTH:
            break
        keys.setdefault(chunks.keys[row])
    return Ranking(list(keys), float(scores[order[0]]))


def _bm25(chunks: Chunks) -> Method:
    index = BM25Okapi([_words(t) for t in chunks.texts])
    return lambda text, patient: _ranked(chunks, index.get_scores(_words(text)), patient, 0.0)


def _minilm(system: System, chunks: Chunks) -> Method:
    """The off-the-shelf model as it is: the plain text's own half of the vector, at unit length."""

    def half(vectors: np.ndarray) -> np.ndarray:
        semantic = vectors[:, :_SEMANTIC]
        return semantic / np.maximum(np.linalg.norm(semantic, axis=1, keepdims=True), 1e-12)

    matrix = half(system.model.embed(chunks.texts))

    def rank(text: str, patient: str | None) -> Ranking:
        query = half(system.model.embed_query(text)[None])[0]
        return _ranked(chunks, matrix @ query, patient, -np.inf)

    return rank


def _vectors(system: System, chunks: Chunks) -> Method:
    """The stored vectors and nothing else, the question expanded as in the search."""

    def rank(text: str, patient: str | None) -> Ranking:
        question = parse(text, AS_OF)
        query = system.model.embed_query(question.expanded or question.text)
        return _ranked(chunks, chunks.vectors @ query, patient, -np.inf)

    return rank


def _ours(system: System, weights: Weights) -> Method:
    retriever = Retriever(system.store, system.views, system.population, system.model, weights)

    def rank(text: str, patient: str | None) -> Ranking:
        found = retriever.search(text, system.repository, patient, Filters(limit=DEPTH, as_of=AS_OF))
        return Ranking(
            [h.reference for h in found.hits], max((h.similarity for h in found.hits), default=0.0)
        )

    return rank
