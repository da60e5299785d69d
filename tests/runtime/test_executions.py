"""A user's bot run once: its membership and policy, what it is told, how it fails, what the audit says."""

from __future__ import annotations

from typing import Any

import pytest

from services.accounts.roles import Principal
from services.errors import Forbidden, InvalidInput
from services.runtime.bots import create_bot, deploy, save_code
from services.runtime.execution import SECRET_OF, Call, Ended, execute
from services.runtime.system import System
from tests.conftest import patient
from tests.runtime.conftest import events, python_bot


def run(parts: System, bot: Any, who: Principal, value: Any = None, **more: Any) -> Ended:
    return execute(parts, parts.repository.read("Bot", bot.id), Call(value, **more), who, who.reference)


def text(ended: Ended) -> str:
    assert ended.outcome is not None
    return ended.outcome["issue"][0]["details"]["text"]


def test_created_saved_deployed_executed(parts: System, admin: Principal, clinician: Principal) -> None:
    bot = create_bot(
        parts,
        admin,
        "greeter",
        "Says hello",
        filename="bot.py",
        code="def handler(medplum, event):\n    return 'saved'",
    )
    membership = parts.directory.membership(bot.reference)
    assert membership is not None and membership.resource["user"]["reference"] == bot.reference
    assert text(run(parts, bot, clinician)) == "No executable code"
    first = deploy(parts, admin, bot.id)
    assert run(parts, bot, clinician).value == "saved"
    save_code(parts, admin, bot.id, "def handler(medplum, event):\n    return 'newer'", "bot.py")
    assert run(parts, bot, clinician).value == "saved"
    second = deploy(
        parts, admin, bot.id, "def handler(medplum, event):\n    return event.input['name'].upper()", "bot.py"
    )
    assert second.version != first.version
    assert run(parts, bot, clinician, {"name": "ada"}).value == "ADA"
    deployed = [s.resource.get("executableCode") for s in parts.repository.history("Bot", bot.id)]
    assert deployed[-1] is None and deployed[0] != deployed[1]
    with pytest.raises(InvalidInput, match=r"bot\.py"):
        deploy(parts, admin, bot.id, "def handler(medplum, event)\n    return 1", "bot.py")
    with pytest.raises(InvalidInput):
        deploy(parts, admin, bot.id, "print(1)", "bot.py")
    assert run(parts, bot, clinician, {"name": "still"}).value == "STILL"


def test_only_administrators_make_and_change_bots(
    parts: System, admin: Principal, clinician: Principal
) -> None:
    bot = python_bot(parts, admin, "return 1")
    before = len(parts.repository.changes(0, 10_000))
    for attempt in (
        lambda: create_bot(parts, clinician, "mine"),
        lambda: save_code(parts, clinician, bot.id, "x", "bot.py"),
        lambda: deploy(parts, clinician, bot.id, "def handler(medplum, event): pass", "bot.py"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert len(parts.repository.changes(0, 10_000)) == before
    for wrong in (
        {"name": ""},
        {"name": 7},
        {"name": "x", "policy": "AccessPolicy/none"},
        {"name": "x", "runtime": "node"},
    ):
        with pytest.raises(InvalidInput):
            create_bot(parts, admin, **wrong)


def test_a_bot_without_membership_does_not_run(parts: System, clinician: Principal) -> None:
    bot = parts.repository.create({"resourceType": "Bot", "name": "stray"})
    assert text(run(parts, bot, clinician)) == "Unsupported bot runtime"


def test_reads_and_writes_as_itself(parts: System, admin: Principal, clinician: Principal) -> None:
    parts.repository.write_many([patient("p1", gender="female", name=[{"family": "Lindqvist"}])])
    bot = python_bot(
        parts,
        admin,
        "p = medplum.read_resource('Patient', 'p1')\n"
        "p['active'] = True\n"
        "medplum.update_resource(p)\n"
        "medplum.create_resource({'resourceType': 'Basic', 'code': {'text': 'made'}, 'subject': {'reference': 'Patient/p1'}})\n"
        "found = medplum.search_resources('Patient', 'gender=female')\n"
        "medplum.patch_resource('Patient', 'p1', [{'op': 'add', 'path': '/birthDate', 'value': '1960-01-01'}])\n"
        "print('hello', len(found))\n"
        "return [len(found), medplum.read_patient_everything('p1')['entry'][0]['resource']['id'] != '']",
    )
    ended = run(parts, bot, clinician)
    assert (ended.value, ended.log.strip()) == ([1, True], "hello 1")
    held = parts.repository.read("Patient", "p1").resource
    assert held["active"] is True and held["birthDate"] == "1960-01-01"
    authors = {c.author for c in parts.repository.changes(0, 10_000) if c.type == "Patient"}
    assert bot.reference in authors and clinician.reference not in authors
    refused = python_bot(
        parts, admin, "medplum.create_resource({'resourceType': 'Patient', 'birthDate': 'soon'})"
    )
    assert "birthDate" in text(run(parts, refused, clinician))
    above = python_bot(
        parts, admin, "medplum.create_resource({'resourceType': 'AccessPolicy', 'name': 'mine'})"
    )
    assert "role" in text(run(parts, above, clinician))


def test_its_access_policy_bounds_it(parts: System, admin: Principal, clinician: Principal) -> None:
    parts.repository.write_many([
        patient("p1", gender="female"), patient("p2", gender="male"),
        {"resourceType": "AccessPolicy", "id": "women", "resource": [{"resourceType": "Patient", "criteria": "Patient?gender=female", "readonly": True}]},
    ])  # fmt: skip
    bot = python_bot(
        parts,
        admin,
        "found = [p['id'] for p in medplum.search_resources('Patient', '')]\n"
        "refused = []\n"
        "for work in ('p2', 'write', 'type'):\n"
        "    try:\n"
        "        if work == 'p2':\n"
        "            medplum.read_resource('Patient', 'p2')\n"
        "        elif work == 'write':\n"
        "            medplum.update_resource({'resourceType': 'Patient', 'id': 'p1', 'active': True})\n"
        "        else:\n"
        "            medplum.search('Observation', '')\n"
        "    except RuntimeError:\n"
        "        refused.append(medplum.last_outcome()['issue'][0]['code'])\n"
        "return [found, refused]",
        policy="AccessPolicy/women",
    )
    assert run(parts, bot, clinician).value == [["p1"], ["not-found", "forbidden", "forbidden"]]


def test_secrets_reach_the_bots_they_are_for(parts: System, admin: Principal, clinician: Principal) -> None:
    one = python_bot(parts, admin, "return sorted(event.secrets.keys())")
    other = python_bot(parts, admin, "return event.secrets['shared']['valueString']")
    project = parts.directory.project()
    secrets = [
        {"name": "shared", "valueString": "everyone"},
        {"name": "own", "valueString": "mine", "extension": [{"url": SECRET_OF, "valueReference": {"reference": one.reference}}]},
    ]  # fmt: skip
    parts.repository.update({**project.resource, "secret": secrets})
    assert run(parts, one, clinician).value == ["own", "shared"]
    assert run(parts, other, clinician).value == "everyone"
    with pytest.raises(Forbidden):
        parts.repository_for(clinician).read("Project", project.id)


def test_one_audit_event_for_each_run(parts: System, admin: Principal, clinician: Principal) -> None:
    bot = python_bot(parts, admin, "print('to the log')\nreturn 1")
    failing = python_bot(parts, admin, "print('before')\nraise ValueError('went wrong')")
    run(parts, bot, clinician)
    ended = run(parts, failing, clinician)
    assert "went wrong" in text(ended)
    good, bad = events(parts)
    assert (good["outcome"], good["outcomeDesc"]) == ("0", "to the log")
    assert (
        good["agent"][0]["who"]["reference"] == clinician.reference and good["agent"][0]["requestor"] is True
    )
    assert (
        good["agent"][1]["who"]["reference"] == bot.reference
        and good["source"]["observer"]["reference"] == bot.reference
    )
    assert (
        bad["outcome"] == "4"
        and bad["outcomeDesc"].startswith("before")
        and "went wrong" in bad["outcomeDesc"]
    )
    for trigger, expected in (("never", 0), ("on-error", 0), ("on-output", 1), ("always", 1)):
        parts.repository.update(
            {**parts.repository.read("Bot", bot.id).resource, "auditEventTrigger": trigger}
        )
        before = len(events(parts))
        run(parts, bot, clinician)
        assert len(events(parts)) - before == expected, trigger


def test_as_whoever_calls(parts: System, admin: Principal) -> None:
    reader = parts.accounts.add_user("reader@clinic.test", "a long password", "read-only")
    bot = python_bot(
        parts, admin, "medplum.create_resource({'resourceType': 'Basic', 'code': {'text': 'x'}})"
    )
    parts.repository.update({**parts.repository.read("Bot", bot.id).resource, "runAsUser": True})
    assert "role" in text(run(parts, bot, reader))
    assert not parts.repository.search("Basic").matches
    assert run(parts, bot, admin).outcome is None
    assert parts.repository.created_by(parts.repository.search("Basic").matches[0]) == admin.reference


def test_bots_call_one_another_but_not_without_end(
    parts: System, admin: Principal, clinician: Principal
) -> None:
    inner = python_bot(parts, admin, "return event.input['n'] * 2")
    outer = python_bot(parts, admin, f"return medplum.execute_bot('{inner.id}', {{'n': 21}})")
    assert run(parts, outer, clinician).value == 42
    bot = create_bot(parts, admin, "itself", filename="bot.py", code="x = 1")
    deploy(
        parts,
        admin,
        bot.id,
        f"def handler(medplum, event):\n    return medplum.execute_bot('{bot.id}', {{}})",
        "bot.py",
    )
    assert "deep" in text(run(parts, bot, clinician))


def test_time_is_limited_by_the_bots_own_setting(
    parts: System, admin: Principal, clinician: Principal
) -> None:
    bot = python_bot(parts, admin, "while True:\n    pass")
    parts.repository.update({**parts.repository.read("Bot", bot.id).resource, "timeout": 1})
    assert text(run(parts, bot, clinician)) == "Script execution timed out after 1000ms"


def test_the_built_in_bots_are_resources_too(parts: System, clinician: Principal, admin: Principal) -> None:
    bot = parts.repository.search(
        "Bot", [("identifier", "https://fabric.example/bots|semantic-search-bot")]
    ).matches[0]
    parts.repository.write_many([patient("p1")])
    ended = run(parts, bot, clinician, {"query": "asthma"})
    assert ended.value["success"] is True
    with pytest.raises(InvalidInput, match="part of the console"):
        deploy(parts, admin, bot.id, "def handler(medplum, event): pass", "bot.py")
