"""What was asked about a patient is kept for whoever asked: bounded, and only while its sources may be seen."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator

import pytest

from services.console import conversations
from services.console.asking import Conversation, ask
from services.console.conversations import Earlier, earlier, forget, keep
from services.console.replaying_kept import now
from services.console.replies import Reply, packed, unpacked
from services.errors import PatientNotFound
from services.runtime.system import System
from tests.console.test_console_asking import RECORD
from tests.console.world import ADMIN, open_system, put

COLLEAGUE = dataclasses.replace(ADMIN, id="colleague", name="Cole Colleague")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with pytest.MonkeyPatch.context() as patch:
        for held in open_system(tmp_path_factory.mktemp("conversations"), patch):
            put(held, *RECORD)
            yield held


@pytest.fixture(autouse=True)
def _anew(world: System) -> None:
    forget(ADMIN, "ness")


def reply_to(question: str) -> Reply:
    *_, last = ask(ADMIN, "ness", question)
    assert last.reply
    return last.reply


@pytest.mark.parametrize("question", ["how has potassium changed?", "any chest pain?", "what is the ferritin?"])
def test_an_answer_is_the_same_when_it_is_read_again(question: str) -> None:
    reply = reply_to(question)
    assert unpacked(packed(reply)) == reply


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id":"x","series":null}'])
def test_what_another_version_kept_is_left_out(world: System, body: bytes) -> None:
    assert unpacked(body) is None
    keep(ADMIN, "ness", reply_to("latest potassium"), now())
    with world.database.write() as connection:
        connection.execute("UPDATE asked_turn SET body=?", (body,))
    assert earlier(ADMIN, "ness") == Earlier((), 1)


def test_a_conversation_goes_on_where_it_was_left() -> None:
    talk = Conversation.of(ADMIN, "ness")
    assert not talk.turns
    assert talk.ask(ADMIN, "ness", "latest potassium").wait(60)
    _kept(1)
    again = Conversation.of(ADMIN, "ness")
    assert [t.question for t in again.turns] == ["latest potassium"] and again.turns[0].over and again.turns[0].when
    following = again.ask(ADMIN, "ness", "and before that?")
    assert following.wait(60) and following.reply and "5.6" in following.reply.plain()
    assert not Conversation.of(COLLEAGUE, "ness").turns and not Conversation.of(ADMIN, "other").turns


def _kept(count: int) -> None:
    """The answer is shown before it is kept."""
    for _ in range(200):
        if len(earlier(ADMIN, "ness").turns) == count:
            return
        time.sleep(0.02)
    raise AssertionError("it was not kept")


def test_what_was_begun_anew_is_not_kept_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []
    monkeypatch.setattr(conversations, "keep", lambda *a: kept.append(a))
    talk = Conversation()
    turn = talk.ask(ADMIN, "ness", "latest potassium")
    turn.dropped = True
    assert turn.wait(60)
    assert not kept


def test_it_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversations, "TURNS", 3)
    monkeypatch.setattr(conversations, "PATIENTS", 2)
    reply = reply_to("latest potassium")
    for number in range(5):
        keep(ADMIN, "ness", dataclasses.replace(reply, id=f"r{number}"), f"2026-01-01T00:00:0{number}.000Z")
    assert [k.reply.id for k in earlier(ADMIN, "ness").turns] == ["r2", "r3", "r4"]
    for patient in ("other", "blank"):
        keep(ADMIN, patient, reply, now())
    assert earlier(ADMIN, "ness") == Earlier()
    monkeypatch.setattr(conversations, "MOST_BYTES", 100)
    keep(ADMIN, "ness", reply, now())
    assert earlier(ADMIN, "ness") == Earlier()


def test_it_says_when_the_record_has_changed(world: System) -> None:
    reply = reply_to("latest potassium")
    keep(ADMIN, "ness", reply, now())
    assert [k.changed for k in earlier(ADMIN, "ness").turns] == [False]
    put(world, {"resourceType": "Condition", "id": "gout", "subject": {"reference": "Patient/ness"}, "code": {"text": "Gout"}})
    time.sleep(0.002)  # moments are kept to the millisecond
    keep(ADMIN, "ness", dataclasses.replace(reply, id="later"), now())
    assert [k.changed for k in earlier(ADMIN, "ness").turns] == [True, False]


def test_an_answer_goes_with_its_source(world: System) -> None:
    put(world, {"resourceType": "AllergyIntolerance", "id": "latex", "patient": {"reference": "Patient/ness"}, "code": {"text": "Latex"}})
    keep(ADMIN, "ness", reply_to("what allergies are recorded?"), now())
    assert len(earlier(ADMIN, "ness").turns) == 1
    world.repository.delete("AllergyIntolerance", "latex")
    assert earlier(ADMIN, "ness") == Earlier((), 1)


def test_an_answer_is_not_shown_to_whom_its_source_is_closed_since(world: System) -> None:
    world.accounts.add_user("ward@example.com", "correct horse battery", "clinician", "Ward Doctor")
    ward = world.accounts.check_password("ward@example.com", "correct horse battery")
    for question in ("latest potassium", "what allergies are recorded?"):
        *_, last = ask(ward, "ness", question)
        assert last.reply
        keep(ward, "ness", last.reply, now())
    assert len(earlier(ward, "ness").turns) == 2
    few = {"resourceType": "AccessPolicy", "id": "few", "name": "Few",
           "resource": [{"resourceType": "Patient"}, {"resourceType": "AllergyIntolerance"}]}  # fmt: skip
    membership = world.directory.membership(ward.reference)
    assert membership
    put(world, few, {**membership.resource, "accessPolicy": {"reference": "AccessPolicy/few"}})
    left = earlier(ward, "ness")
    assert [k.reply.question for k in left.turns] == ["what allergies are recorded?"] and left.hidden == 1
    put(world, {**few, "resource": [{"resourceType": "Observation"}]})
    with pytest.raises(PatientNotFound):
        earlier(ward, "ness")


def test_only_of_a_patient_that_may_be_seen() -> None:
    with pytest.raises(PatientNotFound):
        earlier(ADMIN, "nobody")
