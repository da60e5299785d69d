"""The Embedding bot's output (contract: Embedding Bot). Its input is any FHIR resource."""

from __future__ import annotations

from services.bots.context import Message


class EmbeddingOutput(Message):
    success: bool
    resource_type: str
    resource_id: str
    embeddings_created: int = 0
    chunks_processed: int = 0
    skipped: bool | None = None
    message: str | None = None
    stored: bool | None = None
    """Beyond the contract: False where the record has no such resource, so that nothing was kept."""
    embeddings: list[str] | None = None
    """Beyond the contract: references of the Binary resources that hold the embeddings."""
