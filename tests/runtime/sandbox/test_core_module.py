"""What JavaScript bots get as @medplum/core, each helper by what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.runtime.sandbox.conftest import Run

PATIENT = (
    "{ resourceType: 'Patient', id: '1', name: [{ prefix: ['Dr'], given: ['Ada', 'B'], family: 'Li' }],"
    " identifier: [{ system: 's', value: 'v' }],"
    " extension: [{ url: 'a', extension: [{ url: 'b', valueString: 'deep' }] }] }"
)
ANSWERS = (
    "{ item: [{ linkId: 'g', item: [{ linkId: 'q', answer: [{ valueInteger: 1 }, { valueInteger: 2 }] }] },"
    " { linkId: 'q', answer: [{ valueInteger: 3 }] }] }"
)
RANGE = "{ low: { value: 1, unit: 'g' }, high: { value: 2, unit: 'g' } }"

CASES: list[tuple[str, Any]] = [
    (f"core.createReference({PATIENT})", {"reference": "Patient/1", "display": "Dr Ada B Li"}),
    ("core.createReference({ resourceType: 'Basic', id: '2' })", {"reference": "Basic/2"}),
    ("core.getReferenceString({ reference: 'Patient/9' })", "Patient/9"),
    ("core.getDisplayString({ resourceType: 'Observation', id: '1', code: { text: 'HbA1c' } })", "HbA1c"),
    ("core.resolveId({ reference: 'Patient/9' })", "9"),
    ("core.parseReference({ reference: 'Patient/9' })", ["Patient", "9"]),
    (f"core.getIdentifier({PATIENT}, 's')", "v"),
    ("(() => { const p = {}; core.setIdentifier(p, 's', 'x'); return p })()", {"identifier": [{"system": "s", "value": "x"}]}),
    (f"core.getExtensionValue({PATIENT}, 'a', 'b')", "deep"),
    (f"core.getExtension({PATIENT}, 'a', 'none') ?? null", None),
    ("core.getCodeBySystem({ coding: [{ system: core.LOINC, code: '4548-4' }] }, 'http://loinc.org')", "4548-4"),
    (f"core.getQuestionnaireAnswers({ANSWERS})", {"q": {"valueInteger": 1}}),
    (f"core.getAllQuestionnaireAnswers({ANSWERS}).q.length", 3),
    ("core.calculateAge('2000-02-29', '2026-02-28')", {"years": 25, "months": 311, "days": 9496}),
    ("core.calculateAgeString('2024-01-10', '2025-12-09')", "022M"),
    ("core.calculateAgeString('2020-01-10', '2026-01-10')", "006Y"),
    ("core.calculateAgeString('2026-01-10', '2026-01-15')", "005D"),
    ("core.formatHumanName({ given: ['A'], family: 'B', suffix: ['Jr'] }, { suffix: false })", "A B"),
    ("core.formatAddress({ line: ['1 Main'], city: 'X', state: 'CA', postalCode: '9' })", "1 Main, X, CA, 9"),
    ("core.formatDate('2026-03-04')", "3/4/2026"),
    ("core.formatDate('nonsense')", ""),
    ("core.formatDateTime('2026-03-04T05:06:07Z', 'en-GB')", "04/03/2026, 05:06:07"),
    ("core.formatQuantity({ value: 7.25, unit: '%', comparator: '<' }, 1)", "< 7.3%"),
    (f"core.formatRange({RANGE})", "1 - 2 g"),
    ("core.formatObservationValue({ component: [{ valueQuantity: { value: 1, unit: 'g' } }, { valueString: 'x' }] })", "1 g / x"),
    ("core.parseHl7DateTime('20260304050607+0100')", "2026-03-04T04:06:07.000Z"),
    ("core.parseHl7DateTime('2026') ?? null", None),
    ("core.formatHl7DateTime('2026-03-04T05:06:07.089Z')", "20260304050607"),
    ("core.deepEquals({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })", True),
    ("core.deepEquals({ a: [1] }, { a: [2] })", False),
    ("core.deepEquals({ a: 1 }, { a: 1, b: undefined })", True),
    ("core.deepEquals({ resourceType: 'A', meta: { versionId: '1' } }, { resourceType: 'A', meta: { versionId: '2' } })", True),
    ("core.deepClone({ a: [1] })", {"a": [1]}),
    ("[undefined, null, '', [], {}, 0, false, 'x'].map(core.isEmpty)", [True] * 5 + [False] * 3),
    ("core.isUUID(core.generateId()) && core.isString('') && !core.isString(1)", True),
    ("core.decodeBase64(core.encodeBase64('é–'))", "é–"),
    ("core.sortStringArray(['b', 'a'])", ["a", "b"]),
    ("core.getQueryString({ a: 1, b: undefined })", "?a=1"),
    ("core.normalizeErrorString(new Error('x')) + core.normalizeErrorString(core.notFound)", "xNot found"),
    ("core.normalizeOperationOutcome('bad').issue[0].details.text", "bad"),
    ("core.badRequest('bad', 'Patient.name').issue[0].expression", ["Patient.name"]),
    ("new core.OperationOutcomeError(core.forbidden).message", "Forbidden"),
    ("core.isOk(core.allOk) && core.isOk(core.created) && !core.isOk(core.notFound)", True),
    ("[core.ContentType.HL7_V2, core.UCUM]", ["x-application/hl7-v2+er7", "http://unitsofmeasure.org"]),
    ("core.Hl7Message.parse('MSH|^~\\\\&|A\\nPID|1\\n').toString()", "MSH|^~\\&|A\rPID|1"),
    ("(() => { const s = new core.Hl7Segment(['PID']); s.setComponent(3, 2, 'x', 1); return s.toString() })()", "PID|||^&x"),
    ("(() => { const m = core.Hl7Message.parse('MSH|^~\\\\&|A'); return m.header.setField(2, 'x') })()", False),
]  # fmt: skip


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """Every case's value, in one run."""
    from services.runtime import sandbox

    body = ",".join(f"[{json.dumps(code)}]: {code}" for code, _ in CASES)
    code = f"import * as core from '@medplum/core'; export const handler = () => ({{ {body} }})"
    ran = sandbox.run(code, "bot.js", {}, lambda request: None)
    assert ran.error is None, ran.error
    return ran.value


@pytest.mark.parametrize(("code", "expected"), CASES, ids=[code.split("(")[0] for code, _ in CASES])
def test_a_helper(said: dict[str, Any], code: str, expected: Any) -> None:
    assert said[code] == expected


def test_streams_and_sleep_are_waited_for(run: Run) -> None:
    ran = run(
        "import { sleep, streamToBuffer } from '@medplum/core';"
        "export async function handler() { await sleep(1);"
        " return (await streamToBuffer(new Blob(['ab', 'c']).stream())).toString() }"
    )
    assert ran.value == "abc"


def test_no_second_client(run: Run) -> None:
    error = run(
        "import { MedplumClient } from '@medplum/core'; export const handler = () => new MedplumClient()"
    ).error
    assert error is not None and "uses the medplum that its handler is given" in error.message
