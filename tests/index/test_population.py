"""Chroma is a copy: whatever happens to it, nothing is missing from a result and it is made whole again."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import numpy as np
import pytest

from benchmarks import synthetic
from services.errors import StoreUnavailable
from services.fhir.database import Database
from services.index.chroma import EF_SEARCH, ef_for
from services.index.places import Folder
from services.index.population import Population
from services.index.store import IndexStore

COUNT = 400


@pytest.fixture
def store(tmp_path) -> IndexStore:
    made = IndexStore(Database(tmp_path / "record.sqlite"))
    synthetic.fill(made, COUNT, 100)
    return made


@pytest.fixture
def opened(store: IndexStore, tmp_path) -> Callable[[], Population]:
    def make() -> Population:
        population = Population(store, Folder(tmp_path / "chroma"))
        population.open(synthetic.MODEL)
        return population

    return make


def whole(store: IndexStore, population: Population) -> bool:
    """Every stored vector, and nothing else, is in the copy and found by itself."""
    assert population._index is not None
    ids = store.chunk_ids(synthetic.MODEL)
    if population._index.ids().tolist() != ids.tolist():
        return False
    for cid in ids[:: max(1, len(ids) // 20)].tolist():
        _, vectors, _ = store.vectors(synthetic.MODEL, cid - 1, 1)
        found, cosines, exact = population.query(vectors[0], 1)
        if exact or found[0] != cid or cosines[0] < 0.999:
            return False
    return True


def test_the_copy_is_built_from_the_record(store, opened):
    population = opened()
    assert population.ready
    assert whole(store, population)


def test_additions_and_removals_follow(store, opened):
    population = opened()
    synthetic.fill(store, 50, 100, start=COUNT)
    store.apply([], [("Observation", f"o{n}") for n in range(10)], None)
    population.sync()
    assert whole(store, population)
    assert len(store.chunk_ids(synthetic.MODEL)) == COUNT + 40


def test_changes_made_while_it_was_closed_are_caught_up(store, opened):
    opened().close()
    synthetic.fill(store, 30, 100, start=COUNT)
    store.apply([], [("Observation", "o5")], None)
    population = opened()
    assert population.rebuilds == 0
    assert whole(store, population)


def test_a_missing_folder_is_filled_again(store, opened, tmp_path):
    opened().close()
    shutil.rmtree(tmp_path / "chroma")
    population = opened()
    assert population.ready
    assert whole(store, population)


@pytest.mark.parametrize("name", ["chroma.sqlite3", "segment"])
def test_broken_files_are_rebuilt(store, opened, tmp_path, name):
    opened().close()
    files = [p for p in (tmp_path / "chroma").rglob("*") if p.is_file()]
    wanted = [p for p in files if (p.name == "chroma.sqlite3") == (name == "chroma.sqlite3")]
    for path in wanted:
        path.write_bytes(b"broken" * 100)
    population = opened()
    assert population.ready
    assert whole(store, population)


def test_a_vector_that_differs_after_a_bad_end_is_found_and_rebuilt(store, opened):
    population = opened()
    cid = int(store.chunk_ids(synthetic.MODEL)[7])
    wrong = synthetic.vectors(1, seed=4711)
    population._index.add([cid], wrong, [{"patient": "p0", "type": "Observation"}])
    # The process ends here without closing, so the next start reads every vector.
    again = opened()
    assert again.rebuilds == 1
    assert whole(store, again)


def test_a_copy_that_fails_in_use_is_replaced_by_an_exact_scan(store, opened, monkeypatch):
    population = opened()
    vector = synthetic.vectors(1, seed=0)[0]
    expected, _, exact = population.query(vector, 5)
    assert not exact

    def fail(*_args, **_more):
        raise StoreUnavailable("Chroma failed.")

    monkeypatch.setattr(population._index, "query", fail)
    found, cosines, exact = population.query(vector, 5)
    assert exact
    assert found.tolist() == expected.tolist()
    assert np.all(np.diff(cosines) <= 0)
    assert not population.ready
    population.rebuild("it failed")
    assert whole(store, population)


def test_before_it_is_open_questions_are_answered_exactly(store, tmp_path):
    population = Population(store, Folder(tmp_path / "chroma"))
    store.set_state("model", synthetic.MODEL)
    vector = synthetic.vectors(1, seed=0)[0]
    found, cosines, exact = population.query(vector, 3)
    assert exact
    assert len(found) == 3
    assert np.all(np.diff(cosines) <= 0)


def test_another_models_vectors_are_never_mixed_in(store, opened):
    population = opened()
    store.database.connection().execute("UPDATE chunk SET model='other' WHERE cid % 2")
    population.open("other")
    assert population._index.ids().tolist() == store.chunk_ids("other").tolist()
    population.close()


def test_the_search_keeps_more_candidates_as_vectors_grow() -> None:
    sizes = [10, 100_000, 300_000, 1_000_000, 3_000_000]
    found = [ef_for(n) for n in sizes]
    assert found[0] == found[1] == EF_SEARCH and found == sorted(found)
    assert found[3] >= 650 and found[4] < 30 * EF_SEARCH


def test_a_copy_that_has_grown_is_searched_more_widely(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("services.index.chroma.EF_ENOUGH", 10)
    index = Folder(tmp_path / "chroma").open(1, "m")
    vectors = synthetic.vectors(200, seed=1)
    index.add(range(1, 201), vectors, [{"type": "Observation"}] * 200)
    index.widen()
    ids, cosines = index.query(vectors[5], 3)
    assert ids[0] == 6 and len(ids) == len(cosines) == 3
    index.close()
    again = Folder(tmp_path / "chroma").open(1, "m")
    assert again._ef == ef_for(200) > EF_SEARCH, "the graph is opened with what was found to be needed"
    again.close()
