"""For any patient: each number, unit and date of a note stands in the sources of its sentence."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.bots.documentation_assistant.kinds import KINDS
from services.demo import cohort, generate
from services.demo.staff import shared_resources
from services.fhir.repository import Repository
from services.index.text import units, values
from services.knowledge.error_prone import error_prone, written_out
from services.runtime.system import System
from services.settings import Settings
from tests.bots.documentation.conftest import CLINICIAN

_DATE = re.compile(
    r"\b(?:(\d\d)-)?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(\d{4})\b(?: (\d\d:\d\d))?(?: UTC)?"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_OWN = "Left knee 3 cm, 12 mg on 04-May-2020."


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    system = System(Settings.model_validate({"data_dir": tmp_path_factory.mktemp("data"), "demo": False}))
    system.repository.write_many([*shared_resources(), *cohort()])
    yield system.context(CLINICIAN)
    system.stop()


@settings(max_examples=8)
@given(
    index=st.integers(0, 5_000),
    kind=st.sampled_from(sorted(KINDS)),
    visit=st.integers(0, 9),
    form=st.sampled_from(["soap", "narrative"]),
)
def test_generated_patients(context: Context, index: int, kind: str, visit: int, form: str) -> None:
    [made] = generate(1, seed=index)
    context.repository.write_many(made)
    visits = [r for r in made if r["resourceType"] == "Encounter"]
    _holds(context, visits[visit % len(visits)], kind, form)


def test_the_written_cohort(context: Context) -> None:
    """Every stay, and the last visit of everybody."""
    visits = sorted(
        (r for r in cohort() if r["resourceType"] == "Encounter"), key=lambda e: e["period"]["start"]
    )
    last = {v["subject"]["reference"]: v for v in visits}
    chosen = [*last.values(), *(v for v in visits if v["class"]["code"] == "IMP")]
    for number, chosen_visit in enumerate(chosen):
        _holds(context, chosen_visit, list(KINDS)[number % len(KINDS)], "soap")
        if chosen_visit["class"]["code"] == "IMP":
            _holds(context, chosen_visit, "discharge", "narrative")


def _holds(context: Context, encounter: dict[str, Any], kind: str, form: str) -> None:
    asked = {
        "patientId": encounter["subject"]["reference"].partition("/")[2], "encounterId": encounter["id"], "documentationType": kind,
        "format": form, "clinicianInput": {"assessment": _OWN}, "asOf": "2026-07-01",
    }  # fmt: skip
    note = handle(context, asked).wire()
    for sentence in note["sentences"]:
        text, sources = sentence["text"], [s["reference"] for s in sentence["sources"]]
        if sentence["own"]:
            assert text == _OWN
            continue
        assert sources or text.startswith(("No ", "Allergies are not", "To whom")), text
        told = [_text(context.repository, r) for r in sources]
        _check(text, "\n".join(told))
        if "“" not in text:
            assert error_prone(text) == []


def _check(text: str, told: str) -> None:
    for match in _DATE.finditer(text):
        day, month, year, clock = match.groups()
        written = (
            f"{year}-{_MONTHS.index(month) + 1:02}"
            + (f"-{day}" if day else "")
            + (f"T{clock}" if clock else "")
        )
        assert written in told or match[0].removesuffix(" UTC") in told, (text, match[0])
    bare = _DATE.sub(" ", text)
    plain = written_out(told)
    known = {float(n.replace(",", "")) for n in _NUMBER.findall(f"{told}\n{plain}")}
    pairs = set(_quantities(told))
    readable = {unit for _, unit in pairs if unit}
    for match in _NUMBER.finditer(bare):
        value = float(match[0].replace(",", ""))
        assert value in known, (text, match[0])
        after = bare[match.end() :].lstrip()
        unit = next((u for u in sorted(readable, key=len, reverse=True) if after.startswith(u)), None)
        if unit and (value, unit) not in pairs:
            assert re.search(
                rf"{re.escape(match[0].replace(',', ''))}(?:\.0+)?\s?{re.escape(unit)}",
                plain.replace(",", ""),
            ), (text, match[0], unit)


def _text(record: Repository, reference: str) -> str:
    """The resource as JSON, its attachments read, and what it points to: a reason is named by its Condition."""
    stored = record.find(reference)
    assert stored is not None
    resource = stored.resource
    parts = [json.dumps(resource, ensure_ascii=False)]
    read = (
        base64.b64decode(held["attachment"].get("data", "")).decode("utf-8", "replace")
        for held in resource.get("content", ())
    )
    parts += [" ".join(text.split()) for text in read]
    pointed = set(
        re.findall(r'"reference": "((?:Condition|Medication|Location|Practitioner)/[^"]+)"', parts[0])
    )
    parts += [json.dumps(found.resource, ensure_ascii=False) for p in pointed if (found := record.find(p))]
    return "\n".join(parts)


def _quantities(told: str) -> Iterator[tuple[float, str]]:
    for line in told.splitlines():
        if line.startswith("{"):
            yield from _walk(json.loads(line))


def _walk(value: Any) -> Iterator[tuple[float, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("value"), int | float):
            yield float(value["value"]), values.unit(value)
            yield float(value["value"]), units.readable(str(value.get("code") or ""))
        for held in value.values():
            yield from _walk(held)
    elif isinstance(value, list):
        for held in value:
            yield from _walk(held)


@pytest.mark.parametrize(
    "wrong",
    [
        "Potassium 6.1 mmol/L, 02-May-2026.",
        "Potassium 6 mmol/L, 03-May-2026.",
        "Potassium 6 mg/dL, 02-May-2026.",
    ],
)
def test_the_property_itself_sees_what_is_wrong(wrong: str) -> None:
    told = '{"effectiveDateTime": "2026-05-02", "valueQuantity": {"value": 6, "unit": "mmol/L"}, "referenceRange": [{"low": {"value": 3, "unit": "mg/dL"}}]}'
    _check("Potassium 6 mmol/L, 02-May-2026.", told)
    with pytest.raises(AssertionError):
        _check(wrong, told)
