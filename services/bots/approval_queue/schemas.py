"""The Approval Queue bot's output (contract: Approval Queue Bot). Its input is the FHIR Task."""

from __future__ import annotations

from typing import Literal

from services.bots.context import Message


class ApprovalQueueOutput(Message):
    success: bool
    action: Literal["pending", "approved", "rejected", "expired"]
    executed_resource_id: str | None = None
    executed_resource: str | None = None
    message: str
