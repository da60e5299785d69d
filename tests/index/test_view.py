"""A patient's view through writes: it grows in place, and no reader's view ever changes."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import synthetic
from services.fhir.database import Database
from services.index.store import IndexStore
from services.index.view import View, Views

WIDTH = 6


def row(cid: int, width: int = WIDTH) -> tuple:
    vector = np.random.default_rng(cid).normal(size=width).astype(np.float32)
    return (cid, float(cid), vector.tobytes(), "Observation", f"o{cid}", "p", None, "m", b"", b"", "[]")


def same(view: View, cids: list[int], width: int = WIDTH) -> bool:
    wanted = np.zeros((len(cids), width), np.float32)
    for place, cid in enumerate(cids):
        wanted[place] = np.frombuffer(row(cid)[2], np.float32)
    query = np.ones(width, np.float32)
    return (
        view.cids.tolist() == cids
        and view.ids == [f"o{c}" for c in cids]
        and np.array_equal(view.vectors, wanted)
        and np.allclose(view.cosines(query), wanted @ query, atol=1e-5)
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.sets(st.integers(0, 400))), max_size=30), st.booleans())
def test_any_run_of_writes_gives_each_moment_its_own_view(
    writes: list[tuple[int, set[int]]], ask_between: bool
) -> None:
    cids = list(range(1, 6))
    following = 6
    view = View([row(c) for c in cids])
    seen = [(view, list(cids))]
    for added, gone in writes:
        keep = np.array([c not in gone for c in cids], bool)
        new = list(range(following, following + added))
        following += added
        cids = [c for c, kept in zip(cids, keep, strict=True) if kept] + new
        view = view.refreshed(keep, [row(c) for c in new])
        if ask_between:
            assert same(view, cids)
        seen.append((view, list(cids)))
    assert all(same(v, c) for v, c in seen if c)


def test_two_refreshes_of_one_view_do_not_meet() -> None:
    first = View([row(c) for c in (1, 2, 3)]).refreshed(np.ones(3, bool), [row(4)])
    keep = np.ones(4, bool)
    left, right = first.refreshed(keep, [row(5)]), first.refreshed(keep, [row(6)])
    assert same(left, [1, 2, 3, 4, 5]) and same(right, [1, 2, 3, 4, 6]) and same(first, [1, 2, 3, 4])


def test_what_is_added_is_written_behind_what_is_there() -> None:
    view = View([row(c) for c in range(1, 100)]).refreshed(np.ones(99, bool), [row(100)])
    later = view.refreshed(np.ones(100, bool), [row(101)])
    assert np.shares_memory(view.vectors, later.vectors)
    keep = np.ones(101, bool)
    keep[50] = False
    assert same(later.refreshed(keep, []), [c for c in range(1, 102) if c != 51])


def test_vectors_of_another_width_are_padded() -> None:
    view = View([row(1), row(2)]).refreshed(np.ones(2, bool), [row(3, 8)])
    assert view.vectors.shape == (3, 8) and not view.vectors[:2, WIDTH:].any()


def test_what_is_kept_follows_a_write(store: IndexStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next question reads no chunk; patients nobody asked about are not read at all."""
    synthetic.fill(store, 40, 20)  # two patients
    views = Views(store, 64)
    before = views.patient("p0")
    store.apply([], [("Observation", "o3"), ("Observation", "o25")], None)
    views.follow()
    read: list[str] = []
    monkeypatch.setattr("services.index.view._patient_rows", lambda _, patient: read.append(patient) or [])
    monkeypatch.setattr("services.index.view._rows", lambda _, cids: read.append("rows") or [])
    after = views.patient("p0")
    assert len(before) == 20 and len(after) == 19 and "o3" not in after.ids and not read
    views.follow()
    assert views.patient("p0") is after and not read
    assert len(views.patient("p1")) == 0 and read == ["p1"]  # read now, by the emptied reader


@pytest.mark.parametrize("removed", [False, True])
def test_readers_beside_a_writer_see_whole_moments(store: IndexStore, removed: bool) -> None:
    """Each row that a reader sees is the vector of its own chunk, while another thread writes."""
    synthetic.fill(store, 40, 1000)
    views = Views(store, 64)
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            view = views.patient("p0")
            found = dict(zip(view.cids.tolist(), view.vectors, strict=True))
            stored, vectors, _ = store.vectors(synthetic.MODEL, 0, 10_000)
            held = dict(zip(stored, vectors, strict=True))
            wrong.extend(
                f"chunk {c}" for c in found.keys() & held.keys() if not np.array_equal(found[c], held[c])
            )
            if len(set(view.ids)) != len(view):
                wrong.append("an entry twice")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in readers:
        thread.start()
    for number in range(40, 140):
        synthetic.fill(store, 1, 1000, start=number)
        if removed:
            store.apply([], [("Observation", f"o{number - 30}")], None)
    stop.set()
    for thread in readers:
        thread.join()
    assert not wrong
    assert len(views.patient("p0")) == (40 if removed else 140)


@pytest.fixture
def store(tmp_path) -> IndexStore:  # type: ignore[no-untyped-def]
    return IndexStore(Database(tmp_path / "record.sqlite"))
