"""Command Processor bot: by `$execute`, and for the bots that propose."""

from __future__ import annotations

from typing import Any

from services.bots.command_processor.schemas import CommandProcessorOutput
from services.bots.context import Context
from services.commands.processor import process


def handle(context: Context, value: Any) -> CommandProcessorOutput:
    """One command. Raises InvalidInput that names the field, PatientNotFound, Forbidden."""
    result = process(context.desk, value, context.principal, context.repository)
    return CommandProcessorOutput.model_validate(result)
