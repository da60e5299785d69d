"""Texts for a model outside the clinic, without what identifies the patient or anybody named with them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from services.fhir.repository import Repository
from services.llm.embeddings import EmbeddingModel
from services.llm.redaction import Redactor

PATIENTS_KEPT = 64
_NAMING = ("Practitioner", "RelatedPerson", "Person", "Organization", "Location")


def identifying(repository: Repository, patient_id: str) -> Iterator[dict[str, Any]]:
    """The patient's whole compartment, and whoever is referred to in it: all of them may be named in a text."""
    seen: set[str] = set()
    for stored in repository.compartment(patient_id):
        resource = stored.resource
        yield resource
        for reference in _references(resource):
            if reference not in seen and reference.partition("/")[0] in _NAMING:
                seen.add(reference)
                found = repository.find(reference)
                if found is not None:
                    yield found.resource


def _references(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if isinstance(item.get("reference"), str):
                yield item["reference"]
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


class Hidden:
    """What may be sent to the embedding model. Changes nothing while the model is inside the clinic."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._redactors: OrderedDict[str, Redactor] = OrderedDict()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """The record may have changed: who is named in it is looked up anew."""
        with self._lock:
            self._redactors.clear()

    def text(self, model: EmbeddingModel, patient_id: str | None, text: str) -> str:
        """The text as it may leave. Without a patient, only what looks like an identifier can be hidden."""
        if not getattr(model, "leaves_clinic", False):
            return text
        with self._lock:  # a redactor is not shared between threads
            key = patient_id or ""
            redactor = self._redactors.get(key)
            if redactor is None:
                found = identifying(self._repository, patient_id) if patient_id else ()
                redactor = self._redactors[key] = Redactor.from_resources(found)
                while len(self._redactors) > PATIENTS_KEPT:
                    self._redactors.popitem(last=False)
            self._redactors.move_to_end(key)
            return redactor.redact(text)
