"""Small files of FHIR for the tests of the import."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from services.fhir.importing.importer import Report
from services.fhir.sqlite import SQLiteRepository
from tests.conftest import observation, patient

Load = Callable[..., Report]
PEOPLE = [patient("a", gender="male"), patient("b"), observation("o", "a")]
REFERENCES = ["Observation/o", "Patient/a", "Patient/b"]


def bundle(*resources: Any, kind: str = "collection", **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, **more, "entry": [{"resource": r} for r in resources]}


def there(repository: SQLiteRepository) -> list[str]:
    return sorted(s.reference for s in repository.everything())


def lines(*resources: Any) -> bytes:
    return "".join(json.dumps(r) + "\n" for r in resources).encode()
