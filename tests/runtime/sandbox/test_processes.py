"""The processes behind the sandboxes: confined, counted, and gone afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.runtime import sandbox
from services.runtime.sandbox import Limits, SandboxMissing, deno
from tests.runtime.sandbox.conftest import Record, Run

SLOW = "export const handler = () => new Promise((resolve) => setTimeout(resolve, 50, 'done'))"


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_process_serves_one_run_and_is_gone(run: Run) -> None:
    sandbox.warm("bot.js")
    waiting = [process.pid for process in deno.POOL._spares]
    assert len(waiting) == deno.SPARES
    assert run("exports.handler = () => 1").value == 1
    assert not alive(waiting[0]) and alive(waiting[1])
    assert len(deno.POOL._spares) == deno.SPARES


def test_a_spare_that_died_is_replaced(run: Run) -> None:
    sandbox.warm("bot.js")
    deno.POOL._spares[0].end()
    assert run("exports.handler = () => 1").value == 1


def test_runs_beside_each_other_do_not_mix(record: Record) -> None:
    highest, lock = [0], threading.Lock()

    def one(number: int) -> object:
        def caller(request: sandbox.Request) -> object:
            with lock:
                highest[0] = max(highest[0], len(deno.POOL._running))
            return {"number": number}

        js = "exports.handler = async (medplum, event) => [event.input, (await medplum.search('Patient')).number]"
        py = "def handler(medplum, event):\n    return [event.input, medplum.search('Patient')['number']]"
        code, filename = (js, "bot.js") if number % 2 else (py, "bot.py")
        return sandbox.run(code, filename, {"input": number}, caller).value

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(16))) == [[number, number] for number in range(16)]
    assert 0 < highest[0] <= deno.PROCESSES


def test_stop_ends_every_process_and_the_next_run_starts_anew(run: Run) -> None:
    sandbox.warm("bot.js")
    processes, folder = [process.pid for process in deno.POOL._spares], deno.POOL._folder
    assert folder is not None and folder.exists()
    sandbox.stop()
    assert not any(map(alive, processes)) and not folder.exists()
    assert run("exports.handler = () => 1").value == 1
    assert run("def handler(m, e): return 1", "bot.py").value == 1


@pytest.mark.process
def test_processes_end_with_the_interpreter() -> None:
    code = (
        "from services.runtime import sandbox\nfrom services.runtime.sandbox import deno\n"
        "sandbox.run('exports.handler = () => 1', 'b.js', {}, print)\n"
        "sandbox.run('def handler(m, e): return 1', 'b.py', {}, print)\n"
        "print([p.pid for p in deno.POOL._spares], deno.POOL._folder, sep='|')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    pids, folder = ended.stdout.strip().split("|")
    assert len(json.loads(pids)) == deno.SPARES
    assert not any(map(alive, json.loads(pids))) and not Path(folder).exists()
    assert ended.stderr == ""


def test_a_sandbox_has_no_environment_and_the_kernels_limits() -> None:
    with deno.POOL.process(Limits(memory_bytes=64 << 20)) as process:
        of = Path(f"/proc/{process.pid}")
        environment, limits = (of / "environ").read_text(), (of / "limits").read_text()
        assert (of / "cwd").readlink().name == "empty"
    assert "PATH" not in environment and "HOME" not in environment
    bounded = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert bounded["Max file size"] == "0" and bounded["Max core file size"] == "0"
    assert 64 << 20 < int(bounded["Max data size"]) < 256 << 20
    assert 20 <= int(bounded["Max cpu time"]) < 60


def test_every_builtin_module_is_allowed_or_blocked_by_name() -> None:
    """A newer engine's new modules show here."""
    listing = "import { builtinModules } from 'node:module'; console.log(JSON.stringify(builtinModules))"
    command = [deno.executable(), "run", "--no-prompt", "--ext=js", "-"]
    told = subprocess.run(
        command, input=listing, capture_output=True, text=True, check=True, timeout=60
    ).stdout
    modules = {name.removeprefix("node:") for name in json.loads(told)}
    known = json.loads((deno.SOURCE / "import_map.json").read_text())["imports"]
    allowed = {target.removeprefix("node:") for target in known.values() if target}
    blocked = {name.removeprefix("node:") for name, target in known.items() if target is None}
    assert modules - allowed - blocked == set()


def test_without_deno_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setitem(sys.modules, "deno", None)
    with pytest.raises(SandboxMissing, match=r"pip install 'fabric-console\[javascript\]'"):
        run("exports.handler = () => 1")
    assert run("def handler(m, e): return 1", "bot.py").value == 1
