"""The working copy catches up with the server: what is new, changed and gone, in order and in bounded memory."""

from __future__ import annotations

import datetime as dt

import pytest

from services.errors import PreconditionFailed, StoreUnavailable
from services.fhir.remote import copies, following
from services.fhir.remote.client import FhirClient
from services.fhir.remote.following import Follower
from services.fhir.remote.lease import Lease
from services.fhir.sqlite import bare
from tests.contract.backend import Backend
from tests.contract.conftest import Consoles, same_as

TYPE = "Substance"
"""A type that no other test writes, so that a console's copy of it is what the test put there."""


@pytest.fixture(autouse=True)
def few_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "USUAL", ())
    monkeypatch.setattr(following, "resource_types", lambda: frozenset({TYPE, "Basic"}))


def substances(number: int) -> list[dict]:
    return [{"resourceType": TYPE, "code": {"text": str(n)}} for n in range(number)]


def test_what_others_write_change_and_delete_arrives_once(consoles: Consoles, backend: Backend) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    follower = Follower(here)
    kept, gone = (there.create(s) for s in substances(2))
    follower.step()
    assert here.read(TYPE, kept.id).version == kept.version
    assert not follower.filling
    seq = here.changes(0)[-1].seq
    changed, _ = there.update({**kept.resource, "status": "active"})
    there.delete(TYPE, gone.id)
    mine = here.create({"resourceType": TYPE, "code": {"text": "mine"}})
    assert follower.step() == 1, "what was written here does not arrive"
    follower.soon()
    assert follower.step() == 0
    assert here.read(TYPE, kept.id).version == changed.version
    assert here.find(gone.reference) is None
    assert [(c.interaction, c.id) for c in here.changes(seq)] == [
        ("create", mine.id), ("update", kept.id), ("delete", gone.id)
    ]  # fmt: skip
    assert here.changes(seq)[1].author == "System/fhir-server"
    same_as(backend, here)


def test_a_large_record_comes_page_by_page_and_goes_on_where_it_ended(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", 10)
    there = consoles("b").repository
    made: set[str] = set()
    for group in range(5):  # each at an instant of its own, at least
        batch = [{**s, "id": f"p{group}-{n}-{id(there)}"} for n, s in enumerate(substances(9))]
        made |= {stored.id for stored, _ in there.write_many(batch)}
    console = consoles("a")
    here, first = console.repository, Follower(console.repository)
    keep = here.keep_arrived
    seen: list[list[str]] = []

    def kept(found, asked=None):
        found = list(found)
        if found and found[0].resource["resourceType"] == TYPE:
            seen.append([f.resource["id"] for f in found])
            if len(seen) == 3:
                raise StoreUnavailable("The server went away.")
        return keep(found, asked)

    monkeypatch.setattr(here, "keep_arrived", kept)
    with pytest.raises(StoreUnavailable):
        first.step()
    assert max(map(len, seen)) <= 10
    assert first.filling
    assert first.expected[TYPE] >= 45
    Follower(here).step()
    assert {s.id for s in here.everything([TYPE])} >= made
    assert seen[3][0] not in seen[0][:1], "what had come was not asked for again"


def test_a_page_of_one_instant_is_followed_by_its_links(direct: FhirClient) -> None:
    def page(*names: str, after: str = "") -> dict:
        entries = [
            {"resource": {"resourceType": TYPE, "id": n, "meta": {"lastUpdated": "2026-01-01T00:00:00.000Z"}}}
            for n in names
        ]
        return {"entry": entries, "link": [{"relation": "next", "url": after}] if after else []}

    class Server(FhirClient):
        def _bundle(self, method, path, content=None, *, again=False):
            return {
                f"{self.base}/{TYPE}?page=2": page("c", "d", after=f"{TYPE}?page=3"),
                f"{self.base}/{TYPE}?page=3": page("e"),
            }[path]

    client = Server("http://127.0.0.1:1/fhir/R4")
    pages = following.pages_of(client, TYPE, page("a", "b", after=f"{TYPE}?page=2"), 2)
    assert [e["resource"]["id"] for p in pages for e in p["entry"]] == ["a", "b", "c", "d", "e"]
    elsewhere = page("a", "b", after="https://evil.example/fhir")
    assert len(list(following.pages_of(client, TYPE, elsewhere, 2))) == 1, "a token goes to no other server"
    client.close()


def test_what_the_server_told_before_a_write_here_does_not_undo_it(consoles: Consoles) -> None:
    here = consoles("a").repository
    first, second = (here.create(s) for s in substances(2))
    asked = following.time.monotonic()
    told = [here.client.read(TYPE, s.id) for s in (first, second)]
    changed, _ = here.update({**first.resource, "status": "active"})
    here.delete(TYPE, second.id)
    assert here.keep_arrived([f for f in told if f], asked) == 0
    assert here.read(TYPE, first.id) == changed
    assert here.find(second.reference) is None


def test_an_odd_resource_keeps_no_other_away(consoles: Consoles) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    odd, good = (there.create(s) for s in substances(2))

    def stumbles(_connection, written) -> None:
        if written.stored.id == odd.id:
            raise KeyError("not foreseen")

    here.listeners.append(stumbles)
    follower = Follower(here)
    follower.step()
    assert here.find(good.reference)
    assert here.find(odd.reference) is None
    assert follower.step() == 0, "not again and again"


def test_a_gateway_without_its_server_deletes_nothing(consoles: Consoles) -> None:
    console = consoles("a")
    held = console.repository.create(substances(1)[0])
    console.proxy.lost = True
    with pytest.raises(StoreUnavailable, match="not where it should be"):
        console.repository.refresh([held.reference])
    assert console.repository.read(TYPE, held.id) == held


def test_an_arriving_change_is_answered_by_a_stale_version(consoles: Consoles) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    held = there.create(substances(1)[0])
    follower = Follower(here)
    follower.step()
    there.update({**held.resource, "status": "active"})
    follower.step()
    with pytest.raises(PreconditionFailed):
        here.update({**held.resource, "status": "inactive"}, if_match=held.version)
    shown = here.read(TYPE, held.id)
    assert here.update({**bare(shown.resource), "status": "inactive"}, if_match=shown.version)[1] == "updated"


def test_the_time_shown_is_the_servers(consoles: Consoles, direct: FhirClient) -> None:
    here = consoles("a").repository
    made = direct.put(
        {"resourceType": TYPE, "id": "2f1f3c7e-5f3c-4d63-9d7b-0d5d2f6a1c01", "code": {"text": "x"}}
    )
    Follower(here).step()
    shown = here.read(TYPE, made.resource["id"])
    assert dt.datetime.fromisoformat(shown.updated) == dt.datetime.fromisoformat(made.updated)
    assert shown.resource["meta"]["lastUpdated"] == shown.updated


def test_a_type_that_the_server_does_not_let_be_searched_holds_no_other_up(
    consoles: Consoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = consoles("a").repository, consoles("b").repository
    follower = Follower(here)
    follower.step()
    follower._since["Nonsense"], follower.expected["Nonsense"] = ("1970-01-01T00:00:00.000Z", False), 3
    made = there.create(substances(1)[0])
    assert follower.step() == 1
    assert here.find(made.reference)
    assert not follower.filling


def test_one_content_is_one_content_however_a_server_writes_it() -> None:
    ours = {
        "resourceType": "Observation",
        "id": "1",
        "valueQuantity": {"value": 8.0, "unit": "%"},
        "note": [],
    }
    theirs = {"id": "1", "valueQuantity": {"unit": "%", "value": 8}, "resourceType": "Observation",
              "meta": {"versionId": "3", "lastUpdated": "2026-01-01T00:00:00Z", "source": "#f00", "author": {"reference": "x"}}}  # fmt: skip
    assert copies.canonical(ours) == copies.canonical(theirs)
    assert copies.version_id(ours) == copies.version_id(theirs)
    for other in (
        {**ours, "valueQuantity": {"value": 8.1, "unit": "%"}},
        {**ours, "meta": {"source": "urn:lab"}},
    ):
        assert copies.version_id(ours) != copies.version_id(other)


def test_of_two_consoles_one_holds_the_lease(direct: FhirClient, new_id) -> None:
    now, name = [0.0], new_id()
    a, b = (Lease(direct, name, holder, seconds=60, clock=lambda: now[0]) for holder in ("a", "b"))
    assert a.take()
    assert not b.take()
    now[0] = 50
    assert a.take(), "renewed in its second half"
    now[0] = 100
    assert not b.take(), "it changed, so its holder lives"
    now[0] = 159
    assert not b.take()
    now[0] = 161
    assert b.take(), "unchanged for as long as a lease lasts"
    assert not a.take()


def test_who_asks_at_the_same_time_gets_it_once(
    direct: FhirClient, new_id, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = new_id()
    a, b = (Lease(direct, name, holder) for holder in ("a", "b"))
    put = direct.put

    def after_b(resource, if_match=None):
        monkeypatch.setattr(direct, "put", put)
        assert b.take()
        return put(resource, if_match)

    monkeypatch.setattr(direct, "put", after_b)
    assert not a.take()


def test_leases_are_not_part_of_the_record(consoles: Consoles, new_id) -> None:
    here = consoles("a").repository
    Lease(here.client, new_id(), "a").take()
    follower = Follower(here)
    follower.step()
    follower.soon()
    follower.step()
    assert not [s for s in here.everything(["Basic"]) if s.resource["code"]["text"].startswith("Lease")]
