"""The built-in bots by the contract's ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.bots.approval_queue import handler as approval_queue
from services.bots.audit_logging import handler as audit_logging
from services.bots.billing_code_suggester import handler as billing_code_suggester
from services.bots.clinical_decision_support import handler as clinical_decision_support
from services.bots.command_processor import handler as command_processor
from services.bots.context import Context, Message
from services.bots.documentation_assistant import handler as documentation_assistant
from services.bots.embedding import handler as embedding
from services.bots.rag_pipeline import handler as rag_pipeline
from services.bots.semantic_search import handler as semantic_search


@dataclass(frozen=True, slots=True)
class BuiltInBot:
    """A bot of the contract. `permission` is what its caller needs."""

    id: str
    name: str
    description: str
    trigger: str
    permission: str
    handler: Callable[[Context, Any], Message]


BUILT_IN: dict[str, BuiltInBot] = {
    bot.id: bot
    for bot in (
        BuiltInBot(
            "d089f714-f746-4e97-a361-c5c1b376d13b",
            "embedding-bot",
            "Creates vector embeddings for FHIR resources to enable semantic search.",
            "Subscription (auto)",
            "write",
            embedding.handle,
        ),
        BuiltInBot(
            "e8d04e1d-7309-463b-ba7b-86dda61e3bbe",
            "semantic-search-bot",
            "Performs vector similarity search across embedded clinical data.",
            "API ($execute)",
            "search",
            semantic_search.handle,
        ),
        BuiltInBot(
            "d7f9a8c7-5da6-49a2-9a8e-7ebfb3987f52",
            "rag-pipeline-bot",
            "Answers clinical questions from the record, every sentence with its sources.",
            "API ($execute)",
            "search",
            rag_pipeline.handle,
        ),
        BuiltInBot(
            "fce84f6d-02b2-42dc-8ae8-5dafdc84b882",
            "audit-logging-bot",
            "Creates comprehensive audit trail for all AI operations.",
            "API ($execute)",
            "write",
            audit_logging.handle,
        ),
        BuiltInBot(
            "cee8c207-bd20-42c3-aaf4-0055c1f90853",
            "clinical-decision-support-bot",
            "Analyses a patient's record: critical results, interactions, diagnoses, preventive care.",
            "Subscription (auto)",
            "search",
            clinical_decision_support.handle,
        ),
        BuiltInBot(
            "b8b85bb2-e447-4556-a314-0da1ba06afe5",
            "documentation-assistant-bot",
            "Drafts clinical documents from the record, every sentence with its sources.",
            "API ($execute)",
            "write",
            documentation_assistant.handle,
        ),
        BuiltInBot(
            "87780e52-abc5-4122-8225-07e74aaf18ca",
            "command-processor-bot",
            "Validates, filters and routes AI-generated commands.",
            "API ($execute)",
            "write",
            command_processor.handle,
        ),
        BuiltInBot(
            "093a0c9d-44ea-4672-8208-d1d199962f33",
            "billing-code-suggester-bot",
            "Suggests the CPT and ICD-10-CM codes that an encounter's documentation supports.",
            "Subscription (auto)",
            "write",
            billing_code_suggester.handle,
        ),
        BuiltInBot(
            "3ffa69a6-5bcf-4c3d-b1ea-225add4c0b01",
            "approval-queue-bot",
            "Carries out what people decide about AI-generated commands.",
            "With each decision",
            "read",
            approval_queue.handle,
        ),
    )
}
