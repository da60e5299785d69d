"""Five notes of the written cohort, as a clinician read them. `python -m tests.bots.documentation.test_golden` writes them anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.bots.context import Context
from services.bots.documentation_assistant.handler import handle
from services.demo import cohort, patients
from services.runtime.system import System
from services.settings import Settings
from tests.bots.documentation.conftest import CLINICIAN

FOLDER = Path(__file__).parent / "golden"
NOTES: dict[str, tuple[str, str, dict]] = {
    "heart-failure-discharge": ("james-whitfield", "discharge", {}),
    "stroke-discharge": ("george-papadopoulos", "discharge", {}),
    "prenatal-progress": ("chloe-lefevre", "progress", {"clinicianInput": {"assessment": "25 weeks, well.", "plan": "Iron every other day."}}),
    "geriatric-consultation": ("edith-thornton", "consultation", {"format": "narrative"}),
    "rheumatology-referral": ("fatima-al-rashid", "referral", {"referralDetails": {"specialty": "Hepatology", "urgency": "urgent"}}),
}  # fmt: skip
"""The last stay of a discharge summary, the last visit of all others."""


@contextmanager
def opened(folder: Path) -> Iterator[Context]:
    system = System(Settings.model_validate({"data_dir": folder, "demo": False}))
    system.repository.write_many(cohort())
    try:
        yield system.context(CLINICIAN)
    finally:
        system.stop()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with opened(tmp_path_factory.mktemp("data")) as made:
        yield made


def written(context: Context, name: str) -> str:
    slug, kind, more = NOTES[name]
    patient = next(p.id for p in patients() if p.slug == slug)
    visits = [
        r
        for r in cohort()
        if r["resourceType"] == "Encounter" and r["subject"]["reference"] == f"Patient/{patient}"
    ]
    visits = [v for v in visits if kind != "discharge" or v["class"]["code"] == "IMP"]
    visit = max(visits, key=lambda v: v["period"]["start"])
    asked = {
        "patientId": patient,
        "encounterId": visit["id"],
        "documentationType": kind,
        "asOf": "2026-06-30",
        "generate": False,
    }
    note = handle(context, {**asked, **more}).wire()
    return "\n".join(
        [note["content"], "WARNINGS", *note.get("warnings", []), f"confidence {note['confidence']}", ""]
    )


@pytest.mark.parametrize("name", NOTES)
def test_the_note_reads_as_it_did(context: Context, name: str) -> None:
    assert written(context, name) == (FOLDER / f"{name}.txt").read_text()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as made:
        for name in NOTES:
            (FOLDER / f"{name}.txt").write_text(written(made, name))
