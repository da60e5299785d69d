"""Bots: the list, a new one, its code from typed to running, runs, versions, settings, and addresses of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages._within import asked
from services.console import bots
from services.console.bot_code import versions
from services.console.bot_runs import Run
from services.runtime.registry import BUILT_IN
from services.runtime.system import System
from tests.console.world import ADMIN
from tests.pages.conftest import OPEN, said

GOOD = "def handler(medplum, event):\n    print('hello', event.input['resourceType'])\n    return {'seen': event.input['id']}\n"


@pytest.fixture
def bot(world: System) -> Iterator[str]:
    """A bot that was made and not deployed."""
    yield bots.create(ADMIN, "Greeter <1>", "Says *hello*", "Python", None)


def press(test: AppTest, label: str) -> AppTest:
    next(b for b in test.button if b.label == label).click().run()
    return test


def write(test: AppTest, bot: str, code: str) -> AppTest:
    test.text_area(key=f"code-{bot}").set_value(code)
    return test


def settle(test: AppTest, bot: str) -> str:
    """The page after the run under way has ended."""
    test.session_state[f"run-{bot}"].thread.join(60)
    return said(test.run())


def edit(open_page: OPEN, bot: str, **params: Any) -> AppTest:
    return open_page("bots", "administrator", bot=bot, **params)


def test_the_list(open_page: OPEN, bot: str) -> None:
    words = said(open_page("bots", "administrator"))
    assert (
        "Greeter &lt;1&gt;" in words and "Nothing: not deployed" in words and "Other code is saved" in words
    )
    for built_in in BUILT_IN.values():
        assert built_in.name in words
    assert "Part of the console" in words and f"{len(BUILT_IN)} built in" in words


def test_a_new_bot_opens_in_its_editor(open_page: OPEN, world: System) -> None:
    test = open_page("bots", "administrator", new="bot")
    press(test, "Make the bot")
    assert "A bot needs a name." in said(test)
    test.text_input[0].set_value("Triage")
    test.radio[0].set_value("TypeScript")
    press(test, "Make the bot")
    made = "".join(test.query_params["bot"])
    assert "Triage" in said(test)
    assert "BotEvent" in test.text_area(key=f"code-{made}").value
    assert world.repository.read("Bot", made).resource["name"] == "Triage"


def test_from_typed_to_running(open_page: OPEN, bot: str) -> None:
    test = edit(open_page, bot)
    assert "Nothing is deployed" in said(test)
    press(test, "Execute")
    assert "Nothing is deployed yet: press Deploy first." in said(test).replace("\\", "")
    write(test, bot, GOOD).run()
    assert "Not saved yet." in said(test)
    press(test, "Save")
    assert "Saved. It runs once it is deployed." in said(test).replace("\\", "")
    assert "Not saved yet." not in said(test)
    press(test, "Deploy")
    assert "Deployed: this code runs from now on." in said(test).replace("\\", "")
    assert "What runs is what is saved." in said(test)
    write(test, bot, GOOD + "# more\n")
    press(test, "Save")
    words = said(test)
    assert "What runs differs from what is saved." in words and "<ins>" in words and "# more" in words


def test_a_run_shows_answer_log_and_time(open_page: OPEN, bot: str) -> None:
    test = write(edit(open_page, bot), bot, GOOD)
    press(test, "Deploy")
    test.text_input(key="bot-sample").set_value("Patient/marsh")
    press(test, "Fill in")
    assert '"marsh"' in test.text_area(key="bot-input-text").value
    press(test, "Execute")
    words = settle(test, bot)
    assert "&quot;seen&quot;: &quot;marsh&quot;" in words and "hello Patient" in words
    assert "Ended after" in words
    words = said(edit(open_page, bot, tab="timeline"))
    assert "hello Patient" in words and "fb-good" in words and "asked for by The administrator" in words


def test_a_run_that_fails_says_why(open_page: OPEN, bot: str) -> None:
    test = write(
        edit(open_page, bot), bot, "def handler(medplum, event):\n    raise ValueError('no <sodium>')\n"
    )
    press(test, "Deploy")
    press(test, "Execute")
    words = settle(test, bot)
    assert "Failed after" in words and "no &lt;sodium&gt;" in words  # in the log
    assert "fb-bad" in said(edit(open_page, bot, tab="timeline"))


def test_a_run_under_way_says_so_and_leaves_the_page_free(open_page: OPEN, bot: str) -> None:
    bots.deploy(ADMIN, bot)
    test = edit(open_page, bot)
    run = test.session_state[f"run-{bot}"] = Run()
    test.run()
    assert "Running for 0 s. It is stopped after 10 s." in test.get("progress")[0].proto.text
    assert next(b for b in test.button if b.label == "Execute").disabled
    press(write(test, bot, GOOD), "Save")
    assert "Saved. It runs once it is deployed." in said(test).replace("\\", "")
    run.kind, run.answer, run.seconds, run.done = "text", "forty-two", 2.5, True
    words = said(test.run())
    assert "Ended after 2.50 s." in words.replace("\\", "") and "forty-two" in words


def test_a_mistake_is_shown_at_its_line(open_page: OPEN, bot: str) -> None:
    test = write(edit(open_page, bot), bot, "def handler(medplum, event):\n    x = 1\n    return x +\n")
    press(test, "Deploy")
    words = said(test)
    assert "Saved, but not deployed" in words and "SyntaxError" in words
    assert "wrong line: </span>▸   3" in words
    assert "Nothing is deployed" in words


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("JSON", '{"a": 1,\n "b": }', "line 2, column 7"),
        ("FHIR JSON", "[1]", "FHIR JSON is an object with a resourceType."),
        ("HL7 v2", "PID|1", "not an HL7 v2 message"),
    ],
)
def test_an_input_that_can_not_be_read(
    open_page: OPEN, bot: str, kind: str, text: str, complaint: str
) -> None:
    test = write(edit(open_page, bot), bot, GOOD)
    press(test, "Deploy")
    test.selectbox(key="bot-input-kind").set_value(kind).run()
    test.text_area(key="bot-input-text").set_value(text)
    press(test, "Execute")
    assert complaint in said(test).replace("\\", "")
    assert test.text_area(key="bot-input-text").value == text


def test_what_was_typed_is_there_after_another_tab(open_page: OPEN, bot: str) -> None:
    test = write(edit(open_page, bot), bot, GOOD).run()
    test.query_params["tab"] = "details"
    test.run()
    assert "Settings" in said(test)
    test.query_params["tab"] = "editor"
    test.run()
    assert test.text_area(key=f"code-{bot}").value == GOOD and "Not saved yet." in said(test)


def test_two_who_edit_do_not_overwrite_each_other(open_page: OPEN, bot: str) -> None:
    test = write(edit(open_page, bot), bot, "# mine\n" + GOOD).run()
    bots.save(ADMIN, bot, "# theirs\n" + GOOD, "bot.py")
    press(test, "Save")
    assert "Somebody has saved other code" in said(test)
    saved = bots.open_bot(ADMIN, bot).saved
    assert saved and saved.text.startswith("# theirs")
    press(test, "Save mine over it")
    saved = bots.open_bot(ADMIN, bot).saved
    assert saved and saved.text.startswith("# mine")
    bots.save(ADMIN, bot, "# theirs again\n" + GOOD, "bot.py")
    assert (
        test.run().text_area(key=f"code-{bot}").value.startswith("# theirs again")
    )  # nothing typed: just follow
    write(test, bot, "# mine again\n").run()
    bots.save(ADMIN, bot, "# and again\n", "bot.py")
    press(test, "Deploy")
    press(test, "Take theirs, drop mine")
    assert test.text_area(key=f"code-{bot}").value == "# and again\n"


def test_an_earlier_version_runs_again(open_page: OPEN, bot: str) -> None:
    for number in (1, 2):
        bots.save(ADMIN, bot, GOOD.replace("hello", f"hello {number}"), "bot.py")
        bots.deploy(ADMIN, bot)
    bots.save(ADMIN, bot, "# unfinished", "bot.py")
    test = edit(open_page, bot, tab="versions")
    words = said(test)
    assert "unfinished" in words and words.count("<td>Deployed</td>") == 2
    first = [v for v in versions(ADMIN, bot) if v.what == "Deployed"][-1]
    test.query_params["version"] = first.id
    test.run()
    press(test, "Deploy this again")
    assert f"The code of version {first.number} runs from now on." in said(test).replace("\\", "")
    view = bots.open_bot(ADMIN, bot)
    assert view.deployed and "hello 1" in view.deployed.text
    assert view.saved and view.saved.text == "# unfinished"  # no work is lost
    assert "This code runs" in [b.label for b in test.button]


def test_settings_and_secrets(open_page: OPEN, bot: str, world: System) -> None:
    test = edit(open_page, bot, tab="details")
    words = said(test)
    assert bot in words and f"/fhir/R4/Bot/{bot}/$execute" in test.code[0].value
    test.number_input[0].set_value(30)
    test.checkbox[0].check()
    press(test, "Save settings")
    resource = world.repository.read("Bot", bot).resource
    assert resource["timeout"] == 30 and resource["runAsUser"] is True
    fields = {f.label: f for f in test.text_input}
    fields["Name of the secret"].set_value("KEY")
    fields["What it holds"].set_value("hush-hush")
    press(test, "Add the secret")
    words = said(test)
    assert "<code>KEY</code>" in words and "hush-hush" not in words
    press(test, "Remove KEY")
    assert "<code>KEY</code>" not in said(test)


def test_delete(open_page: OPEN, bot: str, world: System) -> None:
    test = edit(open_page, bot, tab="details")
    press(test, "Delete")
    assert "is deleted" in said(test) and not test.query_params.get("bot")
    assert world.repository.find(f"Bot/{bot}") is None
    assert "was deleted" in said(edit(open_page, bot))


def test_a_built_in_bot_is_run_and_not_changed(open_page: OPEN) -> None:
    bot_id = next(i for i, b in BUILT_IN.items() if b.name == "semantic-search-bot")
    test = edit(open_page, bot_id)
    assert "its code can't be changed" in said(test)
    assert not {"Save", "Deploy"} & {b.label for b in test.button}
    test.selectbox(key="bot-input-kind").set_value("JSON").run()
    test.text_area(key="bot-input-text").set_value('{"query": "potassium"}')
    press(test, "Execute")
    assert "Potassium" in settle(test, bot_id)
    test.text_area(key="bot-input-text").set_value('{"limit": -1}')
    press(test, "Execute")
    assert "Failed after" in settle(test, bot_id)
    words = said(edit(open_page, bot_id, tab="details"))
    assert "Delete" not in words and bot_id in words


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ("?bot=a&tab=details", {"bot": "a", "tab": "details"}),
        ("?bot=a%20b&evil=1&token=x", {"bot": "a b"}),
        ("?", {}),
        (None, {}),
        (7, {}),
        ({"bot": "a"}, {}),
    ],
)
def test_what_a_link_may_set(sent: object, query: dict[str, str]) -> None:
    assert asked(sent) == query


@pytest.mark.parametrize("address", ["nothing", "../x", "", "a b"])
@pytest.mark.parametrize("tab", ["editor", "timeline", "nonsense"])
def test_addresses_of_nothing(open_page: OPEN, address: str, tab: str) -> None:
    words = said(edit(open_page, address, tab=tab))
    assert "There is no Bot" in words if address else "Bots" in words
