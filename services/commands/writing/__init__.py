"""What each type of command writes into the record."""

from __future__ import annotations

from services.commands.schemas import (
    AICommand,
    CreateEncounterNoteDraft,
    FlagAbnormalResult,
    ProposeProblemListUpdate,
    QueueReferralLetter,
    SuggestBillingCodes,
    SuggestMedicationChange,
    SummarizePatientHistory,
)
from services.commands.writing.billing import claim
from services.commands.writing.documents import note, referral, summary
from services.commands.writing.flags import flag
from services.commands.writing.medications import medication_request
from services.commands.writing.model import Change, Making
from services.commands.writing.problems import problem


def changes(command: AICommand, making: Making) -> list[Change]:
    """The resources to be written, the one that counts first. Raises InvalidInput where the record doesn't allow it."""
    match command:
        case FlagAbnormalResult():
            return flag(command, making)
        case CreateEncounterNoteDraft():
            return note(command, making)
        case ProposeProblemListUpdate():
            return problem(command, making)
        case SuggestBillingCodes():
            return claim(command, making)
        case QueueReferralLetter():
            return referral(command, making)
        case SuggestMedicationChange():
            return medication_request(command, making)
        case SummarizePatientHistory():
            return summary(command, making)


__all__ = ["Change", "Making", "changes"]
