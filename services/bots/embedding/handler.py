"""Embedding bot: by subscription on every change of the record, or by `$execute` with a resource."""

from __future__ import annotations

from typing import Any

from services.audit.access import patients_of
from services.bots.context import Context
from services.bots.embedding.schemas import EmbeddingOutput
from services.errors import FabricError, InvalidInput
from services.fhir.repository import Stored
from services.fhir.validation import validate
from services.index.pipeline import embedded_text
from services.index.text import SUPPORTED, render


def handle(context: Context, resource: Any) -> EmbeddingOutput:
    """Embed a resource.

    What the record holds under its id is what is indexed, so that a search never finds what the record doesn't
    say. A resource that the record doesn't have is embedded without being kept, and the output says so.
    Raises InvalidInput for anything that is not a resource with a type.
    """
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise InvalidInput(
            "The input must be a FHIR resource with a resourceType.", details={"field": "resourceType"}
        )
    resource_type, resource_id = resource["resourceType"], str(resource.get("id") or "")
    if resource_type not in SUPPORTED:
        return EmbeddingOutput(
            success=True, resource_type=resource_type, resource_id=resource_id, skipped=True,
            message=f"{resource_type} is not a type that is embedded.",
        )  # fmt: skip
    try:
        if resource_id and (stored := context.repository.find(f"{resource_type}/{resource_id}")):
            return _index_stored(context, stored)
        return _embed_only(context, resource, resource_type, resource_id)
    except FabricError as error:
        if error.status < 500:
            raise
        return EmbeddingOutput(
            success=False, resource_type=resource_type, resource_id=resource_id, message=error.message
        )


def _index_stored(context: Context, stored: Stored) -> EmbeddingOutput:
    resource_type, resource_id = stored.type, stored.id
    context.pipeline.index_now(resource_type, resource_id)
    binaries = context.store.binaries_of(resource_type, resource_id)
    patients = patients_of(context.audit.record.database, [stored])
    context.audit.write(
        "embedding_created", action="C", agent=context.principal, patients=patients,
        details={"resource": f"{resource_type}/{resource_id}", "embeddings": len(binaries)},
    )  # fmt: skip
    return EmbeddingOutput(
        success=True,
        resource_type=resource_type,
        resource_id=resource_id,
        embeddings_created=len(binaries),
        chunks_processed=len(binaries),
        skipped=None if binaries else True,
        message=None if binaries else "The resource is withdrawn or says nothing; it is not in the index.",
        stored=True,
        embeddings=[f"Binary/{b}" for b in binaries],
    )


def _embed_only(
    context: Context, resource: dict[str, Any], resource_type: str, resource_id: str
) -> EmbeddingOutput:
    def resolve(reference: str) -> dict | None:
        found = context.repository.find(reference)
        return found.resource if found else None

    validate({"id": "unnamed", **resource} if not resource_id else resource)
    rendered = render(resource, resolve)
    chunks = rendered.chunks if rendered else ()
    made = context.pipeline.model.embed([embedded_text(c) for c in chunks]) if chunks else []
    return EmbeddingOutput(
        success=True,
        resource_type=resource_type,
        resource_id=resource_id,
        embeddings_created=len(made),
        chunks_processed=len(chunks),
        skipped=None if chunks else True,
        stored=False,
        message="The record has no such resource, so its embeddings were not kept. Write it to the record: it is "
        "then embedded by itself.",
    )
