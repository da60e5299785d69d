"""Rules about the command itself: how sure, of which type, when, and on what it rests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from services.chart.entry import died_by
from services.commands.rules.model import Rule, Said
from services.commands.schemas import (
    FlagAbnormalResult,
    QueueReferralLetter,
    SuggestBillingCodes,
    SuggestMedicationChange,
)
from services.commands.situation import Situation
from services.index.text.context import withdrawn

_VOID = frozenset(["cancelled", "not-done", "superseded"])


def _unsure(s: Situation) -> Iterator[Said]:
    confidence, policy = s.command.confidence, s.policy
    if confidence < policy.least_confidence:
        yield Said("block", f"The confidence {confidence:.2f} is below {policy.least_confidence:g}.")
    elif confidence < policy.alone_confidence:
        yield Said("queue", f"The confidence {confidence:.2f} is below {policy.alone_confidence:g}.")
    if isinstance(s.command, SuggestBillingCodes):
        low = [c.code for c in s.command.suggested_codes if c.confidence < policy.least_confidence]
        if low:
            yield Said("warn", f"Little confidence in {', '.join(low)}.")


def _blocked_type(s: Situation) -> Iterator[Said]:
    if s.command.kind in s.policy.blocked_types:
        yield Said("block", f"This clinic does not take {s.command.kind} commands.")


def _hours(s: Situation) -> Iterator[Said]:
    if not s.policy.open_at(s.moment, s.zone):
        local = s.moment.astimezone(s.zone)
        yield Said(
            "block", f"It is {local:%H:%M} ({s.zone.key}), outside the hours in which commands are taken."
        )


def _person(s: Situation) -> Iterator[Said]:
    if s.command.requires_approval:
        yield Said("queue", "Whoever sent it asks for a person's approval.")
    elif s.command.kind not in s.policy.execute_alone or isinstance(s.command, SuggestMedicationChange):
        yield Said("queue", f"A person decides on every {s.command.kind}.")


def _stale(s: Situation) -> Iterator[Said]:
    for item in s.command.evidence:
        stored = s.repository.find(item.reference)
        if stored is None:
            yield Said(
                "block", f"{item.reference}, on which it rests, is not there any more.", (item.reference,)
            )
        elif item.version not in (None, stored.version):
            yield Said("block", f"{item.reference} was changed after it was read.", (item.reference,))
    named = [*s.command.named().values(), *(e.reference for e in s.command.evidence)]
    for reference in dict.fromkeys(named):
        stored = s.repository.find(reference)
        if stored is None:
            continue
        resource = stored.resource
        if withdrawn(resource):
            yield Said("block", f"{reference} was entered in error.", (reference,))
        elif resource.get("status") in _VOID:
            yield Said("block", f"{reference} is {resource['status']}.", (reference,))


def _dead(s: Situation) -> Iterator[Said]:
    if died_by(s.patient, dt.date.max) and isinstance(s.command, SuggestMedicationChange | QueueReferralLetter | FlagAbnormalResult):
        yield Said("block", "The patient has died.", (s.chart.patient.reference,))


RULES = (
    Rule("low-confidence", "Confidence", "block",
         "Confidence below the policy's least (never under 0.5) is refused; below what the policy asks for to act alone, "
         "a person decides.", _unsure),
    Rule("blocked-type", "Blocked type", "block", "The policy refuses the type of command.", _blocked_type),
    Rule("outside-hours", "Allowed hours", "block",
         "Commands are taken in the policy's hours, by the clock of the clinic's time zone.", _hours),
    Rule("person-decides", "A person decides", "queue",
         "Types that the policy does not let act alone, every change of medication, and whatever asks for approval.",
         _person),
    Rule("stale-evidence", "Stale evidence", "block",
         "What it rests on was changed since it was read, withdrawn, cancelled or deleted.", _stale),
    Rule("patient-deceased", "The patient has died", "block",
         "No new medication, referral or flag for a patient who has died.", _dead),
)  # fmt: skip
