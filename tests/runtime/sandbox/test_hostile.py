"""Bots that mean harm, in both languages: nothing gets out, nothing lasts, and the console goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.runtime import sandbox
from services.runtime.sandbox import Limits, Request, deno, javascript
from tests.runtime.sandbox.conftest import Record, Run

MODULE = "export async function handler(medplum, event) {"
SECRET = "do not tell"
BRIEF = 0.4  # seconds, for what only the clock ends


def js(body: str) -> tuple[str, str]:
    return f"{MODULE} {body} }}", "bot.js"


def py(*lines: str) -> tuple[str, str]:
    return "def handler(medplum, event):\n" + "\n".join("    " + line for line in lines), "bot.py"


@pytest.mark.parametrize(
    "bot",
    [
        js("for (;;);"),
        js("for (;;) await null;"),
        js("for (;;) await new Promise((resolve) => setTimeout(resolve));"),
        js("await new Promise(() => {})"),
        js("for (;;) try { for (;;); } finally { continue }"),
        js("/^(a+)+$/.test('a'.repeat(40) + 'b')"),
        js("for (;;) console.log('x'.repeat(1000))"),
        js("Promise.prototype.then = () => {}; await 1; for (;;);"),
        py("while True:", "    pass"),
        py("while True:", "    try:", "        while True: pass", "    except BaseException: pass"),
        py("import time", "time.sleep(1000)"),
        py("while True: print('x' * 1000)"),
    ],
)
def test_the_clock_ends_it(run: Run, bot: tuple[str, str]) -> None:
    ran = run(*bot, seconds=BRIEF)
    assert ran.error is not None and ran.error.message == "Script execution timed out after 400ms"
    assert ran.log.endswith("Script execution timed out after 400ms")
    assert len(ran.log.encode()) <= Limits().log_bytes


def test_what_was_printed_before_an_endless_loop_is_kept(run: Run) -> None:
    for bot in (js("console.log('before'); for (;;);"), py("print('before')", "while True: pass")):
        assert run(*bot, seconds=BRIEF).log.startswith("before\n")


@pytest.mark.parametrize(
    "bot",
    [
        js("const a = []; for (;;) a.push(new Array(1e5).fill(1.5))"),
        js("const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))"),
        js("return new Uint8Array(2 ** 30).fill(1).length"),
        js("let s = 'x'; for (;;) s += s"),
        js("const s = 'x'.repeat(2 ** 28); return JSON.stringify([s, s, s]).length"),
        js("Buffer.alloc(2 ** 30, 1)"),
        js("const m = new Map(); for (let i = 0; ; i++) m.set(i, {})"),
        js("for (;;) medplum.readResource('Patient', '1')"),
        js("let f = () => f() + 1; f()"),
        js("let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a"),
        py("return len(b'a' * (1 << 30))"),
        py("a = []", "while True: a.append('a' * 1000000)"),
        py("return handler(medplum, event)"),
        py("a = []", "for i in range(1000000): a = [a]", "return a"),
        py("return 10 ** 10 ** 10"),
    ],
)
def test_memory_and_depth_are_bounded(run: Run, bot: tuple[str, str]) -> None:
    ran = run(*bot, seconds=5, memory_bytes=128 << 20)
    assert ran.error is not None and ran.error.message


def test_results_requests_and_inputs_are_bounded(run: Run, record: Record) -> None:
    small = {"message_bytes": 1 << 20}
    for bot in (js("return 'x'.repeat(2 ** 21)"), py("return 'x' * 2 ** 21")):
        error = run(*bot, **small).error
        assert error is not None and error.message == "The bot's result is larger than 1 MiB"
    for bot in (
        js("await medplum.createResource({ resourceType: 'Basic', note: 'x'.repeat(2 ** 21) })"),
        py("medplum.create_resource({'resourceType': 'Basic', 'note': 'x' * 2 ** 21})"),
    ):
        error = run(*bot, **small).error
        assert error is not None and "larg" in error.message
        assert record.requests == []
    record.answers["Patient/1"] = {"note": "x" * 2**21}
    for bot in (
        js("await medplum.readResource('Patient', '1')"),
        py("medplum.read_resource('Patient', '1')"),
    ):
        error = run(*bot, **small).error
        assert (
            error is not None and error.message == "The answer is larger than 1 MiB: ask for less with _count"
        )
        error = run(*bot, event={"input": "x" * 2**21}, **small).error
        assert error is not None and error.message == "The bot's input is larger than 1 MiB"


@pytest.mark.parametrize(
    "bot",
    [
        js("for (;;) await medplum.readResource('Patient', '1').catch(() => {})"),
        js("for (;;) await medplum.sendEmail({}).catch(() => {})"),
        py("while True:", "    try: medplum.send_email({})", "    except Exception: pass"),
    ],
)
def test_requests_are_counted(run: Run, record: Record, bot: tuple[str, str]) -> None:
    error = run(*bot, calls=20).error
    assert error is not None and error.message == "The bot made more than 20 requests"
    assert len(record.requests) <= 20


def stopped(ran: sandbox.Ran) -> bool:
    """Nothing came out: the run failed, and no secret is in what it left."""
    return ran.error is not None and SECRET not in repr(ran)


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SECRET", SECRET)
    (tmp_path / "secret.json").write_text(f'"{SECRET}"')
    (tmp_path / "secret.js").write_text(f"export default '{SECRET}'")
    return tmp_path


@pytest.mark.parametrize(
    "code",
    [
        "import fs from 'node:fs'; export const handler = () => 1;",
        "import { readFileSync } from 'fs'; export const handler = () => 1;",
        "import s from 'file://FOLDER/secret.json' with { type: 'json' }; export const handler = () => s;",
        "import s from 'file://FOLDER/secret.js'; export const handler = () => s;",
        "export const handler = async () => (await import('file://FOLDER/secret.js')).default;",
        "export const handler = async () => (await import('FOLDER/secret.js')).default;",
        "export const handler = async () => (await import('node:' + 'fs')).readFileSync('FOLDER/secret.json', 'utf8');",
        "exports.handler = async () => (await import('node:fs')).readFileSync('FOLDER/secret.json', 'utf8');",
        "exports.handler = () => require('fs').readFileSync('FOLDER/secret.json', 'utf8');",
        "exports.handler = () => require('FOLDER/secret.js').default;",
        "export const handler = async () => (await import('node:module')).createRequire('file:///')('fs');",
        "export const handler = () => Deno.readTextFileSync('FOLDER/secret.json');",
        "export const handler = () => new Function('return Deno')().env.get('SECRET');",
        "export const handler = () => (0, eval)('Deno').env.get('SECRET');",
        "export const handler = () => process.getBuiltinModule('fs').readFileSync('FOLDER/secret.json', 'utf8');",
        "export const handler = () => process.binding('fs');",
        "export const handler = () => new Worker('data:text/javascript,1', { type: 'module' }) && 1;",
        "export const handler = () => new WebAssembly.Memory({ initial: 10000 }).buffer.byteLength;",
        "export const handler = () => new SharedArrayBuffer(8).byteLength;",
        "export const handler = () => localStorage.setItem('a', 'b');",
        "export const handler = () => prompt('a');",
        "export const handler = () => fetch('http://127.0.0.1:1/');",
        "export const handler = () => new WebSocket('ws://127.0.0.1:1/');",
        "export const handler = () => new EventSource('http://127.0.0.1:1/');",
        "import net from 'node:net'; export const handler = () => net.connect(1);",
        "import x from 'https://localhost/x.js'; export const handler = () => x;",
        "import { spawn } from 'node:child_process'; export const handler = () => spawn('true');",
        "import w from 'node:worker_threads'; export const handler = () => 1;",
        "import v from 'node:vm'; export const handler = () => 1;",
        "import p from 'node:process'; export const handler = () => p.env.SECRET;",
        "import c from 'node:crypto'; export const handler = () => c.constructor.constructor('return Deno')();",
        "import e from 'ext:core/ops'; export const handler = () => 1;",
        "export const handler = (medplum) => medplum.get('http://127.0.0.1:1/');",
        "export const handler = (medplum) => medplum.get('/auth/me');",
        "export const handler = (medplum) => medplum.readResource('Patient/../../admin', '1');",
    ],
)
def test_javascript_has_no_way_out(run: Run, record: Record, secret: Path, code: str) -> None:
    filename = "bot.cjs" if code.startswith("exports") else "bot.js"
    assert stopped(run(code.replace("FOLDER", str(secret)), filename))
    assert record.requests == []


@pytest.mark.parametrize(
    "line",
    [
        "return open('FOLDER/secret.json').read()",
        "import pathlib; return pathlib.Path('FOLDER/secret.json').read_text()",
        "import os; return os.environ['SECRET']",
        "import os; return os.getenv('SECRET') + ''",
        "import os; return os.system('true')",
        "import os; return os.listdir('/')",
        "import subprocess; return 1",
        "import socket; return 1",
        "import ctypes; return 1",
        "return __import__('os').system('true')",
        "return medplum.__class__.__init__.__globals__['os']",
        "return medplum.read_resource.__globals__",
        "return medplum._client",
        "return medplum._send('GET', '')",
        "return medplum.call('search', [])",
        "return ().__class__.__base__.__subclasses__()",
        "return event.__dict__['x']",
        "return medplum.get('/auth/me')",
    ],
)
def test_python_has_no_way_out(run: Run, record: Record, secret: Path, line: str) -> None:
    assert stopped(run(*py(*line.replace("FOLDER", str(secret)).split("; "))))
    assert record.requests == []


def test_nothing_is_left_on_disk_or_in_the_next_run(run: Run, secret: Path) -> None:
    leave = js("globalThis.left = Object.prototype.left = String.prototype.left = 'do not tell'")
    assert run(*leave).error is None
    assert run(*js("return [typeof left, 'x'.left ?? null, ({}).left ?? null]")).value == [
        "undefined",
        None,
        None,
    ]
    written = "left = 'do not tell'\ndef handler(medplum, event):\n    return left"
    assert run(written, "bot.py").value == SECRET
    assert stopped(run(*py("return left")))
    folder = deno.POOL._folder
    assert folder is not None and not list((folder / "empty").iterdir())


def test_no_path_of_the_installation_is_seen(run: Run) -> None:
    ran = run(
        *js(
            "const told = [];"
            "const tries = [() => { null.x }, () => { throw new Error('a') }, () => JSON.parse('{'),"
            " () => { Error.prepareStackTrace = (e, s) => s.map(String).join(); },"
            " async () => import('./x.js'), async () => import('lodash'), () => medplum.readResource('Patient', 'no'),"
            " () => structuredClone(() => {}), () => new URL('x'), () => crypto.subtle.digest('x')];"
            "for (const one of tries) try { await one() } catch (e) { told.push(e.message, e.stack) }"
            "told.push(new Error().stack, (0, eval)('new Error().stack')); return told"
        )
    )
    assert ran.error is None and len(ran.value) >= 18
    here = str(Path(sandbox.__file__).parent)
    assert here not in repr(ran) and str(Path.cwd()) not in repr(ran) and "file://" not in repr(ran)


def test_a_bot_cannot_speak_for_its_sandbox(run: Run, record: Record) -> None:
    """Built-ins that the sandbox's own code uses are made to lie; the host hears nothing it could be misled by."""
    polluted = run(
        *js(
            """
            const said = [], real = JSON.stringify;
            JSON.stringify = (...given) => { said.push(real(...given)); return '{"done": "forged"}' };
            JSON.parse = () => ({ id: 1, value: 'forged' });
            Object.prototype.outcome = { resourceType: 'OperationOutcome' };
            Object.prototype.done = Object.prototype.nothing = 'forged';
            TextEncoder.prototype.encode = (text) => { said.push(text); return new Uint8Array() };
            Map.prototype.get = Map.prototype.set = () => { throw new Error('lost') };
            return { said, read: (await medplum.readResource('Patient', '1')).id };
            """
        )
    )
    assert polluted.error is None and polluted.value == {"said": [], "read": "1"}
    record.requests.clear()
    error = run(*js('console.log(\'{"done": 1}\\nx {"done": 2}\\u2028{"call": 1}\'); throw \'end\'')).error
    assert error is not None and error.message == "end"
    assert record.requests == []


@pytest.mark.parametrize(
    "said",
    [
        b'{"done": 1}',
        b'TOKEN {"call": 1, "method": 2, "arguments": []}',
        b'TOKEN {"call": [], "method": "search", "arguments": []}',
        b"TOKEN [1]",
        b"TOKEN {}",
        b'TOKEN {"log": 1}',
        b"TOKEN nonsense",
        b"TOKEN " + b"[" * 100_000,
        b"\xff\xfe",
        b"",
    ],
)
def test_the_host_believes_nothing(record: Record, said: bytes) -> None:
    class Liar:
        def send(self, line: bytes) -> None:
            pass

        def lines(self, *_: Any) -> list[bytes]:
            return [said.replace(b"TOKEN", bot._token.encode())]

    client = sandbox.Client(record, sandbox.Place(), Limits())
    bot = javascript._Run(Liar(), client, Limits(), sandbox.Log(100))  # pyright: ignore[reportArgumentType]
    with pytest.raises(sandbox.Stopped):
        bot.run({}, 0.0)
    assert record.requests == []


def test_whatever_the_record_raises_ends_the_process_and_comes_through(run: Run) -> None:
    class Broken(Exception):
        pass

    def broken(request: Request) -> Any:
        raise Broken

    for code, filename in (js("await medplum.search('Patient')"), py("medplum.search('Patient')")):
        with pytest.raises(Broken):
            sandbox.run(code, filename, {}, broken)
        assert run(code, filename).error is not None


def test_a_bot_that_ends_its_process_has_failed(run: Run) -> None:
    for body in ("process.exit(0)", "close()", "self.close()"):
        assert run(*js(body)).error is not None
