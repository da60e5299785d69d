"""The Embedding bot's work: the index says what the record says, no more, no less, and nothing twice."""

from __future__ import annotations

import base64
from collections.abc import Callable

import numpy as np
import pytest

from services.errors import EmbeddingError
from services.runtime.system import System
from tests.index.conftest import condition, index, note, patient, result, use


def texts(system: System) -> list[str]:
    return [r[0] for r in system.database.connection().execute("SELECT text FROM chunk ORDER BY cid")]


def test_a_written_resource_is_embedded_with_all_fields_of_the_stored_embedding(system: System):
    system.repository.write_many([patient(), condition("c1", "Essential hypertension")])
    assert index(system) == 1
    (binary,) = system.store.binaries_of("Condition", "c1")
    stored = system.store.binary(binary)
    assert stored is not None
    assert stored["type"] == "clinical_embedding"
    assert (stored["fhir_resource_type"], stored["fhir_resource_id"]) == ("Condition", "c1")
    assert stored["patient_id"] == "p1"
    assert stored["content_type"] == "condition"
    assert "Essential hypertension" in stored["content_text"]
    assert len(stored["embedding"]) == 768
    assert np.linalg.norm(stored["embedding"]) == pytest.approx(1, abs=1e-3)
    assert stored["model_version"] == system.model.version
    assert stored["created_at"].endswith("Z")


def test_an_update_replaces_the_old_passages(system: System):
    system.repository.write_many([patient(), condition("c1", "Asthma")])
    index(system)
    system.repository.update(condition("c1", "Gout"))
    assert index(system) == 1
    assert len(texts(system)) == 1
    assert "Gout" in texts(system)[0]


def test_unchanged_text_is_not_embedded_again(system: System):
    paragraphs = [f"SECTION {n}:\n" + f"Sentence about topic {n} goes here. " * 30 for n in range(3)]
    system.repository.write_many([patient(), note("n1", "\n\n".join(paragraphs))])
    first = index(system)
    assert first > 3
    system.repository.update({**note("n1", "\n\n".join(paragraphs)), "language": "en"})
    assert index(system) == 0
    paragraphs[1] = "SECTION 1:\nQuite another sentence. " * 10
    system.repository.update(note("n1", "\n\n".join(paragraphs)))
    assert 0 < index(system) < first


def test_deletion_and_withdrawal_take_a_resource_out(system: System):
    system.repository.write_many([patient(), condition("c1", "Asthma"), condition("c2", "Gout")])
    index(system)
    system.repository.delete("Condition", "c1")
    wrong = {"coding": [{"code": "entered-in-error"}]}
    system.repository.update(condition("c2", "Gout", verificationStatus=wrong))
    index(system)
    assert texts(system) == []
    for table in ("entry", "chunk", "fact", "depends"):
        assert system.database.connection().execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] == 0
    assert (
        system.database.connection().execute("SELECT rowid FROM chunk_words('asthma OR gout')").fetchall()
        == []
    )


def test_types_that_are_not_embedded_move_the_cursor_only(system: System):
    system.repository.write_many([patient()])
    index(system)
    assert texts(system) == []
    assert system.pipeline.backlog() == 0


def test_a_document_is_read_again_when_its_binary_arrives_later(system: System):
    late = note("n1", "")
    late["content"] = [{"attachment": {"contentType": "text/plain", "url": "Binary/b1"}}]
    system.repository.write_many([patient(), late])
    index(system)
    assert not any("hoarseness" in t for t in texts(system))
    data = base64.b64encode(b"Three weeks of hoarseness after the operation.").decode()
    system.repository.write_many(
        [{"resourceType": "Binary", "id": "b1", "contentType": "text/plain", "data": data}]
    )
    index(system)
    assert any("hoarseness" in t for t in texts(system))


def test_two_processes_on_one_folder_agree_who_owns_the_index(make_system: Callable[..., System]):
    one, two = make_system(), make_system()
    assert one.owner.acquire()
    assert not two.owner.acquire()
    one.owner.release()
    assert two.owner.acquire()


def test_a_model_that_fails_loses_nothing(system: System, model):
    class Down:
        version, dimensions = model.version, 768

        def embed(self, _texts):
            raise EmbeddingError("The router can't be reached.")

        def embed_query(self, _text):
            raise EmbeddingError("The router can't be reached.")

    index(system)
    system.repository.write_many([patient(), condition("c1", "Asthma")])
    use(system, Down())
    with pytest.raises(EmbeddingError):
        system.pipeline.step()
    assert system.pipeline.backlog() == 2
    use(system, model)
    assert index(system) == 1


def test_a_change_of_model_re_embeds_everything_while_search_goes_on(system: System, model):
    class Other:
        version, dimensions = "other-1", 768

        def embed(self, texts):
            return -model.embed(texts)

        def embed_query(self, text):
            return -model.embed_query(text)

    system.repository.write_many([patient(), *(condition(f"c{n}", f"Problem number {n}") for n in range(5))])
    index(system)
    use(system, Other())
    system.pipeline._check_versions()
    found = system.retriever.search("problem number 3", system.repository, "p1")
    assert found.hits[0].resource_id == "c3", "vectors of the old model are not compared, words still find"
    assert index(system) == 5
    models = system.database.connection().execute("SELECT DISTINCT model FROM chunk").fetchall()
    assert models == [("other-1",)]
    assert system.retriever.search("problem number 3", system.repository, "p1").hits[0].cosine > 0.4


def test_an_entry_that_cannot_be_rendered_does_not_hold_up_the_others(system: System, monkeypatch):
    import services.index.pipeline as module

    real = module.render

    def fragile(resource, resolve):
        if resource["id"] == "bad":
            raise RuntimeError("odd")
        return real(resource, resolve)

    monkeypatch.setattr(module, "render", fragile)
    system.repository.write_many([patient(), condition("bad", "Gout"), condition("good", "Asthma")])
    step = system.pipeline.step()
    assert step is not None
    assert step.failed == ["Condition/bad"]
    assert len(texts(system)) == 1


def test_values_are_kept_in_their_canonical_unit(system: System):
    system.repository.write_many([patient(), result("g1", "Glucose", "2345-7", 11.1, "mmol/L", "2025-01-01")])
    index(system)
    values = [v for (v,) in system.database.connection().execute("SELECT value FROM fact")]
    assert any(v == pytest.approx(200, abs=1) for v in values)
