"""JavaScript and TypeScript bots that mean well."""

from __future__ import annotations

import pytest

from services.runtime import sandbox
from services.runtime.sandbox import HL7_TYPE, Ran, check
from tests.runtime.sandbox.conftest import HL7, NOT_FOUND, Record, Run

MODULE = "export async function handler(medplum, event) {"
BUNDLED = """"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };
var bot_exports = {};
__export(bot_exports, { handler: () => handler });
module.exports = bot_exports;
var import_core = require("@medplum/core");
async function handler(medplum, event) { return import_core.getReferenceString(event.input); }
"""
TYPED = """import { BotEvent, MedplumClient, getReferenceString } from '@medplum/core';
import { Patient } from '@medplum/fhirtypes';
import type { Observation } from '@medplum/fhirtypes';

enum Way { In = 1, Out }
export async function handler(medplum: MedplumClient, event: BotEvent<Patient>): Promise<string> {
  const way: Way = Way.Out;
  return getReferenceString(event.input as Patient) + way;
}
"""


def value(ran: Ran) -> object:
    assert ran.error is None, ran.error
    return ran.value


PATIENT = {"input": {"resourceType": "Patient", "id": "1"}, "contentType": "application/fhir+json"}


@pytest.mark.parametrize(
    ("code", "filename"),
    [
        ("export async function handler(medplum, event) { return `Patient/${event.input.id}`; }", "bot.js"),
        ("export const handler = (medplum, event) => 'Patient/' + event.input.id;", "bot.mjs"),
        ("exports.handler = async (medplum, event) => 'Patient/' + event.input.id;", "bot.js"),
        (
            "exports.handler = function (medplum, event) { with (event.input) return 'Patient/' + id }",
            "bot.cjs",
        ),
        (BUNDLED, "bot.js"),
    ],
)
def test_the_forms_of_a_bot(run: Run, code: str, filename: str) -> None:
    assert value(run(code, filename, PATIENT)) == "Patient/1"


def test_typescript_loses_its_types(run: Run) -> None:
    assert value(run(TYPED, "bot.ts", PATIENT)) == "Patient/12"


@pytest.mark.parametrize(
    ("expression", "expected", "returned"),
    [
        ("null", None, True),
        ("undefined", None, False),
        ("() => 1", None, False),
        ("new Date(0)", "1970-01-01T00:00:00.000Z", True),
        (
            "({a: undefined, f() {}, n: NaN, d: new Date(0)})",
            {"n": None, "d": "1970-01-01T00:00:00.000Z"},
            True,
        ),
        ("'line\\u2028end'", "line\u2028end", True),
        ("'half \\ud800'", "half ?", True),
        ("[[1], true, 'x']", [[1], True, "x"], True),
    ],
)
def test_what_a_bot_gives_back(run: Run, expression: str, expected: object, returned: bool) -> None:
    ran = run(f"{MODULE} return {expression} }}")
    assert (value(ran), ran.returned) == (expected, returned)


def test_a_result_that_json_cannot_say_is_a_failure(run: Run) -> None:
    for expression in ("10n", "(() => { const a = {}; a.a = a; return a })()"):
        error = run(f"{MODULE} return {expression} }}").error
        assert error is not None and error.message.startswith("The bot's result can't be written as JSON")


def test_medplum_reads_and_searches(run: Run, record: Record) -> None:
    code = (
        MODULE
        + """
      const found = await medplum.searchResources('Patient', { name: 'x y', gone: undefined });
      const same = await medplum.searchResources('Patient', new URLSearchParams({ name: 'x y' }));
      const pages = [];
      for await (const page of medplum.searchResourcePages('Patient', 'many=1')) pages.push(page.length);
      return {
        found, bundle: found.bundle.resourceType, same: same.length, pages,
        one: (await medplum.searchOne('Patient'))?.id,
        read: (await medplum.readReference({ reference: 'Patient/1' })).id,
        got: (await medplum.get(medplum.fhirUrl('Patient', '1'))).id,
        profile: medplum.getProfile().id, project: medplum.getProject().id, base: medplum.getBaseUrl(),
        bytes: [...new Uint8Array(await (await medplum.download('Binary/b')).arrayBuffer())],
      };
    }"""
    )
    assert value(run(code)) == {
        "found": [{"resourceType": "Patient", "id": "1"}],
        "bundle": "Bundle",
        "same": 1,
        "pages": [1, 1],
        "one": "1",
        "read": "1",
        "got": "1",
        "profile": "me",
        "project": "p",
        "base": "http://localhost:8103/",
        "bytes": [0, 255],
    }
    assert {request.method for request in record.requests} == {"GET"}


def test_medplum_writes(run: Run, record: Record) -> None:
    code = (
        MODULE
        + """
      const patient = { resourceType: 'Patient', id: '1' };
      await medplum.createResource(patient);
      await medplum.createResourceIfNoneExist(patient, 'identifier=a|b');
      await medplum.upsertResource(patient, { identifier: 'a|b' });
      await medplum.updateResource(patient);
      await medplum.patchResource('Patient', '1', [{ op: 'remove', path: '/name' }]);
      await medplum.executeBatch({ resourceType: 'Bundle', type: 'batch' });
      await medplum.executeBot('other', 'hello', 'text/plain');
      await medplum.createBinary({ data: new Uint8Array([1, 2]), contentType: 'image/png', filename: 'a.png',
        securityContext: { reference: 'Patient/1' } });
      await medplum.createBinary(new Blob(['text']), undefined, 'text/plain');
    }"""
    )
    assert run(code).error is None
    assert [(r.method, r.path, r.content_type) for r in record.requests] == [
        ("POST", "Patient", "application/fhir+json"),
        ("POST", "Patient", "application/fhir+json"),
        ("PUT", "Patient?identifier=a%7Cb", "application/fhir+json"),
        ("PUT", "Patient/1", "application/fhir+json"),
        ("PATCH", "Patient/1", "application/json-patch+json"),
        ("POST", "", "application/fhir+json"),
        ("POST", "Bot/other/$execute", "text/plain"),
        ("POST", "Binary?_filename=a.png", "image/png"),
        ("POST", "Binary", "text/plain"),
    ]
    assert record.requests[1].headers == {"If-None-Exist": "identifier=a|b"}
    assert record.requests[7].headers == {"X-Security-Context": "Patient/1"}
    assert [record.requests[7].body, record.requests[8].body] == [b"\x01\x02", b"text"]


def test_a_refused_request_throws_its_outcome(run: Run) -> None:
    caught = run(
        "import { OperationOutcomeError, isNotFound } from '@medplum/core';"
        + MODULE
        + "try { await medplum.readResource('Patient', 'no') }"
        + "catch (e) { return [e instanceof OperationOutcomeError, isNotFound(e.outcome), e.message] } }"
    )
    assert value(caught) == [True, True, "Not found"]
    let_through = run(MODULE + "\n  return await medplum.readResource('Patient', 'no') }")
    assert let_through.error is not None
    assert let_through.error.outcome == NOT_FOUND
    assert let_through.error.stack.splitlines()[1] == "    at handler (bot.js:2:24)"


def test_what_is_thrown_is_told_apart(run: Run) -> None:
    text = run(MODULE + "throw 'plain text' }").error
    assert text is not None and (text.message, text.stack, text.outcome) == ("plain text", "", None)
    outcome = run(
        MODULE + "throw { resourceType: 'OperationOutcome', issue: [{ details: { text: 'No' } }] } }"
    ).error
    assert outcome is not None and outcome.message == "No" and outcome.outcome is not None
    error = run(
        "interface A {\n a: number\n}\nexport const handler = (m: A) => {\n throw new Error('x') }", "b.ts"
    ).error
    assert error is not None and error.stack == "Error: x\n    at handler (b.ts:5:8)"
    late = run(MODULE + "setTimeout(() => { throw new Error('late') }); return new Promise(() => {}) }").error
    assert late is not None and late.message == "late"
    lost = run(MODULE + "Promise.reject(new Error('lost')); return new Promise(() => {}) }").error
    assert lost is not None and lost.message == "lost"


def test_the_log_has_a_line_for_each_call_and_the_error_at_its_end(run: Run) -> None:
    ran = run(
        MODULE
        + "console.log('a', {b: [1]}, 2, null, undefined); console.warn(); console.table([{c: 1}]);"
        + "const d = {}; d.d = d; console.error(d, 10n);\nthrow new TypeError('no') }"
    )
    assert ran.log.splitlines() == [
        'a {"b":[1]} 2 null undefined',
        "",
        '[{"c":1}]',
        '{"d":"[Circular]"} 10',
        "TypeError: no",
        "    at handler (bot.js:2:7)",
    ]


def test_a_message_in_is_parsed_and_a_message_out_is_text(run: Run) -> None:
    event = {"input": HL7, "contentType": HL7_TYPE}
    code = (
        "import { Hl7Message } from '@medplum/core';"
        + MODULE
        + """
      const message = event.input, pid = message.getSegment('PID');
      return [message instanceof Hl7Message, message.header.getField(3).toString(), message.header.getField(9).get(2),
        message.header.getField(1).toString(), pid.getField(3).getComponent(1, undefined, 1), pid.getComponent(5, 2),
        pid.getComponent(5, 2, 1), message.getAllSegments('NK1').length, message.get(1).name, message.toString()];
    }"""
    )
    expected = [True, "LAB", "A01", "|", "666", "Jane&J", "J", 2, "PID", HL7.strip()]
    assert value(run(code, event=event)) == expected
    acknowledgement = value(run(MODULE + "return event.input.buildAck() }", event=event))
    assert isinstance(acknowledgement, str)
    header, answer = (line.split("|") for line in acknowledgement.split("\r"))
    assert header[2:6] == ["EHR", "B", "LAB", "A"] and header[8] == "ACK^A01^ACK"
    assert answer[:3] == ["MSA", "AA", "77"]


def test_globals_that_bots_expect(run: Run) -> None:
    code = (
        "import { createHmac } from 'crypto';"
        + MODULE
        + """
      await new Promise((resolve) => setTimeout(resolve, 1));
      let network; try { await fetch('http://localhost') } catch (e) { network = e.message }
      const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('a'));
      return [crypto.randomUUID().length, digest.byteLength, atob(btoa('x')), new URL('?a=1', 'http://b/').href,
        Buffer.from('hi').toString('base64'), structuredClone({ a: 1 }).a, process.env.HOME ?? 'none',
        createHmac('sha256', 'key').update('text').digest('hex').length, network];
    }"""
    )
    assert value(run(code)) == [
        36,
        32,
        "x",
        "http://b/?a=1",
        "aGk=",
        1,
        "none",
        64,
        "Bots have no network: use medplum, or send what you need as input",
    ]


@pytest.mark.parametrize(
    ("code", "filename", "said"),
    [
        ("export const other = 1", "bot.js", "The bot has no handler"),
        ("\n\nlet a = ;", "bot.js", "at bot.js:3:9"),
        ("\nexport const handler = (a: any) => {", "bot.ts", "at bot.ts:2:"),
        ("import x from 'lodash'", "bot.js", "Bots can't import lodash"),
        ("const x = require('lodash'); exports.handler = 1", "bot.cjs", "Bots can't import lodash"),
        ("import x from 'npm:lodash'", "bot.js", "Bots can't import npm packages"),
        ("for (;;);", "bot.js", "timed out"),
        ("", "bot.rb", "must end in one of"),
    ],
)
def test_code_that_cannot_run_is_found_before(
    monkeypatch: pytest.MonkeyPatch, code: str, filename: str, said: str
) -> None:
    monkeypatch.setattr(sandbox, "CHECK", sandbox.Limits(seconds=0.4 if said == "timed out" else 5.0))
    with pytest.raises(ValueError, match="(?s)" + said.replace("(", "\\(")):
        check(code, filename)


def test_code_that_can_run_passes_the_check() -> None:
    check(TYPED, "bot.ts")
    check(BUNDLED, "bot.js")
