"""Bulk embedding against the model's own rate: how much of the two cores' work reaches the vectors.

    python benchmarks/embedding.py [--texts 1500] [--repeats 3]

In one run, on texts of one mix of lengths:
  floor     forward passes alone, on batches that were tokenised and padded before the clock started
  ours      EmbeddedModel.embed: tokenising, sorting, passes, pooling, lexical features
  all cores the same batches one after the other, every core working on each
  unsorted  batches of 32 as they come, padded to the longest of each
  padded    batches of 32, each text padded to 256 tokens
Rates are the best of the repeats, taken in turn so that a busy moment hits all alike. Only the ratios
carry over to another machine.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import onnxruntime

from services.llm import embedded
from services.llm.embedded import EmbeddedModel

_SUBJECTS = [
    "The patient",
    "He",
    "She",
    "Mr. Hale",
    "The daughter",
    "Nursing staff",
    "The consultant",
    "Family",
]
_VERBS = [
    "reports",
    "denies",
    "was started on",
    "has a history of",
    "presents with",
    "was counselled about",
    "tolerated",
]
_THINGS = [
    "chest pain radiating to the left arm",
    "shortness of breath on exertion",
    "metformin 500 mg twice daily",
    "atrial fibrillation",
    "type 2 diabetes mellitus with HbA1c 8.2 %",
    "a serum potassium of 6.1 mmol/L",
    "penicillin allergy with urticaria",
    "lisinopril 20 mg once daily",
    "stage 3a chronic kidney disease",
    "a normal colonoscopy in 2021",
    "intermittent claudication",
    "blood pressure 168/94 mmHg",
    "an ejection fraction of 35 %",
    "productive cough and fever for three days",
]


def texts(count: int, seed: int = 7) -> list[str]:
    """Clinical sentences of 5 to 180 words: mostly short results, and longer stretches of notes."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        goal = chance.choice((chance.randint(5, 25), chance.randint(5, 25), chance.randint(20, 180)))
        words: list[str] = []
        while len(words) < goal:
            parts = (chance.choice(_SUBJECTS), chance.choice(_VERBS), chance.choice(_THINGS))
            words += f"{' '.join(parts)} on day {chance.randint(1, 30)}.".split()
        found.append(" ".join(words[:goal]))
    return found


def _rate(work: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def _passes(
    session: onnxruntime.InferenceSession, batches: Sequence[dict[str, Any]], threads: int
) -> Callable[[], object]:
    def work() -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda batch: session.run(None, batch), batches))

    return work


def _session(model: EmbeddedModel) -> onnxruntime.InferenceSession:
    """The same weights with as many threads for one pass as there are cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = model.threads
    return onnxruntime.InferenceSession(str(model._file()), options, providers=["CPUExecutionProvider"])


def _in_turn(
    session: onnxruntime.InferenceSession, batches: Sequence[dict[str, Any]]
) -> Callable[[], object]:
    return lambda: [session.run(None, batch) for batch in batches]


def _plain(model: EmbeddedModel, sample: list[str], pad_to: int | None) -> Callable[[], object]:
    """Batches of 32 in the order given, all cores on each."""
    session = _session(model)
    tokenizer = embedded.load_tokenizer()

    def work() -> None:
        for start in range(0, len(sample), 32):
            inputs = embedded._padded(
                [item.ids for item in tokenizer.encode_batch(sample[start : start + 32])]
            )
            if pad_to:
                more = ((0, 0), (0, pad_to - inputs["input_ids"].shape[1]))
                inputs = {name: np.pad(part, more) for name, part in inputs.items()}
            embedded._pooled(np.asarray(session.run(None, inputs)[0]), inputs["attention_mask"])

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    sample = texts(arguments.texts)
    model = EmbeddedModel()
    loaded = model._load()
    encoded = [item.ids for item in loaded.tokenizer.encode_batch(sample)]
    batches = [
        embedded._padded([encoded[index] for index in batch])
        for batch in embedded._batches(list(map(len, encoded)))
    ]
    few = max(64, len(sample) // 5)  # the slow ones on fewer texts of the same mix
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "floor: passes on ideal batches": (_passes(loaded.session, batches, model.threads), len(sample)),
        "ours": (lambda: model.embed(sample), len(sample)),
        "ideal batches, all cores on each": (_in_turn(_session(model), batches), len(sample)),
        "unsorted batches of 32": (_plain(model, sample[:few], None), few),
        "padded to 256": (_plain(model, sample[:few], embedded.MAX_TOKENS), few),
    }
    model.embed(sample[:64])
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(arguments.repeats):
        for name, (work, count) in ways.items():
            rates[name].append(_rate(work, count))
    best = {name: max(found) for name, found in rates.items()}
    floor = best["floor: passes on ideal batches"]
    lengths = [len(ids) for ids in encoded]
    print(f"{len(sample)} texts, {statistics.mean(lengths):.0f} tokens on average, {os.cpu_count()} cores")
    print(f"{'':34}{'texts/s':>9}{'of the floor':>14}")
    for name, rate in best.items():
        print(f"{name:34}{rate:9.0f}{rate / floor:14.2f}")
    paired = statistics.median(
        ours / base for ours, base in zip(rates["ours"], rates["floor: passes on ideal batches"], strict=True)
    )
    print(f"ours over the floor, median of paired repeats: {paired:.2f} (to reach: 0.90)")
    queries = [f"{thing} {number}" for number in range(15) for thing in _THINGS]
    times = []
    for query in queries:
        start = time.perf_counter()
        model.embed_query(query)
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"one query: p50 {times[len(times) // 2]:.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms")


if __name__ == "__main__":
    main()
