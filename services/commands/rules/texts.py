"""The words of a command that a person would read, wherever they stand in it."""

from __future__ import annotations

from collections.abc import Iterator

from services.commands.schemas import (
    AICommand,
    ProposeProblemListUpdate,
    QueueReferralLetter,
    SuggestBillingCodes,
    SuggestMedicationChange,
)


def all_texts(command: AICommand) -> Iterator[tuple[str, str]]:
    """(field, text) of free text, names of codes, and the words quoted from the record."""
    yield from command.texts().items()
    yield from displays(command)
    for number, item in enumerate(command.evidence):
        if item.text:
            yield f"evidence.{number}.text", item.text


def displays(command: AICommand) -> Iterator[tuple[str, str]]:
    """(field, text) of the short names."""
    match command:
        case SuggestMedicationChange():
            yield "medication.display", command.medication.display
            if command.route:
                yield "route", command.route
        case ProposeProblemListUpdate():
            yield "condition.display", command.condition.display
        case SuggestBillingCodes():
            for number, item in enumerate(command.suggested_codes):
                yield f"suggestedCodes.{number}.display", item.display
        case QueueReferralLetter():
            yield "specialty", command.specialty
    yield "aiModel", command.ai_model
