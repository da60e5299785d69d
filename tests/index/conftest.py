"""A real system on a folder of its own, with one embedded model for all tests of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.llm.embedded import EmbeddedModel
from services.runtime.system import System
from services.settings import Settings


@pytest.fixture(scope="session")
def model() -> EmbeddedModel:
    return EmbeddedModel(None, 1)


@pytest.fixture
def make_system(tmp_path: Path, model: EmbeddedModel) -> Iterator[Callable[..., System]]:
    """Systems on the same folder, as after a restart; all are stopped at the end."""
    made: list[System] = []

    def make(**settings: Any) -> System:
        system = System(Settings.model_validate({"data_dir": tmp_path / "data", "demo": False, **settings}))
        use(system, model)
        made.append(system)
        return system

    yield make
    for system in made:
        system.stop()


def use(system: System, model: Any) -> None:
    """Let a system embed with this model."""
    system.model = system.pipeline.model = system.retriever.model = model
    system.pipeline._current = None


@pytest.fixture
def system(make_system: Callable[..., System]) -> System:
    return make_system()


def index(system: System) -> int:
    """Work off all changes; how many texts were embedded."""
    embedded = 0
    while step := system.pipeline.step():
        assert not step.failed
        embedded += step.embedded
    return embedded


def patient(patient_id: str = "p1", family: str = "Doe") -> dict:
    return {"resourceType": "Patient", "id": patient_id, "name": [{"family": family, "given": ["Jane"]}]}


def condition(
    condition_id: str, text: str, patient_id: str = "p1", status: str = "active", **more: Any
) -> dict:
    return {
        "resourceType": "Condition",
        "id": condition_id,
        "subject": {"reference": f"Patient/{patient_id}"},
        "clinicalStatus": {"coding": [{"code": status}]},
        "code": {"text": text},
        **more,
    }


def result(
    observation_id: str,
    name: str,
    loinc: str,
    value: float,
    unit: str,
    day: str,
    patient_id: str = "p1",
    **more: Any,
) -> dict:
    return {
        "resourceType": "Observation",
        "id": observation_id,
        "status": "final",
        "subject": {"reference": f"Patient/{patient_id}"},
        "code": {"coding": [{"system": "http://loinc.org", "code": loinc}], "text": name},
        "effectiveDateTime": day,
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
        **more,
    }


def note(note_id: str, text: str, day: str = "2025-03-01", patient_id: str = "p1") -> dict:
    import base64

    return {
        "resourceType": "DocumentReference",
        "id": note_id,
        "status": "current",
        "type": {"text": "Progress note"},
        "subject": {"reference": f"Patient/{patient_id}"},
        "date": f"{day}T10:00:00Z",
        "content": [
            {"attachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}}
        ],
    }
