"""Bots and subscriptions as the pages ask for them: roles, templates, versions, inputs, secrets, what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.accounts.roles import ROLES, Principal
from services.console import bot_details, bot_runs, bots, subscriptions
from services.console.bot_code import difference, versions, wrong_line
from services.console.bot_runs import CONTENT_TYPES, EXAMPLES, parse_input
from services.console.subscriptions import Wanted
from services.console.timeline import bot_timeline, event_json, subscription_timeline
from services.errors import FabricError, Forbidden, InvalidInput, NotFound, PreconditionFailed
from services.runtime.execution import code_of
from services.runtime.registry import BUILT_IN
from services.runtime.subscriptions.matching import FHIRPATH
from services.runtime.system import System
from tests.console.world import ADMIN, open_system, put

POLICY = {
    "resourceType": "AccessPolicy",
    "id": "few",
    "name": "Few",
    "resource": [{"resourceType": "Patient"}],
}
PATIENT = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Marsh"}]}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    yield from open_system(tmp_path, monkeypatch)


def made(code: str = "def handler(medplum, event):\n    print(event.input)\n", name: str = "Echo") -> str:
    """A Python bot that runs this code."""
    bot = bots.create(ADMIN, name, "", "Python", None)
    bots.save(ADMIN, bot, code, "bot.py")
    bots.deploy(ADMIN, bot)
    return bot


def ran(bot: str, text: str, content_type: str = "application/json") -> bot_runs.Run:
    run = bot_runs.start_run(ADMIN, bot, text, content_type)
    assert run.thread
    run.thread.join(60)
    assert run.done
    return run


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_administrators_only(world: System, role: Any) -> None:
    who = Principal("x", "user", "X", role)
    bot = made()
    one = subscriptions.save(ADMIN, None, Wanted("Patient", f"Bot/{bot}"))
    held = bot_details.details(ADMIN, bot)
    event = ran(bot, "{}") and bot_timeline(ADMIN, bot)[0]
    calls = [
        lambda: bots.list_bots(who),
        lambda: bots.open_bot(who, bot),
        lambda: bots.policies(who),
        lambda: bots.create(who, "n", "", "Python", None),
        lambda: bots.save(who, bot, "x", "bot.py"),
        lambda: bots.deploy(who, bot),
        lambda: versions(who, bot),
        lambda: bot_runs.start_run(who, bot, "{}", "application/json"),
        lambda: bot_runs.run_again(who, bot, f"Subscription/{one}", bot),
        lambda: bot_details.details(who, bot),
        lambda: bot_details.change(who, bot, held),
        lambda: bot_details.secrets(who, bot),
        lambda: bot_details.add_secret(who, bot, "n", "v"),
        lambda: bot_details.remove_secret(who, bot, "n"),
        lambda: bot_details.delete(who, bot),
        lambda: bot_timeline(who, bot),
        lambda: event_json(who, event.id),
        lambda: subscriptions.list_subscriptions(who),
        lambda: subscriptions.open_subscription(who, one),
        lambda: subscriptions.queue_line(who),
        lambda: subscriptions.save(who, None, Wanted("Patient", f"Bot/{bot}")),
        lambda: subscriptions.turn(who, one, False),
        lambda: subscriptions.delete(who, one),
        lambda: subscription_timeline(who, one),
    ]
    for call in calls:
        with pytest.raises((Forbidden, NotFound)):
            call()
    assert bots.open_bot(ADMIN, bot).deployed and subscriptions.open_subscription(ADMIN, one).wanted.active


@pytest.mark.parametrize("language", list(bots.LANGUAGES))
def test_each_template_works_with_each_kind_of_input(world: System, language: str) -> None:
    bot = bots.create(ADMIN, "New", "", language, None)
    assert bots.open_bot(ADMIN, bot).line.language == language
    bots.deploy(ADMIN, bot)
    for content_type, example in EXAMPLES.items():
        run = ran(bot, example, content_type)
        assert not run.failed, run.problem
        assert run.answer == "true" and content_type in run.log
    run = ran(bot, '{"resourceType": "Patient", "id": "p1"}')
    assert "Patient/p1" in run.log


def test_which_code_is_which(world: System) -> None:
    bot = bots.create(ADMIN, "Two", "", "Python", None)
    line = bots.open_bot(ADMIN, bot).line
    assert line.runs.startswith("Nothing") and line.differs
    bots.deploy(ADMIN, bot)
    line = bots.open_bot(ADMIN, bot).line
    assert line.runs.startswith("Version 2,") and not line.differs
    bots.save(ADMIN, bot, "# next\n", "bot.py")
    view = bots.open_bot(ADMIN, bot)
    assert view.line.runs.startswith("Version 2,") and view.line.differs
    assert view.saved and view.saved.text == "# next\n"
    bot_details.change(ADMIN, bot, dataclasses.replace(bot_details.details(ADMIN, bot), timeout=20))
    known = versions(ADMIN, bot)
    assert [v.what for v in known] == ["Settings", "Saved", "Deployed", "Made"]
    assert [v.number for v in known] == [4, 3, 2, 1]
    with pytest.raises(InvalidInput, match="handler"):
        bots.deploy(ADMIN, bot)
    assert bots.open_bot(ADMIN, bot).line.runs.startswith("Version 2,")


def test_who_saved_in_between_is_not_overwritten(world: System) -> None:
    bot = made()
    seen = bots.open_bot(ADMIN, bot).saved
    assert seen
    bots.save(ADMIN, bot, "# theirs", "bot.py", seen.at)
    with pytest.raises(PreconditionFailed):
        bots.save(ADMIN, bot, "# mine", "bot.py", seen.at)
    bots.save(ADMIN, bot, "# theirs", "bot.py", seen.at)  # the same: nothing is lost
    bots.save(ADMIN, bot, "# mine", "bot.py")
    text, _ = code_of(world.repository, world.repository.read("Bot", bot).resource["sourceCode"])
    assert text == "# mine"


def test_the_list_tells_policy_and_last_run(world: System) -> None:
    put(world, POLICY)
    bot = bots.create(ADMIN, "Watched", "d", "Python", "AccessPolicy/few")
    bots.save(ADMIN, bot, "def handler(medplum, event):\n    raise ValueError('x')\n", "bot.py")
    bots.deploy(ADMIN, bot)
    ran(bot, "{}")
    lines = bots.list_bots(ADMIN)
    assert [line.built_in for line in lines] == [False] + [True] * len(BUILT_IN)
    assert lines[0].policy == "Few" and lines[0].last and lines[0].last.failed
    held = bot_details.details(ADMIN, bot)
    assert held.policy == "AccessPolicy/few"
    bot_details.change(ADMIN, bot, dataclasses.replace(held, policy=""))
    assert bots.list_bots(ADMIN)[0].policy == ""
    with pytest.raises(InvalidInput, match="no such access policy"):
        bot_details.change(ADMIN, bot, dataclasses.replace(held, policy="AccessPolicy/gone"))


def test_secrets_reach_the_bot_and_nobody_else(world: System) -> None:
    bot = made(
        "def handler(medplum, event):\n    return {n: s['valueString'] for n, s in event.secrets.items()}\n"
    )
    other = made("def handler(medplum, event):\n    return list(event.secrets)\n", "Other")
    for value in ("first", "second"):
        bot_details.add_secret(ADMIN, bot, "KEY", value)
    assert ran(bot, "{}").answer == '{\n  "KEY": "second"\n}'
    assert ran(other, "{}").answer == "[]"
    assert [s.name for s in bot_details.secrets(ADMIN, bot)] == ["KEY"]
    assert bot_details.secrets(ADMIN, other) == []
    for name, value in (("", "x"), ("k" * 65, "x"), ("a\nb", "x"), ("K", "")):
        with pytest.raises(InvalidInput):
            bot_details.add_secret(ADMIN, bot, name, value)
    bot_details.add_secret(ADMIN, other, "KEY", "of the other")
    bot_details.delete(ADMIN, bot)
    assert ran(other, "{}").answer == '[\n  "KEY"\n]'
    bot_details.remove_secret(ADMIN, other, "KEY")
    assert "secret" not in world.directory.project().resource


def test_a_deleted_bot_is_not_called_any_more(world: System) -> None:
    bot = made()
    one = subscriptions.save(ADMIN, None, Wanted("Patient", f"Bot/{bot}"))
    bot_details.delete(ADMIN, bot)
    line = subscriptions.open_subscription(ADMIN, one)
    assert line.status == "off" and line.trouble
    assert world.directory.membership(f"Bot/{bot}") is None
    with pytest.raises(FabricError):
        bot_runs.start_run(ADMIN, bot, "{}", "application/json")


def test_built_in_bots_stay_as_they_are(world: System) -> None:
    for bot in BUILT_IN:
        held = bot_details.details(ADMIN, bot)
        for call in (
            lambda bot=bot: bots.save(ADMIN, bot, "x", "bot.py"),
            lambda bot=bot: bots.deploy(ADMIN, bot),
            lambda bot=bot, held=held: bot_details.change(ADMIN, bot, held),
            lambda bot=bot: bot_details.add_secret(ADMIN, bot, "K", "v"),
            lambda bot=bot: bot_details.delete(ADMIN, bot),
        ):
            with pytest.raises(InvalidInput, match="part of the console"):
                call()


def test_a_run_that_does_not_end_is_ended(world: System) -> None:
    bot = made("def handler(medplum, event):\n    print('begun')\n    while True:\n        pass\n")
    bot_details.change(ADMIN, bot, dataclasses.replace(bot_details.details(ADMIN, bot), timeout=1))
    run = ran(bot, "{}")
    assert run.failed and run.problem == "Script execution timed out after 1000ms"
    assert "begun" in run.log and run.answer == ""


def test_samples(world: System) -> None:
    put(world, PATIENT, {**PATIENT, "id": "p2"})
    assert '"id": "p1"' in bot_runs.sample(ADMIN, " Patient/p1 ")
    assert '"id": "p2"' in bot_runs.sample(ADMIN, "Patient")
    for wanted, error in (
        ("Patient/p9", NotFound),
        ("Observation", NotFound),
        ("x", InvalidInput),
        ("", InvalidInput),
    ):
        with pytest.raises(error):
            bot_runs.sample(ADMIN, wanted)


@given(text=st.text(max_size=60), content_type=st.sampled_from(list(CONTENT_TYPES.values())))
def test_any_input_is_read_or_refused_in_words(text: str, content_type: str) -> None:
    try:
        parse_input(text, content_type)
    except InvalidInput as error:
        assert error.message.endswith(".")


@pytest.mark.parametrize("text", ["[" * 400 + "]" * 400, '{"a": NaN}', '{"a": 1} x'])
def test_input_that_is_no_json(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_input(text, "application/json")


@given(old=st.text("ab\n", max_size=40), new=st.text("ab\n", max_size=40))
def test_a_difference_holds_every_changed_line(old: str, new: str) -> None:
    lines = difference(old, new, around=100)
    assert not lines or [t for p, t in lines if p in ("same", "removed")] == old.splitlines()
    assert not lines or [t for p, t in lines if p in ("same", "added")] == new.splitlines()
    assert bool(lines) == (old.splitlines() != new.splitlines())


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("bot.py: SyntaxError: Expected `:` (bot.py, line 2)", 2),
        ("a.ts: SyntaxError: Expression expected\n  |\n2 | x\n    at a.ts:3:13", 3),
        ("SyntaxError: unexpected EOF (bot.py, line 99)", 3),
        ("The bot has no handler: def handler(medplum, event): …", None),
    ],
)
def test_the_line_that_a_language_names(message: str, line: int | None) -> None:
    assert wrong_line(message, "a\nb\nc\n") == line


# Subscriptions


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"criteria": ""}, "criteria"),
        ({"criteria": "patient"}, "criteria"),
        ({"criteria": "Patient?nonsense=1"}, "criteria"),
        ({"criteria": "Patient?_count=1"}, "criteria"),
        ({"criteria": "Observation?date=yesterday"}, "criteria"),
        ({"criteria": "AuditEvent"}, "criteria"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "Bot/none"}, "endpoint"),
        ({"endpoint": "http://example.org/hook"}, "endpoint"),
        ({"endpoint": "ftp://example.org"}, "endpoint"),
        ({"fhirpath": "%current.("}, "fhirpath"),
        ({"sent_again": 99}, "sent_again"),
    ],
)
def test_what_can_not_work_is_not_kept(world: System, change: dict[str, Any], field: str) -> None:
    good = Wanted("Patient?active=true", "https://example.org/hook", "create", "%current.active", "why")
    assert not subscriptions.problems(ADMIN, good)
    wrong = dataclasses.replace(good, **change)
    assert list(subscriptions.problems(ADMIN, wrong)) == [field]
    with pytest.raises(InvalidInput):
        subscriptions.save(ADMIN, None, wrong)
    assert not subscriptions.list_subscriptions(ADMIN)


def test_what_is_kept_comes_back(world: System) -> None:
    wanted = Wanted("Patient", "https://example.org/hook", "update", "%current.active", "why", 5, "hush")
    one = subscriptions.save(ADMIN, None, wanted)
    held = world.repository.read("Subscription", one).resource
    other = {"url": "https://example.org/other", "valueString": "stays"}
    held["extension"].append(other)
    held["channel"]["header"] = ["X-Clinic: 1"]
    put(world, held)
    line = subscriptions.open_subscription(ADMIN, one)
    assert line.wanted == dataclasses.replace(wanted, secret=None) and line.has_secret and not line.trouble
    subscriptions.save(ADMIN, one, dataclasses.replace(line.wanted, fhirpath=""))
    kept = world.repository.read("Subscription", one).resource
    assert other in kept["extension"] and kept["channel"]["header"] == ["X-Clinic: 1"]
    assert FHIRPATH not in [e["url"] for e in kept["extension"]]
    assert subscriptions.open_subscription(ADMIN, one).has_secret
    subscriptions.save(ADMIN, one, dataclasses.replace(line.wanted, secret=""))
    assert not subscriptions.open_subscription(ADMIN, one).has_secret


def test_from_a_change_to_the_timeline(world: System) -> None:
    bot = made(
        "def handler(medplum, event):\n    print('got', event.input['id'])\n    return event.input['name'][0]['family']\n"
    )
    one = subscriptions.save(ADMIN, None, Wanted("Patient", f"Bot/{bot}"))
    put(world, {"resourceType": "Patient", "id": "p1"}, {"resourceType": "Patient", "id": "p2"})
    line = subscriptions.open_subscription(ADMIN, one)
    assert line.waiting == 2 and line.last is None and line.target == "Echo"
    assert subscriptions.queue_line(ADMIN).startswith("2 changes wait, ")
    assert subscriptions.matching(ADMIN, "Patient") == 2
    while world.subscriptions.step():
        pass
    events = subscription_timeline(ADMIN, one)
    assert [e.about for e in events] == [("Patient/p2",), ("Patient/p1",)]
    assert all(e.failed and "got p" in e.log and e.bot == f"Bot/{bot}" for e in events)
    assert [e.id for e in bot_timeline(ADMIN, bot)] == [e.id for e in events]
    assert subscriptions.queue_line(ADMIN).startswith("Nothing waits")
    subscriptions.turn(ADMIN, one, False)
    put(world, {**PATIENT, "id": "p2"})
    assert subscriptions.open_subscription(ADMIN, one).waiting == 0
    run = bot_runs.run_again(ADMIN, bot, f"Subscription/{one}", "Patient/p2")
    assert run.thread
    run.thread.join(60)
    assert run.answer == "Marsh"
    last = subscriptions.open_subscription(ADMIN, one).last
    assert last and not last.failed
    subscriptions.delete(ADMIN, one)
    assert not subscriptions.list_subscriptions(ADMIN)


def test_foreign_subscriptions_are_shown_with_what_is_wrong(world: System) -> None:
    base = {"resourceType": "Subscription", "status": "active", "reason": "r"}
    put(
        world,
        {**base, "id": "s1", "criteria": "Patient?x=1", "channel": {"type": "rest-hook", "endpoint": "https://a.example"}},
        {**base, "id": "s2", "criteria": "Patient", "channel": {"type": "websocket"}},
        {**base, "id": "s3", "criteria": "Patient", "channel": {"type": "rest-hook", "endpoint": "Bot/gone"}},
    )  # fmt: skip
    troubles = {line.id: line.trouble for line in subscriptions.list_subscriptions(ADMIN)}
    assert "no search parameter" in troubles["s1"]
    assert "rest-hook" in troubles["s2"]
    assert "does not exist" in troubles["s3"]
