"""Subscriptions: made, refused with reasons at the field, changed, paused, followed in the timeline, run again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from services.console import bot_details, bots, subscriptions
from services.console.subscriptions import Wanted
from services.runtime.system import System
from tests.console.world import ADMIN, put
from tests.pages.conftest import OPEN, said

CODE = "def handler(medplum, event):\n    print('told of', event.input['id'])\n    return event.input['name'][0]\n"


@pytest.fixture
def bot(world: System) -> Iterator[str]:
    """A bot that fails for what has no name; what was subscribed for it goes with the test."""
    made = bots.create(ADMIN, "Listener", "", "Python", None)
    bots.save(ADMIN, made, CODE, "bot.py")
    bots.deploy(ADMIN, made)
    yield made
    for line in subscriptions.list_subscriptions(ADMIN):
        subscriptions.delete(ADMIN, line.id)
    bot_details.delete(ADMIN, made)


def press(test: AppTest, label: str) -> AppTest:
    next(b for b in test.button if b.label == label).click().run()
    return test


def opened(open_page: OPEN, **params: str) -> AppTest:
    return open_page("subscriptions", "administrator", **params)


def plain(test: AppTest) -> str:
    return said(test).replace("\\", "")


def test_an_empty_list(open_page: OPEN, world: System) -> None:
    words = said(opened(open_page))
    assert "There are no subscriptions yet." in words and "Nothing waits" in words


def test_a_new_one_is_checked_first(open_page: OPEN, bot: str) -> None:
    test = opened(open_page, new="subscription")
    test.text_input(key="criteria-new").set_value("Patient?nonsense=1")
    test.text_input(key="fhirpath-new").set_value("%current.(")
    press(test, "Make the subscription")
    words = plain(test)
    assert "Patient has no search parameter 'nonsense'." in words
    assert "Choose a bot, or another server's address." in words and "can't be read as one FHIRPath" in words
    assert test.text_input(key="criteria-new").value == "Patient?nonsense=1"  # what was typed stays
    test.text_input(key="criteria-new").set_value("Patient?gender=female")
    test.text_input(key="fhirpath-new").set_value("")
    test.selectbox(key="whom-new").set_value(f"Bot/{bot}")
    press(test, "Make the subscription")
    assert "It is on: changes from now on are told." in plain(test)
    made = "".join(test.query_params["subscription"])
    assert subscriptions.open_subscription(ADMIN, made).wanted == Wanted(
        "Patient?gender=female", f"Bot/{bot}"
    )
    words = said(opened(open_page))
    assert "Patient?gender=female" in words and "Listener" in words and "Never" in words


def test_another_server(open_page: OPEN, bot: str) -> None:
    test = opened(open_page, new="subscription")
    test.text_input(key="criteria-new").set_value("Observation")
    test.selectbox(key="whom-new").set_value("").run()
    test.text_input(key="endpoint-new").set_value("http://example.org/hook")
    press(test, "Make the subscription")
    assert "https only" in plain(test)
    test.text_input(key="endpoint-new").set_value("https://example.org/hook")
    test.text_input(key="secret-new").set_value("hush-hush")
    test.number_input[0].set_value(7)
    press(test, "Make the subscription")
    made = "".join(test.query_params["subscription"])
    line = subscriptions.open_subscription(ADMIN, made)
    assert line.has_secret and line.wanted.sent_again == 7 and line.target == "https://example.org/hook"
    test = opened(open_page, subscription=made)
    assert "hush-hush" not in said(test) and test.text_input(key=f"secret-{made}").value == ""
    press(test, "Save")
    assert subscriptions.open_subscription(ADMIN, made).has_secret
    test.checkbox(key=f"unsigned-{made}").check()
    press(test, "Save")
    assert not subscriptions.open_subscription(ADMIN, made).has_secret


def test_pause_resume_delete(open_page: OPEN, bot: str) -> None:
    made = subscriptions.save(ADMIN, None, Wanted("Patient", f"Bot/{bot}"))
    test = opened(open_page, subscription=made)
    press(test, "Pause")
    assert "It is paused." in plain(test) and "Paused · tells" in said(test)
    press(test, "Resume")
    assert "On · tells" in said(test)
    press(test, "Delete it")
    assert "is deleted" in plain(test) and not test.query_params.get("subscription")
    assert "was deleted" in said(opened(open_page, subscription=made))


def test_the_timeline_and_a_failed_run_again(open_page: OPEN, bot: str, world: System) -> None:
    made = subscriptions.save(ADMIN, None, Wanted("Organization", f"Bot/{bot}"))
    put(world, {"resourceType": "Organization", "id": "nameless"})
    assert "1 change waits" in said(opened(open_page))
    while world.subscriptions.step():
        pass
    test = opened(open_page, subscription=made)
    words = said(test)
    assert "told of nameless" in words and "fb-bad" in words and "Organization/nameless" in words
    put(world, {"resourceType": "Organization", "id": "nameless", "name": "Named Now"})
    press(test, r"Run again for Organization/nameless")
    test.session_state[f"again-{made}"].thread.join(60)
    words = said(test.run())
    assert "fb-good" in words and "Run again" not in str([b.label for b in test.button])
    while world.subscriptions.step():
        pass


def test_trouble_is_said(open_page: OPEN, bot: str, world: System) -> None:
    put(world, {"resourceType": "Subscription", "id": "odd", "status": "active", "reason": "r", "criteria": "Patient?x=1",
                "channel": {"type": "rest-hook", "endpoint": "Bot/gone"}})  # fmt: skip
    assert "Can't work" in said(opened(open_page))
    assert "It can't work: Patient has no search parameter" in plain(opened(open_page, subscription="odd"))


@pytest.mark.parametrize("address", ["nothing", "../x", "a b"])
def test_addresses_of_nothing(open_page: OPEN, address: str) -> None:
    assert "There is no Subscription" in said(opened(open_page, subscription=address))
