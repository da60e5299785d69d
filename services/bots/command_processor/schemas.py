"""The Command Processor bot's output (contract: Command Processor Bot). Its input is read by `services.commands.schemas`."""

from __future__ import annotations

from typing import Any, Literal

from services.bots.context import Message


class CommandProcessorOutput(Message):
    """Beyond the contract: `executedResource` with its type, `contentHash` of what was decided on, and of a block its
    `errorCode` and the `rules` that it is by (rule, reason, evidence)."""

    success: bool
    action: Literal["executed", "queued", "blocked", "rejected", "expired"]
    command_id: str
    task_id: str | None = None
    executed_resource_id: str | None = None
    executed_resource: str | None = None
    block_reason: str | None = None
    rules: list[dict[str, Any]] | None = None
    error_code: str | None = None
    content_hash: str | None = None
    warnings: list[str] | None = None
    message: str | None = None
