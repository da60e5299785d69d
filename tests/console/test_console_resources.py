"""An opened source: the passage where it stands, marks, sections, versions; and what is not there."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.console.resources import open_resource
from services.errors import NotFound
from services.runtime.system import System
from tests.console.world import ADMIN, open_system, put

NOTE = "SUBJECTIVE:\nDenies chest pain.\n\nPLAN:\nStart warfarin 5 mg in the evening.\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    yield from open_system(tmp_path, monkeypatch)


def note(text: str) -> dict:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DocumentReference",
        "id": "n",
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": {"reference": "Patient/p"},
        "date": "2026-03-01T10:00:00Z",
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }


def test_a_note_with_its_passage(world: System) -> None:
    put(world, note("Old text."), note(NOTE))
    passage = "Start warfarin 5 mg in the evening."
    opened = open_resource(ADMIN, "DocumentReference/n", passage, "chest pain")
    assert opened.is_document and opened.passage
    assert opened.text[slice(*opened.passage)] == passage
    assert [opened.text[s:e] for s, e, kind in opened.marks if kind == "absent"] == ["chest pain"]
    assert any(opened.text[s:e].startswith("PLAN") for s, e in opened.headings)
    assert opened.patient_id == "p" and opened.title == "Progress note"
    assert len(opened.versions) == 2 and '"Progress note"' in opened.json


def test_a_passage_that_is_gone_is_not_marked(world: System) -> None:
    put(world, note(NOTE))
    assert open_resource(ADMIN, "DocumentReference/n", "Text of an older version").passage is None


def test_a_very_long_note_is_cut(world: System) -> None:
    put(world, note("Nothing to report. " * 10_000))
    opened = open_resource(ADMIN, "DocumentReference/n", None, "report")
    assert opened.cut and len(opened.text) == 60_000


def test_other_types_are_shown_too(world: System) -> None:
    put(world, {"resourceType": "Organization", "id": "o", "name": "Ward"})
    opened = open_resource(ADMIN, "Organization/o", None, "ward")
    assert opened.title == "Organization/o" and opened.text == "" and "Ward" in opened.json


@pytest.mark.parametrize(
    "wrong", ["", "Foo/1", "Observation/none", "nonsense", "../etc", "Observation/" + "x" * 999]
)
def test_what_is_not_there_is_a_sentence(world: System, wrong: str) -> None:
    with pytest.raises(NotFound) as raised:
        open_resource(ADMIN, wrong)
    assert len(raised.value.message) < 200
