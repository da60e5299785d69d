"""Python bots that mean well."""

from __future__ import annotations

import pytest

from services.runtime import sandbox
from services.runtime.sandbox import HL7_TYPE, Ran, check
from tests.runtime.sandbox.conftest import HL7, NOT_FOUND, Record, Run


def value(ran: Ran) -> object:
    assert ran.error is None, ran.error
    return ran.value


def bot(body: str, before: str = "", kind: str = "def") -> str:
    return f"{before}\n{kind} handler(medplum, event):\n" + "\n".join(
        "    " + line for line in body.splitlines()
    )


def test_a_plain_and_an_async_handler(run: Run) -> None:
    for method in ("read_resource", "readResource"):
        plain = run(
            bot(f"return medplum.{method}('Patient', event.input['id'])"), "bot.py", {"input": {"id": "1"}}
        )
        waiting = run(bot(f"return await medplum.{method}('Patient', id='1')", kind="async def"), "bot.py")
        assert (
            value(plain)
            == value(waiting)
            == {"resourceType": "Patient", "id": "1", "birthDate": "1980-02-03"}
        )


def test_requests_can_be_gathered(run: Run, record: Record) -> None:
    code = bot(
        "task = medplum.read_resource('Patient', '1')\n"
        "both = await asyncio.gather(medplum.search_resources('Patient', {'name': 'x y'}), sync(medplum))\n"
        "return [(await task)['id'], len(both[0]), both[1]]",
        before="import asyncio\nasync def sync(medplum):\n    return helper(medplum)\n"
        "def helper(medplum):\n    return medplum.search_one('Patient')['id']\n",
        kind="async def",
    )
    assert value(run(code, "bot.py")) == ["1", 1, "1"]
    assert len(record.requests) == 3


def test_medplum_in_python(run: Run, record: Record) -> None:
    code = bot(
        "pages = medplum.search_resource_pages('Patient', 'many=1')\n"
        "medplum.create_binary(b'abc', 'a.txt', 'text/plain')\n"
        "medplum.update_resource({'resourceType': 'Patient', 'id': '1'})\n"
        "url = medplum.fhir_url('Patient', '1')\n"
        "return [len(pages), medplum.get(url)['id'], medplum.download('Binary/b') == b'\\x00\\xff',\n"
        "        medplum.get_profile()['id'], medplum.invalidate_searches('Patient')]"
    )
    assert value(run(code, "bot.py")) == [2, "1", True, "me", None]
    assert [(r.method, r.path) for r in record.requests if r.method != "GET"] == [
        ("POST", "Binary?_filename=a.txt"),
        ("PUT", "Patient/1"),
    ]


def test_a_refused_request_can_be_caught_or_passes_its_outcome_on(run: Run) -> None:
    caught = bot(
        "try:\n    medplum.read_resource('Patient', 'no')\n"
        "except RuntimeError as error:\n    return [str(error), medplum.last_outcome()]"
    )
    assert value(run(caught, "bot.py")) == ["Not found", NOT_FOUND]
    error = run(bot("medplum.read_resource('Patient', 'no')"), "bot.py").error
    assert error is not None and (error.message, error.outcome) == ("Not found", NOT_FOUND)
    assert error.stack.splitlines()[1] == '  File "bot.py", line 3, in handler'
    failed = run(
        bot("medplum.fail({'resourceType': 'OperationOutcome', 'issue': [{'code': 'conflict'}]})"), "b.py"
    ).error
    assert failed is not None and failed.outcome == {
        "resourceType": "OperationOutcome",
        "issue": [{"code": "conflict"}],
    }


def test_an_error_of_the_bots_own_has_no_outcome(run: Run) -> None:
    code = bot(
        "try:\n    medplum.read_resource('Patient', 'no')\nexcept RuntimeError:\n    pass\nraise ValueError('mine')"
    )
    error = run(code, "bot.py").error
    assert error is not None and (error.message, error.outcome) == ("mine", None)
    unknown = run(bot("medplum.no_such()"), "bot.py").error
    assert unknown is not None and unknown.message == "AttributeError: medplum has no method no_such"


@pytest.mark.parametrize(
    ("expression", "expected", "returned"),
    [
        ("None", None, False),
        ("{'a': (1, 2.5, True)}", {"a": [1, 2.5, True]}, True),
        ("'line\\u2028end'", "line\u2028end", True),
        ("'MSH is no message'", "MSH is no message", True),
    ],
)
def test_what_a_bot_gives_back(run: Run, expression: str, expected: object, returned: bool) -> None:
    ran = run(bot(f"return {expression}"), "bot.py")
    assert (value(ran), ran.returned) == (expected, returned)


@pytest.mark.parametrize("expression", ["{1}", "float('nan')", "[handler]", "A()"])
def test_a_result_that_json_cannot_say_is_a_failure(run: Run, expression: str) -> None:
    error = run(bot(f"return {expression}", before="class A:\n    pass\n"), "bot.py").error
    assert error is not None and "JSON" in error.message


def test_what_is_printed_is_the_log(run: Run) -> None:
    ran = run(bot("print('a', {'b': 1})\nprint('c')\nraise KeyError('d')"), "bot.py")
    assert ran.log.splitlines() == [
        "a {'b': 1}",
        "c",
        "Traceback (most recent call last):",
        '  File "bot.py", line 5, in handler',
        "KeyError: d",
    ]


def test_hl7(run: Run) -> None:
    event = {"input": HL7, "contentType": HL7_TYPE}
    code = bot(
        "message = event.input\npid = message.get_segment('PID')\nmsh = message.get_segment(0)\n"
        "return [msh.get_field(3), msh.get_component(9, 2), msh.get_field(1), pid.get_component(3, 1, None, 1),\n"
        "        pid.get_component(5, 2), pid.get_component(5, 2, 1), len(message.get_all_segments('NK1')),\n"
        "        pid.name, message.get_segment('ZZZ') is None, message.to_string()]"
    )
    expected = ["LAB", "A01", "|", "666", "Jane&J", "J", 2, "PID", True, HL7.strip()]
    assert value(run(code, "bot.py", event)) == expected
    acknowledgement = value(run(bot("return event.input.build_ack()"), "bot.py", event))
    assert isinstance(acknowledgement, str) and "MSA|AA|77" in acknowledgement


def test_helpers(run: Run) -> None:
    code = bot(
        "patient = {'resourceType': 'Patient', 'id': '1', 'name': [{'given': ['A', 'B'], 'family': 'C'}]}\n"
        "answers = {'item': [{'linkId': 'g', 'item': [{'linkId': 'q', 'answer': [{'valueInteger': 3}]}]}]}\n"
        "return [create_reference(patient), calculate_age('1980-02-29', '2026-02-28'),\n"
        "        get_questionnaire_answers(answers), parse_hl7('MSH|^~\\\\&|X').get_segment('MSH').get_field(3)]",
        before="from medplum import calculate_age, create_reference, get_questionnaire_answers, parse_hl7",
    )
    assert value(run(code, "bot.py")) == [
        {"reference": "Patient/1", "display": "A B C"},
        45,
        {"q": {"valueInteger": 3}},
        "X",
    ]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("x = 1", "The bot has no handler"),
        ("x = (1,\n\n2]", r"bot.py, line 3"),
        ("import requests\ndef handler(m, e): pass", "No module named 'requests'"),
        ("class A(B):\n    pass", "Python bots can't use class inheritance"),
        ("while True:\n    pass", "timed out"),
    ],
)
def test_code_that_cannot_run_is_found_before(monkeypatch: pytest.MonkeyPatch, code: str, said: str) -> None:
    monkeypatch.setattr(sandbox, "CHECK", sandbox.Limits(seconds=0.4 if said == "timed out" else 5.0))
    with pytest.raises(ValueError, match=said):
        check(code, "folder/bot.py")


def test_code_that_can_run_passes_the_check() -> None:
    check(bot("pass", before="import json, re, datetime"), "bot.py")


def test_the_event_has_attributes_and_keys():
    code = "def handler(medplum, event):\n    return [event.input, event['input'], event.get('nothing', 7), event['traceId']]"
    assert sandbox.run(code, "bot.py", {"input": {"a": 1}, "traceId": "t"}, lambda _: None).value == [
        {"a": 1}, {"a": 1}, 7, "t",
    ]  # fmt: skip
