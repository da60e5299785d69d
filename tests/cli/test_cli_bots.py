"""`fabric bot …` and what is new of `fabric user …`, as an administrator types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Fabric = Callable[..., Any]
CODE = "def handler(medplum, event):\n    print('ran as', event.requester['reference'])\n    return {'n': event.input['n'] + 1}\n"


def test_a_bot_from_making_to_its_log(fabric: Fabric, tmp_path: Path) -> None:
    file = tmp_path / "count.py"
    file.write_text(CODE)
    made = fabric("bot", "create", "counter", "--file", file, "--description", "counts")
    assert made.returncode == 0, made.stderr
    bot = made.stdout.strip()
    early = fabric("bot", "execute", bot, "--input", "-", stdin='{"n": 1}')
    assert (early.returncode, early.stderr.strip()) == (1, "No executable code")
    assert "version" in fabric("bot", "deploy", bot).stdout
    ran = fabric("bot", "execute", bot, "--input", "-", stdin='{"n": 41}')
    assert (ran.returncode, json.loads(ran.stdout), ran.stderr) == (0, {"n": 42}, "ran as System/cli\n")
    file.write_text("def handler(medplum, event)\n    return 1")
    assert "count.py" in fabric("bot", "save", bot, file).stdout
    broken = fabric("bot", "deploy", bot)
    assert broken.returncode == 1 and "count.py" in broken.stderr and "Traceback" not in broken.stderr
    listed = fabric("bot", "list").stdout
    assert "counter" in listed and "count.py" in listed and "built in" in listed
    log = fabric("bot", "log", bot).stdout
    assert "ran as System/cli" in log and "FAILED" in log and log.index("ran as") < log.index("No executable")


def test_wrong_things_are_one_sentence(fabric: Fabric, tmp_path: Path) -> None:
    (tmp_path / "x.rb").write_text("puts 1")
    for arguments, stdin in (
        (("bot", "execute", "none", "--input", "-"), "not json"),
        (("bot", "execute", "none"), ""),
        (("bot", "deploy", "none"), ""),
        (("bot", "create", " "), ""),
        (("bot", "create", "x", "--file", tmp_path / "x.rb"), ""),
        (("bot", "create", "x", "--policy", "AccessPolicy/none"), ""),
        (("bot", "execute", "none", "--as", "nobody@clinic.test"), ""),
        (("user", "enable", "nobody@clinic.test"), ""),
        (("user", "password", "nobody@clinic.test", "--password-stdin"), "a long password\n"),
    ):
        done = fabric(*arguments, stdin=stdin)
        assert done.returncode == 1 and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr, (
            arguments
        )


def test_an_account_is_enabled_again_and_gets_a_new_password(fabric: Fabric) -> None:
    who = "doc@clinic.test"
    assert (
        fabric(
            "user", "add", who, "--role", "clinician", "--password-stdin", stdin="first password\n"
        ).returncode
        == 0
    )
    fabric("user", "disable", who)
    assert "may sign in again" in fabric("user", "enable", who).stdout
    assert "active" in fabric("user", "list").stdout
    assert fabric("user", "password", who, "--password-stdin", stdin="short\n").returncode == 1
    assert fabric("user", "password", who, "--password-stdin", stdin="second password\n").returncode == 0
